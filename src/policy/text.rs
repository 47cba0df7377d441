//! The text of messages: by language and kind, the app's own before the built-in ones.

use super::messages::MessageKind;
use super::segment::fits_one_segment;
use super::settings::{InvalidSetting, Settings};
use crate::crypto::Secret;

/// The place of the code in a text.
const PLACE: &str = "{code}";

/// Built-in texts for codes. The English one is the tutorial's.
const CODES: [(&str, &str); 9] = [
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

/// The built-in text of this kind in this language, if there is one.
fn built_in(kind: MessageKind, tag: &str) -> Option<&'static str> {
    let english = match kind {
        MessageKind::Code => {
            return CODES.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).map(|(_, text)| *text);
        }
        MessageKind::FactorAdded => "A second factor was added to your account. If this was not you, contact us.",
        MessageKind::FactorRemoved => "A second factor was removed from your account. If this was not you, contact us.",
        MessageKind::RecoveryCodesRenewed => "Your recovery codes were replaced. If this was not you, contact us.",
        MessageKind::RecoveryCodeUsed => {
            "A recovery code was used to sign in to your account. If this was not you, contact us."
        }
        MessageKind::SessionsEnded => "Other devices were signed out of your account. If this was not you, contact us.",
        MessageKind::ProvidersChanged => {
            "A way to sign in to your account was added or removed. If this was not you, contact us."
        }
        MessageKind::DeviceTrusted => {
            "A browser signs in to your account without a second factor from now on. If this was not you, contact us."
        }
    };
    (tag == "en").then_some(english)
}

/// The text of this kind in the first language that has one: the user's, the app's, English; each as it is (`pt-BR`), then without its
/// region (`pt`).
fn template<'a>(settings: &'a Settings, locale: Option<&str>, kind: MessageKind) -> &'a str {
    let tags = [locale, settings.locale.as_deref(), Some("en")].into_iter().flatten();
    let tags = tags.flat_map(|tag| [tag, tag.split(['-', '_']).next().unwrap_or(tag)]);
    let own = |tag: &str| settings.messages.get(tag).and_then(|texts| texts.get(kind));
    tags.filter_map(|tag| own(tag).or_else(|| built_in(kind, tag))).next().unwrap_or_default()
}

/// The text that carries a code. With an origin, its last line is `@host #code`: one space, nothing after it (WICG, "Origin-bound
/// one-time codes delivered via SMS", §4.1).
pub fn with_code(settings: &Settings, locale: Option<&str>, code: &str) -> Secret {
    let mut body = template(settings, locale, MessageKind::Code).replace(PLACE, code);
    if let Some(origin) = &settings.origin {
        body.push_str(&format!("\n\n@{origin} #{code}"));
    }
    body.into()
}

/// The text of a notice: the app's own in the user's language, else English.
pub fn notice(settings: &Settings, locale: Option<&str>, kind: MessageKind) -> Secret {
    template(settings, locale, kind).into()
}

/// Checks that every text for codes has a place for the code, and that every text fits one segment.
///
/// # Errors
/// [`InvalidSetting`] naming the language and the kind.
pub(super) fn check(settings: &Settings) -> Result<(), InvalidSetting> {
    let code = "0".repeat(settings.limits.code_length as usize);
    let own = settings.messages.keys().map(String::as_str);
    for tag in CODES.iter().map(|(tag, _)| *tag).chain(own) {
        for kind in MessageKind::ALL {
            let text = template(settings, Some(tag), kind);
            let name = format!("messages.{tag}.{}", kind.name());
            let is_code = kind == MessageKind::Code;
            let whole = if is_code { with_code(settings, Some(tag), &code) } else { text.into() };
            let reason = if is_code && !text.contains(PLACE) {
                format!("{name} has no {PLACE} in it.")
            } else if !fits_one_segment(&whole) {
                format!("{name} does not fit one SMS segment.")
            } else {
                continue;
            };
            return Err(InvalidSetting::senseless(reason));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::messages::Texts;
    use super::*;

    fn own(tag: &str, texts: Texts) -> Settings {
        Settings { messages: [(tag.to_owned(), texts)].into(), ..Settings::default() }
    }

    fn code(text: &str) -> Texts {
        Texts { code: Some(text.into()), ..Texts::default() }
    }

    #[test]
    fn the_message_is_the_tutorials() {
        assert_eq!(&*with_code(&Settings::default(), None, "123456"), "Your 2FA code is 123456");
    }

    #[test]
    fn with_an_origin_the_last_line_is_webotps() {
        let settings = Settings { origin: Some("example.com".into()), ..Settings::default() };
        assert_eq!(&*with_code(&settings, None, "123456"), "Your 2FA code is 123456\n\n@example.com #123456");
    }

    #[test]
    fn the_users_language_wins_then_the_apps_then_english() {
        let settings = Settings { locale: Some("de".into()), ..own("pt", code("Codigo {code}")) };
        assert_eq!(&*with_code(&settings, Some("pt-BR"), "1"), "Codigo 1");
        assert_eq!(&*with_code(&settings, Some("fr"), "1"), "Votre code de connexion est 1");
        assert_eq!(&*with_code(&settings, Some("xx"), "1"), "Ihr Anmeldecode ist 1");
        assert_eq!(&*with_code(&Settings::default(), Some("xx"), "1"), "Your 2FA code is 1");
    }

    #[test]
    fn a_notice_in_the_apps_own_words_goes_before_the_english_one() {
        let texts = Texts { factor_added: Some("Neuer Faktor".into()), ..Texts::default() };
        let settings = own("de", texts);
        assert!(check(&settings).is_ok());
        assert_eq!(&*notice(&settings, Some("de-AT"), MessageKind::FactorAdded), "Neuer Faktor");
        assert!(notice(&settings, Some("fr"), MessageKind::FactorAdded).starts_with("A second factor was added"));
        assert!(notice(&settings, Some("de"), MessageKind::FactorRemoved).starts_with("A second factor was removed"));
        assert_eq!(&*with_code(&settings, Some("de"), "1"), "Ihr Anmeldecode ist 1");
    }

    #[test]
    fn a_notice_is_english_where_the_app_has_no_words_of_its_own() {
        for (kind, text) in [
            (MessageKind::FactorAdded, "A second factor was added"),
            (MessageKind::FactorRemoved, "A second factor was removed"),
            (MessageKind::RecoveryCodesRenewed, "Your recovery codes were replaced"),
            (MessageKind::RecoveryCodeUsed, "A recovery code was used"),
            (MessageKind::SessionsEnded, "Other devices were signed out"),
            (MessageKind::ProvidersChanged, "A way to sign in to your account was added or removed"),
            (MessageKind::DeviceTrusted, "A browser signs in to your account without"),
        ] {
            assert!(notice(&Settings::default(), None, kind).starts_with(text), "{text}");
        }
        let texts = Texts { factor_added: Some("Neuer Faktor".into()), ..Texts::default() };
        let german = Settings { locale: Some("de".into()), ..own("de", texts) };
        assert_eq!(
            &*notice(&german, Some("fr"), MessageKind::FactorAdded),
            "Neuer Faktor",
            "the app's language is next"
        );
    }

    #[test]
    fn a_text_without_the_code_or_too_long_is_refused_by_its_name() {
        for text in ["no place for it", &"{code} ".repeat(30)] {
            let refused = check(&own("en", code(text))).unwrap_err();
            assert!(refused.reason.starts_with("messages.en.code "), "{refused}");
        }
        let texts = Texts { recovery_codes_renewed: Some("я".repeat(71)), ..Texts::default() };
        let refused = check(&own("bg", texts)).unwrap_err();
        assert!(refused.reason.starts_with("messages.bg.recoveryCodesRenewed "), "{refused}");
    }
}
