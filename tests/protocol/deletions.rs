//! Deletions of a user, and sign-ups under the id of one who was deleted.

use crate::world::{World, ada, flow, master};
use parse_two_factor::account::Mark;
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::{Effect, Reply, Step};
use parse_two_factor::wire::EventName;
use parse_two_factor::{Call, UserChange};

/// Deletes Ada as Parse does, unless the process dies right after Parse has done so.
fn delete(world: &mut World, caller: &Caller, ids_come_back: bool, dies: bool) {
    let user = || "ada".into();
    world.run(Call::DeleteUser { user: user(), ids_come_back }, caller.clone()).unwrap();
    world.users.remove("ada");
    if !dies {
        world.run(Call::UserDeleted { user: user(), ids_come_back }, caller.clone()).unwrap();
    }
}

/// The code of the refusal of a new user with Ada's id.
fn sign_up(world: &mut World, caller: Caller) -> Option<i32> {
    let change = UserChange { custom_id: Some("ada".into()), password: true, ..UserChange::default() };
    world.run(Call::ChangeUser(change), caller).err().map(|refusal| refusal.code())
}

/// Ada with a number that nobody has asked for yet, and with an authenticator app.
fn worlds() -> [World; 2] {
    let mut enrolled = World::without_a_factor();
    enrolled.enrolled("one");
    [World::with_ada(), enrolled]
}

#[test]
fn where_ids_come_back_nobody_signs_up_under_the_id_of_a_user_who_had_a_factor() {
    for world in worlds() {
        for dies in [false, true] {
            let mut world = world.clone();
            assert_eq!(sign_up(&mut World::default(), Caller::default()), None, "a new id is free");
            delete(&mut world, &master(), true, dies);
            for _ in 0..2 {
                assert_eq!(sign_up(&mut world, Caller::default()), Some(4023), "dies: {dies}");
                // However long ago it was.
                world.advance(90 * 86_400);
            }
            // Without the mark it may be a backup that is being restored, users after accounts.
            assert_eq!(sign_up(&mut world, master()), (!dies).then_some(4023));
            // What `forget` does.
            world.accounts.clear();
            assert_eq!(sign_up(&mut world, Caller::default()), None);
        }
    }
}

#[test]
fn of_a_deleted_user_stays_a_mark_where_ids_come_back_and_else_nothing() {
    for world in worlds() {
        let mut world = world;
        let mut other = world.clone();
        delete(&mut world, &master(), true, false);
        let row = world.account();
        assert!(matches!(row.marks.as_slice(), [Mark::Deleted { .. }]), "{row:?}");
        let bare =
            parse_two_factor::account::Account { id: row.id.clone(), marks: row.marks.clone(), ..Default::default() };
        assert_eq!(*row, bare, "nothing secret is left");

        delete(&mut other, &master(), false, false);
        assert!(other.accounts.is_empty());
    }
}

#[test]
fn a_deletion_is_an_event_that_says_by_whom_it_was() {
    for ids_come_back in [false, true] {
        for (caller, by) in [(master(), "by the master key"), (ada("one"), "by a session")] {
            let mut world = World::without_a_factor();
            delete(&mut world, &caller, ids_come_back, false);
            let [event] = world.events.as_slice() else { panic!("{:?}", world.events) };
            assert_eq!((event.what, &*event.user), (EventName::UserDeleted, "ada"));
            assert_eq!(event.about.as_deref(), Some(by));
        }
    }
}

#[test]
fn a_deletion_is_an_event_also_where_the_account_cannot_be_read() {
    let mut world = World::with_ada();
    world.users.remove("ada");
    let call = Call::UserDeleted { user: "ada".into(), ids_come_back: false };
    let mut flow = flow(call, master(), 1);
    let mut step = flow.start(world.time());
    let end = loop {
        step = match step {
            Step::Done(end) => break end,
            Step::Do(Effect::LoadAccount(_)) => flow.resume(Reply::Failed, world.time()),
            Step::Do(effect) => {
                let reply = world.perform(&effect);
                flow.resume(reply, world.time())
            }
        };
    };
    assert_eq!(end.unwrap_err().code(), 4022);
    assert_eq!(world.events.len(), 1);
}

#[test]
fn a_user_without_a_factor_leaves_an_id_that_is_free() {
    let mut world = World::without_a_factor();
    delete(&mut world, &ada("one"), true, false);
    assert_eq!(sign_up(&mut world, Caller::default()), None);
}

#[test]
fn amid_a_transaction_no_factor_is_removed_since_the_user_may_come_back() {
    let [_, mut world] = worlds();
    let before = world.account().clone();
    for ids_come_back in [false, true] {
        let amid = Caller { transaction: true, ..master() };
        let events = world.events.len();
        world.run(Call::DeleteUser { user: "ada".into(), ids_come_back }, amid.clone()).unwrap();
        world.run(Call::UserDeleted { user: "ada".into(), ids_come_back }, amid).unwrap();
        assert_eq!(*world.account(), before);
        assert_eq!(world.events.len(), events, "nobody was deleted");
    }
}

#[test]
fn a_user_whom_the_apps_queries_hide_is_not_taken_for_a_deleted_one() {
    let [_, mut world] = worlds();
    let before = world.account().clone();
    let events = world.events.len();
    for ids_come_back in [false, true] {
        let call = Call::UserDeleted { user: "ada".into(), ids_come_back };
        let mut flow = flow(call, Caller { transaction: true, ..master() }, 1);
        let mut step = flow.start(world.time());
        let end = loop {
            step = match step {
                Step::Done(end) => break end,
                // A `beforeFind` of the app's, which runs for the master key as well.
                Step::Do(Effect::LoadUser(_)) => flow.resume(Reply::Missing, world.time()),
                Step::Do(effect) => {
                    let reply = world.perform(&effect);
                    flow.resume(reply, world.time())
                }
            };
        };
        assert!(end.is_ok());
        assert_eq!(*world.account(), before);
        assert_eq!(world.events.len(), events, "nobody was deleted");
    }
}

#[test]
fn with_a_user_go_the_sessions_which_would_be_those_of_whoever_gets_the_id() {
    for ids_come_back in [false, true] {
        for mut world in [World::without_a_factor(), World::with_ada()] {
            world.elsewhere = 3;
            delete(&mut world, &master(), ids_come_back, false);
            assert_eq!((world.elsewhere, world.kept.as_slice()), (0, [None].as_slice()), "none is kept");
            assert_eq!(world.events.len(), 1, "{:?}", world.events);
        }
    }
}

#[test]
fn sessions_of_a_deleted_user_that_could_not_be_ended_are_an_event_and_the_account_goes_all_the_same() {
    let mut world = World::with_ada();
    (world.elsewhere, world.stubborn) = (3, 1);
    delete(&mut world, &master(), false, false);
    let told: Vec<_> = world.events.iter().map(|event| (event.what, event.outcome)).collect();
    assert_eq!(told, [(EventName::UserDeleted, 0), (EventName::SessionsEnded, 4022)]);
    assert!(world.accounts.is_empty());
}

#[test]
fn a_session_deletes_its_user_after_a_step_up_whether_or_not_ids_come_back() {
    for ids_come_back in [false, true] {
        let call = || Call::DeleteUser { user: "ada".into(), ids_come_back };
        for world in worlds() {
            assert_eq!(world.clone().run(call(), ada("two")).unwrap_err().code(), 4020);
            assert!(world.clone().run(call(), master()).is_ok());
        }
        let [_, mut enrolled] = worlds();
        assert!(enrolled.run(call(), ada("one")).is_ok(), "its session has just confirmed the factor");
    }
}
