//! Faults: at every effect of a sign-in in turn, and at every two of them, the store or the provider fails or the process dies.

use crate::calls::{self, fields};
use crate::world::{PASSWORD, WORD, World, core, flow};
use parse_two_factor::Call;
use parse_two_factor::caller::Caller;
use parse_two_factor::challenge::token;
use parse_two_factor::engine::{Effect, Reply, Step};
use parse_two_factor::id::{ChallengeId, Nonce};
use parse_two_factor::time::Time;
use parse_two_factor::wire::{Answer, Refusal};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The effect did not happen, and the core is told that it failed.
    Failed,
    /// The effect happened, but its answer was lost: the core is told that it failed.
    AnswerLost,
    /// The process died before the effect.
    KilledBefore,
    /// The process died after the effect.
    KilledAfter,
}

const FAULTS: [Fault; 4] = [Fault::Failed, Fault::AnswerLost, Fault::KilledBefore, Fault::KilledAfter];

/// How a client goes about its sign-in.
#[derive(Clone, Copy, Debug)]
struct Script {
    /// The first factor.
    first: &'static [(&'static str, &'static str)],
    /// Hands the code in with the password, as in the tutorial, rather than with the challenge.
    with_password: bool,
    resends: bool,
    /// Mistypes the code once.
    mistypes: bool,
}

const SCRIPTS: [Script; 8] = [
    Script { first: &PASSWORD, with_password: false, resends: false, mistypes: false },
    Script { first: &PASSWORD, with_password: true, resends: false, mistypes: false },
    Script { first: &PASSWORD, with_password: false, resends: true, mistypes: false },
    Script { first: &PASSWORD, with_password: true, resends: true, mistypes: false },
    Script { first: &PASSWORD, with_password: false, resends: false, mistypes: true },
    Script { first: &PASSWORD, with_password: true, resends: true, mistypes: true },
    Script { first: &WORD, with_password: false, resends: false, mistypes: false },
    Script { first: &WORD, with_password: false, resends: true, mistypes: true },
];

impl Script {
    fn is_by_password(self) -> bool {
        self.first.len() == PASSWORD.len()
    }
}

/// One client against a world in which the effects with these numbers go wrong.
struct Run {
    world: World,
    faults: Vec<(usize, Fault)>,
    effects: usize,
    reached: BTreeSet<String>,
    /// The right codes handed in, by the number of their message.
    codes_handed_in: BTreeSet<usize>,
}

/// How a call ended; `None` if its process died.
type End = Option<Result<Answer, Refusal>>;

impl Run {
    fn new(faults: &[(usize, Fault)]) -> Run {
        Run {
            world: World { tells_sids: true, ..World::with_ada() },
            faults: faults.to_vec(),
            effects: 0,
            reached: BTreeSet::new(),
            codes_handed_in: BTreeSet::new(),
        }
    }

    fn call(&mut self, call: Call) -> End {
        self.world.runs += 1;
        let mut flow = flow(call, Caller::default(), self.world.runs);
        let mut step = flow.start(self.world.time());
        for _ in 0..100 {
            let effect = match step {
                Step::Done(outcome) => return Some(outcome),
                Step::Do(effect) => effect,
            };
            let fault = self.faults.iter().find(|(at, _)| *at == self.effects).map(|(_, fault)| *fault);
            self.effects += 1;
            let reply = match fault {
                Some(fault) => {
                    self.reached.insert(effect.name().to_owned());
                    if matches!(fault, Fault::AnswerLost | Fault::KilledAfter) {
                        self.world.perform(&effect);
                    }
                    if matches!(fault, Fault::KilledBefore | Fault::KilledAfter) {
                        return None;
                    }
                    Reply::Failed
                }
                None => self.world.perform(&effect),
            };
            self.no_session_without_a_right_code();
            step = flow.resume(reply, self.world.time());
        }
        panic!("a call does not end: {:?}", self.faults);
    }

    fn no_session_without_a_right_code(&self) {
        let (opened, earned) = (self.world.sessions.len(), self.codes_handed_in.len());
        assert!(opened <= earned, "{opened} sessions for {earned} right codes: {:?}", self.faults);
    }

    /// Hands in the code of the last message, right or mistyped.
    fn hand_in(&mut self, script: Script, token: &str, right: bool) -> End {
        let code = if right { self.world.last_code() } else { self.world.wrong_code() };
        if right {
            self.codes_handed_in.insert(self.world.messages.len());
        }
        let code = ("code", code.as_str());
        let params = match script.with_password {
            true => fields(&[PASSWORD[0], PASSWORD[1], code]),
            false => fields(&[("challenge", token), code]),
        };
        let end = self.call(calls::login(params));
        self.no_session_without_a_right_code();
        assert!(right || !matches!(end, Some(Ok(_))), "a wrong code is never accepted: {:?}", self.faults);
        end
    }

    /// One try at signing in; whether it got there.
    fn sign_in(&mut self, script: Script) -> bool {
        let Some(Ok(answer)) = self.call(calls::login(fields(script.first))) else { return false };
        let Answer::Challenge { challenge: token, .. } = answer else { panic!("a first factor alone: {answer:?}") };
        if script.resends {
            self.world.advance(30);
            let resent = self.call(calls::resend_code(fields(&[("challenge", &token)])));
            if !matches!(resent, Some(Ok(_))) {
                return false;
            }
        }
        if script.mistypes {
            self.hand_in(script, &token, false);
        }
        if self.world.messages.is_empty() {
            return false;
        }
        // A client whose answer did not come hands the same code in again, on either wire.
        for with_password in [script.with_password, !script.with_password, script.with_password] {
            let with_password = with_password && script.is_by_password();
            match self.hand_in(Script { with_password, ..script }, &token, true) {
                Some(Ok(Answer::Session { .. })) => {
                    self.a_used_code_opens_nothing(script, &token);
                    return true;
                }
                Some(Ok(other)) => panic!("no session but {other:?}"),
                Some(Err(_)) | None => {}
            }
        }
        false
    }

    fn a_used_code_opens_nothing(&mut self, script: Script, token: &str) {
        let sessions = self.world.sessions.len();
        for with_password in [true, false] {
            let again = self.hand_in(Script { with_password, ..script }, token, true);
            assert!(!matches!(again, Some(Ok(_))), "a code works once: {:?}", self.faults);
        }
        assert_eq!(self.world.sessions.len(), sessions, "at most one session per code: {:?}", self.faults);
    }

    /// Signs in in the end: no fault costs more than one try and the resend time.
    fn nobody_is_locked_out(&mut self, script: Script) {
        let mut script = script;
        for _ in 0..=self.faults.len() {
            if self.sign_in(script) {
                return;
            }
            // It starts afresh, and the codes of a quarter of an hour do not suffice for two a time.
            script = Script { resends: false, mistypes: false, ..script };
            self.world.advance(30);
        }
        panic!("locked out by {:?} ({script:?})", self.faults);
    }
}

/// How many effects a script has when nothing goes wrong.
fn effects_of(script: Script) -> usize {
    let mut run = Run::new(&[]);
    assert!(run.sign_in(script));
    assert_eq!(run.world.sessions.len(), 1);
    run.effects
}

#[test]
fn a_fault_at_any_effect_opens_no_session_and_locks_nobody_out() {
    let mut reached = BTreeSet::new();
    for script in SCRIPTS {
        for at in 0..effects_of(script) {
            for fault in FAULTS {
                let mut run = Run::new(&[(at, fault)]);
                run.nobody_is_locked_out(script);
                assert_eq!(run.reached.len(), 1, "the fault was met: {at} {fault:?} {script:?}");
                reached.append(&mut run.reached);
            }
        }
    }
    let all = [
        "AskRequirement",
        "CheckMessage",
        "CheckPassword",
        "CheckProvider",
        "CheckSignIn",
        "ConfirmMessage",
        "Count",
        "CreateAccount",
        "LoadAccount",
        "LoadUser",
        "OpenSession",
        "ReadAccount",
        "RecordEvent",
        "SendMessage",
        "UpdateAccount",
    ];
    assert!(reached.iter().eq(all), "faults met: {reached:?}");
}

#[test]
fn any_two_faults_open_no_session_and_lock_nobody_out() {
    for script in SCRIPTS {
        // The second fault may fall into the try after the first.
        let effects = effects_of(script) + 20;
        for first in 0..effects {
            for second in first + 1..effects {
                for fault in FAULTS {
                    for other in FAULTS {
                        Run::new(&[(first, fault), (second, other)]).nobody_is_locked_out(script);
                    }
                }
            }
        }
    }
}

/// What stands in the world and may be used up: the windows that count anything, and what the account holds.
type Used = (BTreeMap<(String, Time), i64>, Vec<ChallengeId>, Vec<Nonce>, usize);

fn used(world: &World) -> Used {
    let windows = world.windows.iter().filter(|(_, count)| **count != 0).map(|(b, n)| (b.clone(), *n)).collect();
    let account = world.accounts.get("ada").cloned().unwrap_or_default();
    let challenges = account.challenges.into_iter().map(|ch| ch.id).collect();
    let codes = account.codes.into_iter().map(|code| code.nonce).collect();
    (windows, challenges, codes, account.attempts.len())
}

/// Runs a call whose message the provider refuses with this error code.
fn with_a_refused_send(world: &mut World, call: Call, code: i32) -> Result<Answer, Refusal> {
    world.runs += 1;
    let mut flow = flow(call, Caller::default(), world.runs);
    let mut step = flow.start(world.time());
    let mut sends = 0;
    for _ in 0..100 {
        match step {
            Step::Done(outcome) => {
                assert_eq!(sends, 1, "one message was to be sent");
                return outcome;
            }
            Step::Do(effect) => {
                let send = matches!(effect, Effect::SendMessage(_));
                sends += usize::from(send);
                let refused = Reply::Refused { code, message: "the provider's reason: +15005550006 is invalid".into() };
                let answer = if send { refused } else { world.perform(&effect) };
                step = flow.resume(answer, world.time());
            }
        }
    }
    panic!("a call does not end");
}

/// Twilio's code for too many requests at once: the next one may pass.
const TOO_MANY_REQUESTS: i32 = 20429;

#[test]
fn a_number_that_the_provider_calls_unreachable_is_refused_as_such_and_the_trail_says_why() {
    for (code, refused) in [(21211, 4026), (21610, 4026), (30006, 4026), (20003, 4018), (30008, 4018), (0, 4018)] {
        let mut world = World::with_ada();
        let end = with_a_refused_send(&mut world, calls::login(fields(&PASSWORD)), code);
        let refusal = end.expect_err("the provider refused");
        assert_eq!(refusal.code(), refused, "{code}");
        assert!(!refusal.to_string().contains("invalid"), "{refusal}");
        let told: Vec<_> = world.events.iter().map(|event| (event.about.clone(), event.outcome)).collect();
        assert_eq!(told, [(Some(format!("•••• 0006, error {code}")), refused)]);
    }
}

#[test]
fn a_provider_that_does_not_answer_has_not_refused_and_the_code_is_good() {
    let mut world = World::with_ada();
    let mut code = String::new();
    let mut flow = flow(calls::login(fields(&PASSWORD)), Caller::default(), 1);
    let mut step = flow.start(world.time());
    let answer = loop {
        match step {
            Step::Done(end) => break end.expect("a challenge"),
            Step::Do(effect) => {
                let honest = world.perform(&effect);
                // It arrives, but we do not hear of it.
                let is_send = matches!(effect, Effect::SendMessage(_));
                step = flow.resume(if is_send { Reply::Failed } else { honest }, world.time());
                if is_send {
                    code = world.last_code();
                }
            }
        }
    };
    let Answer::Challenge { challenge, resend_in, .. } = answer else { panic!("no challenge but {answer:?}") };
    assert_eq!(resend_in, Some(30));
    let told: Vec<_> = world.events.iter().map(|event| event.outcome).collect();
    assert_eq!(told, [4018]);
    assert!(world.windows.values().all(|count| *count == 1), "it counts as sent: {:?}", world.windows);
    assert!(world.clone().answer(&challenge, &code).is_ok());
    world.advance(30);
    assert_eq!(world.challenge(), &*challenge, "another code may be asked for");
    assert_eq!(world.messages.len(), 2);
}

#[test]
fn a_code_is_not_delivered_after_it_has_died() {
    let mut world = World::with_ada();
    let mut flow = flow(calls::login(fields(&PASSWORD)), Caller::default(), 1);
    let mut step = flow.start(world.time());
    let mut asked = Vec::new();
    while let Step::Do(effect) = step {
        if let Effect::SendMessage(message) = &effect {
            asked.push(message.validity_period);
        }
        let reply = world.perform(&effect);
        step = flow.resume(reply, world.time());
    }
    assert_eq!(asked, [Some(core().policy.limits.code_lifetime)]);
}

#[test]
fn a_failed_send_in_a_first_call_uses_up_no_code() {
    let mut world = World::with_ada();
    let before = used(&world);
    for _ in 0..4 {
        let refusal = with_a_refused_send(&mut world, calls::login(fields(&PASSWORD)), TOO_MANY_REQUESTS).unwrap_err();
        assert_eq!(refusal, Refusal::NotSent);
        assert!(!refusal.to_string().contains("provider"));
        assert_eq!(used(&world), before, "a failed send used up no code and no ceiling");
    }
    let challenge = world.challenge();
    let code = world.last_code();
    assert!(world.answer(&challenge, &code).is_ok(), "a retry at once succeeds");
}

#[test]
fn a_failed_send_in_a_resend_uses_up_no_code_and_the_old_code_lives_on() {
    let mut world = World::with_ada();
    let token = world.challenge();
    world.advance(30);
    let before = used(&world);
    let resend = || calls::resend_code(fields(&[("challenge", &token)]));
    for _ in 0..3 {
        let refusal = with_a_refused_send(&mut world, resend(), TOO_MANY_REQUESTS).unwrap_err();
        assert_eq!(refusal, Refusal::NotSent);
        assert_eq!(used(&world), before, "a failed send used up no code and no ceiling");
    }
    let old = world.last_code();
    assert!(world.clone().answer(&token, &old).is_ok(), "the old code lives on");

    world.run(resend(), Caller::default()).expect("a retry at once succeeds");
    assert_ne!(world.last_code(), old);
    let new = world.last_code();
    assert!(world.answer(&token, &new).is_ok());
}

#[test]
fn a_failed_send_in_a_repeated_first_call_uses_up_no_code_and_the_old_code_lives_on() {
    let mut world = World::with_ada();
    let token = world.challenge();
    world.advance(30);
    let before = used(&world);
    let refusal = with_a_refused_send(&mut world, calls::login(fields(&PASSWORD)), TOO_MANY_REQUESTS).unwrap_err();
    assert_eq!(refusal, Refusal::NotSent);
    assert_eq!(used(&world), before, "a failed send used up no code and no ceiling");
    let old = world.last_code();
    assert!(world.clone().answer(&token, &old).is_ok(), "the old code lives on");
    assert_eq!(world.challenge(), token, "a retry at once succeeds");
    let new = world.last_code();
    assert!(world.answer(&token, &new).is_ok());
}

#[test]
fn a_code_whose_process_died_before_it_was_sent_can_be_asked_for_again_after_the_resend_time() {
    let token_of = |world: &World| token::token(&world.account().challenges[0], &world.account().id, &core().keys);
    let sending = (0..100).find(|at| {
        let mut run = Run::new(&[(*at, Fault::KilledBefore)]);
        run.call(calls::login(fields(&PASSWORD)));
        run.reached.contains("SendMessage")
    });
    let mut run = Run::new(&[(sending.expect("a first call sends a message"), Fault::KilledBefore)]);
    assert!(run.call(calls::login(fields(&PASSWORD))).is_none());
    let mut world = run.world;
    let token = token_of(&world).unwrap().to_string();
    assert!(world.messages.is_empty());
    world.advance(29);
    assert_eq!(world.challenge(), token);
    assert!(world.messages.is_empty());
    world.advance(1);
    assert_eq!(world.challenge(), token);
    assert_eq!(world.messages.len(), 1);
    let code = world.last_code();
    assert!(world.answer(&token, &code).is_ok());
}
