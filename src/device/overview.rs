//! The browsers that a user trusts, as the user may see them.

use super::basis;
use crate::account::{Account, Device};
use crate::context::Context;
use crate::engine::User;
use crate::wire::DeviceStatus;

/// The browsers that a sign-in would count, the newest first.
pub(crate) fn statuses(user: &User, account: Option<&Account>, cx: &Context) -> Vec<DeviceStatus> {
    let Some(row) = account else { return Vec::new() };
    let stands = |device: &&Device| {
        // Of one whose key has left the ring nobody can tell. It is listed, so that it can be forgotten.
        let now = basis::hash(&device.id, &device.kid, user, row, cx.keys());
        now.is_none_or(|now| basis::is_same(&device.basis, &now))
    };
    let status = |device: &Device| DeviceStatus {
        id: device.id.clone(),
        label: device.label.clone(),
        created_at: device.at,
        ends_at: device.ends_at,
    };
    cx.view(row).devices().into_iter().filter(stands).map(status).collect()
}
