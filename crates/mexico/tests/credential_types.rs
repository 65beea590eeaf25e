//! The claims that records give are those that the credential types describe.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use llavero_mexico::{CredentialType, Spread, Synthetic, SyntheticPerson, Visibility};
use serde_json::{Map, Value};

#[path = "support/random.rs"]
mod random;

const TODAY: Date = date(2026, 11, 21);

fn people(count: usize) -> Vec<SyntheticPerson> {
    let mut people = Synthetic::new(random::source(20_261_121));
    (0..count).map(|_| people.person(TODAY, 0..=99).unwrap()).collect()
}

/// The claims of each record of each person.
fn claims(count: usize) -> Vec<(CredentialType, Map<String, Value>)> {
    let mut claims = Vec::new();
    for person in people(count) {
        claims.push((CredentialType::Age, person.age_record().claims(TODAY)));
        claims.push((CredentialType::Curp, person.curp_record().claims(TODAY)));
        if let Some((record, _)) = person.ine() {
            claims.push((CredentialType::Ine, record.claims(TODAY)));
        }
    }
    claims
}

/// The names of all claims in a tree: its leaves, and arrays as one.
fn names(claims: &Map<String, Value>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (name, value) in claims {
        match value.as_object() {
            Some(members) => names.extend(members.keys().map(|member| format!("{name}.{member}"))),
            None => assert!(names.insert(name.clone())),
        }
    }
    names
}

#[test]
fn the_published_documents_are_those_of_the_tables() {
    for credential_type in CredentialType::ALL {
        let place = format!("../../docs/types/{}.json", credential_type.name());
        let published = std::fs::read_to_string(&place).unwrap();
        let made = credential_type.type_metadata(credential_type.default_vct());
        assert!(published == made, "{place} is stale; `cargo xtask types` renews it");
    }
}

#[test]
fn every_claim_of_a_record_is_in_the_table() {
    for (credential_type, claims) in claims(300) {
        for name in names(&claims) {
            let claim = credential_type.claim(&name);
            let claim = claim.unwrap_or_else(|| panic!("{credential_type:?} has no claim {name}"));
            assert_eq!(claim.visibility(), Visibility::Disclosable, "{name}");
        }
    }
}

#[test]
fn every_claim_that_is_not_optional_is_in_every_record() {
    for (credential_type, claims) in claims(300) {
        let names = names(&claims);
        for claim in credential_type.claims() {
            if claim.visibility() == Visibility::Disclosable
                && !claim.is_optional()
                && claim.spread() == Spread::One
            {
                assert!(
                    names.contains(&claim.name()),
                    "{credential_type:?} lacks {}",
                    claim.name()
                );
            }
        }
    }
}

#[test]
fn no_record_needs_more_digests_than_its_type_has() {
    for (credential_type, claims) in claims(300) {
        for level in credential_type.levels() {
            let needed = match level.path {
                [] => {
                    let containers: Vec<_> =
                        credential_type.levels().iter().filter_map(|l| l.path.first()).collect();
                    claims.keys().filter(|name| !containers.contains(&&name.as_str())).count()
                }
                [container] => match &claims[*container] {
                    Value::Object(members) => members.len(),
                    Value::Array(elements) => elements.len(),
                    other => panic!("{other}"),
                },
                deeper => panic!("{deeper:?}"),
            };
            assert!(needed <= level.digests, "{credential_type:?} {:?}: {needed}", level.path);
        }
    }
}

#[test]
fn containers_are_there_for_everybody() {
    for (credential_type, claims) in claims(300) {
        for level in credential_type.levels() {
            assert!(
                level.path.iter().all(|container| claims.contains_key(*container)),
                "{:?}",
                level.path
            );
        }
    }
}

#[test]
fn refuses_to_leak_by_the_number_of_answers() {
    for (_, claims) in claims(300) {
        if let Some(years) = claims.get("valid_in_year") {
            assert_eq!(years.as_object().map(Map::len), Some(10));
        }
    }
}

#[test]
fn records_read_back_from_their_own_claims() {
    for person in people(100) {
        let claims = person.curp_record().claims(TODAY);
        let fields = CredentialType::Curp.record_fields();
        let mut record = Map::new();
        for field in fields {
            let value = claims.get(field.name()).filter(|value| value.is_string());
            value.map(|value| record.insert(field.name().to_owned(), value.clone()));
        }
        let countries: Vec<_> =
            claims["nationalities"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        record.insert("nationalities".to_owned(), countries.join(" ").into());
        let again = llavero_mexico::CurpRecord::from_json(&Value::Object(record), TODAY).unwrap();
        assert_eq!(again.claims(TODAY), claims);
    }
}
