//! What a session changes without a step-up: so many times an hour, with all other sessions of the user together.

use crate::account::{Account, CountedKind, RowUpdate, SetOp};
use crate::context::Context;
use crate::tentative::Tentative;
use crate::wire::Refusal;

/// Proposes an update, and counts it by a mark in the same operation. Without a limit, whoever has a session could write without end. The
/// row right after it says whether there was room. `gone` is the refusal where the row is gone.
///
/// # Errors
/// [`Refusal::TooMany`] beyond the changes of an hour, with what it adds taken back; as for any proposal.
pub(super) async fn propose<'c>(
    account: &Account,
    update: RowUpdate,
    gone: Refusal,
    cx: &'c Context,
) -> Result<Tentative<'c>, Refusal> {
    let limit = cx.limits().changes_per_user;
    cx.check_room(account, &|view| view.changes_in_hour() < limit)?;
    let redemptions = SetOp::add([cx.counted(CountedKind::Change)]);
    let tentative = cx.propose(&account.id, RowUpdate { redemptions, ..update }, gone).await?;
    if let Err(refusal) = cx.check_room(tentative.row(), &|view| view.changes_in_hour() <= limit) {
        tentative.take_back().await;
        return Err(refusal);
    }
    Ok(tentative)
}
