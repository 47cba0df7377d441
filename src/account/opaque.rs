//! Content that is kept as it was read.

use core::fmt;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// The largest whole number up to which JavaScript has each one exactly.
const MOST: f64 = ((1_u64 << f64::MANTISSA_DIGITS) - 1) as f64;

/// Content that is passed on and never looked into.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Opaque {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number. JavaScript has one kind.
    Number(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Opaque>),
    /// An object, in its order.
    Map(Vec<(String, Opaque)>),
}

impl Serialize for Opaque {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Opaque::Null => serializer.serialize_unit(),
            Opaque::Bool(flag) => serializer.serialize_bool(*flag),
            Opaque::Number(number) => serializer.serialize_f64(*number),
            Opaque::Text(text) => serializer.serialize_str(text),
            Opaque::List(list) => serializer.collect_seq(list),
            Opaque::Map(map) => serializer.collect_map(map.iter().map(|(key, value)| (key, value))),
        }
    }
}

impl<'de> Deserialize<'de> for Opaque {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Opaque, D::Error> {
        deserializer.deserialize_any(OpaqueVisitor)
    }
}

struct OpaqueVisitor;

impl<'de> Visitor<'de> for OpaqueVisitor {
    type Value = Opaque;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Opaque, E> {
        Ok(Opaque::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Opaque, E> {
        Ok(Opaque::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Opaque, E> {
        Ok(Opaque::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Opaque, E> {
        Ok(Opaque::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Opaque, E> {
        Ok(Opaque::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Opaque, E> {
        Ok(Opaque::Null)
    }

    fn visit_none<E>(self) -> Result<Opaque, E> {
        Ok(Opaque::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Opaque, D::Error> {
        Opaque::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Opaque, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element()? {
            list.push(element);
        }
        Ok(Opaque::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Opaque, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Opaque::Map(entries))
    }
}

impl Opaque {
    /// A field, where there are fields. A field that is null counts as left out.
    pub(super) fn field(&self, name: &str) -> Option<&Opaque> {
        match self {
            Opaque::Map(entries) => {
                let found = entries.iter().find(|(key, _)| key == name).map(|(_, value)| value);
                found.filter(|value| **value != Opaque::Null)
            }
            Opaque::Null | Opaque::Bool(_) | Opaque::Number(_) | Opaque::Text(_) | Opaque::List(_) => None,
        }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Opaque::Text(text) => Some(text),
            Opaque::Null | Opaque::Bool(_) | Opaque::Number(_) | Opaque::List(_) | Opaque::Map(_) => None,
        }
    }

    /// The whole number from 0 on, if it is one that JavaScript has exactly. A larger one would be written as another.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn whole(&self) -> Option<u64> {
        match self {
            Opaque::Number(number) if (0.0..=MOST).contains(number) && number.fract() == 0.0 => Some(*number as u64),
            Opaque::Null | Opaque::Bool(_) | Opaque::Number(_) | Opaque::Text(_) | Opaque::List(_) | Opaque::Map(_) => {
                None
            }
        }
    }

    /// The texts, if it is a list of texts.
    pub(super) fn texts(&self) -> Option<Vec<&str>> {
        match self {
            Opaque::List(list) => list.iter().map(Opaque::text).collect(),
            Opaque::Null | Opaque::Bool(_) | Opaque::Number(_) | Opaque::Text(_) | Opaque::Map(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_whole_only_if_it_is_written_as_it_was_read() {
        let largest = 9_007_199_254_740_991;
        assert_eq!(Opaque::Number(largest as f64).whole(), Some(largest));
        for other in [9_007_199_254_740_992.0, 2.6e209, f64::INFINITY, f64::NAN, 0.5, -1.0] {
            assert_eq!(Opaque::Number(other).whole(), None, "{other}");
        }
    }
}
