//! Whether an origin is one of those that may ask (WebAuthn L3 §13.5.9).

/// An origin is compared as a whole text. Libraries that compared a part of it (the host, a suffix) let other schemes, ports
/// and look-alike hosts in (CVE-2026-30964).
///
/// The one exception is for development: `http://localhost` in the list stands for each of its ports, because a development
/// server often gets another one. Only the machine itself can serve such a page.
pub(super) fn is_allowed(origin: &str, allowed: &[String]) -> bool {
    const LOCALHOST: &str = "http://localhost";
    let port = origin.strip_prefix(LOCALHOST).and_then(|rest| rest.strip_prefix(':'));
    allowed.iter().any(|allowed| allowed == origin || (allowed == LOCALHOST && port.is_some_and(is_port)))
}

/// Whether a text is a port as browsers write it.
fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_allowed_as_a_whole_text_and_in_no_other_spelling() {
        let allowed = ["https://example.com".to_owned(), "https://example.com:8443".to_owned()];
        assert!(allowed.iter().all(|origin| is_allowed(origin, &allowed)));
        for origin in [
            "http://example.com",
            "https://example.com/",
            "https://example.com:443",
            "https://example.com:8444",
            "https://EXAMPLE.com",
            "https://example.com.evil.test",
            "https://evilexample.com",
            "https://login.example.com",
            "https://example.co",
            "https://user@example.com",
            " https://example.com",
            "example.com",
            "null",
            "",
        ] {
            assert!(!is_allowed(origin, &allowed), "{origin}");
        }
    }

    #[test]
    fn localhost_is_allowed_with_every_port_only_where_it_is_listed() {
        let local = ["http://localhost".to_owned()];
        for origin in ["http://localhost", "http://localhost:1", "http://localhost:1337", "http://localhost:65535"] {
            assert!(is_allowed(origin, &local), "{origin}");
            assert_eq!(is_allowed(origin, &["http://localhost:1337".into()]), origin.ends_with(":1337"));
            assert!(!is_allowed(origin, &["https://localhost".into()]), "{origin}");
        }
        for origin in [
            "https://localhost",
            "https://localhost:1337",
            "http://localhost:",
            "http://localhost:+80",
            "http://localhost:080",
            "http://localhost:65536",
            "http://localhost:1337/",
            "http://localhost.evil.test",
            "http://localhost:1337.evil.test",
            "http://localhost@evil.test",
            "http://127.0.0.1:1337",
        ] {
            assert!(!is_allowed(origin, &local), "{origin}");
        }
        assert!(!is_allowed("https://example.com:8443", &["https://example.com".into()]));
    }
}
