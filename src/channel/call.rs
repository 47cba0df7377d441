//! A call that speaks a code, by a document of Twilio's own (TwiML), so that no address on the internet is needed.

use super::destination::Destination;
use super::message::{Message, base};
use super::phone::PhoneNumber;
use crate::context::Context;
use crate::crypto::Secret;
use crate::engine::{SendMessage, User};
use crate::policy::text;
use zeroize::Zeroizing;

/// In seconds: how long a phone rings. Voicemail answers later, and would keep the code.
const RINGS: u32 = 20;

/// How often the code is spoken.
const TIMES: u32 = 3;

/// A language's words.
struct Spoken {
    tag: &'static str,
    /// The language as `<Say>` takes it, with a voice where Twilio's own voices do not speak it.
    say: &'static str,
    /// What is said before the code, without it: whoever lifts a receiver has not put it to the ear yet.
    before: &'static str,
    /// What is said with the code.
    with: &'static str,
}

const SPOKEN: [Spoken; 9] = [
    spoken("en", "language=\"en-US\"", "Hello. You asked for a code to sign in.", "Your code is"),
    spoken(
        "bg",
        "voice=\"Google.bg-BG-Standard-A\" language=\"bg-BG\"",
        "Здравейте. Поискахте код за вход.",
        "Вашият код е",
    ),
    spoken("de", "language=\"de-DE\"", "Guten Tag. Sie haben einen Anmeldecode angefordert.", "Ihr Code ist"),
    spoken("es", "language=\"es-ES\"", "Hola. Ha pedido un código de acceso.", "Su código es"),
    spoken("fr", "language=\"fr-FR\"", "Bonjour. Vous avez demandé un code de connexion.", "Votre code est"),
    spoken("it", "language=\"it-IT\"", "Salve. Ha richiesto un codice di accesso.", "Il suo codice è"),
    spoken("ja", "language=\"ja-JP\"", "こんにちは。認証コードをお伝えします。", "認証コードは"),
    spoken("pt", "language=\"pt-PT\"", "Olá. Pediu um código de acesso.", "O seu código é"),
    spoken("zh", "language=\"zh-CN\"", "您好。您请求了验证码。", "您的验证码是"),
];

const fn spoken(tag: &'static str, say: &'static str, before: &'static str, with: &'static str) -> Spoken {
    Spoken { tag, say, before, with }
}

/// The words in the first of these languages that has some.
fn words(mut tags: impl Iterator<Item = impl AsRef<str>>) -> &'static Spoken {
    let known = |tag: &str| SPOKEN.iter().find(|spoken| spoken.tag.eq_ignore_ascii_case(tag));
    tags.find_map(|tag| known(tag.as_ref())).unwrap_or(&SPOKEN[0])
}

/// The call as the host makes it. The caller is a number: of the user's `From`, if that is one, or else the app's.
pub(super) fn message(user: &User, to: &Destination, message: &Message<'_>, cx: &Context) -> SendMessage {
    let spoken = words(text::tags(cx.policy(), user.locale.as_deref()));
    let code = match message {
        Message::Code { code, .. } => code,
        // No notice is ever spoken.
        Message::Notice(_) => "",
    };
    let digits = apart(code);
    let from = user.from.clone().filter(|from| PhoneNumber::parse(from).is_some());
    SendMessage {
        body: Secret::from(&*format!("{} {} {}.", spoken.before, spoken.with, &*digits)),
        twiml: Some(twiml(spoken, &digits)),
        rings: Some(RINGS),
        from,
        ..base(user, to, message, cx)
    }
}

/// The characters of a code one by one, so that no voice makes a number of them.
fn apart(code: &str) -> Zeroizing<String> {
    let mut apart = Zeroizing::new(String::with_capacity(3 * code.len()));
    for (place, c) in code.chars().enumerate() {
        if place > 0 {
            apart.push_str(", ");
        }
        apart.push(c);
    }
    apart
}

/// The document. Nothing in it needs escaping: the words are ours, and a code has letters and digits alone.
fn twiml(spoken: &Spoken, digits: &str) -> Secret {
    let Spoken { say, before, with, .. } = spoken;
    let said = format!(
        "<Response><Pause length=\"1\"/><Say {say}>{before}</Say><Pause length=\"1\"/><Say {say} loop=\"{TIMES}\">{with} {digits}.</Say></Response>"
    );
    said.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_begins_without_the_code_and_speaks_it_three_times_digit_by_digit() {
        let spoken = words(["de-AT", "de", "en"].into_iter());
        let document = twiml(spoken, &apart("012345"));
        assert_eq!(
            &*document,
            "<Response><Pause length=\"1\"/><Say language=\"de-DE\">Guten Tag. Sie haben einen Anmeldecode angefordert.</Say><Pause length=\"1\"/><Say language=\"de-DE\" loop=\"3\">Ihr Code ist 0, 1, 2, 3, 4, 5.</Say></Response>"
        );
    }

    #[test]
    fn every_language_fits_the_document_that_twilio_takes_with_the_longest_code() {
        for spoken in &SPOKEN {
            let document = twiml(spoken, &apart(&"0".repeat(25)));
            assert!(document.len() < 4000, "{}", spoken.tag);
            assert!(!spoken.before.contains(['<', '&']) && !spoken.with.contains(['<', '&']));
        }
        assert_eq!(words(["xx"].into_iter()).tag, "en");
    }
}
