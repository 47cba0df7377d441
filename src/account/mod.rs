//! All two-factor state of one user: one row, made of sets.
//!
//! # The invariant
//! Everything that happens to a user is an element added to, or removed from, a set of this row by one atomic database operation. That
//! operation answers with the row as it stands right after it. Whoever added an element therefore sees exactly what was added before
//! it, and decides by that: the first claim of a challenge finds no other, the sixth attempt finds five. There is no counter to reset
//! and nothing to read, compare and write. The sets have no order (PostgreSQL's `array_add` scrambles it), so no rule depends on one.
//!
//! An element whose verdict is a refusal is taken back. Until then it can make others more careful, never less.
//!
//! # Rows from the future
//! An element with an unknown tag was written by a later version: see [`Unknown`] for what each set makes of it.

mod authenticators;
mod bounds;
mod challenges;
mod claims;
mod delivery;
mod devices;
mod ids;
mod key_use;
mod mark;
mod opaque;
mod row;
mod tally;
mod trust;
mod unknown;
mod update;
mod view;

pub use authenticators::{Factor, FactorKind, OfAuthenticators, RecoveryCode};
pub use challenges::{Attempt, Challenge, OfChallenges, Purpose, PurposeName, SentCode, Unproven};
pub use claims::{Claim, OfRedemptions, Spent, UsedStep};
pub use delivery::{Delivered, LostCode, Verification};
pub use devices::{Device, OfDevices};
pub use ids::Ids;
pub use key_use::KeyUse;
pub use mark::{Counted, CountedKind, Mark, Revocation, StepUp};
pub use row::Account;
pub use unknown::Unknown;
pub use update::{RowUpdate, SetOp};
pub use view::{ENROLL_LIFETIME, Standing, View, is_under_way};
