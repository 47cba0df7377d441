//! Importing second factors that users have elsewhere: with Parse Server's own adapter, or as a secret that the operator hands in.

use super::enroll::MOST_FACTORS;
use super::reset::no_such_user;
use crate::account::{Account, Factor, FactorKind, Mark, OfAuthenticators, RowUpdate, SetOp, is_under_way};
use crate::channel;
use crate::context::Context;
use crate::engine::{ClearParseMfa, ParseMfa, ReadParseMfa, User};
use crate::factor::{self, base32};
use crate::id::FactorId;
use crate::policy::{Require, Route};
use crate::wire::{Answer, EventKind, Import, Imported, NotImported, PROFILE, Refusal};
use zeroize::Zeroizing;

/// NIST SP 800-63B-4 §3.1.4.1: at least 112 bits.
const SHORTEST_SECRET: usize = 14;

/// What the ids of factors begin with that come from Parse's adapter. It knows one of a kind, so a later one takes the place of an earlier one.
const FROM_PARSE: &str = "mfa-";

/// `importTwoFactor`. The sealed factor is stored first. What Parse's adapter keeps is removed next, by one atomic change that goes by what was
/// read: if the user has changed it since, nothing is removed, and what was stored is taken back. So at every moment at least one of the two
/// asks, and whoever was interrupted in between is repaired by the next call, which finds the factor and adds nothing.
///
/// Of imports of one user at once the first goes on. What another has stored may be taken back, so nobody relies on it.
///
/// # Errors
/// Parse's 119 without the master key, which [`crate::run`] checks, its 101 for an id that is no user's; [`Refusal::NotConfigured`] without a
/// key ring of the operator's own, and where somebody has what Parse's adapter keeps while that adapter is not configured;
/// [`Refusal::TryAgain`] for what changed meanwhile, for all but one of those at once, and where nobody can tell whether it was removed.
pub(crate) async fn import(Import { what, dry_run }: Import, cx: &Context) -> Result<Answer, Refusal> {
    let (source, name) = match what {
        Imported::App { user, secret, profile, label } => {
            (ParseMfa { user, secret: Some(secret), mobile: None, profile }, Some(label))
        }
        Imported::Of(id) => match cx.ask(ReadParseMfa { user: Some(id.clone()), after: None }).await? {
            Some(found) => (found, None),
            None => {
                let user = cx.load_user(&id).await?.ok_or_else(no_such_user)?;
                return Ok(Answer::Imported { user: Some(user.id), added: Vec::new(), cleared: false, refused: None });
            }
        },
        Imported::Next(after) => match cx.ask(ReadParseMfa { user: None, after }).await? {
            Some(found) => (found, None),
            None => return Ok(Answer::Imported { user: None, added: Vec::new(), cleared: false, refused: None }),
        },
    };
    cx.check_key_ring()?;
    let user = cx.load_user(&source.user).await?.ok_or_else(no_such_user)?;
    let account = cx.load_account(&user.id).await?;
    let is_asked = cx.requirement_of(&user.id, Route::Login).await? != Require::Nobody;
    let new = match is_asked {
        true => missing(&source, &user, account.as_ref(), cx),
        false => Err(NotImported::Nobody),
    };
    let new = match new {
        Ok(new) => new,
        Err(why) => {
            return Ok(Answer::Imported { user: Some(user.id), added: Vec::new(), cleared: false, refused: Some(why) });
        }
    };
    let added = new.iter().map(|(kind, _)| kind.method()).collect();
    if dry_run {
        return Ok(Answer::Imported { user: Some(user.id), added, cleared: false, refused: None });
    }

    let account = cx.or_create_account(account, &user.id).await?;
    let factors: Vec<Factor> = new.iter().map(|(kind, secret)| sealed(*kind, secret, &name, &account, cx)).collect();
    let confirmed = factors.iter().map(|factor| OfAuthenticators::Confirmed(factor.id.clone()));
    let lock = Mark::RenewalLock { nonce: cx.nonce(), at: cx.now() };
    let update = RowUpdate {
        redemptions: SetOp::add([lock.clone()]),
        // The id of a factor that has taken another's place stands there already, and must stay if this is taken back.
        authenticators: SetOp::add(factors.clone()).and(
            confirmed.filter(|id| !matches!(id, OfAuthenticators::Confirmed(id) if account.confirmed.contains(id))),
        ),
        ..RowUpdate::default()
    };
    let tentative = cx.propose(&account.id, update, Refusal::TryAgain).await?;
    let is_others = |other: &Mark| other.nonce() != lock.nonce() && is_under_way(other.at(), cx.now());
    let is_beaten = [&account, tentative.row()].iter().any(|row| row.renewal_locks().any(is_others));
    if is_beaten || tentative.row().confirmed.len() > MOST_FACTORS {
        tentative.take_back().await;
        return Err(Refusal::TryAgain);
    }
    let ParseMfa { user: id, secret, mobile, .. } = source;
    let imported = [secret.as_ref().map(|_| FactorKind::Totp), mobile.as_ref().map(|_| FactorKind::Number)];
    let cleared = match name {
        None => cx.ask(ClearParseMfa { user: id, secret, mobile }).await.map(|is_cleared| is_cleared.then_some(true)),
        Some(_) => Ok(Some(false)),
    };
    if let Ok(None) = cleared {
        tentative.take_back().await;
        return Err(Refusal::TryAgain);
    }
    let row = tentative.keep();
    let over = RowUpdate {
        redemptions: SetOp::remove([lock]),
        authenticators: SetOp::remove(row.superseded_factors()),
        // Trust in browsers has ended by itself, as other factors count now.
        devices: if factors.is_empty() { SetOp::default() } else { row.without_devices() },
        ..RowUpdate::default()
    };
    cx.clean_up(&row.id, over).await;
    let cleared = cleared?.unwrap_or_default();
    for kind in imported.into_iter().flatten().filter(|_| cleared || !factors.is_empty()) {
        let label = format!("imported {}", kind.method().as_str());
        cx.record(&user.id, EventKind::FactorEnrolled { method: None, label }).await;
    }
    Ok(Answer::Imported { user: Some(user.id), added, cleared, refused: None })
}

/// A factor to be: its kind and its secret.
type New = (FactorKind, Zeroizing<Vec<u8>>);

/// What of the source the user does not have yet.
fn missing(source: &ParseMfa, user: &User, account: Option<&Account>, cx: &Context) -> Result<Vec<New>, NotImported> {
    let none = Account::default();
    let account = account.unwrap_or(&none);
    let mut new = Vec::new();
    if let Some(secret) = &source.secret {
        let is_ours = source.profile.eq_ignore_ascii_case(PROFILE) || source.profile.eq_ignore_ascii_case("SHA-1/6/30");
        let secret = base32::read(secret).ok_or(NotImported::Unreadable)?;
        if !is_ours {
            return Err(NotImported::Profile);
        }
        if secret.len() < SHORTEST_SECRET {
            return Err(NotImported::Weak);
        }
        let has_same = |factor: &Factor| {
            factor.kind == FactorKind::Totp
                && factor::open_secret(factor, &account.id, cx.keys()).is_ok_and(|its| *its == *secret)
        };
        if !account.confirmed_factors().any(has_same) {
            new.push((FactorKind::Totp, secret));
        }
    }
    if let Some(mobile) = &source.mobile {
        let number = factor::allowed_number(mobile, cx).map_err(|_| NotImported::Number)?;
        channel::first(cx).map_err(|_| NotImported::Channel)?;
        if !factor::numbers(user, account, None, cx).iter().any(|own| own.number == number) {
            new.push((FactorKind::Number, Zeroizing::new(number.as_str().as_bytes().to_vec())));
        }
    }
    match account.confirmed.len() + new.len() > MOST_FACTORS {
        true => Err(NotImported::Full),
        false => Ok(new),
    }
}

/// The factor, sealed. From Parse's adapter it takes the place of an earlier one that came from there, as a generation above it.
fn sealed(kind: FactorKind, secret: &[u8], name: &Option<String>, account: &Account, cx: &Context) -> Factor {
    let is_earlier = |factor: &&Factor| name.is_none() && factor.kind == kind && factor.id.starts_with(FROM_PARSE);
    let earlier = account.confirmed_factors().find(is_earlier);
    let id = match (earlier, name) {
        (Some(earlier), _) => earlier.id.clone(),
        (None, None) => FactorId::from(format!("{FROM_PARSE}{}", cx.random_id::<9>())),
        (None, Some(_)) => FactorId::from(cx.random_id::<9>()),
    };
    let masked =
        || core::str::from_utf8(secret).ok().and_then(channel::PhoneNumber::parse).map(|number| number.masked());
    let label = match kind {
        FactorKind::Number => masked().unwrap_or_default(),
        FactorKind::Totp | FactorKind::Mailbox | FactorKind::Passkey => name.clone().unwrap_or_default(),
    };
    let context = factor::seal_context(&account.id, &id);
    Factor {
        id,
        kind,
        label,
        at: cx.now(),
        kid: cx.keys().writing().clone(),
        sealed: cx.host.random(|rng| cx.keys().seal(secret, &context, rng)),
        generation: earlier.map_or(0, |earlier| earlier.generation.saturating_add(1)),
    }
}
