//! A second reading of RFC 9901 §7.1: several passes over plain JSON, for clarity alone.

#![allow(clippy::indexing_slicing)]

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Steps 3 to 5, with the format rules of §4 that a recipient can check. Each Disclosure comes with its digest.
pub(crate) fn processed(payload: &Value, disclosures: &[(String, Value)]) -> Option<Value> {
    for (_, disclosure) in disclosures {
        let elements = disclosure.as_array()?;
        let named = elements.len() == 3 && elements[1].is_string();
        if !elements.first()?.is_string() || !(named || elements.len() == 2) {
            return None;
        }
    }
    let mut payload = payload.clone();
    match payload.as_object_mut()?.remove("_sd_alg") {
        None => {}
        Some(name) if ["sha-256", "sha-384", "sha-512"].contains(&name.as_str()?) => {}
        Some(_) => return None,
    }
    let mut met = Vec::new();
    let claims = value(&payload, disclosures, &mut met)?;
    let unique: BTreeSet<_> = met.iter().collect();
    let all_used = disclosures.iter().all(|(digest, _)| unique.contains(digest));
    let no_copies = disclosures.iter().map(|(digest, _)| digest).collect::<BTreeSet<_>>().len();
    (unique.len() == met.len() && all_used && no_copies == disclosures.len()).then_some(claims)
}

fn value(json: &Value, disclosures: &[(String, Value)], met: &mut Vec<String>) -> Option<Value> {
    let find = |digest: &str, met: &mut Vec<String>| {
        // Every digest counts, and a Disclosure that was met before makes the token invalid anyway.
        let first = !met.iter().any(|other| other == digest);
        met.push(digest.to_owned());
        disclosures.iter().find(|(candidate, _)| first && candidate == digest).map(|(_, d)| d)
    };
    match json {
        Value::Object(members) => {
            let mut object = Map::new();
            for (name, json) in members {
                match name.as_str() {
                    "_sd" => {}
                    "..." | "_sd_alg" => return None,
                    _ => {
                        object.insert(name.clone(), value(json, disclosures, met)?);
                    }
                }
            }
            let none = json!([]);
            for digest in members.get("_sd").unwrap_or(&none).as_array()? {
                let Some(disclosure) = find(digest.as_str()?, met) else { continue };
                let [_, name, json] = disclosure.as_array()?.as_slice() else { return None };
                let name = name.as_str()?;
                let reserved = ["_sd", "...", "_sd_alg"].contains(&name);
                if reserved || object.contains_key(name) {
                    return None;
                }
                object.insert(name.to_owned(), value(json, disclosures, met)?);
            }
            Some(object.into())
        }
        Value::Array(items) => {
            let mut array = Vec::new();
            for item in items {
                let Some(digest) = item.get("...") else {
                    array.push(value(item, disclosures, met)?);
                    continue;
                };
                if item.as_object()?.len() != 1 {
                    return None;
                }
                let Some(disclosure) = find(digest.as_str()?, met) else { continue };
                let [_, json] = disclosure.as_array()?.as_slice() else { return None };
                array.push(value(json, disclosures, met)?);
            }
            Some(array.into())
        }
        scalar => Some(scalar.clone()),
    }
}
