//! What stands on the wire: functions, requests, answers, refusals, events.

mod answer;
mod event;
mod function;
mod method;
mod params;
mod progress;
mod refusal;
mod request;

pub use answer::{Answer, DeviceStatus, EnrollProof, FactorStatus, Health, RequireMode, WebauthnHealth};
pub use event::{Ceiling, Event, EventKind, EventName};
pub use function::{Access, Function};
pub use method::{Method, Wish};
pub use params::{LONGEST, LONGEST_CREDENTIAL, LONGEST_LIST, Param, Params};
pub use progress::Progress;
pub use refusal::Refusal;
pub use request::{Confirm, Enroll, Enrollable, FirstFactor, Forget, Login, Request, ResetScope, Response, StepUp};
