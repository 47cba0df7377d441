//! What a confirmed factor or a sign-in means for sessions.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// Whether a confirmed or removed factor ends the user's other sessions (ASVS 5.0 §7.4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum EndOtherSessions {
    /// Where the call says so.
    #[default]
    Asked,
    /// In any case.
    Always,
}

/// Whether a second factor that was just passed counts as a step-up. It does by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepUpAtSignIn(pub bool);

impl Default for StepUpAtSignIn {
    fn default() -> StepUpAtSignIn {
        StepUpAtSignIn(true)
    }
}
