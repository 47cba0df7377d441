//! Arbitrary and mutated input: it never panics, and what is not signed is never accepted.
//!
//! A longer run: `PROPTEST_CASES=1000000 cargo test --release --test webauthn arbitrary`.

use crate::authenticator::*;
use parse_two_factor::factor::webauthn::{Assertion, Credential, Error, Registration};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

/// One change of bytes.
#[derive(Clone, Debug)]
enum Mutation {
    Flip(Index, u8),
    Set(Index, u8),
    Remove(Index, Index),
    Insert(Index, Vec<u8>),
    Repeat(Index, Index),
    Cut(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    // Bytes that mean something in CBOR, JSON or base64.
    let byte = prop_oneof![
        any::<u8>(),
        prop::sample::select(vec![
            0x00, 0x1b, 0x5b, 0x5f, 0x7f, 0x80, 0x9b, 0xa0, 0xbb, 0xbf, 0xc0, 0xf6, 0xff, b'"', b'{', b'\\'
        ]),
    ];
    prop_oneof![
        (any::<Index>(), 0..8u8).prop_map(|(at, bit)| Mutation::Flip(at, bit)),
        (any::<Index>(), byte.clone()).prop_map(|(at, byte)| Mutation::Set(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Mutation::Remove(from, to)),
        (any::<Index>(), vec(byte, 1..9)).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
        any::<Index>().prop_map(Mutation::Cut),
    ]
}

fn mutated(mut bytes: Vec<u8>, mutations: &[Mutation]) -> Vec<u8> {
    for mutation in mutations {
        let length = bytes.len();
        let at = |index: &Index| index.index(length + 1);
        let range = |from: &Index, to: &Index| at(from).min(at(to))..at(from).max(at(to));
        match mutation {
            Mutation::Flip(index, bit) if length > 0 => bytes[index.index(length)] ^= 1 << bit,
            Mutation::Set(index, byte) if length > 0 => bytes[index.index(length)] = *byte,
            Mutation::Flip(..) | Mutation::Set(..) => (),
            Mutation::Remove(from, to) => drop(bytes.drain(range(from, to))),
            Mutation::Insert(index, more) => drop(bytes.splice(at(index)..at(index), more.iter().copied())),
            Mutation::Repeat(from, to) => {
                let copy = bytes[range(from, to)].to_vec();
                let end = range(from, to).end;
                bytes.splice(end..end, copy);
            }
            Mutation::Cut(index) => bytes.truncate(at(index)),
        }
    }
    bytes
}

/// A member of the answer's response, mutated in its bytes.
fn mutate(value: &mut Value, member: &str, mutations: &[Mutation]) -> bool {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let before = value["response"][member].clone();
    let bytes = Base64UrlUnpadded::decode_vec(before.as_str().unwrap()).unwrap();
    value["response"][member] = base64(&mutated(bytes, mutations)).into();
    value["response"][member] != before
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(ALGORITHMS.to_vec())
}

proptest! {
    #[test]
    fn arbitrary_texts_are_malformed_and_no_more(text in "\\PC*", bytes in vec(any::<u8>(), 0..600)) {
        for text in [text, String::from_utf8_lossy(&bytes).into_owned()] {
            prop_assert!(matches!(Registration::parse(&text), Err(Error::Malformed(_))));
            prop_assert!(matches!(Assertion::parse(&text), Err(Error::Malformed(_))));
        }
    }

    #[test]
    fn arbitrary_bytes_in_the_place_of_each_part_are_malformed(
        client_data in vec(any::<u8>(), 0..200), object in vec(any::<u8>(), 0..400), data in vec(any::<u8>(), 0..200),
    ) {
        let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Ed25519, 1));
        let mut created = authenticator.create(&site);
        created.object = Some(object);
        prop_assert!(matches!(Registration::parse(&created.json()), Err(Error::Malformed(_))));
        let mut created = authenticator.create(&site);
        created.object = Some(map(&[
            (text("fmt"), text("none")), (text("attStmt"), vec![0xa0]), (text("authData"), byte_string(&data)),
        ]));
        prop_assert!(matches!(Registration::parse(&created.json()), Err(Error::Malformed(_))));
        let mut got = authenticator.get(&site);
        got.client_data = client_data;
        prop_assert!(matches!(Assertion::parse(&got.json()), Err(Error::Malformed(_))));
    }

    #[test]
    fn a_mutated_registration_never_panics_and_makes_no_credential_that_cannot_be_stored(
        algorithm in algorithm(), object in vec(mutation(), 0..4), client_data in vec(mutation(), 0..3), text in vec(mutation(), 0..3),
    ) {
        let (site, authenticator) = (Site::new(), Authenticator::new(algorithm, 1));
        let mut value = authenticator.create(&site).value();
        mutate(&mut value, "attestationObject", &object);
        mutate(&mut value, "clientDataJSON", &client_data);
        let text = mutated(value.to_string().into_bytes(), &text);
        if let Ok(credential) = site.register(&String::from_utf8_lossy(&text)) {
            prop_assert!(Credential::from_bytes(&credential.to_bytes()) == Some(credential));
        }
    }

    #[test]
    fn an_assertion_with_a_change_in_what_is_signed_is_never_accepted(
        algorithm in algorithm(), mutations in vec(mutation(), 1..4),
        member in prop::sample::select(vec!["clientDataJSON", "authenticatorData", "signature"]),
    ) {
        let (site, authenticator) = (Site::new(), Authenticator::new(algorithm, 1));
        let credential = authenticator.registered(&site);
        let mut value = authenticator.get(&site).value();
        let changed = mutate(&mut value, member, &mutations);
        prop_assert_eq!(site.assert(&value.to_string(), &credential).is_ok(), !changed);
    }

    #[test]
    fn a_mutated_answer_is_accepted_only_with_the_signed_parts_as_they_were(mutations in vec(mutation(), 1..5)) {
        let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Ed25519, 1));
        let credential = authenticator.registered(&site);
        let value = authenticator.get(&site).value();
        let text = mutated(value.to_string().into_bytes(), &mutations);
        let text = String::from_utf8_lossy(&text);
        if site.assert(&text, &credential).is_ok() {
            let read: Value = serde_json::from_str(&text).unwrap();
            for member in ["clientDataJSON", "authenticatorData", "signature"] {
                prop_assert_eq!(&read["response"][member], &value["response"][member]);
            }
        }
    }

    #[test]
    fn a_stored_credential_with_a_change_never_panics(algorithm in algorithm(), mutations in vec(mutation(), 0..4)) {
        let site = Site::new();
        let credential = Authenticator::new(algorithm, 1).registered(&site);
        let bytes = mutated(credential.to_bytes(), &mutations);
        if let Some(read) = Credential::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
        let _ = Credential::from_bytes(&mutated(vec![0; 64], &mutations));
    }
}
