//! How a message travels: numbers, the count of messages, and handing one to the provider.

mod deliver;
mod phone;
mod throttle;

pub(crate) use deliver::send;
pub use phone::PhoneNumber;
pub(crate) use throttle::check_redemption_rate;
