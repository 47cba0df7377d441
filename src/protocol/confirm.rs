//! Confirming a factor with its first code.

use super::enroll::{MOST_FACTORS, too_many_factors};
use super::recovery_codes;
use crate::account::{Account, Factor, OfAuthenticators, PurposeName, RowUpdate, SetOp};
use crate::challenge::{self, Answered, Presented};
use crate::context::Context;
use crate::crypto::Secret;
use crate::factor::{self, passkey};
use crate::policy::MessageKind;
use crate::wire::{Answer, EventKind, Refusal, Response};

/// `confirmTwoFactor`: the factor counts from now on; with the first one come the recovery codes.
///
/// # Errors
/// Parse's 209 without a session; as for the response of a sign-in.
pub(crate) async fn confirm(enrollment: &Secret, response: &Response, cx: &Context) -> Result<Answer, Refusal> {
    let me = cx.signed_in()?;
    let token = challenge::live(enrollment, &[PurposeName::Enrollment], cx)?;
    let response = Presented::read(response, PurposeName::Enrollment)?;
    let account = cx.read_row(&token.account).await?.ok_or(Refusal::ChallengeUnknown)?;
    let answered = Answered {
        account: &account,
        challenge: &token.challenge,
        purpose: PurposeName::Enrollment,
        session: Some(&me.session),
        response: &response,
    };
    let verified = challenge::verify(&answered, cx).await?;
    let by_password = verified.challenge.purpose.is_by_password();
    let id = verified.challenge.purpose.factor();
    let factor = verified.account.factors.iter().find(|factor| Some(&factor.id) == id);
    let factor = factor.ok_or(Refusal::ChallengeUnknown)?.clone();
    let user = cx.load_user(&me.user).await?.ok_or(Refusal::ChallengeUnknown)?;
    let before = verified.account.clone();
    let registered = verified.registered.as_ref();
    let enrolled = registered.map(|credential| passkey::with_credential(&factor, credential, &before.id, cx));

    challenge::check_basis_now(&verified.challenge, cx).await?;
    // Claimed first, confirmed next: a factor whose claim is too late never counts, not even for a moment.
    let (_won, claimed) = challenge::claim(verified, cx).await?;
    let is_beaten = user.phone().is_some() || cx.view(&claimed).is_beaten_by_another(&factor.id);
    if by_password && is_beaten {
        cx.clean_up(&claimed.id, RowUpdate::authenticators(SetOp::remove([factor]))).await;
        return Err(Refusal::ChallengeUnknown);
    }
    let is_standing = |row: &Account| !row.is_revoked_since(&before, Some(&me.session));
    let account = confirmed(&factor, enrolled.as_ref(), by_password, &claimed, cx, is_standing).await?;
    if enrolled.is_some() {
        let over = SetOp::remove(account.superseded_factors());
        cx.clean_up(&account.id, RowUpdate::authenticators(over)).await;
    }
    let factor = enrolled.unwrap_or(factor);
    let method = factor.kind.method();
    cx.record(&me.user, EventKind::FactorEnrolled { method: Some(method), label: factor.label.clone() }).await;
    factor::notify(&user, &account, MessageKind::FactorAdded, cx).await;
    let is_first = account.confirmed_factors().count() == 1;
    let recovery_codes = match is_first && (by_password || account.recovery_codes.is_empty()) {
        true => recovery_codes::initial(&account, &me, cx).await.ok(),
        false => None,
    };
    Ok(Answer::Confirmed { factor: factor::status(&factor, &account.id, cx.keys()), recovery_codes })
}

/// Lets the factor count, if the row right after that allows it. A passkey's credential comes in the same change, as a generation above the
/// factor of the enrollment.
async fn confirmed(
    factor: &Factor,
    enrolled: Option<&Factor>,
    by_password: bool,
    claimed: &Account,
    cx: &Context,
    is_standing: impl Fn(&Account) -> bool,
) -> Result<Account, Refusal> {
    // With a factor there, a password is not enough any more.
    let by_passwords = claimed.challenges.iter().filter(|other| other.purpose.is_by_password()).cloned();
    let update = RowUpdate {
        challenges: SetOp::remove(by_passwords),
        authenticators: SetOp::add([OfAuthenticators::Confirmed(factor.id.clone())]).and(enrolled.cloned()),
        ..RowUpdate::default()
    };
    let tentative = cx.propose(&claimed.id, update, Refusal::ChallengeUnknown).await?;
    let row = tentative.row();
    let counts = row.confirmed_factors().any(|counting| counting.id == factor.id);
    let is_second = by_password && row.confirmed_factors().count() > 1;
    // Of two enrollments of one authenticator at once the second finds the first.
    let is_double = enrolled.is_some_and(|enrolled| {
        let credential = passkey::credential(enrolled, &row.id, cx.keys());
        credential.is_ok_and(|credential| passkey::is_enrolled(&credential.id, row, enrolled, cx))
    });
    let verdict = if row.confirmed.len() > MOST_FACTORS {
        Err(too_many_factors())
    } else if is_double {
        Err(passkey::enrolled_already())
    } else if !counts || !is_standing(row) || is_second {
        Err(Refusal::ChallengeUnknown)
    } else {
        Ok(())
    };
    if verdict.is_err() {
        // The factor as well: nobody can confirm it any more.
        let both = SetOp::remove([factor.clone()])
            .and(enrolled.cloned())
            .and([OfAuthenticators::Confirmed(factor.id.clone())]);
        cx.clean_up(&claimed.id, RowUpdate::authenticators(both)).await;
    }
    verdict.map(|()| tentative.keep())
}
