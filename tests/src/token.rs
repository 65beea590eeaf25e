//! Tokens taken apart and put together again, for tests that must forge, mark or read them.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a helper that fails fails its test"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use llavero_core::Signer;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Bytes as base64url.
#[must_use]
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes behind base64url, if it is that.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// SHA-256 in base64url, as digests and `sd_hash` have it.
#[must_use]
pub fn digest(text: &str) -> String {
    encode(Sha256::digest(text))
}

/// A compact JWS with these parts.
#[must_use]
pub fn jws(header: &Value, payload: &Value, signer: &dyn Signer) -> String {
    let input = format!("{}.{}", encode(header.to_string()), encode(payload.to_string()));
    let signature = signer.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", encode(signature.as_bytes()))
}

/// An SD-JWT in its parts.
#[derive(Clone, Debug)]
pub struct Token {
    /// The header of the issuer-signed JWT.
    pub header: Value,
    /// Its payload.
    pub payload: Value,
    /// The Disclosures as they stand in the text.
    pub disclosures: Vec<String>,
    /// The KB-JWT; empty where there is none.
    pub key_binding: String,
}

impl Token {
    /// Takes a text apart that is known to be sound.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (rest, key_binding) = text.rsplit_once('~').unwrap();
        let mut parts = rest.split('~');
        let (header, payload) = jwt_parts(parts.next().unwrap());
        let disclosures = parts.map(str::to_owned).collect();
        Self { header, payload, disclosures, key_binding: key_binding.to_owned() }
    }

    /// A Disclosure as JSON.
    #[must_use]
    pub fn disclosure(&self, index: usize) -> Option<Value> {
        serde_json::from_slice(&decode(self.disclosures.get(index)?)?).ok()
    }

    /// Puts another Disclosure in the place of one, and its digest in the place of the old one.
    pub fn replace_disclosure(&mut self, index: usize, disclosure: &Value) {
        let text = encode(disclosure.to_string());
        let Some(place) = self.disclosures.get_mut(index) else { return };
        let (old, new) = (digest(place), digest(&text));
        let payload = self.payload.to_string().replace(&old, &new);
        self.payload = serde_json::from_str(&payload).unwrap();
        *place = text;
    }

    /// Signs it anew as the issuer. What stands behind the Disclosures stays.
    #[must_use]
    pub fn sign(&self, issuer: &dyn Signer) -> String {
        let mut text = jws(&self.header, &self.payload, issuer);
        text.push('~');
        for disclosure in &self.disclosures {
            text.push_str(disclosure);
            text.push('~');
        }
        text + &self.key_binding
    }
}

/// Header and payload of a compact JWS that is known to be sound.
#[must_use]
pub fn jwt_parts(jwt: &str) -> (Value, Value) {
    let mut parts = jwt.split('.').map(|part| serde_json::from_slice(&decode(part).unwrap()));
    (parts.next().unwrap().unwrap(), parts.next().unwrap().unwrap())
}
