//! Attack 7 (Keycloak CVE-2026-94218): restarting or resetting a flow drops a step.

use crate::calls::{self, fields};
use crate::world::{App, PASSWORD, WORD, World, ada, master, token};
use parse_two_factor::caller::Caller;
use parse_two_factor::wire::Answer;
use parse_two_factor::{Call, UserChange};

/// What a sign-in begins with: the password, or a provider's word.
type First = &'static [(&'static str, &'static str)];

const FIRSTS: [First; 2] = [&PASSWORD, &WORD];

/// Ada with a number and an authenticator app. A sign-in, a step-up and an enrollment are under way, each with three wrong codes.
struct UnderWay {
    first: First,
    world: World,
    app: App,
    sign_in: String,
    step_up: String,
    enrollment: String,
}

fn under_way(first: First) -> UnderWay {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("owner");
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    let now = world.now;
    world.step_up("owner", &app.code(now, 0), "totp");
    world.advance(60);
    let enrollment = world.enroll("owner").unwrap().token;
    let sms = [first, &[("method", "sms")]].concat();
    let sign_in = token(world.login(&sms).unwrap());
    let step_up = world.step_up_challenge("thief");
    let mut under_way = UnderWay { first, world, app, sign_in, step_up, enrollment };
    for _ in 0..3 {
        assert_eq!(under_way.guesses(), [4024; 3]);
    }
    under_way
}

impl UnderWay {
    /// Hands in a code for each; the refusals' codes, 0 for an acceptance.
    fn hand_in(&mut self, sign_in: &str, totp: &str) -> [i32; 3] {
        let UnderWay { sign_in: to_sign_in, step_up, enrollment, .. } = &*self;
        let calls = [
            (calls::login(fields(&[("challenge", to_sign_in), ("code", sign_in)])), Caller::default()),
            (calls::step_up(fields(&[("challenge", step_up), ("code", totp)])), ada("thief")),
            (calls::confirm(fields(&[("enrollment", enrollment), ("code", totp)])), ada("owner")),
        ];
        calls.map(|(call, caller)| self.world.run(call, caller).map_or_else(|refusal| refusal.code(), |_| 0))
    }

    /// The first call once more; the challenge's token.
    fn again(&mut self, method: &'static str) -> String {
        let params = [self.first, &[("method", method)]].concat();
        token(self.world.login(&params).unwrap())
    }

    fn guesses(&mut self) -> [i32; 3] {
        self.hand_in("00000x", "00000x")
    }

    fn has_nothing_been_given_away(&self, way: &str) {
        assert!(self.world.sessions.is_empty(), "{way}: no session");
        assert!(!self.world.has_stepped_up("thief"), "{way}: no step-up");
        assert_eq!(self.world.confirmed(), std::slice::from_ref(&self.app.factor), "{way}: no factor");
    }
}

/// A way to start over; it must not be refused for its own reasons, or nothing is tried.
type Way = (&'static str, fn(&mut UnderWay));

fn call(under_way: &mut UnderWay, call: Call, caller: Caller) -> Answer {
    under_way.world.run(call, caller).expect("the way is open")
}

const WAYS: [Way; 9] = [
    ("first call again", |u| assert_eq!(u.again("sms"), u.sign_in)),
    ("first call again after the resend time", |u| {
        u.world.advance(31);
        assert_eq!(u.again("sms"), u.sign_in);
    }),
    ("first call again by another method", |u| assert_eq!(u.again("totp"), u.sign_in)),
    ("resend", |u| {
        u.world.advance(31);
        let params = fields(&[("challenge", &u.sign_in)]);
        let again = call(u, calls::resend_code(params), Caller::default());
        assert_eq!(token(again), u.sign_in);
    }),
    ("stepUp again", |u| {
        let again = call(u, calls::step_up(fields(&[])), ada("thief"));
        assert_eq!(token(again), u.step_up);
    }),
    ("stepUp again by SMS, and resent", |u| {
        let again = call(u, calls::step_up(fields(&[("method", "sms")])), ada("thief"));
        assert_eq!(token(again), u.step_up);
        u.world.advance(31);
        let params = fields(&[("challenge", &u.step_up)]);
        call(u, calls::resend_code(params), Caller::default());
    }),
    ("enrolled again", |u| {
        let again = u.world.enroll("owner").unwrap().token;
        assert_eq!(again, u.enrollment);
    }),
    ("enrolled in another session", |u| {
        let of_another = u.world.enroll("another").map(|begun| begun.token);
        assert_ne!(of_another.ok().as_ref(), Some(&u.enrollment));
    }),
    ("stepUp in another session", |u| {
        let of_another = u.world.step_up_challenge("another");
        assert_ne!(of_another, u.step_up);
    }),
];

#[test]
fn starting_over_in_any_way_drops_no_step_and_gives_back_no_attempt() {
    for (first, (way, start_over)) in FIRSTS.into_iter().flat_map(|first| WAYS.map(|way| (first, way))) {
        let way = &format!("{way} after {}", first[0].0);
        let mut under_way = under_way(first);
        let failures = under_way.world.account().attempts.len();
        assert_eq!(failures, 9);
        start_over(&mut under_way);
        under_way.has_nothing_been_given_away(way);
        assert_eq!(under_way.world.account().attempts.len(), failures, "{way}: failures stay");

        for _ in 0..2 {
            assert_eq!(under_way.guesses(), [4024; 3], "{way}: two more are looked at");
        }
        let right = under_way.app.code(under_way.world.now, 0);
        let sent = under_way.world.last_code();
        assert_eq!(under_way.hand_in(&sent, &right), [4013; 3], "{way}: and no right one after that");
        under_way.has_nothing_been_given_away(way);
    }
}

#[test]
fn a_step_up_begun_in_another_session_is_counted_in_the_same_row() {
    let mut under_way = under_way(&PASSWORD);
    let before = under_way.world.account().attempts.len();
    for session in ["second", "third", "fourth"] {
        let challenge = under_way.world.step_up_challenge(session);
        let params = fields(&[("challenge", &challenge), ("code", "00000x")]);
        let refusal = under_way.world.run(calls::step_up(params), ada(session)).unwrap_err();
        assert_eq!(refusal.code(), 4024);
    }
    assert_eq!(under_way.world.account().attempts.len(), before + 3, "failures in a row go over all challenges");
    // The fifth in a quarter of an hour was the last. An enrollment is none of them.
    let refusal = under_way.world.run(calls::step_up(fields(&[])), ada("fifth")).unwrap_err();
    assert_eq!(refusal.code(), 4015);
    let again = under_way.world.run(calls::step_up(fields(&[])), ada("thief")).unwrap();
    assert_eq!(token(again), under_way.step_up, "the living one is taken up again");
}

#[test]
fn a_reset_by_the_operator_or_a_change_by_the_owner_gives_nothing_to_whoever_is_under_way() {
    let reset = |scope: &str| calls::reset(fields(&[("userId", "ada"), ("scope", scope)]));
    let change = |phone_number: Option<&str>| {
        Call::ChangeUser(UserChange {
            user: Some("ada".into()),
            phone_number: phone_number.map(str::to_owned),
            password: phone_number.is_none(),
            sender: None,
            ..UserChange::default()
        })
    };
    let calls = || [reset(""), reset("factors"), change(Some("+15005550007")), change(None)].into_iter().enumerate();
    for (first, (i, call)) in FIRSTS.into_iter().flat_map(|first| calls().map(move |call| (first, call))) {
        let mut under_way = under_way(first);
        let sent = under_way.world.last_code();
        let right = under_way.app.code(under_way.world.now, 0);
        under_way.world.run(call, master()).unwrap();
        assert_eq!(under_way.guesses(), [4012; 3], "{i}: nothing is looked at");
        assert_eq!(under_way.hand_in(&sent, &right), [4012; 3], "{i}: nor is a right one");
        assert!(under_way.world.sessions.is_empty(), "{i}");
        assert!(!under_way.world.has_stepped_up("thief") && !under_way.world.has_stepped_up("owner"), "{i}");
        assert!(under_way.world.confirmed().len() <= 1, "{i}");
        // A number is there still: the password alone opens nothing.
        assert!(matches!(under_way.world.login(&PASSWORD), Ok(Answer::Challenge { .. })), "{i}");
    }
}

#[test]
fn begun_for_one_purpose_it_is_unknown_to_every_other_and_costs_no_attempt() {
    let mut u = under_way(&PASSWORD);
    let totp = u.app.code(u.world.now, 0);
    let (sign_in, step_up, enrollment, sent) =
        (u.sign_in.clone(), u.step_up.clone(), u.enrollment.clone(), u.world.last_code());
    let before = u.world.account().clone();
    let login =
        |token: &str, code: &str| (calls::login(fields(&[("challenge", token), ("code", code)])), Caller::default());
    let stepping_up = |token: &str, code: &str, session: &str| {
        (calls::step_up(fields(&[("challenge", token), ("code", code)])), ada(session))
    };
    let confirming = |token: &str, code: &str, session: &str| {
        (calls::confirm(fields(&[("enrollment", token), ("code", code)])), ada(session))
    };
    let calls = [
        login(&step_up, &totp),
        login(&enrollment, &totp),
        stepping_up(&sign_in, &sent, "thief"),
        stepping_up(&enrollment, &totp, "owner"),
        stepping_up(&step_up, &totp, "owner"),
        confirming(&sign_in, &sent, "owner"),
        confirming(&step_up, &totp, "thief"),
        confirming(&enrollment, &totp, "thief"),
        (calls::resend_code(fields(&[("challenge", &enrollment)])), Caller::default()),
    ];
    for (i, (call, caller)) in calls.into_iter().enumerate() {
        assert_eq!(u.world.run(call, caller).unwrap_err().code(), 4012, "{i}");
    }
    u.has_nothing_been_given_away("another purpose");
    assert_eq!(u.world.account().attempts.len(), before.attempts.len());
    assert_eq!(u.world.account().challenges.len(), before.challenges.len(), "and what is under way lives on");
    assert!(matches!(u.world.answer(&sign_in, &sent), Ok(Answer::Session { .. })));
}
