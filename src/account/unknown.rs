//! Elements that a later version of this project wrote.
//!
//! After a rollback, or while nodes are replaced one by one, a row can hold elements that this version does not know. The tag is read
//! first. A known tag must have good content: a torn attempt that read as unknown would go uncounted. An unknown tag is kept as it is.
//!
//! - Among the authenticators it grants nothing, still counts as a factor, and goes with an operator's reset of all factors only.
//! - In any other set it grants nothing, and goes when what is under way is voided. An unknown kind of mark counts as a revocation:
//!   whatever a later version restricts by a mark makes this one more careful.

use super::opaque::Opaque;
use core::fmt;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// An element of a later version: `{tag: content}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// The tag that this version does not know.
    pub(super) tag: String,
    /// What stands under it.
    pub(super) content: Opaque,
}

impl Serialize for Unknown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_tagged(serializer, &self.tag, &self.content)
    }
}

/// Writes `{tag: content}`.
pub(super) fn serialize_tagged<S: Serializer>(
    serializer: S,
    tag: &str,
    content: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(tag, content)?;
    map.end()
}

/// An element of a set: written as `{tag: content}`, read by its tag.
pub(super) trait Element: Sized {
    /// Reads the content of a known tag from `map`; `None` for a tag that is not known, with `map` untouched.
    ///
    /// # Errors
    /// If a known tag has bad content.
    fn read<'de, A: MapAccess<'de>>(tag: &str, map: &mut A) -> Result<Option<Self>, A::Error>;

    /// The element that a later version wrote.
    fn unknown(unknown: Unknown) -> Self;
}

/// Reads one element.
///
/// # Errors
/// For anything but an object with one entry, and for a known tag with bad content.
pub(super) fn deserialize_element<'de, D: Deserializer<'de>, E: Element>(deserializer: D) -> Result<E, D::Error> {
    struct ElementVisitor<E>(core::marker::PhantomData<E>);

    impl<'de, E: Element> Visitor<'de> for ElementVisitor<E> {
        type Value = E;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an element: {tag: content}")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<E, A::Error> {
            let tag: String = map.next_key()?.ok_or_else(|| A::Error::custom("an element without a tag"))?;
            let element = match E::read(&tag, &mut map)? {
                Some(known) => known,
                None => E::unknown(Unknown { content: map.next_value()?, tag }),
            };
            match map.next_key::<String>()? {
                None => Ok(element),
                Some(_) => Err(A::Error::custom("an element with two tags")),
            }
        }
    }

    deserializer.deserialize_map(ElementVisitor(core::marker::PhantomData))
}
