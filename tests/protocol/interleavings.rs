//! The invariants, over every interleaving of at least three concurrent requests.

use crate::calls::{self, fields};
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{PASSWORD, Seeded, WORD, World, core, master, token};
use parse_two_factor::wire::Answer;
use parse_two_factor::{Call, UserChange};

fn first_call(_: &World) -> Call {
    calls::login(fields(&PASSWORD))
}

fn right_code(world: &World) -> Call {
    let code = world.last_code();
    calls::login(fields(&[PASSWORD[0], PASSWORD[1], ("code", &code)]))
}

fn wrong_code(world: &World) -> Call {
    let code = world.wrong_code();
    calls::login(fields(&[PASSWORD[0], PASSWORD[1], ("code", &code)]))
}

fn resend(world: &World) -> Call {
    let challenge = &world.account().challenges[0];
    let account = &world.account().id;
    let token = parse_two_factor::challenge::token::token(challenge, account, &core().keys).unwrap();
    calls::resend_code(fields(&[("challenge", &token)]))
}

fn reset(_: &World) -> Call {
    calls::reset(fields(&[("userId", "ada")]))
}

fn change_of_number(_: &World) -> Call {
    Call::ChangeUser(UserChange {
        user: Some("ada".into()),
        phone_number: Some("+15005550007".into()),
        password: false,
        sender: None,
        ..UserChange::default()
    })
}

fn as_master(call: fn(&World) -> Call) -> Request {
    Request { caller: master(), ..Request::new(call) }
}

/// A world in which Ada has a challenge under way and has already made this many wrong attempts.
fn challenged(wrong: usize) -> World {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    for _ in 0..wrong {
        let code = world.wrong_code();
        assert_eq!(world.answer(&challenge, &code).unwrap_err().code(), 141);
    }
    world
}

/// What holds after every interleaving, whatever was asked.
fn holds(start: &World, outcome: &Outcome) {
    let Outcome { world, schedule, .. } = outcome;
    let opened = world.sessions.len() - start.sessions.len();
    assert!(opened == 0 || !world.messages.is_empty(), "no session without a code that was sent: {schedule:?}");
    assert!(opened <= 1, "at most one session per challenge: {schedule:?}");
    assert_eq!(world.unasked, 0, "Parse is asked right before a session is opened: {schedule:?}");
    let looked_at = outcome.refused(141) + outcome.sessions();
    let before = start.accounts.get("ada").map_or(0, |account| account.attempts.len());
    assert!(
        before + looked_at <= 5,
        "no more codes are looked at than a challenge has attempts: {schedule:?} {:?}",
        outcome.ends
    );
    if let Some(account) = world.accounts.get("ada") {
        if outcome.sessions() == 0 && outcome.count(|end| end.is_ok()) == 0 {
            assert!(
                account.attempts.len() >= before + outcome.refused(141),
                "failures never decrease but by a success: {schedule:?}"
            );
        }
        assert!(account.codes.len() <= world.messages.len(), "a refusal leaves nothing half-written: {schedule:?}");
    }
}

#[test]
fn three_right_codes_at_once_open_one_session() {
    let start = challenged(0);
    let requests = [right_code, right_code, right_code].map(Request::new);
    let explored = every_interleaving(&start, &requests, |outcome| {
        holds(&start, outcome);
        assert_eq!(outcome.sessions(), 1, "{:?}", outcome.schedule);
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn parallel_guesses_beyond_the_cap_are_not_looked_at() {
    let start = challenged(3);
    let requests = [wrong_code, wrong_code, wrong_code, right_code].map(Request::new);
    let explored = every_interleaving(&start, &requests, |outcome| holds(&start, outcome));
    assert!(explored > 1, "{explored}");
}

#[test]
fn three_first_calls_at_once_send_one_message_and_agree_on_the_challenge() {
    for skews in [[0, 0, 0], [0, 3, -2], [5, 0, 1]] {
        let start = World::with_ada();
        let requests = skews.map(|skew| Request::new(first_call).skewed(skew));
        let explored = every_interleaving(&start, &requests, |outcome| {
            let schedule = &outcome.schedule;
            holds(&start, outcome);
            assert_eq!(outcome.world.messages.len(), 1, "{schedule:?}");
            let account = outcome.world.account();
            assert_eq!(account.challenges.len(), 1, "{schedule:?}");
            assert_eq!(account.codes.len(), 1, "{schedule:?}");
            let id = &account.challenges[0].id;
            for end in &outcome.ends {
                match end {
                    Ok(answer) => assert!(format_token(answer).starts_with(&**id), "{schedule:?}"),
                    Err(refusal) => panic!("{refusal:?} {schedule:?}"),
                }
            }
        });
        assert!(explored > 1, "{explored}");
    }
}

fn format_token(answer: &Answer) -> &str {
    match answer {
        Answer::Challenge { challenge, .. } => challenge,
        other => panic!("no challenge but {other:?}"),
    }
}

fn first_call_by_a_word(_: &World) -> Call {
    calls::login(fields(&WORD))
}

/// A request with the code that was sent last, for this challenge.
fn answer(challenge: &str, code: &str) -> Request {
    let params = fields(&[("challenge", challenge), ("code", code)]);
    Request::new(move |_| calls::login(params.clone()))
}

#[test]
fn first_calls_by_a_word_and_by_the_password_at_once_agree_each_on_a_challenge_of_their_own() {
    let start = World::with_ada();
    let requests = [first_call_by_a_word, first_call_by_a_word, first_call].map(Request::new);
    let explored = every_interleaving(&start, &requests, |outcome| {
        let schedule = &outcome.schedule;
        holds(&start, outcome);
        let tokens: Vec<&str> = outcome.ends.iter().flatten().map(format_token).collect();
        assert_eq!(tokens.len(), 3, "{schedule:?}");
        assert!(tokens[0] == tokens[1] && tokens[0] != tokens[2], "{schedule:?}");
        assert_eq!(outcome.world.account().challenges.len(), 2, "{schedule:?}");
        assert_eq!(outcome.world.messages.len(), 2, "{schedule:?}");
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn three_right_codes_at_once_after_a_word_open_one_session_and_parse_was_asked_for_its_rules_about_providers() {
    let mut start = World::with_ada();
    let challenge = token(start.login(&WORD).unwrap());
    let code = start.last_code();
    start.asked_about.clear();
    let explored = every_interleaving(&start, &[(); 3].map(|()| answer(&challenge, &code)), |outcome| {
        holds(&start, outcome);
        assert_eq!(outcome.sessions(), 1, "{:?}", outcome.schedule);
        assert!(outcome.world.asked_about.iter().all(Option::is_some), "{:?}", outcome.schedule);
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn a_provider_that_is_down_leaves_nothing_behind_whoever_asks_at_once() {
    let mut start = World::with_ada();
    start.provider_is_down = true;
    let requests = [first_call, first_call, first_call].map(Request::new);
    every_interleaving(&start, &requests, |outcome| {
        let schedule = &outcome.schedule;
        assert!(outcome.world.messages.is_empty());
        assert!(outcome.refused(4018) >= 1, "{schedule:?}");
        let account = outcome.world.account();
        assert!(account.codes.is_empty(), "{schedule:?}");
        assert!(account.challenges.is_empty(), "{schedule:?}");
        assert!(outcome.world.windows.values().all(|count| *count == 0), "nothing was used up: {schedule:?}");
    });
}

#[test]
fn a_resend_among_guesses_gives_no_more_of_them() {
    let mut start = challenged(3);
    start.advance(31);
    let requests = [resend, wrong_code, wrong_code, wrong_code].map(Request::new);
    let explored = every_interleaving(&start, &requests, |outcome| holds(&start, outcome));
    assert!(explored > 1, "{explored}");
}

#[test]
fn resends_at_once_send_one_message() {
    let mut start = challenged(0);
    start.advance(31);
    let requests = [resend, resend, first_call].map(Request::new);
    let explored = every_interleaving(&start, &requests, |outcome| {
        holds(&start, outcome);
        let schedule = &outcome.schedule;
        assert_eq!(outcome.world.messages.len(), 2, "{schedule:?}");
        assert_eq!(outcome.world.account().codes.len(), 2, "{schedule:?}");
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn a_reset_and_a_change_of_number_void_what_is_under_way_or_come_after_it() {
    let start = challenged(2);
    for other in [reset as fn(&World) -> Call, change_of_number] {
        let requests = [Request::new(right_code), Request::new(wrong_code), as_master(other)];
        let explored = every_interleaving(&start, &requests, |outcome| {
            assert!(outcome.world.sessions.len() <= 1);
            assert!(outcome.world.account().challenges.is_empty(), "{:?}", outcome.schedule);
        });
        assert!(explored > 1, "{explored}");
    }
}

#[test]
fn the_checks_find_a_comparison_before_the_count() {
    let start = challenged(3);
    let requests = [wrong_code, wrong_code, wrong_code].map(Request::new);
    assert!(is_caught(Seeded::CompareBeforeCount, &start, &requests, |outcome| holds(&start, outcome)));
}

#[test]
fn the_checks_find_a_session_opened_before_the_claim() {
    let start = challenged(0);
    let requests = [right_code, right_code, right_code].map(Request::new);
    assert!(is_caught(Seeded::OpenBeforeClaim, &start, &requests, |outcome| holds(&start, outcome)));
}

#[test]
fn the_checks_find_a_count_reset_by_a_resend() {
    let mut start = challenged(3);
    start.advance(31);
    let requests = [resend, wrong_code, wrong_code, wrong_code].map(Request::new);
    assert!(is_caught(Seeded::ResetOnResend, &start, &requests, |outcome| holds(&start, outcome)));
}

#[test]
fn the_checks_find_a_session_opened_without_asking_parse() {
    let start = challenged(0);
    let requests = [right_code, right_code, right_code].map(Request::new);
    assert!(is_caught(Seeded::OpenUnasked, &start, &requests, |outcome| holds(&start, outcome)));
}
