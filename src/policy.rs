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

/// What a limit rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Clause {
    /// What it says, in a word or two.
    pub says: &'static str,
    /// Where it stands.
    pub cited: &'static str,
    /// What `allow` takes to break it; `None` where any value will do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub allow: Option<&'static str>,
}

const fn bound(allow: &'static str, says: &'static str, cited: &'static str) -> Option<Clause> {
    Some(Clause { says, cited, allow: Some(allow) })
}

const CODE_ENTROPY: Option<Clause> =
    bound("code-entropy", "at least a million codes", "NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0 §6.5.4");
const CODE_LIFETIME: Option<Clause> =
    bound("code-lifetime", "at most 600 s", "NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0 §6.5.5");
const FAILURES: Option<Clause> = bound("failures", "at most 100", "NIST SP 800-63B-4 §3.2.2");
const TOTP_WINDOW: Option<Clause> = bound("totp-window", "at most one", "RFC 6238 §5.2");
const THROTTLED: Option<Clause> = Some(Clause { says: "throttled", cited: "ASVS 5.0 §6.6.3", allow: None });

/// A limit as an operator reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Limit {
    /// The option in `limits`.
    pub name: &'static str,
    pub value: Value,
    pub default: Value,
    pub unit: &'static str,
    pub what: &'static str,
    /// What it rests on; a limit without one is this project's own choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub clause: Option<Clause>,
}

/// The value of a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(untagged)]
pub enum Value {
    Number(u32),
    Text(String),
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Number(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

/// Defines [`Limits`]: each limit once, with its documentation, name, default, unit and clause.
macro_rules! limits {
    ($( $(#[doc = $what:literal])+ $field:ident $name:literal: $kind:ty = $default:expr, $unit:literal, $clause:expr; )+) => {
        /// All limits. Durations are whole seconds.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
        #[serde(rename_all = "camelCase", default)]
        pub struct Limits {
            $( $(#[doc = $what])+ #[tsify(optional)] pub $field: $kind, )+
        }

        impl Default for Limits {
            fn default() -> Limits {
                Limits { $( $field: $default, )+ }
            }
        }

        impl Limits {
            /// Every limit, with its default and its clause.
            pub fn table(&self) -> Vec<Limit> {
                let default = Limits::default();
                vec![ $( Limit {
                    name: $name,
                    value: self.$field.clone().into(),
                    default: default.$field.into(),
                    unit: $unit,
                    what: concat!($($what),+).trim(),
                    clause: $clause,
                }, )+ ]
            }
        }
    };
}

limits! {
    /// Characters that a code is drawn from: ASCII letters and digits, no two alike.
    alphabet "alphabet": String = "0123456789".into(), "", CODE_ENTROPY;
    /// Characters in a code.
    code_length "codeLength": u32 = 6, "", CODE_ENTROPY;
    /// How long a sent code, and a challenge after it, is good.
    code_lifetime "codeLifetime": u32 = 300, "s", CODE_LIFETIME;
    /// Codes looked at for one challenge.
    attempts "attempts": u32 = 5, "", THROTTLED;
    /// From one code of a challenge to the next.
    resend_after "resendAfter": u32 = 30, "s", None;
    /// Codes sent, or challenges begun and not redeemed, for one user.
    codes_per_user "codesPerUser": u32 = 5, "in userWindow", THROTTLED;
    /// The stretch of time in which a user's codes and an address's calls are counted.
    user_window "userWindow": u32 = 900, "s", None;
    /// Failures in a row after which the second factor is disabled until an operator resets it.
    failures "failures": u32 = 100, "", FAILURES;
    /// Messages to one number, whoever asked.
    messages_per_number "messagesPerNumber": u32 = 60, "an hour", None;
    /// Messages into one block of ten thousand numbers.
    messages_per_block "messagesPerBlock": u32 = 300, "an hour", None;
    /// Messages of the whole app.
    messages_per_app "messagesPerApp": u32 = 1000, "an hour", None;
    /// Calls of one address that bring a password or a challenge; counted only with `trustAddresses`.
    calls_per_address "callsPerAddress": u32 = 100, "in userWindow", None;
    /// Of an hour's codes, how many have to come back; below it, from fifty on, there is an alarm event. 0 turns it off.
    redeemed_percent "redeemedPercent": u32 = 30, "%", None;
    /// How long a step-up is good.
    step_up_lifetime "stepUpLifetime": u32 = 300, "s", None;
    /// Steps of 30 s that a code of an authenticator app may be early or late.
    totp_window "totpWindow": u32 = 1, "", TOTP_WINDOW;
    /// Recovery codes made at a time, of 130 bits each.
    recovery_codes "recoveryCodes": u32 = 10, "", None;
}

/// What the operator sets.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
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
        let clause = |clause: Option<Clause>, broken: bool, reason: String| {
            let Some(Clause { cited, allow: Some(name), .. }) = clause else { return Ok(()) };
            if broken && !settings.allow.iter().any(|a| a == name) {
                return Err(InvalidSetting { name: Some(name), reason: format!("{reason} ({cited}).") });
            }
            Ok(())
        };

        let known = |name: &String| limits.table().iter().any(|l| l.clause.is_some_and(|c| c.allow == Some(name)));
        if let Some(unknown) = settings.allow.iter().find(|name| !known(name)) {
            return senseless(format!("There is no clause '{unknown}' to allow."));
        }

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
        // Each step is a hash in every check.
        if limits.totp_window > 10 {
            return senseless("limits.totpWindow goes up to 10.".into());
        }
        if limits.redeemed_percent > 100 {
            return senseless("limits.redeemedPercent goes up to 100.".into());
        }
        if limits.user_window < limits.code_lifetime {
            return senseless("limits.userWindow must be at least as long as limits.codeLifetime.".into());
        }
        if limits.user_window < limits.step_up_lifetime {
            return senseless("limits.userWindow must be at least as long as limits.stepUpLifetime.".into());
        }
        for country in &settings.countries {
            let digits = country.strip_prefix('+').unwrap_or_default();
            if digits.is_empty()
                || digits.len() > 7
                || digits.starts_with('0')
                || !digits.bytes().all(|b| b.is_ascii_digit())
            {
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
            CODE_ENTROPY,
            codes < 1_000_000,
            format!("Codes of {} characters out of {} are fewer than a million", limits.code_length, symbols.len()),
        )?;
        clause(
            CODE_LIFETIME,
            limits.code_lifetime > 600,
            format!("A code may live ten minutes, not {} seconds", limits.code_lifetime),
        )?;
        clause(FAILURES, limits.failures > 100, format!("At most 100 failures in a row, not {}", limits.failures))?;
        clause(TOTP_WINDOW, limits.totp_window > 1, format!("At most one step of delay, not {}", limits.totp_window))?;
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
    fn the_table_names_each_limit_as_the_options_do_with_its_value_and_default() {
        let limits = Limits { code_lifetime: 60, ..Limits::default() };
        let options = serde_json::to_value(&limits).unwrap();
        let table = serde_json::to_value(limits.table()).unwrap();
        assert_eq!(table.as_array().unwrap().len(), options.as_object().unwrap().len());
        for row in table.as_array().unwrap() {
            assert_eq!(row["value"], options[row["name"].as_str().unwrap()], "{row}");
            assert!(row["name"] == "codeLifetime" || row["value"] == row["default"], "{row}");
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
        let cases: [Change; 13] = [
            |s| s.limits.totp_window = 11,
            |s| s.limits.alphabet = "0".into(),
            |s| s.limits.alphabet = "00123456789".into(),
            |s| s.limits.alphabet = "01234 6789".into(),
            |s| s.limits.attempts = 0,
            |s| s.countries = vec!["US".into()],
            |s| s.countries = vec!["+0".into()],
            |s| s.allow = vec!["nonsense".into()],
            |s| s.messages = [("de.factor-aded".to_owned(), "x".to_owned())].into(),
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
