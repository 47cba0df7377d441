//! Phone numbers: E.164 syntax, masking, and the block of numbers a number belongs to.

use core::fmt;

/// A number in E.164 form: `+`, then 7 to 15 digits of which the first is not 0 (ITU-T E.164 §6.2: at most 15 digits).
///
/// Only the syntax is checked. Whether a number is in service is the provider's answer, and metadata of all numbering plans
/// would make the module ten times larger.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Takes a number exactly as stored: no spaces, no separators, no other scripts' digits. `None` if it is not E.164.
    pub fn parse(text: &str) -> Option<PhoneNumber> {
        let digits = text.strip_prefix('+')?;
        let fits =
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        fits.then(|| PhoneNumber(text.to_owned()))
    }

    /// Whether a text means what a column holds: the same text, or the same number with separators or with 00 in place of the `+`. A
    /// column that holds a number in another form than E.164 has to be corrected, so there a new form is a change.
    pub fn is_same(given: &str, stored: &str) -> bool {
        let is_separator = |c: char| c.is_whitespace() || "-.()/\u{2010}\u{2011}".contains(c);
        let digits: String = given.chars().filter(|c| !is_separator(*c)).collect();
        let number = digits.strip_prefix("00").map_or(digits.clone(), |digits| format!("+{digits}"));
        given == stored || PhoneNumber::parse(stored).is_some_and(|stored| stored.0 == number)
    }

    /// The whole number, for the provider only.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a screen may show: the last four digits, `•••• 0006`.
    pub fn masked(&self) -> String {
        let (_, shown) = self.split();
        format!("•••• {shown}")
    }

    /// The block of ten thousand numbers that this one lies in. Numbers rented for SMS pumping come in such blocks.
    pub fn block(&self) -> &str {
        self.split().0
    }

    /// Before and from the last four digits.
    fn split(&self) -> (&str, &str) {
        self.0.split_at_checked(self.0.len().saturating_sub(4)).unwrap_or_default()
    }

    /// Whether the number begins with one of the allowed country codes (`+1`, `+359`); an empty list allows all.
    pub fn is_allowed(&self, countries: &[String]) -> bool {
        countries.is_empty() || countries.iter().any(|c| self.0.starts_with(c.as_str()))
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_e164_is_a_number() {
        for good in ["+15005550006", "+359888123456", "+2901234", "+123456789012345"] {
            assert!(PhoneNumber::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "+",
            "15005550006",
            "+0888123456",
            "+1500555000a",
            "+1 500 555 0006",
            "+1234567890123456",
            "+123456",
            " +15005550006",
            "+15005550006\n",
            "+１５００５５５０００６",
            "++15005550006",
        ] {
            assert!(PhoneNumber::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_number_is_the_same_in_any_form_and_a_form_that_no_code_reaches_is_another_one() {
        let stored = "+15005550006";
        for same in [stored, "+1 500 555-0006", "0015005550006", "+1 (500) 555.0006", "+1\u{2011}500/5550006"] {
            assert!(PhoneNumber::is_same(same, stored), "{same}");
        }
        for other in ["", "+15005550007", "15005550006", "+115005550006", "+1500555000６"] {
            assert!(!PhoneNumber::is_same(other, stored), "{other}");
        }
        assert!(PhoneNumber::is_same("0888 1", "0888 1"), "the same text");
        assert!(PhoneNumber::is_same("", ""), "both without one");
        assert!(!PhoneNumber::is_same(stored, "+1 500 555 0006"), "a correction");
    }

    #[test]
    fn a_masked_number_shows_four_digits_and_debug_no_more() {
        let number = PhoneNumber::parse("+15005550006").unwrap();
        assert_eq!(number.masked(), "•••• 0006");
        assert_eq!(format!("{number:?}"), "•••• 0006");
    }

    #[test]
    fn allowed_countries_go_by_prefix() {
        let number = PhoneNumber::parse("+359888123456").unwrap();
        assert!(number.is_allowed(&[]));
        assert!(number.is_allowed(&["+1".into(), "+359".into()]));
        assert!(!number.is_allowed(&["+1".into()]));
    }

    proptest::proptest! {
        #[test]
        fn every_e164_number_is_read_and_shows_its_last_four_digits_alone(digits in "[1-9][0-9]{6,14}") {
            let number = PhoneNumber::parse(&format!("+{digits}")).unwrap();
            assert_eq!(number.masked(), format!("•••• {}", &digits[digits.len() - 4..]));
            assert_eq!(number.block().len() + 4, number.as_str().len());
        }

        #[test]
        fn no_other_text_is_a_number(text in "\\PC{0,20}") {
            let is_e164 = text.len() >= 8 && text.len() <= 16 && text.starts_with('+') && !text.starts_with("+0")
                && text[1..].bytes().all(|b| b.is_ascii_digit());
            assert_eq!(PhoneNumber::parse(&text).is_some(), is_e164);
        }
    }
}
