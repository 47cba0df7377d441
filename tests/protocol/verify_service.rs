//! A model of Twilio Verify: one verification is pending for a number, and what Twilio does not document it refuses.

use parse_two_factor::engine::{Pending, Reply, Verify, VerifyStep};
use parse_two_factor::policy::Channel;
use std::collections::BTreeMap;

#[derive(Clone)]
struct Under {
    sid: String,
    code: String,
    messages: u32,
}

#[derive(Clone, Default)]
pub struct VerifyService {
    /// By number.
    pending: BTreeMap<String, Under>,
    /// How many verifications there were.
    begun: usize,
    /// What it was asked, oldest first.
    pub asked: Vec<String>,
    /// Verifications whose code came back.
    pub approved: Vec<String>,
    /// Channels by which it reaches no number, with its error code.
    pub refuses: Vec<(Channel, i32)>,
    /// A language that the service's template does not have.
    pub lacks: Option<&'static str>,
    /// Steps that it carries out, and whose answer is lost.
    pub loses: Vec<&'static str>,
    /// Whether another code joins a verification that is pending: the older code goes out again.
    pub joins: bool,
    /// How many codes of others still take the place of what is canceled, before anybody can send.
    pub rivals: usize,
}

impl VerifyService {
    /// Carries out a step; what it sends by this.
    pub fn answer(&mut self, ask: &Verify, sent: &mut Vec<(String, String)>, by: &mut Vec<Channel>) -> Reply {
        assert_eq!(ask.service, SERVICE);
        let (name, reply) = match &ask.step {
            VerifyStep::Cancel { to } => {
                self.asked.push("cancel".into());
                let ended = self.pending.remove(to).map_or(Reply::Missing, |_| Reply::Done);
                if let Some(left) = self.rivals.checked_sub(1) {
                    self.rivals = left;
                    let rival = Under { sid: "another".into(), code: "none of ours".into(), messages: 1 };
                    self.pending.insert(to.clone(), rival);
                }
                ("cancel", ended)
            }
            VerifyStep::Approve { sid } => {
                self.asked.push(format!("approve {sid}"));
                if self.pending.values().any(|under| under.sid == **sid) {
                    self.approved.push(sid.to_string());
                    self.pending.retain(|_, under| under.sid != **sid);
                }
                ("approve", Reply::Done)
            }
            VerifyStep::Start { channel, to, code, locale, .. } => {
                self.asked.push(format!("start {}", locale.unwrap_or("-")));
                ("start", self.start(*channel, to, code, *locale, sent, by))
            }
        };
        if self.loses.contains(&name) { Reply::Failed } else { reply }
    }

    fn start(
        &mut self,
        channel: Channel,
        to: &str,
        code: &str,
        locale: Option<&'static str>,
        sent: &mut Vec<(String, String)>,
        by: &mut Vec<Channel>,
    ) -> Reply {
        let refused = |code| Reply::Refused { code, message: String::new() };
        if locale.is_some() && locale == self.lacks {
            return refused(20404);
        }
        if let Some((_, error)) = self.refuses.iter().find(|(refused, _)| *refused == channel) {
            return refused(*error);
        }
        if self.pending.get(to).is_some_and(|under| under.code != code) && !self.joins {
            return refused(60200);
        }
        let begun = &mut self.begun;
        let under = self.pending.entry(to.to_owned()).or_insert_with(|| {
            *begun += 1;
            Under { sid: format!("VE{begun}"), code: code.to_owned(), messages: 0 }
        });
        under.messages += 1;
        by.push(channel);
        let before = if channel == Channel::Call { "Your code is" } else { "Your 2FA code is" };
        sent.push((to.to_owned(), format!("{before} {}", under.code)));
        Reply::Verification(Pending { sid: under.sid.as_str().into(), messages: under.messages })
    }

    /// The verification that is pending for this number.
    pub fn pending(&self, to: &str) -> Option<&str> {
        self.pending.get(to).map(|under| &*under.sid)
    }
}

pub const SERVICE: &str = "VA0123456789abcdef0123456789abcdef";
