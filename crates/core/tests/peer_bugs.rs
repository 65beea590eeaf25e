//! Mistakes that other implementations have made, each as a test that this one does not make it.
//!
//! Named after the behaviour, not after who had it.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/support.rs"]
mod support;

use llavero_core::present::Held;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{
    Error, Format, KeyBinding, Part, Policy, SdJwt, Signature, Signer as _, SigningKey, UnixTime,
};
use serde_json::json;
use support::*;

#[track_caller]
fn refused<T>(result: Result<T, Error>, code: &str) {
    let error = result.err().unwrap_or_else(|| panic!("accepted, but should have been {code}"));
    assert_eq!(error.code(), code, "{error}");
}

/// A KB-JWT for a credential without Disclosures, with one piece of its payload replaced.
fn kb_with(from: &str, to: &str) -> String {
    bind(&vc("", &[]), KB_HEADER, &kb_payload().replace(from, to), &HOLDER_KEY)
}

#[test]
fn the_key_that_kid_names_must_be_one_of_the_issuer_that_iss_names() {
    // Trust looked up by `iss`, the key by `kid`: whoever is trusted for anything could sign for everybody.
    let issuer = |issuer: &str, key: &SigningKey, key_id: &str| TrustedIssuer {
        issuer: issuer.to_owned(),
        name: "Registro de prueba".to_owned(),
        types: vec![TYPE.to_owned()],
        keys: IssuerKeys::Listed(vec![TrustedKey {
            key_id: Some(key_id.to_owned()),
            ..TrustedKey::new(key.public_key())
        }]),
        requires_type_metadata: false,
    };
    let list = TrustList::new(
        NOW,
        vec![
            issuer(ISSUER, &ISSUER_KEY, "https://registro.example#1"),
            issuer("https://otro.example", &OTHER_KEY, "https://otro.example#1"),
        ],
    );
    let list = accepted(list);
    let header = HEADER.replace('}', r#","kid":"https://otro.example#1"}"#);
    let forged = token_by(&header, &vc_payload(""), &[], &OTHER_KEY);
    let sd_jwt = accepted(SdJwt::parse(&forged));
    refused(list.verify(sd_jwt, KeyBinding::Forbid, &[], 0, NOW), "untrusted");
}

#[test]
fn alg_none_is_refused_however_it_is_spelt_and_signed() {
    for alg in ["none", "None", "NONE", "nOnE"] {
        let header = format!(r#"{{"alg":"{alg}","typ":"dc+sd-jwt"}}"#);
        let signed = token_by(&header, &vc_payload(""), &[], &ISSUER_KEY);
        refused(verify(&signed), "algorithm_not_allowed");
        let unsigned = format!("{}.{}.~", b64(&header), b64(vc_payload("")));
        refused(verify(&unsigned), "signature");
    }
}

#[test]
fn an_array_placeholder_has_no_other_members() {
    let element = [r#"["salt","MX"]"#];
    refused(verify(&vc(r#""a":[{"...":"<0>","b":1}]"#, &element)), "reserved_name");
    refused(verify(&vc(r#""a":[{"b":1,"...":"<0>"}]"#, &element)), "reserved_name");
}

#[test]
fn a_disclosure_has_two_elements_in_an_array_and_three_in_an_object() {
    refused(verify(&vc(r#""a":[{"...":"<0>"}]"#, &[r#"["salt","b",1]"#])), "disclosure_arity");
    refused(verify(&vc(r#""_sd":["<0>"]"#, &[r#"["salt","b"]"#])), "disclosure_arity");
    for odd in [r#"["salt"]"#, r#"["salt","a",1,2]"#, "[]"] {
        refused(verify(&vc(r#""_sd":["<0>"]"#, &[odd])), "disclosure_malformed");
    }
}

#[test]
fn no_disclosure_is_named_sd_or_dots() {
    for name in ["_sd", "..."] {
        let disclosure = format!(r#"["salt","{name}",["x"]]"#);
        refused(verify(&vc(r#""_sd":["<0>"]"#, &[&disclosure])), "disclosure_name");
        refused(Held::reopen(&vc(r#""_sd":["<0>"]"#, &[&disclosure])), "disclosure_name");
    }
}

#[test]
fn nbf_is_checked() {
    refused(verify(&vc(r#""nbf":1900000000"#, &[])), "not_yet_valid");
}

#[test]
fn a_holder_takes_no_presentation_from_an_issuer() {
    let answer = bound(&vc("", &[]));
    refused(verify(&answer), "key_binding_unexpected");
    refused(Held::reopen(&answer), "key_binding_unexpected");
}

#[test]
fn a_holder_receives_through_the_same_check_of_the_issuers_signature() {
    let forged = token_by(HEADER, &vc_payload(""), &[], &OTHER_KEY);
    refused(verify(&forged), "signature");
}

#[test]
fn audience_and_nonce_are_checked_wherever_key_binding_is_required() {
    // There is no way to require the one without the other: a challenge is both.
    refused(verify_bound(&kb_with(AUDIENCE, "x509_san_dns:otra.example")), "audience_mismatch");
    refused(verify_bound(&kb_with(NONCE, "another")), "nonce_mismatch");
    let payload = format!(r#"{{"iat":{NOW},"sd_hash":"<sd_hash>"}}"#);
    let answer = bind(&vc("", &[]), KB_HEADER, &payload, &HOLDER_KEY);
    refused(verify_bound(&answer), "audience_mismatch");
}

#[test]
fn key_binding_is_required_or_forbidden_whatever_was_sent() {
    let text = vc("", &[]);
    refused(verify_bound(&text), "key_binding_missing");
    refused(verify(&bound(&text)), "key_binding_unexpected");
}

#[test]
fn a_key_binding_of_years_ago_is_refused() {
    refused(verify_bound(&kb_with(&NOW.to_string(), "1577836800")), "key_binding_expired");
}

#[test]
fn a_key_binding_of_years_to_come_is_refused() {
    refused(verify_bound(&kb_with(&NOW.to_string(), "1893456000")), "key_binding_in_future");
}

#[test]
fn a_key_binding_without_a_time_is_refused() {
    refused(verify_bound(&kb_with(&format!("\"iat\":{NOW},"), "")), "date_malformed");
    refused(verify_bound(&kb_with(&NOW.to_string(), "\"1767225600\"")), "date_malformed");
    refused(verify_bound(&kb_with(&NOW.to_string(), "null")), "date_malformed");
}

#[test]
fn a_key_binding_to_several_audiences_is_refused() {
    let list = format!("[\"{AUDIENCE}\"]");
    refused(verify_bound(&kb_with(&format!("\"{AUDIENCE}\""), &list)), "audience_mismatch");
}

#[test]
fn a_key_binding_that_is_not_yet_valid_or_has_expired_is_refused() {
    refused(verify_bound(&kb_with("}", r#","nbf":1900000000}"#)), "not_yet_valid");
    refused(verify_bound(&kb_with("}", r#","exp":1767225600}"#)), "expired");
}

#[test]
fn an_unknown_critical_header_is_refused_in_both_jwts() {
    let critical = |header: &str| header.replace('}', r#","crit":["urn:x"],"urn:x":1}"#);
    let text = token_by(&critical(HEADER), &vc_payload(""), &[], &ISSUER_KEY);
    refused(verify(&text), "critical_header");
    let answer = bind(&vc("", &[]), &critical(KB_HEADER), &kb_payload(), &HOLDER_KEY);
    refused(verify_bound(&answer), "critical_header");
}

#[test]
fn a_symmetric_key_printed_in_cnf_is_refused() {
    for jwk in [r#"{"kty":"oct","k":"c2VjcmV0"}"#, r#"{"kty":"oct","alg":"HS256","k":"c2VjcmV0"}"#]
    {
        let payload = format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}","cnf":{{"jwk":{jwk}}}}}"#);
        let header = r#"{"alg":"HS256","typ":"kb+jwt"}"#;
        let answer = bind(&token(&payload, &[]), header, &kb_payload(), &HOLDER_KEY);
        refused(verify_bound(&answer), "jwk");
    }
    let answer =
        bind(&vc("", &[]), r#"{"alg":"HS256","typ":"kb+jwt"}"#, &kb_payload(), &HOLDER_KEY);
    refused(verify_bound(&answer), "algorithm_not_allowed");
}

#[test]
fn a_key_binding_by_the_issuers_key_is_refused() {
    let answer = bind(&vc("", &[]), KB_HEADER, &kb_payload(), &ISSUER_KEY);
    refused(verify_bound(&answer), "signature");
}

#[test]
fn a_key_binding_is_checked_against_cnf_and_no_other_key() {
    let jwk = OTHER_KEY.public_key().to_jwk_text();
    let header = KB_HEADER.replace('}', &format!(r#","jwk":{jwk}}}"#));
    let answer = bind(&vc("", &[]), &header, &kb_payload(), &OTHER_KEY);
    refused(verify_bound(&answer), "signature");
    // Nor against a key that stands in the claims somewhere else.
    let members = format!(r#""jwk":{jwk},"sub_jwk":{jwk}"#);
    let answer = bind(&vc(&members, &[]), KB_HEADER, &kb_payload(), &OTHER_KEY);
    refused(verify_bound(&answer), "signature");
}

#[test]
fn exp_and_nbf_are_checked_where_they_stand_only_in_a_disclosure() {
    for (disclosure, code) in [
        (r#"["salt","exp",1700000000]"#, "expired"),
        (r#"["salt","nbf",1900000000]"#, "not_yet_valid"),
    ] {
        refused(verify_plain(&token(r#"{"_sd":["<0>"]}"#, &[disclosure])), code);
        refused(verify(&vc(r#""_sd":["<0>"]"#, &[disclosure])), "protected_claim");
    }
}

#[test]
fn exp_is_a_number_within_the_calendar_or_the_token_is_refused() {
    for (exp, code) in [
        ("\"1900000000\"", "date_malformed"),
        ("1e300", "date_malformed"),
        ("-1", "expired"),
        ("1767225600.5", "expired"),
        ("1767225599.5", "expired"),
    ] {
        refused(verify(&vc(&format!(r#""exp":{exp}"#), &[])), code);
    }
    // Rounded down: half a second never makes a validity longer.
    let verified = accepted(verify(&vc(r#""exp":1767225601.5"#, &[])));
    assert_eq!(verified.expires(), Some(UnixTime::from_secs(1_767_225_601)));
}

#[test]
fn nested_disclosures_do_not_overflow_the_stack() {
    // In a thread with as little stack as a phone gives, and with a signature that is not even valid.
    let nested = |count: usize| {
        let texts: Vec<String> = (0..count)
            .map(|n| match n + 1 {
                next if next == count => format!(r#"["s{n}","a",1]"#),
                next => format!(r#"["s{n}","a",{{"_sd":["<{next}>"]}}]"#),
            })
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        token_by(HEADER, r#"{"_sd":["<0>"]}"#, &texts, &OTHER_KEY)
    };
    let deep = r#"{"a":"#.repeat(100_000);
    let texts = [
        (nested(1_000), "limit_exceeded"),
        (nested(5_000), "limit_exceeded"),
        (token(&deep, &[]), "json_too_deep"),
        (token(r#"{"_sd":["<0>"]}"#, &[&format!(r#"["s","a",{deep}"#)]), "json_too_deep"),
        (token(&format!(r#"{{"a":{}"#, "[".repeat(100_000)), &[]), "json_too_deep"),
    ];
    let run = move || {
        for (text, code) in &texts {
            refused(Held::reopen(text), code);
            assert!(verify_plain(text).is_err());
            if let Ok(sd_jwt) = SdJwt::parse(text) {
                assert_eq!(sd_jwt.untrusted_issuer(), None);
                let _ = sd_jwt.untrusted_contents();
            }
        }
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn the_issuers_signature_is_checked_before_disclosures_are_read() {
    let broken = [r#"["salt","#];
    let forged = token_by(HEADER, &vc_payload(r#""_sd":["<0>"]"#), &broken, &OTHER_KEY);
    refused(verify(&forged), "signature");
    let payload = token_by(HEADER, "not JSON", &[], &OTHER_KEY);
    refused(verify(&payload), "signature");
}

#[test]
fn what_stays_hidden_leaves_no_placeholder_behind() {
    let text =
        vc(r#""a":["x",{"...":"d1"},"y",{"...":"d2"}],"b":{"_sd":["d3"]},"_sd":["d4"]"#, &[]);
    let verified = accepted(verify(&text));
    assert_eq!(verified.claim("a"), Some(&json!(["x", "y"])));
    assert_eq!(verified.claim("b"), Some(&json!({})));
    let printed = verified.claims().to_string();
    assert!(!printed.contains("...") && !printed.contains("_sd"), "{printed}");
}

#[test]
fn empty_objects_and_arrays_stay() {
    let members = r#""o":{},"a":[],"l":[{},[],{"...":"d1"}],"n":null,"h":[{"...":"d2"}]"#;
    let verified = accepted(verify(&vc(members, &[])));
    for (name, value) in [
        ("o", json!({})),
        ("a", json!([])),
        ("l", json!([{}, []])),
        ("n", json!(null)),
        ("h", json!([])),
    ] {
        assert_eq!(verified.claim(name), Some(&value), "{name}");
    }
}

#[test]
fn elements_keep_their_order_whichever_way_disclosures_come() {
    let members = r#""a":[{"...":"<0>"},"b",{"...":"<1>"},{"...":"<2>"},"e"]"#;
    let text = vc(members, &[r#"["s0","a"]"#, r#"["s1","c"]"#, r#"["s2","d"]"#]);
    let parts: Vec<&str> = text.split('~').collect();
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1]] {
        let [x, y, z] = order.map(|index| parts[index]);
        let verified = accepted(verify(&format!("{}~{x}~{y}~{z}~", parts[0])));
        assert_eq!(verified.claim("a"), Some(&json!(["a", "b", "c", "d", "e"])));
    }
    let verified = accepted(verify(&format!("{}~{}~{}~", parts[0], parts[3], parts[1])));
    assert_eq!(verified.claim("a"), Some(&json!(["a", "b", "d", "e"])));
}

#[test]
fn a_credential_without_iss_is_verified_under_the_key_of_the_policy() {
    let payload = format!(r#"{{"vct":"{TYPE}"}}"#);
    let header = HEADER.replace('}', r#","x5c":["MIIB"]}"#);
    let text = token_by(&header, &payload, &[], &ISSUER_KEY);
    let policy = Policy { issuer: None, ..policy() };
    let verified = accepted(verify_by(&text, &policy));
    assert_eq!(verified.issuer(), None);
    let forged = token_by(&header, &payload, &[], &OTHER_KEY);
    refused(verify_by(&forged, &policy), "signature");
}

#[test]
fn a_garbage_signature_without_iss_is_an_error_like_any_other() {
    let payload = format!(r#"{{"vct":"{TYPE}"}}"#);
    let text = format!("{}.{}.{}~", b64(HEADER), b64(payload), b64([7; 64]));
    refused(verify(&text), "signature");
    let any = Policy { issuer: None, format: Format::SdJwtVc { types: None }, ..policy() };
    refused(verify_by(&text, &any), "signature");
}

#[test]
fn a_signature_in_der_is_refused_where_it_is_verified_and_where_it_is_attached() {
    let text = vc("", &[]);
    let (input, raw) = text.trim_end_matches('~').rsplit_once('.').unwrap();
    let raw = unb64(raw);
    let der = [&[0x30, 70, 2, 33, 0], &raw[..32], &[2, 33, 0], &raw[32..]].concat();
    refused(verify(&format!("{input}.{}~", b64(&der))), "signature");
    // Cut to the length of a raw signature, as a careless bridge might.
    let cut: [u8; 64] = der[..64].try_into().unwrap();
    refused(verify(&format!("{input}.{}~", b64(cut))), "signature");
    let held = accepted(Held::reopen(&text));
    let unbound = held.present(&accepted(held.select([])));
    let unsigned = accepted(unbound.bind(AUDIENCE, NONCE, NOW, None));
    let error = unsigned.attach(&Signature::from_bytes(cut)).err();
    assert_eq!(error, Some(Error::Signature { part: Part::KeyBinding }));
}

#[test]
fn the_key_binding_key_is_the_one_of_this_credential() {
    // Another credential of the same type, for another key: its answer does not fit this one.
    let jwk = OTHER_KEY.public_key().to_jwk_text();
    let payload = format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}","cnf":{{"jwk":{jwk}}}}}"#);
    let other = token(&payload, &[]);
    refused(verify_bound(&bound(&other)), "signature");
    accept(verify_bound(&bind(&other, KB_HEADER, &kb_payload(), &OTHER_KEY)));
    let held = accepted(Held::reopen(&other));
    let unbound = held.present(&accepted(held.select([])));
    let unsigned = accepted(unbound.bind(AUDIENCE, NONCE, NOW, None));
    assert!(!unsigned.is_for(&HOLDER_KEY.public_key()));
    refused(unsigned.sign(&*HOLDER_KEY), "signer_key_mismatch");
}

#[test]
fn characters_beyond_the_basic_plane_are_claims_like_any_other() {
    let text = vc(r#""_sd":["<0>"]"#, &[r#"["salt","apodo 🦎","\ud83e\udd8e 太郎"]"#]);
    assert_eq!(accepted(verify(&text)).claim("apodo 🦎"), Some(&json!("🦎 太郎")));
}

#[test]
fn dots_in_names_separate_nothing() {
    let text = vc(r#""a":{"b":1},"_sd":["<0>"]"#, &[r#"["salt","a.b",2]"#]);
    let held = accepted(Held::reopen(&text));
    let nested = accepted(held.select([&"a.b".parse().unwrap()]));
    assert_eq!(held.selected(&nested).count(), 0);
    let dotted = accepted(held.select([&r#"["a.b"]"#.parse().unwrap()]));
    assert_eq!(held.selected(&dotted).count(), 1);
}
