//! What Parse's own `/login` enforces holds on our way in: at the first call, and at the moment a session is opened.

use crate::calls::{self, fields};
use crate::world::{PASSWORD, WORD, World};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::{CheckSignIn, Effect, Reply, Step, User};
use parse_two_factor::wire::{Answer, Refusal};

const LOCKED: (i32, &str) = (101, "Your account is locked");

impl World {
    /// Parse lets a user in, by the row as it is or as the call has read it.
    pub fn let_in_by(&self, check: &CheckSignIn) -> Reply {
        let by_row = check.by_row_of_password && check.provider.is_none();
        let found = self.found.get(&self.acting).filter(|found| by_row && found.id == check.user);
        let now = self.users.get(&*check.user).map(|user| User { basis: Some(self.basis(&user.id)), ..user.clone() });
        let nobody = || Reply::Refused { code: 101, message: "Invalid username/password.".into() };
        found.cloned().or(now).map_or_else(nobody, Reply::User)
    }
}

fn parse_says() -> Refusal {
    Refusal::Parse { code: LOCKED.0, message: LOCKED.1.into() }
}

fn barred(mut world: World) -> World {
    world.barred = Some(LOCKED);
    world
}

#[test]
fn whom_parse_does_not_let_in_hears_that_before_a_code_is_sent() {
    for mut world in [barred(World::with_ada()), barred(World::without_a_factor())] {
        assert_eq!(world.login(&PASSWORD).unwrap_err(), parse_says());
        assert!(world.messages.is_empty() && world.sessions.is_empty() && world.accounts.is_empty());
    }
}

#[test]
fn whom_parse_does_not_let_in_hears_nothing_of_that_without_the_password() {
    let mut world = barred(World::with_ada());
    let refusal = world.login(&[PASSWORD[0], ("password", "wrong")]).unwrap_err();
    assert_eq!(refusal.to_string(), "Invalid username/password.");
}

#[test]
fn whom_parse_stops_after_the_code_was_sent_gets_no_session_on_either_wire() {
    for with_password in [false, true] {
        let mut world = World::with_ada();
        let challenge = world.challenge();
        let code = world.last_code();
        world.barred = Some(LOCKED);
        let end = match with_password {
            true => world.login(&[PASSWORD[0], PASSWORD[1], ("code", &code)]),
            false => world.answer(&challenge, &code),
        };
        assert_eq!(end.unwrap_err(), parse_says());
        assert!(world.sessions.is_empty());
        world.barred = None;
        assert!(matches!(world.answer(&challenge, &code), Ok(Answer::Session { .. })), "nothing was used up");
    }
}

#[test]
fn whom_parse_stops_amid_the_last_call_gets_no_session() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    let params = fields(&[("challenge", &challenge), ("code", &world.last_code())]);
    let mut flow = crate::world::flow(calls::login(params), Caller::default(), 1);
    let mut step = flow.start(world.time());
    let mut asked = 0;
    let end = loop {
        let effect = match step {
            Step::Done(end) => break end,
            Step::Do(effect) => effect,
        };
        let reply = world.perform(&effect);
        if matches!(effect, Effect::CheckSignIn(_)) {
            asked += 1;
            world.barred = Some(LOCKED);
        }
        step = flow.resume(reply, world.time());
    };
    assert_eq!(asked, 2, "before the claim and before the session");
    assert_eq!(end.unwrap_err(), parse_says());
    assert!(world.sessions.is_empty());
}

/// Runs a first call while something changes before Parse is asked whether the user may sign in.
fn amid(world: &mut World, params: &[(&str, &str)], change: impl Fn(&mut World)) -> Result<Answer, Refusal> {
    world.runs += 1;
    let flow = crate::world::flow(calls::login(fields(params)), Caller::default(), world.runs);
    world.finish_amid(flow, |world, effect| {
        if matches!(effect, Effect::CheckSignIn(_)) {
            change(world);
        }
    })
}

#[test]
fn a_first_factor_that_stops_being_right_amid_the_call_opens_nothing_for_a_user_without_a_second_one() {
    type Change = fn(&mut World);
    let password: Change = |world| _ = world.passwords.insert("ada".into(), "new");
    let unlinked: Change = |world| world.users.get_mut("ada").unwrap().links = Some(Vec::new());
    for (params, change) in [(&PASSWORD[..], password), (&PASSWORD, unlinked), (&WORD, unlinked)] {
        let mut world = World::without_a_factor();
        assert_eq!(amid(&mut world, params, change).unwrap_err(), Refusal::TryAgain);
        assert!(world.sessions.is_empty());
        assert!(matches!(amid(&mut World::without_a_factor(), params, |_| ()), Ok(Answer::Session { .. })));
    }
}

#[test]
fn a_providers_word_for_a_row_that_changed_sends_no_code() {
    let mut world = World::with_ada();
    let unlinked = |world: &mut World| world.users.get_mut("ada").unwrap().links = Some(Vec::new());
    assert_eq!(amid(&mut world, &WORD, unlinked).unwrap_err(), Refusal::TryAgain);
    assert!(world.messages.is_empty() && world.accounts.is_empty());
    assert!(matches!(amid(&mut World::with_ada(), &WORD, |_| ()), Ok(Answer::Challenge { .. })));
}

/// By what row Parse is asked, each time: `true` for the one that the password was right for.
fn rows_asked_by(world: &mut World, params: &[(&str, &str)]) -> Vec<bool> {
    world.runs += 1;
    let mut flow = crate::world::flow(calls::login(fields(params)), Caller::default(), world.runs);
    let mut step = flow.start(world.time());
    let mut rows = Vec::new();
    while let Step::Do(effect) = step {
        if let Effect::CheckSignIn(check) = &effect {
            rows.push(check.by_row_of_password);
        }
        assert!(!matches!(effect, Effect::LoadUser(_)), "Parse's answer has the row");
        step = flow.resume(world.perform(&effect), world.time());
    }
    rows
}

#[test]
fn parse_is_asked_by_the_row_as_it_is_before_the_claim_and_before_the_session() {
    let mut world = World::with_ada();
    assert_eq!(rows_asked_by(&mut world, &PASSWORD), [true], "before the code is sent");
    let code = world.last_code();
    let repeated = [PASSWORD[0], PASSWORD[1], ("code", &code)];
    assert_eq!(rows_asked_by(&mut world, &repeated), [true, false], "before the session");
    let challenge = world.challenge();
    let answer = [("challenge", challenge.as_str()), ("code", &world.last_code())];
    assert_eq!(rows_asked_by(&mut world, &answer), [false, false]);
    assert_eq!(world.sessions.len(), 2);
}

#[test]
fn whom_parse_stops_after_the_code_was_sent_is_sent_no_other() {
    let mut world = World::with_ada();
    let challenge = world.challenge();
    world.advance(31);
    world.barred = Some(LOCKED);
    let resend = calls::resend_code(fields(&[("challenge", &challenge)]));
    assert_eq!(world.run(resend, Caller::default()).unwrap_err(), parse_says());
    assert_eq!(world.messages.len(), 1);
}

#[test]
fn a_step_up_of_a_session_that_parse_has_opened_does_not_ask_its_sign_in_rules() {
    let mut world = World::with_ada();
    world.barred = Some(LOCKED);
    let challenge = world.step_up_challenge("phone");
    world.advance(31);
    let resend = calls::resend_code(fields(&[("challenge", &challenge)]));
    assert!(matches!(world.run(resend, crate::world::ada("phone")), Ok(Answer::Challenge { .. })));
}

#[test]
fn where_parse_cannot_be_asked_nobody_gets_a_session() {
    let replies: [(fn() -> Reply, i32); 3] =
        [(|| Reply::Unasked, 4023), (|| Reply::Failed, 4022), (|| Reply::Missing, 4022)];
    for (reply, code) in replies {
        for mut world in [World::with_ada(), World::without_a_factor()] {
            let mut flow = crate::world::flow(calls::login(fields(&PASSWORD)), Caller::default(), 1);
            let mut step = flow.start(world.time());
            let end = loop {
                let effect = match step {
                    Step::Done(end) => break end,
                    Step::Do(effect) => effect,
                };
                let reply = match effect {
                    Effect::CheckSignIn(_) => reply(),
                    _ => world.perform(&effect),
                };
                step = flow.resume(reply, world.time());
            };
            assert_eq!(end.unwrap_err().code(), code);
            assert!(world.messages.is_empty() && world.sessions.is_empty());
        }
    }
}
