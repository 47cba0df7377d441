//! The number that a user's codes go to.

use super::seal::open_secret;
use crate::account::{Account, Factor, FactorKind};
use crate::channel::PhoneNumber;
use crate::context::Context;
use crate::engine::User;
use crate::id::FactorId;
use crate::wire::Refusal;
use zeroize::Zeroizing;

/// The id under which the tutorial's column stands among the factors.
pub(crate) const PHONE_NUMBER: &str = "phone_number";

/// The number that this user's codes go to: the tutorial's column, or else the first number enrolled. The latter also where the column
/// holds none that can be used.
///
/// # Errors
/// [`Refusal::PhoneUnusable`] for a number that is not E.164 or whose country is not allowed, [`Refusal::NoFactor`] for none.
pub(crate) fn number_of(user: &User, account: &Account, cx: &Context) -> Result<PhoneNumber, Refusal> {
    let enrolled = || {
        let numbers = account.confirmed_factors().filter(|factor| factor.kind == FactorKind::Number);
        let factor = numbers.min_by_key(|factor| factor.at).ok_or(Refusal::NoFactor)?;
        enrolled_number(factor, account, cx)
    };
    match user.phone() {
        Some(number) => allowed_number(number, cx).or_else(|unusable| enrolled().map_err(|_| unusable)),
        None => enrolled(),
    }
}

/// Every number that messages to the user may go to: the column's, those enrolled, and the one that is being enrolled.
pub(crate) fn numbers(user: &User, account: &Account, enrolling: Option<&FactorId>, cx: &Context) -> Vec<PhoneNumber> {
    let pending = enrolling.and_then(|id| account.pending_factor(id));
    let enrolled = account.confirmed_factors().chain(pending).filter(|factor| factor.kind == FactorKind::Number);
    let enrolled = enrolled.filter_map(|factor| enrolled_number(factor, account, cx).ok());
    let column = user.phone().and_then(|number| allowed_number(number, cx).ok());
    column.into_iter().chain(enrolled).collect()
}

fn enrolled_number(factor: &Factor, account: &Account, cx: &Context) -> Result<PhoneNumber, Refusal> {
    let secret = open_secret(factor, &account.id, cx.keys())?;
    allowed_number(&Zeroizing::new(String::from_utf8_lossy(&secret).into_owned()), cx)
}

/// Reads a number that messages may go to.
///
/// # Errors
/// [`Refusal::PhoneUnusable`].
pub(crate) fn allowed_number(text: &str, cx: &Context) -> Result<PhoneNumber, Refusal> {
    let number = PhoneNumber::parse(text).filter(|number| number.is_allowed(&cx.policy().countries));
    number.ok_or(Refusal::PhoneUnusable)
}
