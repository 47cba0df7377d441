//! The token of a trusted browser: unforgeable, and checked before the database is asked.

use super::basis::is_same;
use crate::crypto::{HashPurpose, KeyRing, Secret};
use crate::id::{AccountId, KeyId, UserId};
use crate::time::Time;

/// What a token says. Only a new one, and the tag of one that was handed out, make one.
#[derive(Debug)]
pub struct DeviceToken {
    /// The account that has the browser.
    pub account: AccountId,
    /// The key of its hashes.
    pub kid: KeyId,
    /// Its end.
    pub ends_at: Time,
    secret: Secret,
}

impl DeviceToken {
    /// A token with this secret, of 192 random bits.
    pub fn new(secret: Secret, account: &AccountId, kid: &KeyId, ends_at: Time) -> DeviceToken {
        DeviceToken { account: account.clone(), kid: kid.clone(), ends_at, secret }
    }

    /// The token as the client gets it: `SECRET.ACCOUNT.KEY.END.TAG`. The tag is over the user as well. `None` if the key is not in the ring.
    pub fn text(&self, user: &UserId, keys: &KeyRing) -> Option<Secret> {
        let DeviceToken { account, kid, ends_at, secret } = self;
        let end = ends_at.as_millis().to_string();
        let tag = tag(secret, account, user, kid, &end, keys)?;
        Some(format!("{}.{account}.{kid}.{end}.{tag}", &**secret).into())
    }

    /// Reads a token back if we made it for this user. Anything else is no token: `None`.
    pub fn read(text: &str, user: &UserId, keys: &KeyRing) -> Option<DeviceToken> {
        let mut parts = text.split('.');
        let [secret, account, kid, end, presented] = [(); 5].map(|()| parts.next());
        let (secret, account, kid, end, presented) = (secret?, account?, KeyId::from(kid?), end?, presented?);
        if parts.next().is_some() || !is_same(&tag(secret, account, user, &kid, end, keys)?, presented) {
            return None;
        }
        let ends_at = Time::from_millis(end.parse().ok()?);
        Some(DeviceToken { account: account.into(), kid, ends_at, secret: secret.into() })
    }

    /// The keyed hash that the row has of it. `None` if the key is not in the ring.
    pub fn hash(&self, user: &UserId, keys: &KeyRing) -> Option<String> {
        keys.hash(&self.kid, HashPurpose::Device, &["device", &self.secret, &self.account, user])
    }
}

fn tag(secret: &str, account: &str, user: &UserId, kid: &KeyId, end: &str, keys: &KeyRing) -> Option<String> {
    keys.hash(kid, HashPurpose::Device, &["token", secret, account, user, end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> KeyRing {
        KeyRing::from_master_key("secret").unwrap()
    }

    #[test]
    fn a_token_is_good_for_its_user_and_key_alone_and_in_no_other_form() {
        let (ada, keys) = ("ada".into(), keys());
        let token = DeviceToken::new("abc".into(), &"acc".into(), keys.writing(), Time::from_millis(1_795_500_000_000));
        let text = token.text(&ada, &keys).unwrap().to_string();
        let read = DeviceToken::read(&text, &ada, &keys).unwrap();
        assert_eq!((&*read.account, read.ends_at), ("acc", token.ends_at));
        assert_eq!(read.hash(&ada, &keys), token.hash(&ada, &keys));
        assert!(DeviceToken::read(&text, &"bob".into(), &keys).is_none(), "another user's");
        assert!(DeviceToken::read(&text, &ada, &KeyRing::from_master_key("other").unwrap()).is_none());
        for place in 0..text.len() {
            let mut forged = text.clone().into_bytes();
            forged[place] = if forged[place] == b'x' { b'y' } else { b'x' };
            let forged = String::from_utf8(forged).unwrap();
            assert!(DeviceToken::read(&forged, &ada, &keys).is_none(), "{forged}");
        }
        for forged in ["", "....", &text[1..], &format!("{text}."), &text.replace("1795", "01795")] {
            assert!(DeviceToken::read(forged, &ada, &keys).is_none(), "{forged}");
        }
    }

    #[test]
    fn the_hash_in_the_row_is_bound_to_the_user_the_account_and_the_secret() {
        let keys = keys();
        let hash = |secret: &str, account: &str, user: &str| {
            let token = DeviceToken::new(secret.into(), &account.into(), keys.writing(), Time::default());
            token.hash(&user.into(), &keys).unwrap()
        };
        let own = hash("s", "a", "u");
        for other in [hash("x", "a", "u"), hash("s", "x", "u"), hash("s", "a", "x")] {
            assert_ne!(own, other);
        }
    }
}
