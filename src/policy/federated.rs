//! What a provider's word is worth.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// What a provider's word (`authData`) is worth, for users who have a second factor or need one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Federated {
    /// Nothing: `login` does not take it (4027).
    Refuse,
    /// As much as a password: `login` takes it as the first factor, and asks for the second.
    #[default]
    Ask,
    /// As much as both factors: the provider is trusted to ask for the second one.
    Trust,
}
