//! Beginning to enroll a factor. Changing factors needs a factor; the first one needs the password, or a provider's word.

use crate::account::{Factor, FactorKind, Purpose};
use crate::challenge::{self, Issued, token};
use crate::channel::PhoneNumber;
use crate::context::Context;
use crate::crypto::Secret;
use crate::engine::{NameAccount, User};
use crate::factor::{self, Provisioning, passkey, totp};
use crate::first_factor::{check_owner, identify};
use crate::id::{AccountId, FactorId};
use crate::wire::{Answer, AuthData, Enroll, Enrollable, FirstFactor, Refusal};
use zeroize::Zeroizing;

/// Enrolled factors that a user can have: more than anybody has devices, and a row that stays small.
pub(super) const MOST_FACTORS: usize = 20;

/// `enrollTwoFactor`: a factor that counts once a code of it came back.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::BadRequest`] and [`Refusal::PhoneUnusable`] for what cannot be enrolled, and for a factor
/// too many; [`Refusal::NotConfigured`] without a key ring of the operator's own; [`Refusal::StepUpRequired`] if there is a factor
/// already, Parse's 101 for a wrong password or another's word if there is none; [`Refusal::TooMany`] and [`Refusal::NotSent`], as for any code.
pub(crate) async fn enroll(request: Enroll, cx: &Context) -> Result<Answer, Refusal> {
    let me = cx.signed_in()?;
    let (kind, number) = match request.what {
        Enrollable::App => (FactorKind::Totp, None),
        Enrollable::Number(number) => (FactorKind::Number, Some(factor::allowed_number(&number, cx)?)),
        Enrollable::Passkey => {
            passkey::site(cx)?;
            (FactorKind::Passkey, None)
        }
    };
    cx.check_key_ring()?;
    let user = cx.load_user(&me.user).await?.ok_or(Refusal::NoFactor)?;
    let account = cx.load_account(&me.user).await?;
    let by_password = !factor::has_factor(&user, account.as_ref());
    if by_password {
        check_first_factor(request.password, request.auth_data, &user, cx).await?;
    } else if !account.as_ref().is_some_and(|account| cx.view(account).has_stepped_up(&me.session)) {
        return Err(Refusal::StepUpRequired);
    }
    let account = cx.or_create_account(account, &me.user).await?;
    if account.confirmed.len() >= MOST_FACTORS {
        return Err(too_many_factors());
    }

    let (factor, secret) = generate(&account.id, kind, number.as_ref(), request.label, cx);
    let provisioning = match kind {
        FactorKind::Number | FactorKind::Passkey => None,
        FactorKind::Totp => {
            let issuer = cx.policy().issuer.as_deref().unwrap_or("Parse");
            let name = cx.ask(NameAccount { user: user.id.clone() }).await?;
            Some(Provisioning::new(&secret, issuer, &name)?)
        }
    };
    let purpose = Purpose::Enrollment { session: me.session.clone(), factor: factor.id.clone(), by_password };
    let enrolling = cx.new_challenge(purpose, &user.id);
    let issued = challenge::create(&enrolling, account, Some(factor), number.as_ref(), &user, cx).await?;
    let Issued::New(tentative) = issued else { return Err(Refusal::TryAgain) };
    // Revoked meanwhile: nobody has the token.
    let is_allowed = by_password || cx.view(tentative.row()).has_stepped_up(&me.session);
    let verdict = if is_allowed { Ok(()) } else { Err(Refusal::StepUpRequired) };
    let ((), account) = tentative.settle(verdict).await?;
    let enrollment = token::token(&enrolling, &account.id, cx.keys()).ok_or(Refusal::TryAgain)?;
    let expires_in = cx.view(&account).expires_in(&enrolling).as_seconds_up();
    Ok(match (provisioning, number) {
        (Some(Provisioning { secret, uri, qr }), _) => Answer::TotpEnrollment { enrollment, secret, uri, qr },
        (None, Some(number)) => Answer::NumberEnrollment { enrollment, to: number.masked(), expires_in },
        (None, None) => {
            let public_key = passkey::creation_options(&user, &account, &enrolling, cx)?;
            Answer::PasskeyEnrollment { enrollment, expires_in, public_key }
        }
    })
}

/// Checks the first factor of the session's user once more: a session alone enrolls nothing.
///
/// # Errors
/// [`Refusal::BadRequest`] where there is none; as for a sign-in.
async fn check_first_factor(
    password: Option<Secret>,
    word: Option<AuthData>,
    user: &User,
    cx: &Context,
) -> Result<(), Refusal> {
    if let Some(word) = word {
        return check_owner(word, &user.id, cx).await;
    }
    let password = password.ok_or_else(|| Refusal::BadRequest("password or authData is missing.".into()))?;
    let username = user.username.as_deref().map(Into::into);
    let identified = identify(FirstFactor::Password { username, email: None, password }, cx).await?;
    if identified.user().id == user.id { Ok(()) } else { Err(Refusal::Credentials) }
}

/// The refusal of a factor too many.
pub(super) fn too_many_factors() -> Refusal {
    Refusal::BadRequest(format!("There are {MOST_FACTORS} factors already: remove one first."))
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
        (FactorKind::Number | FactorKind::Passkey, number) => {
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
