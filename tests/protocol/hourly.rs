//! What a session may change without a step-up, beside the names of factors that count.

use crate::calls::{self, Fields, fields};
use crate::world::{World, ada, master};
use parse_two_factor::Call;
use parse_two_factor::account::Device;
use parse_two_factor::time::Span;
use parse_two_factor::wire::{Answer, Param, Refusal};

/// Ada, who trusts one browser more.
fn trusting(world: &mut World, id: &str) {
    let at = world.time();
    let device = Device {
        id: id.into(),
        label: String::new(),
        at,
        ends_at: at + Span::from_seconds(86_400),
        kid: "k".into(),
        hash: String::new(),
        basis: String::new(),
    };
    world.accounts.get_mut("ada").expect("Ada has an account").devices.push(device);
}

fn forgetting(id: &str) -> Call {
    calls::forget_device(fields(&[("device", id)]))
}

fn devices(world: &World) -> usize {
    world.account().devices.len()
}

#[test]
fn a_users_sessions_forget_twenty_browsers_an_hour_and_all_of_them_at_any_time() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    for i in 0..20 {
        trusting(&mut world, "d");
        world.run(forgetting("d"), ada(&format!("session {i}"))).expect("there is room");
        assert_eq!(devices(&world), 0);
        let before = world.account().clone();
        world.run(forgetting("d"), ada("one")).expect("it is forgotten already");
        assert_eq!(*world.account(), before, "what changes nothing is not counted");
        world.advance(60);
    }
    trusting(&mut world, "d");
    let before = world.account().clone();
    let refusal = world.run(forgetting("d"), ada("one")).expect_err("no room");
    assert_eq!(refusal, Refusal::TooMany { seconds: 3600 - 20 * 60 });
    assert_eq!(*world.account(), before, "a refused change leaves everything");
    let rename = calls::rename(fields(&[("factor", &app.factor), ("label", "Phone")]));
    assert_eq!(world.run(rename, ada("one")).unwrap_err().code(), 4015, "all changes have one limit");
    for (call, caller) in [
        (calls::forget_device(Fields::of([("all".into(), Param::Flag(true))])), ada("one")),
        (calls::reset(fields(&[("userId", "ada"), ("scope", "devices")])), master()),
    ] {
        let mut world = world.clone();
        world.run(call, caller).expect("a thief of a session must not stand in its way");
        assert_eq!(devices(&world), 0);
    }
    world.advance(3600 - 20 * 60);
    world.run(forgetting("d"), ada("one")).expect("the first of the twenty is an hour ago");
}

#[test]
fn an_app_that_is_being_enrolled_gets_another_name_twenty_times_an_hour() {
    let mut world = World::without_a_factor();
    let named = |label: &str| calls::enroll(fields(&[("method", "totp"), ("password", "right"), ("label", label)]));
    let shown = |answer: Answer| match answer {
        Answer::TotpEnrollment { enrollment, .. } => enrollment.to_string(),
        other => panic!("no enrollment but {other:?}"),
    };
    let begun = shown(world.run(named("Phone"), ada("one")).expect("an enrollment"));
    for i in 0..20 {
        for _ in 0..2 {
            let again = world.run(named(&format!("Phone {i}")), ada("one")).expect("there is room");
            assert_eq!(shown(again), begun);
        }
    }
    let before = world.account().clone();
    assert_eq!(world.run(named("Phone"), ada("one")).unwrap_err().code(), 4015);
    assert_eq!(*world.account(), before, "a refused change leaves nothing");
    for same in ["", "Phone 19"] {
        let again = world.run(named(same), ada("one")).expect("nothing changes");
        assert_eq!(shown(again), begun);
    }
    assert_eq!(*world.account(), before);
}
