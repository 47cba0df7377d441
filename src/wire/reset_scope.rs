//! What an operator's reset removes.

use super::params::Params;
use super::refusal::Refusal;

/// What an operator's reset removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetScope {
    /// The failures and what is under way.
    UnderWay,
    /// The enrolled factors and the recovery codes as well.
    Factors,
    /// Every number as well: the column is emptied, and enrolled numbers go. With the last factor go the recovery codes.
    Number,
    /// The trusted browsers and nothing else.
    Devices,
}

impl ResetScope {
    /// What an operator chooses from. What is chosen by mistake is the first one, so the mildest comes first: after it a user signs in as
    /// before, and has nothing to enroll again.
    pub const MILDEST_FIRST: [ResetScope; 4] =
        [ResetScope::UnderWay, ResetScope::Devices, ResetScope::Number, ResetScope::Factors];

    /// The name on the wire and in the trail. What is always reset has none.
    pub(crate) fn as_str(self) -> Option<&'static str> {
        match self {
            ResetScope::UnderWay => None,
            ResetScope::Factors => Some("factors"),
            ResetScope::Number => Some("number"),
            ResetScope::Devices => Some("devices"),
        }
    }

    /// The parameter `scope`, under the name that it has.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for another word.
    pub(super) fn parse(params: &Params<'_>, name: &str) -> Result<ResetScope, Refusal> {
        match params.optional(name)?.as_deref() {
            None => Ok(ResetScope::UnderWay),
            Some("factors") => Ok(ResetScope::Factors),
            Some("number") => Ok(ResetScope::Number),
            Some("devices") => Ok(ResetScope::Devices),
            Some(_) => Err(Refusal::BadRequest("scope must be factors, number or devices.".into())),
        }
    }
}
