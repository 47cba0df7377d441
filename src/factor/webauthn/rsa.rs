//! RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.2), verification alone.
//!
//! The encoded message is made and compared as a whole. Verifiers that parsed it let forgeries through (Bleichenbacher 2006,
//! CVE-2006-4339). All values are public, so nothing here has to take the same time for each of them.

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U4096};
use sha2::{Digest, Sha256};

/// The largest modulus in bytes: 4096 bits.
const MOST_BYTES: usize = 512;

/// The DER of DigestInfo for SHA-256, up to the digest (RFC 8017 §9.2, note 1).
const DIGEST_INFO: [u8; 19] = *b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

#[derive(Clone, PartialEq, Eq)]
pub(super) struct RsaKey {
    /// Without a leading zero.
    modulus: Vec<u8>,
    exponent: u32,
}

impl RsaKey {
    /// `None` for a key that is too weak, or so large that a verification costs more than it may.
    ///
    /// The modulus has 2048 (NIST SP 800-131A) to 4096 bits, the exponent is odd and neither 1, under which every message signs
    /// itself, nor longer than four bytes.
    pub(super) fn new(modulus: &[u8], exponent: &[u8]) -> Option<RsaKey> {
        let leading = *modulus.first()?;
        let fits = leading != 0
            && modulus.len() <= MOST_BYTES
            && (modulus.len() > 256 || (modulus.len() == 256 && leading >= 0x80));
        let odd = modulus.last()? & 1 == 1;
        let minimal = *exponent.first()? != 0 && exponent.len() <= 4;
        let exponent = exponent.iter().fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
        let acceptable = fits && odd && minimal && exponent & 1 == 1 && exponent > 1;
        acceptable.then(|| RsaKey { modulus: modulus.to_vec(), exponent })
    }

    pub(super) fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    pub(super) fn exponent(&self) -> u32 {
        self.exponent
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        // Steps 1 and 2: as long as the modulus, and smaller.
        let (Some(modulus), Some(signature), true) =
            (number(&self.modulus), number(signature), signature.len() == self.modulus.len())
        else {
            return false;
        };
        let Some(odd) = Odd::new(modulus).into_option() else { return false };
        if signature >= modulus {
            return false;
        }
        let base = FixedMontyForm::new(&signature, &FixedMontyParams::new_vartime(odd));
        // The exponent's first bit is the base itself.
        let mut power = base;
        for bit in (0..self.exponent.ilog2()).rev() {
            power = power.square();
            if self.exponent >> bit & 1 == 1 {
                power = power.mul(&base);
            }
        }
        number(&self.encoded(message)).is_some_and(|encoded| power.retrieve() == encoded)
    }

    /// The message as the signer encoded it (RFC 8017 §9.2).
    fn encoded(&self, message: &[u8]) -> Vec<u8> {
        let hash = Sha256::digest(message);
        let padding = self.modulus.len().saturating_sub(3 + DIGEST_INFO.len() + hash.len());
        [&[0x00, 0x01][..], &vec![0xff; padding], &[0x00], &DIGEST_INFO, &hash].concat()
    }
}

/// Big-endian bytes as a number; `None` for more than fit.
fn number(bytes: &[u8]) -> Option<U4096> {
    let mut padded = [0; MOST_BYTES];
    let (_, end) = padded.split_at_mut_checked(MOST_BYTES.checked_sub(bytes.len())?)?;
    end.copy_from_slice(bytes);
    Some(U4096::from_be_slice(&padded))
}

#[cfg(test)]
mod tests {
    use super::super::tests::bytes;
    use super::*;

    /// `openssl dgst -sha256 -sign` of [`MESSAGE`] by keys of 2048 bits with the exponents 65537 and 37, and of 4096 bits with 3.
    const MESSAGE: &[u8] = b"A message for RS256.";
    const MODULUS_2048: &str = concat!(
        "ab756b388e8b19fc5d057bc44583e41a3e3a288247bba541b0e113df2089da92abaad2f7489c84ec56de2da48d490b0a",
        "0af29e9fc79a6074335cdbf40197ca4d8d4172cc442c655bfabc826a4ddd45f0c9431d58b245509e811ce52408430cab",
        "ef528e3cae4b0dacf2cabfa6a4f0beaa051e5f72e4beeb580b19974ea4b758b910a70006b850e3b1befaf6e0282418bc",
        "c340d6110be687f1b43ccd5e0e0005892e5a4e2bf54daab7e9299e7c9a24f0e430846cbeb3682e1a5a67ea99e63af08a",
        "b0a1fb841cd63f642c2e9111715a7a143c4525e9ce0725c3185eaf188867dfcee455ab58d67f94085194b97ba6d4c598",
        "39e246ddcca18cf69a793a848cb32959",
    );
    const SIGNATURE_2048: &str = concat!(
        "73443ee3e61a59bac801c2c13c24209ea3050d00d36f471ed4b6ba9d6996bc2a895dffe5daca4fec3d7543911459ac2b",
        "ac42edcd920cd7985aac1f45e30b4e03029bb27ced552aa6ceab59e2860eab0095dfb1b1d2832f5aefae8430e6c1f042",
        "b434f4d7e12d8cb1f12b322379367693f0797670bf2497b0a403eed07712ba3f4e4caa41acddf9a3089889ff3d0cf317",
        "c5baf0b093d30237100bb5c24c4c7ee056b5d70ffdd749fae116d0b3ead60288be87880d3d883a2ee17a99c520a67fbf",
        "837e5db8aa79fbcbaa561a83bb3861396ceeb9542fbdfa4a33079642cdaa57d2b003a2515c913d3da73cf3dba0201042",
        "8c005f7040ba8b4d4b6f8c36b7207197",
    );
    const MODULUS_4096: &str = concat!(
        "a46e02d58fd17d2d975c803d41b13dac4d69c8b42c0e31ceaae1dfd31ea3bd255dd26db03f81c2c9d204d8ae0d81808b",
        "0df72a5f18b244bae821324d141c67a5abd500a3538686aa9209296e07f687458ac6003b9b314f4ce8aa9b9dea3a9bca",
        "e0eee2420218ef0ca2de9a814d5f8417e60a17a67228b0c6f074edc9a4c0ae65ee9b760f2adeb4c584070314aa7b7dee",
        "2c8def9c3dd96c719eb49bf67fe0032ccd4677ab06809566ceb279cb6e09b9168a1fe27ff90552e1da9e912c4c6518b0",
        "adc361a0a846d5aaf57994401bf683d84b99cc9e464d84b6e2e1c8c943632c7f7d89fb6ab49072cb9bbd32b54df78b92",
        "04a6eff6e3b879c34b96f8c0f67e695ee4105b782180dbbf4013aa22864d42d4e5a755dea6aac6cdb515527f99070af2",
        "fbbc752b471f3fd87467bbd4e2337154b86461699a43f2418fbd65ad697714ec11c61c23d7825c28ab0429831f558e5d",
        "51ee53b1acee8ae33dd1704e46f15263864eb0d99004c738c4f61369419186dbdd0b46e718b8b729559faefb7604d412",
        "4282a264b9c03a46b377835c6ad47199a96fcdae1b174da321212936a945573da6ca1af56cb754c78aeb4e560077ed34",
        "b9d8bb0fbd5d62ee585d50f53f19c3342093d4c5bf835050836d7d6ce2391b873608e9a787faa738e96231fc019d34c2",
        "b27cc8ee0220564531ec9170b13398cebaecf9f4cdec3cf9760419f05d6692e7",
    );
    const SIGNATURE_4096: &str = concat!(
        "9a35efa24beac8711bc14cd4b9089e54359eec6df67f15aeb271ac2c33693baababcee3bd8e48ac227e84bb9d771ac70",
        "398e0768dc8497ac91606eb1e94202c48a487241d3d5f13d366bba0f1b4859b176bd0d1e8de6ddb5caea41c89a231f08",
        "c0a5b870d8d8fdd0933120739a5abc115ba4caf8185aac39b59a88f9a015e070287c7aca766593fe27c3dc7603c0f515",
        "f1d2db823a6c6fc16d4ebc887660eebd65baa635aabb39c4683e49e314a3e485357dae4df44db785c6841ed79a622bc8",
        "ef4efea31ef14e6ee6538a5856475063faa0e26cf94b5efaabbd7423e581cfa683a87f4d617c957b7e2905b258d3a927",
        "2fde58c71ab234f5e0265fdcda197257dd25d98c0b6ad6f07ca894fa6a2ae543c4e2d780b6082cdaceceadfe592b1fd3",
        "5b3e9330e7c6674433539b546ec6bef069a7146872fa0a6028c99b7f24f76071fb51db77766895426d3089699ef76c3e",
        "4375f7416e9e2fe4ec74c4b597390a4cdf2b8423ad7f7cd7b9c7c1bf252ef57406b24abca82c593784be0d7e8af26f62",
        "c253a56e5eb70f164810e56f91b6f2aa7b3d46d19942af0b7503b4eee9b7a0381782accfa206bea4230b78729f87138d",
        "d27e95a7ff4eba9ea3587a7a5abadf248bb044217eef572b460308f427b06f18d6ce8830233afcdb21822e8630168af3",
        "28f6a2fa014946be66e03a8a47b56cc877d95a2ff838b37a633d11efec619071",
    );
    const MODULUS_BY_37: &str = concat!(
        "d5a07cc61496129df31df145ea97d1269670e32c1ff870cdae75db384a116371fc7815af04fd550c6b459422e80bbeb0",
        "53c8d7147c80d39b58b03dd7244694f84139b94524ea4ad9525e9307c1282611506e854ef685df49e5900ca2eb725529",
        "bd0257fd247b24d2671b7729e3538d72d86219e10ad5d3265df8c0c0085ef1fea0e4fd56f546f13eba4b379e65f3c1e2",
        "0659457167ebb3933748a4e947c21d037fe5c482e14f6962ad0d21eb9476320d6955aa1bfc021de00ba8047bc9ed79d2",
        "d069cefd8a6b7c7fac6d7c5362532be27782a2f3c8547b297444bd470745e47e603fe95cffdfd76ad6455ce470a99568",
        "b9acc2296ec4ec2b814a601ee824bc65",
    );
    const SIGNATURE_BY_37: &str = concat!(
        "53f2dd6036e1a7cfdaac239d86377bab1656b86b33f80c28720e9b4725e0edd364591289fca07eb7cb5ce6bcfb1ac6be",
        "5d102d473dec4ca35a389944a5383681d1b5c24f3a9ad6f40daf4c316ae939093b95ef5ed107940754ec7a47fdf6794d",
        "a2ed096b625916873837f7c15907540038eb30743b1a4281e14a615e5e13ec046d8f97419e296b1d719bf854fee0123b",
        "14b38adaae11f70e2381b0b5e3ca3365fb616783bdc22c0fed76e2217059e365d05a07b94bc30a2581c9b4a9af36f613",
        "69e193db0cb567255fffa090777c8e81296718e370af2fb4f0b04deea72036470199ca1b9d33aaf03cf1fbd026c8a835",
        "40d619cf24630e1af6fcefac85be3114",
    );

    #[test]
    fn signatures_of_openssl_verify_and_no_others() {
        for (modulus, exponent, signature) in [
            (MODULUS_2048, &[1, 0, 1][..], SIGNATURE_2048),
            (MODULUS_BY_37, &[37], SIGNATURE_BY_37),
            (MODULUS_4096, &[3], SIGNATURE_4096),
        ] {
            let (key, signature) = (RsaKey::new(&bytes(modulus), exponent).unwrap(), bytes(signature));
            assert!(key.verifies(MESSAGE, &signature));
            assert!(!key.verifies(b"Another message.", &signature));
            for at in [0, signature.len() / 2, signature.len() - 1] {
                let mut other = signature.clone();
                other[at] ^= 1;
                assert!(!key.verifies(MESSAGE, &other), "{at}");
            }
            assert!(!key.verifies(MESSAGE, &[&[0], &signature[..]].concat()), "longer than the modulus");
            assert!(!key.verifies(MESSAGE, &signature[..signature.len() - 1]));
            assert!(!key.verifies(MESSAGE, &[]));
            let shift = number(&signature).unwrap().wrapping_add(&number(&bytes(modulus)).unwrap()).to_be_bytes();
            assert!(
                !key.verifies(MESSAGE, &shift.as_ref()[MOST_BYTES - signature.len()..]),
                "the signature plus the modulus"
            );
        }
    }

    #[test]
    fn a_key_has_2048_to_4096_bits_and_an_odd_modulus() {
        let modulus = bytes(MODULUS_2048);
        let with = |at: usize, byte: u8| {
            let mut other = modulus.clone();
            other[at] = byte;
            other
        };
        let is_key = |modulus: &[u8]| RsaKey::new(modulus, &[1, 0, 1]).is_some();
        assert!(is_key(&with(0, 0x80)));
        assert!(is_key(&[&[1], &modulus[..]].concat()), "2049 bits");
        assert!(is_key(&bytes(MODULUS_4096)));
        for (why, modulus) in [
            ("2047 bits", with(0, 0x7f)),
            ("even", with(255, modulus[255] & 0xfe)),
            ("a leading zero", [&[0], &modulus[..]].concat()),
            ("1024 bits", modulus[128..].to_vec()),
            ("4097 bits", [&[1], &bytes(MODULUS_4096)[..]].concat()),
            ("16384 bits", bytes(MODULUS_4096).repeat(4)),
            ("empty", Vec::new()),
        ] {
            assert!(!is_key(&modulus), "{why}");
        }
    }

    #[test]
    fn an_exponent_is_odd_above_one_and_of_four_bytes_at_most() {
        let is_key = |exponent: &[u8]| RsaKey::new(&bytes(MODULUS_2048), exponent).is_some();
        for exponent in [&[3][..], &[17], &[1, 0, 1], &[0xff, 0xff, 0xff, 0xff]] {
            assert!(is_key(exponent), "{exponent:?}");
        }
        for exponent in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[0, 1, 0, 1], &[1, 0, 0, 0, 1], &[0xff; 256]] {
            assert!(!is_key(exponent), "{exponent:?}");
        }
    }
}
