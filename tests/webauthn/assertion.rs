//! Assertions: what is accepted, and each fault alone.

use crate::authenticator::*;
use parse_two_factor::factor::webauthn::{Assertion, Error, Reason, UserVerification, Verified};
use serde_json::{Value, json};

/// What becomes of an assertion that was changed before it was signed.
fn changed(algorithm: Algorithm, change: impl FnOnce(&mut Got)) -> Result<Verified, Error> {
    let (site, authenticator) = (Site::new(), Authenticator::new(algorithm, 1));
    let mut got = authenticator.get(&site);
    change(&mut got);
    site.assert(&got.json(), &authenticator.registered(&site))
}

/// What becomes of an answer that was changed after it left the browser.
fn rewritten(change: impl FnOnce(&mut Value)) -> Result<Verified, Error> {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let mut value = authenticator.get(&site).value();
    change(&mut value);
    site.assert(&value.to_string(), &authenticator.registered(&site))
}

fn is_malformed(outcome: Result<Verified, Error>) -> bool {
    matches!(outcome, Err(Error::Malformed(_)))
}

fn refused(reason: Reason) -> Result<Verified, Error> {
    Err(Error::Refused(reason))
}

#[test]
fn an_assertion_is_accepted_with_each_algorithm_and_says_what_was_signed() {
    for algorithm in ALGORITHMS {
        let (site, mut authenticator) = (Site::new(), Authenticator::new(algorithm, 1));
        authenticator.flags |= BACKUP_ELIGIBLE;
        let credential = authenticator.registered(&site);
        let answer = authenticator.get(&site).json();
        assert_eq!(Assertion::parse(&answer).unwrap().credential_id(), authenticator.id);
        let verified = Verified { user_verified: true, backed_up: false, sign_count: 8 };
        assert_eq!(site.assert(&answer, &credential), Ok(verified), "{algorithm:?}");
        // It was synced since, nobody was verified, and the count stands still.
        authenticator.flags = USER_PRESENT | BACKUP_ELIGIBLE | BACKED_UP;
        let mut got = authenticator.get(&site);
        got.data.sign_count = 0;
        let verified = Verified { user_verified: false, backed_up: true, sign_count: 0 };
        assert_eq!(site.assert(&got.json(), &credential), Ok(verified), "{algorithm:?}");
    }
}

#[test]
fn client_data_is_read_as_every_browser_and_phone_writes_it() {
    let challenge = Site::new().challenge();
    for text in [
        format!(r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"{ORIGIN}"}}"#),
        format!(
            r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"https:\/\/example.com","androidPackageName":"com.android.chrome"}}"#
        ),
        format!(
            r#"{{"origin":"{ORIGIN}","challenge":"{challenge}","type":"webauthn.get","tokenBinding":{{"status":"present","id":"AA"}}}}"#
        ),
        format!("\u{feff}{{\"type\":\"webauthn.get\",\"challenge\":\"{challenge}\",\"origin\":\"{ORIGIN}\"}}"),
    ] {
        assert!(changed(Algorithm::Es256, |got| got.client_data = text.clone().into()).is_ok(), "{text}");
    }
}

#[test]
fn each_check_of_level_3_refuses_what_it_is_for_though_the_signature_is_valid() {
    for algorithm in ALGORITHMS {
        let other = |from: &str, to: &str| {
            changed(algorithm, |got| {
                let text = String::from_utf8(got.client_data.clone()).unwrap();
                assert!(text.contains(from), "{from}");
                got.client_data = text.replace(from, to).into();
            })
        };
        assert_eq!(changed(algorithm, |got| got.user_handle = json!("b3RoZXI")), refused(Reason::UserHandle), "step 6");
        assert_eq!(other("webauthn.get", "webauthn.create"), refused(Reason::Type), "step 10");
        assert_eq!(other(&Site::new().challenge(), "AAAA"), refused(Reason::Challenge), "step 11");
        let origin = "https://example.com.evil.test";
        assert_eq!(other(ORIGIN, origin), Err(Error::WrongOrigin(origin.into())), "step 12");
        assert_eq!(other(":false", ":true"), refused(Reason::CrossOrigin), "step 13");
        let top = r#":false,"topOrigin":"https://evil.test""#;
        assert_eq!(other(":false", top), refused(Reason::CrossOrigin), "step 14");
        assert_eq!(changed(algorithm, |got| got.data.rp_id_hash[0] ^= 1), refused(Reason::RpId), "step 15");
        assert_eq!(changed(algorithm, |got| got.data.flags &= !USER_PRESENT), refused(Reason::UserPresence), "step 16");
        assert_eq!(changed(algorithm, |got| got.data.flags |= BACKED_UP), refused(Reason::Backup), "step 18");
        assert_eq!(changed(algorithm, |got| got.data.flags |= BACKUP_ELIGIBLE), refused(Reason::Backup), "step 19");
    }
}

#[test]
fn eligibility_for_backup_must_be_the_one_of_the_registration() {
    let (site, mut authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    authenticator.flags |= BACKUP_ELIGIBLE | BACKED_UP;
    let credential = authenticator.registered(&site);
    assert!(site.assert(&authenticator.get(&site).json(), &credential).is_ok());
    authenticator.flags = USER_PRESENT;
    assert_eq!(site.assert(&authenticator.get(&site).json(), &credential), refused(Reason::Backup));
}

#[test]
fn user_verification_is_demanded_exactly_if_the_policy_requires_it() {
    for (policy, flags, accepted) in [
        (UserVerification::Required, USER_PRESENT | USER_VERIFIED, true),
        (UserVerification::Required, USER_PRESENT, false),
        (UserVerification::Preferred, USER_PRESENT, true),
        (UserVerification::Discouraged, USER_PRESENT, true),
    ] {
        let (mut site, mut authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
        let credential = authenticator.registered(&site);
        site.user_verification = policy;
        authenticator.flags = flags;
        let outcome = site.assert(&authenticator.get(&site).json(), &credential);
        assert_eq!(outcome.is_ok(), accepted, "{policy:?}");
        assert!(accepted || outcome == refused(Reason::UserVerification), "{policy:?}");
    }
}

#[test]
fn a_wrong_origin_is_told_only_if_the_signature_is_valid() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let credential = authenticator.registered(&site);
    let mut got = authenticator.get(&site);
    got.client_data = client_data("webauthn.get", &site, "https://evil.test").into();
    let outcome = site.assert(&got.json(), &credential);
    assert_eq!(outcome, Err(Error::WrongOrigin("https://evil.test".into())));
    let forged = Authenticator::new(Algorithm::Es256, 2).sign(&got.signed());
    assert_eq!(site.assert(&got.value_with(&forged).to_string(), &credential), refused(Reason::Signature));
}

#[test]
fn http_localhost_in_the_list_stands_for_every_port_of_it() {
    let (mut site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    site.rp_id = "localhost";
    site.origins = vec!["http://localhost".into()];
    let outcome = |origin: &str| {
        let mut created = authenticator.create(&site);
        created.client_data = client_data("webauthn.create", &site, origin).into();
        site.register(&created.json()).map(drop)
    };
    assert_eq!(outcome("http://localhost:1337"), Ok(()));
    for origin in
        ["https://localhost:1337", "http://localhost:1337/", "http://127.0.0.1:1337", "http://localhost.evil.test"]
    {
        assert_eq!(outcome(origin), Err(Error::WrongOrigin(origin.into())));
    }
}

#[test]
fn a_user_handle_may_be_missing_and_must_otherwise_be_the_accounts() {
    for absent in [Value::Null, json!("")] {
        assert!(changed(Algorithm::Es256, |got| got.user_handle = absent.clone()).is_ok(), "{absent}");
    }
    assert!(rewritten(|value| drop(value["response"].as_object_mut().unwrap().remove("userHandle"))).is_ok());
    assert!(is_malformed(changed(Algorithm::Es256, |got| got.user_handle = json!(7))));
    assert!(is_malformed(changed(Algorithm::Es256, |got| got.user_handle = json!("a b"))));
}

#[test]
fn a_signature_has_to_be_one_in_the_form_of_its_algorithm() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let credential = authenticator.registered(&site);
    let got = authenticator.get(&site);
    let outcome = |signature: &[u8]| site.assert(&got.value_with(signature).to_string(), &credential);
    let der = authenticator.sign(&got.signed());
    let (r, s) = {
        let signature = p256::ecdsa::Signature::from_der(&der).unwrap();
        let (r, s) = signature.split_bytes();
        (r.to_vec(), s.to_vec())
    };
    let integer = |bytes: &[u8]| [&[0x02, bytes.len() as u8], bytes].concat();
    let positive = |bytes: &[u8]| integer(&if bytes[0] < 0x80 { bytes.to_vec() } else { [&[0], bytes].concat() });
    let sequence = |inner: &[u8]| [&[0x30, inner.len() as u8], inner].concat();
    let rebuilt = sequence(&[positive(&r), positive(&s)].concat());
    assert!(outcome(&rebuilt).is_ok());
    let order = bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    for (why, signature) in [
        ("nothing", vec![]),
        ("r and s without DER", [&r[..], &s].concat()),
        ("r of zero", sequence(&[integer(&[0]), positive(&s)].concat())),
        ("s of zero", sequence(&[positive(&r), integer(&[0])].concat())),
        ("both of zero", sequence(&[integer(&[0]), integer(&[0])].concat())),
        ("r of the order", sequence(&[positive(&order), positive(&s)].concat())),
        ("r with leading zeros", sequence(&[integer(&[&[0, 0], &r[..]].concat()), positive(&s)].concat())),
        ("a length in two bytes", [&[0x30, 0x81], &rebuilt[1..]].concat()),
        ("a byte behind it", [&rebuilt[..], &[0]].concat()),
        ("a third integer", sequence(&[positive(&r), positive(&s), integer(&[1])].concat())),
        ("an indefinite length", [&[0x30, 0x80], &rebuilt[2..], &[0, 0]].concat()),
        ("negative numbers", sequence(&[integer(&[0x80]), integer(&[0x80])].concat())),
        ("8 KiB", [&[0x30, 0x82, 0x20, 0x00][..], &[0x02; 8192]].concat()),
    ] {
        assert_eq!(outcome(&signature), refused(Reason::Signature), "{why}");
    }
}

#[test]
fn the_other_half_of_an_ecdsa_signature_is_valid_as_authenticators_write_either() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let credential = authenticator.registered(&site);
    let got = authenticator.get(&site);
    let signature = p256::ecdsa::Signature::from_der(&authenticator.sign(&got.signed())).unwrap();
    let other = p256::ecdsa::Signature::from_scalars(*signature.r().as_ref(), -*signature.s().as_ref()).unwrap();
    assert_ne!(signature, other);
    for signature in [signature, other] {
        assert!(site.assert(&got.value_with(signature.to_der().as_bytes()).to_string(), &credential).is_ok());
    }
}

#[test]
fn a_signature_of_the_wrong_length_is_refused_by_each_algorithm() {
    for algorithm in ALGORITHMS {
        let (site, authenticator) = (Site::new(), Authenticator::new(algorithm, 1));
        let credential = authenticator.registered(&site);
        let got = authenticator.get(&site);
        let signature = authenticator.sign(&got.signed());
        for other in [
            vec![],
            signature[1..].to_vec(),
            signature[..signature.len() - 1].to_vec(),
            [&signature[..], &[0]].concat(),
            vec![0; signature.len()],
            vec![0xff; signature.len()],
        ] {
            let outcome = site.assert(&got.value_with(&other).to_string(), &credential);
            assert_eq!(outcome, refused(Reason::Signature), "{algorithm:?}, {} bytes", other.len());
        }
    }
}

#[test]
fn an_rsa_signature_of_another_encoding_is_refused() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Rs256, 1));
    let credential = authenticator.registered(&site);
    let got = authenticator.get(&site);
    let good = rsa_encoded(&got.signed());
    let outcome = |encoded: &[u8]| site.assert(&got.value_with(&rsa_power(encoded)).to_string(), &credential);
    assert!(outcome(&good).is_ok());
    let hash = &good[224..];
    let short = |info: &str| {
        let info = bytes(info);
        let padding = 256 - 3 - info.len() - hash.len();
        [&[0, 1][..], &vec![0xff; padding], &[0], &info, hash].concat()
    };
    for (why, encoded) in [
        ("block type 2", [&[0, 2], &good[2..]].concat()),
        ("block type 0", [&[0, 0], &good[2..]].concat()),
        ("no separator", [&good[..204], &[0xff], &good[205..]].concat()),
        ("padding of another byte", [&good[..100], &[0xfe], &good[101..]].concat()),
        ("no NULL in the algorithm", short("302f300b06096086480165030402010420")),
        ("the name of SHA-512", short("3031300d060960864801650304020305000420")),
        ("the hash alone", [&[0, 1][..], &[0xff; 221], &[0], hash].concat()),
        ("little padding and garbage behind (Bleichenbacher 2006)", {
            [&good[..2], &[0xff; 8], &good[204..], &[0x5a; 194]].concat()
        }),
        ("garbage between (CVE-2006-4340)", [&good[..2], &[0xff; 8], &[0x5a; 194], &good[204..]].concat()),
    ] {
        assert_eq!(encoded.len(), 256, "{why}");
        assert_eq!(outcome(&encoded), refused(Reason::Signature), "{why}");
    }
}

#[test]
fn authenticator_data_of_an_assertion_has_no_credential_and_nothing_behind_it() {
    let extended = changed(Algorithm::Es256, |got| {
        got.data.flags |= EXTENDED;
        got.data.after = map(&[(text("uvm"), vec![0x80])]);
    });
    assert!(extended.is_ok());
    assert!(is_malformed(changed(Algorithm::Es256, |got| got.data.after = vec![0])));
    assert!(is_malformed(changed(Algorithm::Es256, |got| got.data.after = vec![0xa0])));
    assert!(is_malformed(changed(Algorithm::Es256, |got| got.data.flags |= EXTENDED)));
    assert!(is_malformed(changed(Algorithm::Es256, |got| got.data.flags |= ATTESTED)));
    let attested = changed(Algorithm::Es256, |got| {
        got.data.flags |= ATTESTED;
        got.data.id = Some(vec![1; 20]);
        got.data.public_key = map(&Authenticator::new(Algorithm::Es256, 1).public_key());
    });
    assert!(is_malformed(attested));
}

#[test]
fn the_answer_has_to_be_what_a_browser_gives() {
    for (why, change) in [
        ("rawId of another", (&|value: &mut Value| value["rawId"] = json!("AAAA")) as &dyn Fn(&mut Value)),
        ("another type", &|value| value["type"] = json!("federated")),
        ("no signature", &|value| drop(value["response"].as_object_mut().unwrap().remove("signature"))),
        ("a signature of null", &|value| value["response"]["signature"] = Value::Null),
        ("no authenticator data", &|value| {
            value["response"].as_object_mut().unwrap().remove("authenticatorData");
        }),
        ("padded base64", &|value| value["response"]["signature"] = json!("AA==")),
    ] {
        assert!(is_malformed(rewritten(change)), "{why}");
    }
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let registration = authenticator.create(&site).json();
    assert!(is_malformed(site.assert(&registration, &authenticator.registered(&site))), "a registration");
}
