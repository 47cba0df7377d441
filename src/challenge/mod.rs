//! Challenges: issued, verified, claimed.

mod claim;
pub mod enroll_token;
mod issue;
mod one_call;
mod presented;
pub mod token;
mod verify;

pub(crate) use claim::{Won, claim};
pub(crate) use enroll_token::EnrollToken;
pub(crate) use issue::{
    IssueRequest, Issued, SETTLING_MILLISECONDS, SETTLING_ROUNDS, answer, create, issue, send_next_code,
};
pub(crate) use one_call::begin_silently;
pub(crate) use presented::Presented;
pub(crate) use token::live;
pub(crate) use verify::{Answered, check_open, verify};
