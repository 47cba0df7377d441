//! A response as far as it can be read without looking at anything else.

use crate::account::PurposeName;
use crate::factor::passkey::malformed;
use crate::factor::recovery;
use crate::factor::webauthn::{Assertion, Error, Registration};
use crate::wire::{Method, Refusal, Response};

/// A response that is well-formed. Nothing says yet that it is right.
pub(crate) enum Presented<'a> {
    /// A code that was sent, or an authenticator app's.
    Code {
        /// As typed, without separators.
        code: &'a str,
        /// The method that the client names.
        method: Option<Method>,
    },
    /// A recovery code, as typed.
    RecoveryCode(&'a str),
    /// A passkey that was created.
    Registration(Registration),
    /// A passkey that was used.
    Assertion(Assertion),
}

impl<'a> Presented<'a> {
    /// Reads a response to a challenge for this purpose, before anything is counted or asked of the database.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for a credential of another form than browsers write.
    pub(crate) fn read(response: &'a Response, purpose: PurposeName) -> Result<Presented<'a>, Refusal> {
        let refused = |error| match error {
            Error::Malformed(why) => malformed(why),
            // Reading fails with `Malformed` alone.
            Error::WrongOrigin(_) | Error::Refused(_) => malformed("it is not what toJSON() gives"),
        };
        Ok(match (response, purpose) {
            // A factor is confirmed by a code of its own alone.
            (Response::Code { code, method }, PurposeName::Enrollment | PurposeName::SignInEnrollment) => {
                Presented::Code { code, method: *method }
            }
            (Response::Code { code, method }, PurposeName::SignIn | PurposeName::StepUp) => {
                match *method == Some(Method::Recovery) || recovery::is_one(code) {
                    true => Presented::RecoveryCode(code),
                    false => Presented::Code { code, method: *method },
                }
            }
            (Response::Credential(text), PurposeName::Enrollment | PurposeName::SignInEnrollment) => {
                Presented::Registration(Registration::parse(text).map_err(refused)?)
            }
            (Response::Credential(text), PurposeName::SignIn | PurposeName::StepUp) => {
                Presented::Assertion(Assertion::parse(text).map_err(refused)?)
            }
        })
    }

    /// The method that the client names, or the only one that can be meant.
    pub(crate) fn method(&self) -> Option<Method> {
        match self {
            Presented::Code { method, .. } => *method,
            Presented::RecoveryCode(_) => Some(Method::Recovery),
            Presented::Registration(_) | Presented::Assertion(_) => Some(Method::Webauthn),
        }
    }

    /// Whether somebody may have guessed it.
    pub(crate) fn can_be_guessed(&self) -> bool {
        self.method().is_none_or(Method::can_be_guessed)
    }
}
