//! Atomic changes of an account's row.
//!
//! The row has three columns, each a set. Elements of different kinds share a column where no change ever adds the one and removes the
//! other: a change can do only one of the two to a column, and each column costs every change time.

use crate::account::{Account, Attempt, Challenge, Factor, Mark, RecoveryCode, Redemption, SentCode};
use serde::{Deserialize, Serialize};

/// An element of the column `challenges`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OfChallenge {
    Challenge(Challenge),
    Code(SentCode),
    Attempt(Attempt),
}

/// An element of the column `redemptions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OfRedemption {
    Redemption(Redemption),
    Mark(Mark),
}

/// An element of the column `authenticators`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OfAuthenticator {
    Factor(Factor),
    /// The id of a factor that counts.
    Confirmed(String),
    RecoveryCode(RecoveryCode),
}

macro_rules! elements {
    ($($of:ident :: $kind:ident($element:ty)),* $(,)?) => {
        $(impl From<$element> for $of {
            fn from(element: $element) -> $of {
                $of::$kind(element)
            }
        })*
    };
}

elements! {
    OfChallenge::Challenge(Challenge),
    OfChallenge::Code(SentCode),
    OfChallenge::Attempt(Attempt),
    OfRedemption::Redemption(Redemption),
    OfRedemption::Mark(Mark),
    OfAuthenticator::Factor(Factor),
    OfAuthenticator::RecoveryCode(RecoveryCode),
}

/// What one operation does to one set, in Parse's own notation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "__op", content = "objects")]
pub enum SetOp<T> {
    Add(Vec<T>),
    Remove(Vec<T>),
}

impl<T> Default for SetOp<T> {
    fn default() -> Self {
        SetOp::Remove(Vec::new())
    }
}

impl<T> SetOp<T> {
    /// Adds these elements.
    pub fn add<E: Into<T>>(elements: impl IntoIterator<Item = E>) -> SetOp<T> {
        SetOp::Add(elements.into_iter().map(E::into).collect())
    }

    /// Removes these elements, where they are there.
    pub fn remove<E: Into<T>>(elements: impl IntoIterator<Item = E>) -> SetOp<T> {
        SetOp::Remove(elements.into_iter().map(E::into).collect())
    }

    /// The same for further elements.
    pub fn and<E: Into<T>>(mut self, further: impl IntoIterator<Item = E>) -> SetOp<T> {
        let (SetOp::Add(elements) | SetOp::Remove(elements)) = &mut self;
        elements.extend(further.into_iter().map(E::into));
        self
    }

    /// Whether the operation changes nothing.
    pub fn is_nothing(&self) -> bool {
        let (SetOp::Add(elements) | SetOp::Remove(elements)) = self;
        elements.is_empty()
    }

    /// What it adds.
    pub fn added(&self) -> &[T] {
        match self {
            SetOp::Add(elements) => elements,
            SetOp::Remove(_) => &[],
        }
    }
}

/// One atomic change of the row: each set is added to or removed from. What it does not name the host reads along, so that the
/// answer holds the whole row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    #[serde(skip_serializing_if = "SetOp::is_nothing")]
    pub challenges: SetOp<OfChallenge>,
    #[serde(skip_serializing_if = "SetOp::is_nothing")]
    pub redemptions: SetOp<OfRedemption>,
    #[serde(skip_serializing_if = "SetOp::is_nothing")]
    pub authenticators: SetOp<OfAuthenticator>,
}

/// The row as it stands in the database.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Row {
    id: String,
    challenges: Vec<OfChallenge>,
    redemptions: Vec<OfRedemption>,
    authenticators: Vec<OfAuthenticator>,
}

impl From<Row> for Account {
    fn from(row: Row) -> Account {
        let mut account = Account { id: row.id, ..Account::default() };
        account.add_of_challenges(row.challenges);
        account.add_of_redemptions(row.redemptions);
        account.add_of_authenticators(row.authenticators);
        account
    }
}

impl Account {
    fn add_of_challenges(&mut self, elements: Vec<OfChallenge>) {
        for element in elements {
            match element {
                OfChallenge::Challenge(challenge) => self.challenges.push(challenge),
                OfChallenge::Code(code) => self.codes.push(code),
                OfChallenge::Attempt(attempt) => self.attempts.push(attempt),
            }
        }
    }

    fn add_of_redemptions(&mut self, elements: Vec<OfRedemption>) {
        for element in elements {
            match element {
                OfRedemption::Redemption(redemption) => self.redemptions.push(redemption),
                OfRedemption::Mark(mark) => self.marks.push(mark),
            }
        }
    }

    fn add_of_authenticators(&mut self, elements: Vec<OfAuthenticator>) {
        for element in elements {
            match element {
                OfAuthenticator::Factor(factor) => self.factors.push(factor),
                OfAuthenticator::Confirmed(id) => self.confirmed.push(id),
                OfAuthenticator::RecoveryCode(code) => self.recovery_codes.push(code),
            }
        }
    }

    /// What a database does with a change: the model that the tests hold the protocol against.
    pub fn apply(&mut self, change: &Change) {
        match &change.challenges {
            SetOp::Add(elements) => self.add_of_challenges(elements.clone()),
            SetOp::Remove(elements) => {
                keep_all_but(elements, &mut self.challenges);
                keep_all_but(elements, &mut self.codes);
                keep_all_but(elements, &mut self.attempts);
            }
        }
        match &change.redemptions {
            SetOp::Add(elements) => self.add_of_redemptions(elements.clone()),
            SetOp::Remove(elements) => {
                keep_all_but(elements, &mut self.redemptions);
                keep_all_but(elements, &mut self.marks);
            }
        }
        match &change.authenticators {
            SetOp::Add(elements) => self.add_of_authenticators(elements.clone()),
            SetOp::Remove(elements) => {
                keep_all_but(elements, &mut self.factors);
                self.confirmed.retain(|id| !elements.contains(&OfAuthenticator::Confirmed(id.clone())));
                keep_all_but(elements, &mut self.recovery_codes);
            }
        }
    }
}

fn keep_all_but<T: PartialEq, E: Clone + Into<T>>(elements: &[T], set: &mut Vec<E>) {
    set.retain(|element| !elements.contains(&element.clone().into()));
}
