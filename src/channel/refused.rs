//! What a provider's refusal means for the user: each of Twilio's error codes has a class.

use crate::wire::Refusal;

/// What follows from a refusal of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// This number gets nothing until somebody changes something.
    Permanent,
    /// The operator has to change something: an account, a sender, a registration.
    Configuration,
    /// It may work the next time.
    Temporary,
}

impl Class {
    /// The class of an error code of Twilio's (`twilio.com/docs/api/errors`). What is not known may pass.
    pub(crate) fn of(code: i32) -> Class {
        match code {
            // No such number, no mobile, the recipient sent STOP, a landline, a country that the account does not send to; a carrier that
            // does not deliver to it.
            21211 | 21214 | 21217 | 21408 | 21421 | 21610 | 21614 | 21635 | 30004 | 30005 | 30006 => Class::Permanent,
            // Verify: no such number, a landline.
            60200 | 60205 => Class::Permanent,
            // The account and its key; the sender; a trial account; the messaging service; filters and registrations of carriers.
            20003 | 20403 | 20404 | 21212 | 21266 | 21603 | 21606 | 21608 | 21612 | 21617 | 21660 => {
                Class::Configuration
            }
            21701..=21712 | 30007 | 30032 | 30034 | 60204 | 60220 | 60223 | 60605 => Class::Configuration,
            _ => Class::Temporary,
        }
    }

    /// What the user hears.
    pub(crate) fn refusal(self) -> Refusal {
        match self {
            Class::Permanent => Refusal::Unreachable,
            Class::Configuration | Class::Temporary => Refusal::NotSent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_code_of_twilios_means_follows_from_who_can_change_it() {
        for code in [21211, 21408, 21610, 21614, 21635, 30006] {
            assert_eq!(Class::of(code), Class::Permanent, "{code}");
            assert_eq!(Class::of(code).refusal().code(), 4026, "{code}");
        }
        for code in [20003, 21606, 21608, 21612, 21660, 21705, 30007, 30034] {
            assert_eq!(Class::of(code), Class::Configuration, "{code}");
        }
        for code in [0, 4018, 20429, 20500, 21611, 30003, 30008, -1] {
            assert_eq!(Class::of(code), Class::Temporary, "{code}");
            assert_eq!(Class::of(code).refusal().code(), 4018, "{code}");
        }
    }
}
