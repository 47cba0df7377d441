//! Handing a message to the provider, each of them counted.

use super::phone::PhoneNumber;
use super::throttle::{check_redemption_rate, count_message};
use crate::context::Context;
use crate::crypto::Secret;
use crate::engine::{SendMessage, User};
use crate::policy::MessageKind;
use crate::wire::Refusal;

/// In seconds: the longest that Twilio tries to deliver a message, and what it does without being told.
const LONGEST_VALIDITY: u32 = 36_000;

/// What became of a message that was handed to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// The provider took it.
    Taken,
    /// Nobody can tell, because the provider did not answer. It may arrive.
    Unknown,
    /// The provider refused it, with this error code.
    Refused(i32),
}

/// Counts a message to this number and hands it to the provider. A message that was refused counts in no ceiling. A code is not
/// delivered after its end.
///
/// # Errors
/// [`Refusal::TooMany`], with nothing sent; [`Refusal::TryAgain`] if it could not be counted.
pub(crate) async fn send(
    user: &User,
    number: &PhoneNumber,
    kind: MessageKind,
    body: Secret,
    cx: &Context,
) -> Result<Delivery, Refusal> {
    let counted = count_message(number, kind, &user.id, cx).await?;
    let to = number.as_str().to_owned();
    let from = user.from.clone().filter(|from| !from.is_empty());
    let validity_period = match kind {
        MessageKind::Code => Some(cx.limits().code_lifetime.min(LONGEST_VALIDITY)),
        MessageKind::FactorAdded
        | MessageKind::FactorRemoved
        | MessageKind::RecoveryCodesRenewed
        | MessageKind::RecoveryCodeUsed
        | MessageKind::SessionsEnded
        | MessageKind::ProvidersChanged
        | MessageKind::DeviceTrusted => None,
    };
    let delivery = match cx.ask(SendMessage { to, from, body, validity_period }).await {
        Ok(()) => Delivery::Taken,
        Err(Refusal::Parse { code, .. }) => Delivery::Refused(code),
        Err(_) => Delivery::Unknown,
    };
    match delivery {
        Delivery::Taken | Delivery::Unknown => check_redemption_rate(&counted, &user.id, cx).await,
        Delivery::Refused(_) => counted.release(cx).await,
    }
    Ok(delivery)
}
