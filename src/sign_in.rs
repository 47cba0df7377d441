//! Signing in: the password first, the second factor next, the session last.

use crate::account::{Account, Method, Purpose};
use crate::begin::{self, Aim};
use crate::ceremony::{Answer, Ceremony};
use crate::challenge;
use crate::change::Change;
use crate::effect::User;
use crate::event::What;
use crate::factors;
use crate::params::Params;
use crate::redeem::{self, Proof};
use crate::refusal::Refusal;
use crate::window;

/// `login`: with a password, a challenge, or a session for a user who is not asked for a second factor; with a challenge and its code, the
/// session. With a password and a code (the tutorial's second call) the challenge is the one that is alive.
///
/// # Errors
/// Every [`Refusal`] of the wire but 119, 209, 4010, 4014 and 4020.
pub(crate) async fn sign_in(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    let method = params.method()?;
    if let Some(token) = params.optional("challenge")? {
        let code = params.required("code")?;
        let token = challenge::read(token, &[Purpose::SignIn], c.keys()).ok_or(Refusal::ChallengeUnknown)?;
        window::count_call(&c).await?;
        return second_factor(&token.account, &token.challenge, None, method, code, &c).await;
    }

    let user = holder_of_password(&params, &c).await?;
    let account = c.load_account(&user.id).await?;
    let is_asked = factors::is_asked(&user, account.as_ref(), c.policy());
    if is_asked == Ok(false) {
        return open_session(&user.id, None, &c).await;
    }
    // Before a code is sent, and before anything is said about factors: whom Parse does not let in hears that.
    c.check_sign_in(&user.id).await?;
    is_asked?;
    let account = c.or_create_account(account, &user.id).await?;
    match params.optional("code")? {
        Some(code) => {
            let challenge = latest(&account, &c).ok_or(Refusal::ChallengeUnknown)?;
            second_factor(&account.id, challenge, Some(&user), method, code, &c).await
        }
        None => {
            let aim = Aim { user: &user, purpose: Purpose::SignIn, session: None, method };
            begin::begin(&aim, account, &c).await
        }
    }
}

/// The user that name and password belong to. No session exists by then.
async fn holder_of_password(params: &Params, c: &Ceremony) -> Result<User, Refusal> {
    let username = params.optional("username")?;
    let email = params.optional("email")?;
    let password = params.required("password")?;
    params.optional("code")?;
    if username.is_none() && email.is_none() {
        return Err(Refusal::BadRequest("username or email is missing.".into()));
    }
    window::count_call(c).await?;
    c.check_password(username, email, password).await
}

/// Count the attempt, compare, look whether the user may still come in, claim the challenge, open the session: in this order.
/// A user whose password was checked in this very call has been looked at.
async fn second_factor(
    account: &str,
    challenge: &str,
    user: Option<&User>,
    method: Option<Method>,
    code: &str,
    c: &Ceremony,
) -> Result<Answer, Refusal> {
    let proof = Proof { account, challenge, purpose: Purpose::SignIn, session: None, method, code };
    let matched = redeem::attempt(&proof, c).await?;
    let holder = &matched.challenge.user;
    if user.is_none_or(|user| user.id != *holder) {
        c.load_user(holder).await?.ok_or(Refusal::Credentials)?;
        // Before the claim as well as before the session: whom Parse stops for now keeps the challenge and the recovery code.
        c.check_sign_in(holder).await?;
    }
    redeem::claim(&matched, c).await?;
    open_session(holder, Some(matched.method()), c).await
}

async fn open_session(user: &str, method: Option<Method>, c: &Ceremony) -> Result<Answer, Refusal> {
    let session_token = c.open_session(user).await?;
    c.record(What::SignedIn, user, method, None, 0).await;
    Ok(Answer::Session { session_token })
}

/// The challenge that a code without one is for: the living one, or else the last, whose state then says why not.
fn latest<'a>(account: &'a Account, c: &'a Ceremony) -> Option<&'a str> {
    let alive = account.alive(Purpose::SignIn, None, c.policy(), c.now());
    alive
        .min_by_key(|ch| (ch.at, &ch.id))
        .or_else(|| account.challenges.iter().filter(|ch| ch.purpose == Purpose::SignIn).max_by_key(|ch| ch.at))
        .map(|ch| ch.id.as_str())
}

/// `resendCode`: a new code for a living challenge.
///
/// # Errors
/// [`Refusal::ResendTooSoon`], and those of a challenge that is over.
pub(crate) async fn resend(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    let purposes = [Purpose::SignIn, Purpose::StepUp];
    let token = challenge::read(params.required("challenge")?, &purposes, c.keys()).ok_or(Refusal::ChallengeUnknown)?;
    window::count_call(&c).await?;
    let account = c.update_account(&token.account, Change::default()).await?;
    let account = account.ok_or(Refusal::ChallengeUnknown)?;
    let challenge = account.challenge(&token.challenge).ok_or(Refusal::ChallengeUnknown)?;
    redeem::check_open(challenge, &account, 0, &c)?;
    let user = c.load_user(&challenge.user).await?.ok_or(Refusal::ChallengeUnknown)?;
    if challenge.purpose == Purpose::SignIn {
        // A step-up is of a session that Parse has opened; its rules are about signing in.
        c.check_sign_in(&user.id).await?;
    }
    let number = factors::number(&user, &account, &c)?;
    let account = begin::send_next_code(&user, &account, challenge, &number, &c).await?;
    let methods = factors::methods(&user, &account);
    begin::answer(&account, challenge, Method::Sms, methods, &c)
}

/// `beforeLogin`: refuses a sign-in that goes round the second factor. It sends nothing and writes nothing, because Parse runs
/// it for some credentials before it has checked them.
///
/// # Errors
/// [`Refusal::NativeSignIn`], or [`Refusal::NoFactor`] where everyone needs one; [`Refusal::TryAgain`] for a user that cannot be read.
pub(crate) async fn native_sign_in(user: String, c: Ceremony) -> Result<Answer, Refusal> {
    // Parse has found the user: whom we cannot see, an app's own `beforeFind` hides from us.
    let user = c.load_user(&user).await?.ok_or(Refusal::TryAgain)?;
    let account = c.load_account(&user.id).await?;
    if factors::is_asked(&user, account.as_ref(), c.policy())? {
        return Err(Refusal::NativeSignIn);
    }
    Ok(Answer::Nothing {})
}
