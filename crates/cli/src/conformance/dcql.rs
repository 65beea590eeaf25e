//! Kinds `dcql-parse` and `dcql-eval`: is a query valid, and what answers it (OpenID4VP 1.0 §6).

use llavero_core::Positions;
use llavero_core::dcql::{
    Candidate, CredentialMatches, CredentialSetMatches, DcqlQuery, Evaluation,
};
use serde_json::{Map, Value};

use super::answer::Answer;
use super::{Unreadable, member, text};

pub(super) fn parse(input: &Value) -> Result<Answer, Unreadable> {
    let query = DcqlQuery::from_value(member(input, "query")?);
    Ok(Answer::of(query.map(|_| Value::Null).map_err(|error| error.code())))
}

pub(super) fn evaluate(input: &Value) -> Result<Answer, Unreadable> {
    let credentials = member(input, "credentials")?.as_array().ok_or(Unreadable("credentials"))?;
    let held: Vec<_> = credentials.iter().map(Held::read).collect::<Result<_, _>>()?;
    let query = DcqlQuery::from_value(member(input, "query")?);
    Ok(Answer::of(
        query.map(|query| outcome(&query.evaluate(&held), &held)).map_err(|error| error.code()),
    ))
}

fn outcome(evaluation: &Evaluation, held: &[Held<'_>]) -> Value {
    let mut outcome = Map::new();
    let candidates = evaluation.credentials().iter();
    let candidates: Map<_, _> =
        candidates.map(|query| (query.id().to_owned(), fits(query, held))).collect();
    outcome.insert("candidates".to_owned(), candidates.into());
    outcome.insert("satisfiable".to_owned(), evaluation.is_satisfiable().into());
    let sets = evaluation.credential_sets();
    if !sets.is_empty() {
        let options =
            |set: &CredentialSetMatches| set.options().map(|(_, ok)| ok).collect::<Value>();
        outcome.insert("options_satisfiable".to_owned(), sets.iter().map(options).collect());
    }
    outcome.into()
}

/// The credentials that answer a query, each with the paths of what it would show.
fn fits(query: &CredentialMatches, held: &[Held<'_>]) -> Value {
    let named = query.matches().iter().filter_map(|fit| {
        let paths = fit.selected().claims().iter().map(|claim| claim.path().to_json());
        Some((held.get(fit.candidate())?.id.to_owned(), paths.collect()))
    });
    Value::Object(named.collect())
}

/// Puts the paths of each candidate in one order: which comes first says nothing.
pub(super) fn sort_paths(candidates: Option<&mut Value>) {
    let queries = candidates.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    let credentials = queries.filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for paths in credentials.filter_map(Value::as_array_mut) {
        paths.sort_by_cached_key(Value::to_string);
    }
}

/// A credential in the wallet of a case.
struct Held<'v> {
    id: &'v str,
    format: &'v str,
    vct: &'v str,
    bound: bool,
    claims: &'v Value,
    positions: Positions,
    key_ids: Vec<String>,
}

impl<'v> Held<'v> {
    fn read(credential: &'v Value) -> Result<Self, Unreadable> {
        let key_ids = match credential.get("aki") {
            None => Some(Vec::new()),
            Some(ids) => ids
                .as_array()
                .and_then(|ids| ids.iter().map(|id| id.as_str().map(str::to_owned)).collect()),
        };
        Ok(Self {
            id: text(credential, "id")?,
            format: text(credential, "format")?,
            vct: text(credential, "vct")?,
            bound: member(credential, "holder_binding")?
                .as_bool()
                .ok_or(Unreadable("holder_binding"))?,
            claims: member(credential, "claims")?,
            positions: Positions::new(),
            key_ids: key_ids.ok_or(Unreadable("aki"))?,
        })
    }
}

impl Candidate for Held<'_> {
    fn format(&self) -> &str {
        self.format
    }

    fn has_type(&self, vct: &str) -> bool {
        self.vct == vct
    }

    fn holder_bound(&self) -> bool {
        self.bound
    }

    fn claims(&self) -> &Value {
        self.claims
    }

    fn positions(&self) -> &Positions {
        &self.positions
    }

    fn authority_key_ids(&self) -> &[String] {
        &self.key_ids
    }
}
