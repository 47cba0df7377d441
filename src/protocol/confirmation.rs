//! The change that lets a factor count.

use super::enroll::MOST_FACTORS;
use crate::account::{Account, Challenge, Factor, Mark, OfAuthenticators, RowUpdate, SetOp, StepUp};
use crate::challenge::{self, EnrollToken, Won};
use crate::context::Context;
use crate::engine::LetIn;
use crate::factor::passkey;
use crate::id::{FactorId, SessionHash};
use crate::session::check_sign_in;
use crate::wire::Refusal;

/// A factor whose enrollment was claimed.
pub(super) struct Confirmation<'a> {
    /// The factor as the enrollment added it.
    pub factor: &'a Factor,
    /// Of a passkey: the factor with its credential, one generation up.
    pub enrolled: Option<&'a Factor>,
    /// The row as it was when the code was looked at.
    pub before: &'a Account,
    /// The session that confirms; `None` while signing in.
    pub session: Option<&'a SessionHash>,
    pub cx: &'a Context,
}

impl Confirmation<'_> {
    /// Lets the factor count, if the row right after that allows it. A passkey's credential comes in the same change, as a generation above
    /// the factor of the enrollment. Then other enrollments of a first factor are removed. The claim is handed back for what follows on a
    /// factor that counts.
    ///
    /// # Errors
    /// [`Refusal::TooManyFactors`]; [`Refusal::BadRequest`] for a passkey that is enrolled already; [`Refusal::ChallengeUnknown`] for what
    /// is void, and for a first factor that is not the first.
    pub(super) async fn count(&self, won: Won, claimed: &Account) -> Result<(Won, Account), Refusal> {
        let Confirmation { factor, enrolled, cx, .. } = self;
        // With a factor there, a password is not enough any more.
        let rivals: Vec<_> =
            claimed.challenges.iter().filter(|other| other.purpose.is_by_password()).cloned().collect();
        let rival_factors: Vec<FactorId> = rivals.iter().filter_map(|other| other.purpose.factor().cloned()).collect();
        let update = RowUpdate {
            challenges: SetOp::remove(rivals),
            redemptions: SetOp::add(self.step_up(&won)),
            authenticators: SetOp::add([OfAuthenticators::Confirmed(factor.id.clone())]).and(enrolled.cloned()),
            ..RowUpdate::default()
        };
        let tentative = cx.propose(&claimed.id, update, Refusal::ChallengeUnknown).await?;
        let verdict = match self.check(&won, tentative.row()) {
            // Parse may have written a new password since that was looked at.
            Ok(()) => check_ground(won.challenge(), tentative.row(), cx).await,
            refused => refused,
        };
        if let Err(refusal) = verdict {
            tentative.take_back().await;
            // The factor as well: nobody can confirm it any more.
            cx.clean_up(&claimed.id, RowUpdate::authenticators(SetOp::remove([(*factor).clone()]))).await;
            return Err(refusal);
        }
        let account = tentative.keep();
        let is_rival = |pending: &&Factor| rival_factors.contains(&pending.id);
        let over = SetOp::remove(account.superseded_factors()).and(account.pending_factors().filter(is_rival).cloned());
        // Trust in browsers has ended by itself, as other factors count now.
        let over = RowUpdate { authenticators: over, devices: account.without_devices(), ..RowUpdate::default() };
        cx.clean_up(&account.id, over).await;
        Ok((won, account))
    }

    /// The session has just proven its new factor, and with that it has stepped up. It outlives what was there when the code was looked at.
    fn step_up(&self, won: &Won) -> Option<Mark> {
        let session = self.session.filter(|_| self.cx.policy().step_up_at_sign_in.0)?;
        Some(Mark::StepUp(StepUp {
            nonce: self.cx.nonce(),
            at: self.cx.now(),
            session: session.clone(),
            known_revocations: self.before.revocations_for(Some(session)).cloned().collect(),
            number: won.number().and_then(|number| challenge::hash_step_up(session, number, self.cx)),
        }))
    }

    /// Whether the factor may count, by the row right after the change.
    fn check(&self, won: &Won, row: &Account) -> Result<(), Refusal> {
        let Confirmation { factor, enrolled, before, session, cx, .. } = self;
        let counts = row.confirmed_factors().any(|counting| counting.id == factor.id);
        // What a first factor alone began is good only as long as the user has no second one.
        let is_second = won.challenge().purpose.is_by_password() && row.confirmed_factors().count() > 1;
        // Of two enrollments of one authenticator at once the second finds the first.
        let is_double = enrolled.is_some_and(|enrolled| {
            let credential = passkey::credential(enrolled, &row.id, cx.keys());
            credential.is_ok_and(|credential| passkey::is_enrolled(&credential.id, row, enrolled, cx))
        });
        if row.confirmed.len() > MOST_FACTORS {
            Err(Refusal::TooManyFactors(MOST_FACTORS))
        } else if is_double {
            Err(passkey::enrolled_already())
        } else if !counts || row.is_revoked_since(before, *session) || is_second {
            Err(Refusal::ChallengeUnknown)
        } else {
            Ok(())
        }
    }
}

/// Checks that an enrollment is founded on what is there now. Of a user who signs in Parse is asked
/// as well.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] for what is void; Parse's own refusal; [`Refusal::TryAgain`] if it did not answer.
pub(super) async fn check_ground(enrolling: &Challenge, row: &Account, cx: &Context) -> Result<(), Refusal> {
    let Some(stamp) = enrolling.purpose.stamp() else { return challenge::check_basis_now(enrolling, cx).await };
    let token = EnrollToken::of(stamp).ok_or(Refusal::ChallengeUnknown)?;
    let LetIn { basis, .. } = check_sign_in(&enrolling.user, token.provider.as_ref(), cx).await?;
    challenge::check_basis(enrolling, &basis, cx)?;
    token.check(row, &basis, cx.now(), cx.keys())
}
