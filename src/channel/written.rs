//! Numbers as people write them.

use super::dialing::plan;
use super::phone::PhoneNumber;

/// What a number in brackets means that is written for callers from outside and from within: `+44 (0)20 7946 0000`.
const OPTIONAL_TRUNK: &str = "(0)";

/// In characters: longer than anybody writes a number. What the host cuts a column to is longer still, so that no cut makes a number of
/// something else.
const LONGEST: usize = 40;

/// Reads a number as people write it: with white space, dots, hyphens and brackets in it, and with `00` in place of the `+`. One without
/// either is a number of the country with this calling code, if there is one.
///
/// `None` for what is no number, and for one that can be read in two ways: a code for somebody else must not go out because we guessed.
/// Digits are ASCII digits, as in codes.
pub fn read(text: &str, default_country: Option<&str>) -> Option<PhoneNumber> {
    if let Some(number) = PhoneNumber::parse(text) {
        return Some(number);
    }
    if text.chars().count() > LONGEST {
        return None;
    }
    let trimmed = text.trim();
    if let Some(international) = trimmed.strip_prefix('+').or_else(|| trimmed.strip_prefix("00")) {
        return from_outside(international);
    }
    from_within(&digits(trimmed)?, default_country?)
}

/// Whether two texts are the same number, or the same text.
pub fn is_same(one: &str, other: &str, default_country: Option<&str>) -> bool {
    one == other || read(one, default_country).is_some_and(|number| read(other, default_country) == Some(number))
}

/// What stands before and after the first [`OPTIONAL_TRUNK`].
fn around_trunk(text: &str) -> Option<(&str, &str)> {
    let after = |at: usize| text[at..].strip_prefix(OPTIONAL_TRUNK);
    text.match_indices('(').find_map(|(at, _)| Some((&text[..at], after(at)?)))
}

/// A number behind its `+`.
fn from_outside(text: &str) -> Option<PhoneNumber> {
    let Some((code, national)) = around_trunk(text) else {
        return PhoneNumber::parse(&format!("+{}", digits(text)?));
    };
    if around_trunk(national).is_some() {
        return None;
    }
    let (code, national) = (digits(code)?, digits(national)?);
    let kept = match plan(&code)?.trunk {
        "0" => "",
        // Here a 0 belongs to the number.
        "" => "0",
        _ => return None,
    };
    PhoneNumber::parse(&format!("+{code}{kept}{national}"))
}

/// A number as it is written for callers within the country.
fn from_within(digits: &str, country: &str) -> Option<PhoneNumber> {
    let plan = plan(country)?;
    let fits = |national: &&str| (plan.shortest..=plan.longest).contains(&national.len());
    let without_trunk = digits.strip_prefix(plan.trunk).filter(|_| !plan.trunk.is_empty()).filter(fits);
    // Without the prefix it may be a number within a town, unless all numbers have one length.
    let whole = Some(digits).filter(|_| plan.trunk.is_empty() || plan.is_closed()).filter(fits);
    let national = match (without_trunk, whole) {
        (Some(national), None) | (None, Some(national)) => national,
        (None, None) | (Some(_), Some(_)) => return None,
    };
    // Where there is a prefix no number begins with a 0, and in North America none with a 1.
    let is_prefix = national.starts_with('0') || (plan.trunk == "1" && national.starts_with('1'));
    let is_no_number = !plan.trunk.is_empty() && is_prefix;
    if is_no_number { None } else { PhoneNumber::parse(&format!("{country}{national}")) }
}

/// The digits of a text that has nothing but digits and separators in it.
fn digits(text: &str) -> Option<String> {
    let is_separator =
        |c: char| c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '/' | '\u{2010}' | '\u{2011}');
    let digits: String = text.chars().filter(|c| !is_separator(*c)).collect();
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str, country: Option<&str>) -> Option<String> {
        read(text, country).map(|number| number.as_str().to_owned())
    }

    #[test]
    fn separators_and_the_prefix_of_a_call_abroad_are_read() {
        for text in [
            "+15005550006",
            "+1 500 555 0006",
            "+1 (500) 555-0006",
            "+1.500.555.0006",
            " +1\u{a0}500\u{2011}555\u{2010}0006\n",
            "0015005550006",
            "00 1 500/555 0006",
        ] {
            assert_eq!(number(text, None).as_deref(), Some("+15005550006"), "{text:?}");
        }
        for text in ["", "+", "00", "15005550006", "0888 123 456", "+1 500 555 0006 ext. 7", "+1,500", "++1 5005550006"]
        {
            assert_eq!(number(text, None), None, "{text:?}");
        }
        assert_eq!(number(&format!("+15005550006{}", " ".repeat(29)), None), None, "nobody writes that");
        assert_eq!(number("+1\u{ff15}005550006", None), None, "a digit of another script");
        assert_eq!(number("\u{ff0b}15005550006", None), None);
    }

    #[test]
    fn a_zero_in_brackets_is_read_as_the_country_means_it() {
        assert_eq!(number("+44 (0)20 7946 0000", None).as_deref(), Some("+442079460000"));
        assert_eq!(number("0044 (0) 20 7946 0000", None).as_deref(), Some("+442079460000"));
        assert_eq!(number("+39 (0)6 1234 5678", None).as_deref(), Some("+390612345678"));
        assert_eq!(number("+1 (0)500 555 0006", None), None, "nobody writes it there");
        assert_eq!(number("+54 (0)11 1234 5678", None), None, "a country that is not in the list");
        assert_eq!(number("+44 (0)20 (0)7946", None), None);
    }

    #[test]
    fn a_number_of_ones_own_country_is_read_as_it_is_written_there() {
        for (country, text, expected) in [
            ("+359", "0888 123 456", "+359888123456"),
            ("+359", "02/123-45-67", "+35921234567"),
            ("+44", "07911 123456", "+447911123456"),
            ("+44", "(020) 7946 0000", "+442079460000"),
            ("+1", "(500) 555-0006", "+15005550006"),
            ("+1", "1 500 555 0006", "+15005550006"),
            ("+7", "8 (912) 345-67-89", "+79123456789"),
            ("+7", "812 345-67-89", "+78123456789"),
            ("+36", "06 20 123 4567", "+36201234567"),
            ("+39", "06 1234 5678", "+390612345678"),
            ("+33", "06 12 34 56 78", "+33612345678"),
            ("+33", "6 12 34 56 78", "+33612345678"),
            ("+86", "138 1234 5678", "+8613812345678"),
            ("+34", "612 345 678", "+34612345678"),
        ] {
            assert_eq!(number(text, Some(country)).as_deref(), Some(expected), "{country} {text}");
        }
    }

    #[test]
    fn a_number_that_may_be_another_one_is_not_guessed() {
        for (country, text) in [
            // Without its prefix it may be a number within a town.
            ("+44", "7911 123456"),
            ("+359", "888 123 456"),
            ("+49", "30 123456"),
            // Too short, too long.
            ("+1", "555-0006"),
            ("+1", "2 500 555 0006"),
            ("+1", "1 500 555 000"),
            ("+1", "0 500 555 000"),
            ("+359", "0888 123 456 7"),
            ("+33", "06 12 34 56 7"),
            ("+33", "0 0 12 34 56 78"),
            ("+86", "010 1234 5678"),
            // A country that is not in the list.
            ("+54", "011 1234 5678"),
            ("+1876", "555 0006"),
        ] {
            assert_eq!(number(text, Some(country)), None, "{country} {text}");
        }
    }

    #[test]
    fn a_country_of_ones_own_changes_nothing_about_numbers_that_say_theirs() {
        for country in [None, Some("+359"), Some("+1"), Some("+999")] {
            assert_eq!(number("+44 7911 123456", country).as_deref(), Some("+447911123456"));
            assert_eq!(number("0044 7911 123456", country).as_deref(), Some("+447911123456"));
        }
    }

    #[test]
    fn a_number_is_the_same_in_any_form_that_can_be_read() {
        let stored = "+15005550006";
        for same in [stored, "+1 500 555-0006", "0015005550006", "+1 (500) 555.0006", "+1\u{2011}500/5550006"] {
            assert!(is_same(same, stored, None) && is_same(stored, same, None), "{same}");
        }
        for other in ["", "+15005550007", "15005550006", "+115005550006", "+1500555000\u{ff16}"] {
            assert!(!is_same(other, stored, None), "{other}");
        }
        assert!(is_same("0888 1", "0888 1", None), "the same text");
        assert!(is_same("", "", None), "both without one");
        assert!(is_same("0888 123 456", "+359 888123456", Some("+359")));
        assert!(!is_same("0888 123 456", "0888 123-456", None), "nobody knows what they mean");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_read_is_e164_and_reads_as_itself(text in "[+0]{0,2}[0-9 ().-]{5,20}", country in "\\+(44|1|359|39|7|36)") {
            if let Some(number) = read(&text, Some(&country)) {
                assert_eq!(PhoneNumber::parse(number.as_str()), Some(number.clone()));
                assert_eq!(read(number.as_str(), None), Some(number));
            }
        }
    }
}
