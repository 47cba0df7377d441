//! Second factors: which ones a user has, their secrets, and their codes.

pub(crate) mod base32;
pub mod code;
mod enrollable;
mod leaving;
pub(crate) mod mailbox;
mod notice;
mod number;
mod overview;
pub(crate) mod passkey;
pub mod provisioning;
mod recipients;
pub mod recovery;
mod seal;
pub mod totp;
pub mod webauthn;

pub(crate) use enrollable::enrollable;
pub use leaving::{OpenedFactor, opened};
pub(crate) use notice::{notify, notify_everywhere};
pub(crate) use number::{
    PHONE_NUMBER, allowed_number, is_same_number, number_enrolling, number_of, number_with, numbers,
};
pub(crate) use overview::{check_usable, has_factor, methods, status, statuses};
pub(crate) use provisioning::Provisioning;
pub(crate) use recipients::recipients;
pub(crate) use seal::{drop_superseded, open_secret, reseal, seal_context};
