//! Keys, and text that must not be shown.

pub mod keys;
pub mod secret;
pub mod signature;

pub use keys::{HashPurpose, KeyRing};
pub use secret::Secret;
