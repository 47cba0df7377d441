//! A reader of CBOR (RFC 8949) in the form that WebAuthn prescribes: CTAP2's canonical one (L3 §2.4, which asks decoders to refuse
//! other forms). Lengths are definite and as short as they can be, nothing is tagged, no key of a map stands twice.
//!
//! The order of keys is not checked. Nothing depends on it, and a clumsy encoder is no reason to shut its owner out.

use super::Error;

/// Deeper nesting is refused, for the sake of the stack. CTAP2 allows four levels; `compound` attestation has five.
const MOST_DEPTH: u8 = 8;

/// The most entries of one array or map. The longest known are certificate chains and extensions, of fewer than ten.
const MOST_ENTRIES: u64 = 64;

const BAD: Error = Error::Malformed("the authenticator's data is not canonical CBOR");

pub(super) struct Reader<'a> {
    rest: &'a [u8],
    depth: u8,
}

/// What is done with an entry of a map, given the bytes of its key. They can be compared with bytes, since each key has one
/// encoding.
type Entry<'f, 'a> = &'f mut dyn FnMut(&'a [u8], &mut Reader<'a>) -> Result<(), Error>;

/// Reads bytes that are one map.
pub(super) fn map<'a>(bytes: &'a [u8], entry: Entry<'_, 'a>) -> Result<(), Error> {
    let mut reader = Reader { rest: bytes, depth: 0 };
    let (MAP, length) = reader.head()? else { return Err(BAD) };
    reader.entries(length, entry)?;
    if reader.rest.is_empty() { Ok(()) } else { Err(BAD) }
}

/// The map that the bytes begin with, and what follows it.
pub(super) fn split_map(bytes: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let mut reader = Reader { rest: bytes, depth: 0 };
    let map = reader.item()?;
    let (MAP, _) = (Reader { rest: map, depth: 0 }).head()? else { return Err(BAD) };
    Ok((map, reader.rest))
}

/// The byte string that an item is.
pub(super) fn bytes(item: &[u8]) -> Result<&[u8], Error> {
    let mut reader = Reader { rest: item, depth: 0 };
    let bytes = reader.bytes()?;
    if reader.rest.is_empty() { Ok(bytes) } else { Err(BAD) }
}

const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const SIMPLE: u8 = 7;

impl<'a> Reader<'a> {
    /// The major type and the argument of the next item.
    fn head(&mut self) -> Result<(u8, u64), Error> {
        let first = u8::from_be_bytes(self.chunk()?);
        let major = first >> 5;
        let (argument, least) = match first & 0x1f {
            small @ 0..=23 => (u64::from(small), 0),
            24 => (u64::from(u8::from_be_bytes(self.chunk()?)), 24),
            25 => (u64::from(u16::from_be_bytes(self.chunk()?)), 1 << 8),
            26 => (u64::from(u32::from_be_bytes(self.chunk()?)), 1 << 16),
            27 => (u64::from_be_bytes(self.chunk()?), 1 << 32),
            _ => return Err(BAD),
        };
        // Of simple values only false, true, null, undefined and floating-point numbers are in use.
        let in_use = match (major, first & 0x1f) {
            (SIMPLE, 0..=19 | 24) => false,
            (SIMPLE, _) => true,
            _ => argument >= least,
        };
        if in_use { Ok((major, argument)) } else { Err(BAD) }
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (chunk, rest) = self.rest.split_first_chunk().ok_or(BAD)?;
        self.rest = rest;
        Ok(*chunk)
    }

    fn slice(&mut self, length: u64) -> Result<&'a [u8], Error> {
        let length = usize::try_from(length).map_err(|_| BAD)?;
        let (slice, rest) = self.rest.split_at_checked(length).ok_or(BAD)?;
        self.rest = rest;
        Ok(slice)
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let (BYTES, length) = self.head()? else { return Err(BAD) };
        self.slice(length)
    }

    /// The bytes of the next item, whatever it is.
    pub(super) fn item(&mut self) -> Result<&'a [u8], Error> {
        let whole = self.rest;
        self.skip()?;
        let (item, _) = whole.split_at_checked(whole.len() - self.rest.len()).ok_or(BAD)?;
        Ok(item)
    }

    /// Reads an item of any type and forgets it.
    pub(super) fn skip(&mut self) -> Result<(), Error> {
        match self.head()? {
            (0 | 1 | SIMPLE, _) => Ok(()),
            (BYTES, length) => self.slice(length).map(drop),
            (TEXT, length) => core::str::from_utf8(self.slice(length)?).map(drop).map_err(|_| BAD),
            (ARRAY, length) => self.nested(length, &mut Reader::skip),
            (MAP, length) => self.entries(length, &mut |_, reader| reader.skip()),
            _ => Err(BAD),
        }
    }

    fn entries(&mut self, length: u64, entry: Entry<'_, 'a>) -> Result<(), Error> {
        let mut seen: Vec<&[u8]> = Vec::new();
        self.nested(length, &mut |reader| {
            let key = reader.item()?;
            if seen.contains(&key) {
                return Err(BAD);
            }
            seen.push(key);
            entry(key, reader)
        })
    }

    fn nested(&mut self, length: u64, each: &mut dyn FnMut(&mut Reader<'a>) -> Result<(), Error>) -> Result<(), Error> {
        if length > MOST_ENTRIES || self.depth >= MOST_DEPTH {
            return Err(BAD);
        }
        self.depth += 1;
        for _ in 0..length {
            each(self)?;
        }
        self.depth -= 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_map(bytes: &[u8]) -> bool {
        map(bytes, &mut |_, reader| reader.skip()).is_ok()
    }

    /// A map of one key, 0, with this value.
    fn holding(value: &[u8]) -> Vec<u8> {
        [&[0xa1, 0x00], value].concat()
    }

    #[test]
    fn every_type_in_use_is_read() {
        for value in [
            &[0x17][..],
            &[0x18, 0x18],
            &[0x19, 0x01, 0x00],
            &[0x1a, 0x00, 0x01, 0x00, 0x00],
            &[0x1b, 0, 0, 0, 1, 0, 0, 0, 0],
            &[0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x42, 1, 2],
            &[0x62, 0xc3, 0xa9],
            &[0x82, 0x01, 0x80],
            &[0xa1, 0x61, 0x61, 0xf5],
            &[0xf4],
            &[0xf6],
            &[0xf7],
            &[0xf9, 0x00, 0x00],
            &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
        ] {
            assert!(is_map(&holding(value)), "{value:x?}");
        }
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        for (why, value) in [
            ("23 in two bytes", &[0x18, 0x17][..]),
            ("255 in three bytes", &[0x19, 0x00, 0xff]),
            ("65535 in five bytes", &[0x1a, 0, 0, 0xff, 0xff]),
            ("2^32 - 1 in nine bytes", &[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]),
            ("a length in two bytes", &[0x58, 0x01, 0x00]),
            ("indefinite bytes", &[0x5f, 0x41, 0x00, 0xff]),
            ("an indefinite text", &[0x7f, 0x61, 0x61, 0xff]),
            ("an indefinite array", &[0x9f, 0xff]),
            ("an indefinite map", &[0xbf, 0xff]),
            ("a tag", &[0xc0, 0x61, 0x61]),
            ("a break", &[0xff]),
            ("a reserved length", &[0x1c]),
            ("a simple value that nobody uses", &[0xe0]),
            ("a simple value in two bytes", &[0xf8, 0xff]),
            ("a text that is not UTF-8", &[0x62, 0xc3, 0x28]),
            ("a key twice", &[0xa2, 0x01, 0x00, 0x01, 0x00]),
            ("a key twice, deeper", &[0x81, 0xa2, 0x61, 0x61, 0x00, 0x61, 0x61, 0x01]),
            ("bytes that end early", &[0x42, 0x00]),
            ("an array that ends early", &[0x82, 0x00]),
            ("nothing", &[]),
        ] {
            assert!(!is_map(&holding(value)), "{why}");
        }
    }

    #[test]
    fn lengths_beyond_the_bytes_cost_nothing() {
        for major in [0x40, 0x60, 0x80, 0xa0] {
            let claimed = [&[major | 27][..], &(1u64 << 63).to_be_bytes()].concat();
            assert!(!is_map(&holding(&claimed)), "{major:x}");
            assert!(!is_map(&claimed), "{major:x}");
        }
    }

    #[test]
    fn nesting_has_an_end_on_both_sides_of_the_limit() {
        let nested = |levels: usize| [vec![0x81; levels], vec![0x00]].concat();
        assert!(is_map(&holding(&nested(7))));
        assert!(!is_map(&holding(&nested(8))));
        assert!(!is_map(&holding(&vec![0x81; 100_000])));
        assert!(!is_map(&vec![0xa1; 100_000]));
    }

    #[test]
    fn what_stands_side_by_side_is_no_nesting_and_has_an_end_of_its_own() {
        assert!(is_map(&holding(&[&[0x94][..], &[0x80; 20]].concat())));
        let beside = |length: u8| [&[0x98, length][..], &vec![0x00; length.into()]].concat();
        assert!(is_map(&holding(&beside(64))));
        for length in [65, 66] {
            assert!(!is_map(&holding(&beside(length))), "{length}");
        }
    }

    #[test]
    fn nothing_may_follow_and_only_a_map_may_come() {
        assert!(is_map(&[0xa0]));
        assert!(!is_map(&[0xa0, 0x00]));
        assert!(!is_map(&[0x80]));
        assert_eq!(split_map(&[0xa1, 0x01, 0x02, 0x03]), Ok((&[0xa1, 0x01, 0x02][..], &[0x03][..])));
        assert!(split_map(&[0x01, 0x02]).is_err());
        assert_eq!(bytes(&[0x41, 0x07]), Ok(&[0x07][..]));
        assert!(bytes(&[0x41, 0x07, 0x00]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = is_map(&bytes);
            if let Ok((map, rest)) = split_map(&bytes) {
                proptest::prop_assert_eq!([map, rest].concat(), bytes);
            }
        }
    }
}
