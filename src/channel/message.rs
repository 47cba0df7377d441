//! What a message says, and what messages of all channels have.

use super::destination::Destination;
use crate::account::PurposeName;
use crate::context::Context;
use crate::crypto::Secret;
use crate::engine::{SendMessage, User};
use crate::policy::{MessageKind, text};

/// In seconds: the longest that Twilio tries to deliver a message, and what it does without being told.
pub(super) const VALIDITY: u32 = 36_000;

/// What a message says.
pub(crate) enum Message<'a> {
    /// A code, and what it is for.
    Code {
        /// The code.
        code: &'a str,
        /// The purpose of its challenge.
        purpose: PurposeName,
        /// The address at which the provider is to tell what became of it.
        report_to: Option<&'a str>,
    },
    /// A notice.
    Notice(MessageKind),
}

impl Message<'_> {
    pub(super) fn kind(&self) -> MessageKind {
        match self {
            Message::Code { .. } => MessageKind::Code,
            Message::Notice(kind) => *kind,
        }
    }

    /// What an app's own sender is told of it.
    fn purpose(&self) -> &'static str {
        match self {
            Message::Code { purpose: PurposeName::SignIn, .. } => "sign-in",
            Message::Code { purpose: PurposeName::StepUp, .. } => "step-up",
            Message::Code { purpose: PurposeName::Enrollment | PurposeName::SignInEnrollment, .. } => "enrollment",
            Message::Notice(kind) => kind.name(),
        }
    }
}

/// What messages of all channels have.
pub(super) fn base(user: &User, to: &Destination, message: &Message<'_>, cx: &Context) -> SendMessage {
    SendMessage {
        channel: to.channel,
        to: to.to.as_str().to_owned(),
        from: None,
        body: Secret::from(""),
        code: match message {
            Message::Code { code, .. } => Some(Secret::from(*code)),
            Message::Notice(_) => None,
        },
        validity_period: None,
        status_callback: match message {
            Message::Code { report_to, .. } => report_to.map(Secret::from),
            Message::Notice(_) => None,
        },
        twiml: None,
        rings: None,
        content_sid: None,
        user: user.id.clone(),
        locale: text::locale(cx.policy(), user.locale.as_deref()).to_owned(),
        purpose: message.purpose(),
    }
}
