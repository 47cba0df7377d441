//! Enrolling a first factor while signing in, where everyone needs one.

use crate::calls::{self, fields};
use crate::changes::{CHANGES, began_before, saved, written};
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{App, Enrollment, PASSWORD, Seeded, World, ada, deployment, master, session_token};
use parse_two_factor::caller::Caller;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::Effect;
use parse_two_factor::policy::{Policy, Require, Settings};
use parse_two_factor::wire::{Answer, EventName, Method, Progress, Refusal};
use parse_two_factor::{Call, UserChange};
use std::rc::Rc;

/// A world in which everyone needs a second factor, and Ada has none.
fn everyone() -> World {
    let mut world = World::without_a_factor();
    world.requires.insert("ada".into(), Require::Everyone);
    world
}

/// The token that Ada's password is answered with.
fn enroll_token(world: &mut World) -> String {
    match world.login(&PASSWORD).expect("the password is right") {
        Answer::EnrollFirst { enroll, .. } => enroll.to_string(),
        other => panic!("no token but {other:?}"),
    }
}

fn enrolling(enroll: &str) -> Call {
    calls::enroll(fields(&[("enroll", enroll), ("method", "totp")]))
}

/// Begins to enroll an authenticator app with a token.
fn begin(world: &mut World, enroll: &str) -> Result<Enrollment, Refusal> {
    match world.run(enrolling(enroll), Caller::default())? {
        Answer::TotpEnrollment { enrollment, secret, .. } => {
            Ok(Enrollment { token: enrollment.to_string(), app: App::of(&secret) })
        }
        other => panic!("no enrollment but {other:?}"),
    }
}

fn confirming(enrollment: &Enrollment, now: u64) -> Call {
    let code = enrollment.app.code(now, 0);
    calls::confirm(fields(&[("enrollment", &enrollment.token), ("code", &code)]))
}

fn confirm(world: &mut World, enrollment: &Enrollment) -> Result<Answer, Refusal> {
    world.run(confirming(enrollment, world.now), Caller::default())
}

fn code_of<T>(end: Result<T, Refusal>) -> i32 {
    end.err().expect("a refusal").code()
}

fn password_changed() -> Call {
    Call::ChangeUser(UserChange { user: Some("ada".into()), password: true, ..UserChange::default() })
}

fn reset(scope: &str) -> Call {
    calls::reset(fields(&[("userId", "ada"), ("scope", scope)]))
}

#[test]
fn a_user_who_has_to_enroll_does_so_and_is_signed_in_by_the_confirmation() {
    let mut world = everyone();
    let answer = world.login(&PASSWORD).expect("the password is right");
    let Answer::EnrollFirst { status, enroll, methods, expires_in, device: None } = answer else {
        panic!("{answer:?}")
    };
    assert_eq!((status, expires_in), (Progress::Enroll, 600));
    assert_eq!(methods, [Method::Webauthn, Method::Totp, Method::Sms]);
    assert!(world.sessions.is_empty() && world.accounts.contains_key("ada"), "a row for what voids it to be left in");

    let enrollment = begin(&mut world, &enroll).expect("the token is good");
    let answer = confirm(&mut world, &enrollment).expect("the code is right");
    let Answer::Confirmed { factor, recovery_codes, session_token, other_sessions_ended } = answer else { panic!() };
    assert_eq!((factor.method, recovery_codes.map(|codes| codes.len())), (Method::Totp, Some(10)));
    assert_eq!((session_token.as_deref(), other_sessions_ended), (Some("r:1"), None));
    assert_eq!((world.sessions.as_slice(), world.unasked), (["ada".to_owned()].as_slice(), 0));
    let trail: Vec<_> = world.events.iter().map(|event| (event.what, event.method)).collect();
    assert_eq!(trail, [(EventName::FactorEnrolled, Some(Method::Totp)), (EventName::SignedIn, Some(Method::Totp))]);
    assert!(matches!(world.login(&PASSWORD), Ok(Answer::Challenge { .. })), "from now on it is asked for");
}

#[test]
fn a_confirmation_while_signing_in_is_claimed_once_and_is_a_step_up_of_its_session() {
    let mut world = everyone();
    let enroll = enroll_token(&mut world);
    let enrollment = begin(&mut world, &enroll).unwrap();
    let session = session_token(confirm(&mut world, &enrollment).unwrap());
    assert_eq!(code_of(confirm(&mut world, &enrollment)), 4012);
    assert!(world.has_stepped_up(&session) && !world.has_stepped_up("another"));
    assert_eq!(world.sessions.len(), 1);
}

#[test]
fn a_number_and_a_passkey_are_enrolled_while_signing_in_as_well() {
    let mut world = everyone();
    let enroll = enroll_token(&mut world);
    let params = fields(&[("enroll", &enroll), ("method", "sms"), ("phoneNumber", "+15005550006")]);
    let answer = world.run(calls::enroll(params), Caller::default()).unwrap();
    let Answer::NumberEnrollment { enrollment, expires_in: 300, .. } = answer else { panic!("{answer:?}") };
    let passkey = fields(&[("enroll", &enroll), ("method", "webauthn")]);
    let answer = world.run(calls::enroll(passkey), Caller::default());
    assert!(matches!(answer, Ok(Answer::PasskeyEnrollment { .. })), "{answer:?}");
    let code = world.last_code();
    let params = fields(&[("enrollment", &enrollment), ("code", &code)]);
    let session = session_token(world.run(calls::confirm(params), Caller::default()).unwrap());
    assert!(world.has_stepped_up(&session));
}

#[test]
fn a_token_is_good_for_ten_minutes_and_so_is_what_it_began() {
    let mut world = everyone();
    let enroll = enroll_token(&mut world);
    world.advance(598);
    let answer = world.run(enrolling(&enroll), Caller::default()).unwrap();
    let Answer::TotpEnrollment { enrollment, secret, expires_in, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(expires_in, 2, "no longer than the token");
    let enrollment = Enrollment { token: enrollment.to_string(), app: App::of(&secret) };
    let mut in_time = world.clone();
    in_time.advance(1);
    assert!(confirm(&mut in_time, &enrollment).is_ok());
    world.advance(2);
    assert_eq!(code_of(confirm(&mut world, &enrollment)), 4011);
    assert_eq!(code_of(begin(&mut world, &enroll)), 4011);
    assert!(world.confirmed().is_empty() && world.sessions.is_empty());
}

#[test]
fn a_token_is_worthless_once_there_is_a_factor_and_after_whatever_voids_it() {
    type Void = fn(&mut World);
    let voids: [(&str, Void, i32); 7] = [
        ("a number", |world| world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into()), 4012),
        ("a factor", |world| drop(world.enrolled("owner")), 4012),
        ("a change of the password", |world| drop(world.run(password_changed(), master()).unwrap()), 4012),
        ("its owner's change of the password", |world| drop(world.run(password_changed(), ada("one")).unwrap()), 4012),
        ("a reset", |world| drop(world.run(reset(""), master()).unwrap()), 4012),
        ("a reset of the factors", |world| drop(world.run(reset("factors"), master()).unwrap()), 4012),
        ("a ban", |world| world.barred = Some((101, "Invalid username/password.")), 101),
    ];
    for (what, void, refused) in voids {
        let mut world = everyone();
        let enroll = enroll_token(&mut world);
        let begun = begin(&mut world, &enroll).unwrap();
        void(&mut world);
        let factors = world.confirmed();
        assert_eq!(code_of(begin(&mut world, &enroll)), refused, "{what}");
        assert_eq!(code_of(confirm(&mut world, &begun)), refused, "{what}");
        world.advance(599);
        assert!(begin(&mut world, &enroll).is_err(), "{what} is kept as long as the token");
        assert_eq!(world.confirmed(), factors, "{what}");
        assert!(world.sessions.is_empty(), "{what}");
    }
}

#[test]
fn a_token_is_for_one_user_and_this_purpose_and_nothing_else_passes_for_it() {
    let mut world = everyone();
    let enroll = enroll_token(&mut world);
    let enrollment = begin(&mut world, &enroll).unwrap();
    let code = enrollment.app.code(world.now, 0);
    let calls = [
        calls::login(fields(&[("challenge", &enroll), ("code", &code)])),
        calls::login(fields(&[("challenge", &enrollment.token), ("code", &code)])),
        calls::confirm(fields(&[("enrollment", &enroll), ("code", &code)])),
        calls::resend_code(fields(&[("challenge", &enroll)])),
        enrolling(&enrollment.token),
        enrolling("made up"),
    ];
    for (i, call) in calls.into_iter().enumerate() {
        let code = code_of(world.run(call, Caller::default()));
        assert!(code == 4012 || (i == 2 && code == 209), "{i}: {code}");
    }
    let step_up = calls::step_up(fields(&[("challenge", &enrollment.token), ("code", &code)]));
    assert_eq!(code_of(world.run(step_up, ada("one"))), 4012);
    assert_eq!(code_of(world.run(calls::enroll(fields(&[("method", "totp")])), Caller::default())), 209);
    assert!(world.sessions.is_empty() && world.account().attempts.is_empty());

    // What a session began, no sign-in confirms.
    let of_session = world.enroll("one").unwrap();
    assert_eq!(code_of(confirm(&mut world, &of_session)), 209);
    assert!(confirm(&mut world, &enrollment).is_ok(), "and the right one is good still");
}

#[test]
fn begun_enrollments_are_limited_per_user_and_a_living_one_goes_on() {
    let mut world = everyone();
    let tokens: Vec<String> = (0..6).map(|_| enroll_token(&mut world)).collect();
    assert!(tokens.iter().enumerate().all(|(i, token)| !tokens[..i].contains(token)), "each login has its own");
    let begun: Vec<_> = tokens[..5].iter().map(|token| begin(&mut world, token).unwrap()).collect();
    assert_eq!(code_of(begin(&mut world, &tokens[5])), 4015);
    assert!(matches!(world.login(&PASSWORD), Ok(Answer::EnrollFirst { .. })), "nor is a token ever refused");
    assert!(confirm(&mut world, &begun[0]).is_ok());
    let row = world.account();
    assert_eq!((row.factors.len(), row.challenges.len()), (1, 0), "the others are removed");
}

#[test]
fn a_user_whose_only_factors_are_of_a_later_version_never_gets_a_token() {
    let mut world = everyone();
    enroll_token(&mut world);
    let of_later_version = serde_json::json!([{ "hologram": {} }]);
    world.accounts.get_mut("ada").unwrap().unknown_authenticators =
        serde_json::from_value::<parse_two_factor::account::Account>(
            serde_json::json!({ "id": "x", "authenticators": of_later_version }),
        )
        .unwrap()
        .unknown_authenticators;
    assert_eq!(code_of(world.login(&PASSWORD)), 4023);
}

#[test]
fn without_a_key_ring_the_operator_is_named_and_no_token_given() {
    let mut world = everyone();
    let keys = parse_two_factor::crypto::KeyRing::from_master_key("secret").unwrap();
    let node = Rc::new(Deployment::new(Policy::new(Settings::default()).unwrap(), keys, true));
    let refusal = world.run_on(&node, calls::login(fields(&PASSWORD)), Caller::default()).unwrap_err();
    assert_eq!(refusal.code(), 4023);
    assert!(refusal.to_string().contains("TWO_FACTOR_KEYS"), "{refusal}");
}

#[test]
fn a_token_outlives_a_new_writing_key_and_dies_with_its_own() {
    let old = "k:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let new = "n:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
    let [both, other] = [format!("{new},{old}"), new.to_owned()].map(|ring| deployment(&ring));
    let mut world = everyone();
    let enroll = enroll_token(&mut world);
    assert!(world.run_on(&both, enrolling(&enroll), Caller::default()).is_ok());
    assert_eq!(code_of(world.run_on(&other, enrolling(&enroll), Caller::default())), 4012);
}

#[test]
fn whom_parse_stops_amid_the_confirmation_keeps_the_enrollment_and_gets_no_session() {
    let mut world = everyone();
    let enroll = enroll_token(&mut world);
    let enrollment = begin(&mut world, &enroll).unwrap();
    world.barred = Some((205, "User email is not verified."));
    assert_eq!(code_of(confirm(&mut world, &enrollment)), 205);
    assert!(world.confirmed().is_empty() && world.sessions.is_empty());
    world.barred = None;
    assert!(confirm(&mut world, &enrollment).is_ok(), "nothing was used up");
}

/// Two enrollments, each begun with a token of its own, and one more token.
fn under_way() -> (World, [Enrollment; 2], String) {
    let mut world = everyone();
    let begun = [(); 2].map(|()| {
        let enroll = enroll_token(&mut world);
        begin(&mut world, &enroll).unwrap()
    });
    let token = enroll_token(&mut world);
    (world, begun, token)
}

fn confirmation(enrollment: &Enrollment) -> Request {
    let enrollment = enrollment.clone();
    Request::new(move |world| confirming(&enrollment, world.now))
}

/// How many were answered with a factor.
fn confirmed(outcome: &Outcome) -> usize {
    outcome.count(|end| matches!(end, Ok(Answer::Confirmed { .. })))
}

/// What holds whatever meets: a session for each factor that counts, and nothing half-written.
fn holds(outcome: &Outcome) {
    let Outcome { world, schedule, ends, .. } = outcome;
    assert_eq!(world.unasked, 0, "Parse is asked right before a session is opened: {schedule:?}");
    assert_eq!(world.sessions.len(), confirmed(outcome), "a session for a confirmation alone: {schedule:?} {ends:?}");
    let row = world.account();
    let dangling = row.confirmed.iter().filter(|id| row.factors.iter().all(|f| f.id != **id)).count();
    assert_eq!(dangling, 0, "{schedule:?}");
    assert!(outcome.factors.1 <= 1, "never more than one first factor: {schedule:?}");
    assert_eq!(outcome.shown_dead, 0, "{schedule:?}");
}

#[test]
fn of_confirmations_while_signing_in_one_counts_and_opens_a_session() {
    let (start, [one, two], _) = under_way();
    let requests = [confirmation(&one), confirmation(&two), confirmation(&one)];
    let check = |outcome: &Outcome| {
        holds(outcome);
        assert_eq!(confirmed(outcome), 1, "{:?} {:?}", outcome.schedule, outcome.ends);
        assert_eq!(outcome.world.account().recovery_codes.len(), 10, "{:?}", outcome.schedule);
    };
    assert!(every_interleaving(&start, &requests, check) > 1000);
    assert!(is_caught(Seeded::ConfirmedUnseen, &start, &requests, check));
}

#[test]
fn a_confirmation_beside_a_reset_or_a_changed_password_is_whole_or_none() {
    let (start, [one, _], token) = under_way();
    let voids: [fn(&World) -> Call; 3] = [|_| reset(""), |_| reset("factors"), |_| password_changed()];
    for (i, voiding) in voids.into_iter().enumerate() {
        let token = token.clone();
        let requests =
            [confirmation(&one), Request::new(voiding).by(master()), Request::new(move |_| enrolling(&token))];
        let check = |outcome: &Outcome| {
            holds(outcome);
            let Outcome { world, schedule, ends, .. } = outcome;
            // What was begun before is void afterwards: nothing of it can be confirmed any more.
            let mut later = world.clone();
            for end in ends {
                if let Ok(Answer::TotpEnrollment { enrollment, secret, .. }) = end {
                    let begun = Enrollment { token: enrollment.to_string(), app: App::of(secret) };
                    assert!(confirm(&mut later, &begun).is_err(), "{i} {schedule:?}");
                }
            }
            assert!(confirm(&mut later, &one).is_err(), "{i} {schedule:?}");
            let stepped_up = ends.iter().flatten().any(|answer| match answer {
                Answer::Confirmed { session_token: Some(session), .. } => world.has_stepped_up(session),
                _ => false,
            });
            // The claim may have come first or last; the session's step-up ends with what came after it.
            assert!(!stepped_up || outcome.turns[0].0 > outcome.turns[1].1, "{i} {schedule:?}");
        };
        assert!(every_interleaving(&start, &requests, check) > 100);
        if i == 1 {
            assert!(is_caught(Seeded::VoidForgotten, &start, &requests, check));
        }
    }
}

/// Calls `check` with every interleaving of a request and each change of Ada's row that Parse saves, with and without a process that dies
/// before it hears that it was saved.
fn beside_each_change(start: &World, request: impl Fn() -> Request, check: impl Fn(&str, &Outcome)) {
    for change in CHANGES {
        for dies in [false, true] {
            let requests = [saved(change, master(), dies), request()];
            let explored = every_interleaving(start, &requests, |outcome| check(change.name, outcome));
            assert!(explored > 5, "{explored}");
        }
    }
}

/// What holds of an enrollment while signing in, begun by the old password, that meets a change: it counts and opens a session before Parse
/// has written, or never; and the owner gets in.
fn counts_before_or_never(change: &str, outcome: &Outcome) {
    let Outcome { world, schedule, .. } = outcome;
    let is_before = |at: &usize| *at < written(outcome);
    assert!(outcome.counting_since.iter().all(is_before), "{change}: a factor: {schedule:?}");
    assert!(outcome.opened.iter().all(is_before), "{change}: a session: {schedule:?}");
    let password = world.passwords.get("ada").copied().unwrap_or("right");
    let owner = world.clone().login(&[("username", "ada"), ("password", password)]);
    assert!(owner.is_ok(), "{change}: the owner is shut out: {schedule:?}");
}

#[test]
fn a_token_given_while_a_change_is_saved_is_void_after_it_also_if_the_process_died() {
    let mut with_row = everyone();
    enroll_token(&mut with_row);
    let request = || Request::new(|_| calls::login(fields(&PASSWORD)));
    // Where there is no row yet, a change finds none in which it could leave a revocation.
    for start in [everyone(), with_row] {
        beside_each_change(&start, request, |change, outcome| {
            let Outcome { world, schedule, ends, .. } = outcome;
            if let (true, Ok(Answer::EnrollFirst { enroll, .. })) = (began_before(outcome), &ends[1]) {
                assert_eq!(code_of(begin(&mut world.clone(), enroll)), 4012, "{change}: {schedule:?}");
            }
        });
    }
}

#[test]
fn an_enrollment_begun_while_a_change_is_saved_is_void_after_it_also_if_the_process_died() {
    let mut start = everyone();
    let token = enroll_token(&mut start);
    let request = || {
        let token = token.clone();
        Request::new(move |_| enrolling(&token))
    };
    beside_each_change(&start, request, |change, outcome| {
        let Outcome { world, schedule, ends, .. } = outcome;
        let mut later = world.clone();
        if let Ok(Answer::TotpEnrollment { enrollment, secret, .. }) = &ends[1] {
            let begun = Enrollment { token: enrollment.to_string(), app: App::of(secret) };
            assert_eq!(code_of(confirm(&mut later, &begun)), 4012, "{change}: {schedule:?}");
        }
        assert_eq!(code_of(begin(&mut later, &token)), 4012, "{change}: {schedule:?}");
    });
}

#[test]
fn a_confirmation_while_a_change_is_saved_counts_before_it_or_never_also_if_the_process_died() {
    let (start, [one, _], _) = under_way();
    beside_each_change(&start, || confirmation(&one), counts_before_or_never);
}

#[test]
fn a_whole_enrollment_while_a_change_is_saved_counts_before_it_or_never_though_the_process_died() {
    let whole = || {
        let begun = Request::new(|_| calls::login(fields(&PASSWORD))).then(|_, answer| {
            let Answer::EnrollFirst { enroll, .. } = answer else { return None };
            Some(enrolling(enroll))
        });
        begun.then(|world, answer| {
            let Answer::TotpEnrollment { enrollment, secret, .. } = answer else { return None };
            Some(confirming(&Enrollment { token: enrollment.to_string(), app: App::of(secret) }, world.now))
        })
    };
    for change in CHANGES {
        let requests = [saved(change, master(), true), whole()];
        let check = |outcome: &Outcome| {
            if began_before(outcome) {
                counts_before_or_never(change.name, outcome);
            }
        };
        let start = everyone();
        assert!(every_interleaving(&start, &requests, check) > 100);
        assert!(is_caught(Seeded::FoundedOnNothing, &start, &requests, check), "{}", change.name);
    }
}

#[test]
fn a_confirmation_beside_sign_ins_and_another_enrollment_leaves_one_factor() {
    let (start, [one, two], token) = under_way();
    let requests = [
        confirmation(&one),
        Request::new(|_| calls::login(fields(&PASSWORD))),
        Request::new(move |_| enrolling(&token)),
    ];
    let explored = every_interleaving(&start, &requests, |outcome| {
        holds(outcome);
        let Outcome { world, schedule, ends, .. } = outcome;
        assert_eq!(confirmed(outcome), 1, "{schedule:?} {ends:?}");
        assert!(matches!(ends[1], Ok(Answer::EnrollFirst { .. } | Answer::Challenge { .. })), "{schedule:?}");
        // Whatever the others were answered is worthless by now.
        let mut later = world.clone();
        assert!(confirm(&mut later, &two).is_err(), "{schedule:?}");
        if let Ok(Answer::EnrollFirst { enroll, .. }) = &ends[1] {
            assert_eq!(code_of(begin(&mut later, enroll)), 4012, "{schedule:?}");
        }
        if let Ok(Answer::TotpEnrollment { enrollment, secret, .. }) = &ends[2] {
            let begun = Enrollment { token: enrollment.to_string(), app: App::of(secret) };
            assert!(confirm(&mut later, &begun).is_err(), "{schedule:?}");
        }
        assert_eq!((later.confirmed().len(), later.sessions.len()), (1, 1), "{schedule:?}");
    });
    assert!(explored > 10, "{explored}");
}

#[test]
fn a_store_that_fails_at_any_moment_of_a_confirmation_opens_no_session_without_its_factor() {
    let (start, [one, _], _) = under_way();
    for broken in 0..16 {
        let mut world = start.clone();
        let mut flow = crate::world::flow(confirming(&one, world.now), Caller::default(), 5);
        let mut step = flow.start(world.time());
        let mut effects = 0;
        let end = loop {
            let effect = match step {
                parse_two_factor::engine::Step::Done(end) => break end,
                parse_two_factor::engine::Step::Do(effect) => effect,
            };
            if matches!(effect, Effect::OpenSession(_)) {
                assert_eq!(world.confirmed().len(), 1, "the factor counts before the session is there");
            }
            let reply = match effects == broken {
                true => parse_two_factor::engine::Reply::Failed,
                false => world.perform(&effect),
            };
            effects += 1;
            step = flow.resume(reply, world.time());
        };
        assert!(world.sessions.len() <= world.confirmed().len(), "{broken}: {end:?}");
        // Whoever got no session signs in with the factor that counts, or begins again.
        let again = world.login(&PASSWORD);
        let is_asked = matches!(again, Ok(Answer::Challenge { .. }));
        assert_eq!(is_asked, !world.confirmed().is_empty(), "{broken}: {again:?}");
    }
}
