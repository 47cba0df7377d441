//! Looks at a response: counts the attempt, then compares.

use super::issue;
use super::presented::Presented;
use crate::account::{
    Account, Attempt, Challenge, FactorKind, Purpose, PurposeName, RowUpdate, SetOp, Spent, UsedStep,
};
use crate::context::Context;
use crate::factor::passkey::{self, Unverified};
use crate::factor::webauthn::Credential;
use crate::factor::{self, recovery, totp};
use crate::id::{AccountId, ChallengeId, Nonce, SessionHash};
use crate::wire::{EventKind, Method, Refusal};
use subtle::ConstantTimeEq;

/// A response, and the challenge that it answers.
pub(crate) struct Answered<'a> {
    pub account: &'a AccountId,
    pub challenge: &'a ChallengeId,
    pub purpose: PurposeName,
    /// The caller's session, for purposes that are bound to one.
    pub session: Option<&'a SessionHash>,
    pub response: &'a Presented<'a>,
}

/// A response that was right. It opens nothing before [`super::claim`] has used it up.
#[must_use = "claim() it"]
pub(crate) struct Verified {
    /// The row as it was when the response was looked at.
    pub account: Account,
    pub challenge: Challenge,
    pub(super) spent: Spent,
    /// What a passkey's enrollment made.
    pub registered: Option<Credential>,
    /// Of a passkey, for the trail: its name, and whether it verified its user.
    pub(super) about: Option<String>,
}

impl Verified {
    /// The method of the response.
    pub(crate) fn method(&self) -> Method {
        match self.spent {
            Spent::Assertion(_) => Method::Webauthn,
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
/// [`Refusal::WrongCode`] and [`Refusal::WrongCredential`], with the attempt counted. [`Refusal::ChallengeUnknown`], [`Refusal::CodeExpired`],
/// [`Refusal::TooManyWrongCodes`], [`Refusal::Disabled`], [`Refusal::NoFactor`]: nothing was compared and nothing counts.
pub(crate) async fn verify(answered: &Answered<'_>, cx: &Context) -> Result<Verified, Refusal> {
    let attempt = Attempt {
        challenge: answered.challenge.clone(),
        nonce: Nonce::from(cx.random_id::<6>()),
        passkey: answered.response.method() == Some(Method::Webauthn),
    };
    let count = RowUpdate::challenges(SetOp::add([attempt.clone()]));
    let tentative = cx.propose(answered.account, count, Refusal::ChallengeUnknown).await?;
    let row = tentative.row();
    let compared = admit(answered, &attempt, row, cx).and_then(|challenge| {
        let right = compare(answered.response, challenge, row, cx)?;
        Ok((challenge.clone(), right))
    });
    let refusal = match compared {
        Ok((challenge, Right { spent, registered, about })) => {
            return Ok(Verified { account: tentative.keep(), challenge, spent, registered, about });
        }
        Err(refusal) => refusal,
    };
    let challenge = row.challenge(answered.challenge).cloned();
    let is_disabled = cx.view(row).is_disabled();
    if matches!(refusal, Refusal::WrongCode | Refusal::WrongCredential { .. }) {
        tentative.keep();
    } else {
        tentative.take_back().await;
    }
    if let Some(challenge) = challenge {
        record(&refusal, &challenge, answered.response.method(), is_disabled, cx).await;
    }
    Err(refusal)
}

/// Tells the trail of a refusal. Refusals that cost no attempt can be repeated without limit and the trail grows with each, so they are not
/// recorded. A missing key is: the operator must learn of it.
async fn record(refusal: &Refusal, challenge: &Challenge, method: Option<Method>, is_disabled: bool, cx: &Context) {
    if let Refusal::WrongOrigin(origin) = refusal {
        passkey::record_origin(origin, challenge, cx).await;
    }
    let is_wrong = *refusal == Refusal::WrongCode;
    if is_wrong || matches!(refusal, Refusal::WrongCredential { .. } | Refusal::NotConfigured(_)) {
        cx.record(&challenge.user, EventKind::CodeRefused { method, code: refusal.code() }).await;
    }
    if is_wrong && is_disabled {
        cx.record(&challenge.user, EventKind::FactorDisabled).await;
    }
}

/// Whether the attempt, which the row counts already, may be looked at.
fn admit<'a>(
    answered: &Answered<'_>,
    attempt: &Attempt,
    row: &'a Account,
    cx: &Context,
) -> Result<&'a Challenge, Refusal> {
    let is_for = |challenge: &&Challenge| {
        challenge.purpose.name() == answered.purpose && challenge.purpose.session() == answered.session
    };
    let challenge = row.challenge(answered.challenge).filter(is_for).ok_or(Refusal::ChallengeUnknown)?;
    check_open(challenge, row, Some(attempt), cx)?;
    Ok(challenge)
}

/// Checks that a challenge can still be answered. The caller's own attempt does not stand in its way. A row of failures does not stand in a
/// passkey's way: nobody can guess a signature, and whoever is locked out by guesses of others gets in with it.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] once it is claimed, [`Refusal::TooManyWrongCodes`], [`Refusal::Disabled`], [`Refusal::CodeExpired`].
pub(crate) fn check_open(
    challenge: &Challenge,
    row: &Account,
    attempt: Option<&Attempt>,
    cx: &Context,
) -> Result<(), Refusal> {
    let (view, limits) = (cx.view(row), cx.limits());
    let own = u32::from(attempt.is_some());
    let is_passkey = attempt.is_some_and(|attempt| attempt.passkey);
    if row.is_claimed(&challenge.id) {
        return Err(Refusal::ChallengeUnknown);
    }
    if view.attempts_on(&challenge.id).saturating_sub(own) >= limits.attempts {
        return Err(Refusal::TooManyWrongCodes);
    }
    if !is_passkey && view.failures().saturating_sub(own) >= limits.failures {
        return Err(Refusal::Disabled);
    }
    if cx.now() >= view.expiry(challenge) {
        return Err(Refusal::CodeExpired);
    }
    Ok(())
}

/// What a right response says.
struct Right {
    spent: Spent,
    registered: Option<Credential>,
    about: Option<String>,
}

/// Compares a code, or verifies what a passkey made.
fn compare(response: &Presented<'_>, challenge: &Challenge, row: &Account, cx: &Context) -> Result<Right, Refusal> {
    let wrong = |unverified| match unverified {
        Unverified::Refused(refusal) => refusal,
        Unverified::Wrong => {
            let left = cx.limits().attempts.saturating_sub(cx.view(row).attempts_on(&challenge.id));
            Refusal::WrongCredential { left }
        }
    };
    match response {
        Presented::Code { code, method } => {
            let spent = compare_code(code, *method, challenge, row, cx)?;
            Ok(Right { spent, registered: None, about: None })
        }
        Presented::Registration(registration) => {
            let credential = passkey::register(registration, challenge, row, cx).map_err(wrong)?;
            let factor = challenge.purpose.factor().ok_or(Refusal::ChallengeUnknown)?;
            Ok(Right { spent: Spent::Assertion(factor.clone()), registered: Some(credential), about: None })
        }
        Presented::Assertion(assertion) => {
            let asserted = passkey::assert(assertion, challenge, row, cx).map_err(wrong)?;
            let about = asserted.about();
            Ok(Right { spent: Spent::Assertion(asserted.factor.id), registered: None, about: Some(about) })
        }
    }
}

/// Compares the code by the method that the client names. Without one it is compared with the code that was sent, and then with an
/// authenticator app's: whoever has the password can have a code sent for a challenge, and that must not turn the owner's app away.
fn compare_code(
    code: &str,
    method: Option<Method>,
    challenge: &Challenge,
    row: &Account,
    cx: &Context,
) -> Result<Spent, Refusal> {
    let by = |method| compare_by(method, code, challenge, row, cx);
    match method {
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
    let is_enrollment = challenge.purpose.name() == PurposeName::Enrollment;
    match method {
        // A passkey answers with a credential.
        Method::Webauthn => Err(Refusal::NoFactor),
        Method::Sms | Method::Totp if !is_enrollment && passkey::withholds_codes(row, cx) => Err(Refusal::NoFactor),
        Method::Sms => {
            let sent = cx.view(row).current_code(&challenge.id).ok_or(Refusal::NoFactor)?;
            let presented = issue::hash(&row.id, challenge, code, cx).ok_or(Refusal::ChallengeUnknown)?;
            match bool::from(presented.as_bytes().ct_eq(sent.hash.as_bytes())) {
                true => Ok(Spent::SentCode),
                false => Err(Refusal::WrongCode),
            }
        }
        Method::Totp => match_step(code, challenge, row, cx).map(Spent::Step),
        Method::Recovery if is_enrollment => Err(Refusal::NoFactor),
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
        Purpose::SignIn { .. } | Purpose::StepUp { .. } => row.confirmed_factors().collect::<Vec<_>>(),
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
