//! The challenge of a sign-in in one call: begun silently for the code that came with the password.

use super::issue::{IssueRequest, Issued, check_room, create, settle};
use super::presented::Presented;
use super::verify::is_used_up;
use crate::account::{Account, Challenge, Purpose};
use crate::context::Context;
use crate::engine::User;
use crate::factor;
use crate::id::Basis;
use crate::wire::{Method, Refusal, Wish};

/// What one call can begin: a provider's word comes without a code, because it is good for one call only.
const BY_PASSWORD: Purpose = Purpose::SignIn { provider: None };

/// A living challenge for the code of a user who has what it is of, an authenticator app or recovery codes: neither needs a message first.
/// The code is its first attempt, and the next call finds it alive. So guesses in one call have the ceilings of all others: five for a
/// challenge, and five challenges in the user's window.
///
/// `None` for any other code, with nothing begun.
///
/// # Errors
/// [`Refusal::Disabled`]; [`Refusal::TooMany`]; [`Refusal::CodeUsed`]; [`Refusal::NotConfigured`] for factors that cannot be read here;
/// [`Refusal::ChallengeUnknown`] if another call's challenge came first and is used up by now.
pub(crate) async fn begin_silently(
    user: &User,
    basis: Option<&Basis>,
    response: &Presented<'_>,
    account: &Account,
    cx: &Context,
) -> Result<Option<(Account, Challenge)>, Refusal> {
    let needed = match response {
        Presented::RecoveryCode(_) => Method::Recovery,
        Presented::Code { method: None | Some(Method::Totp), .. } => Method::Totp,
        Presented::Code { .. } | Presented::Registration(_) | Presented::Assertion(_) => return Ok(None),
    };
    factor::check_usable(user, account, cx)?;
    if !factor::methods(user, account, cx).contains(&needed) {
        return Ok(None);
    }
    if response.can_be_guessed() && cx.view(account).is_disabled() {
        return Err(Refusal::Disabled);
    }
    let challenge = cx.new_challenge(BY_PASSWORD, &user.id, basis);
    check_room(account, &challenge, None, None, cx)?;
    if is_used_up(response, &challenge, account, cx) {
        return Err(Refusal::CodeUsed);
    }
    match create(&challenge, account.clone(), None, None, user, cx).await? {
        Issued::New(tentative) => Ok(Some((tentative.keep(), challenge))),
        Issued::LostRace(account) => {
            let request = IssueRequest { user, purpose: BY_PASSWORD, wish: Wish::default(), basis };
            // Where none is alive by now, the call that came first has used it.
            settle(&request, account, cx).await.map(Some).map_err(|_| Refusal::ChallengeUnknown)
        }
    }
}
