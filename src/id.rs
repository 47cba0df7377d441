//! Ids. A type for each noun, so that no call takes a user's id for an account's.

use core::fmt;
use core::ops::Deref;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// Defines a type of ids: text that is compared and passed on, never taken apart.
macro_rules! ids {
    ($( $(#[doc = $what:literal])+ $name:ident; )+) => { $(
        $(#[doc = $what])+
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Tsify)]
        #[serde(transparent)]
        pub struct $name(String);

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> $name {
                $name(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> $name {
                $name(id.to_owned())
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }
    )+ };
}

ids! {
    /// The `objectId` of a `_User`.
    UserId;
    /// The `objectId` of a user's row in `TwoFactorAccount`.
    AccountId;
    /// A challenge: 96 random bits, base64url.
    ChallengeId;
    /// A factor: 72 random bits, base64url, or `phone_number` for the tutorial's column.
    FactorId;
    /// A trusted browser: 72 random bits, base64url.
    DeviceId;
    /// A session, as the keyed hash of its token.
    SessionHash;
    /// A provider, by the name that Parse's option `auth` has for it: letters, digits and `_`, the first one a letter.
    ProviderName;
    /// A message or a call, as the provider knows it.
    MessageSid;
    /// What an enrollment keeps of the token that it was begun with.
    EnrollStamp;
    /// A key of the ring: 1 to 16 letters, digits, `-` or `_`.
    KeyId;
    /// What tells one element of a set from another: 48 random bits, base64url.
    Nonce;
    /// A verification of Twilio Verify's: `VE` and 32 hexadecimal digits.
    VerificationSid;
    /// A digest of what a sign-in is founded on in the user's row: password, providers, ACL, number and sender. The host makes it.
    Basis;
}
