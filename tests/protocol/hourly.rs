//! What a session may change without a step-up, beside the names of factors that count.

use crate::calls::{self, Fields, fields};
use crate::world::{World, ada, master};
use parse_two_factor::Call;
use parse_two_factor::account::Device;
use parse_two_factor::time::Span;
use parse_two_factor::wire::{Param, Refusal};

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
