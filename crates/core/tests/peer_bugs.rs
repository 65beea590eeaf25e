//! Mistakes that other implementations have made, each as a test that this one does not make it.
//!
//! Named after the behaviour, not after who had it. Where a mistake is of a wallet, a verifier or an issuer, its test is
//! there. Paths are from the root of the workspace; without one it is in this file.
//!
//! | mistake | test |
//! |---|---|
//! | trust looked up by `iss`, the key by `kid` | `the_key_that_kid_names_must_be_one_of_the_issuer_that_iss_names` |
//! | a key that the token's own header brings | `a_header_does_not_bring_the_key_it_is_checked_under` |
//! | `alg: none` | `alg_none_is_refused_however_it_is_spelt_and_signed` |
//! | a placeholder with more members | `an_array_placeholder_has_no_other_members` |
//! | a Disclosure of the wrong arity | `a_disclosure_has_two_elements_in_an_array_and_three_in_an_object` |
//! | `_sd` and `...` as disclosed names | `no_disclosure_is_named_sd_or_dots` |
//! | a Disclosure that nothing refers to | `a_disclosure_that_no_digest_refers_to_is_refused_with_its_children` |
//! | a digest that occurs twice | `a_digest_that_occurs_twice_is_refused_wherever_it_occurs` |
//! | a disclosed name that is taken | `a_disclosed_name_that_is_taken_is_refused` |
//! | `_sd_alg` unknown, weak or nested, and nothing disclosed | `a_hash_that_is_unknown_weak_or_nested_is_refused_though_nothing_is_disclosed` |
//! | a bare JWT, no final tilde, empty components | `only_the_exact_layout_is_an_sd_jwt` |
//! | `nbf` not checked | `nbf_is_checked` |
//! | `exp`, `nbf` only in a Disclosure | `exp_and_nbf_are_checked_where_they_stand_only_in_a_disclosure` |
//! | `exp` a string, negative, fractional, 1e300 | `exp_is_a_number_within_the_calendar_or_the_token_is_refused` |
//! | a protected claim, or a part of one, disclosed | `a_protected_claim_comes_from_no_disclosure_nor_does_a_part_of_one` |
//! | `vct` optional, `vc+sd-jwt` by default | `a_credential_has_a_type_and_the_one_typ` |
//! | a holder takes an SD-JWT+KB | `a_holder_takes_no_presentation_from_an_issuer`, `crates/holder/tests/receive.rs::refuses_a_presentation` |
//! | a holder does not check the issuer's signature | `a_holder_receives_through_the_same_check_of_the_issuers_signature`, `crates/holder/tests/receive.rs::refuses_what_the_trust_list_does_not_vouch_for` |
//! | `aud` and `nonce` present and not checked | `audience_and_nonce_are_checked_wherever_key_binding_is_required` |
//! | the nonce of the first presentation only | `tests/tests/verifier.rs::every_presentation_of_an_answer_has_its_nonce_and_audience_checked` |
//! | key binding checked only if it was sent | `key_binding_is_required_or_forbidden_whatever_was_sent` |
//! | a KB-JWT of years ago | `a_key_binding_of_years_ago_is_refused` |
//! | a KB-JWT of years to come | `a_key_binding_of_years_to_come_is_refused` |
//! | a KB-JWT without `iat`, or with a string | `a_key_binding_without_a_time_is_refused` |
//! | `aud` as an array | `a_key_binding_to_several_audiences_is_refused` |
//! | `nbf`, `exp` of a KB-JWT | `a_key_binding_that_is_not_yet_valid_or_has_expired_is_refused` |
//! | `sd_hash` without the final tilde, or always SHA-256 | `sd_hash_covers_the_final_tilde_under_the_hash_of_the_credential` |
//! | `typ` of a KB-JWT | `a_key_binding_has_the_one_typ` |
//! | one allow-list for issuer and holder | `the_holders_algorithm_is_not_the_issuers_and_has_its_own_list` |
//! | an unknown `crit` | `an_unknown_critical_header_is_refused_in_both_jwts` |
//! | HMAC with a key printed in `cnf` | `a_symmetric_key_printed_in_cnf_is_refused` |
//! | a KB-JWT by the issuer's key | `a_key_binding_by_the_issuers_key_is_refused` |
//! | a key-binding key not tied to `cnf` | `a_key_binding_is_checked_against_cnf_and_no_other_key`, `the_key_binding_key_is_the_one_of_this_credential` |
//! | the stack overflows, before the signature is checked | `nested_disclosures_do_not_overflow_the_stack`, `the_issuers_signature_is_checked_before_disclosures_are_read` |
//! | quadratic time in digests, tildes, Disclosures | `crates/core/tests/costs.rs::the_curve_of_time_and_heap_is_a_line_up_to_the_limit_of_length` |
//! | a placeholder left in the output | `what_stays_hidden_leaves_no_placeholder_behind` |
//! | empty objects dropped | `empty_objects_and_arrays_stay` |
//! | elements out of order | `elements_keep_their_order_whichever_way_disclosures_come` |
//! | no `iss`: refused, or a panic | `a_credential_without_iss_is_verified_under_the_key_of_the_policy`, `a_garbage_signature_without_iss_is_an_error_like_any_other` |
//! | an emoji in a claim | `characters_beyond_the_basic_plane_are_claims_like_any_other` |
//! | a dot in a claim's name taken for a path | `dots_in_names_separate_nothing` |
//! | a path that names no claim issues it in clear | `a_path_that_names_no_claim_issues_nothing_in_clear` |
//! | a signature in DER passed on as if raw | `a_signature_in_der_is_refused_where_it_is_verified_and_where_it_is_attached`, `crates/core/src/key/device.rs::reads_what_p256_encodes_and_takes_64_bytes_for_numbers` |
//! | the refill counter counts spent copies | `crates/holder/tests/present.rs::the_count_of_copies_leaves_out_every_spent_one` |
//! | DCQL: one unfit credential ends the search | `crates/core/src/dcql/evaluate.rs::one_credential_that_does_not_fit_hides_no_other`, `crates/holder/tests/present.rs::a_credential_that_does_not_fit_keeps_no_other_from_answering` |
//! | DCQL: format not compared | `crates/core/src/dcql/evaluate.rs::leaves_out_another_format`, `tests/tests/verifier.rs::an_sd_jwt_answers_no_query_for_another_format` |
//! | DCQL: absent `claims` taken for all claims | `crates/core/src/dcql/evaluate.rs::selects_nothing_without_claims`, `tests/tests/verifier.rs::a_query_without_claims_learns_only_that_there_is_a_credential` |
//! | DCQL: claim sets, optional sets | `crates/core/src/dcql/evaluate.rs::selects_the_first_claim_set_that_can_be_answered`, `crates/core/src/dcql/evaluate.rs::optional_sets_alone_are_always_satisfiable` |
//! | DCQL: values of another type, or not checked again | `crates/core/src/dcql/parse.rs::an_integer_matches_itself_only`, `tests/tests/verifier.rs::a_claim_with_another_value_is_no_answer` |
//! | DCQL: more sent than was asked for | `tests/tests/verifier.rs::more_than_was_asked_for_is_refused` |
//! | `aud` cut down or guessed | `tests/tests/verifier.rs::an_answer_made_for_another_verifier_is_refused` |
//! | the mechanism, or the key, chosen by the token | `crates/core/tests/certificates.rs::refuses_certificates_for_an_issuer_with_listed_keys`, `crates/core/tests/certificates.rs::refuses_every_other_reference_to_a_key_for_an_issuer_with_certificates` |
//! | `x5c` read from an unprotected header | `crates/core/tests/certificates.rs::refuses_certificates_in_an_unprotected_header` |
//! | a chain that is not validated | `crates/core/tests/certificates.rs::refuses_a_path_that_does_not_lead_to_the_anchor` |
//! | an `iss` that its leaf does not name | `crates/core/tests/certificates.rs::refuses_a_certificate_that_is_made_out_to_another` |
//! | no `iss` though `x5c` is there: refused | `crates/core/tests/certificates.rs::without_iss_the_issuer_is_the_one_that_the_certificate_names` |
//! | issuer metadata of another `issuer` | `crates/core/tests/issuer_metadata.rs::refuses_a_document_of_another_issuer` |
//! | the well-known path in the wrong place | `crates/cli/tests/conformance.rs::every_case_of_a_known_kind_passes` |
//! | copies of a batch that share keys, salts, digests | `crates/issuer/tests/batch.rs::copies_share_nothing_but_what_everybody_has` |
//!
//! Not testable yet, for want of what could have the mistake. Status lists: one fixed bit width, the order of bits, the
//! first entry for all lists, bounds of `idx`, `sub` that is not `uri`, gzip for zlib, a cache of 0 seconds taken for
//! ever, unknown values read as valid, failure read as valid.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/support.rs"]
mod support;

use llavero_core::present::Held;
use llavero_core::template::Object;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{
    AlgorithmSet, Challenge, Error, Format, JwsAlgorithm, KeyBinding, PROTECTED_CLAIMS, Part,
    Policy, SdJwt, Signature, Signer as _, SigningKey, UnixTime,
};
use serde_json::json;
use sha2::{Digest as _, Sha512};
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
fn a_header_does_not_bring_the_key_it_is_checked_under() {
    let jwk = OTHER_KEY.public_key().to_jwk_text();
    for member in [
        format!(r#""jwk":{jwk}"#),
        r#""jku":"https://otro.example/jwks.json""#.to_owned(),
        r#""x5u":"https://otro.example/cert""#.to_owned(),
        r#""x5c":["MIIB"]"#.to_owned(),
    ] {
        let header = HEADER.replace('}', &format!(",{member}}}"));
        refused(verify(&token_by(&header, &vc_payload(""), &[], &OTHER_KEY)), "signature");
        accept(verify(&token_by(&header, &vc_payload(""), &[], &ISSUER_KEY)));
    }
}

#[test]
fn a_disclosure_that_no_digest_refers_to_is_refused_with_its_children() {
    let orphan = r#"["salt","a",1]"#;
    refused(verify(&vc("", &[orphan])), "disclosure_unreferenced");
    let family = [r#"["salt","a",{"_sd":["<1>"]}]"#, r#"["salt","b",1]"#];
    let text = vc(r#""_sd":["<0>"]"#, &family);
    accept(verify(&text));
    let parts: Vec<&str> = text.split('~').collect();
    let child = format!("{}~{}~", parts[0], parts[2]);
    refused(verify(&child), "disclosure_unreferenced");
    refused(Held::reopen(&child), "disclosure_unreferenced");
}

#[test]
fn a_digest_that_occurs_twice_is_refused_wherever_it_occurs() {
    let disclosed = [r#"["salt","a",1]"#];
    let inside = [r#"["salt","a",{"_sd":["x"]}]"#];
    for (members, disclosures) in [
        (r#""_sd":["x","x"]"#, &[][..]),
        (r#""_sd":["x"],"a":[{"...":"x"}]"#, &[]),
        (r#""a":{"_sd":["x"]},"b":{"_sd":["x"]}"#, &[]),
        (r#""_sd":["<0>"],"b":{"_sd":["<0>"]}"#, &disclosed),
        (r#""_sd":["<0>","x"]"#, &inside),
    ] {
        refused(verify(&vc(members, disclosures)), "digest_repeated");
    }
}

#[test]
fn a_disclosed_name_that_is_taken_is_refused() {
    let (one, two) = (r#"["s1","a",1]"#, r#"["s2","a",2]"#);
    refused(verify(&vc(r#""a":0,"_sd":["<0>"]"#, &[one])), "disclosure_name");
    refused(verify(&vc(r#""_sd":["<0>","<1>"]"#, &[one, two])), "disclosure_name");
    refused(verify(&vc(r#""b":{"a":0,"_sd":["<0>"]}"#, &[one])), "disclosure_name");
    accept(verify(&vc(r#""a":0,"b":{"_sd":["<0>"]}"#, &[one])));
}

#[test]
fn a_hash_that_is_unknown_weak_or_nested_is_refused_though_nothing_is_disclosed() {
    for hash in [r#""md5""#, r#""sha-1""#, r#""sha-256-128""#, r#""SHA-256""#, r#""""#, "7", "null"]
    {
        refused(verify(&vc(&format!(r#""_sd_alg":{hash}"#), &[])), "hash_algorithm");
    }
    refused(verify(&vc(r#""a":{"_sd_alg":"sha-256"}"#, &[])), "hash_algorithm");
    let nested = [r#"["salt","a",{"_sd_alg":"sha-256"}]"#];
    refused(verify(&vc(r#""_sd":["<0>"]"#, &nested)), "hash_algorithm");
}

#[test]
fn only_the_exact_layout_is_an_sd_jwt() {
    let text = vc(r#""_sd":["<0>"]"#, &[r#"["salt","a",1]"#]);
    accept(verify(&text));
    let (jwt, disclosure) = text.trim_end_matches('~').split_once('~').unwrap();
    for odd in [
        jwt.to_owned(),
        format!("{jwt}~{disclosure}"),
        format!("{jwt}~~{disclosure}~"),
        format!("{jwt}~{disclosure}~~"),
        format!("{jwt}~~"),
        format!("~{jwt}~{disclosure}~"),
        format!("{disclosure}~{jwt}~"),
        "~".to_owned(),
        String::new(),
    ] {
        refused(verify(&odd), "shape");
        refused(Held::reopen(&odd), "shape");
    }
}

#[test]
fn a_protected_claim_comes_from_no_disclosure_nor_does_a_part_of_one() {
    for claim in PROTECTED_CLAIMS {
        let disclosure = format!(r#"["salt","{claim}",1]"#);
        refused(verify(&token(r#"{"_sd":["<0>"]}"#, &[&disclosure])), "protected_claim");
        let part = format!(r#"{{"{claim}":{{"_sd":["<0>"]}}}}"#);
        refused(verify(&token(&part, &[r#"["salt","a",1]"#])), "protected_claim");
        // Nor may a part of it stay hidden.
        refused(verify(&token(&part.replace("<0>", "x"), &[])), "protected_claim");
    }
}

#[test]
fn a_credential_has_a_type_and_the_one_typ() {
    for payload in [
        format!(r#"{{"iss":"{ISSUER}"}}"#),
        format!(r#"{{"iss":"{ISSUER}","vct":""}}"#),
        format!(r#"{{"iss":"{ISSUER}","vct":["{TYPE}"]}}"#),
        format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}:2"}}"#),
    ] {
        refused(verify(&token(&payload, &[])), "vct");
    }
    for typ in ["vc+sd-jwt", "application/dc+sd-jwt", "DC+SD-JWT", "JWT", ""] {
        let header = HEADER.replace("dc+sd-jwt", typ);
        refused(verify(&token_by(&header, &vc_payload(""), &[], &ISSUER_KEY)), "typ");
    }
    refused(verify(&token_by(r#"{"alg":"ES256"}"#, &vc_payload(""), &[], &ISSUER_KEY)), "typ");
}

#[test]
fn a_key_binding_has_the_one_typ() {
    for typ in ["JWT", "kb-jwt", "KB+JWT", "application/kb+jwt", "dc+sd-jwt", ""] {
        let header = KB_HEADER.replace("kb+jwt", typ);
        refused(verify_bound(&bind(&vc("", &[]), &header, &kb_payload(), &HOLDER_KEY)), "typ");
    }
    let bare = bind(&vc("", &[]), r#"{"alg":"ES256"}"#, &kb_payload(), &HOLDER_KEY);
    refused(verify_bound(&bare), "typ");
}

#[test]
fn sd_hash_covers_the_final_tilde_under_the_hash_of_the_credential() {
    let answer = |text: &str, hash: &str| {
        text.to_owned() + &jws(KB_HEADER, &kb_payload().replace("<sd_hash>", hash), &HOLDER_KEY)
    };
    let text = vc("", &[]);
    accept(verify_bound(&answer(&text, &digest(&text))));
    let cut = digest(text.trim_end_matches('~'));
    refused(verify_bound(&answer(&text, &cut)), "sd_hash_mismatch");

    let text = vc(r#""_sd_alg":"sha-512""#, &[]);
    refused(verify_bound(&answer(&text, &digest(&text))), "sd_hash_mismatch");
    accept(verify_bound(&answer(&text, &b64(Sha512::digest(&text)))));
}

#[test]
fn the_holders_algorithm_is_not_the_issuers_and_has_its_own_list() {
    let jwk = ED_KEY.public_key().to_jwk_text();
    let payload = format!(r#"{{"iss":"{ISSUER}","vct":"{TYPE}","cnf":{{"jwk":{jwk}}}}}"#);
    let header = KB_HEADER.replace("ES256", "EdDSA");
    let answer = bind(&token(&payload, &[]), &header, &kb_payload(), &ED_KEY);
    let under = |issuer, holder| {
        let challenge = Challenge { algorithms: AlgorithmSet::of(&[holder]), ..challenge() };
        let policy = Policy {
            issuer_algorithms: AlgorithmSet::of(&[issuer]),
            binding: KeyBinding::Require(challenge),
            ..policy()
        };
        verify_by(&answer, &policy)
    };
    accept(under(JwsAlgorithm::Es256, JwsAlgorithm::EdDsa));
    let not_allowed = |part| Some(Error::AlgorithmNotAllowed { part });
    let both = under(JwsAlgorithm::Es256, JwsAlgorithm::Es256);
    assert_eq!(both.err(), not_allowed(Part::KeyBinding));
    let both = under(JwsAlgorithm::EdDsa, JwsAlgorithm::EdDsa);
    assert_eq!(both.err(), not_allowed(Part::IssuerJwt));
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

#[test]
fn a_path_that_names_no_claim_issues_nothing_in_clear() {
    let claims = json!({"nombre": "Ana", "domicilio": {"calle": "Sur 8"}, "l": ["a"]});
    let claims = claims.as_object().unwrap();
    for path in
        ["Nombre", "nombre.x", "domicilio.calles", "calle", "l[1]", r#"["domicilio.calle"]"#]
    {
        let template = Object::from_json(claims, &[path.parse().unwrap()]);
        refused(template.map(drop), "claim_not_found");
    }
    accept(Object::from_json(claims, &["domicilio.calle".parse().unwrap()]).map(drop));
}

#[test]
fn every_test_that_the_table_names_is_there() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let own = include_str!("peer_bugs.rs");
    let rows = own.lines().filter_map(|line| line.strip_prefix("//! | ")).skip(1);
    let mut tests = 0;
    for row in rows {
        let (_, named) = row.rsplit_once(" | ").unwrap_or_else(|| panic!("{row}"));
        // Every other piece between backquotes is a name.
        for name in named.split('`').skip(1).step_by(2) {
            let (source, name) = match name.split_once("::") {
                None => (own.to_owned(), name),
                Some((file, name)) => {
                    let path = format!("{root}/{file}");
                    (std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}")), name)
                }
            };
            assert!(source.contains(&format!("fn {name}(")), "{name}");
            tests += 1;
        }
    }
    assert!(tests > 60, "{tests}");
}
