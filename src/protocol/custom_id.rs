//! A new user with an id of its own choice (Parse Server's `allowCustomObjectId`).

use crate::account::Mark;
use crate::context::Context;
use crate::id::UserId;
use crate::wire::Refusal;

/// Checks that nobody comes into the place of a user who was deleted: with the id come the objects that only this user may read. An account
/// without a mark is left by a deletion that went past our triggers, or that died. The master key may still create its user: that is what
/// restoring a backup looks like.
///
/// # Errors
/// [`Refusal::NotConfigured`] until an operator removes the account.
pub(super) async fn check_custom_id(id: &UserId, cx: &Context) -> Result<(), Refusal> {
    let Some(account) = cx.load_account(id).await? else { return Ok(()) };
    let is_marked = account.marks.iter().any(|mark| matches!(mark, Mark::Deleted { .. }));
    if cx.caller.master && !is_marked {
        return Ok(());
    }
    Err(Refusal::NotConfigured(
        "There was a user with this id, who had a second factor: the operator has to remove what is left of it first (npx parse-two-factor forget ID).".into(),
    ))
}
