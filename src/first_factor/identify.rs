//! Identifies a user by a first factor.

use super::provider;
use crate::context::Context;
use crate::engine::{CheckPassword, User};
use crate::id::ProviderName;
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
}

/// Has Parse check the first factor. The call is counted by its address before that. A provider's word of nobody creates a user, as Parse's
/// own sign-in does.
///
/// # Errors
/// Parse's own refusal; [`Refusal::TooMany`] for an address or a provider with too many calls; [`Refusal::Off`] for a provider's word where
/// it is off; [`Refusal::TryAgain`] if Parse did not answer.
pub(crate) async fn identify(first: FirstFactor, cx: &Context) -> Result<Identified, Refusal> {
    match first {
        FirstFactor::Password { username, email, password } => {
            throttle::count_call(cx).await?;
            let user = cx.ask(CheckPassword { username, email, password }).await?;
            Ok(Identified { user, provider: None, is_new: false })
        }
        FirstFactor::Provider(word) => {
            let provider = Some(word.provider.clone());
            let identity = provider::check(word, true, cx).await?;
            Ok(Identified { user: identity.user, provider, is_new: identity.is_new })
        }
    }
}
