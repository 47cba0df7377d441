//! The secrets of factors, sealed.

use super::mailbox;
use crate::account::{Account, Factor, FactorKind, RowUpdate, SetOp};
use crate::channel::Mailbox;
use crate::context::Context;
use crate::crypto::KeyRing;
use crate::id::{AccountId, FactorId};
use crate::wire::Refusal;
use zeroize::Zeroizing;

/// What a sealed secret is bound to: it opens for this account and factor alone.
pub(crate) fn seal_context(account: &AccountId, factor: &FactorId) -> String {
    format!("{account}/{factor}")
}

/// Opens the secret of a factor.
///
/// # Errors
/// [`Refusal::NotConfigured`] if its key left the ring: a clear refusal, never a wrong answer.
pub(crate) fn open_secret(factor: &Factor, account: &AccountId, keys: &KeyRing) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let context = seal_context(account, &factor.id);
    keys.open(&factor.kid, &factor.sealed, &context).map_err(|_| {
        Refusal::NotConfigured(
            "This factor was sealed with a key that is not in TWO_FACTOR_KEYS: the operator has to put it back.".into(),
        )
    })
}

/// Seals confirmed factors anew that hang on an older key than the writing one. So a key that was replaced falls out of use as users sign
/// in. A factor that cannot be opened stays as it is. That any of this may fail changes nothing: the next success tries again.
///
/// The new element is added before the old one is removed, and only superseded elements are removed. So however many do this at once, one
/// element is left, and the factor works throughout. A factor that was removed meanwhile stays removed, since its id is not confirmed any
/// more; then the element added for it goes as well.
///
/// `used` is the address whose code has succeeded, if one did: of an address there is but a hash, so another success cannot renew it.
pub(crate) async fn reseal(account: &Account, used: Option<&Mailbox>, cx: &Context) {
    let anew = sealed_anew(account, used, cx);
    let added = match anew.is_empty() {
        true => None,
        false => {
            let add = RowUpdate::authenticators(SetOp::add(anew.clone()));
            let Ok(Some(after)) = cx.update(&account.id, add).await else { return };
            Some(after)
        }
    };
    let account = added.as_ref().unwrap_or(account);
    let mut over = account.superseded_factors();
    for factor in anew.iter().filter(|factor| !account.confirmed.contains(&factor.id)) {
        over.extend(account.elements_of(&factor.id));
    }
    cx.clean_up(&account.id, RowUpdate::authenticators(SetOp::remove(over))).await;
}

/// Removes the elements of factors whose place others have taken, in a row that was read right after that.
pub(crate) async fn drop_superseded(row: &Account, cx: &Context) {
    cx.clean_up(&row.id, RowUpdate::authenticators(SetOp::remove(row.superseded_factors()))).await;
}

/// The confirmed factors that hang on an older key, under the writing one.
fn sealed_anew(account: &Account, used: Option<&Mailbox>, cx: &Context) -> Vec<Factor> {
    let keys = cx.keys();
    let old = account.confirmed_factors().filter(|factor| factor.kid != *keys.writing());
    old.filter_map(|factor| {
        if factor.kind == FactorKind::Mailbox {
            return mailbox::sealed_anew(factor, used?, &account.id, cx);
        }
        let secret = open_secret(factor, &account.id, keys).ok()?;
        let context = seal_context(&account.id, &factor.id);
        Some(Factor {
            kid: keys.writing().clone(),
            sealed: cx.host.random(|rng| keys.seal(&secret, &context, rng)),
            generation: factor.generation.saturating_add(1),
            ..factor.clone()
        })
    })
    .collect()
}
