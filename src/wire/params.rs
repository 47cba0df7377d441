//! Parameters as a client sent them, read without trusting any of it.

use super::refusal::Refusal;
use crate::crypto::Secret;

/// In bytes. An honest user name, address, password or token is shorter; a longer text would cost memory.
pub const LONGEST: usize = 1024;

/// In bytes: the longest `credential` or `authData`, as text. One without an attestation has under 1 KiB, but ids and certificate chains can be long.
pub const LONGEST_CREDENTIAL: usize = 16 * 1024;

/// The most entries of a list. There are fewer methods.
pub const LONGEST_LIST: usize = 16;

/// In characters: longer than any name a person gives a device.
const LONGEST_LINE: usize = 64;

/// One parameter as it came.
#[derive(Clone, Debug, Default)]
pub enum Param {
    /// Left out, or null.
    #[default]
    Absent,
    /// A text.
    Text(Secret),
    /// A list of texts.
    List(Vec<Secret>),
    /// `true` or `false`.
    Flag(bool),
    /// A text of more bytes than its parameter may have. It is refused unread.
    TooLong,
    /// A number, an object: nothing that the parameter takes.
    Other,
}

impl From<&str> for Param {
    fn from(text: &str) -> Param {
        Param::Text(text.into())
    }
}

/// The parameters of a call, by name.
pub struct Params<'a>(&'a dyn Fn(&str) -> Param);

impl<'a> Params<'a> {
    /// Parameters that `get` reads by name.
    pub fn new(get: &'a dyn Fn(&str) -> Param) -> Params<'a> {
        Params(get)
    }

    /// A parameter that may be left out. An empty text counts as left out, as in the tutorial.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for another type, a text over 1024 bytes, or one with a NUL (which PostgreSQL cannot store).
    pub fn optional(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        let refused = |why: &str| Err(Refusal::BadRequest(format!("{name} {why}")));
        match (self.0)(name) {
            Param::Absent => Ok(None),
            Param::Other | Param::List(_) | Param::Flag(_) => refused("must be text."),
            Param::TooLong => refused("is too long."),
            Param::Text(text) if text.len() > LONGEST => refused("is too long."),
            Param::Text(text) if text.bytes().any(|byte| byte == 0) => refused("has a NUL in it."),
            Param::Text(text) if text.is_empty() => Ok(None),
            Param::Text(text) => Ok(Some(text)),
        }
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// As [`Params::optional`], and [`Refusal::BadRequest`] when it is missing.
    pub fn required(&self, name: &str) -> Result<Secret, Refusal> {
        self.optional(name)?.ok_or_else(|| Refusal::BadRequest(format!("{name} is missing.")))
    }

    /// What a person wrote in one line: the name of a factor, the number of a ticket.
    ///
    /// # Errors
    /// As [`Params::optional`], and [`Refusal::BadRequest`] for more than 64 characters and for one that controls.
    pub fn line(&self, name: &'static str) -> Result<Option<String>, Refusal> {
        let Some(line) = self.optional(name)? else { return Ok(None) };
        if line.chars().count() > LONGEST_LINE || line.chars().any(char::is_control) {
            return Err(Refusal::BadRequest(format!("{name} is too long or has control characters in it.")));
        }
        Ok(Some(line.to_string()))
    }

    /// A list of texts that may be left out.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for anything else, and for a list of more than sixteen.
    pub fn list(&self, name: &str) -> Result<Option<Vec<Secret>>, Refusal> {
        match (self.0)(name) {
            Param::Absent => Ok(None),
            Param::List(list) if list.len() <= LONGEST_LIST => Ok(Some(list)),
            Param::List(_) | Param::TooLong => Err(Refusal::BadRequest(format!("{name} is too long."))),
            Param::Text(_) | Param::Flag(_) | Param::Other => {
                Err(Refusal::BadRequest(format!("{name} must be a list of texts.")))
            }
        }
    }

    /// An object that may be left out, as its JSON text.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for another type, and for more than 16 KiB.
    pub fn object(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        match (self.0)(name) {
            Param::Absent => Ok(None),
            Param::Text(text) if text.len() <= LONGEST_CREDENTIAL => Ok(Some(text)),
            Param::Text(_) | Param::TooLong => Err(Refusal::BadRequest(format!("{name} is too long."))),
            Param::List(_) | Param::Flag(_) | Param::Other => {
                Err(Refusal::BadRequest(format!("{name} must be an object.")))
            }
        }
    }

    /// A yes or no. Left out it is a no.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for anything but `true` and `false`.
    pub fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match (self.0)(name) {
            Param::Absent => Ok(false),
            Param::Flag(flag) => Ok(flag),
            Param::Text(_) | Param::List(_) | Param::TooLong | Param::Other => {
                Err(Refusal::BadRequest(format!("{name} must be true or false.")))
            }
        }
    }

    /// Whether a parameter is there, whatever it is.
    pub fn has(&self, name: &str) -> bool {
        !matches!((self.0)(name), Param::Absent)
    }

    /// An object as its JSON text, or that text, which may be left out.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for another type, and for more than 16 KiB.
    pub fn json(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        match (self.0)(name) {
            Param::Absent => Ok(None),
            Param::Text(text) if text.is_empty() => Ok(None),
            Param::Text(text) if text.len() <= LONGEST_CREDENTIAL => Ok(Some(text)),
            Param::Text(_) | Param::TooLong => Err(Refusal::BadRequest(format!("{name} is too long."))),
            Param::List(_) | Param::Flag(_) | Param::Other => {
                Err(Refusal::BadRequest(format!("{name} must be an object or its JSON text.")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn optional(param: Param) -> Result<Option<String>, String> {
        let get = |_: &str| param.clone();
        let read = Params::new(&get).optional("code");
        read.map(|text| text.map(|text| text.to_string())).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn a_text_of_1024_bytes_is_taken_and_a_longer_one_refused() {
        let text = |bytes: usize| Param::from(&*"x".repeat(bytes));
        assert_eq!(optional(text(1024)).unwrap().unwrap().len(), 1024);
        assert_eq!(optional(text(1025)), Err("code is too long.".into()));
        assert_eq!(optional(Param::from(&*"é".repeat(513))), Err("code is too long.".into()), "bytes, not characters");
        assert_eq!(optional(Param::TooLong), Err("code is too long.".into()));
    }

    #[test]
    fn a_flag_is_true_or_false_and_nothing_else() {
        let flag =
            |param: Param| Params::new(&|_: &str| param.clone()).flag("all").map_err(|refusal| refusal.to_string());
        assert_eq!(
            (flag(Param::Flag(true)), flag(Param::Flag(false)), flag(Param::Absent)),
            (Ok(true), Ok(false), Ok(false))
        );
        for other in ["true".into(), "".into(), Param::List(Vec::new()), Param::TooLong, Param::Other] {
            assert_eq!(flag(other), Err("all must be true or false.".into()));
        }
    }

    #[test]
    fn an_empty_text_counts_as_left_out_and_anything_but_text_is_refused() {
        assert_eq!(optional(Param::Absent), Ok(None));
        assert_eq!(optional("".into()), Ok(None));
        assert_eq!(optional("\0".into()), Err("code has a NUL in it.".into()));
        assert_eq!(optional(Param::Other), Err("code must be text.".into()));
        assert_eq!(optional(Param::Flag(true)), Err("code must be text.".into()));
        let nothing = |_: &str| Param::Absent;
        assert_eq!(Params::new(&nothing).required("code").unwrap_err().to_string(), "code is missing.");
    }
}
