//! What all ceremonies share: the policy, the keys, who calls, and each effect with the replies it can have.

use crate::account::{Account, Challenge, Mark, MarkKind, Method, Purpose};
use crate::change::Change;
use crate::effect::{Effect, Reply, User};
use crate::engine::Host;
use crate::event::{Event, What};
use crate::keys::{Domain, KeyRing};
use crate::policy::{Limit, Policy, Require};
use crate::refusal::Refusal;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::rc::Rc;
use tsify::Tsify;
use zeroize::Zeroizing;

/// The settings and keys of a deployment.
#[derive(Debug)]
pub struct Core {
    pub policy: Policy,
    pub keys: KeyRing,
    /// Until when the app's ceiling on messages is known to be reached, in milliseconds since 1970. A hint of this node's own: it
    /// only ever refuses.
    pub(crate) full_until: Cell<u64>,
}

impl Core {
    pub fn new(policy: Policy, keys: KeyRing) -> Core {
        Core { policy, keys, full_until: Cell::new(0) }
    }
}

/// Who calls, as Parse Server says.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct Caller {
    /// `request.ip`.
    #[tsify(optional)]
    pub address: Option<String>,
    /// The `objectId` of the user whose session came with the call.
    #[tsify(optional)]
    pub user: Option<String>,
    /// That session's token.
    #[tsify(optional, type = "string | null")]
    pub session_token: Option<SessionToken>,
    /// Whether the call came with the master key.
    #[tsify(optional)]
    pub master: bool,
    /// Whether the call is part of a batch that is one transaction of the database.
    #[tsify(optional)]
    pub transaction: bool,
}

impl Caller {
    /// Checks that the call stands alone. Our changes go by another connection than a transaction's: for a row that the transaction holds
    /// they would wait for its end, and it for theirs; and what was looked at before its end may be another by then.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] amid a transaction.
    pub(crate) fn check_alone(&self) -> Result<(), Refusal> {
        match self.transaction {
            true => Err(Refusal::BadRequest("This cannot be part of a transaction.".into())),
            false => Ok(()),
        }
    }
}

/// A session token, kept out of `Debug`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SessionToken(Zeroizing<String>);

impl core::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SessionToken")
    }
}

impl From<&str> for SessionToken {
    fn from(token: &str) -> SessionToken {
        SessionToken(Zeroizing::new(token.to_owned()))
    }
}

/// A user with a session.
pub(crate) struct SignedIn {
    pub user: String,
    /// The session as a keyed hash.
    pub session: String,
}

/// What a ceremony answers, as it stands in `result` on the wire. Times are milliseconds since 1970, durations seconds.
#[derive(Serialize, Tsify)]
#[serde(untagged, rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Answer {
    Challenge {
        challenge: String,
        method: Method,
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        expires_in: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        resend_in: Option<u64>,
        methods: Vec<Method>,
    },
    Session {
        #[tsify(type = "string")]
        session_token: Zeroizing<String>,
    },
    Status {
        factors: Vec<FactorStatus>,
        recovery_codes_left: usize,
        disabled: bool,
    },
    TotpEnrolment {
        enrollment: String,
        #[tsify(type = "string")]
        secret: Zeroizing<String>,
        #[tsify(type = "string")]
        uri: Zeroizing<String>,
        #[tsify(type = "string")]
        qr: Zeroizing<String>,
    },
    SmsEnrolment {
        enrollment: String,
        to: String,
        expires_in: u64,
    },
    Confirmed {
        factor: FactorStatus,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional, type = "string[]")]
        recovery_codes: Option<Vec<Zeroizing<String>>>,
    },
    RecoveryCodes {
        #[tsify(type = "string[]")]
        recovery_codes: Vec<Zeroizing<String>>,
    },
    SteppedUp {
        until: u64,
    },
    Health(Health),
    Nothing {},
}

impl core::fmt::Debug for Answer {
    /// The name alone: most answers carry something secret.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Answer::Challenge { .. } => "Challenge",
            Answer::Session { .. } => "Session",
            Answer::Status { .. } => "Status",
            Answer::TotpEnrolment { .. } => "TotpEnrolment",
            Answer::SmsEnrolment { .. } => "SmsEnrolment",
            Answer::Confirmed { .. } => "Confirmed",
            Answer::RecoveryCodes { .. } => "RecoveryCodes",
            Answer::SteppedUp { .. } => "SteppedUp",
            Answer::Health(_) => "Health",
            Answer::Nothing {} => "Nothing",
        })
    }
}

/// What the core of a running deployment goes by, for an operator to check. Nothing of it is secret.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The ids of the keys, the writing one first.
    pub keys: Vec<String>,
    /// Whether the operator gave them: without that nothing that lasts can be made.
    pub durable: bool,
    pub require: Require,
    pub countries: Vec<String>,
    pub trust_addresses: bool,
    /// Clauses that may be broken.
    pub allow: Vec<String>,
    pub limits: Vec<Limit>,
    /// The server's clock, in milliseconds since 1970.
    pub now: u64,
    /// Whom the server takes the caller for.
    pub address: Option<String>,
}

/// A factor as its owner may see it.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct FactorStatus {
    /// `phone_number` for the tutorial's column.
    pub id: String,
    pub method: Method,
    pub label: String,
    pub created_at: u64,
}

/// A ceremony's hold of the world.
pub(crate) struct Ceremony {
    pub core: Rc<Core>,
    pub caller: Caller,
    pub host: Host,
}

impl Ceremony {
    pub fn policy(&self) -> &Policy {
        &self.core.policy
    }

    pub fn keys(&self) -> &KeyRing {
        &self.core.keys
    }

    pub fn now(&self) -> u64 {
        self.host.now()
    }

    /// `N` random bytes as base64url.
    pub fn random_id<const N: usize>(&self) -> String {
        let mut bytes = [0; N];
        self.host.random(|rng| rng.fill_bytes(&mut bytes));
        Base64UrlUnpadded::encode_string(&bytes)
    }

    /// Checks that what lasts can be sealed and hashed.
    ///
    /// # Errors
    /// [`Refusal::NotConfigured`] without a key ring of the operator's own.
    pub fn check_key_ring(&self) -> Result<(), Refusal> {
        if self.keys().is_durable() {
            return Ok(());
        }
        Err(Refusal::NotConfigured(
            "The operator has to set TWO_FACTOR_KEYS first (npx parse-two-factor keys new).".into(),
        ))
    }

    /// A new challenge for this user, under the writing key.
    pub fn new_challenge(&self, purpose: Purpose, user: &str, session: Option<&str>) -> Challenge {
        Challenge {
            id: self.random_id::<12>(),
            purpose,
            user: user.to_owned(),
            kid: self.keys().writing().to_owned(),
            at: self.now(),
            session: session.map(str::to_owned),
            factor: None,
            first: false,
        }
    }

    /// A mark of this kind, by this session.
    pub fn mark(&self, kind: MarkKind, session: Option<&str>) -> Mark {
        Mark {
            kind,
            nonce: self.random_id::<6>(),
            at: self.now(),
            session: session.map(str::to_owned),
            factor: None,
            outlives: Vec::new(),
        }
    }

    /// The caller's session.
    ///
    /// # Errors
    /// Parse's own 209 without one.
    pub fn signed_in(&self) -> Result<SignedIn, Refusal> {
        let (Some(user), Some(token)) = (&self.caller.user, &self.caller.session_token) else {
            return Err(Refusal::Parse { code: 209, message: "Invalid session token".into() });
        };
        let keys = self.keys();
        let session = keys.hash(keys.writing(), Domain::Session, &[&token.0]).ok_or(Refusal::TryAgain)?;
        Ok(SignedIn { user: user.clone(), session })
    }

    /// The user that name or address and password belong to, as Parse says. No session is opened.
    ///
    /// # Errors
    /// Parse's own refusal; [`Refusal::TryAgain`] if Parse did not answer.
    pub async fn check_password(
        &self,
        username: Option<&str>,
        email: Option<&str>,
        password: &str,
    ) -> Result<User, Refusal> {
        let effect = Effect::CheckPassword {
            username: username.map(str::to_owned),
            email: email.map(str::to_owned),
            password: Zeroizing::new(password.to_owned()),
        };
        match self.host.ask(effect).await {
            Reply::User(user) => Ok(user),
            Reply::Refused { code, message } => Err(Refusal::Parse { code, message }),
            _ => Err(Refusal::TryAgain),
        }
    }

    /// The user with this id; `None` if there is none.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if it could not be read.
    pub async fn load_user(&self, user: &str) -> Result<Option<User>, Refusal> {
        let effect = Effect::LoadUser { user: user.to_owned() };
        match self.host.ask(effect).await {
            Reply::User(user) => Ok(Some(user)),
            Reply::Missing => Ok(None),
            _ => Err(Refusal::TryAgain),
        }
    }

    /// The account of this user; `None` if there is none yet.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if it could not be read.
    pub async fn load_account(&self, user: &str) -> Result<Option<Account>, Refusal> {
        let effect = Effect::LoadAccount { user: user.to_owned() };
        match self.host.ask(effect).await {
            Reply::Account(account) => Ok(Some(account)),
            Reply::Missing => Ok(None),
            _ => Err(Refusal::TryAgain),
        }
    }

    /// The account that was loaded, or else a new one.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if it could not be created.
    pub async fn or_create_account(&self, loaded: Option<Account>, user: &str) -> Result<Account, Refusal> {
        if let Some(account) = loaded {
            return Ok(account);
        }
        let effect = Effect::CreateAccount { user: user.to_owned() };
        match self.host.ask(effect).await {
            Reply::Account(account) => Ok(account),
            _ => Err(Refusal::TryAgain),
        }
    }

    /// Applies a change and returns the account right after it; `None` if the account is gone.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if nobody can tell whether it was applied.
    pub async fn update_account(&self, account: &str, change: Change) -> Result<Option<Account>, Refusal> {
        let effect = Effect::UpdateAccount { account: account.to_owned(), change: Box::new(change) };
        match self.host.ask(effect).await {
            Reply::Account(account) => Ok(Some(account)),
            Reply::Missing => Ok(None),
            _ => Err(Refusal::TryAgain),
        }
    }

    /// Takes back what a refusal leaves behind. That it may fail changes nothing: what stays only makes others more careful.
    pub async fn withdraw(&self, account: &str, change: Change) {
        let _ = self.update_account(account, change).await;
    }

    /// Asks Parse whether it lets this user sign in now. Its own `/login` enforces more than a password (account lockout, unverified
    /// e-mail, expired password, empty ACL, adapters of second factors), and our way in must not be a way around any of it.
    ///
    /// Only for somebody who has proven the password: the answer tells what is so of the account.
    ///
    /// # Errors
    /// Parse's own refusal; [`Refusal::NotConfigured`] where this Parse Server cannot be asked; [`Refusal::TryAgain`] if it did not
    /// answer.
    pub async fn check_sign_in(&self, user: &str) -> Result<(), Refusal> {
        match self.host.ask(Effect::CheckSignIn { user: user.to_owned() }).await {
            Reply::Done => Ok(()),
            Reply::Refused { code, message } => Err(Refusal::Parse { code, message }),
            Reply::Unasked => Err(Refusal::NotConfigured(
                "Parse Server cannot be asked for its own sign-in rules, so nobody can sign in here: \
                 the operator has to run Parse Server 5 to 9, and keep it out of a bundle."
                    .into(),
            )),
            _ => Err(Refusal::TryAgain),
        }
    }

    /// Opens a session for this user, if Parse lets the user sign in at this moment; its token.
    ///
    /// # Errors
    /// As [`Ceremony::check_sign_in`]; what the app's `beforeLogin` refuses with; [`Refusal::TryAgain`] if it could not be opened.
    pub async fn open_session(&self, user: &str) -> Result<Zeroizing<String>, Refusal> {
        // Asked here and not by the ceremonies, so that no way to a session can leave it out.
        self.check_sign_in(user).await?;
        let effect = Effect::OpenSession { user: user.to_owned() };
        match self.host.ask(effect).await {
            Reply::Session(token) => Ok(token),
            Reply::Refused { code, message } => Err(Refusal::Parse { code, message }),
            _ => Err(Refusal::TryAgain),
        }
    }

    /// Removes what stands in the tutorial's column of this user.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if nobody can tell whether it was removed.
    pub async fn remove_number(&self, user: &str) -> Result<(), Refusal> {
        match self.host.ask(Effect::RemoveNumber { user: user.to_owned() }).await {
            Reply::Done => Ok(()),
            _ => Err(Refusal::TryAgain),
        }
    }

    /// Adds to the event trail. A trail that cannot be written does not undo what happened.
    pub async fn record(&self, what: What, user: &str, method: Option<Method>, about: Option<String>, outcome: i32) {
        let event = Event {
            what,
            user: user.to_owned(),
            at: self.now(),
            address: self.caller.address.clone(),
            method,
            about,
            outcome,
        };
        let _ = self.host.ask(Effect::RecordEvent { event }).await;
    }

    /// Lets this much time pass.
    pub async fn wait(&self, milliseconds: u32) {
        let _ = self.host.ask(Effect::Wait { milliseconds }).await;
    }
}
