//! What a ceremony holds of the world.

use super::effect::{Ask, Effect};
use super::reply::Reply;
use crate::time::Time;
use crate::wire::Refusal;
use core::cell::{Cell, RefCell};
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};
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

    /// Asks the host to carry out an effect; what is returned waits for its reply.
    pub fn ask<A: Ask>(&self, effect: A) -> Asked<'_, A> {
        self.hand_out(effect.into());
        Asked { host: self, effect: PhantomData }
    }

    fn hand_out(&self, effect: Effect) {
        *self.0.slot.borrow_mut() = Slot::Asked(effect);
    }

    fn reply(&self) -> Option<Reply> {
        let mut slot = self.0.slot.borrow_mut();
        match core::mem::replace(&mut *slot, Slot::Empty) {
            Slot::Answered(reply) => Some(reply),
            unanswered @ (Slot::Empty | Slot::Asked(_)) => {
                *slot = unanswered;
                None
            }
        }
    }
}

/// An effect that was handed out. It is awaited at once: there is one place for what is asked, and it holds one effect.
///
/// It is a type of its own, and no `async fn`, since a ceremony has some fifty places like this. An `async fn` would keep the effect in every one
/// of them until it is polled, with the code to move it and to drop it.
#[must_use = "await it at once"]
pub struct Asked<'h, A> {
    host: &'h Host,
    effect: PhantomData<fn() -> A>,
}

impl<A: Ask> Future for Asked<'_, A> {
    /// As [`Ask::read`].
    type Output = Result<A::Answer, Refusal>;

    #[inline(never)]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        match self.host.reply() {
            Some(reply) => Poll::Ready(A::read(reply)),
            None => Poll::Pending,
        }
    }
}
