//! Counters over many users, each for a fixed stretch of time.

mod address;
mod provider;
mod window;

pub(crate) use address::count_call;
pub(crate) use provider::count_provider_call;
pub(crate) use window::{Counter, Reservation, Window, end_of, hash, is_first_in_hour};
