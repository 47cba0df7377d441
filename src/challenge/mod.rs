//! Challenges: issued, verified, claimed.

mod basis;
pub mod callback;
mod claim;
mod deliver;
pub mod enroll_token;
mod fate;
mod issue;
mod one_call;
mod presented;
pub mod token;
mod verify;

pub(crate) use basis::{check_basis, check_basis_now, drop_void, drop_void_of, hash_step_up, is_step_up_by};
pub(crate) use claim::{Won, claim};
pub(crate) use enroll_token::EnrollToken;
pub(crate) use fate::{Choice, event as event_of_loss};
pub(crate) use issue::{
    IssueRequest, Issued, SETTLING_MILLISECONDS, SETTLING_ROUNDS, answer, create, issue, send_next_code,
};
pub(crate) use one_call::begin_silently;
pub(crate) use presented::Presented;
pub(crate) use token::live;
pub(crate) use verify::{Answered, check_open, verify};
