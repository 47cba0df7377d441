//! What the deletion of a user does to its second factors: `beforeDelete(_User)` and `afterDelete(_User)`.

use super::revoke::{all_authenticators, challenges_and_devices};
use super::user_change::Client;
use crate::account::{Account, Mark, RowUpdate, SetOp};
use crate::context::Context;
use crate::engine::{EndSessions, ReadBasis, RemoveAccount};
use crate::factor;
use crate::id::UserId;
use crate::policy::Route;
use crate::wire::{Answer, EventKind, Refusal};

/// A session deletes a user with a second factor only after a step-up: whoever holds a stolen one could sign up under the same name, or the
/// same id where the app allows that, and be that user without a factor. The master key never needs one.
///
/// Where ids can come back, a user with a factor has an account before Parse deletes the user: it outlives whoever makes the deletion, and
/// [`super::custom_id`] finds it.
///
/// # Errors
/// [`Refusal::StepUpRequired`]; as [`crate::caller::Caller::check_columns`] for a client.
pub(crate) async fn delete_user(id: &UserId, ids_come_back: bool, cx: &Context) -> Result<Answer, Refusal> {
    if cx.caller.master && !ids_come_back {
        return Ok(Answer::Nothing {});
    }
    if !cx.caller.master {
        cx.caller.check_columns()?;
    }
    let account = cx.load_account(id).await?;
    if !cx.caller.master
        && let Some(Client { me: Some(me), .. }) = Client::of(id, account.as_ref(), Route::Delete, cx).await?
        && !account.as_ref().is_some_and(|row| me.has_stepped_up(row, cx))
    {
        return Err(Refusal::StepUpRequired);
    }
    if ids_come_back
        && !cx.caller.transaction
        && account.is_none()
        && let Some(user) = cx.load_user(id).await?
        && factor::has_factor(&user, None)
    {
        cx.or_create_account(None, id).await?;
    }
    Ok(Answer::Nothing {})
}

/// With a user go its factors and whatever was under way. Where ids can come back, an empty account with a mark stays. The deletion is an
/// event, and comes first: by it the host finds the user's entries whose addresses have to go, also if the process dies here.
///
/// Parse leaves the sessions. They would be those of whoever comes under the id, so they end before the account goes, which keeps the id.
///
/// # Errors
/// [`Refusal::TryAgain`] if nobody can tell whether they are gone.
pub(crate) async fn user_deleted(id: &UserId, ids_come_back: bool, cx: &Context) -> Result<Answer, Refusal> {
    // A transaction may still be taken back, and then the user would be there without a factor. From outside of it the user is there as
    // yet, and before 8 Parse Server shows a transaction in no other way. `forget` removes what stays. The basis is read where no
    // `beforeFind` of the app's runs, which may hide users from the master key as well.
    if cx.ask(ReadBasis { user: id.clone() }).await?.is_some() {
        return Ok(Answer::Nothing {});
    }
    cx.record(id, EventKind::UserDeleted { by_master: cx.caller.master }).await;
    let ended = cx.ask(EndSessions { user: id.clone(), but: None }).await;
    if !ended.is_ok_and(|ended| ended.left == 0) {
        cx.record(id, EventKind::SessionsEnded { all: false }).await;
    }
    let Some(account) = cx.load_account(id).await? else { return Ok(Answer::Nothing {}) };
    if ids_come_back {
        empty(&account, cx).await?;
    } else {
        cx.ask(RemoveAccount { account: account.id }).await?;
    }
    Ok(Answer::Nothing {})
}

/// Empties a row but for the mark, which comes first: at no moment does the row look like one that was never used.
async fn empty(account: &Account, cx: &Context) -> Result<(), Refusal> {
    let mark = Mark::Deleted { nonce: cx.nonce(), at: cx.now() };
    let under_way = challenges_and_devices(account).challenges;
    let first = RowUpdate {
        challenges: under_way
            .and(account.codes.clone())
            .and(account.attempts.clone())
            .and(account.delivered.clone())
            .and(account.lost.clone())
            .and(account.verifications.clone())
            .and(account.unproven.clone()),
        redemptions: SetOp::add([mark]),
        authenticators: all_authenticators(account),
        devices: account.without_devices(),
    };
    let Some(row) = cx.update(&account.id, first).await? else { return Ok(()) };
    let marks = row.marks.iter().filter(|mark| !matches!(mark, Mark::Deleted { .. })).cloned();
    let rest = SetOp::remove(row.claims.clone()).and(marks).and(row.unknown_redemptions.clone());
    cx.clean_up(&account.id, RowUpdate::redemptions(rest)).await;
    Ok(())
}
