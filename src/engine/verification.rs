//! What is asked of Twilio Verify, and what it answers.

use super::pending::Pending;
use super::reply::Reply;
use crate::crypto::Secret;
use crate::id::VerificationSid;
use crate::policy::Channel;
use crate::wire::Refusal;
use serde::Serialize;
use tsify::Tsify;

/// What is asked of Twilio Verify.
#[derive(Clone, Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum VerifyStep {
    /// Send this code to this number: `verification`.
    Start {
        /// How it travels.
        channel: Channel,
        /// The number, in E.164.
        to: String,
        /// The code.
        code: Secret,
        /// The language, as Verify names it. Without one it goes by the number's country.
        locale: Option<&'static str>,
        /// Of a text message: the hash by which Android knows the app.
        app_hash: Option<String>,
    },
    /// End whatever verification is pending for this number: `done`, or `missing` where none is.
    Cancel {
        /// The number, in E.164.
        to: String,
    },
    /// Report that this verification's code came back: `done` at once, whatever becomes of the report.
    Approve {
        /// The verification.
        sid: VerificationSid,
    },
}

/// What Twilio Verify answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// It took the message.
    Pending(Pending),
    /// It ended the verification.
    Ended,
    /// There is no such verification.
    Missing,
}

pub(super) fn verified(reply: Reply) -> Result<Verified, Refusal> {
    if let Reply::Verification(pending) = reply {
        return Ok(Verified::Pending(pending));
    }
    if let Reply::Refused { code, message } = reply {
        return Err(Refusal::Parse { code, message });
    }
    if let Reply::Missing = reply {
        return Ok(Verified::Missing);
    }
    if let Reply::Done = reply { Ok(Verified::Ended) } else { Err(Refusal::TryAgain) }
}
