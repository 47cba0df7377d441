//! Two-factor sign-in for Parse Server: the core.
//!
//! The core decides, its host acts. It has no clock, no source of randomness and no I/O of its own. A ceremony (a sign-in, an enrollment, a
//! step-up) is one straight-line `async fn`. Each `await` is an [`Effect`](engine::Effect) that the host carries out, and the compiled
//! future is the state machine.
//!
//! # The loop
//! 1. Make a [`Call`] out of what came from outside.
//! 2. [`begin`] prepares the ceremony and [`Flow::start`] runs it to its first effect.
//! 3. Carry out the effect. Each is atomic on its own.
//! 4. [`Flow::resume`] takes the [`Reply`](engine::Reply) and the time, and runs to the next effect.
//! 5. [`Step::Done`](engine::Step) ends it, with an answer or a refusal.
//!
//! ```
//! use parse_two_factor::caller::Caller;
//! use parse_two_factor::crypto::KeyRing;
//! use parse_two_factor::deployment::Deployment;
//! use parse_two_factor::engine::{Effect, Reply, Step};
//! use parse_two_factor::policy::{Policy, Settings};
//! use parse_two_factor::time::Time;
//! use parse_two_factor::wire::{Function, Param, Params};
//! use parse_two_factor::{Call, begin};
//! use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
//! use std::rc::Rc;
//!
//! let policy = Policy::new(Settings::default()).expect("the defaults hold");
//! let keys = KeyRing::from_master_key("of this server").expect("it is not empty");
//! let deployment = Rc::new(Deployment::new(policy, keys, false));
//!
//! // A client calls `login` with a user name and a password.
//! let sent = |name: &str| match name {
//!     "username" => Param::from("ada"),
//!     "password" => Param::from("wrong"),
//!     _ => Param::Absent,
//! };
//! let call = Call::function(Function::Login, &Params::new(&sent));
//! let random = Box::new(ChaCha20Rng::from_seed([7; 32])); // A host takes its system's.
//! let mut flow = begin(call, deployment, Caller::default(), random);
//!
//! let now = Time::from_millis(1_795_500_000_000);
//! let mut step = flow.start(now);
//! let end = loop {
//!     match step {
//!         Step::Done(end) => break end,
//!         Step::Do(effect) => {
//!             let reply = match effect {
//!                 Effect::CheckPassword(check) if &*check.password == "right" => Reply::User(Default::default()),
//!                 Effect::CheckPassword(_) => {
//!                     Reply::Refused { code: 101, message: "Invalid username/password.".into() }
//!                 }
//!                 _ => Reply::Failed,
//!             };
//!             step = flow.resume(reply, now);
//!         }
//!     }
//! };
//! assert_eq!(end.unwrap_err().code(), 101);
//! ```
//!
//! # Invariants
//! - Time comes in with every reply, random bytes through [`engine::Random`]. Only `wasm.rs` knows JavaScript.
//! - Every decision on shared state is made by the *result* of one atomic change of one row ([`account`]).
//! - A session is opened for a claim that has won or a requirement that was waived, and nothing else can be turned into one.
//! - A wrong, late or used code is an outcome ([`wire::Refusal`]). No secret stands in a `Debug`, a refusal or an event.

pub mod account;
pub mod caller;
pub mod challenge;
pub mod channel;
mod context;
pub mod crypto;
pub mod deployment;
pub mod device;
pub mod engine;
pub mod factor;
mod first_factor;
pub mod id;
pub mod policy;
mod protocol;
mod session;
mod tentative;
mod throttle;
pub mod time;
#[cfg(target_arch = "wasm32")]
mod wasm;
pub mod wire;

pub use protocol::user_change::UserChange;

use caller::Caller;
use context::Context;
use deployment::Deployment;
use engine::{Flow, Random};
use id::{ProviderName, UserId};
use protocol::{
    confirm, enroll, forget_device, health, import, native_sign_in, provider_call, recovery_codes, remove, rename,
    resend, reset, sign_in, status, step_up, user_change, user_deletion, user_saved,
};
use std::rc::Rc;
use wire::{Access, Answer, Function, LetThrough, Params, ProviderCall, Refusal, Request};

/// What can be called: the Cloud functions of the wire, the app's question, and the triggers.
#[derive(Debug)]
pub enum Call {
    /// A Cloud function with its parameters, parsed or refused.
    Function {
        /// The function.
        function: Function,
        /// Whether a token that stands in the place of a session came with it. The ceremony looks at it.
        has_token: bool,
        /// Its parameters. Whether the caller may call the function at all is checked before they are looked at.
        request: Result<Request, Refusal>,
    },
    /// What came with the call was longer than any id or token, and was not read.
    TooLong,
    /// A request of the provider's over HTTP.
    Provider(ProviderCall),
    /// `requireStepUp(request)`, for an app's own functions.
    RequireStepUp,
    /// `beforeLogin` for a user.
    NativeSignIn {
        /// The user.
        user: UserId,
        /// The providers whose word is presented, as far as Parse shows them; none for a password.
        presented: Vec<ProviderName>,
    },
    /// `beforeSave(_User)`.
    ChangeUser(UserChange),
    /// `afterSave(_User)`, with what [`Call::ChangeUser`] answered before it.
    UserSaved(LetThrough),
    /// `beforeDelete(_User)`.
    DeleteUser {
        /// The user.
        user: UserId,
        /// Whether a new user may bring an id along, that of a deleted user among them.
        ids_come_back: bool,
    },
    /// `afterDelete(_User)`.
    UserDeleted {
        /// The user.
        user: UserId,
        /// As in [`Call::DeleteUser`].
        ids_come_back: bool,
    },
}

impl Call {
    /// A call of a Cloud function.
    pub fn function(function: Function, params: &Params<'_>) -> Call {
        let has_token = match function {
            Function::EnrollTwoFactor => params.has("enroll"),
            Function::ConfirmTwoFactor => params.has("enrollment"),
            Function::Login
            | Function::ResendCode
            | Function::TwoFactorStatus
            | Function::RemoveTwoFactor
            | Function::RenameTwoFactor
            | Function::NewRecoveryCodes
            | Function::StepUp
            | Function::ForgetDevice
            | Function::ResetTwoFactor
            | Function::ImportTwoFactor
            | Function::TwoFactorHealth => false,
        };
        Call::Function { function, has_token, request: Request::parse(function, params) }
    }
}

/// Prepares the ceremony of a call. `random` is a source of random bytes fit for secrets.
pub fn begin(call: Call, deployment: Rc<Deployment>, caller: Caller, random: Random) -> Flow<Answer> {
    Flow::new(random, |host| run(call, Context { deployment, caller, host }))
}

async fn run(call: Call, cx: Context) -> Result<Answer, Refusal> {
    match call {
        Call::Function { function, has_token, request } => {
            cx.caller.check_alone()?;
            match function.access() {
                Access::Anybody | Access::SessionOrMaster => {}
                Access::SessionOrSignIn if has_token => {}
                Access::Session | Access::SessionOrSignIn => drop(cx.caller.session()?),
                Access::Master => cx.caller.check_master()?,
            }
            if function != Function::TwoFactorHealth {
                cx.caller.check_columns()?;
            }
            answer(request?, &cx).await
        }
        Call::TooLong => Err(Refusal::BadRequest("An id or a token is too long.".into())),
        Call::Provider(call) => {
            cx.caller.check_columns()?;
            provider_call::provider_call(call, &cx).await
        }
        Call::RequireStepUp => {
            cx.caller.check_columns()?;
            step_up::require(&cx).await
        }
        Call::NativeSignIn { user, presented } => {
            cx.caller.check_columns()?;
            native_sign_in::native_sign_in(&user, &presented, &cx).await
        }
        Call::ChangeUser(change) => user_change::change_user(change, &cx).await,
        Call::UserSaved(change) => user_saved::user_saved(change, &cx).await,
        Call::DeleteUser { user, ids_come_back } => user_deletion::delete_user(&user, ids_come_back, &cx).await,
        Call::UserDeleted { user, ids_come_back } => user_deletion::user_deleted(&user, ids_come_back, &cx).await,
    }
}

async fn answer(request: Request, cx: &Context) -> Result<Answer, Refusal> {
    match request {
        Request::Login(login) => sign_in::sign_in(login, cx).await,
        Request::ResendCode(request) => resend::resend(request, cx).await,
        Request::TwoFactorStatus { of } => status::status(of, cx).await,
        Request::EnrollTwoFactor(enroll) => enroll::enroll(enroll, cx).await,
        Request::ConfirmTwoFactor(request) => confirm::confirm(request, cx).await,
        Request::RemoveTwoFactor { factor, end_other_sessions } => {
            remove::remove(&factor, end_other_sessions, cx).await
        }
        Request::RenameTwoFactor { factor, label } => rename::rename(&factor, label, cx).await,
        Request::NewRecoveryCodes => recovery_codes::renew(cx).await,
        Request::StepUp(request) => step_up::step_up(request, cx).await,
        Request::ForgetDevice(what) => forget_device::forget_device(&what, cx).await,
        Request::ResetTwoFactor(request) => reset::reset(request, cx).await,
        Request::ImportTwoFactor(request) => import::import(request, cx).await,
        Request::TwoFactorHealth => health::health(cx).await,
    }
}
