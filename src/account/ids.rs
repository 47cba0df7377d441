//! Ids, each with a number. Looking one up takes no time that grows with the row, so no check takes time that grows with its square.
//!
//! All of them are text here: each further type of map would make the module larger by a few kilobytes.

use std::collections::BTreeMap;

/// Ids, each with how often it came.
#[derive(Default)]
pub struct Ids<'a>(BTreeMap<&'a str, u32>);

impl<'a> Ids<'a> {
    /// These ids.
    pub fn of(ids: &mut dyn Iterator<Item = &'a str>) -> Ids<'a> {
        let mut all = Ids::default();
        for id in ids {
            *all.entry(id, 0) += 1;
        }
        all
    }

    /// The number of an id, which is this one at first.
    pub(super) fn entry(&mut self, id: &'a str, first: u32) -> &mut u32 {
        self.0.entry(id).or_insert(first)
    }

    /// Whether the id is among them.
    pub fn contains(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// The number of an id that is among them.
    pub(super) fn get(&self, id: &str) -> Option<u32> {
        self.0.get(id).copied()
    }

    /// Whether all the others are among them.
    pub(super) fn contains_all(&self, others: &Ids<'_>) -> bool {
        // By what is here, and not by what is asked for: lists that are no longer than the row are compared with many others.
        self.0.keys().filter(|id| others.contains(id)).count() == others.0.len()
    }

    /// The ids, each once, in order.
    pub fn in_order(&self) -> impl Iterator<Item = &'a str> {
        self.0.keys().copied()
    }

    /// The numbers.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.0.values().copied()
    }
}
