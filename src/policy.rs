//! The numbers that every ceremony goes by, each with its clause, and the refusal of settings that break one.

use core::fmt;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// Who needs a second factor: for all users as a setting, or for one as the app's answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Require {
    /// Users who have one; the others sign in by password.
    #[default]
    Enrolled,
    /// Everyone; a user without one is refused (4016).
    Everyone,
    /// Nobody is asked yet, and Parse's own sign-in stays open: the first stage of a roll-out.
    Nobody,
}

/// All limits. Durations are whole seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Limits {
    /// Characters a code is drawn from, ASCII, no two alike. Digits.
    #[tsify(optional)]
    pub alphabet: String,
    /// Characters in a code. Six (NIST SP 800-63B-4 §3.1.3.2).
    #[tsify(optional)]
    pub code_length: u32,
    /// How long a sent code, and a challenge after it, is good. Five minutes (at most ten: NIST SP 800-63B-4 §3.1.3.2).
    #[tsify(optional)]
    pub code_lifetime: u32,
    /// Codes looked at for one challenge. Five.
    #[tsify(optional)]
    pub attempts: u32,
    /// From one code of a challenge to the next. Thirty seconds.
    #[tsify(optional)]
    pub resend_after: u32,
    /// Codes sent, or challenges begun and not redeemed, for one user in `userWindow`. Five.
    #[tsify(optional)]
    pub codes_per_user: u32,
    /// Fifteen minutes.
    #[tsify(optional)]
    pub user_window: u32,
    /// Failures in a row after which the second factor is disabled. A hundred (at most that: NIST SP 800-63B-4 §3.2.2).
    #[tsify(optional)]
    pub failures: u32,
    /// Messages to one number in an hour, whoever asked. Sixty.
    #[tsify(optional)]
    pub messages_per_number: u32,
    /// Messages into one block of ten thousand numbers in an hour. Three hundred.
    #[tsify(optional)]
    pub messages_per_block: u32,
    /// Messages of the whole app in an hour. A thousand.
    #[tsify(optional)]
    pub messages_per_app: u32,
    /// Calls of one address in `userWindow`; counted only with `trustAddresses`. A hundred.
    #[tsify(optional)]
    pub calls_per_address: u32,
    /// Of the codes sent in an hour, the percentage that has to come back; below it, from fifty codes on, there is an alarm event. Thirty;
    /// 0 turns it off.
    #[tsify(optional)]
    pub redeemed_percent: u32,
    /// How long a step-up is good. Five minutes.
    #[tsify(optional)]
    pub step_up_lifetime: u32,
    /// Steps of 30 s that a TOTP code may be early or late. One (at most that: RFC 6238 §5.2).
    #[tsify(optional)]
    pub totp_window: u32,
    /// Recovery codes made at a time. Ten.
    #[tsify(optional)]
    pub recovery_codes: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            alphabet: "0123456789".into(),
            code_length: 6,
            code_lifetime: 300,
            attempts: 5,
            resend_after: 30,
            codes_per_user: 5,
            user_window: 900,
            failures: 100,
            messages_per_number: 60,
            messages_per_block: 300,
            messages_per_app: 1000,
            calls_per_address: 100,
            redeemed_percent: 30,
            step_up_lifetime: 300,
            totp_window: 1,
            recovery_codes: 10,
        }
    }
}

/// What the operator sets.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// `enrolled` (default), `everyone` or `nobody`; what the app says of a user goes before it.
    #[tsify(optional)]
    pub require: Require,
    /// The host of the page that asks for the code, for WebOTP's last line: `example.com`.
    #[tsify(optional)]
    pub origin: Option<String>,
    /// The app's name, shown by authenticator apps; without a colon.
    #[tsify(optional)]
    pub issuer: Option<String>,
    /// Country codes that messages may go to, `+1`, `+359`; all when empty.
    #[tsify(optional)]
    pub countries: Vec<String>,
    /// Whether `request.ip` is the client's own address. Only then are calls counted by address.
    #[tsify(optional)]
    pub trust_addresses: bool,
    /// Language of the message for users without a `locale`: `en` unless set.
    #[tsify(optional)]
    pub locale: Option<String>,
    /// The message by language, with `{code}` in it, over the built-in ones: `{ en: 'Your code: {code}' }`.
    #[tsify(optional, type = "Record<string, string>")]
    pub messages: std::collections::BTreeMap<String, String>,
    /// Numbers and durations; each has a default.
    #[tsify(optional)]
    pub limits: Limits,
    /// Names of broken clauses to accept all the same: `['code-lifetime']`.
    #[tsify(optional)]
    pub allow: Vec<String>,
}

/// A setting that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSetting {
    /// What `allow` takes to accept it all the same; `None` where it makes no sense at all.
    pub name: Option<&'static str>,
    /// The sentence for the operator, naming the clause.
    pub reason: String,
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        if let Some(name) = self.name {
            write!(f, " To accept the risk, set allow: ['{name}'].")?;
        }
        Ok(())
    }
}

impl core::error::Error for InvalidSetting {}

/// Settings that hold together.
#[derive(Clone, Debug)]
pub struct Policy(Settings);

impl core::ops::Deref for Policy {
    type Target = Settings;
    fn deref(&self) -> &Settings {
        &self.0
    }
}

impl Policy {
    /// Checks settings against the clauses and against sense.
    ///
    /// # Errors
    /// [`InvalidSetting`] for the first one that does not hold.
    pub fn new(settings: Settings) -> Result<Policy, InvalidSetting> {
        let limits = &settings.limits;
        let senseless = |reason: String| Err(InvalidSetting { name: None, reason });
        let clause = |name: &'static str, broken: bool, reason: String| {
            if broken && !settings.allow.iter().any(|a| a == name) {
                return Err(InvalidSetting { name: Some(name), reason });
            }
            Ok(())
        };

        let symbols = limits.alphabet.as_bytes();
        let all_differ = (1..symbols.len()).all(|i| !symbols[..i].contains(&symbols[i]));
        if !limits.alphabet.is_ascii()
            || symbols.len() < 2
            || !all_differ
            || symbols.iter().any(|b| !b.is_ascii_alphanumeric())
        {
            return senseless("limits.alphabet takes two or more different ASCII letters and digits.".into());
        }
        if !(1..=32).contains(&limits.code_length) {
            return senseless("limits.codeLength goes from 1 to 32.".into());
        }
        for (name, value) in [
            ("codeLifetime", limits.code_lifetime),
            ("attempts", limits.attempts),
            ("codesPerUser", limits.codes_per_user),
            ("userWindow", limits.user_window),
            ("failures", limits.failures),
            ("messagesPerNumber", limits.messages_per_number),
            ("messagesPerBlock", limits.messages_per_block),
            ("messagesPerApp", limits.messages_per_app),
            ("callsPerAddress", limits.calls_per_address),
            ("stepUpLifetime", limits.step_up_lifetime),
            ("recoveryCodes", limits.recovery_codes),
        ] {
            if value == 0 {
                return senseless(format!("limits.{name} must be at least 1."));
            }
        }
        if limits.recovery_codes > 50 {
            return senseless("limits.recoveryCodes goes up to 50.".into());
        }
        if limits.user_window < limits.code_lifetime {
            return senseless("limits.userWindow must be at least as long as limits.codeLifetime.".into());
        }
        if limits.user_window < limits.step_up_lifetime {
            return senseless("limits.userWindow must be at least as long as limits.stepUpLifetime.".into());
        }
        for country in &settings.countries {
            let digits = country.strip_prefix('+').unwrap_or_default();
            if digits.is_empty() || digits.len() > 7 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return senseless(format!("countries takes calling codes such as '+1', not '{country}'."));
            }
        }
        if let Some(issuer) = &settings.issuer
            && (issuer.trim().is_empty() || issuer.contains(':'))
        {
            // Key URI format: a colon ends the issuer in the label, so apps would show a part of it as the user.
            return senseless(format!("issuer takes a name without a colon, not '{issuer}'."));
        }
        if let Some(origin) = &settings.origin
            && (origin.is_empty() || !origin.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')))
        {
            return senseless(format!("origin takes a host name such as 'example.com', not '{origin}'."));
        }
        crate::message::check(&settings)?;

        let codes = (symbols.len() as u64).saturating_pow(limits.code_length);
        clause(
            "code-entropy",
            codes < 1_000_000,
            format!(
                "Codes of {} characters out of {} are fewer than a million (NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0 §6.5.4).",
                limits.code_length,
                symbols.len()
            ),
        )?;
        clause(
            "code-lifetime",
            limits.code_lifetime > 600,
            format!(
                "A code may live ten minutes, not {} seconds (NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0 §6.5.5).",
                limits.code_lifetime
            ),
        )?;
        clause(
            "failures",
            limits.failures > 100,
            format!("At most 100 failures in a row, not {} (NIST SP 800-63B-4 §3.2.2).", limits.failures),
        )?;
        clause(
            "totp-window",
            limits.totp_window > 1,
            format!("At most one step of delay, not {} (RFC 6238 §5.2).", limits.totp_window),
        )?;
        Ok(Policy(settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Settings)) -> Result<Policy, InvalidSetting> {
        let mut settings = Settings::default();
        change(&mut settings);
        Policy::new(settings)
    }

    #[test]
    fn the_defaults_hold() {
        assert!(Policy::new(Settings::default()).is_ok());
    }

    #[test]
    fn a_broken_clause_is_refused_by_name_and_can_be_allowed_by_that_name() {
        type Change = fn(&mut Settings);
        let cases: [(&str, &str, Change); 4] = [
            ("code-entropy", "§3.1.3.2", |s| s.limits.code_length = 5),
            ("code-lifetime", "§3.1.3.2", |s| s.limits.code_lifetime = 601),
            ("failures", "§3.2.2", |s| s.limits.failures = 101),
            ("totp-window", "RFC 6238 §5.2", |s| s.limits.totp_window = 2),
        ];
        for (name, cited, change) in cases {
            let refused = with(change).unwrap_err();
            assert_eq!(refused.name, Some(name));
            assert!(refused.to_string().contains(cited), "{refused}");
            assert!(
                with(|s| {
                    change(s);
                    s.allow = vec![name.into()];
                })
                .is_ok()
            );
        }
    }

    #[test]
    fn a_longer_alphabet_makes_up_for_a_shorter_code() {
        assert!(
            with(|s| {
                s.limits.alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789".into();
                s.limits.code_length = 5;
            })
            .is_ok()
        );
    }

    #[test]
    fn senseless_settings_are_refused_and_cannot_be_allowed() {
        type Change = fn(&mut Settings);
        let cases: [Change; 9] = [
            |s| s.limits.alphabet = "0".into(),
            |s| s.limits.alphabet = "00123456789".into(),
            |s| s.limits.alphabet = "01234 6789".into(),
            |s| s.limits.attempts = 0,
            |s| s.countries = vec!["US".into()],
            |s| s.origin = Some("https://example.com".into()),
            |s| s.issuer = Some("The House: Kitchen".into()),
            |s| s.issuer = Some(" ".into()),
            |s| s.limits.user_window = 60,
        ];
        for change in cases {
            assert_eq!(with(change).unwrap_err().name, None);
        }
    }
}
