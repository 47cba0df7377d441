//! Plain JSON among values from JavaScript.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

/// The core takes no JSON that is nested deeper.
const MOST_DEPTH: u8 = 16;

/// Whether the JSON text of a value says what the value is, and is nested no deeper than anything that is taken. Parse makes a date, a file
/// or an object of its own of what a client says is one. Their `toJSON` writes something else than was sent, and the adapter would be asked
/// about that.
pub(super) fn is_plain(value: &JsValue) -> bool {
    is_plain_within(value, MOST_DEPTH)
}

fn is_plain_within(value: &JsValue, depth: u8) -> bool {
    if !value.is_object() {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let is_written_as_it_is = Reflect::get(value, &"toJSON".into()).is_ok_and(|write| !write.is_function());
    let Ok(names) = Reflect::own_keys(value) else { return false };
    is_written_as_it_is
        && names.iter().all(|name| Reflect::get(value, &name).is_ok_and(|part| is_plain_within(&part, depth)))
}
