//! From our values to JavaScript's.
//!
//! serde-wasm-bindgen makes the single values. Objects and lists are put together here, where nothing can fail: each type then brings no code
//! for a failure of each of its fields.

use super::names;
use core::fmt::{self, Display};
use js_sys::{Array, Object};
use serde::ser::{self, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An object whose entries can be set.
    type Entries;

    #[wasm_bindgen(method, indexing_setter)]
    fn set(this: &Entries, key: JsValue, value: JsValue);
}

/// Writes a value as JSON has it.
pub(super) fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    match value.serialize(Writer) {
        Ok(written) => written,
        Err(never) => match never {},
    }
}

/// Text, numbers, lists and maps can always be written.
#[derive(Debug)]
enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl core::error::Error for Never {}

impl ser::Error for Never {
    #[cold]
    #[inline(never)]
    fn custom<T: Display>(_: T) -> Never {
        unreachable!("only text, numbers, lists and maps are handed out")
    }
}

type Written = Result<JsValue, Never>;

struct Writer;

/// Defines methods that leave a single value to serde-wasm-bindgen.
macro_rules! single {
    ($( $name:ident($kind:ty); )+) => { $(
        fn $name(self, value: $kind) -> Written {
            Ok(Serializer::json_compatible().$name(value).unwrap_or_default())
        }
    )+ };
}

/// Defines methods that write a number as JavaScript has it. None of ours is above 2^53.
macro_rules! long {
    ($( $name:ident($kind:ty); )+) => { $(
        #[allow(clippy::cast_precision_loss)]
        fn $name(self, value: $kind) -> Written {
            self.serialize_f64(value as f64)
        }
    )+ };
}

impl ser::Serializer for Writer {
    type Ok = JsValue;
    type Error = Never;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = ser::Impossible<JsValue, Never>;
    type SerializeMap = Map;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Variant;

    single! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_unit_struct(&'static str);
    }

    long! {
        serialize_i64(i64);
        serialize_u64(u64);
    }

    fn serialize_unit(self) -> Written {
        Ok(JsValue::NULL)
    }

    fn serialize_none(self) -> Written {
        Ok(JsValue::NULL)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Written {
        Ok(names::name(name))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Written {
        Ok(variant(name, to_js(value)))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, Never> {
        Ok(List(Array::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<List, Never> {
        Ok(List(Array::new()))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List, Never> {
        Ok(List(Array::new()))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Never> {
        unreachable!("no variant of ours is a tuple")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Map, Never> {
        Ok(Map { entries: Fields::new(), key: JsValue::NULL })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, Never> {
        Ok(Fields::new())
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, name: &'static str, _: usize) -> Result<Variant, Never> {
        Ok(Variant { name, fields: Fields::new() })
    }
}

/// An object with this one entry.
#[inline(never)]
fn variant(name: &'static str, content: JsValue) -> JsValue {
    let object = Fields::new();
    object.set(name, content);
    object.0.into()
}

struct List(Array);

impl ser::SerializeSeq for List {
    type Ok = JsValue;
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.0.push(&to_js(value));
        Ok(())
    }

    fn end(self) -> Written {
        Ok(self.0.into())
    }
}

impl ser::SerializeTuple for List {
    type Ok = JsValue;
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        Ok(self.0.into())
    }
}

impl ser::SerializeTupleStruct for List {
    type Ok = JsValue;
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        Ok(self.0.into())
    }
}

/// An object under way.
struct Fields(Entries);

impl Fields {
    #[inline(never)]
    fn new() -> Fields {
        Fields(Object::new().unchecked_into())
    }

    #[inline(never)]
    fn set(&self, name: &'static str, value: JsValue) {
        self.0.set(names::name(name), value);
    }
}

impl ser::SerializeStruct for Fields {
    type Ok = JsValue;
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.set(name, to_js(value));
        Ok(())
    }

    fn end(self) -> Written {
        Ok(self.0.into())
    }
}

struct Variant {
    name: &'static str,
    fields: Fields,
}

impl ser::SerializeStructVariant for Variant {
    type Ok = JsValue;
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.fields.set(name, to_js(value));
        Ok(())
    }

    fn end(self) -> Written {
        Ok(variant(self.name, self.fields.0.into()))
    }
}

struct Map {
    entries: Fields,
    key: JsValue,
}

impl ser::SerializeMap for Map {
    type Ok = JsValue;
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        self.key = to_js(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.entries.0.set(core::mem::take(&mut self.key), to_js(value));
        Ok(())
    }

    fn end(self) -> Written {
        Ok(self.entries.0.into())
    }
}
