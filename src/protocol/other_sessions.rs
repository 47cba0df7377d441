//! Ending a user's other sessions (ASVS 5.0 §7.4.3).

use crate::account::Account;
use crate::context::Context;
use crate::crypto::Secret;
use crate::engine::{EndSessions, User};
use crate::factor;
use crate::policy::{EndOtherSessions, MessageKind};
use crate::wire::EventKind;

/// Whether a change of a factor ends the other sessions.
pub(super) fn are_to_end(asked: bool, cx: &Context) -> bool {
    asked || cx.policy().end_other_sessions == EndOtherSessions::Always
}

/// Ends the sessions of this user but the one with the token; whether none is left. The change that this follows on is stored by then, so
/// that a session that is opened meanwhile was opened with it in place.
///
/// A thief could end the owner's sessions. So every number that the user has or had hears of it, by the rows before and after the change.
pub(super) async fn end(user: &User, rows: &[&Account], kept: Option<&Secret>, cx: &Context) -> bool {
    let ended = cx.ask(EndSessions { user: user.id.clone(), but: kept.cloned() }).await;
    let all = ended.as_ref().is_ok_and(|ended| ended.left == 0);
    let is_nothing = ended.is_ok_and(|ended| ended.ended == 0 && ended.left == 0);
    if !is_nothing {
        cx.record(&user.id, EventKind::SessionsEnded { all }).await;
        factor::notify_everywhere(user, rows, MessageKind::SessionsEnded, cx).await;
    }
    all
}
