//! An operator's resets.

use crate::calls::{self, fields};
use crate::world::{World, ada, master, token};
use parse_two_factor::caller::Caller;
use parse_two_factor::wire::{Answer, EventName, FactorStatus, Refusal};

/// Parameters by name.
type Params<'a> = &'a [(&'a str, &'a str)];

fn reset(world: &mut World, params: &[(&str, &str)]) -> Result<Answer, Refusal> {
    let all: Vec<(&str, &str)> = [("userId", "ada")].into_iter().chain(params.iter().copied()).collect();
    world.run(calls::reset(fields(&all)), master())
}

fn factors(world: &mut World) -> Vec<FactorStatus> {
    match world.run(calls::two_factor_status(fields(&[("userId", "ada")])), master()) {
        Ok(Answer::Status { factors, .. }) => factors,
        other => panic!("no status but {other:?}"),
    }
}

/// Enrolls and confirms a number beside what Ada has, in a session that has stepped up.
fn enroll_number(world: &mut World, session: &str, number: &str, label: &str) {
    let params = [("method", "sms"), ("phoneNumber", number), ("label", label), ("password", "right")];
    let answer = world.run(calls::enroll(fields(&params)), ada(session)).expect("an enrollment may begin");
    let Answer::NumberEnrollment { enrollment, .. } = answer else { panic!("no enrollment but {answer:?}") };
    let params = [("enrollment", &*enrollment), ("code", &*world.last_code())];
    world.run(calls::confirm(fields(&params)), ada(session)).expect("the code is right");
}

#[test]
fn a_reset_of_the_number_empties_the_column_and_removes_every_enrolled_number_and_nothing_else() {
    let mut world = World::without_a_factor();
    let (app, codes) = world.enrolled("one");
    enroll_number(&mut world, "one", "+15005550007", "Work");
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    let shown: Vec<_> = factors(&mut world).into_iter().map(|factor| (factor.label, factor.to)).collect();
    let masked = |digits: &str| Some(format!("•••• {digits}"));
    assert!(shown.contains(&("•••• 0006".into(), masked("0006"))), "{shown:?}");
    assert!(shown.contains(&("Work".into(), masked("0007"))), "{shown:?}");

    reset(&mut world, &[("scope", "number")]).unwrap();

    assert_eq!(world.users["ada"].phone_number, None);
    let left: Vec<_> = factors(&mut world).into_iter().map(|factor| factor.id.to_string()).collect();
    assert_eq!(left, [app.factor]);
    assert!(codes.iter().all(|code| world.is_live(code)), "another factor is left");
    assert!(world.account().factors.iter().all(|factor| factor.kind.method().as_str() != "sms"));
}

#[test]
fn with_the_last_number_go_the_recovery_codes_and_the_user_signs_in_by_password() {
    let mut world = World::without_a_factor();
    enroll_number(&mut world, "one", "+15005550007", "");
    assert!(!world.account().recovery_codes.is_empty());
    reset(&mut world, &[("scope", "number")]).unwrap();
    assert!(world.account().recovery_codes.is_empty());
    assert!(factors(&mut world).is_empty());
    let signed_in = world.login(&[("username", "ada"), ("password", "right")]);
    assert!(matches!(signed_in, Ok(Answer::Session { .. })), "{signed_in:?}");
}

#[test]
fn a_reset_of_the_number_voids_sign_ins_and_step_ups_under_way_and_trust_in_browsers() {
    let mut world = World::with_ada();
    let challenge = token(world.login(&[("username", "ada"), ("password", "right")]).unwrap());
    let code = world.last_code();
    let params = [("challenge", &*challenge), ("code", &*code), ("trust", "")];
    assert!(world.clone().login(&params[..2]).is_ok());
    reset(&mut world, &[("scope", "number")]).unwrap();
    assert_eq!(world.login(&params[..2]).unwrap_err().code(), 4012);
    assert!(world.account().devices.is_empty());
    assert!(!world.has_stepped_up("one"));
}

#[test]
fn a_reset_of_the_number_of_a_user_without_an_account_empties_the_column_all_the_same() {
    let mut world = World::with_ada();
    reset(&mut world, &[("scope", "number")]).unwrap();
    assert_eq!(world.users["ada"].phone_number, None);
    assert_eq!(world.events.last().unwrap().about.as_deref(), Some("number"));
}

#[test]
fn the_trail_says_what_a_reset_was_about_and_for_which_ticket() {
    let cases: [(Params<'_>, Option<&str>); 4] = [
        (&[], None),
        (&[("ticket", "T-4711")], Some("ticket T-4711")),
        (&[("scope", "number"), ("ticket", "T-4711")], Some("number, ticket T-4711")),
        (&[("scope", "devices"), ("ticket", "factors")], Some("devices, ticket factors")),
    ];
    for (params, about) in cases {
        let mut world = World::with_ada();
        reset(&mut world, params).unwrap();
        let event = world.events.last().unwrap();
        assert_eq!((event.what, event.about.as_deref()), (EventName::Reset, about));
    }
}

#[test]
fn nobody_resets_a_number_without_the_master_key() {
    let mut world = World::with_ada();
    for caller in [Caller::default(), ada("one")] {
        let params = fields(&[("userId", "ada"), ("scope", "number")]);
        assert_eq!(world.run(calls::reset(params), caller).unwrap_err().code(), 119);
        assert!(world.users["ada"].phone_number.is_some());
    }
}
