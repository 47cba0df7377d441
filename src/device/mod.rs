//! Trusted browsers: a sign-in with the token of one needs no second factor until a fixed end. NIST SP 800-63B-4 §5.1 says that this does
//! not replace authentication, so it is off unless the operator allows it.

mod basis;
mod claim;
mod label;
mod overview;
pub mod token;
mod trust;

pub(crate) use claim::{Shown, Trusted, claim};
pub use label::label;
pub(crate) use overview::statuses;
pub(crate) use trust::trust;
