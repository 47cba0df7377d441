//! A provider's word as the first factor.

use crate::context::Context;
use crate::engine::{CheckProvider, Identity};
use crate::policy::Federated;
use crate::throttle;
use crate::wire::{AuthData, Refusal};

/// Has Parse's adapter check a provider's word. The call is counted before that: anybody can make it, and each asks a provider.
///
/// # Errors
/// [`Refusal::Off`] where it is off; [`Refusal::TooMany`]; Parse's own refusal, with its 101 for nobody's identity where no user may be
/// created; [`Refusal::NotConfigured`] where this Parse Server cannot be asked; [`Refusal::TryAgain`] if it did not answer.
pub(super) async fn check(word: AuthData, may_create: bool, cx: &Context) -> Result<Identity, Refusal> {
    if cx.policy().federated == Federated::Refuse {
        return Err(Refusal::Off(
            "Signing in by a provider and the Cloud function \"login\" is off here: sign in with a password.".into(),
        ));
    }
    let AuthData { provider, json } = word;
    throttle::count_call(cx).await?;
    throttle::count_provider_call(&provider, cx).await?;
    let identity = cx.ask(CheckProvider { provider, auth_data: json, may_create }).await?;
    identity.ok_or(Refusal::Credentials)
}
