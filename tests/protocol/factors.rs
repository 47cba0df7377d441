//! Ceremonies with enrolled factors, in every order in which they can meet.

use crate::calls::{self, Fields, fields};
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{App, Enrollment, Seeded, World, ada, core, deployment_by, master, token};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::{Effect, Step, User};
use parse_two_factor::policy::{Limits, Require};
use parse_two_factor::wire::Answer;
use parse_two_factor::{Call, UserChange};
use std::collections::BTreeSet;

/// A request with these parameters, which are the same in every order.
fn call(name: fn(Fields) -> Call, params: &[(&str, &str)], caller: Caller) -> Request {
    let params: Vec<(String, String)> = params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Request::new(move |_| {
        let params: Vec<(&str, &str)> = params.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        name(fields(&params))
    })
    .by(caller)
}

fn sign_in(challenge: &str, code: &str, method: &str) -> Request {
    call(calls::login, &[("challenge", challenge), ("code", code), ("method", method)], Caller::default())
}

fn stepping_up(challenge: &str, code: &str, method: &str, session: &str) -> Request {
    call(calls::step_up, &[("challenge", challenge), ("code", code), ("method", method)], ada(session))
}

pub fn removal(app: &App, session: &str) -> Request {
    call(calls::remove, &[("factor", &app.factor)], ada(session))
}

/// What holds after every order, whatever was asked: a refusal leaves nothing half-written, and failures never decrease but by a
/// success or a reset.
fn holds(start: &World, outcome: &Outcome) {
    let Outcome { world, schedule, .. } = outcome;
    let row = world.account();
    let dangling = row.confirmed.iter().filter(|id| row.factors.iter().all(|f| f.id != **id)).count();
    assert_eq!(dangling, 0, "a confirmed factor is there: {schedule:?}");
    assert_eq!(row.renewal_locks().count(), 0, "nobody is making recovery codes any more: {schedule:?}");
    if outcome.count(Result::is_ok) == 0 {
        let failures = start.account().attempts.len() + outcome.wrong();
        assert_eq!(row.attempts.len(), failures, "refused codes are counted, and nothing else: {schedule:?}");
        assert_eq!(row.recovery_codes.len(), start.account().recovery_codes.len(), "{schedule:?}");
    }
    for codes in [row.codes.len(), start.account().codes.len()] {
        assert!(codes <= world.messages.len(), "codes are sent: {schedule:?}");
    }
}

/// How many requests were answered with what a right code is good for.
fn accepted(outcome: &Outcome) -> usize {
    outcome.count(|end| matches!(end, Ok(Answer::Session { .. } | Answer::SteppedUp { .. } | Answer::Confirmed { .. })))
}

/// A world with a challenge to sign in and one to step up in each of the sessions `one` and `two`; the app, its recovery codes.
fn challenged() -> (World, [String; 3], App, Vec<String>) {
    let (mut world, app, codes) = stepped_up();
    world.advance(901);
    let sign_in = world.challenge();
    let [one, two] = ["one", "two"].map(|session| world.step_up_challenge(session));
    (world, [sign_in, one, two], app, codes)
}

/// That one code is accepted once, whatever it is handed in for.
fn one_code_is_accepted_once(start: &World, outcome: &Outcome) {
    holds(start, outcome);
    assert_eq!(accepted(outcome), 1, "{:?} {:?}", outcome.schedule, outcome.ends);
    let opened = outcome.world.sessions.len() - start.sessions.len();
    assert_eq!(opened, outcome.sessions(), "a session is for the one who answered: {:?}", outcome.schedule);
}

#[test]
fn one_totp_code_on_one_challenge_opens_one_session() {
    let (start, [challenge, ..], app, _) = challenged();
    let code = app.code(start.now, 0);
    let requests = [(); 3].map(|()| sign_in(&challenge, &code, "totp"));
    let explored = every_interleaving(&start, &requests, |outcome| one_code_is_accepted_once(&start, outcome));
    assert!(explored > 1, "{explored}");
}

#[test]
fn one_totp_code_on_three_challenges_is_accepted_once() {
    let (start, [challenge, one, two], app, _) = challenged();
    let code = app.code(start.now, 0);
    let requests = [
        sign_in(&challenge, &code, "totp"),
        stepping_up(&one, &code, "totp", "one"),
        stepping_up(&two, &code, "totp", "two"),
    ];
    let check = |outcome: &Outcome| one_code_is_accepted_once(&start, outcome);
    assert!(every_interleaving(&start, &requests, check) > 100);
    assert!(is_caught(Seeded::TotpStepNotCompared, &start, &requests, check));
}

#[test]
fn of_two_totp_codes_at_once_the_earlier_is_not_accepted_after_the_later() {
    let (start, [challenge, one, two], app, _) = challenged();
    let [earlier, later] = [-1, 1].map(|steps| app.code(start.now, steps));
    let requests = [
        sign_in(&challenge, &earlier, "totp"),
        stepping_up(&one, &later, "totp", "one"),
        stepping_up(&two, &earlier, "totp", "two"),
    ];
    every_interleaving(&start, &requests, |outcome| {
        holds(&start, outcome);
        let [first, second, third] = [0, 1, 2].map(|i| outcome.ends[i].is_ok());
        assert!(second, "the later one is accepted: {:?}", outcome.schedule);
        assert!(!(first && third), "the earlier one once at most: {:?}", outcome.schedule);
    });
}

#[test]
fn one_recovery_code_is_accepted_once() {
    let (start, [challenge, one, two], _, codes) = challenged();
    let requests = [
        sign_in(&challenge, &codes[3], "recovery"),
        stepping_up(&one, &codes[3], "recovery", "one"),
        stepping_up(&two, &codes[3], "recovery", "two"),
    ];
    let check = |outcome: &Outcome| {
        one_code_is_accepted_once(&start, outcome);
        assert!(!outcome.world.is_live(&codes[3]), "{:?}", outcome.schedule);
        assert_eq!(outcome.world.account().recovery_codes.len(), 9, "{:?}", outcome.schedule);
    };
    assert!(every_interleaving(&start, &requests, check) > 100);
    assert!(is_caught(Seeded::RecoveryCodeReadThenClaimed, &start, &requests, check));
    let requests = [(); 3].map(|()| sign_in(&challenge, &codes[3], "recovery"));
    assert!(every_interleaving(&start, &requests, check) >= 90);
}

#[test]
fn recovery_codes_used_while_they_are_renewed_are_used_or_dead() {
    let (mut start, [challenge, ..], app, codes) = challenged();
    let now = start.now;
    start.step_up("three", &app.code(now, 0), "totp");
    let requests =
        [sign_in(&challenge, &codes[0], "recovery"), sign_in(&challenge, &codes[0], "recovery"), renewal("three")];
    let explored = every_interleaving(&start, &requests, |outcome| {
        let schedule = &outcome.schedule;
        holds(&start, outcome);
        assert!(outcome.sessions() <= 1, "{schedule:?}");
        assert!(outcome.ends[2].is_ok(), "{schedule:?}");
        assert_eq!(outcome.shown_dead, 0, "{schedule:?}");
        assert_eq!(outcome.world.account().recovery_codes.len(), 10, "{schedule:?}");
        assert!(!codes.iter().any(|code| outcome.world.is_live(code)), "{schedule:?}");
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn guesses_by_every_method_at_once_count_together() {
    let (mut start, [challenge, ..], app, codes) = challenged();
    for _ in 0..3 {
        let wrong = [("challenge", challenge.as_str()), ("code", "00000x"), ("method", "totp")];
        assert_eq!(start.login(&wrong).unwrap_err().code(), 4024);
    }
    let right = app.code(start.now, 0);
    let requests = [
        sign_in(&challenge, "00000x", "totp"),
        sign_in(&challenge, "0000-0000", "recovery"),
        sign_in(&challenge, &right, "totp"),
        sign_in(&challenge, &codes[0], "recovery"),
    ];
    let explored = every_interleaving(&start, &requests, |outcome| {
        holds(&start, outcome);
        assert!(outcome.sessions() <= 1, "{:?}", outcome.schedule);
        assert!(3 + outcome.wrong() + outcome.sessions() <= 5, "{:?} {:?}", outcome.schedule, outcome.ends);
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn nothing_is_accepted_after_expiry_for_another_user_purpose_or_session() {
    let (mut start, [challenge, one, two], app, _) = challenged();
    start.users.insert("grace".into(), User { id: "grace".into(), ..User::default() });
    let enrollment = start.enroll("one");
    assert_eq!(enrollment.map(|_| ()).unwrap_err().code(), 4020, "a step-up expires");
    start.advance(299);
    let code = app.code(start.now, 0);
    let grace = Caller { user: Some("grace".into()), ..ada("one") };
    let requests = [
        sign_in(&challenge, &code, "totp").skewed(1000),
        stepping_up(&one, &code, "totp", "two"),
        stepping_up(&challenge, &code, "totp", "one"),
        sign_in(&two, &code, "totp"),
        call(calls::confirm, &[("enrollment", &one), ("code", &code)], ada("one")),
    ];
    let explored = every_interleaving(&start, &requests, |outcome| {
        holds(&start, outcome);
        assert_eq!(outcome.refused(4011), 1, "{:?}", outcome.ends);
        assert_eq!(outcome.refused(4012), 4, "{:?}", outcome.ends);
        assert_eq!(outcome.world.account(), start.account(), "nothing is written");
    });
    assert_eq!(explored, 1, "whatever only reads has no order");
    let params = [("challenge", one.as_str()), ("code", &code), ("method", "totp")];
    let outcome =
        start.run(calls::step_up(fields(&params)), Caller { session_token: Some("of grace".into()), ..grace });
    assert_eq!(outcome.unwrap_err().code(), 4012);
}

/// Ada with two authenticator apps, and both sessions stepped up.
fn two_apps() -> (World, [App; 2], Vec<String>) {
    let (mut world, first, codes) = stepped_up();
    let (second, none) = world.enrolled("two");
    assert!(none.is_empty(), "recovery codes come with the first factor alone");
    (world, [first, second], codes)
}

#[test]
fn of_factors_removed_at_once_one_stays_where_everyone_needs_one() {
    let (mut start, [first, second], codes) = two_apps();
    start.requires.insert("ada".into(), Require::Everyone);
    for sessions in [["one", "one", "one"], ["one", "two", "two"]] {
        let requests = [removal(&first, sessions[0]), removal(&second, sessions[1]), removal(&first, sessions[2])];
        let check = |outcome: &Outcome| {
            let schedule = &outcome.schedule;
            holds(&start, outcome);
            assert_eq!(outcome.count(Result::is_ok), 1, "{schedule:?} {:?}", outcome.ends);
            assert_eq!(outcome.world.confirmed().len(), 1, "{schedule:?}");
            assert_eq!(outcome.factors.0, 1, "not for a moment is there none: {schedule:?}");
            recovery_codes_shown_are_recovery_codes_live(&codes, outcome);
        };
        let explored = every_interleaving(&start, &requests, check);
        assert!(explored > 1, "{explored}");
        if sessions == ["one"; 3] {
            assert!(is_caught(Seeded::RemovedUnseen, &start, &requests, check));
        }
    }
}

#[test]
fn recovery_codes_go_with_the_last_factor_also_when_they_are_renewed_meanwhile() {
    let (start, [first, second], _) = two_apps();
    let requests = [removal(&first, "one"), removal(&second, "one"), renewal("two")];
    let explored = every_interleaving(&start, &requests, |outcome| {
        let schedule = &outcome.schedule;
        holds(&start, outcome);
        assert!(outcome.ends[0].is_ok() && outcome.ends[1].is_ok(), "{schedule:?} {:?}", outcome.ends);
        assert!(outcome.world.confirmed().is_empty(), "{schedule:?}");
        assert_eq!(outcome.world.account().recovery_codes.len(), 0, "{schedule:?}");
        assert_eq!(outcome.shown_dead, 0, "{schedule:?}");
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn a_removal_and_a_change_of_number_or_password_void_what_other_sessions_have_under_way() {
    let (mut start, [first, second], _) = two_apps();
    let enrollment = start.enroll("two").unwrap();
    let challenge = start.challenge();
    let change = |phone_number: Option<&str>, caller: Caller| {
        let phone_number = phone_number.map(str::to_owned);
        let call = move |_: &World| {
            let user = Some("ada".into());
            Call::ChangeUser(UserChange {
                user,
                password: phone_number.is_none(),
                phone_number: phone_number.clone(),
                sender: None,
                ..UserChange::default()
            })
        };
        Request::new(call).by(caller)
    };
    let voiding: [(Request, bool); 4] = [
        (removal(&second, "one"), true),
        (change(Some("+15005550007"), ada("one")), false),
        (change(None, ada("one")), true),
        (change(None, master()), false),
    ];
    for (request, outlived) in voiding {
        every_interleaving(&start, &[request], |outcome| {
            let mut world = outcome.world.clone();
            assert!(outcome.ends[0].is_ok(), "{:?}", outcome.ends);
            assert_eq!(world.has_stepped_up("one"), outlived, "whoever brings it about may go on, but for the number");
            assert!(!world.has_stepped_up("two"));
            let code = first.code(world.now, 0);
            let params = [("challenge", challenge.as_str()), ("code", &code), ("method", "totp")];
            assert_eq!(world.login(&params).unwrap_err().code(), 4012);
            let code = enrollment.app.code(world.now, 0);
            let params = fields(&[("enrollment", &enrollment.token), ("code", &code)]);
            assert_eq!(world.run(calls::confirm(params), ada("two")).unwrap_err().code(), 4012);
        });
    }
}

/// A save of Ada's number, up to where Parse would write it.
fn number_saved(number: &'static str, caller: Caller) -> Request {
    let call = move |_: &World| {
        Call::ChangeUser(UserChange {
            user: Some("ada".into()),
            phone_number: Some(number.into()),
            password: false,
            sender: None,
            ..UserChange::default()
        })
    };
    Request::new(call).by(caller)
}

#[test]
fn a_step_up_changes_the_number_once_however_many_try_at_once() {
    let (mut start, _, _) = two_apps();
    start.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    let requests = ["+15005550007", "+15005550008", "+15005550009"].map(|n| number_saved(n, ada("one")));
    let explored = every_interleaving(&start, &requests, |outcome| {
        let schedule = &outcome.schedule;
        assert_eq!(outcome.count(Result::is_ok), 1, "{schedule:?} {:?}", outcome.ends);
        assert_eq!(outcome.refused(4020), 2, "{schedule:?}");
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn where_everyone_needs_a_factor_a_removed_number_and_a_removed_app_leave_one() {
    let mut start = World::without_a_factor();
    let (app, _) = start.enrolled("one");
    let code = app.code(start.now, 0);
    start.step_up("one", &code, "totp");
    let ada_row = start.users.get_mut("ada").unwrap();
    ada_row.phone_number = Some("+15005550006".into());
    start.requires.insert("ada".into(), Require::Everyone);
    let requests = [number_saved("", ada("one")), removal(&app, "one")];
    let explored = every_interleaving(&start, &requests, |outcome| {
        assert_eq!(outcome.count(Result::is_ok), 1, "{:?} {:?}", outcome.schedule, outcome.ends);
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn a_number_saved_by_a_session_alone_and_a_first_factor_confirmed_at_once_do_not_both_pass() {
    let mut start = World::without_a_factor();
    let enrollment = start.enroll("one").unwrap();
    let code = enrollment.app.code(start.now, 0);
    let confirm = [("enrollment", enrollment.token.as_str()), ("code", code.as_str())];
    let confirm = call(calls::confirm, &confirm, ada("one"));
    let requests = [confirm, number_saved("+15005550009", ada("thief"))];
    let explored = every_interleaving(&start, &requests, |outcome| {
        let [confirmed, saved] = [&outcome.ends[0], &outcome.ends[1]].map(Result::is_ok);
        let [first, second] = [outcome.turns[0], outcome.turns[1]];
        // A number that was saved before the confirmation looked is a factor: what the session alone does then is the first one.
        let overlap = first.0 < second.1 && second.0 < first.1;
        assert!(!(confirmed && saved && overlap), "{:?} {:?}", outcome.schedule, outcome.ends);
        assert!(confirmed || saved, "{:?} {:?}", outcome.schedule, outcome.ends);
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn a_challenge_begun_amid_a_change_of_password_does_not_outlive_it() {
    let mut world = World::with_ada();
    world.challenge();
    world.advance(40);
    let change = Call::ChangeUser(UserChange {
        user: Some("ada".into()),
        phone_number: None,
        password: true,
        sender: None,
        ..UserChange::default()
    });
    let mut flow = crate::world::flow(change, master(), 99);
    let mut step = flow.start(world.time());
    let mut begun = None;
    while let Step::Do(effect) = step {
        if matches!(effect, Effect::UpdateAccount(_)) && begun.is_none() {
            world.advance(301);
            begun = Some(world.challenge());
        }
        let reply = world.perform(&effect);
        step = flow.resume(reply, world.time());
    }
    let code = world.last_code();
    assert_eq!(world.answer(&begun.unwrap(), &code).unwrap_err().code(), 4012, "begun with the old password");
}

#[test]
fn changes_of_a_sender_leave_one_mark_however_many_they_are() {
    let mut world = World::without_a_factor();
    assert!(world.run(calls::step_up(fields(&[])), ada("one")).is_err(), "there is none, but a row from now on");
    for _ in 0..3000 {
        let call = Call::ChangeUser(UserChange {
            user: Some("ada".into()),
            phone_number: None,
            password: false,
            sender: Some("+14155550199".into()),
            ..UserChange::default()
        });
        world.run(call, ada("one")).unwrap();
        world.advance(10);
    }
    assert_eq!(world.account().marks.len(), 1, "the last one revokes what all of them did");
}

/// What a reset of the factors leaves, whoever is under way: nothing.
fn nothing_outlives_a_reset(start: &World, app: &App, outcome: &Outcome) {
    let schedule = &outcome.schedule;
    holds(start, outcome);
    let mut world = outcome.world.clone();
    assert!(world.confirmed().is_empty(), "no factor: {schedule:?} {:?}", outcome.ends);
    assert!(world.account().recovery_codes.is_empty(), "no recovery code: {schedule:?} {:?}", outcome.ends);
    for session in ["one", "two"] {
        assert!(!world.has_stepped_up(session), "no step-up: {schedule:?}");
    }
    // Enrollments that were answered, and those that were there before.
    let mut tokens = Vec::new();
    for end in &outcome.ends {
        if let Ok(Answer::TotpEnrollment { enrollment, secret, .. }) = end {
            tokens.push((enrollment.clone(), App::of(secret)));
        }
    }
    for (enrollment, app) in &tokens {
        let code = app.code(world.now, 0);
        let params = fields(&[("enrollment", enrollment), ("code", &code)]);
        let end = world.run(calls::confirm(params), ada("one"));
        assert_eq!(end.unwrap_err().code(), 4012, "no enrollment by step-up: {schedule:?}");
    }
    let code = app.code(world.now, 0);
    assert!(world.step_up_fails("one", &code), "no challenge: {schedule:?}");
}

#[test]
fn nothing_under_way_outlives_a_reset_of_the_factors() {
    let (mut start, [first, second], codes) = two_apps();
    start.advance(60);
    let now = start.now;
    start.step_up("one", &first.code(now, 0), "totp");
    let enrollment = start.enroll("one").unwrap();
    let challenge = start.step_up_challenge("two");
    let code = first.code(now, 1);
    let enrol = || call(calls::enroll, &[("method", "totp")], ada("one"));
    let others: [(&str, Under); 6] = [
        ("step-up", |e| stepping_up(&e.challenge, &e.code, "totp", "two")),
        ("step-up by recovery code", |e| stepping_up(&e.challenge, &e.recovery_code, "recovery", "two")),
        ("confirmation", |e| confirmation(&e.enrollment, 0, "one")),
        ("renewal", |_| renewal("one")),
        ("removal", |e| removal(&e.app, "one")),
        ("enrollment", |_| call(calls::enroll, &[("method", "totp")], ada("one"))),
    ];
    let everything = Everything { challenge, code, recovery_code: codes[0].clone(), enrollment, app: second };
    let mut total = 0;
    for (i, (name, one)) in others.iter().enumerate() {
        for (beside, other) in &others[i..] {
            let requests = [one(&everything), other(&everything), reset("factors")];
            let check = |outcome: &Outcome| nothing_outlives_a_reset(&start, &first, outcome);
            let explored = every_interleaving(&start, &requests, check);
            assert!(explored > 1, "{name}, {beside}: {explored}");
            total += explored;
        }
    }
    println!("{total} orders");
    for request in [stepping_up(&everything.challenge, &everything.code, "totp", "two"), enrol()] {
        let check = |outcome: &Outcome| nothing_outlives_a_reset(&start, &first, outcome);
        assert!(is_caught(Seeded::VoidForgotten, &start, &[request, reset("factors")], check));
    }
}

type Under = fn(&Everything) -> Request;

struct Everything {
    challenge: String,
    code: String,
    recovery_code: String,
    enrollment: Enrollment,
    app: App,
}

#[test]
fn a_reset_of_the_failures_leaves_factors_and_the_recovery_codes_that_were_shown() {
    let (mut start, _, codes) = two_apps();
    start.advance(60);
    let enrollment = start.enroll("one").map(|_| ());
    assert!(enrollment.is_ok());
    let requests = [renewal("one"), renewal("one"), reset("")];
    let explored = every_interleaving(&start, &requests, |outcome| {
        holds(&start, outcome);
        recovery_codes_shown_are_recovery_codes_live(&codes, outcome);
        assert_eq!(outcome.world.confirmed(), start.confirmed(), "{:?}", outcome.schedule);
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn sign_ins_beside_a_reset_open_one_session_at_most() {
    let (start, [challenge, ..], app, codes) = challenged();
    let code = app.code(start.now, 0);
    for scope in ["", "factors"] {
        let requests = [
            sign_in(&challenge, &code, "totp"),
            sign_in(&challenge, &codes[0], "recovery"),
            sign_in(&challenge, "00000x", "totp"),
            reset(scope),
        ];
        let explored = every_interleaving(&start, &requests, |outcome| {
            holds(&start, outcome);
            assert!(outcome.sessions() <= 1, "{:?}", outcome.schedule);
            let mut world = outcome.world.clone();
            let params = [("challenge", challenge.as_str()), ("code", &code), ("method", "totp")];
            assert_eq!(world.login(&params).unwrap_err().code(), 4012, "{:?}", outcome.schedule);
        });
        assert!(explored > 1, "{explored}");
    }
}

#[test]
fn an_enrollment_begun_by_password_is_late_once_the_number_is_there() {
    let mut start = World::without_a_factor();
    let enrollment = start.enroll("one").unwrap();
    start.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    let requests = [confirmation(&enrollment, 0, "one")];
    every_interleaving(&start, &requests, |outcome| {
        assert_eq!(outcome.refused(4012), 1);
        assert!(outcome.world.confirmed().is_empty());
    });
}

#[test]
fn enrollments_begun_by_step_up_are_confirmed_side_by_side_and_bring_recovery_codes_once() {
    let mut start = World::with_ada();
    let [one, two] = ["one", "two"].map(|session| {
        let challenge = token(start.run(calls::step_up(fields(&[])), ada(session)).unwrap());
        let code = start.last_code();
        let params = fields(&[("challenge", &challenge), ("code", &code)]);
        start.run(calls::step_up(params), ada(session)).unwrap();
        start.enroll(session).unwrap()
    });
    // No notice goes out: what those write has no part in this, and multiplies the orders by a hundred.
    let silent = deployment_by(&[], Limits::default());
    let requests = [confirmation(&one, 0, "one"), confirmation(&two, 0, "two"), renewal("one")];
    let requests = requests.map(|request| request.on(&silent));
    let explored = every_interleaving(&start, &requests, |outcome| {
        let schedule = &outcome.schedule;
        holds(&start, outcome);
        assert_eq!(outcome.world.confirmed().len(), 2, "{schedule:?} {:?}", outcome.ends);
        recovery_codes_shown_are_recovery_codes_live(&[], outcome);
        assert_eq!(outcome.world.account().recovery_codes.len(), 10, "{schedule:?}");
    });
    assert!(explored > 1, "{explored}");
}

pub fn renewal(session: &str) -> Request {
    Request::new(|_| calls::new_recovery_codes()).by(ada(session))
}

fn confirmation(enrollment: &Enrollment, steps: i64, session: &str) -> Request {
    let Enrollment { token, app } = enrollment.clone();
    let call = move |world: &World| {
        let code = app.code(world.now, steps);
        calls::confirm(fields(&[("enrollment", &token), ("code", &code)]))
    };
    Request::new(call).by(ada(session))
}

fn reset(scope: &'static str) -> Request {
    Request::new(move |_| calls::reset(fields(&[("userId", "ada"), ("scope", scope)]))).by(master())
}

fn step_up(challenge: &str, app: &App, session: &str) -> Request {
    let (challenge, app) = (challenge.to_owned(), app.clone());
    let call = move |world: &World| {
        let code = app.code(world.now, 0);
        calls::step_up(fields(&[("challenge", &challenge), ("code", &code)]))
    };
    Request::new(call).by(ada(session))
}

/// Ada with an authenticator app and ten recovery codes; both sessions `one` and `two` have stepped up.
pub fn stepped_up() -> (World, App, Vec<String>) {
    let mut world = World::without_a_factor();
    let (app, codes) = world.enrolled("one");
    let now = world.now;
    world.step_up("one", &app.code(now, 0), "totp");
    world.advance(30);
    let now = world.now;
    world.step_up("two", &app.code(now, 0), "totp");
    world.advance(30);
    (world, app, codes)
}

/// Recovery codes that are live are those of one answer, were live when they were shown, and die only by what began after that.
fn recovery_codes_shown_are_recovery_codes_live(before: &[String], outcome: &Outcome) {
    let Outcome { world, schedule, shown_dead, .. } = outcome;
    assert_eq!(*shown_dead, 0, "an answer shows codes that are dead already: {schedule:?}");
    for (i, shown) in outcome.recovery_codes().iter().enumerate() {
        let after = |later: &(usize, usize)| outcome.turns[i].1 < later.0;
        let later =
            outcome.recovery_codes().iter().zip(&outcome.turns).any(|(codes, turns)| !codes.is_empty() && after(turns));
        let live = shown.iter().all(|code| world.is_live(code));
        assert!(live || later, "an answer shows codes that others at once have made dead: {schedule:?}");
    }
    let live = world.account().recovery_codes.len();
    let mut sets = outcome.recovery_codes();
    sets.push(before.to_vec());
    let of_one_answer = sets.iter().any(|codes| codes.len() == live && codes.iter().all(|code| world.is_live(code)));
    assert!(of_one_answer, "{live} codes are live, and they are not those of one answer: {schedule:?}");
}

#[test]
fn of_renewals_at_once_the_codes_of_one_answer_live() {
    let (start, _, old) = stepped_up();
    for sessions in [["one", "one", "one"], ["one", "two", "one"]] {
        let requests = sessions.map(renewal);
        let explored = every_interleaving(&start, &requests, |outcome| {
            let schedule = &outcome.schedule;
            recovery_codes_shown_are_recovery_codes_live(&old, outcome);
            let shown = outcome.recovery_codes().iter().filter(|codes| !codes.is_empty()).count();
            assert!(shown >= 1, "somebody gets codes: {schedule:?}");
            // A step-up is good for one renewal.
            let spent = outcome.refused(4020);
            assert_eq!(shown + outcome.refused(4022) + spent, 3, "{schedule:?} {:?}", outcome.ends);
            assert!(shown <= sessions.iter().collect::<BTreeSet<_>>().len(), "{schedule:?}");
            assert!(!old.iter().any(|code| outcome.world.is_live(code)), "the old ones are dead: {schedule:?}");
        });
        assert!(explored > 1, "{explored}");
    }
    let check = |outcome: &Outcome| recovery_codes_shown_are_recovery_codes_live(&old, outcome);
    assert!(is_caught(Seeded::RenewalForgotten, &start, &["one", "two"].map(renewal), check));
}

#[test]
fn of_enrollments_begun_by_password_one_is_confirmed() {
    let mut start = World::without_a_factor();
    let [one, two] = ["one", "two"].map(|session| start.enroll(session).unwrap());
    let requests = [confirmation(&one, 0, "one"), confirmation(&two, 0, "two"), confirmation(&two, -1, "two")];
    let check = |outcome: &Outcome| {
        let schedule = &outcome.schedule;
        assert_eq!(outcome.world.confirmed().len(), 1, "{schedule:?}");
        assert_eq!(outcome.count(|end| matches!(end, Ok(Answer::Confirmed { .. }))), 1, "{schedule:?}");
        assert_eq!(outcome.refused(4012), 2, "{schedule:?} {:?}", outcome.ends);
        recovery_codes_shown_are_recovery_codes_live(&[], outcome);
        assert_eq!(outcome.world.account().recovery_codes.len(), 10, "{schedule:?}");
        let mut later = outcome.world.clone();
        assert_eq!(outcome.factors.1, 1, "nor is another for a moment: {schedule:?}");
        assert_eq!(later.account().confirmed.len(), 1, "nothing half-written stays: {schedule:?}");
        later.advance(601);
        let abandoned = later.account().at(later.time(), &core().policy.limits).abandoned_factors().len();
        assert_eq!(later.account().factors.len(), 1 + abandoned, "nor what does not expire: {schedule:?}");
    };
    assert!(every_interleaving(&start, &requests, check) > 1000);
    assert!(is_caught(Seeded::ConfirmedUnseen, &start, &requests, check));
}

#[test]
fn a_step_up_does_not_outlive_a_reset() {
    for scope in ["", "factors"] {
        let (mut world, _, _) = stepped_up();
        assert!(world.has_stepped_up("one") && world.has_stepped_up("two"));
        let call = calls::reset(fields(&[("userId", "ada"), ("scope", scope)]));
        world.run(call, master()).unwrap();
        assert!(!world.has_stepped_up("one") && !world.has_stepped_up("two"), "{scope}");
    }
}

#[test]
fn a_step_up_under_way_does_not_outlive_a_reset() {
    let (mut start, app, _) = stepped_up();
    let challenge = start.step_up_challenge("three");
    for scope in ["", "factors"] {
        let requests = [step_up(&challenge, &app, "three"), step_up(&challenge, &app, "three"), reset(scope)];
        let explored = every_interleaving(&start, &requests, |outcome| {
            assert!(!outcome.world.has_stepped_up("three"), "{:?}", outcome.schedule);
        });
        assert!(explored > 1, "{explored}");
    }
}
