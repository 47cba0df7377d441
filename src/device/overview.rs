//! The browsers that a user trusts, as the user may see them.

use super::basis;
use crate::account::{Account, Device};
use crate::context::Context;
use crate::engine::User;
use crate::wire::{DeviceStatus, Refusal};

/// The browsers that a sign-in would count, the newest first.
///
/// # Errors
/// [`Refusal::TryAgain`] if it could not be read what trust is founded on.
pub(crate) async fn statuses(
    user: &User,
    account: Option<&Account>,
    cx: &Context,
) -> Result<Vec<DeviceStatus>, Refusal> {
    let Some(row) = account.filter(|row| !row.devices.is_empty()) else { return Ok(Vec::new()) };
    let founded = basis::of_user(user, cx).await?;
    let stands = |device: &&Device| {
        // Of one whose key has left the ring nobody can tell. It is listed, so that it can be forgotten.
        let now = basis::hash(&device.id, &device.kid, &founded, row, cx.keys());
        now.is_none_or(|now| basis::is_same(&device.basis, &now))
    };
    let status = |device: &Device| DeviceStatus {
        id: device.id.clone(),
        label: device.label.clone(),
        created_at: device.at,
        ends_at: device.ends_at,
    };
    Ok(cx.view(row).devices().into_iter().filter(stands).map(status).collect())
}
