//! How a message travels: numbers, the channels, the count of messages, and handing one to the provider.

mod call;
mod deliver;
mod delivery;
mod destination;
mod dialing;
pub(crate) mod email;
mod fate;
mod mailbox;
mod message;
mod phone;
mod refused;
mod sms;
mod throttle;
mod verify;
mod whatsapp;
pub mod written;

pub(crate) use call::{after_key, hanging_up};
pub(crate) use deliver::send;
pub(crate) use delivery::{Delivery, Sid};
pub(crate) use destination::{Destination, Recipient, check_on, first};
pub(crate) use fate::Undelivered;
pub use mailbox::Mailbox;
pub(crate) use message::Message;
pub use phone::PhoneNumber;
pub use refused::Class;
pub(crate) use verify::{approve, check_notices, verification_of};
