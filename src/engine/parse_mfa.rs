//! A user of Parse Server's own second factor.

use crate::crypto::Secret;
use crate::id::UserId;
use serde::Deserialize;
use tsify::Tsify;

/// What Parse Server's own adapter `mfa` keeps of a user, in clear.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ParseMfa {
    /// The user.
    pub user: UserId,
    /// The secret of an authenticator app, as the client wrote it.
    #[tsify(optional, type = "string | null")]
    pub secret: Option<Secret>,
    /// The number that codes go to, as the client wrote it.
    #[tsify(optional, type = "string | null")]
    pub mobile: Option<Secret>,
    /// What the adapter is set to: algorithm, digits and period, as in `SHA1/6/30`.
    pub profile: String,
}
