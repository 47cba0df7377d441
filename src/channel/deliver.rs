//! Handing a message to the provider, each of them counted.

use super::phone::PhoneNumber;
use super::throttle::count_message;
use crate::context::Context;
use crate::crypto::Secret;
use crate::engine::{SendMessage, User};
use crate::throttle::Reservation;
use crate::wire::Refusal;

/// Counts a message to this number and hands it to the provider. A message that was not taken is not counted.
///
/// # Errors
/// [`Refusal::TooMany`], with nothing sent; [`Refusal::NotSent`].
pub(crate) async fn send(
    user: &User,
    number: &PhoneNumber,
    body: Secret,
    cx: &Context,
) -> Result<Reservation, Refusal> {
    let counted = count_message(number, &user.id, cx).await?;
    let to = number.as_str().to_owned();
    let from = user.from.clone().filter(|from| !from.is_empty());
    match cx.ask(SendMessage { to, from, body }).await {
        Ok(()) => Ok(counted),
        Err(_) => {
            counted.release(cx).await;
            Err(Refusal::NotSent)
        }
    }
}
