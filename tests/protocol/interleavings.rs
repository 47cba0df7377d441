//! The invariants, over every interleaving of at least three concurrent requests.

use crate::calls::{self, fields};
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{PASSWORD, Seeded, WORD, World, core, master, token};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::Link;
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

/// A world in which Ada has failed 98 times in a row, and in which somebody kept tokens of challenges that the row forgot or that are over.
fn with_old_tokens() -> (World, Vec<String>) {
    let mut world = World::with_ada();
    let mut old = Vec::new();
    for _ in 0..4 {
        old.push(world.challenge());
        world.forgotten.extend(world.account().challenges.clone());
        world.run(reset(&world), master()).expect("an operator may");
        world.advance(400);
    }
    world.fail_in_a_row(98);
    (world, old)
}

fn guess(token: &str) -> Request {
    let token = token.to_owned();
    Request::new(move |_| calls::login(fields(&[("challenge", &token), ("code", "000000")])))
}

/// Three guesses for old challenges, and the owner's first call.
fn flood(old: &[String]) -> Vec<Request> {
    old[..3].iter().map(|token| guess(token)).chain([Request::new(first_call)]).collect()
}

/// What holds after the flood: the owner is asked for a code.
fn is_harmless(outcome: &Outcome) {
    let schedule = &outcome.schedule;
    assert_eq!(outcome.refused(4012), 3, "{schedule:?} {:?}", outcome.ends);
    assert!(outcome.ends[3].is_ok(), "the owner is asked for a code: {schedule:?} {:?}", outcome.ends);
    assert_eq!(outcome.world.account().attempts.len(), 98, "{schedule:?}");
}

#[test]
fn a_flood_of_old_tokens_writes_nothing_and_locks_nobody_out_even_if_the_process_dies_amid_it() {
    let (mut start, old) = with_old_tokens();
    start.seeded = Some(Seeded::DeadBeforeTakingBack);
    every_interleaving(&start, &flood(&old), is_harmless);

    let writes = start.writes;
    for token in &old {
        assert_eq!(start.answer(token, "000000").unwrap_err().code(), 4012);
        assert_eq!(
            start.run(calls::resend_code(fields(&[("challenge", token)])), Caller::default()).unwrap_err().code(),
            4012
        );
    }
    assert_eq!(start.writes, writes, "a token of a challenge that the row does not know writes nothing");
}

#[test]
fn attempts_that_a_claim_left_behind_are_no_failures() {
    let mut start = challenged(0);
    start.seeded = Some(Seeded::DeadBeforeTakingBack);
    let requests = [right_code, wrong_code, wrong_code].map(Request::new);
    every_interleaving(&start, &requests, |outcome| {
        assert_eq!(outcome.sessions(), 1, "{:?}", outcome.schedule);
        let row = outcome.world.account();
        assert_eq!(row.at(outcome.world.time(), &core().policy.limits).failures(), 0, "{:?}", outcome.schedule);
    });
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
        assert_eq!(world.answer(&challenge, &code).unwrap_err().code(), 4024);
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
    let looked_at = outcome.wrong() + outcome.sessions();
    let before = start.accounts.get("ada").map_or(0, |account| account.attempts.len());
    assert!(
        before + looked_at <= 5,
        "no more codes are looked at than a challenge has attempts: {schedule:?} {:?}",
        outcome.ends
    );
    if let Some(account) = world.accounts.get("ada") {
        if outcome.sessions() == 0 && outcome.count(|end| end.is_ok()) == 0 {
            assert!(
                account.attempts.len() >= before + outcome.wrong(),
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
fn an_identity_that_is_unlinked_amid_a_sign_in_by_it_ends_that_or_comes_after_it() {
    let mut start = World::with_ada();
    let link = Link { provider: "demo".into(), identity: Some("d".into()) };
    start.users.get_mut("ada").unwrap().links = Some(vec![link]);
    let challenge = token(start.login(&WORD).unwrap());
    let code = start.last_code();
    let unlinking = |_: &World| {
        let links = Some(vec![Link { provider: "demo".into(), identity: None }]);
        Call::ChangeUser(UserChange { user: Some("ada".into()), links, ..UserChange::default() })
    };
    let requests = [answer(&challenge, &code), answer(&challenge, "000000"), as_master(unlinking)];
    let explored = every_interleaving(&start, &requests, |outcome| {
        let schedule = &outcome.schedule;
        assert!(outcome.world.sessions.len() <= 1, "{schedule:?}");
        assert!(outcome.world.account().challenges.is_empty(), "{schedule:?}");
        let mut later = outcome.world.clone();
        assert!(later.answer(&challenge, &code).is_err(), "{schedule:?}");
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

#[test]
fn the_checks_find_an_attempt_that_is_counted_on_a_challenge_that_nobody_looked_for() {
    let (start, old) = with_old_tokens();
    assert!(is_caught(Seeded::CountedUnseen, &start, &flood(&old), is_harmless));
}
