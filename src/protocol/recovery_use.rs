//! Telling a user that a recovery code was used.

use crate::account::Account;
use crate::context::Context;
use crate::factor;
use crate::id::UserId;
use crate::policy::MessageKind;

/// Notifies a user in whose name a recovery code was used (NIST SP 800-63B-4 §4.2.3).
pub(super) async fn tell(user: &UserId, row: &Account, cx: &Context) {
    if let Ok(Some(user)) = cx.load_user(user).await {
        factor::notify(&user, row, MessageKind::RecoveryCodeUsed, cx).await;
    }
}
