//! What stands on the wire: functions, requests, answers, refusals, events.

mod answer;
mod auth_data;
mod event;
mod function;
mod method;
mod params;
mod refusal;
mod request;

pub use answer::{Answer, FactorStatus, Health, RequireMode, WebauthnHealth};
pub use auth_data::AuthData;
pub use event::{Ceiling, Event, EventKind, EventName};
pub use function::{Access, Function};
pub use method::{Method, Wish};
pub use params::{LONGEST, LONGEST_CREDENTIAL, LONGEST_LIST, Param, Params};
pub use refusal::Refusal;
pub use request::{Enroll, Enrollable, FirstFactor, Login, Request, ResetScope, Response, StepUp};
