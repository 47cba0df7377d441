//! What the browser says about a ceremony: `clientDataJSON` (WebAuthn L3 §5.8.1).

use super::json::{self, once};
use super::{Error, Expected, Reason, ensure, origin};
use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// `type` of a registration.
pub(super) const CREATE: &str = "webauthn.create";
/// `type` of an assertion.
pub(super) const GET: &str = "webauthn.get";

/// The longest origin in characters: a scheme, a host name of 253 and a port.
const LONGEST_ORIGIN: usize = 300;

pub(super) struct ClientData {
    /// SHA-256 of the bytes as they came: authenticators sign it.
    pub hash: [u8; 32],
    kind: String,
    challenge: String,
    origin: String,
    /// Whether the page stood in an iframe of another origin's page.
    framed: bool,
}

impl ClientData {
    /// §7.1 steps 5, 6 and 12; §7.2 steps 8, 9 and 20.
    ///
    /// Unknown members and any order are fine. `tokenBinding` is one of the unknown: Level 3 only reserves its name.
    pub(super) fn parse(bytes: &[u8]) -> Result<ClientData, Error> {
        const BAD: &str = "response.clientDataJSON is not client data";
        // "UTF-8 decode" drops a byte order mark. The hash is of all bytes.
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = core::str::from_utf8(text).map_err(|_| Error::Malformed(BAD))?;

        let (mut kind, mut challenge, mut origin, mut cross_origin, mut top_origin) = (None, None, None, None, None);
        json::object(text, BAD, &mut |name, reader| match name {
            "type" => once(&mut kind, reader.string()?),
            "challenge" => once(&mut challenge, reader.string()?),
            "origin" => once(&mut origin, reader.string()?),
            "crossOrigin" => once(&mut cross_origin, !reader.null() && reader.boolean()?),
            "topOrigin" => once(&mut top_origin, reader.optional_string()?.is_some()),
            _ => reader.skip(),
        })?;
        let (Some(kind), Some(challenge), Some(origin)) = (kind, challenge, origin) else {
            return Err(Error::Malformed(BAD));
        };
        // An origin is printable ASCII in every client, and it goes into a message and a log.
        let printable = origin.len() <= LONGEST_ORIGIN && origin.bytes().all(|byte| byte.is_ascii_graphic());
        ensure(printable, Error::Malformed(BAD))?;
        let framed = cross_origin == Some(true) || top_origin == Some(true);
        Ok(ClientData { hash: Sha256::digest(bytes).into(), kind, challenge, origin, framed })
    }

    /// Checks all but the origin.
    pub(super) fn check(&self, kind: &str, expected: &Expected) -> Result<(), Error> {
        // §7.1 step 7, §7.2 step 10: an answer of one ceremony is none of the other.
        ensure(self.kind == kind, Reason::Type)?;
        // §7.1 step 8, §7.2 step 11: the challenge is ours, never one that came back from the client (CVE-2026-28787).
        let challenge = Base64UrlUnpadded::encode_string(expected.challenge);
        ensure(self.challenge.as_bytes().ct_eq(challenge.as_bytes()).into(), Reason::Challenge)?;
        // §7.1 steps 10 and 11, §7.2 steps 13 and 14: no page of ours asks from another origin's iframe.
        ensure(!self.framed, Reason::CrossOrigin)
    }

    /// §7.1 step 9, §7.2 step 12. It comes after all other checks: only then does a wrong origin tell of a setting that is
    /// wrong or of a page that should not ask, and not of a forgery.
    pub(super) fn check_origin(&self, expected: &Expected) -> Result<(), Error> {
        ensure(origin::is_allowed(&self.origin, expected.origins), Error::WrongOrigin(self.origin.clone()))
    }
}
