//! A change of a user's row between `beforeSave` and `afterSave`.

use crate::id::{SessionHash, UserId};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// A change that `beforeSave(_User)` let through, or a sign-up. The host keeps it in memory, and hands it back once Parse has saved the user.
#[derive(Clone, Debug, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct LetThrough {
    /// The user; empty for a new one, whose id the host fills in.
    pub user: UserId,
    /// The number that the save carries, if it changes the number; an empty text when it is removed.
    #[tsify(optional, type = "string | null")]
    pub phone_number: Option<String>,
    /// The session that makes the change and keeps its own step-up.
    #[tsify(optional, type = "string | null")]
    pub session: Option<SessionHash>,
    /// Whether a client wrote the number, so that no code has come back from it as yet.
    pub unproven: bool,
    /// Links with providers that a client changes.
    pub links: Vec<LinkChange>,
    /// The user before the change, if a client changes the row of a user with a second factor: trail and user hear of it.
    #[tsify(optional, type = "BeforeChange | null")]
    pub before: Option<BeforeChange>,
    /// Whether the change voids what is under way. One of the address alone does not.
    pub voids: bool,
    /// The user before a change of the address, if the user has a second factor: trail and user hear of it, whoever makes the change.
    #[tsify(optional, type = "BeforeChange | null")]
    pub old_address: Option<BeforeChange>,
}

/// A change of a link with a provider, as the trail tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
pub struct LinkChange {
    /// The provider.
    pub provider: String,
    /// Whether there was a link.
    pub unlinked: bool,
    /// Whether there is one from now on.
    pub linked: bool,
}

/// What messages and mails to the user before the change need.
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
    /// The e-mail address.
    #[tsify(optional, type = "string | null")]
    pub email: Option<String>,
    /// Whether Parse had that address verified.
    pub email_verified: bool,
}
