//! Trusting a browser no more.

use super::counted_change;
use crate::account::{Account, Device, OfDevices, RowUpdate, SetOp};
use crate::context::Context;
use crate::wire::{Answer, Forget, Refusal};

/// `forgetDevice`: removes one trusted browser, or all. A session is enough, because it only makes things safer. One that is not there is
/// forgotten already. One by one they are counted among the changes of an hour. All at once they are not, so that a thief of a session
/// cannot keep the owner from it.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::TooMany`] beyond the changes of an hour.
pub(crate) async fn forget_device(what: &Forget, cx: &Context) -> Result<Answer, Refusal> {
    let me = cx.signed_in()?;
    if let Some(account) = cx.load_account(&me.user).await?
        && !named(what, &account).is_nothing()
    {
        if matches!(what, Forget::One(_)) {
            // Counted before anything is removed, since a removal cannot be taken back.
            counted_change::propose(&account, RowUpdate::default(), Refusal::TryAgain, cx).await?.keep();
        }
        remove(&account, |row| named(what, row), cx).await?;
    }
    Ok(Answer::Nothing {})
}

/// Removes what `named` names, and what of that was added while it was removed.
pub(super) async fn remove(
    account: &Account,
    named: impl Fn(&Account) -> SetOp<OfDevices>,
    cx: &Context,
) -> Result<(), Refusal> {
    let first = named(account);
    if first.is_nothing() {
        return Ok(());
    }
    if let Some(after) = cx.update(&account.id, RowUpdate::devices(first)).await? {
        let left = named(&after);
        if !left.is_nothing() {
            cx.update(&account.id, RowUpdate::devices(left)).await?;
        }
    }
    Ok(())
}

fn named(what: &Forget, row: &Account) -> SetOp<OfDevices> {
    match what {
        Forget::All => row.without_devices(),
        Forget::One(id) => {
            let is_it = |device: &&Device| device.id == *id;
            SetOp::remove(row.devices.iter().filter(is_it).cloned())
        }
    }
}
