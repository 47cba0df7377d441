//! The set `challenges`: what a user was asked to prove, the codes sent for it, and the attempts at it.

use super::delivery::{Delivered, LostCode, Verification};
use super::unknown::{Element, Unknown, deserialize_element, serialize_tagged};
use crate::id::{ChallengeId, EnrollStamp, FactorId, KeyId, Nonce, ProviderName, SessionHash, UserId};
use crate::policy::Channel;
use crate::time::Time;
use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a challenge is for, with what belongs to it. A challenge for one purpose is unknown to every other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in.
    SignIn {
        /// Whose word was the first factor; `None` for a password. Parse has other rules for each, and they hold when the session opens.
        provider: Option<ProviderName>,
    },
    /// Stepping up in a session.
    StepUp {
        /// The session that asked.
        session: SessionHash,
    },
    /// Confirming a factor.
    Enrollment {
        /// The session that asked.
        session: SessionHash,
        /// The factor.
        factor: FactorId,
        /// Whether a password began it. It is good only as long as the user has no factor.
        by_password: bool,
    },
    /// Confirming the first factor of a user who has to enroll one to sign in. There is no session yet.
    SignInEnrollment {
        /// What it keeps of the token that it was begun with.
        stamp: EnrollStamp,
        /// The factor.
        factor: FactorId,
    },
}

/// The name of a purpose, as it stands in the row and under keyed hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PurposeName {
    /// Signing in.
    SignIn,
    /// Stepping up.
    StepUp,
    /// Confirming a factor. Rows spell it in the British way.
    #[serde(rename = "enrolment")]
    Enrollment,
    /// Confirming a factor while signing in. In a row it is an enrollment with a stamp in the place of the session: an older version finds
    /// one that no session can confirm.
    #[serde(skip)]
    SignInEnrollment,
}

impl PurposeName {
    /// The name under keyed hashes.
    pub fn as_str(self) -> &'static str {
        match self {
            PurposeName::SignIn => "sign-in",
            PurposeName::StepUp => "step-up",
            PurposeName::Enrollment => "enrolment",
            PurposeName::SignInEnrollment => "sign-in enrolment",
        }
    }

    /// Whether it confirms a factor.
    pub fn is_enrollment(self) -> bool {
        matches!(self, PurposeName::Enrollment | PurposeName::SignInEnrollment)
    }

    /// The name in a row.
    fn stored(self) -> PurposeName {
        match self {
            PurposeName::SignInEnrollment => PurposeName::Enrollment,
            other @ (PurposeName::SignIn | PurposeName::StepUp | PurposeName::Enrollment) => other,
        }
    }
}

impl Purpose {
    /// Its name.
    pub fn name(&self) -> PurposeName {
        match self {
            Purpose::SignIn { .. } => PurposeName::SignIn,
            Purpose::StepUp { .. } => PurposeName::StepUp,
            Purpose::Enrollment { .. } => PurposeName::Enrollment,
            Purpose::SignInEnrollment { .. } => PurposeName::SignInEnrollment,
        }
    }

    /// The session that it is bound to. A sign-in has none.
    pub fn session(&self) -> Option<&SessionHash> {
        match self {
            Purpose::SignIn { .. } | Purpose::SignInEnrollment { .. } => None,
            Purpose::StepUp { session } | Purpose::Enrollment { session, .. } => Some(session),
        }
    }

    /// The factor that it confirms.
    pub fn factor(&self) -> Option<&FactorId> {
        match self {
            Purpose::SignIn { .. } | Purpose::StepUp { .. } => None,
            Purpose::Enrollment { factor, .. } | Purpose::SignInEnrollment { factor, .. } => Some(factor),
        }
    }

    /// Whose word was the first factor of the sign-in. That of a sign-in which had to enroll first stands in its stamp.
    pub fn provider(&self) -> Option<&ProviderName> {
        match self {
            Purpose::SignIn { provider } => provider.as_ref(),
            Purpose::StepUp { .. } | Purpose::Enrollment { .. } | Purpose::SignInEnrollment { .. } => None,
        }
    }

    /// What it keeps of the token that it was begun with, if it was begun while signing in.
    pub fn stamp(&self) -> Option<&EnrollStamp> {
        match self {
            Purpose::SignInEnrollment { stamp, .. } => Some(stamp),
            Purpose::SignIn { .. } | Purpose::StepUp { .. } | Purpose::Enrollment { .. } => None,
        }
    }

    /// Whether a first factor alone began it, a password say. It is good only as long as the user has no second one.
    pub fn is_by_password(&self) -> bool {
        matches!(self, Purpose::Enrollment { by_password: true, .. } | Purpose::SignInEnrollment { .. })
    }
}

/// Something a user was asked to prove, from the first call to its claim or its expiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "StoredChallenge", try_from = "StoredChallenge")]
pub struct Challenge {
    /// Its id.
    pub id: ChallengeId,
    /// What it is for.
    pub purpose: Purpose,
    /// The user that it was given to.
    pub user: UserId,
    /// The key under which its token and its codes are hashed.
    pub kid: KeyId,
    /// When it was begun.
    pub at: Time,
    /// The keyed hash of what it is founded on. A change of that voids it, whether or not anybody lived to remove it.
    pub basis: Option<String>,
}

/// A challenge as the row has it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredChallenge {
    id: ChallengeId,
    purpose: PurposeName,
    user: UserId,
    kid: KeyId,
    at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<SessionHash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    factor: Option<FactorId>,
    #[serde(default, skip_serializing_if = "is_false")]
    first: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provider: Option<ProviderName>,
    #[serde(default, skip_serializing_if = "is_false")]
    signing_in: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    basis: Option<String>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl From<Challenge> for StoredChallenge {
    fn from(challenge: Challenge) -> StoredChallenge {
        let purpose = &challenge.purpose;
        StoredChallenge {
            purpose: purpose.name().stored(),
            session: purpose.session().cloned().or_else(|| purpose.stamp().map(|stamp| SessionHash::from(&**stamp))),
            factor: purpose.factor().cloned(),
            first: purpose.is_by_password(),
            provider: purpose.provider().cloned(),
            signing_in: purpose.stamp().is_some(),
            id: challenge.id,
            user: challenge.user,
            kid: challenge.kid,
            at: challenge.at,
            basis: challenge.basis,
        }
    }
}

impl TryFrom<StoredChallenge> for Challenge {
    type Error = &'static str;

    fn try_from(stored: StoredChallenge) -> Result<Challenge, &'static str> {
        let StoredChallenge { id, purpose, user, kid, at, session, factor, first, signing_in, provider, basis } =
            stored;
        let purpose = match (purpose, session, factor, first, signing_in, provider) {
            (PurposeName::SignIn, None, None, false, false, provider) => Purpose::SignIn { provider },
            (PurposeName::StepUp, Some(session), None, false, false, None) => Purpose::StepUp { session },
            (PurposeName::Enrollment, Some(session), Some(factor), by_password, false, None) => {
                Purpose::Enrollment { session, factor, by_password }
            }
            (PurposeName::Enrollment, Some(stamp), Some(factor), true, true, None) => {
                Purpose::SignInEnrollment { stamp: EnrollStamp::from(&*stamp), factor }
            }
            (
                PurposeName::SignIn | PurposeName::StepUp | PurposeName::Enrollment | PurposeName::SignInEnrollment,
                ..,
            ) => return Err("a challenge whose fields do not belong to its purpose"),
        };
        Ok(Challenge { id, purpose, user, kid, at, basis })
    }
}

/// One code sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentCode {
    /// The challenge that it answers.
    pub challenge: ChallengeId,
    /// Tells it from other codes.
    pub nonce: Nonce,
    /// When it was sent.
    pub at: Time,
    /// The keyed hash of the code.
    pub hash: String,
    /// The number it went to, masked.
    pub to: String,
    /// The keyed hash of that number. A code is good as long as the number is one of the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How it was to travel.
    #[serde(default, skip_serializing_if = "Channel::is_first")]
    pub channel: Channel,
    /// The factor whose number that is; none in rows of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorId>,
}

/// A number that a client wrote and that no code has come back from as yet: the keyed hash of the session and the number. It is no mark
/// among the redemptions, because the claim that a code came back for removes it, and that claim adds to those.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unproven(pub String);

/// One code looked at. All of them together, but for what nobody can guess, are the failures in a row; a success removes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// The challenge that was answered.
    pub challenge: ChallengeId,
    /// Tells it from other attempts.
    pub nonce: Nonce,
    /// Whether it was a passkey's answer or a recovery code. Nobody can guess a signature or 130 random bits, so it is an attempt on its
    /// challenge and no failure in a row (NIST SP 800-63B-4 §3.2.2 limits guesses).
    #[serde(default, skip_serializing_if = "is_false")]
    pub unguessable: bool,
}

/// An element of the set.
#[derive(Clone, Debug, PartialEq)]
pub enum OfChallenges {
    /// A challenge.
    Challenge(Challenge),
    /// A code sent.
    Code(SentCode),
    /// A code looked at.
    Attempt(Attempt),
    /// How a code went.
    Delivered(Delivered),
    /// A code that did not arrive.
    Lost(LostCode),
    /// What brought a code.
    Verification(Verification),
    /// A number that no code has come back from.
    Unproven(Unproven),
    /// Something of a later version.
    Unknown(Unknown),
}

impl Element for OfChallenges {
    fn read<'de, A: MapAccess<'de>>(tag: &str, map: &mut A) -> Result<Option<Self>, A::Error> {
        Ok(Some(match tag {
            "challenge" => OfChallenges::Challenge(map.next_value()?),
            "code" => OfChallenges::Code(map.next_value()?),
            "attempt" => OfChallenges::Attempt(map.next_value()?),
            "delivered" => OfChallenges::Delivered(map.next_value()?),
            "undelivered" => OfChallenges::Lost(map.next_value()?),
            "verification" => OfChallenges::Verification(map.next_value()?),
            "unproven" => OfChallenges::Unproven(map.next_value()?),
            _ => return Ok(None),
        }))
    }

    fn unknown(unknown: Unknown) -> Self {
        OfChallenges::Unknown(unknown)
    }
}

impl Serialize for OfChallenges {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            OfChallenges::Challenge(challenge) => serialize_tagged(serializer, "challenge", challenge),
            OfChallenges::Code(code) => serialize_tagged(serializer, "code", code),
            OfChallenges::Attempt(attempt) => serialize_tagged(serializer, "attempt", attempt),
            OfChallenges::Delivered(delivered) => serialize_tagged(serializer, "delivered", delivered),
            OfChallenges::Lost(lost) => serialize_tagged(serializer, "undelivered", lost),
            OfChallenges::Verification(verification) => serialize_tagged(serializer, "verification", verification),
            OfChallenges::Unproven(unproven) => serialize_tagged(serializer, "unproven", unproven),
            OfChallenges::Unknown(unknown) => unknown.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for OfChallenges {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_element(deserializer)
    }
}

impl From<Challenge> for OfChallenges {
    fn from(challenge: Challenge) -> Self {
        OfChallenges::Challenge(challenge)
    }
}

impl From<SentCode> for OfChallenges {
    fn from(code: SentCode) -> Self {
        OfChallenges::Code(code)
    }
}

impl From<Attempt> for OfChallenges {
    fn from(attempt: Attempt) -> Self {
        OfChallenges::Attempt(attempt)
    }
}

impl From<Delivered> for OfChallenges {
    fn from(delivered: Delivered) -> Self {
        OfChallenges::Delivered(delivered)
    }
}

impl From<LostCode> for OfChallenges {
    fn from(lost: LostCode) -> Self {
        OfChallenges::Lost(lost)
    }
}

impl From<Verification> for OfChallenges {
    fn from(verification: Verification) -> Self {
        OfChallenges::Verification(verification)
    }
}

impl From<Unproven> for OfChallenges {
    fn from(unproven: Unproven) -> Self {
        OfChallenges::Unproven(unproven)
    }
}

impl From<Unknown> for OfChallenges {
    fn from(unknown: Unknown) -> Self {
        OfChallenges::Unknown(unknown)
    }
}
