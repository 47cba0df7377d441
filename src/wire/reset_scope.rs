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
    /// The name on the wire and in the trail. What is always reset has none.
    pub(super) fn as_str(self) -> Option<&'static str> {
        match self {
            ResetScope::UnderWay => None,
            ResetScope::Factors => Some("factors"),
            ResetScope::Number => Some("number"),
            ResetScope::Devices => Some("devices"),
        }
    }

    /// The parameter `scope`.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for another word.
    pub(super) fn parse(params: &Params<'_>) -> Result<ResetScope, Refusal> {
        match params.optional("scope")?.as_deref() {
            None => Ok(ResetScope::UnderWay),
            Some("factors") => Ok(ResetScope::Factors),
            Some("number") => Ok(ResetScope::Number),
            Some("devices") => Ok(ResetScope::Devices),
            Some(_) => Err(Refusal::BadRequest("scope must be factors, number or devices.".into())),
        }
    }
}
