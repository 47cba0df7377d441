//! Where a message goes, and by which way.

use super::phone::PhoneNumber;
use crate::context::Context;
use crate::id::FactorId;
use crate::policy::Channel;
use crate::wire::{Method, Refusal};

/// A number of a user's, the factor that it stands for, and the channel that a message to it takes.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// The factor; the tutorial's column has an id as well.
    pub factor: FactorId,
    /// The number.
    pub number: PhoneNumber,
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

/// The channel that the first code takes.
///
/// # Errors
/// [`Refusal::Off`] where the app has none on.
pub(crate) fn first(cx: &Context) -> Result<Channel, Refusal> {
    cx.policy().channels.on().next().ok_or_else(|| off("sms"))
}

fn off(method: &str) -> Refusal {
    Refusal::Off(format!(
        "Codes by {method} are off in this app: use another method. The operator turns them on in the option channels."
    ))
}
