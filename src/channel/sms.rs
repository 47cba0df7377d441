//! A text message: a code, or a notice.

use super::destination::Destination;
use super::message::{Message, VALIDITY, base};
use crate::context::Context;
use crate::engine::{SendMessage, User};
use crate::policy::text;

/// The message as the host hands it over.
pub(super) fn message(user: &User, to: &Destination, message: &Message<'_>, cx: &Context) -> SendMessage {
    let locale = user.locale.as_deref();
    let (body, validity_period) = match message {
        Message::Code { code, .. } => {
            (text::with_code(cx.policy(), locale, code), Some(cx.limits().code_lifetime.min(VALIDITY)))
        }
        Message::Notice(kind) => (text::notice(cx.policy(), locale, *kind), None),
    };
    let from = user.from.clone().filter(|from| !from.is_empty());
    SendMessage { body, from, validity_period, ..base(user, to, message, cx) }
}
