//! What every ceremony holds: the deployment, the caller, the host.

use crate::account::{Account, Challenge, Counted, CountedKind, Mark, Purpose, Revocation, RowUpdate, View};
use crate::caller::Caller;
use crate::crypto::{HashPurpose, KeyRing};
use crate::deployment::Deployment;
use crate::engine::{
    Ask, AskRequirement, Asked, CreateAccount, Host, LoadAccount, LoadUser, Opened, ReadAccount, RecordEvent,
    UpdateAccount, User, Wait,
};
use crate::id::{AccountId, Basis, ChallengeId, FactorId, KeyId, Nonce, SessionHash, UserId};
use crate::policy::{Limits, Policy, Require, Route};
use crate::time::{Span, Time};
use crate::wire::{EventKind, Refusal};
use base64ct::{Base64UrlUnpadded, Encoding};
use std::rc::Rc;

/// A user with a session.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// The user.
    pub user: UserId,
    /// The session.
    pub session: SessionHash,
    /// The claim that the session was opened for, where it was looked up.
    pub opened_by: Option<Nonce>,
    /// The user's row, where it was looked at.
    pub row: Option<User>,
}

/// What every ceremony holds: the deployment, the caller, the host.
pub(crate) struct Context {
    pub deployment: Rc<Deployment>,
    pub caller: Caller,
    pub host: Host,
}

impl Context {
    pub(crate) fn policy(&self) -> &Policy {
        &self.deployment.policy
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.deployment.policy.limits
    }

    pub(crate) fn keys(&self) -> &KeyRing {
        &self.deployment.keys
    }

    pub(crate) fn now(&self) -> Time {
        self.host.now()
    }

    /// A row, looked at under this deployment's limits now.
    pub(crate) fn view<'a>(&'a self, account: &'a Account) -> View<'a> {
        account.at(self.now(), self.limits())
    }

    /// Checks that the row has room for something. `has_room` stays true with time once it is, as long as nothing changes the row.
    ///
    /// # Errors
    /// [`Refusal::TooMany`] with the time until there is room, at most the longest that anything in a row is looked at.
    pub(crate) fn check_room(&self, account: &Account, has_room: &dyn Fn(View<'_>) -> bool) -> Result<(), Refusal> {
        let view = self.view(account);
        if has_room(view) {
            return Ok(());
        }
        let (mut at_least, mut enough) = (1, self.limits().user_window().max(Span::HOUR).as_seconds_up());
        while at_least < enough {
            let between = at_least.midpoint(enough);
            if has_room(view.after(Span::from_millis(1000 * between))) {
                enough = between;
            } else {
                at_least = between + 1;
            }
        }
        Err(Refusal::TooMany { seconds: enough })
    }

    /// `N` random bytes as base64url.
    pub(crate) fn random_id<const N: usize>(&self) -> String {
        let mut bytes = [0; N];
        self.host.random(|rng| rng.fill_bytes(&mut bytes));
        Base64UrlUnpadded::encode_string(&bytes)
    }

    /// What tells an element from others.
    pub(crate) fn nonce(&self) -> Nonce {
        self.random_id::<6>().into()
    }

    /// Checks that what lasts can be sealed and hashed.
    ///
    /// # Errors
    /// [`Refusal::NotConfigured`] without a key ring of the operator's own.
    pub(crate) fn check_key_ring(&self) -> Result<(), Refusal> {
        if self.keys().is_durable() {
            return Ok(());
        }
        Err(Refusal::NotConfigured(
            "The operator has to set TWO_FACTOR_KEYS first (npx parse-two-factor keys new).".into(),
        ))
    }

    /// A new challenge for this user, under the writing key. `basis` is what it is founded on, if that is a first factor.
    pub(crate) fn new_challenge(&self, purpose: Purpose, user: &UserId, basis: Option<&Basis>) -> Challenge {
        let (id, kid) = (ChallengeId::from(self.random_id::<12>()), self.keys().writing().clone());
        let basis = basis.and_then(|basis| self.hash_basis(&id, &kid, basis));
        Challenge { id, purpose, user: user.clone(), kid, at: self.now(), basis }
    }

    /// The keyed hash of what a challenge is founded on. `None` if the key has left the ring.
    pub(crate) fn hash_basis(&self, challenge: &ChallengeId, kid: &KeyId, basis: &Basis) -> Option<String> {
        self.keys().hash(kid, HashPurpose::Basis, &["basis", challenge, basis])
    }

    /// A revocation by this session, for the removal of this factor.
    pub(crate) fn revocation(&self, session: Option<SessionHash>, factor: Option<FactorId>) -> Mark {
        Mark::Revocation(Revocation { nonce: self.nonce(), at: self.now(), session, factor })
    }

    /// A mark that counts something which happens now.
    pub(crate) fn counted(&self, what: CountedKind) -> Mark {
        Mark::Counted(Counted { what, nonce: self.nonce(), at: self.now() })
    }

    /// The caller's session.
    ///
    /// # Errors
    /// Parse's own 209 without one.
    pub(crate) fn signed_in(&self) -> Result<SignedIn, Refusal> {
        let (user, token) = self.caller.session()?;
        Ok(SignedIn { user: user.clone(), session: self.session_hash(token)?, opened_by: None, row: None })
    }

    /// The keyed hash of a session's token.
    ///
    /// # Errors
    /// None with a ring that has a writing key.
    pub(crate) fn session_hash(&self, token: &str) -> Result<SessionHash, Refusal> {
        let keys = self.keys();
        keys.hash(keys.writing(), HashPurpose::Session, &[token]).map(SessionHash::from).ok_or(Refusal::TryAgain)
    }

    /// Asks the host to carry out an effect.
    pub(crate) fn ask<A: Ask>(&self, effect: A) -> Asked<'_, A> {
        self.host.ask(effect)
    }

    /// The user with this id; `None` if there is none.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if it could not be read.
    pub(crate) fn load_user(&self, user: &UserId) -> Asked<'_, LoadUser> {
        self.ask(LoadUser { user: user.clone() })
    }

    /// What is required of this user: the app's answer, or else the setting for all.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if the app did not answer.
    pub(crate) async fn requirement_of(&self, user: &UserId, route: Route) -> Result<Require, Refusal> {
        match self.deployment.asks_app {
            true => self.ask(AskRequirement { user: user.clone(), route }).await,
            false => Ok(self.policy().require),
        }
    }

    /// The account of this user; `None` if there is none yet.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if it could not be read.
    pub(crate) fn load_account(&self, user: &UserId) -> Asked<'_, LoadAccount> {
        self.ask(LoadAccount { user: user.clone() })
    }

    /// The account that was loaded, or else a new one.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if it could not be created.
    pub(crate) async fn or_create_account(&self, loaded: Option<Account>, user: &UserId) -> Result<Account, Refusal> {
        match loaded {
            Some(account) => Ok(account),
            None => self.ask(CreateAccount { user: user.clone() }).await,
        }
    }

    /// Reads a row by its id and writes nothing; `None` if it is gone.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if it could not be read.
    pub(crate) fn read_row(&self, account: &AccountId) -> Asked<'_, ReadAccount> {
        self.ask(ReadAccount { account: account.clone() })
    }

    /// Applies an update for good and returns the row right after it; `None` if it is gone.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if nobody can tell whether it was applied.
    pub(crate) fn update(&self, account: &AccountId, update: RowUpdate) -> Asked<'_, UpdateAccount> {
        self.ask(UpdateAccount { account: account.clone(), update: Box::new(update) })
    }

    /// Removes what nobody may rely on any more. That it may fail changes nothing: what stays only makes others more careful.
    pub(crate) async fn clean_up(&self, account: &AccountId, update: RowUpdate) {
        if !update.is_nothing() {
            let _ = self.update(account, update).await;
        }
    }

    /// Adds to the event trail. A trail that cannot be written does not undo what happened.
    pub(crate) async fn record(&self, user: &UserId, kind: EventKind) {
        self.record_with(user, kind, None).await;
    }

    /// The same, with what the session of a sign-in can be looked up by.
    pub(crate) async fn record_with(&self, user: &UserId, kind: EventKind, opened: Option<Opened>) {
        let event = kind.of(user, self.now(), self.caller.address.clone());
        let _ = self.ask(RecordEvent { event, opened }).await;
    }

    /// Lets this much time pass.
    pub(crate) async fn wait(&self, milliseconds: u32) {
        let _ = self.ask(Wait { milliseconds }).await;
    }
}
