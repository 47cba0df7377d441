//! Calls by address.

use super::window::{Counter, Reservation, Window, end_of, hash};
use crate::context::Context;
use crate::id::UserId;
use crate::wire::{Ceiling, Refusal};
use core::net::IpAddr;

/// Counts a call of this address, where addresses are to be trusted.
///
/// # Errors
/// [`Refusal::TooMany`] beyond the limit.
pub(crate) async fn count_call(cx: &Context) -> Result<(), Refusal> {
    let Some(address) = cx.caller.address.as_deref().filter(|_| cx.policy().trust_addresses) else {
        return Ok(());
    };
    let limits = cx.limits();
    let counter = Counter { ceiling: Ceiling::Address, key: "calls".into(), limit: limits.calls_per_address };
    let bucket = format!("address:{}", hash("address", &network(address), cx));
    let window = Window { bucket, ends_at: end_of(limits.user_window(), cx), counters: vec![counter] };
    // A call stays counted, whatever becomes of it.
    let _reservation = Reservation::of(vec![window], &UserId::default(), cx).await?;
    Ok(())
}

/// The part of an address that one subscriber holds: an IPv4 address, also where IPv6 carries it (RFC 4291 §2.5.5.2, RFC 6052 §2.1), or
/// the first 64 bits of an IPv6 address (RFC 6177, RFC 4291 §2.5.4).
fn network(address: &str) -> String {
    const TRANSLATED: u128 = 0x64_ff9b << 96;
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => format!("4/{}", address.to_bits()),
        Ok(IpAddr::V6(address)) => match u32::try_from(address.to_bits() ^ TRANSLATED) {
            Ok(v4) => format!("4/{v4}"),
            // As 64 bits: writing out 128 takes code of its own.
            Err(_) => format!("6/{}", u64::try_from(address.to_bits() >> 64).unwrap_or_default()),
        },
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_address_is_counted_by_what_one_subscriber_holds() {
        // RFC 3849 and RFC 5737 keep these for examples.
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_eq!(network("64:ff9b::192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("::ffff:192.0.2.1"), network("::ffff:192.0.2.2"));
        assert_ne!(network("not an address"), network(""));
    }
}
