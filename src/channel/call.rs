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
    /// What asks for a key, where the code waits for one.
    press: &'static str,
    /// What is said with the code.
    with: &'static str,
}

const SPOKEN: [Spoken; 9] = [
    Spoken {
        tag: "en",
        say: "language=\"en-US\"",
        before: "Hello. You asked for a code to sign in.",
        press: "Press any key to hear it.",
        with: "Your code is",
    },
    Spoken {
        tag: "bg",
        say: "voice=\"Google.bg-BG-Standard-A\" language=\"bg-BG\"",
        before: "Здравейте. Поискахте код за вход.",
        press: "Натиснете който и да е бутон, за да го чуете.",
        with: "Вашият код е",
    },
    Spoken {
        tag: "de",
        say: "language=\"de-DE\"",
        before: "Guten Tag. Sie haben einen Anmeldecode angefordert.",
        press: "Drücken Sie eine beliebige Taste, um ihn zu hören.",
        with: "Ihr Code ist",
    },
    Spoken {
        tag: "es",
        say: "language=\"es-ES\"",
        before: "Hola. Ha pedido un código de acceso.",
        press: "Pulse cualquier tecla para oírlo.",
        with: "Su código es",
    },
    Spoken {
        tag: "fr",
        say: "language=\"fr-FR\"",
        before: "Bonjour. Vous avez demandé un code de connexion.",
        press: "Appuyez sur une touche pour l’entendre.",
        with: "Votre code est",
    },
    Spoken {
        tag: "it",
        say: "language=\"it-IT\"",
        before: "Salve. Ha richiesto un codice di accesso.",
        press: "Prema un tasto qualsiasi per ascoltarlo.",
        with: "Il suo codice è",
    },
    Spoken {
        tag: "ja",
        say: "language=\"ja-JP\"",
        before: "こんにちは。認証コードをお伝えします。",
        press: "お聞きになるには、いずれかのキーを押してください。",
        with: "認証コードは",
    },
    Spoken {
        tag: "pt",
        say: "language=\"pt-PT\"",
        before: "Olá. Pediu um código de acesso.",
        press: "Prima qualquer tecla para o ouvir.",
        with: "O seu código é",
    },
    Spoken {
        tag: "zh",
        say: "language=\"zh-CN\"",
        before: "您好。您请求了验证码。",
        press: "请按任意键收听。",
        with: "您的验证码是",
    },
];

/// The words in the first of these languages that has some.
fn words(mut tags: impl Iterator<Item = impl AsRef<str>>) -> &'static Spoken {
    let known = |tag: &str| SPOKEN.iter().find(|spoken| spoken.tag.eq_ignore_ascii_case(tag));
    tags.find_map(|tag| known(tag.as_ref())).unwrap_or(&SPOKEN[0])
}

/// The call as the host makes it. The caller is a number: of the user's `From`, if that is one, or else the app's.
pub(super) fn message(user: &User, to: &Destination, message: &Message<'_>, cx: &Context) -> SendMessage {
    let spoken = words(text::tags(cx.policy(), user.locale.as_deref()));
    let (code, report_to) = match message {
        Message::Code { code, report_to, .. } => (*code, *report_to),
        // No notice is ever spoken.
        Message::Notice(_) => ("", None),
    };
    let digits = apart(code);
    let document = match report_to {
        Some(address) => asking(spoken, &action(address, spoken, code, cx)),
        None => twiml(spoken, &digits),
    };
    let from = user.from.clone().filter(|from| PhoneNumber::parse(from).is_some());
    SendMessage {
        body: Secret::from(&*format!("{} {} {}.", spoken.before, spoken.with, &*digits)),
        twiml: Some(document),
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

/// The address that is called when somebody presses a key. The code stands in it sealed, and is good with this address alone: we keep no
/// code that could be spoken, and no log shows one.
fn action(address: &str, spoken: &Spoken, code: &str, cx: &Context) -> String {
    let said = Zeroizing::new(format!("{} {code}", spoken.tag));
    let sealed = cx.host.random(|rng| cx.keys().seal(said.as_bytes(), address, rng));
    format!("{address}&code={}.{sealed}", cx.keys().writing())
}

/// What somebody hears who has pressed a key: the code that is sealed in the address. `None` if it was not sealed for this address.
pub(crate) fn after_key(sealed: &str, address: &str, cx: &Context) -> Option<Secret> {
    let (kid, sealed) = sealed.split_once('.')?;
    let said = cx.keys().open(&kid.into(), sealed, address).ok()?;
    let (tag, code) = core::str::from_utf8(&said).ok()?.split_once(' ')?;
    let Spoken { say, with, .. } = words([tag].into_iter());
    let digits = apart(code);
    Some(format!("<Response><Say {say} loop=\"{TIMES}\">{with} {}.</Say></Response>", &*digits).into())
}

/// What a call says to which nobody answers any more.
pub(crate) fn hanging_up() -> Secret {
    "<Response><Hangup/></Response>".into()
}

/// The document of a call that waits for a key, so that voicemail hears no code.
fn asking(spoken: &Spoken, action: &str) -> Secret {
    let Spoken { say, before, press, .. } = spoken;
    let action = action.replace('&', "&amp;");
    let said = format!(
        "<Response><Pause length=\"1\"/><Gather action=\"{action}\" method=\"POST\" numDigits=\"1\" finishOnKey=\"\" timeout=\"5\"><Say {say} loop=\"2\">{before} {press}</Say></Gather></Response>"
    );
    said.into()
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
            let asking = asking(spoken, &("&".repeat(512) + &"k".repeat(256)));
            assert!(asking.len() < 4000, "{}", spoken.tag);
            for words in [spoken.before, spoken.press, spoken.with] {
                assert!(!words.is_empty() && !words.contains(['<', '&']));
            }
        }
        assert_eq!(words(["xx"].into_iter()).tag, "en");
    }

    #[test]
    fn a_call_that_waits_for_a_key_says_no_code_before() {
        let document = asking(words(["en"].into_iter()), "https://a.example/x?message=t&code=k.s");
        assert_eq!(
            &*document,
            "<Response><Pause length=\"1\"/><Gather action=\"https://a.example/x?message=t&amp;code=k.s\" method=\"POST\" numDigits=\"1\" finishOnKey=\"\" timeout=\"5\"><Say language=\"en-US\" loop=\"2\">Hello. You asked for a code to sign in. Press any key to hear it.</Say></Gather></Response>"
        );
    }
}
