//! The mailbox as a factor, for apps that allow it (NIST SP 800-63B-4 §3.1.3.1 does not). The factor holds a keyed hash of the address that
//! it was enrolled with, so it is worth nothing once the user has another one.

use crate::account::{Account, Factor, FactorKind};
use crate::channel::{self, Destination, Mailbox, Recipient, email};
use crate::context::Context;
use crate::crypto::HashPurpose;
use crate::engine::User;
use crate::id::{AccountId, FactorId, KeyId};
use crate::policy::Channel;
use crate::wire::Refusal;
use subtle::ConstantTimeEq;

/// The keyed hash that a factor holds of an address. `None` if the key has left the ring.
fn hash(account: &AccountId, factor: &FactorId, kid: &KeyId, mailbox: &Mailbox, cx: &Context) -> Option<String> {
    cx.keys().hash(kid, HashPurpose::Basis, &["mailbox", account, factor, &mailbox.hashed()])
}

/// A factor that stands for this address.
pub(crate) fn sealed(
    id: FactorId,
    mailbox: &Mailbox,
    label: String,
    account: &AccountId,
    cx: &Context,
) -> Option<Factor> {
    let kid = cx.keys().writing();
    Some(Factor {
        sealed: hash(account, &id, kid, mailbox, cx)?,
        id,
        kind: FactorKind::Mailbox,
        label: if label.is_empty() { mailbox.masked() } else { label },
        at: cx.now(),
        kid: kid.clone(),
        generation: 0,
    })
}

/// The same factor under the key that writes, if this is its address.
pub(super) fn sealed_anew(factor: &Factor, mailbox: &Mailbox, account: &AccountId, cx: &Context) -> Option<Factor> {
    is_of(factor, mailbox, account, cx).then_some(())?;
    let kid = cx.keys().writing();
    Some(Factor {
        sealed: hash(account, &factor.id, kid, mailbox, cx)?,
        kid: kid.clone(),
        generation: factor.generation.saturating_add(1),
        ..factor.clone()
    })
}

fn is_of(factor: &Factor, mailbox: &Mailbox, account: &AccountId, cx: &Context) -> bool {
    let now = hash(account, &factor.id, &factor.kid, mailbox, cx);
    now.is_some_and(|now| now.as_bytes().ct_eq(factor.sealed.as_bytes()).into())
}

/// The user's address, if the factor stands for it.
pub(super) fn of(factor: &Factor, user: &User, account: &AccountId, cx: &Context) -> Option<Mailbox> {
    email::mailbox_of(user).filter(|mailbox| is_of(factor, mailbox, account, cx))
}

fn destination_of(factor: &Factor, user: &User, account: &Account, cx: &Context) -> Option<Destination> {
    let to = Recipient::Mailbox(of(factor, user, &account.id, cx)?);
    Some(Destination { factor: factor.id.clone(), to, channel: Channel::Email })
}

/// The factors that count and stand for an address, whether it is the user's or not.
fn enrolled(account: &Account) -> impl Iterator<Item = &Factor> {
    account.confirmed_factors().filter(|factor| factor.kind == FactorKind::Mailbox)
}

/// Whether there is such a factor.
pub(crate) fn is_enrolled(account: &Account) -> bool {
    enrolled(account).next().is_some()
}

/// Whether this is the id of one.
pub(crate) fn is_one(id: &FactorId, account: &Account) -> bool {
    enrolled(account).any(|factor| factor.id == *id)
}

/// Checks that a code may go by mail to the user of this account, or be taken: there is no passkey, and the password was not changed within
/// a day. By a mailbox alone the password can be reset, and the two would be one factor.
///
/// # Errors
/// [`Refusal::Off`]; [`Refusal::NotConfigured`] where Parse Server sends no mail; [`Refusal::NoFactor`] beside a passkey;
/// [`Refusal::MailRests`].
pub(crate) fn check(account: &Account, cx: &Context) -> Result<(), Refusal> {
    channel::check_on(Channel::Email, cx)?;
    if !cx.caller.mail {
        return Err(Refusal::NotConfigured(
            "This Parse Server sends no mail: the operator has to set emailAdapter, one that has sendMail.".into(),
        ));
    }
    if account.confirmed_factors().any(|factor| factor.kind == FactorKind::Passkey) {
        return Err(Refusal::NoFactor);
    }
    check_rest(account, cx)
}

/// Checks that the password was not changed within a day.
///
/// # Errors
/// [`Refusal::MailRests`].
pub(crate) fn check_rest(account: &Account, cx: &Context) -> Result<(), Refusal> {
    cx.view(account).mail_rests().map_or(Ok(()), |seconds| Err(Refusal::MailRests { seconds }))
}

/// Where a code by mail goes.
///
/// # Errors
/// As [`check`]; [`Refusal::NoFactor`] for a user whose address is another one by now, or was never enrolled.
pub(crate) fn destination(user: &User, account: &Account, cx: &Context) -> Result<Destination, Refusal> {
    if !is_enrolled(account) {
        return Err(Refusal::NoFactor);
    }
    check(account, cx)?;
    destinations(user, account, cx).into_iter().next().ok_or(Refusal::NoFactor)
}

/// The user's address, for each factor that stands for it.
pub(super) fn destinations(user: &User, account: &Account, cx: &Context) -> Vec<Destination> {
    enrolled(account).filter_map(|factor| destination_of(factor, user, account, cx)).collect()
}

/// The address that is being enrolled, if this is the id of one.
pub(crate) fn enrolling(id: &FactorId, user: &User, account: &Account, cx: &Context) -> Option<Destination> {
    let pending = account.pending_factor(id).filter(|factor| factor.kind == FactorKind::Mailbox)?;
    destination_of(pending, user, account, cx)
}
