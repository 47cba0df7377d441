//! What can be enrolled here.

use crate::context::Context;
use crate::wire::Method;

/// The methods that can be enrolled in this deployment, the preferred one first. None without a key ring of the operator's own.
pub(crate) fn enrollable(cx: &Context) -> Vec<Method> {
    if !cx.keys().is_durable() {
        return Vec::new();
    }
    let passkey = cx.policy().site().map(|_| Method::Webauthn);
    passkey.into_iter().chain([Method::Totp, Method::Sms]).collect()
}
