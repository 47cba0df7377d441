//! The caller of a function that needs a session, and whether that session has stepped up.

use crate::account::Account;
use crate::challenge;
use crate::context::{Context, SignedIn};
use crate::engine::{FindSignIn, User};
use crate::factor;
use crate::id::Nonce;
use crate::time::{Span, Time};
use crate::wire::Refusal;
use core::cell::OnceCell;

/// How far the clocks of two nodes may be apart. The entry of a sign-in has its writer's time.
const CLOCKS_APART: Span = Span::from_seconds(300);

impl SignedIn {
    /// Whether the session has stepped up, by this row: by a step-up, or by the claim that it was opened for.
    pub(crate) fn has_stepped_up(&self, row: &Account, cx: &Context) -> bool {
        self.stepped_up_until(row, cx).is_some()
    }

    /// Until when the session has stepped up. What a code brought hangs on the number that the code went to: it is none once that number is
    /// no longer the user's, also if nobody lived to revoke it.
    pub(crate) fn stepped_up_until(&self, row: &Account, cx: &Context) -> Option<Time> {
        let numbers = OnceCell::new();
        let is_of_user = |by: &str, of: &str| {
            let of_row = |user| factor::recipients(user, row, None, cx);
            let numbers = numbers.get_or_init(|| self.row.as_ref().map(of_row).unwrap_or_default());
            numbers.iter().any(|(_, to)| challenge::is_step_up_by(by, of, to, cx))
        };
        let standing = cx.view(row).standing_step_ups(&self.session, self.opened_by.as_ref());
        let good = standing.into_iter().filter(|step_up| step_up.number.is_none_or(|by| is_of_user(by, step_up.of)));
        good.map(|step_up| step_up.until).max()
    }
}

/// The caller, whose user this is. If no step-up of the session stands in the row, the trail is asked for the claim that the session was opened for: a sign-in
/// that passed the second factor is a step-up as well, and storing it as one would be a further write in every sign-in. Where the entry
/// could not be written there is no step-up.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::TryAgain`] if the trail could not be read.
pub(super) async fn caller(user: &User, account: Option<&Account>, cx: &Context) -> Result<SignedIn, Refusal> {
    let mut me = cx.signed_in()?;
    me.row = Some(user.clone());
    if account.is_some_and(|account| !me.has_stepped_up(account, cx)) {
        me.opened_by = opened_by(&me, cx).await?;
    }
    Ok(me)
}

/// The claim that the caller's session was opened for, if that counts as a step-up.
///
/// # Errors
/// [`Refusal::TryAgain`] if the trail could not be read.
pub(super) async fn opened_by(me: &SignedIn, cx: &Context) -> Result<Option<Nonce>, Refusal> {
    if me.opened_by.is_some() || !cx.policy().step_up_at_sign_in.0 {
        return Ok(me.opened_by.clone());
    }
    let since = cx.now() - cx.limits().step_up_lifetime() - CLOCKS_APART;
    cx.ask(FindSignIn { user: me.user.clone(), session: me.session.clone(), since }).await
}
