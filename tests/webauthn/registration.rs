//! Registrations: what is accepted from real clients, and each fault alone.

use crate::authenticator::*;
use parse_two_factor::factor::webauthn::{Credential, Error, Reason, Registration, UserVerification};
use serde_json::{Value, json};

fn authenticator() -> Authenticator {
    Authenticator::new(Algorithm::Es256, 1)
}

/// What becomes of a registration that was changed.
fn changed(change: impl FnOnce(&mut Created)) -> Result<Credential, Error> {
    let site = Site::new();
    let mut created = authenticator().create(&site);
    change(&mut created);
    site.register(&created.json())
}

/// What becomes of an answer that was changed after it left the browser.
fn rewritten(change: impl FnOnce(&mut Value)) -> Result<Credential, Error> {
    let site = Site::new();
    let mut value = authenticator().create(&site).value();
    change(&mut value);
    site.register(&value.to_string())
}

fn is_malformed<T>(outcome: Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Malformed(_)))
}

fn refused(reason: Reason) -> Result<Credential, Error> {
    Err(Error::Refused(reason))
}

#[test]
fn a_registration_is_accepted_with_each_algorithm_and_stored_as_the_authenticator_said() {
    for algorithm in ALGORITHMS {
        let mut authenticator = Authenticator::new(algorithm, 9);
        authenticator.flags |= BACKUP_ELIGIBLE | BACKED_UP;
        let site = Site::new();
        let answer = authenticator.create(&site).json();
        let registration = Registration::parse(&answer).unwrap();
        assert_eq!(registration.credential_id(), authenticator.id);
        let credential = site.register(&answer).unwrap();
        assert_eq!(credential.id, authenticator.id);
        assert_eq!(credential.aaguid, AAGUID);
        assert_eq!(credential.transports, ["internal", "hybrid"]);
        assert_eq!(credential.sign_count, 7);
        assert!(credential.backup_eligible && credential.backed_up && credential.user_verified);
        let number = match algorithm {
            Algorithm::Es256 => -7,
            Algorithm::Ed25519 => -8,
            Algorithm::Rs256 => -257,
        };
        assert_eq!(credential.public_key.algorithm(), number);
    }
}

#[test]
fn client_data_is_read_as_every_browser_and_phone_writes_it() {
    let challenge = Site::new().challenge();
    let android = "android:apk-key-hash:A-sN-c3vcMIu0nFNdYLgW0TfQzx6VMJqLZvRwmQvYdo";
    for (client, text) in [
        ("Safari", format!(r#"{{"type":"webauthn.create","challenge":"{challenge}","origin":"{ORIGIN}"}}"#)),
        (
            "Chrome on Android",
            format!(
                r#"{{"type":"webauthn.create","challenge":"{challenge}","origin":"https:\/\/example.com","androidPackageName":"com.android.chrome"}}"#
            ),
        ),
        (
            "an app on Android",
            format!(
                r#"{{"type":"webauthn.create","challenge":"{challenge}","origin":"{android}","androidPackageName":"com.example.app"}}"#
            ),
        ),
        (
            "Chromium, now and then",
            format!(
                r#"{{"type":"webauthn.create","challenge":"{challenge}","origin":"{ORIGIN}","crossOrigin":false,"other_keys_can_be_added_here":"do not compare clientDataJSON against a template. See https://goo.gl/yabPex"}}"#
            ),
        ),
        (
            "an older Firefox",
            format!(
                r#"{{"challenge":"{challenge}","clientExtensions":{{}},"hashAlgorithm":"SHA-256","origin":"{ORIGIN}","type":"webauthn.create"}}"#
            ),
        ),
        (
            "an older Edge, with token binding",
            format!(
                r#"{{"type":"webauthn.create","challenge":"{challenge}","origin":"{ORIGIN}","tokenBinding":{{"status":"supported"}}}}"#
            ),
        ),
        (
            "a client with a byte order mark and white space",
            format!(
                "\u{feff} {{ \"type\" : \"webauthn.create\",\r\n\"challenge\":\"{challenge}\",\t\"origin\":\"{ORIGIN}\" }}\n"
            ),
        ),
        (
            "a client that writes null for what it does not know",
            format!(
                r#"{{"type":"webauthn.create","challenge":"{challenge}","origin":"{ORIGIN}","crossOrigin":null,"topOrigin":null}}"#
            ),
        ),
    ] {
        let mut site = Site::new();
        site.origins.push(android.into());
        let mut created = authenticator().create(&site);
        created.client_data = text.into();
        assert!(site.register(&created.json()).is_ok(), "{client}");
    }
}

#[test]
fn what_the_authenticator_may_leave_out_or_add_is_no_reason_to_refuse() {
    assert!(changed(|created| created.data.flags = USER_PRESENT | ATTESTED).is_ok(), "no verification of the user");
    assert!(changed(|created| created.data.sign_count = 0).is_ok());
    assert!(changed(|created| created.data.flags |= BACKUP_ELIGIBLE).is_ok(), "eligible, not synced yet");
    assert!(changed(|created| created.data.id = Some(vec![5; 1023])).is_ok(), "the longest id");
    let extended = changed(|created| {
        created.data.flags |= EXTENDED;
        created.data.after = map(&[(text("credProtect"), vec![0x02]), (text("hmac-secret"), vec![0xf5])]);
    });
    assert!(extended.is_ok(), "extensions that nobody asked for");
    let reordered = changed(|created| {
        created.object = Some(map(&[
            (text("authData"), byte_string(&created.data.bytes())),
            (text("fmt"), text("none")),
            (text("attStmt"), vec![0xa0]),
        ]));
    });
    assert!(reordered.is_ok(), "another order of the attestation object");
    assert!(changed(|created| created.data.flags |= 0x22).is_ok(), "flags that are reserved for later");
    assert!(rewritten(|value| value["somethingNew"] = json!({"deep": [1.5e3, null]})).is_ok());
    assert!(rewritten(|value| drop(value.as_object_mut().unwrap().remove("clientExtensionResults"))).is_ok());
}

#[test]
fn a_statement_that_nobody_asked_for_is_passed_over_whatever_it_says() {
    let plain = changed(|_| ()).unwrap().to_bytes();
    let certificate = byte_string(&[0x30; 900]);
    for (format, statement) in [
        ("packed", map(&[(text("alg"), vec![0x26]), (text("sig"), byte_string(&[1; 70]))])),
        ("packed", map(&[(text("x5c"), [vec![0x81], certificate.clone()].concat())])),
        ("apple", map(&[(text("x5c"), [vec![0x82], certificate.clone(), certificate].concat())])),
        ("compound", [vec![0x81], map(&[(text("fmt"), text("packed")), (text("attStmt"), vec![0xa0])])].concat()),
        ("none", map(&[(text("sig"), byte_string(&[0; 8]))])),
        ("of tomorrow", vec![0xf6]),
    ] {
        let outcome = changed(|created| (created.format, created.statement) = (format, statement));
        assert_eq!(outcome.unwrap().to_bytes(), plain, "{format}");
    }
}

#[test]
fn transports_are_kept_as_far_as_they_are_names() {
    let kept = |transports: Value| changed(|created| created.transports = transports).map(|made| made.transports);
    assert_eq!(kept(json!(["usb", "smart-card", "of-tomorrow"])).unwrap(), ["usb", "smart-card", "of-tomorrow"]);
    assert_eq!(kept(json!(["usb", "", "USB", "<script>", "seventeen-letters", "nfc"])).unwrap(), ["usb", "nfc"]);
    assert_eq!(kept(json!(vec!["ble"; 100])).unwrap(), vec!["ble"; 8]);
    assert!(kept(Value::Null).unwrap().is_empty());
    assert!(is_malformed(kept(json!("usb"))));
    assert!(is_malformed(kept(json!([1]))));
    let without = rewritten(|value| drop(value["response"].as_object_mut().unwrap().remove("transports")));
    assert!(without.unwrap().transports.is_empty());
}

#[test]
fn each_check_of_level_3_refuses_what_it_is_for() {
    let other = |from: &str, to: &str| {
        changed(|created| {
            let text = String::from_utf8(created.client_data.clone()).unwrap();
            assert!(text.contains(from), "{from}");
            created.client_data = text.replace(from, to).into();
        })
    };
    assert_eq!(other("webauthn.create", "webauthn.get"), refused(Reason::Type), "step 7");
    assert_eq!(other("webauthn.create", "Webauthn.create"), refused(Reason::Type), "step 7");
    let challenge = Site::new().challenge();
    assert_eq!(other(&challenge, &format!("{challenge}AA")), refused(Reason::Challenge), "step 8");
    assert_eq!(other(&challenge, ""), refused(Reason::Challenge), "step 8");
    assert_eq!(other(ORIGIN, "https://example.org"), Err(Error::WrongOrigin("https://example.org".into())), "step 9");
    assert_eq!(other(":false", ":true"), refused(Reason::CrossOrigin), "step 10");
    let top = r#":false,"topOrigin":"https://example.com""#;
    assert_eq!(other(":false", top), refused(Reason::CrossOrigin), "step 11");
    assert_eq!(changed(|created| created.data.rp_id_hash[31] ^= 1), refused(Reason::RpId), "step 14");
    assert_eq!(changed(|created| created.data.flags &= !USER_PRESENT), refused(Reason::UserPresence), "step 15");
    assert_eq!(changed(|created| created.data.flags |= BACKED_UP), refused(Reason::Backup), "step 17");
    for bytes in [1024, 0] {
        assert!(is_malformed(changed(|created| created.data.id = Some(vec![5; bytes]))), "step 25: {bytes}");
    }
}

#[test]
fn a_wrong_origin_is_told_only_if_all_else_is_right() {
    let outcome = changed(|created| {
        created.client_data = client_data("webauthn.create", &Site::new(), "https://evil.test").into();
        created.data.flags &= !USER_PRESENT;
    });
    assert_eq!(outcome, refused(Reason::UserPresence));
}

#[test]
fn user_verification_is_demanded_exactly_if_the_policy_requires_it() {
    for (policy, verified, accepted) in [
        (UserVerification::Required, true, true),
        (UserVerification::Required, false, false),
        (UserVerification::Preferred, false, true),
        (UserVerification::Discouraged, false, true),
    ] {
        let mut site = Site::new();
        site.user_verification = policy;
        let mut created = authenticator().create(&site);
        created.data.flags = USER_PRESENT | ATTESTED | if verified { USER_VERIFIED } else { 0 };
        let outcome = site.register(&created.json()).map(|credential| credential.user_verified);
        let expected = if accepted { Ok(verified) } else { Err(Error::Refused(Reason::UserVerification)) };
        assert_eq!(outcome, expected, "{policy:?}");
    }
}

#[test]
fn authenticator_data_is_read_to_its_last_byte_and_no_further() {
    assert!(is_malformed(changed(|created| created.data.after = vec![0])), "a byte too many");
    assert!(is_malformed(changed(|created| created.data.after = vec![0xa0])), "extensions without their flag");
    assert!(is_malformed(changed(|created| created.data.flags |= EXTENDED)), "the flag without extensions");
    for after in [vec![0x80], vec![0xa0, 0x00], vec![0xa1, 0x00], vec![0xbf, 0xff]] {
        let outcome = changed(|created| {
            created.data.flags |= EXTENDED;
            created.data.after = after.clone();
        });
        assert!(is_malformed(outcome), "{after:x?}");
    }
    assert!(is_malformed(changed(|created| created.data.flags &= !ATTESTED)), "a credential without its flag");
    let without = changed(|created| {
        created.object = Some(map(&[
            (text("fmt"), text("none")),
            (text("attStmt"), vec![0xa0]),
            (text("authData"), byte_string(&created.data.bytes()[..37])),
        ]));
    });
    assert!(is_malformed(without), "the flag without a credential");
    let whole = authenticator().create(&Site::new()).data.bytes();
    for length in 0..whole.len() {
        let outcome = changed(|created| {
            created.object = Some(map(&[
                (text("fmt"), text("none")),
                (text("attStmt"), vec![0xa0]),
                (text("authData"), byte_string(&whole[..length])),
            ]));
        });
        assert!(is_malformed(outcome), "{length} bytes");
    }
}

#[test]
fn an_attestation_object_is_one_map_of_three_members() {
    let data = authenticator().create(&Site::new()).data.bytes();
    let members = [(text("fmt"), text("none")), (text("attStmt"), vec![0xa0]), (text("authData"), byte_string(&data))];
    let outcome = |object: Vec<u8>| changed(|created| created.object = Some(object));
    assert!(outcome(map(&members)).is_ok());
    for left_out in 0..3 {
        let rest: Vec<_> = (0..3).filter(|at| *at != left_out).map(|at| members[at].clone()).collect();
        assert!(is_malformed(outcome(map(&rest))), "without member {left_out}");
        let twice = [&members[..], &[members[left_out].clone()]].concat();
        assert!(is_malformed(outcome(map(&twice))), "member {left_out} twice");
    }
    assert!(is_malformed(outcome(map(&[&members[..], &[(text("epAtt"), vec![0xf5])]].concat()))), "one more");
    assert!(is_malformed(outcome([map(&members), vec![0xf6]].concat())), "bytes behind it");
    assert!(is_malformed(outcome(map(&[&members[..2], &[(text("authData"), text("text"))]].concat()))));
    assert!(is_malformed(outcome(vec![])));
}

/// What becomes of a registration with this key.
fn with_key(entries: Vec<(Vec<u8>, Vec<u8>)>) -> Result<Credential, Error> {
    changed(|created| created.data.public_key = map(&entries))
}

#[test]
fn a_public_key_has_exactly_the_members_of_its_algorithm() {
    for algorithm in ALGORITHMS {
        let key = Authenticator::new(algorithm, 3).public_key();
        assert!(with_key(key.clone()).is_ok());
        for (at, (label, value)) in key.iter().enumerate() {
            let mut without = key.clone();
            without.remove(at);
            assert_eq!(with_key(without), refused(Reason::PublicKey), "{algorithm:?} without {label:?}");
            let twice = [&key[..], &[(label.clone(), value.clone())]].concat();
            assert!(is_malformed(with_key(twice)), "{algorithm:?} with {label:?} twice");
        }
        for more in [vec![0x02], vec![0x04], vec![0x22], vec![0x23], text("x")] {
            if key.iter().all(|(label, _)| *label != more) {
                let outcome = with_key([&key[..], &[(more, byte_string(&[1; 32]))]].concat());
                assert_eq!(outcome, refused(Reason::PublicKey), "{algorithm:?}");
            }
        }
        for (at, wrong) in
            [(0, vec![0x04]), (0, vec![0x00]), (2, vec![0x02]), (2, vec![0xf6]), (3, vec![0x01]), (3, text("x"))]
        {
            let mut other = key.clone();
            other[at].1 = wrong;
            assert_eq!(with_key(other), refused(Reason::PublicKey), "{algorithm:?}, member {at}");
        }
        // The type and the curve of another algorithm.
        for alg in [vec![0x26], vec![0x27], vec![0x39, 0x01, 0x00]] {
            let mut other = key.clone();
            other[1].1 = alg;
            assert!(other == key || with_key(other) == refused(Reason::PublicKey), "{algorithm:?}");
        }
    }
}

#[test]
fn an_algorithm_that_was_not_offered_is_refused() {
    // ES384, ES512, PS256, RS1, ESP256, Ed25519 by its own number, Ed448, and none that anybody knows.
    for alg in [
        vec![0x38, 0x22],
        vec![0x38, 0x23],
        vec![0x38, 0x24],
        vec![0x39, 0xff, 0xfe],
        vec![0x28],
        vec![0x32],
        vec![0x38, 0x34],
        vec![0x00],
        text("ES256"),
    ] {
        let mut key = authenticator().public_key();
        key[1].1 = alg.clone();
        assert_eq!(with_key(key), refused(Reason::Algorithm), "{alg:x?}");
    }
}

#[test]
fn a_point_that_is_not_on_the_curve_is_refused() {
    let point = authenticator().p256().verifying_key().to_sec1_point(false);
    let (x, y) = point.as_bytes()[1..].split_at(32);
    assert!(with_key(es256_key(x, y)).is_ok());
    let mut off = y.to_vec();
    off[31] ^= 1;
    let prime = bytes("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    for (why, x, y) in [
        ("off the curve", x, &off[..]),
        ("swapped", y, x),
        ("infinity", &[0; 32], &[0; 32]),
        ("not below the prime", &prime, y),
        ("a short coordinate", &x[1..], y),
        ("a long coordinate", &[&[0], x].concat(), y),
        ("empty", &[], &[]),
    ] {
        assert_eq!(with_key(es256_key(x, y)), refused(Reason::PublicKey), "{why}");
    }
    let mut compressed = es256_key(x, y);
    compressed[4].1 = vec![0xf5];
    assert_eq!(with_key(compressed), refused(Reason::PublicKey), "a sign in place of y");
}

#[test]
fn an_ed25519_key_of_small_order_is_refused() {
    for (why, x) in [
        ("order 1", bytes("0100000000000000000000000000000000000000000000000000000000000000")),
        ("order 2", bytes("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")),
        ("order 4", bytes("0000000000000000000000000000000000000000000000000000000000000000")),
        ("order 8", bytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
        ("no point", bytes("0200000000000000000000000000000000000000000000000000000000000000")),
        ("31 bytes", vec![9; 31]),
        ("33 bytes", vec![9; 33]),
    ] {
        assert_eq!(with_key(ed25519_key(&x)), refused(Reason::PublicKey), "{why}");
    }
}

#[test]
fn an_rsa_key_that_is_weak_or_costly_is_refused() {
    let modulus = bytes(crate::rsa_key::MODULUS);
    let mut even = modulus.clone();
    even[255] &= 0xfe;
    for (why, modulus, exponent) in [
        ("an exponent of 1", &modulus[..], &[1][..]),
        ("an even exponent", &modulus, &[1, 0, 0]),
        ("an exponent of five bytes", &modulus, &[1, 0, 0, 0, 1]),
        ("an even modulus", &even, &[1, 0, 1]),
        ("1024 bits", &modulus[128..], &[1, 0, 1]),
        ("16384 bits", &modulus.repeat(8), &[1, 0, 1]),
    ] {
        assert_eq!(with_key(rs256_key(modulus, exponent)), refused(Reason::PublicKey), "{why}");
    }
}

#[test]
fn the_answer_has_to_be_what_a_browser_gives() {
    for (why, change) in [
        ("no id", (&|value: &mut Value| value["id"] = Value::Null) as &dyn Fn(&mut Value)),
        ("rawId of another", &|value| value["rawId"] = json!("AAAA")),
        ("no rawId", &|value| drop(value.as_object_mut().unwrap().remove("rawId"))),
        ("an id that is not the credential's", &|value| {
            (value["id"], value["rawId"]) = (json!("AAAA"), json!("AAAA"));
        }),
        ("another type", &|value| value["type"] = json!("password")),
        ("no response", &|value| drop(value.as_object_mut().unwrap().remove("response"))),
        ("a response that is a list", &|value| value["response"] = json!([])),
        ("no client data", &|value| drop(value["response"].as_object_mut().unwrap().remove("clientDataJSON"))),
        ("client data as an object", &|value| value["response"]["clientDataJSON"] = json!({})),
        ("no attestation object", &|value| {
            value["response"].as_object_mut().unwrap().remove("attestationObject");
        }),
        ("padded base64", &|value| {
            let text = value["response"]["attestationObject"].as_str().unwrap().to_owned();
            value["response"]["attestationObject"] = json!(text + "=");
        }),
        ("base64 of the other alphabet", &|value| value["response"]["attestationObject"] = json!("+/+/")),
        ("base64 with bits left over", &|value| value["response"]["clientDataJSON"] = json!("e31")),
    ] {
        assert!(is_malformed(rewritten(change)), "{why}");
    }
    let answer = authenticator().create(&Site::new()).json();
    let site = Site::new();
    for (why, text) in [
        ("empty", String::new()),
        ("cut off", answer[..answer.len() - 1].to_owned()),
        ("followed by more", format!("{answer}x")),
        ("twice", format!("{answer}{answer}")),
        ("a list", format!("[{answer}]")),
        ("a text", json!(answer).to_string()),
        ("a member twice", answer.replacen('{', r#"{"type":"public-key","#, 1)),
        ("the response twice", answer.replacen('{', r#"{"response":{},"#, 1)),
        ("longer than 16 KiB", answer.replacen('{', &format!(r#"{{"padding":"{}","#, "x".repeat(16 * 1024)), 1)),
        ("nested without end", answer.replacen('{', &format!(r#"{{"deep":{},"#, "[".repeat(10_000)), 1)),
    ] {
        assert!(is_malformed(site.register(&text)), "{why}");
    }
    let assertion = authenticator().get(&site).json();
    assert!(is_malformed(site.register(&assertion)), "an assertion");
}

#[test]
fn client_data_that_two_parsers_could_read_differently_is_refused() {
    let challenge = Site::new().challenge();
    let good = format!(r#""type":"webauthn.create","challenge":"{challenge}","origin":"{ORIGIN}""#);
    let outcome = |text: Vec<u8>| changed(|created| created.client_data = text);
    assert!(outcome(format!("{{{good}}}").into()).is_ok());
    for (why, text) in [
        ("a member twice", format!(r#"{{{good},"origin":"https://evil.test"}}"#).into_bytes()),
        ("a member twice, escaped", format!(r#"{{{good},"\u006frigin":"https://evil.test"}}"#).into()),
        ("half a surrogate pair", format!(r#"{{{good},"x":"\ud800"}}"#).into()),
        ("a control character", format!("{{{good},\"x\":\"\n\"}}").into()),
        ("a comma too many", format!("{{{good},}}").into()),
        ("a comment", format!("{{{good}/**/}}").into()),
        ("more behind it", format!("{{{good}}}{{}}").into()),
        ("not UTF-8", [format!("{{{good},\"x\":\"").as_bytes(), b"\xc3\x28\"}"].concat()),
        ("UTF-16", format!("{{{good}}}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("two byte order marks", format!("\u{feff}\u{feff}{{{good}}}").into()),
        ("no origin", format!(r#"{{"type":"webauthn.create","challenge":"{challenge}"}}"#).into()),
        ("an origin with a line break", format!(r#"{{{good}}}"#).replace(ORIGIN, "https://a\\nb").into()),
        (
            "an origin in letters that look alike",
            format!(r#"{{{good}}}"#).replace(ORIGIN, "https://exаmple.com").into(),
        ),
        ("an endless origin", format!(r#"{{{good}}}"#).replace(ORIGIN, &"x".repeat(301)).into()),
        ("crossOrigin as a text", format!(r#"{{{good},"crossOrigin":"true"}}"#).into()),
        ("topOrigin as a number", format!(r#"{{{good},"topOrigin":0}}"#).into()),
        ("empty", Vec::new()),
    ] {
        assert!(is_malformed(outcome(text)), "{why}");
    }
}
