//! Factors as they leave: their seals opened, for an operator who moves to something else.

use super::provisioning::leaving_uri;
use super::seal::open_secret;
use crate::account::{Account, FactorKind};
use crate::crypto::{KeyRing, Secret};
use crate::id::{FactorId, KeyId, UserId};
use crate::wire::Method;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Serialize;
use tsify::Tsify;

/// A factor that counts, its seal opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct OpenedFactor {
    /// Its id.
    pub id: FactorId,
    /// What it is listed under.
    pub method: Method,
    /// The key that its seal is under.
    pub kid: KeyId,
    /// An authenticator app as `otpauth:`, a number as `tel:` (RFC 3966), a passkey as `webauthn:` with the credential's stored form in
    /// base64url. `None` if this ring does not open the seal: its key is gone, or the row was tampered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub uri: Option<Secret>,
}

/// The factors of a user that count, each once, without a mailbox, which has no secret. An authenticator app is called by its label, one without a label by the user's id.
pub fn opened(account: &Account, user: &UserId, keys: &KeyRing) -> Vec<OpenedFactor> {
    let open = |kind, label: &str, secret: &[u8]| {
        let name = if label.is_empty() { user } else { label };
        match kind {
            FactorKind::Totp => Some(leaving_uri(secret, name).into()),
            FactorKind::Number => core::str::from_utf8(secret).ok().map(|number| format!("tel:{number}").into()),
            // It holds a hash of an address that stands in the user's row.
            FactorKind::Mailbox => None,
            FactorKind::Passkey => Some(format!("webauthn:{}", Base64UrlUnpadded::encode_string(secret)).into()),
        }
    };
    let leaving = account.confirmed_factors().filter(|factor| factor.kind != FactorKind::Mailbox);
    let factors = leaving.map(|factor| OpenedFactor {
        id: factor.id.clone(),
        method: factor.kind.method(),
        kid: factor.kid.clone(),
        uri: open_secret(factor, &account.id, keys).ok().and_then(|secret| open(factor.kind, &factor.label, &secret)),
    });
    factors.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Factor;
    use crate::factor::seal_context;
    use crate::time::Time;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    const RING: &str = "a:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    const OTHER: &str = "a:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

    fn ring(text: &str) -> KeyRing {
        KeyRing::parse(text).unwrap()
    }

    fn factor(id: &str, kind: FactorKind, label: &str, secret: &[u8]) -> Factor {
        let context = seal_context(&"account".into(), &id.into());
        Factor {
            id: id.into(),
            kind,
            label: label.into(),
            at: Time::from_millis(0),
            kid: "a".into(),
            sealed: ring(RING).seal(secret, &context, &mut ChaCha20Rng::from_seed([3; 32])),
            generation: 0,
        }
    }

    fn account(factors: Vec<Factor>) -> Account {
        let confirmed = factors.iter().map(|factor| factor.id.clone()).collect();
        Account { id: "account".into(), factors, confirmed, ..Account::default() }
    }

    fn uris(account: &Account, keys: &str) -> Vec<Option<String>> {
        let opened = opened(account, &"ada".into(), &ring(keys));
        opened.into_iter().map(|factor| factor.uri.map(|uri| uri.to_string())).collect()
    }

    const KEY_URI: &str = "?secret=JBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30";

    #[test]
    fn each_kind_of_factor_leaves_in_a_form_of_its_own_under_its_label_or_else_the_users_id() {
        let secret = b"Hello!\xDE\xAD\xBE\xEF";
        let row = account(vec![
            factor("1", FactorKind::Totp, "My: phone", secret),
            factor("2", FactorKind::Totp, "", secret),
            factor("3", FactorKind::Number, "•••• 0006", b"+15005550006"),
            factor("4", FactorKind::Passkey, "Key", &[1, 0xff, 0xfe]),
        ]);
        let expected = [
            format!("otpauth://totp/My-%20phone{KEY_URI}"),
            format!("otpauth://totp/ada{KEY_URI}"),
            "tel:+15005550006".into(),
            "webauthn:Af_-".into(),
        ];
        assert_eq!(uris(&row, RING), expected.map(Some));
    }

    #[test]
    fn what_does_not_count_does_not_leave_and_what_was_sealed_anew_leaves_once() {
        let begun = factor("begun", FactorKind::Totp, "", b"Hello!");
        let old = factor("1", FactorKind::Number, "", b"+15005550006");
        let new = Factor { generation: 1, ..factor("1", FactorKind::Number, "", b"+15005550007") };
        let mut row = account(vec![new, old]);
        row.confirmed.pop();
        row.factors.push(begun);
        assert_eq!(uris(&row, RING), [Some("tel:+15005550007".into())]);
    }

    #[test]
    fn a_seal_of_another_key_or_of_another_row_is_told_and_stays_closed() {
        let mut row = account(vec![factor("1", FactorKind::Totp, "", b"Hello!")]);
        assert_eq!(uris(&row, OTHER), [None]);
        row.id = "another".into();
        assert_eq!(uris(&row, RING), [None]);
    }
}
