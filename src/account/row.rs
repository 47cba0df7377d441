//! The row, its elements by what they are.

use super::authenticators::{Factor, OfAuthenticators, RecoveryCode};
use super::challenges::{Attempt, Challenge, OfChallenges, SentCode};
use super::claims::{Claim, OfRedemptions};
use super::mark::{Mark, Revocation, StepUp};
use super::unknown::Unknown;
use super::update::{RowUpdate, SetOp};
use crate::id::{AccountId, ChallengeId, FactorId, Nonce, SessionHash};
use serde::Deserialize;

/// The row, its elements by what they are.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Columns")]
pub struct Account {
    /// The row's own id.
    pub id: AccountId,
    /// Challenges.
    pub challenges: Vec<Challenge>,
    /// Codes sent.
    pub codes: Vec<SentCode>,
    /// Codes looked at since the last success.
    pub attempts: Vec<Attempt>,
    /// Claims.
    pub claims: Vec<Claim>,
    /// Marks.
    pub marks: Vec<Mark>,
    /// Factors, confirmed or not, with those that others supersede.
    pub factors: Vec<Factor>,
    /// Ids of factors that count.
    pub confirmed: Vec<FactorId>,
    /// Unused recovery codes.
    pub recovery_codes: Vec<RecoveryCode>,
    /// Elements of a later version among the challenges.
    pub unknown_challenges: Vec<Unknown>,
    /// Elements of a later version among the redemptions.
    pub unknown_redemptions: Vec<Unknown>,
    /// Elements of a later version among the authenticators: factors that grant nothing here.
    pub unknown_authenticators: Vec<Unknown>,
}

/// The row as it stands in the database.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Columns {
    id: AccountId,
    challenges: Vec<OfChallenges>,
    redemptions: Vec<OfRedemptions>,
    authenticators: Vec<OfAuthenticators>,
}

impl From<Columns> for Account {
    fn from(row: Columns) -> Account {
        let mut account = Account { id: row.id, ..Account::default() };
        account.add_challenges(row.challenges);
        account.add_redemptions(row.redemptions);
        account.add_authenticators(row.authenticators);
        account
    }
}

impl Account {
    /// The challenge with this id.
    pub fn challenge(&self, id: &ChallengeId) -> Option<&Challenge> {
        self.challenges.iter().find(|challenge| challenge.id == *id)
    }

    /// Whether somebody has claimed the challenge.
    pub fn is_claimed(&self, challenge: &ChallengeId) -> bool {
        self.claims.iter().any(|claim| claim.challenge == *challenge)
    }

    /// Whether the claim with this nonce has won: nobody before it claimed the challenge, the step of the authenticator app or a later
    /// one, or the recovery code.
    pub fn has_won(&self, nonce: &Nonce) -> bool {
        let Some(mine) = self.claims.iter().find(|claim| claim.nonce == *nonce) else {
            return false;
        };
        self.claims.iter().filter(|other| other.nonce != *nonce).all(|other| !mine.loses_to(other))
    }

    /// Revocations that apply to this session, by nonce: all but its own. A sign-in has no session, so all of them apply.
    pub fn revocations_for<'a>(&'a self, session: Option<&'a SessionHash>) -> impl Iterator<Item = &'a Nonce> {
        self.marks.iter().filter_map(move |mark| mark.revokes(session))
    }

    /// Whether something has revoked, since the row was as in `earlier`, what this session had under way.
    pub fn is_revoked_since(&self, earlier: &Account, session: Option<&SessionHash>) -> bool {
        self.revocations_for(session).any(|nonce| !earlier.revocations_for(session).any(|known| known == nonce))
    }

    /// The step-ups.
    pub fn step_ups(&self) -> impl Iterator<Item = &StepUp> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::StepUp(step_up) => Some(step_up),
            Mark::Revocation(_) | Mark::RenewalLock { .. } | Mark::Deleted { .. } | Mark::Later { .. } => None,
        })
    }

    /// The revocations of this version's kind.
    pub fn revocations(&self) -> impl Iterator<Item = &Revocation> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Revocation(revocation) => Some(revocation),
            Mark::StepUp(_) | Mark::RenewalLock { .. } | Mark::Deleted { .. } | Mark::Later { .. } => None,
        })
    }

    /// The locks of those who are making recovery codes.
    pub fn renewal_locks(&self) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(|mark| matches!(mark, Mark::RenewalLock { .. }))
    }

    /// Factors that were begun and never confirmed.
    pub fn pending_factors(&self) -> impl Iterator<Item = &Factor> {
        self.factors.iter().filter(|factor| !self.confirmed.contains(&factor.id))
    }

    /// Factors that count, each once.
    pub fn confirmed_factors(&self) -> impl Iterator<Item = &Factor> {
        self.factors.iter().filter(|factor| self.confirmed.contains(&factor.id) && !self.is_superseded(factor))
    }

    /// Whether there is a factor that counts: one of this version, or one of a later version, which grants nothing here.
    pub fn has_factor(&self) -> bool {
        self.confirmed_factors().next().is_some() || !self.unknown_authenticators.is_empty()
    }

    /// All elements that stand for a factor: they go when it is removed.
    pub fn elements_of(&self, factor: &FactorId) -> Vec<Factor> {
        self.factors.iter().filter(|element| element.id == *factor).cloned().collect()
    }

    /// Elements replaced by a later generation. They can be removed by several at once: only elements below an existing higher one are
    /// ever removed, so the highest always stays.
    pub fn superseded_factors(&self) -> Vec<Factor> {
        self.factors.iter().filter(|factor| self.is_superseded(factor)).cloned().collect()
    }

    fn is_superseded(&self, factor: &Factor) -> bool {
        self.factors.iter().any(|other| factor.is_superseded_by(other))
    }

    fn add_challenges(&mut self, elements: Vec<OfChallenges>) {
        for element in elements {
            match element {
                OfChallenges::Challenge(challenge) => self.challenges.push(challenge),
                OfChallenges::Code(code) => self.codes.push(code),
                OfChallenges::Attempt(attempt) => self.attempts.push(attempt),
                OfChallenges::Unknown(unknown) => self.unknown_challenges.push(unknown),
            }
        }
    }

    fn add_redemptions(&mut self, elements: Vec<OfRedemptions>) {
        for element in elements {
            match element {
                OfRedemptions::Claim(claim) => self.claims.push(claim),
                OfRedemptions::Mark(mark) => self.marks.push(mark),
                OfRedemptions::Unknown(unknown) => self.unknown_redemptions.push(unknown),
            }
        }
    }

    fn add_authenticators(&mut self, elements: Vec<OfAuthenticators>) {
        for element in elements {
            match element {
                OfAuthenticators::Factor(factor) => self.factors.push(factor),
                OfAuthenticators::Confirmed(id) => self.confirmed.push(id),
                OfAuthenticators::RecoveryCode(code) => self.recovery_codes.push(code),
                OfAuthenticators::Unknown(unknown) => self.unknown_authenticators.push(unknown),
            }
        }
    }

    /// What a database does with an update: the model that the tests hold the protocol against.
    pub fn apply(&mut self, update: &RowUpdate) {
        match &update.challenges {
            SetOp::Add(elements) => self.add_challenges(elements.clone()),
            SetOp::Remove(elements) => {
                keep_all_but(elements, &mut self.challenges);
                keep_all_but(elements, &mut self.codes);
                keep_all_but(elements, &mut self.attempts);
                keep_all_but(elements, &mut self.unknown_challenges);
            }
        }
        match &update.redemptions {
            SetOp::Add(elements) => self.add_redemptions(elements.clone()),
            SetOp::Remove(elements) => {
                keep_all_but(elements, &mut self.claims);
                keep_all_but(elements, &mut self.marks);
                keep_all_but(elements, &mut self.unknown_redemptions);
            }
        }
        match &update.authenticators {
            SetOp::Add(elements) => self.add_authenticators(elements.clone()),
            SetOp::Remove(elements) => {
                keep_all_but(elements, &mut self.factors);
                self.confirmed.retain(|id| !elements.contains(&OfAuthenticators::Confirmed(id.clone())));
                keep_all_but(elements, &mut self.recovery_codes);
                keep_all_but(elements, &mut self.unknown_authenticators);
            }
        }
    }
}

fn keep_all_but<T: PartialEq, E: Clone + Into<T>>(elements: &[T], set: &mut Vec<E>) {
    set.retain(|element| !elements.contains(&element.clone().into()));
}
