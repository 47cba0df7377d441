//! Parse's own ways to sign in.

use crate::context::Context;
use crate::first_factor::{Requirement, is_trusted, requirement};
use crate::id::{ProviderName, UserId};
use crate::policy::{Federated, Route};
use crate::wire::{Answer, Refusal};

/// `beforeLogin`: refuses a sign-in that would go around the second factor. It sends nothing and writes nothing, because Parse runs it for
/// some credentials before it has checked them. A trusted provider's word passes: whether it is right, Parse asks the provider.
///
/// # Errors
/// [`Refusal::NativeSignIn`], or [`Refusal::NativeEnrollment`] where everyone needs one; [`Refusal::NotConfigured`] for a
/// number in the wrong column; [`Refusal::TryAgain`] for a user that cannot be read.
pub(crate) async fn native_sign_in(user: &UserId, presented: &[ProviderName], cx: &Context) -> Result<Answer, Refusal> {
    // Parse asks the provider next. A second provider would be linked before anything is asked, and for the master key Parse may ask nobody.
    if let ([provider], false) = (presented, cx.caller.master)
        && is_trusted(provider, cx.policy().federated)
    {
        return Ok(Answer::Nothing {});
    }
    // Parse has found the user. If we cannot, an app's own `beforeFind` hides the row from us.
    let user = cx.load_user(user).await?.ok_or(Refusal::TryAgain)?;
    user.check_column()?;
    let require = cx.requirement_of(&user.id, Route::Native).await?;
    let account = cx.load_account(&user.id).await?;
    let takes_words = cx.policy().federated != Federated::Refuse;
    match requirement(&user, account.as_ref(), require) {
        Requirement::Nothing => Ok(Answer::Nothing {}),
        // Parse's own sign-in brings no token of a trusted browser.
        Requirement::TrustedDevice | Requirement::SecondFactor => Err(Refusal::NativeSignIn { takes_words }),
        Requirement::Enrollment => Err(Refusal::NativeEnrollment { takes_words }),
    }
}
