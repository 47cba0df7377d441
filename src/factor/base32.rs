//! Secrets of authenticator apps as people and other products write them.

use zeroize::Zeroizing;

/// Reads base32 (RFC 4648 §6) as authenticator apps do: in either case, with spaces and padding left out. Bits that fill no byte are left out as
/// well. `None` if another character is in it.
pub(crate) fn read(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    // As long as the text, so that it never grows and leaves a copy in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let (mut held, mut bits) = (0u16, 0u8);
    for symbol in text.bytes().filter(|byte| !matches!(byte, b' ' | b'=')) {
        let value = match symbol.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        held = (held << 5) | u16::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits).to_be_bytes()[1]);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_read_as_rfc_4648_writes_it_in_either_case_with_spaces_and_padding() {
        // RFC 4648 §10.
        for (text, bytes) in [
            ("", ""),
            ("MY======", "f"),
            ("MZXQ====", "fo"),
            ("MZXW6===", "foo"),
            ("MZXW6YQ=", "foob"),
            ("MZXW6YTB", "fooba"),
            ("MZXW6YTBOI======", "foobar"),
            ("mzxw 6ytb oi", "foobar"),
        ] {
            assert_eq!(read(text).unwrap().as_slice(), bytes.as_bytes(), "{text}");
        }
        for text in ["MZXW6YT1", "MZXW6YT8", "MZXW-6YTB", "MZXW6YTB\n", "é"] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_in_base32_is_read_again(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..64)) {
            use base32ct::{Base32UpperUnpadded, Encoding};
            assert_eq!(*read(&Base32UpperUnpadded::encode_string(&bytes)).unwrap(), bytes);
        }
    }
}
