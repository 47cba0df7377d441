//! What is asked about messages without a deployment.

use crate::channel::{Class, written};
use wasm_bindgen::prelude::*;

/// Reads a number as people write it: in E.164, or nothing where no code can be sent to it. For a look at numbers from outside.
#[wasm_bindgen(js_name = readNumber)]
#[allow(clippy::needless_pass_by_value)]
pub fn read_number(text: &str, default_country: Option<String>, countries: Vec<String>) -> Option<String> {
    let number = written::read(text, default_country.as_deref()).filter(|number| number.is_allowed(&countries))?;
    Some(number.as_str().to_owned())
}

/// What an app's own sender may answer as `refused`. The first is handed in as the error code -1, the second as -2, the third as -3.
#[wasm_bindgen(js_name = ownRefusals)]
pub fn own_refusals() -> Vec<String> {
    Class::OWN.map(str::to_owned).into()
}
