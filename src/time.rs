//! Moments and stretches of time. The host says what time it is; the core only compares.

use core::ops::{Add, Sub};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// A moment, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Tsify)]
#[serde(transparent)]
pub struct Time(u64);

/// A stretch of time, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(u64);

impl Time {
    /// The moment this many milliseconds after the beginning of 1970.
    pub const fn from_millis(millis: u64) -> Time {
        Time(millis)
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since 1970.
    pub const fn as_seconds(self) -> u64 {
        self.0 / 1000
    }

    /// How long after `earlier` this is; nothing if it is not.
    pub const fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The beginning of the stretch of this length that the moment lies in, counted from 1970.
    pub const fn floor(self, length: Span) -> Time {
        Time(self.0 - self.0 % length.0)
    }
}

impl Span {
    /// One hour.
    pub const HOUR: Span = Span::from_seconds(3600);

    /// This many milliseconds.
    pub const fn from_millis(millis: u64) -> Span {
        Span(millis)
    }

    /// This many days of 24 hours.
    pub const fn from_days(days: u32) -> Span {
        Span(86_400_000 * days as u64)
    }

    /// This many seconds.
    pub const fn from_seconds(seconds: u32) -> Span {
        Span(1000 * seconds as u64)
    }

    /// Whole seconds, rounded up: whoever waits that long has waited long enough.
    pub const fn as_seconds_up(self) -> u64 {
        self.0.div_ceil(1000)
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Time {
    type Output = Time;
    fn sub(self, span: Span) -> Time {
        Time(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_goes_below_its_beginning_or_beyond_its_end() {
        let (start, end) = (Time::from_millis(0), Time::from_millis(u64::MAX));
        assert_eq!(start - Span::from_seconds(1), start);
        assert_eq!(end + Span::from_seconds(1), end);
        assert_eq!(start.since(end), Span::from_millis(0));
    }

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        assert_eq!(Span::from_millis(1).as_seconds_up(), 1);
        assert_eq!(Span::from_millis(30_000).as_seconds_up(), 30);
    }

    #[test]
    fn a_moment_lies_in_the_stretch_that_began_last() {
        assert_eq!(Time::from_millis(7_199_999).floor(Span::from_seconds(3600)), Time::from_millis(3_600_000));
    }
}
