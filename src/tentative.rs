//! The protocol's main move: add elements to the row in one atomic change, look at the row right after it, keep them or take them back.

use crate::account::{Account, Delivered, Mark, RowUpdate, SetOp, Verification};
use crate::context::Context;
use crate::id::AccountId;
use crate::wire::Refusal;

/// Elements that one atomic change added, to be kept or taken back. It knows what takes them back.
#[must_use = "keep() or take_back() the elements"]
pub(crate) struct Tentative<'c> {
    row: Account,
    inverse: RowUpdate,
    cx: &'c Context,
}

impl Context {
    /// Applies an update whose additions may be taken back. `gone` is the refusal where the row is gone.
    ///
    /// # Errors
    /// `gone`; [`Refusal::TryAgain`] if nobody can tell whether it was applied, with the additions taken back.
    pub(crate) async fn propose(
        &self,
        account: &AccountId,
        update: RowUpdate,
        gone: Refusal,
    ) -> Result<Tentative<'_>, Refusal> {
        let inverse = update.inverse();
        match self.update(account, update).await {
            Ok(Some(row)) => Ok(Tentative { row, inverse, cx: self }),
            Ok(None) => Err(gone),
            Err(refusal) => {
                self.clean_up(account, inverse).await;
                Err(refusal)
            }
        }
    }
}

impl Tentative<'_> {
    /// The row as it stood right after the change.
    pub(crate) fn row(&self) -> &Account {
        &self.row
    }

    /// Keeps the elements; the row.
    pub(crate) fn keep(self) -> Account {
        self.row
    }

    /// Takes the elements back; the row right after that, where it can be had. That it may fail changes nothing: what stays only makes
    /// others more careful.
    pub(crate) async fn take_back(self) -> Option<Account> {
        self.cx.update(&self.row.id, self.inverse).await.ok().flatten()
    }

    /// Takes the elements back and leaves this mark in their place, in one change: at no moment does neither of them count. No element may
    /// stand among the marks. The row right after that, where it can be had.
    pub(crate) async fn exchange(self, mark: Mark) -> Option<Account> {
        let update = RowUpdate { redemptions: SetOp::add([mark]), ..self.inverse };
        self.cx.update(&self.row.id, update).await.ok().flatten()
    }

    /// Adds how a code went, as far as there is something to say. That it may fail changes nothing: what is written there decides nothing.
    pub(crate) async fn and_told(mut self, delivered: Option<Delivered>, verification: Option<Verification>) -> Self {
        let add = SetOp::add(delivered.clone()).and(verification.clone());
        if add.is_nothing() {
            return self;
        }
        match self.cx.update(&self.row.id, RowUpdate::challenges(add)).await {
            Ok(Some(row)) => self.row = row,
            Ok(None) | Err(_) => self.row.delivered.extend(delivered.clone()),
        }
        self.inverse.challenges = core::mem::take(&mut self.inverse.challenges).and(delivered).and(verification);
        self
    }

    /// Keeps the elements if the verdict is good. Otherwise takes them back and passes the refusal on.
    ///
    /// # Errors
    /// The verdict's refusal.
    pub(crate) async fn settle<T>(self, verdict: Result<T, Refusal>) -> Result<(T, Account), Refusal> {
        match verdict {
            Ok(value) => Ok((value, self.keep())),
            Err(refusal) => {
                self.take_back().await;
                Err(refusal)
            }
        }
    }
}
