//! Recovery codes: look-up secrets of 130 bits, shown once, stored as keyed hashes, used once.

use crate::account::{Account, RecoveryCode};
use crate::crypto::{HashPurpose, KeyRing, Secret};
use crate::id::{AccountId, KeyId};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Crockford's base32: no I, L, O or U to confuse. 32 symbols, so a byte masked to five bits is unbiased.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 26 symbols of 5 bits: 130 bits. From 112 bits on a plain keyed hash will do (NIST SP 800-63B-4 §3.1.2.2, ASVS 5.0 §6.5.2).
const SYMBOLS: usize = 26;

/// Generates a code, in groups that can be read out: `XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX`.
pub fn generate(rng: &mut dyn CryptoRng) -> Secret {
    let mut bytes = Zeroizing::new([0u8; SYMBOLS]);
    rng.fill_bytes(&mut *bytes);
    let mut code = Zeroizing::new(String::with_capacity(SYMBOLS + 4));
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 5 | 10 | 15 | 20) {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from(byte & 31)]));
    }
    code.into()
}

/// The code as it is hashed: upper case, without dashes and spaces, with the look-alikes that Crockford maps (`o` is 0, `i` and
/// `l` are 1).
fn normalized(typed: &str) -> Zeroizing<String> {
    let plain = typed.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    Zeroizing::new(plain.collect())
}

/// Whether this is written as a recovery code: 26 letters and digits. No other code is that long, so it is one whatever the client calls it.
pub fn is_one(typed: &str) -> bool {
    let plain = normalized(typed);
    plain.len() == SYMBOLS && plain.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The keyed hash of a code for an account. `None` if the key is not in the ring.
pub fn hash(code: &str, account: &AccountId, kid: &KeyId, keys: &KeyRing) -> Option<RecoveryCode> {
    let hash = keys.hash(kid, HashPurpose::RecoveryCode, &[account, &normalized(code)])?;
    Some(RecoveryCode { kid: kid.clone(), hash })
}

/// The unused code of this account that was typed.
///
/// The look-up is by keyed hashes. An attacker can neither choose their bytes nor learn them from timing.
pub fn find(typed: &str, account: &Account, keys: &KeyRing) -> Option<RecoveryCode> {
    let candidates: Vec<RecoveryCode> = keys.ids().filter_map(|kid| hash(typed, &account.id, kid, keys)).collect();
    account.recovery_codes.iter().find(|stored| candidates.contains(stored)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn a_code_has_130_bits_and_no_look_alikes() {
        let code = generate(&mut ChaCha20Rng::from_seed([5; 32]));
        let plain = code.replace('-', "");
        assert_eq!(plain.len(), 26);
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [5, 5, 5, 5, 6], "groups that can be read out");
        assert!(plain.bytes().all(|b| ALPHABET.contains(&b)));
    }

    #[test]
    fn dashes_case_and_look_alikes_do_not_matter() {
        let keys = KeyRing::from_master_key("k").unwrap();
        let stored = hash("01ABC-DEFGH-JKMNP-QRSTV-WXYZ01", &"acc".into(), &"master".into(), &keys).unwrap();
        let account = Account { id: "acc".into(), recovery_codes: vec![stored.clone()], ..Account::default() };
        for typed in ["01ABCDEFGHJKMNPQRSTVWXYZ01", "oiabc defgh jkmnp qrstv wxyzol"] {
            assert_eq!(find(typed, &account, &keys), Some(stored.clone()), "{typed}");
        }
        assert_eq!(find("02ABCDEFGHJKMNPQRSTVWXYZ01", &account, &keys), None);
    }

    #[test]
    fn a_code_is_good_for_its_account_alone() {
        let keys = KeyRing::from_master_key("k").unwrap();
        assert_ne!(
            hash("01ABC", &"one".into(), &"master".into(), &keys),
            hash("01ABC", &"two".into(), &"master".into(), &keys)
        );
    }

    proptest::proptest! {
        #[test]
        fn every_drawn_code_is_found_however_it_is_typed_and_no_other(seed: u64, lower: bool, other in "\\PC{0,40}") {
            let keys = KeyRing::from_master_key("k").unwrap();
            let code = generate(&mut ChaCha20Rng::seed_from_u64(seed));
            let stored = hash(&code, &"acc".into(), &"master".into(), &keys).unwrap();
            let account = Account { id: "acc".into(), recovery_codes: vec![stored.clone()], ..Account::default() };
            let typed = if lower { code.to_lowercase().replace('-', " ") } else { code.replace('-', "") };
            assert_eq!(find(&typed, &account, &keys), Some(stored));
            assert_eq!(find(&other, &account, &keys), None);
        }
    }
}
