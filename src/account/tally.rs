//! What belongs to each challenge, gathered once. Whoever asked each challenge for its codes and attempts would take time that grows with
//! the square of the row.

use super::challenges::SentCode;
use super::ids::Ids;
use super::row::Account;
use crate::id::ChallengeId;
use crate::time::{Span, Time};
use core::cmp::Ordering;
use std::collections::BinaryHeap;

/// Codes, attempts and claims by challenge.
pub(super) struct Tally<'a> {
    /// The challenges that a code was sent for.
    with_code: Ids<'a>,
    /// The codes of each of them, in its place.
    codes: Vec<Vec<&'a SentCode>>,
    attempts: Ids<'a>,
    claimed: Ids<'a>,
    lost: Ids<'a>,
}

impl<'a> Tally<'a> {
    pub(super) fn of(account: &'a Account) -> Tally<'a> {
        let with_code = Ids::of(&mut account.codes.iter().map(|code| &*code.challenge));
        let mut codes = vec![Vec::new(); account.codes.len()];
        for code in &account.codes {
            if let Some(place) = with_code.place(&code.challenge) {
                codes[place].push(code);
            }
        }
        Tally {
            with_code,
            codes,
            attempts: Ids::of(&mut account.attempts.iter().map(|attempt| &*attempt.challenge)),
            claimed: Ids::of(&mut account.claims.iter().map(|claim| &*claim.challenge)),
            lost: account.lost_codes(),
        }
    }

    /// Whether a code was sent for the challenge.
    pub(super) fn has_code(&self, challenge: &ChallengeId) -> bool {
        self.with_code.contains(challenge)
    }

    /// Attempts on the challenge.
    pub(super) fn attempts_on(&self, challenge: &ChallengeId) -> u32 {
        self.attempts.times(challenge)
    }

    /// Whether somebody has claimed the challenge.
    pub(super) fn is_claimed(&self, challenge: &ChallengeId) -> bool {
        self.claimed.contains(challenge)
    }

    /// The challenge's code that is good now.
    pub(super) fn current_code(&self, challenge: &ChallengeId, resend_after: Span) -> Option<&'a SentCode> {
        let codes = self.codes.get(self.with_code.place(challenge)?)?;
        current(&mut codes.iter().copied(), &self.lost, resend_after)
    }
}

/// The code that is good now, of those that were sent for one challenge. Of codes closer together than the resend time only the first was
/// sent: the others lost a race and are about to be taken back. But a code that did not arrive gives way to the next one, however soon.
pub(super) fn current<'a>(
    codes: &mut dyn Iterator<Item = &'a SentCode>,
    lost: &Ids<'_>,
    resend_after: Span,
) -> Option<&'a SentCode> {
    let least = resend_after.max(Span::from_seconds(1));
    let mut in_order: BinaryHeap<EarliestFirst<'_>> = BinaryHeap::new();
    for code in codes {
        in_order.push(EarliestFirst(code));
    }
    let EarliestFirst(mut good) = in_order.pop()?;
    while let Some(EarliestFirst(next)) = in_order.pop() {
        // At the end of time a moment has none after it.
        let is_apart = next.at > good.at && next.at >= good.at + least;
        if is_apart || lost.contains(&good.nonce) {
            good = next;
        }
    }
    Some(good)
}

/// A code in a heap, whose greatest comes first.
struct EarliestFirst<'a>(&'a SentCode);

impl EarliestFirst<'_> {
    fn place(&self) -> (Time, &str) {
        (self.0.at, &self.0.nonce)
    }
}

impl Ord for EarliestFirst<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.place().cmp(&self.place())
    }
}

impl PartialOrd for EarliestFirst<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for EarliestFirst<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for EarliestFirst<'_> {}
