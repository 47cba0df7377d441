//! Beginning to enroll a factor. Changing factors needs a factor; the first one needs the password, or a provider's word.

use super::applicant::{Applicant, expires_in};
use super::same_app;
use crate::account::{Account, Challenge, Factor, FactorKind};
use crate::challenge::{self, Issued, token};
use crate::channel::{self, Destination, PhoneNumber, Recipient, email};
use crate::context::Context;
use crate::factor::{self, Provisioning, mailbox, passkey, totp};
use crate::id::{AccountId, FactorId};
use crate::policy::Channel;
use crate::wire::{Answer, Enroll, Enrollable, Method, Refusal};
use zeroize::Zeroizing;

/// Enrolled factors that a user can have: more than anybody has devices, and a row that stays small.
pub(super) const MOST_FACTORS: usize = 20;

/// `enrollTwoFactor`: a factor that counts once a code of it came back.
///
/// # Errors
/// Parse's 209 without a session or a token; [`Refusal::BadRequest`] and [`Refusal::PhoneUnusable`] for what cannot be enrolled,
/// [`Refusal::Off`] for a channel that is off, [`Refusal::TooManyFactors`]; [`Refusal::NotConfigured`] without a key ring of the operator's own; those of [`Applicant`];
/// [`Refusal::TooMany`] and [`Refusal::NotSent`], as for any code.
pub(crate) async fn enroll(request: Enroll, cx: &Context) -> Result<Answer, Refusal> {
    let me = match request.enroll {
        Some(_) => None,
        None => Some(cx.signed_in()?),
    };
    let (kind, number) = match request.what {
        Enrollable::App => (FactorKind::Totp, None),
        Enrollable::Number { number, channel } => {
            channel::check_on(channel, cx)?;
            (FactorKind::Number, Some((factor::allowed_number(&number, cx)?, channel)))
        }
        Enrollable::Mailbox => {
            channel::check_on(Channel::Email, cx)?;
            (FactorKind::Mailbox, None)
        }
        Enrollable::Passkey => {
            passkey::site(cx)?;
            (FactorKind::Passkey, None)
        }
    };
    cx.check_key_ring()?;
    let applicant = match (me, &request.enroll) {
        (Some(me), _) => Applicant::with_session(me, request.proof, cx).await?,
        (None, Some(token)) => Applicant::with_token(token, cx).await?,
        (None, None) => return Err(Refusal::TryAgain),
    };
    let (user, account) = (&applicant.user, &applicant.account);
    if account.confirmed.len() >= MOST_FACTORS {
        return Err(Refusal::TooManyFactors(MOST_FACTORS));
    }

    if kind == FactorKind::Totp && same_app::is_under_way(&applicant, account, None, cx) {
        return same_app::show(&applicant, account.clone(), request.label, cx).await;
    }

    if kind == FactorKind::Mailbox {
        return enroll_mailbox(&applicant, request.label, cx).await;
    }
    let (factor, secret) =
        generate(&account.id, kind, number.as_ref().map(|(number, _)| number), request.label.clone(), cx);
    let provisioning = match kind {
        FactorKind::Number | FactorKind::Mailbox | FactorKind::Passkey => None,
        FactorKind::Totp => Some(same_app::provisioning(&secret, &user.id, cx).await?),
    };
    let enrolling = cx.new_challenge(applicant.purpose(&factor.id), &user.id, Some(applicant.basis()));
    let to = number.map(|(number, channel)| Destination {
        factor: factor.id.clone(),
        to: Recipient::Number(number),
        channel,
    });
    let issued = challenge::create(&enrolling, account.clone(), Some(factor), to.as_ref(), user, cx).await?;
    let Issued::New(tentative) = issued else { return Err(Refusal::TryAgain) };
    // Of calls at once the first one's is shown to all.
    if kind == FactorKind::Totp && same_app::is_under_way(&applicant, tentative.row(), Some(&enrolling.id), cx) {
        let account = tentative.take_back().await.ok_or(Refusal::TryAgain)?;
        return same_app::show(&applicant, account, request.label, cx).await;
    }
    // Revoked meanwhile: nobody has the token.
    let verdict = applicant.check(tentative.row(), cx);
    let ((), account) = tentative.settle(verdict).await?;
    let enrollment = token::token(&enrolling, &account.id, cx.keys()).ok_or(Refusal::TryAgain)?;
    let expires_in = expires_in(&account, &enrolling, cx);
    Ok(match (provisioning, to) {
        (Some(Provisioning { secret, uri, qr }), _) => {
            Answer::TotpEnrollment { enrollment, secret, uri, qr, expires_in }
        }
        (None, Some(to)) => number_enrollment(&account, &enrolling, &to, cx)?,
        (None, None) => {
            let public_key = passkey::creation_options(user, &account, &enrolling, cx)?;
            Answer::PasskeyEnrollment { enrollment, expires_in, public_key }
        }
    })
}

/// Begins to enroll the address of the user's, which has to be verified.
async fn enroll_mailbox(applicant: &Applicant, label: String, cx: &Context) -> Result<Answer, Refusal> {
    let (user, account) = (&applicant.user, &applicant.account);
    mailbox::check(account, cx)?;
    let own = email::mailbox_of(user).ok_or_else(|| {
        Refusal::BadRequest("This account has no verified e-mail address: have one verified first.".into())
    })?;
    let id = FactorId::from(cx.random_id::<9>());
    let factor = mailbox::sealed(id, &own, label, &account.id, cx).ok_or(Refusal::TryAgain)?;
    let to = Destination { factor: factor.id.clone(), to: Recipient::Mailbox(own), channel: Channel::Email };
    let enrolling = cx.new_challenge(applicant.purpose(&factor.id), &user.id, Some(applicant.basis()));
    let issued = challenge::create(&enrolling, account.clone(), Some(factor), Some(&to), user, cx).await?;
    let Issued::New(tentative) = issued else { return Err(Refusal::TryAgain) };
    let verdict = applicant.check(tentative.row(), cx);
    let ((), account) = tentative.settle(verdict).await?;
    number_enrollment(&account, &enrolling, &to, cx)
}

/// The enrollment of a number or an address that a code was sent to.
pub(super) fn number_enrollment(
    account: &Account,
    enrolling: &Challenge,
    to: &Destination,
    cx: &Context,
) -> Result<Answer, Refusal> {
    let view = cx.view(account);
    let code = view.current_code(&enrolling.id);
    let went = code.map(|code| view.channel_of(code));
    Ok(Answer::NumberEnrollment {
        enrollment: token::token(enrolling, &account.id, cx.keys()).ok_or(Refusal::TryAgain)?,
        to: to.to.masked(),
        expires_in: expires_in(account, enrolling, cx),
        resend_in: code.map_or(0, |code| view.resend_in(code).as_seconds_up()),
        method: went.filter(|channel| *channel != to.channel).map(Method::from),
    })
}

/// A factor that does not count yet, and its secret: the number, the key of an authenticator app, or nothing for a passkey, whose
/// credential comes with the confirmation.
fn generate(
    account: &AccountId,
    kind: FactorKind,
    number: Option<&PhoneNumber>,
    label: String,
    cx: &Context,
) -> (Factor, Zeroizing<Vec<u8>>) {
    let secret = match (kind, number) {
        (FactorKind::Totp, _) => {
            let mut secret = Zeroizing::new(vec![0; totp::SECRET_BYTES]);
            cx.host.random(|rng| rng.fill_bytes(&mut secret));
            secret
        }
        (FactorKind::Number | FactorKind::Mailbox | FactorKind::Passkey, number) => {
            Zeroizing::new(number.map(|number| number.as_str().as_bytes().to_vec()).unwrap_or_default())
        }
    };
    let id = FactorId::from(cx.random_id::<9>());
    let context = factor::seal_context(account, &id);
    let factor = Factor {
        id,
        kind,
        label: match number {
            Some(number) if label.is_empty() => number.masked(),
            Some(_) | None => label,
        },
        at: cx.now(),
        kid: cx.keys().writing().clone(),
        sealed: cx.host.random(|rng| cx.keys().seal(&secret, &context, rng)),
        generation: 0,
    };
    (factor, secret)
}
