//! Mail: notices, to an address that was verified.

use super::mailbox::Mailbox;
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
    let Ok(counted) = Reservation::of(windows(user, cx), &user.id, cx).await else { return };
    let locale = user.locale.as_deref();
    let (subject, text) = (text::subject(cx.policy(), locale).to_owned(), text::notice(cx.policy(), locale, kind));
    let sent = cx.ask(SendMail { to: to.as_str().to_owned(), subject, text }).await;
    // One that nobody answered for may have been sent.
    if matches!(sent, Err(Refusal::Parse { .. })) {
        counted.release(cx).await;
    }
}

/// The windows that a notice by mail counts in: the user's, so that nobody fills a mailbox, and the whole app's.
fn windows(user: &User, cx: &Context) -> Vec<Window> {
    let limits = cx.limits();
    let ends_at = end_of(Span::HOUR, cx);
    let own = Counter { ceiling: Ceiling::Mailbox, key: "mails".into(), limit: limits.mails_per_user };
    let all = Counter { ceiling: Ceiling::Mails, key: "mails".into(), limit: limits.mails_per_app };
    let bucket = format!("mailbox:{}", hash("mailbox", &user.id, cx));
    vec![
        Window { bucket, ends_at, counters: vec![own] },
        Window { bucket: "messages".into(), ends_at, counters: vec![all] },
    ]
}
