//! The set `redemptions`: claims of challenges, and marks.

use super::authenticators::RecoveryCode;
use super::mark::Mark;
use super::unknown::{Element, Unknown, deserialize_element, serialize_tagged};
use crate::id::{ChallengeId, FactorId, Nonce};
use crate::time::Time;
use serde::de::{Error, MapAccess};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time step of an authenticator app that has been used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedStep {
    /// The factor.
    pub factor: FactorId,
    /// The step (RFC 6238 §4.2).
    pub step: u64,
}

/// What a verified response uses up beside its challenge. Two claims that share it cannot both win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spent {
    /// The code that was sent for the challenge: nothing more.
    SentCode,
    /// A step of an authenticator app, and every earlier one (RFC 6238 §5.2).
    Step(UsedStep),
    /// A recovery code, as stored.
    RecoveryCode(RecoveryCode),
    /// The answer of this passkey, which is for the challenge alone: nothing more.
    Assertion(FactorId),
}

impl Spent {
    /// The step of this authenticator app that it uses up.
    pub(super) fn step_of(&self, factor: &FactorId) -> Option<u64> {
        match self {
            Spent::Step(used) if used.factor == *factor => Some(used.step),
            Spent::Step(_) | Spent::SentCode | Spent::RecoveryCode(_) | Spent::Assertion(_) => None,
        }
    }

    /// Whether a claim that spends this loses to one that was there before and spent `earlier`.
    fn loses_to(&self, earlier: &Spent) -> bool {
        match (self, earlier) {
            (Spent::Step(mine), Spent::Step(other)) => mine.factor == other.factor && mine.step <= other.step,
            (Spent::RecoveryCode(mine), Spent::RecoveryCode(other)) => mine == other,
            (Spent::SentCode | Spent::Step(_) | Spent::RecoveryCode(_) | Spent::Assertion(_), _) => false,
        }
    }
}

/// One claim of a challenge with a right code. The first has won.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "StoredClaim", try_from = "StoredClaim")]
pub struct Claim {
    /// The challenge.
    pub challenge: ChallengeId,
    /// Tells it from other claims.
    pub nonce: Nonce,
    /// When.
    pub at: Time,
    /// What it uses up.
    pub spent: Spent,
    /// The factor that it confirms.
    pub confirms: Option<FactorId>,
    /// The revocations that were there when the response was looked at. If the claim opens a session, these are the ones that its
    /// step-up outlives.
    pub known_revocations: Vec<Nonce>,
    /// By a code that was sent: the keyed hash of the number. If the claim opens a session, the session's step-up is good as long as the
    /// number is one of the user's.
    pub number: Option<String>,
}

impl Claim {
    /// Whether this claim loses to another that was in the row before it.
    pub(super) fn loses_to(&self, earlier: &Claim) -> bool {
        self.challenge == earlier.challenge || self.spent.loses_to(&earlier.spent)
    }
}

/// A claim as the row has it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredClaim {
    challenge: ChallengeId,
    nonce: Nonce,
    at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    totp: Option<UsedStep>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recovery_code: Option<RecoveryCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    webauthn: Option<FactorId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    factor: Option<FactorId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    outlives: Vec<Nonce>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<String>,
}

impl From<Claim> for StoredClaim {
    fn from(claim: Claim) -> StoredClaim {
        let (totp, recovery_code, webauthn) = match claim.spent {
            Spent::SentCode => (None, None, None),
            Spent::Step(step) => (Some(step), None, None),
            Spent::RecoveryCode(code) => (None, Some(code), None),
            Spent::Assertion(factor) => (None, None, Some(factor)),
        };
        StoredClaim {
            challenge: claim.challenge,
            nonce: claim.nonce,
            at: claim.at,
            totp,
            recovery_code,
            webauthn,
            factor: claim.confirms,
            outlives: claim.known_revocations,
            number: claim.number,
        }
    }
}

impl TryFrom<StoredClaim> for Claim {
    type Error = &'static str;

    fn try_from(stored: StoredClaim) -> Result<Claim, &'static str> {
        let StoredClaim { challenge, nonce, at, totp, recovery_code, webauthn, factor, outlives, number } = stored;
        let spent = match (totp, recovery_code, webauthn) {
            (None, None, None) => Spent::SentCode,
            (Some(step), None, None) => Spent::Step(step),
            (None, Some(code), None) => Spent::RecoveryCode(code),
            (None, None, Some(factor)) => Spent::Assertion(factor),
            (Some(_), Some(_), _) | (_, Some(_), Some(_)) | (Some(_), _, Some(_)) => {
                return Err("a claim that uses up two things");
            }
        };
        Ok(Claim { challenge, nonce, at, spent, confirms: factor, known_revocations: outlives, number })
    }
}

/// An element of the set.
#[derive(Clone, Debug, PartialEq)]
pub enum OfRedemptions {
    /// A claim.
    Claim(Claim),
    /// A mark.
    Mark(Mark),
    /// Something of a later version.
    Unknown(Unknown),
}

impl Element for OfRedemptions {
    fn read<'de, A: MapAccess<'de>>(tag: &str, map: &mut A) -> Result<Option<Self>, A::Error> {
        Ok(Some(match tag {
            "redemption" => OfRedemptions::Claim(map.next_value()?),
            "mark" => OfRedemptions::Mark(Mark::read(map.next_value()?).map_err(A::Error::custom)?),
            _ => return Ok(None),
        }))
    }

    fn unknown(unknown: Unknown) -> Self {
        OfRedemptions::Unknown(unknown)
    }
}

impl Serialize for OfRedemptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            OfRedemptions::Claim(claim) => serialize_tagged(serializer, "redemption", claim),
            OfRedemptions::Mark(mark) => mark.write(serializer),
            OfRedemptions::Unknown(unknown) => unknown.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for OfRedemptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_element(deserializer)
    }
}

impl From<Claim> for OfRedemptions {
    fn from(claim: Claim) -> Self {
        OfRedemptions::Claim(claim)
    }
}

impl From<Mark> for OfRedemptions {
    fn from(mark: Mark) -> Self {
        OfRedemptions::Mark(mark)
    }
}

impl From<Unknown> for OfRedemptions {
    fn from(unknown: Unknown) -> Self {
        OfRedemptions::Unknown(unknown)
    }
}
