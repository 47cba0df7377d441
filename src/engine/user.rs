//! A user, as far as the core looks at one.

use crate::id::UserId;
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
    /// The language of this user's messages.
    #[tsify(optional, type = "string | null")]
    pub locale: Option<String>,
}

/// Whose a provider's word is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The user.
    pub user: User,
    /// Whether the user has a password as well.
    pub has_password: bool,
}

impl User {
    /// The number to text, if the user has one, usable or not.
    pub fn phone(&self) -> Option<&str> {
        self.phone_number.as_deref().filter(|number| !number.is_empty())
    }
}
