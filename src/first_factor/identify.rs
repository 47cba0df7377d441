//! Identifies a user by a first factor.

use super::provider;
use crate::context::Context;
use crate::engine::{CheckPassword, User};
use crate::id::{Basis, ProviderName};
use crate::throttle;
use crate::wire::{FirstFactor, Refusal};

/// A user whose first factor Parse has just found right. Only [`identify`] makes one. No session exists by then.
pub(crate) struct Identified {
    user: User,
    provider: Option<ProviderName>,
    is_new: bool,
}

impl Identified {
    /// The user.
    pub(crate) fn user(&self) -> &User {
        &self.user
    }

    /// Whose word the first factor was; `None` for a password.
    pub(crate) fn provider(&self) -> Option<&ProviderName> {
        self.provider.as_ref()
    }

    /// Whether the user was created for that word.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
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

/// Has Parse check the first factor. The call is counted by its address before that. A provider's word of nobody creates a user, as Parse's
/// own sign-in does.
///
/// # Errors
/// Parse's own refusal; [`Refusal::TooMany`] for an address or a provider with too many calls; [`Refusal::Off`] for a provider's word where
/// it is off; [`Refusal::NotConfigured`] for a number in the wrong column; [`Refusal::TryAgain`] if Parse did not answer.
pub(crate) async fn identify(first: FirstFactor, cx: &Context) -> Result<Identified, Refusal> {
    let identified = match first {
        FirstFactor::Password { username, email, password } => {
            throttle::count_call(cx).await?;
            let user = cx.ask(CheckPassword { username, email, password }).await?;
            Identified { user, provider: None, is_new: false }
        }
        FirstFactor::Provider(word) => {
            let provider = Some(word.provider.clone());
            let identity = provider::check(word, true, cx).await?;
            Identified { user: identity.user, provider, is_new: identity.is_new }
        }
    };
    identified.user.check_column()?;
    Ok(identified)
}
