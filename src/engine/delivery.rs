//! How the provider's answers about a message are read.

use super::became::Became;
use super::read::done;
use super::reply::Reply;
use crate::id::MessageSid;
use crate::wire::Refusal;

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
