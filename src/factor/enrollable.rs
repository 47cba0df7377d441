//! What can be enrolled here.

use super::mailbox;
use crate::account::Account;
use crate::channel::email;
use crate::context::Context;
use crate::engine::User;
use crate::wire::Method;

/// The methods that this user can enroll in this deployment, the preferred one first. None without a key ring of the operator's own.
pub(crate) fn enrollable(user: &User, account: Option<&Account>, cx: &Context) -> Vec<Method> {
    if !cx.keys().is_durable() {
        return Vec::new();
    }
    let none = Account::default();
    let takes_mail = mailbox::check(account.unwrap_or(&none), cx).is_ok() && email::mailbox_of(user).is_some();
    let passkey = cx.policy().site().map(|_| Method::Webauthn);
    let numbers = cx.policy().channels.to_numbers().map(Method::from);
    let mail = takes_mail.then_some(Method::Email);
    passkey.into_iter().chain([Method::Totp]).chain(numbers).chain(mail).collect()
}
