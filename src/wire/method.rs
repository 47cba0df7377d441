//! The methods of the wire.

use super::params::Params;
use super::refusal::Refusal;
use crate::policy::Channel;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// How a user answers a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// With a passkey or a security key (WebAuthn Level 3).
    Webauthn,
    /// With a code sent as a text message.
    Sms,
    /// With a code spoken in a call.
    Call,
    /// With a code sent by WhatsApp.
    Whatsapp,
    /// With a code sent by mail.
    Email,
    /// With a code of an authenticator app (RFC 6238).
    Totp,
    /// With a recovery code.
    Recovery,
}

impl Method {
    const ALL: [Method; 7] =
        [Method::Webauthn, Method::Sms, Method::Call, Method::Whatsapp, Method::Email, Method::Totp, Method::Recovery];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Webauthn => "webauthn",
            Method::Sms => "sms",
            Method::Call => "call",
            Method::Whatsapp => "whatsapp",
            Method::Email => "email",
            Method::Totp => "totp",
            Method::Recovery => "recovery",
        }
    }

    /// Whether somebody can guess what it is answered with. Nobody guesses a signature or the 130 bits of a recovery code.
    pub(crate) fn can_be_guessed(self) -> bool {
        match self {
            Method::Sms | Method::Call | Method::Whatsapp | Method::Email | Method::Totp => true,
            Method::Webauthn | Method::Recovery => false,
        }
    }

    /// The channel that its code travels by, if one is sent.
    pub fn channel(self) -> Option<Channel> {
        match self {
            Method::Sms => Some(Channel::Sms),
            Method::Call => Some(Channel::Call),
            Method::Whatsapp => Some(Channel::Whatsapp),
            Method::Email => Some(Channel::Email),
            Method::Webauthn | Method::Totp | Method::Recovery => None,
        }
    }

    /// The `method` parameter.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for anything but the name of a method or nothing.
    pub(super) fn parameter(params: &Params<'_>) -> Result<Option<Method>, Refusal> {
        let Some(name) = params.optional("method")? else { return Ok(None) };
        let method = Method::named(&name);
        method.map(Some).ok_or_else(|| {
            Refusal::BadRequest("method must be webauthn, totp, sms, call, whatsapp, email or recovery.".into())
        })
    }

    fn named(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

impl From<Channel> for Method {
    fn from(channel: Channel) -> Method {
        match channel {
            Channel::Sms => Method::Sms,
            Channel::Call => Method::Call,
            Channel::Whatsapp => Method::Whatsapp,
            Channel::Email => Method::Email,
        }
    }
}

/// What a client would like to be asked, and what it can show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The method that it names.
    pub method: Option<Method>,
    /// The methods that it can show, of those that this version knows; `None` for a client that does not say, as the tutorial's.
    pub shows: Option<Vec<Method>>,
}

impl Wish {
    /// The parameters `method` and `methods`.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for what is no method, and no list of names.
    pub(super) fn parse(params: &Params<'_>) -> Result<Wish, Refusal> {
        let shows = params.list("methods")?;
        // A later client may know methods that we do not.
        let shows = shows.map(|names| names.iter().filter_map(|name| Method::named(name)).collect());
        Ok(Wish { method: Method::parameter(params)?, shows })
    }

    /// The method to begin with, of those that the user can answer with. The list has the preferred one first.
    ///
    /// A client that does not say what it can show may be one that has nothing but a field for a code. It is asked for a passkey only if
    /// there is nothing else, so that its user has something to type.
    pub fn choose(&self, methods: &[Method]) -> Option<Method> {
        match (self.method, &self.shows) {
            (Some(method), _) => methods.contains(&method).then_some(method),
            (None, Some(shows)) => methods.iter().find(|method| shows.contains(method)).copied(),
            (None, None) => {
                let typed = methods.iter().find(|method| **method != Method::Webauthn);
                typed.or(methods.first()).copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_method_that_the_client_can_show_is_begun() {
        use Method::{Recovery, Sms, Totp, Webauthn};
        let all = [Webauthn, Totp, Sms, Recovery];
        let shows = |shows: &[Method]| Wish { method: None, shows: Some(shows.to_vec()) };
        assert_eq!(shows(&[Sms, Webauthn]).choose(&all), Some(Webauthn));
        assert_eq!(shows(&[Sms, Totp]).choose(&all), Some(Totp));
        assert_eq!(shows(&[]).choose(&all), None);
        let named = |method| Wish { method: Some(method), shows: Some(vec![Webauthn]) };
        assert_eq!(named(Sms).choose(&all), Some(Sms));
        assert_eq!(named(Sms).choose(&[Webauthn]), None);
    }

    #[test]
    fn a_client_that_says_nothing_is_asked_for_a_passkey_only_if_there_is_nothing_else() {
        let wish = Wish::default();
        assert_eq!(wish.choose(&[Method::Webauthn, Method::Sms]), Some(Method::Sms));
        assert_eq!(wish.choose(&[Method::Webauthn, Method::Recovery]), Some(Method::Recovery));
        assert_eq!(wish.choose(&[Method::Webauthn]), Some(Method::Webauthn));
        assert_eq!(wish.choose(&[]), None);
    }
}
