//! Which second factor an operator imports, and why one cannot be.

use super::params::Params;
use super::refusal::Refusal;
use crate::crypto::Secret;
use crate::id::UserId;
use serde::Serialize;
use tsify::Tsify;

/// Which second factor an operator imports.
#[derive(Debug)]
pub struct Import {
    /// What to import, and whose.
    pub what: Imported,
    /// Whether nothing is changed, and the answer only says what would be.
    pub dry_run: bool,
}

/// What is imported.
#[derive(Debug)]
pub enum Imported {
    /// What Parse's own adapter keeps of this user.
    Of(UserId),
    /// What it keeps of the next user after this id of whom it keeps something; without an id of the first one.
    Next(Option<UserId>),
    /// An authenticator app's secret that the operator hands in.
    App {
        /// Whose it is.
        user: UserId,
        /// In base32.
        secret: Secret,
        /// Algorithm, digits and period: `SHA1/6/30`.
        profile: String,
        /// The user's name for it.
        label: String,
    },
}

impl Import {
    /// The parameters `userId`, `secret`, `profile`, `label`, `after` and `dryRun`.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for a secret of nobody, and for what cannot be used.
    pub(super) fn parse(params: &Params<'_>) -> Result<Import, Refusal> {
        let id = |name| Ok(params.optional(name)?.map(|id| UserId::from(&*id)));
        let (dry_run, user, after) = (params.flag("dryRun")?, id("userId")?, id("after")?);
        let what = match (params.optional("secret")?, user) {
            (Some(secret), Some(user)) => Imported::App {
                user,
                secret,
                profile: params.optional("profile")?.map_or_else(|| PROFILE.into(), |profile| profile.to_string()),
                label: params.line("label")?.unwrap_or_default(),
            },
            (Some(_), None) => return Err(Refusal::BadRequest("userId is missing.".into())),
            (None, Some(user)) => Imported::Of(user),
            (None, None) => Imported::Next(after),
        };
        Ok(Import { what, dry_run })
    }
}

/// The one profile that every authenticator app reads, and the one that codes are checked by.
pub const PROFILE: &str = "SHA1/6/30";

/// Why a user's second factor was not imported, and the user left as is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum NotImported {
    /// The authenticator app's codes have another algorithm, length or period than SHA-1, six digits and 30 s.
    Profile,
    /// The secret has fewer than 112 bits (NIST SP 800-63B-4 §3.1.4.1).
    Weak,
    /// The secret is no base32.
    Unreadable,
    /// The number cannot be read, or no message may go to its country.
    Number,
    /// No channel is on by which a code could go to a number.
    Channel,
    /// The user has twenty factors already.
    Full,
    /// This deployment asks the user for no second factor (`require: 'nobody'`), so that the password alone would be enough afterwards.
    Nobody,
}
