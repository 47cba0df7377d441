//! Voiding what is under way.

use crate::account::{Account, OfAuthenticators, RowUpdate, SetOp};

/// Removes every challenge and every trusted browser, and what a later version has among them. Codes sent stay, as they go on counting
/// against the user's window. Whatever voids what is under way uses it: once in the change that leaves the revocation, and once more for what
/// was added meanwhile.
pub(super) fn challenges_and_devices(row: &Account) -> RowUpdate {
    RowUpdate {
        challenges: SetOp::remove(row.challenges.clone()).and(row.unknown_challenges.clone()),
        devices: row.without_devices(),
        ..RowUpdate::default()
    }
}

/// Removes every factor and recovery code, those of a later version as well.
pub(super) fn all_authenticators(row: &Account) -> SetOp<OfAuthenticators> {
    SetOp::remove(row.factors.clone())
        .and(row.confirmed.iter().cloned().map(OfAuthenticators::Confirmed))
        .and(row.recovery_codes.clone())
        .and(row.unknown_authenticators.clone())
}
