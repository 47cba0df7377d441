//! How a message travels: numbers, the count of messages, and handing one to the provider.

mod deliver;
mod phone;
mod refused;
mod throttle;

pub(crate) use deliver::{Delivery, send};
pub use phone::PhoneNumber;
pub(crate) use refused::Class;
