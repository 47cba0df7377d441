//! Values by name.

use core::fmt;
use core::marker::PhantomData;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// Values by name, in the order of the names. An operator sets a few of them. A map of the standard library, which is made for many, would
/// make the module larger by two kilobytes for each type of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByName<T>(Vec<(String, T)>);

impl<T> ByName<T> {
    /// Gives a name this value, in the place of the one that it had.
    pub fn insert(&mut self, name: String, value: T) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => {
                let place = self.0.iter().position(|(known, _)| *known > name).unwrap_or(self.0.len());
                self.0.insert(place, (name, value));
            }
        }
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for ByName<T> {
    fn default() -> ByName<T> {
        ByName(Vec::new())
    }
}

impl<T> FromIterator<(String, T)> for ByName<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(given: I) -> ByName<T> {
        let mut all = ByName::default();
        for (name, value) in given {
            all.insert(name, value);
        }
        all
    }
}

impl<T, const N: usize> From<[(String, T); N]> for ByName<T> {
    fn from(given: [(String, T); N]) -> ByName<T> {
        given.into_iter().collect()
    }
}

impl<T: Serialize> Serialize for ByName<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByName<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ByName<T>, D::Error> {
        struct ByNameVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ByNameVisitor<T> {
            type Value = ByName<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ByName<T>, A::Error> {
                let mut all = ByName::default();
                while let Some((name, value)) = map.next_entry()? {
                    all.insert(name, value);
                }
                Ok(all)
            }
        }

        deserializer.deserialize_map(ByNameVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::ByName;

    #[test]
    fn names_stand_in_their_order_and_each_has_the_value_that_came_last() {
        let read: ByName<u32> = serde_json::from_str(r#"{"b": 1, "c": 2, "a": 3, "b": 4}"#).unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), [("a", &3), ("b", &4), ("c", &2)]);
        assert_eq!((read.get("b"), read.get("d")), (Some(&4), None));
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"{"a":3,"b":4,"c":2}"#);
        assert!(!read.is_empty() && ByName::<u32>::default().is_empty());
    }
}
