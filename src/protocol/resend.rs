//! A further code for a living challenge.

use crate::account::{Purpose, PurposeName};
use crate::challenge;
use crate::context::Context;
use crate::crypto::Secret;
use crate::factor;
use crate::session::check_sign_in;
use crate::throttle;
use crate::wire::{Answer, Method, Refusal};

/// `resendCode`: a further code for a living challenge.
///
/// # Errors
/// [`Refusal::ResendTooSoon`], and those of a challenge that is over.
pub(crate) async fn resend(challenge: &Secret, cx: &Context) -> Result<Answer, Refusal> {
    let purposes = [PurposeName::SignIn, PurposeName::StepUp];
    let token = challenge::live(challenge, &purposes, cx)?;
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
    let number = factor::number_of(&user, &account, cx)?;
    if factor::passkey::withholds_codes(&account, cx) {
        return Err(Refusal::NoFactor);
    }
    let account = challenge::send_next_code(&user, &account, challenge, &number, cx).await?;
    let methods = factor::methods(&user, &account, cx);
    challenge::answer(&account, challenge, Method::Sms, methods, cx)
}
