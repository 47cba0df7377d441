//! The key ring: the first key writes, all of them read.

use crate::crypto::Secret;
use crate::id::KeyId;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit};
use core::fmt;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

/// What a keyed hash is for. Each purpose has a key of its own, so that a hash made for one never passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashPurpose {
    /// The tag that makes a challenge token unforgeable.
    Challenge,
    /// A one-time code.
    Code,
    /// A recovery code.
    RecoveryCode,
    /// A session, which a challenge or a step-up is bound to.
    Session,
    /// A phone number or an address, as the name of a counter.
    Window,
    /// What a passkey signs for a challenge.
    Webauthn,
    /// The token of a user who has to enroll a factor to sign in.
    Enroll,
    /// What a challenge is founded on, and the number that a code went to.
    Basis,
    /// The token of a trusted browser, and what the trust is founded on.
    Device,
    /// The token in the address that the provider calls about a code.
    Callback,
}

impl HashPurpose {
    const ALL: [HashPurpose; 10] = [
        HashPurpose::Challenge,
        HashPurpose::Code,
        HashPurpose::RecoveryCode,
        HashPurpose::Session,
        HashPurpose::Window,
        HashPurpose::Webauthn,
        HashPurpose::Enroll,
        HashPurpose::Basis,
        HashPurpose::Device,
        HashPurpose::Callback,
    ];

    /// What the key is derived with (RFC 5869: `info`).
    fn info(self) -> &'static [u8] {
        match self {
            HashPurpose::Challenge => b"challenge",
            HashPurpose::Code => b"code",
            HashPurpose::RecoveryCode => b"recovery code",
            HashPurpose::Session => b"session",
            HashPurpose::Window => b"window",
            HashPurpose::Webauthn => b"webauthn",
            HashPurpose::Enroll => b"enroll",
            HashPurpose::Basis => b"basis",
            HashPurpose::Device => b"device",
            HashPurpose::Callback => b"callback",
        }
    }
}

/// One key of the ring: for each purpose a keyed HMAC, and the cipher. All of them clear themselves when they are dropped.
struct Key {
    id: KeyId,
    /// By [`HashPurpose`]. HMAC's work on the key is done once, here.
    hashes: [Hmac<Sha256>; HashPurpose::ALL.len()],
    seal: ChaCha20Poly1305,
}

impl Key {
    fn derive(id: &str, secret: &[u8]) -> Key {
        let derivation = Hkdf::<Sha256>::new(Some(b"parse-two-factor"), secret);
        let subkey = |info: &[u8]| {
            let mut key = Zeroizing::new([0; 32]);
            derivation.expand(info, &mut *key).expect("32 bytes are within HKDF's reach");
            key
        };
        let keyed = |purpose: HashPurpose| {
            Hmac::new_from_slice(&*subkey(purpose.info())).expect("HMAC takes keys of any length")
        };
        Key {
            id: id.into(),
            hashes: HashPurpose::ALL.map(keyed),
            seal: ChaCha20Poly1305::new_from_slice(&*subkey(b"seal")).expect("its keys have 32 bytes"),
        }
    }
}

/// Why a key ring cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidKeyRing(String);

impl fmt::Display for InvalidKeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for InvalidKeyRing {}

/// The rule for ids, as an error says it.
const ID: &str = "the id takes 1 to 16 letters, digits, '-' or '_'";

fn is_id(id: &str) -> bool {
    (1..=16).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Generates a key: an entry for the ring, `id:base64` of 32 random bytes.
///
/// # Errors
/// [`InvalidKeyRing`] for an id that no ring takes.
pub fn generate_key(id: &str, rng: &mut dyn CryptoRng) -> Result<Secret, InvalidKeyRing> {
    if !is_id(id) {
        return Err(InvalidKeyRing(format!("For a key {ID}.")));
    }
    let mut secret = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *secret);
    Ok(format!("{id}:{}", Base64::encode_string(&*secret)).into())
}

/// A secret that was sealed cannot be opened: its key is not in the ring, or the row was tampered with or moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealMismatch;

/// The keys of a deployment.
pub struct KeyRing {
    keys: Vec<Key>,
    /// Whether the operator gave the keys, so that they outlive a change of the master key.
    durable: bool,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ids().map(|id| &**id)).finish()
    }
}

impl KeyRing {
    /// Reads `TWO_FACTOR_KEYS`: `id:base64[,id:base64…]`, ids of 1 to 16 letters, digits, `-` or `_`, keys of 32 bytes or more.
    ///
    /// # Errors
    /// [`InvalidKeyRing`], with a sentence that names the entry by its place and never shows it.
    pub fn parse(text: &str) -> Result<KeyRing, InvalidKeyRing> {
        let mut keys: Vec<Key> = Vec::new();
        for (place, entry) in text.split(',').map(str::trim).enumerate() {
            let invalid = |what: &str| {
                InvalidKeyRing(format!(
                    "TWO_FACTOR_KEYS, entry {}: {what} (wanted: id:base64 of 32 random bytes).",
                    place + 1
                ))
            };
            let (id, secret) = entry.split_once(':').ok_or_else(|| invalid("no id"))?;
            if !is_id(id) {
                return Err(invalid(ID));
            }
            if keys.iter().any(|k| k.id == *id) {
                return Err(invalid("the id stands twice"));
            }
            let secret = Zeroizing::new(Base64::decode_vec(secret).map_err(|_| invalid("not base64"))?);
            if secret.len() < 32 {
                return Err(invalid("the key is shorter than 32 bytes"));
            }
            keys.push(Key::derive(id, &secret));
        }
        Ok(KeyRing { keys, durable: true })
    }

    /// A ring for codes that live for minutes, derived from the master key (RFC 5869). It must not seal anything that lasts: a
    /// change of the master key would lose it.
    ///
    /// # Errors
    /// [`InvalidKeyRing`] for an empty master key, as where it is a function.
    pub fn from_master_key(master_key: &str) -> Result<KeyRing, InvalidKeyRing> {
        if master_key.is_empty() {
            return Err(InvalidKeyRing("There is no master key to derive keys from: set TWO_FACTOR_KEYS.".into()));
        }
        Ok(KeyRing { keys: vec![Key::derive("master", master_key.as_bytes())], durable: false })
    }

    /// Whether secrets that last may be sealed with this ring.
    pub fn is_durable(&self) -> bool {
        self.durable
    }

    /// The key ids, the writing one first.
    pub fn ids(&self) -> impl Iterator<Item = &KeyId> {
        self.keys.iter().map(|k| &k.id)
    }

    /// Whether the ring has the key with this id.
    pub fn holds(&self, id: &KeyId) -> bool {
        self.get(id).is_some()
    }

    /// The id of the key that new values are written with.
    pub fn writing(&self) -> &KeyId {
        &self.keys[0].id
    }

    fn get(&self, id: &KeyId) -> Option<&Key> {
        self.keys.iter().find(|k| k.id == *id)
    }

    /// HMAC-SHA-256 over the parts (each preceded by its length, so that no two lists of parts run together), base64url of the
    /// first 16 bytes: 128 bits. `None` if the ring has no such key.
    pub fn hash(&self, id: &KeyId, purpose: HashPurpose, parts: &[&str]) -> Option<String> {
        let mut mac = self.get(id)?.hashes[purpose as usize].clone();
        for part in parts {
            let length = u32::try_from(part.len()).ok()?;
            mac.update(&length.to_be_bytes());
            mac.update(part.as_bytes());
        }
        Some(Base64UrlUnpadded::encode_string(&mac.finalize().into_bytes()[..16]))
    }

    /// Seals a secret with the writing key under ChaCha20-Poly1305 (RFC 8439), bound to `context`; base64url of nonce and ciphertext.
    pub fn seal(&self, secret: &[u8], context: &str, rng: &mut dyn CryptoRng) -> String {
        let mut nonce = [0; 12];
        rng.fill_bytes(&mut nonce);
        let mut sealed = secret.to_vec();
        self.keys[0]
            .seal
            .encrypt_in_place(&nonce.into(), context.as_bytes(), &mut sealed)
            .expect("a secret of a few bytes is within the cipher's reach");
        Base64UrlUnpadded::encode_string(&[&nonce[..], &sealed].concat())
    }

    /// Opens what [`KeyRing::seal`] sealed with the key `id`, in the same context.
    ///
    /// # Errors
    /// [`SealMismatch`] if the key is gone, or value or context are not the ones that were sealed.
    pub fn open(&self, id: &KeyId, sealed: &str, context: &str) -> Result<Zeroizing<Vec<u8>>, SealMismatch> {
        let key = self.get(id).ok_or(SealMismatch)?;
        let mut bytes = Base64UrlUnpadded::decode_vec(sealed).map_err(|_| SealMismatch)?;
        if bytes.len() < 12 {
            return Err(SealMismatch);
        }
        let nonce: [u8; 12] = bytes[..12].try_into().map_err(|_| SealMismatch)?;
        let mut secret = Zeroizing::new(bytes.split_off(12));
        key.seal.decrypt_in_place(&nonce.into(), context.as_bytes(), &mut *secret).map_err(|_| SealMismatch)?;
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    fn ring(entries: &[(&str, u8)]) -> KeyRing {
        let text: Vec<String> =
            entries.iter().map(|(id, byte)| format!("{id}:{}", Base64::encode_string(&[*byte; 32]))).collect();
        KeyRing::parse(&text.join(",")).unwrap()
    }

    #[test]
    fn the_first_key_writes_and_all_read() {
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let old = ring(&[("2026a", 1)]);
        let both = ring(&[("2026b", 2), ("2026a", 1)]);
        assert_eq!(**both.writing(), *"2026b");
        let sealed = old.seal(b"secret", "user 1", &mut rng);
        assert_eq!(*both.open(&"2026a".into(), &sealed, "user 1").unwrap(), b"secret");
        assert_eq!(
            old.hash(&"2026a".into(), HashPurpose::Code, &["a"]),
            both.hash(&"2026a".into(), HashPurpose::Code, &["a"])
        );
    }

    #[test]
    fn a_drawn_key_is_an_entry_of_a_ring_and_no_other_is_like_it() {
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let (one, other) = (generate_key("2026a", &mut rng).unwrap(), generate_key("2026a", &mut rng).unwrap());
        assert_ne!(one, other);
        assert_eq!(**KeyRing::parse(&one).unwrap().writing(), *"2026a");
        for id in ["", "a b", "a:b", "a,b", "12345678901234567"] {
            assert!(generate_key(id, &mut rng).is_err(), "{id}");
        }
    }

    #[test]
    fn a_lost_key_and_a_moved_row_are_refused() {
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let old = ring(&[("2026a", 1)]);
        let new = ring(&[("2026b", 2)]);
        let sealed = old.seal(b"secret", "user 1", &mut rng);
        assert_eq!(new.open(&"2026a".into(), &sealed, "user 1"), Err(SealMismatch));
        assert_eq!(old.open(&"2026a".into(), &sealed, "user 2"), Err(SealMismatch));
        assert_eq!(old.open(&"2026a".into(), "AAAA", "user 1"), Err(SealMismatch));
        assert_eq!(new.hash(&"2026a".into(), HashPurpose::Code, &["a"]), None);
    }

    #[test]
    fn hashes_differ_by_key_domain_and_by_where_the_parts_end() {
        let keys = ring(&[("a", 1), ("b", 2)]);
        let hash = keys.hash(&"a".into(), HashPurpose::Code, &["ab", "c"]);
        assert_ne!(hash, keys.hash(&"b".into(), HashPurpose::Code, &["ab", "c"]));
        assert_ne!(hash, keys.hash(&"a".into(), HashPurpose::RecoveryCode, &["ab", "c"]));
        assert_ne!(hash, keys.hash(&"a".into(), HashPurpose::Code, &["a", "bc"]));
    }

    #[test]
    fn a_ring_that_cannot_be_read_is_refused_without_showing_it() {
        let short = format!("a:{}", Base64::encode_string(&[9; 31]));
        let twice = format!("a:{0},a:{0}", Base64::encode_string(&[9; 32]));
        for text in ["", "nokey", "a:***", ":AAAA", short.as_str(), twice.as_str()] {
            let error = KeyRing::parse(text).unwrap_err().to_string();
            assert!(error.starts_with("TWO_FACTOR_KEYS, entry "), "{error}");
            assert!(!error.contains(&Base64::encode_string(&[9; 16])[..8]), "{error}");
        }
    }

    #[test]
    fn a_refused_entry_is_named_by_its_place() {
        let good = format!("a:{}", Base64::encode_string(&[9; 32]));
        for (text, place) in [("nokey".to_owned(), "entry 1:"), (format!("{good},nokey"), "entry 2:")] {
            let error = KeyRing::parse(&text).unwrap_err().to_string();
            assert!(error.contains(place), "{error}");
        }
    }

    #[test]
    fn only_keys_that_the_operator_gave_last() {
        assert!(ring(&[("a", 1)]).is_durable());
        assert!(!KeyRing::from_master_key("secret").unwrap().is_durable());
        assert!(KeyRing::from_master_key("").is_err());
    }

    #[test]
    fn a_ring_holds_its_own_keys_alone() {
        let keys = ring(&[("a", 1), ("b", 2)]);
        assert!(keys.holds(&"a".into()) && keys.holds(&"b".into()));
        assert!(!keys.holds(&"c".into()));
    }

    #[test]
    fn debug_shows_ids_only() {
        assert_eq!(format!("{:?}", ring(&[("2026a", 1)])), r#"["2026a"]"#);
    }
}
