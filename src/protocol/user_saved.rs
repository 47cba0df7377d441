//! What follows once Parse has saved a change of a user's row: `afterSave(_User)`.

use super::before_change;
use super::email_change;
use super::links;
use super::revoke::challenges_and_devices;
use super::unproven;
use crate::account::{Account, RowUpdate, SetOp};
use crate::context::Context;
use crate::engine::User;
use crate::factor;
use crate::policy::MessageKind;
use crate::wire::{Answer, EventKind, LetThrough, Refusal};

/// While Parse was saving, a sign-in or a step-up could still begin by what was there before. Both are void by now, because what they are
/// founded on has changed ([`crate::challenge`]). Here they are removed, with the step-ups of other sessions. Then the trail and the user
/// hear of a changed number, provider or address: not before, since Parse may refuse a save.
///
/// # Errors
/// [`Refusal::TryAgain`] if the account could not be changed.
pub(crate) async fn user_saved(change: LetThrough, cx: &Context) -> Result<Answer, Refusal> {
    let voided = if change.voids { void_again(&change, cx).await } else { Ok(None) };
    let LetThrough { user, phone_number: number, before, links, old_address, .. } = change;
    if let Some(old) = old_address {
        email_change::tell(&user, old, cx).await;
    }
    if let (Some(before), Ok(Some(account))) = (before, &voided) {
        let before = before_change::user(&user, before);
        if !links.is_empty() {
            links::notify(&before, links, account, cx).await;
        }
        if let Some(number) = number.clone() {
            tell(before, number, account, cx).await;
        }
    }
    let account = voided?;
    if let Some(number) = number.filter(|_| change.unproven) {
        unproven::mark(&user, account, &number, cx).await?;
    }
    Ok(Answer::Nothing {})
}

/// Voids what began while Parse was saving; the account, if there is one. The revocation ends all that the one before the save did, so the
/// row need not keep both.
async fn void_again(change: &LetThrough, cx: &Context) -> Result<Option<Account>, Refusal> {
    let Some(account) = cx.load_account(&change.user).await? else { return Ok(None) };
    let revocation = cx.revocation(change.session.clone(), None);
    let mut again = RowUpdate { redemptions: SetOp::add([revocation.clone()]), ..challenges_and_devices(&account) };
    if change.phone_number.is_some() {
        // They were about the number before.
        again.challenges = again.challenges.and(account.unproven.clone());
    }
    let Some(row) = cx.update(&account.id, again).await? else { return Ok(None) };
    let outdone = cx.view(&row).outdone_by(&revocation);
    let over = RowUpdate { redemptions: SetOp::remove(outdone), ..challenges_and_devices(&row) };
    cx.clean_up(&row.id, over).await;
    Ok(Some(row))
}

/// Records that the number in the tutorial's column has changed, and notifies the old number.
async fn tell(before: User, number: String, account: &Account, cx: &Context) {
    if before.phone().unwrap_or_default() == number {
        return;
    }
    let after = User { phone_number: Some(number), ..before.clone() };
    let label = |user: &User| factor::statuses(user, None, cx).pop().map(|factor| factor.label);
    // Without a method: events with one are counted as codes that came back, and none did.
    if let Some(label) = label(&before) {
        cx.record(&before.id, EventKind::FactorRemoved { method: None, label }).await;
    }
    if let Some(label) = label(&after) {
        cx.record(&before.id, EventKind::FactorEnrolled { method: None, label }).await;
    }
    let kind = match before.phone() {
        Some(_) => MessageKind::FactorRemoved,
        None => MessageKind::FactorAdded,
    };
    factor::notify(&before, account, kind, cx).await;
}
