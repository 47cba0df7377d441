//! What a challenge and its codes are founded on. A change of that voids them by itself: also if whoever made the change died before it
//! could remove them, and however long the change took.

use super::enroll_token;
use crate::account::{Account, Challenge, RowUpdate, SetOp};
use crate::channel::Recipient;
use crate::context::Context;
use crate::crypto::HashPurpose;
use crate::engine::{CheckSignIn, LetIn, ReadBasis, User};
use crate::factor;
use crate::id::{Basis, FactorId, UserId};
use crate::wire::Refusal;
use subtle::ConstantTimeEq;

/// The keyed hash of the number or address that a code of this challenge goes to. `None` if the key has left the ring.
pub(super) fn hash_number(challenge: &Challenge, to: &Recipient, cx: &Context) -> Option<String> {
    cx.keys().hash(&challenge.kid, HashPurpose::Basis, &["number", &challenge.id, &to.hashed()])
}

/// Whether a keyed hash is the one that a value has now.
fn is_same(stored: &str, now: &str) -> bool {
    now.as_bytes().ct_eq(stored.as_bytes()).into()
}

/// Whether a challenge is still founded on what it was begun with; `None` if nobody can tell. One that an earlier version began does not
/// say, and stands.
fn stands(challenge: &Challenge, basis: &Basis, cx: &Context) -> Option<bool> {
    let Some(begun) = &challenge.basis else { return Some(true) };
    cx.hash_basis(&challenge.id, &challenge.kid, basis).map(|now| is_same(begun, &now))
}

/// Checks that a challenge still stands.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] if password, providers, ACL, number or sender have changed since it was begun.
pub(crate) fn check_basis(challenge: &Challenge, basis: &Basis, cx: &Context) -> Result<(), Refusal> {
    match stands(challenge, basis, cx) {
        Some(true) => Ok(()),
        Some(false) | None => Err(Refusal::ChallengeUnknown),
    }
}

/// As [`check_basis`], for a challenge that is no sign-in: nothing has been asked of Parse.
///
/// # Errors
/// As [`check_basis`]; [`Refusal::TryAgain`] if the basis could not be read.
pub(crate) async fn check_basis_now(challenge: &Challenge, cx: &Context) -> Result<(), Refusal> {
    if challenge.basis.is_none() {
        return Ok(());
    }
    let basis = cx.ask(ReadBasis { user: challenge.user.clone() }).await?.ok_or(Refusal::ChallengeUnknown)?;
    check_basis(challenge, &basis, cx)
}

/// Checks that the code of a challenge, which was right by this row, went to a number or an address that is still the user's; that, with its
/// factor, unless an earlier version sent the code. The user is read, unless this call has just asked Parse about the user.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] if it is not; [`Refusal::TryAgain`] if the user could not be read.
pub(super) async fn check_number(
    challenge: &Challenge,
    row: &Account,
    user: Option<&User>,
    cx: &Context,
) -> Result<Option<(FactorId, Recipient)>, Refusal> {
    let code = cx.view(row).current_code(&challenge.id);
    let Some(sent_to) = code.and_then(|code| code.number.as_deref()) else { return Ok(None) };
    let read = match user {
        Some(_) => None,
        None => Some(cx.load_user(&challenge.user).await?.ok_or(Refusal::ChallengeUnknown)?),
    };
    let Some(user) = user.or(read.as_ref()) else { return Err(Refusal::TryAgain) };
    let own = factor::recipients(user, row, challenge.purpose.factor(), cx);
    let is_it =
        |(_, to): &(FactorId, Recipient)| hash_number(challenge, to, cx).is_some_and(|hash| is_same(sent_to, &hash));
    own.into_iter().find(is_it).map(Some).ok_or(Refusal::ChallengeUnknown)
}

/// The keyed hash of the number or address by which a session steps up, or that it wrote. `of` is the session, or the nonce of a claim.
pub(crate) fn hash_step_up(of: &str, to: &Recipient, cx: &Context) -> Option<String> {
    cx.keys().hash(cx.keys().writing(), HashPurpose::Basis, &["step-up", of, &to.hashed()])
}

/// Whether such a hash is over this one.
pub(crate) fn is_step_up_by(by: &str, of: &str, to: &Recipient, cx: &Context) -> bool {
    hash_step_up(of, to, cx).is_some_and(|hash| is_same(by, &hash))
}

/// Removes what does not stand any more, so that nobody takes it up again; the row.
///
/// # Errors
/// [`Refusal::TryAgain`] if nobody can tell whether they are gone.
pub(crate) async fn drop_void(account: Account, basis: &Basis, cx: &Context) -> Result<Account, Refusal> {
    let void: Vec<_> = founded(&account).filter(|begun| stands(begun, basis, cx) == Some(false)).cloned().collect();
    if void.is_empty() {
        return Ok(account);
    }
    let update = RowUpdate::challenges(SetOp::remove(void));
    cx.update(&account.id, update).await?.ok_or(Refusal::TryAgain)
}

/// As [`drop_void`], for a user whose row is about to change. A user whom Parse stops for now keeps the sign-in for later.
///
/// # Errors
/// As [`drop_void`], or if Parse did not answer.
pub(crate) async fn drop_void_of(user: &UserId, cx: &Context) -> Result<(), Refusal> {
    let Some(account) = cx.load_account(user).await? else { return Ok(()) };
    if founded(&account).next().is_none() {
        return Ok(());
    }
    // What Parse's rules about passwords stop may go on by a provider's word.
    let provider = founded(&account).find_map(|begun| enroll_token::provider_of(&begun.purpose));
    match cx.ask(CheckSignIn { user: user.clone(), provider, by_row_of_password: false }).await {
        Ok(LetIn { basis, .. }) => drop_void(account, &basis, cx).await.map(drop),
        Err(Refusal::TryAgain) => Err(Refusal::TryAgain),
        // Nobody signs in while Parse says no.
        Err(_) => Ok(()),
    }
}

/// Sign-ins and enrollments.
fn founded(account: &Account) -> impl Iterator<Item = &Challenge> {
    account.challenges.iter().filter(|challenge| challenge.basis.is_some())
}
