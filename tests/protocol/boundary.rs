//! Whatever comes in: parameters, callers and replies that no honest client or host would send.

use crate::calls::{self, Fields, fields};
use crate::world::{App, PASSWORD, START, WORD, World, ada, flow, token};
use parse_two_factor::account::{Account, Mark, OfRedemptions};
use parse_two_factor::caller::{Caller, Columns};
use parse_two_factor::engine::{Counted, Effect, Identity, Reply, Step, User};
use parse_two_factor::policy::Require;
use parse_two_factor::time::Time;
use parse_two_factor::wire::{Answer, BeforeChange, EventName, LetThrough, LinkChange, Param};
use parse_two_factor::{Call, UserChange};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The largest number that JSON brings from JavaScript unharmed.
const LARGEST: u64 = 1 << 53;

/// No call has more effects than this; the longest waits for others forty times.
const MOST_EFFECTS: usize = 150;

/// A world with everything in it, and the texts that are worth handing in there.
struct Prepared {
    world: World,
    texts: Vec<String>,
}

fn prepared() -> Prepared {
    let mut world = World::without_a_factor();
    let (app, recovery_codes) = world.enrolled("one");
    let ada_row = world.users.get_mut("ada").expect("Ada is there");
    ada_row.phone_number = Some("+15005550006".into());
    let now = world.now;
    world.step_up("one", &app.code(now, 0), "totp");
    let enrollment = world.enroll("one").expect("a step-up is there");
    world.advance(31);
    let now = world.now;
    let sms = [PASSWORD[0], PASSWORD[1], ("method", "sms")];
    let sign_in = token(world.login(&sms).expect("the password is right"));
    let code = world.last_code();
    let step_up = world.step_up_challenge("one");
    let codes = |app: &App| [app.code(now, 0), app.code(now, 1)];
    let mut texts: Vec<String> =
        ["ada", "right", "wrong", "sms", "totp", "recovery", "factors", "phone_number", ""].map(str::to_owned).into();
    texts.extend(["+15005550006".into(), "\0".into(), "x".repeat(1024), "x".repeat(1025), "\u{7f}\r\n\u{202e}".into()]);
    texts.extend(codes(&app));
    texts.extend(codes(&enrollment.app));
    texts.extend([sign_in, step_up, enrollment.token, code, app.factor, recovery_codes[0].clone()]);
    Prepared { world, texts }
}

thread_local! {
    static PREPARED: Prepared = prepared();
}

/// The names of all parameters of all calls.
const NAMES: [&str; 21] = [
    "authData",
    "username",
    "email",
    "password",
    "code",
    "challenge",
    "method",
    "phoneNumber",
    "enrollment",
    "factor",
    "label",
    "userId",
    "scope",
    "object",
    "object.className",
    "object.id",
    "formData",
    "formData.scope",
    "secret",
    "after",
    "profile",
];

#[derive(Clone, Debug)]
enum Value {
    Absent,
    Other,
    /// One of the texts worth handing in.
    Known(usize),
    Text(String),
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(Value::Absent),
        1 => Just(Value::Other),
        8 => (0..64usize).prop_map(Value::Known),
        1 => ".{0,40}".prop_map(Value::Text),
        1 => vec(any::<char>(), 0..2000).prop_map(|chars| Value::Text(chars.into_iter().collect())),
    ]
}

/// A value that fits its parameter more often than not, so that calls get somewhere.
fn fitting(name: &str, value: &Value, texts: &[String]) -> Param {
    let text = match value {
        // Beside anything else it is refused, so it is seldom there.
        Value::Known(n) if name == "authData" && n % 8 == 0 => WORD[0].1,
        Value::Absent => return Param::Absent,
        Value::Known(_) | Value::Text(_) if name == "authData" => return Param::Absent,
        Value::Other => return Param::Other,
        Value::Known(n) if n % 2 == 0 => match name {
            "username" => "ada",
            "email" => return Param::Absent,
            "password" => "right",
            // Beside an object it is refused.
            "userId" if n % 4 == 0 => return Param::Absent,
            "userId" | "object.id" => "ada",
            "object" | "formData" => "{}",
            "object.className" => "_User",
            "method" => ["sms", "totp", "recovery"][n / 2 % 3],
            "phoneNumber" => "+15005550006",
            "scope" | "formData.scope" => "factors",
            "challenge" => &texts[texts.len() - 6 + n / 2 % 2],
            "enrollment" => &texts[texts.len() - 4],
            "factor" => &texts[texts.len() - 2],
            _ => &texts[n % texts.len()],
        },
        Value::Known(n) => &texts[n % texts.len()],
        Value::Text(text) => text,
    };
    Param::from(text)
}

#[derive(Clone, Debug)]
enum Answered {
    /// As the model does.
    Honestly,
    /// By a user row that is another's or nobody's.
    User {
        phone: bool,
    },
    Unasked,
    /// By an identity that is Ada's.
    Identity,
    Requirement(u8),
    /// By the account, torn apart and put together again under this seed.
    Account(u64),
    Missing,
    Counts(Vec<u32>),
    Session,
    Done,
    Refused(i32),
    Failed,
}

fn answered() -> impl Strategy<Value = Answered> {
    prop_oneof![
        20 => Just(Answered::Honestly),
        1 => any::<bool>().prop_map(|phone| Answered::User { phone }),
        1 => Just(Answered::Unasked),
        1 => Just(Answered::Identity),
        1 => (0..3u8).prop_map(Answered::Requirement),
        3 => any::<u64>().prop_map(Answered::Account),
        1 => Just(Answered::Missing),
        1 => vec(any::<u32>(), 0..6).prop_map(Answered::Counts),
        1 => Just(Answered::Session),
        1 => Just(Answered::Done),
        1 => any::<i32>().prop_map(Answered::Refused),
        1 => Just(Answered::Failed),
    ]
}

/// An account made of parts of a real one: some left out, some twice, with times, factors and claims that cannot be.
fn torn(account: &Account, seed: u64) -> Account {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    fn some<T: Clone>(set: &mut Vec<T>, random: &mut ChaCha20Rng) {
        set.retain(|_| !random.next_u32().is_multiple_of(4));
        if random.next_u32().is_multiple_of(2) {
            set.extend(set.clone());
        }
    }
    let mut torn = account.clone();
    some(&mut torn.challenges, &mut random);
    some(&mut torn.codes, &mut random);
    some(&mut torn.attempts, &mut random);
    some(&mut torn.claims, &mut random);
    some(&mut torn.marks, &mut random);
    some(&mut torn.factors, &mut random);
    some(&mut torn.confirmed, &mut random);
    some(&mut torn.recovery_codes, &mut random);
    let mut at = |at: &mut Time| match random.next_u32() % 4 {
        0 => *at = Time::from_millis(random.next_u64() % LARGEST),
        1 => *at = Time::from_millis(START + random.next_u64() % 1_000_000),
        _ => {}
    };
    torn.challenges.iter_mut().for_each(|c| at(&mut c.at));
    torn.codes.iter_mut().for_each(|c| at(&mut c.at));
    torn.claims.iter_mut().for_each(|r| at(&mut r.at));
    torn.marks.iter_mut().for_each(|mark| match mark {
        Mark::StepUp(step_up) => at(&mut step_up.at),
        Mark::Revocation(revocation) => at(&mut revocation.at),
        Mark::Counted(counted) => at(&mut counted.at),
        Mark::RenewalLock { at: set, .. } | Mark::Spent { at: set, .. } | Mark::Deleted { at: set, .. } => at(set),
        Mark::Later { at: set, .. } => at(set),
    });
    torn.factors.iter_mut().for_each(|f| at(&mut f.at));
    if random.next_u32().is_multiple_of(8) {
        torn.id = "another".into();
    }
    torn
}

fn call(kind: u8, params: Fields, texts: &[String], value: &Value) -> Call {
    let text = match value {
        Value::Known(n) => Some(texts[n % texts.len()].clone()),
        Value::Text(text) => Some(text.clone()),
        Value::Absent | Value::Other => None,
    };
    match kind {
        0 => calls::resend_code(params),
        1 => calls::two_factor_status(params),
        2 => calls::enroll(params),
        3 => calls::confirm(params),
        4 => calls::remove(params),
        5 => calls::new_recovery_codes(),
        6 => calls::step_up(params),
        7 => calls::reset(params),
        8 => Call::RequireStepUp,
        9 => Call::NativeSignIn { user: text.unwrap_or_default().into(), presented: Vec::new() },
        10 => Call::ChangeUser(UserChange {
            user: Some("ada".into()),
            phone_number: text,
            password: true,
            sender: None,
            ..UserChange::default()
        }),
        11 => Call::ChangeUser(UserChange {
            user: text.map(Into::into),
            phone_number: None,
            password: false,
            sender: None,
            ..UserChange::default()
        }),
        12 => calls::health(),
        13 => calls::rename(params),
        14 => Call::DeleteUser { user: "ada".into(), ids_come_back: text.is_some() },
        15 => Call::UserDeleted { user: "ada".into(), ids_come_back: text.is_some() },
        16 => Call::UserSaved(LetThrough {
            user: "ada".into(),
            phone_number: text.clone(),
            session: None,
            unproven: text.is_some(),
            links: text
                .iter()
                .map(|text| LinkChange { provider: text.clone(), unlinked: true, linked: true })
                .collect(),
            before: Some(BeforeChange {
                phone_number: Some("+15005550006".into()),
                from: text.clone(),
                locale: None,
                email: text,
                email_verified: true,
            }),
            voids: true,
            old_address: None,
        }),
        _ => calls::login(params),
    }
}

/// What a call has been told so far, as far as it bears on whether a session may be opened.
#[derive(Default)]
struct Told {
    /// The last user row.
    user: Option<User>,
    /// What the app requires, as it said last.
    require: Option<Require>,
    /// Whether the last account has a factor.
    enrolled: bool,
    /// Whether a claim has won.
    claimed: bool,
    /// Whether a session was asked for, and the host said it was opened.
    opened: bool,
    /// Whether the last answer was that Parse lets the user in.
    let_in: bool,
}

impl Told {
    fn hear(&mut self, effect: &Effect, reply: &Reply) {
        self.let_in = matches!((effect, reply), (Effect::CheckSignIn(_), Reply::User(_)));
        match (effect, reply) {
            (Effect::CheckPassword(_) | Effect::LoadUser(_), Reply::User(user)) => self.user = Some(user.clone()),
            (Effect::CheckProvider(_), Reply::Identity(identity)) => self.user = Some(identity.user.clone()),
            (Effect::LoadAccount(_), reply) => {
                self.enrolled = matches!(reply, Reply::Account(row) if row.confirmed_factors().next().is_some());
            }
            (Effect::AskRequirement(_), Reply::Requirement(require)) => self.require = Some(*require),
            (Effect::UpdateAccount(update), Reply::Account(row)) => {
                let first = |element: &OfRedemptions| {
                    let OfRedemptions::Claim(mine) = element else {
                        return false;
                    };
                    let nonces = row.claims.iter().filter(|r| r.challenge == mine.challenge).map(|r| &r.nonce);
                    nonces.clone().count() > 0 && nonces.clone().all(|nonce| *nonce == mine.nonce)
                };
                self.claimed |= update.update.redemptions.added().iter().any(first);
            }
            (Effect::OpenSession(_), Reply::Session(_)) => self.opened = true,
            _ => {}
        }
    }

    /// Whether the password alone is enough for this user.
    fn needs_no_claim(&self) -> bool {
        let has_none = |user: &User| user.phone().is_none() && !self.enrolled;
        self.require == Some(Require::Nobody) || self.user.as_ref().is_some_and(has_none)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_in_a_call_ends_and_no_session_opens_without_a_claim(
        kind in 0..20u8,
        values in vec(value(), NAMES.len()),
        (user, session, master, address) in (option::of(0..4usize), option::of(0..2usize), any::<bool>(), any::<bool>()),
        begins: bool,
        replies in vec(answered(), 0..15),
        forever in answered(),
        seed: u64,
    ) {
        PREPARED.with(|Prepared { world, texts }| {
            let mut world = world.clone();
            let row = world.account().clone();
            let place = |name: &str| NAMES.iter().position(|n| *n == name).expect("a known name");
            let by_word = !matches!(fitting("authData", &values[place("authData")], texts), Param::Absent | Param::Other);
            let params = Fields::of(NAMES.map(|name| (name.to_owned(), match name {
                "challenge" | "code" if begins => Param::Absent,
                "username" | "email" | "password" | "challenge" | "code" if by_word => Param::Absent,
                _ => fitting(name, &values[place(name)], texts),
            })));
            let caller = Caller {
                address: address.then(|| "203.0.113.7".into()),
                user: user.map(|n| ["ada", "ada", "grace", ""][n].into()),
                session_token: session.map(|n| ["one", "\0"][n].into()),
                user_agent: None,
                master,
                transaction: false,
                mail: master,
                columns: Columns::default(),
            };
            let mut told = Told::default();
            let mut replies = replies.iter().chain(std::iter::repeat(&forever));
            let mut flow = flow(call(kind, params, texts, &values[0]), caller, seed);
            let mut step = flow.start(world.time());
            let mut effects = 0;
            while let Step::Do(effect) = step {
                effects += 1;
                assert!(effects <= MOST_EFFECTS, "a call does not end");
                if matches!(effect, Effect::OpenSession(_)) {
                    assert!(told.claimed || told.needs_no_claim(), "a session without a claim");
                    assert!(told.let_in, "a session that Parse was not asked about");
                }
                if let Effect::RecordEvent(record) = &effect {
                    assert!(record.event.what != EventName::SignedIn || told.opened, "signed in without a session");
                }
                let honest = world.perform(&effect);
                let reply = match replies.next() {
                    None | Some(Answered::Honestly) => honest,
                    Some(Answered::Requirement(n)) => Reply::Requirement(Require::ALL[usize::from(*n)]),
                    Some(Answered::Unasked) => Reply::Unasked,
                    Some(Answered::Identity) => Reply::Identity(Identity {
                        user: User { basis: Some(world.basis("ada")), ..world.users["ada"].clone() },
                        has_password: true,
                        is_new: false,
                    }),
                    Some(Answered::User { phone }) => Reply::User(User {
                        id: "ada".into(),
                        phone_number: phone.then(|| "+15005550006".into()),
                        basis: Some(world.basis("ada")),
                        ..User::default()
                    }),
                    Some(Answered::Account(seed)) => Reply::Account(torn(world.accounts.get("ada").unwrap_or(&row), *seed)),
                    Some(Answered::Missing) => Reply::Missing,
                    Some(Answered::Counts(counts)) => Reply::Counted(Counted { counts: counts.clone(), opened: counts.len() > 4 }),
                    Some(Answered::Session) => Reply::Session("r:made up".to_owned().into()),
                    Some(Answered::Done) => Reply::Done,
                    Some(Answered::Refused(code)) => Reply::Refused { code: *code, message: "no".into() },
                    Some(Answered::Failed) => Reply::Failed,
                };
                told.hear(&effect, &reply);
                step = flow.resume(reply, world.time());
            }
            if let Step::Done(Ok(Answer::Session { .. })) = step {
                assert!(told.opened, "a session that nobody opened");
            }
            assert!(matches!(flow.resume(Reply::Done, world.time()), Step::Done(Err(_))), "what is over stays over");
        });
    }
}

#[test]
fn a_call_that_never_finds_itself_alone_ends() {
    PREPARED.with(|Prepared { world, texts }| {
        for kind in 0..=13 {
            let mut world = world.clone();
            let params = Fields::of(NAMES.map(|name| {
                (
                    name.to_owned(),
                    match name {
                        "challenge" | "code" | "authData" => Param::Absent,
                        _ => fitting(name, &Value::Known(0), texts),
                    },
                )
            }));
            let mut flow =
                flow(call(kind, params, texts, &Value::Known(0)), Caller { master: kind == 7, ..ada("one") }, 1);
            let mut step = flow.start(world.time());
            let mut effects = 0;
            while let Step::Do(effect) = step {
                effects += 1;
                assert!(effects <= MOST_EFFECTS, "a call does not end: {kind}");
                let reply = match world.perform(&effect) {
                    // Whoever looks sees another challenge beside each.
                    Reply::Account(mut row) => {
                        let mut others = row.challenges.clone();
                        others.iter_mut().for_each(|other| other.id = format!("{}x", other.id).into());
                        row.challenges.append(&mut others);
                        Reply::Account(row)
                    }
                    other => other,
                };
                step = flow.resume(reply, world.time());
            }
        }
    });
}

#[test]
fn what_is_worth_handing_in_opens_a_session() {
    PREPARED.with(|Prepared { world, texts }| {
        let mut world = world.clone();
        let [challenge, code] = [&texts[texts.len() - 6], &texts[texts.len() - 3]];
        let params = fields(&[("challenge", challenge), ("code", code)]);
        assert!(matches!(world.run(calls::login(params), Caller::default()), Ok(Answer::Session { .. })));
        assert!(world.has_stepped_up("one"));
        assert!(world.run(calls::new_recovery_codes(), ada("one")).is_ok());
    });
}
