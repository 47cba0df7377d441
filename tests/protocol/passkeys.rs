//! Passkeys in every ceremony: enrolled, signed in with, stepped up with, and refused.

use crate::authenticator::{Algorithm, Authenticator, USER_PRESENT, base64, client_data};
use crate::calls::{self, Fields, fields};
use crate::devices::trusting;
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{PASSWORD, Seeded, World, ada, core, token};
use base64ct::{Base64UrlUnpadded, Encoding};
use parse_two_factor::Call;
use parse_two_factor::caller::Caller;
use parse_two_factor::crypto::KeyRing;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::factor::webauthn::{CreationOptions, RequestOptions};
use parse_two_factor::policy::{ClauseName, PhishingResistant, Policy, Settings, TrustedDevices, WebauthnSettings};
use parse_two_factor::wire::{Answer, EventName, Method, Param, Refusal};
use serde_json::{Value, json};
use std::rc::Rc;

/// What a browser knows of a page and of what it was asked.
fn page(challenge: &str) -> crate::authenticator::Site {
    let challenge = Base64UrlUnpadded::decode_vec(challenge).expect("base64url");
    crate::authenticator::Site { challenge, ..crate::authenticator::Site::new() }
}

/// A passkey enrollment under way.
struct Begun {
    token: String,
    options: CreationOptions,
}

fn began(answer: Result<Answer, Refusal>) -> Begun {
    match answer {
        Ok(Answer::PasskeyEnrollment { enrollment, public_key, .. }) => {
            Begun { token: enrollment.to_string(), options: public_key }
        }
        other => panic!("no enrollment but {other:?}"),
    }
}

fn begin(world: &mut World, session: &str) -> Begun {
    let params = fields(&[("method", "webauthn"), ("password", "right"), ("label", "Laptop")]);
    began(world.run(calls::enroll(params), ada(session)))
}

/// What the authenticator answers to an enrollment.
fn created(authenticator: &Authenticator, begun: &Begun) -> String {
    authenticator.create(&page(&begun.options.challenge)).json()
}

fn confirming(begun: &Begun, credential: &str) -> Call {
    calls::confirm(fields(&[("enrollment", &begun.token), ("credential", credential)]))
}

/// Enrolls a passkey; its factor's id and the recovery codes that came with it.
fn enroll(world: &mut World, session: &str, authenticator: &Authenticator) -> (String, Vec<String>) {
    let begun = begin(world, session);
    let credential = created(authenticator, &begun);
    match world.run(confirming(&begun, &credential), ada(session)).expect("the credential is right") {
        Answer::Confirmed { factor, recovery_codes, .. } => {
            let codes = recovery_codes.into_iter().flatten().map(|code| code.to_string());
            (factor.id.to_string(), codes.collect())
        }
        other => panic!("not confirmed but {other:?}"),
    }
}

fn key(seed: u8) -> Authenticator {
    Authenticator::new(Algorithm::Es256, seed)
}

/// Ada, whose only factor is a passkey; its id and her recovery codes.
fn with_passkey() -> (World, Authenticator, String, Vec<String>) {
    let mut world = World::without_a_factor();
    let (factor, codes) = enroll(&mut world, "one", &key(1));
    (world, key(1), factor, codes)
}

/// A challenge with what the browser is asked.
fn asked(answer: Answer) -> (String, RequestOptions) {
    match answer {
        Answer::Challenge { challenge, public_key: Some(options), .. } => (challenge.to_string(), options),
        other => panic!("no challenge with publicKey but {other:?}"),
    }
}

fn sign_in_challenge(world: &mut World) -> (String, RequestOptions) {
    asked(world.login(&PASSWORD).expect("the password is right"))
}

fn step_up_challenge(world: &mut World, session: &str) -> (String, RequestOptions) {
    asked(world.run(calls::step_up(fields(&[])), ada(session)).expect("a step-up may begin"))
}

/// What the authenticator answers to a challenge, as a value that can be changed.
fn got(world: &World, authenticator: &Authenticator, options: &RequestOptions) -> Value {
    let mut got = authenticator.get(&page(&options.challenge));
    got.user_handle = json!(base64(world.account().id.as_bytes()));
    got.value()
}

fn answering(challenge: &str, credential: &str) -> Fields {
    fields(&[("challenge", challenge), ("credential", credential)])
}

fn sign_in(world: &mut World, challenge: &str, credential: &str) -> Result<Answer, Refusal> {
    world.run(calls::login(answering(challenge, credential)), Caller::default())
}

fn methods(answer: &Answer) -> (Method, Vec<Method>) {
    match answer {
        Answer::Challenge { method, methods, .. } => (*method, methods.clone()),
        other => panic!("no challenge but {other:?}"),
    }
}

fn named(world: &World, what: EventName) -> Vec<String> {
    let events = world.events.iter().filter(|event| event.what == what);
    events.map(|event| event.about.clone().unwrap_or_default()).collect()
}

/// A deployment with these settings, and passkeys on.
fn node(keys: &str, change: impl FnOnce(&mut Settings)) -> Rc<Deployment> {
    let webauthn = WebauthnSettings { rp_id: Some("example.com".into()), ..WebauthnSettings::default() };
    let mut settings = Settings { webauthn, ..Settings::default() };
    change(&mut settings);
    let policy = Policy::new(settings).expect("the settings hold");
    Rc::new(Deployment::new(policy, KeyRing::parse(keys).expect("a ring"), true))
}

const KEY: &str = "k:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const OTHER_KEY: &str = "other:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

#[test]
fn a_passkey_is_enrolled_with_recovery_codes_and_leaves_one_element() {
    let (mut world, _, factor, codes) = with_passkey();
    assert_eq!(codes.len(), 10);
    assert_eq!(world.confirmed(), [factor]);
    assert_eq!(world.account().factors.len(), 1, "the element of the enrollment is gone");
    assert_eq!(named(&world, EventName::FactorEnrolled), ["Laptop"]);
    let status = world.run(calls::two_factor_status(fields(&[])), ada("one"));
    let Ok(Answer::Status { factors, .. }) = status else { panic!("{status:?}") };
    let [passkey] = factors.as_slice() else { panic!("{factors:?}") };
    assert_eq!((passkey.method, passkey.label.as_str(), passkey.synced), (Method::Webauthn, "Laptop", Some(false)));
    // "the-model-it-is." as a UUID.
    assert_eq!(passkey.aaguid.as_deref(), Some("7468652d-6d6f-6465-6c2d-69742d69732e"));
}

#[test]
fn a_passkey_signs_in_and_steps_up_with_every_algorithm() {
    for algorithm in crate::authenticator::ALGORITHMS {
        let mut world = World::without_a_factor();
        let authenticator = Authenticator::new(algorithm, 1);
        enroll(&mut world, "one", &authenticator);
        let (challenge, options) = sign_in_challenge(&mut world);
        let credential = got(&world, &authenticator, &options).to_string();
        assert!(matches!(sign_in(&mut world, &challenge, &credential), Ok(Answer::Session { .. })), "{algorithm:?}");
        assert_eq!(named(&world, EventName::SignedIn), ["Laptop, user verified"]);
        assert_eq!(sign_in(&mut world, &challenge, &credential).unwrap_err().code(), 4012, "a replay");

        let (challenge, options) = step_up_challenge(&mut world, "two");
        let credential = got(&world, &authenticator, &options).to_string();
        let stepped_up = world.run(calls::step_up(answering(&challenge, &credential)), ada("two"));
        assert!(matches!(stepped_up, Ok(Answer::SteppedUp { .. })), "{stepped_up:?}");
        assert!(world.has_stepped_up("two"));
    }
}

#[test]
fn the_browser_is_told_how_long_the_challenge_is_good_in_milliseconds() {
    let (mut world, ..) = with_passkey();
    let timeout = |(_, options): (String, RequestOptions)| serde_json::to_value(&options).unwrap()["timeout"].clone();
    assert_eq!(timeout(sign_in_challenge(&mut world)), 300_000);
    world.advance(100);
    assert_eq!(timeout(sign_in_challenge(&mut world)), 200_000, "the same challenge");
}

#[test]
fn sign_ins_and_step_ups_by_passkey_use_up_nothing_of_the_users_window() {
    let (mut world, authenticator, ..) = with_passkey();
    for _ in 0..6 {
        let (challenge, options) = sign_in_challenge(&mut world);
        let credential = got(&world, &authenticator, &options).to_string();
        assert!(matches!(sign_in(&mut world, &challenge, &credential), Ok(Answer::Session { .. })));
        let (challenge, options) = step_up_challenge(&mut world, "one");
        let credential = got(&world, &authenticator, &options).to_string();
        let stepped_up = world.run(calls::step_up(answering(&challenge, &credential)), ada("one"));
        assert!(matches!(stepped_up, Ok(Answer::SteppedUp { .. })), "{stepped_up:?}");
    }
}

#[test]
fn a_further_passkey_takes_a_step_up_and_excludes_the_first() {
    let (mut world, authenticator, ..) = with_passkey();
    world.advance(901);
    let params = || fields(&[("method", "webauthn"), ("password", "right")]);
    assert_eq!(world.run(calls::enroll(params()), ada("one")).unwrap_err().code(), 4020);
    let (challenge, options) = step_up_challenge(&mut world, "one");
    let credential = got(&world, &authenticator, &options).to_string();
    world.run(calls::step_up(answering(&challenge, &credential)), ada("one")).expect("it is right");

    let begun = began(world.run(calls::enroll(params()), ada("one")));
    let excluded = serde_json::to_value(&begun.options.exclude_credentials).unwrap();
    assert_eq!(
        excluded,
        json!([{ "type": "public-key", "id": base64(&authenticator.id), "transports": ["internal", "hybrid"] }])
    );
    let again = created(&authenticator, &begun);
    assert_eq!(world.run(confirming(&begun, &again), ada("one")).unwrap_err().code(), 4021, "the same one twice");
    let second = created(&key(2), &begun);
    assert!(world.run(confirming(&begun, &second), ada("one")).is_ok());
    let (_, options) = sign_in_challenge(&mut world);
    assert_eq!(options.allow_credentials.len(), 2);
}

#[test]
fn no_way_in_of_the_hosts_own_stands_open_beside_a_passkey_cve_2024_12225() {
    let (mut world, ..) = with_passkey();
    let native = Call::NativeSignIn { user: "ada".into(), presented: Vec::new() };
    assert_eq!(world.run(native, Caller::default()).unwrap_err().code(), 4010);
    // Nor does a name, with the password or without, register a passkey of whoever calls.
    let begun = begin(&mut world, "one");
    let credential = created(&key(2), &begun);
    for params in [&[("method", "webauthn")][..], &[("method", "webauthn"), ("username", "ada"), ("password", "right")]]
    {
        assert_eq!(world.run(calls::enroll(fields(params)), Caller::default()).unwrap_err().code(), 209);
    }
    assert_eq!(world.run(confirming(&begun, &credential), Caller::default()).unwrap_err().code(), 209);
    assert!(world.sessions.is_empty() && world.confirmed().len() == 1);
}

#[test]
fn nothing_of_a_passkey_is_told_before_the_password_is_right_cve_2024_39912() {
    let (mut world, ..) = with_passkey();
    let mut refusal = |username: &str| {
        let wrong = [("username", username), ("password", "wrong"), ("method", "webauthn")];
        world.login(&wrong).expect_err("no publicKey without the password")
    };
    let (of_ada, of_nobody) = (refusal("ada"), refusal("nobody"));
    assert_eq!(of_ada.code(), 101);
    assert_eq!(of_ada, of_nobody, "whether somebody has a passkey, and whether there is such a user, is not told");
    assert_eq!(world.run(calls::step_up(fields(&[])), Caller::default()).unwrap_err().code(), 209);
}

#[test]
fn a_session_and_the_password_neither_enroll_a_passkey_nor_remove_the_owners_mymate_42() {
    let mut world = World::without_a_factor();
    let begun = begin(&mut world, "thief");
    let credential = created(&key(2), &begun);
    let (factor, _) = enroll(&mut world, "owner", &key(1));
    let late = world.run(confirming(&begun, &credential), ada("thief"));
    assert_eq!(late.unwrap_err().code(), 4012, "what was begun by the password alone");
    let params = fields(&[("method", "webauthn"), ("password", "right")]);
    assert_eq!(world.run(calls::enroll(params), ada("thief")).unwrap_err().code(), 4020);
    let removal = calls::remove(fields(&[("factor", &factor), ("password", "right")]));
    assert_eq!(world.run(removal, ada("thief")).unwrap_err().code(), 4020);
    assert_eq!(world.confirmed(), [factor]);
}

#[test]
fn an_answer_is_good_for_its_challenge_purpose_and_user_alone() {
    let (mut world, authenticator, ..) = with_passkey();
    let (challenge, options) = sign_in_challenge(&mut world);
    let (of_step_up, step_up_options) = step_up_challenge(&mut world, "one");
    let credential = got(&world, &authenticator, &step_up_options).to_string();
    assert_eq!(sign_in(&mut world, &challenge, &credential).unwrap_err().code(), 4024, "a step-up's");
    let credential = got(&world, &authenticator, &options).to_string();
    let stepped_up = world.run(calls::step_up(answering(&of_step_up, &credential)), ada("one"));
    assert_eq!(stepped_up.unwrap_err().code(), 4024, "a sign-in's");

    let mut victims = key(2);
    victims.id = authenticator.id.clone();
    for (whose, other) in [("a stranger's", key(2)), ("a stranger's under the owner's id", victims)] {
        let credential = got(&world, &other, &options).to_string();
        assert_eq!(sign_in(&mut world, &challenge, &credential).unwrap_err().code(), 4024, "{whose}");
    }
    let mut handled = got(&world, &authenticator, &options);
    handled["response"]["userHandle"] = json!(base64(b"another account"));
    assert_eq!(sign_in(&mut world, &challenge, &handled.to_string()).unwrap_err().code(), 4024);
    assert!(world.sessions.is_empty());
}

#[test]
fn five_wrong_answers_close_the_challenge_and_are_no_failures_in_a_row() {
    let (mut world, authenticator, ..) = with_passkey();
    let (challenge, options) = sign_in_challenge(&mut world);
    let wrong = got(&world, &key(2), &options).to_string();
    for left in (0..5).rev() {
        let refusal = sign_in(&mut world, &challenge, &wrong).unwrap_err();
        assert_eq!(refusal.code(), 4024);
        let digits: String = refusal.to_string().chars().filter(char::is_ascii_digit).collect();
        assert_eq!(digits, left.to_string(), "the text has one number: {refusal}");
    }
    let right = got(&world, &authenticator, &options).to_string();
    assert_eq!(sign_in(&mut world, &challenge, &right).unwrap_err().code(), 4013);
    let node = core();
    let view = world.account().at(world.time(), &node.policy.limits);
    assert_eq!((view.failures(), world.account().attempts.len()), (0, 5));
    assert_eq!(named(&world, EventName::CodeRefused).len(), 5);
    // A success ends them, and their challenge with them.
    let (challenge, options) = sign_in_challenge(&mut world);
    let right = got(&world, &authenticator, &options).to_string();
    assert!(sign_in(&mut world, &challenge, &right).is_ok());
    assert!(world.account().attempts.is_empty());
}

#[test]
fn a_passkey_works_for_a_user_who_is_disabled_and_ends_that() {
    let (mut world, authenticator, ..) = with_passkey();
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    world.fail_in_a_row(100);
    assert_eq!(methods(&world.login(&PASSWORD).unwrap()), (Method::Recovery, vec![Method::Webauthn, Method::Recovery]));
    world.accounts.get_mut("ada").unwrap().recovery_codes.clear();
    for wish in [None, Some("sms"), Some("recovery")] {
        let named = wish.map(|method| ("method", method));
        let params: Vec<_> = PASSWORD.into_iter().chain(named).collect();
        let begun = world.login(&params).expect("a passkey is left");
        assert_eq!(methods(&begun), (Method::Webauthn, vec![Method::Webauthn]), "{wish:?}");
    }
    assert!(world.messages.is_empty(), "no code goes out");
    let (challenge, options) = sign_in_challenge(&mut world);
    assert_eq!(world.answer(&challenge, "000000").unwrap_err().code(), 4019);
    let wrong = got(&world, &key(2), &options).to_string();
    assert_eq!(sign_in(&mut world, &challenge, &wrong).unwrap_err().code(), 4024);
    let right = got(&world, &authenticator, &options).to_string();
    assert!(matches!(sign_in(&mut world, &challenge, &right), Ok(Answer::Session { .. })));
    assert_eq!(world.account().at(world.time(), &core().policy.limits).failures(), 0);
}

#[test]
fn a_right_answer_from_another_origin_counts_nothing_and_is_told_once_an_hour() {
    let (mut world, authenticator, ..) = with_passkey();
    let from = |world: &World, options: &RequestOptions, origin: &str| {
        let mut got = authenticator.get(&page(&options.challenge));
        got.user_handle = json!(base64(world.account().id.as_bytes()));
        got.client_data = client_data("webauthn.get", &page(&options.challenge), origin).into();
        got.json()
    };
    for hour in 1..=2 {
        let (challenge, options) = sign_in_challenge(&mut world);
        for _ in 0..7 {
            let credential = from(&world, &options, "https://login.example.com");
            let refusal = sign_in(&mut world, &challenge, &credential).unwrap_err();
            assert_eq!(refusal.code(), 4023);
            assert!(refusal.to_string().contains("https://login.example.com"), "{refusal}");
        }
        assert!(world.account().attempts.is_empty());
        assert_eq!(named(&world, EventName::OriginRefused), vec!["https://login.example.com"; hour]);
        world.advance(3600);
    }
    let (challenge, options) = sign_in_challenge(&mut world);
    let forged = from(&world, &options, "https://login.example.com");
    let forged = forged.replace("\"signature\":\"", "\"signature\":\"AAAA");
    assert_eq!(sign_in(&mut world, &challenge, &forged).unwrap_err().code(), 4024, "the signature goes first");
}

#[test]
fn what_no_browser_writes_is_refused_before_anything_is_asked() {
    let (mut world, authenticator, ..) = with_passkey();
    let (challenge, options) = sign_in_challenge(&mut world);
    let right = got(&world, &authenticator, &options).to_string();
    let before = world.account().clone();
    let long = "x".repeat(16 * 1024 + 1);
    for bad in ["{}", "null", "[]", "1", "\"\"", "{", &long, &right[1..], &format!("{right}x")] {
        let refusal = sign_in(&mut world, &challenge, bad).unwrap_err();
        assert_eq!(refusal.code(), 4021, "{bad:.40}");
    }
    let [challenge, right] = [challenge.as_str(), right.as_str()];
    for params in [
        vec![("challenge", challenge), ("credential", right), ("code", "123456")],
        vec![("challenge", challenge), ("credential", right), ("method", "totp")],
        vec![("challenge", challenge), ("code", "123456"), ("method", "webauthn")],
        vec![("username", "ada"), ("password", "right"), ("credential", right)],
        vec![("username", "ada"), ("password", "right"), ("credential", right), ("code", "123456")],
    ] {
        assert_eq!(world.login(&params).unwrap_err().code(), 4021, "{params:.60?}");
    }
    let list = Fields::of([("challenge".into(), challenge.into()), ("credential".into(), Param::List(vec![]))]);
    assert_eq!(world.run(calls::login(list), Caller::default()).unwrap_err().code(), 4021);
    assert_eq!(*world.account(), before, "nothing is counted");
    assert!(sign_in(&mut world, challenge, right).is_ok());
}

#[test]
fn an_enrollment_is_confirmed_by_what_it_began_with_alone() {
    let mut world = World::without_a_factor();
    let begun = begin(&mut world, "one");
    let code = fields(&[("enrollment", &begun.token), ("code", "123456")]);
    assert_eq!(world.run(calls::confirm(code), ada("one")).unwrap_err().code(), 4016);
    let app = world.enroll("one").expect("an enrollment may begin");
    let credential = created(&key(1), &begun);
    let params = fields(&[("enrollment", &app.token), ("credential", &credential)]);
    assert_eq!(world.run(calls::confirm(params), ada("one")).unwrap_err().code(), 4016);
    let other = begin(&mut world, "one");
    let replayed = world.run(confirming(&other, &credential), ada("one"));
    assert_eq!(replayed.unwrap_err().code(), 4024, "an answer to another enrollment");
    assert!(world.run(confirming(&begun, &credential), ada("one")).is_ok());
    assert_eq!(world.run(confirming(&begun, &credential), ada("one")).unwrap_err().code(), 4012);
}

#[test]
fn a_passkey_without_user_presence_is_refused_and_one_without_verification_is_recorded() {
    let (mut world, mut authenticator, ..) = with_passkey();
    let (challenge, options) = sign_in_challenge(&mut world);
    authenticator.flags = 0;
    let absent = got(&world, &authenticator, &options).to_string();
    assert_eq!(sign_in(&mut world, &challenge, &absent).unwrap_err().code(), 4024);
    authenticator.flags = USER_PRESENT;
    let unverified = got(&world, &authenticator, &options).to_string();
    assert!(sign_in(&mut world, &challenge, &unverified).is_ok());
    assert_eq!(named(&world, EventName::SignedIn), ["Laptop, user not verified"]);
}

#[test]
fn passkeys_are_off_without_a_host_name_and_the_refusal_says_what_to_set() {
    let (mut world, ..) = with_passkey();
    let off = node(KEY, |settings| settings.webauthn = WebauthnSettings::default());
    let params = fields(&[("method", "webauthn"), ("password", "right")]);
    let refusal = world.run_on(&off, calls::enroll(params), ada("one")).unwrap_err();
    assert_eq!(refusal.code(), 4027);
    assert!(refusal.to_string().contains("origin"), "{refusal}");
    let begun = world.run_on(&off, calls::login(fields(&PASSWORD)), Caller::default());
    assert_eq!(begun.unwrap_err().code(), 4027, "never in by the password alone");
}

#[test]
fn a_client_that_shows_no_passkeys_is_asked_for_something_to_type() {
    let mut world = World::with_ada();
    world.enrolled_after_step_up("one");
    let begun = world.login(&PASSWORD).unwrap();
    assert_eq!(methods(&begun), (Method::Sms, vec![Method::Webauthn, Method::Sms, Method::Recovery]));
    asked(begun);
    world.advance(901);
    let shows = |names: &[&str]| {
        let list = Param::List(names.iter().map(|name| (*name).into()).collect());
        let password = PASSWORD.map(|(name, value)| (name.to_owned(), Param::from(value)));
        calls::login(Fields::of(password.into_iter().chain([("methods".to_owned(), list)])))
    };
    let begun = world.run(shows(&["hologram", "sms", "webauthn"]), Caller::default()).unwrap();
    assert_eq!(methods(&begun).0, Method::Webauthn);
    assert_eq!(world.run(shows(&["totp"]), Caller::default()).unwrap_err().code(), 4016);
    let text = fields(&[PASSWORD[0], PASSWORD[1], ("methods", "sms")]);
    assert_eq!(world.run(calls::login(text), Caller::default()).unwrap_err().code(), 4021);
}

#[test]
fn where_phishing_resistance_is_required_a_user_with_a_passkey_is_offered_no_code() {
    let strict = node(KEY, |settings| settings.phishing_resistant = PhishingResistant::Required);
    let mut world = World::with_ada();
    let begun = world.run_on(&strict, calls::login(fields(&PASSWORD)), Caller::default()).unwrap();
    assert_eq!(methods(&begun).1, [Method::Sms], "a user without one is asked as before");
    let (challenge, code) = (token(begun), world.last_code());
    world.enrolled_after_step_up("one");
    let sent = world.messages.len();
    let of_sms = fields(&[("challenge", &challenge), ("code", &code), ("method", "sms")]);
    assert_eq!(world.run_on(&strict, calls::login(of_sms), Caller::default()).unwrap_err().code(), 4016);
    let begun = world.run_on(&strict, calls::login(fields(&PASSWORD)), Caller::default()).unwrap();
    assert_eq!(methods(&begun).1, [Method::Webauthn, Method::Recovery]);
    let by_sms = fields(&[PASSWORD[0], PASSWORD[1], ("method", "sms")]);
    assert_eq!(world.run_on(&strict, calls::login(by_sms), Caller::default()).unwrap_err().code(), 4016);
    let resend = fields(&[("challenge", &token(begun))]);
    assert_eq!(world.run_on(&strict, calls::resend_code(resend), Caller::default()).unwrap_err().code(), 4016);
    assert_eq!(world.messages.len(), sent, "nothing was sent");
}

#[test]
fn where_phishing_resistance_is_required_no_trusted_browser_of_a_user_with_a_passkey_counts() {
    let strict = node(KEY, |settings| {
        settings.phishing_resistant = PhishingResistant::Required;
        settings.trusted_devices = Some(TrustedDevices { days: 30 });
        settings.allow = vec![ClauseName::TrustedDevice];
    });
    let by = |device: &str| calls::login(fields(&[PASSWORD[0], PASSWORD[1], ("device", device)]));
    let trust = |world: &mut World| {
        let (challenge, code) = (world.challenge(), world.last_code());
        let params = trusting(&[("challenge", &challenge), ("code", &code)]);
        match world.run(calls::login(params), Caller::default()) {
            Ok(Answer::Session { device: Some(Some(device)), .. }) => device.to_string(),
            other => panic!("not trusted but {other:?}"),
        }
    };
    let mut world = World::with_ada();
    let device = trust(&mut world);
    let answer = world.run_on(&strict, by(&device), Caller::default());
    assert!(matches!(answer, Ok(Answer::Session { .. })), "a user without a passkey is asked as before: {answer:?}");
    world.advance(901);
    world.enrolled_after_step_up("one");
    world.advance(901);
    let device = trust(&mut world);
    assert!(matches!(world.clone().run(by(&device), Caller::default()), Ok(Answer::Session { .. })), "by default");
    let answer = world.run_on(&strict, by(&device), Caller::default()).unwrap();
    assert!(matches!(answer, Answer::Challenge { device: Some(None), trust_days: None, .. }), "{answer:?}");
    let (challenge, options) = asked(answer);
    let credential = got(&world, &key(1), &options).to_string();
    let params = trusting(&[("challenge", &challenge), ("credential", &credential)]);
    let answer = world.run_on(&strict, calls::login(params), Caller::default());
    assert!(matches!(answer, Ok(Answer::Session { device: None, .. })), "{answer:?}");
    assert_eq!(world.account().devices.len(), 1, "no other one is trusted");
}

#[test]
fn a_passkey_whose_key_left_the_ring_is_not_called_wrong() {
    let (mut world, authenticator, ..) = with_passkey();
    let (challenge, options) = sign_in_challenge(&mut world);
    let credential = got(&world, &authenticator, &options).to_string();
    let lost = node(OTHER_KEY, |_| {});
    let begun = world.run_on(&lost, calls::login(fields(&PASSWORD)), Caller::default());
    assert_eq!(begun.unwrap_err().code(), 4023);
    let both = node(&format!("{OTHER_KEY},{KEY}"), |_| {});
    let answer = calls::login(answering(&challenge, &credential));
    assert!(world.run_on(&both, answer, Caller::default()).is_ok());
    let [factor] = world.account().factors.as_slice() else { panic!("one element") };
    assert_eq!(&*factor.kid, "other", "it was sealed anew");
    let begun = world.run_on(&lost, calls::login(fields(&PASSWORD)), Caller::default());
    assert!(begun.is_ok(), "{begun:?}");
}

/// Requests that hand in these credentials.
fn answers(name: fn(Fields) -> Call, challenge: &str, credential: &str, caller: Caller) -> Request {
    let (challenge, credential) = (challenge.to_owned(), credential.to_owned());
    Request::new(move |_| name(answering(&challenge, &credential))).by(caller)
}

fn opened_once(start: &World, outcome: &Outcome) {
    let schedule = &outcome.schedule;
    assert_eq!(outcome.sessions(), 1, "{schedule:?} {:?}", outcome.ends);
    assert_eq!(outcome.world.sessions.len() - start.sessions.len(), 1, "{schedule:?}");
    assert_eq!(outcome.world.account().factors.len(), start.account().factors.len(), "{schedule:?}");
}

#[test]
fn one_answer_handed_in_three_times_opens_one_session() {
    let (mut start, authenticator, ..) = with_passkey();
    let (challenge, options) = sign_in_challenge(&mut start);
    let credential = got(&start, &authenticator, &options).to_string();
    let requests = [(); 3].map(|()| answers(calls::login, &challenge, &credential, Caller::default()));
    let check = |outcome: &Outcome| opened_once(&start, outcome);
    assert!(every_interleaving(&start, &requests, check) > 1);
    assert!(is_caught(Seeded::OpenBeforeClaim, &start, &requests, check));
}

#[test]
fn one_answer_steps_its_session_up_once() {
    let (mut start, authenticator, ..) = with_passkey();
    start.advance(901);
    let (challenge, options) = step_up_challenge(&mut start, "two");
    let credential = got(&start, &authenticator, &options).to_string();
    let requests =
        ["two", "two", "three"].map(|session| answers(calls::step_up, &challenge, &credential, ada(session)));
    let check = |outcome: &Outcome| {
        let schedule = &outcome.schedule;
        assert_eq!(outcome.count(Result::is_ok), 1, "{schedule:?} {:?}", outcome.ends);
        assert!(outcome.world.has_stepped_up("two") && !outcome.world.has_stepped_up("three"), "{schedule:?}");
    };
    assert!(every_interleaving(&start, &requests, check) > 1);
    assert!(is_caught(Seeded::OpenBeforeClaim, &start, &requests, check));
}

#[test]
fn of_first_passkeys_confirmed_at_once_one_counts() {
    let mut start = World::without_a_factor();
    let begun = ["one", "two", "three"].map(|session| (session, begin(&mut start, session)));
    let requests = begun.each_ref().map(|(session, begun)| {
        let (token, credential) = (begun.token.clone(), created(&key(session.as_bytes()[1]), begun));
        let call = move |_: &World| calls::confirm(fields(&[("enrollment", &token), ("credential", &credential)]));
        Request::new(call).by(ada(session))
    });
    let check = |outcome: &Outcome| {
        let schedule = &outcome.schedule;
        assert_eq!(outcome.count(Result::is_ok), 1, "{schedule:?} {:?}", outcome.ends);
        assert_eq!(outcome.world.confirmed().len(), 1, "{schedule:?}");
        assert_eq!(outcome.factors.1, 1, "nor is another for a moment: {schedule:?}");
        let row = outcome.world.account();
        let [factor] = row.confirmed_factors().collect::<Vec<_>>()[..] else { panic!("{schedule:?}") };
        assert_eq!(row.elements_of(&factor.id).len(), 1, "{schedule:?}");
        assert_eq!(outcome.shown_dead, 0, "{schedule:?}");
    };
    assert!(every_interleaving(&start, &requests[..2], check) > 1);
    assert!(is_caught(Seeded::ConfirmedUnseen, &start, &requests, check));
}

#[test]
fn an_answer_by_a_passkey_that_is_removed_meanwhile_opens_nothing_after_it() {
    let (mut start, authenticator, factor, _) = with_passkey();
    let (challenge, options) = step_up_challenge(&mut start, "one");
    let credential = got(&start, &authenticator, &options).to_string();
    start.run(calls::step_up(answering(&challenge, &credential)), ada("one")).expect("it is right");
    let (challenge, options) = sign_in_challenge(&mut start);
    let credential = got(&start, &authenticator, &options).to_string();
    let removal = move |_: &World| calls::remove(fields(&[("factor", &factor)]));
    let requests =
        [answers(calls::login, &challenge, &credential, Caller::default()), Request::new(removal).by(ada("one"))];
    let check = |outcome: &Outcome| {
        let schedule = &outcome.schedule;
        assert!(outcome.ends[1].is_ok(), "{schedule:?} {:?}", outcome.ends);
        assert!(outcome.world.account().factors.is_empty(), "{schedule:?}");
        // Once the removal has been announced, no claim wins.
        let late = outcome.turns[0].0 > outcome.turns[1].1;
        assert!(!late || outcome.ends[0].is_err(), "{schedule:?} {:?}", outcome.ends);
    };
    assert!(every_interleaving(&start, &requests, check) > 1);
    assert!(!outcome_after(&start, &requests), "an answer after the removal");
}

/// Whether the first request succeeds after the second.
fn outcome_after(start: &World, requests: &[Request; 2]) -> bool {
    let mut world = start.clone();
    let (second, first) = ((requests[1].call)(&world), (requests[0].call)(&world));
    world.run(second, requests[1].caller.clone()).expect("the removal succeeds");
    world.run(first, requests[0].caller.clone()).is_ok()
}

impl World {
    /// Enrolls a passkey beside Ada's number.
    fn enrolled_after_step_up(&mut self, session: &str) {
        let challenge = self.step_up_challenge(session);
        let params = fields(&[("challenge", &challenge), ("code", &self.last_code()), ("method", "sms")]);
        self.run(calls::step_up(params), ada(session)).expect("the code is right");
        enroll(self, session, &key(1));
    }
}
