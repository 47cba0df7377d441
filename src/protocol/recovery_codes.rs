//! Making recovery codes.

use super::caller;
use super::step_up;
use crate::account::{Account, Ids, Mark, RecoveryCode, RowUpdate, SetOp, is_under_way};
use crate::context::Context;
use crate::crypto::Secret;
use crate::factor::{self, recovery};
use crate::id::{Nonce, SessionHash, UserId};
use crate::policy::MessageKind;
use crate::wire::{Answer, EventKind, Refusal};

/// `newRecoveryCodes`: as many new ones as `limits.recoveryCodes` says, the old ones dead. It takes a whole step-up, as a change of the
/// number does, so that neither codes nor notices can be had without end.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::StepUpRequired`]; [`Refusal::NotConfigured`] without a key ring of the operator's own;
/// [`Refusal::NoFactor`] for a user without a factor to recover; [`Refusal::TryAgain`] for all but one of those who ask at once.
pub(crate) async fn renew(cx: &Context) -> Result<Answer, Refusal> {
    let (me, user, account) = step_up::stepped_up(cx).await?;
    if !factor::has_factor(&user, Some(&account)) {
        return Err(Refusal::NoFactor);
    }
    cx.check_key_ring()?;
    let check = |row: &Account| {
        if !me.has_stepped_up(row, cx) {
            return Err(Refusal::StepUpRequired);
        }
        match factor::has_factor(&user, Some(row)) {
            true => Ok(()),
            false => Err(Refusal::NoFactor),
        }
    };
    let own = account.step_ups().filter(|step_up| step_up.session == me.session);
    // The sign-in that opened the session is one of them.
    let opened_by = caller::opened_by(&me, cx).await?;
    let step_ups: Vec<Nonce> = own.map(|step_up| step_up.nonce.clone()).chain(opened_by).collect();
    let (new, account) = store(&account, step_ups, check, cx).await?;
    cx.record(&me.user, EventKind::RecoveryCodesRenewed).await;
    factor::notify(&user, &account, MessageKind::RecoveryCodesRenewed, cx).await;
    Ok(Answer::RecoveryCodes { recovery_codes: put_in_place(new, &account, cx).await? })
}

/// The recovery codes that come with the first factor, if nobody else makes some. Codes that an earlier factor left are replaced.
///
/// # Errors
/// [`Refusal::TryAgain`] if somebody else makes some, or if what is under way was revoked.
pub(super) async fn initial(
    account: &Account,
    session: Option<&SessionHash>,
    cx: &Context,
) -> Result<Vec<Secret>, Refusal> {
    let check = |row: &Account| match row.is_revoked_since(account, session) {
        true => Err(Refusal::TryAgain),
        false => Ok(()),
    };
    let (new, account) = store(account, Vec::new(), check, cx).await?;
    put_in_place(new, &account, cx).await
}

/// Notifies a user in whose name a recovery code was used (NIST SP 800-63B-4 §4.2.3).
pub(super) async fn tell_of_use(user: &UserId, row: &Account, cx: &Context) {
    if let Ok(Some(user)) = cx.load_user(user).await {
        factor::notify(&user, row, MessageKind::RecoveryCodeUsed, cx).await;
    }
}

/// Recovery codes that stand beside the old ones. The old ones are good until these are sure to be shown.
struct NewCodes {
    codes: Vec<Secret>,
    stored: Vec<RecoveryCode>,
    lock: Mark,
}

/// Generates recovery codes and stores them beside those that `account` has, with a lock, and spends these step-ups. Of those who do so at
/// once the first goes on. The others take theirs back: whoever finds another lock, or codes that were not there before, and whoever fails
/// `check` by the row as others left it.
async fn store(
    account: &Account,
    step_ups: Vec<Nonce>,
    check: impl Fn(&Account) -> Result<(), Refusal>,
    cx: &Context,
) -> Result<(NewCodes, Account), Refusal> {
    let codes: Vec<Secret> = (0..cx.limits().recovery_codes).map(|_| cx.host.random(recovery::generate)).collect();
    let kid = cx.keys().writing();
    let stored = codes.iter().map(|code| recovery::hash(code, &account.id, kid, cx.keys()));
    let stored = stored.collect::<Option<Vec<_>>>().ok_or(Refusal::TryAgain)?;
    let lock = Mark::RenewalLock { nonce: cx.nonce(), at: cx.now() };
    let spends = (!step_ups.is_empty()).then(|| Mark::Spent { nonce: cx.nonce(), at: cx.now(), step_ups });
    let add = RowUpdate {
        redemptions: SetOp::add([lock.clone()]).and(spends.clone()),
        authenticators: SetOp::add(stored.clone()),
        ..RowUpdate::default()
    };
    let tentative = cx.propose(&account.id, add, Refusal::TryAgain).await?;
    let is_others = |other: &Mark| other.nonce() != lock.nonce() && is_under_way(other.at(), cx.now());
    let expected = Ids::of(&mut stored.iter().chain(&account.recovery_codes).map(|code| &*code.hash));
    let is_beaten = [account, tentative.row()].iter().any(|row| row.renewal_locks().any(is_others));
    let verdict = match is_beaten || !tentative.row().recovery_codes.iter().all(|code| expected.contains(&code.hash)) {
        true => Err(Refusal::TryAgain),
        false => {
            let mut others = tentative.row().clone();
            others.marks.retain(|mark| Some(mark) != spends.as_ref());
            check(&others)
        }
    };
    let ((), after) = tentative.settle(verdict).await?;
    Ok((NewCodes { codes, stored, lock }, after))
}

/// Removes the recovery codes that `account` has beside the new ones. The ceremony ends with it, so that whoever makes new ones does so
/// after these were handed out.
///
/// # Errors
/// [`Refusal::TryAgain`] if they are gone by then.
async fn put_in_place(new: NewCodes, account: &Account, cx: &Context) -> Result<Vec<Secret>, Refusal> {
    let NewCodes { codes, stored, lock } = new;
    let dead = account.recovery_codes.iter().filter(|code| !stored.contains(code)).cloned();
    let update =
        RowUpdate { redemptions: SetOp::remove([lock]), authenticators: SetOp::remove(dead), ..RowUpdate::default() };
    let after = cx.update(&account.id, update).await?.ok_or(Refusal::TryAgain)?;
    let live = Ids::of(&mut after.recovery_codes.iter().map(|code| &*code.hash));
    match stored.iter().all(|code| live.contains(&code.hash)) {
        true => Ok(codes),
        false => Err(Refusal::TryAgain),
    }
}
