//! Twilio's signature of what it asks of us over HTTP (`twilio.com/docs/usage/security`).

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// Whether the account with this auth token has signed these fields for this address: HMAC-SHA1 over the address, followed by each field's
/// name and value, sorted. Twilio may have left the port out of the address, or put the usual one in.
pub fn is_signed(auth_token: &str, url: &str, fields: &[(&str, &str)], signature: &str) -> bool {
    if auth_token.is_empty() {
        return false;
    }
    let sorted = sorted(fields);
    let is_by = |url: &String| {
        let mut mac = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(url.as_bytes());
        for (name, value) in &sorted {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        let expected = Base64::encode_string(&mac.finalize().into_bytes());
        bool::from(expected.as_bytes().ct_eq(signature.as_bytes()))
    };
    spellings(url).iter().any(is_by)
}

/// The fields in their order. One that comes twice with one value is signed once. The standard library's sorting would take three kilobytes
/// of the module for a dozen fields.
fn sorted<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut sorted = Vec::with_capacity(fields.len());
    for field in fields {
        let place = sorted.iter().position(|other| field <= other).unwrap_or(sorted.len());
        if sorted.get(place) != Some(field) {
            sorted.insert(place, *field);
        }
    }
    sorted
}

/// An address without its port, and with it or the usual one.
fn spellings(url: &str) -> [String; 2] {
    let (host, usual) = if url.starts_with("https:") { (8, ":443") } else { (7, ":80") };
    let bytes = url.as_bytes();
    let ends = |byte: &u8| matches!(byte, b'/' | b'?');
    let end = bytes.iter().skip(host).position(ends).map_or(url.len(), |at| host + at);
    let digits = bytes[..end].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let colon = (end - digits).saturating_sub(1);
    // Within the brackets of an IPv6 address a colon begins no port, but there digits do not end it either.
    let (name, port) = match bytes.get(colon) {
        Some(b':') if colon >= host => (&url[..colon], &url[colon..end]),
        _ => (&url[..end], usual),
    };
    let rest = &url[end..];
    [format!("{name}{rest}"), format!("{name}{port}{rest}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const FIELDS: [(&str, &str); 5] = [
        ("To", "+18005551212"),
        ("Digits", "1234"),
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("From", "+14158675309"),
    ];
    /// Twilio's own example, in its documentation and in the tests of its SDKs.
    const SIGNATURE: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

    #[test]
    fn what_twilio_signed_is_known_by_its_own_examples() {
        assert!(is_signed("12345", URL, &FIELDS, SIGNATURE));
        assert!(is_signed("12345", &URL.replace(".com", ".com:1234"), &FIELDS, SIGNATURE), "without the port");
        assert!(is_signed("12345", URL, &FIELDS, "kvajT1Ptam85bY51eRf/AJRuM3w="), "with the usual port");
        let http = URL.replace("https", "http");
        assert!(is_signed("12345", &http, &FIELDS, "0ZXoZLH/DfblKGATFgpif+LLRf4="), "with port 80");
        let on_port = http.replace(".com", ".com:1234");
        assert!(is_signed("12345", &on_port, &FIELDS, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="), "with the port");
        let several =
            [("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234"), ("SidAccount", "AC123"), ("Sid", "CA123")];
        assert!(is_signed("12345", URL, &several, "IK+Dwps556ElfBT0I3Rgjkr1wJU="), "a field that comes more than once");
    }

    #[test]
    fn another_token_address_field_or_signature_is_not_signed() {
        assert!(!is_signed("12346", URL, &FIELDS, SIGNATURE));
        assert!(!is_signed("", URL, &FIELDS, SIGNATURE));
        assert!(!is_signed("12345", &URL.replace("foo=1", "foo=2"), &FIELDS, SIGNATURE));
        assert!(!is_signed("12345", &URL.replace("mycompany", "ourcompany"), &FIELDS, SIGNATURE));
        assert!(!is_signed("12345", &URL.replace("https", "http"), &FIELDS, SIGNATURE));
        assert!(!is_signed("12345", URL, &FIELDS[1..], SIGNATURE));
        let mut changed = FIELDS;
        changed[1].1 = "1235";
        assert!(!is_signed("12345", URL, &changed, SIGNATURE));
        for bad in ["", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "rsoydt4t1cutdk1pdd93/vvr8b8=", "\u{0}"] {
            assert!(!is_signed("12345", URL, &FIELDS, bad), "{bad}");
        }
    }

    #[test]
    fn an_address_is_spelled_with_its_port_or_the_usual_one_and_without() {
        for (url, without, with) in [
            ("https://a.example/x", "https://a.example/x", "https://a.example:443/x"),
            ("http://a.example?x=:1", "http://a.example?x=:1", "http://a.example:80?x=:1"),
            ("http://[::1]:8080/x", "http://[::1]/x", "http://[::1]:8080/x"),
            ("http://[::1]", "http://[::1]", "http://[::1]:80"),
        ] {
            assert_eq!(spellings(url), [without, with], "{url}");
        }
    }
}
