//! The token that a sign-in answers to a user who has to enroll a second factor first.
//!
//! It is stored nowhere, so that nobody can fill a row by signing in. What voids it leaves a revocation in the user's account, or changes
//! what the sign-in is founded on: the password, the providers, the ACL, the number. So the token has the keyed hash of that basis and of
//! the revocations that were there. If a later look finds another hash, the token is void, also if whoever made a change died before
//! there was a revocation of it.

use crate::account::{Account, ENROLL_LIFETIME, Ids, Purpose};
use crate::crypto::{HashPurpose, KeyRing, Secret};
use crate::id::{Basis, EnrollStamp, KeyId, ProviderName, UserId};
use crate::time::{Span, Time};
use crate::wire::Refusal;
use base64ct::{Base64UrlUnpadded, Encoding};
use subtle::ConstantTimeEq;

/// Revocations that are older than the token by more than this were there before it: clocks of nodes agree to within half of it.
const CLOCKS_APART: Span = Span::from_seconds(60);

/// What a token says. Only [`EnrollToken::issue`] and the tag of a token that was issued make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrollToken {
    /// The user who may enroll.
    pub user: UserId,
    /// Whose word the first factor of the sign-in was; `None` for a password.
    pub provider: Option<ProviderName>,
    id: String,
    kid: KeyId,
    at: Time,
    known: String,
}

impl EnrollToken {
    /// A token for this user, who came by this provider's word or by a password, and whose account is `row`, by a sign-in that is founded
    /// on `basis`. `None` if the ring has no writing key.
    pub fn issue(
        id: String,
        user: &UserId,
        provider: Option<&ProviderName>,
        row: &Account,
        basis: &Basis,
        now: Time,
        keys: &KeyRing,
    ) -> Option<EnrollToken> {
        let kid = keys.writing().clone();
        let known = known(row, basis, now, &kid, keys)?;
        Some(EnrollToken { user: user.clone(), provider: provider.cloned(), id, kid, at: now, known })
    }

    /// The token as the client gets it: `ID.KEY.USER.AT.KNOWN.TAG`, with `PROVIDER.` before the tag if it was one's word.
    pub fn text(&self, keys: &KeyRing) -> Option<Secret> {
        let stamp = self.stamp();
        let tag = tag(&stamp, &self.kid, keys)?;
        Some(format!("{stamp}.{tag}").into())
    }

    /// Reads a token back if we made it. It costs no look at the database.
    pub fn read(text: &str, keys: &KeyRing) -> Option<EnrollToken> {
        let (stamp, presented) = text.rsplit_once('.')?;
        let token = EnrollToken::of(&stamp.into())?;
        let expected = tag(stamp, &token.kid, keys)?;
        bool::from(expected.as_bytes().ct_eq(presented.as_bytes())).then_some(token)
    }

    /// The token without its tag, as an enrollment that was begun with it keeps it.
    pub fn stamp(&self) -> EnrollStamp {
        let EnrollToken { user, provider, id, kid, at, known } = self;
        let user = Base64UrlUnpadded::encode_string(user.as_bytes());
        // The name of a provider has no dot in it.
        let provider = provider.iter().map(|name| format!(".{name}")).collect::<String>();
        format!("{id}.{kid}.{user}.{}.{known}{provider}", at.as_millis()).into()
    }

    /// Reads what an enrollment keeps of its token.
    pub(crate) fn of(stamp: &EnrollStamp) -> Option<EnrollToken> {
        let mut parts = stamp.split('.');
        let [id, kid, user, at, known] = [(); 5].map(|()| parts.next());
        let (id, kid, user, at, known) = (id?, kid?, user?, at?, known?);
        let provider = parts.next().map(ProviderName::from);
        if parts.next().is_some() {
            return None;
        }
        let user = String::from_utf8(Base64UrlUnpadded::decode_vec(user).ok()?).ok()?;
        let at = Time::from_millis(at.parse().ok()?);
        Some(EnrollToken { user: user.into(), provider, id: id.into(), kid: kid.into(), at, known: known.into() })
    }

    /// How long the token is good from now on.
    pub(crate) fn expires_in(&self, now: Time) -> Span {
        (self.at + ENROLL_LIFETIME).since(now)
    }

    /// Checks that the token is good still, by the account's row and what a sign-in is founded on now.
    ///
    /// # Errors
    /// [`Refusal::CodeExpired`] after its ten minutes; [`Refusal::ChallengeUnknown`] if something was revoked or changed since it was
    /// issued, for another account, and once its key has left the ring.
    pub fn check(&self, row: &Account, basis: &Basis, now: Time, keys: &KeyRing) -> Result<(), Refusal> {
        if now >= self.at + ENROLL_LIFETIME {
            return Err(Refusal::CodeExpired);
        }
        match known(row, basis, self.at, &self.kid, keys) {
            Some(known) if known == self.known => Ok(()),
            Some(_) | None => Err(Refusal::ChallengeUnknown),
        }
    }
}

/// Whose word the first factor of a sign-in with this purpose was; `None` for a password, and for what is no sign-in.
pub(crate) fn provider_of(purpose: &Purpose) -> Option<ProviderName> {
    match purpose.stamp() {
        Some(stamp) => EnrollToken::of(stamp).and_then(|token| token.provider),
        None => purpose.provider().cloned(),
    }
}

/// The keyed hash of the account, the basis, and the revocations that are late, seen from this moment.
fn known(row: &Account, basis: &Basis, at: Time, kid: &KeyId, keys: &KeyRing) -> Option<String> {
    let late = Ids::of(&mut row.revocations_since(at - CLOCKS_APART).map(|nonce| &**nonce));
    let parts: Vec<&str> = ["known", &row.id, basis].into_iter().chain(late.in_order()).collect();
    keys.hash(kid, HashPurpose::Enroll, &parts)
}

fn tag(stamp: &str, kid: &KeyId, keys: &KeyRing) -> Option<String> {
    keys.hash(kid, HashPurpose::Enroll, &["token", stamp])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Mark, Revocation, RowUpdate, SetOp};

    const NOW: Time = Time::from_millis(1_795_500_000_000);

    fn keys() -> KeyRing {
        KeyRing::from_master_key("secret").unwrap()
    }

    fn row() -> Account {
        Account { id: "acc".into(), ..Account::default() }
    }

    fn revoked(mut row: Account, nonce: &str, at: Time) -> Account {
        let mark = Revocation { nonce: nonce.into(), at, session: None, factor: None };
        row.apply(&RowUpdate::redemptions(SetOp::add([Mark::Revocation(mark)])));
        row
    }

    fn basis() -> Basis {
        "a digest".into()
    }

    fn token(row: &Account) -> EnrollToken {
        EnrollToken::issue("abc".into(), &"ada.1".into(), None, row, &basis(), NOW, &keys()).unwrap()
    }

    #[test]
    fn a_token_is_read_back_as_it_was_issued_and_no_other_text_is_one() {
        let text = token(&row()).text(&keys()).unwrap().to_string();
        assert_eq!(EnrollToken::read(&text, &keys()), Some(token(&row())));
        assert_eq!(EnrollToken::read(&text, &KeyRing::from_master_key("other").unwrap()), None);
        for place in 0..text.len() {
            let mut forged = text.clone().into_bytes();
            forged[place] = if forged[place] == b'x' { b'y' } else { b'x' };
            assert_eq!(EnrollToken::read(std::str::from_utf8(&forged).unwrap(), &keys()), None, "{place}");
        }
        for forged in ["", ".", ".....", &text[1..], &text[..text.len() - 1]] {
            assert_eq!(EnrollToken::read(forged, &keys()), None, "{forged}");
        }
    }

    #[test]
    fn a_token_says_whose_word_the_first_factor_was_and_nobody_can_take_that_out() {
        let provider = "demo_1".into();
        let token = EnrollToken::issue("abc".into(), &"ada.1".into(), Some(&provider), &row(), &basis(), NOW, &keys());
        let token = token.unwrap();
        let text = token.text(&keys()).unwrap().to_string();
        assert_eq!(EnrollToken::read(&text, &keys()).and_then(|token| token.provider), Some(provider.clone()));
        let enrolling = Purpose::SignInEnrollment { stamp: token.stamp(), factor: "f".into() };
        assert_eq!(provider_of(&enrolling), Some(provider));
        for forged in [text.replace(".demo_1", ""), text.replace("demo_1", "demo_2"), text.replace("demo_1", "")] {
            assert_eq!(EnrollToken::read(&forged, &keys()), None, "{forged}");
        }
    }

    #[test]
    fn a_token_is_good_for_ten_minutes() {
        let token = token(&row());
        let check = |seconds| token.check(&row(), &basis(), NOW + Span::from_seconds(seconds), &keys());
        assert_eq!(check(599), Ok(()));
        assert_eq!(check(600), Err(Refusal::CodeExpired));
        assert_eq!(token.expires_in(NOW).as_seconds_up(), 600);
    }

    #[test]
    fn a_token_is_void_after_a_revocation_that_it_did_not_know_and_no_other() {
        let before = revoked(row(), "before", NOW - Span::from_seconds(1));
        let token = token(&before);
        assert_eq!(token.check(&before, &basis(), NOW, &keys()), Ok(()));
        // The clock of the node that revokes may be behind.
        for at in [NOW - Span::from_seconds(30), NOW, NOW + Span::from_seconds(30)] {
            let after = revoked(before.clone(), "after", at);
            assert_eq!(token.check(&after, &basis(), NOW, &keys()), Err(Refusal::ChallengeUnknown));
        }
        let long_ago = revoked(before, "long ago", NOW - Span::from_seconds(61));
        assert_eq!(
            token.check(&long_ago, &basis(), NOW, &keys()),
            Ok(()),
            "one that is removed with time changes nothing"
        );
    }

    #[test]
    fn a_token_is_void_once_what_the_sign_in_was_founded_on_has_changed() {
        assert_eq!(token(&row()).check(&row(), &basis(), NOW, &keys()), Ok(()));
        let changed = "another digest".into();
        assert_eq!(token(&row()).check(&row(), &changed, NOW, &keys()), Err(Refusal::ChallengeUnknown));
    }

    #[test]
    fn a_token_is_good_for_its_account_alone() {
        let other = Account { id: "other".into(), ..Account::default() };
        assert_eq!(token(&row()).check(&other, &basis(), NOW, &keys()), Err(Refusal::ChallengeUnknown));
    }
}
