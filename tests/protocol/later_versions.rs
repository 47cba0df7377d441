//! Rows that a later version wrote: what a rollback must not lose.

use crate::calls::{self, fields};
use crate::world::{PASSWORD, World, ada, master, token};
use parse_two_factor::Call;
use parse_two_factor::account::Account;
use parse_two_factor::caller::Caller;
use parse_two_factor::policy::Require;
use parse_two_factor::wire::{Answer, Refusal};
use serde_json::{Value, json};

/// Elements that only a later version knows, by column.
fn unknown() -> Value {
    json!({
        "authenticators": [{"passkey": {"id": "x", "flags": [1, 2.5, -3, null, true]}}],
        "redemptions": [{"mark": {"kind": "trusted", "nonce": "n", "at": 1_795_500_000_000u64}}, {"device": {}}],
        "challenges": [{"poll": "text"}],
        "devices": [{"watch": {"id": "x"}}],
    })
}

fn row(columns: &Value) -> Result<Account, serde_json::Error> {
    serde_json::from_value(columns.clone())
}

/// Puts these elements into Ada's row.
fn with(mut world: World, columns: &Value) -> World {
    let added = row(columns).expect("it can be read");
    let account = world.accounts.entry("ada".into()).or_default();
    account.id = "account-of-ada".into();
    account.marks.extend(added.marks);
    account.unknown_challenges.extend(added.unknown_challenges);
    account.unknown_redemptions.extend(added.unknown_redemptions);
    account.unknown_authenticators.extend(added.unknown_authenticators);
    account.unknown_devices.extend(added.unknown_devices);
    world
}

fn code_of(outcome: Result<Answer, Refusal>) -> i32 {
    outcome.expect_err("a refusal").code()
}

#[test]
fn a_known_tag_with_bad_content_is_refused_and_an_unknown_one_is_kept() {
    assert!(row(&unknown()).is_ok());
    for bad in [
        json!({"authenticators": [{"factor": {"id": 5}}]}),
        json!({"authenticators": [{"factor": {}}]}),
        json!({"authenticators": [{"confirmed": {}}]}),
        json!({"authenticators": [{}]}),
        json!({"authenticators": ["passkey"]}),
        json!({"authenticators": [{"passkey": 1, "other": 2}]}),
        json!({"challenges": [{"attempt": {"challenge": "c"}}]}),
        json!({"devices": [{"device": {"id": "d"}}]}),
        json!({"devices": ["device"]}),
        json!({"challenges": [{"challenge": {"id": "c", "purpose": "step-up", "user": "u", "kid": "k", "at": 1}}]}),
        json!({"redemptions": [{"redemption": {"challenge": "c", "nonce": 1, "at": 1}}]}),
        json!({"redemptions": [{"mark": {}}]}),
        json!({"redemptions": [{"mark": {"kind": "void"}}]}),
        json!({"redemptions": [{"mark": {"kind": "void", "nonce": "n", "at": "now"}}]}),
        json!({"redemptions": [{"mark": {"kind": "stepped-up", "nonce": "n", "at": 1}}]}),
    ] {
        assert!(row(&bad).is_err(), "{bad}");
    }
}

#[test]
fn a_user_whose_factors_are_all_of_a_later_version_gets_4023_and_never_a_session() {
    for require in Require::ALL {
        let mut world = with(World::without_a_factor(), &unknown());
        world.requires.insert("ada".into(), require);
        let outcome = world.login(&PASSWORD);
        if require == Require::Nobody {
            assert!(matches!(outcome, Ok(Answer::Session { .. })));
            continue;
        }
        assert_eq!(code_of(outcome), 4023, "{require:?}");
        let native = world.run(Call::NativeSignIn { user: "ada".into(), presented: Vec::new() }, Caller::default());
        assert_eq!(code_of(native), 4010, "{require:?}");
        let enrolling = calls::enroll(fields(&[("method", "totp"), ("password", "right")]));
        assert_eq!(code_of(world.run(enrolling, ada("one"))), 4020, "a password is not enough: {require:?}");
        assert!(world.sessions.is_empty());
    }
}

#[test]
fn a_user_with_a_number_as_well_signs_in_by_the_number() {
    let mut world = with(World::with_ada(), &unknown());
    let challenge = world.challenge();
    let code = world.last_code();
    assert!(matches!(world.answer(&challenge, &code), Ok(Answer::Session { .. })));
    assert_eq!(world.account().unknown_authenticators.len(), 1, "the factor of the later version is still there");
}

#[test]
fn the_status_does_not_list_a_factor_of_a_later_version() {
    let mut world = with(World::with_ada(), &unknown());
    let status = world.run(calls::two_factor_status(fields(&[])), ada("one"));
    let Ok(Answer::Status { factors, .. }) = status else { panic!("{status:?}") };
    assert_eq!(factors.len(), 1);
}

#[test]
fn an_unknown_mark_revokes_what_was_under_way_before_it() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    let code = app.code(world.now, 0);
    world.step_up("one", &code, "totp");
    assert!(world.has_stepped_up("one"));
    let mut world = with(world, &json!({"redemptions": [{"mark": {"kind": "trusted"}}]}));
    assert!(!world.has_stepped_up("one"));
    world.advance(60);
    let code = app.code(world.now, 0);
    world.step_up("one", &code, "totp");
    assert!(world.has_stepped_up("one"), "a step-up after it knows it");
}

#[test]
fn a_reset_of_all_factors_removes_those_of_a_later_version_and_a_plain_reset_does_not() {
    for (scope, left) in [("", 1), ("factors", 0)] {
        let mut world = with(World::without_a_factor(), &unknown());
        world.run(calls::reset(fields(&[("userId", "ada"), ("scope", scope)])), master()).expect("a user");
        let account = world.account();
        assert_eq!(account.unknown_authenticators.len(), left, "{scope}");
        assert!(account.unknown_challenges.is_empty(), "what is under way is void: {scope}");
        assert!(account.unknown_devices.is_empty(), "what is under way is void: {scope}");
        assert!(account.unknown_redemptions.is_empty(), "what is under way is void: {scope}");
    }
}

#[test]
fn what_is_removed_of_a_later_version_is_named_as_it_was_read() {
    let columns = unknown();
    let read = row(&columns).expect("it can be read");
    for (column, elements) in [
        ("authenticators", serde_json::to_value(&read.unknown_authenticators)),
        ("challenges", serde_json::to_value(&read.unknown_challenges)),
    ] {
        let elements = elements.expect("it can be written");
        for (given, written) in columns[column].as_array().into_iter().flatten().zip(elements.as_array().unwrap()) {
            // JSON from JavaScript has one kind of number.
            assert_eq!(given.to_string().replace(".0", ""), written.to_string().replace(".0", ""));
        }
    }
}

#[test]
fn the_last_factor_that_this_version_knows_stays_where_everyone_needs_one() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    let code = app.code(world.now, 0);
    world.step_up("one", &code, "totp");
    world.requires.insert("ada".into(), Require::Everyone);
    let mut world = with(world, &json!({"authenticators": [{"passkey": {"id": "x"}}]}));
    let removal = calls::remove(fields(&[("factor", &app.factor)]));
    assert_eq!(code_of(world.run(removal, ada("one"))), 4028);
}

#[test]
fn a_sign_in_with_a_challenge_begun_before_an_unknown_mark_opens_nothing_if_the_mark_came_meanwhile() {
    let mut world = World::with_ada();
    let challenge = token(world.login(&PASSWORD).expect("the password is right"));
    let code = world.last_code();
    let params = fields(&[("challenge", &challenge), ("code", &code)]);
    let mut flow = crate::world::flow(calls::login(params), Caller::default(), 77);
    let mut step = flow.start(world.time());
    let mut updates = 0;
    while let parse_two_factor::engine::Step::Do(effect) = step {
        if matches!(effect, parse_two_factor::engine::Effect::UpdateAccount(_)) {
            updates += 1;
            if updates == 2 {
                world = with(world, &json!({"redemptions": [{"mark": {"kind": "trusted", "nonce": "x"}}]}));
            }
        }
        let reply = world.perform(&effect);
        step = flow.resume(reply, world.time());
    }
    assert!(world.sessions.is_empty());
}
