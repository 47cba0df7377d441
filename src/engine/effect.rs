//! What the core asks of the world, and how it reads the answers.
//!
//! Each effect is atomic on its own. Their order is the business of the ceremonies.

use super::became::Became;
use super::delivery::{became, taken};
use super::imports::{cleared_or_missing, parse_mfa_or_missing};
use super::opened::Opened;
use super::parse_mfa::ParseMfa;
use super::read::{
    Ended, account, account_or_missing, basis_or_missing, claimed_or_missing, counted, done, identity,
    identity_or_missing, let_in, named, one_count, requirement, session, two_counts, user_or_missing, user_or_refused,
};
use super::reply::{Counted, Reply};
use super::user::{Identity, LetIn, User};
use super::verification::{Verified, VerifyStep, verified};
use crate::account::{Account, RowUpdate};
use crate::crypto::Secret;
use crate::id::{AccountId, Basis, MessageSid, Nonce, ProviderName, SessionHash, UserId};
use crate::policy::{Channel, Require, Route};
use crate::time::Time;
use crate::wire::{Event, EventName, Method, Refusal};
use serde::Serialize;
use tsify::Tsify;

/// An effect of a type of its own, with the answers that it can have.
pub trait Ask: Into<Effect> {
    /// What the ceremony learns.
    type Answer;

    /// Reads the host's reply.
    ///
    /// # Errors
    /// What the host refused with; [`Refusal::TryAgain`] for [`Reply::Failed`] and for a reply that the effect cannot have: nobody can
    /// tell whether it happened.
    fn read(reply: Reply) -> Result<Self::Answer, Refusal>;
}

/// Defines the effects: each with its documentation, its fields, its answer and the way to read it.
macro_rules! effects {
    ($(
        $(#[doc = $what:literal])+
        $name:ident { $( $(#[doc = $field_what:literal])+ $field:ident: $kind:ty, )* } -> $answer:ty, $read:expr;
    )+) => {
        /// One thing for the host to do; `do` names it. The host answers with a [`Reply`], or with [`Reply::Failed`] if it cannot tell
        /// what happened.
        #[derive(Debug, Serialize, Tsify)]
        #[serde(tag = "do", rename_all = "camelCase")]
        pub enum Effect {
            $( $(#[doc = $what])+ $name($name), )+
        }

        impl Effect {
            /// The name of the effect, which shows nothing of what it carries.
            pub fn name(&self) -> &'static str {
                match self {
                    $( Effect::$name(_) => stringify!($name), )+
                }
            }
        }

        $(
            $(#[doc = $what])+
            #[derive(Clone, Debug, Serialize, Tsify)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                $( $(#[doc = $field_what])+ pub $field: $kind, )*
            }

            impl From<$name> for Effect {
                fn from(effect: $name) -> Effect {
                    Effect::$name(effect)
                }
            }

            impl Ask for $name {
                type Answer = $answer;

                fn read(reply: Reply) -> Result<$answer, Refusal> {
                    $read(reply)
                }
            }
        )+
    };
}

effects! {
    /// Have Parse check the password, without opening a session: `user` with its basis, or `refused` with Parse's answer.
    CheckPassword {
        /// The user name.
        username: Option<Secret>,
        /// The e-mail address.
        email: Option<Secret>,
        /// The password.
        password: Secret,
    } -> User, user_or_refused;

    /// Have Parse's adapter check a provider's word, without opening a session, and find whose it is: `identity`, or `refused` with Parse's
    /// answer. For nobody's it creates the user as Parse's own sign-in does, or answers `missing` if it may not. `unasked` where this Parse
    /// Server cannot be asked without a session.
    CheckProvider {
        /// The provider.
        provider: ProviderName,
        /// The provider's word, as the JSON of `authData`.
        auth_data: Secret,
        /// Whether a user may be created.
        may_create: bool,
    } -> Option<Identity>, identity;

    /// Read a user with the master key, and whether there is a password: `identity` or `missing`.
    LoadIdentity {
        /// The user.
        user: UserId,
    } -> Option<Identity>, identity_or_missing;

    /// Read a user with the master key: `user` or `missing`.
    LoadUser {
        /// The user.
        user: UserId,
    } -> Option<User>, user_or_missing;

    /// Ask the app's function what it requires of a user: `requirement`.
    AskRequirement {
        /// The user.
        user: UserId,
        /// Who asks.
        route: Route,
    } -> Require, requirement;

    /// Ask the app by what name an authenticator app is to show the account; without a name of the app's, the user name: `named`.
    NameAccount {
        /// The user.
        user: UserId,
    } -> String, named;

    /// Read the account of a user: `account` or `missing`.
    LoadAccount {
        /// The user.
        user: UserId,
    } -> Option<Account>, account_or_missing;

    /// Read an account by its own id, and write nothing: `account` or `missing`.
    ReadAccount {
        /// The account.
        account: AccountId,
    } -> Option<Account>, account_or_missing;

    /// Create the account of a user unless it exists, exactly once over all nodes: `account`.
    CreateAccount {
        /// The user.
        user: UserId,
    } -> Account, account;

    /// Remove an account: `done`.
    RemoveAccount {
        /// The account.
        account: AccountId,
    } -> (), done;

    /// Apply the update in one atomic operation: `account` as it stands right after it, or `missing`.
    UpdateAccount {
        /// The account.
        account: AccountId,
        /// What to add and to remove.
        update: Box<RowUpdate>,
    } -> Option<Account>, account_or_missing;

    /// Add `by` to these counters of a window, in one atomic operation: `counted`, with their values right after it, in the same order.
    Count {
        /// The window's name.
        bucket: String,
        /// The window's end.
        ends_at: Time,
        /// The counters.
        counters: Vec<String>,
        /// 1 or -1.
        by: i32,
    } -> Counted, counted;

    /// Remove a few windows that are over: `done`.
    SweepWindows {
        /// Those that ended before.
        ended_before: Time,
        /// This many of them.
        at_most: u32,
    } -> (), done;

    /// Count the events with one of these names and this method: `counted`, with one number.
    CountEvents {
        /// The names.
        what: Vec<EventName>,
        /// The method.
        method: Method,
        /// From this moment on.
        since: Time,
    } -> u32, one_count;

    /// Hand a message to the provider, or have it call: `taken` with what the provider knows it by, `done` if it does not say, or `refused`
    /// with its error code. `failed` if it did not answer.
    SendMessage {
        /// How it travels.
        channel: Channel,
        /// The number, in E.164.
        to: String,
        /// The sender; the app's own where there is none.
        from: Option<String>,
        /// The text, or the words of a call.
        body: Secret,
        /// The code alone; none in a notice.
        code: Option<Secret>,
        /// For how many seconds it may be delivered; none where that does not matter.
        validity_period: Option<u32>,
        /// The address at which the provider is to tell what became of it.
        status_callback: Option<Secret>,
        /// Of a call: Twilio's document.
        twiml: Option<Secret>,
        /// Of a call: for how many seconds the phone rings.
        rings: Option<u32>,
        /// Of WhatsApp: the template that the code is filled into.
        content_sid: Option<String>,
        /// Whose it is.
        user: UserId,
        /// The language.
        locale: String,
        /// What it is for: `sign-in`, `step-up`, `enrollment`, or the name of a notice.
        purpose: &'static str,
    } -> Option<MessageSid>, taken;

    /// Ask the provider what became of a message or a call: `became`.
    CheckMessage {
        /// How it traveled.
        channel: Channel,
        /// What the provider knows it by.
        sid: MessageSid,
    } -> Became, became;

    /// Tell the provider that the code of a message came back, and wait for no answer: `done`.
    ConfirmMessage {
        /// How it traveled.
        channel: Channel,
        /// What the provider knows it by.
        sid: MessageSid,
    } -> (), done;

    /// Hand a mail to Parse Server's adapter: `done`, or `refused` if it did not take it. `failed` if it did not answer.
    SendMail {
        /// The address.
        to: String,
        /// The subject.
        subject: String,
        /// The text.
        text: Secret,
    } -> (), done;

    /// Ask something of Twilio Verify: what the step says, or `refused` with Twilio's error code. `failed` if it did not answer.
    Verify {
        /// The service.
        service: String,
        /// What is asked.
        step: VerifyStep,
    } -> Verified, verified;

    /// Ask Parse whether it lets this user sign in, whatever password was given: `user` with the basis, of the row that it looked at,
    /// `refused` with Parse's own answer, or `unasked` where this Parse Server cannot be asked. Its rules about passwords are left out for a
    /// user who came by a provider's word.
    CheckSignIn {
        /// The user.
        user: UserId,
        /// The provider; none for a password.
        provider: Option<ProviderName>,
        /// Whether the row will do that this call has found the password right for. Otherwise the row is read now.
        by_row_of_password: bool,
    } -> LetIn, let_in;

    /// Read what a sign-in of this user is founded on now: `basis` or `missing`.
    ReadBasis {
        /// The user.
        user: UserId,
    } -> Option<Basis>, basis_or_missing;

    /// Run the app's own `beforeLogin`, open a session for the caller's installation, run its `afterLogin`: `session`, or `refused` by
    /// the app's trigger.
    OpenSession {
        /// The user.
        user: UserId,
        /// Whether this call has created the user. For Parse that is a sign-up, and it runs neither trigger.
        is_new: bool,
    } -> Secret, session;

    /// End the sessions of this user, then look for them once more: `counted`, with how many were ended and how many are left.
    EndSessions {
        /// The user.
        user: UserId,
        /// The token of the one that stays.
        but: Option<Secret>,
    } -> Ended, two_counts;

    /// Remove the number of this user, with the master key: `done`. `beforeSave` does what hangs on a change of it.
    RemoveNumber {
        /// The user.
        user: UserId,
    } -> (), done;

    /// Read what Parse's own adapter `mfa` keeps of this user, or of the next user after this id of whom it keeps something: `parseMfa`;
    /// `missing` where that is nobody, `unasked` where it is somebody and the adapter is not configured.
    ReadParseMfa {
        /// The user; none for the next one.
        user: Option<UserId>,
        /// The last user's id; none for the first one.
        after: Option<UserId>,
    } -> Option<ParseMfa>, parse_mfa_or_missing;

    /// Remove what Parse's own adapter `mfa` keeps of a user, if it is still this, in one atomic operation: `done`, or `missing` if it is not.
    ClearParseMfa {
        /// The user.
        user: UserId,
        /// The secret.
        secret: Option<Secret>,
        /// The number.
        mobile: Option<Secret>,
    } -> bool, cleared_or_missing;

    /// Add to the event trail and tell the app: `done`.
    RecordEvent {
        /// The entry.
        event: Event,
        /// With the entry of a sign-in: what its session can be looked up by. It is stored, and the app is not told.
        opened: Option<Opened>,
    } -> (), done;

    /// Find the entry of the sign-in that opened this session: `claimed` with the claim that stands there, or `missing`.
    FindSignIn {
        /// The session's user.
        user: UserId,
        /// The session, as the keyed hash of its token.
        session: SessionHash,
        /// From this moment on.
        since: Time,
    } -> Option<Nonce>, claimed_or_missing;

    /// Let this much time pass: `done`.
    Wait {
        /// How long.
        milliseconds: u32,
    } -> (), done;
}
