//! The same work by other implementations in Rust, through the drivers of the interoperability tests.
//!
//! The drivers take keys as JWKs and decode them for each call, which costs some microseconds that a program of their
//! own would save: read the figures as an order of magnitude.

use criterion::Criterion;
use llavero_core::{Signer as _, SigningKey};
use llavero_tests::peers::{Binding, IdentityKit, Issue, Peer, Present, SdJwtRs, Verify};
use serde_json::{Map, Value, json};

/// One peer's story: 20 claims issued, 3 shown, that verified.
pub(crate) fn run(
    criterion: &mut Criterion,
    algorithm: &str,
    issuer: &SigningKey,
    holder: &SigningKey,
) {
    let peers: [Box<dyn Peer>; 2] = [Box::new(SdJwtRs), Box::new(IdentityKit)];
    for mut peer in peers {
        let mut group = criterion.benchmark_group(format!("{algorithm}, {}", peer.name()));
        let issue = issue(peer.name(), algorithm, issuer, holder);
        let sd_jwt = peer.issue(&issue).unwrap().accepted().unwrap();
        let binding = Binding {
            aud: "https://bar.example".to_owned(),
            nonce: "f3Kq0vYk1mXc7bTz9LdW2s".to_owned(),
        };
        let present = Present {
            sd_jwt,
            holder_jwk: Some(private(holder)),
            disclose: [1, 7, 13].map(|number| vec![json!(format!("claim_{number:02}"))]).to_vec(),
            binding: Some(binding.clone()),
            iat: None,
        };
        let presentation = peer.present(&present).unwrap().accepted().unwrap();
        let verify = Verify {
            issuer_jwk: issuer.public_key().to_jwk(),
            presentation,
            binding: Some(binding),
            now: None,
        };
        peer.verify(&verify).unwrap().accepted().unwrap();
        group.bench_function("issue 20", |bench| bench.iter(|| peer.issue(&issue).unwrap()));
        group.bench_function("present 3 of 20", |bench| {
            bench.iter(|| peer.present(&present).unwrap())
        });
        group.bench_function("verify", |bench| bench.iter(|| peer.verify(&verify).unwrap()));
        group.finish();
    }
}

fn issue(peer: &str, algorithm: &str, issuer: &SigningKey, holder: &SigningKey) -> Issue {
    let mut claims = Map::new();
    claims.insert("iss".to_owned(), json!("https://agencia.example"));
    claims.insert("vct".to_owned(), json!("urn:example:mx:ine:1"));
    claims.insert("iat".to_owned(), json!(1_767_225_600));
    claims.insert("exp".to_owned(), json!(4_102_444_800_i64));
    let mut disclosable = Vec::new();
    for number in 0..20 {
        let name = format!("claim_{number:02}");
        claims.insert(name.clone(), json!(format!("a value of usual length {number}")));
        disclosable.push(vec![Value::from(name)]);
    }
    // One of them writes no header of the caller's.
    let mut header = Map::new();
    if !peer.starts_with("sd-jwt-rs") {
        header.insert("typ".to_owned(), json!("dc+sd-jwt"));
        header.insert("kid".to_owned(), json!("https://agencia.example#key"));
    }
    Issue {
        alg: algorithm.to_owned(),
        issuer_jwk: private(issuer),
        holder_jwk: Some(holder.public_key().to_jwk()),
        header,
        claims,
        disclosable,
    }
}

fn private(key: &SigningKey) -> Value {
    serde_json::from_str(&key.to_private_jwk_text()).unwrap()
}
