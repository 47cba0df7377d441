//! Voiding what is under way.

use crate::account::{Account, OfAuthenticators, RowUpdate, SetOp};

/// Removes every challenge, and what a later version has among them. Codes sent stay, as they go on counting against the user's window.
pub(super) fn challenges_under_way(row: &Account) -> RowUpdate {
    RowUpdate::challenges(SetOp::remove(row.challenges.clone()).and(row.unknown_challenges.clone()))
}

/// Removes every factor and recovery code, those of a later version as well.
pub(super) fn all_authenticators(row: &Account) -> SetOp<OfAuthenticators> {
    SetOp::remove(row.factors.clone())
        .and(row.confirmed.iter().cloned().map(OfAuthenticators::Confirmed))
        .and(row.recovery_codes.clone())
        .and(row.unknown_authenticators.clone())
}
