//! What an operator's reset asks for.

use super::line::line;
use super::params::Params;
use super::refusal::Refusal;
use super::reset_scope::ResetScope;
use super::subject::Subject;

/// What an operator's reset asks for.
#[derive(Debug)]
pub struct Reset {
    /// The user.
    pub subject: Subject,
    /// What goes. `None` for Parse Dashboard's first call, which resets nothing: a person has to choose first.
    pub scope: Option<ResetScope>,
    /// What the operator notes beside it in the trail.
    pub ticket: Option<String>,
}

impl Reset {
    /// Parses the parameters. What a person fills in in Parse Dashboard stands in `formData`.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for a parameter that is missing or cannot be used.
    pub(super) fn parse(params: &Params<'_>) -> Result<Reset, Refusal> {
        let subject = Subject::parse(params)?;
        let subject = subject.ok_or_else(|| Refusal::BadRequest("userId is missing.".into()))?;
        let (mut scope, mut ticket) = ("scope", "ticket");
        if subject.in_dashboard {
            params.object("payload")?;
            if params.object("formData")?.is_none() {
                return Ok(Reset { subject, scope: None, ticket: None });
            }
            (scope, ticket) = ("formData.scope", "formData.ticket");
        }
        Ok(Reset { subject, scope: Some(ResetScope::parse(params, scope)?), ticket: line(params, ticket)? })
    }
}
