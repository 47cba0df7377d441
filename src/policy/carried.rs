//! What Twilio Verify carries: the refusal of settings that it does not.

use super::channels::Channel;
use super::settings::{InvalidSetting, Settings};
use super::verify::VerifySettings;
use core::ops::RangeInclusive;

/// How long a code of ours may be (Twilio's API: `CustomCode`).
const CODE_LENGTH: RangeInclusive<u32> = 4..=10;

/// Checks that the service is one, and that no setting asks for what Verify does not carry.
///
/// # Errors
/// [`InvalidSetting`] for the first one that does.
pub(super) fn check(settings: &Settings) -> Result<(), InvalidSetting> {
    let Some(VerifySettings { service_sid }) = &settings.verify else { return Ok(()) };
    let (limits, least, most) = (&settings.limits, CODE_LENGTH.start(), CODE_LENGTH.end());
    let own_text = settings.messages.iter().find(|(_, texts)| texts.code.is_some());
    let own_text = own_text.filter(|_| !settings.channels.has(Channel::Email));
    let reason = if !is_service_sid(service_sid) {
        format!(
            "verify.serviceSid takes VA and 32 hexadecimal digits, as Twilio's console shows them, not '{service_sid}'."
        )
    } else if !CODE_LENGTH.contains(&limits.code_length) {
        format!("With verify, limits.codeLength goes from {least} to {most}: Twilio Verify takes no other code.")
    } else if !limits.alphabet.bytes().all(|symbol| symbol.is_ascii_digit()) {
        "With verify, limits.alphabet takes digits alone: Twilio documents no other codes for its messages and calls."
            .into()
    } else if let Some((tag, _)) = own_text {
        format!(
            "messages.{tag}.code cannot be sent with verify: Twilio Verify has texts of its own. Leave it out, and choose a template in Twilio's console."
        )
    } else if settings.status_callback.is_some() {
        "statusCallback cannot be used with verify: Twilio Verify does not tell what becomes of its messages, and its calls wait for no key. Leave it out."
            .into()
    } else {
        return Ok(());
    };
    Err(InvalidSetting::senseless(reason))
}

fn is_service_sid(sid: &str) -> bool {
    sid.strip_prefix("VA").is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::super::channels::ChannelSettings;
    use super::super::messages::Texts;
    use super::*;

    fn refused(change: impl FnOnce(&mut Settings)) -> Option<String> {
        let verify = VerifySettings { service_sid: format!("VA{}", "0a".repeat(16)) };
        let mut settings = Settings { verify: Some(verify), ..Settings::default() };
        change(&mut settings);
        check(&settings).err().map(|refused| refused.reason)
    }

    #[test]
    fn a_service_is_va_and_thirty_two_hexadecimal_digits() {
        let of = |sid: &str| refused(|s| s.verify = Some(VerifySettings { service_sid: sid.into() }));
        assert_eq!(refused(|_| {}), None);
        assert_eq!(refused(|s| s.verify = None), None);
        assert_eq!(of(&format!("VA{}", "F".repeat(32))), None);
        for bad in ["", "VA", "VA123", &format!("MG{}", "0".repeat(32)), &format!("VA{}", "g".repeat(32))] {
            assert!(
                of(bad).is_some_and(|reason| reason.contains("verify.serviceSid") && reason.contains(bad)),
                "{bad}"
            );
        }
    }

    #[test]
    fn what_verify_does_not_carry_stops_the_start_with_its_name() {
        for length in [4, 10] {
            assert_eq!(refused(|s| s.limits.code_length = length), None);
        }
        for length in [3, 11] {
            let reason = refused(|s| s.limits.code_length = length).expect("it is refused");
            assert!(reason.contains("limits.codeLength goes from 4 to 10"), "{reason}");
        }
        let reason = refused(|s| s.limits.alphabet = "0123456789ABCDEF".into()).expect("it is refused");
        assert!(reason.contains("limits.alphabet"), "{reason}");
        let text = |texts: Texts| refused(|s| s.messages = [("de".to_owned(), texts)].into());
        let reason = text(Texts { code: Some("Ihr Code: {code}".into()), ..Texts::default() }).expect("it is refused");
        assert!(reason.contains("messages.de.code"), "{reason}");
        let by_mail = refused(|s| {
            s.channels.0.push(ChannelSettings::of(Channel::Email));
            s.messages =
                [("de".to_owned(), Texts { code: Some("Ihr Code: {code}".into()), ..Texts::default() })].into();
        });
        assert_eq!(by_mail, None, "the text goes by mail");
        let reason = refused(|s| s.status_callback = Some("https://example.com/x".into())).expect("it is refused");
        assert!(reason.contains("statusCallback"), "{reason}");
        assert_eq!(
            text(Texts { factor_added: Some("Neu".into()), ..Texts::default() }),
            None,
            "notices may go by mail"
        );
    }
}
