//! A deployment: what all calls of one server share.

use crate::crypto::KeyRing;
use crate::policy::Policy;
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
    /// Until when the app's ceiling on messages is known to be reached. A hint of this node's own: it only ever refuses.
    pub(crate) ceiling_until: Cell<Time>,
}

impl Deployment {
    /// A deployment. `asks_app` says whether the app's function goes before the setting `require`.
    pub fn new(policy: Policy, keys: KeyRing, asks_app: bool) -> Deployment {
        Deployment { policy, keys, asks_app, ceiling_until: Cell::new(Time::default()) }
    }
}
