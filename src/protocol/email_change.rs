//! A change of a user's e-mail address. Whoever has the address can have the password reset.

use super::before_change;
use crate::account::Account;
use crate::channel::{Mailbox, email};
use crate::context::Context;
use crate::engine::User;
use crate::factor;
use crate::id::UserId;
use crate::policy::MessageKind;
use crate::wire::{BeforeChange, EventKind};

/// Whether this is the address that the row holds. Parse takes addresses for the same that differ in the case of letters alone.
pub(super) fn is_same(given: &str, row: &User) -> bool {
    given.eq_ignore_ascii_case(row.email.as_deref().unwrap_or_default())
}

/// The user before a change of the address, if trail and user have to hear of that: the user has a second factor.
pub(super) fn before(row: User, account: Option<&Account>) -> Option<BeforeChange> {
    factor::has_factor(&row, account).then(|| before_change::of(row))
}

/// Records that the address was changed, and notifies the old one, if it was verified (NIST SP 800-63B-4 §4.6, ASVS 5.0 §6.3.7). No message
/// goes to a number: this takes no step-up, and whoever has a session could use up the owner's codes.
pub(super) async fn tell(user: &UserId, before: BeforeChange, cx: &Context) {
    let old = before.email.as_deref().and_then(Mailbox::parse).map(|address| address.masked());
    cx.record(user, EventKind::EmailChanged { old }).await;
    email::notify(&before_change::user(user, before), MessageKind::EmailChanged, cx).await;
}
