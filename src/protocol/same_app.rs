//! An authenticator app whose enrollment is under way, shown once more.

use super::applicant::{Applicant, expires_in};
use super::counted_change;
use crate::account::{Account, Challenge, Factor, RowUpdate, SetOp};
use crate::challenge::{self, token};
use crate::context::Context;
use crate::engine::NameAccount;
use crate::factor::{self, Provisioning};
use crate::id::{FactorId, UserId};
use crate::wire::{Answer, Refusal};

/// What the app is set up with.
pub(super) async fn provisioning(secret: &[u8], user: &UserId, cx: &Context) -> Result<Provisioning, Refusal> {
    let issuer = cx.policy().issuer.as_deref().unwrap_or("Parse");
    let name = cx.ask(NameAccount { user: user.clone() }).await?;
    Provisioning::new(secret, issuer, &name)
}

/// Whether this applicant has begun to enroll an authenticator app, by a challenge other than this one.
pub(super) fn is_under_way(applicant: &Applicant, row: &Account, but: Option<&str>, cx: &Context) -> bool {
    under_way(applicant, row, cx).iter().any(|(challenge, _)| Some(&*challenge.id) != but)
}

/// Authenticator apps that this applicant has begun to enroll and can still confirm. What a password began that has changed since is void.
fn under_way<'a>(applicant: &Applicant, row: &'a Account, cx: &'a Context) -> Vec<(&'a Challenge, &'a Factor)> {
    let mut apps = cx.view(row).enrolling_apps(&applicant.purpose(&FactorId::default()));
    apps.retain(|(challenge, _)| applicant.is_founded_alike(challenge, cx));
    apps
}

/// The enrollment of an authenticator app that this session, or this token of a sign-in, has under way, shown once more: a page that was
/// loaded again must not leave its user with a QR code that was scanned in vain. Only whoever began it gets here, so nobody else ever sees
/// the secret. A new name takes the old one's place, and counts among what a session changes without a step-up.
///
/// # Errors
/// [`Refusal::TooMany`] for a new name beyond the changes of an hour; as for the enrollment.
pub(super) async fn show(
    applicant: &Applicant,
    mut account: Account,
    label: String,
    cx: &Context,
) -> Result<Answer, Refusal> {
    for _ in 0..challenge::SETTLING_ROUNDS {
        if under_way(applicant, &account, cx).len() <= 1 {
            break;
        }
        // Calls have raced, and the losers have yet to take theirs back.
        cx.wait(challenge::SETTLING_MILLISECONDS).await;
        account = cx.load_account(&applicant.user.id).await?.ok_or(Refusal::TryAgain)?;
    }
    applicant.check(&account, cx)?;
    let apps = under_way(applicant, &account, cx);
    let (challenge, factor) = apps.into_iter().min_by_key(|(ch, _)| (ch.at, &ch.id)).ok_or(Refusal::TryAgain)?;
    let secret = factor::open_secret(factor, &account.id, cx.keys())?;
    let enrollment = token::token(challenge, &account.id, cx.keys()).ok_or(Refusal::TryAgain)?;
    let expires_in = expires_in(&account, challenge, cx);
    if !label.is_empty() && label != factor.label {
        // Sealed anew, so that of two that take its place at once one supersedes the other.
        let context = factor::seal_context(&account.id, &factor.id);
        let named = Factor {
            label,
            kid: cx.keys().writing().clone(),
            sealed: cx.host.random(|rng| cx.keys().seal(&secret, &context, rng)),
            generation: factor.generation.saturating_add(1),
            ..factor.clone()
        };
        let add = RowUpdate::authenticators(SetOp::add([named]));
        let after = counted_change::propose(&account, add, Refusal::TryAgain, cx).await?.keep();
        // However often it is named, one element is left.
        factor::drop_superseded(&after, cx).await;
    }
    let Provisioning { secret, uri, qr } = provisioning(&secret, &applicant.user.id, cx).await?;
    Ok(Answer::TotpEnrollment { enrollment, secret, uri, qr, expires_in })
}
