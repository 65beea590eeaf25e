//! What a verifier learns: the claims it asked for, and how fresh its own knowledge is.

use std::sync::Arc;

use llavero_core::path::Location;
use llavero_core::type_metadata::TypeMetadata;
use llavero_core::{ClaimPath, UnixTime};
use serde_json::Value;

/// An answer that was accepted. It holds the claims that were asked for and no others.
#[must_use = "a verdict is the point of verifying"]
pub struct Verdict {
    pub(crate) credentials: Vec<VerifiedCredential>,
    pub(crate) checked_at: UnixTime,
    pub(crate) trust_issued_at: UnixTime,
}

impl Verdict {
    /// The credentials shown, in the order of the query.
    #[must_use]
    pub fn credentials(&self) -> &[VerifiedCredential] {
        &self.credentials
    }

    /// The first credential shown for the query with this id.
    #[must_use]
    pub fn credential(&self, query: &str) -> Option<&VerifiedCredential> {
        self.credentials.iter().find(|credential| credential.query == query)
    }

    /// When the check was made.
    #[must_use]
    pub const fn checked_at(&self) -> UnixTime {
        self.checked_at
    }

    /// When the list of trusted issuers was made: an issuer or key withdrawn since is still believed here.
    #[must_use]
    pub const fn trust_issued_at(&self) -> UnixTime {
        self.trust_issued_at
    }
}

/// One credential of a [`Verdict`].
pub struct VerifiedCredential {
    pub(crate) query: String,
    pub(crate) issuer: String,
    pub(crate) issuer_name: String,
    pub(crate) credential_type: String,
    pub(crate) type_metadata: Option<Arc<TypeMetadata>>,
    pub(crate) claims: Vec<AskedClaim>,
    pub(crate) expires: Option<UnixTime>,
    pub(crate) bound_at: Option<UnixTime>,
    pub(crate) revocation: Revocation,
}

impl VerifiedCredential {
    /// The id of the credential query that this answers.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// `iss`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The issuer's name on the trust list.
    #[must_use]
    pub fn issuer_name(&self) -> &str {
        &self.issuer_name
    }

    /// `vct`.
    #[must_use]
    pub fn credential_type(&self) -> &str {
        &self.credential_type
    }

    /// What to call the type for somebody who reads `locales`, language tags with the preferred one first; `None` if the
    /// trust list has no document of the type.
    #[must_use]
    pub fn type_name(&self, locales: &[&str]) -> Option<&str> {
        Some(&self.type_metadata.as_ref()?.display(locales)?.name)
    }

    /// The claims that were asked for, in the order of the query.
    #[must_use]
    pub fn claims(&self) -> &[AskedClaim] {
        &self.claims
    }

    /// The values at a path that was asked for; `None` if it was not.
    #[must_use]
    pub fn values(&self, path: &ClaimPath) -> Option<&[Value]> {
        self.claims.iter().find(|claim| claim.path == *path).map(|claim| claim.values.as_slice())
    }

    /// Until when the credential is valid.
    #[must_use]
    pub const fn expires(&self) -> Option<UnixTime> {
        self.expires
    }

    /// When the holder proved possession of its key; `None` where the query asked for no proof.
    #[must_use]
    pub const fn bound_at(&self) -> Option<UnixTime> {
        self.bound_at
    }

    /// What is known of a revocation.
    #[must_use]
    pub const fn revocation(&self) -> Revocation {
        self.revocation
    }
}

/// One claim that was asked for and shown.
pub struct AskedClaim {
    pub(crate) path: ClaimPath,
    pub(crate) values: Vec<Value>,
    /// Where the first of the values stands.
    pub(crate) location: Location,
    pub(crate) type_metadata: Option<Arc<TypeMetadata>>,
}

impl AskedClaim {
    /// The path in the query.
    #[must_use]
    pub const fn path(&self) -> &ClaimPath {
        &self.path
    }

    /// What to call it for somebody who reads `locales`, language tags with the preferred one first; `None` if no document
    /// on the trust list has a label for it.
    #[must_use]
    pub fn label(&self, locales: &[&str]) -> Option<&str> {
        Some(&self.type_metadata.as_ref()?.claim_display(&self.location, locales)?.label)
    }

    /// What it selects: one value, or several for a wildcard.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}

/// What is known about a revocation. There is no "not revoked" without a list that says so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Revocation {
    /// The credential names a status list, and none was consulted.
    NotChecked,
    /// The issuer publishes no status for this credential: it lives until it expires.
    NotProvided,
}

impl std::fmt::Debug for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verdict")
            .field("credentials", &self.credentials)
            .field("checked_at", &self.checked_at)
            .field("trust_issued_at", &self.trust_issued_at)
            .finish()
    }
}

impl std::fmt::Debug for VerifiedCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VerifiedCredential")
            .field("query", &self.query)
            .field("credential_type", &self.credential_type)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AskedClaim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AskedClaim").field("path", &self.path).finish_non_exhaustive()
    }
}
