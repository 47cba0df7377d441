//! The numbers that a user's codes go to.

use super::seal::open_secret;
use crate::account::{Account, Factor, FactorKind};
use crate::channel::{Destination, PhoneNumber, Recipient, written};
use crate::context::Context;
use crate::engine::User;
use crate::id::FactorId;
use crate::policy::Channel;
use crate::wire::Refusal;

/// The id under which the tutorial's column stands among the factors.
pub(crate) const PHONE_NUMBER: &str = "phone_number";

/// A number of a user's, and the factor that it stands for.
#[derive(Clone, Debug)]
pub(crate) struct OwnNumber {
    /// The factor; the tutorial's column has an id as well.
    pub factor: FactorId,
    /// The number.
    pub number: PhoneNumber,
}

impl OwnNumber {
    /// The number as the destination of a message.
    pub(crate) fn by(self, channel: Channel) -> Destination {
        Destination { factor: self.factor, to: Recipient::Number(self.number), channel }
    }
}

/// The number that this user's codes go to first: the tutorial's column, or else the first number enrolled. The latter also where the column
/// holds none that can be used.
///
/// # Errors
/// [`Refusal::PhoneUnusable`] for a number that cannot be read or whose country is not allowed, [`Refusal::NoFactor`] for none.
pub(crate) fn number_of(user: &User, account: &Account, cx: &Context) -> Result<OwnNumber, Refusal> {
    let enrolled = || {
        let factor = enrolled(account).min_by_key(|factor| factor.at).ok_or(Refusal::NoFactor)?;
        enrolled_number(factor, account, cx)
    };
    match column(user, cx) {
        Ok(number) => Ok(number),
        Err(Refusal::NoFactor) => enrolled(),
        Err(unusable) => enrolled().map_err(|_| unusable),
    }
}

/// The number that this factor of the user's stands for.
///
/// # Errors
/// As [`number_of`], [`Refusal::NoFactor`] for the id of anything but a number of this user's.
pub(crate) fn number_with(id: &FactorId, user: &User, account: &Account, cx: &Context) -> Result<OwnNumber, Refusal> {
    if *id == *PHONE_NUMBER {
        return column(user, cx);
    }
    let factor = enrolled(account).find(|factor| factor.id == *id).ok_or(Refusal::NoFactor)?;
    enrolled_number(factor, account, cx)
}

/// Every number that messages to the user may go to: the column's, those enrolled, and the one that is being enrolled.
pub(crate) fn numbers(user: &User, account: &Account, enrolling: Option<&FactorId>, cx: &Context) -> Vec<OwnNumber> {
    let pending = enrolling.and_then(|id| account.pending_factor(id));
    let pending = pending.filter(|factor| factor.kind == FactorKind::Number);
    let enrolled = enrolled(account).chain(pending).filter_map(|factor| enrolled_number(factor, account, cx).ok());
    column(user, cx).into_iter().chain(enrolled).collect()
}

/// The number that is being enrolled.
///
/// # Errors
/// As [`number_of`], [`Refusal::NoFactor`] for the enrollment of anything else.
pub(crate) fn number_enrolling(id: &FactorId, account: &Account, cx: &Context) -> Result<OwnNumber, Refusal> {
    let pending = account.pending_factor(id).filter(|factor| factor.kind == FactorKind::Number);
    enrolled_number(pending.ok_or(Refusal::NoFactor)?, account, cx)
}

/// The enrolled numbers.
fn enrolled(account: &Account) -> impl Iterator<Item = &Factor> {
    account.confirmed_factors().filter(|factor| factor.kind == FactorKind::Number)
}

fn column(user: &User, cx: &Context) -> Result<OwnNumber, Refusal> {
    let number = allowed_number(user.phone().ok_or(Refusal::NoFactor)?, cx)?;
    Ok(OwnNumber { factor: PHONE_NUMBER.into(), number })
}

fn enrolled_number(factor: &Factor, account: &Account, cx: &Context) -> Result<OwnNumber, Refusal> {
    let secret = open_secret(factor, &account.id, cx.keys())?;
    let number = allowed_number(core::str::from_utf8(&secret).map_err(|_| Refusal::PhoneUnusable)?, cx)?;
    Ok(OwnNumber { factor: factor.id.clone(), number })
}

/// Reads a number that messages may go to, as somebody wrote it.
///
/// # Errors
/// [`Refusal::PhoneUnusable`].
pub(crate) fn allowed_number(text: &str, cx: &Context) -> Result<PhoneNumber, Refusal> {
    let number = read_number(text, cx).filter(|number| number.is_allowed(&cx.policy().countries));
    number.ok_or(Refusal::PhoneUnusable)
}

/// Reads a number as somebody wrote it, whether messages may go to it or not.
pub(crate) fn read_number(text: &str, cx: &Context) -> Option<PhoneNumber> {
    written::read(text, cx.policy().default_country.as_deref())
}

/// Whether two texts are the same number here.
pub(crate) fn is_same_number(one: &str, other: &str, cx: &Context) -> bool {
    written::is_same(one, other, cx.policy().default_country.as_deref())
}
