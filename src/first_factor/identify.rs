//! Identifies a user by a first factor.

use crate::context::Context;
use crate::engine::{CheckPassword, User};
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
