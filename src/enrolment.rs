//! Enrolling, listing and removing factors. Changing factors needs a factor; the first one needs the password.

use crate::account::{Account, Challenge, Factor, MarkKind, Method, Purpose, is_under_way};
use crate::begin::{self, Created};
use crate::ceremony::{Answer, Ceremony};
use crate::challenge;
use crate::change::{Change, OfAuthenticator, SetOp};
use crate::effect::User;
use crate::event::What;
use crate::factors::{self, PHONE_NUMBER};
use crate::message;
use crate::params::Params;
use crate::phone::PhoneNumber;
use crate::policy::Require;
use crate::recovery_code;
use crate::redeem::{self, Proof};
use crate::refusal::Refusal;
use crate::step_up;
use crate::totp;
use crate::window;
use zeroize::Zeroizing;

/// Enrolled factors that a user can have: more than anybody has devices, and a row that stays small.
const MOST_FACTORS: usize = 20;

/// `twoFactorStatus`: the caller's factors.
///
/// # Errors
/// Parse's 209 without a session.
pub(crate) async fn status(c: Ceremony) -> Result<Answer, Refusal> {
    let me = c.signed_in()?;
    let user = c.load_user(&me.user).await?.unwrap_or_default();
    let account = c.load_account(&me.user).await?;
    Ok(status_of(&user, account.as_ref(), &c))
}

/// A user's factors, as the user and an operator may see them.
pub(crate) fn status_of(user: &User, account: Option<&Account>, c: &Ceremony) -> Answer {
    Answer::Status {
        factors: factors::statuses(user, account),
        recovery_codes_left: account.map_or(0, |a| a.recovery_codes.len()),
        disabled: account.is_some_and(|a| a.is_disabled(c.policy())),
    }
}

/// `enrollTwoFactor`: a factor that counts once a code of it came back.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::BadRequest`] and [`Refusal::PhoneUnusable`] for what cannot be enrolled, and for a factor
/// too many; [`Refusal::NotConfigured`] without a key ring of the operator's own; [`Refusal::StepUpRequired`] if there is a factor
/// already, Parse's 101 for a wrong password if there is none; [`Refusal::TooMany`] and [`Refusal::NotSent`], as for any code.
pub(crate) async fn enroll(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    let me = c.signed_in()?;
    let method = params
        .method()?
        .filter(|m| *m != Method::Recovery)
        .ok_or_else(|| Refusal::BadRequest("method must be sms or totp.".into()))?;
    let label = params.optional("label")?.unwrap_or_default();
    if label.chars().count() > 64 || label.chars().any(char::is_control) {
        return Err(Refusal::BadRequest("label is too long or has control characters in it.".into()));
    }
    let number = match method {
        Method::Sms => Some(factors::usable(params.required("phoneNumber")?, &c)?),
        _ => None,
    };
    c.check_key_ring()?;
    let user = c.load_user(&me.user).await?;
    let user = user.ok_or(Refusal::NoFactor)?;
    let account = c.load_account(&me.user).await?;
    let first = !factors::has_factor(&user, account.as_ref());
    if first {
        let password = params.required("password")?;
        window::count_call(&c).await?;
        let holder = c.check_password(user.username.as_deref(), None, password).await?;
        if holder.id != user.id {
            return Err(Refusal::Credentials);
        }
    } else if !account.as_ref().is_some_and(|account| step_up::is_recent(account, &me, &c)) {
        return Err(Refusal::StepUpRequired);
    }
    let account = c.or_create_account(account, &me.user).await?;
    if account.confirmed.len() >= MOST_FACTORS {
        return Err(too_many_factors());
    }

    let (factor, secret) = draw(&account.id, number.as_ref(), label, &c);
    // A name too long for it is refused before anything is written.
    let shown = number.is_none().then(|| to_scan(&secret, &user, &c)).transpose()?;
    let enrolling = Challenge {
        factor: Some(factor.id.clone()),
        first,
        ..c.new_challenge(Purpose::Enrolment, &user.id, Some(&me.session))
    };
    let created = begin::create(&enrolling, account, Some(factor.clone()), number.as_ref(), &user, &c).await?;
    let (Created::Alone(account) | Created::Beside(account)) = created;
    if !first && !step_up::is_recent(&account, &me, &c) {
        // Voided meanwhile. Nobody has the token.
        let withdrawal = Change {
            challenges: SetOp::remove([enrolling]),
            authenticators: SetOp::remove([factor]),
            ..Change::default()
        };
        c.withdraw(&account.id, withdrawal).await;
        return Err(Refusal::StepUpRequired);
    }
    let enrollment = challenge::token(&enrolling, &account.id, c.keys()).ok_or(Refusal::TryAgain)?;
    Ok(match shown {
        Some((uri, qr)) => Answer::TotpEnrolment { enrollment, secret: totp::base32(&secret), uri, qr },
        None => Answer::SmsEnrolment {
            enrollment,
            to: number.map(|number| number.masked()).unwrap_or_default(),
            expires_in: begin::expires_in(&account, &enrolling, &c),
        },
    })
}

fn too_many_factors() -> Refusal {
    Refusal::BadRequest(format!("There are {MOST_FACTORS} factors already: remove one first."))
}

/// What an authenticator app is set up by: the URI, and its QR code.
fn to_scan(secret: &[u8], user: &User, c: &Ceremony) -> Result<(Zeroizing<String>, Zeroizing<String>), Refusal> {
    let issuer = c.policy().issuer.as_deref().unwrap_or("Parse");
    let name = user.username.as_deref().unwrap_or(&user.id);
    let uri = totp::uri(secret, issuer, name);
    let qr =
        totp::qr_svg(&uri).ok_or_else(|| Refusal::BadRequest("The user name is too long for a QR code.".into()))?;
    Ok((uri, qr))
}

/// A factor that does not count yet, and its secret: the number, or what an authenticator app is to be set up with.
fn draw(account: &str, number: Option<&PhoneNumber>, label: &str, c: &Ceremony) -> (Factor, Zeroizing<Vec<u8>>) {
    let secret = match number {
        Some(number) => Zeroizing::new(number.as_str().as_bytes().to_vec()),
        None => {
            let mut secret = Zeroizing::new(vec![0; totp::SECRET_BYTES]);
            c.host.random(|rng| rng.fill_bytes(&mut secret));
            secret
        }
    };
    let id = c.random_id::<9>();
    let context = factors::seal_context(account, &id);
    let factor = Factor {
        id,
        method: number.map_or(Method::Totp, |_| Method::Sms),
        label: match number {
            Some(number) if label.is_empty() => number.masked(),
            _ => label.to_owned(),
        },
        at: c.now(),
        kid: c.keys().writing().to_owned(),
        sealed: c.host.random(|rng| c.keys().seal(&secret, &context, rng)),
        generation: 0,
    };
    (factor, secret)
}

/// `confirmTwoFactor`: the factor counts from now on; with the first one come the recovery codes.
///
/// # Errors
/// Parse's 209 without a session; as for the code of a sign-in.
pub(crate) async fn confirm(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    let me = c.signed_in()?;
    let code = params.required("code")?;
    let token = challenge::read(params.required("enrollment")?, &[Purpose::Enrolment], c.keys())
        .ok_or(Refusal::ChallengeUnknown)?;
    let proof = Proof {
        account: &token.account,
        challenge: &token.challenge,
        purpose: Purpose::Enrolment,
        session: Some(&me.session),
        method: None,
        code,
    };
    let matched = redeem::attempt(&proof, &c).await?;
    let enrolling = &matched.challenge;
    let factor = matched.account.factors.iter().find(|f| enrolling.factor.as_ref() == Some(&f.id));
    let factor = factor.ok_or(Refusal::ChallengeUnknown)?.clone();
    let user = c.load_user(&me.user).await?.ok_or(Refusal::ChallengeUnknown)?;

    // Claimed first, confirmed next: a factor whose claim is too late never counts, not even for a moment.
    let claimed = redeem::claim(&matched, &c).await?;
    let is_void = |account: &Account| account.is_voided_since(&matched.account, Some(&me.session));
    if enrolling.first && (user.phone().is_some() || is_beaten(&factor, &claimed, c.now())) {
        let withdrawal = Change { authenticators: SetOp::remove([factor]), ..Change::default() };
        c.withdraw(&claimed.id, withdrawal).await;
        return Err(Refusal::ChallengeUnknown);
    }
    // With a factor there, a password is not enough any more.
    let by_password = claimed.challenges.iter().filter(|ch| ch.first).cloned();
    let confirm = Change {
        challenges: SetOp::remove(by_password),
        authenticators: SetOp::Add(vec![OfAuthenticator::Confirmed(factor.id.clone())]),
        ..Change::default()
    };
    let account = c.update_account(&claimed.id, confirm).await?.ok_or(Refusal::ChallengeUnknown)?;
    let counts = account.confirmed_factors().any(|f| f.id == factor.id);
    let is_too_many = account.confirmed.len() > MOST_FACTORS;
    if !counts || is_void(&account) || is_too_many || (enrolling.first && account.confirmed_factors().count() > 1) {
        let withdrawal = Change {
            authenticators: SetOp::remove([factor.clone()]).and([OfAuthenticator::Confirmed(factor.id)]),
            ..Change::default()
        };
        c.withdraw(&account.id, withdrawal).await;
        return Err(if is_too_many { too_many_factors() } else { Refusal::ChallengeUnknown });
    }
    c.record(What::FactorEnrolled, &me.user, Some(factor.method), Some(factor.label.clone()), 0).await;
    message::notify(&user, &account, message::Notice::FactorAdded, &c).await;
    let recovery_codes = match account.confirmed_factors().count() {
        1 if enrolling.first || account.recovery_codes.is_empty() => recovery_code::first(&account, &me, &c).await.ok(),
        _ => None,
    };
    Ok(Answer::Confirmed { factor: factors::status(&factor), recovery_codes })
}

/// Whether an enrolment begun by password is too late: there is a factor by now, or one whose claim came before.
fn is_beaten(factor: &Factor, account: &Account, now: u64) -> bool {
    let pending = |id: &String| account.pending_factors().any(|f| f.id == *id);
    account.confirmed_factors().any(|f| f.id != factor.id)
        || account
            .redemptions
            .iter()
            .filter(|r| is_under_way(r.at, now))
            .filter_map(|r| r.factor.as_ref())
            .any(|id| *id != factor.id && pending(id))
}

/// `removeTwoFactor`. With a factor go the challenges under way, and the step-ups of all other sessions; with the tutorial's number,
/// which is a column of the user, this session's as well.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::StepUpRequired`]; [`Refusal::NoFactor`] for one that is not there; [`Refusal::LastFactor`]
/// where everyone needs one.
pub(crate) async fn remove(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    let (me, account) = step_up::stepped_up(&c).await?;
    let user = c.load_user(&me.user).await?.ok_or(Refusal::StepUpRequired)?;
    let id = params.required("factor")?;
    let factors = factors::statuses(&user, Some(&account));
    let factor = factors.into_iter().find(|f| f.id == id).ok_or(Refusal::NoFactor)?;
    let is_number = factor.id == PHONE_NUMBER;

    // Marked first, removed next: of removals at once each sees those before it, and the last factor is never gone for a moment.
    let mut mark = c.mark(MarkKind::Void, Some(&me.session));
    mark.factor = Some(factor.id.clone());
    let announce = Change { redemptions: SetOp::add([mark.clone()]), ..Change::default() };
    let mut account = c.update_account(&account.id, announce).await?.ok_or(Refusal::NoFactor)?;
    account.marks.retain(|other| other.nonce != mark.nonce);
    let removed_by_others = |id: &str| account.is_being_removed(id, c.now());
    let stays = |id: &str| id != factor.id && !removed_by_others(id);
    let number_stays = user.phone().is_some() && stays(PHONE_NUMBER);
    let is_last = !number_stays && !account.confirmed_factors().any(|f| stays(&f.id));
    let is_there = (is_number || account.confirmed.contains(&factor.id)) && !removed_by_others(&factor.id);
    let verdict = if !step_up::is_recent(&account, &me, &c) {
        Err(Refusal::StepUpRequired)
    } else if !is_there {
        Err(Refusal::NoFactor)
    } else if is_last && factors::requirement(&user, c.policy()) == Require::Everyone {
        Err(Refusal::LastFactor)
    } else {
        Ok(())
    };
    if let Err(refusal) = verdict {
        let withdrawal = Change { redemptions: SetOp::remove([mark]), ..Change::default() };
        c.withdraw(&account.id, withdrawal).await;
        return Err(refusal);
    }
    let removal = Change {
        challenges: SetOp::remove(account.challenges.clone()),
        authenticators: SetOp::remove(account.elements_of(&factor.id))
            .and([OfAuthenticator::Confirmed(factor.id.clone())]),
        ..Change::default()
    };
    if is_number {
        c.remove_number(&me.user).await?;
    }
    let after = c.update_account(&account.id, removal).await?.ok_or(Refusal::TryAgain)?;
    // The factor may have been sealed anew meanwhile.
    let left = after.elements_of(&factor.id);
    let useless = match number_stays || after.confirmed_factors().next().is_some() {
        true => Vec::new(),
        false => after.recovery_codes.clone(),
    };
    if !left.is_empty() || !useless.is_empty() {
        let clean_up = Change { authenticators: SetOp::remove(left).and(useless), ..Change::default() };
        c.withdraw(&account.id, clean_up).await;
    }
    c.record(What::FactorRemoved, &me.user, Some(factor.method), Some(factor.label), 0).await;
    message::notify(&user, &after, message::Notice::FactorRemoved, &c).await;
    Ok(Answer::Nothing {})
}
