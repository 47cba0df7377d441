//! A credential's public key, from COSE's form (RFC 9052, RFC 9053, RFC 8230; WebAuthn L3 §5.8.5 and §6.5.1.1).

use super::rsa::RsaKey;
use super::{Error, Reason, cbor, der};
use p256::ecdsa::signature::Verifier;
use p256::elliptic_curve::point::AffineCoordinates;

/// The algorithms that are offered, best first: ES256, EdDSA, RS256.
///
/// ES256 comes first because every authenticator has it, and some encode Ed25519 keys wrongly (SoloKeys 2). RS256 is for the
/// TPMs behind Windows Hello. L3 §5.4 asks for these three at least.
pub const ALGORITHMS: [i32; 3] = [-7, -8, -257];

/// A public key that was found to be sound.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Kind);

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Es256(p256::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
    Rs256(RsaKey),
}

impl PublicKey {
    /// §7.1 step 20, and the rules for keys of §5.8.5: a curve goes with its algorithm, points are not compressed, and no
    /// parameter but those of the algorithm is there.
    pub(super) fn from_cose(key: &[u8]) -> Result<PublicKey, Error> {
        // The labels 1, 3, -1, -2 and -3, as CBOR writes them. Values stay as CBOR, which has one form for each.
        let (mut kty, mut alg, mut first, mut second, mut third) = (None, None, None, None, None);
        cbor::map(key, &mut |label, reader| {
            let slot = match label {
                [0x01] => &mut kty,
                [0x03] => &mut alg,
                [0x20] => &mut first,
                [0x21] => &mut second,
                [0x22] => &mut third,
                _ => return Err(Reason::PublicKey.into()),
            };
            *slot = Some(reader.item()?);
            Ok(())
        })?;
        let (Some(kty), Some(alg), Some(first), Some(second)) = (kty, alg, first, second) else {
            return Err(Reason::PublicKey.into());
        };
        let bytes = |item| cbor::bytes(item).ok();
        let key = match (alg, kty, first, third) {
            // ES256 (-7): EC2 (2) on P-256 (1), with x and y.
            ([0x26], [0x02], [0x01], Some(third)) => bytes(second).zip(bytes(third)).and_then(|(x, y)| es256(x, y)),
            // EdDSA (-8): OKP (1) on Ed25519 (6), with x.
            ([0x27], [0x01], [0x06], None) => bytes(second).and_then(ed25519),
            // RS256 (-257): RSA (3), with n and e.
            ([0x39, 0x01, 0x00], [0x03], _, None) => bytes(first).zip(bytes(second)).and_then(|(n, e)| rs256(n, e)),
            ([0x26] | [0x27] | [0x39, 0x01, 0x00], ..) => None,
            _ => return Err(Reason::Algorithm.into()),
        };
        key.map(PublicKey).ok_or(Reason::PublicKey.into())
    }

    /// §7.2 step 21, by the algorithm of the stored key: an assertion does not name one.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Kind::Es256(key) => {
                // In DER (§6.5.5), in its one form. Both s and n - s verify: authenticators write either.
                der::signature(signature)
                    .and_then(|(r, s)| p256::ecdsa::Signature::from_scalars(r, s).ok())
                    .is_some_and(|signature| key.verify(message, &signature).is_ok())
            }
            Kind::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Kind::Rs256(key) => key.verifies(message, signature),
        }
    }

    /// Its algorithm, one of [`ALGORITHMS`].
    pub fn algorithm(&self) -> i32 {
        match self.0 {
            Kind::Es256(_) => -7,
            Kind::Ed25519(_) => -8,
            Kind::Rs256(_) => -257,
        }
    }

    /// A byte for the algorithm and the key's numbers, for [`PublicKey::from_bytes`].
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        match &self.0 {
            Kind::Es256(key) => {
                let point = key.as_affine();
                [&[1], &point.x()[..], &point.y()].concat()
            }
            Kind::Ed25519(key) => [&[2], &key.as_bytes()[..]].concat(),
            Kind::Rs256(key) => [&[3], &key.exponent().to_be_bytes()[..], key.modulus()].concat(),
        }
    }

    /// Checks what [`PublicKey::from_cose`] checks.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<PublicKey> {
        let (algorithm, key) = bytes.split_first()?;
        let key = match algorithm {
            1 => key.split_at_checked(32).and_then(|(x, y)| es256(x, y)),
            2 => ed25519(key),
            3 => {
                let (exponent, modulus) = key.split_first_chunk::<4>()?;
                let zeros = exponent.iter().take_while(|byte| **byte == 0).count();
                rs256(modulus, exponent.split_at_checked(zeros)?.1)
            }
            _ => None,
        };
        key.map(PublicKey)
    }
}

/// `None` unless the point is on the curve. One that is not gives an attacker a curve of their choice.
fn es256(x: &[u8], y: &[u8]) -> Option<Kind> {
    let coordinate = |bytes: &[u8]| <[u8; 32]>::try_from(bytes).ok();
    // From the coordinates, since a reader of SEC 1's forms brings 4 KB that takes points which are compressed.
    let point = p256::AffinePoint::from_coordinates(&coordinate(x)?.into(), &coordinate(y)?.into()).into_option()?;
    p256::ecdsa::VerifyingKey::from_affine(point).ok().map(Kind::Es256)
}

/// `None` for no point, and for one of small order: under such a key one signature fits many messages.
fn ed25519(x: &[u8]) -> Option<Kind> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(x.try_into().ok()?).ok()?;
    (!key.is_weak()).then_some(Kind::Ed25519(key))
}

fn rs256(modulus: &[u8], exponent: &[u8]) -> Option<Kind> {
    RsaKey::new(modulus, exponent).map(Kind::Rs256)
}

#[cfg(test)]
mod tests {
    use super::super::tests::bytes;
    use super::*;

    /// Made from the secret key of zeros by RFC 8032 §5.1.6, with the neutral point as R: it holds the equation of §5.1.7.
    #[test]
    fn an_ed25519_signature_with_a_commitment_of_small_order_is_refused() {
        let key = ed25519(&bytes("3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"));
        let commitment = format!("01{}", "0".repeat(62));
        let response = "19c3bb9e9e4284357d438cd507e771f4a1d713f47dc390c1c881d03465e6a00b";
        let signature = bytes(&(commitment + response));
        assert!(!PublicKey(key.unwrap()).verifies(b"abc", &signature));
    }

    #[test]
    fn a_coordinate_has_the_length_of_its_curve() {
        // The base point of P-256 (SEC 2 §2.4.2).
        let x = bytes("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
        let y = bytes("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
        assert!(es256(&x, &y).is_some());
        let point = [x, y].concat();
        for length in [0, 31, 33, 64] {
            let (x, y) = point.split_at(length);
            assert!(es256(x, y).is_none(), "{length}");
        }
    }
}
