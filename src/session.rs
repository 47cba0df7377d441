//! Opening a session.

use crate::challenge::Won;
use crate::context::Context;
use crate::crypto::Secret;
use crate::engine::OpenSession;
use crate::first_factor::Waived;
use crate::id::UserId;
use crate::wire::{EventKind, Method, Refusal};

/// What a session is opened for: a claim that has won, or a requirement that was waived. Nothing else can be turned into one, so "no
/// session before a won claim" is a matter of types (compare rustls' `PeerVerified`).
#[derive(Debug)]
pub(crate) enum Cleared {
    /// The second factor was passed.
    SecondFactor(Won),
    /// No second factor is asked of this user.
    NotAsked(Waived),
}

impl Cleared {
    fn user(&self) -> &UserId {
        match self {
            Cleared::SecondFactor(won) => won.user(),
            Cleared::NotAsked(waived) => waived.user(),
        }
    }

    fn method(&self) -> Option<Method> {
        match self {
            Cleared::SecondFactor(won) => Some(won.method()),
            Cleared::NotAsked(_) => None,
        }
    }
}

/// Opens a session; its token. This is the only place that asks for one.
///
/// # Errors
/// What the app's `beforeLogin` refuses with; [`Refusal::TryAgain`] if it could not be opened.
pub(crate) async fn open_session(cleared: Cleared, cx: &Context) -> Result<Secret, Refusal> {
    let token = cx.ask(OpenSession { user: cleared.user().clone() }).await?;
    cx.record(cleared.user(), EventKind::SignedIn { method: cleared.method() }).await;
    Ok(token)
}
