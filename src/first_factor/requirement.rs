//! What is required of a user beyond the first factor.

use super::identify::{self, Identified};
use crate::account::Account;
use crate::engine::User;
use crate::factor;
use crate::id::{Basis, UserId};
use crate::policy::Require;
use crate::wire::Refusal;

/// Proof that nothing more is required of a user whose first factor was right. Only [`Identified::waive`] makes one.
#[derive(Debug)]
pub(crate) struct Waived {
    user: UserId,
    basis: Option<Basis>,
}

impl Waived {
    /// The user.
    pub(crate) fn user(&self) -> &UserId {
        &self.user
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

impl Identified {
    /// Waives the second factor where nothing is required; otherwise what is.
    ///
    /// # Errors
    /// The requirement that stands.
    pub(crate) fn waive(&self, account: Option<&Account>, require: Require) -> Result<Waived, Requirement> {
        match requirement(self.user(), account, require) {
            Requirement::Nothing => Ok(Waived { user: self.user().id.clone(), basis: self.basis().cloned() }),
            standing @ (Requirement::TrustedDevice | Requirement::SecondFactor | Requirement::Enrollment) => {
                Err(standing)
            }
        }
    }
}
