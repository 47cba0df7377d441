//! Looks at a response: counts the attempt, then compares.

use super::issue;
use super::presented::Presented;
use crate::account::{
    Account, Attempt, Challenge, FactorKind, Purpose, PurposeName, RecoveryCode, RowUpdate, SetOp, Spent, UsedStep,
};
use crate::context::Context;
use crate::factor::passkey::{self, Unverified};
use crate::factor::webauthn::Credential;
use crate::factor::{self, mailbox, recovery, totp};
use crate::id::{ChallengeId, SessionHash};
use crate::policy::Channel;
use crate::wire::{EventKind, Method, Refusal};
use subtle::ConstantTimeEq;

/// A response, and the challenge that it answers.
pub(crate) struct Answered<'a> {
    /// The row as it was read. What it refuses already is refused without a write.
    pub account: &'a Account,
    pub challenge: &'a ChallengeId,
    pub purpose: PurposeName,
    /// The caller's session, for purposes that are bound to one.
    pub session: Option<&'a SessionHash>,
    pub response: &'a Presented<'a>,
    /// Whether the client answers a token of ours. A wrong code in the tutorial's call has a code and a text of its own.
    pub by_token: bool,
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
    /// The method of the response. Of a code that was sent, the one that it went by.
    pub(super) method: Method,
    /// Of a passkey, for the trail: its name, and whether it verified its user.
    pub(super) about: Option<String>,
}

/// Looks at the row, counts the attempt, looks at the row right after that, then compares.
///
/// The first look keeps whoever has old tokens from writing: their attempts would disable the owner's factor until they are taken back, and
/// for good if the process dies first. The second look decides. The count comes before the comparison because an attacker guesses to learn
/// the comparison's answer: of any number of parallel guesses no more are looked at than a challenge has attempts.
///
/// # Errors
/// [`Refusal::WrongCode`], [`Refusal::WrongAnswer`] and [`Refusal::WrongCredential`], with the attempt counted. [`Refusal::CodeUsed`], which does not count.
/// [`Refusal::ChallengeUnknown`], [`Refusal::CodeExpired`], [`Refusal::TooManyWrongCodes`], [`Refusal::Disabled`], [`Refusal::NoFactor`]:
/// nothing was compared and nothing counts.
pub(crate) async fn verify(answered: &Answered<'_>, cx: &Context) -> Result<Verified, Refusal> {
    let challenge = admit(answered, answered.account, 0, cx)?;
    if is_used_up(answered.response, challenge, answered.account, cx) {
        return Err(Refusal::CodeUsed);
    }
    let can_be_guessed = answered.response.can_be_guessed();
    let attempt = Attempt { challenge: answered.challenge.clone(), nonce: cx.nonce(), unguessable: !can_be_guessed };
    let count = RowUpdate::challenges(SetOp::add([attempt]));
    let tentative = cx.propose(&answered.account.id, count, Refusal::ChallengeUnknown).await?;
    let row = tentative.row();
    let compared = admit(answered, row, 1, cx).and_then(|challenge| {
        let right = compare(answered.response, challenge, row, cx)?;
        Ok((challenge.clone(), right))
    });
    let refusal = match compared {
        Ok((challenge, Right { spent, registered, about })) => {
            let account = tentative.keep();
            let method = method_of(&spent, &challenge, &account, cx);
            return Ok(Verified { account, challenge, spent, registered, method, about });
        }
        Err(Refusal::WrongCode) if answered.by_token => {
            Refusal::WrongAnswer { left: cx.view(row).attempts_left(answered.challenge, can_be_guessed) }
        }
        Err(refusal) => refusal,
    };
    let challenge = row.challenge(answered.challenge).cloned();
    let is_disabled = can_be_guessed && cx.view(row).is_disabled();
    if matches!(refusal, Refusal::WrongCode | Refusal::WrongAnswer { .. } | Refusal::WrongCredential { .. }) {
        tentative.keep();
    } else {
        tentative.take_back().await;
    }
    if let Some(challenge) = challenge {
        record(&refusal, &challenge, answered.response.method(), is_disabled, cx).await;
    }
    Err(refusal)
}

/// The method of a right response.
fn method_of(spent: &Spent, challenge: &Challenge, account: &Account, cx: &Context) -> Method {
    let view = cx.view(account);
    match spent {
        Spent::Assertion(_) => Method::Webauthn,
        Spent::SentCode => view.current_code(&challenge.id).map_or(Method::Sms, |code| view.channel_of(code).into()),
        Spent::Step(_) => Method::Totp,
        Spent::RecoveryCode(_) => Method::Recovery,
    }
}

/// Tells the trail of a refusal. Refusals that cost no attempt can be repeated without limit and the trail grows with each, so they are not
/// recorded. A missing key is: the operator must learn of it.
async fn record(refusal: &Refusal, challenge: &Challenge, method: Option<Method>, is_disabled: bool, cx: &Context) {
    if let Refusal::WrongOrigin(origin) = refusal {
        passkey::record_origin(origin, challenge, cx).await;
    }
    let is_wrong = matches!(refusal, Refusal::WrongCode | Refusal::WrongAnswer { .. });
    if is_wrong || matches!(refusal, Refusal::WrongCredential { .. } | Refusal::NotConfigured(_)) {
        cx.record(&challenge.user, EventKind::CodeRefused { method, code: refusal.code() }).await;
    }
    if is_wrong && is_disabled {
        cx.record(&challenge.user, EventKind::FactorDisabled).await;
    }
}

/// Whether the response may be looked at. Of the attempts in the row, `own` are the caller's.
fn admit<'a>(answered: &Answered<'_>, row: &'a Account, own: u32, cx: &Context) -> Result<&'a Challenge, Refusal> {
    let is_for = |challenge: &&Challenge| {
        challenge.purpose.name() == answered.purpose && challenge.purpose.session() == answered.session
    };
    let challenge = row.challenge(answered.challenge).filter(is_for).ok_or(Refusal::ChallengeUnknown)?;
    check_open(challenge, row, own, answered.response.can_be_guessed(), cx)?;
    Ok(challenge)
}

/// Checks that a challenge can still be answered. Of its attempts, `own` are the caller's and do not stand in its way. Failures in a row
/// stand in the way of what can be guessed alone, so that whoever is locked out by guesses of others gets in with a passkey or a recovery
/// code.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] once it is claimed, [`Refusal::TooManyWrongCodes`], [`Refusal::Disabled`], [`Refusal::CodeExpired`].
pub(crate) fn check_open(
    challenge: &Challenge,
    row: &Account,
    own: u32,
    can_be_guessed: bool,
    cx: &Context,
) -> Result<(), Refusal> {
    let (view, limits) = (cx.view(row), cx.limits());
    if row.is_claimed(&challenge.id) {
        return Err(Refusal::ChallengeUnknown);
    }
    if view.attempts_on(&challenge.id).saturating_sub(own) >= limits.attempts {
        return Err(Refusal::TooManyWrongCodes);
    }
    if can_be_guessed && view.failures().saturating_sub(own) >= limits.failures {
        return Err(Refusal::Disabled);
    }
    if cx.now() >= view.expiry(challenge) {
        return Err(Refusal::CodeExpired);
    }
    Ok(())
}

/// Whether this is a code of an authenticator app that was used before. That tells nobody anything about the code which is good now, so it
/// costs no attempt, and a read of the row is enough to say so.
pub(super) fn is_used_up(response: &Presented<'_>, challenge: &Challenge, row: &Account, cx: &Context) -> bool {
    match response {
        Presented::Code { code, method } => compare_code(code, *method, challenge, row, cx) == Err(Refusal::CodeUsed),
        Presented::RecoveryCode(_) | Presented::Registration(_) | Presented::Assertion(_) => false,
    }
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
        Unverified::Wrong => Refusal::WrongCredential { left: cx.view(row).attempts_left(&challenge.id, false) },
    };
    match response {
        Presented::Code { code, method } => {
            let spent = compare_code(code, *method, challenge, row, cx)?;
            Ok(Right { spent, registered: None, about: None })
        }
        Presented::RecoveryCode(code) => {
            let spent = Spent::RecoveryCode(compare_recovery_code(code, row, cx)?);
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
        // If both fail, report the refusal of the sent code: the client was sent one and answers that. But what an app showed before is
        // no answer to that.
        None => by(Method::Sms).or_else(|refusal| {
            by(Method::Totp).map_err(|other| if other == Refusal::CodeUsed { other } else { refusal })
        }),
    }
}

fn compare_by(
    method: Method,
    code: &str,
    challenge: &Challenge,
    row: &Account,
    cx: &Context,
) -> Result<Spent, Refusal> {
    let is_enrollment = challenge.purpose.name().is_enrollment();
    match method {
        // A passkey answers with a credential, and a recovery code is recognized as one. Neither confirms an app or a number.
        Method::Webauthn | Method::Recovery => Err(Refusal::NoFactor),
        Method::Sms | Method::Call | Method::Whatsapp | Method::Email | Method::Totp
            if !is_enrollment && passkey::withholds_codes(row, cx) =>
        {
            Err(Refusal::NoFactor)
        }
        // Whichever way it went: the person has the code, and the client may not know.
        Method::Sms | Method::Call | Method::Whatsapp | Method::Email => {
            let sent = cx.view(row).current_code(&challenge.id).ok_or(Refusal::NoFactor)?;
            if cx.view(row).channel_of(sent) == Channel::Email {
                mailbox::check(row, cx)?;
            }
            let presented = issue::hash(&row.id, challenge, code, cx).ok_or(Refusal::ChallengeUnknown)?;
            match bool::from(presented.as_bytes().ct_eq(sent.hash.as_bytes())) {
                true => Ok(Spent::SentCode),
                false => Err(Refusal::WrongCode),
            }
        }
        Method::Totp => match_step(code, challenge, row, cx).map(Spent::Step),
    }
}

/// The recovery code of the account that this is. If a stored one was hashed under a key that left the ring, nobody can call this one wrong.
fn compare_recovery_code(code: &str, row: &Account, cx: &Context) -> Result<RecoveryCode, Refusal> {
    if row.recovery_codes.is_empty() {
        return Err(Refusal::NoFactor);
    }
    let is_readable = || row.recovery_codes.iter().all(|code| cx.keys().holds(&code.kid));
    match recovery::find(code, row, cx.keys()) {
        Some(found) => Ok(found),
        None if is_readable() => Err(Refusal::WrongCode),
        None => Err(Refusal::NotConfigured(
            "Recovery codes were made with a key that is not in TWO_FACTOR_KEYS: the operator has to put it back."
                .into(),
        )),
    }
}

/// The step of an authenticator app that the code is for, if that step is later than every one used before (RFC 6238 §5.2).
fn match_step(code: &str, challenge: &Challenge, row: &Account, cx: &Context) -> Result<UsedStep, Refusal> {
    let candidates: Vec<_> = match &challenge.purpose {
        Purpose::Enrollment { factor, .. } | Purpose::SignInEnrollment { factor, .. } => {
            row.factors.iter().filter(|known| known.id == *factor).collect()
        }
        Purpose::SignIn { .. } | Purpose::StepUp { .. } => row.confirmed_factors().collect::<Vec<_>>(),
    };
    let mut refusal = Refusal::NoFactor;
    for factor in candidates.iter().filter(|factor| factor.kind == FactorKind::Totp) {
        let secret = match factor::open_secret(factor, &row.id, cx.keys()) {
            Ok(secret) => secret,
            Err(unreadable) => {
                if refusal != Refusal::CodeUsed {
                    refusal = unreadable;
                }
                continue;
            }
        };
        if refusal == Refusal::NoFactor {
            refusal = Refusal::WrongCode;
        }
        let window = u64::from(cx.limits().totp_window);
        let last = cx.view(row).last_step(&factor.id);
        match totp::check(&secret, code, cx.now().as_seconds(), window) {
            Some(step) if last.is_none_or(|last| step > last) => {
                return Ok(UsedStep { factor: factor.id.clone(), step });
            }
            Some(_) => refusal = Refusal::CodeUsed,
            None => {}
        }
    }
    Err(refusal)
}
