//! What the provider tells over HTTP: that a code did not arrive, and that somebody wants to hear one.

use crate::calls::{self, fields};
use crate::explore::{Request, every_interleaving};
use crate::world::{KEYS, PASSWORD, World, flow_on, sid, token, with_settings};
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use parse_two_factor::Call;
use parse_two_factor::account::CountedKind;
use parse_two_factor::caller::Caller;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::{Reply, Step};
use parse_two_factor::policy::{Channel, ChannelSettings, Channels, Settings};
use parse_two_factor::wire::{Answer, EventName, Method, ProviderCall, Refusal};
use sha1::Sha1;
use std::rc::Rc;

/// The address in the option. It has a query of its own.
const APP: &str = "https://app.example/twilio?by=us";
const AUTH_TOKEN: &str = "the account's auth token";

fn node_of(channels: &[Channel], status_callback: Option<&str>) -> Rc<Deployment> {
    let settings = |channel| ChannelSettings { channel, fallback: true, content_sid: Default::default() };
    let channels = Channels(channels.iter().map(|channel| settings(*channel)).collect());
    let status_callback = status_callback.map(str::to_owned);
    with_settings(KEYS, Settings { channels, status_callback, ..Settings::default() })
}

fn by_sms_or_call() -> Rc<Deployment> {
    node_of(&[Channel::Sms, Channel::Call], Some(APP))
}

fn sign(auth_token: &str, address: &str, posted: &[(&str, &str)]) -> String {
    let mut sorted = posted.to_vec();
    sorted.sort_unstable();
    let mut mac = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()).unwrap();
    mac.update(address.as_bytes());
    sorted.iter().for_each(|(name, value)| mac.update(format!("{name}{value}").as_bytes()));
    Base64::encode_string(&mac.finalize().into_bytes())
}

/// A request for this address, signed with this auth token.
fn signed_by(auth_token: &str, address: &str, posted: &[(&str, &str)]) -> ProviderCall {
    let (_, query) = address.split_once("&message=").expect("a token stands in it");
    let (message, code) = query.split_once("&code=").map_or((query, None), |(message, code)| (message, Some(code)));
    let field = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    ProviderCall {
        message: message.into(),
        code: code.map(Into::into),
        signature: sign(auth_token, address, posted),
        auth_tokens: vec!["another account's".into(), AUTH_TOKEN.into()],
        fields: posted.iter().map(field).collect(),
    }
}

fn signed(address: &str, posted: &[(&str, &str)]) -> ProviderCall {
    signed_by(AUTH_TOKEN, address, posted)
}

const LOST: [(&str, &str); 3] = [("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("ErrorCode", "30006")];

/// Ada with a first code sent five seconds ago, and the address at which Twilio tells of it.
fn begun(node: &Rc<Deployment>, method: &str) -> (World, String, String) {
    let mut world = World { tells_sids: true, ..World::with_ada() };
    let params = fields(&[PASSWORD[0], PASSWORD[1], ("method", method)]);
    let challenge = token(world.run_on(node, calls::login(params), Caller::default()).expect("a code"));
    world.advance(5);
    let address = address_of(&world, 0);
    (world, challenge, address)
}

fn address_of(world: &World, message: usize) -> String {
    world.report_to[message].clone().expect("Twilio is told where to report")
}

fn tell(world: &mut World, node: &Rc<Deployment>, call: ProviderCall) -> Result<Answer, Refusal> {
    world.run_on(node, Call::Provider(call), Caller::default())
}

/// Whether this signs in.
fn opens(world: &mut World, node: &Rc<Deployment>, challenge: &str, code: &str) -> bool {
    let params = fields(&[("challenge", challenge), ("code", code)]);
    world.run_on(node, calls::login(params), Caller::default()).is_ok()
}

fn told(world: &World) -> usize {
    world.events.iter().filter(|event| event.what == EventName::CodeUndelivered).count()
}

#[test]
fn a_report_that_a_code_did_not_arrive_is_followed_by_a_call_at_once() {
    let node = by_sms_or_call();
    let (mut world, challenge, address) = begun(&node, "sms");
    let old = world.last_code();
    let told_of = tell(&mut world, &node, signed(&address, &LOST)).expect("it is signed");
    assert!(matches!(told_of, Answer::Nothing {}));
    assert_eq!(world.went_by, [Channel::Sms, Channel::Call]);
    assert!(world.checked.is_empty(), "Twilio has said it");
    let event = world.events.iter().find(|event| event.what == EventName::CodeUndelivered).expect("an event");
    assert_eq!(
        (event.method, event.about.as_deref(), event.outcome),
        (Some(Method::Sms), Some("•••• 0006, error 30006"), 4026)
    );
    let row = world.account().at(world.time(), &node.policy.limits);
    assert_eq!(row.messages_in_window(), 2, "it counts as any other code");

    // The client hears of the call as soon as it asks, and another code is too soon.
    let again = world.run_on(&node, calls::login(fields(&PASSWORD)), Caller::default()).expect("it is alive");
    assert!(matches!(again, Answer::Challenge { method: Method::Call, resend_in: Some(30), .. }), "{again:?}");
    let resend = calls::resend_code(fields(&[("challenge", &challenge)]));
    assert_eq!(world.run_on(&node, resend, Caller::default()).unwrap_err().code(), 4014);
    assert!(!opens(&mut world, &node, &challenge, &old), "the code before is dead");
    let code = world.last_code();
    assert!(opens(&mut world, &node, &challenge, &code));
}

#[test]
fn a_report_counts_once_and_only_of_the_code_that_is_good_now() {
    let node = by_sms_or_call();
    let (mut world, challenge, address) = begun(&node, "sms");
    for _ in 0..3 {
        tell(&mut world, &node, signed(&address, &LOST)).expect("it is signed");
    }
    assert_eq!((world.messages.len(), told(&world), world.account().lost.len()), (2, 1, 1));

    // The call that followed is not taken either. No third code follows by itself, and the client may ask at once.
    world.advance(5);
    let of_call = address_of(&world, 1);
    tell(&mut world, &node, signed(&of_call, &[("CallStatus", "no-answer")])).expect("it is signed");
    assert_eq!((world.messages.len(), told(&world)), (2, 2));
    let resend = calls::resend_code(fields(&[("challenge", &challenge)]));
    world.run_on(&node, resend, Caller::default()).expect("another code");
    assert_eq!(world.went_by.last(), Some(&Channel::Sms));

    // What did not arrive by the provider's word may have arrived all the same.
    let third = address_of(&world, 2);
    tell(&mut world, &node, signed(&third, &LOST)).expect("it is signed");
    assert_eq!((world.messages.len(), told(&world)), (3, 3));
    let code = world.last_code();
    assert!(opens(&mut world, &node, &challenge, &code));
    tell(&mut world, &node, signed(&third, &LOST)).expect("it is signed");
    assert_eq!((world.messages.len(), told(&world), world.sessions.len()), (3, 3, 1));
}

#[test]
fn a_report_of_anything_else_or_one_that_comes_late_changes_nothing() {
    let node = by_sms_or_call();
    let (mut world, _, address) = begun(&node, "sms");
    let writes = world.writes;
    for status in ["queued", "sent", "delivered", "read", "completed", "", "undelivered "] {
        let posted = [("MessageStatus", status), ("ErrorCode", "30006")];
        tell(&mut world, &node, signed(&address, &posted)).expect("it is signed");
    }
    tell(&mut world, &node, signed(&address, &[])).expect("it is signed");
    tell(&mut world, &node, signed(&address, &[("Body", "undelivered"), ("to", "+1")])).expect("it is signed");
    world.advance(300);
    tell(&mut world, &node, signed(&address, &LOST)).expect("it is signed");
    assert_eq!((world.messages.len(), world.writes, told(&world)), (1, writes, 0));
}

#[test]
fn what_twilio_did_not_sign_for_an_address_that_we_made_is_refused_and_touches_no_row() {
    let node = by_sms_or_call();
    let (mut world, challenge, address) = begun(&node, "sms");
    let other = World { tells_sids: true, ..World::with_ada() };
    let writes = world.writes;
    let mut changed = signed(&address, &LOST);
    changed.fields[2].1 = "30007".into();
    let mut without = signed(&address, &LOST);
    without.signature = String::new();
    let mut no_account = signed(&address, &LOST);
    no_account.auth_tokens = Vec::new();
    let elsewhere = address.replace("app.example", "other.example");
    let mut with_code = signed(&address, &LOST);
    with_code.code = Some("k.abc".into());
    for (call, code) in [
        (signed_by("a guess", &address, &LOST), 119),
        (signed_by("", &address, &LOST), 119),
        (signed(&elsewhere, &LOST), 119),
        (changed, 119),
        (without, 119),
        (no_account, 119),
        (with_code, 119),
        (signed(&format!("{address}x"), &LOST), 4012),
        (signed(&format!("{APP}&message={challenge}"), &LOST), 4012),
        (signed(&format!("{APP}&message="), &LOST), 4012),
        (signed(&format!("{address}&code=k.abc"), &[("Digits", "1")]), 4012),
    ] {
        assert_eq!(tell(&mut world, &node, call).unwrap_err().code(), code);
    }
    assert_eq!((world.writes, world.messages.len()), (writes, 1));

    // A token of ours opens nothing: it is no challenge's.
    let (_, token) = address.split_once("message=").unwrap();
    let code = world.last_code();
    assert!(!opens(&mut world, &node, token, &code));
    let off = node_of(&[Channel::Sms], None);
    assert_eq!(tell(&mut world, &off, signed(&address, &LOST)).unwrap_err().code(), 4027);
    assert!(other.report_to.is_empty());
}

#[test]
fn without_another_channel_a_report_lets_the_client_ask_at_once() {
    for (error, expected) in [("30003", Ok(())), ("30006", Err(4026))] {
        let node = node_of(&[Channel::Sms], Some(APP));
        let (mut world, challenge, address) = begun(&node, "sms");
        let posted = [("MessageStatus", "undelivered"), ("ErrorCode", error)];
        tell(&mut world, &node, signed(&address, &posted)).expect("it is signed");
        assert_eq!((world.messages.len(), told(&world)), (1, 1));
        let again = world.run_on(&node, calls::login(fields(&PASSWORD)), Caller::default());
        assert_eq!(again.map(|_| ()).map_err(|refusal| refusal.code()), expected, "{error}");
        assert!(world.checked.is_empty(), "what Twilio has told is not asked");
        let code = world.last_code();
        assert!(opens(&mut world, &node, &challenge, &code));
    }
}

#[test]
fn what_keeps_a_code_back_keeps_back_the_one_that_a_report_causes() {
    let node = by_sms_or_call();
    let (mut world, _, address) = begun(&node, "sms");
    world.barred = Some((205, "User email is not verified."));
    tell(&mut world, &node, signed(&address, &LOST)).expect("it is signed");
    assert_eq!(world.messages.len(), 1, "Parse does not let the user in");

    let (mut world, _, address) = begun(&node, "sms");
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550007".into());
    tell(&mut world, &node, signed(&address, &LOST)).expect("it is signed");
    assert_eq!(world.messages.len(), 1, "the sign-in is founded on another number");

    // A phone that is off does not use up the user's codes by itself.
    let (mut world, _, _) = begun(&node, "sms");
    for message in 0..10 {
        let status = if message % 2 == 0 { ("MessageStatus", "failed") } else { ("CallStatus", "busy") };
        let address = address_of(&world, message.min(world.messages.len() - 1));
        tell(&mut world, &node, signed(&address, &[status])).expect("it is signed");
        world.advance(5);
    }
    assert_eq!(world.messages.len(), 2);

    let (mut world, _, address) = begun(&node, "sms");
    world.refuses = vec![(Channel::Call, 21215)];
    tell(&mut world, &node, signed(&address, &LOST)).expect("it is signed");
    assert_eq!(world.handed_over, 2, "no third channel, and not the first once more");
    let row = world.account().at(world.time(), &node.policy.limits);
    assert_eq!(row.counted_in_window(CountedKind::Unsent), 1);
}

/// The address that is called once somebody presses a key, in the document of this message.
fn action_of(world: &World, message: usize) -> String {
    let document = world.documents[message].clone().expect("a call has a document");
    let (_, rest) = document.split_once("action=\"").expect("it waits for a key");
    rest.split_once('"').unwrap().0.replace("&amp;", "&")
}

#[test]
fn a_call_speaks_its_code_once_a_key_is_pressed_and_to_nobody_else() {
    let node = by_sms_or_call();
    let (mut world, challenge, _) = begun(&node, "call");
    let code = world.last_code();
    let spoken = code.chars().map(String::from).collect::<Vec<_>>().join(", ");
    let document = world.documents[0].clone().unwrap();
    assert!(!document.contains(&spoken) && !document.contains(&code), "voicemail hears no code");
    let action = action_of(&world, 0);
    let writes = world.writes;
    let pressed = [("CallSid", "CA1"), ("CallStatus", "in-progress"), ("Digits", "#")];
    let heard = |answer: Result<Answer, Refusal>| match answer {
        Ok(Answer::Spoken { twiml }) => twiml.to_string(),
        other => panic!("{other:?}"),
    };
    let said = heard(tell(&mut world, &node, signed(&action, &pressed)));
    assert_eq!(said, format!("<Response><Say language=\"en-US\" loop=\"3\">Your code is {spoken}.</Say></Response>"));
    for posted in [&[("Digits", "")] as &[(&str, &str)], &[("CallStatus", "completed")]] {
        let said = heard(tell(&mut world, &node, signed(&action, posted)));
        assert_eq!(said, "<Response><Hangup/></Response>");
    }
    assert_eq!(world.writes, writes);

    // The code is sealed for this address alone.
    let (_, sealed) = action.split_once("&code=").unwrap();
    let (mut other, ..) = begun(&node, "call");
    other.advance(60);
    let params = fields(&[("challenge", &challenge), ("method", "call")]);
    let _ = other.run_on(&node, calls::resend_code(params), Caller::default());
    let elsewhere = format!("{}&code={sealed}", address_of(&other, 1));
    assert_eq!(tell(&mut world, &node, signed(&elsewhere, &pressed)).unwrap_err().code(), 4012);
    let forged = format!("{action}x");
    assert_eq!(tell(&mut world, &node, signed(&forged, &pressed)).unwrap_err().code(), 4012);

    world.advance(300);
    let said = heard(tell(&mut world, &node, signed(&action, &pressed)));
    assert_eq!(said, "<Response><Hangup/></Response>", "the code is dead by now");
}

#[test]
fn a_call_without_an_address_speaks_its_code_by_itself() {
    let node = node_of(&[Channel::Call], None);
    let mut world = World::with_ada();
    world.run_on(&node, calls::login(fields(&PASSWORD)), Caller::default()).expect("a call");
    assert_eq!(world.report_to, [None]);
    let document = world.documents[0].clone().unwrap();
    assert!(document.contains("Your code is") && !document.contains("Gather"));
}

#[test]
fn reports_at_once_and_a_client_that_asks_send_one_code_more() {
    let node = by_sms_or_call();
    let (world, challenge, address) = begun(&node, "sms");
    let old = world.last_code();
    let report = || {
        let call = signed(&address, &LOST);
        Request::new(move |_| Call::Provider(call.clone())).on(&node)
    };
    let again = Request::new(|_| calls::login(fields(&PASSWORD))).on(&node);
    let explored = every_interleaving(&world, &[report(), report(), again], |outcome| {
        let schedule = &outcome.schedule;
        let after = &outcome.world;
        assert_eq!((after.messages.len(), told(after)), (2, 1), "{schedule:?}");
        assert_eq!((after.account().codes.len(), after.account().lost.len()), (2, 1), "{schedule:?}");
        assert!(outcome.ends.iter().all(Result::is_ok), "{schedule:?} {:?}", outcome.ends);
        let mut after = after.clone();
        assert!(!opens(&mut after.clone(), &node, &challenge, &old), "{schedule:?}");
        let code = after.last_code();
        assert!(opens(&mut after, &node, &challenge, &code), "{schedule:?}");
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn a_report_amid_a_right_code_opens_one_session_and_sends_at_most_one_code() {
    let node = by_sms_or_call();
    let (world, challenge, address) = begun(&node, "sms");
    let code = world.last_code();
    let call = signed(&address, &LOST);
    let report = Request::new(move |_| Call::Provider(call.clone())).on(&node);
    let params = fields(&[("challenge", &challenge), ("code", &code)]);
    let answer = Request::new(move |_| calls::login(params.clone())).on(&node);
    let explored = every_interleaving(&world, &[report, answer], |outcome| {
        let schedule = &outcome.schedule;
        let mut after = outcome.world.clone();
        assert!(after.messages.len() <= 2 && outcome.ends[0].is_ok(), "{schedule:?}");
        if outcome.ends[1].is_err() {
            // The next code came first: it signs in.
            let code = after.last_code();
            assert!(opens(&mut after, &node, &challenge, &code), "{schedule:?}");
        }
        assert_eq!(after.sessions.len(), 1, "{schedule:?}");
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn a_fault_at_any_effect_of_a_report_opens_nothing_and_locks_nobody_out() {
    for at in 0..40 {
        for lost_answer in [false, true] {
            let node = by_sms_or_call();
            let (mut world, challenge, address) = begun(&node, "sms");
            let call = Call::Provider(signed(&address, &LOST));
            let mut flow = flow_on(&node, call, Caller::default(), 99);
            let mut step = flow.start(world.time());
            let mut effects = 0;
            while let Step::Do(effect) = step {
                let reply = if effects == at && !lost_answer { Reply::Failed } else { world.perform(&effect) };
                let reply = if effects == at { Reply::Failed } else { reply };
                effects += 1;
                step = flow.resume(reply, world.time());
            }
            assert!(world.sessions.is_empty() && world.messages.len() <= 2, "{at}");
            world.advance(30);
            let again = world.run_on(&node, calls::login(fields(&PASSWORD)), Caller::default()).expect("another code");
            assert_eq!(token(again), challenge, "{at}");
            let code = world.last_code();
            assert!(opens(&mut world, &node, &challenge, &code), "{at}");
            if effects <= at {
                assert!(at > 5, "a report has effects");
                return;
            }
        }
    }
    panic!("a report does not end: {}", sid(1));
}
