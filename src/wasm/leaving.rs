//! What leaves, without a deployment: the operator's command opens the seals itself.

use super::read::from_js;
use super::write::to_js;
use crate::account::Account;
use crate::crypto::KeyRing;
use crate::factor::{self, OpenedFactor};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "OpenedFactor[]")]
    pub type JsOpenedFactors;
}

/// Opens the factors of this user that count, from the row of `TwoFactorAccount`, with a ring in the form of `TWO_FACTOR_KEYS`. Throws if one
/// of them cannot be read; the message shows none of it.
#[wasm_bindgen(js_name = openFactors)]
pub fn open_factors(ring: String, user: &str, account: &JsValue) -> Result<JsOpenedFactors, JsError> {
    let ring = Zeroizing::new(ring);
    let keys = KeyRing::parse(&ring)?;
    let account: Account = from_js(account).map_err(|e| JsError::new(&format!("The account cannot be read: {e}")))?;
    let opened: Vec<OpenedFactor> = factor::opened(&account, &user.into(), &keys);
    Ok(to_js(&opened).unchecked_into())
}
