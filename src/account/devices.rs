//! The set `devices`: browsers that the user trusts. It is a column of its own: the change that voids what is under way adds a revocation
//! and removes browsers, and a column can only be added to or removed from.

use super::unknown::{Element, Unknown, deserialize_element, serialize_tagged};
use crate::id::{DeviceId, KeyId};
use crate::time::Time;
use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
