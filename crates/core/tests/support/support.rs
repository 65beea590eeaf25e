//! Tokens put together by hand, and the one setting in which the tests verify them.
//!
//! A text in these tests is signed or encoded as it stands. `<0>`, `<1>`, … in it stand for the digests of the
//! Disclosures with these positions, so that a payload and its Disclosures can be read side by side.

#![allow(dead_code, reason = "each test file uses another part of this")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use llavero_core::{
    AlgorithmSet, Challenge, Error, Format, KeyBinding, KeyKind, Policy, PublicKey, Random,
    RandomError, SdJwt, Signer as _, SigningKey, UnixTime, Verified,
};
use sha2::{Digest as _, Sha256};

/// 2026-01-01T00:00:00Z.
pub(crate) const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);
pub(crate) const ISSUER: &str = "https://registro.example";
pub(crate) const TYPE: &str = "urn:example:persona";
pub(crate) const AUDIENCE: &str = "x509_san_dns:ventanilla.example";
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj-4f9c-8b1e-27";
pub(crate) const SKEW_SECS: u32 = 60;
pub(crate) const MAX_AGE_SECS: u32 = 300;

pub(crate) const HEADER: &str = r#"{"alg":"ES256","typ":"dc+sd-jwt"}"#;
pub(crate) const KB_HEADER: &str = r#"{"alg":"ES256","typ":"kb+jwt"}"#;

pub(crate) static ISSUER_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::P256, 1));
pub(crate) static HOLDER_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::P256, 2));
pub(crate) static OTHER_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::P256, 3));
pub(crate) static ED_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::Ed25519, 4));
static ISSUER_PUBLIC: LazyLock<PublicKey> = LazyLock::new(|| ISSUER_KEY.public_key());

/// A generator for tests: reproducible, and useless for anything else.
pub(crate) struct Counter(pub(crate) u64);

impl Random for Counter {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for byte in out {
            // SplitMix64.
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = self.0;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (word ^ (word >> 31)).to_le_bytes()[0];
        }
        Ok(())
    }
}

pub(crate) fn key(kind: KeyKind, seed: u64) -> SigningKey {
    SigningKey::generate(kind, &mut Counter(seed)).unwrap()
}

pub(crate) fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn unb64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// The SHA-256 digest of an encoded Disclosure or of a presentation, as it stands in JSON.
pub(crate) fn digest(text: &str) -> String {
    b64(Sha256::digest(text))
}

pub(crate) fn jws(header: &str, payload: &str, key: &SigningKey) -> String {
    let input = format!("{}.{}", b64(header), b64(payload));
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", b64(signature.as_bytes()))
}

/// Replaces `<name>` by what `with` gives for the name.
fn fill(template: &str, with: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('<') {
        let (name, after) = after.split_once('>').expect("a closing bracket");
        filled.push_str(before);
        filled.push_str(&with(name));
        rest = after;
    }
    filled + rest
}

/// The payload with its digests, and the encoded Disclosures. A Disclosure may refer to later ones only.
pub(crate) fn encode(payload: &str, disclosures: &[&str]) -> (String, Vec<String>) {
    let mut encoded = vec![String::new(); disclosures.len()];
    let mut digests = vec![String::new(); disclosures.len()];
    let by_name = |digests: &[String], name: &str| digests[name.parse::<usize>().unwrap()].clone();
    for (index, text) in disclosures.iter().enumerate().rev() {
        encoded[index] = b64(fill(text, |name| by_name(&digests, name)));
        digests[index] = digest(&encoded[index]);
    }
    (fill(payload, |name| by_name(&digests, name)), encoded)
}

/// `JWT~D0~…~Dn~` of these texts.
pub(crate) fn token_by(
    header: &str,
    payload: &str,
    disclosures: &[&str],
    key: &SigningKey,
) -> String {
    let (payload, encoded) = encode(payload, disclosures);
    let mut text = jws(header, &payload, key) + "~";
    for disclosure in encoded {
        text.push_str(&disclosure);
        text.push('~');
    }
    text
}

/// A token of [`ISSUER_KEY`] with exactly this payload.
pub(crate) fn token(payload: &str, disclosures: &[&str]) -> String {
    token_by(HEADER, payload, disclosures, &ISSUER_KEY)
}

/// The payload of an SD-JWT VC bound to [`HOLDER_KEY`], with more members.
pub(crate) fn vc_payload(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    let jwk = HOLDER_KEY.public_key().to_jwk_text();
    format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}","cnf":{{"jwk":{jwk}}}{comma}{members}}}"#)
}

/// An SD-JWT VC bound to [`HOLDER_KEY`], with more members in its payload.
pub(crate) fn vc(members: &str, disclosures: &[&str]) -> String {
    token(&vc_payload(members), disclosures)
}

/// The payload of a KB-JWT that answers the challenge of [`bound_policy`].
pub(crate) fn kb_payload() -> String {
    format!(r#"{{"iat":{NOW},"aud":"{AUDIENCE}","nonce":"{NONCE}","sd_hash":"<sd_hash>"}}"#)
}

/// Appends a KB-JWT of these texts; `<sd_hash>` stands for the hash of what comes before it.
pub(crate) fn bind(sd_jwt: &str, header: &str, payload: &str, key: &SigningKey) -> String {
    sd_jwt.to_owned() + &jws(header, &fill(payload, |_| digest(sd_jwt)), key)
}

/// Appends the KB-JWT that [`bound_policy`] asks for.
pub(crate) fn bound(sd_jwt: &str) -> String {
    bind(sd_jwt, KB_HEADER, &kb_payload(), &HOLDER_KEY)
}

/// SD-JWT VCs of the one type, without key binding.
pub(crate) fn policy() -> Policy<'static> {
    Policy {
        issuer_key: &ISSUER_PUBLIC,
        issuer_algorithms: AlgorithmSet::ALL,
        issuer: Some(ISSUER),
        format: Format::SdJwtVc { types: Some(&[TYPE]) },
        binding: KeyBinding::Forbid,
        required_claims: &[],
        clock_skew_secs: SKEW_SECS,
    }
}

/// Any SD-JWT of [`ISSUER_KEY`].
pub(crate) fn plain_policy() -> Policy<'static> {
    Policy { issuer: None, format: Format::SdJwt { typ: None }, ..policy() }
}

pub(crate) fn challenge() -> Challenge<'static> {
    Challenge {
        audience: AUDIENCE,
        nonce: NONCE,
        max_age_secs: MAX_AGE_SECS,
        algorithms: AlgorithmSet::ALL,
    }
}

/// As [`policy`], with the holder's answer to [`challenge`].
pub(crate) fn bound_policy() -> Policy<'static> {
    Policy { binding: KeyBinding::Require(challenge()), ..policy() }
}

pub(crate) fn verify_by(text: &str, policy: &Policy<'_>) -> Result<Verified, Error> {
    SdJwt::parse(text)?.verify(policy, NOW)
}

pub(crate) fn verify(text: &str) -> Result<Verified, Error> {
    verify_by(text, &policy())
}

pub(crate) fn verify_plain(text: &str) -> Result<Verified, Error> {
    verify_by(text, &plain_policy())
}

pub(crate) fn verify_bound(text: &str) -> Result<Verified, Error> {
    verify_by(text, &bound_policy())
}

#[track_caller]
pub(crate) fn accepted<T>(result: Result<T, Error>) -> T {
    result.unwrap_or_else(|error| panic!("refused: {error:?}"))
}

#[track_caller]
pub(crate) fn accept<T>(result: Result<T, Error>) {
    drop(accepted(result));
}
