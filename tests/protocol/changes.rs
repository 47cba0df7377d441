//! Changes of a user's row: what is under way while Parse saves one, what is told of it, and a process that dies in between.

use crate::calls::{self, fields};
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{PASSWORD, Seeded, World, ada, master, token};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::Link;
use parse_two_factor::wire::{Answer, EventName};
use parse_two_factor::{Call, UserChange};

const OLD: &str = "+15005550006";
const NEW: &str = "+15005550007";

/// A change that Parse saves: its name, what `beforeSave` hears of it, and what Parse writes.
#[derive(Clone, Copy)]
pub struct Change {
    pub name: &'static str,
    heard: fn() -> UserChange,
    write: fn(&mut World),
}

const NUMBER: Change = Change {
    name: "number",
    heard: || UserChange { phone_number: Some(NEW.into()), ..of_ada() },
    write: |world| ada_row(world).phone_number = Some(NEW.into()),
};
const PASSWORD_CHANGE: Change = Change {
    name: "password",
    heard: || UserChange { password: true, ..of_ada() },
    write: |world| _ = world.passwords.insert("ada".into(), "new"),
};
const ACCESS: Change = Change {
    name: "ACL",
    heard: || UserChange { acl: true, ..of_ada() },
    write: |world| _ = world.access.insert("ada".into(), "changed"),
};
const PROVIDER: Change = Change {
    name: "provider",
    heard: || UserChange { links: Some(vec![Link { provider: "demo".into(), identity: None }]), ..of_ada() },
    write: |world| ada_row(world).links = Some(Vec::new()),
};
pub const CHANGES: [Change; 4] = [NUMBER, PASSWORD_CHANGE, ACCESS, PROVIDER];

fn of_ada() -> UserChange {
    UserChange { user: Some("ada".into()), ..UserChange::default() }
}

fn ada_row(world: &mut World) -> &mut parse_two_factor::engine::User {
    world.users.get_mut("ada").expect("Ada is there")
}

pub fn saved(change: Change, caller: Caller, dies: bool) -> Request {
    Request::new(move |_| Call::ChangeUser((change.heard)())).by(caller).saved(change.write, dies)
}

/// A sign-in by the old password, with the code as soon as it came.
fn signing_in() -> Request {
    Request::new(|_| calls::login(fields(&PASSWORD))).then(|world, answer| {
        let Answer::Challenge { challenge, .. } = answer else { return None };
        Some(calls::login(fields(&[("challenge", challenge), ("code", &world.last_code())])))
    })
}

/// Begins a sign-in and leaves it there.
fn beginning() -> Request {
    Request::new(|_| calls::login(fields(&PASSWORD)))
}

/// A step-up in this session, with the code as soon as it came.
fn stepping_up(session: &'static str) -> Request {
    let begin = Request::new(|_| calls::step_up(fields(&[]))).by(ada(session));
    begin.then(|world, answer| {
        let Answer::Challenge { challenge, .. } = answer else { return None };
        Some(calls::step_up(fields(&[("challenge", challenge), ("code", &world.last_code())])))
    })
}

/// When Parse wrote the change, which is the first request.
pub fn written(outcome: &Outcome) -> usize {
    *outcome.stages[0].first().unwrap_or(&usize::MAX)
}

/// Whether the second request began before Parse wrote the change.
pub fn began_before(outcome: &Outcome) -> bool {
    outcome.turns[1].0 < written(outcome)
}

/// What holds of a sign-in that meets a change: once Parse has written, what began before it opens nothing; and the owner gets in.
fn change_holds(change: Change, outcome: &Outcome) {
    let Outcome { world, schedule, ends, .. } = outcome;
    let name = change.name;
    assert!(ends[0].is_ok(), "{name}: {schedule:?} {ends:?}");
    if began_before(outcome) {
        if !world.sessions.is_empty() {
            assert!(outcome.turns[1].1 < written(outcome), "{name}: a session after the change: {schedule:?}");
        }
        if let Ok(Answer::Challenge { challenge, .. }) = &ends[1] {
            let code = world.last_code();
            let end = world.clone().answer(challenge, &code);
            assert!(end.is_err(), "{name}: it lives on: {schedule:?}");
            let mut later = world.clone();
            later.advance(31);
            let resend = calls::resend_code(fields(&[("challenge", challenge)]));
            assert!(later.run(resend, Caller::default()).is_err(), "{name}: it gets a code: {schedule:?}");
        }
    }
    let mut world = world.clone();
    world.advance(31);
    let password = world.passwords.get("ada").copied().unwrap_or("right");
    let challenge = token(world.login(&[("username", "ada"), ("password", password)]).expect("the owner may begin"));
    let number = world.users["ada"].phone_number.clone().expect("there is a number");
    assert_eq!(world.messages.last().expect("a code was sent").0, number, "{name}: {schedule:?}");
    let code = world.last_code();
    assert!(world.answer(&challenge, &code).is_ok(), "{name}: the owner is shut out: {schedule:?}");
}

#[test]
fn a_sign_in_begun_while_a_change_is_saved_is_void_after_it_also_if_the_process_died() {
    for change in CHANGES {
        for dies in [false, true] {
            let start = World::with_ada();
            for other in [beginning(), signing_in()] {
                let requests = [saved(change, master(), dies), other];
                let explored = every_interleaving(&start, &requests, |outcome| change_holds(change, outcome));
                assert!(explored > 10, "{explored}");
            }
        }
    }
}

#[test]
fn a_sign_in_begun_before_a_change_is_void_after_it_also_if_the_process_died() {
    let mut start = World::with_ada();
    let challenge = start.challenge();
    for change in CHANGES {
        for dies in [false, true] {
            let challenge = challenge.clone();
            let answering = Request::new(move |world: &World| {
                calls::login(fields(&[("challenge", &challenge), ("code", &world.last_code())]))
            });
            let requests = [saved(change, master(), dies), answering];
            let explored = every_interleaving(&start, &requests, |outcome| {
                let schedule = &outcome.schedule;
                let opened = outcome.sessions() > 0;
                assert!(!opened || outcome.turns[1].1 < written(outcome), "{}: {schedule:?}", change.name);
            });
            assert!(explored > 10, "{explored}");
        }
    }
}

#[test]
fn a_change_that_is_taken_back_brings_no_sign_in_back() {
    let number_back = Change {
        heard: || UserChange { phone_number: Some(OLD.into()), ..of_ada() },
        write: |world| ada_row(world).phone_number = Some(OLD.into()),
        ..NUMBER
    };
    let access_back = Change { write: |world| _ = world.access.remove("ada"), ..ACCESS };
    for changes in [[NUMBER, number_back], [ACCESS, access_back]] {
        for dies in [false, true] {
            let mut world = World::with_ada();
            let challenge = world.challenge();
            let code = world.last_code();
            for change in changes {
                let answer = world.run(Call::ChangeUser((change.heard)()), master()).unwrap();
                (change.write)(&mut world);
                let Answer::Judged { let_through, .. } = answer else { panic!("{answer:?}") };
                if let Some(let_through) = let_through.filter(|_| !dies) {
                    world.run(Call::UserSaved(let_through), master()).unwrap();
                }
            }
            assert_eq!(world.answer(&challenge, &code).unwrap_err().code(), 4012, "{} {dies}", changes[0].name);
        }
    }
}

#[test]
fn whoever_is_banned_after_a_code_was_sent_hears_so_from_parse_and_goes_on_once_the_ban_is_lifted() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    let code = world.last_code();
    world.run(Call::ChangeUser((ACCESS.heard)()), master()).unwrap();
    (ACCESS.write)(&mut world);
    world.barred = Some((101, "Invalid username/password."));
    assert_eq!(world.answer(&challenge, &code).unwrap_err().code(), 101);
    // Parse stopped the user for now. Back in, the user goes on.
    world.run(Call::ChangeUser((ACCESS.heard)()), master()).unwrap();
    world.access.remove("ada");
    world.barred = None;
    assert!(matches!(world.answer(&challenge, &code), Ok(Answer::Session { .. })));
}

#[test]
fn a_save_that_carries_providers_or_an_acl_unchanged_ends_no_sign_in() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    let code = world.last_code();
    let answer = world.run(Call::ChangeUser((ACCESS.heard)()), ada("one")).unwrap();
    assert!(matches!(answer, Answer::Judged { let_through: None, .. }), "{answer:?}");
    assert!(matches!(world.answer(&challenge, &code), Ok(Answer::Session { .. })));
}

#[test]
fn a_step_up_begun_while_number_or_password_are_saved_is_void_after_it() {
    let start = World::with_ada();
    for change in [NUMBER, PASSWORD_CHANGE] {
        let requests = [saved(change, master(), false), stepping_up("thief")];
        // A step-up is founded on its number, and not on the password: by the session alone one may begin again at once.
        let is_by_the_old = |outcome: &Outcome| match change.name == NUMBER.name {
            true => began_before(outcome),
            false => outcome.turns[1].1 < written(outcome),
        };
        let check = |outcome: &Outcome| {
            if is_by_the_old(outcome) {
                let schedule = &outcome.schedule;
                assert!(!outcome.world.has_stepped_up("thief"), "{}: {schedule:?}", change.name);
            }
        };
        let explored = every_interleaving(&start, &requests, check);
        assert!(explored > 10, "{explored}");
        // The number voids it by itself.
        let is_heard = change.name == NUMBER.name || is_caught(Seeded::SavedUnheard, &start, &requests, check);
        assert!(is_heard, "{}", change.name);
    }
}

#[test]
fn a_step_up_by_an_old_number_is_none_once_the_new_one_is_saved_also_if_the_process_died() {
    let start = World::with_ada();
    let requests = [saved(NUMBER, master(), true), stepping_up("thief")];
    let check = |outcome: &Outcome| {
        let schedule = &outcome.schedule;
        if !began_before(outcome) {
            return;
        }
        assert!(!outcome.world.has_stepped_up("thief"), "{schedule:?}");
        for (call, caller) in [
            (calls::enroll(fields(&[("method", "totp")])), ada("thief")),
            (calls::remove(fields(&[("factor", "phone_number")])), ada("thief")),
            (calls::new_recovery_codes(), ada("thief")),
            (Call::ChangeUser(UserChange { phone_number: Some(OLD.into()), ..of_ada() }), ada("thief")),
            (Call::DeleteUser { user: "ada".into(), ids_come_back: false }, ada("thief")),
        ] {
            assert_eq!(outcome.world.clone().run(call, caller).unwrap_err().code(), 4020, "{schedule:?}");
        }
    };
    let explored = every_interleaving(&start, &requests, check);
    assert!(explored > 10, "{explored}");
    assert!(is_caught(Seeded::FoundedOnNothing, &start, &requests, check));
}

#[test]
fn the_step_up_of_a_sign_in_by_an_old_number_is_none_once_the_new_one_is_saved_also_if_the_process_died() {
    let start = World::with_ada();
    let requests = [saved(NUMBER, master(), true), signing_in()];
    let mut opened = 0;
    every_interleaving(&start, &requests, |outcome| {
        if !outcome.opened.iter().all(|at| *at < written(outcome)) {
            return;
        }
        opened += outcome.opened.len();
        assert!(!outcome.world.has_stepped_up("r:1"), "{:?}", outcome.schedule);
    });
    assert!(opened > 0, "no sign-in came before the write");
    // A number that is the user's still brings one.
    let mut world = World::with_ada();
    let challenge = world.challenge();
    let code = world.last_code();
    world.answer(&challenge, &code).unwrap();
    assert!(world.has_stepped_up("r:1"));
}

#[test]
fn an_enrollment_by_an_old_password_counts_before_the_new_one_is_saved_or_never() {
    let start = World::without_a_factor();
    let confirmed = || {
        enrolling().then(|world, answer| {
            let Answer::TotpEnrollment { enrollment, secret, .. } = answer else { return None };
            let code = crate::world::App::of(secret).code(world.now, 0);
            Some(calls::confirm(fields(&[("enrollment", enrollment), ("code", &code)])))
        })
    };
    let requests = [saved(PASSWORD_CHANGE, master(), true), confirmed()];
    let check = |outcome: &Outcome| {
        let is_before = |at: &usize| *at < written(outcome);
        assert!(outcome.counting_since.iter().all(is_before), "{:?}", outcome.schedule);
    };
    let explored = every_interleaving(&start, &requests, check);
    assert!(explored > 100, "{explored}");
    assert!(is_caught(Seeded::FoundedOnNothing, &start, &requests, check));
}

#[test]
fn an_enrollment_of_an_app_that_an_old_password_began_is_not_shown_once_more() {
    let mut world = World::without_a_factor();
    let old = world.enroll("one").unwrap();
    // The process died before it heard of the save.
    (PASSWORD_CHANGE.write)(&mut world);
    let call = || calls::enroll(fields(&[("method", "totp"), ("password", "new")]));
    let Ok(Answer::TotpEnrollment { enrollment, secret, .. }) = world.run(call(), ada("one")) else { panic!() };
    assert_ne!(*enrollment, *old.token);
    let code = crate::world::App::of(&secret).code(world.now, 0);
    let confirm = calls::confirm(fields(&[("enrollment", &enrollment), ("code", &code)]));
    assert!(world.run(confirm, ada("one")).is_ok(), "the owner is not shut out");
}

#[test]
fn the_checks_find_a_sign_in_that_does_not_say_what_it_is_founded_on() {
    let start = World::with_ada();
    for change in CHANGES {
        // With a living process the revocation after the save is enough.
        let requests = [saved(change, master(), true), beginning()];
        let check = |outcome: &Outcome| change_holds(change, outcome);
        assert!(is_caught(Seeded::FoundedOnNothing, &start, &requests, check), "{}", change.name);
    }
}

#[test]
fn an_enrollment_begun_by_an_old_password_is_void_once_the_new_one_is_saved_also_if_the_process_died() {
    let mut start = World::without_a_factor();
    start.run(calls::step_up(fields(&[])), ada("one")).unwrap_err();
    for dies in [false, true] {
        let requests = [saved(PASSWORD_CHANGE, master(), dies), enrolling()];
        let explored = every_interleaving(&start, &requests, |outcome| {
            if !began_before(outcome) {
                return;
            }
            let Ok(Answer::TotpEnrollment { enrollment, secret, .. }) = &outcome.ends[1] else { return };
            let mut world = outcome.world.clone();
            let code = crate::world::App::of(secret).code(world.now, 0);
            let confirm = calls::confirm(fields(&[("enrollment", enrollment), ("code", &code)]));
            assert_eq!(world.run(confirm, ada("thief")).unwrap_err().code(), 4012, "{:?}", outcome.schedule);
        });
        assert!(explored > 10, "{explored}");
    }
}

#[test]
fn an_enrollment_that_a_step_up_by_an_old_number_began_is_void_once_the_new_one_is_saved_also_if_the_process_died() {
    let start = World::with_ada();
    let enrolling = || {
        stepping_up("thief").then(|_, answer| {
            let Answer::SteppedUp { .. } = answer else { return None };
            Some(calls::enroll(fields(&[("method", "totp")])))
        })
    };
    for dies in [false, true] {
        let requests = [saved(NUMBER, master(), dies), enrolling()];
        let mut begun = 0;
        let mut check = |outcome: &Outcome| {
            let Ok(Answer::TotpEnrollment { enrollment, secret, .. }) = &outcome.ends[1] else { return };
            // The owner has the new number.
            if outcome.world.messages.last().is_none_or(|(to, _)| to != OLD) {
                return;
            }
            begun += 1;
            let mut world = outcome.world.clone();
            let code = crate::world::App::of(secret).code(world.now, 0);
            let confirm = calls::confirm(fields(&[("enrollment", enrollment), ("code", &code)]));
            let end = world.run(confirm, ada("thief"));
            assert_eq!(end.map(drop).map_err(|refusal| refusal.code()), Err(4012), "{:?}", outcome.schedule);
            assert_eq!(world.account().confirmed_factors().count(), 0);
        };
        let explored = every_interleaving(&start, &requests, &mut check);
        assert!(explored > 10 && begun > 0, "{explored} {begun}");
    }
}

#[test]
fn an_enrollment_that_a_step_up_began_is_confirmed_after_what_its_own_session_does_in_between() {
    let mut world = stepped_up("one");
    let begun = world.enroll("one").expect("it has stepped up");
    // Longer than the step-up is good.
    world.advance(290);
    world.run(calls::two_factor_status(fields(&[])), ada("one")).expect("a session");
    let code = begun.app.code(world.now, 0);
    let confirm = calls::confirm(fields(&[("enrollment", &begun.token), ("code", &code)]));
    assert!(world.run(confirm, ada("one")).is_ok());
}

/// Begins to enroll a first factor by the old password.
fn enrolling() -> Request {
    Request::new(|_| calls::enroll(fields(&[("method", "totp"), ("password", "right")]))).by(ada("thief"))
}

/// Ada steps up in this session, by a code to her number.
fn stepped_up(session: &'static str) -> World {
    let mut world = World::with_ada();
    let challenge = world.step_up_challenge(session);
    let params = [("challenge", challenge.as_str()), ("code", &world.last_code())];
    world.run(calls::step_up(fields(&params)), ada(session)).unwrap();
    world
}

/// What the trail and the provider hear of a change of the number.
fn told(start: &World, world: &World) -> (Vec<(EventName, String)>, Vec<String>) {
    let events = world.events[start.events.len()..].iter();
    let events = events.map(|event| (event.what, event.about.clone().unwrap_or_default())).collect();
    (events, world.messages[start.messages.len()..].iter().map(|(to, _)| to.clone()).collect())
}

#[test]
fn a_changed_number_is_told_to_the_old_one_and_stands_in_the_trail_once_it_is_saved() {
    let start = stepped_up("one");
    let removed = || (EventName::FactorRemoved, "•••• 0006".to_owned());
    let enrolled = || (EventName::FactorEnrolled, "•••• 0007".to_owned());
    for (number, trail) in [(NEW, vec![removed(), enrolled()]), ("", vec![removed()]), (OLD, vec![])] {
        // The operator's own changes are the operator's to tell.
        for (caller, trail) in [(ada("one"), trail), (master(), vec![])] {
            let mut world = start.clone();
            let change = UserChange { phone_number: Some(number.into()), ..of_ada() };
            let answer = world.run(Call::ChangeUser(change), caller.clone()).unwrap();
            assert_eq!(told(&start, &world), (vec![], vec![]), "{number}: Parse may refuse the save");
            let Answer::Judged { let_through, .. } = answer else { panic!("{answer:?}") };
            ada_row(&mut world).phone_number = Some(number.into()).filter(|number: &String| !number.is_empty());
            if let Some(let_through) = let_through {
                world.run(Call::UserSaved(let_through), caller).unwrap();
            }
            let to = vec![OLD.to_owned(); trail.len().min(1)];
            assert_eq!(told(&start, &world), (trail, to), "{number}");
        }
    }
}

#[test]
fn saved_changes_leave_one_revocation_however_many_they_are() {
    let mut world = stepped_up("one");
    for _ in 0..5 {
        let answer = world.run(Call::ChangeUser((PASSWORD_CHANGE.heard)()), ada("one")).unwrap();
        let Answer::Judged { let_through: Some(let_through), .. } = answer else { panic!("{answer:?}") };
        world.run(Call::UserSaved(let_through), ada("one")).unwrap();
        assert!(world.has_stepped_up("one"), "a session's own change of the password keeps its step-up");
    }
    assert_eq!(world.account().revocations().count(), 1);
}

#[test]
fn a_code_that_went_to_a_number_which_was_removed_meanwhile_is_good_for_nothing() {
    let start = stepped_up("owner");
    let removal = || Request::new(|_| calls::remove(fields(&[("factor", "phone_number")]))).by(ada("owner"));
    let explored = every_interleaving(&start, &[removal(), stepping_up("thief")], |outcome| {
        assert!(outcome.ends[0].is_ok(), "{:?}", outcome.ends);
        let is_after = outcome.turns[0].1 < outcome.turns[1].1;
        assert!(!(is_after && matches!(outcome.ends[1], Ok(Answer::SteppedUp { .. }))), "{:?}", outcome.schedule);
    });
    assert!(explored > 10, "{explored}");
}
