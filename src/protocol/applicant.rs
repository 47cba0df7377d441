//! Who enrolls a factor, and on what ground.

use super::caller::caller;
use crate::account::{Account, Challenge, Purpose};
use crate::challenge::{self, EnrollToken};
use crate::context::{Context, SignedIn};
use crate::crypto::Secret;
use crate::engine::{LetIn, ReadBasis, User};
use crate::factor;
use crate::first_factor::{check_owner, identify};
use crate::id::{Basis, FactorId};
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
    /// The password or a provider's word, for the first factor; what it was found right for.
    FirstFactor(SignedIn, Basis),
    /// A step-up, for a further one; what the user's row had before the step-up was looked at.
    StepUp(SignedIn, Basis),
    /// The token of a sign-in, for the first factor; what the sign-in is founded on. There is no session.
    SignIn(EnrollToken, Basis),
}

impl Applicant {
    /// A user with a session, who brings the password or a provider's word for the first factor, and has stepped up for a further one.
    ///
    /// # Errors
    /// Parse's 101 for a wrong password and for another's word; [`Refusal::StepUpRequired`]; [`Refusal::TryAgain`] where the host cannot
    /// read what the enrollment is founded on; as for a sign-in.
    pub(super) async fn with_session(me: SignedIn, proof: Option<Proof>, cx: &Context) -> Result<Applicant, Refusal> {
        let account = cx.load_account(&me.user).await?;
        // Read before the number that a step-up hangs on. What Parse writes later voids the enrollment by itself.
        let before = match account {
            Some(_) => cx.ask(ReadBasis { user: me.user.clone() }).await?,
            None => None,
        };
        let user = cx.load_user(&me.user).await?.ok_or(Refusal::NoFactor)?;
        let ground = if factor::has_factor(&user, account.as_ref()) {
            let me = caller(&user, account.as_ref(), cx).await?;
            if !account.as_ref().is_some_and(|account| me.has_stepped_up(account, cx)) {
                return Err(Refusal::StepUpRequired);
            }
            Ground::StepUp(me, before.ok_or(Refusal::TryAgain)?)
        } else {
            let basis = prove(proof, &user, cx).await?;
            Ground::FirstFactor(me, basis.ok_or(Refusal::TryAgain)?)
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
        if factor::has_factor(&user, Some(&account)) {
            return Err(Refusal::ChallengeUnknown);
        }
        let LetIn { basis, .. } = check_sign_in(&user.id, token.provider.as_ref(), cx).await?;
        token.check(&account, &basis, cx.now(), cx.keys())?;
        Ok(Applicant { user, account, ground: Ground::SignIn(token, basis) })
    }

    /// What the enrollment is founded on.
    pub(super) fn basis(&self) -> &Basis {
        match &self.ground {
            Ground::FirstFactor(_, basis) | Ground::StepUp(_, basis) | Ground::SignIn(_, basis) => basis,
        }
    }

    /// Whether an enrollment is founded on what this one would be.
    pub(super) fn is_founded_alike(&self, enrolling: &Challenge, cx: &Context) -> bool {
        challenge::check_basis(enrolling, self.basis(), cx).is_ok()
    }

    /// The purpose of an enrollment of this factor.
    pub(super) fn purpose(&self, factor: &FactorId) -> Purpose {
        let factor = factor.clone();
        match &self.ground {
            Ground::FirstFactor(me, _) => {
                Purpose::Enrollment { session: me.session.clone(), factor, by_password: true }
            }
            Ground::StepUp(me, _) => Purpose::Enrollment { session: me.session.clone(), factor, by_password: false },
            Ground::SignIn(token, _) => Purpose::SignInEnrollment { stamp: token.stamp(), factor },
        }
    }

    /// Checks that the ground holds by the row as it is after the enrollment was begun: revoked meanwhile, nobody gets the enrollment.
    ///
    /// # Errors
    /// [`Refusal::StepUpRequired`], [`Refusal::ChallengeUnknown`].
    pub(super) fn check(&self, row: &Account, cx: &Context) -> Result<(), Refusal> {
        match &self.ground {
            Ground::FirstFactor(..) => Ok(()),
            Ground::StepUp(me, _) if me.has_stepped_up(row, cx) => Ok(()),
            Ground::StepUp(..) => Err(Refusal::StepUpRequired),
            Ground::SignIn(token, basis) => token.check(row, basis, cx.now(), cx.keys()),
        }
    }
}

/// How many seconds an enrollment is good. One that was begun with a token is good for no longer than the token.
pub(super) fn expires_in(row: &Account, enrolling: &Challenge, cx: &Context) -> u64 {
    let own = cx.view(row).expires_in(enrolling);
    let token = enrolling.purpose.stamp().and_then(EnrollToken::of);
    token.map_or(own, |token| own.min(token.expires_in(cx.now()))).as_seconds_up()
}

/// Checks the first factor of the session's user once more, since a session alone enrolls nothing; what it was found right for.
///
/// # Errors
/// [`Refusal::BadRequest`] where there is none; as for a sign-in.
async fn prove(proof: Option<Proof>, user: &User, cx: &Context) -> Result<Option<Basis>, Refusal> {
    let password = match proof {
        None => return Err(Refusal::BadRequest("password or authData is missing.".into())),
        Some(Proof::Provider(word)) => return check_owner(word, &user.id, cx).await,
        Some(Proof::Password(password)) => password,
    };
    let username = user.username.as_deref().map(Into::into);
    let identified = identify(FirstFactor::Password { username, email: None, password }, cx).await?;
    if identified.user().id == user.id { Ok(identified.basis().cloned()) } else { Err(Refusal::Credentials) }
}
