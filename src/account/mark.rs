//! Marks: what a ceremony of more than one change leaves for others to find.

use super::opaque::Opaque;
use super::unknown::{Unknown, serialize_tagged};
use crate::id::{FactorId, Nonce, SessionHash};
use crate::time::Time;
use serde::Serialize;

/// A mark in the set `redemptions`.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A session has stepped up.
    StepUp(StepUp),
    /// What was begun or stepped up before is void.
    Revocation(Revocation),
    /// Recovery codes are being made.
    RenewalLock {
        /// Tells it from other locks.
        nonce: Nonce,
        /// When it was set.
        at: Time,
    },
    /// The user was deleted, where ids can come back. Nobody takes the account over.
    Deleted {
        /// Tells it from other marks.
        nonce: Nonce,
        /// When.
        at: Time,
    },
    /// Step-ups that were used for something that takes a whole one.
    Spent {
        /// Tells it from other uses.
        nonce: Nonce,
        /// When.
        at: Time,
        /// The step-ups.
        step_ups: Vec<Nonce>,
    },
    /// Something that is only counted.
    Counted(Counted),
    /// A kind that a later version wrote. It counts as a revocation for every session.
    Later {
        /// Its nonce, or where it has none, its kind and time.
        nonce: Nonce,
        /// When it was set; the end of time where it does not say.
        at: Time,
        /// All of it.
        mark: Unknown,
    },
}

/// A session that has stepped up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepUp {
    /// Tells it from other step-ups.
    pub nonce: Nonce,
    /// When.
    pub at: Time,
    /// The session.
    pub session: SessionHash,
    /// The revocations that were there before it: those it outlives.
    pub known_revocations: Vec<Nonce>,
    /// By a code that was sent: the keyed hash of the number. It is good as long as the number is one of the user's.
    pub number: Option<String>,
}

/// A revocation of what is under way and of step-ups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Tells it from other revocations.
    pub nonce: Nonce,
    /// When.
    pub at: Time,
    /// The session that caused it and keeps its own step-up.
    pub session: Option<SessionHash>,
    /// The factor that is being removed.
    pub factor: Option<FactorId>,
}

/// Something of which a user may have so many in a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// What it is.
    pub what: CountedKind,
    /// Tells it from others.
    pub nonce: Nonce,
    /// When.
    pub at: Time,
}

/// What is counted by marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedKind {
    /// A notice was handed to the provider.
    Notice,
    /// A code was handed to the provider, which did not take it.
    Unsent,
    /// A session changed something that takes no step-up.
    Change,
    /// A session corrected a number that no code had come back from.
    Correction,
    /// The password was changed. For a day no code goes by mail.
    Password,
}

impl CountedKind {
    /// Every kind.
    const ALL: [CountedKind; 5] =
        [CountedKind::Notice, CountedKind::Unsent, CountedKind::Change, CountedKind::Correction, CountedKind::Password];

    /// The kind of mark as the row names it.
    fn as_str(self) -> &'static str {
        match self {
            CountedKind::Notice => "notice",
            CountedKind::Unsent => "unsent",
            CountedKind::Change => "change",
            CountedKind::Correction => "correction",
            CountedKind::Password => "password",
        }
    }

    fn named(kind: &str) -> Option<CountedKind> {
        CountedKind::ALL.into_iter().find(|known| known.as_str() == kind)
    }
}

impl Mark {
    /// What tells it from other marks.
    pub fn nonce(&self) -> &Nonce {
        match self {
            Mark::StepUp(StepUp { nonce, .. })
            | Mark::Revocation(Revocation { nonce, .. })
            | Mark::RenewalLock { nonce, .. }
            | Mark::Deleted { nonce, .. }
            | Mark::Spent { nonce, .. }
            | Mark::Counted(Counted { nonce, .. })
            | Mark::Later { nonce, .. } => nonce,
        }
    }

    /// When it was set.
    pub fn at(&self) -> Time {
        match self {
            Mark::StepUp(StepUp { at, .. })
            | Mark::Revocation(Revocation { at, .. })
            | Mark::RenewalLock { at, .. }
            | Mark::Deleted { at, .. }
            | Mark::Spent { at, .. }
            | Mark::Counted(Counted { at, .. })
            | Mark::Later { at, .. } => *at,
        }
    }

    /// Its nonce, if it revokes what this session has under way. A revocation spares the session that caused it. A sign-in has no
    /// session, so every revocation applies to it.
    pub(super) fn revokes(&self, session: Option<&SessionHash>) -> Option<&Nonce> {
        match self {
            Mark::Revocation(revocation) => {
                let is_own = session.is_some() && revocation.session.as_ref() == session;
                (!is_own).then_some(&revocation.nonce)
            }
            Mark::Deleted { nonce, .. } | Mark::Later { nonce, .. } => Some(nonce),
            Mark::StepUp(_) | Mark::RenewalLock { .. } | Mark::Spent { .. } | Mark::Counted(_) => None,
        }
    }

    /// Reads a mark by its kind.
    ///
    /// # Errors
    /// If a known kind has bad content.
    pub(super) fn read(content: Opaque) -> Result<Mark, &'static str> {
        let text = |name| content.field(name).map(|field| field.text().ok_or("a mark with a field that is no text"));
        let kind = text("kind").ok_or("a mark without a kind")??;
        let nonce = text("nonce").transpose()?.map(Nonce::from);
        let at = content.field("at").and_then(Opaque::whole).map(Time::from_millis);
        let counted = CountedKind::named(kind);
        if !matches!(kind, STEPPED_UP | VOID | RENEWAL | SPENT | DELETED) && counted.is_none() {
            // What tells it from others of its kind, as far as anything does.
            let nonce = nonce.unwrap_or_else(|| Nonce::from(format!("{kind} {}", at.unwrap_or_default().as_millis())));
            let mark = Unknown { tag: "mark".into(), content };
            // Without a time it never gets stale.
            return Ok(Mark::Later { nonce, at: at.unwrap_or(Time::from_millis(u64::MAX)), mark });
        }
        let nonce = nonce.ok_or("a mark without a nonce")?;
        let at = at.ok_or("a mark without a time")?;
        if let Some(what) = counted {
            return Ok(Mark::Counted(Counted { what, nonce, at }));
        }
        let nonces = |name| {
            let listed =
                content.field(name).map(|field| field.texts().ok_or("a mark with a field that is no list of texts"));
            let texts = listed.transpose()?.unwrap_or_default();
            Ok::<Vec<Nonce>, &'static str>(texts.into_iter().map(Nonce::from).collect())
        };
        if kind == SPENT {
            return Ok(Mark::Spent { nonce, at, step_ups: nonces("spends")? });
        }
        let session = text("session").transpose()?.map(SessionHash::from);
        if kind == RENEWAL {
            return Ok(Mark::RenewalLock { nonce, at });
        }
        if kind == DELETED {
            return Ok(Mark::Deleted { nonce, at });
        }
        if kind == VOID {
            let factor = text("factor").transpose()?.map(FactorId::from);
            return Ok(Mark::Revocation(Revocation { nonce, at, session, factor }));
        }
        Ok(Mark::StepUp(StepUp {
            nonce,
            at,
            session: session.ok_or("a step-up without a session")?,
            known_revocations: nonces("outlives")?,
            number: text("number").transpose()?.map(str::to_owned),
        }))
    }

    /// Writes a mark as the row has it.
    pub(super) fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = |kind, nonce, at| StoredMark {
            kind,
            nonce,
            at,
            session: None,
            factor: None,
            outlives: &[],
            spends: &[],
            number: None,
        };
        let stored = match self {
            Mark::StepUp(step_up) => StoredMark {
                session: Some(&step_up.session),
                outlives: &step_up.known_revocations,
                number: step_up.number.as_deref(),
                ..stored(STEPPED_UP, &step_up.nonce, step_up.at)
            },
            Mark::Revocation(revocation) => StoredMark {
                session: revocation.session.as_ref(),
                factor: revocation.factor.as_ref(),
                ..stored(VOID, &revocation.nonce, revocation.at)
            },
            Mark::RenewalLock { nonce, at } => stored(RENEWAL, nonce, *at),
            Mark::Deleted { nonce, at } => stored(DELETED, nonce, *at),
            Mark::Spent { nonce, at, step_ups } => StoredMark { spends: step_ups, ..stored(SPENT, nonce, *at) },
            Mark::Counted(Counted { what, nonce, at }) => stored(what.as_str(), nonce, *at),
            Mark::Later { mark, .. } => return mark.serialize(serializer),
        };
        serialize_tagged(serializer, "mark", &stored)
    }
}

/// The kinds as the row names them.
const STEPPED_UP: &str = "stepped-up";
const VOID: &str = "void";
const RENEWAL: &str = "renewal";
const DELETED: &str = "deleted";
const SPENT: &str = "spent";

/// A mark of a known kind as the row has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StoredMark<'a> {
    kind: &'static str,
    nonce: &'a Nonce,
    at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a SessionHash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<&'a FactorId>,
    #[serde(skip_serializing_if = "<[Nonce]>::is_empty")]
    outlives: &'a [Nonce],
    #[serde(skip_serializing_if = "<[Nonce]>::is_empty")]
    spends: &'a [Nonce],
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
}
