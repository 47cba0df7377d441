//! The engine: a ceremony is a future whose every await is an effect for the host.

mod became;
mod delivery;
mod effect;
mod flow;
mod host;
mod imports;
mod opened;
mod parse_mfa;
mod pending;
mod read;
mod reply;
mod user;
mod verification;

pub use became::Became;
pub use effect::{
    Ask, AskRequirement, CheckMessage, CheckPassword, CheckProvider, CheckSignIn, ClearParseMfa, ConfirmMessage, Count,
    CountEvents, CreateAccount, Effect, EndSessions, FindSignIn, LoadAccount, LoadIdentity, LoadUser, NameAccount,
    OpenSession, ReadAccount, ReadBasis, ReadParseMfa, RecordEvent, RemoveAccount, RemoveNumber, SendMail, SendMessage,
    SweepWindows, UpdateAccount, Verify, Wait,
};
pub use flow::{Flow, Step};
pub use host::{Asked, Host, Random};
pub use opened::Opened;
pub use parse_mfa::ParseMfa;
pub use pending::Pending;
pub use read::Ended;
pub use reply::{Counted, Reply};
pub use user::{Identity, LetIn, Link, User};
pub use verification::{Verified, VerifyStep};
