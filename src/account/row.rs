//! The row, its elements by what they are.

use super::authenticators::{Factor, OfAuthenticators, RecoveryCode};
use super::challenges::{Attempt, Challenge, OfChallenges, SentCode, Unproven};
use super::claims::{Claim, OfRedemptions};
use super::delivery::{Delivered, LostCode, Verification};
use super::devices::{Device, OfDevices};
use super::ids::Ids;
use super::mark::{Counted, CountedKind, Mark, Revocation, StepUp};
use super::unknown::Unknown;
use super::update::{RowUpdate, SetOp};
use crate::id::{AccountId, ChallengeId, FactorId, Nonce, SessionHash};
use crate::time::Time;
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
    /// How codes went, where the provider has told or that is not as they were to travel.
    pub delivered: Vec<Delivered>,
    /// Codes that did not arrive.
    pub lost: Vec<LostCode>,
    /// What brought codes, where it was Twilio Verify.
    pub verifications: Vec<Verification>,
    /// Numbers that no code has come back from as yet.
    pub unproven: Vec<Unproven>,
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
    /// Browsers that the user trusts.
    pub devices: Vec<Device>,
    /// Elements of a later version among the challenges.
    pub unknown_challenges: Vec<Unknown>,
    /// Elements of a later version among the redemptions.
    pub unknown_redemptions: Vec<Unknown>,
    /// Elements of a later version among the authenticators: factors that grant nothing here.
    pub unknown_authenticators: Vec<Unknown>,
    /// Elements of a later version among the devices.
    pub unknown_devices: Vec<Unknown>,
}

/// The row as it stands in the database.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Columns {
    id: AccountId,
    challenges: Vec<OfChallenges>,
    redemptions: Vec<OfRedemptions>,
    authenticators: Vec<OfAuthenticators>,
    devices: Vec<OfDevices>,
}

impl From<Columns> for Account {
    fn from(row: Columns) -> Account {
        let mut account = Account { id: row.id, ..Account::default() };
        account.add_challenges(row.challenges);
        account.add_redemptions(row.redemptions);
        account.add_authenticators(row.authenticators);
        account.add_devices(row.devices);
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

    /// Revocations of a sign-in after this moment, by nonce.
    pub fn revocations_since(&self, since: Time) -> impl Iterator<Item = &Nonce> {
        self.marks.iter().filter(move |mark| mark.at() > since).filter_map(|mark| mark.revokes(None))
    }

    /// Whether something has revoked, since the row was as in `earlier`, what this session had under way.
    pub fn is_revoked_since(&self, earlier: &Account, session: Option<&SessionHash>) -> bool {
        let known = Ids::of(&mut earlier.revocations_for(session).map(|nonce| &**nonce));
        self.revocations_for(session).any(|nonce| !known.contains(nonce))
    }

    /// The step-ups.
    pub fn step_ups(&self) -> impl Iterator<Item = &StepUp> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::StepUp(step_up) => Some(step_up),
            Mark::Revocation(_) | Mark::RenewalLock { .. } | Mark::Spent { .. } => None,
            Mark::Counted(_) | Mark::Deleted { .. } | Mark::Later { .. } => None,
        })
    }

    /// The revocations of this version's kind.
    pub fn revocations(&self) -> impl Iterator<Item = &Revocation> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Revocation(revocation) => Some(revocation),
            Mark::StepUp(_) | Mark::RenewalLock { .. } | Mark::Spent { .. } => None,
            Mark::Counted(_) | Mark::Deleted { .. } | Mark::Later { .. } => None,
        })
    }

    /// The step-ups that were used for something that takes a whole one.
    pub fn spent_step_ups(&self) -> Ids<'_> {
        let spent = self.marks.iter().filter_map(|mark| match mark {
            Mark::Spent { step_ups, .. } => Some(step_ups),
            Mark::StepUp(_) | Mark::Revocation(_) | Mark::RenewalLock { .. } => None,
            Mark::Counted(_) | Mark::Deleted { .. } | Mark::Later { .. } => None,
        });
        Ids::of(&mut spent.flatten().map(|nonce| &**nonce))
    }

    /// What is only counted, of this kind.
    pub fn counted(&self, what: CountedKind) -> impl Iterator<Item = &Counted> {
        self.marks.iter().filter_map(move |mark| match mark {
            Mark::Counted(counted) => Some(counted).filter(|counted| counted.what == what),
            Mark::StepUp(_) | Mark::Revocation(_) | Mark::RenewalLock { .. } => None,
            Mark::Spent { .. } | Mark::Deleted { .. } | Mark::Later { .. } => None,
        })
    }

    /// The locks of those who are making recovery codes.
    pub fn renewal_locks(&self) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(|mark| matches!(mark, Mark::RenewalLock { .. }))
    }

    /// Factors that were begun and never confirmed.
    pub fn pending_factors(&self) -> impl Iterator<Item = &Factor> {
        let confirmed = Ids::of(&mut self.confirmed.iter().map(|id| &**id));
        self.factors.iter().filter(move |factor| !confirmed.contains(&factor.id))
    }

    /// The factor with this id that was begun and never confirmed, as it was named last.
    pub fn pending_factor(&self, id: &FactorId) -> Option<&Factor> {
        let named = self.pending_factors().filter(|factor| factor.id == *id);
        named.reduce(|last, factor| if last.is_superseded_by(factor) { factor } else { last })
    }

    /// Factors that count, each once.
    pub fn confirmed_factors(&self) -> impl Iterator<Item = &Factor> {
        let confirmed = Ids::of(&mut self.confirmed.iter().map(|id| &**id));
        let (ids, mut highest) = self.highest_generations();
        let counting = move |factor: &Factor| {
            let place = ids.place(&factor.id).filter(|_| confirmed.contains(&factor.id))?;
            highest[place].take()
        };
        self.factors.iter().filter_map(counting)
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
        let (ids, highest) = self.highest_generations();
        let counting = |id: &FactorId| ids.place(id).and_then(|place| highest[place]);
        let is_superseded = |factor: &&Factor| counting(&factor.id).is_some_and(|other| factor.is_superseded_by(other));
        self.factors.iter().filter(is_superseded).cloned().collect()
    }

    /// The factors, and in the place of each the element that counts, of those that stand for it.
    fn highest_generations(&self) -> (Ids<'_>, Vec<Option<&Factor>>) {
        let ids = Ids::of(&mut self.factors.iter().map(|factor| &*factor.id));
        let mut highest = vec![None; self.factors.len()];
        for factor in &self.factors {
            if let Some(place) = ids.place(&factor.id) {
                let counting: &mut Option<&Factor> = &mut highest[place];
                if counting.is_none_or(|counting| counting.is_superseded_by(factor)) {
                    *counting = Some(factor);
                }
            }
        }
        (ids, highest)
    }

    /// The codes that did not arrive, by nonce.
    pub(super) fn lost_codes(&self) -> Ids<'_> {
        Ids::of(&mut self.lost.iter().map(|lost| &*lost.code))
    }

    /// The challenges that somebody has tried to answer.
    pub fn attempted(&self) -> Ids<'_> {
        Ids::of(&mut self.attempts.iter().map(|attempt| &*attempt.challenge))
    }

    fn add_challenges(&mut self, elements: Vec<OfChallenges>) {
        for element in elements {
            match element {
                OfChallenges::Challenge(challenge) => self.challenges.push(challenge),
                OfChallenges::Code(code) => self.codes.push(code),
                OfChallenges::Attempt(attempt) => self.attempts.push(attempt),
                OfChallenges::Delivered(delivered) => self.delivered.push(delivered),
                OfChallenges::Lost(lost) => self.lost.push(lost),
                OfChallenges::Verification(verification) => self.verifications.push(verification),
                OfChallenges::Unproven(unproven) => self.unproven.push(unproven),
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

    fn add_devices(&mut self, elements: Vec<OfDevices>) {
        for element in elements {
            match element {
                OfDevices::Device(device) => self.devices.push(device),
                OfDevices::Unknown(unknown) => self.unknown_devices.push(unknown),
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
                keep_all_but(elements, &mut self.delivered);
                keep_all_but(elements, &mut self.lost);
                keep_all_but(elements, &mut self.verifications);
                keep_all_but(elements, &mut self.unproven);
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
        match &update.devices {
            SetOp::Add(elements) => self.add_devices(elements.clone()),
            SetOp::Remove(elements) => {
                keep_all_but(elements, &mut self.devices);
                keep_all_but(elements, &mut self.unknown_devices);
            }
        }
    }
}

fn keep_all_but<T: PartialEq, E: Clone + Into<T>>(elements: &[T], set: &mut Vec<E>) {
    set.retain(|element| !elements.contains(&element.clone().into()));
}
