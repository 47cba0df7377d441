//! Runs concurrent ceremonies in every order in which their effects on shared state can fall.

use crate::world::{Seeded, World, flow, flow_on};
use parse_two_factor::Call;
use parse_two_factor::account::{Account, OfChallenges};
use parse_two_factor::caller::Caller;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::{Effect, Flow, Reply, Step};
use parse_two_factor::time::Time;
use parse_two_factor::wire::{Answer, Refusal};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// What follows once a call has been answered: a change of the world, and the next call, if there is one.
pub type Stage = Box<dyn Fn(&mut World, &Answer) -> Option<Call>>;

/// One request, and by how many milliseconds its node's clock is ahead.
pub struct Request {
    pub call: Box<dyn Fn(&World) -> Call>,
    pub caller: Caller,
    pub skew: i64,
    /// The deployment of the node that serves it; without one that of the world.
    pub node: Option<Rc<Deployment>>,
    /// What the same client does next.
    pub then: Vec<Stage>,
    /// Whether Parse writes to the user's row in one of the stages.
    pub saves: bool,
}

impl Request {
    pub fn new(call: impl Fn(&World) -> Call + 'static) -> Request {
        Request { call: Box::new(call), caller: Caller::default(), skew: 0, node: None, then: Vec::new(), saves: false }
    }

    /// The same, served by a node with a deployment of its own.
    pub fn on(mut self, node: &Rc<Deployment>) -> Request {
        self.node = Some(Rc::clone(node));
        self
    }

    /// The same by this caller.
    pub fn by(mut self, caller: Caller) -> Request {
        self.caller = caller;
        self
    }

    /// Followed by this.
    pub fn then(mut self, stage: impl Fn(&mut World, &Answer) -> Option<Call> + 'static) -> Request {
        self.then.push(Box::new(stage));
        self
    }

    /// Followed by Parse's write to the user's row, and by our `afterSave`, unless the process dies between the two.
    pub fn saved(mut self, write: impl Fn(&mut World) + 'static, dies: bool) -> Request {
        self.saves = true;
        self.then(move |world, answer| {
            write(world);
            let Answer::Judged { let_through, .. } = answer else { panic!("no save was judged: {answer:?}") };
            let is_heard = !dies && world.seeded != Some(Seeded::SavedUnheard);
            let_through.clone().filter(|_| is_heard).map(Call::UserSaved)
        })
    }

    pub fn skewed(mut self, skew: i64) -> Request {
        self.skew = skew;
        self
    }
}

/// How one interleaving ended.
pub struct Outcome {
    pub world: World,
    pub ends: Vec<Result<Answer, Refusal>>,
    /// Whose turn it was, for a failing check to show.
    pub schedule: Vec<usize>,
    /// Recovery codes that were dead when their answer was given.
    pub shown_dead: usize,
    /// When each request had its first and its last turn.
    pub turns: Vec<(usize, usize)>,
    /// When each of its stages was.
    pub stages: Vec<Vec<usize>>,
    /// The fewest and the most factors that Ada had at any moment.
    pub factors: (usize, usize),
    /// Since when Ada has had a factor without a break.
    pub counting_since: Option<usize>,
    /// When each session was opened.
    pub opened: Vec<usize>,
}

impl Outcome {
    pub fn count(&self, wanted: impl Fn(&Result<Answer, Refusal>) -> bool) -> usize {
        self.ends.iter().filter(|end| wanted(end)).count()
    }

    /// How many codes were looked at and found wrong, on either wire.
    pub fn wrong(&self) -> usize {
        self.refused(141) + self.refused(4024)
    }

    pub fn refused(&self, code: i32) -> usize {
        self.count(|end| end.as_ref().is_err_and(|refusal| refusal.code() == code))
    }

    /// The recovery codes that each request was shown; none where it was refused or its answer has none.
    pub fn recovery_codes(&self) -> Vec<Vec<String>> {
        self.ends.iter().map(|end| end.as_ref().map(recovery_codes).unwrap_or_default()).collect()
    }

    pub fn sessions(&self) -> usize {
        self.count(|end| matches!(end, Ok(Answer::Session { .. })))
    }
}

/// The recovery codes that an answer shows.
fn recovery_codes(answer: &Answer) -> Vec<String> {
    match answer {
        Answer::Confirmed { recovery_codes: Some(codes), .. } | Answer::RecoveryCodes { recovery_codes: codes } => {
            codes.iter().map(|code| code.to_string()).collect()
        }
        _ => Vec::new(),
    }
}

struct Actor {
    flow: Flow<Answer>,
    skew: i64,
    step: Option<Step<Answer>>,
    caller: Caller,
    node: Option<Rc<Deployment>>,
    seed: u64,
    /// How many stages of the request are over.
    stage: usize,
    /// Under [`Seeded::CompareBeforeCount`]: the row as read, until the attempt is written.
    read: Option<Account>,
}

/// Waiting for the others is bounded in the core; more rounds than this in one interleaving add nothing.
const LONGEST_SCHEDULE: usize = 60;

/// Calls `check` with the outcome of every interleaving; returns how many there were.
pub fn every_interleaving(start: &World, requests: &[Request], mut check: impl FnMut(&Outcome)) -> usize {
    let mut choices: Vec<(usize, usize)> = Vec::new();
    let mut explored = 0;
    loop {
        let outcome = run(start, requests, &mut choices);
        explored += 1;
        check(&outcome);
        // The next schedule: the last choice that has an alternative left takes it.
        loop {
            match choices.pop() {
                None => {
                    println!("{explored} interleavings");
                    return explored;
                }
                Some((taken, available)) if taken + 1 < available => {
                    choices.push((taken + 1, available));
                    break;
                }
                Some(_) => {}
            }
        }
    }
}

/// Whether `check` finds something in a store that is wrong in this way.
pub fn is_caught(seeded: Seeded, start: &World, requests: &[Request], check: impl FnMut(&Outcome)) -> bool {
    let mut start = start.clone();
    start.seeded = Some(seeded);
    let silent = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let caught = catch_unwind(AssertUnwindSafe(|| every_interleaving(&start, requests, check))).is_err();
    std::panic::set_hook(silent);
    caught
}

/// Runs one schedule: the choices made so far, then always the first actor that can go on.
fn run(start: &World, requests: &[Request], choices: &mut Vec<(usize, usize)>) -> Outcome {
    let mut world = start.clone();
    let mut actors: Vec<Actor> = requests
        .iter()
        .enumerate()
        .map(|(seed, request)| {
            let (call, caller, seed) = ((request.call)(&world), request.caller.clone(), 1_000_000 + seed as u64);
            let node = request.node.clone();
            let mut flow = prepare(&node, call, caller.clone(), seed);
            let step = flow.start(Time::from_millis(world.now.saturating_add_signed(request.skew)));
            Actor { flow, skew: request.skew, step: Some(step), caller, node, seed, stage: 0, read: None }
        })
        .collect();
    let mut schedule = Vec::new();
    let mut shown_dead = 0;
    let mut turns = vec![(usize::MAX, 0); requests.len()];
    let mut stages = vec![Vec::new(); requests.len()];
    let users_change = requests.iter().any(|request| request.saves);
    let mut factors = (usize::MAX, 0);
    let mut counting_since = None;
    let mut opened = Vec::new();
    let mut last: Option<usize> = None;
    for depth in 0.. {
        assert!(depth < 10_000, "the ceremonies do not end");
        let has_stage = |i: usize| {
            let is_answered = matches!(actors[i].step, Some(Step::Done(Ok(_))));
            is_answered && actors[i].stage < requests[i].then.len()
        };
        let has_effect = |i: &usize| matches!(actors[*i].step, Some(Step::Do(_))) || has_stage(*i);
        let waits = |i: &usize| matches!(actors[*i].step, Some(Step::Do(Effect::Wait(_))));
        let mut ready: Vec<usize> = (0..actors.len()).filter(has_effect).collect();
        // Whoever waits lets the others go on: that is what waiting is for.
        if !ready.iter().all(waits) {
            ready.retain(|i| !waits(i));
        }
        let Some(&first) = ready.first() else { break };
        // Effects that touch nothing shared commute with everything: they need no alternatives.
        let private = ready.iter().copied().find(|&i| !has_stage(i) && !is_shared(&actors[i], users_change));
        let turn = match private {
            Some(turn) => turn,
            None if schedule.len() >= LONGEST_SCHEDULE => first,
            None => {
                // Reads commute: of two in a row, the order of the actors is enough. Where the first read was an actor's last, the other
                // order would hide that it was over by then.
                let reads = |i: &usize| !has_stage(*i) && is_read(&actors[*i]);
                if let Some(last) = last.take().filter(|last| has_effect(last)) {
                    let alternatives: Vec<usize> = ready.iter().copied().filter(|i| *i >= last || !reads(i)).collect();
                    ready = if alternatives.is_empty() { vec![first] } else { alternatives };
                }
                let depth = schedule.len();
                if depth == choices.len() {
                    choices.push((0, ready.len()));
                }
                let turn = ready[choices[depth].0];
                schedule.push(turn);
                last = Some(turn).filter(reads);
                turn
            }
        };
        if has_stage(turn) {
            stages[turn].push(depth);
            go_on(&mut world, &mut actors[turn], &requests[turn].then);
        } else {
            world.acting = turn;
            advance(&mut world, &mut actors[turn]);
        }
        turns[turn] = (turns[turn].0.min(depth), depth);
        let now = world.accounts.get("ada").map_or(0, |row| row.confirmed_factors().count());
        factors = (factors.0.min(now), factors.1.max(now));
        counting_since = if now > 0 { counting_since.or(Some(depth)) } else { None };
        opened.resize(world.sessions.len() - start.sessions.len(), depth);
        if let Some(Step::Done(Ok(answer))) = &actors[turn].step {
            shown_dead += recovery_codes(answer).iter().filter(|code| !world.is_live(code)).count();
        }
    }
    let ends = actors
        .into_iter()
        .map(|actor| match actor.step {
            Some(Step::Done(end)) => end,
            _ => unreachable!("every actor has ended"),
        })
        .collect();
    Outcome { world, ends, schedule, shown_dead, turns, stages, factors, counting_since, opened }
}

/// Whether the next effect of an actor changes nothing.
fn is_read(actor: &Actor) -> bool {
    matches!(actor.step, Some(Step::Do(Effect::LoadAccount(_) | Effect::LoadUser(_) | Effect::ReadBasis(_))))
}

/// A row that is read by its id can only refuse, and the change after it refuses the same. So the earliest look lets the most through, and
/// the others need no order of their own.
fn is_shared(actor: &Actor, users_change: bool) -> bool {
    let Some(Step::Do(effect)) = &actor.step else { return false };
    match effect {
        Effect::LoadAccount(_) | Effect::CreateAccount(_) | Effect::UpdateAccount(_) | Effect::Wait(_) => true,
        Effect::RemoveAccount(_) | Effect::Verify(_) => true,
        // The row that a password was right for is read.
        Effect::CheckSignIn(check) if check.by_row_of_password && check.provider.is_none() => false,
        Effect::CheckPassword(_) | Effect::LoadUser(_) | Effect::CheckSignIn(_) | Effect::ReadBasis(_) => users_change,
        _ => false,
    }
}

fn prepare(node: &Option<Rc<Deployment>>, call: Call, caller: Caller, seed: u64) -> Flow<Answer> {
    match node {
        Some(node) => flow_on(node, call, caller, seed),
        None => flow(call, caller, seed),
    }
}

/// Carries out the next stage of an actor whose call was answered. Without a further call that answer stays its end.
fn go_on(world: &mut World, actor: &mut Actor, stages: &[Stage]) {
    let Some(Step::Done(Ok(answer))) = &actor.step else { unreachable!("a stage follows on an answer") };
    let next = stages[actor.stage](world, answer);
    actor.stage += 1;
    match next {
        None => actor.stage = stages.len(),
        Some(call) => {
            let seed = actor.seed + 1000 * actor.stage as u64;
            actor.flow = prepare(&actor.node, call, actor.caller.clone(), seed);
            actor.step = Some(actor.flow.start(Time::from_millis(world.now.saturating_add_signed(actor.skew))));
        }
    }
}

fn advance(world: &mut World, actor: &mut Actor) {
    let Some(Step::Do(effect)) = actor.step.take() else { unreachable!("only an actor with an effect has a turn") };
    let reply = match (&effect, world.seeded) {
        (Effect::UpdateAccount(update), Some(Seeded::CompareBeforeCount))
            if matches!(update.update.challenges.added(), [OfChallenges::Attempt(_)]) =>
        {
            match actor.read.take() {
                None => {
                    let mut row = world
                        .accounts
                        .values()
                        .find(|row| row.id == update.account)
                        .expect("the account exists")
                        .clone();
                    row.apply(&update.update);
                    actor.read = Some(row);
                    actor.step = Some(Step::Do(effect));
                    return;
                }
                Some(seen) => {
                    world.perform(&effect);
                    Reply::Account(seen)
                }
            }
        }
        _ => world.perform(&effect),
    };
    let now = Time::from_millis(world.now.saturating_add_signed(actor.skew));
    actor.step = Some(actor.flow.resume(reply, now));
}
