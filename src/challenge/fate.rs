//! What became of the code before, asked of the provider when another one is wanted. So an app without a public address hears of it too.

use crate::account::{Account, SentCode};
use crate::channel::{Class, Destination, Undelivered};
use crate::context::Context;
use crate::engine::{CheckMessage, User};
use crate::wire::{EventKind, Refusal};

/// The way of the next code, and whether it stands in for one by which the code before did not arrive. To stand in, a channel has to be on
/// and may not be for those alone who ask for it. It is the same number, as where the provider refuses at once.
///
/// `named` says whether the client chose the channel. Its choice goes before what may pass.
///
/// # Errors
/// [`Refusal::Unreachable`] if this number gets nothing by this channel until somebody changes something, and there is no other.
pub(super) async fn way_of_next(
    account: &Account,
    sent: &SentCode,
    to: &Destination,
    named: bool,
    user: &User,
    cx: &Context,
) -> Result<(Destination, bool), Refusal> {
    let same = (to.clone(), false);
    let Some(undelivered) = fate_of_last(account, sent, to, cx).await else { return Ok(same) };
    let is_permanent = undelivered.class() == Class::Permanent;
    let refusal = undelivered.class().refusal();
    let about = format!("{}, {}", sent.to, undelivered.told());
    cx.record(&user.id, EventKind::CodeUndelivered { channel: to.channel, about, outcome: refusal.code() }).await;
    match cx.policy().channels.after(to.channel) {
        _ if named && !is_permanent => Ok(same),
        Some(next) => Ok((to.by(next), true)),
        None if is_permanent => Err(refusal),
        None => Ok(same),
    }
}

/// What the provider says of the code before, if it went to the same number by the same channel and did not arrive. A provider that does
/// not answer says nothing.
async fn fate_of_last(account: &Account, sent: &SentCode, to: &Destination, cx: &Context) -> Option<Undelivered> {
    let view = cx.view(account);
    let before = view.current_code(&sent.challenge).filter(|code| code.number == sent.number)?;
    let went = view.delivery_of(before).filter(|went| went.channel == to.channel)?;
    let became = cx.ask(CheckMessage { channel: went.channel, sid: went.sid.clone()? }).await.ok()?;
    Undelivered::read(&became)
}
