//! The published failures of other libraries, each tried here. What depends on the ceremonies around the verification (replays,
//! options before the password, enrolling with a password alone) is tried where the ceremonies are.

use crate::authenticator::*;
use parse_two_factor::factor::webauthn::{Error, Reason, UserVerification};
use serde_json::json;

#[test]
fn a_challenge_that_comes_back_from_the_client_is_of_no_use_cve_2026_28787() {
    let site = Site::new();
    let mut attackers = Site::new();
    attackers.challenge = b"chosen by whoever signs".to_vec();
    for algorithm in ALGORITHMS {
        let authenticator = Authenticator::new(algorithm, 1);
        let mut value = authenticator.get(&attackers).value();
        value["challenge"] = json!(attackers.challenge());
        value["response"]["challenge"] = json!(attackers.challenge());
        let outcome = site.assert(&value.to_string(), &authenticator.registered(&site));
        assert_eq!(outcome, Err(Error::Refused(Reason::Challenge)));
    }
}

#[test]
fn an_origin_is_compared_as_a_whole_cve_2026_30964() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let credential = authenticator.registered(&site);
    for origin in [
        "http://example.com",
        "https://example.com:8443",
        "https://example.com:443",
        "https://example.com.evil.test",
        "https://evilexample.com",
        "https://login.example.com",
        "https://example.com/",
        "https://example.com/.evil.test",
        "https://evil.test/https://example.com",
        "https://example.com@evil.test",
        "https://EXAMPLE.com",
        "HTTPS://example.com",
        "example.com",
        "android:apk-key-hash:example.com",
        "null",
        "",
    ] {
        let wrong = Error::WrongOrigin(origin.into());
        let mut got = authenticator.get(&site);
        got.client_data = client_data("webauthn.get", &site, origin).into();
        assert_eq!(site.assert(&got.json(), &credential), Err(wrong.clone()));
        let mut created = authenticator.create(&site);
        created.client_data = client_data("webauthn.create", &site, origin).into();
        assert_eq!(site.register(&created.json()), Err(wrong));
    }
}

#[test]
fn another_users_credential_signs_nobody_else_in_cve_2026_46419() {
    let site = Site::new();
    for algorithm in [Algorithm::Es256, Algorithm::Ed25519] {
        let (victim, attacker) = (Authenticator::new(algorithm, 1), Authenticator::new(algorithm, 2));
        let credential = victim.registered(&site);
        let own = attacker.get(&site);
        assert_eq!(site.assert(&own.json(), &credential), Err(Error::Refused(Reason::Credential)));
        // Under the victim's id, with the attacker's key.
        let mut disguised = attacker.clone();
        disguised.id.clone_from(&victim.id);
        assert_eq!(site.assert(&disguised.get(&site).json(), &credential), Err(Error::Refused(Reason::Signature)));
    }
}

#[test]
fn a_key_of_another_algorithm_signs_for_no_credential() {
    let site = Site::new();
    for stored in ALGORITHMS {
        let credential = Authenticator::new(stored, 1).registered(&site);
        for used in ALGORITHMS.into_iter().filter(|used| *used != stored) {
            let outcome = site.assert(&Authenticator::new(used, 1).get(&site).json(), &credential);
            assert_eq!(outcome, Err(Error::Refused(Reason::Signature)), "{used:?} for {stored:?}");
        }
    }
}

#[test]
fn a_user_handle_of_another_account_is_refused_cve_2025_26788() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    for handle in [&b"another account's"[..], b"the account's i", b"the account's idx", b"\0"] {
        let mut got = authenticator.get(&site);
        got.user_handle = json!(base64(handle));
        let outcome = site.assert(&got.json(), &authenticator.registered(&site));
        assert_eq!(outcome, Err(Error::Refused(Reason::UserHandle)));
    }
}

#[test]
fn required_user_verification_holds_whatever_the_registration_was_cve_2026_47841() {
    let (mut site, mut authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let verified = authenticator.registered(&site);
    authenticator.flags = USER_PRESENT;
    let unverified = authenticator.registered(&site);
    site.user_verification = UserVerification::Required;
    for credential in [verified, unverified] {
        let outcome = site.assert(&authenticator.get(&site).json(), &credential);
        assert_eq!(outcome, Err(Error::Refused(Reason::UserVerification)));
    }
    let registration = site.register(&authenticator.create(&site).json());
    assert_eq!(registration, Err(Error::Refused(Reason::UserVerification)));
}

#[test]
fn user_presence_is_demanded_even_of_a_verified_user_cve_2021_38299() {
    let (site, mut authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let credential = authenticator.registered(&site);
    authenticator.flags = USER_VERIFIED;
    let outcome = site.assert(&authenticator.get(&site).json(), &credential);
    assert_eq!(outcome, Err(Error::Refused(Reason::UserPresence)));
    let outcome = site.register(&authenticator.create(&site).json());
    assert_eq!(outcome, Err(Error::Refused(Reason::UserPresence)));
}

#[test]
fn a_registration_is_good_for_its_challenge_alone_cve_2022_42731() {
    let (site, mut later) = (Site::new(), Site::new());
    later.challenge = b"the challenge of the next enrollment".to_vec();
    for algorithm in ALGORITHMS {
        let answer = Authenticator::new(algorithm, 1).create(&site).json();
        assert!(site.register(&answer).is_ok());
        assert_eq!(later.register(&answer), Err(Error::Refused(Reason::Challenge)));
    }
}

#[test]
fn an_answer_of_one_ceremony_is_none_of_the_other() {
    let site = Site::new();
    for algorithm in ALGORITHMS {
        let authenticator = Authenticator::new(algorithm, 1);
        let mut created = authenticator.create(&site);
        created.client_data = client_data("webauthn.get", &site, ORIGIN).into();
        assert_eq!(site.register(&created.json()), Err(Error::Refused(Reason::Type)));
        let mut got = authenticator.get(&site);
        got.client_data = client_data("webauthn.create", &site, ORIGIN).into();
        assert_eq!(site.assert(&got.json(), &authenticator.registered(&site)), Err(Error::Refused(Reason::Type)));
    }
}

#[test]
fn a_sign_count_is_told_to_the_caller_and_refuses_nobody_cve_2023_45669() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let credential = authenticator.registered(&site);
    assert_eq!(credential.sign_count, 7);
    for count in [8, 7, 1, 0, u32::MAX] {
        let mut got = authenticator.get(&site);
        got.data.sign_count = count;
        assert_eq!(site.assert(&got.json(), &credential).unwrap().sign_count, count);
    }
}

#[test]
fn attestation_lends_no_trust_so_a_forged_one_gains_none_cve_2025_12150_cve_2026_6856_ghsa_6hxq_p678_4hr2() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let plain = authenticator.registered(&site).to_bytes();
    let own_root = [vec![0x82], byte_string(&[0x30; 600]), byte_string(&[0x30; 600])].concat();
    for statement in [
        map(&[(text("alg"), vec![0x26]), (text("sig"), byte_string(&[0x30; 70])), (text("x5c"), own_root)]),
        map(&[(text("alg"), vec![0x26]), (text("sig"), byte_string(&[0x30; 70]))]),
    ] {
        let mut created = authenticator.create(&site);
        (created.format, created.statement) = ("packed", statement);
        assert_eq!(site.register(&created.json()).unwrap().to_bytes(), plain);
    }
}

#[test]
fn a_signature_of_any_length_is_refused_without_harm_cve_2021_40818() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let credential = authenticator.registered(&site);
    let got = authenticator.get(&site);
    for length in (0..300).chain([1000, 5000, 10_000]) {
        for filler in [0x00, 0x02, 0x30, 0xff] {
            for head in [
                &[][..],
                &[0x30, 0x82, 0xff, 0xff],
                &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
                &[0x30, 0x46, 0x02, 0x81, 0xff],
            ] {
                let signature = [head, &vec![filler; length]].concat();
                let outcome = site.assert(&got.value_with(&signature).to_string(), &credential);
                assert_eq!(outcome, Err(Error::Refused(Reason::Signature)), "{length} × {filler:x}");
            }
        }
    }
}

#[test]
fn an_iframe_on_another_page_can_neither_register_nor_sign_in() {
    let (site, authenticator) = (Site::new(), Authenticator::new(Algorithm::Es256, 1));
    let credential = authenticator.registered(&site);
    for framed in [
        r#""crossOrigin":true"#,
        r#""crossOrigin":true,"topOrigin":"https://evil.test""#,
        r#""crossOrigin":false,"topOrigin":"https://evil.test""#,
        r#""topOrigin":"https://example.com""#,
        r#""topOrigin":"""#,
    ] {
        let with = |text: String| text.replace(r#""crossOrigin":false"#, framed).into_bytes();
        let mut got = authenticator.get(&site);
        got.client_data = with(client_data("webauthn.get", &site, ORIGIN));
        assert_eq!(site.assert(&got.json(), &credential), Err(Error::Refused(Reason::CrossOrigin)), "{framed}");
        let mut created = authenticator.create(&site);
        created.client_data = with(client_data("webauthn.create", &site, ORIGIN));
        assert_eq!(site.register(&created.json()), Err(Error::Refused(Reason::CrossOrigin)), "{framed}");
    }
}
