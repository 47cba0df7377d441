//! The audit trail: who, what, when, from where, with which outcome. It never holds a code, a token or a whole number.

use super::method::Method;
use super::refusal::Refusal;
use super::reset_scope::ResetScope;
use crate::id::UserId;
use crate::policy::Channel;
use crate::time::Time;
use serde::Serialize;
use tsify::Tsify;

/// The name of what happened, as the trail stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum EventName {
    /// A code was sent, or the provider refused it or did not answer (outcomes 4018 and 4026).
    CodeSent,
    /// The provider said of a code that it took that it did not arrive.
    CodeUndelivered,
    /// A session was opened.
    SignedIn,
    /// A code was refused; `outcome` says why.
    CodeRefused,
    /// Too many failures disabled the second factor.
    FactorDisabled,
    /// A step-up succeeded.
    SteppedUp,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// A factor was confirmed.
    FactorEnrolled,
    /// A factor was removed.
    FactorRemoved,
    /// The recovery codes were replaced.
    RecoveryCodesRenewed,
    /// An operator reset the second factor.
    Reset,
    /// The ceiling of the app, of a number, of a block of numbers, of an address or of a provider is reached.
    CeilingReached,
    /// Too few of the codes sent in this hour have come back: somebody may be pumping messages.
    CodesUnused,
    /// A passkey's answer was right but for the page that asked for it.
    OriginRefused,
    /// The user was linked with an identity at a provider.
    ProviderLinked,
    /// The link with an identity at a provider was removed.
    ProviderUnlinked,
    /// A user's other sessions were ended, or some of them were not (outcome 4022).
    SessionsEnded,
    /// A browser is trusted from now on.
    DeviceTrusted,
    /// The user's e-mail address was changed.
    EmailChanged,
    /// The user was deleted.
    UserDeleted,
    /// The operator's command opened factors and wrote them into a file. It writes this entry itself.
    FactorsExported,
}

/// What a ceiling is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceiling {
    /// All text messages of the app.
    App,
    /// All calls of the app that speak a code.
    Spoken,
    /// All messages of the app by WhatsApp.
    Whatsapp,
    /// The app's messages that may be notices.
    Notices,
    /// Messages to one number.
    Number,
    /// Messages into one block of ten thousand numbers.
    Block,
    /// Mails of the whole app: notices, or codes.
    Mails,
    /// Notices by mail to one user.
    Mailbox,
    /// Calls of one address.
    Address,
    /// Calls that ask one provider.
    Provider,
}

impl Ceiling {
    /// The channel whose messages it is over, if it is over one's.
    pub(crate) fn channel(self) -> Option<Channel> {
        match self {
            Ceiling::App | Ceiling::Notices => Some(Channel::Sms),
            Ceiling::Spoken => Some(Channel::Call),
            Ceiling::Whatsapp => Some(Channel::Whatsapp),
            Ceiling::Number | Ceiling::Block | Ceiling::Mails | Ceiling::Mailbox => None,
            Ceiling::Address | Ceiling::Provider => None,
        }
    }

    /// The name in the trail.
    pub fn as_str(self) -> &'static str {
        match self {
            Ceiling::App => "app",
            Ceiling::Spoken => "calls",
            Ceiling::Whatsapp => "whatsapp",
            Ceiling::Notices => "notices",
            Ceiling::Number => "number",
            Ceiling::Block => "block",
            Ceiling::Mails => "mails",
            Ceiling::Mailbox => "mailbox",
            Ceiling::Address => "address",
            Ceiling::Provider => "provider",
        }
    }
}

/// What happened, with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A code was handed to the provider.
    CodeSent {
        /// By which way.
        channel: Channel,
        /// The masked number; with it the provider's error code, if it refused.
        about: String,
        /// 0, or the code of the refusal; that of an unsent message if the provider did not answer.
        outcome: i32,
    },
    /// The provider said of a code that it took that it did not arrive.
    CodeUndelivered {
        /// By which way it went.
        channel: Channel,
        /// The masked number, and the provider's error code or status.
        about: String,
        /// The code of the refusal that it would have been.
        outcome: i32,
    },
    /// A session was opened.
    SignedIn {
        /// The method of the second factor; `None` for a user who was not asked.
        method: Option<Method>,
        /// The provider whose word was the first factor; of a passkey, which one, and whether it verified its user.
        about: Option<String>,
    },
    /// A code was refused.
    CodeRefused {
        /// The method that the client named.
        method: Option<Method>,
        /// The refusal's code.
        code: i32,
    },
    /// Too many failures disabled the second factor.
    FactorDisabled,
    /// A step-up succeeded.
    SteppedUp {
        /// The method of the code.
        method: Method,
        /// Of a passkey: which one, and whether it verified its user.
        about: Option<String>,
    },
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// How many are left.
        left: usize,
    },
    /// A factor counts from now on.
    FactorEnrolled {
        /// The method of the code that confirmed it; `None` where no code did, as for the tutorial's column. Events with a method
        /// are counted as codes that came back.
        method: Option<Method>,
        /// The factor's label.
        label: String,
    },
    /// A factor was removed.
    FactorRemoved {
        /// The factor's method; `None` for the tutorial's column that a save changed.
        method: Option<Method>,
        /// The factor's label.
        label: String,
    },
    /// The recovery codes were replaced.
    RecoveryCodesRenewed,
    /// An operator reset the second factor.
    Reset {
        /// What went beside what is under way.
        scope: ResetScope,
        /// What the operator notes beside it, the number of a ticket say.
        ticket: Option<String>,
    },
    /// A ceiling is reached.
    CeilingReached(Ceiling),
    /// Too few codes came back.
    CodesUnused {
        /// Codes that came back.
        redeemed: u32,
        /// Messages sent.
        sent: u32,
    },
    /// A passkey's answer was right but for the page that asked for it.
    OriginRefused {
        /// The page's origin.
        origin: String,
    },
    /// The user was linked with an identity at a provider.
    ProviderLinked {
        /// The provider.
        provider: String,
    },
    /// The link with an identity at a provider was removed.
    ProviderUnlinked {
        /// The provider.
        provider: String,
    },
    /// A user's other sessions were ended.
    SessionsEnded {
        /// Whether none is left.
        all: bool,
    },
    /// A browser is trusted from now on.
    DeviceTrusted {
        /// Its label.
        label: String,
    },
    /// The user's e-mail address was changed.
    EmailChanged {
        /// The old one, masked. `None` if there was none.
        old: Option<String>,
    },
    /// The user was deleted.
    UserDeleted {
        /// Whether the master key did it.
        by_master: bool,
    },
}

impl EventKind {
    /// The entry of the trail.
    pub(crate) fn of(self, user: &UserId, at: Time, address: Option<String>) -> Event {
        let (what, method, about, outcome) = match self {
            EventKind::CodeSent { channel, about, outcome } => {
                (EventName::CodeSent, Some(channel.into()), Some(about), outcome)
            }
            EventKind::CodeUndelivered { channel, about, outcome } => {
                (EventName::CodeUndelivered, Some(channel.into()), Some(about), outcome)
            }
            EventKind::SignedIn { method, about } => (EventName::SignedIn, method, about, 0),
            EventKind::CodeRefused { method, code } => (EventName::CodeRefused, method, None, code),
            EventKind::FactorDisabled => (EventName::FactorDisabled, None, None, Refusal::Disabled.code()),
            EventKind::SteppedUp { method, about } => (EventName::SteppedUp, Some(method), about, 0),
            EventKind::RecoveryCodeUsed { left } => {
                (EventName::RecoveryCodeUsed, Some(Method::Recovery), Some(format!("{left} left")), 0)
            }
            EventKind::FactorEnrolled { method, label } => (EventName::FactorEnrolled, method, Some(label), 0),
            EventKind::FactorRemoved { method, label } => (EventName::FactorRemoved, method, Some(label), 0),
            EventKind::RecoveryCodesRenewed => (EventName::RecoveryCodesRenewed, None, None, 0),
            EventKind::Reset { scope, ticket } => {
                let about = match (scope.as_str(), ticket) {
                    (scope, None) => scope.map(str::to_owned),
                    (None, Some(ticket)) => Some(format!("ticket {ticket}")),
                    (Some(scope), Some(ticket)) => Some(format!("{scope}, ticket {ticket}")),
                };
                (EventName::Reset, None, about, 0)
            }
            EventKind::CeilingReached(ceiling) => (
                EventName::CeilingReached,
                None,
                Some(ceiling.as_str().to_owned()),
                Refusal::TooMany { seconds: 0 }.code(),
            ),
            EventKind::CodesUnused { redeemed, sent } => {
                (EventName::CodesUnused, None, Some(format!("{redeemed} of {sent}")), 0)
            }
            EventKind::ProviderLinked { provider } => (EventName::ProviderLinked, None, Some(provider), 0),
            EventKind::ProviderUnlinked { provider } => (EventName::ProviderUnlinked, None, Some(provider), 0),
            EventKind::OriginRefused { origin } => {
                let outcome = Refusal::WrongOrigin(origin.clone()).code();
                (EventName::OriginRefused, Some(Method::Webauthn), Some(origin), outcome)
            }
            EventKind::SessionsEnded { all } => {
                (EventName::SessionsEnded, None, None, if all { 0 } else { Refusal::TryAgain.code() })
            }
            EventKind::DeviceTrusted { label } => (EventName::DeviceTrusted, None, Some(label), 0),
            EventKind::EmailChanged { old } => (EventName::EmailChanged, None, old, 0),
            EventKind::UserDeleted { by_master } => {
                let by = if by_master { "by the master key" } else { "by a session" };
                (EventName::UserDeleted, None, Some(by.to_owned()), 0)
            }
        };
        Event { what, user: user.clone(), at, address, method, about, outcome }
    }
}

/// One entry of the trail, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What happened.
    pub what: EventName,
    /// The user's `objectId`; empty for the ceiling of an address or a provider, and for an export of all users.
    pub user: UserId,
    /// When.
    pub at: Time,
    /// The caller's address as Parse Server reports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The method of the code, the factor or the sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub method: Option<Method>,
    /// The masked number and what the provider refused it with, the label of a factor or a browser, a sign-in provider, a page's origin, the
    /// name of a ceiling, how many are left, came back or were exported, the scope and ticket of a reset, a masked
    /// address that was changed, or by whom a user was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// 0, or the code of the refusal.
    pub outcome: i32,
}
