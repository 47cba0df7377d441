//! The first factor: who the user is, and what is required beyond that.

mod identify;
mod requirement;

pub(crate) use identify::{Identified, identify};
pub(crate) use requirement::{Requirement, Waived, requirement};
