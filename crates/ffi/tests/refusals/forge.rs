//! Tokens that no honest issuer or wallet makes, put together by hand.
//!
//! A text is signed as it stands. `<0>`, `<1>`, … in a payload or Disclosure stand for the digests of the Disclosures
//! with these positions; a Disclosure may refer to later ones only.

use std::sync::LazyLock;

use llavero_core::{KeyKind, Signer as _, SigningKey};
use llavero_tests::seeded;
use llavero_tests::token::{digest, encode};

use crate::certificates::{Certificate, base64, uri};
use crate::support::{AGENCY, NOW};

pub(crate) static AGENCY_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::P256, 1));
pub(crate) static HOLDER_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::P256, 2));
pub(crate) static OTHER_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::P256, 3));
pub(crate) static ED_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::Ed25519, 4));
/// What certifies the agency's key.
pub(crate) static AUTHORITY_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::P256, 5));

/// The agency's certificate, and that of the authority above it, in DER.
pub(crate) struct Certificates {
    pub(crate) issuer: Vec<u8>,
    pub(crate) anchor: Vec<u8>,
}

pub(crate) static CERTIFICATES: LazyLock<Certificates> = LazyLock::new(|| Certificates {
    issuer: certificate(AGENCY, &AUTHORITY_KEY),
    anchor: Certificate::authority(ROOT, ROOT, &AUTHORITY_KEY).signed_by(&AUTHORITY_KEY),
});

const ROOT: &str = "Autoridad de Ejemplo";

/// A certificate for the agency's key that is made out to `name`.
pub(crate) fn certificate(name: &str, authority: &SigningKey) -> Vec<u8> {
    Certificate::leaf(ROOT, &AGENCY_KEY, &[uri(name)]).signed_by(authority)
}

/// A header with this certificate.
pub(crate) fn certified_header(certificate: &[u8]) -> String {
    format!(r#"{{"alg":"ES256","typ":"dc+sd-jwt","x5c":["{}"]}}"#, base64(certificate))
}

pub(crate) const AGE: &str = "urn:example:mx:age:1";
pub(crate) const VERIFIER: &str = "https://cantina.example";
/// What every challenge asks with.
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj-4f9c-8b1e-27";
/// What every enrolment answers.
pub(crate) const ISSUANCE: &str = "enrolment-nonce-1";

pub(crate) const HEADER: &str = r#"{"alg":"ES256","typ":"dc+sd-jwt"}"#;
pub(crate) const KB_HEADER: &str = r#"{"alg":"ES256","typ":"kb+jwt"}"#;
/// A salt of 128 bits and the answer to one question.
pub(crate) const OVER_18: &str = r#"["bm9ib2R5IGtub3dzIGl0","18",true]"#;

fn key(kind: KeyKind, seed: u64) -> SigningKey {
    seeded::key(kind, seed).unwrap()
}

pub(crate) fn jws(header: &str, payload: &str, key: &SigningKey) -> String {
    let input = format!("{}.{}", encode(header), encode(payload));
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", encode(signature.as_bytes()))
}

/// Replaces `<name>` by what `with` gives for the name.
fn fill(template: &str, with: impl Fn(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('<') {
        let (name, after) = after.split_once('>').unwrap();
        filled.push_str(before);
        filled.push_str(&with(name));
        rest = after;
    }
    filled + rest
}

/// `JWT~D0~…~Dn~` of these texts.
pub(crate) fn token_by(
    header: &str,
    payload: &str,
    disclosures: &[&str],
    key: &SigningKey,
) -> String {
    let mut encoded = vec![String::new(); disclosures.len()];
    for (index, text) in disclosures.iter().enumerate().rev() {
        let filled = fill(text, |name| digest(&encoded[name.parse::<usize>().unwrap()]));
        encoded[index] = encode(filled);
    }
    let payload = fill(payload, |name| digest(&encoded[name.parse::<usize>().unwrap()]));
    let mut text = jws(header, &payload, key) + "~";
    for disclosure in encoded {
        text.push_str(&disclosure);
        text.push('~');
    }
    text
}

/// A token of the agency with exactly this payload.
pub(crate) fn token(payload: &str, disclosures: &[&str]) -> String {
    token_by(HEADER, payload, disclosures, &AGENCY_KEY)
}

/// The payload of a credential about ages that is bound to [`HOLDER_KEY`], with more members.
pub(crate) fn payload(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    let jwk = HOLDER_KEY.public_key().to_jwk_text();
    format!(r#"{{"iss":"{AGENCY}","vct":"{AGE}","cnf":{{"jwk":{jwk}}}{comma}{members}}}"#)
}

/// A credential with more members in its payload.
pub(crate) fn credential(members: &str, disclosures: &[&str]) -> String {
    token(&payload(members), disclosures)
}

/// The credential that answers whether its holder is 18.
pub(crate) fn over_18() -> String {
    credential(r#""age_equal_or_over":{"_sd":["<0>"]}"#, &[OVER_18])
}

/// What a holder says to the verifier.
pub(crate) fn kb_payload() -> String {
    format!(r#"{{"iat":{NOW},"aud":"{VERIFIER}","nonce":"{NONCE}","sd_hash":"<sd_hash>"}}"#)
}

/// Appends a KB-JWT of these texts; `<sd_hash>` stands for the hash of what comes before it.
pub(crate) fn bind(sd_jwt: &str, header: &str, payload: &str, key: &SigningKey) -> String {
    sd_jwt.to_owned() + &jws(header, &fill(payload, |_| digest(sd_jwt)), key)
}

/// Appends an honest KB-JWT.
pub(crate) fn bound(sd_jwt: &str) -> String {
    bind(sd_jwt, KB_HEADER, &kb_payload(), &HOLDER_KEY)
}

/// A proof of possession with this payload.
pub(crate) fn proof_by(payload: &str, key: &SigningKey) -> String {
    let algorithm = if key.public_key().kind() == KeyKind::P256 { "ES256" } else { "EdDSA" };
    let jwk = key.public_key().to_jwk_text();
    let header = format!(r#"{{"alg":"{algorithm}","typ":"openid4vci-proof+jwt","jwk":{jwk}}}"#);
    jws(&header, payload, key)
}

pub(crate) fn proof_payload() -> String {
    format!(r#"{{"aud":"{AGENCY}","iat":{NOW},"nonce":"{ISSUANCE}"}}"#)
}

/// An honest proof.
pub(crate) fn proof(key: &SigningKey) -> String {
    proof_by(&proof_payload(), key)
}
