//! What stands on the wire: functions, requests, answers, refusals, events.

mod answer;
mod auth_data;
mod event;
mod first_factor;
mod function;
mod let_through;
mod method;
mod params;
mod progress;
mod refusal;
mod request;

pub use answer::{Answer, EnrollProof, FactorStatus, Health, RequireMode, WebauthnHealth};
pub use auth_data::AuthData;
pub use event::{Ceiling, Event, EventKind, EventName};
pub use first_factor::{FirstFactor, Proof};
pub use function::{Access, Function};
pub use let_through::{BeforeChange, LetThrough, LinkChange};
pub use method::{Method, Wish};
pub use params::{LONGEST, LONGEST_CREDENTIAL, LONGEST_LIST, Param, Params};
pub use progress::Progress;
pub use refusal::Refusal;
pub use request::{Confirm, Enroll, Enrollable, Login, Request, ResetScope, Response, StepUp};
