//! A message of WhatsApp. WhatsApp takes a code only in a template for authentication that it has approved, one for each language, and fills
//! the code in by itself.

use super::destination::Destination;
use super::message::{Message, VALIDITY, base};
use crate::context::Context;
use crate::engine::{SendMessage, User};
use crate::policy::text;

/// The message as the host hands it over. The sender is the app's: a user's `From` is one for text messages.
pub(super) fn message(user: &User, to: &Destination, message: &Message<'_>, cx: &Context) -> SendMessage {
    let locale = user.locale.as_deref();
    let (body, validity_period) = match message {
        Message::Code { code, .. } => {
            (text::of_code(cx.policy(), locale, code), Some(cx.limits().code_lifetime.min(VALIDITY)))
        }
        // There is no template for it, so no notice ever goes this way.
        Message::Notice(kind) => (text::notice(cx.policy(), locale, *kind), None),
    };
    let content_sid = text::content_sid(cx.policy(), locale).map(str::to_owned);
    SendMessage { body, content_sid, validity_period, ..base(user, to, message, cx) }
}
