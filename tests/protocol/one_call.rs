//! A sign-in in one call: the password, and the code of an authenticator app or a recovery code, together.

use crate::calls::{self, fields};
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{App, PASSWORD, Seeded, World, master, token};
use parse_two_factor::Call;
use parse_two_factor::wire::{Answer, Progress, Refusal};

/// Ada with an authenticator app and recovery codes, and nothing under way.
fn with_app() -> (World, App, Vec<String>) {
    let mut world = World::without_a_factor();
    let (app, codes) = world.enrolled("one");
    world.advance(901);
    (world, app, codes)
}

fn one_call(code: &str, method: &str) -> Call {
    calls::login(fields(&[PASSWORD[0], PASSWORD[1], ("code", code), ("method", method)]))
}

fn ask(world: &mut World, code: &str, method: &str) -> Result<Answer, Refusal> {
    world.run(one_call(code, method), parse_two_factor::caller::Caller::default())
}

fn code_of(end: Result<Answer, Refusal>) -> i32 {
    end.expect_err("a refusal").code()
}

#[test]
fn a_code_of_an_app_or_a_recovery_code_signs_in_with_the_password_in_one_call_and_sends_nothing() {
    for method in ["", "totp", "recovery"] {
        let (mut world, app, codes) = with_app();
        let code = if method == "recovery" { codes[0].clone() } else { app.code(world.now, 0) };
        let answer = ask(&mut world, &code, method).unwrap();
        let left = (method == "recovery").then_some(9);
        let Answer::Session { status, recovery_codes_left, .. } = answer else { panic!("{answer:?}") };
        assert_eq!((status, recovery_codes_left), (Progress::SignedIn, left), "{method}");
        assert!(ask(&mut world, &code, method).is_err(), "once");
        assert_eq!((world.sessions.len(), world.messages.len()), (1, 0));
    }
}

#[test]
fn the_next_call_finds_the_challenge_alive_and_its_attempts_count_together() {
    let (mut world, app, _) = with_app();
    assert_eq!(code_of(ask(&mut world, "00000x", "")), 141);
    let challenge = world.challenge();
    for _ in 0..2 {
        assert_eq!(code_of(ask(&mut world, "00000x", "totp")), 141);
    }
    assert_eq!(code_of(world.answer(&challenge, "00000x")), 4024);
    assert_eq!(world.account().challenges.len(), 1, "all of them are on one challenge");
    let code = app.code(world.now, 0);
    assert!(matches!(world.answer(&challenge, &code), Ok(Answer::Session { .. })), "the fifth is looked at");
}

#[test]
fn wrong_codes_in_one_call_share_the_ceilings_of_challenges() {
    let (mut world, app, codes) = with_app();
    for nth in 1..=25 {
        assert_eq!(code_of(ask(&mut world, "00000x", "")), 141, "{nth}");
    }
    let right = app.code(world.now, 0);
    for _ in 0..3 {
        assert_eq!(code_of(ask(&mut world, &right, "")), 4015, "no more are looked at");
        assert_eq!(code_of(ask(&mut world, &codes[0], "recovery")), 4015);
    }
    assert_eq!((world.account().attempts.len(), world.sessions.len()), (25, 0));
    world.advance(901);
    let right = app.code(world.now, 0);
    assert!(ask(&mut world, &right, "").is_ok());
}

#[test]
fn for_a_user_with_neither_app_nor_recovery_codes_nothing_is_begun() {
    let mut world = World::with_ada();
    assert_eq!(code_of(ask(&mut world, "123456", "")), 4012);
    for method in ["totp", "recovery", "sms"] {
        assert_eq!(code_of(ask(&mut world, "123456", method)), 4012, "{method}");
    }
    assert!(world.account().challenges.is_empty() && world.account().attempts.is_empty());
    // The tutorial's second call keeps its meaning: the refusal says what became of the last challenge.
    world.challenge();
    let code = world.last_code();
    world.advance(301);
    assert_eq!(code_of(ask(&mut world, &code, "")), 4011);
    assert_eq!(world.account().challenges.len(), 1);
}

#[test]
fn a_code_that_a_message_brought_begins_nothing_whatever_else_the_user_has() {
    let (mut world, ..) = with_app();
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    assert_eq!(code_of(ask(&mut world, "123456", "sms")), 4012);
    assert!(world.account().challenges.is_empty());
}

#[test]
fn a_success_by_app_or_recovery_code_uses_up_nothing_of_the_users_window() {
    let (mut world, app, codes) = with_app();
    for code in codes.iter().take(6) {
        assert!(ask(&mut world, code, "recovery").is_ok());
    }
    for _ in 0..6 {
        world.advance(30);
        let code = app.code(world.now, 0);
        assert!(ask(&mut world, &code, "totp").is_ok());
    }
    assert_eq!(world.sessions.len(), 12);
}

#[test]
fn a_disabled_user_gets_no_look_at_a_code_in_one_call() {
    let (mut world, app, _) = with_app();
    for round in 0..20 {
        for _ in 0..5 {
            assert_eq!(code_of(ask(&mut world, "00000x", "")), 141, "{round}");
        }
        world.advance(901);
    }
    let right = app.code(world.now, 0);
    assert_eq!(code_of(ask(&mut world, &right, "")), 4019);
    world.run(calls::reset(fields(&[("userId", "ada")])), master()).unwrap();
    assert!(ask(&mut world, &right, "").is_ok());
}

/// What holds after every order of such calls.
fn holds(start: &World, outcome: &Outcome) {
    let Outcome { world, schedule, ends, .. } = outcome;
    assert_eq!(world.unasked, 0, "{schedule:?}");
    assert!(world.sessions.len() <= 1, "one session for one code: {schedule:?} {ends:?}");
    let before = start.account().attempts.len();
    assert!(before + outcome.wrong() + outcome.sessions() <= 5, "{schedule:?} {ends:?}");
    let alive = world.account().challenges.len();
    assert!(alive <= 1, "one challenge for all of them: {schedule:?}");
}

#[test]
fn right_codes_in_one_call_at_once_open_one_session() {
    let (start, app, _) = with_app();
    let right = app.code(start.now, 0);
    let requests = [(); 3].map(|()| {
        let right = right.clone();
        Request::new(move |_| one_call(&right, ""))
    });
    let check = |outcome: &Outcome| {
        holds(&start, outcome);
        assert_eq!(outcome.sessions(), 1, "{:?} {:?}", outcome.schedule, outcome.ends);
    };
    assert!(every_interleaving(&start, &requests, check) > 100);
    assert!(is_caught(Seeded::OpenBeforeClaim, &start, &requests, check));
}

#[test]
fn one_code_in_one_call_and_for_a_step_up_is_accepted_once() {
    let (mut start, app, _) = with_app();
    let step_up = start.step_up_challenge("one");
    let right = app.code(start.now, 0);
    let stepping_up = {
        let right = right.clone();
        move |_: &World| calls::step_up(fields(&[("challenge", &step_up), ("code", &right)]))
    };
    let requests = [
        Request::new(move |_| one_call(&right, "")),
        Request::new(stepping_up).by(crate::world::ada("one")),
        Request::new(|_| one_call("00000x", "")),
    ];
    let check = |outcome: &Outcome| {
        let accepted = outcome.count(|end| matches!(end, Ok(Answer::Session { .. } | Answer::SteppedUp { .. })));
        assert_eq!(accepted, 1, "{:?} {:?}", outcome.schedule, outcome.ends);
    };
    assert!(every_interleaving(&start, &requests, check) > 100);
    assert!(is_caught(Seeded::TotpStepNotCompared, &start, &requests, check));
}

#[test]
fn guesses_in_one_call_beside_other_wires_are_looked_at_five_times() {
    let (mut start, ..) = with_app();
    let challenge = token(start.login(&PASSWORD).unwrap());
    for _ in 0..3 {
        assert_eq!(code_of(ask(&mut start, "00000x", "")), 141);
    }
    let answer = move |_: &World| calls::login(fields(&[("challenge", &challenge), ("code", "00000x")]));
    let requests =
        [Request::new(|_| one_call("00000x", "")), Request::new(|_| one_call("00000y", "totp")), Request::new(answer)];
    let explored =
        every_interleaving(&start, &requests, |outcome| {
            // A call that finds the challenge used up begins the next one, whose attempts are its own.
            let on_first =
                outcome.world.account().attempts.iter().filter(|attempt| {
                    start.account().attempts.iter().any(|before| before.challenge == attempt.challenge)
                });
            assert!(on_first.count() <= 5, "{:?} {:?}", outcome.schedule, outcome.ends);
            assert!(outcome.world.account().challenges.len() <= 2, "{:?}", outcome.schedule);
        });
    assert!(explored > 10, "{explored}");
}

#[test]
fn a_code_that_was_used_begins_no_challenge_and_is_written_nowhere() {
    let (mut world, app, _) = with_app();
    let code = app.code(world.now, 0);
    assert!(ask(&mut world, &code, "").is_ok());
    let before = world.account().clone();
    for _ in 0..30 {
        assert_eq!(code_of(ask(&mut world, &code, "totp")), 4025);
    }
    assert_eq!(*world.account(), before);
}
