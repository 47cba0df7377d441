//! What a thief can do with one thing of a user's. docs/security.md has the table.

use crate::calls::{self, Fields, fields};
use crate::world::{PASSWORD, World, ada};
use parse_two_factor::Call;
use parse_two_factor::caller::Caller;
use parse_two_factor::wire::{Answer, Method, Param};

/// Ada with a number and an authenticator app; her own sign-in is under way, with a code sent.
fn owner_signing_in() -> World {
    let mut world = World::without_a_factor();
    world.enrolled("owner");
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    world.advance(901);
    world.login(&[PASSWORD[0], PASSWORD[1], ("method", "sms")]).unwrap();
    world
}

/// What somebody can call who knows a code and no password, with the refusal of each.
fn without_a_password(code: &str) -> [(Call, i32); 13] {
    [
        (calls::login(fields(&[PASSWORD[0], ("password", "guessed"), ("code", code)])), 101),
        (calls::login(fields(&[PASSWORD[0], ("password", "guessed")])), 101),
        (calls::login(fields(&[PASSWORD[0], ("code", code)])), 4021),
        (calls::login(fields(&[("challenge", "made.up.k.x"), ("code", code)])), 4012),
        (calls::resend_code(fields(&[("challenge", "made.up.k.x")])), 4012),
        (calls::step_up(fields(&[("challenge", "made.up.k.x"), ("code", code)])), 209),
        (calls::enroll(fields(&[("method", "totp"), ("password", "guessed")])), 209),
        (calls::enroll(fields(&[("method", "totp"), ("enroll", "made.up")])), 4012),
        (calls::confirm(fields(&[("enrollment", "made.up.k.x"), ("code", code)])), 209),
        (calls::remove(fields(&[("factor", "phone_number")])), 209),
        (calls::new_recovery_codes(), 209),
        (calls::two_factor_status(fields(&[])), 209),
        (calls::two_factor_status(fields(&[("userId", "ada")])), 119),
    ]
}

#[test]
fn with_the_number_alone_nobody_signs_in_changes_a_factor_causes_a_message_locks_out_or_learns_anything() {
    let mut world = owner_signing_in();
    let before = world.clone();
    let code = world.last_code();
    for _ in 0..20 {
        for (i, (call, refused)) in without_a_password(&code).into_iter().enumerate() {
            assert_eq!(world.run(call, Caller::default()).unwrap_err().code(), refused, "{i}");
        }
    }
    assert_eq!(world.accounts, before.accounts, "nothing is written, so nothing counts");
    assert_eq!(world.messages, before.messages);
    assert!(world.sessions.is_empty());
}

#[test]
fn with_the_token_of_a_trusted_browser_alone_nobody_signs_in_changes_a_factor_causes_a_message_locks_out_or_learns_anything()
 {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("owner");
    world.advance(901);
    let code = app.code(world.now, 0);
    let texts = [PASSWORD[0], PASSWORD[1], ("code", &*code)].map(|(name, text)| (name.to_owned(), Param::from(text)));
    let params = Fields::of(texts.into_iter().chain([("trust".to_owned(), Param::Flag(true))]));
    let Ok(Answer::Session { device: Some(Some(device)), .. }) = world.run(calls::login(params), Caller::default())
    else {
        panic!("not trusted");
    };
    let before = world.clone();
    for (i, (call, refused)) in without_a_password("000000").into_iter().enumerate() {
        assert_eq!(world.run(call, Caller::default()).unwrap_err().code(), refused, "{i}");
    }
    for (params, refused) in [
        (fields(&[PASSWORD[0], ("password", "guessed"), ("device", &device)]), 101),
        (fields(&[PASSWORD[0], ("device", &device)]), 4021),
        (fields(&[("device", &device)]), 4021),
        (fields(&[("challenge", &device), ("code", "000000")]), 4012),
    ] {
        assert_eq!(world.run(calls::login(params), Caller::default()).unwrap_err().code(), refused);
    }
    for call in [
        calls::forget_device(fields(&[("device", &device)])),
        calls::step_up(fields(&[("device", &device)])),
        calls::enroll(fields(&[("method", "totp"), ("device", &device)])),
    ] {
        assert_eq!(world.run(call, Caller::default()).unwrap_err().code(), 209);
    }
    assert_eq!((&world.accounts, &world.messages), (&before.accounts, &before.messages), "nothing is written or sent");
    assert_eq!(world.sessions.len(), before.sessions.len());
}

#[test]
fn the_password_learns_the_last_digits_of_the_number_and_the_methods() {
    let mut world = owner_signing_in();
    let answer = world.login(&[PASSWORD[0], PASSWORD[1], ("method", "sms")]).unwrap();
    let Answer::Challenge { to, methods, public_key, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(to.as_deref(), Some("•••• 0006"));
    assert_eq!((methods, public_key.is_none()), (vec![Method::Totp, Method::Sms, Method::Recovery], true));
    assert_eq!(world.run(calls::two_factor_status(fields(&[])), Caller::default()).unwrap_err().code(), 209);
}

#[test]
fn a_session_learns_the_names_of_the_factors_and_no_whole_number() {
    let mut world = owner_signing_in();
    let answer = world.run(calls::two_factor_status(fields(&[])), ada("stolen")).unwrap();
    let shown = serde_json::to_string(&answer).unwrap();
    assert!(shown.contains("•••• 0006") && !shown.contains("5005550006"), "{shown}");
    for secret in ["sealed", "secret", "kid", "hash"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_session_gets_five_messages_in_a_quarter_of_an_hour_by_stepping_up() {
    let mut world = World::with_ada();
    let by_sms = || calls::step_up(fields(&[("method", "sms")]));
    for session in ["one", "two", "three", "four", "five"] {
        world.run(by_sms(), ada(session)).unwrap();
    }
    assert_eq!(world.run(by_sms(), ada("six")).unwrap_err().code(), 4015);
    assert_eq!(world.messages.len(), 5);
}
