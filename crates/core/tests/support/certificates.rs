//! Certificates put together by hand, so that each can be wrong in the one way that a test is about.

#![allow(dead_code, reason = "each test file uses another part of this")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

use llavero_core::{KeyKind, PublicKey, Signer as _, SigningKey};

/// Any ASN.1 value.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..=0x7f => out.push(u8::try_from(length).unwrap()),
        0x80..=0xff => out.extend([0x81, u8::try_from(length).unwrap()]),
        _ => {
            out.push(0x82);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    out.extend(content);
    out
}

pub(crate) fn seq(items: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &items.concat())
}

pub(crate) const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
/// A purpose of nobody's.
pub(crate) const CREDENTIALS: &str = "2.25.1.2.3";
pub(crate) const ANY: &str = "2.5.29.37.0";

pub(crate) fn oid(dots: &str) -> Vec<u8> {
    let arcs: Vec<u8> = dots.split('.').map(|arc| arc.parse().unwrap()).collect();
    assert!(arcs.iter().all(|arc| *arc < 128), "one byte for each");
    let mut content = vec![arcs[0] * 40 + arcs[1]];
    content.extend(&arcs[2..]);
    tlv(6, &content)
}

fn name(common: &str) -> Vec<u8> {
    let attribute = seq(&[&oid("2.5.4.3"), &tlv(0x0c, common.as_bytes())]);
    seq(&[&tlv(0x31, &attribute)])
}

fn algorithm_of_signature(kind: KeyKind) -> Vec<u8> {
    match kind {
        KeyKind::Ed25519 => seq(&[&oid("1.3.101.112")]),
        _ => vec![0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
    }
}

/// The key as a SubjectPublicKeyInfo.
pub(crate) fn public_key_info(key: &PublicKey) -> Vec<u8> {
    let jwk = key.to_jwk();
    let coordinate = |name: &str| unbase64url(jwk[name].as_str().unwrap());
    match key.kind() {
        KeyKind::Ed25519 => {
            let bits = [&[0][..], &coordinate("x")].concat();
            seq(&[&seq(&[&oid("1.3.101.112")]), &tlv(3, &bits)])
        }
        _ => {
            let mut info = vec![
                0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
                0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
            ];
            info.extend(coordinate("x"));
            info.extend(coordinate("y"));
            info
        }
    }
}

fn unbase64url(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digit =
        |byte: u8| u32::try_from(ALPHABET.iter().position(|c| *c == byte).unwrap()).unwrap();
    let mut out = Vec::new();
    for group in text.as_bytes().chunks(4) {
        let bits = group.iter().fold(0, |bits, byte| bits << 6 | digit(*byte));
        let bits = bits << (6 * (4 - group.len()));
        out.extend(&bits.to_be_bytes()[1..group.len()]);
    }
    out
}

/// Standard base64 with padding, as in `x5c`.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().chain(&[0, 0]).take(3).fold(0, |bits, b| bits << 8 | usize::from(*b));
        for place in 0..4 {
            let letter = char::from(ALPHABET[bits >> (18 - 6 * place) & 63]);
            out.push(if place <= group.len() { letter } else { '=' });
        }
    }
    out
}

pub(crate) fn signature(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    let signature = key.sign(message).unwrap();
    let integer = |half: &[u8]| {
        let zeros = half.iter().take_while(|byte| **byte == 0).count();
        let digits = &half[zeros..];
        let sign: &[u8] = if digits[0] & 0x80 == 0 { &[] } else { &[0] };
        tlv(2, &[sign, digits].concat())
    };
    match key.public_key().kind() {
        KeyKind::Ed25519 => signature.as_bytes().to_vec(),
        _ => {
            let (r, s) = signature.as_bytes().split_at(32);
            seq(&[&integer(r), &integer(s)])
        }
    }
}

/// An Extension: an identifier, whether it is critical, and its content.
pub(crate) fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    seq(&[&oid(id), critical, &tlv(4, value)])
}

pub(crate) fn dns(name: &str) -> Vec<u8> {
    tlv(0x82, name.as_bytes())
}

pub(crate) fn uri(name: &str) -> Vec<u8> {
    tlv(0x86, name.as_bytes())
}

/// `digitalSignature` and `keyCertSign` of a KeyUsage.
pub(crate) const DIGITAL_SIGNATURE: u8 = 0x80;
pub(crate) const KEY_CERT_SIGN: u8 = 0x04;

/// What is to stand in a certificate.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    /// A SubjectPublicKeyInfo.
    pub(crate) key_info: Vec<u8>,
    /// Two UTCTimes.
    pub(crate) validity: [&'static str; 2],
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Certificate {
    pub(crate) fn new(subject: &str, issuer: &str, key: &SigningKey) -> Self {
        Self {
            subject: subject.to_owned(),
            issuer: issuer.to_owned(),
            key_info: public_key_info(&key.public_key()),
            validity: ["240101000000Z", "440101000000Z"],
            extensions: Vec::new(),
        }
    }

    /// An authority whose key identifier is its name.
    pub(crate) fn authority(subject: &str, issuer: &str, key: &SigningKey) -> Self {
        Self::new(subject, issuer, key).basic(true, None).usage(KEY_CERT_SIGN).key_id(issuer)
    }

    /// The certificate of an issuer, made out to these names.
    pub(crate) fn leaf(issuer: &str, key: &SigningKey, names: &[Vec<u8>]) -> Self {
        Self::new("Emisor", issuer, key)
            .basic(false, None)
            .usage(DIGITAL_SIGNATURE)
            .key_id(issuer)
            .with(extension("2.5.29.17", false, &tlv(0x30, &names.concat())))
    }

    pub(crate) fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    /// Without the extension of that identifier.
    pub(crate) fn without(mut self, id: &str) -> Self {
        let id = oid(id);
        self.extensions.retain(|extension| !extension[2..].starts_with(&id));
        self
    }

    pub(crate) fn valid(mut self, from: &'static str, until: &'static str) -> Self {
        self.validity = [from, until];
        self
    }

    pub(crate) fn basic(self, ca: bool, max_intermediates: Option<u8>) -> Self {
        let ca: &[u8] = if ca { &[1, 1, 0xff] } else { &[] };
        let max = max_intermediates.map(|max| tlv(2, &[max])).unwrap_or_default();
        self.without("2.5.29.19").with(extension("2.5.29.19", true, &seq(&[ca, &max])))
    }

    pub(crate) fn usage(self, bits: u8) -> Self {
        let unused = u8::try_from(bits.trailing_zeros().min(7)).unwrap();
        self.without("2.5.29.15").with(extension("2.5.29.15", true, &tlv(3, &[unused, bits])))
    }

    pub(crate) fn key_id(self, id: &str) -> Self {
        let value = seq(&[&tlv(0x80, id.as_bytes())]);
        self.without("2.5.29.35").with(extension("2.5.29.35", false, &value))
    }

    pub(crate) fn purposes(self, purposes: &[&str]) -> Self {
        let purposes: Vec<u8> = purposes.iter().flat_map(|purpose| oid(purpose)).collect();
        self.with(extension("2.5.29.37", false, &tlv(0x30, &purposes)))
    }

    /// Name constraints: `permitted` or excluded names.
    pub(crate) fn constrained(self, permitted: bool, names: &[Vec<u8>]) -> Self {
        let trees: Vec<u8> = names.iter().flat_map(|name| seq(&[name])).collect();
        let trees = tlv(if permitted { 0xa0 } else { 0xa1 }, &trees);
        self.with(extension("2.5.29.30", true, &seq(&[&trees])))
    }

    /// With the same point of P-256 in its short form.
    pub(crate) fn with_compressed_key(mut self) -> Self {
        let parity = 2 + (self.key_info.last().unwrap() & 1);
        let bits = [&[0, parity][..], &self.key_info[27..59]].concat();
        let algorithm = self.key_info[2..23].to_vec();
        self.key_info = seq(&[&algorithm, &tlv(3, &bits)]);
        self
    }

    /// In DER, signed by `authority`.
    pub(crate) fn signed_by(&self, authority: &SigningKey) -> Vec<u8> {
        let algorithm = algorithm_of_signature(authority.public_key().kind());
        let [from, until] = self.validity.map(|time| tlv(0x17, time.as_bytes()));
        let body = seq(&[
            &tlv(0xa0, &tlv(2, &[2])),
            &tlv(2, &[7]),
            &algorithm,
            &name(&self.issuer),
            &seq(&[&from, &until]),
            &name(&self.subject),
            &self.key_info,
            &tlv(0xa3, &tlv(0x30, &self.extensions.concat())),
        ]);
        let bits = [&[0][..], &signature(authority, &body)].concat();
        seq(&[&body, &algorithm, &tlv(3, &bits)])
    }
}
