//! How many messages one account, one number and one app can cause, notices included.

use crate::calls::{self, fields};
use crate::explore::every_interleaving;
use crate::factors::{removal, renewal, stepped_up};
use crate::world::{App, PASSWORD, World, ada, deployment_with, token};
use parse_two_factor::account::Account;
use parse_two_factor::caller::Caller;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::{Effect, Step, User};
use parse_two_factor::policy::Limits;
use parse_two_factor::wire::{Answer, EventName, Refusal};
use parse_two_factor::{Call, UserChange};
use std::rc::Rc;

/// Ada with an authenticator app and a number that nothing proves; the app.
fn with_an_app_and_a_number() -> (World, App) {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    world.users.get_mut("ada").expect("ada").phone_number = Some("+15005550006".into());
    (world, app)
}

/// Steps up and renews the recovery codes, which sends a notice if it may.
fn renew(world: &mut World, app: &App) {
    world.advance(30);
    world.step_up("one", &app.code(world.now, 0), "totp");
    world.run(calls::new_recovery_codes(), ada("one")).expect("stepped up");
}

#[test]
fn a_renewal_of_recovery_codes_spends_the_step_up() {
    let (mut world, app) = with_an_app_and_a_number();
    renew(&mut world, &app);
    assert!(!world.has_stepped_up("one"));
    let again = world.run(calls::new_recovery_codes(), ada("one"));
    assert_eq!(again.unwrap_err().code(), 4020);
    world.advance(30);
    world.step_up("two", &app.code(world.now, 0), "totp");
    renew(&mut world, &app);
    assert!(world.has_stepped_up("two"), "another session's step-up is not spent");
}

#[test]
fn a_renewal_that_is_refused_spends_no_step_up() {
    let (start, _, _) = stepped_up();
    every_interleaving(&start, &["one", "two"].map(renewal), |outcome| {
        for (session, end) in ["one", "two"].iter().zip(&outcome.ends) {
            assert_eq!(outcome.world.has_stepped_up(session), end.is_err(), "{session} {:?}", outcome.schedule);
        }
    });
}

#[test]
fn notices_and_codes_are_five_messages_in_a_quarter_of_an_hour_together() {
    let (mut world, app) = with_an_app_and_a_number();
    let begin = world.now;
    let by_sms = [PASSWORD[0], PASSWORD[1], ("method", "sms")];
    world.login(&by_sms).expect("the first message");
    for _ in 0..10 {
        renew(&mut world, &app);
    }
    assert_eq!(world.messages.len(), 5);
    world.advance(30);
    assert_eq!(world.login(&by_sms).unwrap_err().code(), 4015);
    world.now = begin + 900_000;
    assert!(world.login(&by_sms).is_ok(), "the window goes with the messages, not with a clock");
}

#[test]
fn notices_at_once_are_no_more_than_the_window_has_room_for() {
    let (mut start, app) = with_an_app_and_a_number();
    for _ in 0..3 {
        renew(&mut start, &app);
    }
    start.advance(30);
    start.step_up("one", &app.code(start.now, 0), "totp");
    let (other, _) = start.enrolled("one");
    start.advance(30);
    start.step_up("one", &app.code(start.now, 0), "totp");
    start.advance(30);
    start.step_up("two", &app.code(start.now, 0), "totp");
    assert_eq!(start.messages.len(), 4, "three renewals and a factor");
    let requests = [renewal("two"), removal(&other, "one")];
    every_interleaving(&start, &requests, |outcome| {
        assert_eq!(outcome.world.messages.len(), 5, "{:?}", outcome.schedule);
    });
}

#[test]
fn a_refused_notice_counts_for_the_user_and_in_no_ceiling() {
    let (mut world, app) = with_an_app_and_a_number();
    world.provider_is_down = true;
    for _ in 0..5 {
        renew(&mut world, &app);
    }
    assert!(world.windows.values().all(|count| *count == 0), "{:?}", world.windows);
    world.provider_is_down = false;
    renew(&mut world, &app);
    assert!(world.messages.is_empty(), "five were refused");
}

/// A deployment whose app may send so many messages in an hour.
fn of_app(messages_per_app: u32) -> Rc<Deployment> {
    deployment_with(Limits { messages_per_app, ..Limits::default() })
}

/// A world of users with a number of their own each, and passwords that are known.
fn users(count: usize) -> World {
    let mut world = World::with_ada();
    for i in 0..count {
        let id = format!("u{i}");
        let number = format!("+1415{:03}{i:04}", i % 7);
        let user = User { id: id.as_str().into(), phone_number: Some(number), ..User::default() };
        world.users.insert(id, user);
    }
    world
}

fn first_call(user: &str) -> Call {
    calls::login(fields(&[("username", user), ("password", "right")]))
}

fn told(world: &World, what: EventName) -> Vec<String> {
    let events = world.events.iter().filter(|event| event.what == what);
    events.map(|event| event.about.clone().unwrap_or_default()).collect()
}

#[test]
fn a_fifth_of_the_apps_messages_is_for_codes_alone() {
    let node = of_app(10);
    let (mut world, app) = with_an_app_and_a_number();
    for i in 0..7 {
        world.users.extend(users(i + 1).users);
        world.run_on(&node, first_call(&format!("u{i}")), Caller::default()).expect("a code");
    }
    let renew_here = |world: &mut World| {
        world.advance(30);
        let begun = world.run_on(&node, calls::step_up(fields(&[])), ada("one")).expect("a step-up");
        let code = app.code(world.now, 0);
        let params = fields(&[("challenge", &token(begun)), ("code", &code)]);
        world.run_on(&node, calls::step_up(params), ada("one")).expect("the code is right");
        world.run_on(&node, calls::new_recovery_codes(), ada("one")).expect("stepped up");
    };
    for (messages, said) in [(8, vec![]), (8, vec!["notices"]), (8, vec!["notices"])] {
        renew_here(&mut world);
        assert_eq!(world.messages.len(), messages);
        assert_eq!(told(&world, EventName::CeilingReached), said);
    }
    world.users.extend(users(20).users);
    for (user, code) in [("u8", None), ("u9", None), ("u10", Some(4015))] {
        let end = world.run_on(&node, first_call(user), Caller::default());
        assert_eq!(end.err().map(|refusal| refusal.code()), code, "{user}");
    }
    assert_eq!(told(&world, EventName::CeilingReached), ["notices", "app"]);
}

/// Runs a call to its end on a node; how many effects it had.
fn effects_of(world: &mut World, node: &Rc<Deployment>, call: Call) -> (Result<Answer, Refusal>, usize) {
    let mut flow = crate::world::flow_on(node, call, Caller::default(), world.now);
    let mut step = flow.start(world.time());
    let mut counted = 0;
    loop {
        match step {
            Step::Done(end) => return (end, counted),
            Step::Do(effect) => {
                counted += usize::from(matches!(effect, Effect::Count(_)));
                let reply = world.perform(&effect);
                step = flow.resume(reply, world.time());
            }
        }
    }
}

#[test]
fn at_the_apps_ceiling_a_node_asks_the_database_every_ten_seconds_and_finds_the_room_there_is() {
    let node = of_app(2);
    let mut world = users(10);
    let seconds = (3_600_000 - world.now % 3_600_000).div_ceil(1000);
    let full = Some(Refusal::TooMany { seconds });
    for (user, refusal, counted) in [("u0", None, 1), ("u1", None, 1), ("u2", full.clone(), 3), ("u3", full, 0)] {
        let (end, asked) = effects_of(&mut world, &node, first_call(user));
        assert_eq!((end.err(), asked), (refusal, counted), "{user}");
    }
    // Elsewhere the provider refuses a message that was counted.
    world.windows.iter_mut().filter(|((name, _), _)| name.ends_with(" app")).for_each(|(_, count)| *count -= 1);
    world.advance(9);
    assert_eq!(effects_of(&mut world, &node, first_call("u4")).1, 0);
    world.advance(1);
    let (end, _) = effects_of(&mut world, &node, first_call("u5"));
    assert!(end.is_ok(), "{end:?}");
    assert_eq!(told(&world, EventName::CeilingReached), ["app"]);
}

#[test]
fn calls_beyond_a_ceiling_leave_its_room_to_whoever_comes_after_messages_that_were_refused() {
    let node = of_app(2);
    let mut world = users(40);
    world.provider_is_down = true;
    // Two are with the provider, and eighteen more find the ceiling reached.
    let mut at_the_provider = Vec::new();
    for i in 0..20 {
        let mut flow = crate::world::flow_on(&node, first_call(&format!("u{i}")), Caller::default(), i);
        let mut step = flow.start(world.time());
        while let Step::Do(effect) = step {
            if matches!(effect, Effect::SendMessage(_)) {
                at_the_provider.push((flow, effect));
                break;
            }
            let reply = world.perform(&effect);
            step = flow.resume(reply, world.time());
        }
        world.advance(11);
    }
    assert_eq!(at_the_provider.len(), 2);
    for (mut flow, effect) in at_the_provider {
        let mut step = flow.resume(world.perform(&effect), world.time());
        while let Step::Do(effect) = step {
            step = flow.resume(world.perform(&effect), world.time());
        }
    }
    world.provider_is_down = false;
    for (user, code) in [("u30", None), ("u31", None), ("u32", Some(4015))] {
        let end = world.run_on(&node, first_call(user), Caller::default());
        assert_eq!(end.err().map(|refusal| refusal.code()), code, "{user}");
    }
}

/// What F4 of the review did: one account with an authenticator app of its own saves strangers' numbers and makes notices go there.
#[test]
fn one_account_texts_strangers_five_times_in_a_quarter_of_an_hour_whatever_it_does() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    let begin = world.now;
    let mut stranger = 0;
    while world.now < begin + 900_000 {
        stranger += 1;
        let number = format!("+1415555{stranger:04}");
        world.advance(30);
        world.step_up("one", &app.code(world.now, 0), "totp");
        let change = Call::ChangeUser(UserChange {
            user: Some("ada".into()),
            phone_number: Some(number.clone()),
            ..UserChange::default()
        });
        world.run(change, ada("one")).expect("stepped up");
        world.users.get_mut("ada").expect("Ada is there").phone_number = Some(number);
        renew(&mut world, &app);
    }
    assert!(stranger > 10, "{stranger}");
    assert!(world.messages.len() <= 5, "{} messages", world.messages.len());
}

#[test]
fn notices_that_nobody_asked_for_raise_the_alarm() {
    let (mut world, app) = with_an_app_and_a_number();
    world.advance(30);
    world.step_up("one", &app.code(world.now, 0), "totp");
    // Fifty accounts, each with an app and a number, renew their recovery codes once.
    let row = world.account().clone();
    world.users.extend(users(50).users);
    for i in 0..50 {
        let id = format!("u{i}");
        world.accounts.insert(id.clone(), Account { id: format!("account-of-{id}").into(), ..row.clone() });
        let caller = Caller { user: Some(id.into()), ..ada("one") };
        world.run(calls::new_recovery_codes(), caller).expect("stepped up");
    }
    assert_eq!(world.messages.len(), 50);
    assert_eq!(told(&world, EventName::CodesUnused), ["0 of 50"]);
}
