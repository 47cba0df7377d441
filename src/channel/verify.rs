//! Twilio Verify as the sender: it brings our code to the number, in its own words. It is asked to compare nothing.
//!
//! # Two users with one number
//! Verify keeps one pending verification for a number and a service, and what becomes of another code meanwhile Twilio does not say. So
//! whatever is pending for the number is canceled before a code is sent, whoever's it is. That ends nobody's code: a code of ours lives and
//! dies in its user's row, where it is a keyed hash, and no answer of Verify's is looked at when it comes back. What a canceled verification
//! loses is the report that its code was redeemed.
//!
//! The number is named to cancel, as another user's verification stands in another row. A redeemed code is reported by its own
//! verification, since a report that named the number would approve the other user's.
//!
//! Two who send at once can both cancel before either sends. Then the second one's code is refused or joins the first one's verification, and
//! nobody can tell which code went out. It cancels once more and sends again. Nothing here reads and then writes: each step is decided by what
//! Verify answers to it.

use super::destination::{Destination, check_on};
use crate::account::{Account, SentCode};
use crate::context::Context;
use crate::engine::{User, Verified, Verify, VerifyStep};
use crate::id::VerificationSid;
use crate::policy::{Channel, text};
use crate::wire::Refusal;

/// Verify's error codes that may come from a verification that is pending: a parameter that is not right, too many messages for one, two
/// at once (`twilio.com/docs/verify/api/error-codes`).
const MAY_BE_PENDING: [i32; 3] = [60200, 60203, 60212];

/// No such resource. Twilio also answers it to a language that the service's template does not have.
const NOT_FOUND: i32 = 20404;

/// Of a refusal without a code of the provider's.
const NO_CODE: i32 = 0;

/// Sends a code through this service; the verification that brings it.
///
/// # Errors
/// What Verify refused with; [`Refusal::TryAgain`] if it did not answer: then the code may arrive.
pub(super) async fn send(
    service: &str,
    user: &User,
    to: &Destination,
    code: &str,
    cx: &Context,
) -> Result<VerificationSid, Refusal> {
    let mut locale = locale(text::wanted(cx.policy(), user.locale.as_deref()));
    let mut may_repeat = true;
    // Whether something was pending, and whether that has ended, shows in the answer to the code.
    cancel(service, to, cx).await;
    loop {
        let start = VerifyStep::Start {
            channel: to.channel,
            to: to.to.as_str().to_owned(),
            code: code.into(),
            locale,
            app_hash: cx.policy().android_hash.clone().filter(|_| to.channel == Channel::Sms),
        };
        let (error, is_in_the_way) = match ask(service, start, cx).await? {
            Ok(Verified::Pending(pending)) if pending.messages <= 1 => return Ok(pending.sid),
            Ok(Verified::Pending(_)) => (NO_CODE, true),
            Ok(Verified::Ended | Verified::Missing) => return Err(Refusal::TryAgain),
            Err(NOT_FOUND) if locale.is_some() => {
                locale = None;
                continue;
            }
            Err(error) => (error, MAY_BE_PENDING.contains(&error)),
        };
        if !is_in_the_way || !may_repeat || !cancel(service, to, cx).await {
            // What was pending for the number shows that there is such a number.
            let code = if is_in_the_way && !may_repeat { NO_CODE } else { error };
            return Err(Refusal::Parse { code, message: String::new() });
        }
        may_repeat = false;
    }
}

/// Ends whatever verification is pending for the number; whether there was one.
async fn cancel(service: &str, to: &Destination, cx: &Context) -> bool {
    let step = VerifyStep::Cancel { to: to.to.as_str().to_owned() };
    ask(service, step, cx).await == Ok(Ok(Verified::Ended))
}

/// What Verify answers, or its error code.
///
/// # Errors
/// [`Refusal::TryAgain`] if it did not answer.
async fn ask(service: &str, step: VerifyStep, cx: &Context) -> Result<Result<Verified, i32>, Refusal> {
    match cx.ask(Verify { service: service.to_owned(), step }).await {
        Err(Refusal::Parse { code, .. }) => Ok(Err(code)),
        other => other.map(Ok),
    }
}

/// The verification that brought a code, if one did.
pub(crate) fn verification_of<'a>(code: &SentCode, row: &'a Account) -> Option<&'a VerificationSid> {
    row.verifications.iter().find(|verification| verification.code == code.nonce).map(|verification| &verification.sid)
}

/// Reports that the code of this verification was redeemed, which Twilio asks of whoever brings own codes. The host answers at once.
pub(crate) async fn approve(sid: &VerificationSid, cx: &Context) {
    if let Some(verify) = &cx.policy().verify {
        let _ = ask(&verify.service_sid, VerifyStep::Approve { sid: sid.clone() }, cx).await;
    }
}

/// Checks that notices can be sent as messages. Verify sends codes and nothing else.
///
/// # Errors
/// [`Refusal::Off`].
pub(crate) fn check_notices(cx: &Context) -> Result<(), Refusal> {
    match cx.policy().verify {
        None => check_on(Channel::Sms, cx),
        Some(_) => Err(Refusal::Off("Twilio Verify sends no notices.".into())),
    }
}

/// The languages that Verify's default template has (`twilio.com/docs/verify/supported-languages`).
const LANGUAGES: [&str; 45] = [
    "af", "ar", "ca", "cs", "da", "de", "el", "en", "en-GB", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "kn", "ko", "lt", "mr", "ms", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sv", "te", "th",
    "tl", "tr", "uk", "vi", "zh", "zh-CN", "zh-HK", // By the names that it has for them.
    "no", "zh-TW",
];

/// The first of these languages that Verify knows, by the name that it has for it.
fn locale<'a>(mut tags: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    let is = |known: &str, tag: &str| {
        known.len() == tag.len()
            && known.bytes().zip(tag.bytes()).all(|(k, t)| k.eq_ignore_ascii_case(&t) || (k == b'-' && t == b'_'))
    };
    let found = tags.find_map(|tag| LANGUAGES.into_iter().find(|known| is(known, tag)))?;
    Some(match found {
        "no" => "nb",
        "zh-TW" => "zh-HK",
        known => known,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Settings;

    #[test]
    fn the_users_language_goes_to_verify_by_its_name_or_else_the_apps_or_else_none() {
        let app = |locale: Option<&str>| Settings { locale: locale.map(str::to_owned), ..Settings::default() };
        for (user, of_app, expected) in [
            (Some("de"), None, Some("de")),
            (Some("de-AT"), Some("fr"), Some("de")),
            (Some("pt_br"), None, Some("pt-BR")),
            (Some("pt-PT"), None, Some("pt")),
            (Some("EN-gb"), None, Some("en-GB")),
            (Some("zh-TW"), None, Some("zh-HK")),
            (Some("no"), None, Some("nb")),
            (Some("xx"), Some("fr"), Some("fr")),
            (Some("xx"), None, None),
            (None, Some("es"), Some("es")),
            (None, None, None),
        ] {
            assert_eq!(locale(text::wanted(&app(of_app), user)), expected, "{user:?} {of_app:?}");
        }
    }
}
