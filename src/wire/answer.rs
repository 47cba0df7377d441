//! What a ceremony answers.

use super::dashboard::PanelFacts;
use super::import::NotImported;
use super::let_through::LetThrough;
use super::method::Method;
use super::progress::Progress;
use crate::crypto::Secret;
use crate::factor::webauthn::{CreationOptions, RequestOptions, UserVerification};
use crate::id::{DeviceId, FactorId, KeyId, UserId};
use crate::policy::{ByName, Channel, ClauseName, Federated, Limit, PhishingResistant, Require};
use crate::time::Time;
use serde::Serialize;
use tsify::Tsify;

/// What a ceremony answers, as it stands in `result` on the wire. Times are milliseconds since 1970, durations seconds.
#[derive(Debug, Serialize, Tsify)]
#[serde(untagged, rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Answer {
    /// The second factor is asked for.
    Challenge {
        /// [`Progress::Challenge`].
        status: Progress,
        /// The token that the answer has to bring.
        challenge: Secret,
        /// The method that was begun.
        method: Method,
        /// The masked number that the code went to.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// How long the challenge is good.
        expires_in: u64,
        /// When a further code may be asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        resend_in: Option<u64>,
        /// The methods that the user can answer with, the preferred one first.
        methods: Vec<Method>,
        /// Wrong answers that are still possible.
        attempts: u32,
        /// For a user with a passkey: what the browser's `navigator.credentials.get()` takes.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        public_key: Option<RequestOptions>,
        /// Of a sign-in, where browsers can be trusted: for how many days.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        trust_days: Option<u32>,
        /// `null` where the token of a browser was sent that is of no use any more.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional, type = "null")]
        device: Option<Option<Secret>>,
    },
    /// The user is signed in.
    Session {
        /// [`Progress::SignedIn`].
        status: Progress,
        /// The session's token.
        session_token: Secret,
        /// After a recovery code: how many are left.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        recovery_codes_left: Option<usize>,
        /// The token of the browser that is trusted from now on; `null` where one was sent that is of no use any more.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional, type = "string | null")]
        device: Option<Option<Secret>>,
    },
    /// The user has to enroll a second factor first.
    EnrollFirst {
        /// [`Progress::Enroll`].
        status: Progress,
        /// The token to enroll with.
        enroll: Secret,
        /// The methods that can be enrolled, the preferred one first.
        methods: Vec<Method>,
        /// How long the token is good.
        expires_in: u64,
        /// `null` where the token of a browser was sent that is of no use any more.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional, type = "null")]
        device: Option<Option<Secret>>,
    },
    /// The user's second factors.
    Status {
        /// The factors, the tutorial's column first.
        factors: Vec<FactorStatus>,
        /// Unused recovery codes.
        recovery_codes_left: usize,
        /// Whether the second factor is disabled after too many failures.
        disabled: bool,
        /// The browsers that the user trusts, the newest first.
        devices: Vec<DeviceStatus>,
        /// The methods that this user could enroll now.
        can: Vec<Method>,
        /// What `enrollTwoFactor` wants next. `None` where it wants nothing more.
        asks: Option<EnrollProof>,
        /// Whether the last factor has to stay.
        required: bool,
        /// Until when this session has stepped up.
        stepped_up_until: Option<Time>,
        /// Where Parse Dashboard asks: what it shows beside it.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        panel: Option<PanelFacts>,
    },
    /// Nothing is reset: Parse Dashboard has to ask first what goes.
    AskScope {
        /// The names of the scopes, the mildest first. That of what is always reset is empty.
        scopes: Vec<&'static str>,
    },
    /// A reset by Parse Dashboard, which tells a person.
    WasReset {
        /// The user.
        user: UserId,
        /// The name of the scope, as in [`Answer::AskScope`].
        scope: &'static str,
    },
    /// An authenticator app to set up.
    TotpEnrollment {
        /// The token that the confirmation has to bring.
        enrollment: Secret,
        /// The secret in base32, to type.
        secret: Secret,
        /// The `otpauth:` URI.
        uri: Secret,
        /// The URI as a QR code, in SVG.
        qr: Secret,
        /// How long the enrollment is good.
        expires_in: u64,
    },
    /// A number that a code was sent to.
    NumberEnrollment {
        /// The token that the confirmation has to bring.
        enrollment: Secret,
        /// The masked number.
        to: String,
        /// How long the code is good.
        expires_in: u64,
        /// After how many seconds another code can be sent.
        resend_in: u64,
        /// How the code went, where the provider does not reach the number by the way that was asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        method: Option<Method>,
    },
    /// A passkey to create.
    PasskeyEnrollment {
        /// The token that the confirmation has to bring.
        enrollment: Secret,
        /// How long the enrollment is good.
        expires_in: u64,
        /// What the browser's `navigator.credentials.create()` takes.
        public_key: CreationOptions,
    },
    /// A factor counts from now on.
    Confirmed {
        /// The factor.
        factor: FactorStatus,
        /// With the first factor, its recovery codes. They are shown once.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        recovery_codes: Option<Vec<Secret>>,
        /// For a user who had to enroll to sign in: the session's token.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        session_token: Option<Secret>,
        /// Whether the other sessions ended, where that was asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        other_sessions_ended: Option<bool>,
    },
    /// A factor is gone.
    Removed {
        /// Whether the other sessions ended, where that was asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        other_sessions_ended: Option<bool>,
    },
    /// A factor has another name.
    Renamed {
        /// The factor.
        factor: FactorStatus,
    },
    /// New recovery codes. They are shown once.
    RecoveryCodes {
        /// The codes.
        recovery_codes: Vec<Secret>,
    },
    /// The session has stepped up.
    SteppedUp {
        /// [`Progress::SteppedUp`].
        status: Progress,
        /// The end of the step-up.
        until: Time,
    },
    /// What became of an import.
    Imported {
        /// The user; `None` where nobody is left to import.
        user: Option<UserId>,
        /// The methods of the factors that it added; in a dry run, of those that it would add.
        added: Vec<Method>,
        /// Whether Parse's own adapter keeps nothing of the user any more.
        cleared: bool,
        /// Why the user was left as is.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        refused: Option<NotImported>,
    },
    /// What the deployment goes by.
    Health(Health),
    /// A save of a user may go on.
    Judged {
        /// Columns that the save carries and the row holds already. They must not be written.
        unchanged: Vec<UserColumn>,
        /// The number that the save carries, in E.164, where it was written otherwise. This is what is saved.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        phone_number: Option<String>,
        /// What has to be handed in once Parse has saved the user.
        #[tsify(optional)]
        let_through: Option<LetThrough>,
    },
    /// What a call says next.
    Spoken {
        /// Twilio's document.
        twiml: Secret,
    },
    /// Done, with nothing to say.
    Nothing {},
}

impl Answer {
    /// The same, without the offer to trust the browser.
    pub(crate) fn without_trust(mut self) -> Answer {
        if let Answer::Challenge { trust_days, .. } = &mut self {
            *trust_days = None;
        }
        self
    }

    /// The same, with word that the token of a trusted browser is of no use any more.
    pub(crate) fn forgetting_device(mut self) -> Answer {
        if let Answer::Challenge { device, .. } | Answer::Session { device, .. } | Answer::EnrollFirst { device, .. } =
            &mut self
        {
            *device = Some(None);
        }
        self
    }
}

/// A column of `_User`, by what the option `columns` calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum UserColumn {
    /// Where the number is.
    PhoneNumber,
    /// Where the sender is.
    From,
}

/// What has to be proven before a factor is enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum EnrollProof {
    /// The password, for the first factor.
    Password,
    /// A provider's word, for the first factor of a user who has no password.
    AuthData,
    /// A step-up, for a further one.
    StepUp,
}

/// What a running deployment goes by, for an operator to check. None of it is secret.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The version of the core.
    pub version: &'static str,
    /// The ids of the keys, the writing one first.
    pub keys: Vec<KeyId>,
    /// Whether the operator gave the keys. Without that nothing that lasts can be made.
    pub durable: bool,
    /// The functions that the app calls otherwise, by our names.
    #[tsify(type = "Map<string, string>")]
    pub functions: ByName<String>,
    /// Who needs a second factor.
    pub require: RequireMode,
    /// What a provider's word is worth.
    pub federated: Federated,
    /// Calling codes that messages may go to.
    pub countries: Vec<String>,
    /// The calling code of numbers that are written without one.
    pub default_country: Option<String>,
    /// The channels that are on, in the app's order.
    pub channels: Vec<Channel>,
    /// The service of Twilio Verify that codes go through. `None` where they do not.
    pub verify: Option<String>,
    /// Whether calls are counted by address.
    pub trust_addresses: bool,
    /// Clauses that may be broken.
    pub allow: Vec<ClauseName>,
    /// What passkeys are bound to. `None` where they are off.
    pub webauthn: Option<WebauthnHealth>,
    /// Whether users with a passkey may choose a method that can be phished.
    pub phishing_resistant: PhishingResistant,
    /// For how many days browsers can be trusted. `None` where they cannot.
    pub trusted_days: Option<u32>,
    /// Every limit.
    pub limits: Vec<Limit>,
    /// The server's clock.
    pub now: Time,
    /// The address that the server takes the caller for.
    pub address: Option<String>,
}

/// What passkeys are bound to.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct WebauthnHealth {
    /// The relying party's id.
    pub rp_id: String,
    /// The pages that may ask for a passkey.
    pub origins: Vec<String>,
    /// Whether the authenticator verifies its user.
    pub user_verification: UserVerification,
}

/// Who needs a second factor, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum RequireMode {
    /// The setting: users who have one.
    Enrolled,
    /// The setting: everyone.
    Everyone,
    /// The setting: everyone, and no trusted browser counts.
    Always,
    /// The setting: nobody yet.
    Nobody,
    /// The app's function, for each user.
    Function,
}

impl From<Require> for RequireMode {
    fn from(require: Require) -> RequireMode {
        match require {
            Require::Enrolled => RequireMode::Enrolled,
            Require::Everyone => RequireMode::Everyone,
            Require::Always => RequireMode::Always,
            Require::Nobody => RequireMode::Nobody,
        }
    }
}

/// A factor as its owner may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct FactorStatus {
    /// `phone_number` for the tutorial's column.
    pub id: FactorId,
    /// The method of its codes.
    pub method: Method,
    /// The user's name for it, or its masked number.
    pub label: String,
    /// When its enrollment was begun; 0 for the tutorial's column.
    pub created_at: Time,
    /// Of a number: the number, masked. None where its key is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub to: Option<String>,
    /// Of several numbers: whether this is the one that codes go to first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub first: Option<bool>,
    /// Of a passkey: whether it was synced between devices when it was enrolled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub synced: Option<bool>,
    /// Of a passkey: the authenticator's model, as the authenticator says. Nobody vouches for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub aaguid: Option<String>,
}

/// A trusted browser as its owner may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct DeviceStatus {
    /// Its id.
    pub id: DeviceId,
    /// Browser and system in a few words, as the client said.
    pub label: String,
    /// When it was trusted.
    pub created_at: Time,
    /// Until when it is.
    pub ends_at: Time,
}
