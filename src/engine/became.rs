//! What became of a message.

use serde::Deserialize;
use tsify::Tsify;

/// What became of a message or a call, in the provider's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
pub struct Became {
    /// Its status.
    pub status: String,
    /// Of a message that was not delivered: the provider's error code.
    #[tsify(optional, type = "number | null")]
    pub error: Option<i32>,
}
