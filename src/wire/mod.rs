//! What stands on the wire: functions, requests, answers, refusals, events.

mod answer;
mod event;
mod function;
mod let_through;
mod method;
mod params;
mod progress;
mod refusal;
mod request;
mod resend;

pub use answer::{Answer, EnrollProof, FactorStatus, Health, RequireMode, WebauthnHealth};
pub use event::{Ceiling, Event, EventKind, EventName};
pub use function::{Access, Function};
pub use let_through::{BeforeChange, LetThrough};
pub use method::{Method, Wish};
pub use params::{LONGEST, LONGEST_CREDENTIAL, LONGEST_LIST, Param, Params};
pub use progress::Progress;
pub use refusal::Refusal;
pub use request::{Confirm, Enroll, Enrollable, FirstFactor, Login, Request, ResetScope, Response, StepUp};
pub use resend::Resend;
