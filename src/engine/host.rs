//! What a ceremony holds of the world.

use super::effect::{Ask, Effect};
use super::reply::Reply;
use crate::time::Time;
use crate::wire::Refusal;
use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::Poll;
use rand_core::CryptoRng;
use std::rc::Rc;

/// A source of random bytes fit for secrets.
pub type Random = Box<dyn CryptoRng>;

pub(super) enum Slot {
    Empty,
    Asked(Effect),
    Answered(Reply),
}

pub(super) struct Shared {
    pub slot: RefCell<Slot>,
    pub now: Cell<Time>,
    random: RefCell<Random>,
}

impl Shared {
    pub(super) fn new(random: Random) -> Rc<Shared> {
        Rc::new(Shared {
            slot: RefCell::new(Slot::Empty),
            now: Cell::new(Time::default()),
            random: RefCell::new(random),
        })
    }
}

/// What a ceremony holds of the world: the time it was last polled at, random bytes, and a way to ask for effects.
pub struct Host(pub(super) Rc<Shared>);

impl Host {
    /// The time, as the host said with its last reply.
    pub fn now(&self) -> Time {
        self.0.now.get()
    }

    /// Hands the random source to `generate`.
    pub fn random<T>(&self, generate: impl FnOnce(&mut dyn CryptoRng) -> T) -> T {
        generate(&mut **self.0.random.borrow_mut())
    }

    /// Asks the host to carry out an effect and waits for its reply.
    ///
    /// # Errors
    /// As [`Ask::read`].
    pub async fn ask<A: Ask>(&self, effect: A) -> Result<A::Answer, Refusal> {
        *self.0.slot.borrow_mut() = Slot::Asked(effect.into());
        let reply = poll_fn(|_| {
            let mut slot = self.0.slot.borrow_mut();
            match core::mem::replace(&mut *slot, Slot::Empty) {
                Slot::Answered(reply) => Poll::Ready(reply),
                unanswered @ (Slot::Empty | Slot::Asked(_)) => {
                    *slot = unanswered;
                    Poll::Pending
                }
            }
        })
        .await;
        A::read(reply)
    }
}
