//! Step-up: proving the second factor again within a session, good for that session and for a few minutes.

use crate::account::{Account, MarkKind, Purpose};
use crate::begin::{self, Aim};
use crate::ceremony::{Answer, Ceremony, SignedIn};
use crate::challenge;
use crate::change::{Change, SetOp};
use crate::event::What;
use crate::params::Params;
use crate::redeem::{self, Proof};
use crate::refusal::Refusal;

/// `stepUp`: without a challenge, one for this session; with a challenge and its code, until when the step-up is good.
///
/// # Errors
/// Parse's 209 without a session; as for the code of a sign-in; [`Refusal::NoFactor`] for a user without one.
pub(crate) async fn step_up(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    let me = c.signed_in()?;
    let method = params.method()?;
    let Some(token) = params.optional("challenge")? else {
        let user = c.load_user(&me.user).await?;
        let user = user.ok_or(Refusal::NoFactor)?;
        let account = c.or_create_account(c.load_account(&me.user).await?, &me.user).await?;
        let aim = Aim { user: &user, purpose: Purpose::StepUp, session: Some(&me.session), method };
        return begin::begin(&aim, account, &c).await;
    };
    let token = challenge::read(token, &[Purpose::StepUp], c.keys()).ok_or(Refusal::ChallengeUnknown)?;
    let proof = Proof {
        account: &token.account,
        challenge: &token.challenge,
        purpose: Purpose::StepUp,
        session: Some(&me.session),
        method,
        code: params.required("code")?,
    };
    let matched = redeem::attempt(&proof, &c).await?;
    redeem::claim(&matched, &c).await?;
    // Whether a claim has won can be seen only right after it: later ones, of a double click or of the next TOTP step, change that.
    let mut won = c.mark(MarkKind::SteppedUp, Some(&me.session));
    won.outlives = matched.account.voids(Some(&me.session)).cloned().collect();
    let until = won.at + lifetime(&c);
    let mark = Change { redemptions: SetOp::add([won]), ..Change::default() };
    let account = c.update_account(&matched.account.id, mark).await?.ok_or(Refusal::TryAgain)?;
    if !is_recent(&account, &me, &c) {
        // Voided meanwhile.
        return Err(Refusal::ChallengeUnknown);
    }
    c.record(What::SteppedUp, &me.user, Some(matched.method()), None, 0).await;
    Ok(Answer::SteppedUp { until })
}

/// `requireStepUp`: for an app's own functions.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::StepUpRequired`] unless this session stepped up within the lifetime.
pub(crate) async fn require(c: Ceremony) -> Result<Answer, Refusal> {
    stepped_up(&c).await.map(|_| Answer::Nothing {})
}

/// The caller and the caller's account, if this session stepped up within the lifetime.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::StepUpRequired`] if not.
pub(crate) async fn stepped_up(c: &Ceremony) -> Result<(SignedIn, Account), Refusal> {
    let me = c.signed_in()?;
    let account = c.load_account(&me.user).await?;
    let account = account.filter(|account| is_recent(account, &me, c)).ok_or(Refusal::StepUpRequired)?;
    Ok((me, account))
}

/// Whether this session stepped up within the lifetime, and nothing has voided that: a void counts unless the step-up knew of it,
/// or the session brought it about itself.
pub(crate) fn is_recent(account: &Account, me: &SignedIn, c: &Ceremony) -> bool {
    account.marks_of(MarkKind::SteppedUp).any(|mark| {
        mark.session.as_deref() == Some(&me.session)
            && c.now() < mark.at + lifetime(c)
            && account.voids(Some(&me.session)).all(|void| mark.outlives.contains(void))
    })
}

fn lifetime(c: &Ceremony) -> u64 {
    1000 * u64::from(c.policy().limits.step_up_lifetime)
}
