//! What stands on the wire: functions, requests, answers, refusals, events.

mod answer;
mod event;
mod function;
mod method;
mod params;
mod refusal;
mod request;

pub use answer::{Answer, FactorStatus, Health, RequireMode};
pub use event::{Ceiling, Event, EventKind, EventName};
pub use function::{Access, Function};
pub use method::Method;
pub use params::{LONGEST, Param, Params};
pub use refusal::Refusal;
pub use request::{Enroll, FirstFactor, Login, Request, ResetScope, Response, StepUp};
