//! Honest credentials out of the ordinary.

use llavero_core::HashAlgorithm;
use serde_json::{Value, json};

/// A credential out of the ordinary, issued and presented here, verified by a peer.
pub(crate) struct Special {
    pub(crate) name: &'static str,
    pub(crate) claim: (&'static str, Value),
    pub(crate) without: Option<&'static str>,
    pub(crate) key_id: Option<&'static str>,
    pub(crate) hash: HashAlgorithm,
}

fn special(name: &'static str, claim: &'static str, value: Value) -> Special {
    let hash = HashAlgorithm::Sha256;
    Special { name, claim: (claim, value), without: None, key_id: Some("2026"), hash }
}

pub(crate) fn specials() -> Vec<Special> {
    let plain = |name| special(name, "apodo", json!("x"));
    vec![
        special("reads text beyond the basic plane", "apodo", json!("🦀 x")),
        special("reads an integer beyond 2^53", "folio", json!(9_007_199_254_740_993_i64)),
        special("reads an empty array", "lista", json!([])),
        special("reads an empty object", "lista", json!({})),
        special("reads a name with a dot", "a.b", json!("x")),
        special("reads a name beyond the basic plane", "🦀", json!("x")),
        Special { without: Some("exp"), ..plain("reads a credential without exp") },
        Special { without: Some("iat"), ..plain("reads a credential without iat") },
        Special { without: Some("iss"), ..plain("reads a credential without iss") },
        Special { key_id: None, ..plain("reads a credential without kid") },
        Special { hash: HashAlgorithm::Sha384, ..plain("reads sha-384") },
        Special { hash: HashAlgorithm::Sha512, ..plain("reads sha-512") },
    ]
}

/// Claims out of the ordinary, issued by a peer, presented and verified here.
pub(crate) fn specials_there() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("issues text beyond the basic plane", "apodo", json!("🦀 x")),
        ("issues an integer beyond 2^53", "folio", json!(9_007_199_254_740_993_i64)),
        ("issues an empty array", "lista", json!([])),
        ("issues a name with a dot", "a.b", json!("x")),
    ]
}
