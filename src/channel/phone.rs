//! Phone numbers: E.164 syntax, masking, and the block of numbers a number belongs to.

use core::fmt;

/// A number in E.164 form: `+`, then 7 to 15 digits of which the first is not 0 (ITU-T E.164 §6.2: at most 15 digits).
///
/// Only the syntax is checked. Whether a number is in service is the provider's answer, and metadata of all numbering plans
/// would make the module ten times larger.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Takes a number exactly as we store it: no spaces, no separators, no other scripts' digits. `None` if it is not E.164.
    pub fn parse(text: &str) -> Option<PhoneNumber> {
        let digits = text.strip_prefix('+')?;
        let fits =
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        fits.then(|| PhoneNumber(text.to_owned()))
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

    /// Whether the number is in one of these countries: the longest entry that it begins with decides, `+1` for it or `-+1876` against it.
    /// Without such an entry it is allowed where no entry names a country that is.
    pub fn is_allowed(&self, countries: &[String]) -> bool {
        let entries = countries.iter().map(|entry| match entry.strip_prefix('-') {
            Some(excluded) => (excluded, false),
            None => (entry.as_str(), true),
        });
        let names_one = entries.clone().any(|(_, is_allowed)| is_allowed);
        let longest = entries.filter(|(code, _)| self.0.starts_with(code)).max_by_key(|(code, _)| code.len());
        longest.map_or(!names_one, |(_, is_allowed)| is_allowed)
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

    #[test]
    fn a_country_can_be_left_out_of_those_with_its_calling_code() {
        let is_allowed = |number: &str, countries: &[&str]| {
            let countries: Vec<String> = countries.iter().map(|country| (*country).to_owned()).collect();
            PhoneNumber::parse(number).unwrap().is_allowed(&countries)
        };
        for countries in [&["+1", "-+1876"] as &[&str], &["-+1876", "+1"]] {
            assert!(is_allowed("+15005550006", countries));
            assert!(!is_allowed("+18765550006", countries), "Jamaica");
            assert!(!is_allowed("+359888123456", countries));
        }
        assert!(is_allowed("+15005550006", &["-+1876"]) && !is_allowed("+18765550006", &["-+1876"]));
        assert!(is_allowed("+18765550006", &["+1", "-+1876", "+1876555"]), "the longest one decides");
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
