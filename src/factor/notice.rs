//! Telling a user that factors have changed.

use super::number::{OwnNumber, number_of, numbers};
use crate::account::{Account, CountedKind, RowUpdate, SetOp};
use crate::channel::{self, Message, email};
use crate::context::Context;
use crate::engine::User;
use crate::policy::{Channel, MessageKind};
use crate::wire::Refusal;

/// Tells the address and every number of the user, whatever becomes of each message: the one in the column, and those enrolled in any of these rows.
pub(crate) async fn notify_everywhere(user: &User, rows: &[&Account], kind: MessageKind, cx: &Context) {
    email::notify(user, kind, cx).await;
    let mut told = Vec::new();
    for (row, number) in rows.iter().flat_map(|row| numbers(user, row, None, cx).into_iter().map(move |n| (row, n))) {
        if told.contains(&number.number) {
            continue;
        }
        told.push(number.number.clone());
        let _ = tell(user, number, row, kind, cx).await;
    }
}

/// Tells the user by mail, where there is a verified address, and by SMS, where there is a number, that factors have changed (NIST
/// SP 800-63B-4 §4.1.2.1 and §4.6, ASVS 5.0 §6.3.7). The event tells the app, whatever becomes of either. A message counts as a code does,
/// and is not sent beyond the limits.
pub(crate) async fn notify(user: &User, account: &Account, kind: MessageKind, cx: &Context) {
    email::notify(user, kind, cx).await;
    if let Ok(number) = number_of(user, account, cx) {
        let _ = tell(user, number, account, kind, cx).await;
    }
}

/// Sends a notice, unless the user's window has no more room for messages. Nothing proves that a number in the tutorial's column is the
/// user's: without the count, one account could text strangers until the whole app's hour is used up.
async fn tell(
    user: &User,
    number: OwnNumber,
    account: &Account,
    kind: MessageKind,
    cx: &Context,
) -> Result<(), Refusal> {
    // A notice is a text message, so an app without those sends none.
    channel::check_notices(cx)?;
    let limit = cx.limits().codes_per_user;
    cx.check_room(account, &|view| view.messages_in_window() < limit)?;
    let count = RowUpdate::redemptions(SetOp::add([cx.counted(CountedKind::Notice)]));
    let tentative = cx.propose(&account.id, count, Refusal::TryAgain).await?;
    let outcome = match cx.check_room(tentative.row(), &|view| view.messages_in_window() <= limit) {
        Err(refusal) => Err(refusal),
        Ok(()) => channel::send(user, &number.by(Channel::Sms), &Message::Notice(kind), cx).await,
    };
    // What the provider was given counts, whether it took it or not.
    tentative.settle(outcome).await.map(drop)
}
