//! Keys and signatures in every encoding: as JWK, private and public, and as phones' hardware writes them.
//!
//! Text is a JWK. Other input begins with a byte that says what the rest is: `0` or `1` a public key of Ed25519 or
//! P-256, `2` or `3` a signature.

use llavero_core::{KeyKind, Part, PublicKey, Signature, Signer as _, SigningKey, json};
use serde_json::Value;

use super::Outcome;

pub(crate) fn run(input: &[u8]) -> Outcome {
    let accepted = match input {
        [b'0', key @ ..] => public(KeyKind::Ed25519, key),
        [b'1', key @ ..] => public(KeyKind::P256, key),
        [b'2', signature @ ..] => read_signature(KeyKind::Ed25519, signature),
        [b'3', signature @ ..] => read_signature(KeyKind::P256, signature),
        jwk => json::from_slice(jwk, Part::Trust).is_ok_and(|jwk| jwks(&jwk)),
    };
    Outcome::accepted_if(accepted)
}

fn public(kind: KeyKind, bytes: &[u8]) -> bool {
    let Ok(key) = PublicKey::from_device(kind, bytes) else { return false };
    assert_eq!(key.kind(), kind);
    round(&key);
    true
}

/// A key is its JWK and nothing besides.
fn round(key: &PublicKey) {
    let jwk = key.to_jwk();
    let again = PublicKey::from_jwk(&jwk).expect("a key that was printed");
    assert!(again == *key && again.thumbprint() == key.thumbprint());
    assert_eq!(serde_json::from_str::<Value>(&key.to_jwk_text()).unwrap(), jwk);
    let (kty, crv) = match key.kind() {
        KeyKind::P256 => ("EC", "P-256"),
        _ => ("OKP", "Ed25519"),
    };
    assert_eq!((jwk["kty"].as_str(), jwk["crv"].as_str()), (Some(kty), Some(crv)));
}

fn read_signature(kind: KeyKind, bytes: &[u8]) -> bool {
    let Ok(signature) = Signature::from_device(kind, bytes) else { return false };
    let again = Signature::from_device(kind, signature.as_bytes());
    assert!(again.is_ok_and(|again| again == signature), "the bare form is the form of a JWS");
    true
}

/// The members that belong to a key, from any JWK that is read.
fn jwks(jwk: &Value) -> bool {
    let public = PublicKey::from_jwk(jwk);
    if let Ok(key) = &public {
        round(key);
        assert!(jwk.get("d").is_none(), "a private key is read as a public one");
        for member in ["kty", "crv", "x", "y"] {
            let kept = key.to_jwk();
            assert!(kept.get(member).is_none() || kept.get(member) == jwk.get(member));
        }
    }
    let private = SigningKey::from_jwk(jwk);
    if let Ok(key) = &private {
        assert!(public.is_err());
        let again = serde_json::from_str(&key.to_private_jwk_text()).unwrap();
        let again = SigningKey::from_jwk(&again).expect("a key that was printed");
        assert!(again.public_key() == key.public_key());
        let signature = key.sign(b"message").unwrap();
        let verified = key.public_key().verify(b"message", &signature, Part::KeyProof);
        assert_eq!(verified, Ok(()));
    }
    public.is_ok() || private.is_ok()
}
