//! Runs conformance cases: one file after the other, each case by its kind.
//!
//! `tests/vectors/conformance/README.md` documents the cases and what is asked of an implementation.

mod adapter;
mod answer;
mod dcql;
mod issuer_metadata;
mod kind;
pub(crate) mod mexico;
mod path_pointer;
mod sd_jwt;
mod type_metadata;

use std::path::Path;

use serde_json::{Value, json};

pub(crate) use adapter::{Adapter, AdapterError, serve};

use answer::Answer;
use kind::{Finding, Kind};

/// Who is examined: this program, or another one.
pub(crate) trait Examinee {
    /// Answers one case, of which it sees the input only.
    ///
    /// # Errors
    /// [`AdapterError`] if it makes no sense to go on; the inner error if this case stays unanswered.
    fn answer(
        &mut self,
        kind: &Kind,
        input: &Value,
    ) -> Result<Result<Answer, Unanswered>, AdapterError>;

    /// Whether it refuses with the codes of SPEC.md §15, which some cases expect of this program.
    fn has_our_codes(&self) -> bool;
}

/// This program.
#[derive(Debug)]
pub(crate) struct Llavero;

impl Examinee for Llavero {
    fn answer(
        &mut self,
        kind: &Kind,
        input: &Value,
    ) -> Result<Result<Answer, Unanswered>, AdapterError> {
        Ok(kind.answer(input).map_err(Unanswered::Unreadable))
    }

    fn has_our_codes(&self) -> bool {
        true
    }
}

/// Why there is no answer to a case.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unanswered {
    #[error("the adapter ended")]
    Ended,
    #[error("no answer within {secs} s")]
    Late { secs: u64 },
    #[error("an answer that is not one, or is for another case")]
    Malformed,
    #[error(transparent)]
    Unreadable(Unreadable),
}

/// A case that lacks what its kind needs; it counts as failed, with the member's name.
#[derive(Debug, thiserror::Error)]
#[error("no usable member \"{0}\"")]
pub(crate) struct Unreadable(&'static str);

/// What came of one file.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) file: String,
    pub(crate) total: usize,
    pub(crate) passed: usize,
    pub(crate) skipped: usize,
    pub(crate) failed: Vec<Failure>,
    /// Which way it went where the specification leaves it open.
    pub(crate) either: Vec<(String, Answer)>,
}

#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) id: String,
    pub(crate) expected: String,
    pub(crate) got: String,
}

/// Why a file could not be run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error(transparent)]
    Adapter(#[from] AdapterError),
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
pub(crate) fn run_file(path: &Path, examinee: &mut dyn Examinee) -> Result<Report, FileError> {
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
        let Some(kind) = Kind::of(case) else {
            report.skipped += 1;
            continue;
        };
        let finding = match examinee.answer(kind, &kind.input(case, &shared))? {
            Ok(answer) => kind.judge(case, answer, examinee.has_our_codes()),
            Err(Unanswered::Unreadable(unreadable)) => Err(unreadable),
            Err(why) => kind.unanswered(case, &why),
        };
        match finding {
            Ok(Finding::Passed) => report.passed += 1,
            Ok(Finding::Either(got)) => {
                report.passed += 1;
                report.either.push((id, got));
            }
            Ok(Finding::Failed { expected, got }) => {
                report.failed.push(Failure { id, expected, got })
            }
            Ok(Finding::Skipped) => report.skipped += 1,
            Err(Unreadable(member)) => report.failed.push(Failure {
                id,
                expected: format!("a usable member \"{member}\""),
                got: "none".to_owned(),
            }),
        }
    }
    Ok(report)
}

fn member<'v>(object: &'v Value, name: &'static str) -> Result<&'v Value, Unreadable> {
    object.get(name).ok_or(Unreadable(name))
}

fn text<'v>(object: &'v Value, name: &'static str) -> Result<&'v str, Unreadable> {
    member(object, name)?.as_str().ok_or(Unreadable(name))
}
