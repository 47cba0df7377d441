//! How the answers about Parse Server's own second factor are read.

use super::parse_mfa::ParseMfa;
use super::reply::Reply;
use crate::wire::Refusal;

pub(super) fn parse_mfa_or_missing(reply: Reply) -> Result<Option<ParseMfa>, Refusal> {
    if let Reply::Missing = reply {
        return Ok(None);
    }
    if let Reply::Unasked = reply {
        return Err(Refusal::NotConfigured(
            "Users have authData.mfa, and Parse Server's own adapter mfa is not configured: the operator has to put it back into the option auth until they are imported.".into(),
        ));
    }
    if let Reply::ParseMfa(found) = reply { Ok(Some(found)) } else { Err(Refusal::TryAgain) }
}

/// Whether it was removed.
pub(super) fn cleared_or_missing(reply: Reply) -> Result<bool, Refusal> {
    if let Reply::Missing = reply {
        return Ok(false);
    }
    if let Reply::Done = reply { Ok(true) } else { Err(Refusal::TryAgain) }
}
