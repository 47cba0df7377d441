//! What a browser's `PublicKeyCredential.toJSON()` gives: `RegistrationResponseJSON` and `AuthenticationResponseJSON`
//! (WebAuthn L3 §5.1.2), both read by one parser.

use super::json::{self, once};
use super::{Error, LONGEST, ensure};
use base64ct::{Base64UrlUnpadded, Encoding};

/// The members that are looked at. Extension outputs are not: none are asked for.
#[derive(Default)]
pub(super) struct PublicKeyCredential {
    pub id: Vec<u8>,
    pub client_data: Vec<u8>,
    /// Of a registration.
    pub attestation_object: Option<Vec<u8>>,
    /// Of a registration.
    pub transports: Vec<String>,
    /// Of an assertion.
    pub authenticator_data: Option<Vec<u8>>,
    /// Of an assertion.
    pub signature: Option<Vec<u8>>,
    /// Of an assertion. An empty one counts as none: some clients write it so.
    pub user_handle: Option<Vec<u8>>,
}

impl PublicKeyCredential {
    pub(super) fn parse(text: &str) -> Result<PublicKeyCredential, Error> {
        ensure(text.len() <= LONGEST, Error::Malformed("the credential is longer than 16 KiB"))?;
        let (mut id, mut raw_id, mut kind) = (None, None, None);
        let (mut client_data, mut attestation, mut authenticator_data) = (None, None, None);
        let (mut signature, mut user_handle, mut transports, mut response) = (None, None, None, None);
        json::object(text, "the credential is not what toJSON() gives", &mut |name, reader| match name {
            "id" => once(&mut id, reader.string()?),
            "rawId" => once(&mut raw_id, reader.string()?),
            "type" => once(&mut kind, reader.string()?),
            "response" => {
                once(&mut response, ())?;
                reader.object(&mut |name, reader| match name {
                    "clientDataJSON" => once(&mut client_data, reader.string()?),
                    "attestationObject" => once(&mut attestation, reader.string()?),
                    "authenticatorData" => once(&mut authenticator_data, reader.string()?),
                    "signature" => once(&mut signature, reader.string()?),
                    "userHandle" => once(&mut user_handle, reader.optional_string()?),
                    "transports" if !reader.null() => {
                        let mut names = Vec::new();
                        reader.array(&mut |reader| reader.string().map(|name| names.push(name)))?;
                        once(&mut transports, names)
                    }
                    "transports" => Ok(()),
                    _ => reader.skip(),
                })
            }
            _ => reader.skip(),
        })?;
        ensure(kind.as_deref() == Some("public-key"), Error::Malformed("type is not public-key"))?;
        ensure(id.is_some() && id == raw_id, Error::Malformed("id and rawId are not the same"))?;
        let id = bytes(id, "id is missing or not base64url")?;
        let client_data = bytes(client_data, "response.clientDataJSON is missing or not base64url")?;
        let optional = |text: Option<String>, error| text.map(|text| bytes(Some(text), error)).transpose();
        Ok(PublicKeyCredential {
            id,
            client_data,
            attestation_object: optional(attestation, "response.attestationObject is not base64url")?,
            transports: transports.unwrap_or_default(),
            authenticator_data: optional(authenticator_data, "response.authenticatorData is not base64url")?,
            signature: optional(signature, "response.signature is not base64url")?,
            user_handle: optional(user_handle.flatten(), "response.userHandle is not base64url")?
                .filter(|handle| !handle.is_empty()),
        })
    }
}

/// Bytes from base64url without padding, in its one form.
fn bytes(text: Option<String>, error: &'static str) -> Result<Vec<u8>, Error> {
    text.and_then(|text| Base64UrlUnpadded::decode_vec(&text).ok()).ok_or(Error::Malformed(error))
}
