//! What a person writes in one line.

use super::params::Params;
use super::refusal::Refusal;

/// In characters: longer than any name a person gives a device.
const LONGEST: usize = 64;

/// What a person wrote in one line: the name of a factor, the number of a ticket.
///
/// # Errors
/// [`Refusal::BadRequest`] for one that is longer, or has control characters in it.
pub(super) fn line(params: &Params<'_>, name: &'static str) -> Result<Option<String>, Refusal> {
    let Some(line) = params.optional(name)? else { return Ok(None) };
    if line.chars().count() > LONGEST || line.chars().any(char::is_control) {
        return Err(Refusal::BadRequest(format!("{name} is too long or has control characters in it.")));
    }
    Ok(Some(line.to_string()))
}
