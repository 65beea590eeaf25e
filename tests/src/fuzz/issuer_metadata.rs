//! What an issuer publishes: its address on the first line, its document on the rest.

use std::collections::BTreeSet;

use llavero_core::issuer_metadata::{IssuerMetadata, PublishedKeys, well_known_url};
use llavero_core::trust::{MAX_KEYS_PER_ISSUER, TrustList};
use llavero_core::{Part, PublicKey, json};
use serde_json::Value;

use super::Outcome;
use super::fixture::VCT;
use crate::world::NOW;

const WELL_KNOWN: &str = "/.well-known/jwt-vc-issuer";

/// The address that is opened is on the issuer's host; the document names the issuer; its keys are those that it has
/// for signatures, and on a trust list they print back.
pub(crate) fn run(input: &[u8]) -> Outcome {
    let mut halves = input.splitn(2, |byte| *byte == b'\n');
    let issuer = std::str::from_utf8(halves.next().unwrap_or_default());
    let document = halves.next().unwrap_or_default();
    let Ok(issuer) = issuer else { return Outcome::Refused };
    if let Ok(url) = well_known_url(issuer) {
        is_plain(&url);
        let without = url.replacen(WELL_KNOWN, "", 1);
        assert_eq!(without, issuer.strip_suffix('/').unwrap_or(issuer));
        let host = url.split('/').nth(2).expect("a host");
        assert!(issuer.split('/').nth(2) == Some(host) && !host.is_empty(), "another host");
        assert!(
            url.strip_prefix("https://")
                .unwrap()
                .strip_prefix(host)
                .unwrap()
                .starts_with(WELL_KNOWN)
        );
    }
    let published = match IssuerMetadata::from_slice(document, issuer) {
        Ok(IssuerMetadata::Keys(keys)) => Some((keys, "jwks")),
        Ok(IssuerMetadata::At(address)) => {
            is_plain(address.url());
            address.read(document).ok().map(|keys| (keys, ""))
        }
        Ok(_) | Err(_) => None,
    };
    let Some((keys, member)) = published else { return Outcome::Refused };
    let document = json::from_slice(document, Part::IssuerMetadata).expect("what was read");
    assert_eq!(document["issuer"], issuer);
    are_the_issuers(keys, if member.is_empty() { &document } else { &document[member] });
    Outcome::Accepted
}

/// An address without anything by which it could be another than it looks.
fn is_plain(url: &str) {
    assert!(url.starts_with("https://"));
    assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "not one word");
    assert!(!url.contains(['#', '\\', '"', '<', '>']));
    let authority = url.split(['/', '?']).nth(2).expect("a host");
    assert!(!authority.contains('@'), "a user");
}

fn are_the_issuers(keys: PublishedKeys, set: &Value) {
    let listed: Vec<&Value> = set["keys"].as_array().expect("keys").iter().collect();
    assert!((1..=MAX_KEYS_PER_ISSUER).contains(&keys.keys().len()));
    let mut names = BTreeSet::new();
    for key in keys.keys() {
        // A key may stand there twice, and be meant for signatures once.
        let is_there = listed.iter().any(|jwk| {
            PublicKey::from_jwk(jwk).is_ok_and(|listed| listed == key.key)
                && jwk.get("kid").and_then(Value::as_str) == key.key_id.as_deref()
                && jwk.get("use").is_none_or(|purpose| purpose == "sig")
        });
        assert!(is_there, "a key that the document does not have for signatures");
        assert!(key.key_id.iter().all(|name| names.insert(name.clone())), "a name twice");
    }
    // No list in JSON takes an issuer or a type without a name.
    let entry = keys.trusted_for("Agencia de Ejemplo".to_owned(), vec![VCT.to_owned()]);
    if entry.issuer.is_empty() {
        return;
    }
    let list = TrustList::new(NOW, vec![entry]).expect("a list").to_json();
    let again = TrustList::from_slice(list.to_string().as_bytes());
    assert_eq!(again.expect("a list that was printed").to_json(), list);
}
