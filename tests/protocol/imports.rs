//! Importing second factors from Parse Server's own adapter, and secrets that the operator hands in.

use crate::calls::{self, fields};
use crate::world::{App, KEYS, PASSWORD, World, ada, deployment, flow, master, token};
use parse_two_factor::account::{Challenge, Mark};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::{Effect, ParseMfa, Reply, Step};
use parse_two_factor::id::FactorId;
use parse_two_factor::policy::Require;
use parse_two_factor::wire::{Answer, EventName, Method, NotImported, Refusal};

/// 160 bits.
const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const ANOTHER: &str = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU";

/// What an import answers: methods added, whether the adapter keeps nothing any more, why not.
type Outcome = (Vec<Method>, bool, Option<NotImported>);

fn mfa(secret: Option<&str>, mobile: Option<&str>) -> ParseMfa {
    let [secret, mobile] = [secret, mobile].map(|text| text.map(Into::into));
    ParseMfa { user: "ada".into(), secret, mobile, profile: "SHA1/6/30".into() }
}

/// A world in which Ada has enrolled with Parse's adapter alone.
fn world_with(mfa: ParseMfa) -> World {
    let mut world = World::without_a_factor();
    world.parse_mfa.insert("ada".into(), mfa);
    world
}

fn outcome(answer: Result<Answer, Refusal>) -> Result<Outcome, Refusal> {
    match answer? {
        Answer::Imported { added, cleared, refused, .. } => Ok((added, cleared, refused)),
        other => panic!("no import but {other:?}"),
    }
}

fn import(world: &mut World, params: &[(&str, &str)]) -> Result<Outcome, Refusal> {
    outcome(world.run(calls::import(fields(params)), master()))
}

/// Whether the right code of this secret signs Ada in.
fn signs_in(world: &World, secret: &str) -> bool {
    let mut world = world.clone();
    world.advance(120);
    let challenge = match world.login(&PASSWORD) {
        Ok(answer @ Answer::Challenge { .. }) => token(answer),
        _ => return false,
    };
    let code = App::of(secret).code(world.now, 0);
    world.answer(&challenge, &code).is_ok()
}

fn imported_events(world: &World) -> Vec<&str> {
    let enrolled = world.events.iter().filter(|event| event.what == EventName::FactorEnrolled);
    enrolled.filter_map(|event| event.about.as_deref()).collect()
}

#[test]
fn an_imported_app_signs_in_with_its_old_secret_and_parses_adapter_keeps_nothing() {
    let mut world = world_with(mfa(Some("jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp"), None));
    let dry = world.run(
        calls::import(calls::Fields::of([("dryRun".into(), parse_two_factor::wire::Param::Flag(true))])),
        master(),
    );
    assert_eq!(outcome(dry), Ok((vec![Method::Totp], false, None)));
    assert!(world.accounts.is_empty() && world.parse_mfa.contains_key("ada"), "a dry run changes nothing");

    assert_eq!(import(&mut world, &[]), Ok((vec![Method::Totp], true, None)));

    assert!(world.parse_mfa.is_empty());
    assert!(signs_in(&world, SECRET) && !signs_in(&world, ANOTHER));
    assert_eq!(imported_events(&world), ["imported totp"]);
    assert!(world.account().recovery_codes.is_empty(), "recovery codes are not imported");
    assert_eq!(import(&mut world, &[("userId", "ada")]), Ok((vec![], false, None)), "there is nothing left");
    assert_eq!(world.account().confirmed.len(), 1);
}

#[test]
fn an_imported_number_is_written_in_e164_and_a_number_that_the_user_has_is_not_added() {
    for (column, added) in [(None, vec![Method::Sms]), (Some("+1 500 555 0006"), vec![])] {
        let mut world = world_with(mfa(None, Some("+1 (500) 555-0006")));
        world.users.get_mut("ada").unwrap().phone_number = column.map(str::to_owned);
        assert_eq!(import(&mut world, &[]), Ok((added, true, None)));
        assert_eq!(imported_events(&world), ["imported sms"]);
        let challenge = world.challenge();
        assert_eq!(world.messages.last().unwrap().0, "+15005550006");
        let code = world.last_code();
        assert!(world.answer(&challenge, &code).is_ok());
    }
}

#[test]
fn what_was_never_confirmed_is_removed_and_makes_no_factor() {
    let mut world = world_with(mfa(None, None));
    assert_eq!(import(&mut world, &[]), Ok((vec![], true, None)));
    assert!(!world.accounts.get("ada").is_some_and(|account| account.has_factor()));
    assert_eq!(imported_events(&world), [""; 0]);
}

#[test]
fn what_cannot_be_imported_is_refused_by_name_and_left_as_it_is() {
    let profile = |profile: &str| ParseMfa { profile: profile.into(), ..mfa(Some(SECRET), None) };
    let cases = [
        (profile("SHA1/8/30"), NotImported::Profile),
        (profile("SHA1/6/60"), NotImported::Profile),
        (profile("SHA256/6/30"), NotImported::Profile),
        (mfa(Some(&SECRET[..22]), None), NotImported::Weak),
        (mfa(Some("JBSWY3DPEHPK3PX1JBSWY3DPEHPK3PXP"), None), NotImported::Unreadable),
        (mfa(None, Some("555 0006")), NotImported::Number),
        (mfa(Some(SECRET), Some("555 0006")), NotImported::Number),
    ];
    for (kept, why) in cases {
        let mut world = world_with(kept.clone());
        assert_eq!(import(&mut world, &[]), Ok((vec![], false, Some(why))), "{kept:?}");
        assert_eq!(world.parse_mfa["ada"], kept);
        assert!(world.accounts.is_empty() && world.events.is_empty());
    }
    let mut world = world_with(mfa(Some(&SECRET[..23]), None));
    assert_eq!(import(&mut world, &[]), Ok((vec![Method::Totp], true, None)), "112 bits are enough");
    let mut world = world_with(ParseMfa { profile: "sha-1/6/30".into(), ..mfa(Some(SECRET), None) });
    assert_eq!(import(&mut world, &[]), Ok((vec![Method::Totp], true, None)), "it has two names");
}

#[test]
fn a_user_whom_nobody_asks_for_a_second_factor_keeps_parses_own() {
    let mut world = world_with(mfa(Some(SECRET), None));
    world.requires.insert("ada".into(), Require::Nobody);
    assert_eq!(import(&mut world, &[]), Ok((vec![], false, Some(NotImported::Nobody))));
    assert!(world.parse_mfa.contains_key("ada"));
}

#[test]
fn a_user_with_twenty_factors_is_refused_and_keeps_parses_own() {
    let mut world = world_with(mfa(Some(SECRET), None));
    import(&mut world, &[("userId", "ada")]).unwrap();
    world.parse_mfa.insert("ada".into(), mfa(None, Some("+15005550007")));
    let row = world.accounts.get_mut("ada").unwrap();
    row.confirmed.extend((0..19).map(|n| FactorId::from(format!("other {n}"))));
    assert_eq!(import(&mut world, &[]), Ok((vec![], false, Some(NotImported::Full))));
    assert!(world.parse_mfa.contains_key("ada"));
}

#[test]
fn the_next_user_is_found_by_the_last_ones_id_and_without_the_adapter_the_operator_hears_what_to_do() {
    let mut world = world_with(mfa(Some(SECRET), None));
    let next = |world: &mut World, after: &str| world.run(calls::import(fields(&[("after", after)])), master());
    assert!(matches!(next(&mut world.clone(), "ad"), Ok(Answer::Imported { user: Some(user), .. }) if *user == *"ada"));
    assert!(matches!(next(&mut world, "ada"), Ok(Answer::Imported { user: None, .. })));
    world.adapter_is_gone = true;
    let refused = import(&mut world, &[]).unwrap_err();
    assert_eq!(refused.code(), 4023);
    assert!(refused.to_string().contains("put it back"), "{refused}");
    world.parse_mfa.clear();
    assert_eq!(import(&mut world, &[]), Ok((vec![], false, None)), "nobody is left, so nothing is missing");
    assert_eq!(import(&mut world, &[("userId", "nobody")]).unwrap_err().code(), 101);
}

#[test]
fn nobody_imports_without_the_master_key_or_without_a_ring() {
    for caller in [Caller::default(), ada("one")] {
        let mut world = world_with(mfa(Some(SECRET), None));
        assert_eq!(world.run(calls::import(fields(&[])), caller).unwrap_err().code(), 119);
        assert!(world.parse_mfa.contains_key("ada"));
    }
}

#[test]
fn an_app_that_was_replaced_meanwhile_takes_the_place_of_the_one_that_an_interrupted_import_left() {
    let mut world = world_with(mfa(Some(SECRET), None));
    import(&mut world, &[]).unwrap();
    world.parse_mfa.insert("ada".into(), mfa(Some(ANOTHER), None));
    assert_eq!(import(&mut world, &[]), Ok((vec![Method::Totp], true, None)));
    assert!(signs_in(&world, ANOTHER) && !signs_in(&world, SECRET), "the old app is of no use");
    assert_eq!((world.account().confirmed.len(), world.account().factors.len()), (1, 1));
}

#[test]
fn an_import_under_another_key_finds_the_factor_that_is_there() {
    let mut world = world_with(mfa(Some(SECRET), None));
    import(&mut world, &[]).unwrap();
    world.parse_mfa.insert("ada".into(), mfa(Some(SECRET), None));
    let rotated = deployment(&format!("new:{},{KEYS}", &KEYS[2..].replace('A', "B")));
    let answer = world.run_on(&rotated, calls::import(fields(&[])), master());
    assert_eq!(outcome(answer), Ok((vec![], true, None)));
    assert_eq!(world.account().confirmed.len(), 1);
}

#[test]
fn the_operator_hands_in_a_secret_and_the_same_one_twice_makes_one_factor() {
    let mut world = World::without_a_factor();
    let params = [("userId", "ada"), ("secret", SECRET), ("label", "Phone")];
    assert_eq!(import(&mut world, &params), Ok((vec![Method::Totp], false, None)));
    assert!(signs_in(&world, SECRET));
    assert_eq!(import(&mut world, &params), Ok((vec![], false, None)));
    assert_eq!(world.account().factors[0].label, "Phone");
    assert_eq!(imported_events(&world), ["imported totp"]);
    let other = [("userId", "ada"), ("secret", ANOTHER)];
    assert_eq!(import(&mut world, &other), Ok((vec![Method::Totp], false, None)));
    assert!(signs_in(&world, SECRET) && signs_in(&world, ANOTHER));
    let profile = [("userId", "ada"), ("secret", SECRET), ("profile", "SHA512/6/30")];
    assert_eq!(import(&mut world, &profile), Ok((vec![], false, Some(NotImported::Profile))));
    assert_eq!(import(&mut world, &other[1..]).unwrap_err().code(), 4021);
    let nobody = [("userId", "nobody"), ("secret", SECRET)];
    assert_eq!(import(&mut world, &nobody).unwrap_err().code(), 101);
}

#[test]
fn trust_in_browsers_and_first_enrollments_under_way_end_with_an_import() {
    let mut world = world_with(mfa(Some(SECRET), None));
    let begun = world.enroll("one").unwrap();
    import(&mut world, &[]).unwrap();
    let code = begun.app.code(world.now, 0);
    let params = fields(&[("enrollment", &begun.token), ("code", &code)]);
    assert_eq!(world.run(calls::confirm(params), ada("one")).unwrap_err().code(), 4012);
    assert_eq!(world.account().confirmed.len(), 1);
}

/// At every moment Parse's adapter or we ask for a second factor.
fn somebody_asks(world: &World) -> bool {
    world.parse_mfa.contains_key("ada") || world.accounts.get("ada").is_some_and(|account| account.has_factor())
}

/// The next run, as soon as nobody can be under way any more, leaves one factor, by the secret that Parse's adapter knew last.
fn is_repaired(mut world: World, secret: &str) -> bool {
    world.advance(31);
    let done = import(&mut world, &[("userId", "ada")]).is_ok();
    let once = world.account().confirmed_factors().count() == 1 && world.account().confirmed.len() == 1;
    done && once && world.parse_mfa.is_empty() && somebody_asks(&world) && signs_in(&world, secret)
}

#[test]
fn an_import_that_is_interrupted_anywhere_is_repaired_by_the_next_and_the_user_is_asked_throughout() {
    // Whether the effect happens that goes wrong, and whether the process dies of it.
    for (happens, dies) in [(false, false), (true, false), (false, true), (true, true)] {
        for at in 0.. {
            let mut world = world_with(mfa(Some(SECRET), None));
            let mut flow = flow(calls::import(fields(&[])), master(), 7);
            let (mut step, mut effects) = (flow.start(world.time()), 0);
            while let Step::Do(effect) = step {
                let is_faulty = effects == at;
                let reply = if is_faulty && !happens { Reply::Failed } else { world.perform(&effect) };
                assert!(somebody_asks(&world), "{effect:?}");
                effects += 1;
                if is_faulty && dies {
                    step = Step::Done(Err(Refusal::TryAgain));
                } else {
                    step = flow.resume(if is_faulty { Reply::Failed } else { reply }, world.time());
                }
            }
            assert!(is_repaired(world, SECRET), "effect {at}, happens: {happens}, dies: {dies}");
            if effects <= at {
                assert!(at >= 7, "an import has more effects than {at}");
                break;
            }
        }
    }
}

/// Two imports at once in the order that the bits say, and a user who replaces the app after so many effects.
fn race(schedule: u32, replaced_after: Option<usize>) -> (World, Vec<Result<Outcome, Refusal>>) {
    let mut world = world_with(mfa(Some(SECRET), None));
    let mut flows = [11, 12].map(|seed| flow(calls::import(fields(&[])), master(), seed));
    let mut steps = [0, 1].map(|n: usize| Some(flows[n].start(world.time())));
    let mut ends = Vec::new();
    for turn in 0.. {
        if replaced_after == Some(turn) && world.parse_mfa.contains_key("ada") {
            world.parse_mfa.insert("ada".into(), mfa(Some(ANOTHER), None));
        }
        let wanted = (schedule.checked_shr(u32::try_from(turn).unwrap()).unwrap_or(0) & 1) as usize;
        let Some(n) = [wanted, 1 - wanted].into_iter().find(|n| steps[*n].is_some()) else { break };
        match steps[n].take().unwrap() {
            Step::Done(end) => ends.push(outcome(end)),
            Step::Do(effect) => {
                let reply = world.perform(&effect);
                assert!(somebody_asks(&world), "{schedule:b}: {effect:?}");
                steps[n] = Some(flows[n].resume(reply, world.time()));
            }
        }
    }
    (world, ends)
}

#[test]
fn of_two_imports_at_once_at_least_one_goes_on_and_they_leave_one_factor_in_every_order() {
    for schedule in (0..1 << 15).step_by(5) {
        let (world, ends) = race(schedule, None);
        assert!(ends.iter().any(Result::is_ok), "{schedule:b}: {ends:?}");
        let cleared = ends.iter().filter(|end| matches!(end, Ok((_, true, None)))).count();
        assert_eq!(cleared, 1, "{schedule:b}: {ends:?}");
        assert!(world.parse_mfa.is_empty());
        assert_eq!(world.account().confirmed_factors().count(), 1, "{schedule:b}: {ends:?}");
        let is_lock = |mark: &Mark| matches!(mark, Mark::RenewalLock { .. });
        assert!(!world.account().marks.iter().any(is_lock), "{schedule:b}: a lock is left");
    }
}

#[test]
fn an_app_that_the_user_replaces_amid_an_import_is_the_one_that_counts_in_the_end() {
    for schedule in (0..1 << 15).step_by(307) {
        for replaced_after in 0..20 {
            let (world, ends) = race(schedule, Some(replaced_after));
            let replaced = world.parse_mfa.contains_key("ada");
            let last = match replaced || world.account().confirmed_factors().count() == 1 && signs_in(&world, ANOTHER) {
                true => ANOTHER,
                false => SECRET,
            };
            assert!(is_repaired(world, last), "{schedule:b}, after {replaced_after}: {ends:?}");
        }
    }
}

#[test]
fn a_change_that_an_import_finds_at_its_end_is_left_alone_and_nothing_is_stored() {
    let mut world = world_with(mfa(Some(SECRET), None));
    let mut flow = flow(calls::import(fields(&[])), master(), 5);
    let mut step = flow.start(world.time());
    let end = loop {
        match step {
            Step::Done(end) => break end,
            Step::Do(effect) => {
                if let Effect::ClearParseMfa(_) = effect {
                    world.parse_mfa.insert("ada".into(), mfa(Some(ANOTHER), None));
                }
                let reply = world.perform(&effect);
                step = flow.resume(reply, world.time());
            }
        }
    };
    assert_eq!(end.unwrap_err().code(), 4022);
    assert!(!world.account().has_factor() && world.account().factors.is_empty());
    assert_eq!(world.account().challenges, Vec::<Challenge>::new());
    assert_eq!(world.parse_mfa["ada"], mfa(Some(ANOTHER), None));
}
