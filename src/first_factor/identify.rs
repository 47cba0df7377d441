//! Identifies a user by a first factor.

use crate::context::Context;
use crate::engine::{CheckPassword, User};
use crate::id::Basis;
use crate::throttle;
use crate::wire::{FirstFactor, Refusal};

/// A user whose first factor Parse has just found right. Only [`identify`] makes one. No session exists by then.
pub(crate) struct Identified {
    user: User,
}

impl Identified {
    /// The user.
    pub(crate) fn user(&self) -> &User {
        &self.user
    }

    /// What a sign-in of this user is founded on. `None` where the host could not read it; then no sign-in works.
    pub(crate) fn basis(&self) -> Option<&Basis> {
        self.user.basis.as_ref()
    }

    /// Checks that the first factor was right for the row as it is now.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if the row has changed since it was looked at.
    pub(crate) fn check(&self, now: &Basis) -> Result<(), Refusal> {
        check(self.basis(), now)
    }
}

/// Checks that what a first factor was right for is there still.
///
/// # Errors
/// [`Refusal::TryAgain`] if it is not.
pub(super) fn check(basis: Option<&Basis>, now: &Basis) -> Result<(), Refusal> {
    match basis == Some(now) {
        true => Ok(()),
        false => Err(Refusal::TryAgain),
    }
}

/// Has Parse check the first factor. The call is counted by its address before that.
///
/// # Errors
/// Parse's own refusal; [`Refusal::TooMany`] for an address with too many
/// calls; [`Refusal::TryAgain`] if Parse did not answer.
pub(crate) async fn identify(first: FirstFactor, cx: &Context) -> Result<Identified, Refusal> {
    let FirstFactor::Password { username, email, password } = first;
    throttle::count_call(cx).await?;
    let user = cx.ask(CheckPassword { username, email, password }).await?;
    Ok(Identified { user })
}
