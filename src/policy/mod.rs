//! What an operator sets: limits with their clauses, options, and the refusal of what breaks them.

mod by_name;
mod carried;
mod channels;
mod checked;
mod clause;
mod devices;
mod federated;
mod limits;
mod messages;
mod notices;
mod require;
mod segment;
mod sessions;
mod settings;
mod site;
pub mod text;
mod verify;
mod webauthn;

pub use by_name::ByName;
pub use channels::{Channel, ChannelSettings, Channels};
pub use checked::Policy;
pub use clause::{Clause, ClauseName};
pub use devices::TrustedDevices;
pub use federated::Federated;
pub use limits::{Limit, Limits, Value};
pub use messages::{MessageKind, Texts};
pub use require::{Require, Route};
pub use sessions::{EndOtherSessions, StepUpAtSignIn};
pub use settings::{InvalidSetting, Settings};
pub use site::Site;
pub use verify::VerifySettings;
pub use webauthn::{PhishingResistant, WebauthnSettings};
