//! The site that passkeys are bound to: WebAuthn's relying party (WebAuthn L3 §4, §13.4.9).

use super::settings::{InvalidSetting, Settings};
use super::webauthn::{PhishingResistant, WebauthnSettings};
use crate::factor::webauthn::{UserVerification, rp_id_hash};

/// The site that passkeys are bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The relying party's id, a host name.
    pub rp_id: String,
    /// What authenticators sign in place of it.
    pub rp_id_hash: [u8; 32],
    /// The origins that may ask.
    pub origins: Vec<String>,
    /// Whether the authenticator verifies its user.
    pub user_verification: UserVerification,
}

const LOCALHOST: &str = "localhost";
const LOCAL: &str = "http://localhost";
const ANDROID: &str = "android:apk-key-hash:";

impl Site {
    /// The site of these settings; `None` where they name no host, and passkeys are off. `origin` has been checked to be a host name.
    ///
    /// # Errors
    /// [`InvalidSetting`] for what no browser accepts.
    pub(super) fn of(settings: &Settings) -> Result<Option<Site>, InvalidSetting> {
        let WebauthnSettings { rp_id, origins, user_verification } = &settings.webauthn;
        let from_origin = || settings.origin.as_deref().map(str::to_ascii_lowercase);
        let rp_id = match rp_id {
            Some(rp_id) if !is_host_name(rp_id) => {
                return Err(senseless(format!(
                    "webauthn.rpId takes a host name in lower case such as 'example.com', not '{rp_id}'."
                )));
            }
            Some(rp_id) => Some(rp_id.clone()),
            None => from_origin(),
        };
        let Some(rp_id) = rp_id else {
            return match (origins.is_empty(), settings.phishing_resistant) {
                (false, _) => Err(senseless("webauthn.origins goes with webauthn.rpId or origin.".into())),
                (true, PhishingResistant::Required) => {
                    Err(senseless("phishingResistant: 'required' needs origin or webauthn.rpId, for passkeys.".into()))
                }
                (true, PhishingResistant::Preferred) => Ok(None),
            };
        };
        if let Some(origin) = origins.iter().find(|origin| !is_origin(origin)) {
            return Err(senseless(format!(
                "webauthn.origins takes origins as browsers write them, such as 'https://example.com', not '{origin}'."
            )));
        }
        let local = |origin: &&String| origin.starts_with("http:");
        if let Some(origin) = origins.iter().find(local).filter(|_| rp_id != LOCALHOST) {
            return Err(senseless(format!("webauthn.origins: '{origin}' goes with webauthn.rpId: 'localhost' alone.")));
        }
        let origins = match (origins.is_empty(), rp_id == LOCALHOST) {
            (false, _) => origins.clone(),
            (true, true) => vec![LOCAL.into()],
            (true, false) => vec![format!("https://{rp_id}")],
        };
        Ok(Some(Site { rp_id_hash: rp_id_hash(&rp_id), rp_id, origins, user_verification: *user_verification }))
    }
}

fn senseless(reason: String) -> InvalidSetting {
    InvalidSetting::senseless(reason)
}

/// A host name as browsers write it. An address of the Internet is none: browsers refuse it as a relying party's id.
pub(super) fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let is_number = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
    text.len() <= 253 && text.split('.').all(is_label) && !text.rsplit('.').next().is_none_or(is_number)
}

/// An origin as browsers and Android write it: no path, no slash at its end, no port that goes without saying.
fn is_origin(text: &str) -> bool {
    if let Some(hash) = text.strip_prefix(ANDROID) {
        return hash.len() == 43 && hash.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    }
    let (host, default_port) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(host), _) => (host, "443"),
        (None, Some(host)) if host == LOCALHOST || host.starts_with("localhost:") => (host, "80"),
        (None, _) => return false,
    };
    let is_port = |port: &str| port != default_port && port.parse::<u16>().is_ok_and(|n| n.to_string() == port);
    match host.split_once(':') {
        Some((host, port)) => is_host_name(host) && is_port(port),
        None => is_host_name(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(change: impl FnOnce(&mut Settings)) -> Result<Option<Site>, InvalidSetting> {
        let mut settings = Settings::default();
        change(&mut settings);
        Site::of(&settings)
    }

    #[test]
    fn a_host_alone_gives_the_relying_party_and_its_https_origin() {
        assert_eq!(site(|_| {}), Ok(None));
        let given = |origin: &str| site(|s| s.origin = Some(origin.into())).unwrap().unwrap();
        assert_eq!(
            (given("Example.com").rp_id, given("Example.com").origins),
            ("example.com".into(), vec!["https://example.com".into()])
        );
        assert_eq!(given("localhost").origins, [LOCAL]);
    }

    #[test]
    fn the_origins_of_an_app_replace_the_one_of_its_host() {
        let hash = "A".repeat(43);
        let origins = [
            "https://example.com".to_owned(),
            "https://login.example.com:8443".into(),
            "https://example.org".into(),
            format!("{ANDROID}{hash}"),
        ];
        let site = site(|s| {
            s.origin = Some("login.example.com".into());
            s.webauthn.rp_id = Some("example.com".into());
            s.webauthn.origins = origins.to_vec();
        });
        assert_eq!(
            site.unwrap().map(|site| (site.rp_id, site.origins)),
            Some(("example.com".into(), origins.to_vec()))
        );
    }

    #[test]
    fn without_tls_an_origin_is_this_machine_and_goes_with_localhost_alone() {
        let local = |origins: &[&str]| {
            site(|s| {
                s.origin = Some(LOCALHOST.into());
                s.webauthn.origins = origins.iter().map(|origin| (*origin).into()).collect();
            })
        };
        let origins = [LOCAL, "http://localhost:1337", "https://localhost:8443"];
        assert_eq!(local(&origins).unwrap().map(|site| site.origins), Some(origins.map(String::from).to_vec()));
        for bad in ["http://example.com", "http://localhost:80", "http://localhostess", "http://localhost.example.com"]
        {
            assert!(local(&[bad]).unwrap_err().reason.contains(bad), "{bad}");
        }
    }

    #[test]
    fn what_no_browser_accepts_is_refused_by_its_name() {
        let long = format!("{}.com", "a".repeat(64));
        for bad in [
            "",
            "https://example.com",
            "Example.com",
            "example.com:8443",
            "192.0.2.1",
            "a..b",
            "-a.com",
            "ex_a.com",
            &long,
        ] {
            let refused = site(|s| s.webauthn.rp_id = Some(bad.into())).unwrap_err();
            assert!(refused.reason.contains("webauthn.rpId") && refused.reason.contains(bad), "{refused}");
        }
        for bad in [
            "example.com",
            "http://example.com",
            "http://localhost",
            "http://localhost.example.com",
            "https://example.com/",
            "https://example.com:443",
            "https://example.com:08443",
            "https://example.com:65536",
            "https://EXAMPLE.com",
            "https://192.0.2.1",
            "https://user@example.com",
            "android:apk-key-hash:short",
            "ios:bundle-id:com.example",
            "null",
            "",
        ] {
            let refused = site(|s| {
                s.origin = Some("example.com".into());
                s.webauthn.origins = vec!["https://example.com".into(), bad.into()];
            });
            let refused = refused.unwrap_err();
            assert!(refused.reason.contains("webauthn.origins") && refused.reason.contains(bad), "{refused}");
        }
    }

    #[test]
    fn a_setting_that_needs_a_site_is_refused_without_one() {
        assert!(site(|s| s.webauthn.origins = vec!["https://example.com".into()]).is_err());
        let required = |s: &mut Settings| s.phishing_resistant = PhishingResistant::Required;
        assert!(site(required).unwrap_err().reason.contains("origin"));
        assert!(
            site(|s| {
                required(s);
                s.origin = Some("example.com".into());
            })
            .is_ok()
        );
    }
}
