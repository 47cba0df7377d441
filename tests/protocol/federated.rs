//! A provider's word as the first factor: the second one is asked for as after a password.

use crate::calls::{self, fields};
use crate::devices::trusting;
use crate::world::{App, Enrollment, PASSWORD, WORD, World, ada, core, flow, flow_on, master, token};
use parse_two_factor::Call;
use parse_two_factor::UserChange;
use parse_two_factor::account::Purpose;
use parse_two_factor::caller::Caller;
use parse_two_factor::crypto::KeyRing;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::{Effect, Link, Reply, Step};
use parse_two_factor::policy::{Federated, Policy, Require, Settings};
use parse_two_factor::wire::{Answer, EnrollProof, EventName, Method, Refusal};
use std::rc::Rc;

fn code_of(outcome: Result<Answer, Refusal>) -> i32 {
    outcome.expect_err("a refusal").code()
}

/// A node with these settings, whose app has a function `require`.
fn node(change: impl FnOnce(&mut Settings)) -> Rc<Deployment> {
    let mut settings = Settings::default();
    change(&mut settings);
    let policy = Policy::new(settings).expect("the settings hold");
    let keys = KeyRing::from_master_key("of this server").expect("it is not empty");
    Rc::new(Deployment::new(policy, keys, true))
}

fn login_on(world: &mut World, node: &Rc<Deployment>, params: &[(&str, &str)]) -> Result<Answer, Refusal> {
    world.run_on(node, calls::login(fields(params)), Caller::default())
}

/// The word of somebody whom nobody knows.
const NOBODYS: [(&str, &str); 1] = [("authData", r#"{"demo":{"id":"n-1","token":"token-of-n-1"}}"#)];
const FORGED: [(&str, &str); 1] = [("authData", r#"{"demo":{"id":"a-1","token":"forged"}}"#)];

#[test]
fn a_providers_word_alone_gets_a_challenge_and_its_code_the_session() {
    let mut world = World::with_ada();
    let challenge = token(world.login(&WORD).unwrap());
    assert!(world.sessions.is_empty());
    let code = world.last_code();
    assert!(matches!(world.answer(&challenge, &code), Ok(Answer::Session { .. })));
    assert_eq!(world.sessions, ["ada"]);
    let signed_in = world.events.iter().find(|event| event.what == EventName::SignedIn).unwrap();
    assert_eq!(signed_in.about.as_deref(), Some("demo"));
    assert_eq!(code_of(world.answer(&challenge, &code)), 4012, "a code works once");
}

#[test]
fn a_forged_word_gets_the_same_refusal_for_an_identity_that_is_known_and_one_that_is_not() {
    let mut world = World::with_ada();
    let forged_for = |id: &str| format!(r#"{{"demo":{{"id":"{id}","token":"forged"}}}}"#);
    let refusals = ["a-1", "n-1"].map(|id| world.login(&[("authData", &forged_for(id))]).unwrap_err());
    assert_eq!(refusals[0], refusals[1]);
    assert!(world.messages.is_empty() && world.accounts.is_empty() && world.users.len() == 1);
}

#[test]
fn parse_is_asked_for_its_rules_about_providers_at_the_first_call_before_the_claim_and_before_the_session() {
    let mut world = World::with_ada();
    let challenge = token(world.login(&WORD).unwrap());
    let code = world.last_code();
    world.answer(&challenge, &code).unwrap();
    assert_eq!(world.asked_about, [const { Some("demo") }; 3].map(|name| name.map(str::to_owned)));
    assert_eq!(world.unasked, 0);

    let mut world = World::with_ada();
    let challenge = token(world.login(&WORD).unwrap());
    world.advance(31);
    world.run(calls::resend_code(fields(&[("challenge", &challenge)])), Caller::default()).unwrap();
    assert_eq!(world.asked_about.len(), 2);
    assert!(world.asked_about.iter().all(Option::is_some), "a resend asks for the same");
}

#[test]
fn a_sign_in_by_a_word_and_one_by_the_password_are_two_challenges() {
    let mut world = World::with_ada();
    let by_word = token(world.login(&WORD).unwrap());
    let code = world.last_code();
    // Repeated, it is the same.
    assert_eq!(token(world.login(&WORD).unwrap()), by_word);
    assert_eq!(world.messages.len(), 1);
    // The tutorial's second call takes the challenge that a password began.
    let with_password = [PASSWORD[0], PASSWORD[1], ("code", code.as_str())];
    assert_eq!(code_of(world.login(&with_password)), 4012);

    let by_password = world.challenge();
    assert_ne!(by_password, by_word);
    let code = world.last_code();
    assert_eq!(code_of(world.answer(&by_word, &code)), 4024, "each takes its own code");
    assert!(world.answer(&by_password, &code).is_ok());
    assert_eq!(world.asked_about.last(), Some(&None), "and Parse's rules about passwords hold for it");
    assert_eq!(world.sessions, ["ada"]);
}

#[test]
fn another_providers_word_is_another_challenge() {
    let mut world = World::with_ada();
    world.identities.insert(("other".into(), "b-1".into()), "ada".into());
    let first = token(world.login(&WORD).unwrap());
    let other = [("authData", r#"{"other":{"id":"b-1","token":"token-of-b-1"}}"#)];
    assert_ne!(token(world.login(&other).unwrap()), first);
    let of = |name: &str| Purpose::SignIn { provider: Some(name.into()) };
    let purposes = world.account().challenges.iter().map(|challenge| challenge.purpose.clone());
    let mut purposes: Vec<Purpose> = purposes.collect();
    purposes.sort_by_key(|purpose| purpose.provider().map(ToString::to_string));
    assert_eq!(purposes, [of("demo"), of("other")]);
}

#[test]
fn whoever_came_without_a_second_factor_is_treated_as_after_a_password() {
    for require in [None, Some(Require::Enrolled), Some(Require::Nobody), Some(Require::Everyone)] {
        for (word, user) in [(WORD, "ada"), (NOBODYS, "user-n-1")] {
            let mut world = World::without_a_factor();
            world.requires.extend(require.map(|require| (user.to_owned(), require)));
            match (world.login(&word), require) {
                (Ok(Answer::EnrollFirst { .. }), Some(Require::Everyone)) => assert!(world.sessions.is_empty()),
                (Ok(Answer::Session { .. }), None | Some(Require::Enrolled | Require::Nobody)) => {
                    assert_eq!(world.sessions, [user]);
                    // Parse runs no trigger of a sign-in for a sign-up.
                    assert_eq!(world.signed_up, usize::from(user != "ada"));
                    assert!(world.login(&word).is_ok() && world.signed_up == usize::from(user != "ada"));
                }
                (end, _) => panic!("{user} {require:?}: {end:?}"),
            }
        }
    }
}

/// A world in which everyone needs a second factor, and nobody has one.
fn everyone() -> World {
    let mut world = World::without_a_factor();
    world.requires.extend(["ada", "user-n-1"].map(|user| (user.to_owned(), Require::Everyone)));
    world
}

/// The token that a provider's word is answered with.
fn enroll_token(world: &mut World, word: &[(&str, &str)]) -> String {
    match world.login(word).expect("the word is right") {
        Answer::EnrollFirst { enroll, .. } => enroll.to_string(),
        other => panic!("no token but {other:?}"),
    }
}

/// Begins to enroll an authenticator app with a token.
fn begin(world: &mut World, enroll: &str) -> Result<Enrollment, Refusal> {
    let params = fields(&[("enroll", enroll), ("method", "totp")]);
    match world.run(calls::enroll(params), Caller::default())? {
        Answer::TotpEnrollment { enrollment, secret, .. } => {
            Ok(Enrollment { token: enrollment.to_string(), app: App::of(&secret) })
        }
        other => panic!("no enrollment but {other:?}"),
    }
}

fn confirm(world: &mut World, enrollment: &Enrollment) -> Result<Answer, Refusal> {
    let code = enrollment.app.code(world.now, 0);
    let params = fields(&[("enrollment", &enrollment.token), ("code", &code)]);
    world.run(calls::confirm(params), Caller::default())
}

#[test]
fn whoever_has_to_enroll_after_a_word_does_so_under_parses_rules_about_that_provider() {
    for (word, user) in [(WORD, "ada"), (NOBODYS, "user-n-1")] {
        let mut world = everyone();
        let enroll = enroll_token(&mut world, &word);
        let enrollment = begin(&mut world, &enroll).expect("the token is good");
        let answer = confirm(&mut world, &enrollment).expect("the code is right");
        assert!(matches!(&answer, Answer::Confirmed { session_token: Some(_), .. }), "{answer:?}");
        assert_eq!((world.sessions.as_slice(), world.unasked), ([user.to_owned()].as_slice(), 0));
        assert_eq!(world.signed_up, 0, "a later call is a sign-in");
        // At the first call, when the enrollment begins, before the claim, when the factor counts, and before the session.
        assert_eq!(world.asked_about, [const { Some("demo") }; 5].map(|name| name.map(str::to_owned)));
        let signed_in = world.events.iter().find(|event| event.what == EventName::SignedIn).unwrap();
        assert_eq!(signed_in.about.as_deref(), Some("demo"));
        assert!(matches!(world.login(&word), Ok(Answer::Challenge { .. })), "from now on it is asked for");
    }
    let mut by_password = everyone();
    let enroll = enroll_token(&mut by_password, &PASSWORD);
    let enrollment = begin(&mut by_password, &enroll).unwrap();
    confirm(&mut by_password, &enrollment).unwrap();
    assert_eq!(by_password.asked_about, [const { None }; 5], "and the rules about passwords hold for a password");
}

#[test]
fn a_token_that_a_word_got_is_worthless_once_a_provider_is_linked_or_unlinked() {
    for change in CHANGES {
        for caller in [master(), ada("one")] {
            let mut world = everyone();
            let row = world.users.get_mut("ada").unwrap();
            row.links = Some(vec![Link { provider: "demo".into(), identity: Some("d".into()) }]);
            let enroll = enroll_token(&mut world, &WORD);
            let begun = begin(&mut world, &enroll).unwrap();
            world.run(linking(change), caller).unwrap();
            assert_eq!(code_of(begin(&mut world, &enroll).map(|_| Answer::Nothing {})), 4012, "{change:?}");
            assert_eq!(code_of(confirm(&mut world, &begun)), 4012, "{change:?}");
            assert!(world.sessions.is_empty());
        }
    }
}

#[test]
fn a_user_whom_the_call_created_with_a_number_is_asked_for_the_code() {
    let mut world = World::with_ada();
    world.identities.clear();
    let number = world.users["ada"].phone_number.clone();
    let mut flow = flow(calls::login(fields(&NOBODYS)), Caller::default(), 1);
    let mut step = flow.start(world.time());
    let end = loop {
        let effect = match step {
            Step::Done(end) => break end,
            Step::Do(effect) => effect,
        };
        let mut reply = world.perform(&effect);
        // What the app's own `beforeSave` writes.
        if let Reply::Identity(identity) = &mut reply {
            identity.user.phone_number = number.clone();
        }
        step = flow.resume(reply, world.time());
    };
    assert!(matches!(end, Ok(Answer::Challenge { .. })), "{end:?}");
    assert!(world.sessions.is_empty());
}

#[test]
fn a_browser_that_was_trusted_after_a_word_signs_in_by_one_under_parses_rules_about_providers() {
    let mut world = linked();
    let challenge = token(world.login(&WORD).unwrap());
    let code = world.last_code();
    let answer = world.run(calls::login(trusting(&[("challenge", &challenge), ("code", &code)])), Caller::default());
    let Ok(Answer::Session { device: Some(Some(device)), .. }) = answer else { panic!("{answer:?}") };
    world.asked_about.clear();
    let by_device = |word: &[(&str, &str)]| calls::login(fields(&[word, &[("device", &device)]].concat()));

    let answer = world.run(by_device(&WORD), Caller::default());
    assert!(matches!(answer, Ok(Answer::Session { .. })), "{answer:?}");
    assert_eq!((world.sessions.len(), world.unasked), (2, 0));
    assert_eq!(world.asked_about, [Some("demo".to_owned())]);
    let signed_in = world.events.iter().rfind(|event| event.what == EventName::SignedIn).unwrap();
    assert!(signed_in.about.as_ref().unwrap().starts_with("demo, trusted browser"), "{signed_in:?}");
    assert!(matches!(world.run(by_device(&PASSWORD), Caller::default()), Ok(Answer::Session { .. })));

    let forged = world.run(by_device(&FORGED), Caller::default());
    assert_eq!(code_of(forged), 101, "it is looked at after the first factor");
    world.run(linking(&[("demo", None)]), master()).unwrap();
    let answer = world.run(by_device(&PASSWORD), Caller::default());
    assert!(matches!(answer, Ok(Answer::Challenge { device: Some(None), .. })), "a change of a provider ends trust");
}

#[test]
fn where_providers_are_refused_nobody_is_asked_anything() {
    let node = node(|settings| settings.federated = Federated::Refuse);
    let mut world = World::with_ada();
    assert_eq!(code_of(login_on(&mut world, &node, &WORD)), 4027);
    assert_eq!(code_of(login_on(&mut world, &node, &FORGED)), 4027);
    assert!(world.windows.is_empty() && world.accounts.is_empty() && world.asked_about.is_empty());
    assert!(login_on(&mut world, &node, &PASSWORD).is_ok());
}

#[test]
fn where_providers_are_trusted_their_word_opens_the_session_and_an_anonymous_id_does_not() {
    let node = node(|settings| settings.federated = Federated::Trust);
    for require in Require::ALL {
        for mut world in [World::with_ada(), World::without_a_factor()] {
            world.requires.insert("ada".into(), require);
            assert!(matches!(login_on(&mut world, &node, &WORD), Ok(Answer::Session { .. })), "{require:?}");
            assert_eq!((world.sessions.len(), world.unasked), (1, 0));
            assert_eq!(world.events.last().unwrap().about.as_deref(), Some("demo"));
        }
    }
    let mut world = World::with_ada();
    assert_eq!(code_of(login_on(&mut world, &node, &FORGED)), 101);
    assert!(
        matches!(login_on(&mut world, &node, &PASSWORD), Ok(Answer::Challenge { .. })),
        "a password is not trusted"
    );
    world.identities.insert(("anonymous".into(), "a-1".into()), "ada".into());
    let anonymous = [("authData", r#"{"anonymous":{"id":"a-1","token":"token-of-a-1"}}"#)];
    assert!(matches!(login_on(&mut world, &node, &anonymous), Ok(Answer::Challenge { .. })));
    assert!(world.sessions.is_empty());
}

#[test]
fn calls_are_counted_by_address_and_by_provider_before_the_provider_is_asked() {
    let node = node(|settings| {
        settings.trust_addresses = true;
        settings.limits.calls_per_address = 3;
        settings.limits.calls_per_provider = 5;
    });
    let mut world = World::with_ada();
    let from = |address: &str| Caller { address: Some(address.into()), ..Caller::default() };
    let mut try_from = |address: &str, provider: &str| {
        let word = format!(r#"{{"{provider}":{{"id":"a-1","token":"forged"}}}}"#);
        code_of(world.run_on(&node, calls::login(fields(&[("authData", &word)])), from(address)))
    };
    assert_eq!([(); 4].map(|()| try_from("192.0.2.1", "demo")), [101, 101, 101, 4015]);
    assert_eq!(
        [(); 3].map(|()| try_from("192.0.2.2", "demo")),
        [101, 101, 4015],
        "the app asks it five times in an hour"
    );
    assert_eq!(try_from("192.0.2.3", "other"), 101, "another provider has a counter of its own");
    let ceilings: Vec<_> = world.events.iter().map(|event| (event.what, event.about.as_deref().unwrap())).collect();
    assert_eq!(ceilings, [(EventName::CeilingReached, "address"), (EventName::CeilingReached, "provider")]);
    world.advance(3600);
    assert!(matches!(login_on(&mut world, &node, &WORD), Ok(Answer::Challenge { .. })));
}

#[test]
fn where_parse_cannot_be_asked_or_names_nobody_nobody_gets_in() {
    let replies: [(fn() -> Reply, i32); 5] = [
        (|| Reply::Unasked, 4023),
        (|| Reply::Failed, 4022),
        (|| Reply::Done, 4022),
        (|| Reply::User(Default::default()), 4022),
        (|| Reply::Missing, 101),
    ];
    for (reply, code) in replies {
        let mut world = World::without_a_factor();
        let mut flow = flow_on(&core(), calls::login(fields(&WORD)), Caller::default(), 1);
        let mut step = flow.start(world.time());
        let end = loop {
            let effect = match step {
                Step::Done(end) => break end,
                Step::Do(effect) => effect,
            };
            let reply = match effect {
                Effect::CheckProvider(_) => reply(),
                _ => world.perform(&effect),
            };
            step = flow.resume(reply, world.time());
        };
        assert_eq!(code_of(end), code);
        assert!(world.sessions.is_empty() && world.accounts.is_empty());
    }
}

#[test]
fn a_word_stands_alone_and_works_the_same_with_the_master_key() {
    let mut world = World::with_ada();
    let also = [("username", "ada"), ("email", "a@b.example"), ("password", "right"), ("code", "123456")];
    for beside in also.into_iter().chain([("challenge", "x"), ("credential", "{}")]) {
        assert_eq!(code_of(world.login(&[WORD[0], beside])), 4021, "{beside:?}");
    }
    assert!(world.windows.is_empty());
    let end = world.run(calls::login(fields(&FORGED)), master());
    assert_eq!(code_of(end), 101);
    assert!(matches!(world.run(calls::login(fields(&WORD)), master()), Ok(Answer::Challenge { .. })));
}

#[test]
fn a_native_sign_in_by_one_trusted_provider_passes_and_every_other_is_refused() {
    let native = |node: &Rc<Deployment>, presented: &[&str], caller: Caller| {
        let presented = presented.iter().map(|name| (*name).into()).collect();
        let end = World::with_ada().run_on(node, Call::NativeSignIn { user: "ada".into(), presented }, caller);
        end.map_or_else(|refusal| refusal.code(), |_| 0)
    };
    let trusting = node(|settings| settings.federated = Federated::Trust);
    assert_eq!(native(&trusting, &["demo"], Caller::default()), 0);
    for presented in [&[][..], &["demo", "other"], &["anonymous"], &["demo", "anonymous"]] {
        assert_eq!(native(&trusting, presented, Caller::default()), 4010, "{presented:?}");
    }
    assert_eq!(native(&trusting, &["demo"], master()), 4010, "Parse may ask nobody for the master key");
    for federated in [Federated::Ask, Federated::Refuse] {
        assert_eq!(native(&node(|settings| settings.federated = federated), &["demo"], Caller::default()), 4010);
    }
}

#[test]
fn the_refusal_of_a_native_sign_in_names_the_way_that_is_open() {
    let said = |federated| {
        let call = Call::NativeSignIn { user: "ada".into(), presented: Vec::new() };
        let node = node(|settings| settings.federated = federated);
        World::with_ada().run_on(&node, call, Caller::default()).unwrap_err().to_string()
    };
    assert!(said(Federated::Ask).contains("authData"));
    assert!(!said(Federated::Refuse).contains("authData"));
}

#[test]
fn where_everyone_needs_a_factor_the_refusal_names_the_way_that_is_open_as_well() {
    let said = |federated| {
        let node = node(|settings| settings.federated = federated);
        let call = Call::NativeSignIn { user: "ada".into(), presented: Vec::new() };
        let native = everyone().run_on(&node, call, Caller::default()).unwrap_err().to_string();
        let by_word = login_on(&mut everyone(), &node, &WORD).map_or_else(|off| off.to_string(), |_| String::new());
        [native, by_word]
    };
    let reset = "reset the password first if there is none";
    let [native, _] = said(Federated::Ask);
    assert!(native.contains("\"login\"") && !native.contains("password"), "{native}");
    let [native, off] = said(Federated::Refuse);
    assert!(native.contains("with a password and the Cloud function \"login\"") && native.contains(reset), "{native}");
    assert!(off.contains(reset), "{off}");
}

/// A save that carries these: by provider, the hash of the identity.
fn linking(carried: &[(&str, Option<&str>)]) -> Call {
    let link = |(provider, identity): &(&str, Option<&str>)| Link {
        provider: (*provider).to_owned(),
        identity: identity.map(str::to_owned),
    };
    let links = Some(carried.iter().map(link).collect());
    Call::ChangeUser(UserChange { user: Some("ada".into()), links, ..UserChange::default() })
}

/// A world in which Ada is linked with `demo`, and `phone` is a session that has stepped up by `code`.
fn linked() -> World {
    let mut world = World::with_ada();
    let row = world.users.get_mut("ada").unwrap();
    row.links = Some(vec![Link { provider: "demo".into(), identity: Some("d".into()) }]);
    world
}

fn with_step_up(mut world: World) -> World {
    let challenge = world.step_up_challenge("phone");
    let code = world.last_code();
    let params = fields(&[("challenge", &challenge), ("code", &code)]);
    world.run(calls::step_up(params), ada("phone")).expect("the code is right");
    world
}

const CHANGES: [&[(&str, Option<&str>)]; 4] =
    [&[("demo", Some("d")), ("other", Some("o"))], &[("demo", Some("x"))], &[("demo", None)], &[("demo", Some(""))]];

#[test]
fn a_session_links_replaces_and_unlinks_a_provider_only_after_a_step_up_whatever_providers_are_worth() {
    for federated in [Federated::Refuse, Federated::Ask, Federated::Trust] {
        let node = node(|settings| settings.federated = federated);
        for change in CHANGES {
            let mut world = linked();
            assert_eq!(code_of(world.run_on(&node, linking(change), ada("phone"))), 4020, "{change:?}");
            assert!(world.events.is_empty() && world.messages.is_empty());
            assert!(linked().run_on(&node, linking(change), master()).is_ok());
        }
        for same in [&[("demo", Some("d"))][..], &[("other", None)], &[]] {
            assert!(linked().run_on(&node, linking(same), ada("phone")).is_ok(), "{same:?} changes nothing");
        }
    }
    for change in CHANGES {
        let mut world = with_step_up(linked());
        assert!(world.run(linking(change), ada("phone")).is_ok(), "{change:?}");
        assert!(world.has_stepped_up("phone"), "this session's step-up stays, as after a change of the password");
    }
}

#[test]
fn without_a_factor_a_session_links_as_ever() {
    for change in CHANGES {
        let mut world = World::without_a_factor();
        assert!(world.run(linking(change), ada("phone")).is_ok(), "{change:?}");
        assert!(world.events.is_empty());
    }
}

#[test]
fn a_change_of_a_provider_is_an_event_and_a_notice_and_voids_what_is_under_way() {
    let mut world = linked();
    let sign_in = token(world.login(&WORD).unwrap());
    let code = world.last_code();
    let other = world.step_up_challenge("thief");
    world = with_step_up(world);
    let before = world.messages.len();
    let change = linking(&[("demo", Some("x")), ("other", Some("o"))]);
    let Ok(Answer::Judged { let_through: Some(change), .. }) = world.run(change, ada("phone")) else { panic!() };
    assert_eq!(world.messages.len(), before, "Parse may refuse the save");
    world.run(Call::UserSaved(change), ada("phone")).unwrap();

    let trail = world.events.iter().map(|event| (event.what, event.about.as_deref().unwrap_or_default()));
    let of_providers: Vec<_> =
        trail.filter(|(what, _)| *what != EventName::CodeSent && *what != EventName::SteppedUp).collect();
    assert_eq!(
        of_providers,
        [
            (EventName::ProviderUnlinked, "demo"),
            (EventName::ProviderLinked, "demo"),
            (EventName::ProviderLinked, "other")
        ]
    );
    assert_eq!(world.messages.len(), before + 1);
    assert!(world.messages.last().unwrap().1.starts_with("A way to sign in"));
    assert_eq!(code_of(world.answer(&sign_in, &code)), 4012);
    let params = fields(&[("challenge", &other), ("code", &code)]);
    assert_eq!(code_of(world.run(calls::step_up(params), ada("thief"))), 4012);
    assert!(world.sessions.is_empty());
}

#[test]
fn an_identity_that_an_operator_unlinks_while_its_code_is_awaited_opens_nothing() {
    let mut world = linked();
    let challenge = token(world.login(&WORD).unwrap());
    let code = world.last_code();
    world.run(linking(&[("demo", None)]), master()).unwrap();
    assert_eq!(code_of(world.answer(&challenge, &code)), 4012);
    assert!(world.sessions.is_empty());
}

#[test]
fn a_change_of_a_provider_cannot_be_part_of_a_transaction() {
    let caller = Caller { transaction: true, ..ada("phone") };
    assert_eq!(code_of(linked().run(linking(CHANGES[0]), caller)), 4021);
}

/// Ada without a factor and without a password.
fn social() -> World {
    let mut world = World::without_a_factor();
    world.passwordless.insert("ada".into());
    world
}

fn enroll(world: &mut World, params: &[(&str, &str)]) -> Result<Answer, Refusal> {
    let params = [&[("method", "totp")], params].concat();
    world.run(calls::enroll(fields(&params)), ada("phone"))
}

#[test]
fn whoever_has_no_password_enrolls_the_first_factor_by_a_providers_word() {
    let mut world = social();
    assert!(matches!(enroll(&mut world, &WORD), Ok(Answer::TotpEnrollment { .. })));
    assert!(matches!(world.login(&WORD), Ok(Answer::Session { .. })), "what is not confirmed is no factor");
}

#[test]
fn the_status_says_whether_a_word_or_the_password_is_asked_for() {
    let link = |provider: &str| Link { provider: provider.into(), identity: Some("d".into()) };
    let asks = |links: &[&str], has_password: bool, federated: Federated| {
        let mut world = if has_password { World::without_a_factor() } else { social() };
        world.users.get_mut("ada").unwrap().links = Some(links.iter().map(|name| link(name)).collect());
        let node = node(|settings| settings.federated = federated);
        match world.run_on(&node, calls::two_factor_status(fields(&[])), ada("phone")) {
            Ok(Answer::Status { asks, .. }) => asks,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(asks(&["demo"], false, Federated::Ask), Some(EnrollProof::AuthData));
    assert_eq!(asks(&["anonymous", "demo"], false, Federated::Trust), Some(EnrollProof::AuthData));
    assert_eq!(asks(&["demo"], true, Federated::Ask), Some(EnrollProof::Password));
    // Whoever has neither sets a password first.
    assert_eq!(asks(&["demo"], false, Federated::Refuse), Some(EnrollProof::Password));
    assert_eq!(asks(&["anonymous"], false, Federated::Ask), Some(EnrollProof::Password));
    assert_eq!(asks(&[], false, Federated::Ask), Some(EnrollProof::Password));
}

#[test]
fn a_word_enrolls_nothing_for_another_user_a_user_with_a_password_or_one_with_a_factor() {
    let mut world = social();
    world.identities.insert(("demo".into(), "b-1".into()), "bob".into());
    world.users.insert("bob".into(), Default::default());
    let bobs = [("authData", r#"{"demo":{"id":"b-1","token":"token-of-b-1"}}"#)];
    assert_eq!(code_of(enroll(&mut world, &bobs)), 101);
    assert_eq!(code_of(enroll(&mut world, &NOBODYS)), 101);
    assert_eq!(world.users.len(), 2, "nobody was created");
    assert_eq!(code_of(enroll(&mut world, &FORGED)), 101);
    assert_eq!(code_of(enroll(&mut world, &[])), 4021);
    assert_eq!(code_of(enroll(&mut world, &[WORD[0], PASSWORD[1]])), 4021);
    world.identities.insert(("anonymous".into(), "a-1".into()), "ada".into());
    let anonymous = [("authData", r#"{"anonymous":{"id":"a-1","token":"token-of-a-1"}}"#)];
    assert_eq!(code_of(enroll(&mut world, &anonymous)), 4021, "a session can read it");
    assert!(world.accounts.is_empty());

    assert_eq!(code_of(enroll(&mut World::without_a_factor(), &WORD)), 4021, "there is a password");
    let mut with_a_factor = World::with_ada();
    with_a_factor.passwordless.insert("ada".into());
    assert_eq!(code_of(enroll(&mut with_a_factor, &WORD)), 4020);
    let refusing = node(|settings| settings.federated = Federated::Refuse);
    let params = fields(&[("method", "totp"), WORD[0]]);
    let refused = social().run_on(&refusing, calls::enroll(params), ada("phone"));
    assert!(matches!(refused, Err(refusal) if [4023, 4027].contains(&refusal.code())));
}

#[test]
fn whoever_has_the_account_at_the_provider_alone_gets_five_messages_and_learns_what_the_password_learns() {
    let mut world = World::with_ada();
    let Answer::Challenge { to, methods, .. } = world.login(&WORD).unwrap() else { panic!("no challenge") };
    assert_eq!((to.as_deref(), methods), (Some("•••• 0006"), vec![Method::Sms]));
    for sent in 2..=5 {
        world.advance(30);
        world.login(&WORD).unwrap();
        assert_eq!(world.messages.len(), sent);
    }
    world.advance(30);
    assert_eq!(code_of(world.login(&WORD)), 4015);
    assert_eq!(code_of(world.login(&PASSWORD)), 4015, "the password's challenges count with them");
    assert_eq!(world.messages.len(), 5);
    assert!(world.sessions.is_empty());
}
