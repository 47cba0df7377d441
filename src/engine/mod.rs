//! The engine: a ceremony is a future whose every await is an effect for the host.

mod counts;
mod effect;
mod flow;
mod host;
mod imports;
mod opened;
mod parse_mfa;
mod reply;
mod user;

pub use counts::Ended;
pub use effect::{
    Ask, AskRequirement, CheckPassword, CheckProvider, CheckSignIn, ClearParseMfa, Count, CountEvents, CreateAccount,
    Effect, EndSessions, FindSignIn, LoadAccount, LoadIdentity, LoadUser, NameAccount, OpenSession, ReadAccount,
    ReadBasis, ReadParseMfa, RecordEvent, RemoveAccount, RemoveNumber, SendMail, SendMessage, SweepWindows,
    UpdateAccount, Wait,
};
pub use flow::{Flow, Step};
pub use host::{Asked, Host, Random};
pub use opened::Opened;
pub use parse_mfa::ParseMfa;
pub use reply::{Counted, Reply};
pub use user::{Identity, Link, User};
