//! Delivers the code of a challenge, by another channel where the provider does not reach the number by the first one.

use super::callback;
use crate::account::{CountedKind, Delivered, PurposeName, SentCode, Verification};
use crate::channel::{self, Class, Delivery, Destination, Message, Sid};
use crate::context::Context;
use crate::engine::User;
use crate::policy::Channel;
use crate::tentative::Tentative;
use crate::wire::{EventKind, Method, Refusal};

/// A code on its way.
pub(super) struct Outgoing<'a> {
    /// As it was stored.
    pub sent: &'a SentCode,
    /// As it is sent.
    pub code: &'a str,
    /// What it is for.
    pub purpose: PurposeName,
    /// Whether its channel stands in for another one already. Then no third is tried.
    pub is_fallback: bool,
}

/// Sends the code that was added. Where the provider does not reach the number by this channel, one other is tried in the same call: the
/// next one that the app has on, to the same number. Each channel has its own ceiling, and for the user it is one message.
///
/// A code that no channel takes goes, and a mark that counts for the user stays in its place: otherwise a number that is always refused
/// could be tried without end, each time with a call to the provider. Of the refusals in a user's window the first is an event, because the
/// trail is never pruned. A provider that does not answer has not refused: the message may arrive, so its code is good.
///
/// # Errors
/// [`Refusal::TooMany`] at a ceiling, [`Refusal::NotSent`] and [`Refusal::Unreachable`], with what was added taken back.
pub(super) async fn deliver<'c>(
    tentative: Tentative<'c>,
    user: &User,
    to: &Destination,
    outgoing: &Outgoing<'_>,
    cx: &Context,
) -> Result<Tentative<'c>, Refusal> {
    let Outgoing { sent, code, purpose, is_fallback } = outgoing;
    let report_to = callback::address_for(sent, &tentative.row().id, cx);
    let message = Message::Code { code, purpose: *purpose, report_to: report_to.as_deref() };
    let error = match channel::send(user, to, &message, cx).await {
        Ok(Delivery::Refused(error)) => error,
        Ok(delivery) => return Ok(went(tentative, user, sent, (to.channel, sent.to.clone()), delivery, cx).await),
        Err(refusal) => {
            tentative.take_back().await;
            return Err(refusal);
        }
    };
    let may_fall_back = !is_fallback && Class::may_another_reach(error);
    let next = may_fall_back.then(|| cx.policy().channels.after(to.channel)).flatten();
    let Some(channel) = next else {
        let about = format!("{}, {}", sent.to, Class::told(error));
        return Err(refused(tentative, user, to.channel, about, Class::of(error).refusal(), cx).await);
    };
    let about = format!("{}, {} {}", sent.to, Method::from(to.channel).as_str(), Class::told(error));
    match channel::send(user, &to.by(channel), &message, cx).await {
        Ok(Delivery::Refused(error)) => {
            let about = format!("{about}, {} {}", Method::from(channel).as_str(), Class::told(error));
            Err(refused(tentative, user, channel, about, Class::of(error).refusal(), cx).await)
        }
        Ok(delivery) => Ok(went(tentative, user, sent, (channel, about), delivery, cx).await),
        // The provider was asked once, so it counts.
        Err(refusal) => Err(refused(tentative, user, channel, about, refusal, cx).await),
    }
}

/// Writes down how a code went that the provider took, or may have, and tells the trail.
async fn went<'c>(
    tentative: Tentative<'c>,
    user: &User,
    sent: &SentCode,
    (channel, about): (Channel, String),
    delivery: Delivery,
    cx: &Context,
) -> Tentative<'c> {
    let (sid, outcome) = match delivery {
        Delivery::Taken(sid) => (sid, 0),
        Delivery::Unknown | Delivery::Refused(_) => (None, Refusal::NotSent.code()),
    };
    let (message, verification) = match sid {
        Some(Sid::Message(sid)) => (Some(sid), None),
        Some(Sid::Verification(sid)) => (None, Some(sid)),
        None => (None, None),
    };
    let (challenge, code, at) = (sent.challenge.clone(), sent.nonce.clone(), sent.at);
    let verification =
        verification.map(|sid| Verification { challenge: challenge.clone(), code: code.clone(), at, sid });
    let is_worth_a_word = message.is_some() || channel != sent.channel;
    let delivered = is_worth_a_word.then_some(Delivered { challenge, code, at, channel, sid: message });
    let tentative = tentative.and_told(delivered, verification).await;
    cx.record(&user.id, EventKind::CodeSent { channel, about, outcome }).await;
    tentative
}

/// Takes the code back, counts it for the user, and tells the trail of the first one in the window; the refusal.
pub(super) async fn refused(
    tentative: Tentative<'_>,
    user: &User,
    channel: Channel,
    about: String,
    refusal: Refusal,
    cx: &Context,
) -> Refusal {
    let row = tentative.exchange(cx.counted(CountedKind::Unsent)).await;
    if row.is_some_and(|row| cx.view(&row).counted_in_window(CountedKind::Unsent) == 1) {
        cx.record(&user.id, EventKind::CodeSent { channel, about, outcome: refusal.code() }).await;
    }
    refusal
}
