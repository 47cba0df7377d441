//! A credential as it is stored.

use super::PublicKey;

/// What a registration made and assertions are verified against: WebAuthn's credential record (L3 §4, §7.1 step 27).
///
/// Whoever stores it seals it. The public key must be protected against modification (NIST SP 800-63B-4 §3.1.6), and ids tell
/// which accounts share an authenticator (L3 §14.6.3). For that reason nothing of it is in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// What the authenticator knows it by.
    pub id: Vec<u8>,
    /// What its signatures are verified with.
    pub public_key: PublicKey,
    /// How the browser can reach the authenticator, as the client said: it is not signed.
    pub transports: Vec<String>,
    /// The model, as the authenticator says. It is a name to show, not a proof: attestation is not looked at.
    pub aaguid: [u8; 16],
    /// Whether it may be synced. This never changes.
    pub backup_eligible: bool,
    /// Whether it was synced at registration.
    pub backed_up: bool,
    /// Whether the authenticator verified its user at registration.
    pub user_verified: bool,
    /// At registration.
    pub sign_count: u32,
}

/// The longest id (L3 §7.1 step 25).
pub(super) const LONGEST_ID: usize = 1023;
/// Transports that are kept, and the length of their names. There are seven today, `smart-card` is the longest.
const MOST_TRANSPORTS: usize = 8;
const LONGEST_TRANSPORT: usize = 16;

/// The first byte of the stored form.
const VERSION: u8 = 1;
const BACKUP_ELIGIBLE: u8 = 1;
const BACKED_UP: u8 = 2;
const USER_VERIFIED: u8 = 4;

impl Credential {
    /// The stored form: version, flags, sign count, AAGUID, id, transports, key. Numbers are big-endian, the id has a length of
    /// two bytes before it, the transports and each of them a length of one byte.
    // The id has at most 1023 bytes, and transports are few and short: see the constants above.
    #[allow(clippy::cast_possible_truncation)]
    pub fn to_bytes(&self) -> Vec<u8> {
        let flag = |is_set, flag| if is_set { flag } else { 0 };
        let flags = flag(self.backup_eligible, BACKUP_ELIGIBLE)
            | flag(self.backed_up, BACKED_UP)
            | flag(self.user_verified, USER_VERIFIED);
        let mut bytes = vec![VERSION, flags];
        bytes.extend(self.sign_count.to_be_bytes());
        bytes.extend(self.aaguid);
        bytes.extend((self.id.len() as u16).to_be_bytes());
        bytes.extend(&self.id);
        bytes.push(self.transports.len() as u8);
        for transport in &self.transports {
            bytes.push(transport.len() as u8);
            bytes.extend(transport.as_bytes());
        }
        bytes.extend(self.public_key.to_bytes());
        bytes
    }

    /// `None` for what [`Credential::to_bytes`] of this version does not make.
    pub fn from_bytes(bytes: &[u8]) -> Option<Credential> {
        let ([VERSION, flags], rest) = bytes.split_first_chunk()? else { return None };
        let (sign_count, rest) = rest.split_first_chunk()?;
        let (aaguid, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (id, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        let (count, mut rest) = rest.split_first()?;
        let mut transports = Vec::new();
        for _ in 0..*count {
            let (length, after) = rest.split_first()?;
            let (transport, after) = after.split_at_checked((*length).into())?;
            transports.push(String::from_utf8(transport.to_vec()).ok()?);
            rest = after;
        }
        let has = |flag| flags & flag != 0;
        let credential = Credential {
            id: id.to_vec(),
            public_key: PublicKey::from_bytes(rest)?,
            backup_eligible: has(BACKUP_ELIGIBLE),
            backed_up: has(BACKED_UP),
            user_verified: has(USER_VERIFIED),
            transports: known(transports.clone()),
            aaguid: *aaguid,
            sign_count: u32::from_be_bytes(*sign_count),
        };
        let ours = (1..=LONGEST_ID).contains(&id.len()) && credential.transports == transports && *flags < 8;
        ours.then_some(credential)
    }
}

/// The transports that are worth keeping. The others are dropped, not refused: they are hints for a later sign-in.
pub(super) fn known(mut transports: Vec<String>) -> Vec<String> {
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    transports.retain(|name| (1..=LONGEST_TRANSPORT).contains(&name.len()) && is_name(name));
    transports.truncate(MOST_TRANSPORTS);
    transports
}

impl core::fmt::Debug for Credential {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Credential")
    }
}
