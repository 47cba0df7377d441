//! Begins a challenge, or takes up the living one; sends its code.

use crate::account::{Account, Challenge, Factor, Method, Purpose, SentCode};
use crate::ceremony::{Answer, Ceremony};
use crate::challenge;
use crate::change::{Change, SetOp};
use crate::code;
use crate::effect::User;
use crate::event::What;
use crate::factors;
use crate::keys::Domain;
use crate::message;
use crate::phone::PhoneNumber;
use crate::refusal::Refusal;
use crate::window;
use zeroize::Zeroizing;

/// What is to be proven, and how.
pub(crate) struct Aim<'a> {
    pub user: &'a User,
    pub purpose: Purpose,
    pub session: Option<&'a str>,
    pub method: Option<Method>,
}

/// How long a call waits for others that lost the same race to withdraw: 40 times 50 ms.
const SETTLING: u32 = 40;

/// The challenge for this user and purpose. A living one is taken up again: within the resend time nothing is sent and
/// nothing changes, after it a new code is sent for the same challenge. So neither a reloaded page nor a restart gives anyone
/// more messages or more guesses. Of calls that race to create one, the first to reach the database wins; the others take up the
/// winner's.
///
/// # Errors
/// [`Refusal::Disabled`], [`Refusal::NoFactor`] for a method the user does not have, [`Refusal::PhoneUnusable`],
/// [`Refusal::TooMany`], [`Refusal::NotSent`].
pub(crate) async fn begin(aim: &Aim<'_>, account: Account, c: &Ceremony) -> Result<Answer, Refusal> {
    if account.is_disabled(c.policy()) {
        return Err(Refusal::Disabled);
    }
    let methods = factors::methods(aim.user, &account);
    let method = aim.method.or_else(|| methods.first().copied());
    let method = method.filter(|m| methods.contains(m)).ok_or(Refusal::NoFactor)?;
    let number = match method {
        Method::Sms => Some(factors::number(aim.user, &account, c)?),
        Method::Totp | Method::Recovery => None,
    };

    let is_new = account.alive(aim.purpose, aim.session, c.policy(), c.now()).next().is_none();
    let account = if is_new {
        let challenge = c.new_challenge(aim.purpose, &aim.user.id, aim.session);
        match create(&challenge, account, None, number.as_ref(), aim.user, c).await? {
            Created::Alone(account) => return answer(&account, &challenge, method, methods, c),
            Created::Beside(account) => account,
        }
    } else {
        account
    };
    let (account, challenge) = settle(aim, account, c).await?;
    let account = match &number {
        Some(number) => match send_next_code(aim.user, &account, &challenge, number, c).await {
            // Within the resend time the code that is under way is the answer.
            Err(Refusal::ResendTooSoon { .. }) => account,
            sent => sent?,
        },
        None => account,
    };
    answer(&account, &challenge, method, methods, c)
}

/// What [`create`] found when its challenge had reached the database.
pub(crate) enum Created {
    /// It is the only living one for its purpose and session.
    Alone(Account),
    /// Another one was there first; this one has been withdrawn.
    Beside(Account),
}

/// Creates a challenge, with its code if it goes to a number, and with the factor that an enrolment is for.
///
/// # Errors
/// [`Refusal::TooMany`] and [`Refusal::NotSent`], with everything withdrawn.
pub(crate) async fn create(
    challenge: &Challenge,
    account: Account,
    factor: Option<Factor>,
    number: Option<&PhoneNumber>,
    user: &User,
    c: &Ceremony,
) -> Result<Created, Refusal> {
    let policy = c.policy();
    let limit = policy.limits.codes_per_user;
    if account.begun_lately(policy, c.now()) >= limit {
        return Err(Refusal::TooMany);
    }
    let account = prune(account, c).await?;
    let drawn = number.map(|number| draw(&account.id, challenge, number, c));
    let drawn = drawn.transpose()?;
    let code = drawn.as_ref().map(|(sent, _)| sent.clone());
    let (redemptions, marks) = account.stale_redemptions(policy, c.now());
    let change = Change {
        challenges: SetOp::add([challenge.clone()]).and(code.clone()),
        redemptions: SetOp::remove(redemptions).and(marks),
        authenticators: SetOp::add(factor.clone()),
    };
    let after = c.update_account(&account.id, change).await?;
    let after = after.ok_or(Refusal::TryAgain)?;

    let withdrawal = Change {
        challenges: SetOp::remove([challenge.clone()]).and(code),
        authenticators: SetOp::remove(factor),
        ..Change::default()
    };
    let session = challenge.session.as_deref();
    let beside = challenge.purpose != Purpose::Enrolment
        && after.alive(challenge.purpose, session, policy, c.now()).any(|other| other.id != challenge.id);
    if beside {
        let after = c.update_account(&account.id, withdrawal).await?;
        return Ok(Created::Beside(after.ok_or(Refusal::TryAgain)?));
    }
    let delivered = if after.begun_lately(policy, c.now()) > limit {
        Err(Refusal::TooMany)
    } else if let (Some(number), Some((sent, code))) = (number, &drawn) {
        deliver(user, number, sent, code, c).await
    } else {
        Ok(())
    };
    if let Err(refusal) = delivered {
        c.withdraw(&account.id, withdrawal).await;
        return Err(refusal);
    }
    Ok(Created::Alone(after))
}

/// The living challenge. Where there are several, calls have raced and the losers have yet to withdraw theirs: it waits for that.
async fn settle(aim: &Aim<'_>, mut account: Account, c: &Ceremony) -> Result<(Account, Challenge), Refusal> {
    for round in 0..=SETTLING {
        let alive = || account.alive(aim.purpose, aim.session, c.policy(), c.now());
        // Where there is none the winner has withdrawn as well: its message could not be sent.
        let eldest = alive().min_by_key(|ch| (ch.at, &ch.id)).ok_or(Refusal::TryAgain)?;
        // A loser that died before it withdrew may stay; the eldest is as good a choice as any.
        if round == SETTLING || alive().count() == 1 {
            let eldest = eldest.clone();
            return Ok((account, eldest));
        }
        c.wait(50).await;
        account = c.load_account(&aim.user.id).await?.ok_or(Refusal::TryAgain)?;
    }
    Err(Refusal::TryAgain)
}

/// Sends a further code for a living challenge: the one before it is dead from then on, the attempts go on counting.
///
/// # Errors
/// [`Refusal::ResendTooSoon`] within the resend time, [`Refusal::TooMany`], [`Refusal::NotSent`].
pub(crate) async fn send_next_code(
    user: &User,
    account: &Account,
    challenge: &Challenge,
    number: &PhoneNumber,
    c: &Ceremony,
) -> Result<Account, Refusal> {
    let policy = c.policy();
    let limit = policy.limits.codes_per_user;
    if let Some(current) = account.current_code(&challenge.id, policy) {
        let seconds = resend_in(current, c);
        if seconds > 0 {
            return Err(Refusal::ResendTooSoon { seconds });
        }
    }
    if account.begun_lately(policy, c.now()) >= limit {
        return Err(Refusal::TooMany);
    }
    let (sent, code) = draw(&account.id, challenge, number, c)?;
    let add = Change { challenges: SetOp::add([sent.clone()]), ..Change::default() };
    let after = c.update_account(&account.id, add).await?;
    let after = after.ok_or(Refusal::ChallengeUnknown)?;

    let too_close = after.codes.iter().any(|other| {
        let due = other.at + 1000 * u64::from(policy.limits.resend_after);
        other.challenge == sent.challenge && other.nonce != sent.nonce && sent.at < due
    });
    let delivered = if too_close {
        let seconds = u64::from(policy.limits.resend_after);
        Err(Refusal::ResendTooSoon { seconds })
    } else if after.begun_lately(policy, c.now()) > limit {
        Err(Refusal::TooMany)
    } else {
        deliver(user, number, &sent, &code, c).await
    };
    if let Err(refusal) = delivered {
        let remove = Change { challenges: SetOp::remove([sent]), ..Change::default() };
        c.withdraw(&account.id, remove).await;
        return Err(refusal);
    }
    Ok(after)
}

/// The code as it is sent, and as it is stored.
fn draw(
    account: &str,
    challenge: &Challenge,
    number: &PhoneNumber,
    c: &Ceremony,
) -> Result<(SentCode, Zeroizing<String>), Refusal> {
    let limits = &c.policy().limits;
    let length = limits.code_length as usize;
    let code = c.host.random(|rng| code::draw(&limits.alphabet, length, rng));
    let sent = SentCode {
        challenge: challenge.id.clone(),
        nonce: c.random_id::<6>(),
        at: c.now(),
        hash: hash(account, challenge, &code, c).ok_or(Refusal::ChallengeUnknown)?,
        to: number.masked(),
    };
    Ok((sent, code))
}

/// The keyed hash of a code: over the purpose, the account and the challenge, so that it is good for nothing else.
pub(crate) fn hash(account: &str, challenge: &Challenge, code: &str, c: &Ceremony) -> Option<String> {
    let parts = [challenge.purpose.name(), account, &challenge.id, code];
    c.keys().hash(&challenge.kid, Domain::Code, &parts)
}

async fn deliver(user: &User, number: &PhoneNumber, sent: &SentCode, code: &str, c: &Ceremony) -> Result<(), Refusal> {
    let body = message::body(c.policy(), user.locale.as_deref(), code);
    let outcome = message::send(user, number, body, c).await;
    if matches!(outcome, Ok(_) | Err(Refusal::NotSent)) {
        let code = outcome.as_ref().map_or_else(Refusal::code, |_| 0);
        c.record(What::CodeSent, &user.id, Some(Method::Sms), Some(sent.to.clone()), code).await;
    }
    window::watch_redeemed(&outcome?, &user.id, c).await;
    Ok(())
}

/// Removes what no rule looks at any more, once it is worth an operation of its own. A sign-in that succeeds does so anyway;
/// this is for accounts where none ever does.
async fn prune(account: Account, c: &Ceremony) -> Result<Account, Refusal> {
    let (challenges, codes) = account.stale(c.policy(), c.now());
    let abandoned = account.abandoned_factors(c.policy(), c.now());
    if challenges.len() + abandoned.len() < 8 {
        return Ok(account);
    }
    let change = Change {
        challenges: SetOp::remove(challenges).and(codes),
        authenticators: SetOp::remove(abandoned),
        ..Change::default()
    };
    let after = c.update_account(&account.id, change).await?;
    after.ok_or(Refusal::TryAgain)
}

/// Whole seconds, rounded up, until a further code may be sent.
fn resend_in(current: &SentCode, c: &Ceremony) -> u64 {
    let due = current.at + 1000 * u64::from(c.policy().limits.resend_after);
    due.saturating_sub(c.now()).div_ceil(1000)
}

/// Whole seconds, rounded up, until a challenge expires.
pub(crate) fn expires_in(account: &Account, challenge: &Challenge, c: &Ceremony) -> u64 {
    account.expiry(challenge, c.policy()).saturating_sub(c.now()).div_ceil(1000)
}

/// The challenge as the client gets it.
pub(crate) fn answer(
    account: &Account,
    challenge: &Challenge,
    method: Method,
    methods: Vec<Method>,
    c: &Ceremony,
) -> Result<Answer, Refusal> {
    let code = (method == Method::Sms).then(|| account.current_code(&challenge.id, c.policy())).flatten();
    Ok(Answer::Challenge {
        challenge: challenge::token(challenge, &account.id, c.keys()).ok_or(Refusal::ChallengeUnknown)?,
        method,
        to: code.map(|code| code.to.clone()),
        expires_in: expires_in(account, challenge, c),
        resend_in: code.map(|code| resend_in(code, c)),
        methods,
    })
}
