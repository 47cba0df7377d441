//! The ceremonies. Each is one straight-line `async fn`; read [`sign_in`] first.

mod applicant;
mod caller;
pub(crate) mod confirm;
mod confirmation;
mod counted_change;
mod custom_id;
pub(crate) mod enroll;
pub(crate) mod forget_device;
pub(crate) mod health;
pub(crate) mod import;
mod links;
pub(crate) mod native_sign_in;
mod other_sessions;
pub(crate) mod recovery_codes;
pub(crate) mod remove;
pub(crate) mod rename;
pub(crate) mod resend;
pub(crate) mod reset;
mod revoke;
mod same_app;
pub(crate) mod sign_in;
pub(crate) mod status;
pub(crate) mod step_up;
mod unproven;
pub(crate) mod user_change;
pub(crate) mod user_deletion;
pub(crate) mod user_saved;
