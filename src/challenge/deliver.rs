//! Delivers the code of a challenge, by another channel where the provider does not reach the number by the first one.

use crate::account::{CountedKind, Delivered, PurposeName, SentCode, Verification};
use crate::channel::{self, Class, Delivery, Destination, Message};
use crate::context::Context;
use crate::engine::User;
use crate::policy::Channel;
use crate::tentative::Tentative;
use crate::wire::{EventKind, Method, Refusal};

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
    sent: &SentCode,
    code: &str,
    purpose: PurposeName,
    cx: &Context,
) -> Result<Tentative<'c>, Refusal> {
    let message = Message::Code { code, purpose };
    let error = match channel::send(user, to, &message, cx).await {
        Ok(Delivery::Refused(error)) => error,
        Ok(delivery) => {
            let tentative = tentative.and_told(None, verification(&delivery, sent)).await;
            record(user, to.channel, sent.to.clone(), &delivery, cx).await;
            return Ok(tentative);
        }
        Err(refusal) => {
            tentative.take_back().await;
            return Err(refusal);
        }
    };
    let next = Class::may_another_reach(error).then(|| cx.policy().channels.after(to.channel)).flatten();
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
        Ok(delivery) => {
            let went = Delivered { challenge: sent.challenge.clone(), code: sent.nonce.clone(), at: sent.at, channel };
            let tentative = tentative.and_told(Some(went), verification(&delivery, sent)).await;
            record(user, channel, about, &delivery, cx).await;
            Ok(tentative)
        }
        // The provider was asked once, so it counts.
        Err(refusal) => Err(refused(tentative, user, channel, about, refusal, cx).await),
    }
}

/// The verification that brings the code, if Twilio Verify does.
fn verification(delivery: &Delivery, sent: &SentCode) -> Option<Verification> {
    let Delivery::Taken(Some(sid)) = delivery else { return None };
    Some(Verification { challenge: sent.challenge.clone(), code: sent.nonce.clone(), at: sent.at, sid: sid.clone() })
}

/// Tells the trail of a code that went out, or may have.
async fn record(user: &User, channel: Channel, about: String, delivery: &Delivery, cx: &Context) {
    let outcome = if matches!(delivery, Delivery::Taken(_)) { 0 } else { Refusal::NotSent.code() };
    cx.record(&user.id, EventKind::CodeSent { channel, about, outcome }).await;
}

/// Takes the code back, counts it for the user, and tells the trail of the first one in the window; the refusal.
async fn refused(
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
