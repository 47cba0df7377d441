//! Which name was probably meant by one that does not exist.
//!
//! Written for size: the module goes to every app, and this runs once, before a start that fails.

/// Names shorter than six letters may differ by this many.
const FEWEST_EDITS: usize = 2;

/// The name of `known` that a misspelt one is closest to, unless all are too far off.
///
/// Names are compared without regard to case, and without the group before the dot: whoever writes `codeLifetime` for
/// `limits.codeLifetime` meant it. Of equally close names the one in the same group is meant, then the first.
pub fn closest<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    let (group, own) = split(name.as_bytes());
    let mut best = None;
    let mut fewest = (usize::MAX, true);
    for candidate in known {
        let (its_group, its_own) = split(candidate.as_bytes());
        let edits = distance(own, its_own);
        let rank = (edits, its_group != group);
        // A third of the letters may be wrong; more is another word.
        if edits <= FEWEST_EDITS.max(own.len().min(its_own.len()) / 3) && rank < fewest {
            fewest = rank;
            best = Some(candidate.as_str());
        }
    }
    best
}

/// A name's group, and the name in it.
fn split(name: &[u8]) -> (&[u8], &[u8]) {
    match name.iter().position(|byte| *byte == b'.') {
        Some(dot) => (&name[..dot], &name[dot + 1..]),
        None => (&[], name),
    }
}

/// How many letters have to be inserted, removed or replaced to make one name of the other (Levenshtein). Our names are
/// ASCII; of a letter that is not, each byte counts.
fn distance(from: &[u8], to: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(!a.eq_ignore_ascii_case(b));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 7] =
        ["issuer", "require", "sms", "keys", "beforeLogin", "limits.codeLifetime", "limits.codeLength"];

    fn of(name: &str, known: &[&str]) -> Option<String> {
        let known: Vec<String> = known.iter().map(|name| name.to_string()).collect();
        closest(name, &known).map(str::to_owned)
    }

    fn meant(name: &str) -> Option<String> {
        of(name, &KNOWN)
    }

    #[test]
    fn a_letter_too_few_too_many_or_wrong_is_understood() {
        assert_eq!(meant("isuer").as_deref(), Some("issuer"));
        assert_eq!(meant("issuers").as_deref(), Some("issuer"));
        assert_eq!(meant("iszuer").as_deref(), Some("issuer"));
        assert_eq!(meant("kyes").as_deref(), Some("keys"));
        assert_eq!(meant("befroLogin").as_deref(), Some("beforeLogin"));
    }

    #[test]
    fn the_case_of_letters_does_not_matter() {
        assert_eq!(meant("SMS").as_deref(), Some("sms"));
        assert_eq!(meant("limits.codeLifeTime").as_deref(), Some("limits.codeLifetime"));
    }

    #[test]
    fn a_name_in_the_wrong_group_is_understood() {
        assert_eq!(meant("codeLifetime").as_deref(), Some("limits.codeLifetime"));
        assert_eq!(meant("limits.issuer").as_deref(), Some("issuer"));
    }

    #[test]
    fn of_equally_close_names_the_one_in_the_same_group_is_meant() {
        assert_eq!(of("limits.day", &["days", "limits.days"]).as_deref(), Some("limits.days"));
        assert_eq!(of("day", &["limits.days", "days"]).as_deref(), Some("days"));
    }

    #[test]
    fn a_name_that_resembles_none_suggests_none() {
        assert_eq!(meant("colour"), None);
        assert_eq!(meant("abc"), None);
        assert_eq!(meant(""), None);
        assert_eq!(of("issuer", &[]), None);
    }

    #[test]
    fn a_distance_counts_the_fewest_edits() {
        for (from, to, edits) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2)]
        {
            assert_eq!(distance(from.as_bytes(), to.as_bytes()), edits, "{from} → {to}");
        }
    }
}
