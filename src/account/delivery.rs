//! What became of codes on their way, as elements of the set `challenges`.

use crate::id::{ChallengeId, MessageSid, Nonce, VerificationSid};
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

/// A code of which the provider told that it did not arrive. A code after it takes its place at once, however soon it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LostCode {
    /// The challenge.
    pub challenge: ChallengeId,
    /// The code's nonce.
    pub code: Nonce,
    /// Tells it from other reports. The first one of a code counts.
    pub nonce: Nonce,
    /// When the provider told.
    pub at: Time,
    /// The provider's error code; 0 where it has none.
    pub error: i32,
}

/// The verification of Twilio Verify's that brought a code. It is named when the code is reported as redeemed, and decides nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// The challenge.
    pub challenge: ChallengeId,
    /// The code's nonce.
    pub code: Nonce,
    /// When.
    pub at: Time,
    /// The verification.
    pub sid: VerificationSid,
}
