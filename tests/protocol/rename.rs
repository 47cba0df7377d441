//! Giving a factor another name: what a session may change without a step-up.

use crate::calls::{self, fields};
use crate::explore::{Request, every_interleaving};
use crate::factors::removal;
use crate::world::{App, World, ada, flow};
use parse_two_factor::Call;
use parse_two_factor::engine::{Effect, Step};
use parse_two_factor::wire::{Answer, FactorStatus, Refusal};

fn renaming(factor: &str, label: &str) -> Call {
    calls::rename(fields(&[("factor", factor), ("label", label)]))
}

fn rename(world: &mut World, app: &App, label: &str, session: &str) -> Result<FactorStatus, Refusal> {
    match world.run(renaming(&app.factor, label), ada(session))? {
        Answer::Renamed { factor } => Ok(factor),
        other => panic!("not renamed but {other:?}"),
    }
}

/// The names of Ada's factors.
fn labels(world: &World) -> Vec<String> {
    world.account().confirmed_factors().map(|factor| factor.label.clone()).collect()
}

fn code_of<T: std::fmt::Debug>(end: Result<T, Refusal>) -> i32 {
    end.expect_err("a refusal").code()
}

#[test]
fn a_renamed_factor_is_the_same_factor_under_another_name() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    let renamed = rename(&mut world, &app, "Phone", "one").expect("it is there");
    assert_eq!((&*renamed.id, &*renamed.label), (&*app.factor, "Phone"));
    assert_eq!(labels(&world), ["Phone"]);
    assert_eq!(world.account().factors.len(), 1, "the element with the old name is gone");
    world.advance(60);
    let challenge = world.challenge();
    assert!(world.answer(&challenge, &app.code(world.now, 0)).is_ok());
    assert_eq!(labels(&world), ["Phone"]);
}

#[test]
fn users_rename_their_own_enrolled_factors_and_nothing_else() {
    let mut world = World::with_ada();
    assert_eq!(code_of(world.run(renaming("phone_number", "Phone"), ada("one"))), 4016, "there is no row");
    let challenge = world.step_up_challenge("one");
    let code = world.last_code();
    let params = fields(&[("challenge", &challenge), ("code", &code)]);
    world.run(calls::step_up(params), ada("one")).expect("the code is right");
    let (app, _) = world.enrolled("one");
    for factor in ["phone_number", "made up"] {
        assert_eq!(code_of(world.run(renaming(factor, "Phone"), ada("one"))), 4016, "{factor}");
    }
    let grace = parse_two_factor::caller::Caller { user: Some("grace".into()), ..ada("one") };
    assert_eq!(code_of(world.run(renaming(&app.factor, "Mine"), grace)), 4016);
    assert_eq!(code_of(world.run(renaming(&app.factor, "Phone"), parse_two_factor::caller::Caller::default())), 209);
    for label in ["", "\u{7}", &"x".repeat(65)] {
        assert_eq!(code_of(world.run(renaming(&app.factor, label), ada("one"))), 4021, "{label}");
    }
    let begun = world.account().pending_factors().next().map(|factor| factor.id.to_string());
    assert_eq!(begun, None);
    assert_eq!(labels(&world), [""]);
}

#[test]
fn a_user_changes_twenty_names_an_hour_in_all_sessions_together() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    for i in 0..20 {
        rename(&mut world, &app, &format!("Phone {i}"), &format!("session {i}")).expect("there is room");
        world.advance(60);
    }
    let refusal = rename(&mut world, &app, "Phone", "one").unwrap_err();
    assert_eq!(refusal, Refusal::TooMany { seconds: 3600 - 20 * 60 });
    assert_eq!(labels(&world), ["Phone 19"]);
    assert_eq!(world.account().factors.len(), 1, "a refused change leaves nothing");
    world.advance(3600 - 20 * 60 - 1);
    assert_eq!(code_of(rename(&mut world, &app, "Phone", "one")), 4015);
    world.advance(1);
    rename(&mut world, &app, "Phone", "one").expect("the first of the twenty is an hour ago");
    assert_eq!(code_of(rename(&mut world, &app, "Again", "one")), 4015, "the hour goes with the changes");
}

#[test]
fn a_call_that_changes_nothing_and_the_status_write_nothing_and_are_not_counted() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    rename(&mut world, &app, "Phone", "one").expect("it is there");
    let before = world.account().clone();
    for call in [renaming(&app.factor, "Phone"), calls::two_factor_status(fields(&[]))] {
        let mut flow = flow(call, ada("one"), 1);
        let mut step = flow.start(world.time());
        while let Step::Do(effect) = step {
            let reads = matches!(
                effect,
                Effect::LoadAccount(_) | Effect::LoadUser(_) | Effect::AskRequirement(_) | Effect::FindSignIn(_)
            );
            assert!(reads, "{effect:?}");
            let reply = world.perform(&effect);
            step = flow.resume(reply, world.time());
        }
        assert!(matches!(step, Step::Done(Ok(_))));
    }
    for _ in 0..100 {
        rename(&mut world, &app, "Phone", "one").expect("nothing changes");
        world.run(calls::two_factor_status(fields(&[])), ada("one")).expect("a session");
    }
    assert_eq!(*world.account(), before);
}

#[test]
fn of_renames_at_once_one_name_stays_and_a_removal_leaves_none() {
    let mut start = World::without_a_factor();
    let (app, _) = start.enrolled("one");
    start.advance(30);
    start.step_up("one", &app.code(start.now, 0), "totp");
    let requests = ["Phone", "Tablet", "Watch"].map(|label| {
        let factor = app.factor.clone();
        Request::new(move |_| renaming(&factor, label)).by(ada("one"))
    });
    let explored = every_interleaving(&start, &requests, |outcome| {
        let row = outcome.world.account();
        assert_eq!(labels(&outcome.world).len(), 1, "{:?}", outcome.schedule);
        assert_eq!(row.factors.len(), 1, "{:?} {:?}", outcome.schedule, outcome.ends);
        assert!(outcome.count(Result::is_ok) >= 1, "{:?} {:?}", outcome.schedule, outcome.ends);
        assert_eq!(outcome.count(Result::is_ok) + outcome.refused(4022), 3, "{:?}", outcome.ends);
    });
    assert!(explored > 1, "{explored}");
    let factor = app.factor.clone();
    let requests = [Request::new(move |_| renaming(&factor, "Phone")).by(ada("two")), removal(&app, "one")];
    every_interleaving(&start, &requests, |outcome| {
        assert!(outcome.ends[1].is_ok(), "{:?} {:?}", outcome.schedule, outcome.ends);
        assert!(labels(&outcome.world).is_empty(), "{:?}", outcome.schedule);
        assert!(outcome.world.account().factors.is_empty(), "nothing secret is left: {:?}", outcome.schedule);
    });
}

#[test]
fn renames_at_once_are_no_more_than_the_hour_has_room_for() {
    let mut start = World::without_a_factor();
    let (app, _) = start.enrolled("one");
    for i in 0..19 {
        rename(&mut start, &app, &format!("Phone {i}"), "one").expect("there is room");
    }
    let requests = ["Phone", "Tablet", "Watch"].map(|label| {
        let factor = app.factor.clone();
        Request::new(move |_| renaming(&factor, label)).by(ada("one"))
    });
    every_interleaving(&start, &requests, |outcome| {
        assert!(outcome.count(Result::is_ok) <= 1, "{:?} {:?}", outcome.schedule, outcome.ends);
        assert_eq!(outcome.world.account().factors.len(), 1, "{:?}", outcome.schedule);
    });
}
