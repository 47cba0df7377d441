//! Two-factor sign-in for Parse Server: the core.
//!
//! A sans-I/O protocol engine. A ceremony (a sign-in, an enrolment, a step-up) is one straight-line `async fn`; each of its
//! awaits is an [`effect`] that the host carries out, and the compiled future is the state machine. Start with `sign_in.rs`: it
//! is the protocol on one screen.
//!
//! # Invariants
//!
//! - The core has no clock, no source of randomness and no I/O of its own: time comes in with every reply, random bytes through
//!   [`engine::Random`]. Only `wasm.rs` knows JavaScript.
//! - Every decision on shared state is made by the *result* of one atomic change of one row ([`account`]).
//! - A wrong, late or used code is an outcome ([`refusal`]); no secret stands in a `Debug`, a refusal or an [`event`].

pub mod account;
mod begin;
pub mod ceremony;
pub mod challenge;
pub mod change;
pub mod code;
pub mod effect;
pub mod engine;
mod enrolment;
pub mod event;
mod factors;
pub mod keys;
pub mod message;
mod operator;
pub mod params;
pub mod phone;
pub mod policy;
pub mod recovery_code;
mod redeem;
pub mod refusal;
mod sign_in;
mod step_up;
pub mod suggest;
pub mod totp;
#[cfg(target_arch = "wasm32")]
mod wasm;
mod window;

use ceremony::{Answer, Caller, Ceremony, Core};
use engine::{Flow, Random};
use params::Params;
use std::rc::Rc;

/// What can be called: the Cloud functions of the wire, and the triggers.
pub enum Call {
    Login(Params),
    ResendCode(Params),
    TwoFactorStatus(Params),
    EnrollTwoFactor(Params),
    ConfirmTwoFactor(Params),
    RemoveTwoFactor(Params),
    NewRecoveryCodes,
    StepUp(Params),
    ResetTwoFactor(Params),
    TwoFactorHealth,
    /// `requireStepUp(request)`, for an app's own functions.
    RequireStepUp,
    /// `beforeLogin`.
    NativeSignIn {
        user: String,
    },
    /// `beforeSave(_User)`.
    ChangeUser {
        /// `None` for a new user.
        user: Option<String>,
        /// The new number, if it changes; `Some("")` when it is removed.
        phone_number: Option<String>,
        /// Whether the password changes.
        password: bool,
        /// Whether the sender of the user's messages (`From`) changes.
        sender: bool,
    },
}

/// Prepares the ceremony of a call.
pub fn call(call: Call, core: Rc<Core>, caller: Caller, random: Random) -> Flow<Answer> {
    let changes_nothing = matches!(call, Call::NativeSignIn { .. } | Call::RequireStepUp);
    if let (Err(refusal), false) = (caller.check_alone(), changes_nothing || matches!(call, Call::ChangeUser { .. })) {
        return Flow::new(random, |_| async { Err(refusal) });
    }
    let with = |host| Ceremony { core, caller, host };
    match call {
        Call::Login(params) => Flow::new(random, |h| sign_in::sign_in(params, with(h))),
        Call::ResendCode(params) => Flow::new(random, |h| sign_in::resend(params, with(h))),
        Call::TwoFactorStatus(params) => Flow::new(random, |h| {
            let c = with(h);
            async move {
                match params.optional("userId")? {
                    Some(_) => operator::status(params, c).await,
                    None => enrolment::status(c).await,
                }
            }
        }),
        Call::EnrollTwoFactor(params) => Flow::new(random, |h| enrolment::enroll(params, with(h))),
        Call::ConfirmTwoFactor(params) => Flow::new(random, |h| enrolment::confirm(params, with(h))),
        Call::RemoveTwoFactor(params) => Flow::new(random, |h| enrolment::remove(params, with(h))),
        Call::NewRecoveryCodes => Flow::new(random, |h| recovery_code::renew(with(h))),
        Call::StepUp(params) => Flow::new(random, |h| step_up::step_up(params, with(h))),
        Call::ResetTwoFactor(params) => Flow::new(random, |h| operator::reset(params, with(h))),
        Call::TwoFactorHealth => Flow::new(random, |h| operator::health(with(h))),
        Call::RequireStepUp => Flow::new(random, |h| step_up::require(with(h))),
        Call::NativeSignIn { user } => Flow::new(random, |h| sign_in::native_sign_in(user, with(h))),
        Call::ChangeUser { user, phone_number, password, sender } => {
            Flow::new(random, |h| operator::change_user(user, phone_number, password, sender, with(h)))
        }
    }
}
