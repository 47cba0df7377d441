//! Looks at a code, and lets one claim through.

use crate::account::{Account, Attempt, Challenge, Method, Purpose, RecoveryCode, Redemption, UsedStep};
use crate::begin;
use crate::ceremony::Ceremony;
use crate::change::{Change, SetOp};
use crate::event::What;
use crate::factors;
use crate::recovery_code;
use crate::refusal::Refusal;
use crate::totp;
use subtle::ConstantTimeEq;

/// Whose challenge is answered, for what, with which code.
pub(crate) struct Proof<'a> {
    pub account: &'a str,
    pub challenge: &'a str,
    pub purpose: Purpose,
    /// The caller's session, for purposes that are bound to one.
    pub session: Option<&'a str>,
    /// The method the client names; without it the code may be the one that was sent, or an authenticator app's.
    pub method: Option<Method>,
    pub code: &'a str,
}

/// A code that matched, not claimed yet.
pub(crate) struct Matched {
    /// As it was when the code was looked at.
    pub account: Account,
    pub challenge: Challenge,
    used: Used,
}

/// What a code that matched uses up beside its challenge.
enum Used {
    Sms,
    Totp(UsedStep),
    Recovery(RecoveryCode),
}

impl Matched {
    pub fn method(&self) -> Method {
        match self.used {
            Used::Sms => Method::Sms,
            Used::Totp(_) => Method::Totp,
            Used::Recovery(_) => Method::Recovery,
        }
    }
}

/// Counts the attempt, then compares. The count comes first because the comparison's answer is what an attacker buys with it:
/// of any number of parallel guesses no more are looked at than a challenge has attempts.
///
/// # Errors
/// [`Refusal::WrongCode`], with the attempt counted. [`Refusal::ChallengeUnknown`], [`Refusal::CodeExpired`],
/// [`Refusal::TooManyWrongCodes`], [`Refusal::Disabled`], [`Refusal::NoFactor`]: nothing was compared and nothing counts.
pub(crate) async fn attempt(proof: &Proof<'_>, c: &Ceremony) -> Result<Matched, Refusal> {
    let mine = Attempt { challenge: proof.challenge.to_owned(), nonce: c.random_id::<6>() };
    let count = Change { challenges: SetOp::add([mine.clone()]), ..Change::default() };
    let account = c.update_account(proof.account, count).await?;
    let account = account.ok_or(Refusal::ChallengeUnknown)?;

    let compared = admit(proof, &account, c).and_then(|challenge| {
        let used = compare(proof, challenge, &account, c)?;
        Ok((challenge.clone(), used))
    });
    match compared {
        Ok((challenge, used)) => Ok(Matched { account, challenge, used }),
        Err(refusal) => {
            if refusal != Refusal::WrongCode {
                let take_back = Change { challenges: SetOp::remove([mine]), ..Change::default() };
                c.withdraw(proof.account, take_back).await;
            }
            // What costs no attempt can be had without end, and the trail stays; but of a key that is missing the operator has to hear.
            let is_told = matches!(refusal, Refusal::WrongCode | Refusal::NotConfigured(_));
            if let Some(challenge) = account.challenge(proof.challenge).filter(|_| is_told) {
                let user = &challenge.user;
                c.record(What::CodeRefused, user, proof.method, None, refusal.code()).await;
                if refusal == Refusal::WrongCode && account.is_disabled(c.policy()) {
                    let outcome = Refusal::Disabled.code();
                    c.record(What::FactorDisabled, user, None, None, outcome).await;
                }
            }
            Err(refusal)
        }
    }
}

/// Whether the attempt, which the row counts already, may be looked at.
fn admit<'a>(proof: &Proof<'_>, account: &'a Account, c: &Ceremony) -> Result<&'a Challenge, Refusal> {
    let challenge = account
        .challenge(proof.challenge)
        .filter(|ch| ch.purpose == proof.purpose && ch.session.as_deref() == proof.session)
        .ok_or(Refusal::ChallengeUnknown)?;
    check_open(challenge, account, 1, c)?;
    Ok(challenge)
}

/// Checks that a challenge can still be answered. Of its attempts, `own` are the caller's and do not stand in its way.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] once it is redeemed, [`Refusal::TooManyWrongCodes`], [`Refusal::Disabled`],
/// [`Refusal::CodeExpired`].
pub(crate) fn check_open(challenge: &Challenge, account: &Account, own: u32, c: &Ceremony) -> Result<(), Refusal> {
    let policy = c.policy();
    if account.is_redeemed(&challenge.id) {
        return Err(Refusal::ChallengeUnknown);
    }
    if account.attempts_on(&challenge.id).saturating_sub(own) >= policy.limits.attempts {
        return Err(Refusal::TooManyWrongCodes);
    }
    if account.failures(policy).saturating_sub(own) >= policy.limits.failures {
        return Err(Refusal::Disabled);
    }
    if c.now() >= account.expiry(challenge, policy) {
        return Err(Refusal::CodeExpired);
    }
    Ok(())
}

/// Compares the code by the method that the client names. Without one it is compared with the code that was sent, and then with an
/// authenticator app's: whoever has the password can have a code sent for a challenge, and that must not turn the owner's app away.
fn compare(proof: &Proof<'_>, challenge: &Challenge, account: &Account, c: &Ceremony) -> Result<Used, Refusal> {
    let by = |method| compare_by(method, proof, challenge, account, c);
    match proof.method {
        Some(method) => by(method),
        None if account.current_code(&challenge.id, c.policy()).is_none() => by(Method::Totp),
        // What the app's code lacks, a factor or its key, is not what the answer is about.
        None => by(Method::Sms).or_else(|refusal| by(Method::Totp).map_err(|_| refusal)),
    }
}

fn compare_by(
    method: Method,
    proof: &Proof<'_>,
    challenge: &Challenge,
    account: &Account,
    c: &Ceremony,
) -> Result<Used, Refusal> {
    match method {
        Method::Sms => {
            let sent = account.current_code(&challenge.id, c.policy()).ok_or(Refusal::NoFactor)?;
            let presented = begin::hash(&account.id, challenge, proof.code, c).ok_or(Refusal::ChallengeUnknown)?;
            if !bool::from(presented.as_bytes().ct_eq(sent.hash.as_bytes())) {
                return Err(Refusal::WrongCode);
            }
            Ok(Used::Sms)
        }
        Method::Totp => match_totp(proof, challenge, account, c).map(Used::Totp),
        Method::Recovery if challenge.purpose == Purpose::Enrolment || account.recovery_codes.is_empty() => {
            Err(Refusal::NoFactor)
        }
        Method::Recovery => {
            let found = recovery_code::find(proof.code, account, c.keys());
            found.map(Used::Recovery).ok_or_else(|| unmatched(account, c))
        }
    }
}

/// What a recovery code that matches nothing is: wrong, unless one that it could be stands under a key that left the ring.
fn unmatched(account: &Account, c: &Ceremony) -> Refusal {
    let is_held = |kid: &str| c.keys().ids().any(|held| held == kid);
    if account.recovery_codes.iter().all(|code| is_held(&code.kid)) {
        return Refusal::WrongCode;
    }
    Refusal::NotConfigured(
        "Recovery codes were made with a key that is not in TWO_FACTOR_KEYS: the operator has to put it back.".into(),
    )
}

/// The step of a TOTP factor that the code is for, if that step is later than every one used before (RFC 6238 §5.2).
fn match_totp(proof: &Proof<'_>, challenge: &Challenge, account: &Account, c: &Ceremony) -> Result<UsedStep, Refusal> {
    let candidates: Vec<_> = match &challenge.factor {
        Some(enrolling) => account.factors.iter().filter(|f| f.id == *enrolling).collect(),
        None => account.confirmed_factors().collect::<Vec<_>>(),
    };
    let mut unreadable = None;
    let mut any = false;
    for factor in candidates.iter().filter(|f| f.method == Method::Totp) {
        any = true;
        let secret = match factors::open_secret(factor, &account.id, c.keys()) {
            Ok(secret) => secret,
            Err(refusal) => {
                unreadable = Some(refusal);
                continue;
            }
        };
        let seconds = c.now() / 1000;
        let window = u64::from(c.policy().limits.totp_window);
        let last = account.last_step(&factor.id);
        if let Some(step) = totp::check(&secret, proof.code, seconds, window)
            && last.is_none_or(|last| step > last)
        {
            let factor = factor.id.clone();
            return Ok(UsedStep { factor, step });
        }
    }
    Err(match unreadable {
        Some(refusal) => refusal,
        None if any => Refusal::WrongCode,
        None => Refusal::NoFactor,
    })
}

/// Claims the challenge for a code that matched. One claim wins, whatever is tried at once on however many nodes; with it the
/// failures in a row are over, and what hangs on an older key is sealed anew. With the failures go the challenges they were made on:
/// none of them gets new attempts.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] for everyone but the first, and for what was voided since the code was looked at.
pub(crate) async fn claim(matched: &Matched, c: &Ceremony) -> Result<Account, Refusal> {
    let policy = c.policy();
    let account = &matched.account;
    let (totp, recovery_code) = match &matched.used {
        Used::Sms => (None, None),
        Used::Totp(step) => (Some(step.clone()), None),
        Used::Recovery(code) => (None, Some(code.clone())),
    };
    let redemption = Redemption {
        challenge: matched.challenge.id.clone(),
        nonce: c.random_id::<6>(),
        at: c.now(),
        totp,
        recovery_code: recovery_code.clone(),
        factor: matched.challenge.factor.clone(),
    };
    let (stale, codes) = account.stale(policy, c.now());
    let is_over = |ch: &&Challenge| ch.id == matched.challenge.id || account.attempts_on(&ch.id) > 0;
    let over = account.challenges.iter().filter(is_over).cloned();
    let change = Change {
        challenges: SetOp::remove(stale).and(over).and(codes).and(account.attempts.clone()),
        redemptions: SetOp::add([redemption.clone()]),
        authenticators: SetOp::remove(recovery_code),
    };
    let after = c.update_account(&account.id, change).await?;
    let after = after.ok_or(Refusal::ChallengeUnknown)?;
    let is_void = after.is_voided_since(account, matched.challenge.session.as_deref());
    if is_void || !after.has_won(&redemption.nonce) {
        return Err(Refusal::ChallengeUnknown);
    }
    if matched.method() == Method::Recovery {
        let left = format!("{} left", after.recovery_codes.len());
        let user = &matched.challenge.user;
        c.record(What::RecoveryCodeUsed, user, Some(Method::Recovery), Some(left), 0).await;
    }
    factors::reseal(&after, c).await;
    Ok(after)
}
