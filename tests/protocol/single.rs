//! One request after another: what a code, a challenge and an account live through.

use crate::calls::{self, fields};
use crate::world::{App, PASSWORD, World, ada, core, master, token};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::{Effect, Step};
use parse_two_factor::policy::Require;
use parse_two_factor::wire::{Answer, EventName, Method, Refusal};
use parse_two_factor::{Call, UserChange};

fn code_of(outcome: Result<Answer, Refusal>) -> i32 {
    outcome.expect_err("a refusal").code()
}

fn resend(world: &mut World, challenge: &str) -> Result<Answer, Refusal> {
    let params = fields(&[("challenge", challenge)]);
    world.run(calls::resend_code(params), Caller::default())
}

#[test]
fn a_code_works_once() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    let code = world.last_code();
    assert!(matches!(world.answer(&challenge, &code), Ok(Answer::Session { .. })));
    assert_eq!(code_of(world.answer(&challenge, &code)), 4012);
    assert_eq!(world.sessions, ["ada"]);
}

#[test]
fn the_tutorials_second_call_takes_the_living_challenge() {
    let mut world = World::with_ada();
    world.challenge();
    let code = world.last_code();
    let second = [PASSWORD[0], PASSWORD[1], ("code", code.as_str())];
    assert!(matches!(world.login(&second), Ok(Answer::Session { .. })));
    assert_eq!(code_of(world.login(&second)), 4012);
}

#[test]
fn a_code_dies_after_five_minutes_and_not_before() {
    for (seconds, refused) in [(299, None), (300, Some(4011)), (1000, Some(4011))] {
        let mut world = World::with_ada();
        let challenge = world.challenge();
        let code = world.last_code();
        world.advance(seconds);
        let outcome = world.answer(&challenge, &code);
        assert_eq!(outcome.err().map(|r| r.code()), refused, "{seconds}");
    }
}

#[test]
fn a_code_dies_after_five_wrong_tries_and_a_new_challenge_may_be_begun() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    let (right, wrong) = (world.last_code(), world.wrong_code());
    for _ in 0..5 {
        assert_eq!(code_of(world.answer(&challenge, &wrong)), 4024);
    }
    assert_eq!(code_of(world.answer(&challenge, &right)), 4013);
    assert!(world.sessions.is_empty());
    let next = world.challenge();
    assert_ne!(next, challenge);
    let right = world.last_code();
    assert!(world.answer(&next, &right).is_ok());
}

#[test]
fn a_resend_kills_the_old_code_and_does_not_give_the_attacker_more_guesses() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    let (old, wrong) = (world.last_code(), world.wrong_code());
    for _ in 0..3 {
        assert_eq!(code_of(world.answer(&challenge, &wrong)), 4024);
    }
    assert_eq!(code_of(resend(&mut world, &challenge)), 4014);
    world.advance(30);
    assert_eq!(token(resend(&mut world, &challenge).unwrap()), challenge);
    assert_eq!(code_of(world.answer(&challenge, &old)), 4024);
    assert_eq!(code_of(world.answer(&challenge, &wrong)), 4024);
    let right = world.last_code();
    assert_eq!(code_of(world.answer(&challenge, &right)), 4013);
}

#[test]
fn a_challenge_that_cannot_be_answered_any_more_gets_no_further_code() {
    let used_up = |world: &mut World, challenge: &str| {
        let wrong = world.wrong_code();
        (0..5).for_each(|_| assert_eq!(code_of(world.answer(challenge, &wrong)), 4024));
    };
    let redeemed = |world: &mut World, challenge: &str| {
        let right = world.last_code();
        assert!(world.answer(challenge, &right).is_ok());
    };
    let expired = |world: &mut World, _: &str| world.advance(270);
    let disabled = |world: &mut World, _: &str| world.fail_in_a_row(100);
    type End<'a> = &'a dyn Fn(&mut World, &str);
    for (end, refused) in [(&used_up as End, 4013), (&redeemed, 4012), (&expired, 4011), (&disabled, 4019)] {
        let mut world = World::with_ada();
        let challenge = world.challenge();
        end(&mut world, &challenge);
        world.advance(30);
        assert_eq!(code_of(resend(&mut world, &challenge)), refused);
        assert_eq!(world.messages.len(), 1);
    }
}

#[test]
fn a_repeated_first_call_within_the_resend_time_sends_nothing() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    world.advance(29);
    assert_eq!(world.challenge(), challenge);
    assert_eq!(world.messages.len(), 1);
    world.advance(1);
    assert_eq!(world.challenge(), challenge);
    assert_eq!(world.messages.len(), 2);
}

#[test]
fn a_user_gets_five_codes_in_a_quarter_of_an_hour() {
    let mut world = World::with_ada();
    for _ in 0..5 {
        let challenge = world.challenge();
        let code = world.last_code();
        assert!(world.answer(&challenge, &code).is_ok());
    }
    assert_eq!(world.login(&PASSWORD).unwrap_err(), Refusal::TooMany { seconds: 900 });
    world.advance(899);
    assert_eq!(world.login(&PASSWORD).unwrap_err(), Refusal::TooMany { seconds: 1 });
    world.advance(1);
    assert!(world.login(&PASSWORD).is_ok());
}

#[test]
fn a_hundred_failures_in_a_row_disable_the_factor_until_an_operator_resets_it() {
    let mut world = World::with_ada();
    let mut failures = 0;
    while failures < 100 {
        match world.login(&PASSWORD) {
            Ok(answer) => {
                let challenge = token(answer);
                for _ in 0..5 {
                    let wrong = world.wrong_code_among_many();
                    assert_eq!(code_of(world.answer(&challenge, &wrong)), 4024);
                    failures += 1;
                }
            }
            Err(refusal) => assert_eq!(refusal.code(), 4015),
        }
        world.advance(180);
    }
    world.advance(100_000);
    assert_eq!(code_of(world.login(&PASSWORD)), 4019);
    let reset = || calls::reset(fields(&[("userId", "ada")]));
    assert_eq!(code_of(world.run(reset(), Caller::default())), 119);
    assert_eq!(code_of(world.login(&PASSWORD)), 4019);
    assert!(world.run(reset(), master()).is_ok());
    assert!(world.login(&PASSWORD).is_ok());
}

/// Ada with an authenticator app, disabled after a hundred failures; her app and her recovery codes.
fn disabled_with_recovery_codes() -> (World, App, Vec<String>) {
    let mut world = World::without_a_factor();
    let (app, codes) = world.enrolled("one");
    world.advance(901);
    world.fail_in_a_row(100);
    (world, app, codes)
}

#[test]
fn a_recovery_code_works_while_what_can_be_guessed_is_disabled_and_ends_it() {
    let (mut world, app, codes) = disabled_with_recovery_codes();
    let Ok(Answer::Challenge { challenge, method, methods, .. }) = world.login(&PASSWORD) else {
        panic!("no challenge")
    };
    assert_eq!((method, methods), (Method::Recovery, vec![Method::Recovery]));
    let code = app.code(world.now, 0);
    assert_eq!(code_of(world.answer(&challenge, &code)), 4019);
    assert_eq!(
        code_of(world.run(calls::step_up(fields(&[("challenge", &challenge), ("code", &code)])), ada("one"))),
        4012
    );
    assert!(matches!(world.answer(&challenge, &codes[0]), Ok(Answer::Session { .. })), "26 letters and digits are one");
    let challenge = world.challenge();
    assert!(matches!(world.answer(&challenge, &code), Ok(Answer::Session { .. })), "it ended the failures in a row");
}

#[test]
fn the_trail_says_that_a_user_is_disabled_at_the_failure_that_does_it_alone() {
    let mut world = World::without_a_factor();
    let (app, codes) = world.enrolled("one");
    world.advance(901);
    world.fail_in_a_row(98);
    let challenge = world.challenge();
    let wrong = if app.code(world.now, 0) == "111111" { "222222" } else { "111111" };
    let said = |world: &mut World, code: &str| {
        let before = world.events.len();
        assert!(world.answer(&challenge, code).is_err());
        world.events[before..].iter().map(|event| event.what).collect::<Vec<_>>()
    };
    assert_eq!(said(&mut world, wrong), [EventName::CodeRefused]);
    assert_eq!(said(&mut world, wrong), [EventName::CodeRefused, EventName::FactorDisabled]);
    // What cannot be guessed disables nobody.
    let unknown = codes[0].replace(|c: char| c != '-', "A");
    assert_eq!(said(&mut world, &unknown), [EventName::CodeRefused]);
}

#[test]
fn a_disabled_user_without_recovery_codes_is_told_so_and_one_with_them_steps_up() {
    let (mut world, _, codes) = disabled_with_recovery_codes();
    let challenge = world.step_up_challenge("one");
    let params = fields(&[("challenge", &challenge), ("code", &codes[0]), ("method", "recovery")]);
    assert!(matches!(world.run(calls::step_up(params), ada("one")), Ok(Answer::SteppedUp { .. })));

    let (mut world, ..) = disabled_with_recovery_codes();
    world.accounts.get_mut("ada").unwrap().recovery_codes.clear();
    assert_eq!(code_of(world.login(&PASSWORD)), 4019);
}

#[test]
fn wrong_recovery_codes_count_on_their_challenge_and_never_disable_anything() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    let wrong = "00000-00000-00000-00000-000000";
    for _ in 0..30 {
        world.advance(301);
        let challenge = world.challenge();
        for _ in 0..5 {
            assert_eq!(code_of(world.answer(&challenge, wrong)), 4024);
        }
        assert_eq!(code_of(world.answer(&challenge, wrong)), 4013);
    }
    assert_eq!(world.account().at(world.time(), &core().policy.limits).failures(), 0);
    world.advance(301);
    let challenge = world.challenge();
    assert!(world.answer(&challenge, &app.code(world.now, 0)).is_ok());
}

#[test]
fn a_challenge_is_over_after_an_hour_of_resending_and_its_token_is_refused_unread() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    for _ in 0..15 {
        world.advance(240);
        assert_eq!(token(resend(&mut world, &challenge).unwrap()), challenge);
    }
    world.advance(240);
    assert!(resend(&mut world, &challenge).is_ok());
    let code = world.last_code();
    world.advance(60);
    assert_eq!(code_of(world.answer(&challenge, &code)), 4011);
    let mut flow =
        crate::world::flow(calls::login(fields(&[("challenge", &challenge), ("code", &code)])), Caller::default(), 1);
    assert!(matches!(flow.start(world.time()), Step::Done(Err(Refusal::CodeExpired))), "no effect is asked for");
    let next = world.challenge();
    assert_ne!(next, challenge);
    let code = world.last_code();
    assert!(world.answer(&next, &code).is_ok());
}

#[test]
fn a_success_ends_the_failures_in_a_row() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    let (right, wrong) = (world.last_code(), world.wrong_code());
    for _ in 0..4 {
        assert_eq!(code_of(world.answer(&challenge, &wrong)), 4024);
    }
    assert_eq!(world.account().attempts.len(), 4);
    assert!(world.answer(&challenge, &right).is_ok());
    assert!(world.account().attempts.is_empty());
}

/// How often a refused message stands in the trail.
fn refusals_told(world: &World) -> usize {
    world.events.iter().filter(|event| event.what == EventName::CodeSent && event.outcome == 4018).count()
}

#[test]
fn a_refused_message_uses_up_no_code_and_counts_as_one_of_the_users_five() {
    let mut world = World::with_ada();
    world.provider_is_down = true;
    for _ in 0..4 {
        assert_eq!(code_of(world.login(&PASSWORD)), 4018);
        assert!(world.account().codes.is_empty() && world.account().challenges.is_empty());
    }
    world.provider_is_down = false;
    world.challenge();
    assert_eq!(world.account().codes.len(), 1);
    world.advance(60);
    assert_eq!(code_of(world.login(&PASSWORD)), 4015, "four were refused, and one was taken");
    assert_eq!(world.messages.len(), 1);
    world.advance(840);
    world.challenge();
    assert_eq!(refusals_told(&world), 1);
}

#[test]
fn a_number_that_is_always_refused_costs_five_messages_and_one_event_in_a_quarter_of_an_hour() {
    let mut world = World::with_ada();
    world.provider_is_down = true;
    for quarter in 1..=3 {
        let refused: Vec<i32> = (0..200).map(|_| code_of(world.login(&PASSWORD))).collect();
        assert_eq!(refused.iter().filter(|code| **code == 4018).count(), 5);
        assert!(refused.iter().skip(5).all(|code| *code == 4015));
        assert_eq!(refusals_told(&world), quarter);
        assert!(world.windows.values().all(|count| *count == 0), "what is refused counts in no ceiling");
        world.advance(900);
    }
}

#[test]
fn messages_of_any_kind_do_not_keep_anybody_from_an_authenticator_app() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("phone");
    world.users.get_mut("ada").expect("Ada is there").phone_number = Some("+15005550006".into());
    world.advance(60);
    world.provider_is_down = true;
    let by_sms = [PASSWORD[0], PASSWORD[1], ("method", "sms")];
    for refused in [4018, 4018, 4018, 4018, 4018, 4015] {
        assert_eq!(code_of(world.login(&by_sms)), refused);
    }
    let challenge = world.challenge();
    assert!(matches!(world.answer(&challenge, &app.code(world.now, 0)), Ok(Answer::Session { .. })));
}

#[test]
fn a_user_without_a_factor_signs_in_by_password_and_one_with_a_bad_number_does_not() {
    let mut world = World::with_ada();
    world.users.get_mut("ada").unwrap().phone_number = None;
    assert!(matches!(world.login(&PASSWORD), Ok(Answer::Session { .. })));
    world.users.get_mut("ada").unwrap().phone_number = Some("0888 123 456".into());
    assert_eq!(code_of(world.login(&PASSWORD)), 4017);
    assert_eq!(world.sessions.len(), 1);
}

#[test]
fn an_account_that_never_succeeds_does_not_grow_without_end() {
    let mut world = World::with_ada();
    for _ in 0..500 {
        let _ = world.login(&PASSWORD);
        world.advance(310);
    }
    let account = world.account();
    assert!(account.challenges.len() < 20, "{}", account.challenges.len());
    assert!(account.codes.len() < 20, "{}", account.codes.len());
}

#[test]
fn one_users_used_code_blocks_nobody_else() {
    let mut world = World::with_ada();
    let mut grace = world.users["ada"].clone();
    grace.id = "grace".into();
    world.users.insert("grace".into(), grace);
    let of_ada = world.challenge();
    let code_of_ada = world.last_code();
    let of_grace = token(world.login(&[("username", "grace"), ("password", "right")]).unwrap());
    let code_of_grace = world.last_code();
    assert!(world.answer(&of_ada, &code_of_ada).is_ok());
    assert_eq!(code_of(world.answer(&of_grace, &code_of_ada)), 4024);
    assert!(world.answer(&of_grace, &code_of_grace).is_ok());
    assert_eq!(world.sessions, ["ada", "grace"]);
}

/// A world whose `ada` the app's answer is for, and the ways in: her password at `login`, and Parse's own sign-in.
fn required(require: Option<Require>, phone_number: Option<&str>) -> (World, [Option<i32>; 2]) {
    let mut world = World::with_ada();
    let ada = world.users.get_mut("ada").unwrap();
    ada.phone_number = phone_number.map(str::to_owned);
    if let Some(require) = require {
        world.requires.insert("ada".into(), require);
    }
    let login = world.login(&PASSWORD);
    let native = world.run(Call::NativeSignIn { user: "ada".into(), presented: Vec::new() }, Caller::default());
    let codes = [login.err().map(|r| r.code()), native.err().map(|r| r.code())];
    (world, codes)
}

#[test]
fn what_the_app_requires_of_a_user_goes_before_the_setting() {
    let number = Some("+15005550006");
    for (require, phone, codes, sessions) in [
        (None, number, [None, Some(4010)], 0),
        (None, None, [None, None], 1),
        (Some(Require::Enrolled), number, [None, Some(4010)], 0),
        (Some(Require::Enrolled), None, [None, None], 1),
        (Some(Require::Everyone), number, [None, Some(4010)], 0),
        (Some(Require::Everyone), None, [None, Some(4010)], 0),
        (Some(Require::Nobody), number, [None, None], 1),
        (Some(Require::Nobody), None, [None, None], 1),
    ] {
        let (world, refused) = required(require, phone);
        assert_eq!((refused, world.sessions.len()), (codes, sessions), "{require:?} {phone:?}");
        let is_sent = phone.is_some() && codes == [None, Some(4010)];
        assert_eq!(world.messages.len(), usize::from(is_sent), "{require:?} {phone:?}");
    }
}

#[test]
fn a_user_of_whom_nothing_is_required_yet_changes_number_and_password_as_before() {
    for (require, code) in [(Require::Nobody, None), (Require::Enrolled, Some(4020)), (Require::Everyone, Some(4020))] {
        let mut world = World::with_ada();
        world.requires.insert("ada".into(), require);
        let change = Call::ChangeUser(UserChange {
            user: Some("ada".into()),
            phone_number: None,
            password: true,
            sender: None,
            ..UserChange::default()
        });
        let outcome = world.run(change, Caller::default());
        assert_eq!(outcome.err().map(|r| r.code()), code, "{require:?}");
    }
}

#[test]
fn without_a_method_a_code_that_somebody_had_sent_does_not_turn_the_authenticator_app_away() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("phone");
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    world.advance(60);
    let challenge = world.challenge();
    let by_sms = [PASSWORD[0], PASSWORD[1], ("method", "sms")];
    assert_eq!(token(world.login(&by_sms).unwrap()), challenge, "somebody with the password has a code sent for it");

    assert_eq!(code_of(world.answer(&challenge, &app.code(world.now, 5))), 4024);
    assert_eq!(world.account().attempts.len(), 1, "one attempt, though compared with both");
    let sent = world.last_code();
    assert!(matches!(world.clone().answer(&challenge, &sent), Ok(Answer::Session { .. })));
    let shown = app.code(world.now, 0);
    assert!(matches!(world.answer(&challenge, &shown), Ok(Answer::Session { .. })));
}

#[test]
fn amid_a_transaction_nothing_is_asked_of_the_database_but_what_only_reads() {
    let amid = |caller: Caller| Caller { transaction: true, ..caller };
    let change = |password| {
        Call::ChangeUser(UserChange {
            user: Some("ada".into()),
            phone_number: None,
            password,
            sender: None,
            ..UserChange::default()
        })
    };
    let ask = |call: Call, caller: Caller| {
        let mut flow = crate::world::flow(call, amid(caller), 1);
        flow.start(World::with_ada().time())
    };
    let calls = [
        calls::login(fields(&PASSWORD)),
        calls::enroll(fields(&[("method", "totp"), ("password", "right")])),
        calls::reset(fields(&[("userId", "ada")])),
        change(true),
    ];
    for (i, call) in calls.into_iter().enumerate() {
        let step = ask(call, Caller { master: true, ..crate::world::ada("one") });
        assert!(matches!(&step, Step::Done(Err(refusal)) if refusal.code() == 4021), "{i}: {step:?}");
    }
    assert!(matches!(ask(change(false), master()), Step::Done(Ok(_))), "what is not ours to look at may be saved");
    let native = ask(Call::NativeSignIn { user: "ada".into(), presented: Vec::new() }, Caller::default());
    assert!(matches!(native, Step::Do(_)), "Parse's own sign-in is looked at all the same");
}

#[test]
fn a_challenge_that_is_over_can_be_asked_without_end_and_the_trail_does_not_grow() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    for _ in 0..5 {
        let code = world.wrong_code();
        assert_eq!(code_of(world.answer(&challenge, &code)), 4024);
    }
    let trail = world.events.len();
    for refused in [4013; 20] {
        assert_eq!(code_of(world.answer(&challenge, "000000")), refused);
    }
    world.advance(301);
    for _ in 0..20 {
        assert!(world.answer(&challenge, "000000").is_err());
    }
    assert_eq!(world.events.len(), trail);
}

#[test]
fn a_reset_and_a_sign_in_stand_in_the_trail_with_their_user() {
    let mut world = World::with_ada();
    let reset = calls::reset(fields(&[("userId", "ada")]));
    world.run(reset, master()).unwrap();
    let challenge = world.challenge();
    let code = world.last_code();
    world.answer(&challenge, &code).unwrap();
    assert_eq!(code_of(world.answer(&challenge, &code)), 4012);

    let trail: Vec<_> = world.events.iter().map(|event| (event.what, &*event.user)).collect();
    assert_eq!(trail, [(EventName::Reset, "ada"), (EventName::CodeSent, "ada"), (EventName::SignedIn, "ada")]);
}

#[test]
fn a_challenge_that_had_wrong_codes_gets_no_new_attempts_by_a_success_on_another() {
    for wrong in [1, 4, 5] {
        let mut world = World::without_a_factor();
        let (app, _) = world.enrolled("phone");
        world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
        world.advance(60);
        let first = token(world.login(&[PASSWORD[0], PASSWORD[1], ("method", "sms")]).unwrap());
        let sent = world.last_code();
        for _ in 0..wrong {
            assert_eq!(code_of(world.answer(&first, "00000x")), 4024);
        }
        // A success on another challenge: here a step-up, elsewhere a sign-in begun once this one had its five.
        world.step_up("phone", &app.code(world.now, 0), "totp");

        assert_eq!(code_of(world.answer(&first, &sent)), 4012, "after {wrong} wrong codes");
        assert!(world.account().attempts.is_empty());
        let again = world.challenge();
        assert_ne!(again, first);
        assert_eq!(world.account().challenges.len(), 1, "nothing is in its way");
    }
}

#[test]
fn what_is_voided_between_the_look_at_a_code_and_its_claim_opens_nothing() {
    let reset = || calls::reset(fields(&[("userId", "ada")]));
    let new_password = || {
        Call::ChangeUser(UserChange {
            user: Some("ada".into()),
            phone_number: None,
            password: true,
            sender: None,
            ..UserChange::default()
        })
    };
    for void in [reset as fn() -> Call, new_password] {
        let mut world = World::with_ada();
        let challenge = world.challenge();
        let code = world.last_code();
        let params = fields(&[("challenge", &challenge), ("code", &code)]);
        let mut signing_in = crate::world::flow(calls::login(params), Caller::default(), 77);
        let mut step = signing_in.start(world.time());
        let mut changes = 0;
        let end = loop {
            let effect = match step {
                Step::Done(end) => break end,
                Step::Do(effect) => effect,
            };
            changes += u32::from(matches!(effect, Effect::UpdateAccount(_)));
            if changes == 2 {
                changes += 1;
                world.run(void(), master()).unwrap();
            }
            let reply = world.perform(&effect);
            step = signing_in.resume(reply, world.time());
        };
        assert_eq!(code_of(end), 4012);
        assert!(world.sessions.is_empty());
    }
}

#[test]
fn the_number_is_removed_as_any_factor_is_and_not_the_last_where_everyone_needs_one() {
    let remove = || calls::remove(fields(&[("factor", "phone_number")]));
    for (required, end) in [(Require::Enrolled, None), (Require::Everyone, Some(4028))] {
        let mut world = World::with_ada();
        world.requires.insert("ada".into(), required);
        assert_eq!(code_of(world.run(remove(), ada("phone"))), 4020);
        let challenge = world.step_up_challenge("phone");
        let code = world.last_code();
        let params = fields(&[("challenge", &challenge), ("code", &code)]);
        world.run(calls::step_up(params), ada("phone")).unwrap();
        assert_eq!(world.run(remove(), ada("phone")).err().map(|refusal| refusal.code()), end);
        assert_eq!(world.users["ada"].phone_number.is_none(), end.is_none());
    }
}
