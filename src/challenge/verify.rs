//! Looks at a response: counts the attempt, then compares.

use super::issue;
use crate::account::{
    Account, Attempt, Challenge, FactorKind, Purpose, PurposeName, RowUpdate, SetOp, Spent, UsedStep,
};
use crate::context::Context;
use crate::factor::{self, recovery, totp};
use crate::id::{AccountId, ChallengeId, Nonce, SessionHash};
use crate::wire::{EventKind, Method, Refusal, Response};
use subtle::ConstantTimeEq;

/// A response, and the challenge that it answers.
pub(crate) struct Answered<'a> {
    pub account: &'a AccountId,
    pub challenge: &'a ChallengeId,
    pub purpose: PurposeName,
    /// The caller's session, for purposes that are bound to one.
    pub session: Option<&'a SessionHash>,
    pub response: &'a Response,
}

/// A response that was right. It opens nothing before [`super::claim`] has used it up.
#[must_use = "claim() it"]
pub(crate) struct Verified {
    /// The row as it was when the response was looked at.
    pub account: Account,
    pub challenge: Challenge,
    pub(super) spent: Spent,
}

impl Verified {
    /// The method of the response.
    pub(crate) fn method(&self) -> Method {
        match self.spent {
            Spent::SentCode => Method::Sms,
            Spent::Step(_) => Method::Totp,
            Spent::RecoveryCode(_) => Method::Recovery,
        }
    }
}

/// Counts the attempt, then compares. The count comes first because an attacker guesses to learn the comparison's answer: of any number
/// of parallel guesses no more are looked at than a challenge has attempts.
///
/// # Errors
/// [`Refusal::WrongCode`], with the attempt counted. [`Refusal::ChallengeUnknown`], [`Refusal::CodeExpired`],
/// [`Refusal::TooManyWrongCodes`], [`Refusal::Disabled`], [`Refusal::NoFactor`]: nothing was compared and nothing counts.
pub(crate) async fn verify(answered: &Answered<'_>, cx: &Context) -> Result<Verified, Refusal> {
    let attempt = Attempt { challenge: answered.challenge.clone(), nonce: Nonce::from(cx.random_id::<6>()) };
    let count = RowUpdate::challenges(SetOp::add([attempt]));
    let tentative = cx.propose(answered.account, count, Refusal::ChallengeUnknown).await?;
    let row = tentative.row();
    let compared = admit(answered, row, cx).and_then(|challenge| {
        let spent = compare(answered.response, challenge, row, cx)?;
        Ok((challenge.clone(), spent))
    });
    let refusal = match compared {
        Ok((challenge, spent)) => return Ok(Verified { account: tentative.keep(), challenge, spent }),
        Err(refusal) => refusal,
    };
    let challenge = row.challenge(answered.challenge).cloned();
    let is_disabled = cx.view(row).is_disabled();
    if refusal == Refusal::WrongCode {
        tentative.keep();
    } else {
        tentative.take_back().await;
    }
    if let Some(challenge) = challenge {
        record(&refusal, &challenge, answered.response.method, is_disabled, cx).await;
    }
    Err(refusal)
}

/// Tells the trail of a refusal. Refusals that cost no attempt can be repeated without limit and the trail grows with each, so they are not
/// recorded. A missing key is: the operator must learn of it.
async fn record(refusal: &Refusal, challenge: &Challenge, method: Option<Method>, is_disabled: bool, cx: &Context) {
    let is_wrong = *refusal == Refusal::WrongCode;
    if is_wrong || matches!(refusal, Refusal::NotConfigured(_)) {
        cx.record(&challenge.user, EventKind::CodeRefused { method, code: refusal.code() }).await;
    }
    if is_wrong && is_disabled {
        cx.record(&challenge.user, EventKind::FactorDisabled).await;
    }
}

/// Whether the attempt, which the row counts already, may be looked at.
fn admit<'a>(answered: &Answered<'_>, row: &'a Account, cx: &Context) -> Result<&'a Challenge, Refusal> {
    let is_for = |challenge: &&Challenge| {
        challenge.purpose.name() == answered.purpose && challenge.purpose.session() == answered.session
    };
    let challenge = row.challenge(answered.challenge).filter(is_for).ok_or(Refusal::ChallengeUnknown)?;
    check_open(challenge, row, 1, cx)?;
    Ok(challenge)
}

/// Checks that a challenge can still be answered. Of its attempts, `own` are the caller's and do not stand in its way.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] once it is claimed, [`Refusal::TooManyWrongCodes`], [`Refusal::Disabled`], [`Refusal::CodeExpired`].
pub(crate) fn check_open(challenge: &Challenge, row: &Account, own: u32, cx: &Context) -> Result<(), Refusal> {
    let (view, limits) = (cx.view(row), cx.limits());
    if row.is_claimed(&challenge.id) {
        return Err(Refusal::ChallengeUnknown);
    }
    if view.attempts_on(&challenge.id).saturating_sub(own) >= limits.attempts {
        return Err(Refusal::TooManyWrongCodes);
    }
    if view.failures().saturating_sub(own) >= limits.failures {
        return Err(Refusal::Disabled);
    }
    if cx.now() >= view.expiry(challenge) {
        return Err(Refusal::CodeExpired);
    }
    Ok(())
}

/// Compares the code by the method that the client names. Without one it is compared with the code that was sent, and then with an
/// authenticator app's: whoever has the password can have a code sent for a challenge, and that must not turn the owner's app away.
fn compare(response: &Response, challenge: &Challenge, row: &Account, cx: &Context) -> Result<Spent, Refusal> {
    let by = |method| compare_by(method, &response.code, challenge, row, cx);
    match response.method {
        Some(method) => by(method),
        None if cx.view(row).current_code(&challenge.id).is_none() => by(Method::Totp),
        // If both fail, report the refusal of the sent code: the client was sent one and answers that.
        None => by(Method::Sms).or_else(|refusal| by(Method::Totp).map_err(|_| refusal)),
    }
}

fn compare_by(
    method: Method,
    code: &str,
    challenge: &Challenge,
    row: &Account,
    cx: &Context,
) -> Result<Spent, Refusal> {
    match method {
        Method::Sms => {
            let sent = cx.view(row).current_code(&challenge.id).ok_or(Refusal::NoFactor)?;
            let presented = issue::hash(&row.id, challenge, code, cx).ok_or(Refusal::ChallengeUnknown)?;
            match bool::from(presented.as_bytes().ct_eq(sent.hash.as_bytes())) {
                true => Ok(Spent::SentCode),
                false => Err(Refusal::WrongCode),
            }
        }
        Method::Totp => match_step(code, challenge, row, cx).map(Spent::Step),
        Method::Recovery if challenge.purpose.name() == PurposeName::Enrollment => Err(Refusal::NoFactor),
        Method::Recovery if row.recovery_codes.is_empty() => Err(Refusal::NoFactor),
        Method::Recovery => {
            let found = recovery::find(code, row, cx.keys());
            found.map(Spent::RecoveryCode).ok_or_else(|| unmatched(row, cx))
        }
    }
}

/// The refusal for a recovery code that matched nothing. If a stored code was hashed under a key that left the ring, nobody can call this
/// one wrong.
fn unmatched(row: &Account, cx: &Context) -> Refusal {
    if row.recovery_codes.iter().all(|code| cx.keys().holds(&code.kid)) {
        return Refusal::WrongCode;
    }
    Refusal::NotConfigured(
        "Recovery codes were made with a key that is not in TWO_FACTOR_KEYS: the operator has to put it back.".into(),
    )
}

/// The step of an authenticator app that the code is for, if that step is later than every one used before (RFC 6238 §5.2).
fn match_step(code: &str, challenge: &Challenge, row: &Account, cx: &Context) -> Result<UsedStep, Refusal> {
    let candidates: Vec<_> = match &challenge.purpose {
        Purpose::Enrollment { factor, .. } => row.factors.iter().filter(|known| known.id == *factor).collect(),
        Purpose::SignIn | Purpose::StepUp { .. } => row.confirmed_factors().collect::<Vec<_>>(),
    };
    let mut refusal = Refusal::NoFactor;
    for factor in candidates.iter().filter(|factor| factor.kind == FactorKind::Totp) {
        let secret = match factor::open_secret(factor, &row.id, cx.keys()) {
            Ok(secret) => secret,
            Err(unreadable) => {
                refusal = unreadable;
                continue;
            }
        };
        if refusal == Refusal::NoFactor {
            refusal = Refusal::WrongCode;
        }
        let window = u64::from(cx.limits().totp_window);
        let last = cx.view(row).last_step(&factor.id);
        if let Some(step) = totp::check(&secret, code, cx.now().as_seconds(), window)
            && last.is_none_or(|last| step > last)
        {
            return Ok(UsedStep { factor: factor.id.clone(), step });
        }
    }
    Err(refusal)
}
