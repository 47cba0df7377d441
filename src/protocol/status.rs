//! A user's second factors, as the user and an operator may see them.

use crate::context::Context;
use crate::factor;
use crate::id::UserId;
use crate::protocol::reset::no_such_user;
use crate::wire::{Answer, Refusal};

/// `twoFactorStatus`: of the caller or, with the master key, of this user.
///
/// # Errors
/// Parse's 209 without a session. With a user: Parse's 119 without the master key, its 101 for an id that is no user's.
pub(crate) async fn status(of: Option<UserId>, cx: &Context) -> Result<Answer, Refusal> {
    let (id, user) = match of {
        Some(id) => {
            cx.caller.check_master()?;
            let user = cx.load_user(&id).await?.ok_or_else(no_such_user)?;
            (id, user)
        }
        None => {
            let (id, _) = cx.caller.session()?;
            (id.clone(), cx.load_user(id).await?.unwrap_or_default())
        }
    };
    let account = cx.load_account(&id).await?;
    Ok(Answer::Status {
        factors: factor::statuses(&user, account.as_ref(), cx.keys()),
        recovery_codes_left: account.as_ref().map_or(0, |account| account.recovery_codes.len()),
        disabled: account.is_some_and(|account| cx.view(&account).is_disabled()),
    })
}
