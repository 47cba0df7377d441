//! Ceremonies that change factors, in every order in which they can meet.

use crate::explore::{Outcome, Request, every_interleaving};
use crate::world::{App, Enrolment, World, ada, core, fields, master};
use parse_two_factor::Call;
use parse_two_factor::ceremony::Answer;

fn renewal(session: &str) -> Request {
    Request::new(|_| Call::NewRecoveryCodes).by(ada(session))
}

fn confirmation(enrolment: &Enrolment, steps: i64, session: &str) -> Request {
    let Enrolment { token, app } = enrolment.clone();
    let call = move |world: &World| {
        let code = app.code(world.now, steps);
        Call::ConfirmTwoFactor(fields(&[("enrollment", &token), ("code", &code)]))
    };
    Request::new(call).by(ada(session))
}

fn reset(scope: &'static str) -> Request {
    Request::new(move |_| Call::ResetTwoFactor(fields(&[("userId", "ada"), ("scope", scope)]))).by(master())
}

fn step_up(challenge: &str, app: &App, session: &str) -> Request {
    let (challenge, app) = (challenge.to_owned(), app.clone());
    let call = move |world: &World| {
        let code = app.code(world.now, 0);
        Call::StepUp(fields(&[("challenge", &challenge), ("code", &code)]))
    };
    Request::new(call).by(ada(session))
}

/// Ada with an authenticator app and ten recovery codes; both sessions `one` and `two` have stepped up.
fn stepped_up() -> (World, App, Vec<String>) {
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

/// Recovery codes that are live are those of one answer, and were shown to be live.
fn recovery_codes_shown_are_recovery_codes_live(before: &[String], outcome: &Outcome) {
    let Outcome { world, schedule, shown_dead, .. } = outcome;
    assert_eq!(*shown_dead, 0, "an answer shows codes that are dead already: {schedule:?}");
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
            assert_eq!(shown + outcome.refused(4022), 3, "{schedule:?} {:?}", outcome.ends);
            assert!(!old.iter().any(|code| outcome.world.is_live(code)), "the old ones are dead: {schedule:?}");
        });
        assert!(explored > 1000, "{explored}");
    }
}

#[test]
fn of_enrolments_begun_by_password_one_is_confirmed() {
    let mut start = World::without_a_factor();
    let [one, two] = [(); 2].map(|()| start.enrol("one").unwrap());
    let requests = [confirmation(&one, 0, "one"), confirmation(&two, 0, "one"), confirmation(&two, -1, "one")];
    let explored = every_interleaving(&start, &requests, |outcome| {
        let schedule = &outcome.schedule;
        assert_eq!(outcome.world.confirmed().len(), 1, "{schedule:?}");
        assert_eq!(outcome.count(|end| matches!(end, Ok(Answer::Confirmed { .. }))), 1, "{schedule:?}");
        assert_eq!(outcome.refused(4012), 2, "{schedule:?} {:?}", outcome.ends);
        recovery_codes_shown_are_recovery_codes_live(&[], outcome);
        assert_eq!(outcome.world.account().recovery_codes.len(), 10, "{schedule:?}");
        let mut later = outcome.world.clone();
        let of_the_winner = later.account().confirmed.len();
        assert_eq!(of_the_winner, 1, "nothing half-written stays: {schedule:?}");
        later.advance(601);
        let abandoned = later.account().abandoned_factors(&core().policy, later.now).len();
        assert_eq!(later.account().factors.len(), 1 + abandoned, "nor what does not expire: {schedule:?}");
    });
    assert!(explored > 1000, "{explored}");
}

#[test]
fn a_step_up_does_not_outlive_a_reset() {
    for scope in ["", "factors"] {
        let (mut world, _, _) = stepped_up();
        assert!(world.has_stepped_up("one") && world.has_stepped_up("two"));
        let call = Call::ResetTwoFactor(fields(&[("userId", "ada"), ("scope", scope)]));
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
        assert!(explored > 100, "{explored}");
    }
}
