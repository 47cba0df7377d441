//! The methods of the wire.

use super::params::Params;
use super::refusal::Refusal;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// How a user answers a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// With a code sent as a text message.
    Sms,
    /// With a code of an authenticator app (RFC 6238).
    Totp,
    /// With a recovery code.
    Recovery,
}

impl Method {
    const ALL: [Method; 3] = [Method::Sms, Method::Totp, Method::Recovery];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Sms => "sms",
            Method::Totp => "totp",
            Method::Recovery => "recovery",
        }
    }

    /// The `method` parameter.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for anything but the name of a method or nothing.
    pub(super) fn parameter(params: &Params<'_>) -> Result<Option<Method>, Refusal> {
        let Some(name) = params.optional("method")? else { return Ok(None) };
        let method = Method::ALL.into_iter().find(|method| method.as_str() == &*name);
        method.map(Some).ok_or_else(|| Refusal::BadRequest("method must be sms, totp or recovery.".into()))
    }
}
