//! The options, as JSON.

use crate::authenticator::*;
use parse_two_factor::factor::webauthn::{CreationOptions, RelyingParty, RequestOptions, UserEntity, UserVerification};
use serde_json::json;

#[test]
fn options_for_a_registration_are_what_browsers_read() {
    let site = Site::new();
    let existing = Authenticator::new(Algorithm::Ed25519, 0xfb).registered(&site);
    let rp = RelyingParty { id: RP_ID.into(), name: "Example".into() };
    let user = UserEntity::new(b"\xff\xee\xdd", "ada");
    let options = CreationOptions::new(rp, user, b"\xfb\xff\xfe", 300_000, UserVerification::Preferred, [&existing]);
    assert_eq!(
        serde_json::to_value(&options).unwrap(),
        json!({
            "rp": {"id": "example.com", "name": "Example"},
            "user": {"id": "_-7d", "name": "ada", "displayName": "ada"},
            "challenge": "-__-",
            "pubKeyCredParams": [
                {"type": "public-key", "alg": -7},
                {"type": "public-key", "alg": -8},
                {"type": "public-key", "alg": -257},
            ],
            "timeout": 300_000,
            "excludeCredentials": [
                {"type": "public-key", "id": "-_v7-_v7-_v7-_v7-_v7-_v7-_s", "transports": ["internal", "hybrid"]},
            ],
            "authenticatorSelection": {"residentKey": "discouraged", "userVerification": "preferred"},
            "attestation": "none",
        })
    );
}

#[test]
fn options_for_an_assertion_are_what_browsers_read() {
    let site = Site::new();
    let mut created = Authenticator::new(Algorithm::Es256, 0xfb).create(&site);
    created.transports = json!([]);
    let unknown = site.register(&created.json()).unwrap();
    let known = Authenticator::new(Algorithm::Es256, 1).registered(&site);
    let options = RequestOptions::new(RP_ID, b"\xfb\xff\xfe", 180_000, UserVerification::Required, [&unknown, &known]);
    assert_eq!(
        serde_json::to_value(&options).unwrap(),
        json!({
            "challenge": "-__-",
            "timeout": 180_000,
            "rpId": "example.com",
            "allowCredentials": [
                {"type": "public-key", "id": "-_v7-_v7-_v7-_v7-_v7-_v7-_s"},
                {"type": "public-key", "id": "AQEBAQEBAQEBAQEBAQEBAQEBAQE", "transports": ["internal", "hybrid"]},
            ],
            "userVerification": "required",
        })
    );
}

#[test]
fn user_verification_is_written_and_read_in_webauthns_words() {
    for (value, word) in [
        (UserVerification::Required, "required"),
        (UserVerification::Preferred, "preferred"),
        (UserVerification::Discouraged, "discouraged"),
    ] {
        assert_eq!(serde_json::to_value(value).unwrap(), json!(word));
        assert_eq!(serde_json::from_value::<UserVerification>(json!(word)).unwrap(), value);
    }
    assert!(serde_json::from_value::<UserVerification>(json!("Required")).is_err());
}
