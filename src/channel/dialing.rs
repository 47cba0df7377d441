//! How countries write their own numbers: the prefix of a call within the country, and how long a number without it is.

/// One country's way to write its numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// What a number begins with when it is written for callers within the country. Empty where there is no such prefix.
    pub trunk: &'static str,
    /// The fewest digits of a national number, without the prefix.
    pub shortest: usize,
    /// The most.
    pub longest: usize,
}

impl Plan {
    /// Whether all numbers have one length. Then a number of that length is whole, with or without the prefix.
    pub(super) fn is_closed(self) -> bool {
        self.shortest == self.longest
    }
}

/// Countries by calling code, with the prefix and the lengths of fixed lines and mobile phones together.
///
/// Prefixes: ITU-T, "Dialling procedures" (annex to Operational Bulletin 994). Lengths: the national plans of ITU-T E.129, compared with
/// the metadata of libphonenumber 9. A country whose numbers are written in several ways (Argentina, Mexico, Lithuania, Belarus) is not
/// here, and neither is one whose fixed lines are shorter than a wrong number would be. China has mobile phones alone.
const PLANS: [(u16, &str, u8, u8); 66] = [
    (1, "1", 10, 10),
    (7, "8", 10, 10),
    (20, "0", 8, 10),
    (27, "0", 9, 9),
    (30, "", 10, 10),
    (31, "0", 9, 9),
    (32, "0", 8, 9),
    (33, "0", 9, 9),
    (34, "", 9, 9),
    (36, "06", 8, 9),
    (39, "", 9, 11),
    (40, "0", 9, 9),
    (41, "0", 9, 9),
    (43, "0", 7, 13),
    (44, "0", 9, 10),
    (45, "", 8, 8),
    (46, "0", 7, 9),
    (47, "", 8, 8),
    (48, "", 9, 9),
    (49, "0", 7, 11),
    (51, "0", 8, 9),
    (55, "0", 10, 11),
    (56, "", 9, 9),
    (60, "0", 8, 10),
    (61, "0", 9, 9),
    (62, "0", 8, 12),
    (63, "0", 10, 10),
    (64, "0", 8, 10),
    (65, "", 8, 8),
    (66, "0", 8, 9),
    (81, "0", 9, 10),
    (82, "0", 8, 10),
    (84, "0", 9, 10),
    (86, "0", 11, 11),
    (90, "0", 10, 10),
    (91, "0", 10, 10),
    (92, "0", 9, 10),
    (94, "0", 9, 9),
    (212, "0", 9, 9),
    (213, "0", 8, 9),
    (216, "", 8, 8),
    (233, "0", 9, 9),
    (234, "0", 10, 10),
    (254, "0", 9, 9),
    (255, "0", 9, 9),
    (256, "0", 9, 9),
    (351, "", 9, 9),
    (353, "0", 8, 9),
    (355, "0", 8, 9),
    (356, "", 8, 8),
    (357, "", 8, 8),
    (359, "0", 8, 9),
    (371, "", 8, 8),
    (373, "0", 8, 8),
    (380, "0", 9, 9),
    (381, "0", 8, 10),
    (385, "0", 8, 9),
    (386, "0", 8, 8),
    (387, "0", 8, 8),
    (389, "0", 8, 8),
    (420, "", 9, 9),
    (421, "0", 9, 9),
    (852, "", 8, 8),
    (966, "0", 9, 9),
    (971, "0", 8, 9),
    (972, "0", 8, 9),
];

/// The plan of the country with this calling code, `+359` or `359`. `None` for one that is not in the list.
pub(super) fn plan(calling_code: &str) -> Option<Plan> {
    let digits = calling_code.strip_prefix('+').unwrap_or(calling_code);
    // Zeros in front are read as well: no number begins with one behind its `+`.
    let digits: u16 = digits.parse().ok()?;
    let (_, trunk, shortest, longest) = PLANS.iter().find(|(code, ..)| *code == digits)?;
    Some(Plan { trunk, shortest: usize::from(*shortest), longest: usize::from(*longest) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_calling_code_is_the_beginning_of_another_one() {
        for (code, ..) in PLANS {
            let begins = |other: u16| other.to_string().starts_with(&code.to_string());
            assert_eq!(PLANS.iter().filter(|(other, ..)| begins(*other)).count(), 1, "{code}");
        }
    }

    #[test]
    fn a_whole_number_of_each_country_is_e164() {
        for (code, trunk, shortest, longest) in PLANS {
            let plan = plan(&format!("+{code}")).expect("it is in the list");
            let length = code.to_string().len();
            assert!(plan.trunk == trunk && shortest <= longest, "{code}");
            assert!(length + plan.shortest >= 7 && length + plan.longest <= 15, "{code}");
        }
        assert!(plan("+54").is_none() && plan("").is_none());
    }
}
