//! Signing in: the first factor first, the second factor next, the session last.

use super::recovery_use;
use crate::account::{Account, Purpose, PurposeName};
use crate::challenge::{self, Answered, EnrollToken, IssueRequest, Presented};
use crate::context::Context;
use crate::crypto::Secret;
use crate::device::{self, Shown};
use crate::engine::LetIn;
use crate::factor;
use crate::first_factor::{Identified, Requirement, identify};
use crate::id::{Basis, ChallengeId, UserId};
use crate::policy::{Require, Route};
use crate::session::{Cleared, check_identified, check_sign_in, open_session};
use crate::throttle;
use crate::wire::{Answer, FirstFactor, Login, Method, Progress, Refusal, Response, Wish};

/// `login`. The first factor alone gets a challenge, or a session for a user who is not asked for a second factor. A challenge with its
/// response gets the session. The first factor with a response, as in the tutorial's second call, answers the challenge that is alive.
///
/// # Errors
/// Every [`Refusal`] of the wire but 119, 209, 4010, 4014 and 4020.
pub(crate) async fn sign_in(request: Login, cx: &Context) -> Result<Answer, Refusal> {
    match request {
        Login::Begin { first, wish, device } => begin(first, Next::Challenge { wish, device }, cx).await,
        Login::Repeat { first, response, trust } => begin(first, Next::Answer { response, trust }, cx).await,
        Login::Answer { challenge, response, trust } => {
            let token = challenge::live(&challenge, &[PurposeName::SignIn], cx)?;
            let presented = Presented::read(&response, PurposeName::SignIn)?;
            throttle::count_call(cx).await?;
            // Where the account is gone, so is the user, and Parse would say no more than this.
            let account = cx.read_row(&token.account).await?.ok_or(Refusal::Credentials)?;
            second_factor(&account, &token.challenge, None, &presented, trust, cx).await
        }
    }
}

/// What follows on the first factor.
enum Next {
    Challenge { wish: Wish, device: Option<Secret> },
    Answer { response: Response, trust: bool },
}

impl Next {
    /// The token of a trusted browser. It is not looked at beside a code.
    fn device(&self) -> Option<&Secret> {
        match self {
            Next::Challenge { device, .. } => device.as_ref(),
            Next::Answer { .. } => None,
        }
    }
}

async fn begin(first: FirstFactor, next: Next, cx: &Context) -> Result<Answer, Refusal> {
    let identified = identify(first, cx).await?;
    let require = cx.requirement_of(&identified.user().id, Route::Login).await?;
    let device = next.device().filter(|_| matches!(require, Require::Enrolled | Require::Everyone));
    let (account, shown) = device::claim(&identified, device, cx).await?;
    let is_ignored = matches!(shown, Shown::Ignored);
    let takes_trust = require != Require::Always;
    let answer = after_first_factor(&identified, account, require, shown, next, cx).await?;
    let answer = if is_ignored { answer.forgetting_device() } else { answer };
    Ok(if takes_trust { answer } else { answer.without_trust() })
}

async fn after_first_factor(
    identified: &Identified,
    account: Option<Account>,
    require: Require,
    shown: Shown,
    next: Next,
    cx: &Context,
) -> Result<Answer, Refusal> {
    let user = identified.user();
    let cleared = match (identified.waive(account.as_ref(), require, cx.policy().federated), shown) {
        (Ok(waived), _) => Ok(Cleared::NotAsked(waived)),
        (Err(Requirement::TrustedDevice), Shown::Trusted(trusted)) => Ok(Cleared::TrustedDevice(trusted)),
        (Err(standing), _) => Err(standing),
    };
    match cleared {
        Ok(cleared) => return Ok(signed_in(open_session(cleared, cx).await?)),
        // Before a code is sent, and before anything is said about factors: a user whom Parse does not let in hears that.
        Err(standing) => {
            let LetIn { basis, .. } = check_identified(identified, cx).await?;
            identified.check(&basis)?;
            if standing == Requirement::Enrollment {
                return enroll_first(identified, &basis, account, cx).await;
            }
        }
    }
    let mut account = cx.or_create_account(account, &user.id).await?;
    if let Some(basis) = identified.basis() {
        account = challenge::drop_void(account, basis, cx).await?;
    }
    match next {
        Next::Answer { response, trust } => {
            let presented = Presented::read(&response, PurposeName::SignIn)?;
            in_one_call(identified, account, &presented, trust, cx).await
        }
        Next::Challenge { wish, .. } => {
            let purpose = Purpose::SignIn { provider: identified.provider().cloned() };
            let request = IssueRequest { user, purpose, wish, basis: identified.basis() };
            challenge::issue(&request, account, cx).await
        }
    }
}

/// The answer with this session and nothing else.
fn signed_in(session_token: Secret) -> Answer {
    Answer::Session { status: Progress::SignedIn, session_token, recovery_codes_left: None, device: None }
}

/// A code that came with the first factor. It answers the living challenge, as the tutorial's second call does. If none is alive, a code
/// that no message brought begins one: an authenticator app's, or a recovery code.
async fn in_one_call(
    identified: &Identified,
    account: Account,
    presented: &Presented<'_>,
    trust: bool,
    cx: &Context,
) -> Result<Answer, Refusal> {
    let (account, challenge) = match (alive(&account, cx).cloned(), last(&account).cloned()) {
        (Some(alive), _) => (account, alive),
        (None, last) => {
            match challenge::begin_silently(identified.user(), identified.basis(), presented, &account, cx).await? {
                Some((account, begun)) => (account, begun.id),
                // Its state says what became of it.
                None => (account, last.ok_or(Refusal::ChallengeUnknown)?),
            }
        }
    };
    second_factor(&account, &challenge, Some(identified), presented, trust, cx).await
}

/// Answers a token with which the user can enroll a first factor, and nothing else. The user's row exists by then, so that whatever voids
/// the token can leave a revocation there.
async fn enroll_first(
    identified: &Identified,
    basis: &Basis,
    account: Option<Account>,
    cx: &Context,
) -> Result<Answer, Refusal> {
    let (user, provider) = (&identified.user().id, identified.provider());
    cx.check_key_ring()?;
    let account = cx.or_create_account(account, user).await?;
    let methods = factor::enrollable(identified.user(), Some(&account), cx);
    let token = EnrollToken::issue(cx.random_id::<12>(), user, provider, &account, basis, cx.now(), cx.keys());
    let token = token.ok_or(Refusal::TryAgain)?;
    Ok(Answer::EnrollFirst {
        status: Progress::Enroll,
        enroll: token.text(cx.keys()).ok_or(Refusal::TryAgain)?,
        methods,
        expires_in: token.expires_in(cx.now()).as_seconds_up(),
        device: None,
    })
}

/// Count the attempt, compare, ask Parse, claim the challenge, open the session: in this order. Parse is asked before the claim as well as
/// before the session, so that a user whom it stops for now keeps the challenge and the recovery code. Of a user who was identified in this
/// very call it has been asked.
async fn second_factor(
    account: &Account,
    challenge: &ChallengeId,
    identified: Option<&Identified>,
    response: &Presented<'_>,
    trust: bool,
    cx: &Context,
) -> Result<Answer, Refusal> {
    let answered = Answered {
        account,
        challenge,
        purpose: PurposeName::SignIn,
        session: None,
        response,
        by_token: identified.is_none(),
    };
    let verified = challenge::verify(&answered, cx).await?;
    let holder = verified.challenge.user.clone();
    let asked;
    let user = match identified.map(Identified::user).filter(|user| user.id == holder) {
        Some(user) => user,
        None => {
            asked = check_sign_in(&holder, verified.challenge.purpose.provider(), cx).await?;
            challenge::check_basis(&verified.challenge, &asked.basis, cx)?;
            &asked.user
        }
    };
    let before = verified.account.clone();
    let (won, row) = challenge::claim(verified, Some(user), cx).await?;
    let by_recovery_code = won.method() == Method::Recovery;
    let opened = open_session(Cleared::SecondFactor(won), cx).await;
    if by_recovery_code {
        // The code is used up, whatever became of the session (NIST SP 800-63B-4 §4.2.3).
        recovery_use::tell(&holder, &row, cx).await;
    }
    let session_token = opened?;
    let recovery_codes_left = by_recovery_code.then_some(row.recovery_codes.len());
    // Whoever needs a recovery code may be using somebody else's browser.
    let trusted = match trust && !by_recovery_code && takes_trust(&holder, cx).await {
        true => device::trust(&holder, &before, &row, cx).await,
        false => None,
    };
    Ok(Answer::Session { status: Progress::SignedIn, session_token, recovery_codes_left, device: trusted.map(Some) })
}

/// Whether a browser that is trusted now would be of any use.
async fn takes_trust(user: &UserId, cx: &Context) -> bool {
    cx.requirement_of(user, Route::Login).await.is_ok_and(|require| require != Require::Always)
}

/// A sign-in that a password began: the only kind that a response without a challenge can be for.
const BY_PASSWORD: Purpose = Purpose::SignIn { provider: None };

/// The living challenge that a response without one is for.
fn alive<'a>(account: &'a Account, cx: &'a Context) -> Option<&'a ChallengeId> {
    let alive = cx.view(account).alive(&BY_PASSWORD);
    alive.min_by_key(|challenge| (challenge.at, &challenge.id)).map(|challenge| &challenge.id)
}

/// The last challenge of a sign-in by password that the row has.
fn last(account: &Account) -> Option<&ChallengeId> {
    let of_sign_ins = account.challenges.iter().filter(|challenge| challenge.purpose == BY_PASSWORD);
    of_sign_ins.max_by_key(|challenge| challenge.at).map(|challenge| &challenge.id)
}
