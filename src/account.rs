//! All two-factor state of one user: one row, made of sets.
//!
//! Everything that happens to a user is an element added to, or removed from, a set of this row by one atomic database
//! operation, and that operation answers with the row as it stands right after it. Whoever added an element therefore sees
//! exactly what was added before it, and decides by that: the first redemption of a challenge finds no other, the sixth attempt
//! finds five. There is no counter to reset and nothing to read, compare and write. The sets have no order (PostgreSQL's
//! `array_add` scrambles it), so no rule below depends on one.
//!
//! An element whose verdict is a refusal is withdrawn again; until then it can make others more careful, never less.

use crate::change::Row;
use crate::policy::Policy;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// What a challenge is for. A challenge for one purpose is unknown to every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    SignIn,
    StepUp,
    Enrolment,
}

impl Purpose {
    /// The name as it stands in the row and under keyed hashes.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign-in",
            Purpose::StepUp => "step-up",
            Purpose::Enrolment => "enrolment",
        }
    }
}

/// How a user answers a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    Sms,
    Totp,
    Recovery,
}

/// Something a user was asked to prove, from the first call to its redemption or its expiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// 96 random bits, base64url.
    pub id: String,
    pub purpose: Purpose,
    /// Whom it was given to.
    pub user: String,
    /// The key under which its token and its codes are hashed.
    pub kid: String,
    /// When it was begun, in milliseconds since 1970.
    pub at: u64,
    /// The session it is bound to, as a keyed hash; a sign-in has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The factor that an enrolment is to confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// Whether an enrolment was begun by password: good only as long as there is no factor.
    #[serde(default, skip_serializing_if = "is_false")]
    pub first: bool,
}

/// One code sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentCode {
    pub challenge: String,
    pub nonce: String,
    pub at: u64,
    /// The keyed hash of the code.
    pub hash: String,
    /// The number it went to, masked.
    pub to: String,
}

/// One code looked at. All of them together are the failures in a row; a success removes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    pub challenge: String,
    pub nonce: String,
}

/// One claim of a challenge with a right code. The first has won.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Redemption {
    pub challenge: String,
    pub nonce: String,
    pub at: u64,
    /// The TOTP factor and the time step that matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<UsedStep>,
    /// The recovery code that was used, as stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_code: Option<RecoveryCode>,
    /// The factor that an enrolment confirms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
}

/// What a ceremony of more than one change leaves for others to find.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    pub kind: MarkKind,
    pub nonce: String,
    pub at: u64,
    /// The session that left it, as a keyed hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The factor that a removal removes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// For a step-up, the nonces of the voids that were there before it: those it outlives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlives: Vec<String>,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// This session has stepped up.
    SteppedUp,
    /// Recovery codes are being made.
    Renewal,
    /// What was begun or stepped up before is void.
    Void,
}

/// Whether the ceremony that left something at that time may still be on its way.
pub fn is_under_way(at: u64, now: u64) -> bool {
    now < at + UNDER_WAY
}

/// A time step of a TOTP factor that has been used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedStep {
    pub factor: String,
    pub step: u64,
}

/// An authenticator the user enrolled; it counts once its id is in `confirmed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Factor {
    pub id: String,
    pub method: Method,
    pub label: String,
    pub at: u64,
    /// The key that `sealed` is under.
    pub kid: String,
    /// The TOTP secret or the phone number, sealed for this account and factor.
    pub sealed: String,
    /// How often it was sealed anew. Of elements with one id the highest counts, so that one can take another's place without a
    /// moment in which there is none.
    #[serde(default, skip_serializing_if = "is_first")]
    pub generation: u32,
}

fn is_first(generation: &u32) -> bool {
    *generation == 0
}

impl Factor {
    /// Whether the other element stands for the same factor and counts in place of this one. Everybody has to find the same one, so
    /// where the generations are equal the rest decides.
    fn is_superseded_by(&self, other: &Factor) -> bool {
        let rank = |f: &Factor| (f.generation, f.kid.clone(), f.sealed.clone());
        self.id == other.id && rank(self) < rank(other)
    }
}

/// The keyed hash of a recovery code that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCode {
    pub kid: String,
    pub hash: String,
}

/// How much hangs on one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct KeyUse {
    /// The key's id.
    pub kid: String,
    /// Confirmed factors whose secret is sealed with it.
    pub factors: u32,
    /// Unused recovery codes that are hashed with it.
    pub recovery_codes: u32,
}

/// The row, its elements by what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Row")]
pub struct Account {
    /// The row's own id.
    pub id: String,
    pub challenges: Vec<Challenge>,
    pub codes: Vec<SentCode>,
    pub attempts: Vec<Attempt>,
    pub redemptions: Vec<Redemption>,
    pub marks: Vec<Mark>,
    pub factors: Vec<Factor>,
    pub confirmed: Vec<String>,
    pub recovery_codes: Vec<RecoveryCode>,
}

impl Account {
    /// The challenge with this id.
    pub fn challenge(&self, id: &str) -> Option<&Challenge> {
        self.challenges.iter().find(|c| c.id == id)
    }

    /// Attempts on one challenge.
    pub fn attempts_on(&self, challenge: &str) -> u32 {
        self.attempts.iter().filter(|a| a.challenge == challenge).count() as u32
    }

    /// Failures in a row over all challenges (NIST SP 800-63B-4 §3.2.2). Attempts beyond a challenge's cap, about to be
    /// withdrawn, were not looked at and do not count.
    pub fn failures(&self, policy: &Policy) -> u32 {
        let is_within_cap = |(i, attempt): &(usize, &Attempt)| {
            let before = self.attempts[..*i].iter().filter(|a| a.challenge == attempt.challenge);
            (before.count() as u32) < policy.limits.attempts
        };
        self.attempts.iter().enumerate().filter(is_within_cap).count() as u32
    }

    /// Whether the second factor is disabled until an operator resets it.
    pub fn is_disabled(&self, policy: &Policy) -> bool {
        self.failures(policy) >= policy.limits.failures
    }

    /// The code of a challenge that is good now. Of codes closer together than the resend time only the first was sent: the
    /// others lost a race and were on their way out.
    pub fn current_code(&self, challenge: &str, policy: &Policy) -> Option<&SentCode> {
        let first = |from: u64| {
            let codes = self.codes.iter().filter(|c| c.challenge == challenge && c.at >= from);
            codes.min_by_key(|c| (c.at, &c.nonce))
        };
        let due = |code: &SentCode| code.at + 1000 * u64::from(policy.limits.resend_after).max(1);
        core::iter::successors(first(0), |code| first(due(code))).last()
    }

    /// When a challenge expires: a lifetime after its last code, or after its beginning where nothing was sent.
    pub fn expiry(&self, challenge: &Challenge, policy: &Policy) -> u64 {
        let from = self.current_code(&challenge.id, policy).map_or(challenge.at, |code| code.at);
        from + 1000 * u64::from(policy.limits.code_lifetime)
    }

    /// Whether a challenge can still be redeemed.
    pub fn is_alive(&self, challenge: &Challenge, policy: &Policy, now: u64) -> bool {
        now < self.expiry(challenge, policy)
            && self.attempts_on(&challenge.id) < policy.limits.attempts
            && !self.is_redeemed(&challenge.id)
    }

    /// Whether somebody has claimed the challenge.
    pub fn is_redeemed(&self, challenge: &str) -> bool {
        self.redemptions.iter().any(|r| r.challenge == challenge)
    }

    /// The living challenges for a purpose and session.
    pub fn alive<'a>(
        &'a self,
        purpose: Purpose,
        session: Option<&'a str>,
        policy: &'a Policy,
        now: u64,
    ) -> impl Iterator<Item = &'a Challenge> {
        self.challenges
            .iter()
            .filter(move |c| c.purpose == purpose && c.session.as_deref() == session)
            .filter(move |c| self.is_alive(c, policy, now))
    }

    /// How much of the user's window is used up: codes sent, and challenges begun that nothing was sent for.
    pub fn begun_lately(&self, policy: &Policy, now: u64) -> u32 {
        let since = window_start(policy, now);
        let codes = self.codes.iter().filter(|c| c.at > since).count();
        let silent = self
            .challenges
            .iter()
            .filter(|c| c.at > since && !self.codes.iter().any(|code| code.challenge == c.id))
            .count();
        (codes + silent) as u32
    }

    /// The last step of a TOTP factor that was used.
    pub fn last_step(&self, factor: &str) -> Option<u64> {
        self.redemptions
            .iter()
            .filter_map(|r| r.totp.as_ref())
            .filter(|used| used.factor == factor)
            .map(|used| used.step)
            .max()
    }

    /// Whether the redemption with this nonce has won: nobody before it claimed the challenge, the TOTP step or a later one of
    /// the same factor, or the recovery code.
    pub fn has_won(&self, nonce: &str) -> bool {
        let Some(mine) = self.redemptions.iter().find(|r| r.nonce == nonce) else {
            return false;
        };
        self.redemptions.iter().filter(|r| r.nonce != nonce).all(|other| {
            let same_step = match (&mine.totp, &other.totp) {
                (Some(mine), Some(other)) => mine.factor == other.factor && mine.step <= other.step,
                _ => false,
            };
            let same_recovery_code = mine.recovery_code.is_some() && mine.recovery_code == other.recovery_code;
            mine.challenge != other.challenge && !same_step && !same_recovery_code
        })
    }

    /// The nonces of the voids that concern this session: those that it did not bring about itself. All of them concern a sign-in, which
    /// has no session.
    pub fn voids(&self, session: Option<&str>) -> impl Iterator<Item = &String> {
        let is_own = move |mark: &&Mark| session.is_some() && mark.session.as_deref() == session;
        self.marks_of(MarkKind::Void).filter(move |mark| !is_own(mark)).map(|mark| &mark.nonce)
    }

    /// Whether something has voided, since it was as in `earlier`, what this session had under way.
    pub fn is_voided_since(&self, earlier: &Account, session: Option<&str>) -> bool {
        self.voids(session).any(|void| !earlier.voids(session).any(|known| known == void))
    }

    /// Whether the removal of a factor may be on its way.
    pub fn is_being_removed(&self, factor: &str, now: u64) -> bool {
        self.marks_of(MarkKind::Void).any(|mark| mark.factor.as_deref() == Some(factor) && is_under_way(mark.at, now))
    }

    /// The marks of this kind.
    pub fn marks_of(&self, kind: MarkKind) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| mark.kind == kind)
    }

    /// Factors that were begun and never confirmed.
    pub fn pending_factors(&self) -> impl Iterator<Item = &Factor> {
        self.factors.iter().filter(|f| !self.confirmed.contains(&f.id))
    }

    /// Factors that count, each once.
    pub fn confirmed_factors(&self) -> impl Iterator<Item = &Factor> {
        self.factors.iter().filter(|f| self.confirmed.contains(&f.id) && !self.is_superseded(f))
    }

    /// All elements that stand for a factor: what goes when it is removed.
    pub fn elements_of(&self, factor: &str) -> Vec<Factor> {
        self.factors.iter().filter(|f| f.id == factor).cloned().collect()
    }

    /// Elements in whose place others count. Removing them loses nothing, whoever else removes some at the same time: what is removed
    /// is below something that was there, so the highest never is.
    pub fn superseded_factors(&self) -> Vec<Factor> {
        self.factors.iter().filter(|f| self.is_superseded(f)).cloned().collect()
    }

    fn is_superseded(&self, factor: &Factor) -> bool {
        self.factors.iter().any(|other| factor.is_superseded_by(other))
    }

    /// What of this user's hangs on which key: confirmed factors and unused recovery codes.
    pub fn key_use(&self) -> Vec<KeyUse> {
        let mut uses: Vec<KeyUse> = Vec::new();
        let factors = self.confirmed_factors().map(|f| (&f.kid, 1, 0));
        for (kid, factors, recovery_codes) in factors.chain(self.recovery_codes.iter().map(|code| (&code.kid, 0, 1))) {
            match uses.iter_mut().find(|u| u.kid == *kid) {
                Some(known) => {
                    known.factors += factors;
                    known.recovery_codes += recovery_codes;
                }
                None => uses.push(KeyUse { kid: kid.clone(), factors, recovery_codes }),
            }
        }
        uses
    }

    /// Factors that nobody can confirm any more: their enrolment has expired, or was void before that.
    pub fn abandoned_factors(&self, policy: &Policy, now: u64) -> Vec<Factor> {
        let lifetime = 1000 * u64::from(policy.limits.code_lifetime);
        self.pending_factors().filter(|f| f.at + lifetime + STALE_MARGIN <= now).cloned().collect()
    }

    /// Challenges and codes that no rule looks at any more.
    pub fn stale(&self, policy: &Policy, now: u64) -> (Vec<Challenge>, Vec<SentCode>) {
        let since = window_start(policy, now);
        let old = |c: &&Challenge| c.at <= since && self.expiry(c, policy) <= now.saturating_sub(STALE_MARGIN);
        let challenges: Vec<Challenge> = self.challenges.iter().filter(old).cloned().collect();
        let codes = self
            .codes
            .iter()
            .filter(|code| code.at <= since && self.challenge(&code.challenge).is_none_or(|c| challenges.contains(c)))
            .cloned()
            .collect();
        (challenges, codes)
    }

    /// Redemptions and marks that no rule looks at any more: their challenge, their TOTP step and their step-up are long past.
    pub fn stale_redemptions(&self, policy: &Policy, now: u64) -> (Vec<Redemption>, Vec<Mark>) {
        let since = window_start(policy, now).saturating_sub(STALE_MARGIN);
        let redemptions = self.redemptions.iter().filter(|r| r.at <= since);
        let marks = self.marks.iter().filter(|mark| mark.at <= since);
        (redemptions.cloned().collect(), marks.cloned().collect())
    }
}

/// How long a ceremony may be on its way from one change to the next. Whoever left a mark longer ago has died.
const UNDER_WAY: u64 = 30_000;

/// Kept beyond their use, for nodes whose clocks differ by less than this.
const STALE_MARGIN: u64 = 300_000;

fn is_false(flag: &bool) -> bool {
    !flag
}

fn window_start(policy: &Policy, now: u64) -> u64 {
    now.saturating_sub(1000 * u64::from(policy.limits.user_window))
}
