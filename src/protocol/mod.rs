//! The ceremonies. Each is one straight-line `async fn`; read [`sign_in`] first.

pub(crate) mod confirm;
pub(crate) mod enroll;
pub(crate) mod health;
mod links;
pub(crate) mod native_sign_in;
pub(crate) mod recovery_codes;
pub(crate) mod remove;
pub(crate) mod rename;
pub(crate) mod resend;
pub(crate) mod reset;
mod revoke;
pub(crate) mod sign_in;
pub(crate) mod status;
pub(crate) mod step_up;
pub(crate) mod user_change;
