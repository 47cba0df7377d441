//! Removing a factor.

use super::other_sessions;
use super::revoke::challenges_and_devices;
use super::step_up;
use crate::account::{Account, Mark, OfAuthenticators, RowUpdate, SetOp};
use crate::context::{Context, SignedIn};
use crate::engine::{RemoveNumber, User};
use crate::factor::{self, PHONE_NUMBER};
use crate::id::FactorId;
use crate::policy::{MessageKind, Require, Route};
use crate::wire::{Answer, EventKind, FactorStatus, Refusal};

/// `removeTwoFactor`. With a factor go the challenges under way, and the step-ups of all other sessions; with the tutorial's number, which
/// is a column of the user, this session's as well.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::StepUpRequired`]; [`Refusal::NoFactor`] for one that is not there; [`Refusal::LastFactor`]
/// where everyone needs one.
pub(crate) async fn remove(id: &FactorId, end_other_sessions: bool, cx: &Context) -> Result<Answer, Refusal> {
    let (me, user, account) = step_up::stepped_up(cx).await?;
    let factors = factor::statuses(&user, Some(&account), cx.keys());
    let factor = factors.into_iter().find(|factor| factor.id == *id).ok_or(Refusal::NoFactor)?;
    let require = cx.requirement_of(&user.id, Route::Save).await?;
    let removal = Removal { me: &me, user: &user, factor: &factor, require, cx };

    // Announced first, removed next: of removals at once each sees those before it, and the last factor is never gone for a moment.
    let announcement = cx.revocation(Some(me.session.clone()), Some(factor.id.clone()));
    let announce = RowUpdate::redemptions(SetOp::add([announcement.clone()]));
    let tentative = cx.propose(&account.id, announce, Refusal::NoFactor).await?;
    let mut row = tentative.row().clone();
    row.marks.retain(|mark| mark.nonce() != announcement.nonce());
    let verdict = removal.check(&row);
    tentative.settle(verdict).await?;

    let outdone = cx.view(&row).outdone_by(&announcement);
    let after = removal.carry_out(&row, outdone).await?;
    cx.record(&me.user, EventKind::FactorRemoved { method: Some(factor.method), label: factor.label.clone() }).await;
    factor::notify(&user, &after, MessageKind::FactorRemoved, cx).await;
    let other_sessions_ended = match other_sessions::are_to_end(end_other_sessions, cx) {
        true => Some(other_sessions::end(&user, &[&row, &after], cx.caller.session_token.as_ref(), cx).await),
        false => None,
    };
    Ok(Answer::Removed { other_sessions_ended })
}

/// The removal of one factor.
struct Removal<'a> {
    me: &'a SignedIn,
    user: &'a User,
    factor: &'a FactorStatus,
    require: Require,
    cx: &'a Context,
}

impl Removal<'_> {
    fn is_number(&self) -> bool {
        self.factor.id == *PHONE_NUMBER
    }

    /// Whether the other factor stays: it is not this one, and nobody else removes it.
    fn stays(&self, id: &FactorId, row: &Account) -> bool {
        *id != self.factor.id && !self.cx.view(row).is_being_removed(id)
    }

    fn number_stays(&self, row: &Account) -> bool {
        self.user.phone().is_some() && self.stays(&PHONE_NUMBER.into(), row)
    }

    /// Checks the removal against the row as others left it.
    fn check(&self, row: &Account) -> Result<(), Refusal> {
        let view = self.cx.view(row);
        let is_there = self.is_number() || row.confirmed.contains(&self.factor.id);
        let is_last = !self.number_stays(row) && !row.confirmed_factors().any(|other| self.stays(&other.id, row));
        if !self.me.has_stepped_up(row, self.cx) {
            Err(Refusal::StepUpRequired)
        } else if !is_there || view.is_being_removed(&self.factor.id) {
            Err(Refusal::NoFactor)
        } else if is_last && self.require.keeps_last() {
            Err(Refusal::LastFactor)
        } else {
            Ok(())
        }
    }

    /// Removes the factor, and with the last one the recovery codes. With it go revocations that its own makes needless.
    async fn carry_out(&self, row: &Account, outdone: Vec<Mark>) -> Result<Account, Refusal> {
        let cx = self.cx;
        let id = &self.factor.id;
        let update = RowUpdate {
            authenticators: SetOp::remove(row.elements_of(id)).and([OfAuthenticators::Confirmed(id.clone())]),
            ..challenges_and_devices(row)
        };
        if self.is_number() {
            cx.ask(RemoveNumber { user: self.me.user.clone() }).await?;
        }
        let after = cx.update(&row.id, update).await?.ok_or(Refusal::TryAgain)?;
        // The factor may have been sealed anew meanwhile.
        let left = SetOp::remove(after.elements_of(id));
        let useless = match self.number_stays(row) || after.has_factor() {
            true => Vec::new(),
            false => after.recovery_codes.clone(),
        };
        let rest = RowUpdate {
            authenticators: left.and(useless),
            devices: after.without_devices(),
            redemptions: SetOp::remove(after.unknown_redemptions.clone()).and(outdone),
            ..RowUpdate::default()
        };
        cx.clean_up(&row.id, rest).await;
        Ok(after)
    }
}
