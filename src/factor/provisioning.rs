//! How an authenticator app is set up: the secret to type, the URI, and its QR code.

use crate::crypto::Secret;
use crate::wire::Refusal;
use base32ct::{Base32UpperUnpadded, Encoding};
use qrcodegen::{QrCode, QrCodeEcc};
use zeroize::Zeroizing;

/// What an authenticator app is set up with.
pub struct Provisioning {
    /// The secret as the user types it where no camera helps.
    pub secret: Secret,
    /// The `otpauth:` URI.
    pub uri: Secret,
    /// The URI as a QR code, in SVG.
    pub qr: Secret,
}

impl Provisioning {
    /// For this secret, under the app's name and the user's.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if no QR code can be drawn.
    pub fn new(secret: &[u8], issuer: &str, account: &str) -> Result<Provisioning, Refusal> {
        let uri = uri(secret, issuer, account);
        let qr = qr_svg(&uri).ok_or(Refusal::TryAgain)?;
        Ok(Provisioning { secret: base32(secret).into(), uri: uri.into(), qr: qr.into() })
    }
}

/// The secret as the user types it where no camera helps: unpadded base32 (RFC 4648 §6).
fn base32(secret: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(Base32UpperUnpadded::encode_string(secret))
}

/// The `otpauth:` URI that authenticator apps scan (Key URI format: issuer in the label and as a parameter).
fn uri(secret: &[u8], issuer: &str, account: &str) -> Zeroizing<String> {
    let issuer = label(issuer, LONGEST_NAME);
    key_uri(&format!("{issuer}:{}", label(account, LONGEST_NAME)), secret, &format!("&issuer={issuer}"))
}

/// The URI of an authenticator app that is set up already and goes elsewhere. It has the app's name alone, whole: nobody scans it, and who
/// issues it from now on is not ours to say.
pub(super) fn leaving_uri(secret: &[u8], name: &str) -> Zeroizing<String> {
    key_uri(&label(name, usize::MAX), secret, "")
}

fn key_uri(label: &str, secret: &[u8], issuer: &str) -> Zeroizing<String> {
    let secret = base32(secret);
    Zeroizing::new(format!("otpauth://totp/{label}?secret={}{issuer}&algorithm=SHA1&digits=6&period=30", *secret))
}

/// The longest name in a URI, percent-encoded. A longer one is cut: no QR code holds any name, and the more it holds, the fewer cameras
/// read it.
const LONGEST_NAME: usize = 128;

/// A name as a part of the label, cut to so many characters of the URI. A colon separates the parts (Key URI format), so apps would cut a name in two there. Control
/// characters show in no app.
fn label(name: &str, longest: usize) -> String {
    let mut encoded = String::new();
    for shown in name.chars().filter(|c| !c.is_control()).map(|c| if c == ':' { '-' } else { c }) {
        let next = percent_encode(shown);
        if encoded.len() + next.len() > longest {
            encoded.push_str(&percent_encode('…'));
            break;
        }
        encoded.push_str(&next);
    }
    encoded
}

/// Escapes a character unless it is unreserved (RFC 3986 §2.3).
fn percent_encode(c: char) -> String {
    if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') {
        return c.to_string();
    }
    c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A QR code as an SVG document, black on white whatever the page's style sheet says of `svg` and `path`, with the quiet zone of four modules that scanners need
/// (ISO/IEC 18004 §9.1). Dark modules beside each other are drawn as one. `None` for a text that no QR code holds.
pub fn qr_svg(text: &str) -> Option<Zeroizing<String>> {
    // As bytes. Its small letters leave an `otpauth:` URI no other mode, and the code that looks for one is a kilobyte of the module.
    let qr = QrCode::encode_binary(text.as_bytes(), QrCodeEcc::Medium).ok()?;
    let side = qr.size() + 8;
    let mut svg = Zeroizing::new(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" style=\"fill:#fff;stroke:none\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" style=\"fill:#000;stroke:none\" d=\""
    ));
    for y in 0..qr.size() {
        let is_dark = |x: &i32| qr.get_module(*x, y);
        let mut x = 0;
        while let Some(start) = (x..qr.size()).find(is_dark) {
            let end = (start..qr.size()).find(|x| !is_dark(x)).unwrap_or(qr.size());
            let width = end - start;
            svg.push_str(&format!("M{} {}h{width}v1h-{width}z", start + 4, y + 4));
            x = end;
        }
    }
    svg.push_str("\"/></svg>");
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uri_names_the_issuer_twice_and_escapes() {
        assert_eq!(
            *uri(b"Hello!\xDE\xAD\xBE\xEF", "A & B", "alice@google.com"),
            "otpauth://totp/A%20%26%20B:alice%40google.com?secret=JBSWY3DPEHPK3PXP&issuer=A%20%26%20B&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn the_svg_draws_every_dark_module_inside_the_quiet_zone_and_nothing_else() {
        let text = "otpauth://totp/x";
        let qr = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let svg = qr_svg(text).unwrap();
        let side = qr.size() + 4 + 4;
        assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")));
        let path = svg.rsplit_once(" d=\"").unwrap().1.strip_suffix("\"/></svg>").unwrap();
        let mut drawn = std::collections::BTreeSet::new();
        for run in path.split_terminator('z') {
            let (at, line) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (width, back) = line.split_once("v1h-").unwrap();
            assert_eq!(width, back, "a run is a rectangle");
            let number = |text: &str| text.parse::<i32>().unwrap();
            drawn.extend((0..number(width)).map(|step| (number(x) + step, number(y))));
        }
        let all = (0..side).flat_map(|x| (0..side).map(move |y| (x, y)));
        let dark: std::collections::BTreeSet<_> = all.filter(|(x, y)| qr.get_module(x - 4, y - 4)).collect();
        assert_eq!(drawn, dark);
    }

    #[test]
    fn what_leaves_has_its_own_name_alone_and_whole() {
        let name = "Ж: ".repeat(64);
        assert_eq!(
            *leaving_uri(b"Hello!\xDE\xAD\xBE\xEF", &name),
            format!(
                "otpauth://totp/{}?secret=JBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30",
                "%D0%96-%20".repeat(64)
            )
        );
    }

    #[test]
    fn a_colon_in_a_name_does_not_cut_the_label_in_two() {
        let uri = uri(b"Hello!", "App", "urn:ada:1");
        assert!(uri.starts_with("otpauth://totp/App:urn-ada-1?"), "{}", *uri);
    }

    #[test]
    fn a_name_of_any_length_and_script_fits_a_qr_code() {
        for name in ["a".repeat(5000), "ж".repeat(5000), "🦀".repeat(5000), "\u{1b}[2J".repeat(5000)] {
            let made = Provisioning::new(&[7; 20], &name, &name).expect("it is cut");
            assert!(made.uri.len() < 600, "{}", made.uri.len());
            assert!(!made.uri.contains("%1B"));
        }
        assert_eq!(label(&"a".repeat(128), LONGEST_NAME), "a".repeat(128));
        assert_eq!(label(&"a".repeat(129), LONGEST_NAME), format!("{}%E2%80%A6", "a".repeat(128)));
    }

    #[test]
    fn the_qr_code_is_square_and_quiet_at_its_edge() {
        let svg = qr_svg("otpauth://totp/x").unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        assert!(svg.contains("M4 4h7v1h-7z"), "the finder pattern begins after the quiet zone");
        assert!(!svg.contains("M3 "));
        for color in ["#fff", "#000"] {
            assert!(svg.contains(&format!("<path fill=\"{color}\" style=\"fill:{color};stroke:none\"")), "{color}");
        }
    }
}
