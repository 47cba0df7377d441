//! A number that no code has come back from as yet. Whoever mistyped it could neither step up nor be helped by anybody but the operator.

use crate::account::{Account, RowUpdate, SetOp, Unproven};
use crate::challenge;
use crate::channel::Recipient;
use crate::context::Context;
use crate::engine::User;
use crate::factor;
use crate::id::{SessionHash, UserId};
use crate::wire::Refusal;

/// Marks the number that the caller's session has just written, or that the user signed up with in it. The mark does not get old. The claim
/// that a code to the number wins removes it. Without a mark a number counts as proven, so whoever dies before this makes nothing weaker.
///
/// # Errors
/// [`Refusal::TryAgain`] if the row could not be changed.
pub(super) async fn mark(user: &UserId, account: Option<Account>, number: &str, cx: &Context) -> Result<(), Refusal> {
    let writer = cx.signed_in().ok().filter(|me| me.user == *user);
    let (Some(me), Ok(number)) = (writer, factor::allowed_number(number, cx)) else { return Ok(()) };
    let number = Recipient::Number(number);
    let account = cx.or_create_account(account, user).await?;
    let mark = challenge::hash_step_up(&me.session, &number, cx).map(Unproven);
    let add = RowUpdate::challenges(SetOp::add(mark));
    let tentative = cx.propose(&account.id, add, Refusal::TryAgain).await?;
    // A code may have come back before this.
    let mut claims = tentative.row().claims.iter();
    let is_proven = claims
        .any(|claim| claim.number.as_deref().is_some_and(|by| challenge::is_step_up_by(by, &claim.nonce, &number, cx)));
    if is_proven {
        tentative.take_back().await;
    } else {
        tentative.keep();
    }
    Ok(())
}

/// Whether this session wrote the number that codes go to now, and none has come back.
pub(super) fn is_by(session: &SessionHash, user: &User, row: &Account, cx: &Context) -> bool {
    let Ok(own) = factor::number_of(user, row, cx) else { return false };
    let number = Recipient::Number(own.number);
    row.unproven.iter().any(|Unproven(hash)| challenge::is_step_up_by(hash, session, &number, cx))
}
