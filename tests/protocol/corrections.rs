//! Correcting a number from which no code ever came back.

use crate::calls::{self, fields};
use crate::explore::{Request, every_interleaving};
use crate::world::{Happened, World, ada, master, token};
use parse_two_factor::caller::Caller;
use parse_two_factor::wire::{Answer, EventName};
use parse_two_factor::{Call, UserChange};

const WRONG: &str = "+15005550006";
const RIGHT: &str = "+15005550007";
const OTHER: &str = "+15005550008";

fn number(number: &str) -> UserChange {
    UserChange { user: Some("ada".into()), phone_number: Some(number.into()), ..UserChange::default() }
}

/// Parse's part of a save: it writes the number, and hands back what was let through.
fn write(world: &mut World, written: &str, answer: &Answer) -> Option<Call> {
    let Answer::Judged { let_through, .. } = answer else { panic!("no save was judged: {answer:?}") };
    world.users.get_mut("ada").unwrap().phone_number = Some(written.to_owned()).filter(|text| !text.is_empty());
    let_through.clone().map(|mut change| {
        // The id of a new user is known by then.
        change.user = "ada".into();
        Call::UserSaved(change)
    })
}

/// Saves a change of the number, from `beforeSave` to `afterSave`.
fn save(world: &mut World, change: UserChange, caller: Caller) -> Result<(), i32> {
    let written = change.phone_number.clone().expect("a number");
    let answer = world.run(Call::ChangeUser(change), caller.clone()).map_err(|refusal| refusal.code())?;
    if let Some(saved) = write(world, &written, &answer) {
        world.run(saved, caller).expect("it is saved");
    }
    Ok(())
}

/// Ada has signed up with a number in this session.
fn signed_up(session: &str) -> World {
    let mut world = World::without_a_factor();
    save(&mut world, UserChange { user: None, ..number(WRONG) }, ada(session)).expect("a sign-up");
    world
}

/// Ada, who had no factor, has written a number in this session.
fn written(session: &str) -> World {
    let mut world = World::without_a_factor();
    save(&mut world, number(WRONG), ada(session)).expect("there was no factor");
    world
}

fn number_of(world: &World) -> Option<&str> {
    world.users["ada"].phone_number.as_deref()
}

fn corrected(world: &World, change: UserChange, caller: Caller) -> Result<(), i32> {
    save(&mut world.clone(), change, caller)
}

#[test]
fn a_number_from_which_no_code_came_back_is_corrected_without_a_step_up_once_in_a_quarter_of_an_hour() {
    for mut world in [signed_up("one"), written("one")] {
        world.advance(30 * 86_400);
        // Clients save the whole user.
        let whole = UserChange { acl: true, sender: Some(String::new()), ..number(RIGHT) };
        assert_eq!(save(&mut world, whole, ada("one")), Ok(()));
        assert_eq!(number_of(&world), Some(RIGHT));
        world.advance(899);
        assert_eq!(save(&mut world, number(OTHER), ada("one")), Err(4020), "once");
        assert_eq!(number_of(&world), Some(RIGHT));
        world.advance(1);
        assert_eq!(save(&mut world, number(OTHER), ada("one")), Ok(()));
        let told: Vec<_> = world.events.iter().map(|event| event.what).collect();
        assert!(told.contains(&EventName::FactorRemoved) && told.contains(&EventName::FactorEnrolled), "{told:?}");
        let challenge = world.challenge();
        assert_eq!(world.messages.last().unwrap().0, OTHER);
        assert!(world.clone().answer(&challenge, &world.last_code()).is_ok(), "it is enrolled as any other");
    }
}

#[test]
fn only_the_session_that_wrote_the_number_corrects_it_and_nothing_else_of_the_user() {
    for world in [signed_up("one"), written("one")] {
        assert_eq!(corrected(&world, number(RIGHT), ada("one")), Ok(()));
        assert_eq!(corrected(&world, number(RIGHT), ada("stolen")), Err(4020));
        assert_eq!(corrected(&world, number(""), ada("one")), Err(4020), "it is not removed");
        for more in [
            UserChange { password: true, ..number(RIGHT) },
            UserChange { sender: Some("+14155550100".into()), ..number(RIGHT) },
            UserChange { links: Some(vec![Default::default()]), ..number(RIGHT) },
        ] {
            assert_eq!(corrected(&world, more.clone(), ada("one")), Err(4020), "{more:?}");
        }
        let bob = Caller { user: Some("bob".into()), ..ada("one") };
        assert_eq!(corrected(&world, number(RIGHT), bob), Err(4020));
        // A correction is no step-up.
        let mut after = world.clone();
        save(&mut after, number(RIGHT), ada("one")).expect("a correction");
        assert!(!after.has_stepped_up("one"));
        assert_eq!(
            after.run(calls::remove(fields(&[("factor", "phone_number")])), ada("one")).unwrap_err().code(),
            4020
        );
    }
}

#[test]
fn a_number_of_the_operators_or_of_a_row_without_a_word_on_it_takes_a_step_up() {
    assert_eq!(corrected(&World::with_ada(), number(RIGHT), ada("one")), Err(4020));
    let mut world = World::without_a_factor();
    let by_operator = UserChange { user: None, ..number(WRONG) };
    save(&mut world, by_operator, Caller { master: true, ..ada("one") }).expect("the operator may");
    assert_eq!(corrected(&world, number(RIGHT), ada("one")), Err(4020));
    let mut world = written("one");
    save(&mut world, number(OTHER), master()).expect("the operator may");
    assert_eq!(corrected(&world, number(RIGHT), ada("one")), Err(4020), "the operator's number is not the session's");
    save(&mut world, number(WRONG), master()).expect("the operator may");
    assert_eq!(corrected(&world, number(RIGHT), ada("one")), Err(4020), "the old mark is gone");
}

#[test]
fn a_number_from_which_a_code_came_back_takes_a_step_up() {
    for start in [signed_up("one"), written("one")] {
        let mut world = start.clone();
        let challenge = world.challenge();
        assert_eq!(corrected(&world, number(RIGHT), ada("one")), Ok(()), "a code that was sent proves nothing");
        let code = world.last_code();
        world.answer(&challenge, &code).expect("the code is right");
        assert_eq!(corrected(&world, number(RIGHT), ada("one")), Err(4020), "it signed in");

        let mut world = start;
        let challenge = world.step_up_challenge("two");
        let params = [("challenge", challenge.as_str()), ("code", &world.last_code())];
        world.run(calls::step_up(fields(&params)), ada("two")).expect("the code is right");
        world.advance(86_400);
        assert_eq!(corrected(&world, number(RIGHT), ada("one")), Err(4020), "it stepped up");
    }
}

#[test]
fn a_number_beside_another_factor_takes_a_step_up() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("two");
    world.advance(30);
    world.step_up("one", &app.code(world.now, 0), "totp");
    save(&mut world, number(WRONG), ada("one")).expect("it has stepped up");
    world.advance(901);
    assert_eq!(corrected(&world, number(RIGHT), ada("one")), Err(4020));
    world.step_up("two", &app.code(world.now, 0), "totp");
    world.run(calls::remove(fields(&[("factor", &app.factor)])), ada("two")).expect("it has stepped up");
    assert_eq!(corrected(&world, number(RIGHT), ada("one")), Ok(()), "now it is the only one");
}

#[test]
fn a_sign_in_under_way_to_the_wrong_number_is_void_after_a_correction() {
    let mut world = signed_up("one");
    let challenge = world.challenge();
    let code = world.last_code();
    save(&mut world, number(RIGHT), ada("one")).expect("a correction");
    assert_eq!(world.answer(&challenge, &code).unwrap_err().code(), 4012);
    world.advance(31);
    let challenge = token(world.login(&crate::world::PASSWORD).unwrap());
    assert_eq!(world.messages.last().unwrap().0, RIGHT);
    let code = world.last_code();
    assert!(world.answer(&challenge, &code).is_ok());
}

/// A save of the number by this session, from `beforeSave` to `afterSave`.
fn saving(change: UserChange, session: &'static str) -> Request {
    let written = change.phone_number.clone().expect("a number");
    let mut request = Request::new(move |_| Call::ChangeUser(change.clone())).by(ada(session));
    request.saves = true;
    request.then(move |world, answer| write(world, &written, answer))
}

/// A sign-in with the code as soon as it came.
fn signing_in() -> Request {
    Request::new(|_| calls::login(fields(&crate::world::PASSWORD))).then(|world, answer| {
        let Answer::Challenge { challenge, .. } = answer else { return None };
        Some(calls::login(fields(&[("challenge", challenge), ("code", &world.last_code())])))
    })
}

#[test]
fn of_two_corrections_at_once_one_is_let_through() {
    let start = signed_up("one");
    let requests = [saving(number(RIGHT), "one"), saving(number(OTHER), "one")];
    let explored = every_interleaving(&start, &requests, |outcome| {
        assert!(outcome.count(Result::is_ok) <= 1, "{:?} {:?}", outcome.schedule, outcome.ends);
        assert_eq!(outcome.count(Result::is_ok) + outcome.refused(4020), 2, "{:?}", outcome.ends);
    });
    assert!(explored > 1, "{explored}");
    let one = every_interleaving(&start, &requests[..1], |outcome| assert!(outcome.ends[0].is_ok()));
    assert_eq!(one, 1);
}

#[test]
fn either_a_code_comes_back_or_the_number_is_corrected() {
    let start = signed_up("one");
    let requests = [saving(number(RIGHT), "one"), signing_in()];
    let (mut came_back, mut corrected) = (0, 0);
    every_interleaving(&start, &requests, |outcome| {
        let place = |what| outcome.world.order.iter().position(|happened| *happened == what);
        let (looked_at, voided) = (place(Happened::CodeLookedAt), place(Happened::TrustEnded));
        let (has_opened, is_corrected) = (outcome.sessions() > 0, outcome.ends[0].is_ok());
        came_back += usize::from(has_opened && !is_corrected);
        corrected += usize::from(is_corrected);
        // A sign-in that begins after that is one after the correction, or ends before Parse writes.
        let is_before = looked_at.is_some() && looked_at < voided;
        assert!(!(has_opened && is_corrected && is_before), "{:?} {:?}", outcome.schedule, outcome.ends);
    });
    assert!(came_back > 0 && corrected > 0, "{came_back} {corrected}");
}

#[test]
fn a_code_that_comes_back_while_the_number_is_saved_leaves_it_proven() {
    let start = World::without_a_factor();
    let mut came_back = 0;
    let requests = [saving(UserChange { user: None, ..number(WRONG) }, "one"), signing_in()];
    every_interleaving(&start, &requests, |outcome| {
        if outcome.world.messages.is_empty() || outcome.sessions() == 0 {
            return;
        }
        came_back += 1;
        assert_eq!(corrected(&outcome.world, number(RIGHT), ada("one")), Err(4020), "{:?}", outcome.schedule);
    });
    assert!(came_back > 0, "{came_back}");
}
