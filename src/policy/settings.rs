//! The options that the core takes.

use super::by_name::ByName;
use super::channels::Channels;
use super::clause::ClauseName;
use super::devices::TrustedDevices;
use super::federated::Federated;
use super::limits::Limits;
use super::messages::Texts;
use super::require::Require;
use super::sessions::{EndOtherSessions, StepUpAtSignIn};
use super::verify::VerifySettings;
use super::webauthn::{PhishingResistant, WebauthnSettings};
use core::fmt;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// What the operator sets.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// `enrolled` (default), `everyone` or `nobody`. What the app says of one user goes before it.
    #[tsify(optional)]
    pub require: Require,
    /// `ask` (default), `refuse` or `trust`: what a provider's word is worth as the first factor.
    #[tsify(optional)]
    pub federated: Federated,
    /// The host name of the app's page: `example.com`. Passkeys are bound to it, and messages have WebOTP's last line for it.
    #[tsify(optional)]
    pub origin: Option<String>,
    /// The app's name, shown by authenticator apps; without a colon.
    #[tsify(optional)]
    pub issuer: Option<String>,
    /// Calling codes that messages may go to, `+1`, `+359`, or with a hyphen, that they may not go to: `-+1876`. All when empty.
    #[tsify(optional)]
    pub countries: Vec<String>,
    /// The calling code of numbers that are written without one: `+359`.
    #[tsify(optional)]
    pub default_country: Option<String>,
    /// Whether `request.ip` is the client's own address. Only then are calls counted by address.
    #[tsify(optional)]
    pub trust_addresses: bool,
    /// The language of messages to users without a `locale`: `en` unless set.
    #[tsify(optional)]
    pub locale: Option<String>,
    /// The ways by which codes travel to a number, in the app's order: text messages by default.
    #[tsify(optional)]
    pub channels: Channels,
    /// Through which service of Twilio Verify codes go, in place of messages and calls of the app's own: `{ serviceSid: 'VA…' }`.
    #[tsify(optional)]
    pub verify: Option<VerifySettings>,
    /// The public address of the app's handler of what the provider tells of its messages, over https.
    #[tsify(optional)]
    pub status_callback: Option<String>,
    /// The hash by which Android knows the app that a code is for, of eleven characters. It stands in text messages.
    #[tsify(optional)]
    pub android_hash: Option<String>,
    /// The app's own texts, by language and kind, in place of the built-in ones: `{ de: { code: 'Ihr Code: {code}' } }`.
    #[tsify(optional, type = "Record<string, Texts>")]
    pub messages: ByName<Texts>,
    /// What passkeys are bound to, beyond what `origin` says.
    #[tsify(optional)]
    pub webauthn: WebauthnSettings,
    /// `preferred` (default): passkeys stand first. `required`: a user who has one is offered passkeys and recovery codes only.
    #[tsify(optional)]
    pub phishing_resistant: PhishingResistant,
    /// Whether a sign-in that passed the second factor, and the confirmation of a factor, count as a step-up of the session: `true` by
    /// default.
    #[tsify(optional, type = "boolean")]
    pub step_up_at_sign_in: StepUpAtSignIn,
    /// Whether a confirmed or removed factor ends the user's other sessions: `asked` (default) where the call says so, or `always`.
    #[tsify(optional)]
    pub end_other_sessions: EndOtherSessions,
    /// For how many days a browser can be trusted. Off by default: it needs `allow: ['trusted-device']` and a key ring.
    #[tsify(optional)]
    pub trusted_devices: Option<TrustedDevices>,
    /// What clients call our functions, where the app has functions of its own under our names: `{ login: 'signIn' }`.
    #[tsify(
        optional,
        type = "Partial<Record<Exclude<Function, 'resetTwoFactor' | 'importTwoFactor' | 'twoFactorHealth'>, string>>"
    )]
    pub functions: ByName<String>,
    /// Numbers and durations. Each has a default.
    #[tsify(optional)]
    pub limits: Limits,
    /// Names of broken clauses to accept all the same: `['code-lifetime']`.
    #[tsify(optional)]
    pub allow: Vec<ClauseName>,
}

/// A setting that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSetting {
    /// What `allow` takes to accept it all the same. `None` where it makes no sense at all.
    pub clause: Option<ClauseName>,
    /// The sentence for the operator, naming the clause.
    pub reason: String,
}

impl InvalidSetting {
    /// A setting that makes no sense, whatever is allowed.
    pub(super) fn senseless(reason: String) -> InvalidSetting {
        InvalidSetting { clause: None, reason }
    }
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        if let Some(clause) = self.clause {
            write!(f, " To accept the risk, set allow: ['{}'].", clause.as_str())?;
        }
        Ok(())
    }
}

impl core::error::Error for InvalidSetting {}
