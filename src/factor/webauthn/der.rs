//! A signature of ES256 in DER (RFC 3279 §2.2.3), in its one form (ITU-T X.690 §8.3 and §10.1).
//!
//! It is two numbers. A reader of all of ASN.1 is 4 KB of the module; the tests hold this one against it.

/// The numbers r and s, with the leading zeros that DER leaves out.
pub(super) fn signature(der: &[u8]) -> Option<([u8; 32], [u8; 32])> {
    // A SEQUENCE with nothing behind it. Two numbers are so short that a longer form of its length is never the right one.
    let [0x30, length, numbers @ ..] = der else { return None };
    let (r, rest) = number(numbers)?;
    let (s, rest) = number(rest)?;
    (usize::from(*length) == numbers.len() && rest.is_empty()).then_some((r, s))
}

/// An INTEGER of up to 32 bytes, and what is behind it.
fn number(der: &[u8]) -> Option<([u8; 32], &[u8])> {
    let [0x02, length, rest @ ..] = der else { return None };
    let (bytes, rest) = rest.split_at_checked(usize::from(*length))?;
    let digits = match bytes {
        // A zero stands in front only where the number would be negative without it.
        [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => digits,
        [1..=0x7f, ..] => bytes,
        _ => return None,
    };
    let mut padded = [0; 32];
    let (_, place) = padded.split_at_mut_checked(32_usize.checked_sub(digits.len())?)?;
    place.copy_from_slice(digits);
    Some((padded, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::Signature;
    use proptest::prelude::*;

    /// Whether both readers take it, with the same numbers. A number of zero or beyond the curve's order is refused by whoever has the numbers.
    fn agree(der: &[u8]) -> Result<bool, String> {
        let ours = signature(der).and_then(|(r, s)| Signature::from_scalars(r, s).ok());
        let theirs = Signature::from_der(der).ok();
        if ours != theirs {
            return Err(format!("{der:02x?}: {ours:?}, {theirs:?}"));
        }
        Ok(ours.is_some())
    }

    #[test]
    fn a_number_has_one_form() {
        let signature = |r: &[u8]| {
            let length = u8::try_from(r.len()).unwrap();
            [&[0x30, length + 5, 0x02, length], r, &[0x02, 0x01, 0x01]].concat()
        };
        for good in [&[0x01][..], &[0x7f], &[0x00, 0x80], &[0x01; 32], &[&[0x00][..], &[0x80; 32]].concat()] {
            assert_eq!(agree(&signature(good)), Ok(true), "{good:02x?}");
        }
        for bad in [&[][..], &[0x00], &[0x80], &[0x00, 0x7f], &[0x00, 0x00, 0x80], &[0x01; 33], &[0xff; 32]] {
            assert_eq!(agree(&signature(bad)), Ok(false), "{bad:02x?}");
        }
    }

    #[test]
    fn what_is_around_the_numbers_has_one_form() {
        assert_eq!(agree(&[0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]), Ok(true));
        for bad in [
            &[][..],
            &[0x30],
            &[0x30, 0x80, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00, 0x00],
            &[0x30, 0x81, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01],
            &[0x30, 0x07, 0x02, 0x81, 0x01, 0x01, 0x02, 0x01, 0x01],
            &[0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00],
            &[0x30, 0x07, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00],
            &[0x30, 0x05, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01],
            &[0x31, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01],
            &[0x30, 0x06, 0x02, 0x01, 0x01, 0x03, 0x01, 0x01],
            &[0x30, 0x03, 0x02, 0x01, 0x01],
        ] {
            assert_eq!(agree(bad), Ok(false), "{bad:02x?}");
        }
    }

    proptest! {
        #[test]
        fn every_signature_is_read_as_the_reader_of_all_of_asn_1_reads_it(
            r in any::<[u8; 32]>(), s in any::<[u8; 32]>(), zeros in 0_usize..32,
        ) {
            let r: Vec<u8> = r.iter().enumerate().map(|(at, byte)| if at < zeros { 0 } else { *byte }).collect();
            let r: [u8; 32] = r.try_into().unwrap();
            prop_assume!(Signature::from_scalars(r, s).is_ok());
            let der = Signature::from_scalars(r, s).unwrap().to_der();
            prop_assert_eq!(agree(der.as_bytes()), Ok(true));
        }

        #[test]
        fn a_changed_byte_is_taken_exactly_where_the_reader_of_all_of_asn_1_takes_it(
            r in any::<[u8; 32]>(), s in any::<[u8; 32]>(), at in any::<prop::sample::Index>(), with in any::<u8>(),
        ) {
            prop_assume!(Signature::from_scalars(r, s).is_ok());
            let mut der = Signature::from_scalars(r, s).unwrap().to_der().as_bytes().to_vec();
            let at = at.index(der.len());
            der[at] = with;
            prop_assert!(agree(&der).is_ok());
        }

        #[test]
        fn arbitrary_bytes_are_taken_exactly_where_the_reader_of_all_of_asn_1_takes_them(
            mut der in proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(2), Just(0x80), any::<u8>()], 8..12),
        ) {
            der[0] = 0x30;
            der[1] = u8::try_from(der.len() - 2).unwrap();
            prop_assert!(agree(&der).is_ok());
        }
    }
}
