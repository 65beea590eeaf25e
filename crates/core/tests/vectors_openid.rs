//! Examples of OpenID4VP and OpenID4VCI, and DCQL queries that others have published.
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

use llavero_core::dcql::{
    Candidate, CredentialSetMatches, DcqlQuery, Evaluation, Mismatch, QueryError,
};
use llavero_core::key_proof::{self, ProofPolicy};
use llavero_core::present::Held;
use llavero_core::{AlgorithmSet, ClaimPath, Error, KeyKind, PathSegment, Positions, UnixTime};
use published::{json_files, name, published, read_json, read_text};
use serde_json::{Value, json};
use support::accepted;

/// The JSON files of a folder by name.
fn by_name(folder: &Path) -> BTreeMap<String, Value> {
    json_files(folder).iter().map(|path| (name(path).to_owned(), read_json(path))).collect()
}

fn parse(query: &Value) -> Result<DcqlQuery, QueryError> {
    let parsed = DcqlQuery::from_value(query)?;
    // What it prints says the same.
    assert_eq!(DcqlQuery::from_value(&parsed.to_value()).as_ref(), Ok(&parsed));
    Ok(parsed)
}

#[test]
fn queries_of_openid4vp() {
    let Some(folder) = published("openid4vp/query_lang") else { return };
    let files = by_name(&folder);
    for (name, query) in &files {
        let parsed = parse(query).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(parsed.credentials().len(), query["credentials"].as_array().unwrap().len());
    }
    assert_eq!(files.len(), 5);
}

#[test]
fn queries_of_the_european_wallet() {
    let Some(folder) = published("eudi-openid4vp-kt/dcql") else { return };
    let files = by_name(&folder);
    for (name, query) in &files {
        parse(query).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_eq!(files.len(), 4);
}

#[test]
fn paths_of_openid4vp_7_3() {
    let Some(folder) = published("openid4vp") else { return };
    let example = read_json(&folder.join("vp-7.3-claims-path-pointer.json"));
    let cases = example["paths"].as_array().unwrap();
    for case in cases {
        let path = ClaimPath::from_json(&case["path"]).unwrap();
        let selected: Value =
            path.select(&example["credential"]).unwrap().into_iter().cloned().collect();
        assert_eq!(selected, case["selects"], "{path}");
    }
    assert_eq!(cases.len(), 5);
}

#[test]
fn the_proof_of_openid4vci_f_1() {
    let Some(folder) = published("openid4vci") else { return };
    let example = read_json(&folder.join("vci-F.1-jwt-proof.json"));
    let proof = example["jwt"].as_str().unwrap();
    let policy = ProofPolicy {
        audience: example["expected_aud"].as_str().unwrap(),
        nonce: example["expected_nonce"].as_str().unwrap(),
        max_age_secs: 300,
        clock_skew_secs: 0,
        algorithms: AlgorithmSet::ALL,
    };
    let now = UnixTime::from_secs(example["payload"]["iat"].as_i64().unwrap());
    let key = accepted(key_proof::verify(proof, &policy, now));
    assert_eq!((key.kind(), key.to_jwk()), (KeyKind::P256, example["header"]["jwk"].clone()));
    // Of another time, for another issuer, for another issuance, it proves nothing.
    let code = |policy: &ProofPolicy<'_>, now| {
        key_proof::verify(proof, policy, now).err().map(|e| e.code())
    };
    assert_eq!(code(&policy, now.plus_secs(301)), Some("key_binding_expired"));
    assert_eq!(code(&policy, now.plus_secs(-1)), Some("key_binding_in_future"));
    let other = ProofPolicy { audience: "https://otro.example", ..policy };
    assert_eq!(code(&other, now), Some("audience_mismatch"));
    let other = ProofPolicy { nonce: "x", ..policy };
    assert_eq!(code(&other, now), Some("nonce_mismatch"));
}

#[test]
fn the_credential_of_an_openid4vci_response() {
    let Some(folder) = published("openid4vci") else { return };
    let response = read_text(&folder.join("credential_response_sd_jwt_vc.txt"));
    let (_, body) = response.split_once("\n\n").unwrap();
    // Broken into lines for print, in the middle of its string.
    let body: String = body.lines().map(str::trim).collect();
    let body: Value = serde_json::from_str(&body).unwrap();
    let credential = body["credentials"][0]["credential"].as_str().unwrap();
    let held = accepted(Held::reopen(credential));
    assert_eq!(held.claims()["given_name"], "John");
    // And nothing goes with it that its digests do not know.
    let with_more = credential.replacen('~', "~WyJhIiwiYiIsMV0~", 1);
    let error = Held::reopen(&with_more).err();
    assert_eq!(error, Some(Error::DisclosureUnreferenced { index: 0 }));
}

/// A credential of the DCQL test cases, as an SD-JWT VC would have the same claims.
struct Card {
    id: String,
    kind: String,
    claims: Value,
    displays: BTreeMap<String, String>,
    positions: Positions,
}

impl Candidate for Card {
    fn format(&self) -> &str {
        "dc+sd-jwt"
    }

    fn has_type(&self, vct: &str) -> bool {
        self.kind == vct
    }

    fn holder_bound(&self) -> bool {
        true
    }

    fn claims(&self) -> &Value {
        &self.claims
    }

    fn positions(&self) -> &Positions {
        &self.positions
    }

    fn authority_key_ids(&self) -> &[String] {
        &[]
    }
}

fn cards(file: &Value) -> Vec<Card> {
    let mut cards = Vec::new();
    for (kind, list) in file["credentials"]["mso_mdoc"].as_object().unwrap() {
        for card in list.as_array().unwrap() {
            let (mut claims, mut displays) = (json!({}), BTreeMap::new());
            for (namespace, members) in card["namespaces"].as_object().unwrap() {
                for (name, member) in members.as_object().unwrap() {
                    claims[namespace][name] = member["value"].clone();
                    displays.insert(name.clone(), member["display"].as_str().unwrap().to_owned());
                }
            }
            let id = card["id"].as_str().unwrap().to_owned();
            let positions = Positions::new();
            cards.push(Card { id, kind: kind.clone(), claims, displays, positions });
        }
    }
    cards
}

/// A query of October 2024 about mdocs as the same query of 1.0 about SD-JWT VCs.
fn translated(query: &Value) -> Value {
    let mut query = query.clone();
    for credential in query["credentials"].as_array_mut().unwrap() {
        assert_eq!(credential["format"], "mso_mdoc");
        credential["format"] = "dc+sd-jwt".into();
        credential["meta"] = json!({ "vct_values": [credential["meta"]["doctype_value"]] });
        for claim in
            credential.get_mut("claims").and_then(Value::as_array_mut).into_iter().flatten()
        {
            claim["path"] = json!([claim["namespace"], claim["claim_name"]]);
        }
    }
    query
}

/// The matches in the form in which the cases expect them: of each set, those of the first combination there is.
fn matched(evaluation: &Evaluation, cards: &[Card]) -> Value {
    let mut found = json!({});
    if !evaluation.is_satisfiable() {
        return found;
    }
    let preferred = |set: &CredentialSetMatches| {
        set.options().find(|(_, there)| *there).map_or_else(Vec::new, |(ids, _)| ids.to_vec())
    };
    let wanted: Vec<String> = evaluation.credential_sets().iter().flat_map(preferred).collect();
    for query in evaluation.credentials() {
        if !evaluation.credential_sets().is_empty() && !wanted.iter().any(|id| id == query.id()) {
            continue;
        }
        let matches = query.matches().iter().map(|one| {
            let card = &cards[one.candidate()];
            let names = one.selected().locations().map(|at| match at.last() {
                Some(PathSegment::Name(name)) => card.displays[name].clone(),
                other => panic!("{other:?}"),
            });
            json!({ "id": card.id, "matched_claim_names": names.collect::<Vec<_>>() })
        });
        found[query.id()] = matches.collect();
    }
    found
}

#[test]
fn selection_of_dcqltests() {
    let Some(folder) = published("dcqltests-peppelinux") else { return };
    let mut files = by_name(&folder);
    let cards = cards(&files.remove("credentials.json").unwrap());
    assert_eq!((files.len(), cards.len()), (7, 4));
    for (name, case) in &files {
        let query = parse(&translated(&case["dcql_query"])).unwrap();
        let mut expected = case["expected_result"]["matched_credentials"].clone();
        if name == "testcase-1.json" {
            // A query without `claims` asked for all of them then, and asks for none since (OpenID4VP 1.0 §6.4.1).
            for one in expected["mDL_request"].as_array_mut().unwrap() {
                assert!(!one["matched_claim_names"].as_array().unwrap().is_empty());
                one["matched_claim_names"] = json!([]);
            }
        }
        assert_eq!(matched(&query.evaluate(&cards), &cards), expected, "{name}");

        // As they stand they are no queries of 1.0 about credentials that we read.
        match DcqlQuery::from_value(&case["dcql_query"]) {
            Ok(query) => {
                let fits = |card| query.credentials()[0].try_select(card).err();
                assert!(cards.iter().all(|card| fits(card) == Some(Mismatch::Format)), "{name}");
                assert_eq!(name, "testcase-1.json");
            }
            Err(error) => assert_eq!(error.code(), "query_missing", "{name}: {error}"),
        }
    }
}
