//! A user before a change of the row, as messages and mails need one.

use crate::engine::User;
use crate::id::UserId;
use crate::wire::BeforeChange;

/// What is kept of a user until Parse has saved the change.
pub(super) fn of(row: User) -> BeforeChange {
    let User { phone_number, from, locale, email, email_verified, .. } = row;
    BeforeChange { phone_number, from, locale, email, email_verified }
}

/// The user with this id before the change.
pub(super) fn user(id: &UserId, before: BeforeChange) -> User {
    let BeforeChange { phone_number, from, locale, email, email_verified } = before;
    User { id: id.clone(), phone_number, from, locale, email, email_verified, ..User::default() }
}
