//! Codes as people type them, and codes that were used before.

use crate::world::World;
use parse_two_factor::wire::{Answer, Refusal};

fn code_of(outcome: Result<Answer, Refusal>) -> i32 {
    outcome.expect_err("a refusal").code()
}

/// Every character with the property White_Space (Unicode's PropList.txt), and the hyphens.
const SEPARATORS: [char; 28] = [
    '\t', '\n', '\u{b}', '\u{c}', '\r', ' ', '\u{85}', '\u{a0}', '\u{1680}', '\u{2000}', '\u{2001}', '\u{2002}',
    '\u{2003}', '\u{2004}', '\u{2005}', '\u{2006}', '\u{2007}', '\u{2008}', '\u{2009}', '\u{200a}', '\u{2028}',
    '\u{2029}', '\u{202f}', '\u{205f}', '\u{3000}', '-', '\u{2010}', '\u{2011}',
];

#[test]
fn a_code_is_read_without_white_space_and_hyphens_and_nothing_else_is_left_out() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    let right = world.last_code();
    for between in SEPARATORS {
        let typed = format!("{between}{}{between}{between}{}{between}", &right[..2], &right[2..]);
        assert!(world.clone().answer(&challenge, &typed).is_ok(), "{between:?}");
    }
    for other in ["\u{feff}", "+", ".", "\u{2012}", "\u{2013}", "\u{2212}", "\u{200b}", "\u{2060}", "\u{180e}", "_"] {
        let mut world = world.clone();
        assert_eq!(code_of(world.answer(&challenge, &format!("{right}{other}"))), 4024, "{other:?}");
        assert_eq!(world.account().attempts.len(), 1, "one submission is one attempt");
    }
    for zero in [0xff10, 0x660, 0x966, 0x1d7ce] {
        let others: String = right.chars().map(|c| char::from_u32(zero + (c as u32 - 48)).unwrap()).collect();
        assert_eq!(code_of(world.clone().answer(&challenge, &others)), 4024, "digits of another script");
    }
}

#[test]
fn a_recovery_code_is_read_however_it_is_typed_and_whatever_the_client_calls_it() {
    let mut world = World::without_a_factor();
    let (_, codes) = world.enrolled("one");
    let challenge = world.challenge();
    let typed = codes[0].to_lowercase().replace('-', "\u{2011} ");
    for method in ["totp", "sms", "recovery"] {
        let params = [("challenge", challenge.as_str()), ("code", typed.as_str()), ("method", method)];
        assert!(world.clone().login(&params).is_ok(), "{method}");
    }
    assert!(world.clone().answer(&challenge, &typed).is_ok());
    let short = &codes[0][1..];
    assert_eq!(code_of(world.answer(&challenge, short)), 4024, "25 letters and digits are a code of another kind");
    assert!(!world.account().attempts[0].unguessable);
}

#[test]
fn a_used_code_of_an_authenticator_app_is_told_apart_and_writes_nothing() {
    let mut world = World::without_a_factor();
    let (app, codes) = world.enrolled("one");
    world.advance(60);
    let used = app.code(world.now, 0);
    let challenge = world.challenge();
    assert!(world.answer(&challenge, &used).is_ok());
    let next = world.challenge();
    let writes = world.writes;
    for used in [used.clone(), app.code(world.now, -1)] {
        for _ in 0..7 {
            assert_eq!(code_of(world.answer(&next, &used)), 4025);
        }
    }
    assert_eq!(code_of(world.answer(&challenge, &used)), 4012, "the challenge goes first");
    assert_eq!(world.writes, writes);

    let mut expired = world.clone();
    expired.advance(300);
    assert_eq!(code_of(expired.answer(&next, &used)), 4011);
    let mut disabled = world.clone();
    disabled.fail_in_a_row(100);
    assert_eq!(code_of(disabled.answer(&next, &used)), 4019);
    let wrong = app.code(world.now, 5);
    (0..5).for_each(|_| assert_eq!(code_of(world.answer(&next, &wrong)), 4024));
    assert_eq!(code_of(world.answer(&next, &used)), 4013);

    world.advance(301);
    let last = world.challenge();
    assert!(world.answer(&last, &codes[0]).is_ok());
    let again = world.challenge();
    assert_eq!(code_of(world.answer(&again, &codes[0])), 4024, "a used recovery code is a wrong one");
}

#[test]
fn a_used_code_is_no_answer_to_the_code_that_was_sent_either() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    let by_sms = [("username", "ada"), ("password", "right"), ("method", "sms")];
    let challenge = crate::world::token(world.login(&by_sms).unwrap());
    let used = app.code(world.now, -1);
    assert_eq!(code_of(world.answer(&challenge, &used)), 4025);
    let named = [("challenge", challenge.as_str()), ("code", used.as_str()), ("method", "sms")];
    assert_eq!(code_of(world.login(&named)), 4024, "as the code that was sent it is a wrong one");
}
