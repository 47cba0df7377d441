//! Whom the codes of a user may have gone to.

use super::mailbox;
use super::number::{OwnNumber, numbers};
use crate::account::Account;
use crate::channel::Recipient;
use crate::context::Context;
use crate::engine::User;
use crate::id::FactorId;

/// Everybody whom a code for this user may have gone to, with the factor: numbers and addresses that are the user's now, and the one that
/// is being enrolled.
pub(crate) fn recipients(
    user: &User,
    account: &Account,
    pending: Option<&FactorId>,
    cx: &Context,
) -> Vec<(FactorId, Recipient)> {
    let of_number = |own: OwnNumber| (own.factor, Recipient::Number(own.number));
    let of_mail = mailbox::destinations(user, account, cx);
    let of_mail = of_mail.into_iter().chain(pending.and_then(|id| mailbox::enrolling(id, user, account, cx)));
    let numbers = numbers(user, account, pending, cx).into_iter().map(of_number);
    numbers.chain(of_mail.map(|own| (own.factor, own.to))).collect()
}
