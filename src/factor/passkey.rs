//! Passkeys as second factors: where WebAuthn meets the row.

use super::seal::{open_secret, seal_context};
use super::webauthn::{
    self, Assertion, CreationOptions, Credential, Expected, Registration, RelyingParty, RequestOptions, UserEntity,
};
use crate::account::{Account, Challenge, Factor, FactorKind};
use crate::context::Context;
use crate::crypto::{HashPurpose, KeyRing};
use crate::engine::User;
use crate::id::AccountId;
use crate::policy::{PhishingResistant, Site};
use crate::throttle;
use crate::wire::{EventKind, Refusal};
use base64ct::{Base64UrlUnpadded, Encoding};

/// Why a passkey's answer is no good, to whoever counts attempts.
pub(crate) enum Unverified {
    /// It is not right.
    Wrong,
    /// Nobody can tell, or it cannot be taken here.
    Refused(Refusal),
}

impl From<Refusal> for Unverified {
    fn from(refusal: Refusal) -> Unverified {
        Unverified::Refused(refusal)
    }
}

impl From<webauthn::Error> for Unverified {
    fn from(error: webauthn::Error) -> Unverified {
        match error {
            webauthn::Error::WrongOrigin(origin) => Unverified::Refused(Refusal::WrongOrigin(origin)),
            webauthn::Error::Malformed(why) => Unverified::Refused(malformed(why)),
            webauthn::Error::Refused(_) => Unverified::Wrong,
        }
    }
}

/// The refusal of a credential that no browser writes.
pub(crate) fn malformed(why: &str) -> Refusal {
    Refusal::BadRequest(format!("credential cannot be read: {why}."))
}

/// The site that passkeys are bound to.
///
/// # Errors
/// [`Refusal::Off`] where the operator named none.
pub(crate) fn site(cx: &Context) -> Result<&Site, Refusal> {
    cx.policy().site().ok_or_else(|| {
        Refusal::Off(
            "Passkeys are off: the operator has to set the option origin, the host name of the app's page.".into(),
        )
    })
}

/// The confirmed passkeys.
fn passkeys(account: &Account) -> impl Iterator<Item = &Factor> {
    account.confirmed_factors().filter(|factor| factor.kind == FactorKind::Passkey)
}

/// The credential of a passkey.
///
/// # Errors
/// [`Refusal::NotConfigured`] if its key left the ring, or if a later version wrote it.
pub(crate) fn credential(factor: &Factor, account: &AccountId, keys: &KeyRing) -> Result<Credential, Refusal> {
    let secret = open_secret(factor, account, keys)?;
    Credential::from_bytes(&secret).ok_or_else(|| {
        Refusal::NotConfigured(
            "This passkey was stored by a later version of parse-two-factor: the operator has to install it again."
                .into(),
        )
    })
}

/// The passkeys that can be read, with their factors.
fn readable<'a>(account: &'a Account, keys: &'a KeyRing) -> impl Iterator<Item = (&'a Factor, Credential)> {
    passkeys(account).filter_map(|factor| Some((factor, credential(factor, &account.id, keys).ok()?)))
}

/// Whether a passkey of this account can be answered with.
pub(super) fn is_usable(account: &Account, cx: &Context) -> bool {
    cx.policy().site().is_some() && readable(account, cx.keys()).next().is_some()
}

/// Whether codes are withheld from this user: there is a passkey, which cannot be phished, and the operator wants no other method.
pub(crate) fn withholds_codes(account: &Account, cx: &Context) -> bool {
    cx.policy().phishing_resistant == PhishingResistant::Required && passkeys(account).next().is_some()
}

/// For how many days this user can trust a browser; `None` where the option is off, and for a user from whom codes are withheld.
pub(crate) fn trust_days(account: &Account, cx: &Context) -> Option<u32> {
    let trusted = cx.policy().trusted_devices.as_ref()?;
    (!withholds_codes(account, cx)).then_some(trusted.days)
}

/// Why a user whose only factors are passkeys cannot use them.
pub(super) fn check_usable(account: &Account, cx: &Context) -> Result<(), Refusal> {
    let Some(factor) = passkeys(account).next() else { return Ok(()) };
    site(cx)?;
    credential(factor, &account.id, cx.keys()).map(drop)
}

/// Whether another passkey of the account is this credential. An authenticator that overlooked the list of those to exclude makes one
/// twice.
pub(crate) fn is_enrolled(credential_id: &[u8], account: &Account, but: &Factor, cx: &Context) -> bool {
    readable(account, cx.keys()).any(|(factor, credential)| factor.id != but.id && credential.id == credential_id)
}

/// The refusal of a credential that is there already.
pub(crate) fn enrolled_already() -> Refusal {
    Refusal::BadRequest("This passkey is enrolled already.".into())
}

/// What the passkey signs: 128 bits that only the key ring makes, for this challenge alone (NIST SP 800-63B-4 §3.1.6.2 asks for 64, WebAuthn
/// L3 §13.4.3 for 128). It is stored nowhere and never read back from a client, so a node that has the ring can verify an answer to what
/// another one asked. It is good for one claim because its challenge is. `None` if the key has left the ring.
fn signed_challenge(challenge: &Challenge, account: &AccountId, keys: &KeyRing) -> Option<Vec<u8>> {
    let parts = [challenge.purpose.name().as_str(), account, &challenge.id];
    let hash = keys.hash(&challenge.kid, HashPurpose::Webauthn, &parts)?;
    Base64UrlUnpadded::decode_vec(&hash).ok()
}

/// In milliseconds, for the browser: how long the challenge is good.
fn timeout(account: &Account, challenge: &Challenge, cx: &Context) -> u32 {
    u32::try_from(cx.view(account).expires_in(challenge).as_seconds_up().saturating_mul(1000)).unwrap_or(u32::MAX)
}

/// What the browser is asked to sign in with; `None` for a user without a passkey that can be used here.
pub(crate) fn request_options(account: &Account, challenge: &Challenge, cx: &Context) -> Option<RequestOptions> {
    let site = cx.policy().site()?;
    let credentials: Vec<Credential> = readable(account, cx.keys()).map(|(_, credential)| credential).collect();
    if credentials.is_empty() {
        return None;
    }
    let signed = signed_challenge(challenge, &account.id, cx.keys())?;
    let timeout = timeout(account, challenge, cx);
    Some(RequestOptions::new(&site.rp_id, &signed, timeout, site.user_verification, &credentials))
}

/// What the browser is asked to create.
///
/// # Errors
/// [`Refusal::Off`] without a site; [`Refusal::ChallengeUnknown`] if the key has left the ring.
pub(crate) fn creation_options(
    user: &User,
    account: &Account,
    challenge: &Challenge,
    cx: &Context,
) -> Result<CreationOptions, Refusal> {
    let site = site(cx)?;
    let name = cx.policy().issuer.clone().unwrap_or_else(|| site.rp_id.clone());
    let signed = signed_challenge(challenge, &account.id, cx.keys()).ok_or(Refusal::ChallengeUnknown)?;
    let existing: Vec<Credential> = readable(account, cx.keys()).map(|(_, credential)| credential).collect();
    Ok(CreationOptions::new(
        RelyingParty { id: site.rp_id.clone(), name },
        // The row's id is random, tells nothing about the user and never changes. A keyed hash would change with the key ring, and then
        // an authenticator would keep two passkeys of one user.
        UserEntity::new(account.id.as_bytes(), user.username.as_deref().unwrap_or(&user.id)),
        &signed,
        timeout(account, challenge, cx),
        site.user_verification,
        &existing,
    ))
}

/// Verifies what an enrollment was answered with; the credential to store.
pub(crate) fn register(
    registration: &Registration,
    challenge: &Challenge,
    account: &Account,
    cx: &Context,
) -> Result<Credential, Unverified> {
    let id = challenge.purpose.factor();
    let pending = account.factors.iter().find(|factor| Some(&factor.id) == id);
    // An enrollment of an app or a number is not confirmed by a passkey.
    let pending = pending.filter(|factor| factor.kind == FactorKind::Passkey).ok_or(Refusal::NoFactor)?;
    let site = site(cx)?;
    let signed = signed_challenge(challenge, &account.id, cx.keys()).ok_or(Refusal::ChallengeUnknown)?;
    let credential = registration.verify(&expected(site, &signed))?;
    if is_enrolled(&credential.id, account, pending, cx) {
        return Err(enrolled_already().into());
    }
    Ok(credential)
}

/// What a right assertion says.
pub(crate) struct Asserted {
    /// The passkey.
    pub factor: Factor,
    /// Whether it verified its user, by a PIN or a finger.
    user_verified: bool,
}

impl Asserted {
    /// For the trail: the passkey's name, and whether it verified its user (NIST SP 800-63B-4 App. B asks verifiers to look at it).
    pub(crate) fn about(&self) -> String {
        let verified = if self.user_verified { "user verified" } else { "user not verified" };
        if self.factor.label.is_empty() { verified.to_owned() } else { format!("{}, {verified}", self.factor.label) }
    }
}

/// Verifies what a challenge was answered with. The passkey is looked for among those of the account that the first factor named, and
/// nowhere else (CVE-2026-46419, CVE-2025-26788).
pub(crate) fn assert(
    assertion: &Assertion,
    challenge: &Challenge,
    account: &Account,
    cx: &Context,
) -> Result<Asserted, Unverified> {
    if passkeys(account).next().is_none() {
        return Err(Refusal::NoFactor.into());
    }
    let site = site(cx)?;
    let signed = signed_challenge(challenge, &account.id, cx.keys()).ok_or(Refusal::ChallengeUnknown)?;
    let mut found = readable(account, cx.keys()).filter(|(_, credential)| credential.id == assertion.credential_id());
    let Some((factor, credential)) = found.next() else {
        // If one cannot be read, nobody can call this one wrong.
        let unreadable = passkeys(account).find_map(|factor| self::credential(factor, &account.id, cx.keys()).err());
        return Err(unreadable.map_or(Unverified::Wrong, Unverified::Refused));
    };
    let verified = assertion.verify(&expected(site, &signed), &credential, account.id.as_bytes())?;
    Ok(Asserted { factor: factor.clone(), user_verified: verified.user_verified })
}

fn expected<'a>(site: &'a Site, challenge: &'a [u8]) -> Expected<'a> {
    Expected {
        rp_id_hash: &site.rp_id_hash,
        origins: &site.origins,
        challenge,
        user_verification: site.user_verification,
    }
}

/// The factor with its credential: one generation above the factor as its enrollment left it, whose place it takes.
pub(crate) fn with_credential(pending: &Factor, credential: &Credential, account: &AccountId, cx: &Context) -> Factor {
    let context = seal_context(account, &pending.id);
    Factor {
        kid: cx.keys().writing().clone(),
        sealed: cx.host.random(|rng| cx.keys().seal(&credential.to_bytes(), &context, rng)),
        generation: pending.generation.saturating_add(1),
        ..pending.clone()
    }
}

/// Tells the trail, once an hour for a user, that a page asked for a passkey which is not among those of this app. It is a setting that is
/// wrong, or a host below the site's that somebody took over: both look the same.
pub(crate) async fn record_origin(origin: &str, challenge: &Challenge, cx: &Context) {
    if throttle::is_first_in_hour("origin", &challenge.user, cx).await {
        cx.record(&challenge.user, EventKind::OriginRefused { origin: origin.to_owned() }).await;
    }
}
