//! Which second factors a user has.

use super::number::PHONE_NUMBER;
use crate::account::{Account, Factor, FactorKind};
use crate::channel::PhoneNumber;
use crate::engine::User;
use crate::time::Time;
use crate::wire::{FactorStatus, Method, Refusal};

/// Whether the user has a second factor: a number in the tutorial's column, usable or not, or a factor that counts.
pub(crate) fn has_factor(user: &User, account: Option<&Account>) -> bool {
    user.phone().is_some() || account.is_some_and(Account::has_factor)
}

/// The methods a user can answer with, the one to begin with first: an authenticator app before SMS, which is a restricted authenticator
/// (NIST SP 800-63B-4 §3.1.3.3).
pub(crate) fn methods(user: &User, account: &Account) -> Vec<Method> {
    let has = |kind| account.confirmed_factors().any(|factor| factor.kind == kind);
    let mut methods = Vec::new();
    if has(FactorKind::Totp) {
        methods.push(Method::Totp);
    }
    if user.phone().is_some() || has(FactorKind::Number) {
        methods.push(Method::Sms);
    }
    if !methods.is_empty() && !account.recovery_codes.is_empty() {
        methods.push(Method::Recovery);
    }
    methods
}

/// Checks that this version knows a factor of the user's, if there is one.
///
/// # Errors
/// [`Refusal::NotConfigured`] for a user whose only factors were enrolled with a later version.
pub(crate) fn check_known(user: &User, account: &Account) -> Result<(), Refusal> {
    if account.unknown_authenticators.is_empty() || !methods(user, account).is_empty() {
        return Ok(());
    }
    Err(Refusal::NotConfigured(
        "This account's second factors were made by a later version of parse-two-factor: the operator has to install it again.".into(),
    ))
}

/// The factors as their owner may see them.
pub(crate) fn statuses(user: &User, account: Option<&Account>) -> Vec<FactorStatus> {
    let phone = user.phone().map(|text| FactorStatus {
        id: PHONE_NUMBER.into(),
        method: Method::Sms,
        label: PhoneNumber::parse(text).map_or_else(|| "••••".into(), |number| number.masked()),
        created_at: Time::default(),
    });
    let enrolled = account.into_iter().flat_map(Account::confirmed_factors);
    let mut statuses: Vec<FactorStatus> = enrolled.map(status).collect();
    statuses.sort_unstable_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    phone.into_iter().chain(statuses).collect()
}

/// A factor as its owner may see it.
pub(crate) fn status(factor: &Factor) -> FactorStatus {
    FactorStatus {
        id: factor.id.clone(),
        method: factor.kind.method(),
        label: factor.label.clone(),
        created_at: factor.at,
    }
}
