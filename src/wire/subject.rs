//! The user whom an operator's call is about.

use super::params::Params;
use super::refusal::Refusal;
use crate::id::UserId;

/// The user whom an operator's call is about.
#[derive(Debug)]
pub struct Subject {
    /// The user.
    pub user: UserId,
    /// Whether Parse Dashboard calls, for a row that somebody chose there.
    pub in_dashboard: bool,
}

impl Subject {
    /// The parameter `userId`, or the `object` of Parse Dashboard: a pointer to a user. Parse Server 8 and newer make an object of the SDK
    /// of it, which has `id` in the place of `objectId`.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for a pointer to anything else, and for both: they may be two users.
    pub(super) fn parse(params: &Params<'_>) -> Result<Option<Subject>, Refusal> {
        let named = params.optional("userId")?;
        if params.object("object")?.is_none() {
            return Ok(named.map(|id| Subject { user: UserId::from(&*id), in_dashboard: false }));
        }
        let id = params.optional("object.id")?.or(params.optional("object.objectId")?);
        match (named, params.optional("object.className")?.as_deref(), id) {
            (None, Some("_User"), Some(id)) => Ok(Some(Subject { user: UserId::from(&*id), in_dashboard: true })),
            _ => Err(Refusal::BadRequest("object must be a pointer to a user, without userId beside it.".into())),
        }
    }
}
