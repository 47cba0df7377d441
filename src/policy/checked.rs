//! Settings that hold together: the refusal of those that break a clause or make no sense.

use super::carried;
use super::channels::Channel;
use super::clause::ClauseName;
use super::devices::TrustedDevices;
use super::limits::Limits;
use super::settings::{InvalidSetting, Settings};
use super::site::{Site, is_host_name};
use super::text;
use crate::crypto::KeyRing;

/// Settings that hold together.
#[derive(Clone, Debug)]
pub struct Policy {
    settings: Settings,
    site: Option<Site>,
}

impl core::ops::Deref for Policy {
    type Target = Settings;
    fn deref(&self) -> &Settings {
        &self.settings
    }
}

impl Policy {
    /// Checks settings against the clauses and against sense.
    ///
    /// # Errors
    /// [`InvalidSetting`] for the first one that does not hold.
    pub fn new(settings: Settings) -> Result<Policy, InvalidSetting> {
        check_limits(&settings.limits)?;
        check_options(&settings)?;
        carried::check(&settings)?;
        settings.channels.check(settings.verify.is_some()).map_err(InvalidSetting::senseless)?;
        text::check(&settings)?;
        check_clauses(&settings)?;
        check_windows(&settings.limits)?;
        let site = Site::of(&settings)?;
        Ok(Policy { settings, site })
    }

    /// Checks that the keys are good for what is on.
    ///
    /// # Errors
    /// [`InvalidSetting`] for trusted browsers without a key ring of the operator's own.
    pub fn check_keys(&self, keys: &KeyRing) -> Result<(), InvalidSetting> {
        match self.trusted_devices.is_none() || keys.is_durable() {
            true => Ok(()),
            false => Err(InvalidSetting::senseless(
                "trustedDevices needs a key ring: set TWO_FACTOR_KEYS (npx parse-two-factor keys new).".into(),
            )),
        }
    }

    /// The site that passkeys are bound to. `None` where they are off.
    pub fn site(&self) -> Option<&Site> {
        self.site.as_ref()
    }
}

fn check_limits(limits: &Limits) -> Result<(), InvalidSetting> {
    let symbols = limits.alphabet.as_bytes();
    let all_differ = (1..symbols.len()).all(|i| !symbols[..i].contains(&symbols[i]));
    let is_usable = symbols.len() >= 2 && all_differ && symbols.iter().all(u8::is_ascii_alphanumeric);
    let reason = if !is_usable {
        "limits.alphabet takes two or more different ASCII letters and digits.".to_owned()
    } else if let Some((name, range)) = limits.out_of_range() {
        match (*range.start(), *range.end()) {
            (least, u32::MAX) => format!("limits.{name} must be at least {least}."),
            (least, most) => format!("limits.{name} goes from {least} to {most}."),
        }
    } else {
        return Ok(());
    };
    Err(InvalidSetting::senseless(reason))
}

/// After the clauses: whoever sets too long a lifetime has to hear of the clause first.
fn check_windows(limits: &Limits) -> Result<(), InvalidSetting> {
    let covers = [("codeLifetime", limits.code_lifetime), ("stepUpLifetime", limits.step_up_lifetime)];
    match covers.iter().find(|(_, lifetime)| limits.user_window < *lifetime) {
        None => Ok(()),
        Some((name, _)) => {
            let reason = format!("limits.userWindow must be at least as long as limits.{name}.");
            Err(InvalidSetting::senseless(reason))
        }
    }
}

fn check_options(settings: &Settings) -> Result<(), InvalidSetting> {
    let is_entry = |entry: &String| is_calling_code(entry.strip_prefix('-').unwrap_or(entry));
    if let Some(country) = settings.countries.iter().find(|entry| !is_entry(entry)) {
        let reason =
            format!("countries takes calling codes such as '+1', or '-+1876' to leave one out, not '{country}'.");
        return Err(InvalidSetting::senseless(reason));
    }
    if let Some(country) = settings.default_country.as_deref().filter(|country| !is_calling_code(country)) {
        let reason = format!("defaultCountry takes a calling code such as '+359', not '{country}'.");
        return Err(InvalidSetting::senseless(reason));
    }
    let is_hash =
        |hash: &str| hash.len() == 11 && hash.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/".contains(&b));
    if let Some(hash) = settings.android_hash.as_deref().filter(|hash| !is_hash(hash)) {
        let reason =
            format!("androidHash takes the eleven characters that Google's AppSignatureHelper shows, not '{hash}'.");
        return Err(InvalidSetting::senseless(reason));
    }
    if let Some(address) = settings.status_callback.as_deref().filter(|address| !is_public_address(address)) {
        let reason = format!(
            "statusCallback takes the address under which Twilio reaches your handler, such as 'https://example.com/parse-two-factor/callback', not '{address}'."
        );
        return Err(InvalidSetting::senseless(reason));
    }
    // Key URI format: a colon ends the issuer in the label, so apps would show a part of it as the user.
    if let Some(issuer) =
        settings.issuer.as_deref().filter(|name| name.trim().is_empty() || name.bytes().any(|byte| byte == b':'))
    {
        let reason = format!("issuer takes a name without a colon, not '{issuer}'.");
        return Err(InvalidSetting::senseless(reason));
    }
    if let Some(origin) = settings.origin.as_deref().filter(|origin| !is_host_name(&origin.to_ascii_lowercase())) {
        let reason = format!("origin takes a host name such as 'example.com', not '{origin}'.");
        return Err(InvalidSetting::senseless(reason));
    }
    if settings.trusted_devices.as_ref().is_some_and(|trusted| !TrustedDevices::DAYS.contains(&trusted.days)) {
        return Err(InvalidSetting::senseless("trustedDevices.days goes from 1 to 30.".into()));
    }
    Ok(())
}

/// Whether this can be called over https, or on this machine. It becomes a part of a document of XML, so it has none of its characters but
/// `&`.
fn is_public_address(text: &str) -> bool {
    let (secure, plain) = (text.strip_prefix("https://"), text.strip_prefix("http://"));
    let authority = secure.or(plain).unwrap_or_default().split(['/', '?']).next().unwrap_or_default();
    let local = ["localhost", "127.0.0.1", "[::1]"];
    let mut after_local = local.iter().filter_map(|host| authority.strip_prefix(host));
    text.len() <= 512
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>#\\".contains(&byte))
        && authority.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
        && authority.bytes().all(|byte| byte != b'@')
        && (secure.is_some() || after_local.any(|port| port.is_empty() || port.starts_with(':')))
}

fn is_calling_code(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (1..=7).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
}

fn check_clauses(settings: &Settings) -> Result<(), InvalidSetting> {
    let limits = &settings.limits;
    let codes = (limits.alphabet.len() as u64).saturating_pow(limits.code_length);
    let broken = [
        (ClauseName::CodeEntropy, codes < 1_000_000, "A million codes or more are needed, not", codes),
        (
            ClauseName::CodeLifetime,
            limits.code_lifetime > 600,
            "A code may live 600 seconds, not",
            limits.code_lifetime.into(),
        ),
        (ClauseName::Failures, limits.failures > 100, "At most 100 failures in a row, not", limits.failures.into()),
        (ClauseName::TotpWindow, limits.totp_window > 1, "At most one step of delay, not", limits.totp_window.into()),
    ];
    let is_allowed = |name| settings.allow.contains(&name);
    if settings.trusted_devices.is_some() && !is_allowed(ClauseName::TrustedDevice) {
        let name = ClauseName::TrustedDevice;
        let reason = format!("A trusted browser does not replace authentication ({}).", name.cited());
        return Err(InvalidSetting { clause: Some(name), reason });
    }
    if settings.channels.has(Channel::Email) && !is_allowed(ClauseName::Email) {
        let name = ClauseName::Email;
        let reason = format!("Codes by e-mail prove no second factor ({}).", name.cited());
        return Err(InvalidSetting { clause: Some(name), reason });
    }
    match broken.into_iter().find(|(name, is_broken, ..)| *is_broken && !is_allowed(*name)) {
        None => Ok(()),
        Some((name, _, rule, number)) => {
            Err(InvalidSetting { clause: Some(name), reason: format!("{rule} {number} ({}).", name.cited()) })
        }
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
        let cases: [(ClauseName, &str, Change); 5] = [
            (ClauseName::CodeEntropy, "§3.1.3.2", |s| s.limits.code_length = 5),
            (ClauseName::CodeLifetime, "§3.1.3.2", |s| s.limits.code_lifetime = 601),
            (ClauseName::Failures, "§3.2.2", |s| s.limits.failures = 101),
            (ClauseName::TotpWindow, "RFC 6238 §5.2", |s| s.limits.totp_window = 2),
            (ClauseName::Email, "§3.1.3.1", |s| s.channels.0[0].channel = Channel::Email),
        ];
        for (name, cited, change) in cases {
            let refused = with(change).unwrap_err();
            assert_eq!(refused.clause, Some(name));
            assert!(refused.to_string().contains(cited), "{refused}");
            let word = serde_json::to_value(name).unwrap();
            assert!(refused.to_string().contains(&format!("allow: ['{}']", word.as_str().unwrap())), "{refused}");
            assert!(
                with(|s| {
                    change(s);
                    s.allow = vec![name];
                })
                .is_ok()
            );
        }
    }

    #[test]
    fn limits_at_the_edge_of_a_clause_hold() {
        assert!(
            with(|s| {
                s.limits.code_lifetime = 600;
                s.limits.failures = 100;
                s.limits.totp_window = 1;
                s.limits.code_length = 6;
            })
            .is_ok()
        );
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
    fn the_hash_of_an_android_app_and_the_name_of_an_issuer_hold() {
        for hash in ["FA+9qCX9VSu", "abcdefghijk", "++++/////+/"] {
            assert!(with(|s| s.android_hash = Some(hash.into())).is_ok(), "{hash}");
        }
        assert!(with(|s| s.issuer = Some("The House".into())).is_ok());
    }

    #[test]
    fn trusted_browsers_need_a_key_ring_of_the_operators_own() {
        let ring = KeyRing::parse(&format!("k:{}", "A".repeat(43) + "=")).unwrap();
        let derived = KeyRing::from_master_key("master key").unwrap();
        let with_devices = with(|s| {
            s.trusted_devices = Some(TrustedDevices { days: 30 });
            s.allow = vec![ClauseName::TrustedDevice];
        });
        let with_devices = with_devices.unwrap();
        assert!(with_devices.check_keys(&ring).is_ok());
        assert!(with_devices.check_keys(&derived).unwrap_err().reason.contains("TWO_FACTOR_KEYS"));
        let without = with(|_| ()).unwrap();
        assert!(without.check_keys(&ring).is_ok() && without.check_keys(&derived).is_ok());
    }

    #[test]
    fn senseless_settings_are_refused_and_cannot_be_allowed() {
        type Change = fn(&mut Settings);
        let cases: [(Change, &str); 30] = [
            (|s| s.limits.totp_window = 11, "limits.totpWindow goes from 0 to 10."),
            (|s| s.limits.alphabet = "0".into(), "alphabet"),
            (|s| s.limits.alphabet = "00123456789".into(), "alphabet"),
            (|s| s.limits.alphabet = "01234 6789".into(), "alphabet"),
            (|s| s.limits.alphabet = "01234é6789".into(), "alphabet"),
            (|s| s.limits.attempts = 0, "limits.attempts must be at least 1."),
            (|s| s.limits.code_length = 26, "limits.codeLength goes from 1 to 25."),
            (|s| s.limits.recovery_codes = 51, "limits.recoveryCodes goes from 1 to 50."),
            (|s| s.limits.redeemed_percent = 101, "limits.redeemedPercent goes from 0 to 100."),
            (|s| s.countries = vec!["US".into()], "'US'"),
            (|s| s.countries = vec!["+0".into()], "'+0'"),
            (|s| s.countries = vec!["--+1".into()], "'--+1'"),
            (|s| s.default_country = Some("359".into()), "'359'"),
            (|s| s.default_country = Some("-+359".into()), "'-+359'"),
            (|s| s.origin = Some("https://example.com".into()), "origin"),
            (|s| s.android_hash = Some("FA+9qCX9VSu=".into()), "androidHash"),
            (|s| s.android_hash = Some("FA+9qCX9VS".into()), "androidHash"),
            (|s| s.android_hash = Some("FA+9qCX9VS=".into()), "androidHash"),
            (|s| s.status_callback = Some("example.com/x".into()), "statusCallback"),
            (|s| s.status_callback = Some("http://example.com/x".into()), "statusCallback"),
            (|s| s.status_callback = Some("http://localhost.example.com/x".into()), "statusCallback"),
            (|s| s.status_callback = Some("https://".into()), "statusCallback"),
            (|s| s.status_callback = Some("https://a@example.com/x".into()), "statusCallback"),
            (|s| s.status_callback = Some("https://example.com/x#y".into()), "statusCallback"),
            (|s| s.status_callback = Some("https://example.com/<x>".into()), "statusCallback"),
            (|s| s.status_callback = Some("https://example.com/x y".into()), "statusCallback"),
            (|s| s.issuer = Some("The House: Kitchen".into()), "issuer"),
            (|s| s.issuer = Some(" ".into()), "issuer"),
            (|s| s.limits.user_window = 299, "limits.codeLifetime"),
            (|s| s.limits.step_up_lifetime = 901, "limits.stepUpLifetime"),
        ];
        for (change, named) in cases {
            let refused = with(change).unwrap_err();
            assert_eq!(refused.clause, None);
            assert!(refused.reason.contains(named), "{refused} does not name {named}");
        }
    }

    #[test]
    fn a_code_that_lives_too_long_is_refused_by_its_clause_before_the_window() {
        let refused = with(|s| s.limits.code_lifetime = 3600).unwrap_err();
        assert_eq!(refused.clause, Some(ClauseName::CodeLifetime));
        let allowed = |s: &mut Settings| {
            s.limits.code_lifetime = 3600;
            s.allow = vec![ClauseName::CodeLifetime];
        };
        assert!(with(allowed).unwrap_err().reason.contains("userWindow"));
    }

    #[test]
    fn a_window_as_long_as_what_it_has_to_cover_holds() {
        assert!(with(|s| s.limits.user_window = 300).is_ok(), "a code and a step-up live for 300 s");
    }

    #[test]
    fn an_origin_is_a_host_name() {
        for good in ["example.com", "2fa.my-app.example", "Example.com", "localhost"] {
            assert!(with(|s| s.origin = Some(good.into())).is_ok(), "{good}");
        }
        for bad in
            ["", "example.com/", "example.com:443", "exämple.com", "a b", "192.0.2.1", "-a.com", "a..com", "a.com."]
        {
            assert!(with(|s| s.origin = Some(bad.into())).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_address_of_the_handler_is_over_https_or_on_this_machine() {
        for good in
            ["https://example.com/x?a=1&b=2", "https://example.com:8443", "http://127.0.0.1:1337/x", "http://[::1]:80/"]
        {
            assert!(with(|s| s.status_callback = Some(good.into())).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_calling_code_has_one_to_seven_digits() {
        for good in ["+1", "+359", "+1876555", "-+1876"] {
            assert!(with(|s| s.countries = vec![good.into()]).is_ok(), "{good}");
        }
        for bad in ["", "+", "-", "1", "-1", "+18765554", "+1a", "+-1"] {
            assert!(with(|s| s.countries = vec![bad.into()]).is_err(), "{bad}");
        }
    }
}
