//! TOTP (RFC 6238) over HOTP (RFC 4226): SHA-1, six digits, steps of 30 s, the one profile that every authenticator app reads.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Length of a secret: 160 bits (RFC 4226 §4, R6 recommends it).
pub const SECRET_BYTES: usize = 20;

/// Length of a step in seconds (RFC 6238 §5.2).
pub const STEP_SECONDS: u64 = 30;

const DIGITS: &[u8; 10] = b"0123456789";

/// The code for a step (RFC 4226 §5.3), as six ASCII digits.
pub fn code(secret: &[u8], step: u64) -> Zeroizing<[u8; 6]> {
    truncated(keyed(secret), step)
}

fn keyed(secret: &[u8]) -> Hmac<Sha1> {
    Hmac::new_from_slice(secret).expect("HMAC takes keys of any length")
}

fn truncated(mut mac: Hmac<Sha1>, step: u64) -> Zeroizing<[u8; 6]> {
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0xf);
    let truncated =
        u32::from_be_bytes([digest[offset] & 0x7f, digest[offset + 1], digest[offset + 2], digest[offset + 3]]);
    let mut digits = Zeroizing::new([0; 6]);
    let mut rest = truncated % 1_000_000;
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(rest % 10) as usize];
        rest /= 10;
    }
    digits
}

/// The step that a code is for, at `seconds` since 1970 give or take `window` steps; `None` if it is for none of them.
///
/// Each comparison takes the same time whatever the digits; a later step wins over an earlier one with the same code. Whether the
/// step was used before is for the caller to say.
pub fn check(secret: &[u8], presented: &str, seconds: u64, window: u64) -> Option<u64> {
    let now = seconds / STEP_SECONDS;
    let mac = keyed(secret);
    let matches = |step: &u64| bool::from(truncated(mac.clone(), *step)[..].ct_eq(presented.as_bytes()));
    (now.saturating_sub(window)..=now + window).rev().find(matches)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 4226 appendix D and of the SHA-1 rows of RFC 6238 appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn rfc_4226_appendix_d() {
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, expected) in expected.iter().enumerate() {
            assert_eq!(&code(SECRET, counter as u64)[..], expected.as_bytes());
        }
    }

    #[test]
    fn rfc_6238_appendix_b_sha1() {
        // The RFC's values have eight digits; six-digit codes are their last six (RFC 4226 §5.3: modulo 10^Digit).
        for (seconds, eight) in [
            (59, "94287082"),
            (1111111109, "07081804"),
            (1111111111, "14050471"),
            (1234567890, "89005924"),
            (2000000000, "69279037"),
            (20000000000, "65353130"),
        ] {
            assert_eq!(check(SECRET, &eight[2..], seconds, 0), Some(seconds / STEP_SECONDS));
        }
    }

    #[test]
    fn one_step_early_or_late_and_no_further() {
        // "287082" is the code of step 1 (RFC 4226 appendix D, count 1).
        for (seconds, expected) in [(0, Some(1)), (29, Some(1)), (59, Some(1)), (89, Some(1)), (90, None)] {
            assert_eq!(check(SECRET, "287082", seconds, 1), expected, "{seconds}");
        }
    }

    #[test]
    fn only_six_ascii_digits_match() {
        for odd in ["", "28708", "2870820", " 287082", "287082\n", "２８７０８２", "287 082"] {
            assert_eq!(check(SECRET, odd, 30, 1), None, "{odd:?}");
        }
    }
}
