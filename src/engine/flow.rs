//! Running a ceremony: polling its future is all there is to it.
//!
//! No executor, no threads, no waker: a ceremony is polled when, and only when, the host answers.

use super::effect::Effect;
use super::host::{Host, Random, Shared, Slot};
use super::reply::Reply;
use crate::time::Time;
use crate::wire::Refusal;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

/// Where a ceremony stands.
#[derive(Debug)]
// One exists at a time, and is taken apart where it arrives.
#[allow(clippy::large_enum_variant)]
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
        let shared = Shared::new(random);
        let future = ceremony(Host(shared.clone()));
        Flow { shared, future: Some(Box::pin(future)) }
    }

    /// Runs to the first effect.
    pub fn start(&mut self, now: Time) -> Step<T> {
        self.poll(now)
    }

    /// Hands in the reply to the last effect and runs to the next. Resuming a ceremony that is over answers [`Refusal::TryAgain`].
    pub fn resume(&mut self, reply: Reply, now: Time) -> Step<T> {
        *self.shared.slot.borrow_mut() = Slot::Answered(reply);
        self.poll(now)
    }

    fn poll(&mut self, now: Time) -> Step<T> {
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
