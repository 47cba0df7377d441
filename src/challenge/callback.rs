//! The address at which the provider tells what became of a code. A token in it names the code: opaque, unforgeable, and good for nothing
//! else. It is not the challenge's token, by which a session opens.

use crate::account::SentCode;
use crate::context::Context;
use crate::crypto::{HashPurpose, KeyRing};
use crate::id::{AccountId, ChallengeId, KeyId, Nonce};
use crate::time::Time;
use subtle::ConstantTimeEq;

/// What a token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// The code.
    pub code: Nonce,
    /// Its challenge.
    pub challenge: ChallengeId,
    /// The account that has it.
    pub account: AccountId,
    /// When the code was sent.
    pub at: Time,
}

/// The token of a code: its nonce, its challenge's id, the account's id, the key's id, its time, and a tag of 128 bits over all that.
pub fn token(sent: &SentCode, account: &AccountId, keys: &KeyRing) -> Option<String> {
    let (kid, at) = (keys.writing(), sent.at.as_millis().to_string());
    let tag = keys.hash(kid, HashPurpose::Callback, &[&sent.nonce, &sent.challenge, account, &at])?;
    Some(format!("{}.{}.{account}.{kid}.{at}.{tag}", sent.nonce, sent.challenge))
}

/// Reads a token back if we made it.
pub fn read(text: &str, keys: &KeyRing) -> Option<Callback> {
    let mut parts = text.split('.');
    let [code, challenge, account, kid, at, presented] = [(); 6].map(|()| parts.next());
    let (code, challenge, account, at) = (code?, challenge?, account?, at?);
    let expected = keys.hash(&KeyId::from(kid?), HashPurpose::Callback, &[code, challenge, account, at])?;
    let is_ours = bool::from(expected.as_bytes().ct_eq(presented?.as_bytes())) && parts.next().is_none();
    let at = at.parse().map(Time::from_millis).ok().filter(|_| is_ours)?;
    Some(Callback { code: code.into(), challenge: challenge.into(), account: account.into(), at })
}

/// The address of a token below the app's own.
pub(crate) fn address(app: &str, token: &str) -> String {
    let mark = if app.bytes().any(|byte| byte == b'?') { '&' } else { '?' };
    format!("{app}{mark}message={token}")
}

/// The address for a code, where the app has one.
pub(super) fn address_for(sent: &SentCode, account: &AccountId, cx: &Context) -> Option<String> {
    let app = cx.policy().status_callback.as_deref()?;
    Some(address(app, &token(sent, account, cx.keys())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_code_and_no_other_one() {
        let keys = KeyRing::from_master_key("secret").unwrap();
        let sent = SentCode {
            challenge: "challenge".into(),
            nonce: "nonce".into(),
            at: Time::from_millis(1_795_500_000_000),
            hash: String::new(),
            to: String::new(),
            number: None,
            channel: Default::default(),
            factor: None,
        };
        let given = token(&sent, &"account".into(), &keys).unwrap();
        let named = read(&given, &keys).unwrap();
        assert_eq!((&*named.code, &*named.challenge, &*named.account), ("nonce", "challenge", "account"));
        assert_eq!(named.at, sent.at);
        assert_eq!(read(&given, &KeyRing::from_master_key("other").unwrap()), None);
        for forged in [
            given.replace("nonce", "once"),
            given.replace("challenge", "another"),
            given.replace("account", "another"),
            given.replace("master", "mister"),
            given.replace("1795", "01795"),
            format!("{given}."),
            format!("{given}x"),
            given[..given.len() - 1].to_owned(),
            ".....".into(),
            String::new(),
        ] {
            assert_eq!(read(&forged, &keys), None, "{forged}");
        }
    }

    #[test]
    fn an_address_with_a_query_keeps_it() {
        assert_eq!(address("https://a.example/x", "t"), "https://a.example/x?message=t");
        assert_eq!(address("https://a.example/x?y=1", "t"), "https://a.example/x?y=1&message=t");
    }
}
