//! A further code for a living challenge.

use crate::account::{Account, Challenge, Purpose, PurposeName};
use crate::challenge;
use crate::channel::{self, Destination};
use crate::context::Context;
use crate::engine::User;
use crate::factor;
use crate::policy::{Require, Route};
use crate::session::check_sign_in;
use crate::throttle;
use crate::wire::{Answer, Method, Refusal, Resend};

/// `resendCode`: a further code for a living challenge.
///
/// # Errors
/// [`Refusal::ResendTooSoon`], those of a challenge that is over, [`Refusal::Off`] for a channel that is off, [`Refusal::NoFactor`] for a
/// number that is not this user's.
pub(crate) async fn resend(request: Resend, cx: &Context) -> Result<Answer, Refusal> {
    if let Some(channel) = request.channel {
        channel::check_on(channel, cx)?;
    }
    let purposes = [PurposeName::SignIn, PurposeName::StepUp];
    let token = challenge::live(&request.challenge, &purposes, cx)?;
    throttle::count_call(cx).await?;
    let account = cx.read_row(&token.account).await?.ok_or(Refusal::ChallengeUnknown)?;
    let challenge = account.challenge(&token.challenge).ok_or(Refusal::ChallengeUnknown)?;
    challenge::check_open(challenge, &account, 0, true, cx)?;
    let user = cx.load_user(&challenge.user).await?.ok_or(Refusal::ChallengeUnknown)?;
    if let Purpose::SignIn { provider } = &challenge.purpose {
        // A step-up is within a session that Parse has opened. Its rules are about signing in.
        let basis = check_sign_in(&user.id, provider.as_ref(), cx).await?;
        challenge::check_basis(challenge, &basis, cx)?;
    }
    let to = destination(&request, challenge, &user, &account, cx)?;
    if factor::passkey::withholds_codes(&account, cx) {
        return Err(Refusal::NoFactor);
    }
    let account = challenge::send_next_code(&user, &account, challenge, &to, cx).await?;
    let methods = factor::methods(&user, &account, cx);
    let answer = challenge::answer(&account, challenge, Method::from(to.channel), methods, cx)?;
    let require = cx.requirement_of(&user.id, Route::Login).await?;
    Ok(if require == Require::Always { answer.without_trust() } else { answer })
}

/// Where the code goes: where the client says, or else where the code before it went, or else where a first one would go.
fn destination(
    request: &Resend,
    challenge: &Challenge,
    user: &User,
    account: &Account,
    cx: &Context,
) -> Result<Destination, Refusal> {
    let view = cx.view(account);
    let before = view.current_code(&challenge.id);
    let channel_before = before.map(|code| view.channel_of(code)).filter(|channel| cx.policy().channels.has(*channel));
    let number = match (&request.factor, before.and_then(|code| code.factor.as_ref())) {
        (Some(factor), _) => factor::number_with(factor, user, account, cx)?,
        (None, Some(before)) => {
            let same = factor::number_with(before, user, account, cx);
            same.or_else(|_| factor::number_of(user, account, cx))?
        }
        (None, None) => factor::number_of(user, account, cx)?,
    };
    let channel = match request.channel.or(channel_before) {
        Some(channel) => channel,
        None => channel::first(cx)?,
    };
    Ok(number.by(channel))
}
