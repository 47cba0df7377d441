//! What the host answers to an effect.

use super::became::Became;
use super::parse_mfa::ParseMfa;
use super::pending::Pending;
use super::user::{Identity, User};
use crate::account::Account;
use crate::crypto::Secret;
use crate::id::{Basis, MessageSid, Nonce};
use crate::policy::Require;
use serde::Deserialize;
use tsify::Tsify;

/// What the host answers. Which replies an effect can have stands with the effect.
// Most replies are an account, and each lives until the next poll: a box would be one more allocation for each.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Reply {
    /// A user, as asked for.
    User(User),
    /// Whose a provider's word is.
    Identity(Identity),
    /// What the app requires of a user.
    Requirement(Require),
    /// The name of an account.
    Named(String),
    /// The account's row, as it stands right after the effect.
    Account(#[tsify(type = "object")] Account),
    /// The claim that a session was opened for.
    Claimed(Nonce),
    /// What Parse's own adapter keeps of a user.
    ParseMfa(ParseMfa),
    /// The provider took the message, and knows it by this.
    Taken(MessageSid),
    /// What became of a message.
    Became(Became),
    /// The row or the user is not there.
    Missing,
    /// Counters, right after the effect.
    Counted(Counted),
    /// What a sign-in of the user is founded on now.
    Basis(Basis),
    /// The token of the session that was opened.
    Session(Secret),
    /// A verification that Twilio Verify took a message for.
    Verification(Pending),
    /// Done.
    Done,
    /// Parse, the app or the provider said no.
    Refused {
        /// The code of its error.
        code: i32,
        /// The text of its error.
        message: String,
    },
    /// This Parse Server could not be asked.
    Unasked,
    /// Nobody can tell whether it happened.
    Failed,
}

/// The values of counters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
pub struct Counted {
    /// In the order in which they were named.
    pub counts: Vec<u32>,
    /// Whether the window's row was created for it.
    pub opened: bool,
}
