//! How the answers to effects are read.

use super::reply::{Counted, Reply};
use super::user::{Identity, LetIn, User};
use crate::account::Account;
use crate::crypto::Secret;
use crate::id::{Basis, Nonce};
use crate::policy::Require;
use crate::wire::Refusal;

/// What a refusal of Parse or the app becomes; anything else is a reply that the effect cannot have.
pub(super) fn refused<T>(reply: Reply) -> Result<T, Refusal> {
    if let Reply::Refused { code, message } = reply {
        return Err(Refusal::Parse { code, message });
    }
    Err(Refusal::TryAgain)
}

pub(super) fn user_or_refused(reply: Reply) -> Result<User, Refusal> {
    if let Reply::User(user) = reply { Ok(user) } else { refused(reply) }
}

pub(super) fn identity(reply: Reply) -> Result<Option<Identity>, Refusal> {
    if let Reply::Unasked = reply {
        return Err(Refusal::NotConfigured(
            "Parse Server cannot be asked for a provider's word without opening a session, so nobody can sign in by one here: the operator has to run Parse Server 5 to 9, and keep it out of a bundle.".into(),
        ));
    }
    identity_or_missing(reply)
}

pub(super) fn identity_or_missing(reply: Reply) -> Result<Option<Identity>, Refusal> {
    if let Reply::Missing = reply {
        return Ok(None);
    }
    if let Reply::Identity(identity) = reply { Ok(Some(identity)) } else { refused(reply) }
}

pub(super) fn user_or_missing(reply: Reply) -> Result<Option<User>, Refusal> {
    if let Reply::Missing = reply { Ok(None) } else { user_or_refused(reply).map(Some) }
}

pub(super) fn requirement(reply: Reply) -> Result<Require, Refusal> {
    if let Reply::Requirement(require) = reply { Ok(require) } else { Err(Refusal::TryAgain) }
}

pub(super) fn named(reply: Reply) -> Result<String, Refusal> {
    if let Reply::Named(name) = reply { Ok(name) } else { Err(Refusal::TryAgain) }
}

pub(super) fn account(reply: Reply) -> Result<Account, Refusal> {
    if let Reply::Account(account) = reply { Ok(account) } else { Err(Refusal::TryAgain) }
}

pub(super) fn account_or_missing(reply: Reply) -> Result<Option<Account>, Refusal> {
    if let Reply::Missing = reply { Ok(None) } else { account(reply).map(Some) }
}

pub(super) fn counted(reply: Reply) -> Result<Counted, Refusal> {
    if let Reply::Counted(counted) = reply { Ok(counted) } else { Err(Refusal::TryAgain) }
}

/// What became of a user's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How many were ended.
    pub ended: u32,
    /// How many are left.
    pub left: u32,
}

pub(super) fn two_counts(reply: Reply) -> Result<Ended, Refusal> {
    match counted(reply)?.counts[..] {
        [ended, left] => Ok(Ended { ended, left }),
        [..] => Err(Refusal::TryAgain),
    }
}

pub(super) fn one_count(reply: Reply) -> Result<u32, Refusal> {
    counted(reply)?.counts.first().copied().ok_or(Refusal::TryAgain)
}

pub(super) fn claimed_or_missing(reply: Reply) -> Result<Option<Nonce>, Refusal> {
    if let Reply::Missing = reply {
        return Ok(None);
    }
    if let Reply::Claimed(claim) = reply { Ok(Some(claim)) } else { Err(Refusal::TryAgain) }
}

pub(super) fn session(reply: Reply) -> Result<Secret, Refusal> {
    if let Reply::Session(token) = reply { Ok(token) } else { refused(reply) }
}

pub(super) fn let_in(reply: Reply) -> Result<LetIn, Refusal> {
    if let Reply::Unasked = reply {
        return Err(Refusal::NotConfigured(
            "Parse Server cannot be asked for its own sign-in rules, so nobody can sign in here: the operator has to run Parse Server 5 to 9, and keep it out of a bundle.".into(),
        ));
    }
    let user = user_or_refused(reply)?;
    let basis = user.basis.clone().ok_or(Refusal::TryAgain)?;
    Ok(LetIn { user, basis })
}

pub(super) fn basis_or_missing(reply: Reply) -> Result<Option<Basis>, Refusal> {
    if let Reply::Missing = reply {
        return Ok(None);
    }
    if let Reply::Basis(basis) = reply { Ok(Some(basis)) } else { Err(Refusal::TryAgain) }
}

pub(super) fn done(reply: Reply) -> Result<(), Refusal> {
    if let Reply::Done = reply { Ok(()) } else { refused(reply) }
}
