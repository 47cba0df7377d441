//! Codes that go through Twilio Verify.

use crate::calls::{self, fields};
use crate::explore::{Request, every_interleaving};
use crate::verify_service::SERVICE;
use crate::world::{App, KEYS, World, ada, token, with_settings};
use parse_two_factor::account::CountedKind;
use parse_two_factor::caller::Caller;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::User;
use parse_two_factor::policy::{Channel, ChannelSettings, Channels, Limits, Settings, VerifySettings};
use parse_two_factor::wire::{Answer, EventName, Method, Refusal};
use parse_two_factor::{Call, policy::ByName};
use std::rc::Rc;

const NUMBER: &str = "+15005550006";

fn node_with(limits: Limits) -> Rc<Deployment> {
    let on = |channel| ChannelSettings { channel, fallback: true, content_sid: ByName::default() };
    let channels = Channels(Channel::ALL.map(on).into());
    let verify = Some(VerifySettings { service_sid: SERVICE.into() });
    with_settings(KEYS, Settings { channels, verify, limits, ..Settings::default() })
}

fn node() -> Rc<Deployment> {
    node_with(Limits::default())
}

/// Ada and Bob, who have one number.
fn house() -> World {
    let mut world = World::with_ada();
    let bob = User { id: "bob".into(), username: Some("bob".into()), ..world.users["ada"].clone() };
    world.users.insert("bob".into(), bob);
    world
}

/// Ada with an authenticator app beside her number.
fn with_an_app() -> (World, App) {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    world.users.get_mut("ada").expect("ada").phone_number = Some(NUMBER.into());
    (world, app)
}

fn first_call(user: &str, method: &str) -> Call {
    calls::login(fields(&[("username", user), ("password", "right"), ("method", method)]))
}

fn login(world: &mut World, node: &Rc<Deployment>, user: &str) -> Result<Answer, Refusal> {
    world.run_on(node, first_call(user, "sms"), Caller::default())
}

fn answer(world: &mut World, node: &Rc<Deployment>, challenge: &str, code: &str) -> Result<Answer, Refusal> {
    let params = fields(&[("challenge", challenge), ("code", code)]);
    world.run_on(node, calls::login(params), Caller::default())
}

fn told(world: &World) -> Vec<(String, i32)> {
    let sent = world.events.iter().filter(|event| event.what == EventName::CodeSent);
    sent.map(|event| (event.about.clone().unwrap_or_default(), event.outcome)).collect()
}

fn counted(world: &World) -> i64 {
    world.windows.values().sum()
}

#[test]
fn each_channel_goes_through_verify_and_a_code_that_came_back_is_reported_by_its_verification() {
    for channel in ["sms", "call", "whatsapp"] {
        let (node, mut world) = (node(), World::with_ada());
        let begun = world.run_on(&node, first_call("ada", channel), Caller::default()).expect("a code");
        let Answer::Challenge { method, .. } = &begun else { panic!("{begun:?}") };
        assert_eq!((method.as_str(), world.handed_over), (channel, 0), "nothing goes another way");
        assert_eq!(world.verify.asked, ["cancel", "start -"]);
        assert_eq!(world.account().verifications.iter().map(|it| &*it.sid).collect::<Vec<_>>(), ["VE1"]);
        assert_eq!(told(&world), [("•••• 0006".to_owned(), 0)]);
        let code = world.last_code();
        answer(&mut world, &node, &token(begun), &code).expect("the code is right");
        assert_eq!((world.verify.asked.last().map(String::as_str), world.sessions.len()), (Some("approve VE1"), 1));
        assert_eq!(world.verify.approved, ["VE1"]);
    }
}

#[test]
fn a_wrong_code_and_another_factor_are_not_reported() {
    let (node, (mut world, app)) = (node(), with_an_app());
    let challenge = token(login(&mut world, &node, "ada").expect("a code"));
    let wrong = world.wrong_code();
    assert_eq!(answer(&mut world, &node, &challenge, &wrong).unwrap_err().code(), 4024);
    let code = app.code(world.now, 0);
    answer(&mut world, &node, &challenge, &code).expect("the app's code is right");
    assert!(world.verify.approved.is_empty(), "{:?}", world.verify.asked);
}

#[test]
fn a_further_code_ends_the_verification_before_it_and_is_alone_good() {
    let (node, mut world) = (node(), World::with_ada());
    let challenge = token(login(&mut world, &node, "ada").expect("a code"));
    let first = world.last_code();
    world.advance(30);
    let resend = calls::resend_code(fields(&[("challenge", &challenge), ("method", "call")]));
    world.run_on(&node, resend, Caller::default()).expect("a further code");
    assert_eq!(world.verify.asked, ["cancel", "start -", "cancel", "start -"]);
    assert_eq!(answer(&mut world, &node, &challenge, &first).unwrap_err().code(), 4024);
    let second = world.last_code();
    answer(&mut world, &node, &challenge, &second).expect("the code is right");
    assert_eq!(world.verify.approved, ["VE2"]);
}

#[test]
fn a_code_outlives_the_verification_that_another_users_code_ended_and_reports_none_but_its_own() {
    let (node, mut world) = (node(), house());
    let of_ada = token(login(&mut world, &node, "ada").expect("a code"));
    let adas = world.last_code();
    let of_bob = token(login(&mut world, &node, "bob").expect("a code"));
    let bobs = world.last_code();
    assert_eq!(world.verify.pending(NUMBER), Some("VE2"), "Bob's took the place of Ada's");

    answer(&mut world, &node, &of_ada, &adas).expect("her code is as good as before");
    assert_eq!(world.verify.asked.last().map(String::as_str), Some("approve VE1"));
    assert_eq!(world.verify.pending(NUMBER), Some("VE2"), "it did not approve Bob's");
    answer(&mut world, &node, &of_bob, &bobs).expect("his is good too");
    assert_eq!(world.verify.approved, ["VE2"]);
    assert_eq!(world.sessions, ["ada", "bob"]);
}

#[test]
fn two_users_with_one_number_who_sign_in_at_once_get_a_code_each_in_whatever_order() {
    for joins in [false, true] {
        let (node, mut start) = (node(), house());
        start.verify.joins = joins;
        let requests = ["ada", "bob"].map(|user| Request::new(move |_| first_call(user, "sms")).on(&node));
        every_interleaving(&start, &requests, |outcome| {
            let mut world = outcome.world.clone();
            assert!(outcome.ends.iter().all(Result::is_ok), "{:?} {:?}", outcome.schedule, outcome.ends);
            let codes: Vec<String> = world
                .messages
                .iter()
                .map(|(_, body)| body.chars().filter(char::is_ascii_digit).skip(1).collect())
                .collect();
            for (user, end) in ["ada", "bob"].into_iter().zip(&outcome.ends) {
                let Ok(Answer::Challenge { challenge, .. }) = end else { panic!("{end:?}") };
                let signed_in = codes.iter().any(|code| answer(&mut world, &node, challenge, code).is_ok());
                assert!(signed_in, "{user} got no code: {:?} {:?}", outcome.schedule, world.verify.asked);
            }
            let sms = world.windows.iter().find(|((name, _), _)| name.ends_with(" app")).expect("it is counted");
            assert_eq!(*sms.1, 2, "however often a code went out, it counts once");
        });
    }
}

#[test]
fn whoever_is_overtaken_twice_hears_to_try_again_and_not_that_the_number_is_wrong() {
    let (node, mut world) = (node(), World::with_ada());
    world.verify.rivals = 1;
    login(&mut world, &node, "ada").expect("the second try succeeds");
    assert_eq!(world.verify.asked, ["cancel", "start -", "cancel", "start -"]);

    let mut world = World::with_ada();
    world.verify.rivals = 2;
    assert_eq!(login(&mut world, &node, "ada").unwrap_err().code(), 4018);
    assert_eq!(told(&world), [("•••• 0006, error 0".to_owned(), 4018)]);
    assert_eq!(world.verify.asked.len(), 4, "there is no third");
    login(&mut world, &node, "ada").expect("a retry at once succeeds");
}

#[test]
fn a_language_that_verify_does_not_know_is_left_to_the_number() {
    let (node, mut world) = (node(), World::with_ada());
    world.users.get_mut("ada").expect("ada").locale = Some("de-AT".into());
    login(&mut world, &node, "ada").expect("a code");
    assert_eq!(world.verify.asked, ["cancel", "start de"]);

    let mut world = World::with_ada();
    world.users.get_mut("ada").expect("ada").locale = Some("de".into());
    world.verify.lacks = Some("de");
    login(&mut world, &node, "ada").expect("a code");
    assert_eq!(world.verify.asked, ["cancel", "start de", "start -"], "a template of the service's may lack it");
}

#[test]
fn what_verify_refuses_uses_up_no_code_and_counts_in_no_ceiling() {
    for (error, code) in [
        (60200, 4026),
        (20404, 4018),
        (60203, 4018),
        (60204, 4018),
        (60212, 4018),
        (60238, 4018),
        (60410, 4018),
        (60605, 4018),
        (20003, 4018),
        (20429, 4018),
        (20500, 4018),
        (0, 4018),
    ] {
        let (node, mut world) = (node(), World::with_ada());
        world.verify.refuses = vec![(Channel::Sms, error), (Channel::Call, 60205)];
        assert_eq!(login(&mut world, &node, "ada").unwrap_err().code(), code, "{error}");
        assert_eq!(counted(&world), 0, "{error}");
        assert_eq!(told(&world), [(format!("•••• 0006, error {error}"), code)]);
        let row = world.account().at(world.time(), &node.policy.limits);
        assert_eq!((row.codes.len(), row.counted_in_window(CountedKind::Unsent)), (0, 1), "{error}");
        let starts = world.verify.asked.iter().filter(|step| step.starts_with("start")).count();
        assert_eq!(starts, 1, "nothing was pending, so there is no use in a second try: {error}");
        world.verify.refuses.clear();
        let challenge = token(login(&mut world, &node, "ada").expect("a retry at once succeeds"));
        let right = world.last_code();
        answer(&mut world, &node, &challenge, &right).expect("the code is right");
    }
}

#[test]
fn a_landline_is_called_through_verify_in_the_same_call() {
    let (node, mut world) = (node(), World::with_ada());
    world.verify.refuses = vec![(Channel::Sms, 60205)];
    let begun = login(&mut world, &node, "ada").expect("a call");
    let Answer::Challenge { method: Method::Call, .. } = &begun else { panic!("{begun:?}") };
    assert_eq!(world.went_by, [Channel::Call]);
    assert_eq!(told(&world), [("•••• 0006, sms error 60205".to_owned(), 0)]);
    let code = world.last_code();
    answer(&mut world, &node, &token(begun), &code).expect("the code is right");
    assert_eq!(world.verify.approved, ["VE1"]);

    // Nobody is left to call.
    let mut world = World::with_ada();
    world.verify.refuses = vec![(Channel::Sms, 60205), (Channel::Call, 60410)];
    assert_eq!(login(&mut world, &node, "ada").unwrap_err().code(), 4018);
    assert_eq!(told(&world), [("•••• 0006, sms error 60205, call error 60410".to_owned(), 4018)]);
}

#[test]
fn an_answer_of_verifys_that_is_lost_keeps_nobody_out() {
    for (lost, outcome) in [(vec!["start"], 4018), (vec!["cancel"], 0), (vec!["approve"], 0)] {
        let (node, mut world) = (node(), World::with_ada());
        world.verify.loses = lost.clone();
        let begun = login(&mut world, &node, "ada").expect("the code may arrive");
        let Answer::Challenge { resend_in: Some(30), .. } = &begun else { panic!("{begun:?}") };
        assert_eq!(told(&world), [("•••• 0006".to_owned(), outcome)], "{lost:?}");
        assert!(world.windows.values().all(|count| *count == 1), "{lost:?}");
        let code = world.last_code();
        answer(&mut world, &node, &token(begun), &code).expect("the code is good");
        let reported = if outcome == 0 { 1 } else { 0 };
        assert_eq!(world.verify.approved.len(), reported, "{lost:?}");
    }
    let (node, mut world) = (node(), World::with_ada());
    world.verify.loses = vec!["start"];
    login(&mut world, &node, "ada").expect("the code may arrive");
    world.verify.loses.clear();
    world.advance(30);
    let again = token(login(&mut world, &node, "ada").expect("a further code"));
    let code = world.last_code();
    answer(&mut world, &node, &again, &code).expect("what was pending unseen does not stand in its way");
}

#[test]
fn verify_sends_no_notice_and_a_notice_counts_as_no_message() {
    let (node, (mut world, app)) = (node(), with_an_app());
    world.advance(30);
    world.step_up("one", &app.code(world.now, 0), "totp");
    world.run_on(&node, calls::new_recovery_codes(), ada("one")).expect("stepped up");
    assert!(world.messages.is_empty() && world.verify.asked.is_empty());
    let row = world.account().at(world.time(), &node.policy.limits);
    assert_eq!(row.counted_in_window(CountedKind::Notice), 0);
}

#[test]
fn each_channel_has_its_ceiling_through_verify_as_well() {
    let node = node_with(Limits { spoken_per_app: 1, messages_per_app: 1, ..Limits::default() });
    let mut world = house();
    let call = |world: &mut World, user: &str, method| {
        world.run_on(&node, first_call(user, method), Caller::default()).map_err(|refusal| refusal.code())
    };
    call(&mut world, "ada", "call").expect("the first call");
    call(&mut world, "bob", "sms").expect("the first message");
    world.advance(30);
    assert_eq!(call(&mut world, "ada", "call").err(), Some(4015));
    assert_eq!(call(&mut world, "bob", "sms").err(), Some(4015));
    call(&mut world, "bob", "whatsapp").expect("another channel");
    assert_eq!(world.verify.asked.len(), 6, "beyond a ceiling Verify is asked nothing");
}

#[test]
fn a_step_up_and_an_enrollment_report_their_codes_too() {
    let (node, mut world) = (node(), World::with_ada());
    let begun = world.run_on(&node, calls::step_up(fields(&[])), ada("one")).expect("it may begin");
    let code = world.last_code();
    let params = fields(&[("challenge", &token(begun)), ("code", &code)]);
    world.run_on(&node, calls::step_up(params), ada("one")).expect("the code is right");
    assert_eq!(world.verify.approved, ["VE1"]);
    let params = fields(&[("method", "sms"), ("phoneNumber", "+15005550007")]);
    let begun = world.run_on(&node, calls::enroll(params), ada("one")).expect("it may begin");
    let Answer::NumberEnrollment { enrollment, .. } = begun else { panic!("{begun:?}") };
    let code = world.last_code();
    let params = fields(&[("enrollment", &enrollment), ("code", &code)]);
    world.run_on(&node, calls::confirm(params), ada("one")).expect("the code is right");
    assert_eq!(world.verify.approved, ["VE1", "VE2"]);
}

#[test]
fn what_is_kept_of_verifications_goes_with_their_codes_and_with_the_user() {
    let (node, mut world) = (node(), World::with_ada());
    for _ in 0..12 {
        login(&mut world, &node, "ada").expect("a code");
        world.advance(1000);
    }
    assert!(world.account().verifications.len() <= 8, "{}", world.account().verifications.len());
    world.users.remove("ada");
    let deleted = Call::UserDeleted { user: "ada".into(), ids_come_back: true };
    world.run_on(&node, deleted, Caller::default()).expect("the row is emptied");
    let row = world.account();
    assert!(row.verifications.is_empty() && row.delivered.is_empty() && row.codes.is_empty());
}
