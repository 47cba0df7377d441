//! Signing in: the first factor first, the second factor next, the session last.

use crate::account::{Account, Purpose, PurposeName};
use crate::challenge::{self, Answered, IssueRequest, Presented, token};
use crate::context::Context;
use crate::engine::User;
use crate::first_factor::{Requirement, identify};
use crate::id::{AccountId, ChallengeId};
use crate::session::{Cleared, check_sign_in, open_session};
use crate::throttle;
use crate::wire::{Answer, FirstFactor, Login, Refusal, Response, Wish};

/// `login`. The first factor alone gets a challenge, or a session for a user who is not asked for a second factor. A challenge with its
/// response gets the session. The first factor with a response, as in the tutorial's second call, answers the challenge that is alive.
///
/// # Errors
/// Every [`Refusal`] of the wire but 119, 209, 4010, 4014 and 4020.
pub(crate) async fn sign_in(request: Login, cx: &Context) -> Result<Answer, Refusal> {
    match request {
        Login::Begin { first, wish } => begin(first, Next::Challenge(wish), cx).await,
        Login::Repeat { first, response } => begin(first, Next::Answer(response), cx).await,
        Login::Answer { challenge, response } => {
            let token = token::read(&challenge, &[PurposeName::SignIn], cx.keys()).ok_or(Refusal::ChallengeUnknown)?;
            let presented = Presented::read(&response, PurposeName::SignIn)?;
            throttle::count_call(cx).await?;
            second_factor(&token.account, &token.challenge, None, &presented, cx).await
        }
    }
}

/// What follows on the first factor.
enum Next {
    Challenge(Wish),
    Answer(Response),
}

async fn begin(first: FirstFactor, next: Next, cx: &Context) -> Result<Answer, Refusal> {
    let identified = identify(first, cx).await?;
    let user = identified.user();
    let require = cx.requirement_of(&user.id).await?;
    let account = cx.load_account(&user.id).await?;
    match identified.waive(account.as_ref(), require, cx.policy().federated) {
        Ok(waived) => {
            let session_token = open_session(Cleared::NotAsked(waived), cx).await?;
            return Ok(Answer::Session { session_token });
        }
        // Before a code is sent, and before anything is said about factors: a user whom Parse does not let in hears that.
        Err(standing) => {
            check_sign_in(&user.id, identified.provider(), cx).await?;
            if standing == Requirement::Enrollment {
                return Err(Refusal::NoFactor);
            }
        }
    }
    let account = cx.or_create_account(account, &user.id).await?;
    match next {
        Next::Answer(response) => {
            let challenge = latest(&account, cx).ok_or(Refusal::ChallengeUnknown)?;
            let presented = Presented::read(&response, PurposeName::SignIn)?;
            second_factor(&account.id, challenge, Some(user), &presented, cx).await
        }
        Next::Challenge(wish) => {
            let request =
                IssueRequest { user, purpose: Purpose::SignIn { provider: identified.provider().cloned() }, wish };
            challenge::issue(&request, account, cx).await
        }
    }
}

/// Count the attempt, compare, ask Parse, claim the challenge, open the session: in this order. Parse is asked before the claim as well as
/// before the session, so that a user whom it stops for now keeps the challenge and the recovery code. Of a user who was identified in this
/// very call it has been asked.
async fn second_factor(
    account: &AccountId,
    challenge: &ChallengeId,
    identified: Option<&User>,
    response: &Presented<'_>,
    cx: &Context,
) -> Result<Answer, Refusal> {
    let answered = Answered { account, challenge, purpose: PurposeName::SignIn, session: None, response };
    let verified = challenge::verify(&answered, cx).await?;
    let holder = &verified.challenge.user;
    if identified.is_none_or(|user| user.id != *holder) {
        check_sign_in(holder, verified.challenge.purpose.provider(), cx).await?;
    }
    let (won, _) = challenge::claim(verified, cx).await?;
    let session_token = open_session(Cleared::SecondFactor(won), cx).await?;
    Ok(Answer::Session { session_token })
}

/// The challenge that a response with a password in its place is for: the living one, or else the last, whose state then says why not.
fn latest<'a>(account: &'a Account, cx: &'a Context) -> Option<&'a ChallengeId> {
    const BY_PASSWORD: Purpose = Purpose::SignIn { provider: None };
    let alive = cx.view(account).alive(&BY_PASSWORD);
    let of_sign_ins = account.challenges.iter().filter(|challenge| challenge.purpose == BY_PASSWORD);
    alive
        .min_by_key(|challenge| (challenge.at, &challenge.id))
        .or_else(|| of_sign_ins.max_by_key(|challenge| challenge.at))
        .map(|challenge| &challenge.id)
}
