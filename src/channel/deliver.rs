//! Handing a message to the provider, each of them counted.

use super::phone::PhoneNumber;
use super::throttle::{check_redemption_rate, count_message};
use crate::context::Context;
use crate::crypto::Secret;
use crate::engine::{SendMessage, User};
use crate::policy::MessageKind;
use crate::wire::Refusal;

/// Counts a message to this number and hands it to the provider. A message that was not taken counts in no ceiling.
///
/// # Errors
/// [`Refusal::TooMany`], with nothing sent; [`Refusal::NotSent`].
pub(crate) async fn send(
    user: &User,
    number: &PhoneNumber,
    kind: MessageKind,
    body: Secret,
    cx: &Context,
) -> Result<(), Refusal> {
    let counted = count_message(number, kind, &user.id, cx).await?;
    let to = number.as_str().to_owned();
    let from = user.from.clone().filter(|from| !from.is_empty());
    match cx.ask(SendMessage { to, from, body }).await {
        Ok(()) => {
            check_redemption_rate(&counted, &user.id, cx).await;
            Ok(())
        }
        Err(_) => {
            counted.release(cx).await;
            Err(Refusal::NotSent)
        }
    }
}
