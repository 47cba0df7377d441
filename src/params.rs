//! What a client sent, read without trusting any of it.

use crate::account::Method;
use crate::refusal::Refusal;
use zeroize::Zeroizing;

/// In bytes: longer than any honest user name, address, password or token; shorter than what would cost something.
pub const LONGEST: usize = 1024;

/// One parameter as it came.
#[derive(Clone, Default)]
pub enum Param {
    #[default]
    Absent,
    Text(Zeroizing<String>),
    /// A text of more than [`LONGEST`] bytes, which nobody has to read.
    TooLong,
    /// A number, a list, an object: nothing that any call takes.
    Other,
}

impl From<&str> for Param {
    fn from(text: &str) -> Param {
        Param::Text(Zeroizing::new(text.to_owned()))
    }
}

/// The names of all parameters of all calls, in the order of [`Params`]' own list.
pub const NAMES: [&str; 12] = [
    "username",
    "email",
    "password",
    "code",
    "challenge",
    "method",
    "phoneNumber",
    "enrollment",
    "factor",
    "label",
    "userId",
    "scope",
];

/// The parameters of a call.
#[derive(Clone, Default)]
pub struct Params([Param; NAMES.len()]);

impl Params {
    /// Reads each known parameter with `read`.
    pub fn read(read: impl Fn(&str) -> Param) -> Params {
        Params(NAMES.map(read))
    }

    /// A parameter that may be left out; an empty text counts as left out, as in the tutorial.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for another type, a text over 1024 bytes, or one with a NUL (which PostgreSQL cannot store).
    pub fn optional(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        let place = NAMES.iter().position(|n| *n == name);
        debug_assert!(place.is_some(), "{name} is not among the names of parameters");
        match place.map(|p| &self.0[p]) {
            None | Some(Param::Absent) => Ok(None),
            Some(Param::Other) => Err(Refusal::BadRequest(format!("{name} must be text."))),
            Some(Param::TooLong) => Err(Refusal::BadRequest(format!("{name} is too long."))),
            Some(Param::Text(text)) if text.len() > LONGEST => Err(Refusal::BadRequest(format!("{name} is too long."))),
            Some(Param::Text(text)) if text.contains('\0') => {
                Err(Refusal::BadRequest(format!("{name} has a NUL in it.")))
            }
            Some(Param::Text(text)) if text.is_empty() => Ok(None),
            Some(Param::Text(text)) => Ok(Some(text)),
        }
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// As [`Params::optional`], and [`Refusal::BadRequest`] when it is missing.
    pub fn required(&self, name: &'static str) -> Result<&str, Refusal> {
        self.optional(name)?.ok_or_else(|| Refusal::BadRequest(format!("{name} is missing.")))
    }

    /// The `method` parameter.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for anything but `sms`, `totp`, `recovery` or nothing.
    pub fn method(&self) -> Result<Option<Method>, Refusal> {
        match self.optional("method")? {
            None => Ok(None),
            Some("sms") => Ok(Some(Method::Sms)),
            Some("totp") => Ok(Some(Method::Totp)),
            Some("recovery") => Ok(Some(Method::Recovery)),
            Some(_) => Err(Refusal::BadRequest("method must be sms, totp or recovery.".into())),
        }
    }
}
