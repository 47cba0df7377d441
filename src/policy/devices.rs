//! Trusted browsers.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// For how long a browser is trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct TrustedDevices {
    /// Days from the sign-in that trusted it, 30 at most. Use does not prolong them.
    pub days: u32,
}

impl TrustedDevices {
    /// What `days` may be.
    pub(super) const DAYS: core::ops::RangeInclusive<u32> = 1..=30;
}
