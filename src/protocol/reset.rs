//! An operator's reset.

use super::forget_device;
use super::revoke::{all_authenticators, all_numbers, challenges_and_devices};
use crate::account::{Account, RowUpdate, SetOp};
use crate::context::Context;
use crate::engine::{RemoveNumber, User};
use crate::factor;
use crate::id::UserId;
use crate::policy::MessageKind;
use crate::wire::{Answer, EventKind, Refusal, Reset, ResetScope, Subject};

/// `resetTwoFactor`: the second factor works again after too many failures, and whatever is under way is void: challenges, enrollments,
/// step-ups. With the scope of factors the enrolled factors and recovery codes go as well, for a user who lost them. The phone number is
/// the app's own column and stays. With the scope of the number it is the other way round: the column is emptied, and every enrolled number
/// goes. With the scope of devices, the trusted browsers go and nothing else; any other reset removes them too.
///
/// Nothing has to be done about tokens to enroll with: any reset but that of devices leaves a revocation, which voids them, and without an
/// account there is none.
///
/// Parse Dashboard calls a script for the rows that somebody marked, and again with the form that they filled in. The first call resets
/// nothing.
///
/// # Errors
/// Parse's 119 without the master key, its 101 for an id that is no user's.
pub(crate) async fn reset(request: Reset, cx: &Context) -> Result<Answer, Refusal> {
    let Reset { subject: Subject { user, in_dashboard }, scope, ticket } = request;
    let Some(scope) = scope else {
        let scopes = ResetScope::MILDEST_FIRST.iter().map(|scope| scope.as_str().unwrap_or_default()).collect();
        return Ok(Answer::AskScope { scopes });
    };
    let before = take(&user, scope, cx).await?;
    cx.record(&user, EventKind::Reset { scope, ticket }).await;
    if let Some((row, account)) = before {
        tell(&row, &account, cx).await;
    }
    Ok(match in_dashboard {
        true => Answer::WasReset { user, scope: scope.as_str().unwrap_or_default() },
        false => Answer::Nothing {},
    })
}

/// Resets; the user and the account before that, where there is an account.
async fn take(user: &UserId, scope: ResetScope, cx: &Context) -> Result<Option<(User, Account)>, Refusal> {
    let account = cx.load_account(user).await?;
    let mut before = None;
    if let Some(account) = account {
        // The number that goes hears of it as well.
        let row = cx.load_user(user).await.ok().flatten();
        carry_out(&account, scope, cx).await?;
        before = row.map(|row| (row, account));
    } else {
        cx.load_user(user).await?.ok_or_else(no_such_user)?;
    }
    // After the row, since our own trigger runs on it and finds nothing under way that could be told of.
    if scope == ResetScope::Number
        && let Some(row) = cx.load_user(user).await?
        && row.phone().is_some()
    {
        cx.ask(RemoveNumber { user: user.clone() }).await?;
    }
    Ok(before)
}

/// Changes the account.
async fn carry_out(account: &Account, scope: ResetScope, cx: &Context) -> Result<(), Refusal> {
    if scope == ResetScope::Devices {
        forget_device::remove(account, Account::without_devices, cx).await?;
    } else {
        let mut update = void(account, scope);
        update.challenges = update.challenges.and(account.attempts.clone());
        let revocation = cx.revocation(None, None);
        update.redemptions = SetOp::add([revocation.clone()]);
        if let Some(after) = cx.update(&account.id, update).await? {
            // Elements that were added between the two reads. Whatever is added from now on finds the revocation.
            let mut rest = void(&after, scope);
            let over = cx.view(&after).stale_redemptions().and(after.unknown_redemptions.clone());
            rest.redemptions = over.and(cx.view(&after).outdone_by(&revocation));
            if !rest.is_nothing() {
                cx.update(&account.id, rest).await?;
            }
        }
    }
    Ok(())
}

/// Notifies a user who had a second factor: whoever deceives an operator gets it reset. The address and every number hear of it, those that
/// were removed as well.
async fn tell(user: &User, account: &Account, cx: &Context) {
    if factor::has_factor(user, Some(account)) {
        factor::notify_everywhere(user, &[account], MessageKind::Reset, cx).await;
    }
}

fn void(row: &Account, scope: ResetScope) -> RowUpdate {
    let mut void = challenges_and_devices(row);
    match scope {
        ResetScope::Factors => void.authenticators = all_authenticators(row),
        ResetScope::Number => void.authenticators = all_numbers(row),
        ResetScope::UnderWay | ResetScope::Devices => {}
    }
    void
}

/// Parse's own refusal of an id that is no user's.
pub(super) fn no_such_user() -> Refusal {
    Refusal::Parse { code: 101, message: "Object not found.".into() }
}
