//! Windows: counters over many users, each for a fixed stretch of time.
//!
//! Counters that belong together are fields of one row, so that one operation counts in all of them.

use crate::account::Method;
use crate::ceremony::Ceremony;
use crate::effect::{Effect, Reply};
use crate::event::What;
use crate::keys::Domain;
use crate::phone::PhoneNumber;
use crate::refusal::Refusal;
use core::net::IpAddr;

const HOUR: u64 = 3_600_000;

/// Messages in an hour whose counters one row holds; beyond it the numbers are spread over several rows.
const MESSAGES_PER_ROW: u32 = 1000;

/// One counter and the most it may reach.
struct Counter {
    name: &'static str,
    key: String,
    limit: u32,
}

/// A row of counters that begin anew together.
pub(crate) struct Window {
    bucket: String,
    ends_at: u64,
    counters: Vec<Counter>,
}

impl Window {
    /// The windows that a message to this number counts in: the whole app, the number, its block of ten thousand.
    pub fn of_message(number: &PhoneNumber, c: &Ceremony) -> Vec<Window> {
        let limits = &c.policy().limits;
        let app = Counter { name: "app", key: "app".into(), limit: limits.messages_per_app };
        let block = hash("block", number.block(), c);
        // A counter cannot be taken out of a row again, so there are only so many of each: 4096. Numbers that share one share its limit;
        // which these are nobody can tell without the key.
        let slot = |kind: char, hash: &str| format!("{kind}{}", &hash[..2]);
        let rows = limits.messages_per_app.div_ceil(MESSAGES_PER_ROW);
        let row = block.bytes().fold(0u32, |n, byte| n.wrapping_mul(31).wrapping_add(byte.into())) % rows;
        let numbers = [
            Counter {
                name: "number",
                key: slot('n', &hash("number", number.as_str(), c)),
                limit: limits.messages_per_number,
            },
            Counter { name: "block", key: slot('b', &block), limit: limits.messages_per_block },
        ];
        let ends_at = end_of(HOUR, c);
        let mut all = Window { bucket: "messages".into(), ends_at, counters: vec![app] };
        if rows == 1 {
            all.counters.extend(numbers);
            return vec![all];
        }
        vec![all, Window { bucket: format!("messages:{row}"), ends_at, counters: numbers.into() }]
    }

    /// The window of the caller's address, where addresses are to be trusted.
    fn of_caller(c: &Ceremony) -> Option<Window> {
        let limits = &c.policy().limits;
        let address = c.caller.address.as_deref()?;
        c.policy().trust_addresses.then(|| {
            let counter = Counter { name: "address", key: "calls".into(), limit: limits.calls_per_address };
            let ends_at = end_of(1000 * u64::from(limits.user_window), c);
            let network = network(address);
            Window { bucket: format!("address:{}", hash("address", &network, c)), ends_at, counters: vec![counter] }
        })
    }

    async fn add(&self, which: impl Fn(usize) -> bool, by: i32, c: &Ceremony) -> Result<Vec<u32>, Refusal> {
        let counters =
            self.counters.iter().enumerate().filter(|(i, _)| which(*i)).map(|(_, n)| n.key.clone()).collect();
        let effect = Effect::Count { bucket: self.bucket.clone(), ends_at: self.ends_at, counters, by };
        match c.host.ask(effect).await {
            Reply::Counts(counts) => Ok(counts),
            _ => Err(Refusal::TryAgain),
        }
    }
}

/// What one subscriber holds of addresses: an IPv4 address, also where IPv6 carries it (RFC 4291 §2.5.5.2, RFC 6052 §2.1), or the first
/// 64 bits of an IPv6 address (RFC 6177, RFC 4291 §2.5.4).
fn network(address: &str) -> String {
    const TRANSLATED: u128 = 0x64_ff9b << 96;
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => format!("4/{}", address.to_bits()),
        Ok(IpAddr::V6(address)) => match address.to_bits() ^ TRANSLATED {
            v4 @ ..=0xffff_ffff => format!("4/{v4}"),
            _ => format!("6/{}", (address.to_bits() >> 64) as u64),
        },
        Err(_) => address.to_owned(),
    }
}

fn end_of(length: u64, c: &Ceremony) -> u64 {
    (c.now() / length + 1) * length
}

/// A row must not hold a whole number or an address.
fn hash(name: &str, over: &str, c: &Ceremony) -> String {
    let keys = c.keys();
    keys.hash(keys.writing(), Domain::Window, &[name, over]).unwrap_or_default()
}

/// Counts a call of this address, where addresses are to be trusted.
///
/// # Errors
/// [`Refusal::TooMany`] beyond the limit.
pub(crate) async fn count_call(c: &Ceremony) -> Result<(), Refusal> {
    match Window::of_caller(c) {
        Some(window) => count(vec![window], "", c).await.map(drop),
        None => Ok(()),
    }
}

/// Counts a message to this number.
///
/// # Errors
/// [`Refusal::TooMany`] if the number, its block or the app has had its share.
pub(crate) async fn count_message(number: &PhoneNumber, user: &str, c: &Ceremony) -> Result<Counted, Refusal> {
    // Known to be full on this node: asked for nothing, so that whoever pumps cannot make the row grow.
    if c.now() < c.core.full_until.get() {
        return Err(Refusal::TooMany);
    }
    count(Window::of_message(number, c), user, c).await
}

/// Counts in all of these windows, or in none.
async fn count(windows: Vec<Window>, user: &str, c: &Ceremony) -> Result<Counted, Refusal> {
    let mut counted = Counted::default();
    for window in windows {
        let counts = match window.add(|_| true, 1, c).await {
            Ok(counts) if counts.len() == window.counters.len() => counts,
            _ => {
                counted.undo(c).await;
                return Err(Refusal::TryAgain);
            }
        };
        let is_over = |i: usize| counts[i] > window.counters[i].limit;
        let full = (0..counts.len()).find(|&i| is_over(i));
        let Some(full) = full else {
            if window.counters[0].name == "app" {
                counted.messages = counts[0];
            }
            counted.windows.push(window);
            continue;
        };
        let counter = &window.counters[full];
        // The refused call stays counted where it was too many, so the ceiling is reported once in a window.
        if counts.len() > 1 {
            let _ = window.add(|i| !is_over(i), -1, c).await;
        }
        if counter.name == "app" {
            c.core.full_until.set(window.ends_at);
        }
        if counts[full] == counter.limit + 1 {
            let about = Some(counter.name.to_owned());
            c.record(What::CeilingReached, user, None, about, Refusal::TooMany.code()).await;
        }
        counted.undo(c).await;
        return Err(Refusal::TooMany);
    }
    Ok(counted)
}

/// Raises the alarm when, of the codes sent in this hour, too few have come back: the mark of SMS pumping, where nobody reads them.
/// Looked at with every fiftieth message.
pub(crate) async fn watch_redeemed(counted: &Counted, user: &str, c: &Ceremony) {
    const EVERY: u32 = 50;
    let least = c.policy().limits.redeemed_percent;
    if counted.messages == 0 || !counted.messages.is_multiple_of(EVERY) || least == 0 {
        return;
    }
    let effect = Effect::CountEvents {
        what: vec![What::SignedIn, What::SteppedUp, What::FactorEnrolled],
        method: Method::Sms,
        since: end_of(HOUR, c) - HOUR,
    };
    let Reply::Counts(counts) = c.host.ask(effect).await else {
        return;
    };
    let redeemed = counts.first().copied().unwrap_or_default();
    let percent = u64::from(redeemed) * 100 / u64::from(counted.messages);
    if percent < u64::from(least) {
        let about = Some(format!("{redeemed} of {}", counted.messages));
        c.record(What::CodesUnused, user, None, about, 0).await;
    }
}

/// What was counted, to be undone when the message was not sent after all.
#[derive(Default)]
pub(crate) struct Counted {
    windows: Vec<Window>,
    /// The whole app's messages in this hour, this one included.
    messages: u32,
}

impl Counted {
    pub async fn undo(self, c: &Ceremony) {
        // There may be room again.
        c.core.full_until.set(0);
        for window in self.windows {
            let _ = window.add(|_| true, -1, c).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_address_is_counted_by_what_one_subscriber_holds() {
        // RFC 3849 and RFC 5737 keep these for examples.
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_eq!(network("64:ff9b::192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("::ffff:192.0.2.1"), network("::ffff:192.0.2.2"));
        assert_ne!(network("not an address"), network(""));
    }
}
