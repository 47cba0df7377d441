//! How answers that are numbers are read.

use super::reply::{Counted, Reply};
use crate::wire::Refusal;

pub(super) fn counted(reply: Reply) -> Result<Counted, Refusal> {
    if let Reply::Counted(counted) = reply { Ok(counted) } else { Err(Refusal::TryAgain) }
}

/// What became of a user's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How many were ended.
    pub ended: u32,
    /// How many are left.
    pub left: u32,
}

pub(super) fn two_counts(reply: Reply) -> Result<Ended, Refusal> {
    match counted(reply)?.counts[..] {
        [ended, left] => Ok(Ended { ended, left }),
        [..] => Err(Refusal::TryAgain),
    }
}

pub(super) fn one_count(reply: Reply) -> Result<u32, Refusal> {
    counted(reply)?.counts.first().copied().ok_or(Refusal::TryAgain)
}
