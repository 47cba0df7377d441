//! The names of all options that the core takes, for JavaScript to refuse others by: serde would ignore them.

use super::write::to_js;
use crate::policy::{Limits, Settings, Texts, TrustedDevices, VerifySettings, WebauthnSettings};
use core::fmt::{Display, Formatter, Result as Written};
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// The options under one name.
#[derive(Serialize, Tsify)]
pub struct OptionGroup {
    /// The option that they stand under. It is empty for those that stand under none, and `messages` for the kinds of text, which stand
    /// under a language there.
    pub group: &'static str,
    /// Their names.
    pub names: &'static [&'static str],
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "OptionGroup[]")]
    pub type JsOptionGroups;
}

/// Every option that the core takes.
#[wasm_bindgen(js_name = optionGroups)]
pub fn option_groups() -> JsOptionGroups {
    let groups = [
        ("", fields::<Settings>()),
        ("limits", fields::<Limits>()),
        ("webauthn", fields::<WebauthnSettings>()),
        ("trustedDevices", fields::<TrustedDevices>()),
        ("verify", fields::<VerifySettings>()),
        ("messages", fields::<Texts>()),
    ];
    to_js(&groups.map(|(group, names)| OptionGroup { group, names })).unchecked_into()
}

/// The fields that a type asks for when it is read.
fn fields<T: DeserializeOwned>() -> &'static [&'static str] {
    match T::deserialize(Asking) {
        Ok(_) => &[],
        Err(Asked(fields)) => fields,
    }
}

/// Nothing to read from: it only takes down what is asked for.
struct Asking;

#[derive(Debug)]
struct Asked(&'static [&'static str]);

impl<'de> Deserializer<'de> for Asking {
    type Error = Asked;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Asked> {
        Err(Asked(&[]))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Asked> {
        Err(Asked(fields))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

impl Display for Asked {
    fn fmt(&self, _: &mut Formatter<'_>) -> Written {
        Ok(())
    }
}

impl core::error::Error for Asked {}

impl Error for Asked {
    fn custom<T: Display>(_: T) -> Asked {
        Asked(&[])
    }
}
