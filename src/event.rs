//! The audit trail: who, what, when, from where, with which outcome; never a code, a token or a whole number.

use crate::account::Method;
use serde::Serialize;
use tsify::Tsify;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A code was sent, or was not taken by the provider (outcome 4018).
    CodeSent,
    /// A session was opened.
    SignedIn,
    /// A code was refused; `outcome` says why.
    CodeRefused,
    /// The second factor was disabled by too many failures.
    FactorDisabled,
    /// A step-up succeeded.
    SteppedUp,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// A factor was confirmed.
    FactorEnrolled,
    /// A factor was removed.
    FactorRemoved,
    /// The recovery codes were made anew.
    RecoveryCodesRenewed,
    /// An operator reset the second factor.
    Reset,
    /// The ceiling of the app, of a number, of a block of numbers or of an address is reached.
    CeilingReached,
    /// Too few of the codes sent in this hour have come back: somebody may be pumping messages.
    CodesUnused,
}

/// One entry of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What happened.
    pub what: What,
    /// The user's `objectId`; empty for the ceiling of an address.
    pub user: String,
    /// Milliseconds since 1970.
    pub at: u64,
    /// The caller's address as Parse Server reports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The method that the code, the factor or the sign-in was of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub method: Option<Method>,
    /// The masked number, the label of a factor, the name of a ceiling, how many are left or came back, or the scope of a reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// 0, or the code of the refusal.
    pub outcome: i32,
}
