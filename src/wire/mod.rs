//! What stands on the wire: functions, requests, answers, refusals, events.

mod answer;
mod auth_data;
mod event;
mod first_factor;
mod forget;
mod function;
mod function_names;
mod import;
mod let_through;
mod method;
mod params;
mod progress;
mod refusal;
mod request;
mod resend;
mod reset_scope;

pub use answer::{Answer, DeviceStatus, EnrollProof, FactorStatus, Health, RequireMode, UserColumn, WebauthnHealth};
pub use auth_data::AuthData;
pub use event::{Ceiling, Event, EventKind, EventName};
pub use first_factor::{FirstFactor, Proof};
pub use forget::Forget;
pub use function::{Access, Function};
pub use function_names::{FunctionNames, InvalidName};
pub use import::{Import, Imported, NotImported, PROFILE};
pub use let_through::{BeforeChange, LetThrough, LinkChange};
pub use method::{Method, Wish};
pub use params::{LONGEST, LONGEST_CREDENTIAL, LONGEST_LIST, Param, Params};
pub use progress::Progress;
pub use refusal::Refusal;
pub use request::{Confirm, Enroll, Enrollable, Login, Request, Response, StepUp};
pub use resend::Resend;
pub use reset_scope::ResetScope;
