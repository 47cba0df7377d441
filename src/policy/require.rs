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
    /// Everyone, and no trusted browser counts.
    Always,
    /// Nobody is asked yet, and Parse's own sign-in stays open: the first stage of a roll-out.
    Nobody,
}

impl Require {
    /// Every word that the option and the app's function may answer.
    pub const ALL: [Require; 4] = [Require::Enrolled, Require::Everyone, Require::Always, Require::Nobody];

    /// Whether a user has to have one, so that the last one stays.
    pub(crate) fn keeps_last(self) -> bool {
        match self {
            Require::Everyone | Require::Always => true,
            Require::Enrolled | Require::Nobody => false,
        }
    }
}

/// Who asks the app what it requires of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Route {
    /// The function `login`.
    Login,
    /// Parse's own ways to sign in.
    Native,
    /// A change of number, password or factors; and the status, which says beforehand what that would meet.
    Save,
    /// The deletion of the user.
    Delete,
}
