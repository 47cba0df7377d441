//! Where a message goes, and by which way.

use super::mailbox::Mailbox;
use super::phone::PhoneNumber;
use crate::context::Context;
use crate::id::FactorId;
use crate::policy::Channel;
use crate::wire::{Method, Refusal};

/// Who a message goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// Whoever has the number.
    Number(PhoneNumber),
    /// Whoever has the mailbox.
    Mailbox(Mailbox),
}

impl Recipient {
    /// What keyed hashes are over. No number is an address.
    pub(crate) fn hashed(&self) -> String {
        match self {
            Recipient::Number(number) => number.as_str().to_owned(),
            Recipient::Mailbox(mailbox) => mailbox.hashed(),
        }
    }

    /// What a screen may show.
    pub(crate) fn masked(&self) -> String {
        match self {
            Recipient::Number(number) => number.masked(),
            Recipient::Mailbox(mailbox) => mailbox.masked(),
        }
    }

    /// The whole number or address, for who delivers the message.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Recipient::Number(number) => number.as_str(),
            Recipient::Mailbox(mailbox) => mailbox.as_str(),
        }
    }

    /// The block of ten thousand numbers. A mailbox lies in none.
    pub(super) fn block(&self) -> &str {
        match self {
            Recipient::Number(number) => number.block(),
            Recipient::Mailbox(_) => "",
        }
    }
}

/// A number or an address of a user's, the factor that it stands for, and the channel that a message to it takes.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// The factor; the tutorial's column has an id as well.
    pub factor: FactorId,
    /// The number or the address.
    pub to: Recipient,
    /// The channel.
    pub channel: Channel,
}

impl Destination {
    /// The same number by another way.
    pub(crate) fn by(&self, channel: Channel) -> Destination {
        Destination { channel, ..self.clone() }
    }
}

/// Checks that the app has a channel on.
///
/// # Errors
/// [`Refusal::Off`].
pub(crate) fn check_on(channel: Channel, cx: &Context) -> Result<(), Refusal> {
    match cx.policy().channels.has(channel) {
        true => Ok(()),
        false => Err(off(Method::from(channel).as_str())),
    }
}

/// The channel that the first code to a number takes.
///
/// # Errors
/// [`Refusal::Off`] where the app has none on.
pub(crate) fn first(cx: &Context) -> Result<Channel, Refusal> {
    cx.policy().channels.to_numbers().next().ok_or_else(|| off("sms"))
}

fn off(method: &str) -> Refusal {
    Refusal::Off(format!(
        "Codes by {method} are off in this app: use another method. The operator turns them on in the option channels."
    ))
}
