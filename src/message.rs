//! Messages: their text by language, with WebOTP's last line, kept to one segment; and sending them, each of them counted.

use crate::account::Account;
use crate::ceremony::Ceremony;
use crate::effect::{Effect, Reply, User};
use crate::factors;
use crate::phone::PhoneNumber;
use crate::policy::{InvalidSetting, Settings};
use crate::refusal::Refusal;
use crate::window::{self, Counted};
use zeroize::Zeroizing;

/// Built-in texts. The English one is the tutorial's.
const TEXTS: [(&str, &str); 9] = [
    ("en", "Your 2FA code is {code}"),
    ("bg", "Вашият код за вход е {code}"),
    ("de", "Ihr Anmeldecode ist {code}"),
    ("es", "Tu código de acceso es {code}"),
    ("fr", "Votre code de connexion est {code}"),
    ("it", "Il tuo codice di accesso è {code}"),
    ("ja", "認証コード: {code}"),
    ("pt", "O seu código de acesso é {code}"),
    ("zh", "您的验证码是 {code}"),
];

/// A change of factors that the user is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    FactorAdded,
    FactorRemoved,
    RecoveryCodesRenewed,
}

impl Notice {
    const ALL: [Notice; 3] = [Notice::FactorAdded, Notice::FactorRemoved, Notice::RecoveryCodesRenewed];

    /// The key of an app's own text in `messages`, after the language: `en.factor-added`.
    fn key(self) -> &'static str {
        match self {
            Notice::FactorAdded => "factor-added",
            Notice::FactorRemoved => "factor-removed",
            Notice::RecoveryCodesRenewed => "recovery-codes-renewed",
        }
    }

    fn english(self) -> &'static str {
        match self {
            Notice::FactorAdded => "A second factor was added to your account. If this was not you, contact us.",
            Notice::FactorRemoved => "A second factor was removed from your account. If this was not you, contact us.",
            Notice::RecoveryCodesRenewed => "Your recovery codes were replaced. If this was not you, contact us.",
        }
    }
}

/// The languages to look for, in this order: the user's, the app's, English; each as it is (`pt-BR`), then without its region (`pt`).
fn languages<'a>(settings: &'a Settings, locale: Option<&'a str>) -> impl Iterator<Item = &'a str> {
    [locale, settings.locale.as_deref(), Some("en")]
        .into_iter()
        .flatten()
        // With a dot it would be the key of a notice's text.
        .filter(|tag| !tag.contains('.'))
        .flat_map(|tag| [tag, tag.split(['-', '_']).next().unwrap_or(tag)])
}

/// The text of a notice: the app's own in the user's language (`messages: { 'de.factor-added': '…' }`), else English.
pub fn notice(settings: &Settings, locale: Option<&str>, notice: Notice) -> String {
    languages(settings, locale)
        .find_map(|tag| settings.messages.get(&format!("{tag}.{}", notice.key())))
        .map_or(notice.english(), String::as_str)
        .to_owned()
}

/// The basic character set of GSM 03.38 (3GPP TS 23.038 §6.2.1); one septet each.
const GSM7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension table; two septets each.
const GSM7_EXTENSION: &str = "^{}\\[~]|€";

/// The text in the first of the [`languages`] that there is one for.
fn text<'a>(settings: &'a Settings, locale: Option<&str>) -> &'a str {
    languages(settings, locale)
        .find_map(|tag| {
            settings
                .messages
                .get(tag)
                .map(String::as_str)
                .or_else(|| TEXTS.iter().find(|(t, _)| t.eq_ignore_ascii_case(tag)).map(|(_, text)| *text))
        })
        .unwrap_or(TEXTS[0].1)
}

/// The message body. With an origin, its last line is `@host #code`: single space, nothing after it
/// (WICG, "Origin-bound one-time codes delivered via SMS", §4.1).
pub fn body(settings: &Settings, locale: Option<&str>, code: &str) -> Zeroizing<String> {
    let mut body = Zeroizing::new(text(settings, locale).replace("{code}", code));
    if let Some(origin) = &settings.origin {
        body.push_str("\n\n@");
        body.push_str(origin);
        body.push_str(" #");
        body.push_str(code);
    }
    body
}

/// Counts a message to this number and hands it to the provider. What was not taken is not counted.
///
/// # Errors
/// [`Refusal::TooMany`], with nothing sent; [`Refusal::NotSent`].
pub(crate) async fn send(
    user: &User,
    number: &PhoneNumber,
    body: Zeroizing<String>,
    c: &Ceremony,
) -> Result<Counted, Refusal> {
    let counted = window::count_message(number, &user.id, c).await?;
    let to = number.as_str().to_owned();
    let from = user.from.clone().filter(|from| !from.is_empty());
    if !matches!(c.host.ask(Effect::SendMessage { to, from, body }).await, Reply::Done) {
        counted.undo(c).await;
        return Err(Refusal::NotSent);
    }
    Ok(counted)
}

/// Tells the user over SMS, where there is a number, that factors have changed (NIST SP 800-63B-4 §4.2.3, ASVS 5.0 §6.3.7). The event
/// tells the app, whatever becomes of the message: it counts as a code does, and is not sent beyond the limits.
pub(crate) async fn notify(user: &User, account: &Account, about: Notice, c: &Ceremony) {
    if let Ok(number) = factors::number(user, account, c) {
        let body = Zeroizing::new(notice(c.policy(), user.locale.as_deref(), about));
        let _ = send(user, &number, body, c).await;
    }
}

/// Whether the text fits one SMS: 160 septets, or 70 UTF-16 units as soon as one character is outside GSM-7.
fn fits_one_segment(text: &str) -> bool {
    let septets = text.chars().try_fold(0, |sum, c| {
        if GSM7.contains(c) {
            Some(sum + 1)
        } else if GSM7_EXTENSION.contains(c) {
            Some(sum + 2)
        } else {
            None
        }
    });
    match septets {
        Some(septets) => septets <= 160,
        None => text.encode_utf16().count() <= 70,
    }
}

/// Checks that every text has a place for the code and fits one segment: a second segment costs twice and can arrive alone.
///
/// # Errors
/// [`InvalidSetting`] naming the language.
pub fn check(settings: &Settings) -> Result<(), InvalidSetting> {
    let code = "0".repeat(settings.limits.code_length as usize);
    let languages = TEXTS.iter().map(|(tag, _)| *tag).chain(settings.messages.keys().map(String::as_str));
    for tag in languages {
        if let Some((_, key)) = tag.split_once('.') {
            if Notice::ALL.iter().all(|notice| notice.key() != key) {
                let reason = format!("There is no message '{tag}'.");
                return Err(InvalidSetting { name: None, reason });
            }
            if !fits_one_segment(&settings.messages[tag]) {
                let reason = format!("The message '{tag}' does not fit one SMS segment.");
                return Err(InvalidSetting { name: None, reason });
            }
            continue;
        }
        let template = text(settings, Some(tag));
        let reason = if !template.contains("{code}") {
            format!("The message for '{tag}' has no {{code}} in it.")
        } else if !fits_one_segment(&body(settings, Some(tag), &code)) {
            format!("The message for '{tag}' does not fit one SMS segment.")
        } else {
            continue;
        };
        return Err(InvalidSetting { name: None, reason });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_the_tutorials() {
        assert_eq!(*body(&Settings::default(), None, "123456"), "Your 2FA code is 123456");
    }

    #[test]
    fn with_an_origin_the_last_line_is_webotps() {
        let settings = Settings { origin: Some("example.com".into()), ..Settings::default() };
        assert_eq!(*body(&settings, None, "123456"), "Your 2FA code is 123456\n\n@example.com #123456");
    }

    #[test]
    fn the_users_language_wins_then_the_apps_then_english() {
        let settings = Settings {
            locale: Some("de".into()),
            messages: [("pt".to_string(), "Codigo {code}".to_string())].into(),
            ..Settings::default()
        };
        assert_eq!(*body(&settings, Some("pt-BR"), "1"), "Codigo 1");
        assert_eq!(*body(&settings, Some("fr"), "1"), "Votre code de connexion est 1");
        assert_eq!(*body(&settings, Some("xx"), "1"), "Ihr Anmeldecode ist 1");
        assert_eq!(*body(&Settings::default(), Some("xx"), "1"), "Your 2FA code is 1");
    }

    #[test]
    fn a_users_locale_picks_no_text_of_a_notice() {
        let key = format!("en.{}", Notice::FactorAdded.key());
        let settings = Settings { messages: [(key.clone(), "A factor".to_owned())].into(), ..Settings::default() };
        assert!(check(&settings).is_ok());
        assert_eq!(*body(&settings, Some(&key), "1"), "Your 2FA code is 1");
    }

    #[test]
    fn one_segment_is_160_septets_or_70_utf16_units() {
        assert!(fits_one_segment(&"a".repeat(160)));
        assert!(!fits_one_segment(&"a".repeat(161)));
        assert!(fits_one_segment(&"€".repeat(80)));
        assert!(!fits_one_segment(&"€".repeat(81)));
        assert!(fits_one_segment(&"я".repeat(70)));
        assert!(!fits_one_segment(&"я".repeat(71)));
        assert!(!fits_one_segment(&"🔑".repeat(36)));
    }

    #[test]
    fn a_text_without_the_code_or_too_long_is_refused() {
        for text in ["no place for it", &"{code} ".repeat(30)] {
            let settings = Settings { messages: [("en".to_string(), text.to_string())].into(), ..Settings::default() };
            assert!(check(&settings).is_err(), "{text}");
        }
    }
}
