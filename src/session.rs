//! Opening a session, where Parse lets the user in.

use crate::challenge::{self, Won};
use crate::context::Context;
use crate::crypto::Secret;
use crate::device::Trusted;
use crate::engine::{Asked, CheckSignIn, LetIn, OpenSession, Opened};
use crate::first_factor::{Identified, Waived};
use crate::id::{Basis, Nonce, ProviderName, UserId};
use crate::wire::{EventKind, Method, Refusal};

/// What a session is opened for: a claim that has won, a browser that the user trusts, or a requirement that was waived. Nothing else can be turned into one, so "no
/// session before a won claim" is a matter of types (compare rustls' `PeerVerified`).
#[derive(Debug)]
pub(crate) enum Cleared {
    /// The second factor was passed.
    SecondFactor(Won),
    /// The browser is trusted, so no second factor was asked for. It is no step-up.
    TrustedDevice(Trusted),
    /// No second factor is asked of this user.
    NotAsked(Waived),
}

impl Cleared {
    fn user(&self) -> &UserId {
        match self {
            Cleared::SecondFactor(won) => won.user(),
            Cleared::TrustedDevice(trusted) => trusted.user(),
            Cleared::NotAsked(waived) => waived.user(),
        }
    }

    /// Checks that what it was cleared by is still so.
    fn check(&self, basis: &Basis, cx: &Context) -> Result<(), Refusal> {
        match self {
            Cleared::SecondFactor(won) => challenge::check_basis(won.challenge(), basis, cx),
            Cleared::TrustedDevice(trusted) => trusted.check(basis),
            Cleared::NotAsked(waived) => waived.check(basis),
        }
    }

    fn method(&self) -> Option<Method> {
        match self {
            Cleared::SecondFactor(won) => Some(won.method()),
            Cleared::TrustedDevice(_) | Cleared::NotAsked(_) => None,
        }
    }

    fn claim(&self) -> Option<&Nonce> {
        match self {
            Cleared::SecondFactor(won) => Some(won.claim()),
            Cleared::TrustedDevice(_) | Cleared::NotAsked(_) => None,
        }
    }

    /// Whose word was the first factor; `None` for a password.
    fn provider(&self) -> Option<ProviderName> {
        match self {
            Cleared::SecondFactor(won) => won.provider(),
            Cleared::TrustedDevice(trusted) => trusted.provider().cloned(),
            Cleared::NotAsked(waived) => waived.provider().cloned(),
        }
    }

    /// Whether the user was created in this very call.
    fn is_new(&self) -> bool {
        match self {
            Cleared::SecondFactor(_) | Cleared::TrustedDevice(_) => false,
            Cleared::NotAsked(waived) => waived.is_new(),
        }
    }

    fn about(&self) -> Option<String> {
        let passkey = match self {
            Cleared::SecondFactor(won) => won.about(),
            Cleared::TrustedDevice(trusted) => Some(trusted.about()),
            Cleared::NotAsked(_) => None,
        };
        let provider = self.provider().map(|name| name.to_string());
        let parts: Vec<String> = provider.into_iter().chain(passkey).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// Asks Parse whether it lets this user sign in now. Its own `/login` enforces more than a password (account lockout, unverified e-mail,
/// expired password, empty ACL, adapters of second factors), and our way in must not be a way around any of it.
///
/// Only for somebody who has passed the first factor: the answer tells something about the account. Parse's rules about passwords are not
/// about a user who came by a provider's word. With a yes comes the user as the row is now, and what a sign-in is founded on.
///
/// # Errors
/// Parse's own refusal; [`Refusal::NotConfigured`] where this Parse Server cannot be asked; [`Refusal::TryAgain`] if it did not answer.
pub(crate) fn check_sign_in<'a>(
    user: &UserId,
    provider: Option<&ProviderName>,
    cx: &'a Context,
) -> Asked<'a, CheckSignIn> {
    cx.ask(CheckSignIn { user: user.clone(), provider: provider.cloned(), by_row_of_password: false })
}

/// As [`check_sign_in`], right after the first factor and before anything else: the row that the password was right for need not be read once
/// more. Before a claim and before a session it is.
///
/// # Errors
/// As [`check_sign_in`].
pub(crate) fn check_identified<'a>(identified: &Identified, cx: &'a Context) -> Asked<'a, CheckSignIn> {
    let (user, provider) = (identified.user().id.clone(), identified.provider().cloned());
    cx.ask(CheckSignIn { user, provider, by_row_of_password: true })
}

/// Opens a session, if Parse lets the user sign in at this moment; its token. This is the only place that asks for one, so no way to a
/// session can leave that out.
///
/// # Errors
/// As [`check_sign_in`]; a refusal of what has changed since the user was cleared; what the app's `beforeLogin` refuses with; [`Refusal::TryAgain`] if it could not be opened.
pub(crate) async fn open_session(cleared: Cleared, cx: &Context) -> Result<Secret, Refusal> {
    let LetIn { basis, .. } = check_sign_in(cleared.user(), cleared.provider().as_ref(), cx).await?;
    cleared.check(&basis, cx)?;
    let token = cx.ask(OpenSession { user: cleared.user().clone(), is_new: cleared.is_new() }).await?;
    let event = EventKind::SignedIn { method: cleared.method(), about: cleared.about() };
    // A second factor that was passed for this session is its step-up as well: whoever needs one looks it up in the trail.
    let claim = cleared.claim().filter(|_| cx.policy().step_up_at_sign_in.0);
    let opened = match (claim, cx.session_hash(&token)) {
        (Some(claim), Ok(session)) => Some(Opened { session, claim: claim.clone() }),
        (None, _) | (_, Err(_)) => None,
    };
    cx.record_with(cleared.user(), event, opened).await;
    Ok(token)
}
