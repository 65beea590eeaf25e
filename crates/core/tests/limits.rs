//! At each limit a token is taken, one past it it is not, and up to there the time it costs grows with its length.
//!
//! Issuing knows the same limits: it never makes what verifying would refuse.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/support.rs"]
mod support;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use llavero_core::dcql::DcqlQuery;
use llavero_core::issue::{self, IssuerHeader};
use llavero_core::key_proof::{self, ProofPolicy};
use llavero_core::limits::{MAX_DEPTH, MAX_DIGESTS, MAX_DISCLOSURES, MAX_TOKEN_BYTES};
use llavero_core::present::Held;
use llavero_core::request::{
    MAX_CLIENT_ID_BYTES, MAX_PRESENTATIONS, MAX_TEXT_CHARS, PresentationAnswer, PresentationRequest,
};
use llavero_core::template::{Array, Node, Object};
use llavero_core::trust::{
    IssuerKeys, MAX_ISSUERS, MAX_KEYS_PER_ISSUER, MAX_LIST_BYTES, TrustList, TrustedIssuer,
    TrustedKey,
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
    refuse(jws_json::to_compact(as_json(&more).as_bytes()), over(Limit::Disclosures));
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

// Time.

fn time(run: &dyn Fn()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// How many times as long the first takes as the second, by the fastest of many runs taken in turn: whatever else the
/// machine does can only slow a run down.
fn ratio(first: &dyn Fn(), second: &dyn Fn()) -> f64 {
    const ENOUGH: Duration = Duration::from_millis(250);
    let begun = Instant::now();
    let (mut one, mut two) = (time(first), time(second));
    for round in 0.. {
        one = one.min(time(first));
        two = two.min(time(second));
        if round >= 4 && begun.elapsed() > ENOUGH {
            break;
        }
    }
    one.as_secs_f64() / two.as_secs_f64()
}

/// Checks that four times the input costs less than eight times the time; a quadratic step would cost sixteen.
///
/// The small input is run four times over, so that both sides take about as long and suffer alike from a busy machine.
#[track_caller]
fn grows_with_the_length(what: &str, small: &dyn Fn(), large: &dyn Fn()) {
    let four_small = || (0..4).for_each(|_| small());
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let ratio = 4.0 * ratio(large, &four_small);
        if ratio < 8.0 {
            return;
        }
        ratios.push(ratio);
    }
    panic!("{what}: four times the input took {ratios:.1?} times as long");
}

/// The same for a token of a size and one of four times that size, verified and reopened.
#[track_caller]
fn verifying_grows_with_the_length(what: &str, size: usize, make: impl Fn(usize) -> String) {
    let (small, large) = (make(size), make(4 * size));
    accept(verify_plain(&small));
    accept(verify_plain(&large));
    reading_grows_with_the_length(what, &small, &large);
}

#[track_caller]
fn reading_grows_with_the_length(what: &str, small: &str, large: &str) {
    let verify = |text: &str| drop(black_box(verify_plain(black_box(text))));
    grows_with_the_length(what, &|| verify(small), &|| verify(large));
    let reopen = |text: &str| drop(black_box(Held::reopen(black_box(text))));
    grows_with_the_length(what, &|| reopen(small), &|| reopen(large));
}

#[test]
fn time_grows_with_the_number_of_digests() {
    verifying_grows_with_the_length("digests of objects", MAX_DIGESTS / 4, |count| {
        token(&format!(r#"{{"_sd":[{}]}}"#, decoys(0..count)), &[])
    });
    verifying_grows_with_the_length("digests of array elements", MAX_DIGESTS / 4, |count| {
        token(&format!(r#"{{"a":[{}]}}"#, hidden_elements(0..count)), &[])
    });
    verifying_grows_with_the_length("arrays that hide one element", MAX_DIGESTS / 4, |count| {
        let arrays: Vec<String> = (0..count).map(|n| format!(r#"[{{"...":"d{n}"}}]"#)).collect();
        token(&format!(r#"{{"a":[{}]}}"#, arrays.join(",")), &[])
    });
}

#[test]
fn time_grows_with_the_number_of_disclosures() {
    let size = MAX_DISCLOSURES / 4;
    verifying_grows_with_the_length("disclosures", size, token_with_disclosures);
    verifying_grows_with_the_length("disclosed elements", size, |count| {
        let elements: Vec<String> = (0..count).map(|n| format!(r#"{{"...":"<{n}>"}}"#)).collect();
        let texts: Vec<String> = (0..count).map(|n| format!(r#"["salt{n}",{n}]"#)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        token(&format!(r#"{{"a":[{}]}}"#, elements.join(",")), &texts)
    });
}

#[test]
fn time_grows_with_the_number_of_chained_disclosures() {
    let size = (MAX_DEPTH - 2) / 4;
    for in_arrays in [false, true] {
        verifying_grows_with_the_length("chained disclosures", size, |length| {
            chain(length, "1", in_arrays)
        });
    }
}

#[test]
fn time_grows_with_the_number_of_members_and_elements() {
    verifying_grows_with_the_length("open members", 10_000, |count| {
        let members: Vec<String> = (0..count).map(|n| format!("\"m{n}\":{n}")).collect();
        token(&format!("{{{}}}", members.join(",")), &[])
    });
    verifying_grows_with_the_length("open elements", 50_000, |count| {
        token(&format!(r#"{{"a":[{}1]}}"#, "1,".repeat(count)), &[])
    });
    verifying_grows_with_the_length("escapes", 20_000, |count| {
        token(&format!(r#"{{"a":"{}"}}"#, r"\u00f1".repeat(count)), &[])
    });
}

#[test]
fn time_grows_with_the_number_of_tildes() {
    // Refused, and what matters is how soon.
    let jwt = token("{}", &[]);
    let parse = |text: &str| {
        assert!(black_box(SdJwt::parse(black_box(text))).is_err());
    };
    for filler in ["~", "a~", "~."] {
        let small = jwt.clone() + &filler.repeat(100_000);
        let large = jwt.clone() + &filler.repeat(400_000);
        grows_with_the_length("tildes", &|| parse(&small), &|| parse(&large));
    }
}

#[test]
fn time_does_not_grow_with_long_names_times_the_claims_below_them() {
    // Whoever writes out the location of every claim copies the name each time. Refusing such a token is as good.
    let arrays = |size: usize| {
        let arrays: Vec<String> = (0..size).map(|n| format!(r#"[{{"...":"d{n}"}}]"#)).collect();
        let name = "n".repeat(size * 128);
        token(&format!(r#"{{"{name}":[{}]}}"#, arrays.join(",")), &[])
    };
    reading_grows_with_the_length("arrays below a long name", &arrays(500), &arrays(2_000));
    let claims = |size: usize| {
        let digests: Vec<String> = (0..size).map(|n| format!("\"<{n}>\"")).collect();
        let texts: Vec<String> = (0..size).map(|n| format!(r#"["s","c{n}",{n}]"#)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let name = "n".repeat(size * 512);
        token(&format!(r#"{{"{name}":{{"_sd":[{}]}}}}"#, digests.join(",")), &texts)
    };
    reading_grows_with_the_length("claims below a long name", &claims(250), &claims(1_000));
}

#[test]
fn refuses_fifty_thousand_decoys_in_less_time_than_it_takes_the_most_it_accepts() {
    let payload = |count: usize| {
        let decoys: Vec<String> = (0..count).map(|n| format!("\"{n}\"")).collect();
        format!(r#"{{"_sd":[{}]}}"#, decoys.join(","))
    };
    let (most, many) = (token(&payload(MAX_DIGESTS), &[]), token(&payload(50_000), &[]));
    accept(verify_plain(&most));
    refuse(verify_plain(&many), over(Limit::Digests));
    let verify = |text: &str| drop(black_box(verify_plain(black_box(text))));
    // Three times the text has to be read before the digests are counted.
    let few_times = |_| ratio(&|| verify(&many), &|| verify(&most)) < 6.0;
    assert!((0..5).any(few_times));
    // With digests of real length the text is refused unread.
    let digests: Vec<String> = (0..50_000).map(|n| format!("\"{n:043}\"")).collect();
    let real = token(&format!(r#"{{"_sd":[{}]}}"#, digests.join(",")), &[]);
    refuse(verify_plain(&real), over(Limit::Length));
    assert!(ratio(&|| verify(&real), &|| verify(&most)) < 1.0);
}

#[test]
fn time_to_issue_grows_with_the_number_of_claims() {
    let object = |count: usize| {
        (0..count).fold(Object::new(), |object, n| object.disclosable(format!("c{n}"), n))
    };
    let issue = |claims: &Object| {
        let header = IssuerHeader::sd_jwt_vc(JwsAlgorithm::Es256);
        let _ = black_box(issue::prepare(claims, &header, HashAlgorithm::Sha256, &mut Counter(1)));
    };
    let (small, large) = (object(256), object(1_024));
    grows_with_the_length("claims", &|| issue(&small), &|| issue(&large));
    let (small, large) = (Object::new().min_digests(4_096), Object::new().min_digests(16_384));
    grows_with_the_length("decoys", &|| issue(&small), &|| issue(&large));
}

#[test]
fn time_to_choose_a_claim_grows_with_the_number_of_claims() {
    let select = |held: &Held<'_>| {
        black_box(accepted(held.select([&"c7".parse().unwrap()])));
    };
    let (small, large) = (token_with_disclosures(256), token_with_disclosures(1_024));
    let (small, large) = (accepted(Held::reopen(&small)), accepted(Held::reopen(&large)));
    grows_with_the_length("choosing a claim", &|| select(&small), &|| select(&large));
}
