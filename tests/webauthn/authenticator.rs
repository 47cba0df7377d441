//! An authenticator and its browser, in software. Every part of an answer can be changed before it is signed, which no browser
//! allows.

use crate::rsa_key;
use base64ct::{Base64UrlUnpadded, Encoding};
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U2048};
use ed25519_dalek::Signer;
use parse_two_factor::factor::webauthn::{
    Assertion, Credential, Error, Expected, Registration, UserVerification, Verified, rp_id_hash,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const RP_ID: &str = "example.com";
pub const ORIGIN: &str = "https://example.com";
pub const HANDLE: &[u8] = b"the account's id";

pub const USER_PRESENT: u8 = 0x01;
pub const USER_VERIFIED: u8 = 0x04;
pub const BACKUP_ELIGIBLE: u8 = 0x08;
pub const BACKED_UP: u8 = 0x10;
pub const ATTESTED: u8 = 0x40;
pub const EXTENDED: u8 = 0x80;

/// The relying party of these tests, with what it expects.
pub struct Site {
    pub rp_id: &'static str,
    pub origins: Vec<String>,
    pub challenge: Vec<u8>,
    pub user_verification: UserVerification,
}

impl Site {
    pub fn new() -> Site {
        Site {
            rp_id: RP_ID,
            origins: vec![ORIGIN.into()],
            challenge: b"a challenge of the key ring's".to_vec(),
            user_verification: UserVerification::Preferred,
        }
    }

    pub fn challenge(&self) -> String {
        base64(&self.challenge)
    }

    pub fn register(&self, answer: &str) -> Result<Credential, Error> {
        let hash = rp_id_hash(self.rp_id);
        Registration::parse(answer)?.verify(&self.expected(&hash))
    }

    pub fn assert(&self, answer: &str, credential: &Credential) -> Result<Verified, Error> {
        let hash = rp_id_hash(self.rp_id);
        Assertion::parse(answer)?.verify(&self.expected(&hash), credential, HANDLE)
    }

    fn expected<'a>(&'a self, rp_id_hash: &'a [u8; 32]) -> Expected<'a> {
        Expected {
            rp_id_hash,
            origins: &self.origins,
            challenge: &self.challenge,
            user_verification: self.user_verification,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Algorithm {
    Es256,
    Ed25519,
    Rs256,
}

pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Ed25519, Algorithm::Rs256];

/// One authenticator with one credential.
#[derive(Clone)]
pub struct Authenticator {
    pub algorithm: Algorithm,
    pub id: Vec<u8>,
    pub flags: u8,
    pub sign_count: u32,
    seed: [u8; 32],
}

impl Authenticator {
    /// The seed makes the id and, but for RSA, the key.
    pub fn new(algorithm: Algorithm, seed: u8) -> Authenticator {
        Authenticator {
            algorithm,
            id: vec![seed; 20],
            flags: USER_PRESENT | USER_VERIFIED,
            sign_count: 7,
            seed: [seed; 32],
        }
    }

    /// What it signs of a message.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self.algorithm {
            Algorithm::Es256 => {
                let signature: p256::ecdsa::Signature = self.p256().sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Algorithm::Ed25519 => self.ed25519().sign(message).to_bytes().to_vec(),
            Algorithm::Rs256 => rsa_power(&rsa_encoded(message)),
        }
    }

    pub fn p256(&self) -> p256::ecdsa::SigningKey {
        p256::ecdsa::SigningKey::from_slice(&self.seed).unwrap()
    }

    fn ed25519(&self) -> ed25519_dalek::SigningKey {
        ed25519_dalek::SigningKey::from_bytes(&self.seed)
    }

    /// Its public key as COSE writes it: label and value, in CTAP2's order.
    pub fn public_key(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        match self.algorithm {
            Algorithm::Es256 => {
                let point = self.p256().verifying_key().to_sec1_point(false);
                es256_key(&point.as_bytes()[1..33], &point.as_bytes()[33..])
            }
            Algorithm::Ed25519 => ed25519_key(self.ed25519().verifying_key().as_bytes()),
            Algorithm::Rs256 => rs256_key(&bytes(rsa_key::MODULUS), &[1, 0, 1]),
        }
    }

    pub fn create(&self, site: &Site) -> Created {
        Created {
            client_data: client_data("webauthn.create", site, ORIGIN).into(),
            data: AuthenticatorData {
                rp_id_hash: rp_id_hash(site.rp_id),
                flags: self.flags | ATTESTED,
                sign_count: self.sign_count,
                id: Some(self.id.clone()),
                public_key: map(&self.public_key()),
                after: Vec::new(),
            },
            format: "none",
            statement: vec![0xa0],
            object: None,
            transports: json!(["internal", "hybrid"]),
        }
    }

    pub fn get(&self, site: &Site) -> Got {
        Got {
            authenticator: self.clone(),
            client_data: client_data("webauthn.get", site, ORIGIN).into(),
            data: AuthenticatorData {
                rp_id_hash: rp_id_hash(site.rp_id),
                flags: self.flags,
                sign_count: self.sign_count + 1,
                id: None,
                public_key: Vec::new(),
                after: Vec::new(),
            },
            user_handle: json!(base64(HANDLE)),
        }
    }

    /// Registered as it should be.
    pub fn registered(&self, site: &Site) -> Credential {
        site.register(&self.create(site).json()).unwrap()
    }
}

/// Client data as Chromium writes it.
pub fn client_data(kind: &str, site: &Site, origin: &str) -> String {
    let challenge = site.challenge();
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#)
}

pub struct AuthenticatorData {
    pub rp_id_hash: [u8; 32],
    pub flags: u8,
    pub sign_count: u32,
    /// With it stand the AAGUID and the public key.
    pub id: Option<Vec<u8>>,
    pub public_key: Vec<u8>,
    pub after: Vec<u8>,
}

pub const AAGUID: [u8; 16] = *b"the-model-it-is.";

impl AuthenticatorData {
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = [&self.rp_id_hash[..], &[self.flags], &self.sign_count.to_be_bytes()].concat();
        if let Some(id) = &self.id {
            bytes.extend(AAGUID);
            bytes.extend((id.len() as u16).to_be_bytes());
            bytes.extend(id);
            bytes.extend(&self.public_key);
        }
        bytes.extend(&self.after);
        bytes
    }
}

/// A registration that can be changed before it is written down.
pub struct Created {
    pub client_data: Vec<u8>,
    pub data: AuthenticatorData,
    pub format: &'static str,
    pub statement: Vec<u8>,
    /// In place of the attestation object that the parts make.
    pub object: Option<Vec<u8>>,
    pub transports: Value,
}

impl Created {
    pub fn object(&self) -> Vec<u8> {
        self.object.clone().unwrap_or_else(|| {
            map(&[
                (text("fmt"), text(self.format)),
                (text("attStmt"), self.statement.clone()),
                (text("authData"), byte_string(&self.data.bytes())),
            ])
        })
    }

    pub fn value(&self) -> Value {
        let id = base64(self.data.id.as_deref().unwrap_or_default());
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64(&self.client_data),
                "attestationObject": base64(&self.object()),
                "transports": self.transports,
            },
        })
    }

    pub fn json(&self) -> String {
        self.value().to_string()
    }
}

/// An assertion that can be changed before it is signed.
pub struct Got {
    authenticator: Authenticator,
    pub client_data: Vec<u8>,
    pub data: AuthenticatorData,
    pub user_handle: Value,
}

impl Got {
    /// What the signature is of.
    pub fn signed(&self) -> Vec<u8> {
        [&self.data.bytes()[..], &Sha256::digest(&self.client_data)].concat()
    }

    pub fn value(&self) -> Value {
        self.value_with(&self.authenticator.sign(&self.signed()))
    }

    /// With another signature than the authenticator's.
    pub fn value_with(&self, signature: &[u8]) -> Value {
        let id = base64(&self.authenticator.id);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64(&self.client_data),
                "authenticatorData": base64(&self.data.bytes()),
                "signature": base64(signature),
                "userHandle": self.user_handle,
            },
        })
    }

    pub fn json(&self) -> String {
        self.value().to_string()
    }
}

/// A message as PKCS #1 v1.5 encodes it for SHA-256 and a key of 2048 bits.
pub fn rsa_encoded(message: &[u8]) -> Vec<u8> {
    let info = bytes("3031300d060960864801650304020105000420");
    [&[0, 1][..], &[0xff; 202], &[0], &info, &Sha256::digest(message)].concat()
}

/// The private operation of the tests' RSA key, on an encoded message.
pub fn rsa_power(encoded: &[u8]) -> Vec<u8> {
    let number = |hex: &str| U2048::from_be_slice(&bytes(hex));
    let parameters = FixedMontyParams::new_vartime(Odd::new(number(rsa_key::MODULUS)).unwrap());
    let power = FixedMontyForm::new(&U2048::from_be_slice(encoded), &parameters);
    power.pow(&number(rsa_key::PRIVATE_EXPONENT)).retrieve().to_be_bytes().as_ref().to_vec()
}

pub fn es256_key(x: &[u8], y: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    vec![
        (vec![0x01], vec![0x02]),
        (vec![0x03], vec![0x26]),
        (vec![0x20], vec![0x01]),
        (vec![0x21], byte_string(x)),
        (vec![0x22], byte_string(y)),
    ]
}

pub fn ed25519_key(x: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    vec![(vec![0x01], vec![0x01]), (vec![0x03], vec![0x27]), (vec![0x20], vec![0x06]), (vec![0x21], byte_string(x))]
}

pub fn rs256_key(modulus: &[u8], exponent: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    vec![
        (vec![0x01], vec![0x03]),
        (vec![0x03], vec![0x39, 0x01, 0x00]),
        (vec![0x20], byte_string(modulus)),
        (vec![0x21], byte_string(exponent)),
    ]
}

/// A CBOR map of encoded keys and values.
pub fn map(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = head(5, entries.len());
    for (key, value) in entries {
        bytes.extend(key);
        bytes.extend(value);
    }
    bytes
}

pub fn byte_string(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len()), bytes.to_vec()].concat()
}

pub fn text(text: &str) -> Vec<u8> {
    [head(3, text.len()), text.into()].concat()
}

fn head(major: u8, length: usize) -> Vec<u8> {
    let major = major << 5;
    match length {
        0..24 => vec![major | length as u8],
        24..256 => vec![major | 24, length as u8],
        _ => [&[major | 25][..], &(length as u16).to_be_bytes()].concat(),
    }
}

pub fn base64(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

pub fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
