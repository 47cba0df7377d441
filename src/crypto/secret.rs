//! Text that no log may show.

use core::fmt;
use core::ops::Deref;
use serde::{Deserialize, Serialize};
use tsify::Tsify;
use zeroize::Zeroizing;

/// A password, a code, a token or a key as text. `Debug` shows its type only, and its memory is cleared when it is dropped.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(transparent)]
pub struct Secret(#[tsify(type = "string")] Zeroizing<String>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Deref for Secret {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Secret {
        Secret(Zeroizing::new(text.to_owned()))
    }
}

impl From<Zeroizing<String>> for Secret {
    fn from(text: Zeroizing<String>) -> Secret {
        Secret(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_shows_none_of_a_secret() {
        assert_eq!(format!("{:?}", Secret::from("hunter2")), "Secret");
    }
}
