//! Which second factors a user has, and where a message to them goes.

use crate::account::{Account, Factor, Method};
use crate::ceremony::{Ceremony, FactorStatus};
use crate::change::{Change, SetOp};
use crate::effect::User;
use crate::keys::KeyRing;
use crate::phone::PhoneNumber;
use crate::policy::{Policy, Require};
use crate::refusal::Refusal;
use zeroize::Zeroizing;

/// The id under which the tutorial's column stands among the factors.
pub(crate) const PHONE_NUMBER: &str = "phone_number";

/// What a sealed secret is bound to: it opens for this account and factor alone.
pub(crate) fn seal_context(account: &str, factor: &str) -> String {
    format!("{account}/{factor}")
}

/// Opens the secret of a factor.
///
/// # Errors
/// [`Refusal::NotConfigured`] if its key left the ring: a clear refusal, never a wrong answer.
pub(crate) fn open_secret(factor: &Factor, account: &str, keys: &KeyRing) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let context = seal_context(account, &factor.id);
    keys.open(&factor.kid, &factor.sealed, &context).map_err(|_| {
        Refusal::NotConfigured(
            "This factor was sealed with a key that is not in TWO_FACTOR_KEYS: the operator has to put it back.".into(),
        )
    })
}

/// Seals anew, with the writing key, the confirmed factors that hang on an older one: so that a key that was replaced falls out of
/// use as users sign in. What cannot be opened stays as it is. That it may fail changes nothing: the next success tries again.
///
/// The new element is added before the old one is removed, and only what is superseded is removed. So of any number of these at
/// once one element is left, and in between the factor works. A factor that was removed meanwhile stays removed, since its id is not
/// among the confirmed any more; then what was added for it goes as well.
pub(crate) async fn reseal(account: &Account, c: &Ceremony) {
    let keys = c.keys();
    let anew: Vec<Factor> = account
        .confirmed_factors()
        .filter(|factor| factor.kid != keys.writing())
        .filter_map(|factor| {
            let secret = open_secret(factor, &account.id, keys).ok()?;
            let context = seal_context(&account.id, &factor.id);
            Some(Factor {
                kid: keys.writing().to_owned(),
                sealed: c.host.random(|rng| keys.seal(&secret, &context, rng)),
                generation: factor.generation.saturating_add(1),
                ..factor.clone()
            })
        })
        .collect();
    let added = match anew.is_empty() {
        true => None,
        false => {
            let add = Change { authenticators: SetOp::add(anew.clone()), ..Change::default() };
            let Ok(Some(after)) = c.update_account(&account.id, add).await else {
                return;
            };
            Some(after)
        }
    };
    let account = added.as_ref().unwrap_or(account);
    let mut over = account.superseded_factors();
    for factor in anew.iter().filter(|f| !account.confirmed.contains(&f.id)) {
        over.extend(account.elements_of(&factor.id));
    }
    if !over.is_empty() {
        c.withdraw(&account.id, Change { authenticators: SetOp::remove(over), ..Change::default() }).await;
    }
}

/// Whether the user has a second factor: a number in the tutorial's column, usable or not, or a confirmed factor.
pub(crate) fn has_factor(user: &User, account: Option<&Account>) -> bool {
    user.phone().is_some() || account.is_some_and(|a| a.confirmed_factors().next().is_some())
}

/// What is required of this user: the app's answer, or else the setting for all.
pub(crate) fn requirement(user: &User, policy: &Policy) -> Require {
    user.require.unwrap_or(policy.require)
}

/// Whether a sign-in of this user has to pass the second factor.
///
/// # Errors
/// [`Refusal::NoFactor`] for a user without one who needs one.
pub(crate) fn is_asked(user: &User, account: Option<&Account>, policy: &Policy) -> Result<bool, Refusal> {
    match (requirement(user, policy), has_factor(user, account)) {
        (Require::Nobody, _) | (Require::Enrolled, false) => Ok(false),
        (Require::Enrolled | Require::Everyone, true) => Ok(true),
        (Require::Everyone, false) => Err(Refusal::NoFactor),
    }
}

/// The methods a user can answer with, the one to begin with first: an authenticator app before SMS, which is a restricted
/// authenticator (NIST SP 800-63B-4 §3.1.3.3).
pub(crate) fn methods(user: &User, account: &Account) -> Vec<Method> {
    let enrolled = |method| account.confirmed_factors().any(|f| f.method == method);
    let mut methods = Vec::new();
    if enrolled(Method::Totp) {
        methods.push(Method::Totp);
    }
    if user.phone().is_some() || enrolled(Method::Sms) {
        methods.push(Method::Sms);
    }
    if !methods.is_empty() && !account.recovery_codes.is_empty() {
        methods.push(Method::Recovery);
    }
    methods
}

/// The number that this user's codes go to: the tutorial's column, or else, also where that holds none that can be used, the first
/// number enrolled.
///
/// # Errors
/// [`Refusal::PhoneUnusable`] for a number that is not E.164 or whose country is not allowed, [`Refusal::NoFactor`] for none.
pub(crate) fn number(user: &User, account: &Account, c: &Ceremony) -> Result<PhoneNumber, Refusal> {
    let enrolled = || {
        let numbers = account.confirmed_factors().filter(|f| f.method == Method::Sms);
        let factor = numbers.min_by_key(|f| f.at).ok_or(Refusal::NoFactor)?;
        let secret = open_secret(factor, &account.id, c.keys())?;
        usable(&Zeroizing::new(String::from_utf8_lossy(&secret).into_owned()), c)
    };
    match user.phone() {
        Some(number) => usable(number, c).or_else(|unusable| enrolled().map_err(|_| unusable)),
        None => enrolled(),
    }
}

/// Reads a number that messages may go to.
///
/// # Errors
/// [`Refusal::PhoneUnusable`].
pub(crate) fn usable(text: &str, c: &Ceremony) -> Result<PhoneNumber, Refusal> {
    PhoneNumber::parse(text).filter(|n| n.is_allowed(&c.policy().countries)).ok_or(Refusal::PhoneUnusable)
}

/// The factors as their owner may see them.
pub(crate) fn statuses(user: &User, account: Option<&Account>) -> Vec<FactorStatus> {
    let phone = user.phone().map(|text| FactorStatus {
        id: PHONE_NUMBER.into(),
        method: Method::Sms,
        label: PhoneNumber::parse(text).map_or_else(|| "••••".into(), |n| n.masked()),
        created_at: 0,
    });
    let mut statuses: Vec<FactorStatus> =
        account.into_iter().flat_map(Account::confirmed_factors).map(status).collect();
    statuses.sort_unstable_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    phone.into_iter().chain(statuses).collect()
}

pub(crate) fn status(factor: &Factor) -> FactorStatus {
    FactorStatus { id: factor.id.clone(), method: factor.method, label: factor.label.clone(), created_at: factor.at }
}
