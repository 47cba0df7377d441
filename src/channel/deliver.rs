//! Handing a message to the provider, each of them counted.

use super::delivery::{Delivery, Sid};
use super::destination::Destination;
use super::message::Message;
use super::throttle::{check_redemption_rate, count_message};
use super::{call, email, fate, sms, verify, whatsapp};
use crate::context::Context;
use crate::engine::User;
use crate::policy::Channel;
use crate::wire::Refusal;

/// Counts a message and hands it to the provider. A message that was refused counts in no ceiling. A code is not delivered after its end.
///
/// # Errors
/// [`Refusal::TooMany`], with nothing sent; [`Refusal::TryAgain`] if it could not be counted.
pub(crate) async fn send(
    user: &User,
    to: &Destination,
    message: &Message<'_>,
    cx: &Context,
) -> Result<Delivery, Refusal> {
    let effect = match to.channel {
        Channel::Sms => sms::message(user, to, message, cx),
        Channel::Call => call::message(user, to, message, cx),
        Channel::Whatsapp => whatsapp::message(user, to, message, cx),
        Channel::Email => return email::send(user, to, message, cx).await,
    };
    let counted = count_message(to, message.kind(), &user.id, cx).await?;
    let sent = match (&cx.policy().verify, message) {
        (Some(service), Message::Code { code, .. }) => {
            verify::send(&service.service_sid, user, to, code, cx).await.map(|sid| Some(Sid::Verification(sid)))
        }
        // No notice comes here where Verify sends.
        (Some(_), Message::Notice(_)) | (None, _) => {
            cx.ask(effect).await.map(|sid| sid.filter(fate::is_sid).map(Sid::Message))
        }
    };
    let delivery = match sent {
        Ok(sid) => Delivery::Taken(sid),
        Err(Refusal::Parse { code, .. }) => Delivery::Refused(code),
        Err(_) => Delivery::Unknown,
    };
    match delivery {
        Delivery::Taken(_) | Delivery::Unknown => check_redemption_rate(&counted, to.channel, &user.id, cx).await,
        Delivery::Refused(_) => counted.release(cx).await,
    }
    Ok(delivery)
}
