//! Registering a credential (WebAuthn L3 §7.1).

use super::authenticator_data::{Attested, AuthenticatorData};
use super::client_data::{CREATE, ClientData};
use super::public_key_credential::PublicKeyCredential;
use super::{Credential, Error, Expected, PublicKey, cbor, credential, ensure};

/// The answer to [`super::CreationOptions`], well-formed but not verified.
pub struct Registration {
    client_data: ClientData,
    authenticator_data: Vec<u8>,
    transports: Vec<String>,
}

impl Registration {
    /// Reads a `RegistrationResponseJSON`.
    ///
    /// # Errors
    /// [`Error::Malformed`] alone.
    pub fn parse(text: &str) -> Result<Registration, Error> {
        // Steps 3 and 4: which of the two answers it is shows in its members. Extension outputs are not looked at.
        let answer = PublicKeyCredential::parse(text)?;
        let object = answer.attestation_object.ok_or(Error::Malformed("response.attestationObject is missing"))?;
        let client_data = ClientData::parse(&answer.client_data)?;
        let authenticator_data = authenticator_data(&object)?.to_vec();
        let (_, attested) = parts(&authenticator_data)?;
        // Step 25. An empty id names no credential.
        let fits = (1..=credential::LONGEST_ID).contains(&attested.id.len());
        ensure(fits, Error::Malformed("the credential's id is empty or longer than 1023 bytes"))?;
        // The id beside it is not part of what the authenticator made.
        ensure(answer.id == attested.id, Error::Malformed("id is not the new credential's"))?;
        Ok(Registration { client_data, authenticator_data, transports: credential::known(answer.transports) })
    }

    /// The id of the new credential, for step 26: the caller looks whether the account has it already.
    ///
    /// Across accounts Level 3 only recommends to look. Here a credential never names an account, it is looked up among those
    /// of the account that the first factor named, so a stolen id and key are of no use in another account. A sign-in without
    /// a first factor would need the look across accounts.
    pub fn credential_id(&self) -> &[u8] {
        parts(&self.authenticator_data).map(|(_, attested)| attested.id).unwrap_or_default()
    }

    /// Verifies the registration and makes the credential to store.
    ///
    /// # Errors
    /// [`Error::Refused`], or [`Error::WrongOrigin`] if the origin is all that is wrong.
    pub fn verify(&self, expected: &Expected) -> Result<Credential, Error> {
        // Steps 7, 8, 10 and 11.
        self.client_data.check(CREATE, expected)?;
        let (data, attested) = parts(&self.authenticator_data)?;
        // Steps 14 to 17. Steps 18 and 19, which would choose by the backup flags, are left out: a synced passkey is as good a
        // second factor (NIST SP 800-63B-4 App. B).
        data.check(expected)?;
        // Step 20.
        let public_key = PublicKey::from_cose(attested.public_key)?;
        // Steps 21 to 24: `none` was asked for. Clients may send a statement all the same. It is not looked at, so it proves no
        // model of authenticator, and a forged one gains nothing (compare GHSA-6hxq-p678-4hr2, CVE-2025-12150).
        // Step 9, last.
        self.client_data.check_origin(expected)?;
        // Step 27.
        Ok(Credential {
            id: attested.id.to_vec(),
            public_key,
            transports: self.transports.clone(),
            aaguid: attested.aaguid,
            backup_eligible: data.backup_eligible(),
            backed_up: data.backed_up(),
            user_verified: data.user_verified(),
            sign_count: data.sign_count,
        })
    }
}

/// The authenticator data of an attestation object (step 13): a map of exactly `fmt`, `attStmt` and `authData` (§6.5.4).
fn authenticator_data(object: &[u8]) -> Result<&[u8], Error> {
    let (mut format, mut statement, mut data) = (None, None, None);
    cbor::map(object, &mut |key, reader| {
        match key {
            b"\x63fmt" => format = Some(reader.skip()?),
            b"\x67attStmt" => statement = Some(reader.skip()?),
            b"\x68authData" => data = Some(reader.bytes()?),
            _ => return Err(Error::Malformed("the attestation object has a member too many")),
        }
        Ok(())
    })?;
    match (format, statement, data) {
        (Some(()), Some(()), Some(data)) => Ok(data),
        _ => Err(Error::Malformed("the attestation object lacks a member")),
    }
}

/// Authenticator data with the credential that a registration needs.
fn parts(data: &[u8]) -> Result<(AuthenticatorData<'_>, Attested<'_>), Error> {
    let mut data = AuthenticatorData::parse(data)?;
    let attested = data.attested.take().ok_or(Error::Malformed("the authenticator data has no credential"))?;
    Ok((data, attested))
}
