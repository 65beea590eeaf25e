//! Runs conformance cases: one file after the other, each case by its kind. SPEC.md documents the format.

pub(crate) mod mexico;
mod path_pointer;
mod sd_jwt;

use std::path::Path;

use serde_json::{Value, json};

/// What came of one file.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) file: String,
    pub(crate) total: usize,
    pub(crate) passed: usize,
    pub(crate) skipped: usize,
    pub(crate) failed: Vec<Failure>,
    /// Which way it went where the specification leaves it open.
    pub(crate) either: Vec<(String, Got)>,
}

#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) id: String,
    pub(crate) expected: String,
    pub(crate) got: String,
}

/// What was found for one case.
enum Finding {
    Passed,
    /// The specification leaves it open; this is the way it went.
    Either(Got),
    Failed {
        expected: String,
        got: String,
    },
    /// The kind is not known. Never counted as passed.
    Unknown,
}

/// A verdict and, for a refusal, its code.
#[derive(Debug)]
pub(crate) struct Got {
    verdict: &'static str,
    code: Option<&'static str>,
    value: Option<Value>,
}

impl Got {
    const fn new(verdict: &'static str) -> Self {
        Self { verdict, code: None, value: None }
    }

    fn because(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    fn with_value(self, value: Value) -> Self {
        Self { value: Some(value), ..self }
    }
}

impl std::fmt::Display for Got {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.code {
            Some(code) => write!(f, "{} ({code})", self.verdict),
            None => f.write_str(self.verdict),
        }
    }
}

/// A case that lacks what its kind needs; it counts as failed, with the member's name.
struct Unreadable(&'static str);

/// A file that is no case file at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Report {
    pub(crate) fn to_json(&self) -> Value {
        let failed: Vec<Value> = self
            .failed
            .iter()
            .map(|failure| json!({ "id": failure.id, "expected": failure.expected, "got": failure.got }))
            .collect();
        let either: Vec<Value> = self
            .either
            .iter()
            .map(|(id, got)| json!({ "id": id, "got": got.to_string() }))
            .collect();
        json!({
            "file": self.file,
            "total": self.total,
            "passed": self.passed,
            "skipped": self.skipped,
            "failed": failed,
            "either": either,
        })
    }
}

/// Runs the cases of one file: an array of cases, or an object with them in `cases`.
pub(crate) fn run_file(path: &Path) -> Result<Report, FileError> {
    let document: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let shared = document.get("meta").cloned().unwrap_or_default();
    let cases = document
        .get("cases")
        .unwrap_or(&document)
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut report = Report {
        file: path.display().to_string(),
        total: 0,
        passed: 0,
        skipped: 0,
        failed: Vec::new(),
        either: Vec::new(),
    };
    // Tables (of states, of words) lie beside the cases; their rows have no id and are no cases.
    for case in cases.iter().filter(|case| case.get("id").is_some()) {
        report.total += 1;
        let id = case.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        match run_case(case, &shared) {
            Ok(Finding::Passed) => report.passed += 1,
            Ok(Finding::Either(got)) => {
                report.passed += 1;
                report.either.push((id, got));
            }
            Ok(Finding::Failed { expected, got }) => {
                report.failed.push(Failure { id, expected, got })
            }
            Ok(Finding::Unknown) => report.skipped += 1,
            Err(Unreadable(member)) => report.failed.push(Failure {
                id,
                expected: format!("a usable member \"{member}\""),
                got: "none".to_owned(),
            }),
        }
    }
    Ok(report)
}

fn run_case(case: &Value, shared: &Value) -> Result<Finding, Unreadable> {
    match case.get("kind").and_then(Value::as_str) {
        Some(kind @ ("core" | "kb" | "sdjwtvc")) => sd_jwt::run(kind, case),
        Some("path-pointer") => path_pointer::run(case),
        // The Mexican cases name no kind; those of the RFC use the member for "fisica" and "moral".
        _ => mexico::run(case, shared).unwrap_or(Ok(Finding::Unknown)),
    }
}

fn member<'v>(object: &'v Value, name: &'static str) -> Result<&'v Value, Unreadable> {
    object.get(name).ok_or(Unreadable(name))
}

fn text<'v>(object: &'v Value, name: &'static str) -> Result<&'v str, Unreadable> {
    member(object, name)?.as_str().ok_or(Unreadable(name))
}
