//! A user's second factors, as the user and an operator may see them.

use super::caller::caller;
use super::enroll::MOST_FACTORS;
use super::reset::no_such_user;
use crate::account::Account;
use crate::context::{Context, SignedIn};
use crate::device;
use crate::engine::User;
use crate::factor;
use crate::first_factor::proof_of;
use crate::policy::Route;
use crate::wire::{Answer, EnrollProof, PanelFacts, Refusal, Subject};

/// `twoFactorStatus`: of the caller or, with the master key, of this user. Parse Dashboard is told a little more.
///
/// # Errors
/// Parse's 209 without a session. With a user: Parse's 119 without the master key, its 101 for an id that is no user's.
/// [`Refusal::TryAgain`] if the app did not say what it requires.
pub(crate) async fn status(of: Option<Subject>, cx: &Context) -> Result<Answer, Refusal> {
    match of {
        Some(Subject { user: id, in_dashboard }) => {
            cx.caller.check_master()?;
            let user = cx.load_user(&id).await?.ok_or_else(no_such_user)?;
            let account = cx.load_account(&id).await?;
            let panel = in_dashboard.then(|| PanelFacts {
                user: id,
                failures: account.as_ref().map_or(0, |account| cx.view(account).failures()),
                most_failures: cx.limits().failures,
            });
            overview(&user, account.as_ref(), None, panel, cx).await
        }
        None => {
            let (id, _) = cx.caller.session()?;
            let user = cx.load_user(id).await?.ok_or_else(no_such_user)?;
            let account = cx.load_account(id).await?;
            let me = caller(&user, account.as_ref(), cx).await?;
            overview(&user, account.as_ref(), Some(&me), None, cx).await
        }
    }
}

async fn overview(
    user: &User,
    account: Option<&Account>,
    me: Option<&SignedIn>,
    panel: Option<PanelFacts>,
    cx: &Context,
) -> Result<Answer, Refusal> {
    let stepped_up_until = me.zip(account).and_then(|(me, account)| me.stepped_up_until(account, cx));
    let has_room = account.is_none_or(|account| account.confirmed.len() < MOST_FACTORS);
    Ok(Answer::Status {
        factors: factor::statuses(user, account, cx),
        recovery_codes_left: account.map_or(0, |account| account.recovery_codes.len()),
        devices: device::statuses(user, account, cx).await?,
        disabled: account.is_some_and(|account| cx.view(account).is_disabled()),
        can: if has_room { factor::enrollable(user, account, cx) } else { Vec::new() },
        asks: match factor::has_factor(user, account) {
            false => Some(proof_of(user, cx).await?),
            true if stepped_up_until.is_none() => Some(EnrollProof::StepUp),
            true => None,
        },
        required: cx.requirement_of(&user.id, Route::Save).await?.keeps_last(),
        stepped_up_until,
        panel,
    })
}
