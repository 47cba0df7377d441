//! The set `devices`: browsers that the user trusts. It is a column of its own: the change that voids what is under way adds a revocation
//! and removes browsers, and a column can only be added to or removed from.

use super::claims::Spent;
use super::ids::Ids;
use super::row::Account;
use super::unknown::{Element, Unknown, deserialize_element, serialize_tagged};
use super::update::SetOp;
use super::view::View;
use crate::id::{DeviceId, KeyId};
use crate::time::Time;
use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Browsers that a user can trust at a time. The oldest goes.
const MOST_DEVICES: usize = 10;

/// A browser that the user trusts: a sign-in with its token needs no second factor until its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// Its id. It is no part of the token.
    pub id: DeviceId,
    /// Browser and system in a few words.
    pub label: String,
    /// When it was trusted.
    pub at: Time,
    /// Its end, which use does not move.
    pub ends_at: Time,
    /// The key that both hashes are under.
    pub kid: KeyId,
    /// The keyed hash of the token's secret, the user and the account.
    pub hash: String,
    /// The keyed hash of what the trust is founded on. A change of that voids it, whether or not anybody lived to remove it.
    pub basis: String,
}

/// An element of the set.
#[derive(Clone, Debug, PartialEq)]
pub enum OfDevices {
    /// A browser.
    Device(Device),
    /// Something of a later version.
    Unknown(Unknown),
}

impl Element for OfDevices {
    fn read<'de, A: MapAccess<'de>>(tag: &str, map: &mut A) -> Result<Option<Self>, A::Error> {
        Ok(Some(match tag {
            "device" => OfDevices::Device(map.next_value()?),
            _ => return Ok(None),
        }))
    }

    fn unknown(unknown: Unknown) -> Self {
        OfDevices::Unknown(unknown)
    }
}

impl Serialize for OfDevices {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            OfDevices::Device(device) => serialize_tagged(serializer, "device", device),
            OfDevices::Unknown(unknown) => unknown.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for OfDevices {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_element(deserializer)
    }
}

impl From<Device> for OfDevices {
    fn from(device: Device) -> Self {
        OfDevices::Device(device)
    }
}

impl From<Unknown> for OfDevices {
    fn from(unknown: Unknown) -> Self {
        OfDevices::Unknown(unknown)
    }
}

impl Account {
    /// Removes every trusted browser, and what a later version has among them. Whatever ends trust uses it: once in the change that is the
    /// cause, and once more for what was added meanwhile.
    pub fn without_devices(&self) -> SetOp<OfDevices> {
        SetOp::remove(self.devices.clone()).and(self.unknown_devices.clone())
    }

    /// Whether something has ended trust since the row was as in `earlier`: a revocation, or the use of a recovery code.
    pub fn ends_trust_since(&self, earlier: &Account) -> bool {
        let recovered = |row: &'_ Account| {
            let by_recovery = row.claims.iter().filter(|claim| matches!(claim.spent, Spent::RecoveryCode(_)));
            by_recovery.map(|claim| claim.nonce.clone()).collect::<Vec<_>>()
        };
        let known = recovered(earlier);
        let known = Ids::of(&mut known.iter().map(|nonce| &**nonce));
        self.is_revoked_since(earlier, None) || recovered(self).iter().any(|nonce| !known.contains(nonce))
    }
}

impl<'a> View<'a> {
    /// The browsers that count, the newest first: ten that have not ended. What a foundation that has changed makes of them is for
    /// [`crate::device`] to say.
    pub fn devices(&self) -> Vec<&'a Device> {
        let living = || self.row().devices.iter().filter(|device| self.now() < device.ends_at);
        let place = |device: &Device| (device.at, device.id.clone());
        let mut newest: Vec<&Device> = Vec::new();
        // By picking: sorting them would make the module larger by some kilobytes.
        while newest.len() < MOST_DEVICES {
            let left = living().filter(|device| newest.last().is_none_or(|last| place(device) < place(last)));
            let Some(next) = left.max_by_key(|device| place(device)) else { break };
            newest.push(next);
        }
        newest
    }

    /// The browsers that do not count any more, to be removed.
    pub fn stale_devices(&self) -> SetOp<OfDevices> {
        let counting = self.devices();
        let is_stale = |device: &&Device| !counting.iter().any(|other| other == device);
        SetOp::remove(self.row().devices.iter().filter(is_stale).cloned())
    }
}
