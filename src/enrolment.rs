//! Enrolling, listing and removing factors. Changing factors needs a factor; the first one needs the password.

use crate::account::{Account, Challenge, Change, Factor, Method, Purpose, SetOp};
use crate::begin::{self, Created};
use crate::ceremony::{Answer, Ceremony, SignedIn};
use crate::challenge;
use crate::effect::{Effect, User};
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
use zeroize::Zeroizing;

/// `twoFactorStatus`: the caller's factors.
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
/// [`Refusal::NotConfigured`] without a key ring of the operator's own, [`Refusal::StepUpRequired`] if there is a factor
/// already, Parse's 101 for a wrong password if there is none.
pub(crate) async fn enroll(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    let me = c.signed_in()?;
    let method = params
        .method()?
        .filter(|m| *m != Method::Recovery)
        .ok_or_else(|| Refusal::BadRequest("method must be sms or totp.".into()))?;
    let label = params.optional("label")?.unwrap_or_default();
    if label.chars().count() > 64 {
        return Err(Refusal::BadRequest("label is too long.".into()));
    }
    let number = match method {
        Method::Sms => Some(factors::usable(params.required("phoneNumber")?, &c)?),
        _ => None,
    };
    if !c.keys().is_durable() {
        return Err(Refusal::NotConfigured("Enrolling needs TWO_FACTOR_KEYS to be set, as in the README".into()));
    }
    let user = c.load_user(&me.user).await?;
    let user = user.ok_or(Refusal::NoFactor)?;
    let account = c.load_account(&me.user).await?;
    if factors::has_factor(&user, account.as_ref()) {
        if !account.as_ref().is_some_and(|account| step_up::is_recent(account, &me, &c)) {
            return Err(Refusal::StepUpRequired);
        }
    } else {
        let password = params.required("password")?;
        let holder = c.check_password(user.username.as_deref(), None, password).await?;
        if holder.id != user.id {
            return Err(Refusal::Credentials);
        }
    }
    let account = match account {
        Some(account) => account,
        None => c.create_account(&me.user).await?,
    };
    start(&user, &account, &me, number.as_ref(), label, &c).await
}

async fn start(
    user: &User,
    account: &Account,
    me: &SignedIn,
    number: Option<&PhoneNumber>,
    label: &str,
    c: &Ceremony,
) -> Result<Answer, Refusal> {
    let secret = match number {
        Some(number) => Zeroizing::new(number.as_str().as_bytes().to_vec()),
        None => {
            let mut secret = Zeroizing::new(vec![0; totp::SECRET_BYTES]);
            c.host.random(|rng| rng.fill_bytes(&mut secret));
            secret
        }
    };
    let id = c.random_id::<9>();
    let context = factors::seal_context(&account.id, &id);
    let label = match number {
        Some(number) if label.is_empty() => number.masked(),
        _ => label.to_owned(),
    };
    let factor = Factor {
        id: id.clone(),
        method: number.map_or(Method::Totp, |_| Method::Sms),
        label,
        at: c.now(),
        kid: c.keys().writing().to_owned(),
        sealed: c.host.random(|rng| c.keys().seal(&secret, &context, rng)),
    };
    let enrolling = Challenge {
        id: c.random_id::<12>(),
        purpose: Purpose::Enrolment,
        user: user.id.clone(),
        kid: c.keys().writing().to_owned(),
        at: c.now(),
        session: Some(me.session.clone()),
        factor: Some(id),
    };
    let created = begin::create(&enrolling, account, vec![factor], number, user, c).await?;
    let (Created::Alone(account) | Created::Beside(account)) = created;
    let enrollment = challenge::token(&enrolling, &account.id, c.keys()).ok_or(Refusal::TryAgain)?;
    match number {
        Some(number) => Ok(Answer::SmsEnrolment {
            enrollment,
            to: number.masked(),
            expires_in: begin::expires_in(&account, &enrolling, c),
        }),
        None => {
            let issuer = c.policy().issuer.as_deref().unwrap_or("Parse");
            let name = user.username.as_deref().unwrap_or(&user.id);
            let uri = totp::uri(&secret, issuer, name);
            let qr = totp::qr_svg(&uri)
                .ok_or_else(|| Refusal::BadRequest("The user name is too long for a QR code.".into()))?;
            Ok(Answer::TotpEnrolment { enrollment, secret: totp::base32(&secret), uri, qr })
        }
    }
}

/// `confirmTwoFactor`: the factor counts from now on; with the first one come the recovery codes.
///
/// # Errors
/// As for a sign-in.
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
    let factor = matched
        .challenge
        .factor
        .as_ref()
        .and_then(|id| matched.account.factors.iter().find(|f| f.id == *id))
        .ok_or(Refusal::ChallengeUnknown)?
        .clone();
    let confirm = Change { confirmed: SetOp::Add(vec![factor.id.clone()]), ..Change::default() };
    let account = redeem::claim(&matched, confirm, &c).await?;
    c.record(What::FactorEnrolled, &me.user, Some(factor.method), Some(factor.label.clone()), 0).await;
    let first = account.recovery_codes.is_empty() && account.confirmed_factors().count() == 1;
    let recovery_codes = match first {
        true => Some(draw_recovery_codes(&account, void_enrolments(&account), &c).await?),
        false => None,
    };
    notify(&me.user, &account, message::Notice::FactorAdded, &c).await;
    Ok(Answer::Confirmed { factor: factors::status(&factor), recovery_codes })
}

/// `newRecoveryCodes`: ten new ones, the old ones dead.
///
/// # Errors
/// [`Refusal::StepUpRequired`]; [`Refusal::NoFactor`] for a user without a factor to recover.
pub(crate) async fn renew_recovery_codes(c: Ceremony) -> Result<Answer, Refusal> {
    let (me, user, account) = stepped_up(&c).await?;
    if !factors::has_factor(&user, Some(&account)) {
        return Err(Refusal::NoFactor);
    }
    if !c.keys().is_durable() {
        return Err(Refusal::NotConfigured("Recovery codes need TWO_FACTOR_KEYS to be set, as in the README".into()));
    }
    let dead = Change { recovery_codes: SetOp::Remove(account.recovery_codes.clone()), ..Change::default() };
    let account = c.update_account(&account.id, dead).await?;
    let account = account.ok_or(Refusal::TryAgain)?;
    let recovery_codes = draw_recovery_codes(&account, Change::default(), &c).await?;
    c.record(What::RecoveryCodesRenewed, &me.user, None, None, 0).await;
    notify(&me.user, &account, message::Notice::RecoveryCodesRenewed, &c).await;
    Ok(Answer::RecoveryCodes { recovery_codes })
}

/// Voids the enrolments under way. They were begun by password, and once there is a factor that is not enough any more.
fn void_enrolments(account: &Account) -> Change {
    let challenges: Vec<_> = account.challenges.iter().filter(|ch| ch.purpose == Purpose::Enrolment).cloned().collect();
    let begun = |f: &&Factor| challenges.iter().any(|ch| ch.factor.as_ref() == Some(&f.id));
    let factors =
        account.factors.iter().filter(begun).filter(|f| !account.confirmed.contains(&f.id)).cloned().collect();
    Change { challenges: SetOp::Remove(challenges), factors: SetOp::Remove(factors), ..Change::default() }
}

async fn draw_recovery_codes(account: &Account, also: Change, c: &Ceremony) -> Result<Vec<Zeroizing<String>>, Refusal> {
    let codes: Vec<_> = (0..c.policy().limits.recovery_codes).map(|_| c.host.random(recovery_code::draw)).collect();
    let kid = c.keys().writing();
    let stored = codes
        .iter()
        .map(|code| recovery_code::hash(code, &account.id, kid, c.keys()))
        .collect::<Option<Vec<_>>>()
        .ok_or(Refusal::TryAgain)?;
    let add = Change { recovery_codes: SetOp::Add(stored), ..also };
    c.update_account(&account.id, add).await?.ok_or(Refusal::TryAgain)?;
    Ok(codes)
}

/// `removeTwoFactor`. The tutorial's number is the app's own column: it is changed there, under step-up as well.
///
/// # Errors
/// [`Refusal::StepUpRequired`]; [`Refusal::NoFactor`] for one that is not there, or the last one where everyone needs one.
pub(crate) async fn remove(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    let (me, user, account) = stepped_up(&c).await?;
    let id = params.required("factor")?;
    if id == PHONE_NUMBER {
        return Err(Refusal::BadRequest("The phone number is a column of the user: save the user without it.".into()));
    }
    let factor = account.confirmed_factors().find(|f| f.id == id).ok_or(Refusal::NoFactor)?.clone();
    let removal = Change { confirmed: SetOp::Remove(vec![factor.id.clone()]), ..Change::default() };
    let after = c.update_account(&account.id, removal).await?;
    let after = after.ok_or(Refusal::NoFactor)?;
    let was_last = !factors::has_factor(&user, Some(&after));
    if was_last && factors::requirement(&user, c.policy()) == Require::Everyone {
        // Put back by whoever finds none left, so that two removals at once cannot leave the user without.
        let put_back = Change { confirmed: SetOp::Add(vec![factor.id]), ..Change::default() };
        c.withdraw(&account.id, put_back).await;
        return Err(Refusal::NoFactor);
    }
    let clean_up = Change {
        factors: SetOp::Remove(vec![factor.clone()]),
        recovery_codes: SetOp::Remove(match was_last {
            true => after.recovery_codes.clone(),
            false => Vec::new(),
        }),
        ..Change::default()
    };
    c.withdraw(&account.id, clean_up).await;
    c.record(What::FactorRemoved, &me.user, Some(factor.method), Some(factor.label), 0).await;
    notify(&me.user, &after, message::Notice::FactorRemoved, &c).await;
    Ok(Answer::Nothing {})
}

/// The caller, if this session stepped up just now.
async fn stepped_up(c: &Ceremony) -> Result<(SignedIn, User, Account), Refusal> {
    let me = c.signed_in()?;
    let account = c.load_account(&me.user).await?;
    let account = account.filter(|account| step_up::is_recent(account, &me, c)).ok_or(Refusal::StepUpRequired)?;
    let user = c.load_user(&me.user).await?;
    let user = user.ok_or(Refusal::StepUpRequired)?;
    Ok((me, user, account))
}

/// Tells the user over SMS, where there is a number, that factors have changed (NIST SP 800-63B-4 §4.2.3, ASVS 5.0 §6.3.7). The event
/// tells the app, whatever becomes of the message.
async fn notify(user: &str, account: &Account, notice: message::Notice, c: &Ceremony) {
    let Ok(Some(user)) = c.load_user(user).await else {
        return;
    };
    let Ok(number) = factors::number(&user, account, c) else {
        return;
    };
    let effect = Effect::SendMessage {
        to: number.as_str().to_owned(),
        from: user.from.clone().filter(|from| !from.is_empty()),
        body: Zeroizing::new(message::notice(c.policy(), user.locale.as_deref(), notice)),
    };
    let _ = c.host.ask(effect).await;
}
