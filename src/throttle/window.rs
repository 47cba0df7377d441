//! Windows: counters over many users, each for a fixed stretch of time.
//!
//! Counters that belong together are fields of one row, so that one operation counts in all of them.

use crate::context::Context;
use crate::crypto::HashPurpose;
use crate::engine::{Count, SweepWindows};
use crate::id::UserId;
use crate::time::{Span, Time};
use crate::wire::{Ceiling, EventKind, Refusal};

/// How long a window stays after its end, for nodes whose clocks differ by less than this.
const KEPT: Span = Span::from_seconds(3600);

/// How many windows that are over are removed when a new one is opened. So they go at twice the rate at which they come.
const SWEPT: u32 = 2;

/// One counter and the most it may reach.
pub(crate) struct Counter {
    pub ceiling: Ceiling,
    pub key: String,
    pub limit: u32,
}

/// A row of counters that begin anew together.
pub(crate) struct Window {
    pub bucket: String,
    pub ends_at: Time,
    pub counters: Vec<Counter>,
}

impl Window {
    async fn add(&self, which: impl Fn(usize) -> bool, by: i32, cx: &Context) -> Result<Vec<u32>, Refusal> {
        let chosen = self.counters.iter().enumerate().filter(|(i, _)| which(*i));
        let counters: Vec<String> = chosen.map(|(_, counter)| counter.key.clone()).collect();
        let expected = counters.len();
        let bucket = self.bucket.clone();
        let counted = cx.ask(Count { bucket, ends_at: self.ends_at, counters, by }).await?;
        if counted.opened {
            // That it may fail changes nothing: the next window that is opened tries again.
            let _ = cx.ask(SweepWindows { ended_before: cx.now() - KEPT, at_most: SWEPT }).await;
        }
        if counted.counts.len() == expected { Ok(counted.counts) } else { Err(Refusal::TryAgain) }
    }
}

/// The end of the stretch of this length that now lies in.
pub(crate) fn end_of(length: Span, cx: &Context) -> Time {
    cx.now().floor(length) + length
}

/// The keyed hash of a number or an address. A row must not hold it in the clear.
pub(crate) fn hash(name: &str, over: &str, cx: &Context) -> String {
    let keys = cx.keys();
    keys.hash(keys.writing(), HashPurpose::Window, &[name, over]).unwrap_or_default()
}

/// Whether this is the first time in this hour that something happens, by what its keyed hash is over. Each has a row of its own, which
/// goes with the hour.
pub(crate) async fn is_first_in_hour(name: &str, over: &str, cx: &Context) -> bool {
    let counter = Counter { ceiling: Ceiling::App, key: "seen".into(), limit: u32::MAX };
    let bucket = format!("{name}:{}", hash(name, over, cx));
    let window = Window { bucket, ends_at: end_of(Span::HOUR, cx), counters: vec![counter] };
    window.add(|_| true, 1, cx).await.is_ok_and(|counts| counts == [1])
}

/// What was counted, to be released when the message was not sent after all.
#[derive(Default)]
#[must_use = "release() it when nothing was sent"]
pub(crate) struct Reservation {
    windows: Vec<Window>,
    /// The whole app's messages in this hour, this one included.
    pub messages: u32,
}

impl Reservation {
    /// Counts in all of these windows, or in none.
    ///
    /// # Errors
    /// [`Refusal::TooMany`] beyond a limit; [`Refusal::TryAgain`] if it could not be counted.
    pub(crate) async fn of(windows: Vec<Window>, user: &UserId, cx: &Context) -> Result<Reservation, Refusal> {
        let mut reservation = Reservation::default();
        for window in windows {
            match window.add(|_| true, 1, cx).await {
                Ok(counts) => match window.counters.iter().zip(&counts).position(|(c, count)| *count > c.limit) {
                    None => reservation.add(window, &counts),
                    Some(full) => {
                        refuse(&window, &counts, full, user, cx).await;
                        reservation.release(cx).await;
                        return Err(Refusal::TooMany { seconds: window.ends_at.since(cx.now()).as_seconds_up() });
                    }
                },
                Err(refusal) => {
                    reservation.release(cx).await;
                    return Err(refusal);
                }
            }
        }
        Ok(reservation)
    }

    fn add(&mut self, window: Window, counts: &[u32]) {
        let of_app = |counter: &&Counter| counter.ceiling.channel().is_some();
        if let (Some(_), Some(count)) = (window.counters.first().filter(of_app), counts.first()) {
            self.messages = *count;
        }
        self.windows.push(window);
    }

    /// Takes back what was counted.
    pub(crate) async fn release(self, cx: &Context) {
        for window in self.windows {
            let _ = window.add(|_| true, -1, cx).await;
            // There may be room again.
            for channel in window.counters.iter().filter_map(|counter| counter.ceiling.channel()) {
                cx.deployment.ceiling_until(channel).set(Time::default());
            }
        }
    }
}

/// How long this node takes the app's ceiling for reached without asking. If the provider refuses what was counted there is room again, and
/// other nodes do not hear of that.
const REFUSED_UNASKED: Span = Span::from_seconds(10);

/// Takes back what was counted, and records the event once for each counter and window. A call of an address stays counted: no call of it
/// is ever released, so exactly one sees `limit + 1`.
async fn refuse(window: &Window, counts: &[u32], full: usize, user: &UserId, cx: &Context) {
    let counter = &window.counters[full];
    let is_first = counts[full] == counter.limit.saturating_add(1);
    let is_new = match counter.ceiling {
        Ceiling::Address | Ceiling::Provider => is_first,
        Ceiling::App
        | Ceiling::Spoken
        | Ceiling::Whatsapp
        | Ceiling::Number
        | Ceiling::Block
        | Ceiling::Mails
        | Ceiling::Mailbox => {
            if let Some(channel) = counter.ceiling.channel() {
                cx.deployment.ceiling_until(channel).set(window.ends_at.min(cx.now() + REFUSED_UNASKED));
            }
            // Otherwise refused calls would hold the place of messages that the provider then does not take.
            let _ = window.add(|_| true, -1, cx).await;
            is_first && is_told_first(window, counter, cx).await
        }
        // Codes may have filled the counter far beyond what notices may.
        Ceiling::Notices => {
            let _ = window.add(|_| true, -1, cx).await;
            is_told_first(window, counter, cx).await
        }
    };
    if is_new {
        cx.record(user, EventKind::CeilingReached(counter.ceiling)).await;
    }
}

/// Whether nobody has told of this counter in this window yet. As refused calls are taken back, several find it at its limit.
async fn is_told_first(window: &Window, counter: &Counter, cx: &Context) -> bool {
    let key = format!("{}-{}", counter.ceiling.as_str(), counter.key);
    let told = Counter { ceiling: counter.ceiling, key, limit: u32::MAX };
    let told = Window { bucket: window.bucket.clone(), ends_at: window.ends_at, counters: vec![told] };
    told.add(|_| true, 1, cx).await.is_ok_and(|counts| counts == [1])
}
