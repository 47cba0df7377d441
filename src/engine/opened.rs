//! A session that was opened.

use crate::id::{Nonce, SessionHash};
use serde::Serialize;
use tsify::Tsify;

/// A session that was opened, and the claim that it was opened for. It stands in the trail beside the entry of the sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Opened {
    /// The keyed hash of the session's token.
    pub session: SessionHash,
    /// The nonce of the claim.
    pub claim: Nonce,
}
