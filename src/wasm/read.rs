//! From JavaScript's values to ours.
//!
//! serde-wasm-bindgen reads the fields of a type in the order of the object that it finds, and so each type brings code for each order. This
//! one asks the object for the fields in the type's own order, which takes a third of the code.

use super::names::name;
use core::fmt::Display;
use js_sys::{Array, Object, Reflect, Symbol};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::prelude::*;

/// Reads a value. What is `undefined` counts as left out.
///
/// # Errors
/// What is wrong with it, in words for the operator.
pub(super) fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, String> {
    T::deserialize(Js(value.clone())).map_err(|unreadable| match unreadable {
        Unreadable::Because(reason) => reason,
        Unreadable::Missing => "nothing is there".into(),
    })
}

/// Why a value cannot be read.
#[derive(Debug)]
enum Unreadable {
    /// It is not there.
    Missing,
    /// It is something else.
    Because(String),
}

impl core::fmt::Display for Unreadable {
    fn fmt(&self, _: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        Ok(())
    }
}

impl core::error::Error for Unreadable {}

impl Error for Unreadable {
    fn custom<T: Display>(reason: T) -> Unreadable {
        Unreadable::Because(reason.to_string())
    }

    // Without the number that was found where a type refuses one: writing out a fraction takes two percent of the module.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Unreadable {
        Unreadable::custom(format_args!("invalid type, expected {expected}"))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Unreadable {
        if let Unexpected::Signed(number) = found {
            return Unreadable::custom(format_args!("invalid value: {number}, expected {expected}"));
        }
        Unreadable::custom(format_args!("invalid value, expected {expected}"))
    }

    // A type says so when it asks for a field that it cannot do without, and gets none.
    fn invalid_length(_: usize, _: &dyn Expected) -> Unreadable {
        Unreadable::Missing
    }
}

/// A value from JavaScript.
struct Js(JsValue);

impl Js {
    /// The refusal of a value that is not what a type expects.
    #[cold]
    #[inline(never)]
    fn is_not(&self, expected: &dyn Expected) -> Unreadable {
        if self.0.is_undefined() {
            return Unreadable::Missing;
        }
        let found = format!("{:?}", self.0);
        let found = found.strip_prefix("JsValue(").and_then(|found| found.strip_suffix(')')).unwrap_or(&found);
        Unreadable::custom(format_args!("invalid type: {found}, expected {expected}"))
    }

    fn is_nothing(&self) -> bool {
        self.0.is_undefined() || self.0.is_null()
    }

    /// The whole number, if it is one that JavaScript has exactly.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    #[inline(never)]
    fn whole(&self) -> Option<i64> {
        const MOST: i64 = (1 << 53) - 1;
        let number = self.0.as_f64()?;
        let whole = number as i64;
        (whole as f64 == number && (-MOST..=MOST).contains(&whole)).then_some(whole)
    }

    /// The entries of an object that is neither a list nor a `Map`, whose entries would be lost.
    #[inline(never)]
    fn entries(&self) -> Option<Entries> {
        if !self.0.is_object() || Reflect::has(&self.0, &Symbol::iterator()) != Ok(false) {
            return None;
        }
        let entries = Object::entries(self.0.unchecked_ref());
        Some(Entries { left: entries.iter().collect::<Vec<_>>().into_iter(), value: JsValue::UNDEFINED })
    }

    /// The variant that a text names, or the one entry of an object.
    #[inline(never)]
    fn variant(&self) -> Option<Variant> {
        if self.0.is_string() {
            return Some(Variant { tag: self.0.clone(), content: JsValue::UNDEFINED });
        }
        let mut entries = self.entries()?;
        let tag = entries.next()?;
        let content = core::mem::take(&mut entries.value);
        entries.next().is_none().then_some(Variant { tag, content })
    }
}

/// Defines methods that hand the visitor what the value has, or refuse it.
macro_rules! read {
    ($( $($name:ident)+ => $get:expr, $visit:ident; )+) => { $( $(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            let get: fn(&Js) -> _ = $get;
            match get(&self) {
                Some(found) => visitor.$visit(found),
                None => Err(self.is_not(&visitor)),
            }
        }
    )+ )+ };
}

impl<'de> Deserializer<'de> for Js {
    type Error = Unreadable;

    read! {
        deserialize_bool => |js| js.0.as_bool(), visit_bool;
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 => Js::whole, visit_i64;
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 => Js::whole, visit_i64;
        deserialize_f32 deserialize_f64 => |js| js.0.as_f64(), visit_f64;
        deserialize_str deserialize_string deserialize_identifier => |js| js.0.as_string(), visit_string;
        deserialize_seq => |js| Elements::of(&js.0), visit_seq;
        deserialize_map => Js::entries, visit_map;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.is_nothing() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if !self.0.is_object() {
            return Err(self.is_not(&visitor));
        }
        let mut fields = Fields { object: self.0, names, last: "" };
        visitor.visit_seq(&mut fields).map_err(|unreadable| fields.named(unreadable))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.variant() {
            Some(variant) => visitor.visit_enum(variant),
            None => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.is_nothing() {
            visitor.visit_unit()
        } else if let Some(flag) = self.0.as_bool() {
            visitor.visit_bool(flag)
        } else if let Some(number) = self.0.as_f64() {
            visitor.visit_f64(number)
        } else if let Some(text) = self.0.as_string() {
            visitor.visit_string(text)
        } else if let Some(elements) = Elements::of(&self.0) {
            visitor.visit_seq(elements)
        } else {
            self.deserialize_map(visitor)
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct }
}

/// The elements of a list, one after the other.
struct Elements {
    list: Array,
    length: u32,
    at: u32,
}

impl Elements {
    #[inline(never)]
    fn of(value: &JsValue) -> Option<Elements> {
        let list = value.dyn_ref::<Array>()?.clone();
        Some(Elements { length: list.length(), list, at: 0 })
    }

    #[inline(never)]
    fn next(&mut self) -> Option<Js> {
        let at = self.at;
        self.at += 1;
        (at < self.length).then(|| Js(self.list.get(at)))
    }
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.next().map(|element| seed.deserialize(element)).transpose()
    }
}

/// The entries of an object, one after the other.
struct Entries {
    left: std::vec::IntoIter<JsValue>,
    /// That of the entry whose key was handed out last.
    value: JsValue,
}

impl Entries {
    /// The next key whose value is not `undefined`.
    #[inline(never)]
    fn next(&mut self) -> Option<JsValue> {
        loop {
            let entry = self.left.next()?.unchecked_into::<Array>();
            self.value = entry.get(1);
            if !self.value.is_undefined() {
                return Some(entry.get(0));
            }
        }
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        self.next().map(|key| seed.deserialize(Js(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        seed.deserialize(Js(core::mem::take(&mut self.value)))
    }
}

/// The fields of an object, in the order in which a type wants them.
struct Fields {
    object: JsValue,
    names: &'static [&'static str],
    /// The name of the one that was handed out last.
    last: &'static str,
}

impl Fields {
    #[inline(never)]
    fn next(&mut self) -> Js {
        if let [next, names @ ..] = self.names {
            (self.last, self.names) = (next, names);
        }
        // A getter that throws has no value.
        Js(Reflect::get(&self.object, &name(self.last)).unwrap_or_default())
    }

    /// The refusal, with the name of the field that is missing.
    #[cold]
    #[inline(never)]
    fn named(&self, unreadable: Unreadable) -> Unreadable {
        match unreadable {
            Unreadable::Missing => Unreadable::missing_field(self.last),
            because @ Unreadable::Because(_) => because,
        }
    }
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        match seed.deserialize(self.next()) {
            // The type has a default for the field, or none.
            Err(Unreadable::Missing) => Ok(None),
            read => read.map(Some),
        }
    }
}

/// The variant of an enum, with what stands under its name.
struct Variant {
    tag: JsValue,
    content: JsValue,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unreadable;
    type Variant = Js;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Js), Unreadable> {
        Ok((seed.deserialize(Js(self.tag))?, Js(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Js {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        // A null beside the name would be lost where the element is written.
        if self.0.is_undefined() { Ok(()) } else { Err(self.is_not(&"nothing beside the name")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_struct("", names, visitor)
    }
}
