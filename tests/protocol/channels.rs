//! How a code travels: the channels of a number, what stands in for what, and which number it is.

use crate::calls::{self, fields};
use crate::explore::{Request, every_interleaving};
use crate::world::{KEYS, PASSWORD, World, ada, deployment_by, token, with_settings};
use parse_two_factor::Call;
use parse_two_factor::account::CountedKind;
use parse_two_factor::caller::Caller;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::policy::{Channel, ChannelSettings, Channels, Limits, Settings};
use parse_two_factor::wire::{Answer, Event, EventName, FactorStatus, Method, Refusal};
use std::rc::Rc;

/// A landline, by Twilio's code.
const NO_MOBILE: i32 = 21614;
/// A number that may not be called.
const NOT_CALLED: i32 = 21215;

fn all() -> Rc<Deployment> {
    deployment_by(&Channel::ALL, Limits::default())
}

fn by_sms_or_call() -> Rc<Deployment> {
    deployment_by(&[Channel::Sms, Channel::Call], Limits::default())
}

fn first_call(method: Option<&str>) -> Call {
    let params = PASSWORD.into_iter().chain(method.map(|method| ("method", method)));
    calls::login(fields(&params.collect::<Vec<_>>()))
}

fn login(world: &mut World, node: &Rc<Deployment>, method: Option<&str>) -> Result<Answer, Refusal> {
    world.run_on(node, first_call(method), Caller::default())
}

/// By which method a challenge was begun, and which there are.
fn methods(answer: &Answer) -> (Method, Vec<Method>) {
    match answer {
        Answer::Challenge { method, methods, .. } => (*method, methods.clone()),
        other => panic!("no challenge but {other:?}"),
    }
}

fn answer(world: &mut World, node: &Rc<Deployment>, challenge: &str) -> Result<Answer, Refusal> {
    let code = world.last_code();
    let params = fields(&[("challenge", challenge), ("code", &code)]);
    world.run_on(node, calls::login(params), Caller::default())
}

/// What the windows have counted. Counters of numbers and of blocks have a letter and a hash for a name.
fn counted(world: &World) -> Vec<(String, i64)> {
    let counts = world.windows.iter().filter(|(_, count)| **count != 0);
    let name = |key: &str| {
        let name = key.rsplit(' ').next().unwrap_or_default();
        if name.starts_with(['n', 'b']) { name[..1].to_owned() } else { name.to_owned() }
    };
    let mut counted: Vec<(String, i64)> = counts.map(|((key, _), count)| (name(key), *count)).collect();
    counted.sort();
    counted
}

/// One message by this channel to one number.
fn one(channel: &str) -> Vec<(String, i64)> {
    ["b", channel, "n"].map(|name| (name.to_owned(), 1)).into()
}

fn sent(world: &World) -> Vec<&Event> {
    world.events.iter().filter(|event| event.what == EventName::CodeSent).collect()
}

#[test]
fn a_code_goes_by_the_channel_that_is_asked_for_or_else_by_the_apps_first() {
    use Channel::{Call, Sms, Whatsapp};
    for (on, wish, by) in [
        (&[Sms, Call, Whatsapp] as &[Channel], None, Sms),
        (&[Sms, Call, Whatsapp], Some("call"), Call),
        (&[Sms, Call, Whatsapp], Some("whatsapp"), Whatsapp),
        (&[Whatsapp, Sms], None, Whatsapp),
        (&[Call], None, Call),
    ] {
        let node = deployment_by(on, Limits::default());
        let mut world = World::with_ada();
        let begun = login(&mut world, &node, wish).expect("a code");
        let expected: Vec<Method> = on.iter().map(|channel| Method::from(*channel)).collect();
        assert_eq!(methods(&begun), (by.into(), expected));
        assert_eq!(world.went_by, [by]);
        answer(&mut world, &node, &token(begun)).expect("the code is right");
        let signed_in = world.events.last().expect("an event");
        assert_eq!((signed_in.what, signed_in.method), (EventName::SignedIn, Some(by.into())));
    }
}

#[test]
fn a_code_is_right_whichever_way_the_client_thinks_that_it_came() {
    for method in ["sms", "call", "whatsapp"] {
        let mut world = World::with_ada();
        let node = all();
        let challenge = token(login(&mut world, &node, Some("call")).expect("a code"));
        let code = world.last_code();
        let params = fields(&[("challenge", &challenge), ("code", &code), ("method", method)]);
        world.run_on(&node, calls::login(params), Caller::default()).expect("the code is right");
    }
}

#[test]
fn a_landline_is_called_in_the_same_call_and_the_answer_and_the_trail_say_so() {
    let node = by_sms_or_call();
    let mut world = World::with_ada();
    world.refuses = vec![(Channel::Sms, NO_MOBILE)];
    let begun = login(&mut world, &node, None).expect("a call");
    assert_eq!(methods(&begun).0, Method::Call);
    assert_eq!((&*world.went_by, world.handed_over), (&[Channel::Call] as &[Channel], 2));
    assert_eq!(counted(&world), one("calls"), "what was refused counts in no ceiling");
    let row = world.account().at(world.time(), &node.policy.limits);
    assert_eq!((row.messages_in_window(), row.counted_in_window(CountedKind::Unsent)), (1, 0), "one call counts once");
    let [told] = sent(&world)[..] else { panic!("{:?}", world.events) };
    assert_eq!((told.method, told.outcome), (Some(Method::Call), 0));
    assert_eq!(told.about.as_deref(), Some("•••• 0006, sms error 21614"));

    // Whoever begins again within the resend time hears the same.
    assert_eq!(methods(&login(&mut world, &node, None).expect("it is alive")).0, Method::Call);
    answer(&mut world, &node, &token(begun)).expect("the code is right");
    assert_eq!(world.events.last().expect("an event").method, Some(Method::Call));
}

#[test]
fn a_call_that_is_only_for_those_who_ask_stands_in_for_nothing() {
    let channels = [(Channel::Sms, true), (Channel::Call, false)];
    let settings = |(channel, fallback)| ChannelSettings { channel, fallback, content_sid: Default::default() };
    let channels = Channels(channels.map(settings).into());
    let node = with_settings(KEYS, Settings { channels, ..Settings::default() });
    let mut world = World::with_ada();
    world.refuses = vec![(Channel::Sms, NO_MOBILE)];
    assert_eq!(login(&mut world, &node, None).unwrap_err().code(), 4026);
    assert_eq!(world.handed_over, 1);
    let begun = login(&mut world, &node, Some("call")).expect("it is offered to those who ask");
    assert_eq!(methods(&begun), (Method::Call, vec![Method::Sms, Method::Call]));
}

#[test]
fn one_other_channel_is_tried_in_a_call_and_no_third() {
    let node = all();
    let mut world = World::with_ada();
    world.refuses = vec![(Channel::Sms, NO_MOBILE), (Channel::Call, NOT_CALLED)];
    assert_eq!(login(&mut world, &node, None).unwrap_err().code(), 4026);
    assert_eq!(world.handed_over, 2);
    assert!(counted(&world).is_empty());
    let row = world.account().at(world.time(), &node.policy.limits);
    assert_eq!(row.counted_in_window(CountedKind::Unsent), 1, "one call counts once");
    let [told] = sent(&world)[..] else { panic!("{:?}", world.events) };
    assert_eq!(told.about.as_deref(), Some("•••• 0006, sms error 21614, call error 21215"));
    for _ in 0..4 {
        assert_eq!(login(&mut world, &node, None).unwrap_err().code(), 4026);
    }
    assert_eq!(login(&mut world, &node, None).unwrap_err().code(), 4015);
    assert_eq!(world.handed_over, 10, "ten requests to the provider, and not one more");
}

#[test]
fn nothing_stands_in_for_a_channel_that_may_work_the_next_time_or_for_a_number_that_does_not_exist() {
    for (error, code) in [(20429, 4018), (21606, 4018), (0, 4018), (21211, 4026)] {
        let mut world = World::with_ada();
        world.refuses = vec![(Channel::Sms, error)];
        assert_eq!(login(&mut world, &all(), None).unwrap_err().code(), code, "{error}");
        assert_eq!(world.handed_over, 1, "{error}");
    }
}

#[test]
fn each_channel_has_its_own_ceiling_and_one_that_is_reached_ends_no_other() {
    let limits = Limits { spoken_per_app: 1, ..Limits::default() };
    let node = deployment_by(&Channel::ALL, limits);
    let mut world = World::with_ada();
    login(&mut world, &node, Some("call")).expect("the first call");
    world.advance(30);
    assert_eq!(login(&mut world, &node, Some("call")).unwrap_err().code(), 4015);
    let ceiling = world.events.iter().find(|event| event.what == EventName::CeilingReached).expect("it is told");
    assert_eq!(ceiling.about.as_deref(), Some("calls"));
    login(&mut world, &node, Some("whatsapp")).expect("another channel");
    world.advance(30);
    login(&mut world, &node, Some("sms")).expect("another channel");

    // The provider was asked for a message, so the call counts for the user.
    world.advance(30);
    world.refuses = vec![(Channel::Sms, NO_MOBILE)];
    assert_eq!(login(&mut world, &node, Some("sms")).unwrap_err().code(), 4015);
    let row = world.account().at(world.time(), &node.policy.limits);
    assert_eq!(row.counted_in_window(CountedKind::Unsent), 1);
}

#[test]
fn a_channel_that_is_off_is_refused_as_such() {
    let mut world = World::with_ada();
    let node = deployment_by(&[Channel::Sms], Limits::default());
    assert_eq!(login(&mut world, &node, Some("call")).unwrap_err().code(), 4027);
    let challenge = token(login(&mut world, &node, None).expect("a code"));
    let resend = calls::resend_code(fields(&[("challenge", &challenge), ("method", "whatsapp")]));
    assert_eq!(world.run_on(&node, resend, Caller::default()).unwrap_err().code(), 4027);
    let enroll = calls::enroll(fields(&[("method", "call"), ("phoneNumber", "+15005550007"), ("password", "right")]));
    assert_eq!(world.run_on(&node, enroll, ada("one")).unwrap_err().code(), 4027);
    let resend = calls::resend_code(fields(&[("challenge", &challenge), ("method", "totp")]));
    assert_eq!(world.run_on(&node, resend, Caller::default()).unwrap_err().code(), 4021);

    let none = deployment_by(&[], Limits::default());
    let mut world = World::with_ada();
    assert_eq!(login(&mut world, &none, None).unwrap_err().code(), 4027, "the number counts as a factor all the same");
    assert!(world.sessions.is_empty() && world.messages.is_empty());
}

/// Enrolls a number by this method and confirms it; the factor.
fn enrolled_by(world: &mut World, node: &Rc<Deployment>, method: &str, number: &str) -> FactorStatus {
    let params = fields(&[("method", method), ("phoneNumber", number), ("password", "right")]);
    let begun = world.run_on(node, calls::enroll(params), ada("one")).expect("it may begin");
    let Answer::NumberEnrollment { enrollment, .. } = begun else { panic!("{begun:?}") };
    let code = world.last_code();
    let params = fields(&[("enrollment", &enrollment), ("code", &code)]);
    match world.run_on(node, calls::confirm(params), ada("one")).expect("the code is right") {
        Answer::Confirmed { factor, .. } => factor,
        other => panic!("not confirmed but {other:?}"),
    }
}

#[test]
fn a_number_is_enrolled_by_the_channel_that_is_asked_for_and_is_a_number_in_each_case() {
    for (method, by) in [("sms", Method::Sms), ("call", Method::Call), ("whatsapp", Method::Whatsapp)] {
        let mut world = World::without_a_factor();
        let factor = enrolled_by(&mut world, &all(), method, "+15005550007");
        assert_eq!((factor.method, &*factor.label), (Method::Sms, "•••• 0007"));
        assert_eq!(world.went_by.first().copied().map(Method::from), Some(by));
        let enrolled = world.events.iter().find(|event| event.what == EventName::FactorEnrolled).expect("an event");
        assert_eq!(enrolled.method, Some(by), "it counts as a code of its channel that came back");
    }
    let mut world = World::without_a_factor();
    world.refuses = vec![(Channel::Sms, NO_MOBILE)];
    let params = fields(&[("method", "sms"), ("phoneNumber", "+15005550007"), ("password", "right")]);
    let begun = world.run_on(&all(), calls::enroll(params), ada("one")).expect("a call");
    assert!(matches!(begun, Answer::NumberEnrollment { method: Some(Method::Call), .. }), "{begun:?}");
}

#[test]
fn an_enrolled_number_counts_as_a_factor_where_nothing_goes_to_numbers_any_more() {
    let mut world = World::without_a_factor();
    enrolled_by(&mut world, &all(), "sms", "+15005550007");
    world.accounts.get_mut("ada").expect("Ada has an account").recovery_codes.clear();
    let none = deployment_by(&[], Limits::default());
    assert_eq!(login(&mut world, &none, None).unwrap_err().code(), 4027);
    assert!(world.sessions.is_empty());
}

/// Another code for an enrollment: the answer, or the code of the refusal.
fn another(world: &mut World, node: &Rc<Deployment>, params: &[(&str, &str)]) -> Result<(String, u64), i32> {
    match world.run_on(node, calls::resend_code(fields(params)), Caller::default()) {
        Ok(Answer::NumberEnrollment { to, resend_in, .. }) => Ok((to, resend_in)),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal.code()),
    }
}

#[test]
fn another_code_for_an_enrollment_takes_the_place_of_the_one_before() {
    let node = all();
    let mut world = World::without_a_factor();
    let params = fields(&[("method", "sms"), ("phoneNumber", "+15005550007"), ("password", "right")]);
    let begun = world.run_on(&node, calls::enroll(params), ada("one")).expect("it may begin");
    let Answer::NumberEnrollment { enrollment, resend_in: 30, .. } = begun else { panic!("{begun:?}") };
    let enrollment = enrollment.to_string();
    let first = world.last_code();
    let again = [("enrollment", &*enrollment)];
    assert_eq!(another(&mut world, &node, &again), Err(4014), "too soon");
    world.advance(30);
    let by_call = [("enrollment", &*enrollment), ("method", "call")];
    assert_eq!(another(&mut world, &node, &by_call), Ok(("•••• 0007".into(), 30)));
    assert_eq!(world.went_by.last(), Some(&Channel::Call));
    assert_eq!(world.messages[0].0, "+15005550007");
    let second = world.last_code();
    assert_ne!(first, second);

    let confirm = |code: &str| calls::confirm(fields(&[("enrollment", &enrollment), ("code", code)]));
    assert_eq!(world.run_on(&node, confirm(&first), ada("one")).unwrap_err().code(), 4024);
    assert!(matches!(world.run_on(&node, confirm(&second), ada("one")), Ok(Answer::Confirmed { .. })));
    world.advance(30);
    assert_eq!(another(&mut world, &node, &again), Err(4012), "it is over");
}

#[test]
fn another_code_is_sent_for_no_enrollment_that_is_void_or_of_anything_else() {
    let node = all();
    let mut world = World::without_a_factor();
    let params = fields(&[("method", "totp"), ("password", "right")]);
    let begun = world.run_on(&node, calls::enroll(params), ada("one")).expect("it may begin");
    let Answer::TotpEnrollment { enrollment: app, .. } = begun else { panic!("{begun:?}") };
    assert_eq!(another(&mut world, &node, &[("enrollment", &*app)]), Err(4016));
    let params = fields(&[("method", "sms"), ("phoneNumber", "+15005550007"), ("password", "right")]);
    let begun = world.run_on(&node, calls::enroll(params), ada("one")).expect("it may begin");
    let Answer::NumberEnrollment { enrollment, .. } = begun else { panic!("{begun:?}") };
    let enrollment = enrollment.to_string();
    let of = |name: &'static str| [("enrollment", enrollment.clone()), (name, enrollment.clone())];
    for name in ["challenge", "factor"] {
        let params = of(name);
        let params = params.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(another(&mut world, &node, &params), Err(4021), "{name}");
    }
    assert_eq!(another(&mut world, &node, &[("challenge", &*enrollment)]), Err(4012), "it is no challenge");
    world.advance(30);
    let sent = world.messages.len();
    world.passwords.insert("ada".into(), "changed");
    assert_eq!(another(&mut world, &node, &[("enrollment", &*enrollment)]), Err(4012));
    assert_eq!(world.messages.len(), sent);
}

fn resent_to(world: &mut World, node: &Rc<Deployment>, challenge: &str, factor: Option<&str>) -> Result<String, i32> {
    world.advance(30);
    let params = [("challenge", challenge)].into_iter().chain(factor.map(|factor| ("factor", factor)));
    let call = calls::resend_code(fields(&params.collect::<Vec<_>>()));
    match world.run_on(node, call, Caller::default()) {
        Ok(Answer::Challenge { to: Some(to), .. }) => Ok(to),
        Ok(other) => panic!("no code but {other:?}"),
        Err(refusal) => Err(refusal.code()),
    }
}

#[test]
fn a_resend_goes_to_the_number_that_is_named_and_the_next_one_stays_there() {
    let node = all();
    let mut world = World::without_a_factor();
    let second = enrolled_by(&mut world, &node, "sms", "+15005550007").id;
    world.users.get_mut("ada").expect("ada").phone_number = Some("+15005550006".into());
    world.advance(1000);
    let challenge = token(login(&mut world, &node, None).expect("a code"));
    assert_eq!(world.messages.last().expect("a message").0, "+15005550006");

    assert_eq!(resent_to(&mut world, &node, &challenge, Some(&second)).as_deref(), Ok("•••• 0007"));
    assert_eq!(resent_to(&mut world, &node, &challenge, None).as_deref(), Ok("•••• 0007"));
    assert_eq!(resent_to(&mut world, &node, &challenge, Some("phone_number")).as_deref(), Ok("•••• 0006"));
    assert_eq!(resent_to(&mut world, &node, &challenge, Some("somebody else's")), Err(4016));
    answer(&mut world, &node, &challenge).expect("the last code is right");
}

#[test]
fn the_status_says_which_of_several_numbers_is_asked_first() {
    let node = all();
    let mut world = World::without_a_factor();
    let status = |world: &mut World| match world
        .run_on(&node, calls::two_factor_status(fields(&[])), ada("one"))
        .expect("a session")
    {
        Answer::Status { factors, .. } => {
            factors.into_iter().map(|factor| (factor.id.to_string(), factor.first)).collect::<Vec<_>>()
        }
        other => panic!("no status but {other:?}"),
    };
    let second = enrolled_by(&mut world, &node, "sms", "+15005550007").id.to_string();
    assert_eq!(status(&mut world), [(second.clone(), None)]);
    let ada = |world: &mut World, number: &str| {
        world.users.get_mut("ada").expect("ada").phone_number = Some(number.into());
    };
    ada(&mut world, "+15005550006");
    assert_eq!(status(&mut world), [("phone_number".to_owned(), Some(true)), (second.clone(), Some(false))]);
    ada(&mut world, "nobody knows");
    assert_eq!(status(&mut world), [("phone_number".to_owned(), Some(false)), (second, Some(true))]);
}

#[test]
fn first_calls_at_once_to_a_landline_make_one_call_and_open_one_session() {
    let node = by_sms_or_call();
    let mut start = World::with_ada();
    start.refuses = vec![(Channel::Sms, NO_MOBILE)];
    let requests = [0, 1].map(|_| Request::new(|_| first_call(None)).on(&node));
    every_interleaving(&start, &requests, |outcome| {
        let (world, schedule) = (&outcome.world, &outcome.schedule);
        assert_eq!(world.went_by, [Channel::Call], "{schedule:?} {:?}", outcome.ends);
        assert!(outcome.ends.iter().all(Result::is_ok), "{schedule:?} {:?}", outcome.ends);
        assert_eq!(counted(world), one("calls"), "{schedule:?}");
        let row = world.account().at(world.time(), &node.policy.limits);
        assert_eq!(row.messages_in_window(), 1, "{schedule:?}");
    });

    login(&mut start, &node, None).expect("a call");
    let code = start.last_code();
    let right = move |_: &World| calls::login(fields(&[PASSWORD[0], PASSWORD[1], ("code", &code)]));
    start.advance(30);
    let requests = [
        Request::new(right.clone()).on(&node),
        Request::new(right).on(&node),
        Request::new(|_| first_call(None)).on(&node),
    ];
    every_interleaving(&start, &requests, |outcome| {
        assert!(outcome.sessions() <= 1, "{:?} {:?}", outcome.schedule, outcome.ends);
    });
}
