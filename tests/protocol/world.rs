//! A model of everything outside the core: users, the database, the provider, the sessions.

use base32ct::{Base32UpperUnpadded, Encoding};
use parse_two_factor::account::{Account, MarkKind, Redemption};
use parse_two_factor::ceremony::{Answer, Caller, Core};
use parse_two_factor::change::{OfChallenge, OfRedemption};
use parse_two_factor::effect::{Effect, Reply, User};
use parse_two_factor::engine::{Flow, Step};
use parse_two_factor::event::Event;
use parse_two_factor::keys::KeyRing;
use parse_two_factor::params::{Param, Params};
use parse_two_factor::policy::{Policy, Settings};
use parse_two_factor::refusal::Refusal;
use parse_two_factor::{Call, call, recovery_code, totp};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A virtual moment to begin at: 2026-11-24, on the hour.
pub const START: u64 = 1_795_500_000_000;

/// What the id of a user's account begins with.
const ACCOUNT_OF: &str = "account-of-";

/// A way in which the store, or the host's use of it, is wrong: what the checks must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeded {
    /// The row is read, the code compared, and only then the attempt written.
    CompareBeforeCount,
    /// The session is opened whatever the claim's result says.
    OpenBeforeClaim,
    /// A new code forgets the attempts on the old one.
    ResetOnResend,
    /// A TOTP code is claimed without comparing its step with those used before.
    TotpStepNotCompared,
    /// A recovery code is looked up and then claimed: whether another had it meanwhile goes unseen.
    RecoveryCodeReadThenClaimed,
    /// An enrolment is confirmed without a look at the others.
    ConfirmedUnseen,
    /// Nobody hears that recovery codes are being made.
    RenewalForgotten,
    /// A factor is removed without a look at who else removes one.
    RemovedUnseen,
    /// What is under way hears nothing of a reset.
    VoidForgotten,
    /// A session is opened without asking Parse whether the user may sign in.
    OpenUnasked,
}

impl Seeded {
    /// The row as the wrong order sees it, for whoever adds these elements.
    fn overlook(self, mine: &[OfRedemption], row: &mut Account) {
        let is_others = |r: &Redemption| !mine.contains(&r.clone().into());
        match self {
            Seeded::OpenBeforeClaim => row.redemptions.retain(|r| !is_others(r)),
            Seeded::TotpStepNotCompared => {
                row.redemptions.iter_mut().filter(|r| is_others(r)).for_each(|r| r.totp = None);
            }
            Seeded::RecoveryCodeReadThenClaimed => {
                row.redemptions.iter_mut().filter(|r| is_others(r)).for_each(|r| r.recovery_code = None);
            }
            Seeded::ConfirmedUnseen => row.redemptions.retain(|r| r.factor.is_none() || !is_others(r)),
            Seeded::RemovedUnseen => {
                row.marks.retain(|mark| mark.kind != MarkKind::Void || mine.contains(&mark.clone().into()))
            }
            Seeded::CompareBeforeCount | Seeded::ResetOnResend => {}
            Seeded::RenewalForgotten | Seeded::VoidForgotten | Seeded::OpenUnasked => {}
        }
    }
}

#[derive(Clone, Default)]
pub struct World {
    pub now: u64,
    pub users: BTreeMap<String, User>,
    /// By user.
    pub accounts: BTreeMap<String, Account>,
    /// By counter and end.
    pub windows: BTreeMap<(String, u64), i64>,
    /// Number and body, oldest first.
    pub messages: Vec<(String, String)>,
    /// Whom a session was opened for.
    pub sessions: Vec<String>,
    /// What Parse's own rules (lockout, unverified e-mail and the like) answer to whoever signs in.
    pub barred: Option<(i32, &'static str)>,
    /// Whom Parse has let in with the last effect.
    pub let_in: Option<String>,
    /// Sessions that were opened though Parse had not let their user in right before.
    pub unasked: usize,
    /// The trail, oldest first.
    pub events: Vec<Event>,
    pub provider_is_down: bool,
    pub seeded: Option<Seeded>,
    /// Ceremonies run alone so far: the seed of the next one's randomness.
    pub runs: u64,
}

/// Sets have no order.
fn scramble(row: &mut Account) {
    row.challenges.reverse();
    row.codes.reverse();
    row.attempts.reverse();
    row.redemptions.reverse();
    row.marks.reverse();
    row.factors.reverse();
    row.confirmed.reverse();
    row.recovery_codes.reverse();
}

impl World {
    /// A world with one user, `ada`, whose password is right whenever it is `right`.
    pub fn with_ada() -> World {
        let ada = User {
            id: "ada".into(),
            username: Some("ada".into()),
            phone_number: Some("+15005550006".into()),
            ..User::default()
        };
        World { now: START, users: [("ada".to_owned(), ada)].into(), ..World::default() }
    }

    pub fn account(&self) -> &Account {
        &self.accounts["ada"]
    }

    /// The code in the last message.
    pub fn last_code(&self) -> String {
        let (_, body) = self.messages.last().expect("a message was sent");
        body.chars().filter(char::is_ascii_digit).skip(1).collect()
    }

    /// A six-digit code that was never sent.
    pub fn wrong_code(&self) -> String {
        (0..10)
            .map(|digit| digit.to_string().repeat(6))
            .find(|code| !self.messages.iter().any(|(_, body)| body.ends_with(code)))
            .expect("fewer than ten messages were sent")
    }

    /// As [`World::wrong_code`], where many messages were sent: wrong for the last of them.
    pub fn wrong_code_among_many(&self) -> String {
        let right = self.last_code();
        let wrong = if right == "111111" { "222222" } else { "111111" };
        wrong.to_owned()
    }

    pub fn perform(&mut self, effect: &Effect) -> Reply {
        let let_in = self.let_in.take();
        match effect {
            Effect::CheckPassword { username, password, .. } => {
                let user = username.as_ref().and_then(|name| self.users.get(name));
                match user {
                    Some(user) if **password == "right" => Reply::User(user.clone()),
                    _ => Reply::Refused { code: 101, message: "Invalid username/password.".into() },
                }
            }
            Effect::LoadUser { user } => match self.users.get(user) {
                Some(user) => Reply::User(user.clone()),
                None => Reply::Missing,
            },
            Effect::LoadAccount { user } => match self.accounts.get(user) {
                Some(account) => Reply::Account(account.clone()),
                None => Reply::Missing,
            },
            Effect::CreateAccount { user } => {
                let account = self
                    .accounts
                    .entry(user.clone())
                    .or_insert_with(|| Account { id: format!("{ACCOUNT_OF}{user}"), ..Account::default() });
                Reply::Account(account.clone())
            }
            Effect::UpdateAccount { account, change } => {
                let user = account.trim_start_matches(ACCOUNT_OF);
                let Some(row) = self.accounts.get_mut(user) else {
                    return Reply::Missing;
                };
                row.apply(change);
                scramble(row);
                if self.seeded == Some(Seeded::ResetOnResend) {
                    let is_new_code_of = |challenge: &str, element: &OfChallenge| matches!(element, OfChallenge::Code(code) if code.challenge == challenge);
                    let added = change.challenges.added();
                    row.attempts.retain(|a| !added.iter().any(|element| is_new_code_of(&a.challenge, element)));
                }
                let forgotten = match self.seeded {
                    Some(Seeded::VoidForgotten) => Some(MarkKind::Void),
                    Some(Seeded::RenewalForgotten) => Some(MarkKind::Renewal),
                    _ => None,
                };
                row.marks.retain(|mark| forgotten != Some(mark.kind));
                let mut seen = row.clone();
                if let (Some(seeded), mine @ [_, ..]) = (self.seeded, change.redemptions.added()) {
                    seeded.overlook(mine, &mut seen);
                }
                Reply::Account(seen)
            }
            Effect::Count { bucket, ends_at, counters, by } => {
                let add = |counter: &String| {
                    let name = format!("{bucket} {counter}");
                    let count = self.windows.entry((name, *ends_at)).or_default();
                    *count += i64::from(*by);
                    u32::try_from(*count).unwrap_or(0)
                };
                Reply::Counts(counters.iter().map(add).collect())
            }
            Effect::CountEvents { what, method, since } => {
                let is_one = |e: &&Event| what.contains(&e.what) && e.method == Some(*method) && e.at >= *since;
                Reply::Counts(vec![self.events.iter().filter(is_one).count() as u32])
            }
            Effect::SendMessage { to, body, .. } => {
                if self.provider_is_down {
                    return Reply::Refused { code: 4018, message: String::new() };
                }
                self.messages.push((to.clone(), body.to_string()));
                Reply::Done
            }
            Effect::CheckSignIn { .. } if self.seeded == Some(Seeded::OpenUnasked) => Reply::Done,
            Effect::CheckSignIn { user } => match self.barred {
                Some((code, message)) => Reply::Refused { code, message: message.into() },
                None => {
                    self.let_in = Some(user.clone());
                    Reply::Done
                }
            },
            Effect::OpenSession { user } => {
                self.unasked += usize::from(let_in.as_ref() != Some(user));
                self.sessions.push(user.clone());
                Reply::Session(format!("r:{}", self.sessions.len()).into())
            }
            Effect::RemoveNumber { user } => {
                self.users.entry(user.clone()).and_modify(|user| user.phone_number = None);
                Reply::Done
            }
            Effect::RecordEvent { event } => {
                self.events.push(event.clone());
                Reply::Done
            }
            Effect::Wait { .. } => Reply::Done,
        }
    }

    /// Runs a ceremony alone, to its end.
    pub fn run(&mut self, call: Call, caller: Caller) -> Result<Answer, Refusal> {
        self.runs += 1;
        let mut flow = flow(call, caller, self.runs);
        let mut step = flow.start(self.now);
        loop {
            match step {
                Step::Done(outcome) => return outcome,
                Step::Do(effect) => {
                    let reply = self.perform(&effect);
                    step = flow.resume(reply, self.now);
                }
            }
        }
    }

    pub fn login(&mut self, params: &[(&str, &str)]) -> Result<Answer, Refusal> {
        self.run(Call::Login(fields(params)), Caller::default())
    }

    /// Ada's first call; the challenge's token.
    pub fn challenge(&mut self) -> String {
        token(self.login(&PASSWORD).expect("the password is right"))
    }

    pub fn answer(&mut self, challenge: &str, code: &str) -> Result<Answer, Refusal> {
        self.login(&[("challenge", challenge), ("code", code)])
    }

    pub fn advance(&mut self, seconds: u64) {
        self.now += 1000 * seconds;
    }
}

pub const PASSWORD: [(&str, &str); 2] = [("username", "ada"), ("password", "right")];

pub fn fields(params: &[(&str, &str)]) -> Params {
    Params::read(|name| {
        params.iter().find(|(known, _)| *known == name).map_or(Param::Absent, |(_, value)| Param::from(*value))
    })
}

pub fn token(answer: Answer) -> String {
    match answer {
        Answer::Challenge { challenge, .. } => challenge,
        other => panic!("no challenge but {other:?}"),
    }
}

pub fn master() -> Caller {
    Caller { master: true, ..Caller::default() }
}

/// Ada, signed in with this session.
pub fn ada(session: &str) -> Caller {
    Caller { user: Some("ada".into()), session_token: Some(session.into()), ..Caller::default() }
}

thread_local! {
    static CORE: Rc<Core> = Rc::new(Core::new(
        Policy::new(Settings::default()).expect("the defaults hold"),
        KeyRing::parse("k:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").expect("32 bytes"),
    ));
}

/// The deployment that all worlds share: default policy, one durable key.
pub fn core() -> Rc<Core> {
    CORE.with(Rc::clone)
}

pub fn flow(request: Call, caller: Caller, seed: u64) -> Flow<Answer> {
    flow_on(&core(), request, caller, seed)
}

/// Prepares a ceremony on a node with a deployment of its own.
pub fn flow_on(node: &Rc<Core>, request: Call, caller: Caller, seed: u64) -> Flow<Answer> {
    let random = ChaCha20Rng::seed_from_u64(seed);
    call(request, Rc::clone(node), caller, Box::new(random))
}

/// An authenticator app that was set up with a secret in base32.
#[derive(Clone)]
pub struct App {
    pub secret: Vec<u8>,
    /// The factor's id, once confirmed.
    pub factor: String,
}

impl App {
    /// The app of a secret as an enrolment shows it.
    pub fn of(secret: &str) -> App {
        App { secret: Base32UpperUnpadded::decode_vec(secret).expect("base32"), factor: String::new() }
    }

    /// The code for the step this many steps from the moment on.
    pub fn code(&self, now: u64, steps: i64) -> String {
        let step = (now / 1000 / totp::STEP_SECONDS).saturating_add_signed(steps);
        String::from_utf8(totp::code(&self.secret, step).to_vec()).expect("six digits")
    }
}

/// An enrolment of an authenticator app under way.
#[derive(Clone)]
pub struct Enrolment {
    pub token: String,
    pub app: App,
}

/// Factors of Ada's, one call after the other.
impl World {
    /// A world in which Ada has no factor at all.
    pub fn without_a_factor() -> World {
        let mut world = World::with_ada();
        world.users.get_mut("ada").expect("Ada is there").phone_number = None;
        world
    }

    /// Begins to enrol an authenticator app, with the password as well.
    pub fn enrol(&mut self, session: &str) -> Result<Enrolment, Refusal> {
        let params = fields(&[("method", "totp"), ("password", "right")]);
        match self.run(Call::EnrollTwoFactor(params), ada(session))? {
            Answer::TotpEnrolment { enrollment, secret, .. } => {
                Ok(Enrolment { token: enrollment, app: App::of(&secret) })
            }
            other => panic!("no enrolment but {other:?}"),
        }
    }

    /// Enrols and confirms an authenticator app with the code of the step before; the recovery codes, if any came with it.
    pub fn enrolled(&mut self, session: &str) -> (App, Vec<String>) {
        let Enrolment { token, mut app } = self.enrol(session).expect("an enrolment may begin");
        let code = app.code(self.now, -1);
        let params = fields(&[("enrollment", &token), ("code", &code)]);
        match self.run(Call::ConfirmTwoFactor(params), ada(session)).expect("the code is right") {
            Answer::Confirmed { factor, recovery_codes } => {
                app.factor = factor.id;
                let codes = recovery_codes.into_iter().flatten().map(|code| code.to_string());
                (app, codes.collect())
            }
            other => panic!("not confirmed but {other:?}"),
        }
    }

    /// A step-up's challenge.
    pub fn step_up_challenge(&mut self, session: &str) -> String {
        token(self.run(Call::StepUp(fields(&[])), ada(session)).expect("a step-up may begin"))
    }

    /// Steps up with this code.
    pub fn step_up(&mut self, session: &str, code: &str, method: &str) {
        let challenge = self.step_up_challenge(session);
        let params = fields(&[("challenge", &challenge), ("code", code), ("method", method)]);
        self.run(Call::StepUp(params), ada(session)).expect("the code is right");
    }

    /// Whether no step-up may begin, or this code is refused.
    pub fn step_up_fails(&mut self, session: &str, code: &str) -> bool {
        let Ok(answer) = self.run(Call::StepUp(fields(&[])), ada(session)) else { return true };
        let params = fields(&[("challenge", &token(answer)), ("code", code)]);
        self.run(Call::StepUp(params), ada(session)).is_err()
    }

    /// Whether this session has stepped up just now.
    pub fn has_stepped_up(&self, session: &str) -> bool {
        self.clone().run(Call::RequireStepUp, ada(session)).is_ok()
    }

    /// Whether this recovery code would be taken.
    pub fn is_live(&self, code: &str) -> bool {
        self.accounts.get("ada").is_some_and(|row| recovery_code::find(code, row, &core().keys).is_some())
    }

    /// The ids of the factors that count, sorted.
    pub fn confirmed(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.account().confirmed_factors().map(|f| f.id.clone()).collect();
        ids.sort();
        ids
    }
}
