//! Handing a message to the provider, each of them counted.

use super::destination::Destination;
use super::message::Message;
use super::throttle::{check_redemption_rate, count_message};
use super::{call, sms, verify, whatsapp};
use crate::context::Context;
use crate::engine::User;
use crate::id::VerificationSid;
use crate::policy::Channel;
use crate::wire::Refusal;

/// What became of a message that was handed to the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// The provider took it. Twilio Verify says by which verification.
    Taken(Option<VerificationSid>),
    /// Nobody can tell, because the provider did not answer. It may arrive.
    Unknown,
    /// The provider refused it, with this error code.
    Refused(i32),
}

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
    let counted = count_message(to, message.kind(), &user.id, cx).await?;
    let sent = match (&cx.policy().verify, message) {
        (Some(service), Message::Code { code, .. }) => {
            verify::send(&service.service_sid, user, to, code, cx).await.map(Some)
        }
        // No notice comes here where Verify sends.
        (Some(_), Message::Notice(_)) | (None, _) => {
            let effect = match to.channel {
                Channel::Sms => sms::message(user, to, message, cx),
                Channel::Call => call::message(user, to, message, cx),
                Channel::Whatsapp => whatsapp::message(user, to, message, cx),
            };
            cx.ask(effect).await.map(|()| None)
        }
    };
    let delivery = match sent {
        Ok(verification) => Delivery::Taken(verification),
        Err(Refusal::Parse { code, .. }) => Delivery::Refused(code),
        Err(_) => Delivery::Unknown,
    };
    match delivery {
        Delivery::Taken(_) | Delivery::Unknown => check_redemption_rate(&counted, to.channel, &user.id, cx).await,
        Delivery::Refused(_) => counted.release(cx).await,
    }
    Ok(delivery)
}
