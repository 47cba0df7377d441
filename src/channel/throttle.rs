//! Messages by number, by block of numbers, and of the whole app; and the alarm when too few codes come back.

use super::destination::Destination;
use crate::context::Context;
use crate::engine::CountEvents;
use crate::id::UserId;
use crate::policy::{Channel, MessageKind};
use crate::throttle::{Counter, Reservation, Window, end_of, hash};
use crate::time::Span;
use crate::wire::{Ceiling, EventKind, EventName, Method, Refusal};

/// Messages in an hour whose counters one row holds. Beyond it the numbers are spread over several rows.
const MESSAGES_PER_ROW: u32 = 1000;

/// How often the rate of codes that came back is looked at: with every fiftieth message.
const LOOKED_AT_EVERY: u32 = 50;

/// The part of the app's messages that only codes may use: one in so many. Whoever has a factor can cause notices, and must not keep
/// everybody else from signing in with them.
const ONLY_FOR_CODES: u32 = 5;

/// Counts a message of this kind to this number, or a call.
///
/// # Errors
/// [`Refusal::TooMany`] if the number, its block or the app has had its share of this channel.
pub(crate) async fn count_message(
    to: &Destination,
    kind: MessageKind,
    user: &UserId,
    cx: &Context,
) -> Result<Reservation, Refusal> {
    // This node has seen the ceiling reached. It refuses without touching the database, so that an SMS pumper costs it little.
    if cx.now() < cx.deployment.ceiling_until(to.channel).get() {
        return Err(Refusal::TooMany { seconds: end_of(Span::HOUR, cx).since(cx.now()).as_seconds_up() });
    }
    Reservation::of(windows(to, kind, cx), user, cx).await
}

/// The windows that a message to this number counts in: the whole app by this channel, the number, its block of ten thousand. The latter
/// count messages and calls together.
fn windows(to: &Destination, kind: MessageKind, cx: &Context) -> Vec<Window> {
    let (limits, number) = (cx.limits(), &to.to);
    let all = limits.messages_per_app;
    let (ceiling, key, limit) = match to.channel {
        Channel::Call => (Ceiling::Spoken, "calls", limits.spoken_per_app),
        Channel::Whatsapp => (Ceiling::Whatsapp, "whatsapp", limits.whatsapp_per_app),
        Channel::Email => (Ceiling::Mails, "mails", limits.mails_per_app),
        Channel::Sms if kind == MessageKind::Code => (Ceiling::App, "app", all),
        Channel::Sms => (Ceiling::Notices, "app", all - all / ONLY_FOR_CODES),
    };
    let app = Counter { ceiling, key: key.into(), limit };
    let block = hash("block", number.block(), cx);
    // A counter cannot be taken out of a row again, so there are only so many of each: 4096. Numbers that share one share its limit.
    // Without the key nobody can tell which numbers do.
    let slot = |kind: char, hash: &str| format!("{kind}{}", hash.get(..2).unwrap_or_default());
    let every_channel: u32 = cx.policy().channels.to_numbers().fold(0, |sum: u32, channel| {
        sum.saturating_add(match channel {
            Channel::Sms => all,
            Channel::Call => limits.spoken_per_app,
            Channel::Whatsapp => limits.whatsapp_per_app,
            Channel::Email => 0,
        })
    });
    let rows = every_channel.max(1).div_ceil(MESSAGES_PER_ROW);
    let row = block.bytes().fold(0u32, |n, byte| n.wrapping_mul(31).wrapping_add(byte.into())) % rows;
    let numbers = [
        Counter {
            ceiling: Ceiling::Number,
            key: slot('n', &hash("number", number.as_str(), cx)),
            limit: limits.messages_per_number,
        },
        Counter { ceiling: Ceiling::Block, key: slot('b', &block), limit: limits.messages_per_block },
    ];
    let ends_at = end_of(Span::HOUR, cx);
    let mut all = Window { bucket: "messages".into(), ends_at, counters: vec![app] };
    if rows == 1 {
        all.counters.extend(numbers);
        return vec![all];
    }
    vec![all, Window { bucket: format!("messages:{row}"), ends_at, counters: numbers.into() }]
}

/// Raises the alarm when too few of the messages that this channel took in this hour have come back as codes. That is the mark of SMS pumping, where nobody
/// reads them. Notices count as well: nobody answers them, but an app whose messages are mostly notices is one that somebody makes send
/// them.
pub(crate) async fn check_redemption_rate(reservation: &Reservation, channel: Channel, user: &UserId, cx: &Context) {
    let least = cx.limits().redeemed_percent;
    let sent = reservation.messages;
    if sent == 0 || !sent.is_multiple_of(LOOKED_AT_EVERY) || least == 0 {
        return;
    }
    let count = CountEvents {
        what: vec![EventName::SignedIn, EventName::SteppedUp, EventName::FactorEnrolled],
        method: Method::from(channel),
        since: cx.now().floor(Span::HOUR),
    };
    let Ok(redeemed) = cx.ask(count).await else { return };
    if u64::from(redeemed) * 100 / u64::from(sent) < u64::from(least) {
        cx.record(user, EventKind::CodesUnused { redeemed, sent }).await;
    }
}
