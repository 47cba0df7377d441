//! What the authenticator says: authenticator data (WebAuthn L3 §6.1).

use super::{Error, Expected, Reason, UserVerification, cbor, ensure};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;
const EXTENDED: u8 = 0x80;

const BAD: Error = Error::Malformed("the authenticator data has another form than WebAuthn's");

pub(super) struct AuthenticatorData<'a> {
    rp_id_hash: [u8; 32],
    flags: u8,
    pub sign_count: u32,
    /// The new credential, in a registration.
    pub attested: Option<Attested<'a>>,
}

pub(super) struct Attested<'a> {
    /// The authenticator's model, as it says. Nobody vouches for it.
    pub aaguid: [u8; 16],
    pub id: &'a [u8],
    /// In COSE's form; well-formed CBOR, and no more is known.
    pub public_key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads all of the bytes. Each of the two optional parts is there exactly if its flag says so.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<AuthenticatorData<'a>, Error> {
        let (rp_id_hash, rest) = bytes.split_first_chunk().ok_or(BAD)?;
        let ([flags], rest) = rest.split_first_chunk().ok_or(BAD)?;
        let (sign_count, mut rest) = rest.split_first_chunk().ok_or(BAD)?;
        let mut attested = None;
        if flags & ATTESTED != 0 {
            let (credential, after) = Attested::split(rest)?;
            attested = Some(credential);
            rest = after;
        }
        // No extension is asked for and none is looked at (§7.1 step 28, §7.2 step 23). Clients may send some all the same.
        if flags & EXTENDED != 0 {
            (_, rest) = cbor::split_map(rest)?;
        }
        ensure(rest.is_empty(), BAD)?;
        let sign_count = u32::from_be_bytes(*sign_count);
        Ok(AuthenticatorData { rp_id_hash: *rp_id_hash, flags: *flags, sign_count, attested })
    }

    /// §7.1 steps 14 to 17, §7.2 steps 15 to 18.
    pub(super) fn check(&self, expected: &Expected) -> Result<(), Error> {
        ensure(self.rp_id_hash == *expected.rp_id_hash, Reason::RpId)?;
        // Without it, malware on the device signs in while nobody is there (CVE-2021-38299).
        ensure(self.has(USER_PRESENT), Reason::UserPresence)?;
        let required = expected.user_verification == UserVerification::Required;
        ensure(!required || self.user_verified(), Reason::UserVerification)?;
        ensure(self.backup_eligible() || !self.backed_up(), Reason::Backup)
    }

    pub(super) fn user_verified(&self) -> bool {
        self.has(USER_VERIFIED)
    }

    pub(super) fn backup_eligible(&self) -> bool {
        self.has(BACKUP_ELIGIBLE)
    }

    pub(super) fn backed_up(&self) -> bool {
        self.has(BACKED_UP)
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

impl<'a> Attested<'a> {
    /// The attested credential data that the bytes begin with (§6.5.1), and what follows it.
    fn split(bytes: &'a [u8]) -> Result<(Attested<'a>, &'a [u8]), Error> {
        let (aaguid, rest) = bytes.split_first_chunk().ok_or(BAD)?;
        let (length, rest) = rest.split_first_chunk().ok_or(BAD)?;
        let (id, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(BAD)?;
        let (public_key, rest) = cbor::split_map(rest)?;
        Ok((Attested { aaguid: *aaguid, id, public_key }, rest))
    }
}
