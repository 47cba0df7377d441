//! How far a sign-in or a step-up has come.

use serde::Serialize;
use tsify::Tsify;

/// How far a sign-in or a step-up has come, as `status` in every answer of `login` and `stepUp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// The user is signed in.
    SignedIn,
    /// The second factor is asked for.
    Challenge,
    /// The user has to enroll a second factor first.
    Enroll,
    /// The session has stepped up.
    SteppedUp,
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn the_wire_has_four_words_for_progress() {
        let all = [Progress::SignedIn, Progress::Challenge, Progress::Enroll, Progress::SteppedUp];
        assert_eq!(
            serde_json::to_value(all).unwrap(),
            serde_json::json!(["signed-in", "challenge", "enroll", "stepped-up"])
        );
    }
}
