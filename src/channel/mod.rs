//! How a message travels: numbers, the count of messages, and handing one to the provider.

mod deliver;
mod phone;
mod throttle;

pub(crate) use deliver::send;
pub use phone::PhoneNumber;
