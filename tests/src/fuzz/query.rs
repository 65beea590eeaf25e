//! Queries and paths: what is read prints back, and the wallet's reading of a query is the verifier's.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use llavero_core::dcql::{Answer, Candidate, DcqlQuery, Presented, SD_JWT_FORMAT};
use llavero_core::path::Location;
use llavero_core::{ClaimPath, Part, PathSegment, Positions, json as strict};
use serde_json::{Value, json};

use super::Outcome;

/// The first line is a query or the JSON of a path; the others are paths as people write them.
pub(crate) fn run(input: &[u8]) -> Outcome {
    let mut lines = input.split(|byte| *byte == b'\n');
    let first = strict::from_slice(lines.next().unwrap_or_default(), Part::Request);
    let mut accepted = false;
    for line in lines.filter_map(|line| std::str::from_utf8(line).ok()) {
        if let Ok(path) = ClaimPath::parse_dotted(line) {
            print_and_read(&path);
            accepted = true;
        }
    }
    if let Some(path) = first.as_ref().ok().and_then(|json| ClaimPath::from_json(json).ok()) {
        assert_eq!(Some(&path.to_json()), first.as_ref().ok());
        print_and_read(&path);
        accepted = true;
    }
    if let Some(query) = first.ok().and_then(|query| DcqlQuery::from_value(&query).ok()) {
        assert_eq!(DcqlQuery::from_value(&query.to_value()).as_ref(), Ok(&query));
        evaluate(&query);
        accepted = true;
    }
    Outcome::accepted_if(accepted)
}

fn print_and_read(path: &ClaimPath) {
    assert_eq!(path.to_string().parse().as_ref(), Ok(path));
    assert_eq!(ClaimPath::from_json(&path.to_json()).as_ref(), Ok(path));
}

/// A credential, whole or in part.
#[derive(Clone)]
struct Credential {
    types: Vec<&'static str>,
    bound: bool,
    claims: Value,
    positions: Positions,
}

impl Candidate for Credential {
    fn format(&self) -> &str {
        SD_JWT_FORMAT
    }

    fn has_type(&self, vct: &str) -> bool {
        self.types.contains(&vct)
    }

    fn holder_bound(&self) -> bool {
        self.bound
    }

    fn claims(&self) -> &Value {
        &self.claims
    }

    fn positions(&self) -> &Positions {
        &self.positions
    }

    fn authority_key_ids(&self) -> &[String] {
        &KEY_IDS
    }
}

static KEY_IDS: LazyLock<Vec<String>> =
    LazyLock::new(|| vec!["s9tIpPmhxdiuNkHMEWNpYim8S8Y".to_owned()]);

static WALLET: LazyLock<Vec<Credential>> = LazyLock::new(|| {
    let credential = |types: &[&'static str], bound, claims| Credential {
        types: types.to_vec(),
        bound,
        claims,
        positions: Positions::new(),
    };
    vec![
        credential(
            &["urn:a", "urn:example:mx:identidad:1"],
            true,
            json!({
                "vct": "urn:a", "given_name": "Ana", "age": 34, "age_over_18": true, "nulo": null,
                "domicilio": {"calle": "Calle Falsa 1", "cp": "06010", "geo": {"lat": 19.4}},
                "nacionalidades": ["MX", "ES"], "matriz": [[1, 2], [3]], "mixto": [{"a": 1}, 5],
                "titulos": [{"tipo": "Lic.", "anio": 2010}, {"tipo": "M.C.", "anio": 2012}],
                "vacio": [], "a.b": "punto", "0": "cero", "": "sin nombre",
            }),
        ),
        credential(&["urn:b"], true, json!({"a": {"b": [1, "1", true, [null]]}, "b": [{"c": 1}]})),
        credential(&["urn:a", "urn:c"], false, json!({"given_name": "Ana", "a": [[[]]]})),
    ]
});

/// Whatever the wallet finds to answer a query, the verifier takes; with one claim more it does not.
fn evaluate(query: &DcqlQuery) {
    let evaluation = query.evaluate(&WALLET);
    if !evaluation.is_satisfiable() {
        assert!(query.check_answer(&[]).is_err() || !query.credential_sets().is_empty());
        return;
    }
    // Where it asks in combinations, what belongs to none that is there whole is not asked for (OpenID4VP 1.0 §6.4.2).
    let sets = evaluation.credential_sets().iter();
    let whole = sets.flat_map(|set| set.options().filter(|(_, is_whole)| *is_whole));
    let combined: BTreeSet<&str> =
        whole.flat_map(|(option, _)| option.iter().map(String::as_str)).collect();
    let is_asked_for = |id| query.credential_sets().is_empty() || combined.contains(id);
    let mut sent = Vec::new();
    for matches in evaluation.credentials().iter().filter(|matches| is_asked_for(matches.id())) {
        for found in matches.matches().iter().take(1) {
            let whole = &WALLET[found.candidate()];
            let wanted: BTreeSet<Location> =
                found.selected().locations().map(<[PathSegment]>::to_vec).collect();
            let (mut shown, mut positions) = (Vec::new(), Positions::new());
            let claims = prune(&whole.claims, &mut Vec::new(), &wanted, &mut shown, &mut positions);
            let part = Credential { claims, positions, ..whole.clone() };
            sent.push((matches.id(), part, shown));
        }
    }
    let check = |sent: &[(&str, Credential, Vec<Location>)]| {
        let presented: Vec<_> =
            sent.iter().map(|(_, part, shown)| [Presented::new(part, shown)]).collect();
        let answers: Vec<_> =
            sent.iter().zip(&presented).map(|((id, ..), one)| Answer::new(id, one)).collect();
        query.check_answer(&answers).map(|accepted| {
            for (index, (_, part, _)) in sent.iter().enumerate() {
                let selected = accepted.selected(index, 0).expect("a selection for each");
                for claim in selected.claims() {
                    assert!(!claim.locations().is_empty());
                    for location in claim.locations() {
                        let path = ClaimPath::new(location.clone()).expect("a location");
                        let found = path.select_located(&part.claims, &part.positions);
                        assert_eq!(found.map(|found| found.len()), Ok(1), "not in what was sent");
                    }
                }
            }
        })
    };
    assert_eq!(check(&sent), Ok(()), "the verifier refuses what the wallet selected");
    if let Some((_, _, shown)) = sent.first_mut() {
        shown.push(vec![PathSegment::Name("nobody asked for this".to_owned())]);
        assert!(check(&sent).is_err(), "more was shown than was asked for");
    }
}

/// What is left of claims if everything can be hidden and only what leads to, is, or is inside of `wanted` is shown.
fn prune(
    value: &Value,
    here: &mut Location,
    wanted: &BTreeSet<Location>,
    shown: &mut Vec<Location>,
    positions: &mut Positions,
) -> Value {
    let permits = |at: &Location| {
        wanted.iter().any(|wanted| wanted.starts_with(at) || at.starts_with(wanted))
    };
    let mut keep = |segment, child: &Value, positions: &mut Positions| {
        here.push(segment);
        let kept = permits(here).then(|| {
            shown.push(here.clone());
            prune(child, here, wanted, shown, positions)
        });
        here.pop();
        kept
    };
    match value {
        Value::Array(items) => {
            let (mut issued, mut kept) = (Vec::new(), Vec::new());
            for (index, child) in items.iter().enumerate() {
                if let Some(child) = keep(PathSegment::Index(index), child, positions) {
                    issued.push(index);
                    kept.push(child);
                }
            }
            positions.insert(here.clone(), issued);
            kept.into()
        }
        Value::Object(members) => {
            let kept = members.iter().filter_map(|(name, child)| {
                let child = keep(PathSegment::Name(name.clone()), child, positions)?;
                Some((name.clone(), child))
            });
            kept.collect::<serde_json::Map<_, _>>().into()
        }
        scalar => scalar.clone(),
    }
}
