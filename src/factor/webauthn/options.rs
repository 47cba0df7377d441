//! What a browser is asked: `PublicKeyCredentialCreationOptionsJSON` and `PublicKeyCredentialRequestOptionsJSON` (WebAuthn L3
//! §5.1.8, §5.1.9).
//!
//! There are no `hints`: a credential's transports tell the browser more, and a registration is open to every authenticator.

// Names and meanings are WebAuthn's own.
#![allow(missing_docs)]

use super::{ALGORITHMS, Credential};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// Whether the authenticator verifies its user, by a PIN or a finger.
///
/// The password is the other factor, so `preferred` is enough (NIST SP 800-63B-4 App. B asks to prefer and to look at it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    Required,
    #[default]
    Preferred,
    Discouraged,
}

/// For `navigator.credentials.create()`.
#[derive(Clone, Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct CreationOptions {
    pub rp: RelyingParty,
    pub user: UserEntity,
    pub challenge: String,
    pub pub_key_cred_params: Vec<CredentialParameters>,
    pub timeout: u32,
    pub exclude_credentials: Vec<CredentialDescriptor>,
    pub authenticator_selection: AuthenticatorSelection,
    #[tsify(type = "\"none\"")]
    pub attestation: &'static str,
}

/// For `navigator.credentials.get()`.
#[derive(Clone, Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RequestOptions {
    pub challenge: String,
    pub timeout: u32,
    pub rp_id: String,
    pub allow_credentials: Vec<CredentialDescriptor>,
    pub user_verification: UserVerification,
}

#[derive(Clone, Debug, Serialize, Tsify)]
pub struct RelyingParty {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct UserEntity {
    /// The user handle as base64url.
    id: String,
    name: String,
    display_name: String,
}

impl UserEntity {
    /// The handle must be the same for ever, tell nothing about the user (L3 §14.6.1) and have at most 64 bytes. The name is for
    /// the owner alone: authenticators show it in a choice of accounts.
    pub fn new(handle: &[u8], name: &str) -> UserEntity {
        UserEntity { id: Base64UrlUnpadded::encode_string(handle), name: name.into(), display_name: name.into() }
    }
}

#[derive(Clone, Debug, Serialize, Tsify)]
pub struct CredentialParameters {
    #[tsify(type = "\"public-key\"")]
    r#type: &'static str,
    alg: i32,
}

#[derive(Clone, Debug, Serialize, Tsify)]
pub struct CredentialDescriptor {
    #[tsify(type = "\"public-key\"")]
    r#type: &'static str,
    id: String,
    /// Absent if unknown: an empty list would stand for none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[tsify(optional)]
    transports: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatorSelection {
    #[tsify(type = "\"discouraged\"")]
    resident_key: &'static str,
    user_verification: UserVerification,
}

impl CreationOptions {
    /// Options for a new credential beside `existing` ones of the user. The time is in milliseconds.
    ///
    /// - An authenticator that holds one of the existing credentials refuses. Without that list it would replace the credential
    ///   of this user, and the account would list one that is gone.
    /// - A discoverable credential is discouraged, because it takes one of the few slots of a security key.
    pub fn new<'a>(
        rp: RelyingParty,
        user: UserEntity,
        challenge: &[u8],
        timeout: u32,
        user_verification: UserVerification,
        existing: impl IntoIterator<Item = &'a Credential>,
    ) -> CreationOptions {
        CreationOptions {
            rp,
            user,
            challenge: Base64UrlUnpadded::encode_string(challenge),
            pub_key_cred_params: ALGORITHMS.map(|alg| CredentialParameters { r#type: PUBLIC_KEY, alg }).into(),
            timeout,
            exclude_credentials: existing.into_iter().map(CredentialDescriptor::from).collect(),
            authenticator_selection: AuthenticatorSelection { resident_key: "discouraged", user_verification },
            attestation: "none",
        }
    }
}

impl RequestOptions {
    /// Options for an assertion by one of these credentials. The time is in milliseconds.
    pub fn new<'a>(
        rp_id: &str,
        challenge: &[u8],
        timeout: u32,
        user_verification: UserVerification,
        credentials: impl IntoIterator<Item = &'a Credential>,
    ) -> RequestOptions {
        RequestOptions {
            challenge: Base64UrlUnpadded::encode_string(challenge),
            timeout,
            rp_id: rp_id.into(),
            allow_credentials: credentials.into_iter().map(CredentialDescriptor::from).collect(),
            user_verification,
        }
    }
}

const PUBLIC_KEY: &str = "public-key";

impl From<&Credential> for CredentialDescriptor {
    fn from(credential: &Credential) -> CredentialDescriptor {
        CredentialDescriptor {
            r#type: PUBLIC_KEY,
            id: Base64UrlUnpadded::encode_string(&credential.id),
            transports: credential.transports.clone(),
        }
    }
}
