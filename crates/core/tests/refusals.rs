//! What is refused, and as what: each test is named after the refusal.
//!
//! The last test adds up what the others brought about. It fails when an error code has no input that leads to it.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/certificates.rs"]
mod certificates;
#[path = "support/support.rs"]
mod support;

use std::cell::RefCell;
use std::collections::BTreeSet;

use certificates::Certificate;
use llavero_core::certificate::{Anchors, X5cProfile};
use llavero_core::dcql::DcqlQuery;
use llavero_core::issue::{self, IssuerHeader};
use llavero_core::key_proof::{self, ProofPolicy};
use llavero_core::present::Held;
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::template::{Array, Object};
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::type_metadata::{Integrity, TypeDocuments, TypeMetadataError};
use llavero_core::{
    AlgorithmSet, CertificateFault, Challenge, ClaimPath, Error, Format, HashAlgorithm, JsonFault,
    JwkFault, JwsAlgorithm, KeyBinding, KeyKind, Limit, PROTECTED_CLAIMS, Part, PathError,
    PathSegment, Policy, PublicKey, Random, RandomError, SdJwt, Signature, Signer, SignerError,
    SigningKey, UnixTime, jws_json,
};
use serde_json::{Value, json};
use support::*;

thread_local! {
    static SEEN: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

#[track_caller]
fn refuse<T>(result: Result<T, Error>, expected: Error) {
    let Err(error) = result else { panic!("accepted, but should have been: {expected:?}") };
    assert_eq!(error, expected);
    SEEN.with_borrow_mut(|seen| seen.insert(error.code()));
}

#[track_caller]
fn refuse_path<T>(result: Result<T, PathError>, expected: PathError) {
    let Err(error) = result else { panic!("accepted, but should have been: {expected:?}") };
    assert_eq!(error, expected);
    SEEN.with_borrow_mut(|seen| seen.insert(error.code()));
}

#[track_caller]
fn refuse_type<T>(result: Result<T, TypeMetadataError>, expected: TypeMetadataError) {
    let Err(error) = result else { panic!("accepted, but should have been: {expected:?}") };
    assert_eq!(error, expected);
    SEEN.with_borrow_mut(|seen| seen.insert(error.code()));
}

fn json_fault(part: Part, fault: JsonFault) -> Error {
    Error::Json { part, fault }
}

const fn malformed(part: Part, member: &'static str) -> Error {
    Error::MemberMalformed { part, member }
}

/// The JWT and the KB-JWT of a presentation without Disclosures.
fn halves(text: &str) -> (&str, &str) {
    text.split_once('~').unwrap()
}

// Layout.

#[test]
fn the_hand_made_tokens_are_accepted_as_they_are() {
    accept(verify(&vc("", &[])));
    accept(verify_plain(&token("{}", &[])));
    let verified = accepted(verify_bound(&bound(&vc(
        r#""exp":1767225601,"nbf":1767225660,"_sd":["<0>"]"#,
        &[r#"["salt","given_name","Ana"]"#],
    ))));
    assert_eq!(verified.claim("given_name"), Some(&json!("Ana")));
    assert_eq!(verified.bound_at(), Some(NOW));
    assert_eq!(verified.expires(), Some(NOW.plus_secs(1)));
}

#[test]
fn refuses_a_jwt_without_a_tilde() {
    let text = vc("", &[]);
    let shape = Error::Shape { part: Part::IssuerJwt };
    refuse(verify(text.trim_end_matches('~')), shape.clone());
    refuse(verify(""), shape.clone());
    for text in ["~", "a~", "a.b~", ".~"] {
        let error = verify(text).err();
        assert!(
            matches!(error, Some(Error::Shape { .. } | Error::Signature { .. })),
            "{text} {error:?}"
        );
    }
    refuse(verify("abc~"), shape.clone());
    refuse(Held::reopen("abc"), shape);
}

#[test]
fn refuses_an_empty_component() {
    let jwt = vc("", &[]);
    let disclosed = vc(r#""_sd":["<0>"]"#, &[r#"["salt","a",1]"#]);
    let empty = |index| Error::Shape { part: Part::Disclosure(index) };
    refuse(verify(&(jwt.clone() + "~")), empty(0));
    refuse(verify(&(jwt.clone() + "~~")), empty(0));
    refuse(verify(&(disclosed.clone() + "~")), empty(1));
    refuse(verify(&disclosed.replacen('~', "~~", 1)), empty(0));
    let answer = bound(&jwt);
    refuse(verify_bound(&answer.replacen('~', "~~", 1)), empty(0));
    refuse(verify_bound(&format!("~{answer}")), Error::Shape { part: Part::IssuerJwt });
}

#[test]
fn refuses_a_jwt_of_other_than_three_parts() {
    let text = vc("", &[]);
    let (jwt, _) = halves(&text);
    let [header, payload, signature] = jwt.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let base64url = Error::Base64url { part: Part::IssuerJwt };
    refuse(verify(&format!("{header}.{payload}.{payload}.{signature}~")), base64url);
    refuse(
        verify(&format!("{header}.{payload}.{signature}.~")),
        Error::Signature { part: Part::IssuerJwt },
    );
    refuse(verify(&format!("{payload}.{signature}~")), Error::Shape { part: Part::IssuerJwt });
    refuse(
        verify(&format!(".{payload}.{signature}~")),
        json_fault(Part::IssuerJwt, JsonFault::Syntax),
    );
    refuse(
        verify_bound(&format!("{jwt}~{payload}.{signature}")),
        Error::Shape { part: Part::KeyBinding },
    );
}

#[test]
fn refuses_parts_in_another_order() {
    let text = vc(r#""_sd":["<0>"]"#, &[r#"["salt","a",1]"#]);
    let answer = bound(&text);
    let [jwt, disclosure, kb] = answer.split('~').collect::<Vec<_>>()[..] else { panic!() };
    refuse(
        verify_bound(&format!("{disclosure}~{jwt}~{kb}")),
        Error::Shape { part: Part::IssuerJwt },
    );
    refuse(
        verify_bound(&format!("{jwt}~{kb}~{disclosure}")),
        Error::Shape { part: Part::KeyBinding },
    );
    refuse(
        verify(&format!("{jwt}~{disclosure}~{kb}~")),
        Error::Base64url { part: Part::Disclosure(1) },
    );
    refuse(verify_bound(&format!("{kb}~{disclosure}~{jwt}")), Error::Typ { part: Part::IssuerJwt });
}

#[test]
fn refuses_white_space_and_json_for_a_compact_token() {
    let text = vc("", &[]);
    let base64url = Error::Base64url { part: Part::IssuerJwt };
    refuse(verify(&format!(" {text}")), base64url);
    refuse(verify(&format!("{text}\n")), Error::Shape { part: Part::KeyBinding });
    let flattened = accepted(jws_json::to_flattened(&text)).to_string();
    refuse(verify(&flattened), Error::Shape { part: Part::IssuerJwt });
}

#[test]
fn refuses_more_bytes_disclosures_digests_or_levels_than_the_limits() {
    let limit = |limit| Error::LimitExceeded { limit };
    refuse(verify(&"~".repeat((1 << 20) + 1)), limit(Limit::Length));
    refuse(verify(&(vc("", &[]) + &"a~".repeat(1_025))), limit(Limit::Disclosures));
    let digests: Vec<String> = (0..16_385).map(|n| format!("\"d{n}\"")).collect();
    refuse(verify(&vc(&format!(r#""_sd":[{}]"#, digests.join(",")), &[])), limit(Limit::Digests));
    let nested = "[".repeat(64) + &"]".repeat(64);
    refuse(
        verify(&vc(&format!(r#""a":{nested}"#), &[])),
        json_fault(Part::IssuerJwt, JsonFault::TooDeep),
    );
    let keys = vec![TrustedKey::new(ISSUER_KEY.public_key()); 17];
    refuse(TrustList::new(NOW, vec![trusted(ISSUER, keys)]), limit(Limit::Keys));
}

// base64url.

#[test]
fn refuses_base64url_that_is_padded_spaced_or_has_spare_bits() {
    let part = Part::IssuerJwt;
    let text = vc("", &[]);
    let (jwt, _) = halves(&text);
    let [header, payload, signature] = jwt.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let spellings = |text: &str| {
        // The last character carries spare bits only if the length is no multiple of four.
        let spare = ["w", "g", "Q"].iter().find_map(|last| {
            let head = text.strip_suffix(last)?;
            Some(head.to_owned() + if *last == "w" { "x" } else { "h" })
        });
        let mut spellings =
            vec![format!("{text}="), format!("{text}\n"), format!("{text} "), format!("{text}+")];
        spellings.extend(spare);
        spellings
    };
    for header in spellings(header) {
        refuse(verify(&format!("{header}.{payload}.{signature}~")), Error::Base64url { part });
    }
    for payload in spellings(payload) {
        refuse(verify(&format!("{header}.{payload}.{signature}~")), Error::Base64url { part });
    }
    for signature in spellings(signature) {
        refuse(verify(&format!("{header}.{payload}.{signature}~")), Error::Signature { part });
    }
}

#[test]
fn refuses_spare_bits_in_every_part() {
    // One byte more or less changes which bits are spare, so a text with spare bits is always found.
    let part = Part::IssuerJwt;
    let with_spare_bits = |text: &str| {
        let json = std::str::from_utf8(&unb64(text)).unwrap().to_owned();
        let spaced = (0..3).map(|spaces| b64(json.clone() + &" ".repeat(spaces)));
        let text = spaced.into_iter().find(|text| text.len() % 4 == 2).unwrap();
        let last = text.chars().last().unwrap();
        // In a group of two characters the last four bits are spare, and zero: the next character sets one.
        text[..text.len() - 1].to_owned() + &char::from(last as u8 + 1).to_string()
    };
    let sign = |input: String, key: &SigningKey| {
        let signature = b64(key.sign(input.as_bytes()).unwrap().as_bytes());
        format!("{input}.{signature}")
    };
    let (header, payload) = (b64(HEADER), b64(vc_payload("")));
    let odd_header = sign(format!("{}.{payload}", with_spare_bits(&header)), &ISSUER_KEY) + "~";
    refuse(verify(&odd_header), Error::Base64url { part });
    let odd_payload = sign(format!("{header}.{}", with_spare_bits(&payload)), &ISSUER_KEY) + "~";
    refuse(verify(&odd_payload), Error::Base64url { part });

    // The issuer itself made the digest of a Disclosure with spare bits.
    let odd = with_spare_bits(&b64(r#"["salt","a",1]"#));
    let text = vc(&format!(r#""_sd":["{}"]"#, digest(&odd)), &[]) + &odd + "~";
    refuse(verify(&text), Error::Base64url { part: Part::Disclosure(0) });

    let sd_jwt = vc("", &[]);
    let answer = bound(&sd_jwt);
    let kb = halves(&answer).1.split('.').collect::<Vec<_>>();
    let odd_header = sign(format!("{}.{}", with_spare_bits(kb[0]), kb[1]), &HOLDER_KEY);
    refuse(
        verify_bound(&(sd_jwt.clone() + &odd_header)),
        Error::Base64url { part: Part::KeyBinding },
    );
    let odd_payload = sign(format!("{}.{}", kb[0], with_spare_bits(kb[1])), &HOLDER_KEY);
    refuse(verify_bound(&(sd_jwt + &odd_payload)), Error::Base64url { part: Part::KeyBinding });
}

#[test]
fn refuses_spare_bits_in_a_signature() {
    let text = vc("", &[]);
    let signature = text.trim_end_matches('~');
    let last = signature.chars().last().unwrap();
    // 64 bytes leave four spare bits in the last character.
    let odd = signature[..signature.len() - 1].to_owned() + &char::from(last as u8 + 1).to_string();
    refuse(verify(&(odd + "~")), Error::Signature { part: Part::IssuerJwt });
}

// JSON.

#[test]
fn refuses_a_name_given_twice_wherever_it_stands() {
    let twice = |part| json_fault(part, JsonFault::DuplicateName);
    for header in [
        r#"{"alg":"ES256","alg":"ES256","typ":"dc+sd-jwt"}"#,
        r#"{"alg":"ES256","typ":"dc+sd-jwt","\u0061lg":"none"}"#,
        r#"{"alg":"ES256","typ":"dc+sd-jwt","x":{"a":1,"a":1}}"#,
    ] {
        let text = token_by(header, &vc_payload(""), &[], &ISSUER_KEY);
        refuse(verify(&text), twice(Part::IssuerJwt));
    }
    for members in [
        r#""a":1,"a":1"#,
        r#""a":1,"\u0061":2"#,
        r#""iss":"https://other.example""#,
        r#""a":{"b":[{"c":1,"c":1}]}"#,
        r#""_sd":[],"_sd":[]"#,
        r#""_sd_alg":"sha-256","_sd_alg":"sha-256""#,
        r#""a":[{"...":"x","...":"y"}]"#,
    ] {
        refuse(verify(&vc(members, &[])), twice(Part::IssuerJwt));
    }
    let disclosed = [r#"["salt","a",{"b":1,"b":2}]"#, r#"["salt","a",[[{"":1,"":2}]]]"#];
    for disclosure in disclosed {
        refuse(verify(&vc(r#""_sd":["<0>"]"#, &[disclosure])), twice(Part::Disclosure(0)));
    }
    let sd_jwt = vc("", &[]);
    let header = r#"{"alg":"ES256","typ":"kb+jwt","typ":"kb+jwt"}"#;
    refuse(
        verify_bound(&bind(&sd_jwt, header, &kb_payload(), &HOLDER_KEY)),
        twice(Part::KeyBinding),
    );
    let payload = kb_payload().replace('}', r#","nonce":"another"}"#);
    refuse(verify_bound(&bind(&sd_jwt, KB_HEADER, &payload, &HOLDER_KEY)), twice(Part::KeyBinding));
    refuse(jws_json::to_compact(br#"{"payload":"a","payload":"b"}"#), twice(Part::JwsJson));
    refuse(TrustList::from_slice(br#"{"issuers":[],"issuers":[]}"#), twice(Part::Trust));
    refuse(PresentationRequest::from_slice(br#"{"nonce":"a","nonce":"b"}"#), twice(Part::Request));
    let header = proof_header().replace('{', r#"{"alg":"ES256","#);
    refuse(verify_proof(&jws(&header, &proof_payload(), &HOLDER_KEY)), twice(Part::KeyProof));
}

#[test]
fn refuses_a_disclosed_name_that_is_given_twice() {
    let text = vc(r#""_sd":["<0>","<1>"]"#, &[r#"["salt","a",1]"#, r#"["another","\u0061",2]"#]);
    refuse(verify(&text), Error::DisclosureName { index: 1 });
    let text = vc(r#""_sd":["<0>"],"a":1"#, &[r#"["salt","a",2]"#]);
    refuse(verify(&text), Error::DisclosureName { index: 0 });
    let nested = [r#"["s","a",{"_sd":["<1>"],"b":1}]"#, r#"["s","b",2]"#];
    refuse(verify(&vc(r#""_sd":["<0>"]"#, &nested)), Error::DisclosureName { index: 1 });
}

#[test]
fn refuses_what_is_not_json_or_not_an_object() {
    let syntax = |part| json_fault(part, JsonFault::Syntax);
    let not_an_object = |part| json_fault(part, JsonFault::NotAnObject);
    for payload in ["", "{", "{}{}", "{'a':1}", "{\"a\":NaN}", "\u{feff}{}", "{\"a\":01}"] {
        refuse(verify_plain(&token(payload, &[])), syntax(Part::IssuerJwt));
    }
    for payload in ["[]", "null", "7", "\"{}\""] {
        refuse(verify_plain(&token(payload, &[])), not_an_object(Part::IssuerJwt));
        let text = token_by(payload, "{}", &[], &ISSUER_KEY);
        refuse(verify_plain(&text), not_an_object(Part::IssuerJwt));
        let answer = bind(&vc("", &[]), KB_HEADER, payload, &HOLDER_KEY);
        refuse(verify_bound(&answer), not_an_object(Part::KeyBinding));
    }
    refuse(verify(&vc(r#""_sd":["<0>"]"#, &["[\"salt\","])), syntax(Part::Disclosure(0)));
    let latin1 = b64(b"[\"salt\",\"a\",\"\xe1\"]");
    let text = vc(&format!(r#""_sd":["{}"]"#, digest(&latin1)), &[]) + &latin1 + "~";
    refuse(verify(&text), syntax(Part::Disclosure(0)));
    refuse(TrustList::from_slice(b"\xff"), syntax(Part::Trust));
    // A surrogate alone is no character.
    refuse(verify_plain(&token(r#"{"a":"\ud800"}"#, &[])), syntax(Part::IssuerJwt));
}

// Headers.

#[test]
fn refuses_a_critical_or_unencoded_payload_header() {
    for member in [
        r#""crit":["exp"],"exp":1"#,
        r#""crit":["alg"]"#,
        r#""crit":[]"#,
        r#""crit":"b64""#,
        r#""crit":null"#,
        r#""crit":["b64"],"b64":false"#,
        r#""b64":false"#,
        r#""b64":true"#,
    ] {
        let header = HEADER.replace('}', &format!(",{member}}}"));
        let text = token_by(&header, &vc_payload(""), &[], &ISSUER_KEY);
        refuse(verify(&text), Error::CriticalHeader { part: Part::IssuerJwt });
        let header = KB_HEADER.replace('}', &format!(",{member}}}"));
        let text = bind(&vc("", &[]), &header, &kb_payload(), &HOLDER_KEY);
        refuse(verify_bound(&text), Error::CriticalHeader { part: Part::KeyBinding });
    }
}

#[test]
fn refuses_a_kid_that_is_no_string() {
    for kid in ["7", "null", "[\"k\"]", "{}", "true"] {
        let malformed = |part| Error::MemberMalformed { part, member: "kid" };
        let header = HEADER.replace('}', &format!(r#","kid":{kid}}}"#));
        let text = token_by(&header, &vc_payload(""), &[], &ISSUER_KEY);
        refuse(verify(&text), malformed(Part::IssuerJwt));
        let header = KB_HEADER.replace('}', &format!(r#","kid":{kid}}}"#));
        let text = bind(&vc("", &[]), &header, &kb_payload(), &HOLDER_KEY);
        refuse(verify_bound(&text), malformed(Part::KeyBinding));
    }
}

#[test]
fn refuses_an_algorithm_that_is_not_the_keys_or_not_on_the_list() {
    for alg in [
        "\"none\"",
        "\"None\"",
        "\"\"",
        "\"HS256\"",
        "\"RS256\"",
        "\"ES384\"",
        "\"ES256K\"",
        "\"es256\"",
        "\"ES256 \"",
        "\"EdDSA\"",
        "\"Ed25519\"",
        "\"\\u0045S256\"",
        "null",
        "256",
        "[\"ES256\"]",
    ] {
        let header = format!(r#"{{"alg":{alg},"typ":"dc+sd-jwt"}}"#);
        let text = token_by(&header, &vc_payload(""), &[], &ISSUER_KEY);
        refuse(verify(&text), Error::AlgorithmNotAllowed { part: Part::IssuerJwt });
        let header = format!(r#"{{"alg":{alg},"typ":"kb+jwt"}}"#);
        let text = bind(&vc("", &[]), &header, &kb_payload(), &HOLDER_KEY);
        refuse(verify_bound(&text), Error::AlgorithmNotAllowed { part: Part::KeyBinding });
    }
    let text = token_by(r#"{"typ":"dc+sd-jwt"}"#, &vc_payload(""), &[], &ISSUER_KEY);
    refuse(verify(&text), Error::AlgorithmNotAllowed { part: Part::IssuerJwt });
    let only_ed = AlgorithmSet::of(&[JwsAlgorithm::EdDsa, JwsAlgorithm::Ed25519]);
    let policy = Policy { issuer_algorithms: only_ed, ..policy() };
    refuse(verify_by(&vc("", &[]), &policy), Error::AlgorithmNotAllowed { part: Part::IssuerJwt });
}

#[test]
fn refuses_alg_none_without_a_signature() {
    let header = b64(r#"{"alg":"none","typ":"dc+sd-jwt"}"#);
    let text = format!("{header}.{}.~", b64(vc_payload("")));
    refuse(verify(&text), Error::Signature { part: Part::IssuerJwt });
    let text = format!("{header}.{}.{}~", b64(vc_payload("")), b64([0; 64]));
    refuse(verify(&text), Error::AlgorithmNotAllowed { part: Part::IssuerJwt });
}

#[test]
fn tells_the_two_names_of_ed25519_apart_where_the_list_does() {
    let key = ED_KEY.public_key();
    for (name, algorithm) in [("EdDSA", JwsAlgorithm::EdDsa), ("Ed25519", JwsAlgorithm::Ed25519)] {
        let header = format!(r#"{{"alg":"{name}","typ":"dc+sd-jwt"}}"#);
        let text = token_by(&header, &vc_payload(""), &[], &ED_KEY);
        let policy = Policy { issuer_key: &key, ..policy() };
        accept(verify_by(&text, &policy));
        for only in [JwsAlgorithm::EdDsa, JwsAlgorithm::Ed25519, JwsAlgorithm::Es256] {
            let policy = Policy { issuer_algorithms: AlgorithmSet::of(&[only]), ..policy };
            let result = verify_by(&text, &policy);
            if only == algorithm {
                accept(result);
            } else {
                refuse(result, Error::AlgorithmNotAllowed { part: Part::IssuerJwt });
            }
        }
        let header = format!(r#"{{"alg":"{name}","typ":"kb+jwt"}}"#);
        let jwk = key.to_jwk_text();
        let payload = format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}","cnf":{{"jwk":{jwk}}}}}"#);
        let text = bind(&token(&payload, &[]), &header, &kb_payload(), &ED_KEY);
        accept(verify_bound(&text));
        let challenge =
            Challenge { algorithms: AlgorithmSet::of(&[JwsAlgorithm::Es256]), ..challenge() };
        let policy = Policy { binding: KeyBinding::Require(challenge), ..bound_policy() };
        refuse(verify_by(&text, &policy), Error::AlgorithmNotAllowed { part: Part::KeyBinding });
    }
    // The other kind of key under an honest name.
    let text = token_by(HEADER, &vc_payload(""), &[], &ED_KEY);
    refuse(verify(&text), Error::Signature { part: Part::IssuerJwt });
}

#[test]
fn refuses_a_token_of_another_type() {
    for typ in [
        r#","typ":"vc+sd-jwt""#,
        r#","typ":"application/dc+sd-jwt""#,
        r#","typ":"DC+SD-JWT""#,
        r#","typ":"dc+sd-jwt ""#,
        r#","typ":"kb+jwt""#,
        r#","typ":["dc+sd-jwt"]"#,
        r#","typ":null"#,
        "",
    ] {
        let header = format!(r#"{{"alg":"ES256"{typ}}}"#);
        let text = token_by(&header, &vc_payload(""), &[], &ISSUER_KEY);
        refuse(verify(&text), Error::Typ { part: Part::IssuerJwt });
    }
    for typ in ["JWT", "dc+sd-jwt", "application/kb+jwt", "KB+JWT", ""] {
        let header = format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#);
        let text = bind(&vc("", &[]), &header, &kb_payload(), &HOLDER_KEY);
        refuse(verify_bound(&text), Error::Typ { part: Part::KeyBinding });
    }
    let expects = Policy { format: Format::SdJwt { typ: Some("example+sd-jwt") }, ..policy() };
    refuse(verify_by(&vc("", &[]), &expects), Error::Typ { part: Part::IssuerJwt });
}

#[test]
fn refuses_a_jwt_of_one_role_in_another() {
    let sd_jwt = vc("", &[]);
    let proof = accepted(key_proof::sign(&*HOLDER_KEY, AUDIENCE, NONCE, NOW));
    refuse(verify_bound(&(sd_jwt.clone() + &proof)), Error::Typ { part: Part::KeyBinding });
    // An issuer's own JWT with all that a KB-JWT says.
    let payload = kb_payload();
    refuse(
        verify_bound(&bind(&sd_jwt, HEADER, &payload, &HOLDER_KEY)),
        Error::Typ { part: Part::KeyBinding },
    );
    let answer = bound(&sd_jwt);
    let kb = halves(&answer).1;
    refuse(verify_proof(kb), Error::Typ { part: Part::KeyProof });
    refuse(verify(&format!("{kb}~")), Error::Typ { part: Part::IssuerJwt });
    refuse(verify(&format!("{proof}~")), Error::Typ { part: Part::IssuerJwt });
}

// Signatures.

#[test]
fn refuses_a_signature_of_another_key_or_over_another_text() {
    let signature = Error::Signature { part: Part::IssuerJwt };
    refuse(verify(&token_by(HEADER, &vc_payload(""), &[], &OTHER_KEY)), signature.clone());
    let (one, two) = (vc(r#""a":1"#, &[]), vc(r#""a":2"#, &[]));
    let mixed = one.rsplit_once('.').unwrap().0.to_owned() + "." + two.rsplit_once('.').unwrap().1;
    refuse(verify(&mixed), signature.clone());
    // A key in the header is nobody's.
    for name in ["jwk", "x5c", "jku"] {
        let header = format!(
            r#"{{"alg":"ES256","typ":"dc+sd-jwt","{name}":{}}}"#,
            OTHER_KEY.public_key().to_jwk_text()
        );
        let text = token_by(&header, &vc_payload(""), &[], &OTHER_KEY);
        refuse(verify(&text), signature.clone());
    }
}

#[test]
fn refuses_signatures_that_are_no_pair_of_numbers() {
    let text = vc("", &[]);
    let (input, raw) = text.trim_end_matches('~').rsplit_once('.').unwrap();
    let raw = unb64(raw);
    let (r, s) = raw.split_at(32);
    let der = [&[0x30, 70, 2, 33, 0], r, &[2, 33, 0], s].concat();
    let order = unb64("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
    for bad in [
        vec![],
        der,
        vec![0; 64],
        [r, &[0; 32]].concat(),
        [&[0; 32], s].concat(),
        [r, &order].concat(),
        [r, s, &[0]].concat(),
        raw[..63].to_vec(),
        [s, r].concat(),
        vec![0xff; 64],
    ] {
        let text = format!("{input}.{}~", b64(bad));
        refuse(verify(&text), Error::Signature { part: Part::IssuerJwt });
    }
}

#[test]
fn accepts_both_signatures_that_ecdsa_allows() {
    // n - s is as good as s (RFC 7518 has no rule of the lower half), so a token's text is no identifier.
    let text = vc("", &[]);
    let (input, raw) = text.trim_end_matches('~').rsplit_once('.').unwrap();
    let raw = unb64(raw);
    let mut twin = raw.clone();
    let order = unb64("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
    let mut borrow = 0;
    for index in (0..32).rev() {
        let difference = i32::from(order[index]) - i32::from(raw[32 + index]) - borrow;
        borrow = i32::from(difference < 0);
        twin[32 + index] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    assert_ne!(raw, twin);
    accept(verify(&format!("{input}.{}~", b64(twin))));
}

// Hash algorithm.

#[test]
fn refuses_a_hash_that_is_unknown_or_misplaced() {
    for name in [
        "\"sha-1\"",
        "\"SHA-256\"",
        "\"sha256\"",
        "\"sha-256-64\"",
        "\"sha3-256\"",
        "\"md5\"",
        "\"\"",
        "256",
        "null",
        "[\"sha-256\"]",
    ] {
        refuse(verify(&vc(&format!(r#""_sd_alg":{name}"#), &[])), Error::HashAlgorithm);
    }
    for members in [
        r#""a":{"_sd_alg":"sha-256"}"#,
        r#""_sd_alg":"sha-256","a":[{"_sd_alg":"sha-256"}]"#,
        r#""a":{"b":{"_sd_alg":1}}"#,
    ] {
        refuse(verify(&vc(members, &[])), Error::HashAlgorithm);
    }
    let inside = [r#"["salt","a",{"_sd_alg":"sha-256"}]"#];
    refuse(verify(&vc(r#""_sd":["<0>"]"#, &inside)), Error::HashAlgorithm);
    let named = [r#"["salt","_sd_alg","sha-512"]"#];
    refuse(verify(&vc(r#""_sd":["<0>"]"#, &named)), Error::DisclosureName { index: 0 });
    // SHA-256 digests under another name refer to nothing.
    let text = vc(r#""_sd_alg":"sha-384","_sd":["<0>"]"#, &[r#"["salt","a",1]"#]);
    refuse(verify(&text), Error::DisclosureUnreferenced { index: 0 });
}

// Disclosures and digests.

#[test]
fn refuses_a_repeated_digest() {
    let one = [r#"["salt","a",1]"#];
    for members in [
        r#""_sd":["<0>","<0>"]"#,
        r#""_sd":["<0>"],"b":{"_sd":["<0>"]}"#,
        r#""_sd":["<0>"],"b":[{"...":"<0>"}]"#,
    ] {
        let error = verify(&vc(members, &one)).err();
        // Where the same Disclosure is met first decides what is said of it.
        assert!(
            matches!(error, Some(Error::DigestRepeated | Error::DisclosureArity { index: 0 })),
            "{members}: {error:?}"
        );
    }
    refuse(verify(&vc(r#""_sd":["<0>","<0>"]"#, &one)), Error::DigestRepeated);
    // Without any Disclosure, too: a decoy or hidden claim counts.
    for members in [
        r#""_sd":["decoy","decoy"]"#,
        r#""_sd":["decoy"],"a":{"_sd":["decoy"]}"#,
        r#""a":[{"...":"decoy"},{"...":"decoy"}]"#,
        r#""_sd":["decoy"],"a":[[{"...":"decoy"}]]"#,
    ] {
        refuse(verify(&vc(members, &[])), Error::DigestRepeated);
    }
    let through = [r#"["salt","a",{"_sd":["decoy"]}]"#];
    refuse(verify(&vc(r#""_sd":["<0>","decoy"]"#, &through)), Error::DigestRepeated);
    refuse(verify(&vc(r#""_sd":["<0>"],"b":{"_sd":["decoy"]}"#, &through)), Error::DigestRepeated);
}

#[test]
fn refuses_a_disclosure_of_the_wrong_length_for_its_place() {
    let arity = Error::DisclosureArity { index: 0 };
    refuse(verify(&vc(r#""_sd":["<0>"]"#, &[r#"["salt","element"]"#])), arity.clone());
    refuse(verify(&vc(r#""a":[{"...":"<0>"}]"#, &[r#"["salt","name","value"]"#])), arity);
    let nested = [r#"["s","a",[{"...":"<1>"}]]"#, r#"["s","b",1]"#];
    refuse(verify(&vc(r#""_sd":["<0>"]"#, &nested)), Error::DisclosureArity { index: 1 });
}

#[test]
fn refuses_a_malformed_disclosure() {
    for disclosure in [
        "[]",
        r#"["salt"]"#,
        r#"["salt","a",1,2]"#,
        r#"[1,"a",1]"#,
        r#"[null,"a",1]"#,
        r#"["salt",7,1]"#,
        r#"["salt",null,1]"#,
        r#"{"salt":"s","a":1}"#,
        "\"text\"",
        "null",
    ] {
        let text = vc(r#""_sd":["<0>"]"#, &[disclosure]);
        refuse(verify(&text), Error::DisclosureMalformed { index: 0 });
        // Nobody reads past it, referenced or not.
        let text = vc(r#""_sd":["decoy"]"#, &[disclosure]);
        refuse(verify(&text), Error::DisclosureMalformed { index: 0 });
    }
}

#[test]
fn refuses_a_disclosed_name_that_is_reserved() {
    for name in ["_sd", "...", "_sd_alg", "\\u005fsd", "\\u002e.."] {
        let disclosure = format!(r#"["salt","{name}",["x"]]"#);
        let text = vc(r#""_sd":["<0>"]"#, &[&disclosure]);
        refuse(verify(&text), Error::DisclosureName { index: 0 });
        let text = vc(r#""a":{"_sd":["<0>"]}"#, &[&disclosure]);
        refuse(verify(&text), Error::DisclosureName { index: 0 });
    }
}

#[test]
fn refuses_a_disclosure_that_nothing_refers_to() {
    let unreferenced = |index| Error::DisclosureUnreferenced { index };
    refuse(verify(&vc("", &[r#"["salt","a",1]"#])), unreferenced(0));
    refuse(verify_plain(&token("{}", &[r#"["salt",1]"#])), unreferenced(0));
    // The same one twice.
    let text = vc(r#""_sd":["<0>"]"#, &[r#"["salt","a",1]"#]);
    let disclosure = text.split('~').nth(1).unwrap();
    refuse(verify(&format!("{text}{disclosure}~")), unreferenced(1));
    // A child without the Disclosure in which its digest stands.
    let text = vc(r#""_sd":["<0>"]"#, &[r#"["s","a",{"_sd":["<1>"]}]"#, r#"["s","b",1]"#]);
    let [jwt, _, child, _] = text.split('~').collect::<Vec<_>>()[..] else { panic!() };
    refuse(verify(&format!("{jwt}~{child}~")), unreferenced(0));
    refuse(Held::reopen(&format!("{jwt}~{child}~")), unreferenced(0));
    // A digest that is an ordinary value, and one in a text that only looks like a placeholder.
    for members in
        [r#""a":"<0>""#, r#""a":["<0>"]"#, r#""a":{"sd":["<0>"]}"#, r#""a":{"b":[".. .","<0>"]}"#]
    {
        refuse(verify(&vc(members, &[r#"["salt","x",1]"#])), unreferenced(0));
    }
}

#[test]
fn refuses_reserved_names_that_are_not_what_they_must_be() {
    for members in [
        r#""_sd":"decoy""#,
        r#""_sd":{"a":"decoy"}"#,
        r#""_sd":null"#,
        r#""_sd":["decoy",7]"#,
        r#""_sd":[["decoy"]]"#,
        r#""_sd":[null]"#,
        r#""a":{"_sd":true}"#,
        r#""...":"decoy""#,
        r#""a":{"...":"decoy"}"#,
        r#""a":[{"...":"decoy","b":1}]"#,
        r#""a":[{"b":1,"...":"decoy"}]"#,
        r#""a":[{"...":"decoy","_sd":[]}]"#,
        r#""a":[{"...":7}]"#,
        r#""a":[{"...":["decoy"]}]"#,
        r#""\u005fsd":1"#,
    ] {
        refuse(verify(&vc(members, &[])), Error::ReservedName { part: Part::IssuerJwt });
    }
    for value in [r#"{"_sd":1}"#, r#"{"...":"x"}"#, r#"[{"...":"x","a":1}]"#] {
        let disclosure = format!(r#"["salt","a",{value}]"#);
        let text = vc(r#""_sd":["<0>"]"#, &[&disclosure]);
        refuse(verify(&text), Error::ReservedName { part: Part::Disclosure(0) });
    }
}

#[test]
fn accepts_digests_that_are_never_sent() {
    let verified = accepted(verify(&vc(r#""_sd":["x"],"a":{"_sd":[]},"b":[{"...":"y"}]"#, &[])));
    assert_eq!(verified.claim("a"), Some(&json!({})));
    assert_eq!(verified.claim("b"), Some(&json!([])));
    assert_eq!(verified.digest_count(), 2);
    // A digest repeated only inside a Disclosure that was not sent has not been met.
    let text = vc(r#""_sd":["<0>","decoy"]"#, &[r#"["s","a",{"_sd":["decoy"]}]"#]);
    accept(verify(&format!("{}~", halves(&text).0)));
}

// Dates.

#[test]
fn refuses_a_token_from_the_second_of_exp_on() {
    for (exp, at) in [
        ("1767225600", 1_767_225_600),
        ("1767225599", 1_767_225_599),
        ("1767225600.9", 1_767_225_600),
        ("1.7672256e9", 1_767_225_600),
        ("0", 0),
        ("-1", -1),
        ("-0.5", -1),
    ] {
        let expired = Error::Expired { now: NOW, expired_at: UnixTime::from_secs(at) };
        refuse(verify(&vc(&format!(r#""exp":{exp}"#), &[])), expired.clone());
        let payload = kb_payload().replace('}', &format!(r#","exp":{exp}}}"#));
        let answer = bind(&vc("", &[]), KB_HEADER, &payload, &HOLDER_KEY);
        refuse(verify_bound(&answer), expired);
    }
    accept(verify(&vc(r#""exp":1767225601"#, &[])));
}

#[test]
fn refuses_a_token_before_nbf() {
    for (nbf, from) in [("1767225661", 1_767_225_661), ("1767225660.1", 1_767_225_661)] {
        let early = Error::NotYetValid { now: NOW, valid_from: UnixTime::from_secs(from) };
        refuse(verify(&vc(&format!(r#""nbf":{nbf}"#), &[])), early.clone());
        let payload = kb_payload().replace('}', &format!(r#","nbf":{nbf}}}"#));
        refuse(verify_bound(&bind(&vc("", &[]), KB_HEADER, &payload, &HOLDER_KEY)), early);
    }
    accept(verify(&vc(r#""nbf":1767225660"#, &[])));
}

#[test]
fn refuses_dates_that_are_no_dates() {
    for date in [
        "\"1900000000\"",
        "null",
        "true",
        "[1900000000]",
        "{}",
        "1e300",
        "-1e300",
        "253402300800",
        "253402300799.5",
        "18446744073709551615",
        "-9223372036854775808",
    ] {
        for claim in ["exp", "nbf"] {
            let malformed = Error::DateMalformed { claim };
            refuse(verify(&vc(&format!(r#""{claim}":{date}"#), &[])), malformed.clone());
            let disclosed = format!(r#"["salt","{claim}",{date}]"#);
            let text = token(r#"{"_sd":["<0>"]}"#, &[&disclosed]);
            refuse(verify_plain(&text), malformed.clone());
            let payload = kb_payload().replace('}', &format!(r#","{claim}":{date}}}"#));
            let answer = bind(&vc("", &[]), KB_HEADER, &payload, &HOLDER_KEY);
            refuse(verify_bound(&answer), malformed);
        }
        // When a credential was issued decides nothing, but what is no date is no `iat` (RFC 7519 §4.1.6).
        let malformed = Error::DateMalformed { claim: "iat" };
        refuse(verify(&vc(&format!(r#""iat":{date}"#), &[])), malformed.clone());
        let disclosed = format!(r#"["salt","iat",{date}]"#);
        refuse(verify(&vc(r#""_sd":["<0>"]"#, &[&disclosed])), malformed);
    }
    accept(verify(&vc(r#""iat":253402300799"#, &[])));
}

#[test]
fn refuses_a_token_whose_dates_are_hidden_in_disclosures() {
    let text = token(r#"{"_sd":["<0>"]}"#, &[r#"["salt","exp",1767225600]"#]);
    refuse(verify_plain(&text), Error::Expired { now: NOW, expired_at: NOW });
    let text = token(r#"{"_sd":["<0>"]}"#, &[r#"["salt","nbf",1767300000]"#]);
    let valid_from = UnixTime::from_secs(1_767_300_000);
    refuse(verify_plain(&text), Error::NotYetValid { now: NOW, valid_from });
    // And one that requires exp does not take a token that keeps it back.
    let text = format!("{}~", halves(&text).0);
    let policy = Policy { required_claims: &["iss", "exp"], ..plain_policy() };
    refuse(verify_by(&text, &policy), Error::ClaimMissing { name: "iss".to_owned() });
}

// SD-JWT VC.

#[test]
fn refuses_protected_claims_and_their_parts_in_disclosures() {
    for claim in PROTECTED_CLAIMS {
        let disclosure = format!(r#"["salt","{claim}","value"]"#);
        let text = token(r#"{"_sd":["<0>"]}"#, &[&disclosure]);
        refuse(verify(&text), Error::ProtectedClaim { claim });
        let payload = format!(r#"{{"{claim}":{{"_sd":["<0>"]}}}}"#);
        let text = token(&payload, &[r#"["salt","part","value"]"#]);
        refuse(verify(&text), Error::ProtectedClaim { claim });
        let payload = format!(r#"{{"{claim}":[[{{"...":"<0>"}}]]}}"#);
        refuse(verify(&token(&payload, &[r#"["salt",1]"#])), Error::ProtectedClaim { claim });
    }
    // What only shares its name with one, below the top, is an ordinary claim.
    let nested = [r#"["salt","exp","value"]"#];
    accept(verify(&vc(r#""a":{"_sd":["<0>"]}"#, &nested)));
    accept(verify(&vc(r#""_sd":["<0>"]"#, &[r#"["salt","iat",1]"#])));
}

#[test]
fn refuses_a_type_that_is_missing_malformed_or_not_accepted() {
    for payload in [
        "{}",
        r#"{"vct":""}"#,
        r#"{"vct":7}"#,
        r#"{"vct":null}"#,
        r#"{"vct":["urn:example:persona"]}"#,
        r#"{"vct":"urn:example:other"}"#,
        r#"{"vct":"URN:EXAMPLE:PERSONA"}"#,
        r#"{"vct":"urn:example:other","aka_vcts":["urn:example:third"]}"#,
        r#"{"vct":"urn:example:persona","aka_vcts":[]}"#,
        r#"{"vct":"urn:example:persona","aka_vcts":"urn:example:other"}"#,
        r#"{"vct":"urn:example:persona","aka_vcts":null}"#,
        r#"{"vct":"urn:example:persona","aka_vcts":[7]}"#,
        r#"{"vct":"urn:example:persona","aka_vcts":[""]}"#,
        r#"{"vct":"urn:example:persona","aka_vcts":["urn:example:other","urn:example:persona"]}"#,
    ] {
        let policy = Policy { issuer: None, ..policy() };
        refuse(verify_by(&token(payload, &[]), &policy), Error::Vct);
    }
    let also = r#"{"vct":"urn:example:other","aka_vcts":["x","urn:example:persona"]}"#;
    let by_other_name = Policy { issuer: None, ..policy() };
    accept(verify_by(&token(also, &[]), &by_other_name));
    let any = Policy { format: Format::SdJwtVc { types: None }, ..by_other_name };
    accept(verify_by(&token(r#"{"vct":"urn:example:other"}"#, &[]), &any));
    let none = Policy { format: Format::SdJwtVc { types: Some(&[]) }, ..by_other_name };
    refuse(verify_by(&vc("", &[]), &none), Error::Vct);
}

#[test]
fn refuses_cnf_status_and_iss_of_the_wrong_type() {
    for (claim, payload) in [
        ("cnf", r#"{"vct":"urn:example:persona","cnf":"key"}"#),
        ("cnf", r#"{"vct":"urn:example:persona","cnf":null}"#),
        ("status", r#"{"vct":"urn:example:persona","status":0}"#),
        ("status", r#"{"vct":"urn:example:persona","status":[]}"#),
        ("iss", r#"{"vct":"urn:example:persona","iss":7}"#),
    ] {
        let policy = Policy { issuer: None, ..policy() };
        refuse(verify_by(&token(payload, &[]), &policy), Error::VcClaimMalformed { claim });
    }
}

#[test]
fn refuses_another_issuer_and_a_required_claim_that_is_missing() {
    let payload = format!(r#"{{"iss":"{ISSUER}/","vct":"{TYPE}"}}"#);
    refuse(verify(&token(&payload, &[])), Error::IssuerMismatch);
    let payload = format!(r#"{{"vct":"{TYPE}"}}"#);
    refuse(verify(&token(&payload, &[])), Error::IssuerMismatch);
    let policy = Policy { required_claims: &["vct", "exp"], ..policy() };
    refuse(verify_by(&vc("", &[]), &policy), Error::ClaimMissing { name: "exp".to_owned() });
    accept(verify_by(&vc(r#""exp":1900000000"#, &[]), &policy));
}

// Keys.

#[test]
fn refuses_keys_that_cannot_be_used() {
    let (x, y) = ("b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ", "A".repeat(43));
    let okp = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let off_curve = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI";
    for (fault, jwk) in [
        (JwkFault::Shape, json!([])),
        (JwkFault::Shape, json!({})),
        (JwkFault::Shape, json!({"kty": "EC", "crv": "P-256", "x": x})),
        (JwkFault::Shape, json!({"kty": "EC", "crv": "P-256", "x": x, "y": 7})),
        (JwkFault::Shape, json!({"kty": "EC", "crv": "P-256", "x": x, "y": "AA"})),
        (JwkFault::Shape, json!({"kty": "EC", "crv": "P-256", "x": format!("{x}="), "y": y})),
        (JwkFault::Shape, json!({"kty": "OKP", "crv": "Ed25519", "x": &okp[1..]})),
        // Spare bits in a coordinate.
        (JwkFault::Shape, json!({"kty": "OKP", "crv": "Ed25519", "x": okp.replace("URo", "URp")})),
        (JwkFault::Point, json!({"kty": "EC", "crv": "P-256", "x": x, "y": y})),
        (JwkFault::Point, json!({"kty": "EC", "crv": "P-256", "x": y, "y": y})),
        (JwkFault::Point, json!({"kty": "OKP", "crv": "Ed25519", "x": off_curve})),
        (JwkFault::Private, json!({"kty": "OKP", "crv": "Ed25519", "x": okp, "d": okp})),
        (JwkFault::Private, json!({"kty": "oct", "k": "c2VjcmV0"})),
        (JwkFault::Unsupported, json!({"kty": "EC", "crv": "P-384", "x": x, "y": y})),
        (JwkFault::Unsupported, json!({"kty": "EC", "crv": "Ed25519", "x": okp})),
        (JwkFault::Unsupported, json!({"kty": "OKP", "crv": "X25519", "x": okp})),
        (JwkFault::Unsupported, json!({"kty": "ec", "crv": "P-256", "x": x, "y": y})),
        (JwkFault::Unsupported, json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"})),
        (JwkFault::Unsupported, json!({"kty": "OKP", "crv": "Ed25519", "x": okp, "alg": "ES256"})),
    ] {
        refuse(PublicKey::from_jwk(&jwk), Error::Jwk(fault));
        // In a credential, a malformed one also where no key binding is asked for.
        let payload = format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}","cnf":{{"jwk":{jwk}}}}}"#);
        let text = token(&payload, &[]);
        match fault {
            JwkFault::Unsupported => assert!(accepted(verify(&text)).holder_key().is_none()),
            _ => refuse(verify(&text), Error::Jwk(fault)),
        }
        match fault {
            JwkFault::Unsupported => assert_eq!(accepted(Held::reopen(&text)).holder_key(), None),
            // A wallet only compares keys; that they are points was checked when it received the credential.
            JwkFault::Point => assert_eq!(accepted(Held::reopen(&text)).holder_key(), None),
            _ => refuse(Held::reopen(&text), Error::Jwk(fault)),
        }
        refuse(verify_bound(&bound(&token(&payload, &[]))), Error::Jwk(fault));
    }
}

#[test]
fn refuses_keys_and_signatures_in_no_known_encoding() {
    let (p256, ed25519) = (HOLDER_KEY.public_key().to_jwk(), ED_KEY.public_key().to_jwk());
    let coordinate = |jwk: &Value, name: &str| unb64(jwk[name].as_str().unwrap());
    let xy = [coordinate(&p256, "x"), coordinate(&p256, "y")].concat();
    let (point, edwards) = ([&[4], &xy[..]].concat(), coordinate(&ed25519, "x"));
    assert_eq!(accepted(PublicKey::from_device(KeyKind::P256, &point)), HOLDER_KEY.public_key());
    assert_eq!(accepted(PublicKey::from_device(KeyKind::Ed25519, &edwards)), ED_KEY.public_key());
    for (kind, bytes) in [
        (KeyKind::P256, &xy[..]),
        (KeyKind::P256, &point[..64]),
        (KeyKind::P256, &edwards),
        (KeyKind::Ed25519, &edwards[1..]),
        (KeyKind::Ed25519, &point),
        (KeyKind::Ed25519, &[2; 32]),
    ] {
        refuse(PublicKey::from_device(kind, bytes), Error::KeyFormat);
    }
    for kind in [KeyKind::P256, KeyKind::Ed25519] {
        refuse(Signature::from_device(kind, &[1; 63]), Error::KeyFormat);
        refuse(PublicKey::from_device(kind, &[]), Error::KeyFormat);
    }
    refuse(Signature::from_device(KeyKind::P256, &[0; 64]), Error::KeyFormat);
    let signature = ISSUER_KEY.sign(b"x").unwrap();
    let raw = Signature::from_device(KeyKind::P256, signature.as_bytes());
    assert_eq!(accepted(raw), signature);
}

// Key binding.

#[test]
fn refuses_missing_and_unexpected_key_binding() {
    let text = vc("", &[]);
    refuse(verify_bound(&text), Error::KeyBindingMissing);
    refuse(verify(&bound(&text)), Error::KeyBindingUnexpected);
    refuse(Held::reopen(&bound(&text)), Error::KeyBindingUnexpected);
}

#[test]
fn refuses_key_binding_to_a_credential_without_a_key() {
    for cnf in ["", r#","cnf":{}"#, r#","cnf":{"kid":"k"}"#, r#","cnf":{"jwe":"a.b.c.d.e"}"#] {
        let payload = format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}"{cnf}}}"#);
        let text = token(&payload, &[]);
        accept(verify(&text));
        refuse(verify_bound(&bound(&text)), Error::ConfirmationMissing);
        let held = accepted(Held::reopen(&text));
        let unbound = held.present(&accepted(held.select([])));
        refuse(unbound.bind(AUDIENCE, NONCE, NOW, None), Error::ConfirmationMissing);
    }
    // Not a key that the holder brings along, nor one outside `jwk`.
    let payload = format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}"}}"#);
    let jwk = HOLDER_KEY.public_key().to_jwk_text();
    let header = KB_HEADER.replace('}', &format!(r#","jwk":{jwk}}}"#));
    let answer = bind(&token(&payload, &[]), &header, &kb_payload(), &HOLDER_KEY);
    refuse(verify_bound(&answer), Error::ConfirmationMissing);
}

#[test]
fn refuses_key_binding_by_another_key() {
    let text = vc("", &[]);
    let signature = Error::Signature { part: Part::KeyBinding };
    for key in [&*ISSUER_KEY, &*OTHER_KEY] {
        let answer = bind(&text, KB_HEADER, &kb_payload(), key);
        refuse(verify_bound(&answer), signature.clone());
    }
    let jwk = OTHER_KEY.public_key().to_jwk_text();
    let header = KB_HEADER.replace('}', &format!(r#","jwk":{jwk}}}"#));
    let answer = bind(&text, &header, &kb_payload(), &OTHER_KEY);
    refuse(verify_bound(&answer), signature.clone());
    // Signed by the holder, then changed.
    let (one, two) = (bound(&text), bound(&vc(r#""a":1"#, &[])));
    let mixed = one.rsplit_once('.').unwrap().0.to_owned() + "." + two.rsplit_once('.').unwrap().1;
    refuse(verify_bound(&mixed), signature);
}

#[test]
fn refuses_a_credential_that_is_for_somebody_else() {
    let issued = |aud: &str| vc(&format!(r#""aud":{aud}"#), &[]);
    for aud in [format!("\"{AUDIENCE}\""), format!("[\"https://otro.example\",\"{AUDIENCE}\"]")] {
        accept(verify_bound(&bound(&issued(&aud))));
    }
    let list_with_a_number = format!("[\"{AUDIENCE}\",7]");
    for aud in [
        "\"https://otro.example\"",
        "[\"https://otro.example\"]",
        "[]",
        "null",
        &list_with_a_number,
    ] {
        let refused = Error::AudienceMismatch { part: Part::IssuerJwt };
        refuse(verify_bound(&bound(&issued(aud))), refused);
        // Who asks for no proof has given no name to compare; the holder, on receipt, is no audience.
        accept(verify(&issued(aud)));
    }
}

#[test]
fn refuses_another_audience_or_nonce() {
    let text = vc("", &[]);
    let member = |name: &str, value: &str| {
        let mut payload: Value = serde_json::from_str(&kb_payload()).unwrap();
        payload.as_object_mut().unwrap().remove(name);
        let rest = payload.to_string();
        let value = if value.is_empty() { String::new() } else { format!(r#","{name}":{value}"#) };
        let payload = rest[..rest.len() - 1].to_owned() + &value + "}";
        verify_bound(&bind(&text, KB_HEADER, &payload, &HOLDER_KEY))
    };
    accept(member("aud", &format!("\"{AUDIENCE}\"")));
    for aud in [
        String::new(),
        "null".to_owned(),
        "\"\"".to_owned(),
        "7".to_owned(),
        format!("[\"{AUDIENCE}\"]"),
        format!("[\"{AUDIENCE}\",\"x509_san_dns:other.example\"]"),
        format!("\"{AUDIENCE}/\""),
        format!("\"{}\"", AUDIENCE.to_uppercase()),
        "\"ventanilla.example\"".to_owned(),
    ] {
        refuse(member("aud", &aud), Error::AudienceMismatch { part: Part::KeyBinding });
    }
    for nonce in [
        String::new(),
        "null".to_owned(),
        "\"\"".to_owned(),
        "1234567890".to_owned(),
        format!("[\"{NONCE}\"]"),
        format!("\"{NONCE}0\""),
        format!("\"{}\"", NONCE.to_lowercase()),
    ] {
        refuse(member("nonce", &nonce), Error::NonceMismatch { part: Part::KeyBinding });
    }
    for hash in [
        String::new(),
        "null".to_owned(),
        "\"\"".to_owned(),
        "7".to_owned(),
        // Without the last tilde.
        format!("\"{}\"", digest(text.trim_end_matches('~'))),
        format!("\"{}=\"", digest(&text)),
        format!("[\"{}\"]", digest(&text)),
        format!("\"{}\"", digest(halves(&text).0.split('.').nth(1).unwrap())),
    ] {
        refuse(member("sd_hash", &hash), Error::SdHashMismatch);
    }
    for iat in ["", "null", "\"1767225600\"", "[1767225600]", "1e300", "true"] {
        refuse(member("iat", iat), Error::DateMalformed { claim: "iat" });
    }
}

#[test]
fn refuses_a_nonce_that_is_a_number_where_its_digits_are_expected() {
    let policy = Policy {
        binding: KeyBinding::Require(Challenge { nonce: "1234567890", ..challenge() }),
        ..policy()
    };
    let payload = kb_payload().replace(&format!("\"{NONCE}\""), "1234567890");
    let answer = bind(&vc("", &[]), KB_HEADER, &payload, &HOLDER_KEY);
    refuse(verify_by(&answer, &policy), Error::NonceMismatch { part: Part::KeyBinding });
}

#[test]
fn refuses_key_binding_over_other_disclosures() {
    let text = vc(r#""_sd":["<0>","<1>"]"#, &[r#"["s","a",1]"#, r#"["s","b",2]"#]);
    let answer = bound(&text);
    accept(verify_bound(&answer));
    let [jwt, a, b, kb] = answer.split('~').collect::<Vec<_>>()[..] else { panic!() };
    for changed in [
        format!("{jwt}~{kb}"),
        format!("{jwt}~{a}~{kb}"),
        format!("{jwt}~{b}~{kb}"),
        format!("{jwt}~{b}~{a}~{kb}"),
    ] {
        refuse(verify_bound(&changed), Error::SdHashMismatch);
    }
    // The right text under another hash than `_sd_alg`.
    let sd_jwt = vc(r#""_sd_alg":"sha-512""#, &[]);
    refuse(verify_bound(&bound(&sd_jwt)), Error::SdHashMismatch);
    // Another credential of the same holder.
    let other = vc(r#""other":true"#, &[]);
    refuse(verify_bound(&(other + kb)), Error::SdHashMismatch);
}

#[test]
fn refuses_key_binding_that_is_old_or_from_the_future() {
    let text = vc("", &[]);
    let part = Part::KeyBinding;
    let made_at = |iat: &str| {
        let payload = kb_payload().replace(&NOW.to_string(), iat);
        verify_bound(&bind(&text, KB_HEADER, &payload, &HOLDER_KEY))
    };
    for (iat, at) in [
        ("1767225299", 1_767_225_299),
        ("1767225299.9", 1_767_225_299),
        ("1577836800", 1_577_836_800),
        ("0", 0),
        ("-1", -1),
    ] {
        let issued_at = UnixTime::from_secs(at);
        refuse(made_at(iat), Error::KeyBindingExpired { part, issued_at, now: NOW });
    }
    for (iat, at) in [("1767225661", 1_767_225_661), ("1900000000", 1_900_000_000)] {
        let issued_at = UnixTime::from_secs(at);
        refuse(made_at(iat), Error::KeyBindingInFuture { part, issued_at, now: NOW });
    }
    for iat in ["1767225300", "1767225660"] {
        accept(made_at(iat));
    }
}

// Key proof.

fn proof_header() -> String {
    let jwk = HOLDER_KEY.public_key().to_jwk_text();
    format!(r#"{{"alg":"ES256","typ":"openid4vci-proof+jwt","jwk":{jwk}}}"#)
}

fn proof_payload() -> String {
    format!(r#"{{"aud":"{AUDIENCE}","iat":{NOW},"nonce":"{NONCE}"}}"#)
}

fn verify_proof(proof: &str) -> Result<PublicKey, Error> {
    let policy = ProofPolicy {
        audience: AUDIENCE,
        nonce: NONCE,
        max_age_secs: MAX_AGE_SECS,
        clock_skew_secs: SKEW_SECS,
        algorithms: AlgorithmSet::ALL,
    };
    key_proof::verify(proof, &policy, NOW)
}

#[test]
fn refuses_a_key_proof_that_does_not_hold_its_own_key() {
    let sign = |header: &str| jws(header, &proof_payload(), &HOLDER_KEY);
    assert_eq!(accepted(verify_proof(&sign(&proof_header()))), HOLDER_KEY.public_key());
    let without = r#"{"alg":"ES256","typ":"openid4vci-proof+jwt"}"#;
    refuse(verify_proof(&sign(without)), Error::Jwk(JwkFault::Shape));
    for member in [r#""kid":"k""#, r#""x5c":[]"#] {
        let header = proof_header().replacen('{', &format!("{{{member},"), 1);
        refuse(verify_proof(&sign(&header)), Error::Jwk(JwkFault::Unsupported));
    }
    let private = proof_header().replace("\"kty\"", "\"d\":\"AA\",\"kty\"");
    refuse(verify_proof(&sign(&private)), Error::Jwk(JwkFault::Private));
    let by_another = jws(&proof_header(), &proof_payload(), &OTHER_KEY);
    refuse(verify_proof(&by_another), Error::Signature { part: Part::KeyProof });
    let algorithm = proof_header().replace("ES256", "HS256");
    refuse(verify_proof(&sign(&algorithm)), Error::AlgorithmNotAllowed { part: Part::KeyProof });
    let critical = proof_header().replacen('{', r#"{"crit":["x"],"#, 1);
    refuse(verify_proof(&sign(&critical)), Error::CriticalHeader { part: Part::KeyProof });
}

#[test]
fn refuses_a_key_proof_for_another_issuer_challenge_or_time() {
    let part = Part::KeyProof;
    let sign = |payload: &str| jws(&proof_header(), payload, &HOLDER_KEY);
    let changed = |from: &str, to: &str| verify_proof(&sign(&proof_payload().replace(from, to)));
    refuse(changed(AUDIENCE, "https://other.example"), Error::AudienceMismatch { part });
    let list = format!("[\"{AUDIENCE}\"]");
    refuse(changed(&format!("\"{AUDIENCE}\""), &list), Error::AudienceMismatch { part });
    refuse(changed(NONCE, "another"), Error::NonceMismatch { part });
    refuse(changed(&format!("\"{NONCE}\""), "7"), Error::NonceMismatch { part });
    let issued_at = UnixTime::from_secs(1_700_000_000);
    refuse(
        changed(&NOW.to_string(), "1700000000"),
        Error::KeyBindingExpired { part, issued_at, now: NOW },
    );
    let issued_at = UnixTime::from_secs(1_800_000_000);
    refuse(
        changed(&NOW.to_string(), "1800000000"),
        Error::KeyBindingInFuture { part, issued_at, now: NOW },
    );
    refuse(changed(&NOW.to_string(), "\"now\""), Error::DateMalformed { claim: "iat" });
    refuse(changed("}", r#","iss":"wallet"}"#), malformed(part, "iss"));
    refuse(verify_proof(&"a".repeat(4_097)), Error::LimitExceeded { limit: Limit::Length });
    refuse(verify_proof("a.b.c"), Error::Signature { part });
    refuse(verify_proof("a.b"), Error::Shape { part });
}

// Trust.

fn trusted(issuer: &str, keys: Vec<TrustedKey>) -> TrustedIssuer {
    TrustedIssuer {
        issuer: issuer.to_owned(),
        name: "Registro de prueba".to_owned(),
        types: vec![TYPE.to_owned()],
        keys: IssuerKeys::Listed(keys),
        requires_type_metadata: false,
    }
}

fn named(key: &SigningKey, key_id: &str) -> TrustedKey {
    TrustedKey { key_id: Some(key_id.to_owned()), ..TrustedKey::new(key.public_key()) }
}

fn verify_trusted(list: &TrustList, text: &str) -> Result<(), Error> {
    list.verify(SdJwt::parse(text)?, KeyBinding::Forbid, &[], SKEW_SECS, NOW).map(drop)
}

fn header_with_kid(key_id: &str) -> String {
    HEADER.replace('}', &format!(r#","kid":"{key_id}"}}"#))
}

#[test]
fn refuses_issuers_and_names_that_are_empty_as_the_reader_of_lists_does() {
    let nameless = TrustedIssuer { name: String::new(), ..trusted(ISSUER, Vec::new()) };
    for (member, issuer) in [("iss", trusted("", Vec::new())), ("name", nameless)] {
        let refused = TrustList::new(NOW, vec![issuer]);
        refuse(refused.map(drop), Error::MemberMalformed { part: Part::Trust, member });
    }
}

#[test]
fn refuses_the_key_of_one_issuer_for_the_name_of_another() {
    let list = TrustList::new(
        NOW,
        vec![
            trusted(ISSUER, vec![named(&ISSUER_KEY, "one")]),
            trusted("https://otro.example", vec![named(&OTHER_KEY, "two")]),
        ],
    );
    let list = accepted(list);
    let signed = |key_id: &str, key| token_by(&header_with_kid(key_id), &vc_payload(""), &[], key);
    accept(verify_trusted(&list, &signed("one", &ISSUER_KEY)));
    // Names the first issuer, is signed by the second, and says so in `kid`.
    refuse(verify_trusted(&list, &signed("two", &OTHER_KEY)), Error::Untrusted);
    // A key without a name goes by its thumbprint, and by no other.
    let nameless = vec![trusted(ISSUER, vec![TrustedKey::new(ISSUER_KEY.public_key())])];
    let nameless = accepted(TrustList::new(NOW, nameless));
    let thumbprint = |key: &SigningKey| key.public_key().thumbprint();
    accept(verify_trusted(&nameless, &signed(&thumbprint(&ISSUER_KEY), &ISSUER_KEY)));
    for key_id in [thumbprint(&OTHER_KEY), String::new()] {
        refuse(verify_trusted(&nameless, &signed(&key_id, &ISSUER_KEY)), Error::Untrusted);
    }
    let signature = Error::Signature { part: Part::IssuerJwt };
    refuse(verify_trusted(&list, &signed("one", &OTHER_KEY)), signature.clone());
    refuse(
        verify_trusted(&list, &token_by(HEADER, &vc_payload(""), &[], &OTHER_KEY)),
        signature.clone(),
    );
    // The same where several keys are tried.
    let several = vec![trusted(ISSUER, vec![named(&ISSUER_KEY, "one"), named(&HOLDER_KEY, "2")])];
    let several = accepted(TrustList::new(NOW, several));
    accept(verify_trusted(&several, &vc("", &[])));
    accept(verify_trusted(&several, &token_by(HEADER, &vc_payload(""), &[], &HOLDER_KEY)));
    let text = token_by(HEADER, &vc_payload(""), &[], &OTHER_KEY);
    refuse(verify_trusted(&several, &text), signature);
}

#[test]
fn refuses_an_issuer_type_or_time_that_is_not_trusted() {
    let list = |issuer: TrustedIssuer| accepted(TrustList::new(NOW, vec![issuer]));
    let known = || TrustedKey::new(ISSUER_KEY.public_key());
    let text = vc("", &[]);
    accept(verify_trusted(&list(trusted(ISSUER, vec![known()])), &text));
    refuse(
        verify_trusted(&list(trusted("https://otro.example", vec![known()])), &text),
        Error::Untrusted,
    );
    refuse(verify_trusted(&list(trusted(ISSUER, vec![])), &text), Error::Untrusted);
    for (not_before, not_after) in [(Some(NOW.plus_secs(1)), None), (None, Some(NOW))] {
        let key = TrustedKey { not_before, not_after, ..known() };
        refuse(verify_trusted(&list(trusted(ISSUER, vec![key])), &text), Error::Untrusted);
    }
    let at_the_edges =
        TrustedKey { not_before: Some(NOW), not_after: Some(NOW.plus_secs(1)), ..known() };
    accept(verify_trusted(&list(trusted(ISSUER, vec![at_the_edges])), &text));
    // Authority over one type is none over its other names, nor the reverse.
    let list = list(trusted(ISSUER, vec![known()]));
    let payload =
        format!(r#"{{"iss":"{ISSUER}","vct":"urn:example:other","aka_vcts":["{TYPE}"]}}"#);
    refuse(verify_trusted(&list, &token(&payload, &[])), Error::Untrusted);
    let payload = format!(r#"{{"vct":"{TYPE}"}}"#);
    refuse(verify_trusted(&list, &token(&payload, &[])), Error::Untrusted);
}

#[test]
fn refuses_a_token_without_the_certificates_that_the_list_asks_for() {
    let anchor = Certificate::authority("Raiz", "Raiz", &OTHER_KEY).signed_by(&OTHER_KEY);
    let anchors = accepted(Anchors::new(&[anchor], None, X5cProfile::Haip));
    let entry = TrustedIssuer { keys: IssuerKeys::Certified(anchors), ..trusted(ISSUER, vec![]) };
    let list = accepted(TrustList::new(NOW, vec![entry]));
    let missing = Error::Certificate(CertificateFault::Missing);
    refuse(verify_trusted(&list, &vc("", &[])), missing);
    // `tests/certificates.rs` has what else can be wrong with them.
    let names = [certificates::uri(ISSUER)];
    let leaf = Certificate::leaf("Raiz", &ISSUER_KEY, &names).signed_by(&OTHER_KEY);
    let x5c = format!(r#","x5c":["{}"]}}"#, certificates::base64(&leaf));
    let header = HEADER.replace('}', &x5c);
    accept(verify_trusted(&list, &token_by(&header, &vc_payload(""), &[], &ISSUER_KEY)));
}

#[test]
fn refuses_a_malformed_trust_list() {
    let part = Part::Trust;
    let read = |list: Value| TrustList::from_slice(list.to_string().as_bytes());
    let jwk = ISSUER_KEY.public_key().to_jwk();
    let entry = json!({"iss": ISSUER, "name": "Registro", "types": [TYPE], "keys": [{"jwk": jwk}]});
    accept(read(json!({"issued_at": 1, "issuers": [entry]})));
    let twice = json!({"issued_at": 1, "issuers": [entry, entry]});
    refuse(read(twice), malformed(part, "iss"));
    refuse(read(json!({"issuers": []})), malformed(part, "issued_at"));
    refuse(read(json!({"issued_at": "1", "issuers": []})), malformed(part, "issued_at"));
    for secs in [-1, UnixTime::MAX.as_secs() + 1, i64::MAX, i64::MIN] {
        let list = json!({"issued_at": secs, "issuers": []});
        refuse(read(list), malformed(part, "issued_at"));
    }
    for secs in [0, UnixTime::MAX.as_secs()] {
        accept(read(json!({"issued_at": secs, "issuers": []})));
    }
    refuse(read(json!({"issued_at": 1})), malformed(part, "issuers"));
    for member in ["iss", "name", "types", "keys"] {
        for value in [json!(null), json!(7), json!("")] {
            let mut broken = entry.clone();
            broken[member] = value;
            let list = json!({"issued_at": 1, "issuers": [broken]});
            refuse(read(list), malformed(part, member));
        }
    }
    for (member, value) in [
        ("jwk", json!(null)),
        ("kid", json!(7)),
        ("kid", json!("")),
        ("not_before", json!("1")),
        ("not_after", json!(1.5)),
        ("not_after", json!(-1)),
    ] {
        let mut broken = entry.clone();
        broken["keys"][0][member] = value;
        let result = read(json!({"issued_at": 1, "issuers": [broken]}));
        if member == "jwk" {
            refuse(result, Error::Jwk(JwkFault::Shape));
        } else {
            refuse(result, malformed(part, member));
        }
    }
    let mut broken = entry;
    broken["keys"] = json!([{}]);
    refuse(read(json!({"issued_at": 1, "issuers": [broken]})), malformed(part, "jwk"));
}

// Requests and answers.

fn request() -> Value {
    let query = DcqlQuery::for_claims("persona", [TYPE], [ClaimPath::names(["a"]).unwrap()]);
    json!({
        "response_type": "vp_token",
        "client_id": AUDIENCE,
        "client_metadata": {"client_name": "Ventanilla"},
        "purpose": "Comprobar la edad",
        "nonce": NONCE,
        "dcql_query": query.unwrap().to_value(),
    })
}

#[test]
fn refuses_a_malformed_request() {
    let part = Part::Request;
    let with = |member: &str, value: Value| {
        let mut request = request();
        request[member] = value;
        PresentationRequest::from_slice(request.to_string().as_bytes())
    };
    assert_eq!(accepted(with("x", json!(1))).nonce(), NONCE);
    // One that turns the direction, one that is not seen, one of a text inside the text.
    let [direction, hyphen, tag] =
        ["\u{61c}", "\u{ad}", "\u{e0041}"].map(|c| format!("Compro{c}bar"));
    for (member, value) in [
        ("response_type", json!("code")),
        ("response_type", json!(null)),
        ("client_id", json!(null)),
        ("client_id", json!("")),
        ("client_id", json!("with space")),
        ("client_id", json!("ñ")),
        ("purpose", json!(7)),
        ("purpose", json!(" ")),
        // A letter, for Unicode, and nothing to see.
        ("purpose", json!("\u{3164}")),
        ("purpose", json!("\u{2800}")),
        ("purpose", json!("Compro\u{202e}bar")),
        ("purpose", json!(direction)),
        ("purpose", json!(hyphen)),
        ("purpose", json!(tag)),
        ("purpose", json!("a\nb")),
        ("nonce", json!(7)),
        ("nonce", json!("short")),
        ("nonce", json!("with space 0123456789 0123456789")),
        ("nonce", json!("0123456789+0123456789/01")),
        ("nonce", json!("0123456789-ñ-0123456789")),
        ("dcql_query", json!({})),
        ("dcql_query", json!(null)),
        ("transaction_data", json!([])),
    ] {
        refuse(with(member, value), malformed(part, member));
    }
    for name in [json!(7), json!(""), json!(direction), json!("a".repeat(301))] {
        refuse(
            with("client_metadata", json!({"client_name": name})),
            malformed(part, "client_name"),
        );
    }
    let random = &mut Counter(1);
    let query = DcqlQuery::for_claims("p", [TYPE], [ClaimPath::names(["a"]).unwrap()]).unwrap();
    refuse(
        PresentationRequest::new("", None, "x", query.clone(), random),
        malformed(part, "client_id"),
    );
    refuse(PresentationRequest::new("x", None, "x", query, &mut Broken), Error::Random);
}

#[test]
fn refuses_a_malformed_answer() {
    let read = |answer: Value| PresentationAnswer::from_slice(answer.to_string().as_bytes());
    accept(read(json!({"vp_token": {"persona": ["a"]}})));
    for answer in [
        json!({}),
        json!([]),
        json!({"vp_token": "a"}),
        json!({"vp_token": ["a"]}),
        json!({"vp_token": {"persona": "a"}}),
        json!({"vp_token": {"persona": []}}),
        json!({"vp_token": {"persona": [7]}}),
    ] {
        refuse(read(answer), malformed(Part::Request, "vp_token"));
    }
}

// JSON serializations.

#[test]
fn refuses_a_malformed_json_serialization() {
    let part = Part::JwsJson;
    let read = |token: &Value| jws_json::to_compact(token.to_string().as_bytes());
    let text = bound(&vc(r#""_sd":["<0>"]"#, &[r#"["salt","a",1]"#]));
    let flattened = accepted(jws_json::to_flattened(&text));
    let general = accepted(jws_json::to_general(&text));
    assert_eq!(accepted(read(&flattened)), text);
    assert_eq!(accepted(read(&general)), text);
    let changed = |pointer: &str, value: Value| {
        let base = if pointer.starts_with("/signatures") { &general } else { &flattened };
        let mut token = base.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        token.pointer_mut(parent).unwrap()[name] = value;
        read(&token)
    };
    for (pointer, value, member) in [
        ("/payload", json!(7), "payload"),
        ("/protected", json!({}), "protected"),
        ("/signature", json!(null), "signature"),
        ("/signatures", json!([]), "signatures"),
        ("/header", json!([]), "header"),
        ("/header/disclosures", json!("a~b"), "disclosures"),
        ("/header/disclosures", json!({}), "disclosures"),
        ("/header/disclosures", json!([7]), "disclosures"),
        ("/header/kb_jwt", json!(null), "kb_jwt"),
        ("/header/kb_jwt", json!(["a.b.c"]), "kb_jwt"),
    ] {
        refuse(changed(pointer, value), malformed(part, member));
    }
    for (pointer, value) in [
        ("/payload", json!("")),
        ("/payload", json!("a.b")),
        ("/protected", json!("a~b")),
        ("/signature", json!("a~b~")),
        ("/header/disclosures", json!([""])),
        ("/header/disclosures", json!(["a~b"])),
        ("/header/kb_jwt", json!("")),
        ("/header/kb_jwt", json!("a.b.c~")),
    ] {
        refuse(changed(pointer, value), Error::Shape { part });
    }
    refuse(read(&json!([])), malformed(part, "payload"));
    refuse(read(&json!({"payload": "a"})), malformed(part, "signature"));
    refuse(read(&json!({"payload": "a", "signatures": {}})), malformed(part, "signatures"));
    refuse(read(&json!({"payload": "a", "signatures": []})), malformed(part, "signatures"));
    // Only the first signature may carry Disclosures or a KB-JWT, and nothing may stand beside the list.
    for member in ["disclosures", "kb_jwt"] {
        let mut token = general.clone();
        let second = json!({"protected": "a", "signature": "b", "header": {member: ["x"]}});
        token["signatures"].as_array_mut().unwrap().push(second);
        refuse(read(&token), malformed(part, member));
    }
    for member in ["protected", "header"] {
        let mut token = general.clone();
        token[member] = flattened[member].clone();
        refuse(read(&token), malformed(part, "signatures"));
    }
    for text in ["", "a", "a~", "a.b~", "~"] {
        refuse(jws_json::to_flattened(text), Error::Shape { part: Part::IssuerJwt });
    }
}

#[test]
fn refuses_trust_in_unprotected_headers() {
    let text = token_by(HEADER, &vc_payload(""), &[], &OTHER_KEY);
    let mut token = accepted(jws_json::to_flattened(&text));
    token["header"]["jwk"] = OTHER_KEY.public_key().to_jwk();
    token["header"]["kid"] = json!("one");
    token["header"]["alg"] = json!("none");
    let compact = accepted(jws_json::to_compact(token.to_string().as_bytes()));
    assert_eq!(compact, text);
    refuse(verify(&compact), Error::Signature { part: Part::IssuerJwt });
}

// Issuing and presenting.

struct Broken;

impl Random for Broken {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), RandomError> {
        Err(RandomError)
    }
}

struct Refusing(SignerError);

impl Signer for Refusing {
    fn public_key(&self) -> PublicKey {
        HOLDER_KEY.public_key()
    }

    fn sign(&self, _: &[u8]) -> Result<Signature, SignerError> {
        Err(self.0)
    }
}

fn prepare(claims: &Object) -> Result<issue::UnsignedSdJwt, Error> {
    let header = IssuerHeader::sd_jwt_vc(JwsAlgorithm::Es256);
    issue::prepare(claims, &header, HashAlgorithm::Sha256, &mut Counter(1))
}

#[test]
fn refuses_to_issue_reserved_or_repeated_names() {
    for name in ["_sd", "...", "_sd_alg"] {
        let reserved = || Error::ReservedName { part: Part::IssuerJwt };
        refuse(prepare(&Object::new().open(name, 1)), reserved());
        refuse(prepare(&Object::new().disclosable(name, 1)), reserved());
        let inside = json!({"a": [{name: 1}]});
        refuse(prepare(&Object::new().disclosable("a", inside.clone())), reserved());
        refuse(prepare(&Object::new().open("a", Array::new().open(inside))), reserved());
    }
    let twice = Object::new().open("a", 1).disclosable("a", 2);
    refuse(prepare(&twice), Error::TemplateName);
    refuse(prepare(&Object::new().disclosable("b", twice)), Error::TemplateName);
}

#[test]
fn refuses_to_issue_a_protected_claim_that_can_be_hidden() {
    for claim in PROTECTED_CLAIMS {
        let error = || Error::ProtectedClaim { claim };
        refuse(prepare(&Object::new().disclosable(claim, "x")), error());
        let part = Object::new().disclosable("x", 1);
        refuse(prepare(&Object::new().open(claim, part)), error());
        let part = Object::new().open("y", Array::new().min_digests(1));
        refuse(prepare(&Object::new().open(claim, part)), error());
        let elsewhere = Object::new().disclosable(claim, "x");
        accept(prepare(&Object::new().open("vct", TYPE).open("a", elsewhere)));
    }
}

#[test]
fn refuses_to_issue_what_a_verifier_of_sd_jwt_vc_would_refuse() {
    refuse(prepare(&Object::new()), Error::Vct);
    refuse(prepare(&Object::new().open("vct", 7)), Error::Vct);
    let typed = || Object::new().open("vct", TYPE);
    refuse(prepare(&typed().open("aka_vcts", json!([]))), Error::Vct);
    refuse(prepare(&typed().open("aka_vcts", json!([TYPE]))), Error::Vct);
    for claim in ["cnf", "status", "iss"] {
        refuse(prepare(&typed().open(claim, json!([1]))), Error::VcClaimMalformed { claim });
    }
    accept(prepare(&typed().open("cnf", Object::new()).open("status", json!({}))));
}

#[test]
fn refuses_digests_inside_a_protected_claim_though_nothing_is_shown() {
    let digest = "A".repeat(43);
    let payload = format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}","status":{{"_sd":["{digest}"]}}}}"#);
    refuse(verify(&token(&payload, &[])), Error::ProtectedClaim { claim: "status" });
}

#[test]
fn refuses_to_issue_or_make_keys_without_random_bytes() {
    let header = IssuerHeader::sd_jwt_vc(JwsAlgorithm::Es256);
    let claims = Object::new().open("vct", TYPE).disclosable("a", 1);
    refuse(issue::prepare(&claims, &header, HashAlgorithm::Sha256, &mut Broken), Error::Random);
    refuse(SigningKey::generate(KeyKind::P256, &mut Broken), Error::Random);
}

#[test]
fn refuses_a_claim_that_is_not_there() {
    let missing = |path: &str| Error::ClaimNotFound { path: path.to_owned() };
    let claims = json!({"name": "Ana", "list": [{"a": 1}, {"b": 2}]});
    let claims = claims.as_object().unwrap();
    let text = vc(r#""a":[1],"_sd":["decoy"]"#, &[]);
    let held = accepted(Held::reopen(&text));
    for path in ["nmae", "name.first", "list[2]", "list[*].a", "list.a", "[0]"] {
        let chosen = [path.parse::<ClaimPath>().unwrap()];
        refuse(Object::from_json(claims, &chosen), missing(path));
        refuse(held.select(&chosen), missing(path));
    }
    accept(Object::from_json(claims, &["list[*]".parse().unwrap(), "name".parse().unwrap()]));
}

#[test]
fn refuses_what_a_signer_did_not_sign() {
    let claims = Object::new().open("vct", TYPE).open("a", 1);
    let prepared = || accepted(prepare(&claims));
    let mismatch = Error::Signer(SignerError::KeyMismatch);
    for error in [SignerError::Cancelled, SignerError::KeyMismatch, SignerError::Unavailable] {
        refuse(prepared().sign(&Refusing(error)), Error::Signer(error));
        refuse(key_proof::sign(&Refusing(error), "a", "n", NOW), Error::Signer(error));
    }
    refuse(prepared().sign(&*ED_KEY), mismatch.clone());
    let signature = ISSUER_KEY.sign(b"another text").unwrap();
    let part = Part::IssuerJwt;
    let key = ISSUER_KEY.public_key();
    refuse(prepared().attach(&signature, &key), Error::Signature { part });
    refuse(prepared().attach(&signature, &ED_KEY.public_key()), mismatch.clone());

    let text = vc("", &[]);
    let held = accepted(Held::reopen(&text));
    let unsigned = |algorithm| {
        let unbound = held.present(&accepted(held.select([])));
        unbound.bind(AUDIENCE, NONCE, NOW, algorithm)
    };
    refuse(unsigned(Some(JwsAlgorithm::EdDsa)), mismatch.clone());
    refuse(accepted(unsigned(None)).sign(&*OTHER_KEY), mismatch);
    let cancelled = SignerError::Cancelled;
    refuse(accepted(unsigned(None)).sign(&Refusing(cancelled)), Error::Signer(cancelled));
    let part = Part::KeyBinding;
    refuse(accepted(unsigned(None)).attach(&signature), Error::Signature { part });
}

// Paths.

#[test]
fn refuses_paths_that_cannot_be_read_or_choose_nothing() {
    refuse_path(ClaimPath::from_json(&json!([])), PathError::Empty);
    refuse_path(ClaimPath::from_json(&json!({})), PathError::NotAPath);
    let odd = json!(["a", -1]);
    refuse_path(ClaimPath::from_json(&odd), PathError::ComponentInvalid { position: 1 });
    refuse_path(ClaimPath::parse_dotted("a..b"), PathError::Syntax { offset: 1 });
    let long = vec![PathSegment::Wildcard; 33];
    refuse_path(ClaimPath::new(long), PathError::TooManySegments);
    let verified = accepted(verify(&vc(r#""a":{"b":[{"...":"x"},1]}"#, &[])));
    let select = |path: &str| verified.select(&path.parse().unwrap()).map(drop);
    assert_eq!(select("a.b[1]"), Ok(()));
    refuse_path(select("a.b[0]"), PathError::NothingSelected);
    refuse_path(select("a.c"), PathError::NothingSelected);
    refuse_path(select("a[0]"), PathError::ArrayExpected { position: 1 });
    refuse_path(select("a.b.c"), PathError::ObjectExpected { position: 2 });
}

// Type Metadata. Its conformance cases have many more inputs.

fn type_documents(texts: &[Value]) -> Result<TypeDocuments, TypeMetadataError> {
    let mut documents = TypeDocuments::new();
    for text in texts {
        documents.add_own(text["vct"].as_str().unwrap_or(TYPE), text.to_string().as_bytes())?;
    }
    Ok(documents)
}

fn resolve(texts: &[Value]) -> Result<(), TypeMetadataError> {
    type_documents(texts)?.resolve(TYPE, None).map(drop)
}

fn check(claims: &Value, credential: &str) -> Result<(), TypeMetadataError> {
    let documents = type_documents(&[json!({"vct": TYPE, "claims": claims})])?;
    let credential = accepted(verify(credential));
    documents.resolve_for(&credential)?.check_complete(&credential)
}

#[test]
fn refuses_documents_that_cannot_be_read() {
    let at = |member: &str| vec![PathSegment::Name(member.to_owned())];
    let missing = TypeMetadataError::MemberMalformed { at: at("vct") };
    refuse_type(resolve(&[json!({})]), missing);
    refuse_type(resolve(&[json!([])]), TypeMetadataError::Json(JsonFault::NotAnObject));
    let mut documents = TypeDocuments::new();
    refuse_type(
        documents.add_own("urn:other", br#"{"vct":"urn:o"}"#),
        TypeMetadataError::VctMismatch,
    );
    let huge = format!(r#"{{"vct":"{TYPE}","x":"{}"}}"#, "x".repeat(1 << 20));
    let limit = TypeMetadataError::LimitExceeded { limit: "bytes of a type document" };
    refuse_type(documents.add_own(TYPE, huge.as_bytes()), limit);
    let claims = |claims: Value| resolve(&[json!({"vct": TYPE, "claims": claims})]);
    let second = vec![PathSegment::Name("claims".to_owned()), PathSegment::Index(1)];
    refuse_type(
        claims(json!([{"path": ["a"]}, {"path": ["a"]}])),
        TypeMetadataError::ClaimRepeated { at: second },
    );
    let path = "a".parse().unwrap();
    refuse_type(claims(json!([{"path": ["a"], "svg_id": "1"}])), TypeMetadataError::SvgId { path });
}

#[test]
fn refuses_documents_that_do_not_belong_together() {
    let base = |claim: Value| json!({"vct": "urn:b", "claims": [claim]});
    let child = |claim: Value| json!({"vct": TYPE, "extends": "urn:b", "claims": [claim]});
    let path: ClaimPath = "a".parse().unwrap();
    refuse_type(resolve(&[]), TypeMetadataError::DocumentMissing);
    let version = |name: &str| json!({"vct": TYPE, "name": name});
    refuse_type(resolve(&[version("1"), version("2")]), TypeMetadataError::Ambiguous);
    refuse_type(resolve(&[json!({"vct": TYPE, "extends": TYPE})]), TypeMetadataError::Circular);
    let link = |index: usize| json!({"vct": format!("urn:{index}"), "extends": format!("urn:{}", index + 1)});
    let mut chain = vec![json!({"vct": TYPE, "extends": "urn:0"})];
    chain.extend((0..8).map(link));
    refuse_type(resolve(&chain), TypeMetadataError::ChainTooLong);
    refuse_type(
        resolve(&[base(json!({"path": ["a"], "sd": "never"})), child(json!({"path": ["a"]}))]),
        TypeMetadataError::SdChanged { path: path.clone() },
    );
    refuse_type(
        resolve(&[base(json!({"path": ["a"], "mandatory": true})), child(json!({"path": ["a"]}))]),
        TypeMetadataError::MandatoryRelaxed { path },
    );
    let documents = type_documents(&[version("1")]).unwrap();
    for (integrity, expected) in [
        ("sha256-AAAA", TypeMetadataError::IntegrityMismatch),
        ("md5-AAAA", TypeMetadataError::IntegrityUnsupported),
    ] {
        refuse_type(documents.resolve(TYPE, Some(&Integrity::new(integrity))), expected);
    }
}

#[test]
fn refuses_a_credential_that_is_not_as_its_type_says() {
    let path: ClaimPath = "a".parse().unwrap();
    let claim = |rule: &str, value: Value| json!([{"path": ["a"], rule: value}]);
    refuse_type(
        check(&claim("mandatory", json!(true)), &vc("", &[])),
        TypeMetadataError::ClaimMissing { path: path.clone() },
    );
    refuse_type(
        check(&claim("sd", json!("always")), &vc(r#""a":1"#, &[])),
        TypeMetadataError::SdAlways { path: path.clone() },
    );
    refuse_type(
        check(&claim("sd", json!("never")), &vc(r#""_sd":["<0>"]"#, &[r#"["s","a",1]"#])),
        TypeMetadataError::SdNever { path },
    );
    let fault = PathError::ObjectExpected { position: 1 };
    refuse_type(
        check(&json!([{"path": ["a", "b"]}]), &vc(r#""a":1"#, &[])),
        TypeMetadataError::ClaimKind { path: "a.b".parse().unwrap(), fault },
    );
}

// The sum.

const ALL: &[fn()] = &[
    the_hand_made_tokens_are_accepted_as_they_are,
    refuses_a_jwt_without_a_tilde,
    refuses_a_credential_that_is_for_somebody_else,
    refuses_an_empty_component,
    refuses_a_jwt_of_other_than_three_parts,
    refuses_parts_in_another_order,
    refuses_white_space_and_json_for_a_compact_token,
    refuses_more_bytes_disclosures_digests_or_levels_than_the_limits,
    refuses_base64url_that_is_padded_spaced_or_has_spare_bits,
    refuses_spare_bits_in_every_part,
    refuses_spare_bits_in_a_signature,
    refuses_a_name_given_twice_wherever_it_stands,
    refuses_a_disclosed_name_that_is_given_twice,
    refuses_what_is_not_json_or_not_an_object,
    refuses_a_critical_or_unencoded_payload_header,
    refuses_a_kid_that_is_no_string,
    refuses_an_algorithm_that_is_not_the_keys_or_not_on_the_list,
    refuses_alg_none_without_a_signature,
    tells_the_two_names_of_ed25519_apart_where_the_list_does,
    refuses_a_token_of_another_type,
    refuses_a_jwt_of_one_role_in_another,
    refuses_a_signature_of_another_key_or_over_another_text,
    refuses_signatures_that_are_no_pair_of_numbers,
    accepts_both_signatures_that_ecdsa_allows,
    refuses_a_hash_that_is_unknown_or_misplaced,
    refuses_a_repeated_digest,
    refuses_a_disclosure_of_the_wrong_length_for_its_place,
    refuses_a_malformed_disclosure,
    refuses_a_disclosed_name_that_is_reserved,
    refuses_a_disclosure_that_nothing_refers_to,
    refuses_reserved_names_that_are_not_what_they_must_be,
    accepts_digests_that_are_never_sent,
    refuses_a_token_from_the_second_of_exp_on,
    refuses_a_token_before_nbf,
    refuses_dates_that_are_no_dates,
    refuses_a_token_whose_dates_are_hidden_in_disclosures,
    refuses_protected_claims_and_their_parts_in_disclosures,
    refuses_a_type_that_is_missing_malformed_or_not_accepted,
    refuses_cnf_status_and_iss_of_the_wrong_type,
    refuses_another_issuer_and_a_required_claim_that_is_missing,
    refuses_keys_that_cannot_be_used,
    refuses_keys_and_signatures_in_no_known_encoding,
    refuses_missing_and_unexpected_key_binding,
    refuses_key_binding_to_a_credential_without_a_key,
    refuses_key_binding_by_another_key,
    refuses_another_audience_or_nonce,
    refuses_a_nonce_that_is_a_number_where_its_digits_are_expected,
    refuses_key_binding_over_other_disclosures,
    refuses_key_binding_that_is_old_or_from_the_future,
    refuses_a_key_proof_that_does_not_hold_its_own_key,
    refuses_a_key_proof_for_another_issuer_challenge_or_time,
    refuses_issuers_and_names_that_are_empty_as_the_reader_of_lists_does,
    refuses_the_key_of_one_issuer_for_the_name_of_another,
    refuses_an_issuer_type_or_time_that_is_not_trusted,
    refuses_a_token_without_the_certificates_that_the_list_asks_for,
    refuses_a_malformed_trust_list,
    refuses_a_malformed_request,
    refuses_a_malformed_answer,
    refuses_a_malformed_json_serialization,
    refuses_trust_in_unprotected_headers,
    refuses_to_issue_reserved_or_repeated_names,
    refuses_to_issue_a_protected_claim_that_can_be_hidden,
    refuses_to_issue_what_a_verifier_of_sd_jwt_vc_would_refuse,
    refuses_digests_inside_a_protected_claim_though_nothing_is_shown,
    refuses_to_issue_or_make_keys_without_random_bytes,
    refuses_a_claim_that_is_not_there,
    refuses_what_a_signer_did_not_sign,
    refuses_paths_that_cannot_be_read_or_choose_nothing,
    refuses_documents_that_cannot_be_read,
    refuses_documents_that_do_not_belong_together,
    refuses_a_credential_that_is_not_as_its_type_says,
];

/// The codes in the bodies of the functions `code` of a source file.
fn codes_of(source: &'static str) -> BTreeSet<&'static str> {
    let bodies = source.split("const fn code(").skip(1);
    let arms = bodies.flat_map(|body| body.split("\n    }\n").next().unwrap().split("=> \""));
    let codes = arms.filter_map(|arm| arm.split_once("\",").map(|(code, _)| code));
    codes
        .filter(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b"_0123456789".contains(&b)))
        .collect()
}

#[test]
fn every_error_code_has_an_input_that_leads_to_it() {
    let tests = include_str!("refusals.rs").lines().filter(|line| *line == "#[test]").count();
    assert_eq!(ALL.len() + 1, tests, "ALL must list every other test of this file");
    for test in ALL {
        test();
    }
    let sources = [
        include_str!("../src/error.rs"),
        include_str!("../src/json.rs"),
        include_str!("../src/path.rs"),
        include_str!("../src/type_metadata/error.rs"),
    ];
    let known: BTreeSet<_> = sources.into_iter().flat_map(codes_of).collect();
    assert!(known.len() > 50, "the source is no longer read as it is written: {known:?}");
    let seen = SEEN.with_borrow(Clone::clone);
    assert_eq!(seen, known);
}
