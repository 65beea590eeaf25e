//! Examples that others have published: of the specifications, of their reference implementation, of two test suites.
//!
//! They lie outside the repository: see `support/published.rs`.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/published.rs"]
mod published;
#[path = "support/support.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::Path;

use llavero_core::issue::{self, IssuerHeader};
use llavero_core::present::Held;
use llavero_core::template::{Array, Node, Object};
use llavero_core::{
    AlgorithmSet, Challenge, ClaimPath, Error, Format, HashAlgorithm, KeyBinding, KeyKind,
    PathSegment, Policy, PublicKey, SdJwt, SigningKey, UnixTime, Verified, jws_json,
};
use published::{entries, json_files, published, read_json, read_text};
use serde_json::{Map, Value, json};
use support::{Counter, accepted};

/// Within the validity of all examples: 2025-05-29, when the KB-JWTs of RFC 9901 were made.
const NOW: UnixTime = UnixTime::from_secs(1_748_537_244);

/// What to expect of the holder's answer, as published beside it.
fn challenge<'a>(audience: &'a Value, nonce: &'a Value) -> Challenge<'a> {
    Challenge {
        audience: audience.as_str().unwrap(),
        nonce: nonce.as_str().unwrap(),
        max_age_secs: 0,
        algorithms: AlgorithmSet::ALL,
    }
}

/// Verifies with the published key, at the time of the KB-JWT if there is one, under the format that the `typ` names.
fn verify(text: &str, issuer: &PublicKey, kb_payload: Option<&Value>) -> Result<Verified, Error> {
    let sd_jwt = SdJwt::parse(text)?;
    let header = accepted(sd_jwt.untrusted_contents()).header;
    let binding = kb_payload
        .map_or(KeyBinding::Forbid, |kb| KeyBinding::Require(challenge(&kb["aud"], &kb["nonce"])));
    let now = kb_payload.map_or(NOW, |kb| UnixTime::from_secs(kb["iat"].as_i64().unwrap()));
    let format = if header["typ"] == "dc+sd-jwt" {
        Format::SdJwtVc { types: None }
    } else {
        Format::SdJwt { typ: header["typ"].as_str() }
    };
    let policy = Policy {
        issuer_key: issuer,
        issuer_algorithms: AlgorithmSet::ALL,
        issuer: None,
        format,
        binding,
        required_claims: &[],
        clock_skew_secs: 0,
    };
    sd_jwt.verify(&policy, now)
}

#[track_caller]
fn expect(what: &str, result: Result<Verified, Error>, expected: &Value) {
    let verified = result.unwrap_or_else(|error| panic!("{what}: refused: {error:?}"));
    assert_eq!(verified.claims(), expected, "{what}");
}

fn compact(token: &Value) -> String {
    accepted(jws_json::to_compact(token.to_string().as_bytes()))
}

// RFC 9901 and SD-JWT VC as published.

#[test]
fn examples_of_rfc_9901() {
    let Some(folder) = published("ietf-sd-jwt/rfc9901") else { return };
    let simple = read_json(&folder.join("rfc9901-5-simple.json"));
    let issuer = accepted(PublicKey::from_jwk(&simple["issuer_jwk"]));
    let issued = simple["sd_jwt_issuance"].as_str().unwrap();
    expect("§5.1", verify(issued, &issuer, None), &simple["processed_payload_all_disclosed"]);
    let presented = simple["sd_jwt_kb_presentation"].as_str().unwrap();
    let kb = &simple["kb_jwt_payload"];
    expect("§5.2", verify(presented, &issuer, Some(kb)), &simple["processed_payload"]);
    // Not an SD-JWT: there is no tilde (§4).
    let bare = simple["issuer_signed_jwt"].as_str().unwrap();
    assert_eq!(verify(bare, &issuer, None).err().map(|error| error.code()), Some("shape"));

    for (name, has_kb) in
        [("rfc9901-8.2-flattened-issuance.json", false), ("rfc9901-8.2-flattened-kb.json", true)]
    {
        let case = read_json(&folder.join(name));
        let issuer = accepted(PublicKey::from_jwk(&case["issuer_jwks"][0]));
        let text = compact(&case["jws_json"]);
        assert_eq!(text, case["equivalent_compact"].as_str().unwrap(), "{name}");
        assert_eq!(accepted(jws_json::to_flattened(&text)), case["jws_json"], "{name}");
        let kb = has_kb.then(|| &case["kb_payload"]);
        expect(name, verify(&text, &issuer, kb), &case["processed_payload"]);
    }
}

#[test]
fn the_spellings_of_a_disclosure_in_rfc_9901() {
    let Some(folder) = published("ietf-sd-jwt/rfc9901") else { return };
    let document = read_json(&folder.join("rfc9901-4.2-disclosures.json"));
    let key = support::key(KeyKind::P256, 1);
    let mut count = 0;
    for encoding in document["disclosure_encodings"].as_array().unwrap() {
        let disclosure = encoding["disclosure"].as_str().unwrap();
        let contents = encoding["contents"].as_array().unwrap();
        let digest = &encoding["sha256_digest"];
        let (payload, expected) = match contents.as_slice() {
            [_, name, value] => {
                (json!({"_sd": [digest]}), json!({ name.as_str().unwrap(): value }))
            }
            [_, value] => (json!({"a": [{"...": digest}]}), json!({"a": [value]})),
            _ => panic!("{encoding}"),
        };
        let jwt = support::jws(r#"{"alg":"ES256"}"#, &payload.to_string(), &key);
        let held = format!("{jwt}~{disclosure}~");
        assert_eq!(accepted(Held::reopen(&held)).claims(), &expected, "{encoding}");
        count += 1;
    }
    assert_eq!(count, 5);
}

/// The tokens of documents that were built from the sources of a specification.
fn run_built_documents(folder: &Path) -> BTreeMap<String, usize> {
    let mut ran = BTreeMap::new();
    for path in json_files(folder) {
        let document = read_json(&path);
        let issuer = accepted(PublicKey::from_jwk(&document["issuer_jwk"]));
        for (index, token) in document["tokens"].as_array().unwrap().iter().enumerate() {
            let what = format!("{path:?}, token {index}");
            let (form, text) = (token["form"].as_str().unwrap(), token["value"].as_str().unwrap());
            let result = verify(text, &issuer, token.get("kb_payload"));
            if form == "issuer-signed-jwt" {
                // Printed on its own for the reader; without a tilde it is no SD-JWT (RFC 9901 §4).
                assert_eq!(result.err().map(|error| error.code()), Some("shape"), "{what}");
            } else {
                expect(&what, result, &token["processed_payload"]);
            }
            *ran.entry(form.to_owned()).or_default() += 1;
        }
    }
    ran
}

fn counts<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.into_iter().map(|(form, count)| (form.to_owned(), count)).collect()
}

#[test]
fn examples_of_the_sd_jwt_document() {
    let Some(folder) = published("ietf-sd-jwt") else { return };
    let built = folder.join("draft22-build");
    let expected = counts([("issuer-signed-jwt", 1), ("sd-jwt", 3), ("sd-jwt+kb", 2)]);
    assert_eq!(run_built_documents(&built), expected);

    // §8.2 was signed again for this build; the claims are those of the published text.
    let document = read_json(&built.join("sdjwt22-8.2.json"));
    let issuer = accepted(PublicKey::from_jwk(&document["issuer_jwk"]));
    let blocks = document["json_blocks"].as_array().unwrap().iter().map(|block| &block["json"]);
    let tokens: Vec<&Value> = blocks.filter(|json| json.get("signature").is_some()).collect();
    assert_eq!(tokens.len(), 2);
    for (token, published) in tokens.into_iter().zip(["issuance", "kb"]) {
        let file = format!("rfc9901/rfc9901-8.2-flattened-{published}.json");
        let case = read_json(&folder.join(file));
        let text = compact(token);
        let kb = accepted(accepted(SdJwt::parse(&text)).untrusted_contents()).key_binding;
        let kb = kb.map(|(_, payload)| payload);
        assert_eq!(kb.is_some(), published == "kb");
        expect(published, verify(&text, &issuer, kb.as_ref()), &case["processed_payload"]);
    }
}

#[test]
fn examples_of_the_sd_jwt_vc_document() {
    let Some(folder) = published("ietf-sd-jwt-vc") else { return };
    let expected = counts([("sd-jwt", 2), ("sd-jwt+kb", 1)]);
    assert_eq!(run_built_documents(&folder.join("draft19-build")), expected);
}

// Artefacts of the reference implementation.

/// The first key in a settings file: the issuer's.
fn issuer_of(settings: &Path) -> PublicKey {
    let text = read_text(settings);
    let coordinate = |name: &str| {
        let line = text.lines().map(str::trim).find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().to_owned()
    };
    let (x, y) = (coordinate("x:"), coordinate("y:"));
    accepted(PublicKey::from_jwk(&json!({"kty": "EC", "crv": "P-256", "x": x, "y": y})))
}

/// All claims: those of the input, and those that the issuer put beside them in the open.
fn all_claims(case: &Path) -> Value {
    let mut claims = read_json(&case.join("sd_jwt_payload.json"));
    let open = claims.as_object_mut().unwrap();
    open.retain(|name, _| !["_sd", "_sd_alg"].contains(&name.as_str()));
    open.extend(read_json(&case.join("user_claims.json")).as_object().unwrap().clone());
    claims
}

fn token_of(case: &Path, name: &str) -> String {
    let text = case.join(format!("{name}.txt"));
    if text.exists() {
        read_text(&text).trim_end().to_owned()
    } else {
        compact(&read_json(&case.join(format!("{name}.json"))))
    }
}

/// How many cases there were in a folder.
#[derive(Debug, Eq, PartialEq)]
struct Ran {
    verified: usize,
    with_key_binding: usize,
}

/// Verifies what was issued and what was presented in every folder.
fn run_generated(folder: &Path, settings: &Path) -> Ran {
    let issuer = issuer_of(settings);
    let mut ran = Ran { verified: 0, with_key_binding: 0 };
    for case in entries(folder).into_iter().filter(|path| path.is_dir()) {
        let issued = token_of(&case, "sd_jwt_issuance");
        expect(&format!("{case:?}, issued"), verify(&issued, &issuer, None), &all_claims(&case));
        let kb = case.join("kb_jwt_payload.json");
        let kb = kb.exists().then(|| read_json(&kb));
        let presented = token_of(&case, "sd_jwt_presentation");
        let expected = read_json(&case.join("verified_contents.json"));
        let what = format!("{case:?}, presented");
        expect(&what, verify(&presented, &issuer, kb.as_ref()), &expected);
        ran.verified += 1;
        if let Some(kb) = kb {
            ran.with_key_binding += 1;
            let error = verify(&presented, &issuer, None).err().unwrap();
            assert_eq!(error, Error::KeyBindingUnexpected, "{what}");
            let another = json!({"aud": kb["aud"], "nonce": "another", "iat": kb["iat"]});
            let error = verify(&presented, &issuer, Some(&another)).err().unwrap();
            assert_eq!(error.code(), "nonce_mismatch", "{what}");
        }
    }
    ran
}

#[test]
fn artefacts_of_the_sd_jwt_examples() {
    let Some(folder) = published("ietf-sd-jwt/examples-generated") else { return };
    assert_eq!(
        run_generated(&folder, &folder.join("settings.yml")),
        Ran { verified: 9, with_key_binding: 4 }
    );
}

#[test]
fn artefacts_of_the_sd_jwt_vc_examples() {
    let Some(folder) = published("ietf-sd-jwt-vc/examples-generated") else { return };
    assert_eq!(
        run_generated(&folder, &folder.join("settings.yml")),
        Ran { verified: 2, with_key_binding: 1 }
    );
}

#[test]
fn artefacts_of_the_reference_test_cases() {
    let Some(folder) = published("sd-jwt-python") else { return };
    let settings = folder.join("testcases/settings.yml");
    assert_eq!(
        run_generated(&folder.join("testcases"), &settings),
        Ran { verified: 11, with_key_binding: 2 }
    );
    assert_eq!(
        run_generated(&folder.join("examples"), &settings),
        Ran { verified: 1, with_key_binding: 1 }
    );
}

// Claims and frames without signatures: issued, presented and verified here.

/// The place that `parts` name in `claims`; `None` if there is none. A number is an index where an array stands.
fn location(claims: &Value, parts: &[&str]) -> Option<Vec<PathSegment>> {
    let mut here = claims;
    let mut location = Vec::new();
    for part in parts {
        let (segment, next) = match here {
            Value::Array(items) => {
                let index = part.parse().unwrap();
                (PathSegment::Index(index), items.get(index)?)
            }
            _ => (PathSegment::Name((*part).to_owned()), here.get(part)?),
        };
        location.push(segment);
        here = next;
    }
    Some(location)
}

type Hidden<'h> = &'h dyn Fn(&[PathSegment]) -> bool;
type Decoys<'d> = &'d dyn Fn(&[PathSegment]) -> usize;

fn node(value: &Value, at: &[PathSegment], hidden: Hidden<'_>, decoys: Decoys<'_>) -> Node {
    let below = |segment: PathSegment| [at, &[segment]].concat();
    match value {
        Value::Object(members) => {
            let mut object = Object::new();
            let mut digests = 0;
            for (name, value) in members {
                let at = below(PathSegment::Name(name.clone()));
                let node = node(value, &at, hidden, decoys);
                if hidden(&at) {
                    object = object.disclosable(name, node);
                    digests += 1;
                } else {
                    object = object.open(name, node);
                }
            }
            object.min_digests(if decoys(at) > 0 { digests + decoys(at) } else { 0 }).into()
        }
        Value::Array(items) => {
            let mut array = Array::new();
            let mut digests = 0;
            for (index, value) in items.iter().enumerate() {
                let at = below(PathSegment::Index(index));
                let node = node(value, &at, hidden, decoys);
                if hidden(&at) {
                    array = array.disclosable(node);
                    digests += 1;
                } else {
                    array = array.open(node);
                }
            }
            array.min_digests(if decoys(at) > 0 { digests + decoys(at) } else { 0 }).into()
        }
        scalar => scalar.clone().into(),
    }
}

/// Issues, checks that everything comes back, presents `shown`, and gives back what a verifier sees.
fn round_trip(
    claims: &Value,
    hidden: Hidden<'_>,
    decoys: Decoys<'_>,
    shown: &[Vec<PathSegment>],
) -> Value {
    let mut object = Object::new();
    for (name, value) in claims.as_object().unwrap() {
        let at = [PathSegment::Name(name.clone())];
        let node = node(value, &at, hidden, decoys);
        object = if hidden(&at) { object.disclosable(name, node) } else { object.open(name, node) };
    }
    let key: SigningKey = support::key(KeyKind::P256, 5);
    let public = llavero_core::Signer::public_key(&key);
    let header = IssuerHeader {
        algorithm: KeyKind::P256.default_algorithm(),
        typ: "example+sd-jwt".to_owned(),
        key_id: None,
        certificates: None,
    };
    let random = &mut Counter(9);
    let unsigned = accepted(issue::prepare(&object, &header, HashAlgorithm::Sha256, random));
    let issued = accepted(unsigned.sign(&key)).into_string();
    let policy = Policy {
        issuer_key: &public,
        issuer_algorithms: AlgorithmSet::ALL,
        issuer: None,
        format: Format::SdJwt { typ: Some("example+sd-jwt") },
        binding: KeyBinding::Forbid,
        required_claims: &[],
        clock_skew_secs: 0,
    };
    let verified = accepted(accepted(SdJwt::parse(&issued)).verify(&policy, NOW));
    assert_eq!(verified.claims(), claims);
    let held = accepted(Held::reopen(&issued));
    let paths: Vec<_> = shown.iter().map(|at| ClaimPath::new(at.clone()).unwrap()).collect();
    let presented = held.present(&accepted(held.select(&paths))).without_key_binding();
    accepted(accepted(SdJwt::parse(&presented)).verify(&policy, NOW)).claims().clone()
}

/// Where an expectation differs from RFC 9901, and what that requires instead.
fn as_rfc_9901_has_it(name: &str, expected: &Value) -> Value {
    match name {
        // The object stays, without its members (§7.1, step 4): `_sd` is removed, not what held it.
        "array_none_disclosed.json" => {
            assert_eq!(expected, &json!({}));
            json!({"is_over": {}})
        }
        _ => expected.clone(),
    }
}

/// The hidden places, the decoys, and the frame below a place of sd-jwt-js.
fn read_frame(
    frame: &Map<String, Value>,
    at: &[String],
    hidden: &mut Vec<Vec<String>>,
    decoys: &mut Vec<(Vec<String>, usize)>,
) {
    for (name, value) in frame {
        match name.as_str() {
            "_sd" => hidden.extend(value.as_array().unwrap().iter().map(|key| {
                let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                [at, &[key]].concat()
            })),
            "_sd_decoy" => {
                decoys.push((at.to_vec(), usize::try_from(value.as_u64().unwrap()).unwrap()));
            }
            _ => {
                let at = [at, std::slice::from_ref(name)].concat();
                read_frame(value.as_object().unwrap(), &at, hidden, decoys);
            }
        }
    }
}

/// The places with `true` in a presentation frame of sd-jwt-js.
fn shown_in(frame: &Map<String, Value>, at: &[String]) -> Vec<Vec<String>> {
    let below = |(name, value): (&String, &Value)| {
        let at = [at, std::slice::from_ref(name)].concat();
        match value {
            Value::Object(frame) => shown_in(frame, &at),
            _ => vec![at],
        }
    };
    frame.iter().flat_map(below).collect()
}

fn parts(at: &[String]) -> Vec<&str> {
    at.iter().map(String::as_str).collect()
}

#[test]
fn frames_of_sd_jwt_js() {
    let Some(folder) = published("sd-jwt-js") else { return };
    let (mut ran, mut not_there) = (0, Vec::new());
    for path in json_files(&folder) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let case = read_json(&path);
        let claims = &case["claims"];
        let (mut hidden, mut decoys) = (Vec::new(), Vec::new());
        read_frame(case["disclosureFrame"].as_object().unwrap(), &[], &mut hidden, &mut decoys);
        let hidden: Vec<_> =
            hidden.iter().map(|at| location(claims, &parts(at)).unwrap()).collect();
        let decoys: Vec<_> = decoys
            .iter()
            .map(|(at, count)| (location(claims, &parts(at)).unwrap(), *count))
            .collect();
        let mut shown = Vec::new();
        for at in shown_in(case["presentationFrames"].as_object().unwrap(), &[]) {
            match location(claims, &parts(&at)) {
                Some(location) => shown.push(location),
                None => not_there.push(format!("{name}: {}", at.join("."))),
            }
        }
        let seen = round_trip(
            claims,
            &|at| hidden.iter().any(|hidden| hidden == at),
            &|at| decoys.iter().find(|(decoy, _)| decoy == at).map_or(0, |(_, count)| *count),
            &shown,
        );
        assert_eq!(seen, as_rfc_9901_has_it(name, &case["presentedClaims"]), "{path:?}");
        ran += 1;
    }
    assert_eq!(ran, 12);
    // These frames name a second element of an array that has one. Here a path that chooses nothing is an error.
    assert_eq!(not_there, ["recursions.json: qux.1.0", "recursions.json: qux.1.1"]);
}

#[test]
fn frames_of_sd_jwt_tests() {
    let Some(folder) = published("sd-jwt-tests-lukasjhan") else { return };
    let mut ran = 0;
    for path in json_files(&folder) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let case = read_json(&path);
        let claims = &case["claims"];
        let read = |frame: &Value| -> Vec<Vec<PathSegment>> {
            let dotted = frame.as_array().unwrap().iter().map(|dotted| dotted.as_str().unwrap());
            let parts = |dotted: &str| location(claims, &dotted.split('.').collect::<Vec<_>>());
            dotted.map(|dotted| parts(dotted).unwrap()).collect()
        };
        let hidden = read(&case["disclosureFrame"]);
        let listed = read(&case["holder_disclosed_claims"]);
        // A path chooses all that is in a claim. This list means its members one by one, so a claim that is listed
        // only to reach others is left to them.
        let leaves = |at: &&Vec<PathSegment>| {
            !listed.iter().any(|other| other.len() > at.len() && other.starts_with(at))
        };
        let shown: Vec<_> = listed.iter().filter(leaves).cloned().collect();
        let is_hidden = |at: &[PathSegment]| hidden.iter().any(|hidden| hidden == at);
        let seen = round_trip(claims, &is_hidden, &|_| 0, &shown);
        let expected = as_rfc_9901_has_it(name, &case["expect_verified_user_claims"]);
        assert_eq!(seen, expected, "{path:?}");
        ran += 1;
    }
    assert_eq!(ran, 12);
}
