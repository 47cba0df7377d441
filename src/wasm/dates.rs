//! Dates among values from JavaScript.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::prelude::*;

/// The core takes no JSON that is nested deeper.
const MOST_DEPTH: u8 = 16;

/// Whether there is a date in a value, or may be one deeper than anything that is taken. Parse makes dates of what a client says is one, and
/// JSON would make texts of them.
pub(super) fn has_date(value: &JsValue) -> bool {
    has_date_within(value, MOST_DEPTH)
}

fn has_date_within(value: &JsValue, depth: u8) -> bool {
    let Some(object) = value.dyn_ref::<Object>() else { return false };
    let (false, Some(depth)) = (value.has_type::<Date>(), depth.checked_sub(1)) else { return true };
    let Ok(names) = Reflect::own_keys(object) else { return true };
    names.iter().any(|name| Reflect::get(object, &name).is_ok_and(|value| has_date_within(&value, depth)))
}
