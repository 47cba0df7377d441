//! The text of messages: by language and kind, the app's own before the built-in ones.

use super::messages::MessageKind;
use super::notices::{self, InNineLanguages};
use super::segment::fits;
use super::settings::{InvalidSetting, Settings};
use crate::crypto::Secret;

/// Built-in texts for codes. The English one is the tutorial's.
const CODES: InNineLanguages = [
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
    let texts = match kind {
        MessageKind::Code => &CODES,
        MessageKind::FactorAdded => &notices::FACTOR_ADDED,
        MessageKind::FactorRemoved => &notices::FACTOR_REMOVED,
        MessageKind::RecoveryCodesRenewed => &notices::RECOVERY_CODES_RENEWED,
        MessageKind::RecoveryCodeUsed => &notices::RECOVERY_CODE_USED,
        MessageKind::SessionsEnded => &notices::SESSIONS_ENDED,
        MessageKind::ProvidersChanged => &notices::PROVIDERS_CHANGED,
        MessageKind::DeviceTrusted => &notices::DEVICE_TRUSTED,
        MessageKind::Reset => &notices::RESET,
        MessageKind::EmailChanged => &notices::EMAIL_CHANGED,
    };
    in_language(texts, tag)
}

fn in_language(texts: &InNineLanguages, tag: &str) -> Option<&'static str> {
    texts.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).map(|(_, text)| *text)
}

/// The languages to look for a text in, one after the other: the user's, the app's, English; each as it is (`pt-BR`), then without its
/// region (`pt`).
pub(crate) fn tags<'a>(settings: &'a Settings, locale: Option<&'a str>) -> impl Iterator<Item = &'a str> {
    wanted(settings, locale).chain(["en"])
}

/// The same without English, which is what somebody gets who says nothing.
pub(crate) fn wanted<'a>(settings: &'a Settings, locale: Option<&'a str>) -> impl Iterator<Item = &'a str> {
    let tags = [locale, settings.locale.as_deref()].into_iter().flatten();
    tags.flat_map(|tag| [tag, tag.split(['-', '_']).next().unwrap_or(tag)])
}

/// The language of a user's messages.
pub(crate) fn locale<'a>(settings: &'a Settings, locale: Option<&'a str>) -> &'a str {
    tags(settings, locale).next().unwrap_or("en")
}

/// WhatsApp's template in the first of these languages that has one.
pub(crate) fn content_sid<'a>(settings: &'a Settings, locale: Option<&'a str>) -> Option<&'a str> {
    settings.channels.content_sid(tags(settings, locale))
}

/// The text of this kind in the first language that has one.
fn template<'a>(settings: &'a Settings, locale: Option<&str>, kind: MessageKind) -> &'a str {
    let tags = tags(settings, locale);
    let own = |tag: &str| settings.messages.get(tag).and_then(|texts| texts.get(kind));
    tags.filter_map(|tag| own(tag).or_else(|| built_in(kind, tag))).next().unwrap_or_default()
}

/// A text with the code in each `{code}`. Searching for characters takes a kilobyte less of the module than searching for texts.
fn filled(text: &str, code: &str) -> String {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.strip_prefix("code}") {
            Some(rest) => filled.extend([code, rest]),
            None => filled.extend(["{", piece]),
        }
    }
    filled
}

/// The text that carries a code, as a message of SMS. With an origin, its last line is `@host #code`: one space, nothing after it (WICG,
/// "Origin-bound one-time codes delivered via SMS", §4.1). Google asks for the hash of an Android app somewhere in the message, so it has a
/// line of its own before that one.
pub fn with_code(settings: &Settings, locale: Option<&str>, code: &str) -> Secret {
    let mut body = filled(template(settings, locale, MessageKind::Code), code);
    if let Some(hash) = &settings.android_hash {
        body.push_str(&format!("\n\n{hash}"));
    }
    if let Some(origin) = &settings.origin {
        body.push_str(&format!("\n\n@{origin} #{code}"));
    }
    body.into()
}

/// The text that carries a code, without what only text messages need.
pub fn of_code(settings: &Settings, locale: Option<&str>, code: &str) -> Secret {
    filled(template(settings, locale, MessageKind::Code), code).into()
}

/// The text of a notice: the app's own in the user's language, else the built-in one.
pub fn notice(settings: &Settings, locale: Option<&str>, kind: MessageKind) -> Secret {
    template(settings, locale, kind).into()
}

/// The subject of a mail, in the first language that has one.
pub fn subject<'a>(settings: &'a Settings, locale: Option<&str>, kind: MessageKind) -> &'a str {
    let is_code = kind == MessageKind::Code;
    let built_in = if is_code { &notices::CODE_SUBJECT } else { &notices::SUBJECT };
    let own = |tag: &str| {
        let texts = settings.messages.get(tag)?;
        if is_code { texts.code_subject.as_deref() } else { texts.subject.as_deref() }
    };
    let subjects = tags(settings, locale).filter_map(|tag| own(tag).or_else(|| in_language(built_in, tag)));
    subjects.into_iter().next().unwrap_or_default()
}

/// How many segments of SMS a message of this kind may take. A code that came in two could arrive by half.
fn segments(kind: MessageKind) -> usize {
    if kind == MessageKind::Code { 1 } else { 2 }
}

/// In bytes: the longest message in which Android looks for the hash of its app.
const LONGEST_WITH_HASH: usize = 140;

/// Checks that every text for codes has a place for the code, and that every text fits: a code one segment, a notice two.
///
/// # Errors
/// [`InvalidSetting`] naming the language and the kind.
pub(super) fn check(settings: &Settings) -> Result<(), InvalidSetting> {
    let code = "0".repeat(settings.limits.code_length as usize);
    let own = settings.messages.iter().map(|(tag, _)| tag);
    for tag in CODES.iter().map(|(tag, _)| *tag).chain(own) {
        for kind in MessageKind::ALL {
            let is_own = settings.messages.get(tag).is_some_and(|texts| texts.get(kind).is_some());
            // What settings do not change fits: a test has looked. A start need not.
            if kind != MessageKind::Code && !is_own {
                continue;
            }
            let text = template(settings, Some(tag), kind);
            let name = format!("messages.{tag}.{}", kind.name());
            let is_code = kind == MessageKind::Code;
            // Twilio Verify sends texts of its own. The app's then goes by mail alone, which has room.
            let has_room = is_code && settings.verify.is_some();
            let whole = if is_code { with_code(settings, Some(tag), &code) } else { text.into() };
            let reason = if is_code && filled(text, "") == text {
                format!("{name} has no {{code}} in it.")
            } else if has_room {
                continue;
            } else if !fits(&whole, segments(kind)) {
                does_not_fit(settings, &name, segments(kind))
            } else if is_code && settings.android_hash.is_some() && whole.len() > LONGEST_WITH_HASH {
                format!(
                    "{name} has more than {LONGEST_WITH_HASH} bytes with androidHash, and Android reads no longer one."
                )
            } else {
                continue;
            };
            return Err(InvalidSetting::senseless(reason));
        }
    }
    Ok(())
}

/// Says which of the options make a text too long.
fn does_not_fit(settings: &Settings, name: &str, segments: usize) -> String {
    let added = match (&settings.origin, &settings.android_hash) {
        (Some(_), Some(_)) => " with the lines of origin and androidHash",
        (Some(_), None) => " with the line of origin",
        (None, Some(_)) => " with the line of androidHash",
        (None, None) => "",
    };
    let room = if segments == 1 { "one SMS segment" } else { "two SMS segments" };
    format!("{name} does not fit {room}{added}.")
}

#[cfg(test)]
mod tests {
    use super::super::messages::Texts;
    use super::super::{Channel, ChannelSettings, Channels};
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
    fn a_notice_in_the_apps_own_words_goes_before_the_built_in_one() {
        let texts = Texts { factor_added: Some("Neuer Faktor".into()), ..Texts::default() };
        let settings = own("de", texts);
        assert!(check(&settings).is_ok());
        assert_eq!(&*notice(&settings, Some("de-AT"), MessageKind::FactorAdded), "Neuer Faktor");
        assert!(notice(&settings, Some("xx"), MessageKind::FactorAdded).starts_with("A second factor was added"));
        assert!(notice(&settings, Some("de"), MessageKind::FactorRemoved).starts_with("Ein zweiter Faktor"));
        assert_eq!(&*with_code(&settings, Some("de"), "1"), "Ihr Anmeldecode ist 1");
    }

    #[test]
    fn a_notice_is_in_the_users_language_or_else_in_the_apps_or_else_in_english() {
        for (kind, text) in [
            (MessageKind::FactorAdded, "A second factor was added"),
            (MessageKind::FactorRemoved, "A second factor was removed"),
            (MessageKind::RecoveryCodesRenewed, "Your recovery codes were replaced"),
            (MessageKind::SessionsEnded, "Other devices were signed out"),
            (MessageKind::ProvidersChanged, "A way to sign in to your account was added or removed"),
            (MessageKind::DeviceTrusted, "A browser signs in to your account without"),
            (MessageKind::RecoveryCodeUsed, "A recovery code of your account was used"),
            (MessageKind::Reset, "We have reset the second factor"),
            (MessageKind::EmailChanged, "The e-mail address of your account was changed"),
        ] {
            assert!(notice(&Settings::default(), None, kind).starts_with(text), "{text}");
            let all: std::collections::BTreeSet<String> =
                CODES.iter().map(|(tag, _)| notice(&Settings::default(), Some(tag), kind).to_string()).collect();
            assert_eq!(all.len(), 9, "nine languages, no two alike");
        }
        let german = Settings { locale: Some("de".into()), ..Settings::default() };
        assert!(notice(&german, Some("xx"), MessageKind::FactorAdded).starts_with("Ein zweiter Faktor"));
        assert!(notice(&german, Some("fr-CA"), MessageKind::FactorAdded).starts_with("Un second facteur"));
    }

    #[test]
    fn the_built_in_notices_fit_two_segments() {
        for (tag, _) in CODES {
            for kind in MessageKind::ALL.into_iter().filter(|kind| *kind != MessageKind::Code) {
                let text = notice(&Settings::default(), Some(tag), kind);
                assert!(fits(&text, segments(kind)), "{tag}: {}", &*text);
            }
        }
    }

    #[test]
    fn the_subject_of_a_mail_is_in_the_users_language_and_the_apps_own_goes_before_the_built_in_one() {
        let texts = Texts {
            subject: Some("Ihr Haus".into()),
            code_subject: Some("Ihr Haus öffnet sich".into()),
            ..Texts::default()
        };
        let settings = own("de", texts);
        let (notice, code) = (MessageKind::FactorAdded, MessageKind::Code);
        assert_eq!(subject(&settings, Some("de-AT"), notice), "Ihr Haus");
        assert_eq!(subject(&settings, Some("de-AT"), code), "Ihr Haus öffnet sich");
        assert_eq!(subject(&settings, Some("fr"), notice), "Un changement sur votre compte");
        assert_eq!(
            (subject(&settings, None, notice), subject(&settings, None, code)),
            ("A change to your account", "Your code")
        );
        for kind in [notice, code] {
            let all: std::collections::BTreeSet<&str> =
                CODES.iter().map(|(tag, _)| subject(&settings, Some(tag), kind)).collect();
            assert_eq!(all.len(), 9, "nine languages, no two alike");
        }
    }

    #[test]
    fn the_hash_of_an_android_app_stands_on_a_line_of_its_own_before_webotps() {
        let hash = Some("FA+9qCX9VSu".to_owned());
        let alone = Settings { android_hash: hash.clone(), ..Settings::default() };
        assert_eq!(&*with_code(&alone, None, "123456"), "Your 2FA code is 123456\n\nFA+9qCX9VSu");
        let both = Settings { origin: Some("example.com".into()), ..alone };
        let body = with_code(&both, None, "123456");
        assert_eq!(&*body, "Your 2FA code is 123456\n\nFA+9qCX9VSu\n\n@example.com #123456");
        assert!(check(&both).is_ok(), "both fit in every language");
        let long = Settings { origin: Some("sign-in.my-very-long-name.example".into()), ..both };
        let refused = check(&long).unwrap_err();
        assert!(refused.reason.contains("origin and androidHash"), "{refused}");
        assert_eq!(&*of_code(&long, None, "123456"), "Your 2FA code is 123456");
    }

    #[test]
    fn what_a_provider_writes_itself_is_in_the_users_language_as_well() {
        let german = Settings { locale: Some("de".into()), ..Settings::default() };
        assert_eq!((locale(&german, Some("pt-BR")), locale(&german, None)), ("pt-BR", "de"));
        assert_eq!(locale(&Settings::default(), None), "en");
        let mut whatsapp = ChannelSettings::of(Channel::Whatsapp);
        whatsapp.content_sid =
            [("de", "HXde"), ("pt", "HXpt")].map(|(tag, sid)| (tag.to_owned(), sid.to_owned())).into();
        let with_templates = Settings { channels: Channels(vec![whatsapp]), ..german };
        assert_eq!(content_sid(&with_templates, Some("pt-BR")), Some("HXpt"));
        assert_eq!(content_sid(&with_templates, Some("fr")), Some("HXde"));
        assert_eq!(content_sid(&Settings::default(), Some("de")), None);
    }

    /// Android reads 140 bytes at most, where a segment has room for 160 characters.
    #[test]
    fn with_the_hash_of_an_android_app_a_code_takes_140_bytes_at_most() {
        let of = |bytes: usize| {
            let around = with_code(
                &Settings { android_hash: Some("FA+9qCX9VSu".into()), ..own("en", code("{code}")) },
                None,
                "123456",
            );
            let text = format!("{{code}}{}", "a".repeat(bytes - around.len()));
            check(&Settings { android_hash: Some("FA+9qCX9VSu".into()), ..own("en", code(&text)) })
        };
        assert!(of(139).is_ok() && of(140).is_ok());
        for bytes in [141, 150] {
            assert!(of(bytes).unwrap_err().reason.contains("140 bytes"), "{bytes}");
        }
    }

    #[test]
    fn a_text_without_the_code_or_too_long_is_refused_by_its_name() {
        for text in ["no place for it", &"{code} ".repeat(30)] {
            let refused = check(&own("en", code(text))).unwrap_err();
            assert!(refused.reason.starts_with("messages.en.code "), "{refused}");
        }
        let texts = Texts { recovery_codes_renewed: Some("я".repeat(135)), ..Texts::default() };
        let refused = check(&own("bg", texts)).unwrap_err();
        assert!(refused.reason.starts_with("messages.bg.recoveryCodesRenewed "), "{refused}");
        assert!(refused.reason.contains("two SMS segments"), "{refused}");
        let fits = Texts { recovery_codes_renewed: Some("я".repeat(134)), ..Texts::default() };
        assert!(check(&own("bg", fits)).is_ok(), "a notice may take two segments");
        let refused = check(&own("en", code(&format!("{{code}}{}", "a".repeat(155))))).unwrap_err();
        assert!(refused.reason.contains("one SMS segment"), "{refused}");
    }
}
