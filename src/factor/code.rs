//! One-time codes: drawn without bias, compared only as keyed hashes.

use crate::crypto::Secret;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Draws a code of `length` characters from `alphabet` (ASCII, 2 to 128 different characters).
///
/// A byte that would favor the first characters is thrown away and drawn again. So every code is equally likely, `000000` included.
/// Without that there would be codes that never come (Hanko's `rand(999999)`) and others that come more often (modulo bias).
pub fn generate(alphabet: &str, length: usize, rng: &mut dyn CryptoRng) -> Secret {
    let symbols = alphabet.as_bytes();
    let limit = 256 - 256 % symbols.len();
    let mut code = Zeroizing::new(String::with_capacity(length));
    let mut bytes = Zeroizing::new([0u8; 32]);
    while code.len() < length {
        rng.fill_bytes(&mut *bytes);
        let fair = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < limit);
        for byte in fair.take(length - code.len()) {
            code.push(char::from(symbols[byte % symbols.len()]));
        }
    }
    code.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
    use std::collections::HashMap;

    #[test]
    fn every_symbol_is_equally_likely_in_every_place() {
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        let draws = 60_000;
        for alphabet in ["0123456789", "ABCDEFGHJKMNPQRSTUVWXYZ23456789"] {
            let mut seen: Vec<HashMap<char, u32>> = vec![HashMap::new(); 6];
            for _ in 0..draws {
                for (place, symbol) in generate(alphabet, 6, &mut rng).chars().enumerate() {
                    *seen[place].entry(symbol).or_default() += 1;
                }
            }
            let expected = f64::from(draws) / alphabet.len() as f64;
            for counts in &seen {
                let chi_squared: f64 =
                    alphabet.chars().map(|c| (f64::from(counts[&c]) - expected).powi(2) / expected).sum();
                // 60 is beyond the 99.9th percentile for 30 degrees of freedom; a plain modulo over 31 symbols gives hundreds.
                assert!(chi_squared < 60.0, "{alphabet}: {chi_squared}");
            }
        }
    }

    /// Hands out every byte there is in its order, from this one on.
    struct InOrder(u8);

    impl rand_chacha::rand_core::TryRng for InOrder {
        type Error = core::convert::Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            unreachable!("only bytes are asked for")
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            unreachable!("only bytes are asked for")
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            for byte in bytes {
                *byte = self.0;
                self.0 = self.0.wrapping_add(1);
            }
            Ok(())
        }
    }

    impl rand_chacha::rand_core::TryCryptoRng for InOrder {}

    #[test]
    fn no_byte_favors_a_symbol() {
        // 256 = 25 · 10 + 6 = 8 · 31 + 8 = 128 · 2: the last six bytes, the last eight and none are drawn again.
        for (alphabet, fair) in [("0123456789", 250), ("ABCDEFGHJKMNPQRSTUVWXYZ23456789", 248), ("01", 0)] {
            let whole = if fair == 0 { 256 } else { usize::from(fair) };
            // The shorter one ends amid the bytes of a draw.
            for length in [whole, whole - 1] {
                let code = generate(alphabet, length, &mut InOrder(fair));
                let expected: String = alphabet.chars().cycle().take(length).collect();
                assert_eq!(*code, *expected);
            }
        }
    }

    #[test]
    fn leading_zeros_are_drawn_and_kept() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let codes: Vec<_> = (0..200).map(|_| generate("0123456789", 6, &mut rng)).collect();
        assert!(codes.iter().all(|c| c.len() == 6));
        assert!(codes.iter().any(|c| c.starts_with('0')));
    }

    proptest::proptest! {
        #[test]
        fn a_code_has_its_length_and_its_alphabet(seed: u64, length in 1usize..32) {
            let code = generate("ABCDEF0123", length, &mut ChaCha20Rng::seed_from_u64(seed));
            assert_eq!(code.len(), length);
            assert!(code.chars().all(|c| "ABCDEF0123".contains(c)));
        }
    }
}
