//! Passkeys and security keys: WebAuthn Level 3, relying party's side, as a second factor.
//!
//! This folder keeps no state: the challenge, the relying party and the stored [`Credential`] are arguments. Each
//! ceremony has two steps, because malformed input must be refused before an attempt is counted:
//!
//! - [`Registration::parse`], then [`Registration::verify`], which makes a [`Credential`];
//! - [`Assertion::parse`], then [`Assertion::verify`] against a [`Credential`].
//!
//! `parse` reads one text and fails with [`Error::Malformed`] alone. `verify` never does.
//!
//! # Invariants
//!
//! - No input panics: nothing here indexes a slice, and every reader has a bound on size and depth. A panic would trap the
//!   WebAssembly instance for all users.
//! - Client data is parsed, never compared with a template: native clients add members and escape slashes, and Chromium adds a
//!   member on purpose.
//! - A check that the signature covers is decided by what was signed, never by what stands beside it.

mod assertion;
mod authenticator_data;
mod cbor;
mod client_data;
mod cose;
mod credential;
mod der;
pub(crate) mod json;
mod options;
mod origin;
mod public_key_credential;
mod registration;
mod rsa;

pub use assertion::{Assertion, Verified};
pub use cose::{ALGORITHMS, PublicKey};
pub use credential::Credential;
pub use options::{
    AuthenticatorSelection, CreationOptions, CredentialDescriptor, CredentialParameters, RelyingParty, RequestOptions,
    UserEntity, UserVerification,
};
pub use registration::Registration;

use sha2::{Digest, Sha256};

/// The longest credential in bytes of JSON. One with attestation `none` has under 1 KiB; a credential id of 1023 bytes and a
/// certificate chain that we did not ask for make it longer.
pub const LONGEST: usize = 16 * 1024;

/// What a ceremony has to match.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// [`rp_id_hash`] of the relying party's id.
    pub rp_id_hash: &'a [u8; 32],
    /// The origins that may ask, as browsers write them. `http://localhost` stands for all of its ports.
    pub origins: &'a [String],
    /// The challenge that the options carried, in bytes.
    pub challenge: &'a [u8],
    /// Whether the authenticator has to verify its user.
    pub user_verification: UserVerification,
}

/// Why a ceremony failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The input has not the form that browsers write.
    Malformed(&'static str),
    /// All else is right, the signature included, but this origin is not in the list: a setting is wrong, or a page on a host
    /// below the relying party's was taken over. The text is printable ASCII.
    WrongOrigin(String),
    /// A check failed.
    Refused(Reason),
}

/// Which check failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The answer of a registration in place of an assertion, or the other way round.
    Type,
    /// Made for another challenge.
    Challenge,
    /// Made in an iframe of another origin's page. We never ask from one, so such a page was built to mislead.
    CrossOrigin,
    /// Made for another relying party.
    RpId,
    /// Nobody touched the authenticator.
    UserPresence,
    /// Required, but the authenticator did not verify its user.
    UserVerification,
    /// Backed up without being eligible for it, or eligible now and not at registration.
    Backup,
    /// An algorithm that was not offered.
    Algorithm,
    /// A public key that no signature can be trusted under.
    PublicKey,
    /// Another credential than the one it is verified against.
    Credential,
    /// Another user's.
    UserHandle,
    /// The signature is not this credential's, or not of this data.
    Signature,
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Error {
        Error::Refused(reason)
    }
}

/// What authenticators sign in place of the relying party's id.
pub fn rp_id_hash(rp_id: &str) -> [u8; 32] {
    Sha256::digest(rp_id).into()
}

/// An error unless the check holds.
fn ensure(holds: bool, error: impl Into<Error>) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(error.into()) }
}

#[cfg(test)]
mod tests {
    /// The bytes of a number as standards print it, in hexadecimal digits.
    pub(super) fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// The first 32 bytes of the authenticator data in WebAuthn L3 §16, whose relying party is `example.org`.
    #[test]
    fn a_relying_party_is_signed_as_the_hash_of_its_id() {
        let hash = bytes("bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5");
        assert_eq!(super::rp_id_hash("example.org").to_vec(), hash);
    }
}
