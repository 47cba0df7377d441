//! A model of everything outside the core: users, the database, the provider, the sessions.

use crate::calls::{self, fields};
use crate::verify_service::VerifyService;
use base32ct::{Base32UpperUnpadded, Encoding};
use parse_two_factor::account::{
    Account, Attempt, Challenge, Claim, CountedKind, Device, Mark, OfChallenges, OfRedemptions, RowUpdate, SetOp, Spent,
};
use parse_two_factor::caller::Caller;
use parse_two_factor::crypto::KeyRing;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::{
    Became, CheckProvider, Counted, Effect, Flow, Identity, Opened, ParseMfa, Reply, Step, User,
};
use parse_two_factor::factor::{recovery, totp};
use parse_two_factor::id::{AccountId, Basis};
use parse_two_factor::policy::{
    ByName, Channel, ChannelSettings, Channels, ClauseName, Limits, Policy, Require, Settings, TrustedDevices,
    WebauthnSettings,
};
use parse_two_factor::time::Time;
use parse_two_factor::wire::{Answer, Event, Refusal};
use parse_two_factor::{Call, begin};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::{BTreeMap, BTreeSet};
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
    /// An enrollment is confirmed without a look at the others.
    ConfirmedUnseen,
    /// Nobody hears that recovery codes are being made.
    RenewalForgotten,
    /// A factor is removed without a look at who else removes one.
    RemovedUnseen,
    /// What is under way hears nothing of a reset.
    VoidForgotten,
    /// A session is opened without asking Parse whether the user may sign in.
    OpenUnasked,
    /// Challenges, codes and tokens do not say what they are founded on.
    FoundedOnNothing,
    /// Nobody hears that a change has been saved.
    SavedUnheard,
    /// The step-up of a sign-in outlives whatever is there when it is looked for.
    SignInOutlivesAll,
    /// The process dies before it takes an attempt back.
    DeadBeforeTakingBack,
    /// The same, and the row is not looked at before an attempt is written to it.
    CountedUnseen,
    /// Nobody hears when the password was changed.
    RestForgotten,
    /// A trusted browser is looked up in a row that was read before its use was claimed.
    DeviceUsedUnseen,
}

/// What happened to a row, as far as the order matters to trusted browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// The use of a trusted browser was claimed, and whether the row had one.
    DeviceClaimed { is_there: bool },
    /// A code was looked at.
    CodeLookedAt,
    /// Something was revoked, or a recovery code claimed.
    TrustEnded,
}

impl Happened {
    fn of(update: &RowUpdate, row: &Account) -> Option<Happened> {
        let ends = |element: &OfRedemptions| match element {
            OfRedemptions::Mark(mark) => matches!(mark, Mark::Revocation(_)),
            OfRedemptions::Claim(claim) => matches!(claim.spent, Spent::RecoveryCode(_)),
            OfRedemptions::Unknown(_) => false,
        };
        let looks = |element: &OfChallenges| matches!(element, OfChallenges::Attempt(attempt) if !attempt.unguessable);
        if update.is_nothing() {
            Some(Happened::DeviceClaimed { is_there: !row.devices.is_empty() })
        } else if update.redemptions.added().iter().any(ends) {
            Some(Happened::TrustEnded)
        } else {
            update.challenges.added().iter().any(looks).then_some(Happened::CodeLookedAt)
        }
    }
}

impl Seeded {
    /// The row as the wrong order sees it, for whoever adds these elements.
    fn overlook(self, mine: &[OfRedemptions], row: &mut Account) {
        let is_others = |claim: &Claim| !mine.contains(&claim.clone().into());
        let others = |row: &mut Account, forget: fn(&Spent) -> bool| {
            let claims = row.claims.iter_mut().filter(|claim| is_others(claim) && forget(&claim.spent));
            claims.for_each(|claim| claim.spent = Spent::SentCode);
        };
        match self {
            Seeded::OpenBeforeClaim => row.claims.retain(|claim| !is_others(claim)),
            Seeded::TotpStepNotCompared => others(row, |spent| matches!(spent, Spent::Step(_))),
            Seeded::RecoveryCodeReadThenClaimed => others(row, |spent| matches!(spent, Spent::RecoveryCode(_))),
            Seeded::ConfirmedUnseen => row.claims.retain(|claim| claim.confirms.is_none() || !is_others(claim)),
            Seeded::RemovedUnseen => {
                row.marks.retain(|mark| !matches!(mark, Mark::Revocation(_)) || mine.contains(&mark.clone().into()))
            }
            Seeded::CompareBeforeCount | Seeded::ResetOnResend => {}
            Seeded::RenewalForgotten | Seeded::VoidForgotten | Seeded::OpenUnasked => {}
            Seeded::FoundedOnNothing | Seeded::SavedUnheard | Seeded::SignInOutlivesAll => {}
            Seeded::DeadBeforeTakingBack | Seeded::CountedUnseen | Seeded::DeviceUsedUnseen => {}
            Seeded::RestForgotten => {}
        }
    }
}

#[derive(Clone, Default)]
pub struct World {
    pub now: u64,
    pub users: BTreeMap<String, User>,
    /// Whose identity is whose: provider and id, then the user.
    pub identities: BTreeMap<(String, String), String>,
    /// Users without a password.
    pub passwordless: BTreeSet<String>,
    /// Passwords that are not `right`, by user.
    pub passwords: BTreeMap<String, &'static str>,
    /// Providers and ACL, by user.
    pub access: BTreeMap<String, &'static str>,
    /// What the app's function requires of a user. It answers `enrolled` for the others.
    pub requires: BTreeMap<String, Require>,
    /// By user.
    pub accounts: BTreeMap<String, Account>,
    /// By counter and end.
    pub windows: BTreeMap<(String, Time), i64>,
    /// Number and body, oldest first.
    pub messages: Vec<(String, String)>,
    /// Whom a session was opened for.
    pub sessions: Vec<String>,
    /// How many of them for a user whom the call had created, and for whom no trigger of a sign-in runs.
    pub signed_up: usize,
    /// The trail, oldest first.
    pub events: Vec<Event>,
    /// What stands beside the entries of sign-ins: the user, and the session with its claim.
    pub opened: Vec<(String, Opened)>,
    /// Whether the trail takes no entry.
    pub trail_is_down: bool,
    /// How many sessions Ada has elsewhere.
    pub elsewhere: u32,
    /// How many of them cannot be ended.
    pub stubborn: u32,
    /// The tokens of the sessions that stayed when others were ended.
    pub kept: Vec<Option<String>>,
    /// What Parse's own adapter keeps, by user.
    pub parse_mfa: BTreeMap<String, ParseMfa>,
    /// Whether that adapter has gone from the configuration.
    pub adapter_is_gone: bool,
    pub provider_is_down: bool,
    /// Channels by which the provider reaches no number, with its error code.
    pub refuses: Vec<(Channel, i32)>,
    /// Address, subject and text, oldest first.
    pub mails: Vec<(String, String, String)>,
    pub mail_is_down: bool,
    /// By which channel each message went.
    pub went_by: Vec<Channel>,
    /// Twilio Verify.
    pub verify: VerifyService,
    /// Whether the provider says what it knows a message by.
    pub tells_sids: bool,
    /// What became of each message: its status and the provider's error code. Those that are left out arrived.
    pub became: BTreeMap<String, Became>,
    /// What the provider was asked about.
    pub checked: Vec<String>,
    /// The addresses at which it is to tell what became of messages, and the documents of calls.
    pub report_to: Vec<Option<String>>,
    pub documents: Vec<Option<String>>,
    /// Messages whose code the provider heard to have come back.
    pub came_back: Vec<String>,
    /// How often the provider was handed a message.
    pub handed_over: usize,
    /// What Parse's own rules (lockout, unverified e-mail and the like) answer to whoever signs in.
    pub barred: Option<(i32, &'static str)>,
    /// By whose word those came whom Parse was asked about, and whom it let in; `None` for a password.
    pub asked_about: Vec<Option<String>>,
    /// Who acts, where several do.
    pub acting: usize,
    /// The row that each actor's password was right for.
    pub found: BTreeMap<usize, User>,
    /// Whom Parse has let in with the last effect.
    pub let_in: Option<String>,
    /// Sessions that were opened though Parse had not let their user in right before.
    pub unasked: usize,
    pub seeded: Option<Seeded>,
    /// Challenges that were once in Ada's row, for [`Seeded::CountedUnseen`].
    pub forgotten: Vec<Challenge>,
    /// Browsers that Ada once trusted, for [`Seeded::DeviceUsedUnseen`].
    pub once_trusted: Vec<Device>,
    /// What happened to rows, in its order.
    pub order: Vec<Happened>,
    /// How often a row was written to.
    pub writes: usize,
    /// Ceremonies run alone so far: the seed of the next one's randomness.
    pub runs: u64,
}

/// What the provider knows the message of this number by.
pub fn sid(message: usize) -> String {
    format!("SM{message:032x}")
}

/// Sets have no order.
fn scramble(row: &mut Account) {
    row.challenges.reverse();
    row.codes.reverse();
    row.attempts.reverse();
    row.delivered.reverse();
    row.lost.reverse();
    row.verifications.reverse();
    row.unproven.reverse();
    row.claims.reverse();
    row.marks.reverse();
    row.factors.reverse();
    row.confirmed.reverse();
    row.recovery_codes.reverse();
    row.devices.reverse();
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
        World {
            now: START,
            users: [("ada".to_owned(), ada)].into(),
            identities: [(("demo".to_owned(), "a-1".to_owned()), "ada".to_owned())].into(),
            ..World::default()
        }
    }

    /// What a sign-in of this user is founded on, as the host would digest it.
    pub fn basis(&self, user: &str) -> Basis {
        if self.seeded == Some(Seeded::FoundedOnNothing) {
            return "nothing".into();
        }
        let row = self.users.get(user).map(|row| (&row.phone_number, &row.from, &row.links, &row.email));
        format!("{:?} {:?} {row:?}", self.passwords.get(user), self.access.get(user)).as_str().into()
    }

    /// The time of this world's clock.
    pub fn time(&self) -> Time {
        Time::from_millis(self.now)
    }

    pub fn account(&self) -> &Account {
        &self.accounts["ada"]
    }

    /// The code in the last message.
    pub fn last_code(&self) -> String {
        let (_, body) = self.messages.last().expect("a message was sent");
        // The text of a message begins with "2FA".
        let others = usize::from(self.went_by.last() != Some(&Channel::Call));
        body.chars().filter(char::is_ascii_digit).skip(others).collect()
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
            Effect::CheckSignIn(check) if self.seeded == Some(Seeded::OpenUnasked) => self.let_in_by(check),
            Effect::CheckSignIn(check) => match self.barred {
                Some((code, message)) => Reply::Refused { code, message: message.into() },
                None => {
                    self.asked_about.push(check.provider.as_ref().map(ToString::to_string));
                    self.let_in = Some(check.user.to_string());
                    self.let_in_by(check)
                }
            },
            Effect::ReadBasis(read) if !self.users.contains_key(&*read.user) => Reply::Missing,
            Effect::ReadBasis(read) => Reply::Basis(self.basis(&read.user)),
            Effect::CheckPassword(check) => {
                let user = check.username.as_ref().and_then(|name| self.users.get(&**name));
                match user {
                    Some(user) if &*check.password == self.passwords.get(&*user.id).copied().unwrap_or("right") => {
                        let row = User { basis: Some(self.basis(&user.id)), ..user.clone() };
                        self.found.insert(self.acting, row.clone());
                        Reply::User(row)
                    }
                    _ => Reply::Refused { code: 101, message: "Invalid username/password.".into() },
                }
            }
            Effect::CheckProvider(check) => self.check_provider(check),
            Effect::LoadIdentity(load) => match self.users.get(&*load.user) {
                Some(user) => {
                    let has_password = !self.passwordless.contains(&*load.user);
                    Reply::Identity(Identity { user: user.clone(), has_password, is_new: false })
                }
                None => Reply::Missing,
            },
            Effect::LoadUser(load) => match self.users.get(&*load.user) {
                Some(user) => Reply::User(user.clone()),
                None => Reply::Missing,
            },
            Effect::AskRequirement(ask) => {
                Reply::Requirement(self.requires.get(&*ask.user).copied().unwrap_or_default())
            }
            Effect::NameAccount(name) => Reply::Named(name.user.to_string()),
            Effect::LoadAccount(load) => match self.accounts.get(&*load.user) {
                Some(account) => Reply::Account(account.clone()),
                None => Reply::Missing,
            },
            // A row in which every challenge is alive.
            Effect::ReadAccount(read) if self.seeded == Some(Seeded::CountedUnseen) => {
                let Some(mut row) = self.accounts.values().find(|row| row.id == read.account).cloned() else {
                    return Reply::Missing;
                };
                row.challenges = self.forgotten.clone();
                row.challenges.iter_mut().for_each(|challenge| challenge.at = self.time());
                row.claims.clear();
                Reply::Account(row)
            }
            Effect::ReadAccount(read) => match self.accounts.values().find(|row| row.id == read.account) {
                Some(account) => Reply::Account(account.clone()),
                None => Reply::Missing,
            },
            Effect::CreateAccount(create) => {
                let user = create.user.to_string();
                let id = format!("{ACCOUNT_OF}{user}").into();
                let account = self.accounts.entry(user).or_insert_with(|| Account { id, ..Account::default() });
                Reply::Account(account.clone())
            }
            Effect::RemoveAccount(remove) => {
                self.accounts.retain(|_, row| row.id != remove.account);
                Reply::Done
            }
            Effect::UpdateAccount(update) => self.update(&update.account, &update.update),
            Effect::Count(count) => {
                let add = |counter: &String| {
                    let name = format!("{} {counter}", count.bucket);
                    let total = self.windows.entry((name, count.ends_at)).or_default();
                    *total += i64::from(count.by);
                    u32::try_from(*total).unwrap_or(0)
                };
                Reply::Counted(Counted { counts: count.counters.iter().map(add).collect(), opened: false })
            }
            Effect::SweepWindows(_) | Effect::Wait(_) => Reply::Done,
            Effect::CountEvents(count) => {
                let is_one =
                    |e: &&Event| count.what.contains(&e.what) && e.method == Some(count.method) && e.at >= count.since;
                let counts = vec![self.events.iter().filter(is_one).count() as u32];
                Reply::Counted(Counted { counts, opened: false })
            }
            Effect::SendMessage(message) => {
                self.handed_over += 1;
                let refused = self.refuses.iter().find(|(channel, _)| *channel == message.channel);
                if let Some(code) = refused.map(|(_, code)| *code).or(self.provider_is_down.then_some(4018)) {
                    return Reply::Refused { code, message: String::new() };
                }
                self.went_by.push(message.channel);
                self.report_to.push(message.status_callback.as_ref().map(|address| address.to_string()));
                self.documents.push(message.twiml.as_ref().map(|document| document.to_string()));
                self.messages.push((message.to.clone(), message.body.to_string()));
                if self.tells_sids { Reply::Taken(sid(self.messages.len()).as_str().into()) } else { Reply::Done }
            }
            Effect::CheckMessage(check) => {
                self.checked.push(check.sid.to_string());
                let arrived = || Became { status: "delivered".into(), error: None };
                Reply::Became(self.became.get(&*check.sid).cloned().unwrap_or_else(arrived))
            }
            Effect::ConfirmMessage(confirm) => {
                self.came_back.push(confirm.sid.to_string());
                Reply::Done
            }
            Effect::SendMail(_) if self.mail_is_down => Reply::Refused { code: 0, message: String::new() },
            Effect::SendMail(mail) => {
                self.mails.push((mail.to.clone(), mail.subject.clone(), mail.text.to_string()));
                Reply::Done
            }
            Effect::Verify(ask) => self.verify.answer(ask, &mut self.messages, &mut self.went_by),
            Effect::OpenSession(open) => {
                self.unasked += usize::from(let_in.as_deref() != Some(&*open.user));
                self.sessions.push(open.user.to_string());
                self.signed_up += usize::from(open.is_new);
                Reply::Session(format!("r:{}", self.sessions.len()).into())
            }
            Effect::RemoveNumber(remove) => {
                self.users.entry(remove.user.to_string()).and_modify(|user| user.phone_number = None);
                Reply::Done
            }
            Effect::ReadParseMfa(read) => {
                let is_it = |id: &str| match &read.user {
                    Some(user) => **user == *id,
                    None => read.after.as_ref().is_none_or(|after| *id > **after),
                };
                match self.parse_mfa.values().find(|found| is_it(&found.user)) {
                    None => Reply::Missing,
                    Some(_) if self.adapter_is_gone => Reply::Unasked,
                    Some(found) => Reply::ParseMfa(found.clone()),
                }
            }
            Effect::ClearParseMfa(clear) => {
                let is_it = |found: &ParseMfa| found.secret == clear.secret && found.mobile == clear.mobile;
                match self.parse_mfa.get(&*clear.user).is_some_and(is_it) {
                    true => {
                        self.parse_mfa.remove(&*clear.user);
                        Reply::Done
                    }
                    false => Reply::Missing,
                }
            }
            Effect::RecordEvent(_) if self.trail_is_down => Reply::Failed,
            Effect::RecordEvent(record) => {
                self.events.push(record.event.clone());
                self.opened.extend(record.opened.clone().map(|opened| (record.event.user.to_string(), opened)));
                Reply::Done
            }
            Effect::FindSignIn(find) => {
                let is_its = |(user, opened): &&(String, Opened)| *user == *find.user && opened.session == find.session;
                let found = self.opened.iter().find(is_its);
                found.map_or(Reply::Missing, |(_, opened)| Reply::Claimed(opened.claim.clone()))
            }
            Effect::EndSessions(end) => {
                self.kept.push(end.but.as_ref().map(|token| token.to_string()));
                let counts = vec![self.elsewhere - self.stubborn, self.stubborn];
                self.elsewhere = self.stubborn;
                Reply::Counted(Counted { counts, opened: false })
            }
        }
    }

    /// As the demo's provider: whoever has the id's token is whom the id says.
    fn check_provider(&mut self, check: &CheckProvider) -> Reply {
        let auth_data: serde_json::Value = serde_json::from_str(&check.auth_data).expect("JSON");
        let word = &auth_data[&*check.provider];
        let id = word["id"].as_str().unwrap_or_default();
        if word["token"] != format!("token-of-{id}") {
            return Reply::Refused { code: 101, message: "The provider says no.".into() };
        }
        let identity = (check.provider.to_string(), id.to_owned());
        let is_new = !self.identities.contains_key(&identity);
        let user = match (self.identities.get(&identity), check.may_create) {
            (Some(user), _) => user.clone(),
            (None, false) => return Reply::Missing,
            (None, true) => {
                let user = format!("user-{id}");
                self.users.insert(user.clone(), User { id: user.as_str().into(), ..User::default() });
                self.passwordless.insert(user.clone());
                self.identities.insert(identity, user.clone());
                user
            }
        };
        let has_password = !self.passwordless.contains(&user);
        let basis = Some(self.basis(&user));
        Reply::Identity(Identity { user: User { basis, ..self.users[&user].clone() }, has_password, is_new })
    }

    fn update(&mut self, account: &AccountId, update: &RowUpdate) -> Reply {
        let user = account.trim_start_matches(ACCOUNT_OF);
        let Some(row) = self.accounts.get_mut(user) else {
            return Reply::Missing;
        };
        self.writes += 1;
        self.order.extend(Happened::of(update, row));
        let takes_back =
            matches!(&update.challenges, SetOp::Remove(gone) if matches!(gone[..], [OfChallenges::Attempt(_)]));
        if takes_back && matches!(self.seeded, Some(Seeded::DeadBeforeTakingBack | Seeded::CountedUnseen)) {
            return Reply::Failed;
        }
        row.apply(update);
        scramble(row);
        if self.seeded == Some(Seeded::FoundedOnNothing) {
            row.claims.iter_mut().for_each(|claim| claim.number = None);
            row.codes.iter_mut().for_each(|code| code.number = None);
            for mark in &mut row.marks {
                if let Mark::StepUp(step_up) = mark {
                    step_up.number = None;
                }
            }
        }
        if self.seeded == Some(Seeded::ResetOnResend) {
            let added = update.challenges.added();
            let is_resent = |attempt: &Attempt| {
                let is_its_code = |element: &OfChallenges| matches!(element, OfChallenges::Code(code) if code.challenge == attempt.challenge);
                added.iter().any(is_its_code)
            };
            row.attempts.retain(|attempt| !is_resent(attempt));
        }
        let is_forgotten = |mark: &Mark| match self.seeded {
            Some(Seeded::VoidForgotten) => matches!(mark, Mark::Revocation(_)),
            Some(Seeded::RenewalForgotten) => matches!(mark, Mark::RenewalLock { .. }),
            Some(Seeded::RestForgotten) => {
                matches!(mark, Mark::Counted(counted) if counted.what == CountedKind::Password)
            }
            _ => false,
        };
        row.marks.retain(|mark| !is_forgotten(mark));
        if self.seeded == Some(Seeded::SignInOutlivesAll) {
            let all: Vec<_> = row.revocations().map(|mark| mark.nonce.clone()).collect();
            row.claims.iter_mut().for_each(|claim| claim.known_revocations = all.clone());
        }
        let mut seen = row.clone();
        if self.seeded == Some(Seeded::DeviceUsedUnseen) && update.is_nothing() {
            seen.devices = self.once_trusted.clone();
        }
        if let (Some(seeded), mine @ [_, ..]) = (self.seeded, update.redemptions.added()) {
            seeded.overlook(mine, &mut seen);
        }
        Reply::Account(seen)
    }

    /// Runs a ceremony alone, to its end.
    pub fn run(&mut self, call: Call, caller: Caller) -> Result<Answer, Refusal> {
        self.runs += 1;
        let flow = flow(call, caller, self.runs);
        self.finish_amid(flow, |_, _| ())
    }

    /// As [`World::run`], on a node of its own.
    pub fn run_on(&mut self, node: &Rc<Deployment>, call: Call, caller: Caller) -> Result<Answer, Refusal> {
        self.runs += 1;
        let flow = flow_on(node, call, caller, self.runs);
        self.finish_amid(flow, |_, _| ())
    }

    /// Runs a ceremony to its end while `before` changes something before an effect.
    pub fn finish_amid(
        &mut self,
        mut flow: Flow<Answer>,
        mut before: impl FnMut(&mut World, &Effect),
    ) -> Result<Answer, Refusal> {
        let mut step = flow.start(self.time());
        loop {
            match step {
                Step::Done(outcome) => return outcome,
                Step::Do(effect) => {
                    before(self, &effect);
                    let reply = self.perform(&effect);
                    step = flow.resume(reply, self.time());
                }
            }
        }
    }

    pub fn login(&mut self, params: &[(&str, &str)]) -> Result<Answer, Refusal> {
        self.run(calls::login(fields(params)), Caller::default())
    }

    /// Ada's first call; the challenge's token.
    pub fn challenge(&mut self) -> String {
        token(self.login(&PASSWORD).expect("the password is right"))
    }

    /// Wrong codes on challenges of earlier days.
    pub fn fail_in_a_row(&mut self, times: u32) {
        let attempt = |i| {
            let (challenge, nonce) = (format!("earlier {}", i / 5).into(), format!("earlier {i}").into());
            Attempt { challenge, nonce, unguessable: false }
        };
        let row = self.accounts.get_mut("ada").expect("Ada has an account");
        row.attempts.extend((0..times).map(attempt));
    }

    pub fn answer(&mut self, challenge: &str, code: &str) -> Result<Answer, Refusal> {
        self.login(&[("challenge", challenge), ("code", code)])
    }

    pub fn advance(&mut self, seconds: u64) {
        self.now += 1000 * seconds;
    }
}

pub const PASSWORD: [(&str, &str); 2] = [("username", "ada"), ("password", "right")];

/// Ada's word by the provider `demo`.
pub const WORD: [(&str, &str); 1] = [("authData", r#"{"demo":{"id":"a-1","token":"token-of-a-1"}}"#)];

pub fn token(answer: Answer) -> String {
    match answer {
        Answer::Challenge { challenge, .. } => challenge.to_string(),
        other => panic!("no challenge but {other:?}"),
    }
}

/// The session token that an answer shows.
pub fn session_token(answer: Answer) -> String {
    match answer {
        Answer::Session { session_token, .. } | Answer::Confirmed { session_token: Some(session_token), .. } => {
            session_token.to_string()
        }
        other => panic!("no session but {other:?}"),
    }
}

pub fn master() -> Caller {
    Caller { master: true, ..Caller::default() }
}

/// The same caller, at a server with an adapter for mail.
pub fn with_mail(caller: Caller) -> Caller {
    Caller { mail: true, ..caller }
}

/// Ada, signed in with this session.
pub fn ada(session: &str) -> Caller {
    Caller { user: Some("ada".into()), session_token: Some(session.into()), ..Caller::default() }
}

pub const KEYS: &str = "k:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

thread_local! {
    static DEPLOYMENT: Rc<Deployment> = deployment(KEYS);
}

/// A deployment with the default policy, passkeys and trusted browsers on, whose app has a function `require`.
pub fn deployment(keys: &str) -> Rc<Deployment> {
    made_of(keys, Limits::default())
}

/// The same with one durable key and other limits.
pub fn deployment_with(limits: Limits) -> Rc<Deployment> {
    made_of(KEYS, limits)
}

fn made_of(keys: &str, limits: Limits) -> Rc<Deployment> {
    with_settings(keys, Settings { limits, ..Settings::default() })
}

/// A deployment that has these channels on, in this order, with one durable key.
pub fn deployment_by(channels: &[Channel], limits: Limits) -> Rc<Deployment> {
    let templates = |channel: Channel| match channel {
        Channel::Whatsapp => [("en".to_owned(), format!("HX{}", "0".repeat(32)))].into(),
        Channel::Sms | Channel::Call | Channel::Email => ByName::default(),
    };
    let settings = |channel| ChannelSettings { channel, fallback: true, content_sid: templates(channel) };
    let channels = Channels(channels.iter().map(|channel| settings(*channel)).collect());
    with_settings(KEYS, Settings { channels, limits, ..Settings::default() })
}

/// A deployment with these settings and passkeys on.
pub fn with_settings(keys: &str, settings: Settings) -> Rc<Deployment> {
    let webauthn = WebauthnSettings { rp_id: Some("example.com".into()), ..WebauthnSettings::default() };
    let trusted_devices = Some(TrustedDevices { days: 30 });
    let allow = vec![ClauseName::TrustedDevice, ClauseName::Email];
    of(keys, Settings { webauthn, trusted_devices, allow, ..settings })
}

/// A deployment with these settings and the usual key.
pub fn deployment_of(settings: Settings) -> Rc<Deployment> {
    of(KEYS, settings)
}

fn of(keys: &str, settings: Settings) -> Rc<Deployment> {
    let policy = Policy::new(settings).expect("they hold");
    Rc::new(Deployment::new(policy, KeyRing::parse(keys).expect("32 bytes each"), true))
}

/// The deployment that all worlds share, with one durable key.
pub fn core() -> Rc<Deployment> {
    DEPLOYMENT.with(Rc::clone)
}

pub fn flow(call: Call, caller: Caller, seed: u64) -> Flow<Answer> {
    flow_on(&core(), call, caller, seed)
}

/// Prepares a ceremony on a node with a deployment of its own.
pub fn flow_on(node: &Rc<Deployment>, call: Call, caller: Caller, seed: u64) -> Flow<Answer> {
    let random = ChaCha20Rng::seed_from_u64(seed);
    begin(call, Rc::clone(node), caller, Box::new(random))
}

/// An authenticator app that was set up with a secret in base32.
#[derive(Clone)]
pub struct App {
    pub secret: Vec<u8>,
    /// The factor's id, once confirmed.
    pub factor: String,
}

impl App {
    /// The app of a secret as an enrollment shows it.
    pub fn of(secret: &str) -> App {
        App { secret: Base32UpperUnpadded::decode_vec(secret).expect("base32"), factor: String::new() }
    }

    /// The code for the step this many steps from the moment on.
    pub fn code(&self, now: u64, steps: i64) -> String {
        let step = (now / 1000 / totp::STEP_SECONDS).saturating_add_signed(steps);
        String::from_utf8(totp::code(&self.secret, step).to_vec()).expect("six digits")
    }
}

/// An enrollment of an authenticator app under way.
#[derive(Clone)]
pub struct Enrollment {
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
    pub fn enroll(&mut self, session: &str) -> Result<Enrollment, Refusal> {
        let params = fields(&[("method", "totp"), ("password", "right")]);
        match self.run(calls::enroll(params), ada(session))? {
            Answer::TotpEnrollment { enrollment, secret, .. } => {
                Ok(Enrollment { token: enrollment.to_string(), app: App::of(&secret) })
            }
            other => panic!("no enrollment but {other:?}"),
        }
    }

    /// Enrols and confirms an authenticator app with the code of the step before; the recovery codes, if any came with it.
    pub fn enrolled(&mut self, session: &str) -> (App, Vec<String>) {
        let Enrollment { token, mut app } = self.enroll(session).expect("an enrollment may begin");
        let code = app.code(self.now, -1);
        let params = fields(&[("enrollment", &token), ("code", &code)]);
        match self.run(calls::confirm(params), ada(session)).expect("the code is right") {
            Answer::Confirmed { factor, recovery_codes, .. } => {
                app.factor = factor.id.to_string();
                let codes = recovery_codes.into_iter().flatten().map(|code| code.to_string());
                (app, codes.collect())
            }
            other => panic!("not confirmed but {other:?}"),
        }
    }

    /// A step-up's challenge.
    pub fn step_up_challenge(&mut self, session: &str) -> String {
        token(self.run(calls::step_up(fields(&[])), ada(session)).expect("a step-up may begin"))
    }

    /// Steps up with this code.
    pub fn step_up(&mut self, session: &str, code: &str, method: &str) {
        let challenge = self.step_up_challenge(session);
        let params = fields(&[("challenge", &challenge), ("code", code), ("method", method)]);
        self.run(calls::step_up(params), ada(session)).expect("the code is right");
    }

    /// Whether no step-up may begin, or this code is refused.
    pub fn step_up_fails(&mut self, session: &str, code: &str) -> bool {
        let Ok(answer) = self.run(calls::step_up(fields(&[])), ada(session)) else { return true };
        let params = fields(&[("challenge", &token(answer)), ("code", code)]);
        self.run(calls::step_up(params), ada(session)).is_err()
    }

    /// Whether this session has stepped up just now.
    pub fn has_stepped_up(&self, session: &str) -> bool {
        self.clone().run(Call::RequireStepUp, ada(session)).is_ok()
    }

    /// Whether this recovery code would be taken.
    pub fn is_live(&self, code: &str) -> bool {
        self.accounts.get("ada").is_some_and(|row| recovery::find(code, row, &core().keys).is_some())
    }

    /// The ids of the factors that count, sorted.
    pub fn confirmed(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.account().confirmed_factors().map(|f| f.id.to_string()).collect();
        ids.sort();
        ids
    }
}
