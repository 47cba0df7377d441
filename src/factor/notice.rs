//! Telling a user that factors have changed.

use super::number::{number_of, numbers_of};
use crate::account::Account;
use crate::channel;
use crate::context::Context;
use crate::engine::User;
use crate::policy::{MessageKind, text};

/// Tells every number of the user, whatever becomes of each message: the one in the column, and those enrolled in any of these rows.
pub(crate) async fn notify_everywhere(user: &User, rows: &[&Account], kind: MessageKind, cx: &Context) {
    let mut told = Vec::new();
    for number in rows.iter().flat_map(|row| numbers_of(user, row, cx)) {
        if told.contains(&number) {
            continue;
        }
        let body = text::notice(cx.policy(), user.locale.as_deref(), kind);
        let _ = channel::send(user, &number, body, cx).await;
        told.push(number);
    }
}

/// Tells the user by SMS, where there is a number, that factors have changed (NIST SP 800-63B-4 §4.2.3, ASVS 5.0 §6.3.7). The event tells
/// the app, whatever becomes of the message. It counts as a code does, and is not sent beyond the limits.
pub(crate) async fn notify(user: &User, account: &Account, kind: MessageKind, cx: &Context) {
    if let Ok(number) = number_of(user, account, cx) {
        let body = text::notice(cx.policy(), user.locale.as_deref(), kind);
        let _ = channel::send(user, &number, body, cx).await;
    }
}
