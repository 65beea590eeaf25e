//! A presentation before its signatures: everything in it can still be changed, and is then signed as if it were right.

use llavero_core::Signer as _;
use llavero_tests::peers::Binding;
use llavero_tests::seeded::{Key, Pair};
use llavero_tests::token::encode;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::dice::Dice;

/// 2026-01-01T00:00:00Z. Dates in tokens are years away from it, because some peers go by the system's clock.
pub(crate) const NOW: i64 = 1_767_225_600;
/// 2100-01-01T00:00:00Z.
pub(crate) const FAR: i64 = 4_102_444_800;
/// 2001-01-01T00:00:00Z.
pub(crate) const PAST: i64 = 978_307_200;
pub(crate) const ISSUER: &str = "https://registro.example";
pub(crate) const TYPE: &str = "https://registro.example/tipos/persona";
pub(crate) const AUDIENCE: &str = "https://bar.example";
pub(crate) const NONCE: &str = "n-0S6_WzA2MjRGVkYmU2ZGMwYjA";

/// How bytes are written as text. Only the first is right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    Plain,
    /// With `=` up to a multiple of four, and at least one.
    Padded,
    /// With `+` and `/`.
    Standard,
    /// With bits set that belong to no byte.
    SpareBits,
    /// With a line feed in the middle.
    LineFeed,
}

impl Spelling {
    /// The bytes in this spelling. Lengths that the spelling needs are the caller's business.
    pub(crate) fn write(self, bytes: &[u8]) -> String {
        let mut text = encode(bytes);
        match self {
            Self::Plain => {}
            Self::Padded => {
                text.push('=');
                while !text.len().is_multiple_of(4) {
                    text.push('=');
                }
            }
            Self::Standard => text = text.replace('-', "+").replace('_', "/"),
            Self::SpareBits => {
                // The next letter of the alphabet: the lowest bit of the last one is spare unless the length is a
                // multiple of four.
                assert_ne!(text.len() % 4, 0, "nothing is spare");
                let last = text.pop().unwrap();
                let at = ALPHABET.find(last).unwrap();
                text.push_str(&ALPHABET[at + 1..at + 2]);
            }
            Self::LineFeed => text.insert(text.len() / 2, '\n'),
        }
        text
    }
}

pub(crate) const ALPHABET: &str =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What stands where a signature belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seal {
    /// Signed by whom it should be.
    Right,
    /// By somebody else with a key of the same kind.
    Other,
    /// By the issuer, where the holder should.
    Swapped,
    Empty,
    Zeros,
    /// In the form that libraries for C and phones give (ES256 only).
    Der,
    /// `n - s` in the place of `s`, which is as good (ES256 only).
    Negated,
    /// HMAC with the public key's text as the secret.
    Hmac,
}

/// One JWT.
#[derive(Clone)]
pub(crate) struct Jwt {
    pub(crate) header: Value,
    pub(crate) payload: Value,
    /// In place of `header` and `payload`, for what no JSON value can say.
    pub(crate) header_bytes: Option<Vec<u8>>,
    pub(crate) payload_bytes: Option<Vec<u8>>,
    pub(crate) spelling: [Spelling; 3],
    pub(crate) seal: Seal,
}

impl Jwt {
    fn new(header: Value, payload: Value) -> Self {
        let (spelling, seal) = ([Spelling::Plain; 3], Seal::Right);
        Self { header, payload, header_bytes: None, payload_bytes: None, spelling, seal }
    }

    fn sign(&self, right: &Key, other: &Key, swapped: &Key) -> String {
        let header = self.header_bytes.clone().unwrap_or_else(|| self.header.to_string().into());
        let payload = self.payload_bytes.clone().unwrap_or_else(|| self.payload.to_string().into());
        let parts = [self.spelling[0].write(&header), self.spelling[1].write(&payload)];
        let input = parts.join(".");
        let by = |key: &Key| key.signing.sign(input.as_bytes()).unwrap().as_bytes().to_vec();
        let signature = match self.seal {
            Seal::Right => by(right),
            Seal::Other => by(other),
            Seal::Swapped => by(swapped),
            Seal::Empty => vec![],
            Seal::Zeros => vec![0; 64],
            Seal::Der => der(&by(right)),
            Seal::Negated => negated(by(right)),
            Seal::Hmac => hmac(right.public.to_string().as_bytes(), input.as_bytes()),
        };
        format!("{input}.{}", self.spelling[2].write(&signature))
    }

    /// The payload as text, to be changed where a value would not do.
    pub(crate) fn edit_payload(&mut self, edit: impl FnOnce(String) -> String) {
        let text = match self.payload_bytes.take() {
            Some(bytes) => String::from_utf8(bytes).unwrap(),
            None => self.payload.to_string(),
        };
        self.payload_bytes = Some(edit(text).into());
    }

    pub(crate) fn edit_header(&mut self, edit: impl FnOnce(String) -> String) {
        self.header_bytes = Some(edit(self.header.to_string()).into());
    }
}

/// Which rules apply to the token at our own verifier. The peers have one way each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    SdJwt,
    SdJwtVc,
}

/// A presentation that issuer and holder sign as they are told.
#[derive(Clone)]
pub(crate) struct Draft<'k> {
    pub(crate) pair: &'k Pair,
    pub(crate) kind: Kind,
    pub(crate) issuer: Jwt,
    /// Those that are sent, parents before children.
    pub(crate) disclosures: Vec<String>,
    /// Those that are kept back.
    pub(crate) hidden: Vec<String>,
    pub(crate) holder: Option<Jwt>,
    /// In place of the true one; `null` leaves it out.
    pub(crate) sd_hash: Option<Value>,
    /// What the verifier asks for.
    pub(crate) asked: Option<Binding>,
    /// The claims that a verifier should read.
    pub(crate) claims: Map<String, Value>,
    /// Stands for the text `"@raw"` in all that is signed.
    pub(crate) raw: Option<String>,
    pub(crate) hash: &'static str,
}

impl<'k> Draft<'k> {
    pub(crate) fn new(pair: &'k Pair, payload: Map<String, Value>) -> Self {
        let alg = pair.issuer.algorithm().name();
        let header = json!({"alg": alg, "typ": "dc+sd-jwt", "kid": "2026"});
        Self {
            pair,
            kind: Kind::SdJwtVc,
            issuer: Jwt::new(header, Value::Object(payload)),
            disclosures: vec![],
            hidden: vec![],
            holder: None,
            sd_hash: None,
            asked: None,
            claims: Map::new(),
            raw: None,
            hash: "sha-256",
        }
    }

    /// Has the verifier ask for key binding, and the holder answer.
    pub(crate) fn bind(&mut self) {
        let alg = self.pair.holder.algorithm().name();
        let payload = json!({"iat": NOW, "aud": AUDIENCE, "nonce": NONCE});
        self.holder = Some(Jwt::new(json!({"alg": alg, "typ": "kb+jwt"}), payload));
        self.ask();
    }

    pub(crate) fn ask(&mut self) {
        self.asked = Some(Binding { aud: AUDIENCE.to_owned(), nonce: NONCE.to_owned() });
    }

    pub(crate) fn payload(&mut self) -> &mut Map<String, Value> {
        self.issuer.payload.as_object_mut().unwrap()
    }

    /// Sets an open claim, in the token and in what should be read.
    pub(crate) fn open(&mut self, name: &str, value: Value) {
        self.claims.insert(name.to_owned(), value.clone());
        self.payload().insert(name.to_owned(), value);
    }

    /// Takes a claim away from both.
    pub(crate) fn without(&mut self, name: &str) {
        self.claims.remove(name);
        self.payload().remove(name);
    }

    /// Puts a digest among those at the top.
    pub(crate) fn digest(&mut self, digest: Value) {
        let sd = self.payload().entry("_sd").or_insert_with(|| json!([]));
        sd.as_array_mut().unwrap().push(digest);
    }

    /// Sends a Disclosure, in the text as it stands, and puts its digest at the top.
    pub(crate) fn disclose_text(&mut self, disclosure: String) {
        let digest = digest(self.hash, &disclosure);
        self.digest(json!(digest));
        self.disclosures.push(disclosure);
    }

    /// The same for JSON text.
    pub(crate) fn disclose_json(&mut self, json: &str) {
        self.disclose_text(encode(json));
    }

    /// The same for an array of its entries.
    pub(crate) fn disclose(&mut self, entries: Value) {
        let json = match &self.raw {
            Some(raw) => entries.to_string().replace("\"@raw\"", raw),
            None => entries.to_string(),
        };
        self.disclose_json(&json);
    }

    /// The whole text.
    pub(crate) fn sign(&self) -> String {
        let Pair { issuer, holder, other_issuer, other_holder } = self.pair;
        let mut jwt = self.issuer.clone();
        if let Some(raw) = &self.raw {
            jwt.edit_payload(|text| text.replace("\"@raw\"", raw));
        }
        let mut text = jwt.sign(issuer, other_issuer, holder);
        text.push('~');
        for disclosure in &self.disclosures {
            text.push_str(disclosure);
            text.push('~');
        }
        if let Some(jwt) = &self.holder {
            let mut jwt = jwt.clone();
            let right = || json!(digest(self.hash, &text));
            match self.sd_hash.clone().unwrap_or_else(right) {
                Value::Null => {}
                value if jwt.payload.is_object() => jwt.payload["sd_hash"] = value,
                _ => {}
            }
            if let Some(bytes) = &mut jwt.payload_bytes {
                // Written before the text was known that it binds.
                let written = String::from_utf8(bytes.clone()).unwrap();
                *bytes = written.replace("@sd_hash", &digest(self.hash, &text)).into();
            }
            text.push_str(&jwt.sign(holder, other_holder, issuer));
        }
        text
    }
}

/// A digest as `_sd` has it.
pub(crate) fn digest(hash: &str, text: &str) -> String {
    match hash {
        "sha-256" => encode(Sha256::digest(text)),
        "sha-384" => encode(Sha384::digest(text)),
        "sha-512" => encode(Sha512::digest(text)),
        other => panic!("no hash {other}"),
    }
}

/// A salt of the usual length.
pub(crate) fn salt(dice: &mut Dice) -> String {
    encode(dice.bytes::<16>())
}

/// `r || s` as the ASN.1 sequence of two integers.
fn der(signature: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
        let mut value = bytes[start..].to_vec();
        if value[0] >= 0x80 {
            value.insert(0, 0);
        }
        [vec![2, u8::try_from(value.len()).unwrap()], value].concat()
    };
    let (r, s) = signature.split_at(32);
    let body = [integer(r), integer(s)].concat();
    [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
}

/// `r || n - s`.
fn negated(mut signature: Vec<u8>) -> Vec<u8> {
    /// The order of P-256.
    const N: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63,
        0x25, 0x51,
    ];
    let mut borrow = 0;
    for at in (0..32).rev() {
        let difference = i16::from(N[at]) - i16::from(signature[32 + at]) - borrow;
        borrow = i16::from(difference < 0);
        signature[32 + at] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    signature
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    let short = Sha256::digest(key);
    let key = if key.len() > 64 { &short[..] } else { key };
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::digest([&block.map(|byte| byte ^ 0x36)[..], message].concat());
    Sha256::digest([&block.map(|byte| byte ^ 0x5c)[..], &inner[..]].concat()).to_vec()
}
