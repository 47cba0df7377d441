//! The challenge of a sign-in in one call: begun silently for the code that came with the password.

use super::issue::{IssueRequest, Issued, create, settle};
use crate::account::{Account, Challenge, Purpose};
use crate::context::Context;
use crate::engine::User;
use crate::factor;
use crate::wire::{Method, Refusal, Wish};

/// A living challenge for the code of a user who has an authenticator app or recovery codes, whose code needs no message first. The code is
/// its first attempt, and the next call finds it alive. So guesses in one call have the ceilings of all others: five for a challenge, and
/// five challenges in the user's window.
///
/// `None` for a user with neither, with nothing begun.
///
/// # Errors
/// [`Refusal::Disabled`]; [`Refusal::TooMany`]; [`Refusal::NotConfigured`] for factors that cannot be read here;
/// [`Refusal::ChallengeUnknown`] if another call's challenge came first and is used up by now.
pub(crate) async fn begin_silently(
    user: &User,
    method: Option<Method>,
    account: Account,
    cx: &Context,
) -> Result<Option<(Account, Challenge)>, Refusal> {
    factor::check_usable(user, &account, cx)?;
    let methods = factor::methods(user, &account, cx);
    let takes = |offered: &Method| method.is_none_or(|named| named == *offered);
    let unasked = [Method::Totp, Method::Recovery];
    if !unasked.iter().any(|offered| takes(offered) && methods.contains(offered)) {
        return Ok(None);
    }
    if cx.view(&account).is_disabled() {
        return Err(Refusal::Disabled);
    }
    let challenge = cx.new_challenge(Purpose::SignIn, &user.id);
    match create(&challenge, account, None, None, user, cx).await? {
        Issued::New(tentative) => Ok(Some((tentative.keep(), challenge))),
        Issued::LostRace(account) => {
            let request = IssueRequest { user, purpose: Purpose::SignIn, wish: Wish::default() };
            // Where none is alive by now, the call that came first has used it.
            settle(&request, account, cx).await.map(Some).map_err(|_| Refusal::ChallengeUnknown)
        }
    }
}
