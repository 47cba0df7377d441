//! What the provider tells of a message.

use super::read::done;
use super::reply::Reply;
use crate::id::MessageSid;
use crate::wire::Refusal;
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

/// What the provider knows the message by, if it says.
pub(super) fn taken(reply: Reply) -> Result<Option<MessageSid>, Refusal> {
    if let Reply::Taken(sid) = reply {
        return Ok(Some(sid));
    }
    done(reply).map(|()| None)
}

pub(super) fn became(reply: Reply) -> Result<Became, Refusal> {
    if let Reply::Became(became) = reply { Ok(became) } else { Err(Refusal::TryAgain) }
}
