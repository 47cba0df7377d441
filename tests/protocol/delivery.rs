//! What became of a code on its way: asked of the provider, and told to it.

use crate::calls::{self, fields};
use crate::explore::{Request, every_interleaving};
use crate::world::{PASSWORD, World, ada, deployment_by, flow_on, sid, token};
use parse_two_factor::account::CountedKind;
use parse_two_factor::caller::Caller;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::{Became, Effect, Reply, Step};
use parse_two_factor::policy::{Channel, Limits};
use parse_two_factor::wire::{Answer, EventName, Method, Refusal};
use parse_two_factor::{Call, UserChange};
use std::rc::Rc;

/// A landline: this number gets nothing by this channel.
const LANDLINE: i32 = 30006;
/// A sender that is not registered: the operator can mend it.
const UNREGISTERED: i32 = 30034;
/// A phone that is off: it may pass.
const PHONE_OFF: i32 = 30003;

fn by_all() -> Rc<Deployment> {
    deployment_by(&Channel::ALL, Limits::default())
}

fn by_sms_alone() -> Rc<Deployment> {
    deployment_by(&[Channel::Sms], Limits::default())
}

/// Ada with a first code sent half a minute ago, of which the provider says this.
fn begun(node: &Rc<Deployment>, status: &str, error: Option<i32>) -> (World, String) {
    let mut world = World { tells_sids: true, ..World::with_ada() };
    world.became.insert(sid(1), Became { status: status.into(), error });
    let challenge = token(world.run_on(node, calls::login(fields(&PASSWORD)), Caller::default()).expect("a code"));
    world.advance(30);
    (world, challenge)
}

fn resend(world: &mut World, node: &Rc<Deployment>, params: &[(&str, &str)]) -> Result<Method, i32> {
    match world.run_on(node, calls::resend_code(fields(params)), Caller::default()) {
        Ok(Answer::Challenge { method, .. }) => Ok(method),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal.code()),
    }
}

/// What the trail says of codes that did not arrive.
fn told(world: &World) -> Vec<(Option<Method>, String, i32)> {
    let undelivered = world.events.iter().filter(|event| event.what == EventName::CodeUndelivered);
    undelivered.map(|event| (event.method, event.about.clone().unwrap_or_default(), event.outcome)).collect()
}

#[test]
fn a_code_that_did_not_arrive_is_followed_by_one_by_the_next_channel() {
    for (status, error, about, outcome) in [
        ("undelivered", Some(LANDLINE), "•••• 0006, error 30006", 4026),
        ("undelivered", Some(UNREGISTERED), "•••• 0006, error 30034", 4018),
        ("failed", None, "•••• 0006, failed", 4018),
    ] {
        let node = by_all();
        let (mut world, challenge) = begun(&node, status, error);
        assert_eq!(resend(&mut world, &node, &[("challenge", &challenge)]), Ok(Method::Call));
        assert_eq!(world.went_by, [Channel::Sms, Channel::Call]);
        assert_eq!(told(&world), [(Some(Method::Sms), about.into(), outcome)]);
        assert_eq!(world.checked, [sid(1)]);

        // The client that begins again hears how it went, and the code signs in.
        let again = world.run_on(&node, calls::login(fields(&PASSWORD)), Caller::default()).expect("it is alive");
        assert!(matches!(again, Answer::Challenge { method: Method::Call, .. }), "{again:?}");
        let code = world.last_code();
        let params = fields(&[("challenge", &challenge), ("code", &code)]);
        world.run_on(&node, calls::login(params), Caller::default()).expect("the code is right");
    }
}

#[test]
fn a_call_that_nobody_took_is_followed_by_a_message() {
    let node = deployment_by(&[Channel::Call, Channel::Sms], Limits::default());
    let (mut world, challenge) = begun(&node, "no-answer", None);
    assert_eq!(resend(&mut world, &node, &[("challenge", &challenge)]), Ok(Method::Sms));
    assert_eq!(told(&world), [(Some(Method::Call), "•••• 0006, no-answer".into(), 4018)]);
}

#[test]
fn a_code_that_arrived_or_is_under_way_is_followed_by_one_the_same_way() {
    for status in ["delivered", "sent", "queued", "read", "something new"] {
        let node = by_all();
        let (mut world, challenge) = begun(&node, status, None);
        assert_eq!(resend(&mut world, &node, &[("challenge", &challenge)]), Ok(Method::Sms), "{status}");
        assert_eq!((world.checked.len(), told(&world).len()), (1, 0), "{status}");
    }
}

#[test]
fn the_first_call_repeated_and_the_enrollment_of_a_number_ask_as_well() {
    let node = by_all();
    let (mut world, _) = begun(&node, "undelivered", Some(LANDLINE));
    let again = world.run_on(&node, calls::login(fields(&PASSWORD)), Caller::default()).expect("another code");
    assert!(matches!(again, Answer::Challenge { method: Method::Call, .. }), "{again:?}");

    let mut world = World { tells_sids: true, ..World::without_a_factor() };
    world.became.insert(sid(1), Became { status: "undelivered".into(), error: Some(LANDLINE) });
    let params = fields(&[("method", "sms"), ("phoneNumber", "+15005550007"), ("password", "right")]);
    let begun = world.run_on(&node, calls::enroll(params), ada("one")).expect("it may begin");
    let Answer::NumberEnrollment { enrollment, .. } = begun else { panic!("{begun:?}") };
    world.advance(30);
    let resend = calls::resend_code(fields(&[("enrollment", &enrollment)]));
    let again = world.run_on(&node, resend, Caller::default()).expect("another code");
    assert!(matches!(again, Answer::NumberEnrollment { method: Some(Method::Call), .. }), "{again:?}");
}

#[test]
fn the_channel_that_a_client_names_goes_before_what_may_pass_and_not_before_what_stays() {
    for (error, expected) in [(PHONE_OFF, Method::Sms), (UNREGISTERED, Method::Sms), (LANDLINE, Method::Call)] {
        let node = by_all();
        let (mut world, challenge) = begun(&node, "undelivered", Some(error));
        let named = [("challenge", &*challenge), ("method", "sms")];
        assert_eq!(resend(&mut world, &node, &named), Ok(expected), "{error}");
    }
    let node = by_all();
    let (mut world, challenge) = begun(&node, "undelivered", Some(LANDLINE));
    let named = [("challenge", &*challenge), ("method", "whatsapp")];
    assert_eq!(resend(&mut world, &node, &named), Ok(Method::Whatsapp));
    assert!(world.checked.is_empty(), "it went another way");
}

#[test]
fn a_number_that_gets_nothing_and_has_no_other_channel_is_refused_as_such_and_each_try_counts() {
    let node = by_sms_alone();
    let (mut world, challenge) = begun(&node, "undelivered", Some(LANDLINE));
    let code = world.last_code();
    for _ in 0..4 {
        assert_eq!(resend(&mut world, &node, &[("challenge", &challenge)]), Err(4026));
    }
    assert_eq!(resend(&mut world, &node, &[("challenge", &challenge)]), Err(4015));
    assert_eq!((world.messages.len(), world.checked.len()), (1, 4), "the provider is asked no more often");
    let row = world.account().at(world.time(), &node.policy.limits);
    assert_eq!((row.counted_in_window(CountedKind::Unsent), row.codes.len()), (4, 1));
    let params = fields(&[("challenge", &challenge), ("code", &code)]);
    world.run_on(&node, calls::login(params), Caller::default()).expect("it may have arrived all the same");

    let (mut world, challenge) = begun(&node, "undelivered", Some(PHONE_OFF));
    assert_eq!(resend(&mut world, &node, &[("challenge", &challenge)]), Ok(Method::Sms), "it may work now");
}

#[test]
fn one_other_channel_is_tried_in_a_call_also_where_the_provider_told_later() {
    let node = by_all();
    let (mut world, challenge) = begun(&node, "undelivered", Some(LANDLINE));
    world.refuses = vec![(Channel::Call, 21215)];
    assert_eq!(resend(&mut world, &node, &[("challenge", &challenge)]), Err(4026));
    assert_eq!(world.handed_over, 2, "no third channel");
}

#[test]
fn the_provider_is_asked_once_for_a_code_and_never_within_the_resend_time_or_of_another_number() {
    let node = by_all();
    let (mut world, challenge) = begun(&node, "delivered", None);
    world.now -= 1000;
    assert_eq!(resend(&mut world, &node, &[("challenge", &challenge)]), Err(4014));
    assert!(world.checked.is_empty());
    world.now += 1000;

    let requests: Vec<Request> = (0..3)
        .map(|_| {
            let params = fields(&[("challenge", &challenge)]);
            Request::new(move |_| calls::resend_code(params.clone())).on(&node)
        })
        .collect();
    every_interleaving(&world, &requests, |outcome| {
        assert_eq!(outcome.world.checked, [sid(1)], "{:?}", outcome.schedule);
        assert_eq!(outcome.world.messages.len(), 2, "{:?}", outcome.schedule);
    });

    let number = Some("+15005550007".into());
    let change = UserChange { user: Some("ada".into()), phone_number: number, ..UserChange::default() };
    let mut moved = world.clone();
    moved.users.get_mut("ada").unwrap().phone_number = Some("+15005550007".into());
    moved.accounts.get_mut("ada").unwrap().challenges.iter_mut().for_each(|challenge| challenge.basis = None);
    assert_eq!(resend(&mut moved, &node, &[("challenge", &challenge)]), Ok(Method::Sms));
    assert!(moved.checked.is_empty(), "{change:?}");
}

/// Runs a call in which the provider does not answer this kind of question.
fn without_an_answer(
    world: &mut World,
    node: &Rc<Deployment>,
    call: Call,
    is_it: fn(&Effect) -> bool,
) -> Result<Answer, Refusal> {
    let mut flow = flow_on(node, call, Caller::default(), 77);
    let mut step = flow.start(world.time());
    let mut asked = 0;
    loop {
        match step {
            Step::Done(end) => {
                assert_eq!(asked, 1);
                return end;
            }
            Step::Do(effect) => {
                let unanswered = is_it(&effect);
                asked += usize::from(unanswered);
                let reply = if unanswered { Reply::Failed } else { world.perform(&effect) };
                step = flow.resume(reply, world.time());
            }
        }
    }
}

#[test]
fn a_provider_that_does_not_say_what_became_of_a_code_keeps_nobody_from_the_next_one() {
    let node = by_all();
    let (mut world, challenge) = begun(&node, "undelivered", Some(LANDLINE));
    let resend = calls::resend_code(fields(&[("challenge", &challenge)]));
    let end = without_an_answer(&mut world, &node, resend, |effect| matches!(effect, Effect::CheckMessage(_)));
    assert!(matches!(end, Ok(Answer::Challenge { method: Method::Sms, .. })), "{end:?}");
}

#[test]
fn the_provider_hears_that_the_code_of_a_message_came_back_and_its_silence_delays_and_fails_nothing() {
    let node = by_all();
    for (method, came_back) in [("sms", vec![sid(1)]), ("call", vec![]), ("whatsapp", vec![])] {
        let mut world = World { tells_sids: true, ..World::with_ada() };
        let params = fields(&[PASSWORD[0], PASSWORD[1], ("method", method)]);
        let challenge = token(world.run_on(&node, calls::login(params), Caller::default()).expect("a code"));
        let code = world.last_code();
        let wrong = fields(&[("challenge", &challenge), ("code", "000000")]);
        assert_eq!(world.run_on(&node, calls::login(wrong), Caller::default()).unwrap_err().code(), 4024);
        assert!(world.came_back.is_empty(), "a wrong code is none that came back");
        let right = calls::login(fields(&[("challenge", &challenge), ("code", &code)]));
        world.run_on(&node, right, Caller::default()).expect("the code is right");
        assert_eq!(world.came_back, came_back, "{method}");
    }

    let (mut world, challenge) = begun(&node, "delivered", None);
    let code = world.last_code();
    let right = calls::login(fields(&[("challenge", &challenge), ("code", &code)]));
    let end = without_an_answer(&mut world, &node, right, |effect| matches!(effect, Effect::ConfirmMessage(_)));
    assert!(matches!(end, Ok(Answer::Session { .. })), "{end:?}");
}

#[test]
fn of_right_codes_at_once_the_provider_hears_once() {
    let node = by_all();
    let (world, challenge) = begun(&node, "delivered", None);
    let code = world.last_code();
    let requests: Vec<Request> = (0..3)
        .map(|_| {
            let params = fields(&[("challenge", &challenge), ("code", &code)]);
            Request::new(move |_| calls::login(params.clone())).on(&node)
        })
        .collect();
    every_interleaving(&world, &requests, |outcome| {
        assert_eq!(outcome.world.came_back, [sid(1)], "{:?}", outcome.schedule);
    });
}

#[test]
fn what_is_no_sid_of_twilios_is_not_kept() {
    let node = by_all();
    let mut flow = flow_on(&node, calls::login(fields(&PASSWORD)), Caller::default(), 1);
    let mut world = World::with_ada();
    let mut step = flow.start(world.time());
    while let Step::Do(effect) = step {
        let honest = world.perform(&effect);
        let is_send = matches!(effect, Effect::SendMessage(_));
        step = flow.resume(if is_send { Reply::Taken("../Accounts".into()) } else { honest }, world.time());
    }
    assert!(world.account().delivered.is_empty());
}
