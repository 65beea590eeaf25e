//! The Digital Credentials Query Language (OpenID4VP 1.0 §6), for the format `dc+sd-jwt`.
//!
//! A [`DcqlQuery`] that exists is well formed: [`DcqlQuery::from_value`] refuses any other with the
//! place of the fault. One evaluator serves both sides. The holder asks [`DcqlQuery::evaluate`]
//! which credentials and which claims would answer; the verifier repeats the same rules over what
//! came with [`DcqlQuery::check_answer`], which trusts nothing that the wallet did (§8.6).
//!
//! | Section | What | Where |
//! | --- | --- | --- |
//! | §6, §6.1–6.3 | structure | [`DcqlQuery`], [`CredentialQuery`], [`CredentialSetQuery`], [`ClaimsQuery`] |
//! | §6.4.1 | selecting claims | [`CredentialQuery::try_select`] |
//! | §6.4.2 | selecting credentials | [`DcqlQuery::evaluate`] |
//! | §8.6 | the verifier's own check | [`DcqlQuery::check_answer`] |
//!
//! ```
//! use llavero_core::{dcql::DcqlQuery, path::ClaimPath};
//! let query = DcqlQuery::for_claims(
//!     "age",
//!     ["urn:example:id"],
//!     [ClaimPath::names(["age_over_18"]).unwrap()],
//! )?;
//! assert_eq!(DcqlQuery::from_value(&query.to_value())?, query);
//! # Ok::<(), llavero_core::dcql::QueryError>(())
//! ```

mod answer;
mod error;
mod evaluate;
mod parse;
mod query;

pub use answer::{Accepted, Answer, AnswerError, Presented};
pub use error::{QueryError, QueryProblem};
pub use evaluate::{
    Candidate, CredentialMatches, CredentialSetMatches, Evaluation, Match, Mismatch, Selected,
    SelectedClaim,
};
pub use query::{
    ClaimValue, ClaimsQuery, CredentialQuery, CredentialSetQuery, DcqlQuery, TrustedAuthority,
};

/// The format of SD-JWT VC in a query (OpenID4VP 1.0 §B.3), the only one that is evaluated.
pub const SD_JWT_FORMAT: &str = "dc+sd-jwt";

/// The most credential queries in a request; a screen can hardly explain more than a handful.
pub const MAX_CREDENTIAL_QUERIES: usize = 64;

/// The most credential sets in a request.
pub const MAX_CREDENTIAL_SETS: usize = 64;

/// The most options in one credential set, and the most claim sets in one credential query.
pub const MAX_OPTIONS: usize = 64;

/// The most identifiers in one option of a credential set, or in one claim set.
pub const MAX_OPTION_MEMBERS: usize = 256;

/// The most claims in one credential query; generous for a credential with every claim listed.
pub const MAX_CLAIMS: usize = 256;

/// The most entries in `values`, `vct_values` or the values of one trusted authority.
pub const MAX_VALUES: usize = 256;

/// The most trusted authorities in one credential query.
pub const MAX_TRUSTED_AUTHORITIES: usize = 64;
