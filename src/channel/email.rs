//! Mail to an address that was verified: notices, and codes where the app has them on.

use super::delivery::Delivery;
use super::destination::Destination;
use super::mailbox::Mailbox;
use super::message::Message;
use crate::context::Context;
use crate::engine::{SendMail, User};
use crate::policy::{MessageKind, text};
use crate::throttle::{Counter, Reservation, Window, end_of, hash};
use crate::time::Span;
use crate::wire::{Ceiling, Refusal};

/// The user's address, if it was verified.
pub(crate) fn mailbox_of(user: &User) -> Option<Mailbox> {
    user.email.as_deref().filter(|_| user.email_verified).and_then(Mailbox::parse)
}

/// Tells the user by mail, where Parse has an adapter for it and the address was verified. Mails have limits of their own: they use up no
/// code of the user's. Whatever becomes of it, nothing else changes.
pub(crate) async fn notify(user: &User, kind: MessageKind, cx: &Context) {
    let Some(to) = mailbox_of(user).filter(|_| cx.caller.mail) else { return };
    let locale = user.locale.as_deref();
    let mail = SendMail {
        to: to.as_str().to_owned(),
        subject: text::subject(cx.policy(), locale, kind).to_owned(),
        text: text::notice(cx.policy(), locale, kind),
    };
    let own = Counter { ceiling: Ceiling::Mailbox, key: "mails".into(), limit: cx.limits().mails_per_user };
    let bucket = format!("mailbox:{}", hash("mailbox", &user.id, cx));
    let own = Window { bucket, ends_at: end_of(Span::HOUR, cx), counters: vec![own] };
    let _ = hand_over(mail, vec![own, of_app("mails", cx)], user, cx).await;
}

/// Sends a code by mail. The user's codes are counted in the row, so it counts for the app alone, and apart from notices: they must not keep
/// anybody from signing in.
///
/// # Errors
/// [`Refusal::TooMany`], with nothing sent; [`Refusal::TryAgain`] if it could not be counted.
pub(super) async fn send(
    user: &User,
    to: &Destination,
    message: &Message<'_>,
    cx: &Context,
) -> Result<Delivery, Refusal> {
    let locale = user.locale.as_deref();
    let text = match message {
        Message::Code { code, .. } => text::of_code(cx.policy(), locale, code),
        Message::Notice(kind) => text::notice(cx.policy(), locale, *kind),
    };
    let subject = text::subject(cx.policy(), locale, message.kind()).to_owned();
    let mail = SendMail { to: to.to.as_str().to_owned(), subject, text };
    hand_over(mail, vec![of_app("mailCodes", cx)], user, cx).await
}

/// Counts a mail and hands it over. One that nobody answered for may have been sent.
async fn hand_over(mail: SendMail, windows: Vec<Window>, user: &User, cx: &Context) -> Result<Delivery, Refusal> {
    let counted = Reservation::of(windows, &user.id, cx).await?;
    Ok(match cx.ask(mail).await {
        Ok(()) => Delivery::Taken(None),
        Err(Refusal::Parse { code, .. }) => {
            counted.release(cx).await;
            Delivery::Refused(code)
        }
        Err(_) => Delivery::Unknown,
    })
}

/// The window of the whole app.
fn of_app(key: &str, cx: &Context) -> Window {
    let counter = Counter { ceiling: Ceiling::Mails, key: key.into(), limit: cx.limits().mails_per_app };
    Window { bucket: "messages".into(), ends_at: end_of(Span::HOUR, cx), counters: vec![counter] }
}
