//! What attackers get out of the default policy, in seeded simulations. The figures they print stand in docs/security.md.

use crate::calls::{self, fields};
use crate::world::{PASSWORD, World, core, deployment_by};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::{Counted, Effect, Reply, Step, User};
use parse_two_factor::policy::{Channel, Limits};
use parse_two_factor::time::Span;
use parse_two_factor::wire::EventName;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const MINUTE: u64 = 60_000;

/// A world of fraudsters' accounts: passwords known, four accounts to a number, numbers rented in a hundred blocks.
fn rented(accounts: usize) -> World {
    let mut world = World::with_ada();
    for i in 0..accounts {
        let number = i / 4;
        let id = format!("u{i}");
        let user = User {
            id: id.as_str().into(),
            phone_number: Some(format!("+1900{:03}{:04}", number % 100, number / 100)),
            ..User::default()
        };
        world.users.insert(id, user);
    }
    world
}

/// A first call by this user, without the model's memory of every window growing; whether a message went out.
fn ask(world: &mut World, user: &str, seed: u64) -> bool {
    let sent = world.messages.len();
    let params = fields(&[("username", user), PASSWORD[1]]);
    let mut flow = crate::world::flow(calls::login(params), Caller::default(), seed);
    let mut step = flow.start(world.time());
    while let Step::Do(effect) = step {
        let reply = world.perform(&effect);
        step = flow.resume(reply, world.time());
    }
    world.messages.len() > sent
}

#[test]
fn a_million_requests_pump_no_more_messages_than_the_ceilings_allow() {
    const REQUESTS: u64 = 1_000_000;
    const HOURS: u64 = 6;
    let mut world = rented(20_000);
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let mut by_hour = vec![0u32; HOURS as usize];
    let mut asked = 0;
    for request in 0..REQUESTS {
        world.now = crate::world::START + request * HOURS * 60 * MINUTE / REQUESTS;
        let user = format!("u{}", random.next_u32() % 20_000);
        asked += 1;
        if ask(&mut world, &user, request) {
            by_hour[(request * HOURS / REQUESTS) as usize] += 1;
        }
    }
    let sent: u32 = by_hour.iter().sum();
    println!("pumping: {asked} requests in {HOURS} hours, {sent} messages, by hour {by_hour:?}");
    let ceiling = core().policy.limits.messages_per_app;
    assert_eq!(by_hour, [ceiling; 6], "each hour's ceiling is reached, and none is passed");
}

#[test]
fn whoever_opens_a_window_clears_two_away_that_ended_an_hour_ago() {
    let mut world = World::with_ada();
    let mut flow = crate::world::flow(calls::login(fields(&PASSWORD)), Caller::default(), 1);
    let mut step = flow.start(world.time());
    let mut swept = Vec::new();
    while let Step::Do(effect) = step {
        if let Effect::SweepWindows(sweep) = &effect {
            swept.push((sweep.ended_before, sweep.at_most));
        }
        let reply = match world.perform(&effect) {
            Reply::Counted(counted) => Reply::Counted(Counted { opened: true, ..counted }),
            reply => reply,
        };
        step = flow.resume(reply, world.time());
    }
    assert!(!swept.is_empty());
    assert!(swept.iter().all(|one| *one == (world.time() - Span::from_seconds(3600), 2)), "{swept:?}");
}

/// Calls and messages of WhatsApp in each hour, of sixty thousand first calls in six hours that ask for them.
fn pumped(method: &str, limits: &Limits) -> Vec<u32> {
    const REQUESTS: u64 = 60_000;
    let node = deployment_by(&Channel::ALL, limits.clone());
    let mut world = rented(20_000);
    let mut random = ChaCha20Rng::seed_from_u64(2);
    let mut by_hour = vec![0u32; 6];
    for request in 0..REQUESTS {
        world.now = crate::world::START + request * 6 * 60 * MINUTE / REQUESTS;
        let user = format!("u{}", random.next_u32() % 20_000);
        let sent = world.messages.len();
        let params = fields(&[("username", &user), PASSWORD[1], ("method", method)]);
        let mut flow = crate::world::flow_on(&node, calls::login(params), Caller::default(), request);
        let mut step = flow.start(world.time());
        while let Step::Do(effect) = step {
            let reply = world.perform(&effect);
            step = flow.resume(reply, world.time());
        }
        by_hour[(request * 6 / REQUESTS) as usize] += u32::from(world.messages.len() > sent);
    }
    by_hour
}

#[test]
fn each_channel_pumps_no_more_than_its_own_ceiling_and_calls_least_of_all() {
    let limits = Limits::default();
    for (method, ceiling) in [("call", limits.spoken_per_app), ("whatsapp", limits.whatsapp_per_app)] {
        let by_hour = pumped(method, &limits);
        println!("pumping by {method}: by hour {by_hour:?}");
        assert_eq!(by_hour, [ceiling; 6], "{method}");
    }
    assert!(limits.spoken_per_app < limits.messages_per_app);
}

#[test]
fn messages_that_are_not_taken_leave_no_more_than_a_bounded_row() {
    let mut world = rented(60_000);
    world.provider_is_down = true;
    for i in 0..60_000 {
        assert!(!ask(&mut world, &format!("u{i}"), i));
    }
    // The app's counter, and 4096 each of numbers and of blocks.
    let counters = world.windows.len();
    assert!(counters <= 1 + 2 * 4096, "{counters}");
    assert!(world.windows.values().all(|count| *count == 0), "what is not taken is not counted");
}

#[test]
fn enrollments_that_nobody_confirms_do_not_pile_up() {
    let mut world = World::without_a_factor();
    for _ in 0..200 {
        for session in ["a", "b", "c", "d", "e"] {
            world.enroll(session).unwrap();
        }
        assert_eq!(world.enroll("one").err().map(|refusal| refusal.code()), Some(4015));
        world.advance(901);
    }
    let row = world.account();
    assert!(row.factors.len() + row.challenges.len() < 30, "{} {}", row.factors.len(), row.challenges.len());
}

#[test]
fn a_user_has_twenty_factors_and_not_more() {
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    let step_up = |world: &mut World| {
        world.advance(901);
        let code = app.code(world.now, 0);
        world.step_up("one", &code, "totp");
    };
    for _ in 2..=19 {
        step_up(&mut world);
        world.enrolled("one");
    }
    step_up(&mut world);
    let begun = ["one", "two", "three"].map(|session| {
        if session != "one" {
            world.advance(30);
            let code = app.code(world.now, 0);
            world.step_up(session, &code, "totp");
        }
        (session, world.enroll(session).unwrap())
    });
    let confirmed = begun.map(|(session, enrollment)| {
        let code = enrollment.app.code(world.now, 0);
        let params = fields(&[("enrollment", &enrollment.token), ("code", &code)]);
        world.run(calls::confirm(params), crate::world::ada(session)).map_err(|refusal| refusal.code()).map(drop)
    });
    assert_eq!(confirmed, [Ok(()), Err(4029), Err(4029)]);
    assert_eq!(world.enroll("one").err().map(|refusal| refusal.code()), Some(4029));
    assert_eq!(world.confirmed().len(), 20);
}

#[test]
fn codes_that_never_come_back_raise_the_alarm_and_codes_that_do_raise_none() {
    for (redeems, alarms_wanted) in [(false, true), (true, false)] {
        let mut world = rented(800);
        let mut alarms = 0;
        for i in 0..200u64 {
            let user = format!("u{}", i * 4);
            let params = fields(&[("username", user.as_str()), PASSWORD[1]]);
            let mut asked = vec![(true, params)];
            while let Some((first, params)) = asked.pop() {
                let mut flow = crate::world::flow(calls::login(params), Caller::default(), i);
                let mut step = flow.start(world.time());
                while let Step::Do(effect) = step {
                    if let Effect::RecordEvent(record) = &effect {
                        alarms += u32::from(record.event.what == EventName::CodesUnused);
                    }
                    let reply = world.perform(&effect);
                    step = flow.resume(reply, world.time());
                }
                if first && redeems {
                    let code = world.last_code();
                    let user = user.as_str();
                    asked.push((false, fields(&[("username", user), PASSWORD[1], ("code", &code)])));
                }
            }
        }
        assert_eq!(alarms > 0, alarms_wanted, "{alarms} alarms");
    }
}

fn failures(world: &World) -> u32 {
    world.account().at(world.time(), &core().policy.limits).failures()
}

/// Guesses that the policy lets through in this many days to somebody who has the password, with the owner signing in every so many
/// days, or never.
fn guesses(days: u64, owner_signs_in_every: Option<u64>) -> u32 {
    let mut world = World::with_ada();
    let mut looked_at = 0;
    let mut next_owner = owner_signs_in_every.map(|every| world.now + every * 24 * 60 * MINUTE);
    let end = world.now + days * 24 * 60 * MINUTE;
    while world.now < end {
        if next_owner.is_some_and(|at| world.now >= at) {
            next_owner = owner_signs_in_every.map(|every| world.now + every * 24 * 60 * MINUTE);
            // The owner comes back once the attacker's codes have left the window.
            world.now += 16 * MINUTE;
            if world.login(&PASSWORD).is_ok() {
                let code = world.last_code();
                let _ = world.login(&[PASSWORD[0], PASSWORD[1], ("code", &code)]);
            }
        }
        // At 99 failures the attacker stops: the owner's next success ends the series, one failure more would end it for good.
        if let Some(owner) = next_owner
            && world.accounts.contains_key("ada")
            && failures(&world) >= 99
        {
            world.now = owner;
            continue;
        }
        match world.login(&PASSWORD) {
            Ok(_) => {
                for _ in 0..5 {
                    if next_owner.is_some() && failures(&world) >= 99 {
                        break;
                    }
                    let wrong = world.wrong_code_among_many();
                    let params = [PASSWORD[0], PASSWORD[1], ("code", wrong.as_str())];
                    if world.login(&params).is_err_and(|r| r.code() == 141) {
                        looked_at += 1;
                    }
                }
                world.now += 3 * MINUTE;
            }
            Err(refusal) if refusal.code() == 4019 && next_owner.is_none() => break,
            Err(_) => world.now += 15 * MINUTE,
        }
    }
    looked_at
}

#[test]
fn a_password_holder_gets_a_hundred_guesses_and_not_more_between_two_sign_ins_of_the_owner() {
    let chance = |guesses: u32| 100.0 * (1.0 - (1.0 - 1e-6f64).powi(guesses as i32));
    let alone = guesses(365, None);
    let weekly = guesses(365, Some(7));
    let daily = guesses(365, Some(1));
    for (who, guesses) in [("never", alone), ("weekly", weekly), ("daily", daily)] {
        println!("guessing for a year, the owner signs in {who}: {guesses} guesses, {:.3} %", chance(guesses));
    }
    assert_eq!(alone, 100);
    assert!(weekly <= 53 * 99, "{weekly}");
    assert!(daily <= 366 * 99, "{daily}");
}
