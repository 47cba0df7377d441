//! How large a row gets, whatever is repeated, and what a large one costs.

use crate::authenticator::{Algorithm, Authenticator, Site, base64};
use crate::calls::{self, fields};
use crate::world::{App, PASSWORD, World, ada, core, flow, master, token};
use base64ct::{Base64UrlUnpadded, Encoding};
use parse_two_factor::account::{
    Account, Attempt, Challenge, Claim, Counted, CountedKind, Delivered, Factor, FactorKind, Mark, OfAuthenticators,
    OfChallenges, OfDevices, OfRedemptions, Purpose, RecoveryCode, Revocation, RowUpdate, SentCode, SetOp, Spent,
    StepUp, Verification,
};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::{Counted as Counts, Effect, Reply, Step, User};
use parse_two_factor::id::SessionHash;
use parse_two_factor::policy::{Channel, Require};
use parse_two_factor::time::{Span, Time};
use parse_two_factor::wire::{Answer, Param, Refusal};
use parse_two_factor::{Call, UserChange};
use serde::Serialize;
use serde_json::json;
use std::time::{Duration, Instant};

fn bytes(element: &impl Serialize) -> usize {
    serde_json::to_string(element).expect("it can be written").len()
}

/// The size of a row as the database has it.
fn size(row: &Account) -> usize {
    let challenges = row.challenges.iter().cloned().map(OfChallenges::from);
    let challenges = challenges.chain(row.codes.iter().cloned().map(OfChallenges::from));
    let challenges = challenges.chain(row.delivered.iter().cloned().map(OfChallenges::from));
    let challenges = challenges.chain(row.verifications.iter().cloned().map(OfChallenges::from));
    let challenges = challenges.chain(row.unproven.iter().cloned().map(OfChallenges::from));
    let challenges = challenges.chain(row.attempts.iter().cloned().map(OfChallenges::from));
    let redemptions = row.claims.iter().cloned().map(OfRedemptions::from);
    let redemptions = redemptions.chain(row.marks.iter().cloned().map(OfRedemptions::from));
    let factors = row.factors.iter().cloned().map(OfAuthenticators::from);
    let factors = factors.chain(row.confirmed.iter().cloned().map(OfAuthenticators::Confirmed));
    let factors = factors.chain(row.recovery_codes.iter().cloned().map(OfAuthenticators::from));
    let devices = row.devices.iter().cloned().map(OfDevices::from).map(|element| bytes(&element)).sum::<usize>();
    devices
        + challenges.map(|element| bytes(&element)).sum::<usize>()
        + redemptions.map(|element| bytes(&element)).sum::<usize>()
        + factors.map(|element| bytes(&element)).sum::<usize>()
}

/// What no row gets larger than by what is repeated in these tests.
const LARGEST_ROW: usize = 64 * 1024;

fn key() -> Authenticator {
    Authenticator::new(Algorithm::Es256, 1)
}

fn site(challenge: &str) -> Site {
    let challenge = Base64UrlUnpadded::decode_vec(challenge).expect("base64url");
    Site { challenge, ..Site::new() }
}

/// Ada with a passkey, which answers as often as she likes.
fn with_passkey() -> World {
    let mut world = World::without_a_factor();
    let params = fields(&[("method", "webauthn"), ("password", "right")]);
    let Ok(Answer::PasskeyEnrollment { enrollment, public_key, .. }) = world.run(calls::enroll(params), ada("one"))
    else {
        panic!("no enrollment");
    };
    let credential = key().create(&site(&public_key.challenge)).json();
    let params = fields(&[("enrollment", &enrollment), ("credential", &credential)]);
    world.run(calls::confirm(params), ada("one")).expect("the credential is right");
    world
}

/// What the passkey answers to this challenge.
fn answered(world: &World, answer: Answer) -> (String, String) {
    let Answer::Challenge { challenge, public_key: Some(options), .. } = answer else { panic!("no challenge") };
    let mut got = key().get(&site(&options.challenge));
    got.user_handle = json!(base64(world.account().id.as_bytes()));
    (challenge.to_string(), got.value().to_string())
}

fn step_up(world: &mut World, session: &str) -> Result<Answer, Refusal> {
    let begun = world.run(calls::step_up(fields(&[])), ada(session))?;
    let (challenge, credential) = answered(world, begun);
    let params = fields(&[("challenge", &challenge), ("credential", &credential)]);
    world.run(calls::step_up(params), ada(session))
}

fn sign_in(world: &mut World) -> Result<Answer, Refusal> {
    let begun = world.login(&PASSWORD)?;
    let (challenge, credential) = answered(world, begun);
    world.login(&[("challenge", &challenge), ("credential", &credential)])
}

fn change(password: bool, sender: Option<String>) -> Call {
    Call::ChangeUser(UserChange { user: Some("ada".into()), password, sender, ..UserChange::default() })
}

/// Repeats something four hundred times in ten minutes; the largest size that the row had.
fn repeated(world: &mut World, mut again: impl FnMut(&mut World, usize)) -> usize {
    let mut largest = 0;
    for i in 0..400 {
        again(world, i);
        world.now += 1500;
        largest = largest.max(size(world.account()));
    }
    largest
}

#[test]
fn a_row_has_an_upper_bound_whatever_is_repeated() {
    type Again = fn(&mut World, usize);
    let again: [(&str, Again); 12] = [
        ("sign-ins", |world, _| drop(sign_in(world))),
        ("sign-ins that trust the browser", |world, _| {
            let Ok(begun) = world.login(&PASSWORD) else { return };
            let (challenge, credential) = answered(world, begun);
            let texts = [("challenge", &challenge), ("credential", &credential)];
            let texts = texts.map(|(name, value)| (name.to_owned(), Param::from(&**value)));
            let params = calls::Fields::of(texts.into_iter().chain([("trust".to_owned(), Param::Flag(true))]));
            let _ = world.run(calls::login(params), Caller::default());
        }),
        ("step-ups of one session", |world, _| drop(step_up(world, "one"))),
        ("step-ups of many sessions", |world, i| drop(step_up(world, &format!("s{i}")))),
        ("changes by one session", |world, i| {
            let _ = step_up(world, "one");
            let _ = world.run(change(true, None), ada("one"));
            let _ = world.run(change(false, Some(format!("+1415555{i:04}"))), ada("one"));
        }),
        ("changes by many sessions", |world, i| {
            let session = format!("s{i}");
            let _ = step_up(world, &session);
            let _ = world.run(change(true, None), ada(&session));
        }),
        ("changes by the operator", |world, _| drop(world.run(change(true, None), master()))),
        ("resets", |world, _| drop(world.run(calls::reset(fields(&[("userId", "ada")])), master()))),
        ("enrollments that are voided", |world, _| {
            let _ = step_up(world, "one");
            let _ = world.enroll("one");
            let _ = world.run(change(true, None), ada("one"));
        }),
        ("factors that are enrolled and removed", |world, _| {
            let _ = step_up(world, "one");
            let Ok(begun) = world.enroll("one") else { return };
            let params = fields(&[("enrollment", &begun.token), ("code", &begun.app.code(world.now, 0))]);
            let Ok(Answer::Confirmed { factor, .. }) = world.run(calls::confirm(params), ada("one")) else { return };
            let _ = world.run(calls::remove(fields(&[("factor", &factor.id)])), ada("one"));
        }),
        ("renewals", |world, _| {
            let _ = step_up(world, "one");
            let _ = world.run(calls::new_recovery_codes(), ada("one"));
        }),
        ("wrong answers to sign-ins that are voided", |world, _| {
            let _ = step_up(world, "one");
            let Ok(begun) = world.login(&PASSWORD) else { return };
            let challenge = token(begun);
            for _ in 0..5 {
                let _ = world.login(&[("challenge", &challenge), ("code", "00000x"), ("method", "recovery")]);
            }
            let _ = world.run(change(true, None), ada("one"));
        }),
    ];
    for (what, again) in again {
        let mut world = with_passkey();
        let largest = repeated(&mut world, again);
        println!("{what}: {largest} bytes");
        assert!(largest < LARGEST_ROW, "{what}: {largest}");
        // Nobody is kept out for longer than the row takes to empty.
        world.advance(1201);
        world.run(calls::reset(fields(&[("userId", "ada")])), master()).expect("a user");
        assert!(sign_in(&mut world).is_ok(), "{what}");
    }
}

#[test]
fn changes_of_password_and_sender_leave_one_mark_for_each_session_that_makes_them() {
    let mut world = with_passkey();
    for session in ["one", "two"] {
        step_up(&mut world, session).expect("a step-up");
    }
    for i in 0..50 {
        world.run(change(true, None), ada("one")).expect("stepped up");
        world.run(change(false, Some(format!("+1415555{i:04}"))), ada("one")).expect("stepped up");
    }
    assert!(!world.has_stepped_up("two"), "what the marks are for");
    let revocations = |world: &World| world.account().revocations().count();
    assert_eq!(revocations(&world), 1);
    world.run(change(true, None), master()).expect("the operator may");
    assert_eq!(revocations(&world), 1, "the operator's revokes what the session's did");
    assert!(!world.has_stepped_up("one"));
}

#[test]
fn changes_of_a_user_without_a_factor_leave_one_mark_however_many_sessions_make_them_and_shut_nobody_out() {
    for require in [Require::Enrolled, Require::Nobody] {
        let mut world = World::without_a_factor();
        world.enroll("owner").expect("an enrollment that is left there");
        world.requires.insert("ada".into(), require);
        for i in 0..300 {
            let caller = ada(&format!("s{i}"));
            let answer = world.run(change(false, Some(format!("+1415555{i:04}"))), caller.clone()).expect("it may");
            let Answer::Judged { let_through: Some(let_through), .. } = answer else { panic!("{answer:?}") };
            world.run(Call::UserSaved(let_through), caller).expect("it is saved");
        }
        assert_eq!(world.account().revocations().count(), 1, "{require:?}");
        assert!(world.enroll("owner").is_ok(), "the owner is shut out");
    }
}

/// A row with this many elements of each kind, all of that moment.
fn filled(world: &World, app: &App, many: usize, at: Time) -> Account {
    let mut row = world.account().clone();
    let id = |kind: &str, i: usize| format!("{kind}{i}");
    for i in 0..many {
        let session = || id("session", i).as_str().into();
        row.challenges.push(Challenge {
            id: id("challenge", i).into(),
            purpose: if i % 2 == 0 {
                Purpose::SignIn { provider: None }
            } else {
                Purpose::StepUp { session: session() }
            },
            user: "ada".into(),
            kid: core().keys.writing().clone(),
            at,
            basis: Some(id("basis", i)),
        });
        row.codes.push(SentCode {
            challenge: id("challenge", i).into(),
            nonce: id("n", i).into(),
            at,
            hash: String::new(),
            to: String::new(),
            number: Some(id("number", i)),
            channel: Channel::Call,
            factor: Some(id("factor", i).into()),
        });
        row.delivered.push(Delivered {
            challenge: id("challenge", i).into(),
            code: id("n", i).into(),
            at,
            channel: Channel::Sms,
            sid: None,
        });
        row.verifications.push(Verification {
            challenge: id("challenge", i).into(),
            code: id("n", i).into(),
            at,
            sid: id("VE", i).into(),
        });
        row.attempts.push(Attempt { challenge: id("old", i).into(), nonce: id("n", i).into(), unguessable: true });
        row.claims.push(Claim {
            // No challenge is alive: whoever finds several waits for the others to settle.
            challenge: id("challenge", i).into(),
            nonce: id("n", i).into(),
            at,
            spent: Spent::SentCode,
            confirms: Some(id("pending", i).as_str().into()),
            known_revocations: Vec::new(),
            number: None,
        });
        let (nonce, session) = (id("n", i).into(), Some(session()));
        row.marks.push(Mark::Revocation(Revocation { nonce, at, session, factor: None }));
        row.marks.push(Mark::Spent { nonce: id("s", i).into(), at, step_ups: vec![id("u", i).into()] });
        row.marks.push(Mark::Counted(Counted { what: CountedKind::Notice, nonce: id("m", i).into(), at }));
        row.marks.push(Mark::StepUp(StepUp {
            nonce: id("up", i).into(),
            at,
            session: session_of("one"),
            known_revocations: vec![id("n", i).into(), id("n", i + 1).into()],
            number: Some(id("number", i)),
        }));
        row.factors.push(Factor {
            id: id("pending", i).as_str().into(),
            kind: FactorKind::Number,
            label: String::new(),
            at,
            kid: "k".into(),
            sealed: String::new(),
            generation: 0,
        });
        row.confirmed.push(id("confirmed", i).as_str().into());
        row.recovery_codes.push(RecoveryCode { kid: "k".into(), hash: id("hash", i) });
    }
    assert!(row.confirmed_factors().any(|factor| *factor.id == *app.factor));
    row
}

/// The hash of Ada's session, as a step-up of it has it.
fn session_of(session: &str) -> SessionHash {
    let mut world = World::with_ada();
    world.step_up_challenge(session);
    let purpose = &world.account().challenges[0].purpose;
    purpose.session().expect("a step-up has one").clone()
}

/// The time that this thread has had a processor for, where the system tells. What else runs on the machine must not count.
struct Clock {
    began: Instant,
    had: Option<Duration>,
}

impl Clock {
    fn start() -> Clock {
        Clock { began: Instant::now(), had: Clock::had() }
    }

    fn elapsed(&self) -> Duration {
        match (self.had, Clock::had()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            (None, _) | (_, None) => self.began.elapsed(),
        }
    }

    fn had() -> Option<Duration> {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    }
}

/// How long the core takes for a call in which every change of the row is answered with this one.
fn time_of(call: Call, caller: Caller, row: &Account, now: u64) -> Duration {
    let mut flow = flow(call, caller, 1);
    let now = Time::from_millis(now);
    let mut spent = Duration::ZERO;
    let mut timed = |run: &mut dyn FnMut() -> Step<Answer>| {
        let began = Clock::start();
        let step = run();
        spent += began.elapsed();
        step
    };
    let mut step = timed(&mut || flow.start(now));
    while let Step::Do(effect) = step {
        let user = User { id: "ada".into(), username: Some("ada".into()), ..User::default() };
        let mut reply = Some(match effect {
            Effect::CheckPassword(_) | Effect::LoadUser(_) => Reply::User(user),
            Effect::LoadAccount(_) | Effect::CreateAccount(_) => Reply::Account(row.clone()),
            Effect::UpdateAccount(update) => {
                let mut row = row.clone();
                // What is added is there; what is removed stays, which no rule minds.
                let added = RowUpdate {
                    challenges: kept(&update.update.challenges),
                    redemptions: kept(&update.update.redemptions),
                    authenticators: kept(&update.update.authenticators),
                    devices: kept(&update.update.devices),
                };
                row.apply(&added);
                Reply::Account(row)
            }
            Effect::AskRequirement(_) => Reply::Requirement(Default::default()),
            Effect::NameAccount(_) => Reply::Named("ada".into()),
            Effect::ReadBasis(_) => Reply::Basis("basis".into()),
            Effect::Count(count) => Reply::Counted(Counts { counts: vec![1; count.counters.len()], opened: false }),
            Effect::CountEvents(_) => Reply::Counted(Counts { counts: vec![1], opened: false }),
            Effect::OpenSession(_) => Reply::Session("r:1".to_owned().into()),
            _ => Reply::Done,
        });
        step = timed(&mut || flow.resume(reply.take().expect("one reply"), now));
    }
    spent
}

/// The part of a change that adds.
fn kept<T: Clone>(op: &SetOp<T>) -> SetOp<T> {
    SetOp::add(op.added().to_vec())
}

#[test]
fn no_call_takes_time_that_grows_with_the_square_of_the_row() {
    const FEW: usize = 500;
    const TIMES: u32 = 32;
    let mut world = World::without_a_factor();
    let (app, _) = world.enrolled("one");
    world.advance(30);
    let now = world.now;
    let sign_in = world.challenge();
    let step_up = world.step_up_challenge("one");
    // Everything is within every window, or nothing is.
    let moments = [world.time(), world.time() - Span::from_seconds(1300)];
    let rows = moments.map(|at| [FEW, FEW * TIMES as usize].map(|count| filled(&world, &app, count, at)));
    let code = app.code(now, 0);
    type Make<'a> = &'a dyn Fn() -> (Call, Caller);
    let calls: [(&str, Make<'_>); 12] = [
        ("login", &|| (calls::login(fields(&PASSWORD)), Caller::default())),
        ("its answer", &|| {
            (calls::login(fields(&[("challenge", &sign_in), ("code", &code), ("method", "totp")])), Caller::default())
        }),
        ("the tutorial's second call", &|| {
            (calls::login(fields(&[PASSWORD[0], PASSWORD[1], ("code", &code)])), Caller::default())
        }),
        ("resendCode", &|| (calls::resend_code(fields(&[("challenge", &sign_in)])), Caller::default())),
        ("stepUp", &|| (calls::step_up(fields(&[])), ada("one"))),
        ("its answer", &|| {
            (calls::step_up(fields(&[("challenge", &step_up), ("code", &code), ("method", "totp")])), ada("one"))
        }),
        ("twoFactorStatus", &|| (calls::two_factor_status(fields(&[])), ada("one"))),
        ("enrollTwoFactor", &|| (calls::enroll(fields(&[("method", "totp"), ("password", "right")])), ada("one"))),
        ("renameTwoFactor", &|| (calls::rename(fields(&[("factor", &app.factor), ("label", "Phone")])), ada("one"))),
        ("requireStepUp", &|| (Call::RequireStepUp, ada("one"))),
        ("a change of the password", &|| (change(true, None), master())),
        ("resetTwoFactor", &|| (calls::reset(fields(&[("userId", "ada"), ("scope", "factors")])), master())),
    ];
    for ((what, make), [few, many]) in calls.iter().flat_map(|call| rows.iter().map(move |rows| (call, rows))) {
        let time = |row: &Account| {
            let (call, caller) = make();
            time_of(call, caller, row, now)
        };
        let (short, long) = (time(few).max(Duration::from_millis(4)), time(many));
        println!("{what}: {short:?}, {TIMES} times as many: {long:?}");
        // The square would be a thousand times as much. Maps and memory take a little more than 32.
        assert!(long < short * TIMES * 4, "{what}: {short:?}, and {TIMES} times as many take {long:?}");
    }
}
