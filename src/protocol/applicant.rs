//! Who enrolls a factor, and on what ground.

use super::caller::caller;
use crate::account::{Account, Challenge, Purpose};
use crate::challenge::EnrollToken;
use crate::context::{Context, SignedIn};
use crate::crypto::Secret;
use crate::engine::User;
use crate::factor;
use crate::first_factor::{check_owner, identify};
use crate::id::FactorId;
use crate::session::check_sign_in;
use crate::throttle;
use crate::wire::{FirstFactor, Proof, Refusal};

/// Who enrolls a factor.
pub(super) struct Applicant {
    pub user: User,
    pub account: Account,
    ground: Ground,
}

/// What a user enrolls a factor on.
enum Ground {
    /// The password or a provider's word, for the first factor.
    FirstFactor(SignedIn),
    /// A step-up, for a further one.
    StepUp(SignedIn),
    /// The token of a sign-in, for the first factor. There is no session.
    SignIn(EnrollToken),
}

impl Applicant {
    /// A user with a session, who brings the password or a provider's word for the first factor, and has stepped up for a further one.
    ///
    /// # Errors
    /// Parse's 101 for a wrong password and for another's word; [`Refusal::StepUpRequired`]; as for a sign-in.
    pub(super) async fn with_session(me: SignedIn, proof: Option<Proof>, cx: &Context) -> Result<Applicant, Refusal> {
        let user = cx.load_user(&me.user).await?.ok_or(Refusal::NoFactor)?;
        let account = cx.load_account(&me.user).await?;
        let ground = if factor::has_factor(&user, account.as_ref()) {
            let me = caller(account.as_ref(), cx).await?;
            if !account.as_ref().is_some_and(|account| me.has_stepped_up(account, cx)) {
                return Err(Refusal::StepUpRequired);
            }
            Ground::StepUp(me)
        } else {
            prove(proof, &user, cx).await?;
            Ground::FirstFactor(me)
        };
        let account = cx.or_create_account(account, &user.id).await?;
        Ok(Applicant { user, account, ground })
    }

    /// A user who has to enroll to sign in, and brings the token that the sign-in answered.
    ///
    /// # Errors
    /// [`Refusal::ChallengeUnknown`] for a token that is made up or void, and for a user who has a factor by now; what Parse's own sign-in
    /// refuses with.
    pub(super) async fn with_token(token: &Secret, cx: &Context) -> Result<Applicant, Refusal> {
        let token = EnrollToken::read(token, cx.keys()).ok_or(Refusal::ChallengeUnknown)?;
        throttle::count_call(cx).await?;
        let user = cx.load_user(&token.user).await?.ok_or(Refusal::ChallengeUnknown)?;
        let account = cx.load_account(&token.user).await?.ok_or(Refusal::ChallengeUnknown)?;
        token.check(&account, cx.now(), cx.keys())?;
        if factor::has_factor(&user, Some(&account)) {
            return Err(Refusal::ChallengeUnknown);
        }
        check_sign_in(&user.id, token.provider.as_ref(), cx).await?;
        Ok(Applicant { user, account, ground: Ground::SignIn(token) })
    }

    /// The purpose of an enrollment of this factor.
    pub(super) fn purpose(&self, factor: &FactorId) -> Purpose {
        let factor = factor.clone();
        match &self.ground {
            Ground::FirstFactor(me) => Purpose::Enrollment { session: me.session.clone(), factor, by_password: true },
            Ground::StepUp(me) => Purpose::Enrollment { session: me.session.clone(), factor, by_password: false },
            Ground::SignIn(token) => Purpose::SignInEnrollment { stamp: token.stamp(), factor },
        }
    }

    /// Checks that the ground holds by the row as it is after the enrollment was begun: revoked meanwhile, nobody gets the enrollment.
    ///
    /// # Errors
    /// [`Refusal::StepUpRequired`], [`Refusal::ChallengeUnknown`].
    pub(super) fn check(&self, row: &Account, cx: &Context) -> Result<(), Refusal> {
        match &self.ground {
            Ground::FirstFactor(_) => Ok(()),
            Ground::StepUp(me) if me.has_stepped_up(row, cx) => Ok(()),
            Ground::StepUp(_) => Err(Refusal::StepUpRequired),
            Ground::SignIn(token) => token.check(row, cx.now(), cx.keys()),
        }
    }

    /// How many seconds the enrollment is good. One that was begun with a token is good for no longer than the token.
    pub(super) fn expires_in(&self, row: &Account, enrolling: &Challenge, cx: &Context) -> u64 {
        let own = cx.view(row).expires_in(enrolling);
        let least = match &self.ground {
            Ground::FirstFactor(_) | Ground::StepUp(_) => own,
            Ground::SignIn(token) => own.min(token.expires_in(cx.now())),
        };
        least.as_seconds_up()
    }
}

/// Checks the first factor of the session's user once more: a session alone enrolls nothing.
///
/// # Errors
/// [`Refusal::BadRequest`] where there is none; as for a sign-in.
async fn prove(proof: Option<Proof>, user: &User, cx: &Context) -> Result<(), Refusal> {
    let password = match proof {
        None => return Err(Refusal::BadRequest("password or authData is missing.".into())),
        Some(Proof::Provider(word)) => return check_owner(word, &user.id, cx).await,
        Some(Proof::Password(password)) => password,
    };
    let username = user.username.as_deref().map(Into::into);
    let identified = identify(FirstFactor::Password { username, email: None, password }, cx).await?;
    if identified.user().id == user.id { Ok(()) } else { Err(Refusal::Credentials) }
}
