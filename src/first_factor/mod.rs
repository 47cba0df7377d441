//! The first factor: who the user is, and what is required beyond that.

mod identify;
mod provider;
mod requirement;

pub(crate) use identify::identify;
pub(crate) use provider::check_owner;
pub(crate) use requirement::{Requirement, Waived, is_trusted, requirement};
