//! Why a query is refused, and where in it the fault is.

use std::fmt;

use crate::path::{Dotted, Location, PathError, PathSegment};

/// A query that breaks OpenID4VP 1.0 §6 or §7, and the place in it that does.
///
/// The place consists of member names that the specification defines and of array positions; text
/// of the query is never repeated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct QueryError {
    at: Location,
    problem: QueryProblem,
}

impl QueryError {
    pub(super) const fn new(problem: QueryProblem) -> Self {
        Self { at: Location::new(), problem }
    }

    pub(super) fn in_member(mut self, name: &'static str) -> Self {
        self.at.insert(0, PathSegment::Name(name.to_owned()));
        self
    }

    pub(super) fn in_element(mut self, index: usize) -> Self {
        self.at.insert(0, PathSegment::Index(index));
        self
    }

    /// Where in the query, such as `credentials[0].claims[2].path`; empty for the query itself.
    #[must_use]
    pub fn at(&self) -> &[PathSegment] {
        &self.at
    }

    /// What is wrong there.
    #[must_use]
    pub const fn problem(&self) -> &QueryProblem {
        &self.problem
    }

    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.problem.code()
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            return write!(f, "query: {}", self.problem);
        }
        write!(f, "query, {}: {}", Dotted(&self.at), self.problem)
    }
}

impl std::error::Error for QueryError {}

/// What is wrong with a query.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryProblem {
    /// `claim_sets` choose among `claims`, and there are none (§6.1).
    #[error("claim sets need claims")]
    ClaimSetsWithoutClaims,
    /// An array or text that must not be empty is.
    #[error("must not be empty")]
    Empty,
    /// An identifier holds something else than letters, digits, `_` and `-` (§6.1, §6.3).
    #[error("an identifier consists of letters, digits, underscores and hyphens")]
    IdMalformed,
    /// An identifier is used twice (§6.1, §6.3).
    #[error("the identifier is used twice")]
    IdRepeated,
    /// A set names an identifier that does not exist (§6.1, §6.2).
    #[error("no query has this identifier")]
    IdUnknown,
    /// A required member is absent.
    #[error("is required")]
    Missing,
    /// A claims path pointer is malformed (§7).
    #[error(transparent)]
    Path(#[from] PathError),
    /// An array has more elements than this library reads.
    #[error("has more than {limit} elements")]
    TooMany {
        /// The most that are read.
        limit: usize,
    },
    /// A value to match is neither a string, nor an integer, nor a boolean (§6.3).
    #[error("a value to match is a string, an integer or a boolean")]
    ValueUnsupported,
    /// A member has another JSON type than the specification says.
    #[error("has the wrong type")]
    WrongType,
}

impl QueryProblem {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ClaimSetsWithoutClaims => "query_claim_sets_without_claims",
            Self::Empty => "query_empty",
            Self::IdMalformed => "query_id_malformed",
            Self::IdRepeated => "query_id_repeated",
            Self::IdUnknown => "query_id_unknown",
            Self::Missing => "query_missing",
            Self::Path(error) => error.code(),
            Self::TooMany { .. } => "query_too_many",
            Self::ValueUnsupported => "query_value_unsupported",
            Self::WrongType => "query_wrong_type",
        }
    }
}

impl From<QueryProblem> for QueryError {
    fn from(problem: QueryProblem) -> Self {
        Self::new(problem)
    }
}
