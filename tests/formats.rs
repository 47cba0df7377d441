//! Formats that are stored or handed out, against vectors that the core did not make (`tests/vectors/make.js`).

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::wildcard_enum_match_arm)]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use base64ct::{Base64, Encoding};
use parse_two_factor::account::{Account, Challenge, Mark, Purpose, PurposeName, Revocation, RowUpdate, SetOp};
use parse_two_factor::challenge::enroll_token::EnrollToken;
use parse_two_factor::challenge::token;
use parse_two_factor::crypto::{HashPurpose, KeyRing};
use parse_two_factor::device::token::DeviceToken;
use parse_two_factor::factor::webauthn::Credential;
use parse_two_factor::time::Time;
use rand_core::{TryCryptoRng, TryRng};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::convert::Infallible;

#[derive(Deserialize)]
struct Vectors {
    keys: String,
    hashes: Vec<Hash>,
    tokens: Vec<Token>,
    #[serde(rename = "enrollToken")]
    enroll_token: Enroll,
    #[serde(rename = "deviceToken")]
    device_token: Device,
    seals: Vec<Seal>,
    /// By column, as text.
    row: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Hash {
    kid: String,
    purpose: String,
    parts: Vec<String>,
    hash: String,
}

#[derive(Deserialize)]
struct Token {
    challenge: String,
    account: String,
    kid: String,
    purpose: String,
    at: u64,
    token: String,
}

#[derive(Deserialize)]
struct Enroll {
    account: String,
    at: u64,
    /// What the sign-in is founded on.
    basis: String,
    /// Late revocations of the account.
    known: Vec<String>,
    token: String,
}

#[derive(Deserialize)]
struct Device {
    user: String,
    account: String,
    ends: u64,
    /// The hash in the row.
    hash: String,
    token: String,
}

#[derive(Deserialize)]
struct Seal {
    kid: String,
    secret: String,
    context: String,
    nonce: String,
    sealed: String,
}

fn vectors() -> (Vectors, KeyRing) {
    let vectors: Vectors = serde_json::from_str(include_str!("vectors/formats.json")).expect("they can be read");
    let keys = KeyRing::parse(&vectors.keys).expect("it is a ring");
    (vectors, keys)
}

/// Hands out these bytes, once.
struct Fixed(Vec<u8>);

impl TryRng for Fixed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("only bytes are asked for")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("only bytes are asked for")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.copy_from_slice(&self.0);
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}

#[test]
fn a_keyed_hash_is_as_documented() {
    let (vectors, keys) = vectors();
    for Hash { kid, purpose, parts, hash } in vectors.hashes {
        let of = match purpose.as_str() {
            "challenge" => HashPurpose::Challenge,
            "code" => HashPurpose::Code,
            "recovery code" => HashPurpose::RecoveryCode,
            "session" => HashPurpose::Session,
            "window" => HashPurpose::Window,
            "webauthn" => HashPurpose::Webauthn,
            "enroll" => HashPurpose::Enroll,
            "device" => HashPurpose::Device,
            "basis" => HashPurpose::Basis,
            "callback" => HashPurpose::Callback,
            other => panic!("no purpose: {other}"),
        };
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        assert_eq!(keys.hash(&kid.as_str().into(), of, &parts), Some(hash), "{purpose}");
    }
}

#[test]
fn a_challenge_token_is_as_documented() {
    let (vectors, keys) = vectors();
    for given in vectors.tokens {
        let (name, purpose) = match given.purpose.as_str() {
            "sign-in" => (PurposeName::SignIn, Purpose::SignIn { provider: None }),
            "step-up" => (PurposeName::StepUp, Purpose::StepUp { session: "s".into() }),
            "enrolment" => {
                let (session, factor) = ("s".into(), "f".into());
                (PurposeName::Enrollment, Purpose::Enrollment { session, factor, by_password: false })
            }
            other => panic!("no purpose: {other}"),
        };
        let challenge = Challenge {
            id: given.challenge.as_str().into(),
            purpose,
            user: "ada".into(),
            kid: given.kid.as_str().into(),
            at: Time::from_millis(given.at),
            basis: None,
        };
        let made = token::token(&challenge, &given.account.as_str().into(), &keys);
        assert_eq!(made.as_deref(), Some(given.token.as_str()));
        let read = token::read(&given.token, &[name], &keys).expect("it is one of ours");
        assert_eq!((&*read.challenge, &*read.account), (given.challenge.as_str(), given.account.as_str()));
        assert_eq!(read.at, Time::from_millis(given.at));
    }
}

#[test]
fn an_enroll_token_is_as_documented() {
    let (vectors, keys) = vectors();
    let given = vectors.enroll_token;
    let token = EnrollToken::read(&given.token, &keys).expect("it is one of ours");
    assert_eq!((&*token.user, token.text(&keys).as_deref()), ("ada", Some(given.token.as_str())));
    let mut row = Account { id: given.account.as_str().into(), ..Account::default() };
    let now = Time::from_millis(given.at);
    let revocation = |nonce: &String, at: Time| {
        Mark::Revocation(Revocation { nonce: nonce.as_str().into(), at, session: None, factor: None })
    };
    row.marks.extend(given.known.iter().map(|nonce| revocation(nonce, now)));
    let basis = given.basis.as_str().into();
    assert_eq!(token.check(&row, &basis, now, &keys), Ok(()));
    assert!(token.check(&row, &"another digest".into(), now, &keys).is_err());
    row.marks.push(revocation(&"another".into(), now));
    assert!(token.check(&row, &basis, now, &keys).is_err());
}

#[test]
fn the_token_of_a_trusted_browser_is_as_documented() {
    let (vectors, keys) = vectors();
    let given = vectors.device_token;
    let user = given.user.as_str().into();
    let token = DeviceToken::read(&given.token, &user, &keys).expect("it is one of ours");
    assert_eq!((&*token.account, token.ends_at), (given.account.as_str(), Time::from_millis(given.ends)));
    assert_eq!(token.text(&user, &keys).as_deref(), Some(given.token.as_str()));
    assert_eq!(token.hash(&user, &keys), Some(given.hash));
}

#[test]
fn a_sealed_secret_is_as_documented() {
    let (vectors, keys) = vectors();
    for given in vectors.seals {
        let decode = |text: &str| Base64::decode_vec(text).expect("it is base64");
        let opened = keys.open(&given.kid.as_str().into(), &given.sealed, &given.context);
        assert_eq!(*opened.expect("it opens"), decode(&given.secret));
        if **keys.writing() == *given.kid {
            let sealed = keys.seal(&decode(&given.secret), &given.context, &mut Fixed(decode(&given.nonce)));
            assert_eq!(sealed, given.sealed);
        }
    }
}

#[test]
fn a_credential_is_as_documented() {
    let (vectors, _) = vectors();
    let given = vectors.seals.iter().find(|given| given.context.ends_with("/passkey")).expect("there is one");
    let bytes = Base64::decode_vec(&given.secret).expect("it is base64");
    let credential = Credential::from_bytes(&bytes).expect("it can be read");
    assert_eq!((&credential.id[..], &credential.aaguid), (&b"an id"[..], b"the-model-it-is."));
    assert_eq!(credential.transports, ["internal", "hybrid"]);
    assert!(credential.backup_eligible && credential.backed_up && credential.user_verified);
    assert_eq!(credential.sign_count, 258);
    assert_eq!(credential.to_bytes(), bytes);
}

#[test]
fn a_row_is_read_and_written_as_documented() {
    let (vectors, _) = vectors();
    let columns: Vec<String> = vectors.row.iter().map(|(column, text)| format!("\"{column}\":{text}")).collect();
    let row: Account = serde_json::from_str(&format!("{{{}}}", columns.join(","))).expect("it can be read");
    assert!(row.unknown_challenges.is_empty() && row.unknown_redemptions.is_empty());
    assert!(row.unknown_authenticators.is_empty() && row.unknown_devices.is_empty());
    let update = RowUpdate {
        challenges: SetOp::add(row.challenges.clone())
            .and(row.codes.clone())
            .and(row.attempts.clone())
            .and(row.delivered.clone())
            .and(row.lost.clone())
            .and(row.unproven.clone())
            .and(row.verifications.clone()),
        redemptions: SetOp::add(row.claims.clone()).and(row.marks.clone()),
        authenticators: SetOp::add(row.factors.clone())
            .and(row.confirmed.iter().cloned().map(parse_two_factor::account::OfAuthenticators::Confirmed))
            .and(row.recovery_codes.clone()),
        devices: SetOp::add(row.devices.clone()),
    };
    let written = [
        ("challenges", serde_json::to_string(&update.challenges)),
        ("redemptions", serde_json::to_string(&update.redemptions)),
        ("authenticators", serde_json::to_string(&update.authenticators)),
        ("devices", serde_json::to_string(&update.devices)),
    ];
    for (column, written) in written {
        let expected = format!(r#"{{"__op":"Add","objects":{}}}"#, vectors.row[column]);
        assert_eq!(written.expect("it can be written"), expected, "{column}");
    }
}
