//! What keeps a row small, whatever is repeated: each change of a row costs what the whole row costs.

use super::mark::Mark;
use super::view::{View, is_under_way};

/// Claims and marks that a row holds before nothing further may be begun. An authenticator app allows for one success in thirty seconds, and
/// claims and marks stay for twenty minutes. Only a program with a passkey of its own gets this far.
const MOST_REDEMPTIONS: usize = 200;

/// Enrollments under way. A user has five in a quarter of an hour, but whoever voids them in between could begin without end.
const MOST_PENDING: usize = 20;

impl View<'_> {
    /// Whether the row is too full to begin anything further.
    pub fn is_crowded(&self) -> bool {
        self.fresh_redemptions() >= MOST_REDEMPTIONS
    }

    /// Whether so many enrollments are under way that no further one may begin.
    pub fn is_enrolling_too_much(&self) -> bool {
        self.pending_factors().count().saturating_sub(self.abandoned_factors().len()) >= MOST_PENDING
    }

    /// Revocations that a later one makes needless: it revokes all that they do. `later` was added after every mark of this row. So however
    /// often one session, or the operator, changes something, one revocation is left of it. A removal that may be running stays, because
    /// others look for it by its factor.
    pub fn outdone_by(&self, later: &Mark) -> Vec<Mark> {
        let Mark::Revocation(later) = later else { return Vec::new() };
        let is_outdone = |mark: &&Mark| {
            let Mark::Revocation(earlier) = mark else { return false };
            let is_covered = later.session.is_none() || later.session == earlier.session;
            let is_running = earlier.factor.is_some() && is_under_way(earlier.at, self.now());
            earlier.nonce != later.nonce && is_covered && (!is_running || earlier.factor == later.factor)
        };
        self.marks.iter().filter(is_outdone).cloned().collect()
    }
}
