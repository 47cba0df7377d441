//! Trust in browsers: which of them count at a moment, what ends it, and what removes them.

use super::claims::Spent;
use super::devices::{Device, OfDevices};
use super::ids::Ids;
use super::row::Account;
use super::update::SetOp;
use super::view::View;

/// Browsers that a user can trust at a time. The oldest goes.
const MOST_DEVICES: usize = 10;

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
