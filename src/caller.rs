//! Who calls, as Parse Server says.

use crate::crypto::Secret;
use crate::id::UserId;
use crate::wire::Refusal;
use serde::Deserialize;
use tsify::Tsify;

/// Who calls, as Parse Server says.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct Caller {
    /// `request.ip`.
    #[tsify(optional, type = "string | null")]
    pub address: Option<String>,
    /// The user whose session came with the call.
    #[tsify(optional, type = "string | null")]
    pub user: Option<UserId>,
    /// That session's token.
    #[tsify(optional, type = "string | null")]
    pub session_token: Option<Secret>,
    /// What the client calls itself (`User-Agent`).
    #[tsify(optional, type = "string | null")]
    pub user_agent: Option<String>,
    /// Whether the call came with the master key.
    #[tsify(optional)]
    pub master: bool,
    /// Whether Parse Server has an adapter that sends mail.
    #[tsify(optional)]
    pub mail: bool,
    /// Whether the call is part of a batch that is one transaction of the database.
    #[tsify(optional)]
    pub transaction: bool,
    /// Whether the columns of `_User` that the app names can be gone by.
    #[tsify(optional)]
    pub columns: Columns,
}

/// Whether the columns of `_User` that the app names for number, sender and language can be gone by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Columns {
    /// They can.
    #[default]
    Good,
    /// One is missing, or numbers are left where nobody looks for them.
    Faulty,
    /// Nobody can tell as yet.
    Unknown,
}

impl Caller {
    /// Checks that the call stands alone. Our changes go by another connection than a transaction's. For a row that the transaction
    /// holds they would wait for its end, and it for theirs; and what was looked at before its end may be different after it.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] within a transaction.
    pub(crate) fn check_alone(&self) -> Result<(), Refusal> {
        match self.transaction {
            true => Err(Refusal::BadRequest("This cannot be part of a transaction.".into())),
            false => Ok(()),
        }
    }

    /// Checks that a user's number would be seen. If it is in another column than the one that the app names, the user seems to have no
    /// factor, and the password alone would be enough.
    ///
    /// # Errors
    /// [`Refusal::NotConfigured`] if it may not be seen; [`Refusal::TryAgain`] if nobody can tell.
    pub(crate) fn check_columns(&self) -> Result<(), Refusal> {
        match self.columns {
            Columns::Good => Ok(()),
            Columns::Faulty => Err(Refusal::columns()),
            Columns::Unknown => Err(Refusal::TryAgain),
        }
    }

    /// Checks that the master key came with the call.
    ///
    /// # Errors
    /// Parse's own 119 without it.
    pub(crate) fn check_master(&self) -> Result<(), Refusal> {
        match self.master {
            true => Ok(()),
            false => Err(Refusal::Parse { code: 119, message: "unauthorized: master key is required".into() }),
        }
    }

    /// The user and the token of the session that came with the call.
    ///
    /// # Errors
    /// Parse's own 209 without one.
    pub(crate) fn session(&self) -> Result<(&UserId, &Secret), Refusal> {
        match (&self.user, &self.session_token) {
            (Some(user), Some(token)) => Ok((user, token)),
            (None, _) | (_, None) => Err(Refusal::Parse { code: 209, message: "Invalid session token".into() }),
        }
    }
}
