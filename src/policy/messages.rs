//! An app's own texts for messages.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Carries a code.
    Code,
    /// Says that a factor was added.
    FactorAdded,
    /// Says that a factor was removed.
    FactorRemoved,
    /// Says that the recovery codes were replaced.
    RecoveryCodesRenewed,
    /// Says that somebody used a recovery code.
    RecoveryCodeUsed,
    /// Says that other sessions were ended.
    SessionsEnded,
    /// Says that a provider was linked or unlinked.
    ProvidersChanged,
    /// Says that a browser is trusted from now on.
    DeviceTrusted,
    /// Says that an operator has reset the second factor.
    Reset,
    /// Says that the e-mail address was changed.
    EmailChanged,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [MessageKind; 10] = [
        MessageKind::Code,
        MessageKind::FactorAdded,
        MessageKind::FactorRemoved,
        MessageKind::RecoveryCodesRenewed,
        MessageKind::RecoveryCodeUsed,
        MessageKind::SessionsEnded,
        MessageKind::ProvidersChanged,
        MessageKind::DeviceTrusted,
        MessageKind::Reset,
        MessageKind::EmailChanged,
    ];

    /// The name in the option `messages`.
    pub fn name(self) -> &'static str {
        match self {
            MessageKind::Code => "code",
            MessageKind::FactorAdded => "factorAdded",
            MessageKind::FactorRemoved => "factorRemoved",
            MessageKind::RecoveryCodesRenewed => "recoveryCodesRenewed",
            MessageKind::RecoveryCodeUsed => "recoveryCodeUsed",
            MessageKind::SessionsEnded => "sessionsEnded",
            MessageKind::ProvidersChanged => "providersChanged",
            MessageKind::DeviceTrusted => "deviceTrusted",
            MessageKind::Reset => "reset",
            MessageKind::EmailChanged => "emailChanged",
        }
    }
}

/// An app's own texts in one language. A text that is left out is the built-in one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct Texts {
    /// Carries the code in the place of `{code}`.
    #[tsify(optional)]
    pub code: Option<String>,
    /// Sent when a factor was added.
    #[tsify(optional)]
    pub factor_added: Option<String>,
    /// Sent when a factor was removed.
    #[tsify(optional)]
    pub factor_removed: Option<String>,
    /// Sent when the recovery codes were replaced.
    #[tsify(optional)]
    pub recovery_codes_renewed: Option<String>,
    /// Sent when somebody used a recovery code.
    #[tsify(optional)]
    pub recovery_code_used: Option<String>,
    /// Sent to every number of the user when the other sessions were ended.
    #[tsify(optional)]
    pub sessions_ended: Option<String>,
    /// Sent when a provider was linked or unlinked.
    #[tsify(optional)]
    pub providers_changed: Option<String>,
    /// Sent when a browser is trusted from now on.
    #[tsify(optional)]
    pub device_trusted: Option<String>,
    /// Sent when an operator has reset the second factor.
    #[tsify(optional)]
    pub reset: Option<String>,
    /// Sent to the old address when the address was changed.
    #[tsify(optional)]
    pub email_changed: Option<String>,
    /// The subject of a notice by mail.
    #[tsify(optional)]
    pub subject: Option<String>,
    /// The subject of a mail with a code.
    #[tsify(optional)]
    pub code_subject: Option<String>,
}

impl Texts {
    /// The text of this kind, if the app has one.
    pub(crate) fn get(&self, kind: MessageKind) -> Option<&str> {
        match kind {
            MessageKind::Code => self.code.as_deref(),
            MessageKind::FactorAdded => self.factor_added.as_deref(),
            MessageKind::FactorRemoved => self.factor_removed.as_deref(),
            MessageKind::RecoveryCodesRenewed => self.recovery_codes_renewed.as_deref(),
            MessageKind::RecoveryCodeUsed => self.recovery_code_used.as_deref(),
            MessageKind::SessionsEnded => self.sessions_ended.as_deref(),
            MessageKind::ProvidersChanged => self.providers_changed.as_deref(),
            MessageKind::DeviceTrusted => self.device_trusted.as_deref(),
            MessageKind::Reset => self.reset.as_deref(),
            MessageKind::EmailChanged => self.email_changed.as_deref(),
        }
    }
}
