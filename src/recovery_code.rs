//! Recovery codes: look-up secrets of 130 bits, shown once, stored as keyed hashes, used once; and the ceremony that makes new ones.

use crate::account::{Account, Mark, MarkKind, RecoveryCode, is_under_way};
use crate::ceremony::{Answer, Ceremony, SignedIn};
use crate::change::{Change, SetOp};
use crate::event::What;
use crate::factors;
use crate::keys::{Domain, KeyRing};
use crate::message::{self, Notice};
use crate::refusal::Refusal;
use crate::step_up;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Crockford's base32: no I, L, O or U to confuse. 32 symbols, so a byte masked to five bits is unbiased.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 26 symbols of 5 bits: 130 bits. From 112 bits on a plain keyed hash will do (NIST SP 800-63B-4 §3.1.2.2, ASVS 5.0 §6.5.2).
const SYMBOLS: usize = 26;

/// Draws a code, in groups that can be read out: `XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX`.
pub fn draw(rng: &mut dyn CryptoRng) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0u8; SYMBOLS]);
    rng.fill_bytes(&mut *bytes);
    let mut code = Zeroizing::new(String::with_capacity(SYMBOLS + 4));
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 5 | 10 | 15 | 20) {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from(byte & 31)]));
    }
    code
}

/// The code as it is hashed: upper case, without dashes and spaces, with the look-alikes that Crockford maps (`o` is 0, `i` and
/// `l` are 1).
fn normalized(typed: &str) -> Zeroizing<String> {
    let plain = typed.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    Zeroizing::new(plain.collect())
}

/// The keyed hash of a code for an account. `None` if the key is not in the ring.
pub fn hash(code: &str, account: &str, kid: &str, keys: &KeyRing) -> Option<RecoveryCode> {
    let hash = keys.hash(kid, Domain::RecoveryCode, &[account, &normalized(code)])?;
    Some(RecoveryCode { kid: kid.to_owned(), hash })
}

/// The unused code of this account that was typed.
///
/// The look-up is by keyed hashes, whose bytes an attacker can neither choose nor learn from timing.
pub fn find(typed: &str, account: &Account, keys: &KeyRing) -> Option<RecoveryCode> {
    let candidates: Vec<RecoveryCode> = keys.ids().filter_map(|kid| hash(typed, &account.id, kid, keys)).collect();
    account.recovery_codes.iter().find(|stored| candidates.contains(stored)).cloned()
}

/// `newRecoveryCodes`: as many new ones as `limits.recoveryCodes` says, the old ones dead.
///
/// # Errors
/// Parse's 209 without a session; [`Refusal::StepUpRequired`]; [`Refusal::NotConfigured`] without a key ring of the operator's own;
/// [`Refusal::NoFactor`] for a user without a factor to recover; [`Refusal::TryAgain`] for all but one
/// of those who ask at once.
pub(crate) async fn renew(c: Ceremony) -> Result<Answer, Refusal> {
    let (me, account) = step_up::stepped_up(&c).await?;
    let user = c.load_user(&me.user).await?.ok_or(Refusal::StepUpRequired)?;
    if !factors::has_factor(&user, Some(&account)) {
        return Err(Refusal::NoFactor);
    }
    c.check_key_ring()?;
    let allowed = |account: &Account| {
        if !step_up::is_recent(account, &me, &c) {
            return Err(Refusal::StepUpRequired);
        }
        if !factors::has_factor(&user, Some(account)) {
            return Err(Refusal::NoFactor);
        }
        Ok(())
    };
    let (new, account) = store(&account, allowed, &c).await?;
    c.record(What::RecoveryCodesRenewed, &me.user, None, None, 0).await;
    message::notify(&user, &account, Notice::RecoveryCodesRenewed, &c).await;
    let recovery_codes = put_in_place(new, &account, &c).await?;
    Ok(Answer::RecoveryCodes { recovery_codes })
}

/// The recovery codes that come with the first factor, if nobody else makes some. Codes that an earlier factor left are replaced.
pub(crate) async fn first(account: &Account, me: &SignedIn, c: &Ceremony) -> Result<Vec<Zeroizing<String>>, Refusal> {
    let allowed = |after: &Account| match after.is_voided_since(account, Some(&me.session)) {
        true => Err(Refusal::TryAgain),
        false => Ok(()),
    };
    let (new, account) = store(account, allowed, c).await?;
    put_in_place(new, &account, c).await
}

/// Recovery codes that stand beside the old ones, which are good until these are sure to be shown.
struct NewCodes {
    codes: Vec<Zeroizing<String>>,
    stored: Vec<RecoveryCode>,
    mark: Mark,
}

/// Draws recovery codes and stores them beside those that `account` has, with a mark. Of those who do so at once the first goes on.
/// The others withdraw: whoever finds another mark, or codes that were not there before, and whoever `allowed` does not let through
/// by the account right after it.
async fn store(
    account: &Account,
    allowed: impl Fn(&Account) -> Result<(), Refusal>,
    c: &Ceremony,
) -> Result<(NewCodes, Account), Refusal> {
    let codes: Vec<_> = (0..c.policy().limits.recovery_codes).map(|_| c.host.random(draw)).collect();
    let kid = c.keys().writing();
    let stored = codes
        .iter()
        .map(|code| hash(code, &account.id, kid, c.keys()))
        .collect::<Option<Vec<_>>>()
        .ok_or(Refusal::TryAgain)?;
    let mark = c.mark(MarkKind::Renewal, None);
    let add = Change {
        redemptions: SetOp::add([mark.clone()]),
        authenticators: SetOp::add(stored.clone()),
        ..Change::default()
    };
    let is_others = |other: &Mark| other.nonce != mark.nonce && is_under_way(other.at, c.now());
    let is_expected = |code: &RecoveryCode| stored.contains(code) || account.recovery_codes.contains(code);
    let after = c.update_account(&account.id, add).await.and_then(|after| after.ok_or(Refusal::TryAgain));
    let verdict = after.and_then(|after| {
        let beaten = [account, &after].iter().any(|row| row.marks_of(MarkKind::Renewal).any(is_others));
        if beaten || !after.recovery_codes.iter().all(is_expected) {
            return Err(Refusal::TryAgain);
        }
        allowed(&after).map(|()| after)
    });
    match verdict {
        Ok(after) => Ok((NewCodes { codes, stored, mark }, after)),
        Err(refusal) => {
            let withdrawal = Change {
                redemptions: SetOp::remove([mark]),
                authenticators: SetOp::remove(stored),
                ..Change::default()
            };
            c.withdraw(&account.id, withdrawal).await;
            Err(refusal)
        }
    }
}

/// Removes the recovery codes that `account` has beside the new ones. The ceremony ends with it, so that whoever makes new ones does
/// so after these were handed out.
///
/// # Errors
/// [`Refusal::TryAgain`] if they are gone by then.
async fn put_in_place(new: NewCodes, account: &Account, c: &Ceremony) -> Result<Vec<Zeroizing<String>>, Refusal> {
    let NewCodes { codes, stored, mark } = new;
    let dead = account.recovery_codes.iter().filter(|code| !stored.contains(code)).cloned();
    let change =
        Change { redemptions: SetOp::remove([mark]), authenticators: SetOp::remove(dead), ..Change::default() };
    let after = c.update_account(&account.id, change).await?.ok_or(Refusal::TryAgain)?;
    if stored.iter().all(|code| after.recovery_codes.contains(code)) { Ok(codes) } else { Err(Refusal::TryAgain) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn a_code_has_130_bits_and_no_look_alikes() {
        let code = draw(&mut ChaCha20Rng::from_seed([5; 32]));
        let plain = code.replace('-', "");
        assert_eq!(plain.len(), 26);
        assert!(plain.bytes().all(|b| ALPHABET.contains(&b)));
    }

    #[test]
    fn dashes_case_and_look_alikes_do_not_matter() {
        let keys = KeyRing::from_master_key("k").unwrap();
        let stored = hash("01ABC-DEFGH-JKMNP-QRSTV-WXYZ01", "acc", "master", &keys).unwrap();
        let account = Account { id: "acc".into(), recovery_codes: vec![stored.clone()], ..Account::default() };
        for typed in ["01ABCDEFGHJKMNPQRSTVWXYZ01", "oiabc defgh jkmnp qrstv wxyzol"] {
            assert_eq!(find(typed, &account, &keys), Some(stored.clone()), "{typed}");
        }
        assert_eq!(find("02ABCDEFGHJKMNPQRSTVWXYZ01", &account, &keys), None);
    }

    #[test]
    fn a_code_is_good_for_its_account_alone() {
        let keys = KeyRing::from_master_key("k").unwrap();
        assert_ne!(hash("01ABC", "one", "master", &keys), hash("01ABC", "two", "master", &keys));
    }

    proptest::proptest! {
        #[test]
        fn every_drawn_code_is_found_however_it_is_typed_and_no_other(seed: u64, lower: bool, other in "\\PC{0,40}") {
            let keys = KeyRing::from_master_key("k").unwrap();
            let code = draw(&mut ChaCha20Rng::seed_from_u64(seed));
            let stored = hash(&code, "acc", "master", &keys).unwrap();
            let account = Account { id: "acc".into(), recovery_codes: vec![stored.clone()], ..Account::default() };
            let typed = if lower { code.to_lowercase().replace('-', " ") } else { code.replace('-', "") };
            assert_eq!(find(&typed, &account, &keys), Some(stored));
            assert_eq!(find(&other, &account, &keys), None);
        }
    }
}
