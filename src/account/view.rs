//! The row at a moment: which challenges live, which codes are good, what is stale.

use super::authenticators::Factor;
use super::challenges::{Attempt, Challenge, OfChallenges, Purpose, SentCode};
use super::claims::{Claim, OfRedemptions};
use super::mark::Mark;
use super::row::Account;
use super::update::SetOp;
use crate::id::{ChallengeId, FactorId, SessionHash};
use crate::policy::Limits;
use crate::time::{Span, Time};
use core::ops::Deref;
use std::collections::BTreeMap;

/// How long a ceremony may take from one change to the next. One that left something longer ago has died.
const UNDER_WAY: Span = Span::from_seconds(30);

/// Kept beyond their use, for nodes whose clocks differ by less than this.
const STALE_MARGIN: Span = Span::from_seconds(300);

/// Whether the ceremony that left something at that time may still be running.
pub fn is_under_way(at: Time, now: Time) -> bool {
    now < at + UNDER_WAY
}

/// A row, looked at under these limits at this moment.
#[derive(Clone, Copy)]
pub struct View<'a> {
    account: &'a Account,
    limits: &'a Limits,
    now: Time,
}

impl Deref for View<'_> {
    type Target = Account;
    fn deref(&self) -> &Account {
        self.account
    }
}

impl Account {
    /// The row at this moment.
    pub fn at<'a>(&'a self, now: Time, limits: &'a Limits) -> View<'a> {
        View { account: self, limits, now }
    }
}

impl<'a> View<'a> {
    /// Attempts on one challenge.
    pub fn attempts_on(&self, challenge: &ChallengeId) -> u32 {
        count(self.account.attempts.iter().filter(|attempt| attempt.challenge == *challenge))
    }

    /// Failures in a row over all challenges (NIST SP 800-63B-4 §3.2.2). Attempts beyond a challenge's cap are about to be taken back;
    /// nobody looked at them, so they do not count.
    pub fn failures(&self) -> u32 {
        let mut by_challenge: BTreeMap<&ChallengeId, u32> = BTreeMap::new();
        for Attempt { challenge, .. } in self.account.attempts.iter().filter(|attempt| !attempt.passkey) {
            *by_challenge.entry(challenge).or_default() += 1;
        }
        by_challenge.into_values().map(|attempts| attempts.min(self.limits.attempts)).sum()
    }

    /// Whether the second factor is disabled until an operator resets it.
    pub fn is_disabled(&self) -> bool {
        self.failures() >= self.limits.failures
    }

    /// The code of a challenge that is good now. Of codes closer together than the resend time only the first was sent: the others lost
    /// a race and are about to be taken back.
    pub fn current_code(&self, challenge: &ChallengeId) -> Option<&'a SentCode> {
        let first = |from: Time| {
            let codes = self.account.codes.iter().filter(|code| code.challenge == *challenge && code.at >= from);
            codes.min_by_key(|code| (code.at, &code.nonce))
        };
        let least = self.limits.resend_after().max(Span::from_seconds(1));
        // At the end of time a moment has none after it. Without the filter such a row would be looked at for ever.
        let next = |code: &&'a SentCode| first(code.at + least).filter(|next| next.at > code.at);
        core::iter::successors(first(Time::default()), next).last()
    }

    /// The end of a challenge: a lifetime after its last code, or after its beginning where nothing was sent.
    pub fn expiry(&self, challenge: &Challenge) -> Time {
        self.current_code(&challenge.id).map_or(challenge.at, |code| code.at) + self.limits.code_lifetime()
    }

    /// How long a challenge is good from now on.
    pub fn expires_in(&self, challenge: &Challenge) -> Span {
        self.expiry(challenge).since(self.now)
    }

    /// How long until a further code may follow this one.
    pub fn resend_in(&self, current: &SentCode) -> Span {
        (current.at + self.limits.resend_after()).since(self.now)
    }

    /// Whether a challenge can still be answered.
    pub fn is_alive(&self, challenge: &Challenge) -> bool {
        self.now < self.expiry(challenge)
            && self.attempts_on(&challenge.id) < self.limits.attempts
            && !self.account.is_claimed(&challenge.id)
    }

    /// The living challenges for this purpose, session and first factor included.
    pub fn alive(self, purpose: &'a Purpose) -> impl Iterator<Item = &'a Challenge> {
        let is_for = move |challenge: &&Challenge| {
            let other = &challenge.purpose;
            (other.name(), other.session(), other.provider()) == (purpose.name(), purpose.session(), purpose.provider())
        };
        self.account.challenges.iter().filter(is_for).filter(move |challenge| self.is_alive(challenge))
    }

    /// How much of the user's window is used up: codes sent, and challenges begun that nothing was sent for.
    pub fn issued_in_window(&self) -> u32 {
        let since = self.window_start();
        let codes = self.account.codes.iter().filter(|code| code.at > since);
        let has_code = |challenge: &Challenge| self.account.codes.iter().any(|code| code.challenge == challenge.id);
        let silent = self.account.challenges.iter().filter(|ch| ch.at > since && !has_code(ch));
        count(codes) + count(silent)
    }

    /// The last step of an authenticator app that was used.
    pub fn last_step(&self, factor: &FactorId) -> Option<u64> {
        let steps = self.account.claims.iter().filter_map(|claim| claim.spent.step_of(factor));
        steps.max()
    }

    /// Whether the session stepped up within the lifetime, and no revocation ended that. One that the step-up knew does not, nor one that
    /// the session caused itself.
    pub fn has_stepped_up(&self, session: &SessionHash) -> bool {
        self.account.step_ups().any(|step_up| {
            step_up.session == *session
                && self.now < step_up.at + self.limits.step_up_lifetime()
                && self
                    .account
                    .revocations_for(Some(session))
                    .all(|revocation| step_up.known_revocations.contains(revocation))
        })
    }

    /// Whether a removal of the factor may be running.
    pub fn is_being_removed(&self, factor: &FactorId) -> bool {
        self.account.revocations().any(|mark| mark.factor.as_ref() == Some(factor) && is_under_way(mark.at, self.now))
    }

    /// Whether the second factor that a password began to enroll comes too late: a factor counts by now, or another one was claimed
    /// first and is about to be confirmed.
    pub fn is_beaten_by_another(&self, factor: &FactorId) -> bool {
        let is_pending = |id: &FactorId| self.account.pending_factors().any(|pending| pending.id == *id);
        let claimed = self.account.claims.iter().filter(|claim| is_under_way(claim.at, self.now));
        self.account.confirmed_factors().any(|other| other.id != *factor)
            || !self.account.unknown_authenticators.is_empty()
            || claimed.filter_map(|claim| claim.confirms.as_ref()).any(|id| id != factor && is_pending(id))
    }

    /// Factors that nobody can confirm any more: their enrollment has expired, or was void before that.
    pub fn abandoned_factors(&self) -> Vec<Factor> {
        let is_over = |factor: &&Factor| factor.at + self.limits.code_lifetime() + STALE_MARGIN <= self.now;
        self.account.pending_factors().filter(is_over).cloned().collect()
    }

    /// Challenges that no rule looks at any more, with their codes and the attempts that are no failures; to be removed.
    pub fn stale_challenges(&self) -> Vec<OfChallenges> {
        let since = self.window_start();
        let is_old = |ch: &&Challenge| ch.at <= since && self.expiry(ch) + STALE_MARGIN <= self.now;
        let challenges: Vec<&Challenge> = self.account.challenges.iter().filter(is_old).collect();
        let is_left = |id: &ChallengeId| self.account.challenge(id).is_some_and(|ch| !challenges.contains(&ch));
        let codes = self.account.codes.iter().filter(|code| code.at <= since && !is_left(&code.challenge));
        let codes = codes.cloned().map(OfChallenges::Code);
        let is_over = |attempt: &&Attempt| attempt.passkey && !is_left(&attempt.challenge);
        let attempts = self.account.attempts.iter().filter(is_over).cloned().map(OfChallenges::Attempt);
        challenges.iter().copied().cloned().map(OfChallenges::Challenge).chain(codes).chain(attempts).collect()
    }

    /// Claims and marks that no rule looks at any more, to be removed: their challenge, their step and their step-up are long past.
    pub fn stale_redemptions(&self) -> SetOp<OfRedemptions> {
        let since = self.window_start() - STALE_MARGIN;
        let claims = self.account.claims.iter().filter(|claim: &&Claim| claim.at <= since);
        let marks = self.account.marks.iter().filter(|mark: &&Mark| mark.at() <= since);
        SetOp::remove(claims.cloned()).and(marks.cloned())
    }

    fn window_start(&self) -> Time {
        self.now - self.limits.user_window()
    }
}

fn count<T>(elements: impl Iterator<Item = T>) -> u32 {
    u32::try_from(elements.count()).unwrap_or(u32::MAX)
}
