//! The stored form of a credential. It is frozen: rows that were written once must be readable for ever.

use crate::authenticator::*;
use parse_two_factor::factor::webauthn::Credential;

/// Made by hand from the format that `Credential::to_bytes` documents: version, flags, sign count, AAGUID, id, transports, key.
fn stored(algorithm: Algorithm) -> Vec<u8> {
    let head = "01 04 00000007 7468652d6d6f64656c2d69742d69732e 0014 0101010101010101010101010101010101010101 \
        02 08 696e7465726e616c 06 687962726964";
    let key = match algorithm {
        // The point of the private key 0x0101…01, by OpenSSL.
        Algorithm::Es256 => {
            "01 6ff03b949241ce1dadd43519e6960e0a85b41a69a05c328103aa2bce1594ca16 \
            3c4f753a55bf01dc53f6c0b0c7eee78b40c6ff7d25a96e2282b989cef71c144a"
        }
        // The key of the seed 0x0101…01, by OpenSSL.
        Algorithm::Ed25519 => "02 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c",
        Algorithm::Rs256 => &format!("03 00010001 {}", crate::rsa_key::MODULUS),
    };
    bytes(&format!("{head}{key}").replace(' ', ""))
}

#[test]
fn the_stored_form_is_the_frozen_one_for_each_algorithm() {
    for algorithm in ALGORITHMS {
        let credential = Authenticator::new(algorithm, 1).registered(&Site::new());
        assert_eq!(credential.to_bytes(), stored(algorithm), "{algorithm:?}");
        assert!(Credential::from_bytes(&stored(algorithm)) == Some(credential), "{algorithm:?}");
    }
}

#[test]
fn what_was_read_back_verifies_assertions() {
    let site = Site::new();
    for algorithm in ALGORITHMS {
        let credential = Credential::from_bytes(&stored(algorithm)).unwrap();
        let answer = Authenticator::new(algorithm, 1).get(&site).json();
        assert!(site.assert(&answer, &credential).is_ok(), "{algorithm:?}");
    }
}

#[test]
fn each_flag_has_its_own_bit() {
    let site = Site::new();
    for (flags, bits) in [
        (USER_PRESENT, 0),
        (USER_PRESENT | BACKUP_ELIGIBLE, 1),
        (USER_PRESENT | BACKUP_ELIGIBLE | BACKED_UP, 3),
        (USER_PRESENT | USER_VERIFIED, 4),
        (USER_PRESENT | USER_VERIFIED | BACKUP_ELIGIBLE | BACKED_UP, 7),
    ] {
        let mut authenticator = Authenticator::new(Algorithm::Es256, 1);
        authenticator.flags = flags;
        let credential = authenticator.registered(&site);
        assert_eq!(credential.to_bytes()[1], bits);
        assert!(Credential::from_bytes(&credential.to_bytes()) == Some(credential));
    }
}

#[test]
fn the_longest_id_and_the_largest_key_are_stored() {
    let site = Site::new();
    let mut created = Authenticator::new(Algorithm::Rs256, 1).create(&site);
    created.data.id = Some(vec![7; 1023]);
    let modulus = [&[0xff; 511][..], &[0x01]].concat();
    created.data.public_key = map(&rs256_key(&modulus, &[3]));
    let credential = site.register(&created.json()).unwrap();
    let stored = credential.to_bytes();
    assert!(stored.len() < 2048, "{}", stored.len());
    assert!(Credential::from_bytes(&stored) == Some(credential));
}

#[test]
fn what_this_version_does_not_write_is_not_read() {
    for algorithm in ALGORITHMS {
        let good = stored(algorithm);
        let with = |at: usize, byte: u8| {
            let mut other = good.clone();
            other[at] = byte;
            other
        };
        // The id begins at 24, the transports at 44, the key at 61.
        for (why, bytes) in [
            ("a later version", with(0, 2)),
            ("a flag of a later version", with(1, 8)),
            ("an id that is longer than all", with(22, 0xff)),
            ("no id", [&good[..22], &[0, 0], &good[44..]].concat()),
            ("a transport in capitals", with(46, b'I')),
            ("an unknown algorithm", with(61, 4)),
            ("no key", good[..61].to_vec()),
            ("a byte behind", [&good[..], &[0]].concat()),
        ] {
            assert!(Credential::from_bytes(&bytes).is_none(), "{algorithm:?}: {why}");
        }
        for length in 0..good.len() {
            assert!(Credential::from_bytes(&good[..length]).is_none(), "{algorithm:?}: {length} bytes");
        }
    }
    let mut off_the_curve = stored(Algorithm::Es256);
    *off_the_curve.last_mut().unwrap() ^= 1;
    assert!(Credential::from_bytes(&off_the_curve).is_none());
}

#[test]
fn nothing_of_a_credential_is_in_its_debug_text() {
    let credential = Authenticator::new(Algorithm::Es256, 1).registered(&Site::new());
    assert_eq!(format!("{credential:?}"), "Credential");
}
