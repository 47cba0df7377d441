//! What became of a message.

use crate::id::{MessageSid, VerificationSid};

/// What became of a message that was handed to the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// The provider took it, and may say what it knows it by.
    Taken(Option<Sid>),
    /// Nobody can tell, because the provider did not answer. It may arrive.
    Unknown,
    /// The provider refused it, with this error code.
    Refused(i32),
}

/// What the provider knows a message by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sid {
    /// A message or a call of its own.
    Message(MessageSid),
    /// A verification of Twilio Verify's.
    Verification(VerificationSid),
}
