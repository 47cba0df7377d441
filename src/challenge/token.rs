//! The token that a client holds for a challenge: opaque, unforgeable, and checked before the database is asked.

use crate::account::{Challenge, PurposeName};
use crate::context::Context;
use crate::crypto::{HashPurpose, KeyRing, Secret};
use crate::id::{AccountId, ChallengeId, KeyId};
use crate::time::Time;
use crate::wire::Refusal;
use subtle::ConstantTimeEq;

/// What a token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The challenge.
    pub challenge: ChallengeId,
    /// The account that has it.
    pub account: AccountId,
    /// When the challenge was begun.
    pub at: Time,
}

/// The token of a challenge: its id, its account's id, the key's id, its time, and a tag of 128 bits over id, account, purpose and time.
/// `None` if the key has left the ring.
pub fn token(challenge: &Challenge, account: &AccountId, keys: &KeyRing) -> Option<Secret> {
    let at = challenge.at.as_millis().to_string();
    let tag = tag(&challenge.id, account, &challenge.kid, challenge.purpose.name(), &at, keys)?;
    Some(format!("{}.{account}.{}.{at}.{tag}", challenge.id, challenge.kid).into())
}

/// Reads a token back if we made it for one of these purposes. Anything else is no token: `None`.
pub fn read(text: &str, purposes: &[PurposeName], keys: &KeyRing) -> Option<Token> {
    let mut parts = text.split('.');
    let [challenge, account, kid, at, presented] = [(); 5].map(|()| parts.next());
    let (challenge, account, kid, at, presented) = (challenge?, account?, kid?, at?, presented?);
    if parts.next().is_some() {
        return None;
    }
    let kid = KeyId::from(kid);
    let is_for = |purpose: &PurposeName| {
        tag(challenge, account, &kid, *purpose, at, keys)
            .is_some_and(|expected| bool::from(expected.as_bytes().ct_eq(presented.as_bytes())))
    };
    let is_ours = purposes.iter().any(is_for);
    // The tag covers the text of the time, so it is the one that we wrote.
    let at = at.parse().map(Time::from_millis).ok().filter(|_| is_ours)?;
    Some(Token { challenge: challenge.into(), account: account.into(), at })
}

/// Reads a token whose challenge may still be alive. Somebody who had the password once can keep many tokens, for longer than the row knows
/// their challenges. So what is too old for any challenge ends here, before the database is asked.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] for what is no token of ours for these purposes, [`Refusal::CodeExpired`] for one that is too old.
pub(crate) fn live(text: &str, purposes: &[PurposeName], cx: &Context) -> Result<Token, Refusal> {
    let token = read(text, purposes, cx.keys()).ok_or(Refusal::ChallengeUnknown)?;
    match cx.now() < token.at + cx.limits().challenge_lifetime() {
        true => Ok(token),
        false => Err(Refusal::CodeExpired),
    }
}

fn tag(id: &str, account: &str, kid: &KeyId, purpose: PurposeName, at: &str, keys: &KeyRing) -> Option<String> {
    keys.hash(kid, HashPurpose::Challenge, &[id, account, purpose.as_str(), at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Purpose;

    fn challenge(id: &str) -> Challenge {
        Challenge {
            id: id.into(),
            purpose: Purpose::SignIn { provider: None },
            user: "u".into(),
            kid: "master".into(),
            at: Time::from_millis(1_795_500_000_000),
            basis: None,
        }
    }

    #[test]
    fn a_token_is_good_for_its_challenge_account_purpose_and_key_alone() {
        let keys = KeyRing::from_master_key("secret").unwrap();
        let given = token(&challenge("abc"), &"acc".into(), &keys).unwrap().to_string();
        assert_eq!(
            read(&given, &[PurposeName::StepUp, PurposeName::SignIn], &keys).unwrap(),
            Token { challenge: "abc".into(), account: "acc".into(), at: Time::from_millis(1_795_500_000_000) }
        );
        assert_eq!(read(&given, &[PurposeName::StepUp], &keys), None);
        let foreign = KeyRing::from_master_key("other").unwrap();
        assert_eq!(read(&given, &[PurposeName::SignIn], &foreign), None);
        for forged in [
            given.replace("abc", "abd"),
            given.replace("acc", "acd"),
            given.replace("master", "mister"),
            given.replace("1795", "1796"),
            given.replace("1795", "01795"),
            given.replace("1795", "+1795"),
            format!("{given}x"),
            format!("{given}."),
            given[..given.len() - 1].to_string(),
            "...".into(),
            String::new(),
        ] {
            assert_eq!(read(&forged, &[PurposeName::SignIn], &keys), None, "{forged}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_we_did_not_make_is_no_token(text in "\\PC{0,80}", kid in "master|other", tag in "[A-Za-z0-9_-]{22}") {
            let keys = KeyRing::from_master_key("secret").unwrap();
            let all = [PurposeName::SignIn, PurposeName::StepUp, PurposeName::Enrollment];
            assert_eq!(read(&text, &all, &keys), None);
            assert_eq!(read(&format!("abc.acc.{kid}.1795500000000.{tag}"), &all, &keys), None);
        }
    }
}
