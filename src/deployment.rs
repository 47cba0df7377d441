//! A deployment: what all calls of one server share.

use crate::crypto::KeyRing;
use crate::policy::{Channel, Policy};
use crate::time::Time;
use std::cell::Cell;

/// The policy and the keys of a deployment.
#[derive(Debug)]
pub struct Deployment {
    /// What the operator set.
    pub policy: Policy,
    /// The keys.
    pub keys: KeyRing,
    /// Whether the app has a function that says for each user who needs a second factor.
    pub asks_app: bool,
    /// Until when the app's ceiling of each channel is known to be reached. A hint of this node's own: it only ever refuses.
    ceiling_until: [Cell<Time>; Channel::ALL.len()],
}

impl Deployment {
    /// A deployment. `asks_app` says whether the app's function goes before the setting `require`.
    pub fn new(policy: Policy, keys: KeyRing, asks_app: bool) -> Deployment {
        Deployment { policy, keys, asks_app, ceiling_until: Default::default() }
    }

    /// Until when the app's ceiling of this channel is known to be reached.
    pub(crate) fn ceiling_until(&self, channel: Channel) -> &Cell<Time> {
        let [sms, call, whatsapp] = &self.ceiling_until;
        match channel {
            Channel::Sms => sms,
            Channel::Call => call,
            Channel::Whatsapp => whatsapp,
        }
    }
}
