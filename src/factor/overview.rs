//! Which second factors a user has.

use super::mailbox;
use super::number::{PHONE_NUMBER, number_of, read_number};
use super::passkey;
use super::seal::open_secret;
use crate::account::{Account, Factor, FactorKind};
use crate::channel;
use crate::context::Context;
use crate::crypto::KeyRing;
use crate::engine::User;
use crate::id::AccountId;
use crate::time::Time;
use crate::wire::{FactorStatus, Method, Refusal};

/// Whether the user has a second factor: a number in the tutorial's column, usable or not, or a factor that counts. A number in the wrong
/// column is one as well, since somebody meant it to be asked for.
pub(crate) fn has_factor(user: &User, account: Option<&Account>) -> bool {
    user.phone().is_some() || user.is_misplaced || account.is_some_and(Account::has_factor)
}

/// The methods a user can answer with, the preferred one first: a passkey, which is the only one that cannot be phished (NIST SP 800-63B-4
/// §3.2.5), then an authenticator app, then codes to a number in the app's order: by SMS and by voice they are restricted (§3.1.3.3). A code by mail is the last resort.
pub(crate) fn methods(user: &User, account: &Account, cx: &Context) -> Vec<Method> {
    let takes_codes = !passkey::withholds_codes(account, cx);
    let has = |kind| takes_codes && account.confirmed_factors().any(|factor| factor.kind == kind);
    let mut methods = Vec::new();
    if passkey::is_usable(account, cx) {
        methods.push(Method::Webauthn);
    }
    if has(FactorKind::Totp) {
        methods.push(Method::Totp);
    }
    if (takes_codes && user.phone().is_some()) || has(FactorKind::Number) {
        methods.extend(cx.policy().channels.to_numbers().map(Method::from));
    }
    if takes_codes && mailbox::destination(user, account, cx).is_ok() {
        methods.push(Method::Email);
    }
    // A mailbox may be no use for a day, or for good, and its owner must not be shut out by that.
    let has_factor = !methods.is_empty() || mailbox::is_enrolled(account);
    if has_factor && !account.recovery_codes.is_empty() {
        methods.push(Method::Recovery);
    }
    methods
}

/// Checks that the user can answer with a factor here, if there is one.
///
/// # Errors
/// [`Refusal::NotConfigured`] for a user whose only factors were enrolled with a later version or cannot be read, [`Refusal::Off`] for one
/// who has passkeys alone, where they are off; for one who has a mailbox alone, what [`mailbox::check`] refuses with.
pub(crate) fn check_usable(user: &User, account: &Account, cx: &Context) -> Result<(), Refusal> {
    if !methods(user, account, cx).is_empty() {
        return Ok(());
    }
    passkey::check_usable(account, cx)?;
    let is_number = |factor: &Factor| factor.kind == FactorKind::Number;
    if user.phone().is_some() || account.confirmed_factors().any(is_number) {
        channel::first(cx)?;
    }
    if mailbox::is_enrolled(account) {
        mailbox::check(account, cx)?;
    }
    if account.unknown_authenticators.is_empty() {
        return Ok(());
    }
    Err(Refusal::NotConfigured(
        "This account's second factors were made by a later version of parse-two-factor: the operator has to install it again.".into(),
    ))
}

/// The factors as their owner may see them.
pub(crate) fn statuses(user: &User, account: Option<&Account>, cx: &Context) -> Vec<FactorStatus> {
    let phone = user.phone().map(|text| FactorStatus {
        id: PHONE_NUMBER.into(),
        method: Method::Sms,
        label: read_number(text, cx).map_or_else(|| "••••".into(), |number| number.masked()),
        created_at: Time::default(),
        first: None,
        to: read_number(text, cx).map(|number| number.masked()),
        synced: None,
        aaguid: None,
    });
    let mut statuses = Vec::<FactorStatus>::new();
    if let Some(account) = account {
        for factor in account.confirmed_factors() {
            // Each is put in its place: a user has few factors, and a sort is a kilobyte of the module.
            let is_later = |other: &FactorStatus| (other.created_at, &other.id) > (factor.at, &factor.id);
            let place = statuses.iter().position(is_later).unwrap_or(statuses.len());
            let mut status = status(factor, &account.id, cx.keys());
            if factor.kind == FactorKind::Mailbox {
                status.to = mailbox::of(factor, user, &account.id, cx).map(|mailbox| mailbox.masked());
            }
            statuses.insert(place, status);
        }
    }
    let mut statuses: Vec<FactorStatus> = phone.into_iter().chain(statuses).collect();
    let is_number = |status: &&mut FactorStatus| status.method == Method::Sms;
    if statuses.iter_mut().filter(is_number).count() > 1 {
        let empty = Account::default();
        let first = number_of(user, account.unwrap_or(&empty), cx).ok().map(|number| number.factor);
        statuses
            .iter_mut()
            .filter(is_number)
            .for_each(|status| status.first = Some(first.as_ref() == Some(&status.id)));
    }
    statuses
}

/// A factor as its owner may see it.
pub(crate) fn status(factor: &Factor, account: &AccountId, keys: &KeyRing) -> FactorStatus {
    // One that cannot be read is listed all the same, so that it can be removed.
    let credential = match factor.kind {
        FactorKind::Passkey => passkey::credential(factor, account, keys).ok(),
        FactorKind::Totp | FactorKind::Number | FactorKind::Mailbox => None,
    };
    let to = match factor.kind {
        FactorKind::Number => open_secret(factor, account, keys).ok(),
        FactorKind::Totp | FactorKind::Passkey | FactorKind::Mailbox => None,
    };
    FactorStatus {
        to: to.and_then(|secret| Some(channel::PhoneNumber::parse(core::str::from_utf8(&secret).ok()?)?.masked())),
        synced: credential.as_ref().map(|credential| credential.backed_up),
        aaguid: credential.map(|credential| uuid(&credential.aaguid)),
        id: factor.id.clone(),
        method: factor.kind.method(),
        label: factor.label.clone(),
        created_at: factor.at,
        first: None,
    }
}

/// An AAGUID as it is written everywhere (RFC 9562 §4).
fn uuid(bytes: &[u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn an_aaguid_is_written_as_a_uuid() {
        let bytes = [0xf0, 0xe1, 0xd2, 0xc3, 0xb4, 0xa5, 0x96, 0x87, 0x78, 0x69, 0x5a, 0x4b, 0x3c, 0x2d, 0x1e, 0x0f];
        assert_eq!(uuid(&bytes), "f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f");
    }
}
