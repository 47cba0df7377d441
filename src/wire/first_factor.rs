//! The first factor, as a client hands it in.

use super::auth_data::AuthData;
use super::params::Params;
use super::refusal::Refusal;
use crate::crypto::Secret;

/// What identifies a user before any second factor.
#[derive(Debug)]
pub enum FirstFactor {
    /// A password, with the name or the address that it belongs to.
    Password {
        /// The user name.
        username: Option<Secret>,
        /// The e-mail address.
        email: Option<Secret>,
        /// The password.
        password: Secret,
    },
    /// A provider's word.
    Provider(AuthData),
}

/// A first factor, of a user whose name the session tells.
#[derive(Debug)]
pub enum Proof {
    /// The password.
    Password(Secret),
    /// A provider's word, of a user who has no password.
    Provider(AuthData),
}

impl FirstFactor {
    pub(super) fn parse(params: &Params<'_>) -> Result<FirstFactor, Refusal> {
        let (username, email) = (params.optional("username")?, params.optional("email")?);
        let password = params.required("password")?;
        if username.is_none() && email.is_none() {
            return Err(Refusal::BadRequest("username or email is missing.".into()));
        }
        Ok(FirstFactor::Password { username, email, password })
    }
}

impl Proof {
    pub(super) fn parse(params: &Params<'_>) -> Result<Option<Proof>, Refusal> {
        Ok(match (params.optional("password")?, AuthData::parse(params)?) {
            (Some(_), Some(_)) => return Err(Refusal::BadRequest("Send password or authData, not both.".into())),
            (Some(password), None) => Some(Proof::Password(password)),
            (None, Some(word)) => Some(Proof::Provider(word)),
            (None, None) => None,
        })
    }
}
