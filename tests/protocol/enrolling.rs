//! Enrollments that were begun: what they use up, and who sees them again.

use crate::calls::{self, fields};
use crate::explore::{Request, every_interleaving};
use crate::world::{PASSWORD, World, ada};
use parse_two_factor::wire::Answer;

fn enrolling(session: &'static str) -> Request {
    Request::new(|_| calls::enroll(fields(&[("method", "totp"), ("password", "right")]))).by(ada(session))
}

/// What an enrollment of an app shows.
fn shown(answer: &Answer) -> (String, String, String) {
    match answer {
        Answer::TotpEnrollment { enrollment, secret, qr, .. } => {
            (enrollment.to_string(), secret.to_string(), qr.to_string())
        }
        other => panic!("no enrollment but {other:?}"),
    }
}

#[test]
fn begun_enrollments_use_up_no_sign_in_and_have_a_limit_of_their_own() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    let mut ends = Vec::new();
    for session in ["a", "b", "c", "d", "e", "f"] {
        world.advance(30);
        let code = app.code(world.now, 0);
        let row = world.accounts.get_mut("ada").unwrap();
        row.challenges.retain(|challenge| challenge.purpose.factor().is_some());
        world.step_up(session, &code, "totp");
        ends.push(world.enroll(session).map(drop).map_err(|refusal| refusal.code()));
    }
    assert_eq!(ends, [Ok(()), Ok(()), Ok(()), Ok(()), Ok(()), Err(4015)]);
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    assert!(world.login(&[PASSWORD[0], PASSWORD[1], ("method", "sms")]).is_ok());
}

#[test]
fn the_same_session_is_shown_the_same_app_as_long_as_it_can_be_confirmed_and_no_other_ever_is() {
    let mut world = World::without_a_factor();
    let params = |label: &str| fields(&[("method", "totp"), ("password", "right"), ("label", label)]);
    let ask = |world: &mut World, session: &str, label: &str| {
        shown(&world.run(calls::enroll(params(label)), ada(session)).expect("an enrollment"))
    };
    let first = ask(&mut world, "one", "Phone");
    world.advance(299);
    for _ in 0..10 {
        assert_eq!(ask(&mut world, "one", ""), first, "it uses nothing up");
    }
    for label in ["Laptop", "Tablet"] {
        assert_eq!(ask(&mut world, "one", label), first);
        assert_eq!(world.account().factors.len(), 1, "a name takes the place of the one before");
    }
    let other = ask(&mut world, "two", "");
    assert!(other.0 != first.0 && other.1 != first.1, "another session sees another secret");

    let app = crate::world::App::of(&first.1);
    let mut confirmed = world.clone();
    let code = app.code(confirmed.now, 0);
    let confirm = calls::confirm(fields(&[("enrollment", &first.0), ("code", &code)]));
    let Ok(Answer::Confirmed { factor, .. }) = confirmed.run(confirm, ada("one")) else { panic!("not confirmed") };
    assert_eq!(factor.label, "Tablet", "the name that was given last");
    assert_eq!(confirmed.account().confirmed_factors().count(), 1);
    assert!(confirmed.account().superseded_factors().is_empty());

    world.advance(1);
    assert_ne!(ask(&mut world, "one", "").1, first.1, "it cannot be confirmed any more");
    let mut wrong = world.clone();
    let closed = ask(&mut wrong, "one", "");
    for _ in 0..5 {
        let confirm = calls::confirm(fields(&[("enrollment", &closed.0), ("code", "000000x")]));
        assert!(wrong.run(confirm, ada("one")).is_err());
    }
    assert_ne!(ask(&mut wrong, "one", "").1, closed.1, "five wrong codes closed it");
}

#[test]
fn calls_of_one_session_at_once_are_shown_the_same_app() {
    let start = World::without_a_factor();
    let requests = ["one", "one", "one"].map(enrolling);
    let explored = every_interleaving(&start, &requests, |outcome| {
        let schedule = &outcome.schedule;
        let all: Vec<_> = outcome.ends.iter().map(|end| shown(end.as_ref().expect("an enrollment"))).collect();
        assert!(all.iter().all(|shown| *shown == all[0]), "{schedule:?}");
        assert_eq!(outcome.world.account().factors.len(), 1, "{schedule:?}");
    });
    assert!(explored > 1, "{explored}");
}
