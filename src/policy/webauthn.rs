//! The options about passkeys.

use crate::factor::webauthn::UserVerification;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// The option `webauthn`, for what the option `origin` does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct WebauthnSettings {
    /// The host name that passkeys are bound to: `origin` unless set. A change loses every passkey.
    #[tsify(optional)]
    pub rp_id: Option<String>,
    /// The pages and apps that may ask: `https://` and the host name unless set.
    #[tsify(optional)]
    pub origins: Vec<String>,
    /// `preferred` (default), `required` or `discouraged`.
    #[tsify(optional)]
    pub user_verification: UserVerification,
}

/// Whether users with a passkey may choose a method that can be phished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum PhishingResistant {
    /// Passkeys stand first.
    #[default]
    Preferred,
    /// A user who has a passkey is offered passkeys and recovery codes only.
    Required,
}
