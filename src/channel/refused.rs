//! What a provider's refusal means for the user: each of Twilio's error codes has a class, and an app's own sender names one.

use crate::wire::Refusal;

/// What follows from a refusal of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// This number gets nothing until somebody changes something.
    Permanent,
    /// The operator has to change something: an account, a sender, a registration.
    Configuration,
    /// It may work the next time.
    Temporary,
}

impl Class {
    /// What an app's own sender may answer, in the place of an error code: the first is -1, the second -2, the third -3.
    pub const OWN: [&'static str; 3] = ["permanent", "configuration", "temporary"];

    /// The class of an error code of Twilio's (`twilio.com/docs/api/errors`). What is not known may pass.
    pub(crate) fn of(code: i32) -> Class {
        match code {
            -1 => Class::Permanent,
            -2 => Class::Configuration,
            // No such number, no mobile, the recipient sent STOP, a landline, a country that the account does not send to; a carrier that
            // does not deliver to it.
            21211 | 21214..=21217 | 21408 | 21421 | 21610 | 21614 | 21635 | 30004 | 30005 | 30006 => Class::Permanent,
            // Verify: a parameter that is not right, which of ours can be the number alone; a landline.
            60200 | 60205 => Class::Permanent,
            // The account and its key; the sender; a trial account; the messaging service; filters and registrations of carriers.
            20003 | 20403 | 20404 | 21212 | 21266 | 21603 | 21606 | 21608 | 21612 | 21617 | 21660 => {
                Class::Configuration
            }
            21701..=21712 | 30007 | 30032 | 30034 => Class::Configuration,
            // Verify: its template, own codes that are off, the service, China, the channel, an account under review, geo permissions.
            60201 | 60204 | 60217 | 60220 | 60223 | 60238 | 60605 => Class::Configuration,
            _ => Class::Temporary,
        }
    }

    /// Whether another channel may reach the number that this one does not: a landline by a call, say. A number that does not exist, none
    /// does.
    pub(crate) fn may_another_reach(code: i32) -> bool {
        Class::of(code) == Class::Permanent && !matches!(code, 21211 | 21217 | 60200)
    }

    /// An error code for the trail.
    pub(crate) fn told(code: i32) -> String {
        let own = usize::try_from(-1 - i64::from(code)).ok().and_then(|place| Class::OWN.get(place));
        own.map_or_else(|| format!("error {code}"), |word| format!("refused as {word}"))
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
        for code in [60200, 60205] {
            assert_eq!(Class::of(code), Class::Permanent, "{code}");
        }
        assert!(Class::may_another_reach(60205) && !Class::may_another_reach(60200), "a landline can be called");
        for code in [60204, 60220, 60223, 60238, 60605, 20404] {
            assert_eq!(Class::of(code), Class::Configuration, "{code}");
        }
        for code in [60202, 60203, 60207, 60212, 60410] {
            assert_eq!(Class::of(code), Class::Temporary, "{code}");
        }
        for code in [20003, 21606, 21608, 21612, 21660, 21705, 30007, 30034] {
            assert_eq!(Class::of(code), Class::Configuration, "{code}");
        }
        let own = [(-1, Class::Permanent), (-2, Class::Configuration), (-3, Class::Temporary)];
        for ((code, class), word) in own.into_iter().zip(Class::OWN) {
            assert_eq!((Class::of(code), Class::told(code)), (class, format!("refused as {word}")));
        }
        assert_eq!(
            (Class::told(21614), Class::told(0), Class::told(-4)),
            ("error 21614".into(), "error 0".into(), "error -4".into())
        );
        for code in [21408, 21610, 21614, 21635, 30006, -1] {
            assert!(Class::may_another_reach(code), "{code}");
        }
        for code in [21211, 21217, 21606, 21612, 20429, 0] {
            assert!(!Class::may_another_reach(code), "{code}");
        }
        for code in [0, 4018, 20429, 20500, 21611, 30003, 30008, -3, -4, i32::MIN] {
            assert_eq!(Class::of(code), Class::Temporary, "{code}");
            assert_eq!(Class::of(code).refusal().code(), 4018, "{code}");
        }
    }
}
