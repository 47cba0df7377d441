//! A user, as far as the core looks at one.

use crate::id::{Basis, UserId};
use crate::wire::Refusal;
use serde::Deserialize;
use tsify::Tsify;

/// What the core needs to know of a `_User` row, read with the master key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The row's `objectId`.
    pub id: UserId,
    /// The user name.
    #[tsify(optional, type = "string | null")]
    pub username: Option<String>,
    /// The tutorial's column, as text whatever its type. Absent or empty means none.
    #[tsify(optional, type = "string | null")]
    pub phone_number: Option<String>,
    /// The tutorial's column `From`: the sender of this user's messages.
    #[tsify(optional, type = "string | null")]
    pub from: Option<String>,
    /// Whether a number stands in the tutorial's column, where the app keeps numbers in another one: nobody asks for a code there.
    #[serde(default)]
    #[tsify(optional)]
    pub is_misplaced: bool,
    /// The e-mail address, whether anybody verified it or not.
    #[serde(default)]
    #[tsify(optional, type = "string | null")]
    pub email: Option<String>,
    /// Whether Parse had that address verified.
    #[serde(default)]
    #[tsify(optional)]
    pub email_verified: bool,
    /// The language of this user's messages.
    #[tsify(optional, type = "string | null")]
    pub locale: Option<String>,
    /// The identities that the user is linked with; `None` where it cannot be told.
    #[tsify(optional, type = "Link[] | null")]
    pub links: Option<Vec<Link>>,
    /// With a first factor that Parse has just found right: what the sign-in is founded on, of the row that Parse looked at.
    #[tsify(optional, type = "string | null")]
    pub basis: Option<Basis>,
}

/// A user whom Parse lets sign in, and what the sign-in is founded on: both of the row that Parse looked at.
#[derive(Clone, Debug)]
pub struct LetIn {
    /// The user.
    pub user: User,
    /// What the sign-in is founded on.
    pub basis: Basis,
}

/// The link of a user with an identity at a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
pub struct Link {
    /// The provider.
    pub provider: String,
    /// The hash of the identity: empty for what has none; `None` where a save removes the link.
    #[tsify(optional, type = "string | null")]
    pub identity: Option<String>,
}

/// Whose a provider's word is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The user.
    pub user: User,
    /// Whether the user has a password as well.
    pub has_password: bool,
    /// Whether the user was created for that word.
    pub is_new: bool,
}

impl User {
    /// Checks that the user's number stands where we look for it.
    ///
    /// # Errors
    /// [`Refusal::NotConfigured`] if it does not.
    pub(crate) fn check_column(&self) -> Result<(), Refusal> {
        match self.is_misplaced {
            false => Ok(()),
            true => Err(Refusal::columns()),
        }
    }

    /// The number to text, if the user has one, usable or not.
    pub fn phone(&self) -> Option<&str> {
        self.phone_number.as_deref().filter(|number| !number.is_empty())
    }
}
