//! The option `verify`: Twilio Verify sends the codes.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// Through which service of Twilio Verify codes go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct VerifySettings {
    /// The service: `VA` and 32 hexadecimal digits. Its "Custom Verification Code" has to be on.
    pub service_sid: String,
}
