//! The first factor: who the user is, and what is required beyond that.

mod identify;
mod provider;
mod requirement;

pub(crate) use identify::{Identified, identify};
pub(crate) use provider::{check_owner, proof_of};
pub(crate) use requirement::{Requirement, Waived, is_trusted, requirement};
