//! Challenges: issued, verified, claimed.

mod basis;
mod claim;
mod issue;
mod presented;
pub mod token;
mod verify;

pub(crate) use basis::{check_basis, check_basis_now, drop_void, drop_void_of, has_stepped_up, hash_step_up};
pub(crate) use claim::{Won, claim};
pub(crate) use issue::{IssueRequest, Issued, answer, create, issue, send_next_code};
pub(crate) use presented::Presented;
pub(crate) use token::live;
pub(crate) use verify::{Answered, check_open, verify};
