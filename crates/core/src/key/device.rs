//! Keys and signatures in the encodings in which the secure hardware of a phone hands them over.
//!
//! | from | public key | signature |
//! |---|---|---|
//! | Android Keystore | SubjectPublicKeyInfo, DER | P-256: ECDSA-Sig-Value, DER; Ed25519: 64 bytes |
//! | Secure Enclave | point of P-256, uncompressed | ECDSA-Sig-Value, DER; or `r ‖ s`, 64 bytes |
//!
//! Each is told by its length and its first bytes, and has one spelling; whatever else there is, is refused.

use super::{KeyKind, PublicKey, Signature};
use crate::Error;

/// All of a SubjectPublicKeyInfo before the point: `id-ecPublicKey`, `secp256r1` by its name, and a bit string of the
/// length of an uncompressed point (RFC 5480 §2.1.1, §2.2). DER leaves no other way to write these.
const P256_INFO: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// All of a SubjectPublicKeyInfo before the key: `id-Ed25519` without parameters, and a bit string of 32 bytes
/// (RFC 8410 §3, §4).
const ED25519_INFO: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The first byte of a point by its form (SEC 1 §2.3.3).
const COMPRESSED_EVEN: u8 = 2;
const COMPRESSED_ODD: u8 = 3;
const UNCOMPRESSED: u8 = 4;

impl PublicKey {
    /// Reads a public key as the hardware of a phone, or its system, hands it over.
    ///
    /// | kind | SubjectPublicKeyInfo, DER | bare |
    /// |---|---|---|
    /// | [`KeyKind::P256`] | 91 bytes: named curve, uncompressed point (RFC 5480 §2) | the point, 65 bytes uncompressed or 33 compressed (SEC 1 §2.3.3) |
    /// | [`KeyKind::Ed25519`] | 44 bytes (RFC 8410 §4) | 32 bytes (RFC 8032 §5.1.5) |
    ///
    /// A certificate, PEM, a curve given by its parameters and a point without its first byte are not taken.
    ///
    /// # Errors
    /// [`Error::KeyFormat`]: another encoding, a key of another kind, or no point of the curve.
    pub fn from_device(kind: KeyKind, bytes: &[u8]) -> Result<Self, Error> {
        let key = match kind {
            KeyKind::Ed25519 => {
                let bare = bytes.strip_prefix(&ED25519_INFO).unwrap_or(bytes);
                bare.try_into().ok().and_then(Self::ed25519)
            }
            // That a point has the length of its form is checked where it is decoded.
            KeyKind::P256 => match (bytes.strip_prefix(&P256_INFO), bytes) {
                (Some(point @ [UNCOMPRESSED, ..]), _)
                | (None, point @ [COMPRESSED_EVEN | COMPRESSED_ODD | UNCOMPRESSED, ..]) => {
                    Self::sec1(point)
                }
                _ => None,
            },
        };
        key.ok_or(Error::KeyFormat)
    }
}

impl Signature {
    /// Reads a signature as the hardware of a phone, or its system, hands it over.
    ///
    /// Of either kind the 64 bytes of [`as_bytes`](Self::as_bytes); of [`KeyKind::P256`] also an ECDSA-Sig-Value in
    /// strict DER (RFC 3279 §2.2.3): smallest lengths, smallest non-negative integers, nothing behind.
    ///
    /// 64 bytes are always `r ‖ s`. DER has that length only if `r` and `s` together fill 58 bytes instead of 64 to
    /// 66, which of honest signatures one in 10¹⁴ does (2⁻⁴⁷·²). It would then be read as another signature,
    /// refused where it is attached, and cost one copy at worst; to look for it would give one text two readings.
    ///
    /// The hardware must hash the message with SHA-256 itself: `SHA256withECDSA`, `ecdsaSignatureMessageX962SHA256`.
    ///
    /// # Errors
    /// [`Error::KeyFormat`]: another encoding, or an `r` or `s` of ES256 that is zero or not below the group's order.
    pub fn from_device(kind: KeyKind, bytes: &[u8]) -> Result<Self, Error> {
        let raw = match kind {
            KeyKind::Ed25519 => bytes.try_into().ok(),
            KeyKind::P256 => {
                let signature = match bytes.len() {
                    64 => p256::ecdsa::Signature::from_slice(bytes),
                    _ => p256::ecdsa::Signature::from_der(bytes),
                };
                signature.ok().map(|signature| signature.to_bytes().into())
            }
        };
        raw.map(Self).ok_or(Error::KeyFormat)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Inner;
    use super::*;
    use crate::{Part, base64url};

    const MESSAGE: &[u8] = b"una copia, una vez";

    /// A key of P-256 made with OpenSSL, as it writes it.
    const INFO: &str = "3059301306072a8648ce3d020106082a8648ce3d03010703420004\
        0dd4709469d6373448def46eac745e4b5a14be1aa46686778d852d25eb056a84\
        89376224c63d850e49a78d3620cac269265da411ddfd1cfa07bc64d4f198ed86";

    /// The message signed by it: with a sign byte before neither number, the first, the second, both.
    const SIGNED: [&str; 4] = [
        "3044022024f6e50b4700618565a09432132e3c3923ad79404bebfab2558f527f05905d9c\
         02200dd78acc69988d63c317cd53d4953aaa826069ec108b5de501072adaa82720ec",
        "304502210099c2e397ac25fc1fa436d5089e3fc83308682463000ff8ac9ababd3c8f6024ea\
         02205b35068768ed2581ba57047e14959fb2c2eb956ae753eaa0ae48ec3cc63d8c22",
        "304502201b67f8130f5f3b50e7641575843c928fb86b07eb546570c4d2e71ab9cfdcf316\
         022100f4436de1700614aec4ef39eead7cdb7245d298315328feb39d7756c6c3cbe4c0",
        "3046022100eb8ecbac0de48241c4321cbefdc19db3e303c62507a8cfeb4c5c298606bf4713\
         022100d2058b79f36007531b4539ff1cc37cf31f31eaec58feb0e36c46a3746adc45d6",
    ];

    /// The same of Ed25519.
    const ED25519: &str = "302a300506032b6570032100\
        962a8979cb951006635e99bf3a9a08f1b78e5d76d3ed29213a40b0e887ee5a80";
    const ED25519_SIGNED: &str = "eb859d40b70fe45be2e587f6f7aa05f886050141336162311148b637d5a35860\
        cb300b2670d90cf9f998d33d03f39e5be0895b647f6795df1ebca5d16a4e0d0f";

    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16);
        digits.chunks(2).map(|pair| byte(pair).unwrap()).collect()
    }

    fn p256(bytes: &[u8]) -> Result<PublicKey, Error> {
        PublicKey::from_device(KeyKind::P256, bytes)
    }

    fn ed25519(bytes: &[u8]) -> Result<PublicKey, Error> {
        PublicKey::from_device(KeyKind::Ed25519, bytes)
    }

    fn es256(bytes: &[u8]) -> Result<Signature, Error> {
        Signature::from_device(KeyKind::P256, bytes)
    }

    /// An ASN.1 value of at most 127 bytes.
    fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(value.len()).unwrap()], value].concat()
    }

    /// A signature of these integers, as they stand.
    fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
        tlv(0x30, &[tlv(0x02, r), tlv(0x02, s)].concat())
    }

    #[track_caller]
    fn refused<T: std::fmt::Debug>(result: Result<T, Error>) {
        assert_eq!(result.err(), Some(Error::KeyFormat));
    }

    #[test]
    fn reads_every_encoding_of_one_key_of_p256() {
        let info = hex(INFO);
        let key = p256(&info).unwrap();
        let mut compressed = info[26..59].to_vec();
        compressed[0] = COMPRESSED_EVEN;
        assert_eq!(p256(&info[26..]).as_ref(), Ok(&key));
        assert_eq!(p256(&compressed).as_ref(), Ok(&key));
        let (x, y) = (base64url::encode(&info[27..59]), base64url::encode(&info[59..]));
        let jwk = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        assert_eq!(key.to_jwk_text(), jwk);
        for signed in SIGNED {
            let signature = es256(&hex(signed)).unwrap();
            assert_eq!(key.verify(MESSAGE, &signature, Part::KeyProof), Ok(()));
            assert!(key.verify(b"otra", &signature, Part::KeyProof).is_err());
            assert_eq!(es256(signature.as_bytes()).as_ref(), Ok(&signature));
        }
    }

    #[test]
    fn reads_every_encoding_of_one_key_of_ed25519() {
        let info = hex(ED25519);
        let key = ed25519(&info).unwrap();
        assert_eq!(ed25519(&info[12..]).as_ref(), Ok(&key));
        let x = base64url::encode(&info[12..]);
        assert_eq!(key.to_jwk_text(), format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
        let signature = Signature::from_device(KeyKind::Ed25519, &hex(ED25519_SIGNED)).unwrap();
        assert_eq!(key.verify(MESSAGE, &signature, Part::KeyProof), Ok(()));
        assert!(key.verify(b"otra", &signature, Part::KeyProof).is_err());
    }

    #[test]
    fn refuses_what_is_truncated_or_has_trailing_bytes() {
        let info = hex(INFO);
        let compressed = [&[COMPRESSED_EVEN], &info[27..59]].concat();
        for good in [&info, &info[26..], &compressed] {
            assert!(p256(good).is_ok());
            (0..good.len()).for_each(|end| refused(p256(&good[..end])));
            refused(p256(&[good, &[0][..]].concat()));
            refused(p256(&[good, good].concat()));
        }
        let info = hex(ED25519);
        for good in [&info, &info[12..]] {
            assert!(ed25519(good).is_ok());
            (0..good.len()).for_each(|end| refused(ed25519(&good[..end])));
            refused(ed25519(&[good, &[0][..]].concat()));
        }
        for good in SIGNED.map(hex) {
            // The 64 bytes that are left of a longer one are taken for numbers: they do not verify.
            let ends = (0..good.len()).filter(|end| *end != 64);
            ends.for_each(|end| refused(es256(&good[..end])));
            refused(es256(&[&good[..], &[0]].concat()));
            refused(es256(&[&good[..], &good[..]].concat()));
        }
        for kind in [KeyKind::Ed25519, KeyKind::P256] {
            for length in [0, 1, 63, 65, 128] {
                refused(Signature::from_device(kind, &vec![1; length]));
            }
        }
    }

    #[test]
    fn refuses_another_object_identifier_or_curve() {
        let (info, of_ed25519) = (hex(INFO), hex(ED25519));
        for at in 0..P256_INFO.len() {
            for flip in [0x01, 0x80] {
                let mut other = info.clone();
                other[at] ^= flip;
                refused(p256(&other));
            }
        }
        for at in 0..ED25519_INFO.len() {
            for flip in [0x01, 0x80] {
                let mut other = of_ed25519.clone();
                other[at] ^= flip;
                refused(ed25519(&other));
            }
        }
        // Keys made with OpenSSL on secp256k1, brainpoolP256r1 and X25519.
        refused(p256(&hex(
            "3056301006072a8648ce3d020106052b8104000a0342000409bf0ef81b5f545b5bb3c5fc146a4229c520\
             e23c6a3cb284da0564c08ad0fb5a50d6fd9fb9cbd54c86198c0525183bed079a36aba82fff6cee3fb7df\
             894127a0",
        )));
        refused(p256(&hex(
            "305a301406072a8648ce3d020106092b2403030208010107034200040ad8d9eeae3607b4543468908fde\
             febae2dc352174bb291bd371a46b8009ca9f56b1590c6ff9c8181feef2e86c63a3f0c2e1523012ec1f33\
             d212e1435aa8bbab",
        )));
        refused(ed25519(&hex(
            "302a300506032b656e0321008ac0fa205ae3ddcfded529394903a08b7b92adde9a01f357bc6f52c77fad\
             e765",
        )));
    }

    #[test]
    fn refuses_other_forms_of_a_right_key() {
        let info = hex(INFO);
        // A compressed point in a SubjectPublicKeyInfo, with lengths that fit it and with those of the other.
        let mut short = hex("3039301306072a8648ce3d020106082a8648ce3d030107032200");
        short.push(COMPRESSED_EVEN);
        short.extend(&info[27..59]);
        refused(p256(&short));
        refused(p256(&[&P256_INFO, &short[26..]].concat()));
        // Parameters of Ed25519 must be absent (RFC 8410 §3), even if they are NULL.
        let bare = hex(ED25519).split_off(12);
        refused(ed25519(&[hex("302c300706032b65700500032100"), bare.clone()].concat()));
        // The same key twice wrapped; coordinates alone; the forms of SEC 1 and X9.62 that nobody writes.
        refused(ed25519(&[&ED25519_INFO[..], &ED25519_INFO, &bare].concat()));
        refused(p256(&[&P256_INFO[..], &info].concat()));
        refused(p256(&info[27..]));
        refused(p256(&info[27..59]));
        for first in (0..=255).filter(|first| *first != UNCOMPRESSED) {
            refused(p256(&[&[first], &info[27..]].concat()));
            if !matches!(first, COMPRESSED_EVEN | COMPRESSED_ODD) {
                refused(p256(&[&[first], &info[27..59]].concat()));
            }
        }
        // A private key, and text.
        refused(p256(&tlv(0x30, &[tlv(0x02, &[1]), tlv(0x04, &[7; 32])].concat())));
        refused(p256(INFO.as_bytes()));
        refused(p256(b"-----BEGIN PUBLIC KEY-----"));
    }

    #[test]
    fn refuses_points_off_the_curve() {
        let mut info = hex(INFO);
        *info.last_mut().unwrap() ^= 1;
        refused(p256(&info));
        refused(p256(&info[26..]));
        // An x without a point, and coordinates that are not below the field's prime.
        refused(p256(&[&[COMPRESSED_EVEN][..], &[1; 32]].concat()));
        refused(p256(&[&[COMPRESSED_ODD][..], &[0xff; 32]].concat()));
        refused(p256(&[&[UNCOMPRESSED][..], &[0xff; 64]].concat()));
        refused(p256(&[&[UNCOMPRESSED][..], &[0; 64]].concat()));
        refused(ed25519(&[2; 32]));
        refused(ed25519(&[&ED25519_INFO[..], &[2; 32]].concat()));
    }

    #[test]
    fn refuses_a_key_or_signature_of_the_wrong_kind() {
        let (info, of_ed25519) = (hex(INFO), hex(ED25519));
        refused(ed25519(&info));
        refused(ed25519(&info[26..]));
        refused(p256(&of_ed25519));
        refused(p256(&of_ed25519[12..]));
        for signed in SIGNED {
            refused(Signature::from_device(KeyKind::Ed25519, &hex(signed)));
        }
    }

    #[test]
    fn refuses_integers_that_are_not_minimal_or_negative() {
        let seven = [7; 32];
        assert!(es256(&der(&seven, &seven)).is_ok());
        assert!(es256(&der(&[1], &[0x7f])).is_ok());
        assert!(es256(&der(&[0, 0x80], &[1])).is_ok());
        for bad in [&[0, 7][..], &[0, 0, 0x80], &[0x80], &[0xff, 0x7f], &[0xd2; 32], &[]] {
            refused(es256(&der(bad, &seven)));
            refused(es256(&der(&seven, bad)));
        }
        let padded = [&[0][..], &seven].concat();
        refused(es256(&der(&padded, &seven)));
        refused(es256(&der(&seven, &padded)));
    }

    #[test]
    fn refuses_r_or_s_that_is_zero_or_too_large() {
        let (order, one) = (hex(ORDER), [&[0; 31][..], &[1]].concat());
        let mut below = order.clone();
        *below.last_mut().unwrap() -= 1;
        let signed = |number: &[u8]| [&[0], number].concat();
        let seven = [7; 32];
        for good in [&below, &one] {
            assert!(es256(&[&good[..], &seven].concat()).is_ok());
            assert!(es256(&[&seven[..], good].concat()).is_ok());
        }
        assert!(es256(&der(&signed(&below), &signed(&below))).is_ok());
        for bad in [&order[..], &[0; 32], &[0xff; 32]] {
            refused(es256(&[bad, &seven].concat()));
            refused(es256(&[&seven, bad].concat()));
        }
        let longer = [1; 33];
        for bad in [&[0][..], &signed(&order), &signed(&[0xff; 32]), &longer] {
            refused(es256(&der(bad, &seven)));
            refused(es256(&der(&seven, bad)));
        }
    }

    #[test]
    fn refuses_ber_that_is_not_der_and_other_structures() {
        let seven = tlv(0x02, &[7; 32]);
        let both = [&seven[..], &seven].concat();
        let good = tlv(0x30, &both);
        assert!(es256(&good).is_ok());
        // Long and indefinite lengths, another outer or inner tag, one integer, three, something behind inside.
        refused(es256(&[&[0x30, 0x81, 68][..], &both].concat()));
        refused(es256(&[&[0x30, 0x82, 0, 68][..], &both].concat()));
        refused(es256(&[&[0x30, 0x80][..], &both, &[0, 0]].concat()));
        refused(es256(&tlv(0x31, &both)));
        refused(es256(&tlv(0x10, &both)));
        refused(es256(&tlv(0x30, &[&tlv(0x0a, &[7; 32])[..], &seven].concat())));
        refused(es256(&tlv(0x30, &[&seven[..], &tlv(0x04, &[7; 32])].concat())));
        refused(es256(&tlv(0x30, &seven)));
        refused(es256(&tlv(0x30, &[&both[..], &seven].concat())));
        refused(es256(&tlv(0x30, &[&both[..], &[0x05, 0x00]].concat())));
        refused(es256(&tlv(0x03, &[&[0][..], &good].concat())));
        refused(es256(&both));
    }

    #[test]
    fn no_byte_of_a_der_signature_can_be_changed_into_a_second_spelling() {
        for good in SIGNED.map(hex) {
            let mut taken = 0;
            for at in 0..good.len() {
                for byte in 0..=255 {
                    let mut other = good.clone();
                    other[at] = byte;
                    let Ok(signature) = es256(&other) else { continue };
                    let again = p256::ecdsa::Signature::from_slice(signature.as_bytes()).unwrap();
                    assert_eq!(again.to_der().as_bytes(), other);
                    taken += 1;
                }
            }
            // The bytes of the numbers themselves are free, most of the time.
            assert!(taken > 60 * 200, "{taken}");
        }
    }

    /// Integers of every pair of lengths, and what this crate makes of the encodings of another.
    #[test]
    fn reads_what_p256_encodes_and_takes_64_bytes_for_numbers() {
        let number = |length: usize, first: u8| {
            let mut number = [0; 32];
            number[32 - length..].fill(0x5a);
            number[32 - length] = first;
            number
        };
        let mut of_64_bytes = 0;
        for (r, s) in (1..=32).flat_map(|r| (1..=32).map(move |s| (r, s))) {
            for (first, second) in [(1, 1), (0x80, 1), (1, 0xfe), (0x80, 0xfe)] {
                let (r, s) = (number(r, first), number(s, second));
                let signature = p256::ecdsa::Signature::from_scalars(r, s).unwrap();
                let encoded = signature.to_der();
                let read = es256(encoded.as_bytes()).unwrap();
                if encoded.as_bytes().len() == 64 {
                    of_64_bytes += 1;
                    assert_eq!(read.as_bytes()[..], *encoded.as_bytes());
                } else {
                    assert_eq!(read.as_bytes()[..], [r, s].concat());
                }
            }
        }
        assert!(of_64_bytes > 20, "{of_64_bytes}");
    }

    #[test]
    fn reads_the_keys_that_the_curves_encode() {
        use ed25519_dalek::pkcs8::EncodePublicKey as _;
        for seed in 1..=16 {
            let secret = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap();
            let key = secret.verifying_key();
            let read = p256(key.to_public_key_der().unwrap().as_bytes()).unwrap();
            assert_eq!(read, PublicKey(Inner::P256(*key)));
            for compressed in [false, true] {
                assert_eq!(p256(key.to_sec1_point(compressed).as_bytes()).as_ref(), Ok(&read));
            }
            let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).verifying_key();
            let read = ed25519(key.to_public_key_der().unwrap().as_bytes()).unwrap();
            assert_eq!(read, PublicKey(Inner::Ed25519(key)));
            assert_eq!(ed25519(key.as_bytes()).as_ref(), Ok(&read));
        }
    }
}
