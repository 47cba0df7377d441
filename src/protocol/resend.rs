//! A further code for a living challenge.

use super::confirmation::check_ground;
use super::enroll::number_enrollment;
use crate::account::{Account, Challenge, Purpose, PurposeName};
use crate::challenge::{self, Choice};
use crate::channel::{self, Destination};
use crate::context::Context;
use crate::engine::{LetIn, User};
use crate::factor::{self, mailbox};
use crate::id::FactorId;
use crate::policy::{Channel, Require, Route};
use crate::session::check_sign_in;
use crate::throttle;
use crate::wire::{Answer, Method, Refusal, Resend, Resent};

/// `resendCode`: a further code for a living challenge, or for the enrollment of a number.
///
/// # Errors
/// [`Refusal::ResendTooSoon`], those of a challenge that is over, [`Refusal::Off`] for a channel that is off, [`Refusal::NoFactor`] for a
/// number that is not this user's and for an enrollment of anything else.
pub(crate) async fn resend(request: Resend, cx: &Context) -> Result<Answer, Refusal> {
    if let Some(channel) = request.channel {
        channel::check_on(channel, cx)?;
    }
    let (text, purposes) = match &request.of {
        Resent::Challenge(text) => (text, [PurposeName::SignIn, PurposeName::StepUp]),
        Resent::Enrollment(text) => (text, [PurposeName::Enrollment, PurposeName::SignInEnrollment]),
    };
    let token = challenge::live(text, &purposes, cx)?;
    throttle::count_call(cx).await?;
    let account = cx.read_row(&token.account).await?.ok_or(Refusal::ChallengeUnknown)?;
    let challenge = account.challenge(&token.challenge).ok_or(Refusal::ChallengeUnknown)?;
    challenge::check_open(challenge, &account, 0, true, cx)?;
    let choice = Choice::by_client(request.channel.is_some());
    let wanted = Wanted { channel: request.channel, factor: request.factor.as_ref(), choice };
    let Further { user, account, to, takes_trust } = send_further(challenge, &account, &wanted, cx).await?;
    if challenge.purpose.factor().is_some() {
        return number_enrollment(&account, challenge, &to, cx);
    }
    let methods = factor::methods(&user, &account, cx);
    let answer = challenge::answer(&account, challenge, Method::from(to.channel), methods, cx)?;
    Ok(if takes_trust { answer } else { answer.without_trust() })
}

/// Where a further code is wanted, and why there.
pub(super) struct Wanted<'a> {
    pub channel: Option<Channel>,
    pub factor: Option<&'a FactorId>,
    pub choice: Choice,
}

/// A further code that was sent.
pub(super) struct Further {
    user: User,
    account: Account,
    to: Destination,
    /// Whether a browser that is trusted after it would be of any use.
    takes_trust: bool,
}

/// Sends a further code for a challenge that is open, if what the challenge is founded on still stands.
///
/// # Errors
/// As [`resend`].
pub(super) async fn send_further(
    challenge: &Challenge,
    account: &Account,
    wanted: &Wanted<'_>,
    cx: &Context,
) -> Result<Further, Refusal> {
    let user = cx.load_user(&challenge.user).await?.ok_or(Refusal::ChallengeUnknown)?;
    let mut takes_trust = true;
    let to = if let Some(factor) = challenge.purpose.factor() {
        check_ground(challenge, account, cx).await?;
        match mailbox::enrolling(factor, &user, account, cx) {
            Some(_) if wanted.channel.is_some_and(Channel::is_to_number) => return Err(Refusal::NoFactor),
            Some(to) => {
                mailbox::check(account, cx)?;
                to
            }
            None => {
                let number = factor::number_enrolling(factor, account, cx)?;
                number.by(channel_of(wanted, challenge, account, cx)?)
            }
        }
    } else {
        if let Purpose::SignIn { provider } = &challenge.purpose {
            // A step-up is within a session that Parse has opened. Its rules are about signing in.
            let LetIn { basis, .. } = check_sign_in(&user.id, provider.as_ref(), cx).await?;
            challenge::check_basis(challenge, &basis, cx)?;
            takes_trust = cx.requirement_of(&user.id, Route::Login).await? != Require::Always;
        }
        let to = destination(wanted, challenge, &user, account, cx)?;
        if factor::passkey::withholds_codes(account, cx) {
            return Err(Refusal::NoFactor);
        }
        to
    };
    let account = challenge::send_next_code(&user, account, challenge, (&to, wanted.choice), cx).await?;
    Ok(Further { user, account, to, takes_trust })
}

/// Where the code goes: where the client says, or else where the code before it went, or else where a first one would go.
fn destination(
    wanted: &Wanted<'_>,
    challenge: &Challenge,
    user: &User,
    account: &Account,
    cx: &Context,
) -> Result<Destination, Refusal> {
    let before = cx.view(account).current_code(&challenge.id);
    let by_mail = match (wanted.channel, wanted.factor) {
        (Some(channel), _) => channel == Channel::Email,
        (None, Some(factor)) => mailbox::is_one(factor, account),
        (None, None) => before.is_some_and(|code| cx.view(account).channel_of(code) == Channel::Email),
    };
    if by_mail {
        let to = mailbox::destination(user, account, cx)?;
        return match wanted.factor.is_none_or(|factor| *factor == to.factor) {
            true => Ok(to),
            false => Err(Refusal::NoFactor),
        };
    }
    let number = match (wanted.factor, before.and_then(|code| code.factor.as_ref())) {
        (Some(factor), _) => factor::number_with(factor, user, account, cx)?,
        (None, Some(before)) => {
            let same = factor::number_with(before, user, account, cx);
            same.or_else(|_| factor::number_of(user, account, cx))?
        }
        (None, None) => factor::number_of(user, account, cx)?,
    };
    Ok(number.by(channel_of(wanted, challenge, account, cx)?))
}

/// How a code to a number travels: as the client says, or else as the code before it, or else as a first one would.
fn channel_of(wanted: &Wanted<'_>, challenge: &Challenge, account: &Account, cx: &Context) -> Result<Channel, Refusal> {
    let view = cx.view(account);
    let before = view.current_code(&challenge.id).map(|code| view.channel_of(code));
    let is_good = |channel: &Channel| channel.is_to_number() && cx.policy().channels.has(*channel);
    match wanted.channel.or(before.filter(is_good)) {
        Some(Channel::Email) => Err(Refusal::NoFactor),
        Some(channel) => Ok(channel),
        None => channel::first(cx),
    }
}
