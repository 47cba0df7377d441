//! What a save changes of a user's links with identities at providers.

use crate::account::Account;
use crate::context::Context;
use crate::engine::{Link, User};
use crate::factor;
use crate::policy::MessageKind;
use crate::wire::{EventKind, LinkChange};

/// What of the links that a save carries is a change. A client that links a provider sends all that are linked, and the same identity with a
/// newer token is none: Parse has asked the provider about it. Where the row's cannot be told, everything is a change.
pub(super) fn changes(mut carried: Vec<Link>, row: &User) -> Option<Vec<Link>> {
    carried.retain(|link| match (&link.identity, stored(row, &link.provider)) {
        (_, Stored::Unknown) => true,
        (Some(identity), Stored::Identity(stored)) => stored.is_empty() || stored != identity,
        (Some(_), Stored::Nothing) | (None, Stored::Identity(_)) => true,
        (None, Stored::Nothing) => false,
    });
    (!carried.is_empty()).then_some(carried)
}

/// The changes as the trail tells them.
pub(super) fn told(changes: &[Link], before: &User) -> Vec<LinkChange> {
    let told = |Link { provider, identity }: &Link| LinkChange {
        provider: provider.clone(),
        unlinked: stored(before, provider) != Stored::Nothing,
        linked: identity.is_some(),
    };
    changes.iter().map(told).collect()
}

/// Records what was linked and unlinked, and notifies the user once: each of them is a way in (ASVS 5.0 §6.3.7).
pub(super) async fn notify(before: &User, changes: Vec<LinkChange>, account: &Account, cx: &Context) {
    for LinkChange { provider, unlinked, linked } in changes {
        if unlinked {
            cx.record(&before.id, EventKind::ProviderUnlinked { provider: provider.clone() }).await;
        }
        if linked {
            cx.record(&before.id, EventKind::ProviderLinked { provider }).await;
        }
    }
    factor::notify(before, account, MessageKind::ProvidersChanged, cx).await;
}

/// What a row has of a provider.
#[derive(PartialEq)]
enum Stored<'a> {
    Identity(&'a str),
    Nothing,
    Unknown,
}

fn stored<'a>(row: &'a User, provider: &str) -> Stored<'a> {
    let Some(links) = &row.links else { return Stored::Unknown };
    match links.iter().find(|link| link.provider == provider) {
        Some(link) => Stored::Identity(link.identity.as_deref().unwrap_or_default()),
        None => Stored::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(provider: &str, identity: Option<&str>) -> Link {
        Link { provider: provider.into(), identity: identity.map(str::to_owned) }
    }

    #[test]
    fn another_identity_is_a_change_and_the_same_one_or_an_absent_one_that_is_unlinked_is_none() {
        let links = vec![link("google", Some("g")), link("odd", Some(""))];
        let row = User { links: Some(links), ..User::default() };
        let cases: [(&str, Option<&str>, bool); 8] = [
            ("google", Some("g"), false),
            ("google", Some("x"), true),
            ("google", Some(""), true),
            ("google", None, true),
            ("apple", Some("a"), true),
            ("apple", Some(""), true),
            ("apple", None, false),
            ("odd", Some(""), true),
        ];
        for (provider, identity, is_change) in cases {
            let carried = vec![link(provider, identity)];
            assert_eq!(changes(carried.clone(), &row), is_change.then_some(carried.clone()), "{provider} {identity:?}");
            assert_eq!(changes(carried.clone(), &User::default()), Some(carried), "nothing is known of the row");
        }
        let all = vec![link("google", Some("g")), link("apple", Some("a"))];
        assert_eq!(
            changes(all, &row),
            Some(vec![link("apple", Some("a"))]),
            "beside a change, what is the same is none"
        );
    }
}
