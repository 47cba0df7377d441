//! WebAuthn against an authenticator in software: what browsers and phones send, every fault that a check is for, and the published
//! attacks.

mod arbitrary;
mod assertion;
mod attacks;
mod authenticator;
mod credential;
mod options;
mod registration;
mod rsa_key;
