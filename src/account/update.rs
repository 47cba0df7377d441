//! Atomic changes of an account's row.
//!
//! The row has four columns, each a set. Elements of different kinds share a column where no change ever adds the one and removes the
//! other: a change can do only one of the two to a column, and each column costs every change time.

use super::authenticators::OfAuthenticators;
use super::challenges::OfChallenges;
use super::claims::OfRedemptions;
use super::devices::OfDevices;
use serde::Serialize;
use tsify::Tsify;

/// What one operation does to one set, in Parse's own notation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "__op", content = "objects")]
pub enum SetOp<T> {
    /// Adds these elements.
    Add(Vec<T>),
    /// Removes these elements, where they are there.
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

    /// What takes back what it adds. What it removes was there for others to see and stays removed.
    fn inverse(&self) -> SetOp<T>
    where
        T: Clone,
    {
        SetOp::Remove(self.added().to_vec())
    }
}

/// One atomic change of the row: each set is added to or removed from. What it does not name the host reads along, so that the answer
/// holds the whole row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Tsify)]
pub struct RowUpdate {
    /// Of the set `challenges`.
    #[serde(skip_serializing_if = "SetOp::is_nothing")]
    #[tsify(optional, type = "object")]
    pub challenges: SetOp<OfChallenges>,
    /// Of the set `redemptions`.
    #[serde(skip_serializing_if = "SetOp::is_nothing")]
    #[tsify(optional, type = "object")]
    pub redemptions: SetOp<OfRedemptions>,
    /// Of the set `authenticators`.
    #[serde(skip_serializing_if = "SetOp::is_nothing")]
    #[tsify(optional, type = "object")]
    pub authenticators: SetOp<OfAuthenticators>,
    /// Of the set `devices`.
    #[serde(skip_serializing_if = "SetOp::is_nothing")]
    #[tsify(optional, type = "object")]
    pub devices: SetOp<OfDevices>,
}

impl RowUpdate {
    /// A change of the set `challenges` alone.
    pub fn challenges(challenges: SetOp<OfChallenges>) -> RowUpdate {
        RowUpdate { challenges, ..RowUpdate::default() }
    }

    /// A change of the set `redemptions` alone.
    pub fn redemptions(redemptions: SetOp<OfRedemptions>) -> RowUpdate {
        RowUpdate { redemptions, ..RowUpdate::default() }
    }

    /// A change of the set `authenticators` alone.
    pub fn authenticators(authenticators: SetOp<OfAuthenticators>) -> RowUpdate {
        RowUpdate { authenticators, ..RowUpdate::default() }
    }

    /// A change of the set `devices` alone.
    pub fn devices(devices: SetOp<OfDevices>) -> RowUpdate {
        RowUpdate { devices, ..RowUpdate::default() }
    }

    /// Whether it changes nothing.
    pub fn is_nothing(&self) -> bool {
        let RowUpdate { challenges, redemptions, authenticators, devices } = self;
        challenges.is_nothing() && redemptions.is_nothing() && authenticators.is_nothing() && devices.is_nothing()
    }

    /// What takes back everything that it adds.
    pub fn inverse(&self) -> RowUpdate {
        RowUpdate {
            challenges: self.challenges.inverse(),
            redemptions: self.redemptions.inverse(),
            authenticators: self.authenticators.inverse(),
            devices: self.devices.inverse(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Attempt, RecoveryCode};

    fn attempt() -> Attempt {
        Attempt { challenge: "c".into(), nonce: "n".into(), unguessable: false }
    }

    #[test]
    fn an_update_of_one_set_is_something_and_names_no_other_set() {
        let code = RecoveryCode { kid: "k".into(), hash: "h".into() };
        let mark = crate::account::Mark::RenewalLock { nonce: "n".into(), at: crate::time::Time::default() };
        for (update, column) in [
            (RowUpdate::challenges(SetOp::add([attempt()])), "challenges"),
            (RowUpdate::redemptions(SetOp::remove([mark])), "redemptions"),
            (RowUpdate::authenticators(SetOp::remove([code])), "authenticators"),
        ] {
            assert!(!update.is_nothing(), "{column}");
            let written = serde_json::to_value(&update).unwrap();
            assert_eq!(written.as_object().unwrap().keys().collect::<Vec<_>>(), [column]);
        }
        assert!(RowUpdate::default().is_nothing());
    }

    #[test]
    fn the_inverse_removes_what_was_added_and_leaves_removed_what_was_removed() {
        let add = RowUpdate::challenges(SetOp::add([attempt()]));
        assert_eq!(add.inverse(), RowUpdate::challenges(SetOp::remove([attempt()])));
        assert!(RowUpdate::challenges(SetOp::remove([attempt()])).inverse().is_nothing());
        assert_eq!(SetOp::<OfChallenges>::add([attempt()]).and([attempt()]).added().len(), 2);
    }
}
