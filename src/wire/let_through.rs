//! A change of a user's row between `beforeSave` and `afterSave`.

use crate::id::{SessionHash, UserId};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// A change that `beforeSave(_User)` let through. The host keeps it in memory, and hands it back once Parse has saved the user.
#[derive(Clone, Debug, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct LetThrough {
    /// The user.
    pub user: UserId,
    /// The number that the save carries, if it changes the number; an empty text when it is removed.
    #[tsify(optional, type = "string | null")]
    pub phone_number: Option<String>,
    /// The session that makes the change and keeps its own step-up.
    #[tsify(optional, type = "string | null")]
    pub session: Option<SessionHash>,
    /// The user before the change, if a client changes the number of a user with a second factor: trail and user hear of it.
    #[tsify(optional, type = "BeforeChange | null")]
    pub before: Option<BeforeChange>,
}

/// What a message to the user before the change needs.
#[derive(Clone, Debug, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct BeforeChange {
    /// The number.
    #[tsify(optional, type = "string | null")]
    pub phone_number: Option<String>,
    /// The sender of the user's messages.
    #[tsify(optional, type = "string | null")]
    pub from: Option<String>,
    /// The language of the user's messages.
    #[tsify(optional, type = "string | null")]
    pub locale: Option<String>,
}
