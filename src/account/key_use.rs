//! How much hangs on each key.

use super::row::Account;
use crate::id::KeyId;
use serde::Serialize;
use tsify::Tsify;

/// How much of one user hangs on one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct KeyUse {
    /// The key's id.
    pub kid: KeyId,
    /// Confirmed factors whose secret is sealed with it.
    pub factors: u32,
    /// Unused recovery codes that are hashed with it.
    pub recovery_codes: u32,
    /// Trusted browsers whose token is hashed with it. Without the key they are asked for the second factor again.
    pub devices: u32,
}

impl Account {
    /// What hangs on which key: confirmed factors, unused recovery codes and trusted browsers.
    pub fn key_use(&self) -> Vec<KeyUse> {
        let mut uses: Vec<KeyUse> = Vec::new();
        let factors = self.confirmed_factors().map(|factor| (&factor.kid, [1, 0, 0]));
        let codes = self.recovery_codes.iter().map(|code| (&code.kid, [0, 1, 0]));
        let devices = self.devices.iter().map(|device| (&device.kid, [0, 0, 1]));
        for (kid, [factors, recovery_codes, devices]) in factors.chain(codes).chain(devices) {
            match uses.iter_mut().find(|known| known.kid == *kid) {
                Some(known) => {
                    known.factors += factors;
                    known.recovery_codes += recovery_codes;
                    known.devices += devices;
                }
                None => uses.push(KeyUse { kid: kid.clone(), factors, recovery_codes, devices }),
            }
        }
        uses
    }
}
