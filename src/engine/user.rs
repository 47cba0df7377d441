//! A user, as far as the core looks at one.

use crate::id::{Basis, UserId};
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
    /// With a first factor that Parse has just found right: what the sign-in is founded on, as it was before Parse looked.
    #[tsify(optional, type = "string | null")]
    pub basis: Option<Basis>,
}

impl User {
    /// The number to text, if the user has one, usable or not.
    pub fn phone(&self) -> Option<&str> {
        self.phone_number.as_deref().filter(|number| !number.is_empty())
    }
}
