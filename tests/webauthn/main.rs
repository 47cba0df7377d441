//! WebAuthn against an authenticator in software: what browsers and phones send, every fault that a check is for, and the published
//! attacks.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::wildcard_enum_match_arm)]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

mod arbitrary;
mod assertion;
mod attacks;
mod authenticator;
mod credential;
mod options;
mod registration;
mod rsa_key;
