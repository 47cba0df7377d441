//! What became of a message after the provider took it.

use super::refused::Class;
use crate::engine::Became;
use crate::id::MessageSid;

/// A message that did not arrive, or a call that nobody took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Undelivered {
    status: &'static str,
    /// The provider's error code; 0 where it has none.
    pub error: i32,
}

/// The last words about a message or a call by which no code comes (`twilio.com/docs/messaging/api/message-resource`,
/// `twilio.com/docs/voice/api/call-resource`).
const UNDELIVERED: [&str; 5] = ["undelivered", "failed", "canceled", "busy", "no-answer"];

impl Undelivered {
    /// Reads what the provider says; `None` for what arrived, and for what is under way.
    pub(crate) fn read(became: &Became) -> Option<Undelivered> {
        let status = UNDELIVERED.into_iter().find(|status| *status == became.status)?;
        Some(Undelivered { status, error: became.error.unwrap_or_default() })
    }

    /// What follows from it. That a call was not taken may pass.
    pub(crate) fn class(self) -> Class {
        Class::of(self.error)
    }

    /// For the trail.
    pub(crate) fn told(self) -> String {
        if self.error == 0 { self.status.to_owned() } else { Class::told(self.error) }
    }
}

/// Whether this is how Twilio names a message or a call, two letters and 32 hexadecimal digits. It becomes a part of a URL.
pub(super) fn is_sid(sid: &MessageSid) -> bool {
    let digits = ["SM", "MM", "CA"].iter().find_map(|kind| sid.strip_prefix(kind));
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: &str, error: Option<i32>) -> Option<Undelivered> {
        Undelivered::read(&Became { status: status.into(), error })
    }

    #[test]
    fn what_arrived_or_is_under_way_is_not_undelivered() {
        let fine = ["accepted", "scheduled", "queued", "sending", "sent", "delivered", "read", "partially_delivered"];
        for status in fine.into_iter().chain(["ringing", "in-progress", "completed", "", "UNDELIVERED"]) {
            assert_eq!(read(status, Some(30006)), None, "{status}");
        }
    }

    #[test]
    fn a_message_that_did_not_arrive_is_told_by_its_error_or_else_by_its_status() {
        let landline = read("undelivered", Some(30006)).unwrap();
        assert_eq!((landline.class(), landline.told()), (Class::Permanent, "error 30006".into()));
        let unregistered = read("failed", Some(30034)).unwrap();
        assert_eq!((unregistered.class(), unregistered.told()), (Class::Configuration, "error 30034".into()));
        for status in ["busy", "no-answer", "canceled", "failed", "undelivered"] {
            let call = read(status, None).unwrap();
            assert_eq!((call.class(), call.told()), (Class::Temporary, status.into()));
        }
    }

    #[test]
    fn a_sid_is_what_twilio_makes_and_can_stand_in_a_url() {
        let digits = "0123456789abcdefABCDEF0123456789";
        for kind in ["SM", "MM", "CA"] {
            assert!(is_sid(&format!("{kind}{digits}").into()), "{kind}");
        }
        for bad in ["", "SM", "VE0123456789abcdef0123456789abcdef", "SM0123456789abcdef0123456789abcde/", "../SM"] {
            assert!(!is_sid(&bad.into()), "{bad}");
        }
        assert!(!is_sid(&format!("SM{digits}0").into()));
    }
}
