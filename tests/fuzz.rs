//! Fuzz targets on stable Rust: everything that reads foreign bytes, with what has to hold beyond "it does not panic".
//!
//! `PROPTEST_CASES` says how many inputs each target gets.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::wildcard_enum_match_arm)]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use parse_two_factor::account::{
    Account, Challenge, OfAuthenticators, OfChallenges, OfDevices, OfRedemptions, Purpose, PurposeName,
};
use parse_two_factor::challenge::token;
use parse_two_factor::channel::{PhoneNumber, written};
use parse_two_factor::crypto::KeyRing;
use parse_two_factor::engine::Reply;
use parse_two_factor::factor::provisioning::Provisioning;
use parse_two_factor::policy::Limits;
use parse_two_factor::time::{Span, Time};
use parse_two_factor::wire::{
    Confirm, Enroll, Enrollable, FirstFactor, Forget, Function, Import, Imported, Login, Param, Params, Proof, Request,
    Resend, Resent, Reset, Response, StepUp,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

const VECTORS: &str = include_str!("vectors/formats.json");

/// The row of the documented formats.
static ROW: LazyLock<Value> = LazyLock::new(|| {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let columns = vectors["row"].as_object().unwrap();
    columns
        .iter()
        .map(|(column, text)| (column.clone(), serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap()))
        .collect()
});

static KEYS: LazyLock<KeyRing> = LazyLock::new(|| {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    KeyRing::parse(vectors["keys"].as_str().unwrap()).unwrap()
});

/// Numbers at the edges of what a row, a clock or JavaScript can hold, and near the times of the documented row.
fn number() -> impl Strategy<Value = u64> {
    const AT: u64 = 1_795_500_000_000;
    prop_oneof![
        select(vec![0, 1, 999, AT, (1 << 53) - 1, 1 << 53, u64::MAX - 1, u64::MAX]),
        AT - 2_000_000..AT + 2_000_000,
        any::<u64>(),
    ]
}

/// Any text. The words that a row is made of come often.
fn text() -> impl Strategy<Value = String> {
    let words = "challenge code attempt redemption mark factor confirmed recoveryCode id at kid nonce kind session \
                 stepped-up void renewal device label basis endsAt sign-in step-up enrolment totp sms outlives user purpose generation hash";
    prop_oneof![select(words.split(' ').collect::<Vec<_>>()).prop_map(str::to_owned), any::<String>()]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((text(), inner), 0..5).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// One thing that has become of a document.
#[derive(Clone, Debug)]
enum Damage {
    /// Another value stands in its place.
    Replaced(Value),
    /// It is gone.
    Removed,
    /// It stands there twice.
    Doubled,
    /// It stands under another name.
    Renamed(String),
}

/// Does damage to the part of the document that the path leads to. Each number of the path picks an entry.
fn damage(value: &mut Value, path: &[usize], done: &Damage) {
    let Some((&step, rest)) = path.split_first() else {
        if let Damage::Replaced(other) = done {
            value.clone_from(other);
        }
        return;
    };
    match value {
        Value::Array(list) if !list.is_empty() => {
            let place = step % list.len();
            match done {
                Damage::Removed if rest.is_empty() => drop(list.remove(place)),
                Damage::Doubled if rest.is_empty() => list.push(list[place].clone()),
                _ => damage(&mut list[place], rest, done),
            }
        }
        Value::Object(entries) if !entries.is_empty() => {
            let key = entries.keys().nth(step % entries.len()).unwrap().clone();
            match done {
                Damage::Removed if rest.is_empty() => drop(entries.remove(&key)),
                Damage::Renamed(name) if rest.is_empty() => {
                    let moved = entries.remove(&key).unwrap();
                    entries.insert(name.clone(), moved);
                }
                _ => damage(entries.get_mut(&key).unwrap(), rest, done),
            }
        }
        leaf => damage(leaf, &[], done),
    }
}

/// The documented row, damaged in a few places.
fn damaged_row() -> impl Strategy<Value = Value> {
    let done = prop_oneof![
        4 => any_json().prop_map(Damage::Replaced),
        2 => number().prop_map(|number| Damage::Replaced(number.into())),
        1 => Just(Damage::Removed),
        1 => Just(Damage::Doubled),
        1 => text().prop_map(Damage::Renamed),
    ];
    vec((vec(any::<usize>(), 1..6), done), 0..4).prop_map(|places| {
        let mut row = ROW.clone();
        for (path, done) in &places {
            damage(&mut row, path, done);
        }
        row
    })
}

/// Whether all that stands in `written` stands in `read`, with the same value. JavaScript has one kind of number.
fn is_part_of(written: &Value, read: &Value) -> bool {
    match (written, read) {
        (Value::Object(written), Value::Object(read)) => {
            written.iter().all(|(key, value)| read.get(key).is_some_and(|other| is_part_of(value, other)))
        }
        (Value::Array(written), Value::Array(read)) => {
            written.len() == read.len() && written.iter().zip(read).all(|(a, b)| is_part_of(a, b))
        }
        (Value::Number(written), Value::Number(read)) => written.as_f64() == read.as_f64(),
        // To serde_json, a name with null beside it is the name, and a list of what stands in an object is the object. The module's own
        // reader refuses both: tests/core/reading.test.js.
        (Value::String(written), Value::Object(read)) => read.len() == 1 && read.get(written) == Some(&Value::Null),
        (Value::Object(written), Value::Array(read)) => written.len() == read.len(),
        _ => written == read,
    }
}

/// What an element is written as, if it can be read. A database removes an element by its value, so what we write has to be what stood
/// there. An element of this version is written without what this version does not know.
fn check_element<E: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(
    read: &Value,
    is_unknown: impl Fn(&E) -> bool,
) {
    let Ok(element) = E::deserialize(read) else { return };
    let written = serde_json::to_value(&element).unwrap();
    assert!(is_part_of(&written, read), "{read} was written as {written}");
    if is_unknown(&element) {
        assert!(is_part_of(read, &written), "{read} was written as {written}");
    }
    assert_eq!(serde_json::from_value::<E>(written).unwrap(), element);
}

/// Asks a row everything that can be asked of it.
fn question(row: &Account, now: Time, limits: &Limits) {
    let view = row.at(now, limits);
    assert_eq!(view.is_disabled(), view.failures() >= limits.failures);
    for challenge in &row.challenges {
        assert!(!view.is_alive(challenge) || now < view.expiry(challenge));
        assert_eq!(view.expires_in(challenge) > Span::default(), now < view.expiry(challenge));
        if let Some(code) = view.current_code(&challenge.id) {
            assert_eq!(code.challenge, challenge.id);
            assert!(view.resend_in(code) <= Span::from_seconds(limits.resend_after) + code.at.since(now));
        }
        assert!(view.attempts_on(&challenge.id) as usize <= row.attempts.len());
        for alive in view.alive(&challenge.purpose) {
            assert!(view.is_alive(alive) && alive.purpose.session() == challenge.purpose.session());
        }
        if let Some(session) = challenge.purpose.session() {
            let _ = view.has_stepped_up(session);
        }
        // A row has not changed since itself.
        assert!(!row.is_revoked_since(row, challenge.purpose.session()));
    }
    for step_up in row.step_ups() {
        let _ = view.has_stepped_up(&step_up.session);
    }
    for factor in &row.factors {
        let _ = (view.last_step(&factor.id), view.is_being_removed(&factor.id), view.is_beaten_by_another(&factor.id));
    }
    for claim in &row.claims {
        let _ = row.has_won(&claim.nonce);
    }
    for factor in view.abandoned_factors() {
        assert!(!row.confirmed.contains(&factor.id), "a factor that counts is not abandoned");
    }
    assert!(view.issued_in_window(PurposeName::SignIn) as usize <= row.codes.len() + row.challenges.len());
    for stale in view.stale_challenges() {
        assert!(!matches!(stale, OfChallenges::Challenge(challenge) if view.is_alive(&challenge)));
    }
    assert!(view.stale_redemptions().added().is_empty());
    assert!(view.devices().len() <= 10 && view.devices().iter().all(|device| now < device.ends_at));
    assert!(view.stale_devices().added().is_empty() && !row.ends_trust_since(row));
    let confirmed: u32 = row.key_use().iter().map(|of_key| of_key.factors).sum();
    assert_eq!(confirmed as usize, row.confirmed_factors().count());
    assert!(confirmed == 0 || row.has_factor());
    assert!(row.unknown_authenticators.is_empty() || row.has_factor(), "a factor of a later version still counts");
}

/// Reads a row and asks it everything.
fn read_row(row: &Value, now: Time, limits: &Limits) {
    let elements = |column: &str| row.get(column).and_then(Value::as_array).cloned().unwrap_or_default();
    for element in elements("challenges") {
        check_element::<OfChallenges>(&element, |read| matches!(read, OfChallenges::Unknown(_)));
    }
    for element in elements("redemptions") {
        check_element::<OfRedemptions>(&element, |read| matches!(read, OfRedemptions::Unknown(_)));
    }
    for element in elements("authenticators") {
        check_element::<OfAuthenticators>(&element, |read| matches!(read, OfAuthenticators::Unknown(_)));
    }
    for element in elements("devices") {
        check_element::<OfDevices>(&element, |read| matches!(read, OfDevices::Unknown(_)));
    }
    if let Ok(row) = serde_json::from_str::<Account>(&row.to_string()) {
        question(&row, now, limits);
    }
}

/// Any parameter. The words that a call knows come often.
fn param() -> impl Strategy<Value = Param> {
    let words = vec!["sms", "totp", "recovery", "factors", "ada", "123456", "+15005550006", ""];
    prop_oneof![
        1 => Just(Param::Absent),
        1 => Just(Param::TooLong),
        1 => Just(Param::Other),
        1 => any::<bool>().prop_map(Param::Flag),
        3 => select(words).prop_map(Param::from),
        2 => any::<String>().prop_map(|text| Param::from(&*text)),
        1 => (1000..1050usize).prop_map(|length| Param::from(&*"x".repeat(length))),
        1 => any::<String>().prop_map(|text| Param::from(&*format!("{text}\0"))),
    ]
}

/// A provider's word, or what somebody takes for one. Beside most other parameters it is refused, so it is seldom there.
fn word() -> impl Strategy<Value = Param> {
    let of = |(name, id): (String, Value)| Param::from(&*json!({ name: { "id": id, "token": "x" } }).to_string());
    let id = prop_oneof![4 => any::<String>().prop_map(Value::from), 1 => any::<i32>().prop_map(Value::from)];
    prop_oneof![
        8 => Just(Param::Absent),
        1 => param(),
        1 => ("[a-z_]{0,70}", id).prop_map(of),
    ]
}

/// Every text of a request.
fn texts(request: &Request) -> Vec<&str> {
    fn first(factor: &FirstFactor) -> Vec<&str> {
        match factor {
            FirstFactor::Password { username, email, password } => {
                assert!(username.is_some() || email.is_some());
                username.iter().chain(email).chain([password]).map(|text| &**text).collect()
            }
            // The word is JSON, which has bounds of its own.
            FirstFactor::Provider(word) => vec![&word.provider],
        }
    }
    /// A code as entered. A credential is JSON, which has bounds of its own.
    fn entered(response: &Response) -> Option<&str> {
        match response {
            Response::Code { code, .. } => Some(code),
            Response::Credential(_) => None,
        }
    }
    fn answer<'a>(challenge: &'a str, response: &'a Response) -> Vec<&'a str> {
        [challenge].into_iter().chain(entered(response)).collect()
    }
    match request {
        Request::Login(Login::Begin { first: by, device, .. }) => {
            first(by).into_iter().chain(device.as_deref()).collect()
        }
        Request::Login(Login::Answer { challenge, response, .. }) => answer(challenge, response),
        Request::Login(Login::Repeat { first: by, response, .. }) => {
            first(by).into_iter().chain(entered(response)).collect()
        }
        Request::ResendCode(Resend { of: Resent::Challenge(token) | Resent::Enrollment(token), factor, .. }) => {
            [&**token].into_iter().chain(factor.as_ref().map(|id| &**id)).collect()
        }
        Request::TwoFactorStatus { of } => of.iter().map(|subject| &*subject.user).collect(),
        Request::EnrollTwoFactor(Enroll { what, label, proof, enroll }) => {
            assert!(label.chars().count() <= 64 && !label.chars().any(char::is_control));
            let number = match what {
                Enrollable::Number { number, .. } => Some(number),
                Enrollable::App | Enrollable::Mailbox | Enrollable::Passkey => None,
            };
            let password = match proof {
                Some(Proof::Password(password)) => Some(password),
                Some(Proof::Provider(_)) | None => None,
            };
            number.into_iter().chain(password).chain(enroll).map(|text| &**text).collect()
        }
        Request::ConfirmTwoFactor(Confirm { enrollment, response, .. }) => answer(enrollment, response),
        Request::RemoveTwoFactor { factor, .. } => vec![factor],
        Request::RenameTwoFactor { factor, label } => {
            assert!(label.chars().count() <= 64 && !label.chars().any(char::is_control));
            vec![factor, label]
        }
        Request::StepUp(StepUp::Answer { challenge, response }) => answer(challenge, response),
        Request::ResetTwoFactor(Reset { subject, scope, ticket }) => {
            assert!(scope.is_some() || (subject.in_dashboard && ticket.is_none()), "it asks first");
            [&*subject.user].into_iter().chain(ticket.as_deref()).collect()
        }
        Request::ImportTwoFactor(Import { what, .. }) => match what {
            Imported::Of(user) | Imported::Next(Some(user)) => vec![user],
            Imported::Next(None) => vec![],
            Imported::App { user, secret, profile, label } => {
                assert!(label.chars().count() <= 64 && !label.chars().any(char::is_control));
                // It may have none.
                [&**user, secret, profile, label].into_iter().filter(|text| !text.is_empty()).collect()
            }
        },
        Request::ForgetDevice(Forget::One(device)) => vec![device],
        Request::NewRecoveryCodes | Request::StepUp(StepUp::Begin { .. }) | Request::TwoFactorHealth => vec![],
        Request::ForgetDevice(Forget::All) => vec![],
    }
}

/// One character of a text, changed.
fn with_one_character_changed(text: &str, place: usize, by: char) -> String {
    let place = place % text.chars().count();
    text.chars().enumerate().map(|(n, old)| if n == place { by } else { old }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_ring_or_is_refused_without_showing_it(text in "[a-z0-9:,=+/ -]{0,120}|.*") {
        match KeyRing::parse(&text) {
            Ok(ring) => assert_eq!(ring.ids().count(), text.split(',').count()),
            Err(refused) => {
                let refused = refused.to_string();
                assert!(refused.starts_with("TWO_FACTOR_KEYS, entry ") && refused.len() < 150, "{refused}");
            }
        }
    }

    #[test]
    fn every_ring_in_the_documented_form_is_read_in_its_order(
        entries in btree_map("[A-Za-z0-9_-]{1,16}", vec(any::<u8>(), 32..40), 1..6),
        spaces in "[ ]{0,2}",
    ) {
        let written: Vec<String> =
            entries.iter().map(|(id, key)| format!("{spaces}{id}:{}{spaces}", Base64::encode_string(key))).collect();
        let ring = KeyRing::parse(&written.join(",")).unwrap();
        let ids: Vec<&str> = ring.ids().map(|id| &**id).collect();
        assert_eq!(ids, entries.keys().collect::<Vec<_>>());
        assert_eq!(&**ring.writing(), ids[0]);
        assert!(ring.is_durable() && ring.ids().all(|id| ring.holds(id)));
    }

    #[test]
    fn a_token_is_read_as_it_was_made_and_in_no_other_form(
        id in "[A-Za-z0-9_-]{0,16}", account in "[A-Za-z0-9]{0,12}", place: usize, by: char, cut: usize, any_text: String,
    ) {
        let challenge = Challenge {
            id: id.as_str().into(),
            purpose: Purpose::SignIn { provider: None },
            user: "ada".into(),
            kid: KEYS.writing().clone(),
            at: Time::default(), basis: None,
        };
        let account = account.as_str().into();
        let made = token::token(&challenge, &account, &KEYS).unwrap();
        let all = [PurposeName::StepUp, PurposeName::Enrollment, PurposeName::SignIn];
        let read = token::read(&made, &all, &KEYS).unwrap();
        assert_eq!((read.challenge, read.account), (challenge.id, account));
        assert_eq!(token::read(&made, &all[..2], &KEYS), None, "it was made for a sign-in");
        let changed = with_one_character_changed(&made, place, by);
        let cut: String = made.chars().take(cut % made.chars().count()).collect();
        for other in [&changed, &cut, &format!("{}{by}", &*made), &any_text] {
            assert!(**other == *made || token::read(other, &all, &KEYS).is_none(), "{other}");
        }
    }

    #[test]
    fn any_text_is_a_number_that_shows_four_digits_or_none(text in "\\+[0-9]{5,17}|\\PC{0,20}|.*") {
        let Some(number) = PhoneNumber::parse(&text) else { return Ok(()) };
        assert_eq!(number.as_str(), text);
        assert_eq!(format!("{number:?}").bytes().filter(u8::is_ascii_digit).count(), 4);
        assert!(text.starts_with(number.block()) && number.block().len() + 4 == text.len());
        assert!(number.is_allowed(&[]) && number.is_allowed(&[text[..2].into()]));
    }

    #[test]
    fn any_text_is_read_as_one_number_or_as_none(text in "[ +0-9().-]{0,24}|\\PC{0,20}|.*", country in "\\+?[0-9]{0,4}") {
        let Some(number) = written::read(&text, Some(&country)) else { return Ok(()) };
        assert_eq!(PhoneNumber::parse(number.as_str()), Some(number.clone()));
        assert!(text.bytes().filter(u8::is_ascii_digit).count() >= 6);
        assert!(written::is_same(&text, number.as_str(), Some(&country)));
    }

    #[test]
    fn any_text_is_a_row_or_is_refused(text in any::<String>(), json in any_json(), now in number()) {
        let now = Time::from_millis(now);
        if let Ok(row) = serde_json::from_str::<Account>(&text) {
            question(&row, now, &Limits::default());
        }
        read_row(&json, now, &Limits::default());
        // Each set reads any list, too.
        let row: Map<String, Value> =
            ["challenges", "redemptions", "authenticators"].map(|column| (column.to_owned(), json!([json]))).into_iter().collect();
        read_row(&row.into(), now, &Limits::default());
    }

    #[test]
    fn a_damaged_row_answers_every_question_and_is_written_as_it_was_read(
        row in damaged_row(), now in number(), resend_after in 0..900u32, attempts in 1..9u32,
    ) {
        let limits = Limits { resend_after, attempts, ..Limits::default() };
        read_row(&row, Time::from_millis(now), &limits);
    }

    #[test]
    fn any_parameters_are_a_request_or_a_refusal_that_shows_none_of_them(params in vec(param(), 32), word in word()) {
        const NAMES: [&str; 32] = [
            "username", "email", "password", "challenge", "code", "method", "phoneNumber", "label", "enrollment", "factor",
            "userId", "scope", "methods", "credential", "enroll", "endOtherSessions",
            "device", "trust", "all", "ticket",
            "object", "object.className", "object.id", "object.objectId", "payload", "formData", "formData.scope", "formData.ticket",
            "dryRun", "after", "secret", "profile",
        ];
        let get = |name: &str| match name {
            "authData" => word.clone(),
            _ => params[NAMES.iter().position(|known| *known == name).unwrap()].clone(),
        };
        for function in Function::ALL {
            match Request::parse(function, &Params::new(&get)) {
                Ok(request) => {
                    for text in texts(&request) {
                        assert!((1..=1024).contains(&text.len()) && !text.contains('\0'), "{text:?}");
                    }
                }
                Err(refusal) => {
                    assert_eq!(refusal.code(), 4021);
                    assert!(refusal.to_string().len() < 120, "{refusal}");
                }
            }
        }
    }

    #[test]
    fn any_name_is_set_up_or_refused_and_escaped(
        issuer in any::<String>(), account in ".{0,40}|.{0,1500}", secret in vec(any::<u8>(), 20),
    ) {
        match Provisioning::new(&secret, &issuer, &account) {
            Ok(made) => {
                let (label, rest) = made.uri.strip_prefix("otpauth://totp/").unwrap().split_once("?secret=").unwrap();
                assert!(made.uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%:/?&=".contains(&b)), "{}", &*made.uri);
                assert_eq!(label.matches(':').count(), 1, "the issuer ends at the colon");
                assert!(rest.starts_with(&*made.secret) && rest.ends_with("&algorithm=SHA1&digits=6&period=30"));
                assert!(made.qr.starts_with("<svg ") && made.qr.ends_with("\"/></svg>"));
                assert!(made.qr.bytes().all(|b| (b' '..=b'~').contains(&b)));
            }
            Err(refusal) => {
                assert_eq!(refusal.code(), 4021);
                assert!(issuer.len() + account.len() > 600, "a short name fits a QR code");
            }
        }
    }

    #[test]
    fn a_seal_opens_as_it_was_made_and_in_no_other_form(
        secret in vec(any::<u8>(), 0..64), context: String, other: String, place: usize, bit in 0..8u32, cut: usize, seed: u64,
    ) {
        let id = KEYS.writing();
        let sealed = KEYS.seal(&secret, &context, &mut ChaCha20Rng::seed_from_u64(seed));
        assert_eq!(*KEYS.open(id, &sealed, &context).unwrap(), secret);
        let bytes = Base64UrlUnpadded::decode_vec(&sealed).unwrap();
        let mut flipped = bytes.clone();
        flipped[place % bytes.len()] ^= 1 << bit;
        for forged in [&flipped[..], &bytes[..cut % bytes.len()]] {
            assert!(KEYS.open(id, &Base64UrlUnpadded::encode_string(forged), &context).is_err());
        }
        assert!(KEYS.open(id, &other, &context).is_err());
        assert!(other == context || KEYS.open(id, &sealed, &other).is_err(), "it was moved");
        assert!(KEYS.open(KEYS.ids().last().unwrap(), &sealed, &context).is_err(), "it is under another key");
    }

    #[test]
    fn any_reply_is_read_or_refused(json in any_json(), row in damaged_row(), name in text()) {
        let names = ["user", "basis", "requirement", "account", "missing", "counted", "session", "done", "refused", "unasked", "failed"];
        for name in names.into_iter().chain([&*name]) {
            let known = names.contains(&name);
            let read = serde_json::from_value::<Reply>(json!({ name: json }));
            assert!(known || read.is_err(), "there is no reply {name}");
        }
        let reply = serde_json::from_value::<Reply>(json!({ "account": row }));
        assert_eq!(reply.is_ok(), serde_json::from_value::<Account>(row).is_ok());
    }
}
