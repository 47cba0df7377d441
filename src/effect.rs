//! What the core asks of the world, and what the world answers.
//!
//! Each effect is atomic on its own; their order is the ceremonies' business.

use crate::account::{Account, Method};
use crate::change::Change;
use crate::event::{Event, What};
use crate::policy::Require;
use core::fmt;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// One thing for the host to do. The host answers with a [`Reply`], or with [`Reply::Failed`] if it cannot tell what happened.
#[derive(Serialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Effect {
    /// Have Parse check the password, without opening a session: `User`, or `Refused` with Parse's answer.
    CheckPassword { username: Option<String>, email: Option<String>, password: Zeroizing<String> },
    /// Read a user with the master key: `User` or `Missing`.
    LoadUser { user: String },
    /// Read the account of a user: `Account` or `Missing`.
    LoadAccount { user: String },
    /// Create the account of a user unless it exists, exactly once over all nodes: `Account`.
    CreateAccount { user: String },
    /// Apply the change in one atomic operation: `Account` as it stands right after it, or `Missing`.
    UpdateAccount { account: String, change: Box<Change> },
    /// Add `by` to these counters of a window that ends at `ends_at`, in one atomic operation: `Counts`, their values right after it,
    /// in the same order.
    Count { bucket: String, ends_at: u64, counters: Vec<String>, by: i32 },
    /// Count the events of these kinds and this method from `since` on, milliseconds since 1970: `Counts` with one number.
    CountEvents { what: Vec<What>, method: Method, since: u64 },
    /// Hand a message to the provider: `Done`, or `Refused` if it was not taken.
    SendMessage { to: String, from: Option<String>, body: Zeroizing<String> },
    /// Ask Parse whether it lets this user sign in now, whatever password was given: `Done`, `Refused` with Parse's own answer, or
    /// `Unasked` where this Parse Server cannot be asked.
    CheckSignIn { user: String },
    /// Run the app's own `beforeLogin`, open a session for the caller's installation, run its `afterLogin`: `Session`, or
    /// `Refused` by the app's trigger.
    OpenSession { user: String },
    /// Remove the number of this user, with the master key: `Done`. What hangs on a change of it, `beforeSave` does.
    RemoveNumber { user: String },
    /// Add to the event trail and tell the app: `Done`.
    RecordEvent { event: Event },
    /// Let this much time pass: `Done`.
    Wait { milliseconds: u32 },
}

impl fmt::Debug for Effect {
    /// The name alone: most effects carry something secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Effect::CheckPassword { .. } => "CheckPassword",
            Effect::LoadUser { .. } => "LoadUser",
            Effect::LoadAccount { .. } => "LoadAccount",
            Effect::CreateAccount { .. } => "CreateAccount",
            Effect::UpdateAccount { .. } => "UpdateAccount",
            Effect::Count { .. } => "Count",
            Effect::CountEvents { .. } => "CountEvents",
            Effect::SendMessage { .. } => "SendMessage",
            Effect::CheckSignIn { .. } => "CheckSignIn",
            Effect::OpenSession { .. } => "OpenSession",
            Effect::RemoveNumber { .. } => "RemoveNumber",
            Effect::RecordEvent { .. } => "RecordEvent",
            Effect::Wait { .. } => "Wait",
        })
    }
}

/// What the core needs to know of a `_User` row, read with the master key.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: String,
    pub username: Option<String>,
    /// The tutorial's column, as text whatever its type; absent or empty means none.
    pub phone_number: Option<String>,
    /// The tutorial's column `From`: the sender for this user.
    pub from: Option<String>,
    /// The language of this user's messages.
    pub locale: Option<String>,
    /// What the app requires of this user; `None` where it left that to the setting.
    pub require: Option<Require>,
}

impl User {
    /// The number to text, if the user has one, usable or not.
    pub fn phone(&self) -> Option<&str> {
        self.phone_number.as_deref().filter(|n| !n.is_empty())
    }
}

/// What the host answers. Which replies an effect can have stands with the effect.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reply {
    User(User),
    Account(Account),
    Missing,
    Counts(Vec<u32>),
    Session(Zeroizing<String>),
    Done,
    Refused {
        code: i32,
        message: String,
    },
    /// This Parse Server could not be asked.
    Unasked,
    Failed,
}
