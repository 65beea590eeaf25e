//! `tests/divergences.json`: where another implementation says something else than we, who is right, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

/// What was said to a token, here or there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Said {
    Accept,
    /// Accepted, and read otherwise than we did.
    OtherClaims,
    Refuse,
}

impl Said {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::OtherClaims => "other claims",
            Self::Refuse => "refuse",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Accept, Self::OtherClaims, Self::Refuse].into_iter().find(|said| said.name() == name)
    }
}

/// A difference of opinion on a class of tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Divergence {
    pub(crate) case: String,
    pub(crate) peer: String,
    pub(crate) here: Said,
    pub(crate) there: Said,
}

/// Entries, each with a reason and the peers that it explains in one case or many.
pub(crate) struct Ledger {
    entries: Vec<Value>,
    rows: BTreeSet<Divergence>,
}

const MEMBERS: [&str; 6] = ["here", "there", "right", "spec", "reason", "cases"];

impl Ledger {
    pub(crate) fn open() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("divergences.json");
        let text = std::fs::read_to_string(&file).unwrap();
        Self::read(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
    }

    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let entries: Vec<Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut rows = BTreeSet::new();
        for entry in &entries {
            let members = entry.as_object().ok_or("an entry is an object")?;
            if let Some(name) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
                return Err(format!("what is `{name}`?"));
            }
            let text = |name: &str| {
                let value = entry[name].as_str().filter(|text| !text.is_empty());
                value.ok_or_else(|| format!("no `{name}` in {entry}"))
            };
            let said = |name: &str| {
                Said::from_name(text(name)?).ok_or_else(|| format!("bad `{name}` in {entry}"))
            };
            if !["llavero", "peer", "open"].contains(&text("right")?) {
                return Err(format!("bad `right` in {entry}"));
            }
            text("spec")?;
            text("reason")?;
            let (here, there) = (said("here")?, said("there")?);
            let before = rows.len();
            for (case, peers) in entry["cases"].as_object().into_iter().flatten() {
                for peer in peers.as_array().ok_or_else(|| format!("no peers in {entry}"))? {
                    let peer = peer.as_str().ok_or("a peer is a text")?.to_owned();
                    let row = Divergence { case: case.clone(), peer, here, there };
                    if !rows.insert(row.clone()) {
                        return Err(format!("twice: {row:?}"));
                    }
                }
            }
            if rows.len() == before {
                return Err(format!("about nothing: {entry}"));
            }
        }
        Ok(Self { entries, rows })
    }

    pub(crate) fn entries(&self) -> usize {
        self.entries.len()
    }

    /// Section and reason of a case in which we are right, and no entry leaves it open.
    pub(crate) fn clear(&self, case: &str) -> Option<(&str, &str)> {
        let about = |entry: &&Value| entry["cases"].get(case).is_some();
        let entries: Vec<&Value> = self.entries.iter().filter(about).collect();
        let is_clear = entries.iter().all(|entry| entry["right"] == "llavero");
        let first = entries.first().filter(|_| is_clear)?;
        Some((first["spec"].as_str()?, first["reason"].as_str()?))
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Compares what was seen, and how often, with what is written. Either must explain the other.
    pub(crate) fn settle(&self, seen: &BTreeMap<Divergence, usize>) -> Vec<String> {
        let mut failures = Vec::new();
        for (divergence, count) in seen {
            if !self.rows.contains(divergence) {
                failures.push(format!("not in the ledger, {count} times: {divergence:?}"));
            }
        }
        for row in &self.rows {
            if !seen.contains_key(row) {
                failures.push(format!("in the ledger, and diverges no longer: {row:?}"));
            }
        }
        failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"[{"here": "refuse", "there": "accept", "right": "llavero",
        "spec": "RFC 9901 §7.1", "reason": "r", "cases": {"a": ["p"], "b": ["p"]}}]"#;

    fn seen(cases: &[&str]) -> BTreeMap<Divergence, usize> {
        let row = |case: &&str| Divergence {
            case: (*case).to_owned(),
            peer: "p".to_owned(),
            here: Said::Refuse,
            there: Said::Accept,
        };
        cases.iter().map(|case| (row(case), 1)).collect()
    }

    #[test]
    fn what_is_written_and_seen_is_settled() {
        assert!(Ledger::read(ENTRY).unwrap().settle(&seen(&["a", "b"])).is_empty());
    }

    #[test]
    fn a_divergence_that_nobody_wrote_down_fails() {
        let failures = Ledger::read(ENTRY).unwrap().settle(&seen(&["a", "b", "c"]));
        assert!(failures.len() == 1 && failures[0].starts_with("not in the ledger"));
    }

    #[test]
    fn an_entry_that_no_longer_diverges_fails() {
        let failures = Ledger::read(ENTRY).unwrap().settle(&seen(&["b"]));
        assert!(failures.len() == 1 && failures[0].contains("no longer"), "{failures:?}");
    }

    #[test]
    fn an_entry_without_a_reason_is_none() {
        let spoilt = [
            ("\"r\"", "\"\""),
            ("llavero", "x"),
            ("refuse", "x"),
            ("reason", "x"),
            (r#"[{"#, r#"[{"often": {"a": ["p"]}, "#),
            (r#"{"a": ["p"], "b": ["p"]}"#, "{}"),
        ];
        for (old, new) in spoilt {
            assert!(Ledger::read(&ENTRY.replace(old, new)).is_err(), "{new}");
        }
    }
}
