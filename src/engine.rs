//! The engine: a ceremony is a future whose every await is an effect for the host; polling it is all there is to running it.
//!
//! No executor, no threads, no waker: a ceremony is polled when, and only when, the host answers.

use crate::effect::{Effect, Reply};
use crate::refusal::Refusal;
use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use rand_core::CryptoRng;
use std::rc::Rc;

/// A source of random bytes fit for secrets.
pub type Random = Box<dyn CryptoRng>;

enum Slot {
    Empty,
    Asked(Effect),
    Answered(Reply),
}

struct Shared {
    slot: RefCell<Slot>,
    now: Cell<u64>,
    random: RefCell<Random>,
}

/// What a ceremony holds of the world: the time it was last polled at, random bytes, and a way to ask for effects.
pub struct Host(Rc<Shared>);

impl Host {
    /// Milliseconds since 1970, as the host said with its last reply.
    pub fn now(&self) -> u64 {
        self.0.now.get()
    }

    /// Hands the random source to `draw`.
    pub fn random<T>(&self, draw: impl FnOnce(&mut dyn CryptoRng) -> T) -> T {
        draw(&mut **self.0.random.borrow_mut())
    }

    /// Asks the host to carry out an effect and waits for its reply.
    pub async fn ask(&self, effect: Effect) -> Reply {
        *self.0.slot.borrow_mut() = Slot::Asked(effect);
        poll_fn(|_| {
            let mut slot = self.0.slot.borrow_mut();
            match core::mem::replace(&mut *slot, Slot::Empty) {
                Slot::Answered(reply) => Poll::Ready(reply),
                unanswered => {
                    *slot = unanswered;
                    Poll::Pending
                }
            }
        })
        .await
    }
}

/// Where a ceremony stands.
#[derive(Debug)]
pub enum Step<T> {
    /// The host has something to do, and resumes with the reply.
    Do(Effect),
    /// It is over, with this answer or refusal.
    Done(Result<T, Refusal>),
}

type Running<T> = Pin<Box<dyn Future<Output = Result<T, Refusal>>>>;

/// A ceremony under way.
pub struct Flow<T> {
    shared: Rc<Shared>,
    future: Option<Running<T>>,
}

impl<T> Flow<T> {
    /// Prepares a ceremony; nothing runs yet.
    pub fn new<F>(random: Random, ceremony: impl FnOnce(Host) -> F) -> Flow<T>
    where
        F: Future<Output = Result<T, Refusal>> + 'static,
    {
        let shared =
            Rc::new(Shared { slot: RefCell::new(Slot::Empty), now: Cell::new(0), random: RefCell::new(random) });
        let future = ceremony(Host(shared.clone()));
        Flow { shared, future: Some(Box::pin(future)) }
    }

    /// Runs to the first effect. `now` is milliseconds since 1970.
    pub fn start(&mut self, now: u64) -> Step<T> {
        self.poll(now)
    }

    /// Hands in the reply to the last effect and runs to the next. Resuming a ceremony that is over answers
    /// [`Refusal::TryAgain`].
    pub fn resume(&mut self, reply: Reply, now: u64) -> Step<T> {
        *self.shared.slot.borrow_mut() = Slot::Answered(reply);
        self.poll(now)
    }

    fn poll(&mut self, now: u64) -> Step<T> {
        self.shared.now.set(now);
        let Some(future) = self.future.as_mut() else {
            return Step::Done(Err(Refusal::TryAgain));
        };
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => {
                self.future = None;
                Step::Done(outcome)
            }
            Poll::Pending => {
                let asked = core::mem::replace(&mut *self.shared.slot.borrow_mut(), Slot::Empty);
                match asked {
                    Slot::Asked(effect) => Step::Do(effect),
                    // A ceremony only ever waits in `Host::ask`, which leaves an effect behind.
                    Slot::Empty | Slot::Answered(_) => Step::Done(Err(Refusal::TryAgain)),
                }
            }
        }
    }
}
