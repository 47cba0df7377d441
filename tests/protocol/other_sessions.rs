//! Other sessions that end with a change of a factor.

use crate::calls::{self, Fields, fields};
use crate::world::{App, World, ada};
use parse_two_factor::crypto::KeyRing;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::{Effect, Reply, Step};
use parse_two_factor::policy::{EndOtherSessions, Policy, Settings};
use parse_two_factor::wire::{Answer, EventName, Param};
use std::rc::Rc;

/// Parameters, and `endOtherSessions`.
fn ending(params: &[(&str, &str)], end: bool) -> Fields {
    let texts = params.iter().map(|(name, text)| ((*name).to_owned(), Param::from(*text)));
    Fields::of(texts.chain([("endOtherSessions".to_owned(), Param::Flag(end))]))
}

/// Ada with an authenticator app, a step-up of the session `one`, and three sessions elsewhere.
fn with_app() -> (World, App) {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    world.elsewhere = 3;
    (world, app)
}

fn ended(answer: Answer) -> Option<bool> {
    match answer {
        Answer::Confirmed { other_sessions_ended, .. } | Answer::Removed { other_sessions_ended } => {
            other_sessions_ended
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_removal_ends_the_other_sessions_if_the_call_says_so_and_after_the_factor_is_gone() {
    let (mut world, app) = with_app();
    let params = |end| ending(&[("factor", &app.factor)], end);
    let mut silent = world.clone();
    assert_eq!(ended(silent.run(calls::remove(params(false)), ada("one")).unwrap()), None);
    assert!(silent.kept.is_empty());

    let mut flow = crate::world::flow(calls::remove(params(true)), ada("one"), 9);
    let mut step = flow.start(world.time());
    let answer = loop {
        let effect = match step {
            Step::Done(end) => break end.unwrap(),
            Step::Do(effect) => effect,
        };
        if matches!(effect, Effect::EndSessions(_)) {
            assert!(world.confirmed().is_empty(), "the change is stored before a session ends");
        }
        let reply = world.perform(&effect);
        step = flow.resume(reply, world.time());
    };
    assert_eq!(ended(answer), Some(true));
    assert_eq!(world.kept, [Some("one".to_owned())], "all but the caller's");
    let event = world.events.iter().find(|event| event.what == EventName::SessionsEnded).unwrap();
    assert_eq!(event.outcome, 0);
}

#[test]
fn sessions_that_could_not_be_ended_are_an_event_and_the_answer_says_so() {
    let (start, app) = with_app();
    let call = || calls::remove(ending(&[("factor", &app.factor)], true));
    let mut world = start.clone();
    world.stubborn = 1;
    assert_eq!(ended(world.run(call(), ada("one")).unwrap()), Some(false));
    let outcome = |world: &World| world.events.iter().find(|e| e.what == EventName::SessionsEnded).unwrap().outcome;
    assert_eq!(outcome(&world), 4022);

    let mut world = start;
    let mut flow = crate::world::flow(call(), ada("one"), 9);
    let mut step = flow.start(world.time());
    let answer = loop {
        let reply = match step {
            Step::Done(end) => break end.unwrap(),
            Step::Do(Effect::EndSessions(_)) => Reply::Failed,
            Step::Do(effect) => world.perform(&effect),
        };
        step = flow.resume(reply, world.time());
    };
    assert_eq!((ended(answer), outcome(&world)), (Some(false), 4022));
    assert!(world.confirmed().is_empty(), "the factor is gone all the same");
}

#[test]
fn a_confirmation_ends_the_other_sessions_too_and_with_the_option_always() {
    let settings = Settings { end_other_sessions: EndOtherSessions::Always, ..Settings::default() };
    let keys = KeyRing::parse("k:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap();
    let always = Rc::new(Deployment::new(Policy::new(settings).unwrap(), keys, true));
    for (node, end) in [(None, true), (Some(&always), false)] {
        let mut world = World::without_a_factor();
        world.elsewhere = 2;
        let begun = world.enroll("one").unwrap();
        let code = begun.app.code(world.now, 0);
        let call = calls::confirm(ending(&[("enrollment", &begun.token), ("code", &code)], end));
        let answer = match node {
            None => world.run(call, ada("one")),
            Some(node) => world.run_on(node, call, ada("one")),
        };
        assert_eq!(ended(answer.unwrap()), Some(true));
        assert_eq!((world.kept.as_slice(), world.elsewhere), ([Some("one".to_owned())].as_slice(), 0));
    }
}

#[test]
fn that_sessions_ended_is_told_to_every_number_that_the_user_has_or_had() {
    let (mut world, app) = with_app();
    let params = fields(&[("method", "sms"), ("phoneNumber", "+15005550007")]);
    let Answer::NumberEnrollment { enrollment, .. } = world.run(calls::enroll(params), ada("one")).unwrap() else {
        panic!("a number")
    };
    let code = world.last_code();
    let params = fields(&[("enrollment", &enrollment), ("code", &code)]);
    let Answer::Confirmed { factor, .. } = world.run(calls::confirm(params), ada("one")).unwrap() else { panic!() };
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    let told = |world: &World| {
        let notices = world.messages.iter().filter(|(_, body)| body.starts_with("Other devices"));
        let mut numbers: Vec<String> = notices.map(|(to, _)| to.clone()).collect();
        numbers.sort();
        numbers
    };
    for removed in [&*factor.id, &*app.factor, "phone_number"] {
        let mut world = world.clone();
        world.run(calls::remove(ending(&[("factor", removed)], true)), ada("one")).unwrap();
        assert_eq!(told(&world), ["+15005550006", "+15005550007"], "{removed}");
    }
    world.elsewhere = 0;
    world.run(calls::remove(ending(&[("factor", &app.factor)], true)), ada("one")).unwrap();
    assert!(told(&world).is_empty(), "nothing ended, so nothing is told");
}
