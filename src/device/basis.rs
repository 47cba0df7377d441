//! What the trust in a browser is founded on. A change of that ends it by itself: also if whoever made the change died before the browser
//! could be removed.

use crate::account::{Account, Ids};
use crate::context::Context;
use crate::crypto::{HashPurpose, KeyRing};
use crate::engine::{ReadBasis, User};
use crate::id::{Basis, DeviceId, KeyId};
use crate::wire::Refusal;
use subtle::ConstantTimeEq;

/// What stands in the user's row: password, providers, ACL, number and sender. This is the one place that says so.
///
/// # Errors
/// [`Refusal::TryAgain`] if it could not be read.
pub(super) async fn of_user(user: &User, cx: &Context) -> Result<Basis, Refusal> {
    match &user.basis {
        Some(basis) => Ok(basis.clone()),
        None => cx.ask(ReadBasis { user: user.id.clone() }).await?.ok_or(Refusal::TryAgain),
    }
}

/// The keyed hash of what the trust in this browser is founded on now: what stands in the user's row, and which factors count. `None` if the
/// key has left the ring.
pub(super) fn hash(device: &DeviceId, kid: &KeyId, basis: &Basis, row: &Account, keys: &KeyRing) -> Option<String> {
    let factors = Ids::of(&mut row.confirmed_factors().map(|factor| &*factor.id));
    let founded: Vec<&str> = ["basis", device, &row.id, basis].into_iter().chain(factors.in_order()).collect();
    keys.hash(kid, HashPurpose::Device, &founded)
}

/// Whether a keyed hash is the one that a value has now.
pub(super) fn is_same(stored: &str, now: &str) -> bool {
    now.as_bytes().ct_eq(stored.as_bytes()).into()
}
