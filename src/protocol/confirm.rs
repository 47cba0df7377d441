//! Confirming a factor with its first code.

use super::confirmation::{Confirmation, check_ground};
use super::other_sessions;
use super::recovery_codes;
use crate::account::{PurposeName, RowUpdate, SetOp};
use crate::challenge::{self, Answered, Presented, token};
use crate::context::Context;
use crate::crypto::Secret;
use crate::factor::{self, passkey};
use crate::policy::MessageKind;
use crate::session::{Cleared, open_session};
use crate::throttle;
use crate::wire::{Answer, Confirm, EventKind, Refusal};

/// `confirmTwoFactor`: the factor counts from now on; with the first one come the recovery codes. If a user had to enroll it to sign in,
/// the session is opened.
///
/// # Errors
/// Parse's 209 without a session, where the enrollment was begun in one; as for the response of a sign-in.
pub(crate) async fn confirm(request: Confirm, cx: &Context) -> Result<Answer, Refusal> {
    let signing_in = token::read(&request.enrollment, &[PurposeName::SignInEnrollment], cx.keys());
    let me = match signing_in {
        Some(_) => None,
        None => Some(cx.signed_in()?),
    };
    let purpose = if me.is_some() { PurposeName::Enrollment } else { PurposeName::SignInEnrollment };
    let token = challenge::live(&request.enrollment, &[purpose], cx)?;
    let presented = Presented::read(&request.response, purpose)?;
    if me.is_none() {
        throttle::count_call(cx).await?;
    }
    let session = me.as_ref().map(|me| &me.session);
    let account = cx.read_row(&token.account).await?.ok_or(Refusal::ChallengeUnknown)?;
    let answered = Answered {
        account: &account,
        challenge: &token.challenge,
        purpose,
        session,
        response: &presented,
        by_token: true,
    };
    let verified = challenge::verify(&answered, cx).await?;
    let by_password = verified.challenge.purpose.is_by_password();
    let id = verified.challenge.purpose.factor();
    let factor = id.and_then(|id| verified.account.pending_factor(id));
    let factor = factor.ok_or(Refusal::ChallengeUnknown)?.clone();
    let user = cx.load_user(&verified.challenge.user).await?.ok_or(Refusal::ChallengeUnknown)?;
    // Before anything is used up, and once more when the factor counts.
    check_ground(&verified.challenge, &verified.account, cx).await?;
    let before = verified.account.clone();
    let registered = verified.registered.as_ref();
    let enrolled = registered.map(|credential| passkey::with_credential(&factor, credential, &before.id, cx));

    // Claimed first, confirmed next: a factor whose claim is too late never counts, not even for a moment.
    let (won, claimed) = challenge::claim(verified, Some(&user), cx).await?;
    let is_beaten = user.phone().is_some() || cx.view(&claimed).is_beaten_by_another(&factor.id);
    if by_password && is_beaten {
        cx.clean_up(&claimed.id, RowUpdate::authenticators(SetOp::remove([factor]))).await;
        return Err(Refusal::ChallengeUnknown);
    }
    let confirmation = Confirmation { factor: &factor, enrolled: enrolled.as_ref(), before: &before, session, cx };
    let (won, account) = confirmation.count(won, &claimed).await?;
    let factor = enrolled.unwrap_or(factor);
    let method = Some(won.method());
    cx.record(&user.id, EventKind::FactorEnrolled { method, label: factor.label.clone() }).await;
    factor::notify(&user, &account, MessageKind::FactorAdded, cx).await;

    let session_token = match me {
        Some(_) => None,
        None => Some(open_session(Cleared::SecondFactor(won), cx).await?),
    };
    let is_first = account.confirmed_factors().count() == 1;
    let recovery_codes = match is_first && (by_password || account.recovery_codes.is_empty()) {
        true => recovery_codes::initial(&account, session, cx).await.ok(),
        false => None,
    };
    let kept: Option<&Secret> = session_token.as_ref().or(cx.caller.session_token.as_ref());
    let other_sessions_ended = match other_sessions::are_to_end(request.end_other_sessions, cx) {
        true => Some(other_sessions::end(&user, &[&account], kept, cx).await),
        false => None,
    };
    let factor = factor::status(&factor, &account.id, cx.keys());
    Ok(Answer::Confirmed { factor, recovery_codes, session_token, other_sessions_ended })
}
