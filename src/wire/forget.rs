//! Which trusted browser is forgotten.

use super::params::Params;
use super::refusal::Refusal;
use crate::id::DeviceId;

/// Which trusted browser is forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forget {
    /// The one with this id.
    One(DeviceId),
    /// All of the user's.
    All,
}

impl Forget {
    /// The parameters `device` and `all`.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for neither and for both.
    pub(super) fn parse(params: &Params<'_>) -> Result<Forget, Refusal> {
        match (params.optional("device")?, params.flag("all")?) {
            (Some(device), false) => Ok(Forget::One(DeviceId::from(&*device))),
            (None, true) => Ok(Forget::All),
            (Some(_), true) => Err(Refusal::BadRequest("Send device or all, not both.".into())),
            (None, false) => Err(Refusal::BadRequest("device is missing.".into())),
        }
    }
}
