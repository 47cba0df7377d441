//! The step-up that already happened: a second factor that was just passed counts for the session.

use crate::calls::{self, fields};
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{App, PASSWORD, Seeded, World, ada, core, master, session_token, token};
use parse_two_factor::crypto::KeyRing;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::policy::{Policy, Require, Settings, StepUpAtSignIn};
use parse_two_factor::time::Span;
use parse_two_factor::wire::{Answer, EnrollProof, Method};
use parse_two_factor::{Call, UserChange};
use std::rc::Rc;

/// Ada with an authenticator app and recovery codes, and no step-up that is good still.
fn with_app() -> (World, App, Vec<String>) {
    let mut world = World::without_a_factor();
    let (app, codes) = world.enrolled("one");
    world.advance(901);
    (world, app, codes)
}

fn sign_in(world: &mut World, code: &str, method: &str) -> String {
    let params = [PASSWORD[0], PASSWORD[1], ("code", code), ("method", method)];
    session_token(world.login(&params).expect("the code is right"))
}

/// The parts of a status that tell of step-ups: what is asked next, and until when one is good.
fn status(world: &mut World, session: &str) -> (Option<EnrollProof>, Option<u64>) {
    match world.run(calls::two_factor_status(fields(&[])), ada(session)).expect("a session") {
        Answer::Status { asks, stepped_up_until, .. } => (asks, stepped_up_until.map(|until| until.as_millis())),
        other => panic!("no status but {other:?}"),
    }
}

#[test]
fn a_sign_in_that_passed_the_second_factor_is_a_step_up_of_its_session_for_five_minutes() {
    let (mut world, app, codes) = with_app();
    let code = app.code(world.now, 0);
    let by_app = sign_in(&mut world, &code, "totp");
    let by_recovery_code = sign_in(&mut world, &codes[0], "recovery");
    for session in [&by_app, &by_recovery_code] {
        assert!(world.has_stepped_up(session));
        assert_eq!(status(&mut world, session), (None, Some(world.now + 300_000)));
    }
    assert!(!world.has_stepped_up("another"));
    assert_eq!(status(&mut world, "another"), (Some(EnrollProof::StepUp), None));
    world.advance(299);
    assert!(world.has_stepped_up(&by_app));
    world.advance(1);
    assert!(!world.has_stepped_up(&by_app));
    assert_eq!(status(&mut world, &by_app), (Some(EnrollProof::StepUp), None));
}

#[test]
fn whoever_was_not_asked_for_a_second_factor_has_not_stepped_up() {
    let (mut world, ..) = with_app();
    world.requires.insert("ada".into(), Require::Nobody);
    let session = session_token(world.login(&PASSWORD).unwrap());
    world.requires.clear();
    assert!(!world.has_stepped_up(&session));
    assert!(world.opened.is_empty(), "and nothing can be looked up by it");
}

#[test]
fn a_confirmation_is_a_step_up_of_the_session_that_confirmed() {
    let mut world = World::without_a_factor();
    world.enrolled("one");
    assert!(world.has_stepped_up("one") && !world.has_stepped_up("two"));
    let further = world.enroll("one").expect("a further factor may be enrolled at once");
    assert!(!further.token.is_empty());
    world.advance(300);
    assert!(!world.has_stepped_up("one"));
}

#[test]
fn a_trail_that_takes_no_entry_means_no_step_up_and_a_sign_in_all_the_same() {
    let (mut world, app, _) = with_app();
    world.trail_is_down = true;
    let code = app.code(world.now, 0);
    let session = sign_in(&mut world, &code, "totp");
    world.trail_is_down = false;
    assert!(!world.has_stepped_up(&session));
}

#[test]
fn with_the_option_off_neither_a_sign_in_nor_a_confirmation_is_a_step_up() {
    let settings = Settings { step_up_at_sign_in: StepUpAtSignIn(false), ..Settings::default() };
    let keys = KeyRing::parse("k:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap();
    let node = Rc::new(Deployment::new(Policy::new(settings).unwrap(), keys, true));
    let (mut world, app, _) = with_app();
    let code = app.code(world.now, 0);
    let params = fields(&[PASSWORD[0], PASSWORD[1], ("code", &code)]);
    let session = session_token(world.run_on(&node, calls::login(params), Default::default()).unwrap());
    assert!(world.opened.is_empty());
    // Nor does one that a node with the option left count on a node without it.
    world.advance(30);
    let code = app.code(world.now, 0);
    let other = sign_in(&mut world, &code, "totp");
    for session in [&session, &other] {
        assert_eq!(world.clone().run_on(&node, Call::RequireStepUp, ada(session)).unwrap_err().code(), 4020);
    }

    let mut world = World::without_a_factor();
    let begun = world.enroll("one").unwrap();
    let code = begun.app.code(world.now, 0);
    let params = fields(&[("enrollment", &begun.token), ("code", &code)]);
    world.run_on(&node, calls::confirm(params), ada("one")).unwrap();
    assert!(!world.has_stepped_up("one"));
}

fn change(phone_number: Option<&str>) -> Call {
    Call::ChangeUser(UserChange {
        user: Some("ada".into()),
        password: phone_number.is_none(),
        phone_number: phone_number.map(str::to_owned),
        ..UserChange::default()
    })
}

fn reset(scope: &str) -> Call {
    calls::reset(fields(&[("userId", "ada"), ("scope", scope)]))
}

#[test]
fn whatever_revokes_a_step_up_revokes_that_of_a_sign_in_and_what_was_there_before_does_not() {
    let (mut start, app, codes) = with_app();
    start.run(change(None), master()).unwrap();
    let code = app.code(start.now, 0);
    let session = sign_in(&mut start, &code, "totp");
    assert!(start.has_stepped_up(&session), "it outlives what was there when its code was looked at");
    let another = sign_in(&mut start, &codes[0], "recovery");
    type By = fn(&str) -> parse_two_factor::caller::Caller;
    let (own, operator): (By, By) = (|session| ada(session), |_| master());
    for (what, call, by, outlived) in [
        ("a reset", reset(""), operator, false),
        ("a reset of factors", reset("factors"), operator, false),
        ("an operator's change of the password", change(None), operator, false),
        ("its own change of the password", change(None), own, true),
        ("its own change of the number", change(Some("+15005550007")), own, false),
    ] {
        let mut world = start.clone();
        world.run(call, by(&session)).expect("it may");
        assert_eq!(world.has_stepped_up(&session), outlived, "{what}");
        assert!(!world.has_stepped_up(&another), "{what}: nor of another session");
    }
}

#[test]
fn a_stolen_session_of_these_minutes_can_change_factors_and_an_older_one_cannot() {
    let (mut world, app, _) = with_app();
    let code = app.code(world.now, 0);
    let session = sign_in(&mut world, &code, "totp");
    let mut late = world.clone();
    late.advance(300);
    assert_eq!(late.run(calls::new_recovery_codes(), ada(&session)).unwrap_err().code(), 4020);
    let mut renewing = world.clone();
    assert!(renewing.run(calls::new_recovery_codes(), ada(&session)).is_ok());
    assert!(world.run(calls::remove(fields(&[("factor", &app.factor)])), ada(&session)).is_ok());
}

#[test]
fn a_renewal_of_recovery_codes_spends_the_step_up_of_the_sign_in_as_well_as_any_other() {
    let (mut world, app, _) = with_app();
    let code = app.code(world.now, 0);
    let session = sign_in(&mut world, &code, "totp");
    let mut twice = world.clone();
    assert!(world.run(calls::new_recovery_codes(), ada(&session)).is_ok());
    assert!(!world.has_stepped_up(&session));
    twice.advance(30);
    let code = app.code(twice.now, 0);
    twice.step_up(&session, &code, "totp");
    assert!(twice.run(calls::new_recovery_codes(), ada(&session)).is_ok());
    assert!(!twice.has_stepped_up(&session), "neither the step-up nor the sign-in is left");
}

#[test]
fn step_up_without_an_answer_always_begins_a_challenge() {
    let (mut world, app, _) = with_app();
    let code = app.code(world.now, 0);
    let session = sign_in(&mut world, &code, "totp");
    let begun = world.run(calls::step_up(fields(&[])), ada(&session)).expect("it may begin");
    let challenge = token(begun);
    world.advance(200);
    let code = app.code(world.now, 0);
    let params = fields(&[("challenge", &challenge), ("code", &code)]);
    let answer = world.run(calls::step_up(params), ada(&session)).unwrap();
    let Answer::SteppedUp { until, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(until.as_millis(), world.now + 300_000, "it begins anew");
    world.advance(150);
    assert!(world.has_stepped_up(&session));
}

#[test]
fn a_sign_in_by_recovery_code_says_how_many_are_left_and_is_told_to_the_user() {
    let (mut world, _, codes) = with_app();
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    let params = [PASSWORD[0], PASSWORD[1], ("code", &codes[0]), ("method", "recovery")];
    let answer = world.login(&params).unwrap();
    assert!(matches!(answer, Answer::Session { recovery_codes_left: Some(9), .. }), "{answer:?}");
    let [(to, body)] = &world.messages[..] else { panic!("{:?}", world.messages) };
    assert_eq!(to, "+15005550006");
    assert!(body.starts_with("A recovery code of your account was used"), "{body}");
}

#[test]
fn a_status_says_what_can_be_enrolled_what_is_asked_for_and_whether_the_last_factor_stays() {
    let mut world = World::without_a_factor();
    let read = |world: &mut World, caller, params: &[(&str, &str)]| match world
        .run(calls::two_factor_status(fields(params)), caller)
        .unwrap()
    {
        Answer::Status { can, asks, required, .. } => (can, asks, required),
        other => panic!("{other:?}"),
    };
    let all = vec![Method::Webauthn, Method::Totp, Method::Sms];
    assert_eq!(read(&mut world, ada("one"), &[]), (all.clone(), Some(EnrollProof::Password), false));
    world.enrolled("one");
    world.requires.insert("ada".into(), Require::Everyone);
    assert_eq!(read(&mut world, ada("one"), &[]), (all.clone(), None, true));
    assert_eq!(read(&mut world, ada("two"), &[]), (all.clone(), Some(EnrollProof::StepUp), true));
    assert_eq!(read(&mut world, master(), &[("userId", "ada")]), (all, Some(EnrollProof::StepUp), true));
    let factors = &mut world.accounts.get_mut("ada").unwrap().confirmed;
    factors.extend((0..20).map(|n| n.to_string().into()));
    assert_eq!(read(&mut world, ada("one"), &[]).0, [], "there is room for none");
}

#[test]
fn a_status_lists_factors_from_the_eldest_on_however_they_lie_in_the_row() {
    let mut world = World::without_a_factor();
    world.enrolled("one");
    for seconds in [60, 0, 120] {
        let row = world.accounts.get_mut("ada").unwrap();
        let (mut factor, n) = (row.factors[0].clone(), row.factors.len());
        factor.id = format!("factor {}", 9 - n).as_str().into();
        factor.at = factor.at + Span::from_seconds(seconds);
        row.confirmed.insert(0, factor.id.clone());
        row.factors.insert(0, factor);
    }
    let first = world.account().factors[3].id.to_string();
    // The two in the middle were enrolled in the same millisecond.
    let eldest_first = [&*first, "factor 7", "factor 8", "factor 6"];
    let call = calls::two_factor_status(fields(&[]));
    let Answer::Status { factors, .. } = world.run(call, ada("one")).unwrap() else { panic!() };
    let ids: Vec<_> = factors.into_iter().map(|factor| factor.id.to_string()).collect();
    assert_eq!(ids, eldest_first);
}

#[test]
fn a_challenge_says_how_many_wrong_answers_are_possible_still() {
    let (mut world, ..) = with_app();
    let attempts = |answer: Answer| match answer {
        Answer::Challenge { attempts, .. } => attempts,
        other => panic!("{other:?}"),
    };
    assert_eq!(attempts(world.login(&PASSWORD).unwrap()), 5);
    let challenge = world.challenge();
    assert_eq!(world.answer(&challenge, "00000x").unwrap_err().code(), 4024);
    assert_eq!(attempts(world.login(&PASSWORD).unwrap()), 4);
    assert_eq!(attempts(world.run(calls::step_up(fields(&[])), ada("one")).unwrap()), 5);
}

#[test]
fn a_sign_in_beside_what_revokes_step_ups_leaves_a_step_up_only_if_it_came_after() {
    let (mut start, app, codes) = with_app();
    let challenge = start.challenge();
    let code = app.code(start.now, 0);
    for (i, session) in [None, Some("other")].into_iter().enumerate() {
        // A session other than the one that is opened: it steps up first, so that it may change the password.
        let mut start = start.clone();
        if let Some(other) = session {
            start.step_up(other, &codes[0], "recovery");
        }
        let voiding = move |_: &World| if session.is_some() { change(None) } else { reset("") };
        let by = session.map_or_else(master, ada);
        let (challenge, code) = (challenge.clone(), code.clone());
        let requests = [
            Request::new(move |_| calls::login(fields(&[("challenge", &challenge), ("code", &code)]))),
            Request::new(voiding).by(by),
            Request::new(|_| calls::login(fields(&PASSWORD))),
        ];
        let check = |outcome: &Outcome| {
            let Outcome { world, schedule, ends, .. } = outcome;
            if let Ok(Answer::Session { session_token, .. }) = &ends[0] {
                assert!(!world.has_stepped_up(session_token), "begun before, void after: {i} {schedule:?}");
            }
        };
        assert!(every_interleaving(&start, &requests, check) > 10);
        assert!(is_caught(Seeded::SignInOutlivesAll, &start, &requests, check), "{i}");
    }
    assert!(core().policy.step_up_at_sign_in.0);
}
