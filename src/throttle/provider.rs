//! Calls that ask a provider.

use super::window::{Counter, Reservation, Window, end_of, hash};
use crate::context::Context;
use crate::id::{ProviderName, UserId};
use crate::time::Span;
use crate::wire::{Ceiling, Refusal};

/// Counts a call that has this provider asked, whoever makes it, so that nobody can send us against a provider.
///
/// # Errors
/// [`Refusal::TooMany`] beyond the limit.
pub(crate) async fn count_provider_call(provider: &ProviderName, cx: &Context) -> Result<(), Refusal> {
    // The name is the client's. A counter cannot be taken out of a row again, so there are 4096 at most.
    let slot = hash("provider", provider, cx).get(..2).map(|slot| format!("p{slot}")).unwrap_or_default();
    let counter = Counter { ceiling: Ceiling::Provider, key: slot, limit: cx.limits().calls_per_provider };
    let window = Window { bucket: "providers".into(), ends_at: end_of(Span::HOUR, cx), counters: vec![counter] };
    // A call stays counted, whatever becomes of it.
    let _reservation = Reservation::of(vec![window], &UserId::default(), cx).await?;
    Ok(())
}
