//! A JSON reader (RFC 8259) that calls back for each member and keeps nothing that nobody asked for.
//!
//! Client data has to be parsed by a real parser (WebAuthn L3 §5.8.1.2 lets a relying party compare text, which refuses native
//! clients). This one is a tenth of `serde_json`'s size in the module; the tests hold it against `serde_json`.

use super::Error;

/// Deeper nesting is refused: a megabyte of `[` must not exhaust the stack. Real credentials have four levels.
const MOST_DEPTH: u8 = 16;

pub(crate) struct Reader<'a> {
    rest: &'a str,
    depth: u8,
    /// What to say about a text that is not JSON, or has another type where it matters.
    error: &'static str,
}

/// What is done with a member, given its name.
type Member<'f, 'a> = &'f mut dyn FnMut(&str, &mut Reader<'a>) -> Result<(), Error>;

/// Reads a text that is one object.
pub(crate) fn object<'a>(text: &'a str, error: &'static str, member: Member<'_, 'a>) -> Result<(), Error> {
    let mut reader = Reader { rest: text, depth: 0, error };
    reader.object(member)?;
    reader.white_space();
    if reader.rest.is_empty() { Ok(()) } else { Err(reader.bad()) }
}

/// Keeps the value of a member. A name that stands twice is refused: two readers could each see another value.
pub(super) fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), Error> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::Malformed("a member stands twice in the credential")),
    }
}

impl<'a> Reader<'a> {
    fn bad(&self) -> Error {
        Error::Malformed(self.error)
    }

    fn white_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Takes this text if it comes next.
    fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes this text, which has to come next after white space.
    fn expect(&mut self, text: &str) -> Result<(), Error> {
        self.white_space();
        if self.take(text) { Ok(()) } else { Err(self.bad()) }
    }

    fn character(&mut self) -> Result<char, Error> {
        let mut characters = self.rest.chars();
        let next = characters.next().ok_or(self.bad())?;
        self.rest = characters.as_str();
        Ok(next)
    }

    pub(crate) fn object(&mut self, member: Member<'_, 'a>) -> Result<(), Error> {
        self.list("{", "}", &mut |reader| {
            let name = reader.string()?;
            reader.expect(":")?;
            member(&name, reader)
        })
    }

    pub(crate) fn array(&mut self, element: &mut dyn FnMut(&mut Reader<'a>) -> Result<(), Error>) -> Result<(), Error> {
        self.list("[", "]", element)
    }

    fn list(
        &mut self,
        open: &str,
        close: &str,
        item: &mut dyn FnMut(&mut Reader<'a>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.expect(open)?;
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(self.bad());
        }
        self.white_space();
        if !self.take(close) {
            loop {
                item(self)?;
                self.white_space();
                if self.take(close) {
                    break;
                }
                self.expect(",")?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    pub(crate) fn string(&mut self) -> Result<String, Error> {
        self.expect("\"")?;
        let mut text = String::new();
        loop {
            match self.character()? {
                '"' => return Ok(text),
                '\\' => text.push(self.escaped()?),
                '\0'..' ' => return Err(self.bad()),
                other => text.push(other),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Error> {
        Ok(match self.character()? {
            same @ ('"' | '\\' | '/') => same,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.code_unit()?;
                let both = match first {
                    0xd800..0xdc00 if self.take("\\u") => match self.code_unit()? {
                        second @ 0xdc00..0xe000 => 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00),
                        _ => return Err(self.bad()),
                    },
                    _ => first,
                };
                // Refuses half a surrogate pair, which decoders turn into different characters.
                char::from_u32(both).ok_or(self.bad())?
            }
            _ => return Err(self.bad()),
        })
    }

    fn code_unit(&mut self) -> Result<u32, Error> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + self.character()?.to_digit(16).ok_or(self.bad())?;
        }
        Ok(unit)
    }

    /// A text, or nothing for `null`.
    pub(super) fn optional_string(&mut self) -> Result<Option<String>, Error> {
        if self.null() { Ok(None) } else { self.string().map(Some) }
    }

    /// Whether `null` comes next; takes it.
    pub(super) fn null(&mut self) -> bool {
        self.white_space();
        self.take("null")
    }

    pub(super) fn boolean(&mut self) -> Result<bool, Error> {
        self.white_space();
        match self.take("true") {
            true => Ok(true),
            false => self.expect("false").map(|()| false),
        }
    }

    /// The first byte of what comes next after white space. It tells a value's type.
    pub(crate) fn first_byte(&mut self) -> Option<u8> {
        self.white_space();
        self.rest.as_bytes().first().copied()
    }

    /// Reads a value of any type and forgets it.
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        match self.first_byte() {
            Some(b'{') => self.object(&mut |_, reader| reader.skip()),
            Some(b'[') => self.array(&mut Reader::skip),
            Some(b'"') => self.string().map(drop),
            Some(b't' | b'f') => self.boolean().map(drop),
            Some(b'n') => self.expect("null"),
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Result<(), Error> {
        self.take("-");
        if !self.take("0") {
            self.digits()?;
        }
        if self.take(".") {
            self.digits()?;
        }
        if self.take("e") || self.take("E") {
            let _sign = self.take("+") || self.take("-");
            self.digits()?;
        }
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), Error> {
        let rest = self.rest.trim_start_matches(|character: char| character.is_ascii_digit());
        if rest.len() == self.rest.len() {
            return Err(self.bad());
        }
        self.rest = rest;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// The members of an object whose values are texts, and whether it is an object in JSON at all.
    fn texts(text: &str) -> Option<Vec<(String, String)>> {
        let mut members = Vec::new();
        object(text, "bad", &mut |name, reader| {
            reader.white_space();
            if reader.rest.starts_with('"') {
                members.push((name.to_owned(), reader.string()?));
                return Ok(());
            }
            reader.skip()
        })
        .ok()?;
        Some(members)
    }

    /// The same by `serde_json`. Its order of members is another, so the pairs are sorted by whoever compares.
    fn texts_by_serde(text: &str) -> Option<Vec<(String, String)>> {
        let Value::Object(members) = serde_json::from_str(text).ok()? else { return None };
        let text = |(name, value): (String, Value)| value.as_str().map(|value| (name, value.to_owned()));
        Some(members.into_iter().filter_map(text).collect())
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_object_is_read_as_serde_json_reads_it(value in value(), pretty in any::<bool>()) {
            let value = json!({"outer": value, "text": "é\u{1f511}\"\\\n"});
            let text = if pretty { format!("{value:#}") } else { value.to_string() };
            let mut read = texts(&text).unwrap();
            read.sort();
            prop_assert_eq!(Some(read), texts_by_serde(&text));
        }

        #[test]
        fn a_text_with_a_changed_character_is_json_exactly_if_serde_json_says_so(
            value in value(), at in any::<prop::sample::Index>(), with in "[\"\\\\{}\\[\\]:,0-9a-fu.eE+ \n\t\\-]{0,2}",
        ) {
            let text = json!({"outer": value, "escaped": "\u{1}"}).to_string();
            let mut characters: Vec<String> = text.chars().map(String::from).collect();
            let at = at.index(characters.len());
            characters[at] = with;
            let text = characters.concat();
            let is_json = serde_json::from_str::<std::collections::BTreeMap<String, serde::de::IgnoredAny>>(&text).is_ok();
            prop_assert_eq!(texts(&text).is_some(), is_json, "{}", text);
        }

        #[test]
        fn arbitrary_texts_are_refused_without_a_panic(text in "\\PC{0,60}") {
            prop_assert_eq!(texts(&text).is_some(), matches!(serde_json::from_str(&text), Ok(Value::Object(_))));
        }
    }

    #[test]
    fn a_surrogate_pair_is_one_character_and_half_of_one_is_refused() {
        assert_eq!(texts(r#"{"a":"\ud83d\udd11\u00e9"}"#), Some(vec![("a".into(), "\u{1f511}é".into())]));
        for half in
            [r"\ud83d", r"\udd11", r"\ud83dx", r"\ud83d\u0041", r"\udd11\ud83d", r"\ud83d\n", r"\u+041", r"\u00"]
        {
            assert_eq!(texts(&format!(r#"{{"a":"{half}"}}"#)), None, "{half}");
        }
    }

    #[test]
    fn each_escape_of_json_is_its_character() {
        let read = texts(r#"{"a":"\b\f\n\r\t\/\\\""}"#);
        assert_eq!(read, Some(vec![("a".into(), "\u{8}\u{c}\n\r\t/\\\"".into())]));
        assert_eq!(texts(r#"{"a":"\v"}"#), None);
    }

    #[test]
    fn what_stands_side_by_side_is_no_nesting() {
        assert!(texts(&format!(r#"{{"a":[{}[]]}}"#, "[],".repeat(50))).is_some());
    }

    #[test]
    fn nesting_is_read_to_sixteen_levels_and_refused_beyond() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(texts(&nested(15)).is_some());
        assert!(texts(&nested(16)).is_none());
        assert!(texts(&format!("{{\"a\":{}", "[".repeat(100_000))).is_none());
    }
}
