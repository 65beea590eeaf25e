//! What issuers publish of themselves and their keys (SD-JWT VC §4).

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/support.rs"]
mod support;

use llavero_core::issuer_metadata::{
    IssuerMetadata, MAX_METADATA_BYTES, PublishedKeys, well_known_url,
};
use llavero_core::trust::{MAX_KEYS_PER_ISSUER, TrustList};
use llavero_core::{
    Error, JsonFault, JwkFault, KeyBinding, KeyKind, Limit, Part, SdJwt, Signer as _, SigningKey,
};
use serde_json::{Value, json};
use support::*;

const PART: Part = Part::IssuerMetadata;

const fn malformed(member: &'static str) -> Error {
    Error::MemberMalformed { part: PART, member }
}

fn jwk(key: &SigningKey, more: Value) -> Value {
    let mut jwk = key.public_key().to_jwk();
    jwk.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    jwk
}

fn read(document: &Value) -> Result<IssuerMetadata, Error> {
    IssuerMetadata::from_slice(document.to_string().as_bytes(), ISSUER)
}

fn keys_of(document: &Value) -> Result<PublishedKeys, Error> {
    match read(document)? {
        IssuerMetadata::Keys(keys) => Ok(keys),
        other => panic!("{other:?}"),
    }
}

fn with_keys(keys: &Value) -> Value {
    json!({ "issuer": ISSUER, "jwks": { "keys": keys } })
}

#[track_caller]
fn refused<T>(result: Result<T, Error>, error: Error) {
    assert_eq!(result.err(), Some(error));
}

fn verify_with(keys: PublishedKeys, header: &str, key: &SigningKey) -> Result<(), Error> {
    let entry = keys.trusted_for("Registro".to_owned(), vec![TYPE.to_owned()]);
    let list = accepted(TrustList::new(NOW, vec![entry]));
    let text = token_by(header, &vc_payload(""), &[], key);
    let sd_jwt = SdJwt::parse(&text)?;
    list.verify(sd_jwt, KeyBinding::Forbid, &[], SKEW_SECS, NOW).map(drop)
}

fn header(kid: &str) -> String {
    HEADER.replace('}', &format!(r#","kid":"{kid}"}}"#))
}

#[test]
fn published_keys_verify_what_they_have_signed() {
    let document = with_keys(&json!([
        jwk(&OTHER_KEY, json!({ "kid": "k0" })),
        jwk(&ISSUER_KEY, json!({ "kid": "k1", "use": "sig", "alg": "ES256", "x5t": "?" })),
    ]));
    let keys = accepted(keys_of(&document));
    assert_eq!(keys.keys().len(), 2);
    accept(verify_with(keys.clone(), &header("k1"), &ISSUER_KEY));
    accept(verify_with(keys.clone(), HEADER, &ISSUER_KEY));
    let signature = Error::Signature { part: Part::IssuerJwt };
    refused(verify_with(keys.clone(), &header("k0"), &ISSUER_KEY), signature);
    refused(verify_with(keys, &header("k2"), &ISSUER_KEY), Error::Untrusted);
}

#[test]
fn keys_at_an_address_are_read_from_what_was_fetched_there() {
    let url = "https://registro.example/keys?version=2";
    let document = json!({ "issuer": ISSUER, "jwks_uri": url, "more": [1] });
    let IssuerMetadata::At(address) = accepted(read(&document)) else { panic!() };
    assert_eq!(address.url(), url);
    let set = json!({ "keys": [jwk(&ISSUER_KEY, json!({ "kid": "k1" }))], "more": 1 });
    let keys = accepted(address.clone().read(set.to_string().as_bytes()));
    accept(verify_with(keys, &header("k1"), &ISSUER_KEY));
    refused(address.clone().read(b"{}"), malformed("keys"));
    refused(address.clone().read(b"[]"), Error::Json { part: PART, fault: JsonFault::NotAnObject });
    let long = vec![b' '; MAX_METADATA_BYTES + 1];
    refused(address.read(&long), Error::LimitExceeded { limit: Limit::Length });
}

#[test]
fn refuses_a_document_of_another_issuer() {
    let keys = json!({ "keys": [jwk(&ISSUER_KEY, json!({}))] });
    for issuer in ["https://registro.example/", "https://REGISTRO.example", "https://otro.example"]
    {
        refused(read(&json!({ "issuer": issuer, "jwks": keys })), Error::IssuerMismatch);
    }
    for issuer in [json!(null), json!(7), json!([ISSUER])] {
        refused(read(&json!({ "issuer": issuer, "jwks": keys })), malformed("issuer"));
    }
    refused(read(&json!({ "jwks": keys })), malformed("issuer"));
}

#[test]
fn refuses_both_or_neither_of_keys_and_address() {
    let keys = json!({ "keys": [jwk(&ISSUER_KEY, json!({}))] });
    let url = "https://registro.example/keys";
    refused(read(&json!({ "issuer": ISSUER })), malformed("jwks"));
    refused(read(&json!({ "issuer": ISSUER, "jwks": keys, "jwks_uri": url })), malformed("jwks"));
    for set in [json!(null), json!([]), json!({}), json!({ "keys": {} })] {
        refused(read(&json!({ "issuer": ISSUER, "jwks": set })), malformed("keys"));
    }
    for url in [json!(null), json!(7), json!("http://registro.example/keys"), json!("/keys")] {
        refused(read(&json!({ "issuer": ISSUER, "jwks_uri": url })), malformed("jwks_uri"));
    }
}

#[test]
fn refuses_a_document_that_publishes_a_private_key() {
    let private: Value = serde_json::from_str(&ISSUER_KEY.to_private_jwk_text()).unwrap();
    let rsa = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "AQAB" });
    for key in [private, rsa, json!({ "kty": "oct", "k": "AQAB" })] {
        let document = with_keys(&json!([jwk(&OTHER_KEY, json!({})), key]));
        refused(keys_of(&document), Error::Jwk(JwkFault::Private));
    }
}

#[test]
fn leaves_out_keys_that_it_cannot_use_and_refuses_if_none_is_left() {
    let ours = jwk(&ISSUER_KEY, json!({ "kid": "k1" }));
    for useless in [
        json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "k1" }),
        json!({ "kty": "EC", "crv": "P-384", "x": "AQAB", "y": "AQAB" }),
        json!({ "kty": "neu", "kid": 7 }),
        json!({}),
        json!("k1"),
        jwk(&OTHER_KEY, json!({ "use": "enc" })),
        jwk(&OTHER_KEY, json!({ "use": 7 })),
        jwk(&OTHER_KEY, json!({ "key_ops": ["encrypt"] })),
        jwk(&OTHER_KEY, json!({ "alg": "ES384" })),
        jwk(&OTHER_KEY, json!({ "x": "AQAB" })),
        jwk(&OTHER_KEY, json!({ "y": OTHER_KEY.public_key().to_jwk()["x"] })),
    ] {
        let keys = accepted(keys_of(&with_keys(&json!([useless, ours, useless]))));
        assert_eq!(keys.keys().len(), 1, "{useless}");
        let unsupported = Error::Jwk(JwkFault::Unsupported);
        refused(keys_of(&with_keys(&json!([useless]))), unsupported);
    }
    let verifying = jwk(&ISSUER_KEY, json!({ "key_ops": ["sign", "verify"] }));
    accept(keys_of(&with_keys(&json!([verifying]))));
    refused(keys_of(&with_keys(&json!([]))), Error::Jwk(JwkFault::Unsupported));
}

#[test]
fn refuses_a_kid_that_is_no_text_or_that_two_keys_have() {
    for kid in [json!(7), json!(null), json!("")] {
        let key = jwk(&ISSUER_KEY, json!({ "kid": kid }));
        refused(keys_of(&with_keys(&json!([key]))), malformed("kid"));
    }
    let same = json!({ "kid": "k1" });
    let keys = json!([jwk(&ISSUER_KEY, same.clone()), jwk(&ED_KEY, same)]);
    refused(keys_of(&with_keys(&keys)), malformed("kid"));
    let unnamed = json!([jwk(&ISSUER_KEY, json!({})), jwk(&ED_KEY, json!({}))]);
    accept(keys_of(&with_keys(&unnamed)));
}

#[test]
fn takes_as_many_keys_and_bytes_as_the_limits_and_not_one_more() {
    let keys = |count: usize| {
        let one = |n: usize| jwk(&key(KeyKind::Ed25519, 40 + u64::try_from(n).unwrap()), json!({}));
        with_keys(&(0..count).map(one).collect())
    };
    let most = keys(MAX_KEYS_PER_ISSUER);
    accept(keys_of(&most));
    let over = |limit| Error::LimitExceeded { limit };
    refused(keys_of(&keys(MAX_KEYS_PER_ISSUER + 1)), over(Limit::Keys));
    let mut text = most.to_string();
    text += &" ".repeat(MAX_METADATA_BYTES - text.len());
    accept(IssuerMetadata::from_slice(text.as_bytes(), ISSUER));
    text.push(' ');
    refused(IssuerMetadata::from_slice(text.as_bytes(), ISSUER), over(Limit::Length));
}

#[test]
fn refuses_what_is_not_strict_json() {
    let fault = |fault| Error::Json { part: PART, fault };
    let read = |text: &str| IssuerMetadata::from_slice(text.as_bytes(), ISSUER);
    refused(read(""), fault(JsonFault::Syntax));
    refused(read("[]"), fault(JsonFault::NotAnObject));
    let twice = format!(r#"{{"issuer":"{ISSUER}","issuer":"{ISSUER}"}}"#);
    refused(read(&twice), fault(JsonFault::DuplicateName));
}

#[test]
fn refuses_the_address_of_an_issuer_that_is_no_https_host() {
    for issuer in
        ["https://e.example/../x", "https://ana@e.example", "http://e.example", "e.example"]
    {
        refused(well_known_url(issuer), malformed("issuer"));
    }
    let url = "https://e.example:8443/.well-known/jwt-vc-issuer/a/b";
    assert_eq!(accepted(well_known_url("https://e.example:8443/a/b/")), url);
}
