//! A deployment: what all calls of one server share.

use crate::crypto::KeyRing;
use crate::policy::{Channel, Policy};
use crate::time::Time;
use crate::wire::{FunctionNames, InvalidName};
use std::cell::Cell;

/// The policy and the keys of a deployment.
#[derive(Debug)]
pub struct Deployment {
    /// What the operator set.
    pub policy: Policy,
    /// The keys.
    pub keys: KeyRing,
    /// What clients call the functions.
    pub names: FunctionNames,
    /// Whether the app has a function that says for each user who needs a second factor.
    pub asks_app: bool,
    /// Until when the app's ceiling of each channel is known to be reached. A hint of this node's own: it only ever refuses.
    ceiling_until: [Cell<Time>; Channel::ALL.len()],
}

impl Deployment {
    /// A deployment. `asks_app` says whether the app's function goes before the setting `require`.
    pub fn new(policy: Policy, keys: KeyRing, asks_app: bool) -> Deployment {
        let names = FunctionNames::default();
        Deployment { policy, keys, names, asks_app, ceiling_until: Default::default() }
    }

    /// The same, with the functions called as the policy says.
    ///
    /// # Errors
    /// [`InvalidName`] for a name that cannot be used.
    pub fn with_names(mut self) -> Result<Deployment, InvalidName> {
        self.names = FunctionNames::new(&self.policy.functions)?;
        Ok(self)
    }

    /// Until when the app's ceiling of this channel is known to be reached.
    pub(crate) fn ceiling_until(&self, channel: Channel) -> &Cell<Time> {
        let [sms, call, whatsapp, email] = &self.ceiling_until;
        match channel {
            Channel::Sms => sms,
            Channel::Call => call,
            Channel::Whatsapp => whatsapp,
            Channel::Email => email,
        }
    }
}
