//! What is too long to be read across the boundary.

use crate::crypto::Secret;
use crate::id::{ProviderName, UserId};
use crate::wire::{LONGEST, ProviderCall};
use js_sys::{JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

/// How deep replies are looked at for long texts.
const DEPTH: u8 = 5;

/// Whether no text of a value is longer than a parameter may be. A client can fill columns of its own row with megabytes, where objectIds may
/// be chosen its id as well, and memory that was needed once is never given back. An account is ours: nothing gets into it but through here.
pub(super) fn is_short(value: &JsValue) -> bool {
    is_short_within(value, DEPTH)
}

fn is_short_within(value: &JsValue, depth: u8) -> bool {
    if let Some(text) = value.dyn_ref::<JsString>() {
        return text.length() as usize <= LONGEST;
    }
    let Some(object) = value.dyn_ref::<Object>() else { return true };
    let Some(depth) = depth.checked_sub(1) else { return false };
    let is_short = |key: &JsValue| {
        let is_account = depth + 1 == DEPTH && key.as_string().is_some_and(|key| key == "account");
        // Reading a getter that throws is left to whoever reads the value.
        is_account || Reflect::get(object, key).map_or(true, |value| is_short_within(&value, depth))
    };
    Object::keys(object).iter().all(|key| is_short(&key))
}

/// The id of a user; `None` if it is too long to be read.
pub(super) fn user_id(id: &JsString) -> Option<UserId> {
    short(id).map(Into::into)
}

/// The names of providers; `None` if one is too long to be read.
pub(super) fn provider_names(names: &[JsString]) -> Option<Vec<ProviderName>> {
    names.iter().map(|name| short(name).map(Into::into)).collect()
}

fn short(text: &JsString) -> Option<String> {
    (text.length() as usize <= LONGEST).then(|| String::from(text))
}

/// A request of the provider's; `None` if it brings something too long to be read, or has no token.
pub(super) fn provider_call(
    address: &[JsString],
    signature: &JsString,
    auth_tokens: &[JsString],
    fields: &[JsString],
) -> Option<ProviderCall> {
    let texts = |list: &[JsString]| list.iter().map(short).collect::<Option<Vec<String>>>();
    let mut address = texts(address)?.into_iter().map(Secret::from);
    let mut fields = texts(fields)?.into_iter();
    let mut pairs = Vec::new();
    while let (Some(name), Some(value)) = (fields.next(), fields.next()) {
        pairs.push((name, value));
    }
    Some(ProviderCall {
        message: address.next()?,
        code: address.next(),
        signature: short(signature)?,
        auth_tokens: texts(auth_tokens)?.into_iter().map(Secret::from).collect(),
        fields: pairs,
    })
}
