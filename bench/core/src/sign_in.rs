//! Whole sign-ins by SMS on the challenge's wire, against a user, a row and a window that are values in the same memory.

use parse_two_factor::account::Account;
use parse_two_factor::caller::Caller;
use parse_two_factor::crypto::KeyRing;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::{Counted, Effect, Reply, Step, User};
use parse_two_factor::policy::{Policy, Settings};
use parse_two_factor::time::Time;
use parse_two_factor::wire::{Answer, Function, Param, Params};
use parse_two_factor::{Call, begin};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::cell::RefCell;
use std::rc::Rc;

const DAY: u64 = 86_400_000;

/// What a sign-in of the user is founded on.
const BASIS: &str = "a password that nobody changes";

/// An app with one user, who comes back every day.
struct App {
    deployment: Rc<Deployment>,
    now: u64,
    account: Account,
    code: String,
}

thread_local! {
    static APP: RefCell<App> = RefCell::new(App::new());
}

/// Signs in once, a day after the last time, and answers with the number of effects that it took.
#[unsafe(no_mangle)]
pub extern "C" fn sign_in() -> u32 {
    APP.with_borrow_mut(App::sign_in)
}

impl App {
    fn new() -> App {
        let keys = KeyRing::from_master_key("a master key of some length").expect("any text will do");
        let policy = Policy::new(Settings::default()).expect("the defaults are settings");
        App {
            deployment: Rc::new(Deployment::new(policy, keys, false)),
            now: 1_767_225_600_000,
            account: Account { id: "Q1w2E3r4T5".into(), ..Account::default() },
            code: String::new(),
        }
    }

    fn sign_in(&mut self) -> u32 {
        self.now += DAY;
        let (answer, first) = self.run(&[("username", "ada"), ("password", "correct horse")]);
        let Answer::Challenge { challenge, .. } = answer else { panic!("no challenge: {answer:?}") };
        let code = std::mem::take(&mut self.code);
        let (answer, second) = self.run(&[("challenge", &challenge), ("code", &code)]);
        let Answer::Session { .. } = answer else { panic!("no session: {answer:?}") };
        first + second
    }

    fn run(&mut self, params: &[(&str, &str)]) -> (Answer, u32) {
        let given = |name: &str| match params.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Param::from(*text),
            None => Param::Absent,
        };
        let caller = Caller { address: Some("192.0.2.1".into()), ..Caller::default() };
        let random = Box::new(ChaCha8Rng::seed_from_u64(self.now));
        let call = Call::function(Function::Login, &Params::new(&given));
        let mut flow = begin(call, self.deployment.clone(), caller, random);
        let now = Time::from_millis(self.now);
        let mut effects = 0;
        let mut step = flow.start(now);
        loop {
            match step {
                Step::Do(effect) => {
                    effects += 1;
                    step = flow.resume(self.perform(&effect), now);
                }
                Step::Done(end) => return (end.expect("nothing is refused"), effects),
            }
        }
    }

    fn perform(&mut self, effect: &Effect) -> Reply {
        match effect {
            Effect::CheckPassword(_) | Effect::LoadUser(_) | Effect::CheckSignIn(_) => Reply::User(User {
                id: "ada".into(),
                username: Some("ada".into()),
                phone_number: Some("+15005550006".into()),
                basis: Some(BASIS.into()),
                ..User::default()
            }),
            Effect::LoadAccount(_) | Effect::ReadAccount(_) | Effect::CreateAccount(_) => {
                Reply::Account(self.account.clone())
            }
            Effect::UpdateAccount(update) => {
                self.account.apply(&update.update);
                Reply::Account(self.account.clone())
            }
            Effect::Count(count) => Reply::Counted(Counted { counts: vec![1; count.counters.len()], opened: false }),
            Effect::SendMessage(message) => {
                self.code = message
                    .body
                    .split(|c: char| !c.is_ascii_digit())
                    .find(|part| part.len() == 6)
                    .unwrap_or_default()
                    .to_owned();
                Reply::Taken("SM0123456789abcdef0123456789abcdef".into())
            }
            Effect::OpenSession(_) => Reply::Session("r:0123456789abcdef0123456789abcdef".to_owned().into()),
            Effect::ReadBasis(_) => Reply::Basis(BASIS.into()),
            Effect::ConfirmMessage(_) | Effect::RecordEvent(_) => Reply::Done,
            unexpected => panic!("{unexpected:?} is no part of a sign-in by SMS"),
        }
    }
}
