//! Who needs a second factor.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// Who needs a second factor: for all users as a setting, or for one user as the app's answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Require {
    /// Users who have one. The others sign in by password.
    #[default]
    Enrolled,
    /// Everyone. A user without one enrolls while signing in.
    Everyone,
    /// Nobody is asked yet, and Parse's own sign-in stays open: the first stage of a roll-out.
    Nobody,
}

impl Require {
    /// Every word that the option and the app's function may answer.
    pub const ALL: [Require; 3] = [Require::Enrolled, Require::Everyone, Require::Nobody];
}
