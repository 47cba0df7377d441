//! The names of fields as JavaScript has them.

use core::cell::RefCell;
use wasm_bindgen::prelude::*;

thread_local! {
    /// By where the name stands in memory.
    static KNOWN: RefCell<Vec<(&'static str, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// A name. Making a text of JavaScript's takes longer than all else about a field, so each name is made once.
#[inline(never)]
pub(super) fn name(name: &'static str) -> JsValue {
    KNOWN.with_borrow_mut(|known| {
        let place = known.binary_search_by_key(&(name.as_ptr(), name.len()), |(name, _)| (name.as_ptr(), name.len()));
        let place = place.unwrap_or_else(|place| {
            known.insert(place, (name, name.into()));
            place
        });
        known[place].1.clone()
    })
}
