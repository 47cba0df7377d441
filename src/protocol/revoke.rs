//! Voiding what is under way.

use crate::account::{Account, FactorKind, OfAuthenticators, RowUpdate, SetOp};

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

/// Removes every enrolled number, confirmed or not. Where no other factor counts, the recovery codes are of no use without them, and would
/// count again with the next factor.
pub(super) fn all_numbers(row: &Account) -> SetOp<OfAuthenticators> {
    let numbers = row.factors.iter().filter(|factor| factor.kind == FactorKind::Number);
    let confirmed = numbers.clone().map(|factor| OfAuthenticators::Confirmed(factor.id.clone()));
    let has_others = row.confirmed_factors().any(|factor| factor.kind != FactorKind::Number);
    let useless = match has_others || !row.unknown_authenticators.is_empty() {
        true => Vec::new(),
        false => row.recovery_codes.clone(),
    };
    SetOp::remove(numbers.cloned()).and(confirmed).and(useless)
}
