//! A verification of Twilio Verify's.

use crate::id::VerificationSid;
use serde::Deserialize;
use tsify::Tsify;

/// A verification that Twilio Verify took a message for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
pub struct Pending {
    /// Its SID.
    pub sid: VerificationSid,
    /// How many messages it has had, this one included.
    pub messages: u32,
}
