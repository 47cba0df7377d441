//! Trusts the browser that a second factor was passed in.

use super::basis;
use super::label::label;
use super::token::DeviceToken;
use crate::account::{Account, Device, RowUpdate, SetOp};
use crate::context::Context;
use crate::crypto::Secret;
use crate::factor;
use crate::id::{DeviceId, UserId};
use crate::policy::MessageKind;
use crate::time::Span;
use crate::wire::{EventKind, Refusal};

/// Trusts the browser of a user whose second factor was right by the row `before`, and whose claim left the row `claimed`; the token. `None`
/// where browsers cannot be trusted, and where trust was ended meanwhile: the sign-in stands all the same.
///
/// It comes after the session, so that nothing is left behind where Parse or the app refuses one. Added first, looked at next: a change that
/// ended trust since the response was looked at is in the row right after it, and one that comes later finds the browser and removes it.
pub(crate) async fn trust(user: &UserId, before: &Account, claimed: &Account, cx: &Context) -> Option<Secret> {
    let lifetime = Span::from_days(factor::passkey::trust_days(claimed, cx)?);
    let user = cx.load_user(user).await.ok()??;
    let (kid, ends_at) = (cx.keys().writing(), cx.now() + lifetime);
    let token = DeviceToken::new(cx.random_id::<24>().into(), &claimed.id, kid, ends_at);
    let id = DeviceId::from(cx.random_id::<9>());
    let founded = basis::of_user(&user, cx).await.ok()?;
    let basis = |row: &Account| basis::hash(&id, kid, &founded, row, cx.keys());
    let device = Device {
        label: label(cx.caller.user_agent.as_deref().unwrap_or_default()),
        at: cx.now(),
        ends_at,
        kid: kid.clone(),
        hash: token.hash(&user.id, cx.keys())?,
        basis: basis(claimed)?,
        id: id.clone(),
    };
    let add = RowUpdate::devices(SetOp::add([device.clone()]));
    let tentative = cx.propose(&claimed.id, add, Refusal::TryAgain).await.ok()?;
    let row = tentative.row();
    if row.ends_trust_since(before) || basis(row).as_ref() != Some(&device.basis) {
        tentative.take_back().await;
        return None;
    }
    let row = tentative.keep();
    cx.clean_up(&row.id, RowUpdate::devices(cx.view(&row).stale_devices())).await;
    cx.record(&user.id, EventKind::DeviceTrusted { label: device.label }).await;
    factor::notify(&user, &row, MessageKind::DeviceTrusted, cx).await;
    token.text(&user.id, cx.keys())
}
