//! The set `authenticators`: factors, which of them count, and recovery codes.

use super::unknown::{Element, Unknown, deserialize_element, serialize_tagged};
use crate::id::{FactorId, KeyId};
use crate::time::Time;
use crate::wire::Method;
use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What can be enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactorKind {
    /// An authenticator app.
    Totp,
    /// A passkey or a security key.
    #[serde(rename = "webauthn")]
    Passkey,
    /// A phone number that codes are sent to. Rows call it by its first channel.
    #[serde(rename = "sms")]
    Number,
    /// The user's e-mail address.
    #[serde(rename = "email")]
    Mailbox,
}

impl FactorKind {
    /// The method of the wire that a factor of this kind is listed under.
    pub fn method(self) -> Method {
        match self {
            FactorKind::Totp => Method::Totp,
            FactorKind::Passkey => Method::Webauthn,
            FactorKind::Number => Method::Sms,
            FactorKind::Mailbox => Method::Email,
        }
    }
}

/// An authenticator that the user enrolled. It counts once its id is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Factor {
    /// Its id.
    pub id: FactorId,
    /// What it is.
    #[serde(rename = "method")]
    pub kind: FactorKind,
    /// The user's name for it, or its masked number.
    pub label: String,
    /// When its enrollment was begun.
    pub at: Time,
    /// The key that `sealed` is under.
    pub kid: KeyId,
    /// The TOTP secret, the phone number or the credential, sealed for this account and factor. A passkey whose enrollment is not over
    /// seals nothing: its next generation has the credential. Of an address a keyed hash, which opens to nobody.
    pub sealed: String,
    /// How often it was sealed anew or renamed. Of elements with one id the highest counts, so that one can take another's place
    /// without a moment in which there is none.
    #[serde(default, skip_serializing_if = "is_original")]
    pub generation: u32,
}

fn is_original(generation: &u32) -> bool {
    *generation == 0
}

impl Factor {
    /// Whether the other element stands for the same factor and counts in place of this one. Everybody has to find the same one, so
    /// where the generations are equal the rest decides.
    pub(super) fn is_superseded_by(&self, other: &Factor) -> bool {
        self.id == other.id && self.rank() < other.rank()
    }

    fn rank(&self) -> (u32, &KeyId, &str, &str) {
        (self.generation, &self.kid, &self.sealed, &self.label)
    }
}

/// The keyed hash of a recovery code that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCode {
    /// The key that it is hashed under.
    pub kid: KeyId,
    /// The hash.
    pub hash: String,
}

/// An element of the set.
#[derive(Clone, Debug, PartialEq)]
pub enum OfAuthenticators {
    /// A factor.
    Factor(Factor),
    /// The id of a factor that counts.
    Confirmed(FactorId),
    /// A recovery code.
    RecoveryCode(RecoveryCode),
    /// Something of a later version.
    Unknown(Unknown),
}

impl Element for OfAuthenticators {
    fn read<'de, A: MapAccess<'de>>(tag: &str, map: &mut A) -> Result<Option<Self>, A::Error> {
        Ok(Some(match tag {
            "factor" => OfAuthenticators::Factor(map.next_value()?),
            "confirmed" => OfAuthenticators::Confirmed(map.next_value()?),
            "recoveryCode" => OfAuthenticators::RecoveryCode(map.next_value()?),
            _ => return Ok(None),
        }))
    }

    fn unknown(unknown: Unknown) -> Self {
        OfAuthenticators::Unknown(unknown)
    }
}

impl Serialize for OfAuthenticators {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            OfAuthenticators::Factor(factor) => serialize_tagged(serializer, "factor", factor),
            OfAuthenticators::Confirmed(id) => serialize_tagged(serializer, "confirmed", id),
            OfAuthenticators::RecoveryCode(code) => serialize_tagged(serializer, "recoveryCode", code),
            OfAuthenticators::Unknown(unknown) => unknown.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for OfAuthenticators {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_element(deserializer)
    }
}

impl From<Factor> for OfAuthenticators {
    fn from(factor: Factor) -> Self {
        OfAuthenticators::Factor(factor)
    }
}

impl From<RecoveryCode> for OfAuthenticators {
    fn from(code: RecoveryCode) -> Self {
        OfAuthenticators::RecoveryCode(code)
    }
}

impl From<Unknown> for OfAuthenticators {
    fn from(unknown: Unknown) -> Self {
        OfAuthenticators::Unknown(unknown)
    }
}
