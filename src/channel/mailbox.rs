//! Addresses of mail.

use core::fmt;

/// RFC 5321 §4.5.3.1.3, errata 1690: in bytes, the longest address that anybody can be sent mail to.
const LONGEST: usize = 254;

/// An address of one person. Parse takes whatever has an `@` in it, and a mail program takes what has a comma in it for two addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox(String);

impl Mailbox {
    /// Takes an address as it was stored. `None` for what is none, or may be more than one.
    pub fn parse(text: &str) -> Option<Mailbox> {
        let (name, host) = text.split_once('@')?;
        let is_special = |c: char| matches!(c, ',' | ';' | ':' | '<' | '>' | '(' | ')' | '[' | ']' | '\\' | '"');
        let is_one = !text.contains(|c: char| c.is_whitespace() || c.is_control() || is_special(c));
        let has_second = host.bytes().any(|byte| byte == b'@');
        let fits = !name.is_empty() && !host.is_empty() && !has_second && text.len() <= LONGEST;
        (is_one && fits).then(|| Mailbox(text.to_owned()))
    }

    /// The whole address, for mail only.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What keyed hashes are over. Parse takes addresses for the same that differ in the case of letters alone.
    pub fn hashed(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// What a screen may show: the first letter and the host, `a•••@example.com`.
    pub fn masked(&self) -> String {
        let (name, host) = self.0.split_once('@').unwrap_or_default();
        format!("{}•••@{host}", name.chars().next().unwrap_or_default())
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_persons_and_no_list_and_no_header() {
        for good in ["ada@example.com", "a@b", "ada+2fa@müller.example", "o'brien@example.com"] {
            assert!(Mailbox::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a@b@c",
            "a@b,c@d",
            "a@b;c",
            "Ada <ada@example.com>",
            "ada@example.com\r\nBcc: eve@example.com",
            "ada@example.com ",
            "ada\0@example.com",
            &format!("a@{}", "b".repeat(253)),
        ] {
            assert!(Mailbox::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_masked_address_shows_one_letter_and_the_host_and_debug_no_more() {
        let address = Mailbox::parse("ada@example.com").unwrap();
        assert_eq!((&*address.masked(), &*format!("{address:?}")), ("a•••@example.com", "a•••@example.com"));
        assert_eq!(Mailbox::parse("я@example.com").unwrap().masked(), "я•••@example.com");
    }
}
