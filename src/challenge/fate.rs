//! What became of the code before, asked of the provider when another one is wanted. So an app without a public address hears of it too.

use crate::account::{Account, SentCode};
use crate::channel::{Class, Destination, Undelivered};
use crate::context::Context;
use crate::engine::{CheckMessage, User};
use crate::policy::Channel;
use crate::wire::{EventKind, Refusal};

/// Why a code is to go by a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// As the code before, or as the app orders them.
    Usual,
    /// The client named it.
    Named,
    /// It stands in for one by which the code before did not arrive.
    StandIn,
}

impl Choice {
    /// That of a client that names a channel, or none.
    pub(crate) fn by_client(named: bool) -> Choice {
        if named { Choice::Named } else { Choice::Usual }
    }
}

/// The way of the next code, and whether it stands in for one by which the code before did not arrive. To stand in, a channel has to be on
/// and may not be for those alone who ask for it. It is the same number, as where the provider refuses at once. What a client chose goes
/// before what may pass.
///
/// # Errors
/// [`Refusal::Unreachable`] if this number gets nothing by this channel until somebody changes something, and there is no other.
pub(super) async fn way_of_next(
    account: &Account,
    sent: &SentCode,
    (to, choice): (&Destination, Choice),
    user: &User,
    cx: &Context,
) -> Result<(Destination, bool), Refusal> {
    let same = (to.clone(), choice == Choice::StandIn);
    if choice == Choice::StandIn {
        return Ok(same);
    }
    let Some(class) = loss_of_last(account, sent, to, user, cx).await else { return Ok(same) };
    let is_permanent = class == Class::Permanent;
    match cx.policy().channels.after(to.channel) {
        _ if choice == Choice::Named && !is_permanent => Ok(same),
        Some(next) => Ok((to.by(next), true)),
        None if is_permanent => Err(class.refusal()),
        None => Ok(same),
    }
}

/// What the loss of the code before means, if that went to the same number by the same channel and did not arrive: as the provider has told,
/// or as it says now. A provider that does not answer says nothing.
async fn loss_of_last(
    account: &Account,
    sent: &SentCode,
    to: &Destination,
    user: &User,
    cx: &Context,
) -> Option<Class> {
    let view = cx.view(account);
    let before = view.current_code(&sent.challenge).filter(|code| code.number == sent.number)?;
    if view.channel_of(before) != to.channel {
        return None;
    }
    if let Some(lost) = view.loss_of(before) {
        return Some(Class::of(lost.error));
    }
    let sid = view.delivery_of(before)?.sid.clone()?;
    let became = cx.ask(CheckMessage { channel: to.channel, sid }).await.ok()?;
    let undelivered = Undelivered::read(&became)?;
    cx.record(&user.id, event(undelivered, before, to.channel)).await;
    Some(undelivered.class())
}

/// What the trail says of a code that did not arrive.
pub(crate) fn event(undelivered: Undelivered, lost: &SentCode, channel: Channel) -> EventKind {
    let about = format!("{}, {}", lost.to, undelivered.told());
    EventKind::CodeUndelivered { channel, about, outcome: undelivered.class().refusal().code() }
}
