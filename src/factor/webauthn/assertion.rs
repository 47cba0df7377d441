//! Verifying an assertion (WebAuthn L3 §7.2).

use super::authenticator_data::AuthenticatorData;
use super::client_data::{ClientData, GET};
use super::public_key_credential::PublicKeyCredential;
use super::{Credential, Error, Expected, Reason, ensure};

/// The answer to [`super::RequestOptions`], well-formed but not verified.
pub struct Assertion {
    id: Vec<u8>,
    client_data: ClientData,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    user_handle: Option<Vec<u8>>,
}

/// What a verified assertion says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whether the authenticator verified its user. NIST SP 800-63B-4 App. B asks verifiers to look at it.
    pub user_verified: bool,
    /// Whether the credential is synced now.
    pub backed_up: bool,
    /// Step 22: a count that does not grow is "a signal, but not proof" that the authenticator was copied. Synced passkeys stay
    /// at 0, and assertions that run in parallel arrive out of order, so it is told and never a reason to refuse.
    pub sign_count: u32,
}

impl Assertion {
    /// Reads an `AuthenticationResponseJSON`.
    ///
    /// # Errors
    /// [`Error::Malformed`] alone.
    pub fn parse(text: &str) -> Result<Assertion, Error> {
        // Steps 3, 4 and 7.
        let answer = PublicKeyCredential::parse(text)?;
        let missing = |member| Error::Malformed(member);
        let data = answer.authenticator_data.ok_or(missing("response.authenticatorData is missing"))?;
        let signature = answer.signature.ok_or(missing("response.signature is missing"))?;
        let client_data = ClientData::parse(&answer.client_data)?;
        // §6.1: an assertion has no attested credential.
        let attested = AuthenticatorData::parse(&data)?.attested;
        ensure(attested.is_none(), Error::Malformed("the authenticator data has a credential"))?;
        Ok(Assertion {
            id: answer.id,
            client_data,
            authenticator_data: data,
            signature,
            user_handle: answer.user_handle,
        })
    }

    /// Which credential it claims to be by. For steps 5 and 6 the caller finds the credential of this id *in the account that
    /// the first factor named*, and nowhere else (CVE-2026-46419, CVE-2025-26788).
    pub fn credential_id(&self) -> &[u8] {
        &self.id
    }

    /// Verifies the assertion against one credential of the account whose options gave this `user_handle`.
    ///
    /// # Errors
    /// [`Error::Refused`], or [`Error::WrongOrigin`] if the origin is all that is wrong.
    pub fn verify(&self, expected: &Expected, credential: &Credential, user_handle: &[u8]) -> Result<Verified, Error> {
        // Steps 5 and 6.
        ensure(self.id == credential.id, Reason::Credential)?;
        let is_owner = self.user_handle.as_ref().is_none_or(|handle| handle == user_handle);
        ensure(is_owner, Reason::UserHandle)?;
        // Steps 10, 11, 13 and 14.
        self.client_data.check(GET, expected)?;
        // Steps 15 to 18.
        let data = AuthenticatorData::parse(&self.authenticator_data)?;
        data.check(expected)?;
        // Step 19: eligibility never changes.
        ensure(data.backup_eligible() == credential.backup_eligible, Reason::Backup)?;
        // Steps 20 and 21.
        let signed = [&self.authenticator_data[..], &self.client_data.hash].concat();
        ensure(credential.public_key.verifies(&signed, &self.signature), Reason::Signature)?;
        // Step 12, last: a valid signature from another origin is the operator's to hear of.
        self.client_data.check_origin(expected)?;
        // Step 23: extension outputs are not looked at. Step 24, the update of the credential record, is left out: nothing is decided by
        // the last sign count (step 22), by whether the passkey is synced now, or by an earlier verification of its user. It would be
        // another write of a sealed element at each sign-in, and could bring a passkey back that is being removed. So the status says
        // what was so at registration.
        Ok(Verified { user_verified: data.user_verified(), backed_up: data.backed_up(), sign_count: data.sign_count })
    }
}
