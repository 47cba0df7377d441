//! What Parse Dashboard asks for, about a row of `_User` that somebody chose in it.

use crate::calls::{self, fields};
use crate::world::{World, ada, master};
use parse_two_factor::caller::Caller;
use parse_two_factor::wire::{Answer, EventName, PanelFacts};

/// A pointer, as the SDK of Parse Server 8 and newer hands it over.
const POINTER: [(&str, &str); 3] = [("object", "{}"), ("object.className", "_User"), ("object.id", "ada")];

/// The same in JSON, as Parse Server 5 to 7 hand it over.
const JSON_POINTER: [(&str, &str); 3] = [("object", "{}"), ("object.className", "_User"), ("object.objectId", "ada")];

fn with<'a>(pointer: [(&'a str, &'a str); 3], more: &[(&'a str, &'a str)]) -> calls::Fields {
    fields(&[&pointer[..], more].concat())
}

/// Ada with an authenticator app, a number and three failures, and a sign-in under way.
fn world() -> World {
    let mut world = World::without_a_factor();
    world.enrolled("one");
    world.users.get_mut("ada").expect("Ada is there").phone_number = Some("+15005550006".into());
    world.challenge();
    world.fail_in_a_row(3);
    world
}

fn panel(world: &mut World, params: calls::Fields) -> Option<PanelFacts> {
    match world.run(calls::two_factor_status(params), master()) {
        Ok(Answer::Status { panel, .. }) => panel,
        other => panic!("no status but {other:?}"),
    }
}

#[test]
fn the_first_call_of_the_dashboards_script_resets_nothing_and_answers_what_can_be_chosen_the_mildest_first() {
    for pointer in [POINTER, JSON_POINTER] {
        let mut world = world();
        let (before, events, writes) = (format!("{:?}", world.account()), world.events.len(), world.writes);
        for beside in [&[][..], &[("scope", "factors")], &[("payload", "{}")]] {
            let asked = world.run(calls::reset(with(pointer, beside)), master());
            let Ok(Answer::AskScope { scopes }) = asked else { panic!("no choice but {asked:?}") };
            assert_eq!(scopes, ["", "devices", "number", "factors"]);
        }
        assert_eq!((format!("{:?}", world.account()), world.events.len(), world.writes), (before, events, writes));
    }
}

#[test]
fn with_the_form_what_was_chosen_is_reset_and_the_answer_says_whose_and_what() {
    // What goes, whether factors are left, whether the number is, and whether the failures are.
    for (scope, factors, number, failures) in
        [("", true, true, 0), ("devices", true, true, 3), ("number", true, false, 0), ("factors", false, true, 0)]
    {
        for pointer in [POINTER, JSON_POINTER] {
            let mut world = world();
            let form =
                [("formData", "{}"), ("formData.scope", scope), ("formData.ticket", "T-4711"), ("payload", "{}")];
            let answer = world.run(calls::reset(with(pointer, &form)), master());
            let Ok(Answer::WasReset { user, scope: said }) = answer else { panic!("no reset but {answer:?}") };
            assert_eq!((&*user, said), ("ada", scope));
            assert_eq!(!world.confirmed().is_empty(), factors, "{scope}");
            assert_eq!(world.users["ada"].phone_number.is_some(), number, "{scope}");
            assert_eq!(panel(&mut world, with(pointer, &[])).expect("a panel").failures, failures, "{scope}");
            let event = world.events.last().expect("the reset is in the trail");
            assert_eq!(event.what, EventName::Reset);
            assert!(event.about.as_deref().is_some_and(|about| about.contains("ticket T-4711")), "{event:?}");
        }
    }
}

#[test]
fn a_form_that_says_nothing_resets_as_little_as_a_call_without_a_scope() {
    let mut world = world();
    let factors = world.confirmed();
    let answer = world.run(calls::reset(with(POINTER, &[("formData", "{}")])), master());
    assert!(matches!(answer, Ok(Answer::WasReset { scope: "", .. })), "{answer:?}");
    assert_eq!(world.confirmed(), factors);
    assert!(world.users["ada"].phone_number.is_some());
}

#[test]
fn the_dashboard_is_told_of_failures_and_nobody_else_is() {
    let mut world = world();
    let facts = panel(&mut world, with(POINTER, &[])).expect("a panel");
    assert_eq!((&*facts.user, facts.failures, facts.most_failures), ("ada", 3, 100));
    assert!(panel(&mut world, fields(&[("userId", "ada")])).is_none());
    let own = world.run(calls::two_factor_status(fields(&[])), ada("one"));
    assert!(matches!(own, Ok(Answer::Status { panel: None, .. })), "{own:?}");
}

#[test]
fn the_dashboard_needs_the_master_key_whoever_is_signed_in() {
    let mut world = world();
    let before = format!("{:?}", world.account());
    for caller in [Caller::default(), ada("one")] {
        for form in [&[][..], &[("formData", "{}"), ("formData.scope", "factors")]] {
            let reset = world.run(calls::reset(with(POINTER, form)), caller.clone());
            assert_eq!(reset.unwrap_err().code(), 119);
        }
        let status = world.run(calls::two_factor_status(with(POINTER, &[])), caller);
        assert_eq!(status.unwrap_err().code(), 119);
    }
    assert_eq!(format!("{:?}", world.account()), before);
}

#[test]
fn what_is_no_pointer_to_one_user_or_no_form_is_refused_and_resets_nothing() {
    let mut world = world();
    let before = format!("{:?}", world.account());
    let form = [("formData", "{}")];
    for wrong in [
        &[("object", "{}")][..],
        &[("object", "{}"), ("object.className", "_User")],
        &[("object", "{}"), ("object.id", "ada")],
        &[("object", "{}"), ("object.className", "_Role"), ("object.id", "ada")],
        &[("object", "{}"), ("object.className", "_User"), ("object.id", "")],
        &[("object", "{}"), ("object.className", "_User"), ("object.id", "ada"), ("userId", "ada")],
        &[POINTER[0], POINTER[1], POINTER[2], ("formData.scope", "all")],
        &[POINTER[0], POINTER[1], POINTER[2], ("formData.ticket", "two\nlines")],
    ] {
        let params = fields(&[wrong, &form].concat());
        assert_eq!(world.run(calls::reset(params), master()).unwrap_err().code(), 4021, "{wrong:?}");
    }
    let nobody = fields(&[POINTER[0], POINTER[1], ("object.id", "nobody"), form[0]]);
    assert_eq!(world.run(calls::reset(nobody.clone()), master()).unwrap_err().code(), 101);
    assert_eq!(world.run(calls::two_factor_status(nobody), master()).unwrap_err().code(), 101);
    assert_eq!(format!("{:?}", world.account()), before);
}
