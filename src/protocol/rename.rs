//! Giving a factor another name.

use super::counted_change;
use crate::account::{Account, Factor, RowUpdate, SetOp};
use crate::context::Context;
use crate::factor;
use crate::id::FactorId;
use crate::wire::{Answer, Refusal};

/// `renameTwoFactor`. It takes no step-up, so a user's sessions together have so many changes an hour. A name that the factor has already
/// changes nothing: nothing is written, and nothing is counted.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::NoFactor`] for one that is not there, the tutorial's column among them;
/// [`Refusal::TooMany`] beyond the changes of an hour; [`Refusal::TryAgain`] if somebody else changes the factor at once.
pub(crate) async fn rename(id: &FactorId, label: String, cx: &Context) -> Result<Answer, Refusal> {
    let me = cx.signed_in()?;
    let account = cx.load_account(&me.user).await?.ok_or(Refusal::NoFactor)?;
    let before = counting(&account, id).ok_or(Refusal::NoFactor)?;
    if before.label == label {
        return Ok(renamed(before, &account, cx));
    }
    // Two above the old one: who seals it anew at once takes one, and the new name must not be lost to that.
    let after = Factor { label, generation: before.generation.saturating_add(2), ..before.clone() };
    let update = RowUpdate::authenticators(SetOp::add([after.clone()]));
    let tentative = counted_change::propose(&account, update, Refusal::NoFactor, cx).await?;
    let row = tentative.row();
    let is_new = |element: &Factor| element.id == *id && element.generation > before.generation && *element != after;
    let verdict = if !row.confirmed.contains(id) {
        Err(Refusal::NoFactor)
    } else if row.factors.iter().any(is_new) {
        Err(Refusal::TryAgain)
    } else {
        Ok(())
    };
    let ((), row) = tentative.settle(verdict).await?;
    factor::drop_superseded(&row, cx).await;
    Ok(renamed(&after, &row, cx))
}

fn counting<'a>(account: &'a Account, id: &FactorId) -> Option<&'a Factor> {
    account.confirmed_factors().find(|factor| factor.id == *id)
}

fn renamed(factor: &Factor, account: &Account, cx: &Context) -> Answer {
    Answer::Renamed { factor: factor::status(factor, &account.id, cx.keys()) }
}
