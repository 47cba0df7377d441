//! What is required of a user beyond the first factor.

use super::identify::{self, Identified};
use super::provider::is_anonymous;
use crate::account::Account;
use crate::engine::User;
use crate::factor;
use crate::id::{Basis, ProviderName, UserId};
use crate::policy::{Federated, Require};
use crate::wire::Refusal;

/// Proof that nothing more is required of a user whose first factor was right. Only [`Identified::waive`] makes one.
#[derive(Debug)]
pub(crate) struct Waived {
    user: UserId,
    provider: Option<ProviderName>,
    is_new: bool,
    basis: Option<Basis>,
}

impl Waived {
    /// The user.
    pub(crate) fn user(&self) -> &UserId {
        &self.user
    }

    /// Whose word the first factor was; `None` for a password.
    pub(crate) fn provider(&self) -> Option<&ProviderName> {
        self.provider.as_ref()
    }

    /// Whether the user was created for that word.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Checks that the first factor was right for the row as it is now.
    ///
    /// # Errors
    /// As [`Identified::check`].
    pub(crate) fn check(&self, now: &Basis) -> Result<(), Refusal> {
        identify::check(self.basis.as_ref(), now)
    }
}

/// What is required of a user beyond the first factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requirement {
    /// Nothing.
    Nothing,
    /// A browser that the user trusts, or else the second factor.
    TrustedDevice,
    /// The second factor.
    SecondFactor,
    /// A second factor, which this user has yet to enroll.
    Enrollment,
}

/// What is required of this user, where `require` is what the app or the setting says.
pub(crate) fn requirement(user: &User, account: Option<&Account>, require: Require) -> Requirement {
    match (require, factor::has_factor(user, account)) {
        (Require::Nobody, _) | (Require::Enrolled, false) => Requirement::Nothing,
        (Require::Enrolled | Require::Everyone, true) => Requirement::TrustedDevice,
        (Require::Always, true) => Requirement::SecondFactor,
        (Require::Everyone | Require::Always, false) => Requirement::Enrollment,
    }
}

/// Whether this provider's word is enough. An anonymous id is no provider's word: the client itself made it up.
pub(crate) fn is_trusted(provider: &ProviderName, federated: Federated) -> bool {
    federated == Federated::Trust && !is_anonymous(provider)
}

impl Identified {
    /// Waives the second factor where nothing is required, or a provider is trusted to have asked for it; otherwise what is required.
    ///
    /// # Errors
    /// The requirement that stands.
    pub(crate) fn waive(
        &self,
        account: Option<&Account>,
        require: Require,
        federated: Federated,
    ) -> Result<Waived, Requirement> {
        let waived = Waived {
            user: self.user().id.clone(),
            provider: self.provider().cloned(),
            is_new: self.is_new(),
            basis: self.basis().cloned(),
        };
        if self.provider().is_some_and(|provider| is_trusted(provider, federated)) {
            return Ok(waived);
        }
        match requirement(self.user(), account, require) {
            Requirement::Nothing => Ok(waived),
            standing @ (Requirement::TrustedDevice | Requirement::SecondFactor | Requirement::Enrollment) => {
                Err(standing)
            }
        }
    }
}
