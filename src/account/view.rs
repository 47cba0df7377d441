//! The row at a moment: which challenges live, which codes are good, what is stale.

use super::authenticators::{Factor, FactorKind};
use super::challenges::{Attempt, Challenge, OfChallenges, Purpose, PurposeName, SentCode};
use super::claims::{Claim, OfRedemptions};
use super::delivery::{Delivered, LostCode};
use super::ids::Ids;
use super::mark::{CountedKind, Mark};
use super::row::Account;
use super::tally::{self, Tally};
use super::update::SetOp;
use crate::id::{ChallengeId, FactorId, Nonce, SessionHash};
use crate::policy::{Channel, Limits};
use crate::time::{Span, Time};
use core::ops::Deref;

/// How long a ceremony may take from one change to the next. One that left something longer ago has died.
const UNDER_WAY: Span = Span::from_seconds(30);

/// Kept beyond their use, for nodes whose clocks differ by less than this.
const STALE_MARGIN: Span = Span::from_seconds(300);

/// How long a token to enroll with lives. What voids it is a revocation, which is kept for longer.
pub const ENROLL_LIFETIME: Span = Span::from_seconds(600);

/// How long no code goes by mail after a change of the password: whoever has the mailbox can have it changed.
const MAIL_RESTS: Span = Span::from_days(1);

/// Whether the ceremony that left something at that time may still be running.
pub fn is_under_way(at: Time, now: Time) -> bool {
    now < at + UNDER_WAY
}

/// A step-up that is good by the row.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Until when.
    pub until: Time,
    /// What tells whose it is: the session's keyed hash, or the nonce of the claim that the session was opened for.
    pub of: &'a str,
    /// By a code that was sent: the keyed hash of the number.
    pub number: Option<&'a str>,
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
    /// The same row after some time in which nothing changes it.
    pub fn after(self, span: Span) -> View<'a> {
        View { now: self.now + span, ..self }
    }

    /// How many more answers to this challenge are looked at, of the kind that can be guessed or of the other.
    pub fn attempts_left(&self, challenge: &ChallengeId, can_be_guessed: bool) -> u32 {
        let left = self.limits.attempts.saturating_sub(self.attempts_on(challenge));
        if can_be_guessed { left.min(self.limits.failures.saturating_sub(self.failures())) } else { left }
    }

    /// Attempts on one challenge.
    pub fn attempts_on(&self, challenge: &ChallengeId) -> u32 {
        count(self.account.attempts.iter().filter(|attempt| attempt.challenge == *challenge))
    }

    /// Failures in a row over all challenges (NIST SP 800-63B-4 §3.2.2), of what can be guessed. Attempts beyond a challenge's cap, and
    /// those on a challenge that was claimed, are about to be taken back. Nobody looked at them, so they do not count, not even where the
    /// process died before it took them back: otherwise a flood and a restart would lock the owner out.
    pub fn failures(&self) -> u32 {
        let claimed = Ids::of(&mut self.account.claims.iter().map(|claim| &*claim.challenge));
        let counts = |attempt: &&Attempt| !attempt.unguessable && !claimed.contains(&attempt.challenge);
        let counting = self.account.attempts.iter().filter(counts);
        let by_challenge = Ids::of(&mut counting.map(|attempt| &*attempt.challenge));
        by_challenge.numbers().map(|attempts| attempts.min(self.limits.attempts)).sum()
    }

    /// Whether what can be guessed is disabled: codes by message and authenticator apps. A success ends it, which by then only a passkey
    /// or a recovery code can be, and an operator's reset.
    pub fn is_disabled(&self) -> bool {
        self.failures() >= self.limits.failures
    }

    /// The code of a challenge that is good now.
    pub fn current_code(&self, challenge: &ChallengeId) -> Option<&'a SentCode> {
        let codes = self.account.codes.iter().filter(|code| code.challenge == *challenge);
        tally::current(&mut { codes }, &self.account.lost_codes(), self.limits.resend_after())
    }

    /// The channel that a code went by.
    pub fn channel_of(&self, code: &SentCode) -> Channel {
        self.delivery_of(code).map_or(code.channel, |delivered| delivered.channel)
    }

    /// How a code went, where that was written down.
    pub fn delivery_of(&self, code: &SentCode) -> Option<&'a Delivered> {
        self.account.delivered.iter().find(|delivered| delivered.code == code.nonce)
    }

    /// What the provider told of a code that did not arrive.
    pub fn loss_of(&self, code: &SentCode) -> Option<&'a LostCode> {
        self.account.lost.iter().find(|lost| lost.code == code.nonce)
    }

    /// The end of a challenge: a lifetime after its last code, or after its beginning where nothing was sent. It never outlives its token.
    pub fn expiry(&self, challenge: &Challenge) -> Time {
        self.expiry_after(challenge, self.current_code(&challenge.id))
    }

    fn expiry_after(&self, challenge: &Challenge, code: Option<&SentCode>) -> Time {
        let begun = code.map_or(challenge.at, |code| code.at);
        (begun + self.limits.code_lifetime()).min(challenge.at + self.limits.challenge_lifetime())
    }

    fn expiry_by(&self, tally: &Tally<'_>, challenge: &Challenge) -> Time {
        self.expiry_after(challenge, tally.current_code(&challenge.id, self.limits.resend_after()))
    }

    /// How long a challenge is good from now on.
    pub fn expires_in(&self, challenge: &Challenge) -> Span {
        self.expiry(challenge).since(self.now)
    }

    /// How long until a further code may follow this one. One that did not arrive may be followed at once.
    pub fn resend_in(&self, current: &SentCode) -> Span {
        match self.loss_of(current) {
            Some(_) => Span::default(),
            None => (current.at + self.limits.resend_after()).since(self.now),
        }
    }

    /// Whether a challenge can still be answered.
    pub fn is_alive(&self, challenge: &Challenge) -> bool {
        self.is_alive_by(&Tally::of(self.account), challenge)
    }

    fn is_alive_by(&self, tally: &Tally<'_>, challenge: &Challenge) -> bool {
        self.now < self.expiry_by(tally, challenge)
            && tally.attempts_on(&challenge.id) < self.limits.attempts
            && !tally.is_claimed(&challenge.id)
    }

    /// The living challenges for this purpose, session and first factor included.
    pub fn alive(self, purpose: &'a Purpose) -> impl Iterator<Item = &'a Challenge> {
        let is_for = move |challenge: &&Challenge| {
            let other = &challenge.purpose;
            (other.name(), other.session(), other.provider()) == (purpose.name(), purpose.session(), purpose.provider())
        };
        let tally = Tally::of(self.account);
        self.account.challenges.iter().filter(is_for).filter(move |challenge| self.is_alive_by(&tally, challenge))
    }

    /// How much of the user's window is used up for this purpose: codes sent, and challenges begun that nothing was sent for. Enrollments
    /// have a window of their own, so that whoever only began some can still sign in.
    pub fn issued_in_window(&self, purpose: PurposeName) -> u32 {
        let since = self.window_start();
        let (enrollments, others): (Vec<&Challenge>, Vec<&Challenge>) =
            self.account.challenges.iter().partition(|challenge| challenge.purpose.factor().is_some());
        let (own, apart) = if purpose.is_enrollment() { (enrollments, others) } else { (others, enrollments) };
        let apart = Ids::of(&mut apart.iter().map(|challenge| &*challenge.id));
        let tally = Tally::of(self.account);
        // A code whose challenge is gone counts everywhere.
        let codes = self.account.codes.iter().filter(|code| code.at > since && !apart.contains(&code.challenge));
        let silent = own.iter().filter(|challenge| challenge.at > since && !tally.has_code(&challenge.id));
        count(codes) + count(silent)
    }

    /// Messages of the user's window that brought no code: notices, and codes that the provider did not take.
    pub fn codeless_in_window(&self) -> u32 {
        self.counted_in_window(CountedKind::Notice) + self.counted_in_window(CountedKind::Unsent)
    }

    /// All messages of the user's window, for whatever purpose. They have one limit for all.
    pub fn messages_in_window(&self) -> u32 {
        let since = self.window_start();
        count(self.account.codes.iter().filter(|code| code.at > since)) + self.codeless_in_window()
    }

    /// How many of these the user's window has.
    pub fn counted_in_window(&self, what: CountedKind) -> u32 {
        let since = self.window_start();
        count(self.account.counted(what).filter(|counted| counted.at > since))
    }

    /// For how many seconds no code goes by mail, if the password was changed within a day.
    pub fn mail_rests(&self) -> Option<u64> {
        let last = self.account.counted(CountedKind::Password).map(|change| change.at).max()?;
        Some((last + MAIL_RESTS).since(self.now).as_seconds_up()).filter(|seconds| *seconds > 0)
    }

    /// The enrollments of authenticator apps that this session began in this way and can still confirm, with the apps. There are several
    /// only as long as calls race.
    pub fn enrolling_apps(&self, like: &Purpose) -> Vec<(&'a Challenge, &'a Factor)> {
        let is_own = |challenge: &&Challenge| {
            let Challenge { purpose, .. } = challenge;
            purpose.name() == like.name()
                && (purpose.session(), purpose.stamp()) == (like.session(), like.stamp())
                && purpose.is_by_password() == like.is_by_password()
        };
        let tally = Tally::of(self.account);
        let own = self.account.challenges.iter().filter(is_own);
        let alive = own.filter(|challenge| self.is_alive_by(&tally, challenge));
        let with_app = alive.filter_map(|challenge| {
            let pending = challenge.purpose.factor().and_then(|id| self.account.pending_factor(id));
            Some((challenge, pending.filter(|factor| factor.kind == FactorKind::Totp)?))
        });
        with_app.collect()
    }

    /// The last step of an authenticator app that was used.
    pub fn last_step(&self, factor: &FactorId) -> Option<u64> {
        let steps = self.account.claims.iter().filter_map(|claim| claim.spent.step_of(factor));
        steps.max()
    }

    /// Whether the session stepped up within the lifetime, has not spent that, and no revocation ended it.
    pub fn has_stepped_up(&self, session: &SessionHash) -> bool {
        !self.standing_step_ups(session, None).is_empty()
    }

    /// The step-ups of the session that are good by this row. One of them may be the claim that the session was opened for.
    pub fn standing_step_ups(&self, session: &SessionHash, opened_by: Option<&Nonce>) -> Vec<Standing<'a>> {
        let ends = self.ends_of_step_ups(session);
        let marks = self.account.step_ups().filter(|step_up| step_up.session == *session);
        let marks = marks.filter_map(|mark| {
            let until = self.good_until(&ends, &mark.nonce, mark.at, &mark.known_revocations)?;
            Some(Standing { until, of: &mark.session, number: mark.number.as_deref() })
        });
        let claims = self.account.claims.iter().filter(|claim| Some(&claim.nonce) == opened_by);
        let claims = claims.filter_map(|claim| {
            let until = self.good_until(&ends, &claim.nonce, claim.at, &claim.known_revocations)?;
            Some(Standing { until, of: &claim.nonce, number: claim.number.as_deref() })
        });
        marks.chain(claims).collect()
    }

    /// What ends step-ups of the session: revocations, but for those that it caused itself, and step-ups that are spent.
    fn ends_of_step_ups(&self, session: &SessionHash) -> (Ids<'a>, Ids<'a>) {
        let revoking = self.account.marks.iter().filter_map(|mark| mark.revokes(Some(session)));
        (Ids::of(&mut revoking.map(|nonce| &**nonce)), self.account.spent_step_ups())
    }

    /// The end of a step-up of that moment, if it is not over: its lifetime, the first revocation that it did not know, or its being spent.
    fn good_until(&self, ends: &(Ids<'_>, Ids<'_>), nonce: &Nonce, at: Time, known: &[Nonce]) -> Option<Time> {
        let (revocations, spent) = ends;
        let until = at + self.limits.step_up_lifetime();
        let outlives = || Ids::of(&mut known.iter().map(|nonce| &**nonce)).contains_all(revocations);
        (self.now < until && !spent.contains(nonce) && outlives()).then_some(until)
    }

    /// Whether a removal of the factor may be running.
    pub fn is_being_removed(&self, factor: &FactorId) -> bool {
        self.account.revocations().any(|mark| mark.factor.as_ref() == Some(factor) && is_under_way(mark.at, self.now))
    }

    /// Whether the second factor that a password began to enroll comes too late: a factor counts by now, or another one was claimed
    /// first and is about to be confirmed.
    pub fn is_beaten_by_another(&self, factor: &FactorId) -> bool {
        let pending = Ids::of(&mut self.account.pending_factors().map(|pending| &*pending.id));
        let claimed = self.account.claims.iter().filter(|claim| is_under_way(claim.at, self.now));
        self.account.confirmed_factors().any(|other| other.id != *factor)
            || !self.account.unknown_authenticators.is_empty()
            || claimed.filter_map(|claim| claim.confirms.as_ref()).any(|id| id != factor && pending.contains(id))
    }

    /// Factors that nobody can confirm any more: their enrollment has expired, or was void before that.
    pub fn abandoned_factors(&self) -> Vec<Factor> {
        let is_over = |factor: &&Factor| factor.at + self.limits.code_lifetime() + STALE_MARGIN <= self.now;
        self.account.pending_factors().filter(is_over).cloned().collect()
    }

    /// Challenges that no rule looks at any more, with their codes and the attempts that are no failures; to be removed.
    pub fn stale_challenges(&self) -> Vec<OfChallenges> {
        let since = self.window_start();
        let tally = Tally::of(self.account);
        let is_old = |ch: &&Challenge| ch.at <= since && self.expiry_by(&tally, ch) + STALE_MARGIN <= self.now;
        let (challenges, left): (Vec<&Challenge>, Vec<&Challenge>) = self.account.challenges.iter().partition(is_old);
        let left = Ids::of(&mut left.into_iter().map(|challenge| &*challenge.id));
        let is_over = |at: Time, challenge: &ChallengeId| at <= since && !left.contains(challenge);
        let mut stale = Vec::new();
        for challenge in challenges {
            stale.push(OfChallenges::Challenge(challenge.clone()));
        }
        for code in self.account.codes.iter().filter(|code| is_over(code.at, &code.challenge)) {
            stale.push(OfChallenges::Code(code.clone()));
        }
        for attempt in self.account.attempts.iter().filter(|attempt| attempt.unguessable) {
            if !left.contains(&attempt.challenge) {
                stale.push(OfChallenges::Attempt(attempt.clone()));
            }
        }
        for went in self.account.delivered.iter().filter(|went| is_over(went.at, &went.challenge)) {
            stale.push(OfChallenges::Delivered(went.clone()));
        }
        for lost in self.account.lost.iter().filter(|lost| is_over(lost.at, &lost.challenge)) {
            stale.push(OfChallenges::Lost(lost.clone()));
        }
        for begun in self.account.verifications.iter().filter(|begun| is_over(begun.at, &begun.challenge)) {
            stale.push(OfChallenges::Verification(begun.clone()));
        }
        stale
    }

    /// Claims and marks that no rule looks at any more, to be removed: their challenge, their step and their step-up are long past. A claim
    /// stays as long as attempts that came too late for it, so that these never count.
    pub fn stale_redemptions(&self) -> SetOp<OfRedemptions> {
        let since = self.window_start() - STALE_MARGIN;
        let tally = Tally::of(self.account);
        let is_over = |claim: &&Claim| claim.at <= since && tally.attempts_on(&claim.challenge) == 0;
        let claims = self.account.claims.iter().filter(is_over);
        let is_stale = |mark: &&Mark| mark.at() <= self.stale_since(mark) && !matches!(mark, Mark::Deleted { .. });
        let marks = self.account.marks.iter().filter(is_stale);
        SetOp::remove(claims.cloned()).and(marks.cloned())
    }

    /// The moment since which no rule looks at a mark of this kind any more.
    fn stale_since(&self, mark: &Mark) -> Time {
        let of_window = self.window_start();
        let looked_at = match mark {
            Mark::Counted(counted) if counted.what == CountedKind::Change => of_window.min(self.now - Span::HOUR),
            Mark::Counted(counted) if counted.what == CountedKind::Password => of_window.min(self.now - MAIL_RESTS),
            // A token to enroll with is void as long as it lives.
            Mark::Revocation(_) | Mark::Later { .. } => of_window.min(self.now - ENROLL_LIFETIME),
            Mark::Counted(_) | Mark::StepUp(_) | Mark::RenewalLock { .. } => of_window,
            Mark::Spent { .. } | Mark::Deleted { .. } => of_window,
        };
        looked_at - STALE_MARGIN
    }

    /// Claims and marks that rules still look at. A mark of a later version may never get stale, and must not stand in anybody's way.
    pub(super) fn fresh_redemptions(&self) -> usize {
        let since = self.window_start() - STALE_MARGIN;
        let claims = self.account.claims.iter().filter(|claim| claim.at > since).count();
        let is_ours = |mark: &&Mark| !matches!(mark, Mark::Later { .. });
        let marks = self.account.marks.iter().filter(is_ours).filter(|mark| mark.at() > self.stale_since(mark));
        claims + marks.count()
    }

    /// What a session changed without a step-up in the last hour.
    pub fn changes_in_hour(&self) -> u32 {
        let since = self.now - Span::HOUR;
        count(self.account.counted(CountedKind::Change).filter(|change| change.at > since))
    }

    pub(super) fn now(&self) -> Time {
        self.now
    }

    /// The row itself, for as long as it lives.
    pub(super) fn row(&self) -> &'a Account {
        self.account
    }

    fn window_start(&self) -> Time {
        self.now - self.limits.user_window()
    }
}

fn count<T>(elements: impl Iterator<Item = T>) -> u32 {
    u32::try_from(elements.count()).unwrap_or(u32::MAX)
}
