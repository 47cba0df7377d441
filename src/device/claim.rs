//! Uses the token of a trusted browser: one atomic change of the row, which is looked at right after it.

use super::basis;
use super::token::DeviceToken;
use crate::account::{Account, Device, RowUpdate, SetOp};
use crate::context::Context;
use crate::crypto::Secret;
use crate::engine::User;
use crate::factor;
use crate::first_factor::Identified;
use crate::id::{Basis, ProviderName, UserId};
use crate::wire::Refusal;

/// Proof that a user signs in with a browser that the user trusts. Only [`claim`] makes one.
#[derive(Debug)]
pub(crate) struct Trusted {
    user: UserId,
    provider: Option<ProviderName>,
    basis: Basis,
    label: String,
}

impl Trusted {
    /// The user.
    pub(crate) fn user(&self) -> &UserId {
        &self.user
    }

    /// Whose word the first factor was; `None` for a password.
    pub(crate) fn provider(&self) -> Option<&ProviderName> {
        self.provider.as_ref()
    }

    /// Checks that the trust is founded on the user's row as it is now.
    ///
    /// # Errors
    /// [`Refusal::TryAgain`] if the row has changed since the browser was looked at.
    pub(crate) fn check(&self, now: &Basis) -> Result<(), Refusal> {
        match self.basis == *now {
            true => Ok(()),
            false => Err(Refusal::TryAgain),
        }
    }

    /// What the trail says of it.
    pub(crate) fn about(&self) -> String {
        format!("trusted browser: {}", self.label)
    }
}

/// What became of the token that a client sent or did not send.
#[derive(Debug)]
pub(crate) enum Shown {
    /// There was none.
    Nothing,
    /// It is of no use any more, so the client can forget it: made up, another user's, over, forgotten, the option is off, or
    /// the user is to sign in by passkey alone.
    Ignored,
    /// The browser is trusted.
    Trusted(Trusted),
}

/// Uses the token that came with a first factor; the row, where there is one.
///
/// The token names the account, under its tag. So the change that claims it is also what reads the row, and a token that we did not make for
/// this user costs no more than none. The change adds nothing: what matters is its place among the other changes of the row. If the browser
/// was removed before it, the row right after it does not have the browser any more, whatever was read earlier.
///
/// # Errors
/// [`Refusal::TryAgain`] if the database did not answer.
pub(crate) async fn claim(
    identified: &Identified,
    token: Option<&Secret>,
    cx: &Context,
) -> Result<(Option<Account>, Shown), Refusal> {
    let user = identified.user();
    let Some(text) = token else { return Ok((cx.load_account(&user.id).await?, Shown::Nothing)) };
    let is_on = cx.policy().trusted_devices.is_some();
    let token = DeviceToken::read(text, &user.id, cx.keys()).filter(|token| is_on && cx.now() < token.ends_at);
    let Some(token) = token else { return Ok((cx.load_account(&user.id).await?, Shown::Ignored)) };
    let Some(row) = cx.update(&token.account, RowUpdate::default()).await? else {
        return Ok((cx.load_account(&user.id).await?, Shown::Ignored));
    };
    // What trusted the browser may have been a code, which can be phished.
    if factor::passkey::withholds_codes(&row, cx) {
        return Ok((Some(row), Shown::Ignored));
    }
    let Some(device) = find(&token, user, &row, cx) else { return Ok((Some(row), Shown::Ignored)) };
    let founded = basis::of_user(user, cx).await?;
    let now = basis::hash(&device.id, &device.kid, &founded, &row, cx.keys());
    if !now.is_some_and(|now| basis::is_same(&device.basis, &now)) {
        cx.clean_up(&row.id, RowUpdate::devices(SetOp::remove([device.clone()]))).await;
        return Ok((Some(row), Shown::Ignored));
    }
    let provider = identified.provider().cloned();
    let trusted = Trusted { user: user.id.clone(), provider, basis: founded, label: device.label.clone() };
    Ok((Some(row), Shown::Trusted(trusted)))
}

/// The browser of this token, of those that count. The look-up is by keyed hashes, whose bytes nobody chooses.
fn find(token: &DeviceToken, user: &User, row: &Account, cx: &Context) -> Option<Device> {
    let hash = token.hash(&user.id, cx.keys())?;
    let is_it = |device: &&Device| device.kid == token.kid && basis::is_same(&device.hash, &hash);
    cx.view(row).devices().into_iter().find(is_it).cloned()
}
