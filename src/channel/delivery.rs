//! What became of a message.

/// What became of a message that was handed to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// The provider took it.
    Taken,
    /// Nobody can tell, because the provider did not answer. It may arrive.
    Unknown,
    /// The provider refused it, with this error code.
    Refused(i32),
}
