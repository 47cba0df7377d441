//! The numbers that every ceremony goes by, each with its range and its clause.

use super::clause::{Clause, ClauseName};
use crate::time::Span;
use core::ops::RangeInclusive;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// A limit as an operator reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Limit {
    /// The option in `limits`.
    pub name: &'static str,
    /// The value in force.
    pub value: Value,
    /// The value without the option.
    pub default: Value,
    /// The unit of the value.
    pub unit: &'static str,
    /// What it limits.
    pub what: &'static str,
    /// What it rests on. A limit without a clause is this project's own choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub clause: Option<Clause>,
}

/// The value of a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(untagged)]
pub enum Value {
    /// A count, a percentage or a number of seconds.
    Number(u32),
    /// The alphabet of codes.
    Text(String),
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Number(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

/// What is the same in every app.
struct Fact {
    name: &'static str,
    /// What a number must lie in. [`super::Policy`] checks the alphabet.
    range: RangeInclusive<u32>,
    unit: &'static str,
    what: &'static str,
    clause: Option<Clause>,
}

/// Defines [`Limits`]: each limit once, with its documentation, name, default, range, unit and clause.
macro_rules! limits {
    ($( $(#[doc = $what:literal])+ $field:ident $name:literal: $kind:ty = $default:expr, $range:expr, $unit:literal, $clause:expr; )+) => {
        /// All limits. Durations are whole seconds.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
        #[serde(rename_all = "camelCase", default)]
        pub struct Limits {
            $( $(#[doc = $what])+ #[tsify(optional)] pub $field: $kind, )+
        }

        impl Default for Limits {
            fn default() -> Limits {
                Limits { $( $field: $default, )+ }
            }
        }

        impl Limits {
            const FACTS: &[Fact] = &[ $( Fact {
                name: $name,
                range: $range,
                unit: $unit,
                what: concat!($($what),+).trim_ascii(),
                clause: $clause,
            } ),+ ];

            /// Every limit, with its default and its clause.
            pub fn table(&self) -> Vec<Limit> {
                let values = self.values().into_iter().zip(Limits::default().values());
                let mut table = Vec::new();
                for (Fact { name, unit, what, clause, .. }, (value, default)) in Limits::FACTS.iter().zip(values) {
                    table.push(Limit { name, value, default, unit, what, clause: *clause });
                }
                table
            }

            /// The values, in the order of the table.
            fn values(&self) -> Vec<Value> {
                vec![ $( self.$field.clone().into() ),+ ]
            }

            /// The first limit whose value is outside its range: its name and the range.
            pub(super) fn out_of_range(&self) -> Option<(&'static str, RangeInclusive<u32>)> {
                for (Fact { name, range, .. }, value) in Limits::FACTS.iter().zip(self.values()) {
                    if let Value::Number(number) = value && !range.contains(&number) {
                        return Some((name, range.clone()));
                    }
                }
                None
            }
        }
    };
}

const ANY: RangeInclusive<u32> = 1..=u32::MAX;

/// How long after its beginning a further code prolongs a challenge.
const MOST_RESENDING: Span = Span::from_seconds(3600);

/// The clause with this name.
const fn by_name(name: ClauseName) -> Option<Clause> {
    Some(name.clause())
}

const THROTTLED: Option<Clause> = Some(Clause::THROTTLED);

limits! {
    /// Characters that a code is drawn from: ASCII letters and digits, no two alike.
    alphabet "alphabet": String = "0123456789".into(), ANY, "", by_name(ClauseName::CodeEntropy);
    /// Characters in a code.
    code_length "codeLength": u32 = 6, 1..=25, "", by_name(ClauseName::CodeEntropy);
    /// How long a sent code, and a challenge after it, is good.
    code_lifetime "codeLifetime": u32 = 300, ANY, "s", by_name(ClauseName::CodeLifetime);
    /// Codes looked at for one challenge.
    attempts "attempts": u32 = 5, ANY, "", THROTTLED;
    /// From one code of a challenge to the next.
    resend_after "resendAfter": u32 = 30, 0..=u32::MAX, "s", None;
    /// Messages to one user: codes, notices, and what the provider refused. Also challenges begun and not redeemed.
    codes_per_user "codesPerUser": u32 = 5, ANY, "in userWindow", THROTTLED;
    /// The stretch of time in which a user's codes and an address's calls are counted.
    user_window "userWindow": u32 = 900, ANY, "s", None;
    /// What a user's sessions may change without a step-up, such as the name of a factor.
    changes_per_user "changesPerUser": u32 = 20, ANY, "an hour", None;
    /// Failures in a row after which codes are disabled, until a passkey, a recovery code or an operator ends that.
    failures "failures": u32 = 100, ANY, "", by_name(ClauseName::Failures);
    /// Messages and calls to one number, whoever asked.
    messages_per_number "messagesPerNumber": u32 = 60, ANY, "an hour", None;
    /// Messages and calls into one block of ten thousand numbers.
    messages_per_block "messagesPerBlock": u32 = 300, ANY, "an hour", None;
    /// Text messages of the whole app. A fifth of them is for codes alone.
    messages_per_app "messagesPerApp": u32 = 1000, ANY, "an hour", None;
    /// Calls of the whole app that speak a code. One costs as much as several messages.
    spoken_per_app "spokenPerApp": u32 = 200, ANY, "an hour", None;
    /// Messages of the whole app by WhatsApp.
    whatsapp_per_app "whatsappPerApp": u32 = 1000, ANY, "an hour", None;
    /// Notices of the whole app by mail, and as many codes by mail.
    mails_per_app "mailsPerApp": u32 = 1000, ANY, "an hour", None;
    /// Notices to one user by mail.
    mails_per_user "mailsPerUser": u32 = 10, ANY, "an hour", None;
    /// Calls of one address that bring a password, a provider's word or a challenge; counted only with `trustAddresses`.
    calls_per_address "callsPerAddress": u32 = 100, ANY, "in userWindow", None;
    /// Calls of the whole app that ask one provider.
    calls_per_provider "callsPerProvider": u32 = 3000, ANY, "an hour", None;
    /// Of an hour's codes, how many have to come back; below it, from fifty on, there is an alarm event. 0 turns it off.
    redeemed_percent "redeemedPercent": u32 = 30, 0..=100, "%", None;
    /// How long a step-up is good.
    step_up_lifetime "stepUpLifetime": u32 = 300, ANY, "s", None;
    /// Steps of 30 s that a code of an authenticator app may be early or late. Each is a hash in every check.
    totp_window "totpWindow": u32 = 1, 0..=10, "", by_name(ClauseName::TotpWindow);
    /// Recovery codes made at a time, of 130 bits each.
    recovery_codes "recoveryCodes": u32 = 10, 1..=50, "", None;
    /// How long an entry of the event trail is kept.
    event_days "eventDays": u32 = 400, 1..=36_500, "days", None;
    /// How long after a user's deletion addresses and labels stay in that user's entries.
    event_days_after_deletion "eventDaysAfterDeletion": u32 = 30, 0..=36_500, "days", None;
}

impl Limits {
    /// How long a code lives.
    pub(crate) fn code_lifetime(&self) -> Span {
        Span::from_seconds(self.code_lifetime)
    }

    /// How long a challenge can live, however often its code is sent anew: an hour, and the life of the last code.
    pub(crate) fn challenge_lifetime(&self) -> Span {
        MOST_RESENDING + self.code_lifetime()
    }

    /// The least time from one code of a challenge to the next.
    pub(crate) fn resend_after(&self) -> Span {
        Span::from_seconds(self.resend_after)
    }

    /// The stretch of time in which a user's codes are counted.
    pub(crate) fn user_window(&self) -> Span {
        Span::from_seconds(self.user_window)
    }

    /// How long a step-up is good.
    pub(crate) fn step_up_lifetime(&self) -> Span {
        Span::from_seconds(self.step_up_lifetime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_cites_the_clause_of_each_limit_that_has_one() {
        let clause = |name: &str| {
            let table = Limits::default().table();
            let clause = table.into_iter().find(|limit| limit.name == name).unwrap().clause;
            clause.map(|clause| (clause.says, clause.cited, clause.allow))
        };
        let (nist, rfc) = ("NIST SP 800-63B-4 §3.2.2", "RFC 6238 §5.2");
        assert_eq!(clause("failures"), Some(("at most 100", nist, Some(ClauseName::Failures))));
        assert_eq!(clause("totpWindow"), Some(("at most one", rfc, Some(ClauseName::TotpWindow))));
        assert_eq!(clause("attempts"), Some(("throttled", "ASVS 5.0 §6.6.3", None)));
        assert_eq!(clause("recoveryCodes"), None);
    }

    #[test]
    fn the_table_names_each_limit_as_the_options_do_with_its_value_and_default() {
        let limits = Limits { code_lifetime: 60, ..Limits::default() };
        let options = serde_json::to_value(&limits).unwrap();
        let table = serde_json::to_value(limits.table()).unwrap();
        assert_eq!(table.as_array().unwrap().len(), options.as_object().unwrap().len());
        for row in table.as_array().unwrap() {
            assert_eq!(row["value"], options[row["name"].as_str().unwrap()], "{row}");
            assert!(row["name"] == "codeLifetime" || row["value"] == row["default"], "{row}");
        }
    }
}
