//! What became of codes on their way, as elements of the set `challenges`.

use crate::id::{ChallengeId, MessageSid, Nonce};
use crate::policy::Channel;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// How a code went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivered {
    /// The challenge.
    pub challenge: ChallengeId,
    /// The code's nonce.
    pub code: Nonce,
    /// When.
    pub at: Time,
    /// The channel that took it.
    pub channel: Channel,
    /// What the provider knows the message by, where it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<MessageSid>,
}
