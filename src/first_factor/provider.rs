//! A provider's word as the first factor.

use crate::context::Context;
use crate::engine::{CheckProvider, Identity, LoadIdentity, User};
use crate::id::{Basis, ProviderName, UserId};
use crate::policy::Federated;
use crate::throttle;
use crate::wire::{AuthData, EnrollProof, Refusal};

/// Has Parse's adapter check a provider's word. The call is counted before that: anybody can make it, and each asks a provider.
///
/// # Errors
/// [`Refusal::Off`] where it is off; [`Refusal::TooMany`]; Parse's own refusal, with its 101 for nobody's identity where no user may be
/// created; [`Refusal::NotConfigured`] where this Parse Server cannot be asked; [`Refusal::TryAgain`] if it did not answer.
pub(super) async fn check(word: AuthData, may_create: bool, cx: &Context) -> Result<Identity, Refusal> {
    if cx.policy().federated == Federated::Refuse {
        return Err(Refusal::Off(
            "Signing in by a provider is off here: sign in with a password, or reset the password first if there is none."
                .into(),
        ));
    }
    let AuthData { provider, json } = word;
    throttle::count_call(cx).await?;
    throttle::count_provider_call(&provider, cx).await?;
    let identity = cx.ask(CheckProvider { provider, auth_data: json, may_create }).await?;
    identity.ok_or(Refusal::Credentials)
}

/// Checks that a provider's word is this user's, who has no password; what it was found right for. Whoever has one proves that: a session can link a provider of its own.
///
/// # Errors
/// As [`check`]; Parse's 101 for another's word, [`Refusal::BadRequest`] for a user with a password and for an anonymous id, which a session
/// can read.
pub(crate) async fn check_owner(word: AuthData, user: &UserId, cx: &Context) -> Result<Option<Basis>, Refusal> {
    if is_anonymous(&word.provider) {
        return Err(Refusal::BadRequest(
            "An anonymous id proves nothing: link a provider or set a password first.".into(),
        ));
    }
    let identity = check(word, false, cx).await?;
    if identity.user.id != *user {
        return Err(Refusal::Credentials);
    }
    match identity.has_password {
        true => Err(Refusal::BadRequest("This account has a password: send password in place of authData.".into())),
        false => Ok(identity.user.basis),
    }
}

/// What this user can prove the first factor with: the password, or without one the word of a provider that is linked.
///
/// # Errors
/// [`Refusal::TryAgain`] if the user could not be read.
pub(crate) async fn proof_of(user: &User, cx: &Context) -> Result<EnrollProof, Refusal> {
    let is_taken = cx.policy().federated != Federated::Refuse;
    let is_linked = user.links.iter().flatten().any(|link| !is_anonymous(&link.provider.as_str().into()));
    if !is_taken || !is_linked {
        return Ok(EnrollProof::Password);
    }
    let identity = cx.ask(LoadIdentity { user: user.id.clone() }).await?;
    Ok(match identity.is_some_and(|identity| identity.has_password) {
        true => EnrollProof::Password,
        false => EnrollProof::AuthData,
    })
}

/// Whether it is the provider that believes whatever id it is told.
pub(super) fn is_anonymous(provider: &ProviderName) -> bool {
    *provider == *"anonymous"
}
