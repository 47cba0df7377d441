//! Ids, each with a number. Looking one up takes no time that grows with the row, so no check takes time that grows with its square.
//!
//! They are text, in a list that a heap has sorted: a map or the standard library's sort would add two kilobytes to the module.

use std::collections::BinaryHeap;

/// Ids, each with how often it came, in order.
pub struct Ids<'a>(Vec<(&'a str, u32)>);

impl<'a> Ids<'a> {
    /// These ids.
    pub fn of(ids: &mut dyn Iterator<Item = &'a str>) -> Ids<'a> {
        let mut heap = BinaryHeap::new();
        for id in ids {
            heap.push(id);
        }
        let mut all: Vec<(&str, u32)> = Vec::new();
        for id in heap.into_sorted_vec() {
            match all.last_mut() {
                Some((last, times)) if *last == id => *times += 1,
                Some(_) | None => all.push((id, 1)),
            }
        }
        Ids(all)
    }

    /// The place of an id that is among them, from 0.
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.0.binary_search_by(|(other, _)| (*other).cmp(id)).ok()
    }

    /// Whether the id is among them.
    pub fn contains(&self, id: &str) -> bool {
        self.place(id).is_some()
    }

    /// How often the id came.
    pub(super) fn times(&self, id: &str) -> u32 {
        self.place(id).map_or(0, |place| self.0[place].1)
    }

    /// Whether all the others are among them.
    pub(super) fn contains_all(&self, others: &Ids<'_>) -> bool {
        // By what is here, and not by what is asked for: lists that are no longer than the row are compared with many others.
        self.in_order().filter(|id| others.contains(id)).count() == others.0.len()
    }

    /// The ids, each once, in order.
    pub fn in_order(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|(id, _)| *id)
    }

    /// How often each came.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|(_, times)| *times)
    }
}
