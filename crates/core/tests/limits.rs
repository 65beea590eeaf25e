//! At each limit a token is taken, and one past it it is not. What a token costs up to there is in `costs.rs`.
//!
//! Issuing knows the same limits: it never makes what verifying would refuse.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/support.rs"]
mod support;

use std::collections::BTreeMap;

use llavero_core::dcql::DcqlQuery;
use llavero_core::issue::{self, IssuerHeader};
use llavero_core::key_proof::{self, ProofPolicy};
use llavero_core::limits::{MAX_DEPTH, MAX_DIGESTS, MAX_DISCLOSURES, MAX_TOKEN_BYTES, MAX_VALUES};
use llavero_core::present::Held;
use llavero_core::request::{
    MAX_CLIENT_ID_BYTES, MAX_PRESENTATIONS, MAX_TEXT_CHARS, PresentationAnswer, PresentationRequest,
};
use llavero_core::template::{Array, Node, Object};
use llavero_core::trust::{
    IssuerKeys, MAX_ISSUERS, MAX_KEYS_PER_ISSUER, MAX_LIST_BYTES, MAX_LIST_VALUES, TrustList,
    TrustedIssuer, TrustedKey,
};
use llavero_core::{
    AlgorithmSet, ClaimPath, Error, HashAlgorithm, JsonFault, JwsAlgorithm, Limit, Part, SdJwt,
    Signer as _, json as strict_json, jws_json,
};
use serde_json::{Value, json};
use support::*;

const fn over(limit: Limit) -> Error {
    Error::LimitExceeded { limit }
}

#[track_caller]
fn refuse<T>(result: Result<T, Error>, expected: Error) {
    let Err(error) = result else { panic!("accepted, but should have been: {expected:?}") };
    assert_eq!(error, expected);
}

/// Issues, and holds issuing to its promise.
#[track_caller]
fn issue(claims: &Object) -> Result<String, Error> {
    let header = IssuerHeader {
        algorithm: JwsAlgorithm::Es256,
        typ: "example+sd-jwt".to_owned(),
        key_id: None,
        certificates: None,
    };
    let unsigned = issue::prepare(claims, &header, HashAlgorithm::Sha256, &mut Counter(1))?;
    let text = accepted(unsigned.sign(&*ISSUER_KEY)).into_string();
    let verified = verify_plain(&text);
    assert!(verified.is_ok(), "issued, but refused: {:?}", verified.err());
    assert!(Held::reopen(&text).is_ok());
    Ok(text)
}

// Length.

/// A token of exactly so many bytes: the header takes what the payload cannot make up for.
fn token_of(bytes: usize) -> String {
    let encoded = |raw: usize| (raw * 4).div_ceil(3);
    for spaces in 0..4 {
        let header = HEADER.to_owned() + &" ".repeat(spaces);
        let Some(room) = bytes.checked_sub(encoded(header.len()) + 1 + 1 + 86 + 1) else {
            continue;
        };
        let around = r#"{"pad":""}"#.len();
        for pad in [room * 3 / 4, room * 3 / 4 + 1] {
            if encoded(pad) == room {
                let payload = format!(r#"{{"pad":"{}"}}"#, "x".repeat(pad - around));
                return token_by(&header, &payload, &[], &ISSUER_KEY);
            }
        }
    }
    panic!("no token of {bytes} bytes");
}

#[test]
fn takes_a_token_of_the_greatest_length_and_none_longer() {
    let longest = token_of(MAX_TOKEN_BYTES);
    assert_eq!(longest.len(), MAX_TOKEN_BYTES);
    accept(verify_plain(&longest));
    accept(Held::reopen(&longest));
    let longer = token_of(MAX_TOKEN_BYTES + 1);
    assert_eq!(longer.len(), MAX_TOKEN_BYTES + 1);
    refuse(verify_plain(&longer), over(Limit::Length));
    refuse(Held::reopen(&longer), over(Limit::Length));
    accept(jws_json::to_flattened(&longest));
    refuse(jws_json::to_flattened(&longer), over(Limit::Length));
    refuse(jws_json::to_general(&longer), over(Limit::Length));
}

#[test]
fn takes_json_of_the_greatest_length_and_none_longer() {
    let text = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
    let part = Part::JwsJson;
    accept(strict_json::from_slice(text(MAX_TOKEN_BYTES).as_bytes(), part));
    let long = text(MAX_TOKEN_BYTES + 1);
    refuse(strict_json::from_slice(long.as_bytes(), part), over(Limit::Length));
    refuse(jws_json::to_compact(long.as_bytes()), over(Limit::Length));
    let list = |bytes: usize| {
        let (head, tail) = (r#"{"issued_at":0,"issuers":[],"x":""#, r#""}"#);
        format!("{head}{}{tail}", "x".repeat(bytes - head.len() - tail.len()))
    };
    accept(TrustList::from_slice(list(MAX_LIST_BYTES).as_bytes()));
    refuse(TrustList::from_slice(list(MAX_LIST_BYTES + 1).as_bytes()), over(Limit::Length));
    refuse(PresentationAnswer::from_slice(long.as_bytes()), over(Limit::Length));
}

#[test]
fn issues_no_token_that_is_too_long() {
    let padded = |pad: usize| Object::new().open("pad", "x".repeat(pad));
    let (mut issued, mut refused) = (0, MAX_TOKEN_BYTES);
    while refused - issued > 1 {
        let pad = issued.midpoint(refused);
        match issue(&padded(pad)) {
            Ok(text) => {
                assert!(text.len() <= MAX_TOKEN_BYTES);
                issued = pad;
            }
            Err(error) => {
                assert_eq!(error, over(Limit::Length));
                refused = pad;
            }
        }
    }
    let longest = accepted(issue(&padded(issued)));
    // Room is kept for the signature and for the KB-JWT of a presentation.
    assert!(longest.len() + 4_096 >= MAX_TOKEN_BYTES, "room is left: {}", longest.len());
    let unsigned = |pad: usize, typ: usize| {
        let typ = "t".repeat(typ);
        let header = IssuerHeader { typ, ..IssuerHeader::sd_jwt_vc(JwsAlgorithm::Es256) };
        let unsigned =
            issue::prepare(&padded(pad), &header, HashAlgorithm::Sha256, &mut Counter(1));
        unsigned.map_or(0, |unsigned| unsigned.signing_input().len())
    };
    // Three bytes are four characters, so with each remainder in both one of these is as long as may be.
    let lengths = (0..6).flat_map(|less| (14..17).map(move |typ| (issued - less, typ)));
    let lengths = lengths.map(|(pad, typ)| unsigned(pad, typ));
    assert_eq!(lengths.max(), Some(MAX_TOKEN_BYTES - 4_096));
    let hidden = Object::new().disclosable("pad", "x".repeat(MAX_TOKEN_BYTES));
    refuse(issue(&hidden), over(Limit::Length));
}

#[test]
fn takes_a_key_proof_of_the_greatest_length_and_none_longer() {
    const MAX_PROOF_BYTES: usize = 4_096;
    let jwk = HOLDER_KEY.public_key().to_jwk_text();
    let payload = format!(r#"{{"aud":"{AUDIENCE}","iat":{NOW},"nonce":"{NONCE}"}}"#);
    let policy = ProofPolicy {
        audience: AUDIENCE,
        nonce: NONCE,
        max_age_secs: MAX_AGE_SECS,
        clock_skew_secs: SKEW_SECS,
        algorithms: AlgorithmSet::ALL,
    };
    let proof = |pad: usize| {
        let pad = "x".repeat(pad);
        let header =
            format!(r#"{{"alg":"ES256","typ":"openid4vci-proof+jwt","jwk":{jwk},"x":"{pad}"}}"#);
        jws(&header, &payload, &HOLDER_KEY)
    };
    for pad in 2_400..3_200 {
        let proof = proof(pad);
        let result = key_proof::verify(&proof, &policy, NOW);
        match proof.len() {
            ..=MAX_PROOF_BYTES => assert!(result.is_ok()),
            _ => return refuse(result, over(Limit::Length)),
        }
    }
    panic!("no proof was long enough");
}

// Disclosures.

/// A token with so many claims, each in a Disclosure of its own.
fn token_with_disclosures(count: usize) -> String {
    let digests: Vec<String> = (0..count).map(|n| format!("\"<{n}>\"")).collect();
    let texts: Vec<String> = (0..count).map(|n| format!(r#"["salt{n}","c{n}",{n}]"#)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    token(&format!(r#"{{"_sd":[{}]}}"#, digests.join(",")), &texts)
}

#[test]
fn takes_as_many_disclosures_as_the_limit_and_not_one_more() {
    let most = token_with_disclosures(MAX_DISCLOSURES);
    let verified = accepted(verify_plain(&most));
    assert_eq!(verified.claims().as_object().unwrap().len(), MAX_DISCLOSURES);
    let more = token_with_disclosures(MAX_DISCLOSURES + 1);
    refuse(verify_plain(&more), over(Limit::Disclosures));

    let as_json = |text: &str| accepted(jws_json::to_flattened(text)).to_string();
    assert_eq!(accepted(jws_json::to_compact(as_json(&most).as_bytes())), most);
    let mut too_many: Value = serde_json::from_str(&as_json(&most)).unwrap();
    too_many["header"]["disclosures"].as_array_mut().unwrap().push("a".into());
    refuse(jws_json::to_compact(too_many.to_string().as_bytes()), over(Limit::Disclosures));
    for text in [more, token("{}", &[]) + &"~".repeat(500_000)] {
        refuse(jws_json::to_flattened(&text), over(Limit::Disclosures));
        refuse(jws_json::to_general(&text), over(Limit::Disclosures));
    }
}

#[test]
fn issues_as_many_disclosures_as_the_limit_and_not_one_more() {
    let object = |count: usize| {
        (0..count).fold(Object::new(), |object, n| object.disclosable(format!("c{n}"), n))
    };
    let array = |count: usize| (0..count).fold(Array::new(), |array, n| array.disclosable(n));
    accept(issue(&object(MAX_DISCLOSURES)));
    refuse(issue(&object(MAX_DISCLOSURES + 1)), over(Limit::Disclosures));
    accept(issue(&Object::new().open("a", array(MAX_DISCLOSURES))));
    accept(issue(&Object::new().disclosable("a", array(MAX_DISCLOSURES - 1))));
    refuse(
        issue(&Object::new().disclosable("a", array(MAX_DISCLOSURES))),
        over(Limit::Disclosures),
    );
}

// Digests.

fn decoys(range: std::ops::Range<usize>) -> String {
    range.map(|n| format!("\"decoy-{n}\"")).collect::<Vec<_>>().join(",")
}

fn hidden_elements(range: std::ops::Range<usize>) -> String {
    range.map(|n| format!(r#"{{"...":"element-{n}"}}"#)).collect::<Vec<_>>().join(",")
}

#[test]
fn takes_as_many_digests_as_the_limit_and_not_one_more() {
    let in_one_object = |count| token(&format!(r#"{{"_sd":[{}]}}"#, decoys(0..count)), &[]);
    assert_eq!(accepted(verify_plain(&in_one_object(MAX_DIGESTS))).digest_count(), MAX_DIGESTS);
    refuse(verify_plain(&in_one_object(MAX_DIGESTS + 1)), over(Limit::Digests));

    let in_one_array = |count| token(&format!(r#"{{"a":[{}]}}"#, hidden_elements(0..count)), &[]);
    accept(verify_plain(&in_one_array(MAX_DIGESTS)));
    refuse(verify_plain(&in_one_array(MAX_DIGESTS + 1)), over(Limit::Digests));

    // Object, array and Disclosure count together.
    let everywhere = |count: usize| {
        let third = (count - 1) / 3;
        let payload = format!(
            r#"{{"_sd":["<0>",{}],"a":[{}]}}"#,
            decoys(0..third),
            hidden_elements(0..third)
        );
        let inside = decoys(third..count - 1 - third);
        let disclosure = format!(r#"["salt","c",{{"_sd":[{inside}]}}]"#);
        token(&payload, &[&disclosure])
    };
    assert_eq!(accepted(verify_plain(&everywhere(MAX_DIGESTS))).digest_count(), MAX_DIGESTS);
    refuse(verify_plain(&everywhere(MAX_DIGESTS + 1)), over(Limit::Digests));
}

#[test]
fn issues_as_many_digests_as_the_limit_and_not_one_more() {
    let decoys = |count| Object::new().min_digests(count);
    accept(issue(&decoys(MAX_DIGESTS)));
    refuse(issue(&decoys(MAX_DIGESTS + 1)), over(Limit::Digests));
    refuse(issue(&decoys(usize::MAX)), over(Limit::Digests));
    let two = |object, array| {
        Object::new().open("o", decoys(object)).open("a", Array::new().min_digests(array))
    };
    accept(issue(&two(15_384, 1_000)));
    refuse(issue(&two(15_384, 1_001)), over(Limit::Digests));
    refuse(issue(&two(usize::MAX, usize::MAX)), over(Limit::Digests));
}

// Values.

#[test]
fn takes_as_many_values_as_the_limit_and_not_one_more() {
    // The payload, its array, and the elements.
    let open = |count: usize| token(&format!(r#"{{"a":[{}0]}}"#, "0,".repeat(count - 3)), &[]);
    accept(verify_plain(&open(MAX_VALUES)));
    accept(Held::reopen(&open(MAX_VALUES)));
    for text in [open(MAX_VALUES + 1), open(4 * MAX_VALUES)] {
        refuse(verify_plain(&text), over(Limit::Values));
        refuse(Held::reopen(&text), over(Limit::Values));
        let contents = accepted(SdJwt::parse(&text)).untrusted_contents();
        refuse(contents, over(Limit::Values));
    }
    // Payload and Disclosures count together: four in the payload, and of each Disclosure its array, salt and name.
    let shared = |count: usize| {
        let first = (count - 4) / 2;
        let disclosure = |name: &str, count: usize| {
            format!(r#"["salt","{name}",[{}0]]"#, "0,".repeat(count - 5))
        };
        let (one, two) = (disclosure("a", first), disclosure("b", count - 4 - first));
        token(r#"{"_sd":["<0>","<1>"]}"#, &[&one, &two])
    };
    accept(verify_plain(&shared(MAX_VALUES)));
    accept(accepted(SdJwt::parse(&shared(MAX_VALUES))).untrusted_contents());
    refuse(verify_plain(&shared(MAX_VALUES + 1)), over(Limit::Values));
    let past = shared(MAX_VALUES + 1);
    refuse(accepted(SdJwt::parse(&past)).untrusted_contents(), over(Limit::Values));

    let document = |count: usize| format!("[{}0]", "0,".repeat(count - 2));
    accept(strict_json::from_slice(document(MAX_VALUES).as_bytes(), Part::Request));
    let past = document(MAX_VALUES + 1);
    refuse(strict_json::from_slice(past.as_bytes(), Part::Request), over(Limit::Values));
    let list = |count: usize| {
        let numbers = "0,".repeat(count - 5);
        format!(r#"{{"issued_at":0,"issuers":[],"x":[{numbers}0]}}"#)
    };
    accept(TrustList::from_slice(list(MAX_LIST_VALUES).as_bytes()));
    refuse(TrustList::from_slice(list(MAX_LIST_VALUES + 1).as_bytes()), over(Limit::Values));
}

#[test]
fn a_trust_list_has_room_for_every_issuer_with_every_key() {
    let full = TrustedKey {
        key_id: Some("k".repeat(43)),
        not_before: Some(NOW),
        not_after: Some(NOW),
        ..TrustedKey::new(ISSUER_KEY.public_key())
    };
    let issuers = (0..MAX_ISSUERS).map(|n| TrustedIssuer {
        types: vec![TYPE.to_owned(); 80],
        keys: IssuerKeys::Listed(vec![full.clone(); MAX_KEYS_PER_ISSUER]),
        ..trusted(format!("https://{n}.example"), 0)
    });
    let list = accepted(TrustList::new(NOW, issuers.collect())).to_json().to_string();
    assert!(list.len() <= MAX_LIST_BYTES, "{}", list.len());
    accept(TrustList::from_slice(list.as_bytes()));
}

#[test]
fn issues_as_many_values_as_the_limit_and_not_one_more() {
    // Counted beside each other: what the issuer says it makes, and what a verifier reads.
    let numbers = |count: usize| vec![json!(0); count];
    let plain = |count: usize| Object::new().open("a", json!(numbers(count - 2)));
    accept(issue(&plain(MAX_VALUES)));
    refuse(issue(&plain(MAX_VALUES + 1)), over(Limit::Values));
    // Payload, `_sd_alg`, `_sd` with its digest; of the Disclosure the array, salt, name and value.
    let hidden = |count: usize| Object::new().disclosable("a", json!(numbers(count - 8)));
    accept(issue(&hidden(MAX_VALUES)));
    refuse(issue(&hidden(MAX_VALUES + 1)), over(Limit::Values));
    // Payload, `_sd_alg`, the array, and the object and string of each digest; of the Disclosure three.
    let element = |count: usize| {
        let array = Array::new().disclosable(json!(numbers(count - 12))).min_digests(3);
        Object::new().open("a", array)
    };
    accept(issue(&element(MAX_VALUES)));
    refuse(issue(&element(MAX_VALUES + 1)), over(Limit::Values));
}

// Depth.

fn arrays(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

fn objects(depth: usize) -> String {
    r#"{"a":"#.repeat(depth - 1) + "{}" + &"}".repeat(depth - 1)
}

fn too_deep(part: Part) -> Error {
    Error::Json { part, fault: JsonFault::TooDeep }
}

#[test]
fn takes_a_payload_as_deep_as_the_limit_and_not_one_deeper() {
    for inside in [arrays, objects] {
        // The payload is the first level itself.
        let payload = |depth: usize| format!(r#"{{"a":{}}}"#, inside(depth - 1));
        accept(verify_plain(&token(&payload(MAX_DEPTH), &[])));
        refuse(verify_plain(&token(&payload(MAX_DEPTH + 1), &[])), too_deep(Part::IssuerJwt));
        refuse(verify_plain(&token(&payload(50_000), &[])), too_deep(Part::IssuerJwt));
    }
    let endless = r#"{"a":"#.repeat(100_000);
    refuse(verify_plain(&token(&endless, &[])), too_deep(Part::IssuerJwt));
}

#[test]
fn takes_a_disclosure_as_deep_as_the_limit_and_not_one_deeper() {
    for inside in [arrays, objects] {
        let disclosed = |depth| {
            let disclosure = format!(r#"["salt","a",{}]"#, inside(depth - 1));
            token(r#"{"_sd":["<0>"]}"#, &[&disclosure])
        };
        accept(verify_plain(&disclosed(MAX_DEPTH)));
        refuse(verify_plain(&disclosed(MAX_DEPTH + 1)), too_deep(Part::Disclosure(0)));
        refuse(verify_plain(&disclosed(50_000)), too_deep(Part::Disclosure(0)));
    }
}

/// So many Disclosures, each in the value of the one before, with `innermost` in the last.
fn chain(length: usize, innermost: &str, in_arrays: bool) -> String {
    let texts: Vec<String> = (0..length)
        .map(|n| {
            let next = n + 1;
            let value = match (next == length, in_arrays) {
                (true, _) => innermost.to_owned(),
                (false, true) => format!(r#"[{{"...":"<{next}>"}}]"#),
                (false, false) => format!(r#"{{"_sd":["<{next}>"]}}"#),
            };
            if in_arrays {
                format!(r#"["salt{n}",{value}]"#)
            } else {
                format!(r#"["salt{n}","a",{value}]"#)
            }
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let payload = if in_arrays { r#"{"a":[{"...":"<0>"}]}"# } else { r#"{"_sd":["<0>"]}"# };
    token(payload, &texts)
}

#[test]
fn takes_chained_disclosures_as_deep_as_the_limit_and_not_one_deeper() {
    // Each Disclosure is shallow; only what they make together is deep.
    for in_arrays in [false, true] {
        let levels_above = if in_arrays { 2 } else { 1 };
        let longest = MAX_DEPTH - levels_above;
        for innermost in ["{}", "[]"] {
            let at = chain(longest, innermost, in_arrays);
            accept(verify_plain(&at));
            accept(Held::reopen(&at));
            let past = chain(longest + 1, innermost, in_arrays);
            refuse(verify_plain(&past), over(Limit::Depth));
            refuse(Held::reopen(&past), over(Limit::Depth));
        }
        // A scalar adds no level.
        accept(verify_plain(&chain(longest + 1, "1", in_arrays)));
        refuse(verify_plain(&chain(MAX_DISCLOSURES, "1", in_arrays)), over(Limit::Depth));
    }
    let half = arrays(MAX_DEPTH / 2);
    accept(verify_plain(&chain(MAX_DEPTH / 2, &half, false)));
    refuse(verify_plain(&chain(MAX_DEPTH / 2 + 1, &half, false)), over(Limit::Depth));
}

/// Claims with `innermost` in so many objects, the outermost included.
fn nested(depth: usize, innermost: impl Into<Node>, hidden: bool) -> Object {
    let wrap = |node| {
        if hidden { Object::new().disclosable("a", node) } else { Object::new().open("a", node) }
    };
    (1..depth).fold(wrap(innermost.into()), |object, _| wrap(object.into()))
}

#[test]
fn issues_claims_as_deep_as_the_limit_and_not_one_deeper() {
    for inside in [arrays, objects] {
        let value = |depth| serde_json::from_str::<Value>(&inside(depth)).unwrap();
        for hidden in [false, true] {
            for outer in [1, 2, MAX_DEPTH / 2] {
                accept(issue(&nested(outer, value(MAX_DEPTH - outer), hidden)));
                let deeper = nested(outer, value(MAX_DEPTH - outer + 1), hidden);
                refuse(issue(&deeper), over(Limit::Depth));
            }
        }
    }
    accept(issue(&nested(MAX_DEPTH, 1, false)));
    refuse(issue(&nested(MAX_DEPTH + 1, 1, false)), over(Limit::Depth));
    accept(issue(&nested(MAX_DEPTH - 1, Array::new().open(1), false)));
    refuse(issue(&nested(MAX_DEPTH, Array::new().open(1), false)), over(Limit::Depth));
}

#[test]
fn issues_no_digests_deeper_than_a_verifier_reads() {
    // The list in `_sd` and the object around an element's digest are levels of the JSON text, too.
    for depth in MAX_DEPTH - 3..=MAX_DEPTH + 1 {
        for above in 0..3 {
            for innermost in [
                Node::from(Object::new().disclosable("b", 1)),
                Node::from(Object::new().min_digests(2)),
                Node::from(Array::new().disclosable(1)),
                Node::from(Array::new().min_digests(2)),
            ] {
                // The outermost levels hidden, the others open, so that the text of one Disclosure is deepest.
                let mut claims = nested(depth - 1 - above, innermost, false);
                for _ in 0..above {
                    claims = Object::new().disclosable("a", claims);
                }
                match issue(&claims) {
                    Ok(_) => assert!(depth <= MAX_DEPTH),
                    Err(error) => {
                        assert_eq!(error, over(Limit::Depth));
                        assert!(depth >= MAX_DEPTH, "refused at {depth} with {above} hidden");
                    }
                }
            }
        }
    }
}

// Trust lists, requests, answers.

fn trusted(issuer: String, keys: usize) -> TrustedIssuer {
    let key = TrustedKey::new(ISSUER_KEY.public_key());
    TrustedIssuer {
        issuer,
        name: "Registro de prueba".to_owned(),
        types: vec![TYPE.to_owned()],
        keys: IssuerKeys::Listed(vec![key; keys]),
        requires_type_metadata: false,
    }
}

#[test]
fn takes_as_many_trusted_issuers_and_keys_as_the_limits_and_not_one_more() {
    let issuers = |count| (0..count).map(|n| trusted(format!("https://{n}.example"), 1)).collect();
    let list = accepted(TrustList::new(NOW, issuers(MAX_ISSUERS)));
    refuse(TrustList::new(NOW, issuers(MAX_ISSUERS + 1)), over(Limit::Keys));
    let again = accepted(TrustList::from_slice(list.to_json().to_string().as_bytes()));
    assert_eq!(again.issuers().len(), MAX_ISSUERS);

    let keys = |count| vec![trusted(ISSUER.to_owned(), count)];
    let list = accepted(TrustList::new(NOW, keys(MAX_KEYS_PER_ISSUER)));
    refuse(TrustList::new(NOW, keys(MAX_KEYS_PER_ISSUER + 1)), over(Limit::Keys));
    let mut text = list.to_json();
    accept(TrustList::from_slice(text.to_string().as_bytes()));
    let one_more = text["issuers"][0]["keys"][0].clone();
    text["issuers"][0]["keys"].as_array_mut().unwrap().push(one_more);
    refuse(TrustList::from_slice(text.to_string().as_bytes()), over(Limit::Keys));
}

fn query() -> DcqlQuery {
    DcqlQuery::for_claims("persona", [TYPE], [ClaimPath::names(["a"]).unwrap()]).unwrap()
}

#[test]
fn takes_requests_up_to_each_limit_and_not_one_past_it() {
    const MAX_REQUEST_BYTES: usize = 64 * 1_024;
    let part = Part::Request;
    let malformed = |member| Error::MemberMalformed { part, member };
    let made = |id: &str, name: &str, purpose: &str| {
        PresentationRequest::new(id, Some(name), purpose, query(), &mut Counter(1))
    };
    let (id, text) = ("i".repeat(MAX_CLIENT_ID_BYTES), "ñ".repeat(MAX_TEXT_CHARS));
    let request = accepted(made(&id, &text, &text)).to_json();
    refuse(made(&(id.clone() + "i"), &text, &text), malformed("client_id"));
    refuse(made(&id, &(text.clone() + "ñ"), &text), malformed("client_name"));
    refuse(made(&id, &text, &(text.clone() + "ñ")), malformed("purpose"));

    let with = |member: &str, value: String| {
        let mut request = request.clone();
        request[member] = value.into();
        PresentationRequest::from_slice(request.to_string().as_bytes())
    };
    let longer = with("client_id", id + "i");
    refuse(longer, malformed("client_id"));
    for (chars, fits) in [(21, false), (22, true), (512, true), (513, false)] {
        let result = with("nonce", "n".repeat(chars));
        if fits {
            accept(result);
        } else {
            refuse(result, malformed("nonce"));
        }
    }
    let around = request.to_string().len() + r#","x":"""#.len();
    accept(with("x", "x".repeat(MAX_REQUEST_BYTES - around)));
    refuse(with("x", "x".repeat(MAX_REQUEST_BYTES - around + 1)), over(Limit::Length));
}

#[test]
fn takes_as_many_presentations_as_the_limit_and_not_one_more() {
    let answer = |first: usize, second: usize| {
        let tokens = BTreeMap::from([("a", vec!["x"; first]), ("b", vec!["y"; second])]);
        PresentationAnswer::from_slice(json!({ "vp_token": tokens }).to_string().as_bytes())
    };
    accept(answer(1, MAX_PRESENTATIONS - 1));
    refuse(answer(1, MAX_PRESENTATIONS), over(Limit::Length));
    refuse(answer(MAX_PRESENTATIONS, 1), over(Limit::Length));
}
