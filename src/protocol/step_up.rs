//! Step-up: proving the second factor again within a session, good for that session and for a few minutes.

use super::caller::caller;
use super::recovery_use;
use crate::account::{Account, Mark, Purpose, PurposeName, RowUpdate, SetOp, StepUp};
use crate::challenge::{self, Answered, IssueRequest, Presented};
use crate::context::{Context, SignedIn};
use crate::engine::User;
use crate::wire::{self, Answer, EventKind, Method, Progress, Refusal};

/// `stepUp`. Without a challenge it answers one for this session; with a challenge and its response, the end of the step-up.
///
/// # Errors
/// Parse's 209 without a session; as for the response of a sign-in; [`Refusal::NoFactor`] for a user without a factor.
pub(crate) async fn step_up(request: wire::StepUp, cx: &Context) -> Result<Answer, Refusal> {
    let me = cx.signed_in()?;
    let (token, response) = match request {
        wire::StepUp::Begin { wish } => {
            let user = cx.load_user(&me.user).await?.ok_or(Refusal::NoFactor)?;
            let account = cx.or_create_account(cx.load_account(&me.user).await?, &me.user).await?;
            let purpose = Purpose::StepUp { session: me.session };
            return challenge::issue(&IssueRequest { user: &user, purpose, wish, basis: None }, account, cx).await;
        }
        wire::StepUp::Answer { challenge, response } => (challenge, response),
    };
    let token = challenge::live(&token, &[PurposeName::StepUp], cx)?;
    let response = Presented::read(&response, PurposeName::StepUp)?;
    let account = cx.read_row(&token.account).await?.ok_or(Refusal::ChallengeUnknown)?;
    let answered = Answered {
        account: &account,
        challenge: &token.challenge,
        purpose: PurposeName::StepUp,
        session: Some(&me.session),
        response: &response,
        by_token: true,
    };
    let verified = challenge::verify(&answered, cx).await?;
    let known_revocations = verified.account.revocations_for(Some(&me.session)).cloned().collect();
    let (won, row) = challenge::claim(verified, None, cx).await?;
    // A claim's verdict holds only in the row returned by that claim. A second click or the next step of the app may change it later, so
    // the win is stored as a step-up of its own.
    let at = cx.now();
    let number = won.number().and_then(|number| challenge::hash_step_up(&me.session, number, cx));
    let mark = Mark::StepUp(StepUp { nonce: cx.nonce(), at, session: me.session.clone(), known_revocations, number });
    let add = RowUpdate::redemptions(SetOp::add([mark]));
    let stored = cx.update(&row.id, add).await;
    if won.method() == Method::Recovery {
        // The code is used up, whatever became of the step-up.
        recovery_use::tell(&me.user, &row, cx).await;
    }
    let row = stored?.ok_or(Refusal::TryAgain)?;
    if !cx.view(&row).has_stepped_up(&me.session) {
        // It was revoked meanwhile.
        return Err(Refusal::ChallengeUnknown);
    }
    cx.record(&me.user, EventKind::SteppedUp { method: won.method(), about: won.about() }).await;
    Ok(Answer::SteppedUp { status: Progress::SteppedUp, until: at + cx.limits().step_up_lifetime() })
}

/// `requireStepUp`: for an app's own functions.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::StepUpRequired`] unless this session stepped up within the lifetime.
pub(crate) async fn require(cx: &Context) -> Result<Answer, Refusal> {
    stepped_up(cx).await.map(|_| Answer::Nothing {})
}

/// The caller with the caller's rows, if this session stepped up within the lifetime.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::StepUpRequired`] if not.
pub(crate) async fn stepped_up(cx: &Context) -> Result<(SignedIn, User, Account), Refusal> {
    let (id, _) = cx.caller.session()?;
    let account = cx.load_account(id).await?.ok_or(Refusal::StepUpRequired)?;
    let user = cx.load_user(id).await?.ok_or(Refusal::StepUpRequired)?;
    let me = caller(&user, Some(&account), cx).await?;
    match me.has_stepped_up(&account, cx) {
        true => Ok((me, user, account)),
        false => Err(Refusal::StepUpRequired),
    }
}
