//! Windows: counters over many users, each for a fixed stretch of time.

use crate::ceremony::Ceremony;
use crate::effect::{Effect, Reply};
use crate::event::What;
use crate::keys::Domain;
use crate::phone::PhoneNumber;
use crate::refusal::Refusal;

const HOUR: u64 = 3_600_000;

/// One counter and the most it may reach.
pub(crate) struct Window {
    name: &'static str,
    bucket: String,
    length: u64,
    limit: u32,
}

impl Window {
    fn new(name: &'static str, over: &str, length: u64, limit: u32, c: &Ceremony) -> Window {
        let keys = c.keys();
        // Hashed: a row must not hold a whole number or an address.
        let hash = keys.hash(keys.writing(), Domain::Window, &[name, over]);
        Window { name, bucket: format!("{name}:{}", hash.unwrap_or_default()), length, limit }
    }

    /// The windows that a message to this number counts in: the number, its block of ten thousand, the whole app.
    pub fn of_message(number: &PhoneNumber, c: &Ceremony) -> [Window; 3] {
        let limits = &c.policy().limits;
        [
            Window::new("number", number.as_str(), HOUR, limits.messages_per_number, c),
            Window::new("block", number.block(), HOUR, limits.messages_per_block, c),
            Window::new("app", "", HOUR, limits.messages_per_app, c),
        ]
    }

    /// The codes of the whole app that came back.
    fn redeemed(c: &Ceremony) -> Window {
        Window::new("redeemed", "", HOUR, u32::MAX, c)
    }

    fn ends_at(&self, c: &Ceremony) -> u64 {
        (c.now() / self.length + 1) * self.length
    }

    /// The window of the caller's address, where addresses are to be trusted.
    pub fn of_caller(c: &Ceremony) -> Option<Window> {
        let limits = &c.policy().limits;
        let address = c.caller.address.as_deref()?;
        c.policy().trust_addresses.then(|| {
            let length = 1000 * u64::from(limits.user_window);
            Window::new("address", address, length, limits.calls_per_address, c)
        })
    }

    async fn add(&self, ends_at: u64, by: i32, c: &Ceremony) -> Result<u32, Refusal> {
        let effect = Effect::Count { bucket: self.bucket.clone(), ends_at, by };
        match c.host.ask(effect).await {
            Reply::Count(count) => Ok(count),
            _ => Err(Refusal::TryAgain),
        }
    }
}

/// Counts a call of this address, where addresses are to be trusted.
///
/// # Errors
/// [`Refusal::TooMany`] beyond the limit.
pub(crate) async fn count_call(c: &Ceremony) -> Result<(), Refusal> {
    match Window::of_caller(c) {
        Some(window) => count(&[window], "", c).await.map(drop),
        None => Ok(()),
    }
}

/// Counts in all of these windows, or in none.
///
/// # Errors
/// [`Refusal::TooMany`] if one is full.
pub(crate) async fn count(windows: &[Window], user: &str, c: &Ceremony) -> Result<Counted, Refusal> {
    let mut counted = Counted::default();
    for window in windows {
        let ends_at = window.ends_at(c);
        match window.add(ends_at, 1, c).await {
            Ok(count) if count <= window.limit => {
                counted.windows.push((window.bucket.clone(), ends_at));
                if window.name == "app" {
                    counted.messages = count;
                }
            }
            Ok(count) => {
                // The refused call stays counted, so the ceiling is reported once in a window.
                if count == window.limit + 1 {
                    let about = Some(window.name.to_owned());
                    let outcome = Refusal::TooMany.code();
                    c.record(What::CeilingReached, user, None, about, outcome).await;
                }
                counted.undo(c).await;
                return Err(Refusal::TooMany);
            }
            Err(refusal) => {
                counted.undo(c).await;
                return Err(refusal);
            }
        }
    }
    Ok(counted)
}

/// Counts a code that was sent and came back.
pub(crate) async fn count_redeemed(c: &Ceremony) {
    let window = Window::redeemed(c);
    let _ = window.add(window.ends_at(c), 1, c).await;
}

/// Raises the alarm when, of the codes sent in this hour, too few have come back: the mark of SMS pumping, where nobody reads them.
/// Looked at with every fiftieth message.
pub(crate) async fn watch_redeemed(counted: &Counted, user: &str, c: &Ceremony) {
    const EVERY: u32 = 50;
    let least = c.policy().limits.redeemed_percent;
    if counted.messages == 0 || !counted.messages.is_multiple_of(EVERY) || least == 0 {
        return;
    }
    let window = Window::redeemed(c);
    let Ok(redeemed) = window.add(window.ends_at(c), 0, c).await else {
        return;
    };
    let percent = u64::from(redeemed) * 100 / u64::from(counted.messages);
    if percent < u64::from(least) {
        let about = Some(format!("{redeemed} of {}", counted.messages));
        c.record(What::CodesUnused, user, None, about, 0).await;
    }
}

/// What was counted, to be undone when the message was not sent after all.
#[derive(Default)]
pub(crate) struct Counted {
    windows: Vec<(String, u64)>,
    /// The whole app's messages in this hour, this one included.
    messages: u32,
}

impl Counted {
    pub async fn undo(self, c: &Ceremony) {
        for (bucket, ends_at) in self.windows {
            let effect = Effect::Count { bucket, ends_at, by: -1 };
            let _ = c.host.ask(effect).await;
        }
    }
}
