//! What Parse Dashboard shows of a user beside what the user sees.

use crate::id::UserId;
use serde::Serialize;
use tsify::Tsify;

/// What Parse Dashboard shows of a user beside what the user sees. The host puts it into words.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct PanelFacts {
    /// The user.
    pub user: UserId,
    /// Failures in a row.
    pub failures: u32,
    /// How many of them disable the second factor.
    pub most_failures: u32,
}
