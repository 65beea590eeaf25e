//! The parts of a query (OpenID4VP 1.0 §6, §6.1–6.3), well formed from the moment they exist.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Number, Value, json};

use super::{
    MAX_CLAIMS, MAX_CREDENTIAL_QUERIES, MAX_CREDENTIAL_SETS, MAX_OPTION_MEMBERS, MAX_OPTIONS,
    MAX_TRUSTED_AUTHORITIES, MAX_VALUES, QueryError, QueryProblem, SD_JWT_FORMAT,
};
use crate::path::ClaimPath;

/// A whole query (§6): which credentials, and which combinations of them will do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DcqlQuery {
    credentials: Vec<CredentialQuery>,
    credential_sets: Vec<CredentialSetQuery>,
}

impl DcqlQuery {
    /// Asks for all of these credentials.
    ///
    /// # Errors
    /// [`QueryProblem::Empty`], [`QueryProblem::IdRepeated`], [`QueryProblem::TooMany`].
    pub fn new(credentials: Vec<CredentialQuery>) -> Result<Self, QueryError> {
        check_count(credentials.len(), MAX_CREDENTIAL_QUERIES)
            .and_then(|()| check_unique(credentials.iter().map(|query| Some(query.id.as_str()))))
            .map_err(|error| error.in_member("credentials"))?;
        Ok(Self { credentials, credential_sets: Vec::new() })
    }

    /// Asks for some claims of one credential that is of one of these types and bound to its holder.
    ///
    /// A path that is repeated is asked for once.
    ///
    /// # Errors
    /// As for [`CredentialQuery::sd_jwt`] and [`CredentialQuery::with_claims`]; no paths at all ask
    /// for what the credential always shows.
    pub fn for_claims<'a>(
        id: &str,
        vct_values: impl IntoIterator<Item = &'a str>,
        paths: impl IntoIterator<Item = ClaimPath>,
    ) -> Result<Self, QueryError> {
        let in_credential = |error: QueryError| error.in_element(0).in_member("credentials");
        let vct_values = vct_values.into_iter().map(str::to_owned).collect();
        let mut query = CredentialQuery::sd_jwt(id, vct_values).map_err(in_credential)?;
        let mut seen = BTreeSet::new();
        let paths = paths.into_iter().filter(|path| seen.insert(path.clone()));
        let claims: Vec<_> = paths.map(ClaimsQuery::new).collect();
        if !claims.is_empty() {
            query = query.with_claims(claims).map_err(in_credential)?;
        }
        Self::new(vec![query])
    }

    /// Says which combinations of the credentials will do (§6.2). Replaces what was said before.
    ///
    /// # Errors
    /// [`QueryProblem::Empty`], [`QueryProblem::IdUnknown`], [`QueryProblem::TooMany`].
    pub fn with_credential_sets(
        mut self,
        sets: Vec<CredentialSetQuery>,
    ) -> Result<Self, QueryError> {
        self.check_sets(&sets).map_err(|error| error.in_member("credential_sets"))?;
        self.credential_sets = sets;
        Ok(self)
    }

    fn check_sets(&self, sets: &[CredentialSetQuery]) -> Result<(), QueryError> {
        check_count(sets.len(), MAX_CREDENTIAL_SETS)?;
        let known: BTreeSet<&str> = self.credentials.iter().map(CredentialQuery::id).collect();
        each(sets, |set| {
            check_options(&set.options, |id| known.contains(id))
                .map_err(|error| error.in_member("options"))
        })
    }

    /// The credentials asked for, at least one.
    #[must_use]
    pub fn credentials(&self) -> &[CredentialQuery] {
        &self.credentials
    }

    /// The combinations that will do; empty means that every credential is needed.
    #[must_use]
    pub fn credential_sets(&self) -> &[CredentialSetQuery] {
        &self.credential_sets
    }

    /// The credential query with this identifier.
    #[must_use]
    pub fn credential(&self, id: &str) -> Option<&CredentialQuery> {
        self.credentials.iter().find(|query| query.id == id)
    }

    pub(super) fn indexes(&self) -> BTreeMap<&str, usize> {
        self.credentials.iter().enumerate().map(|(index, query)| (query.id(), index)).collect()
    }

    /// Prints the query; what equals the default of the specification is left out.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut query = Map::new();
        let credentials = self.credentials.iter().map(CredentialQuery::to_value);
        query.insert("credentials".to_owned(), credentials.collect());
        if !self.credential_sets.is_empty() {
            let sets = self.credential_sets.iter().map(CredentialSetQuery::to_value);
            query.insert("credential_sets".to_owned(), sets.collect());
        }
        Value::Object(query)
    }
}

/// What one credential must be, and which of its claims are asked for (§6.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CredentialQuery {
    id: String,
    meta: Meta,
    multiple: bool,
    holder_binding: bool,
    trusted_authorities: Vec<TrustedAuthority>,
    claims: Vec<ClaimsQuery>,
    claim_sets: Vec<Vec<usize>>,
}

/// The format, and what it says about the type of credential.
#[derive(Clone, Eq, PartialEq)]
enum Meta {
    Other { format: String, meta: Map<String, Value> },
    SdJwt { vct_values: Vec<String> },
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other { format, .. } => {
                f.debug_struct("Other").field("format", format).finish_non_exhaustive()
            }
            Self::SdJwt { vct_values } => {
                f.debug_struct("SdJwt").field("vct_values", vct_values).finish()
            }
        }
    }
}

impl CredentialQuery {
    /// Asks for an SD-JWT VC of one of these types (§B.3.5), bound to its holder, and for no claim
    /// that could be withheld.
    ///
    /// # Errors
    /// [`QueryProblem::Empty`], [`QueryProblem::IdMalformed`], [`QueryProblem::TooMany`].
    pub fn sd_jwt(id: &str, vct_values: Vec<String>) -> Result<Self, QueryError> {
        check_count(vct_values.len(), MAX_VALUES)
            .map_err(|error| error.in_member("vct_values").in_member("meta"))?;
        Self::of(id, Meta::SdJwt { vct_values })
    }

    /// A query in a format that this library carries but does not evaluate.
    pub(super) fn other(
        id: &str,
        format: &str,
        meta: Map<String, Value>,
    ) -> Result<Self, QueryError> {
        if format.is_empty() {
            return Err(QueryError::new(QueryProblem::Empty).in_member("format"));
        }
        Self::of(id, Meta::Other { format: format.to_owned(), meta })
    }

    fn of(id: &str, meta: Meta) -> Result<Self, QueryError> {
        Ok(Self {
            id: check_id(id).map_err(|error| error.in_member("id"))?,
            meta,
            multiple: false,
            holder_binding: true,
            trusted_authorities: Vec::new(),
            claims: Vec::new(),
            claim_sets: Vec::new(),
        })
    }

    /// Asks for these claims. Replaces the claims asked for before, and forgets their claim sets.
    ///
    /// # Errors
    /// [`QueryProblem::Empty`], [`QueryProblem::IdRepeated`], [`QueryProblem::TooMany`].
    pub fn with_claims(mut self, claims: Vec<ClaimsQuery>) -> Result<Self, QueryError> {
        check_count(claims.len(), MAX_CLAIMS)
            .and_then(|()| check_unique(claims.iter().map(ClaimsQuery::id)))
            .map_err(|error| error.in_member("claims"))?;
        self.claims = claims;
        self.claim_sets = Vec::new();
        Ok(self)
    }

    /// Says which combinations of the claims will do, the preferred one first, each a list of claim
    /// identifiers (§6.1).
    ///
    /// # Errors
    /// [`QueryProblem::ClaimSetsWithoutClaims`], [`QueryProblem::Empty`],
    /// [`QueryProblem::IdUnknown`], [`QueryProblem::Missing`] if a claim has no identifier,
    /// [`QueryProblem::TooMany`].
    pub fn with_claim_sets(mut self, sets: &[Vec<String>]) -> Result<Self, QueryError> {
        let here = |error: QueryError| error.in_member("claim_sets");
        if self.claims.is_empty() {
            return Err(here(QueryProblem::ClaimSetsWithoutClaims.into()));
        }
        let known = self.claim_indexes().map_err(|error| error.in_member("claims"))?;
        check_options(sets, |id| known.contains_key(id)).map_err(here)?;
        let resolve = |set: &Vec<String>| {
            set.iter().filter_map(|id| known.get(id.as_str()).copied()).collect()
        };
        let resolved = sets.iter().map(resolve).collect();
        self.claim_sets = resolved;
        Ok(self)
    }

    fn claim_indexes(&self) -> Result<BTreeMap<&str, usize>, QueryError> {
        let mut indexes = BTreeMap::new();
        for (index, claim) in self.claims.iter().enumerate() {
            let missing =
                || QueryError::new(QueryProblem::Missing).in_member("id").in_element(index);
            indexes.insert(claim.id().ok_or_else(missing)?, index);
        }
        Ok(indexes)
    }

    /// Accepts only credentials below one of these authorities (§6.1.1).
    ///
    /// # Errors
    /// [`QueryProblem::Empty`], [`QueryProblem::TooMany`].
    pub fn with_trusted_authorities(
        mut self,
        authorities: Vec<TrustedAuthority>,
    ) -> Result<Self, QueryError> {
        check_count(authorities.len(), MAX_TRUSTED_AUTHORITIES)
            .map_err(|error| error.in_member("trusted_authorities"))?;
        self.trusted_authorities = authorities;
        Ok(self)
    }

    /// Says whether more than one credential may come back for this query.
    #[must_use]
    pub const fn with_multiple(mut self, multiple: bool) -> Self {
        self.multiple = multiple;
        self
    }

    /// Says whether the holder must prove possession of the credential's key.
    #[must_use]
    pub const fn with_holder_binding(mut self, required: bool) -> Self {
        self.holder_binding = required;
        self
    }

    /// The identifier that the answer repeats.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The credential format asked for.
    #[must_use]
    pub fn format(&self) -> &str {
        match &self.meta {
            Meta::Other { format, .. } => format,
            Meta::SdJwt { .. } => SD_JWT_FORMAT,
        }
    }

    /// The types that will do; empty only if the format is not [`SD_JWT_FORMAT`].
    #[must_use]
    pub fn vct_values(&self) -> &[String] {
        match &self.meta {
            Meta::Other { .. } => &[],
            Meta::SdJwt { vct_values } => vct_values,
        }
    }

    /// Whether more than one credential may come back (`multiple`).
    #[must_use]
    pub const fn multiple(&self) -> bool {
        self.multiple
    }

    /// Whether possession must be proved (`require_cryptographic_holder_binding`).
    #[must_use]
    pub const fn requires_holder_binding(&self) -> bool {
        self.holder_binding
    }

    /// The authorities that will do; empty means any.
    #[must_use]
    pub fn trusted_authorities(&self) -> &[TrustedAuthority] {
        &self.trusted_authorities
    }

    /// The claims asked for; empty means only what is always shown (§6.4.1).
    #[must_use]
    pub fn claims(&self) -> &[ClaimsQuery] {
        &self.claims
    }

    /// The combinations of claims that will do, as positions in [`claims`](Self::claims); empty
    /// means that all of them are needed.
    #[must_use]
    pub fn claim_sets(&self) -> &[Vec<usize>] {
        &self.claim_sets
    }

    fn to_value(&self) -> Value {
        let mut query = Map::new();
        let mut insert = |name: &str, value: Value| query.insert(name.to_owned(), value);
        insert("id", self.id.as_str().into());
        insert("format", self.format().into());
        insert("meta", self.meta_value());
        if self.multiple {
            insert("multiple", true.into());
        }
        if !self.holder_binding {
            insert("require_cryptographic_holder_binding", false.into());
        }
        if !self.trusted_authorities.is_empty() {
            let authorities = self.trusted_authorities.iter().map(TrustedAuthority::to_value);
            insert("trusted_authorities", authorities.collect());
        }
        if !self.claims.is_empty() {
            insert("claims", self.claims.iter().map(ClaimsQuery::to_value).collect());
        }
        if !self.claim_sets.is_empty() {
            insert("claim_sets", self.claim_sets_value());
        }
        Value::Object(query)
    }

    fn meta_value(&self) -> Value {
        match &self.meta {
            Meta::Other { meta, .. } => Value::Object(meta.clone()),
            Meta::SdJwt { vct_values } => json!({ "vct_values": vct_values }),
        }
    }

    fn claim_sets_value(&self) -> Value {
        let id = |index: &usize| self.claims.get(*index).and_then(ClaimsQuery::id).map(Value::from);
        let set = |set: &Vec<usize>| set.iter().filter_map(id).collect::<Value>();
        self.claim_sets.iter().map(set).collect()
    }
}

/// One claim asked for (§6.3).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClaimsQuery {
    id: Option<String>,
    path: ClaimPath,
    values: Vec<ClaimValue>,
}

impl ClaimsQuery {
    /// Asks for what this path selects, whatever its value.
    #[must_use]
    pub const fn new(path: ClaimPath) -> Self {
        Self { id: None, path, values: Vec::new() }
    }

    /// Names the claim, so that claim sets can refer to it.
    ///
    /// # Errors
    /// [`QueryProblem::Empty`], [`QueryProblem::IdMalformed`].
    pub fn with_id(mut self, id: &str) -> Result<Self, QueryError> {
        self.id = Some(check_id(id).map_err(|error| error.in_member("id"))?);
        Ok(self)
    }

    /// Asks for the claim only if it has one of these values.
    ///
    /// A wallet SHOULD respect it; the verifier is told by
    /// [`check_answer`](DcqlQuery::check_answer).
    ///
    /// # Errors
    /// [`QueryProblem::Empty`], [`QueryProblem::TooMany`], [`QueryProblem::ValueUnsupported`].
    pub fn with_values(mut self, values: Vec<ClaimValue>) -> Result<Self, QueryError> {
        check_count(values.len(), MAX_VALUES)
            .and_then(|()| each(&values, ClaimValue::check))
            .map_err(|error| error.in_member("values"))?;
        self.values = values;
        Ok(self)
    }

    /// The name of the claim within its credential query.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Which claim.
    #[must_use]
    pub const fn path(&self) -> &ClaimPath {
        &self.path
    }

    /// The values that will do; empty means any.
    #[must_use]
    pub fn values(&self) -> &[ClaimValue] {
        &self.values
    }

    /// Whether a value of this claim will do: same type and equal to one that is listed (§6.3).
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        self.values.is_empty() || self.values.iter().any(|wanted| wanted.equals(value))
    }

    fn to_value(&self) -> Value {
        let mut claim = Map::new();
        if let Some(id) = &self.id {
            claim.insert("id".to_owned(), id.as_str().into());
        }
        claim.insert("path".to_owned(), self.path.to_json());
        if !self.values.is_empty() {
            let values = self.values.iter().map(ClaimValue::to_value).collect();
            claim.insert("values".to_owned(), values);
        }
        Value::Object(claim)
    }
}

/// A value that a claim is compared with (§6.3). May be about a person: `Debug` does not show it.
#[derive(Clone, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "the specification allows no other type")]
pub enum ClaimValue {
    /// `true` or `false`.
    Boolean(bool),
    /// An integer that JSON writes without fraction or exponent, in the range of `i64` and `u64`.
    Integer(i128),
    /// A string, compared code point by code point.
    String(String),
}

impl ClaimValue {
    pub(super) fn from_value(value: &Value) -> Result<Self, QueryError> {
        match value {
            Value::Bool(value) => Ok(Self::Boolean(*value)),
            Value::Number(_) => {
                integer(value).map(Self::Integer).ok_or(QueryProblem::ValueUnsupported.into())
            }
            Value::String(value) => Ok(Self::String(value.clone())),
            Value::Array(_) | Value::Null | Value::Object(_) => {
                Err(QueryProblem::ValueUnsupported.into())
            }
        }
    }

    fn check(&self) -> Result<(), QueryError> {
        if self.to_value().is_null() { Err(QueryProblem::ValueUnsupported.into()) } else { Ok(()) }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Boolean(value) => Value::Bool(*value),
            Self::Integer(value) => {
                let number = i64::try_from(*value).map(Number::from);
                let number = number.or_else(|_| u64::try_from(*value).map(Number::from));
                number.map_or(Value::Null, Value::Number)
            }
            Self::String(value) => Value::String(value.clone()),
        }
    }

    /// Whether a claim has this value and its type: `"34"` is not `34`, `true` is not `1`.
    #[must_use]
    pub fn equals(&self, value: &Value) -> bool {
        match self {
            Self::Boolean(wanted) => value.as_bool() == Some(*wanted),
            Self::Integer(wanted) => integer(value) == Some(*wanted),
            Self::String(wanted) => value.as_str() == Some(wanted),
        }
    }
}

impl fmt::Debug for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

fn integer(value: &Value) -> Option<i128> {
    value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from))
}

/// A way to recognise the authority that stands above an issuer (§6.1.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedAuthority {
    kind: String,
    values: Vec<String>,
}

impl TrustedAuthority {
    /// The type whose values are key identifiers of certificates (§6.1.1.1).
    pub const AKI: &str = "aki";

    /// An authority of any type. Only [`AKI`](Self::AKI) is evaluated; others match no credential.
    ///
    /// # Errors
    /// [`QueryProblem::Empty`], [`QueryProblem::TooMany`].
    pub fn new(kind: &str, values: Vec<String>) -> Result<Self, QueryError> {
        if kind.is_empty() {
            return Err(QueryError::new(QueryProblem::Empty).in_member("type"));
        }
        check_count(values.len(), MAX_VALUES).map_err(|error| error.in_member("values"))?;
        Ok(Self { kind: kind.to_owned(), values })
    }

    /// The type of the entry, such as `aki`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The values, any one of which will do.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }

    fn to_value(&self) -> Value {
        json!({ "type": self.kind, "values": self.values })
    }
}

/// Combinations of credentials, one of which will do (§6.2).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CredentialSetQuery {
    options: Vec<Vec<String>>,
    required: bool,
}

impl CredentialSetQuery {
    /// One of these lists of credential query identifiers is needed, the preferred one first.
    ///
    /// # Errors
    /// [`QueryProblem::Empty`], [`QueryProblem::TooMany`].
    pub fn new(options: Vec<Vec<String>>) -> Result<Self, QueryError> {
        check_options(&options, |_| true).map_err(|error| error.in_member("options"))?;
        Ok(Self { options, required: true })
    }

    /// Says whether the set is needed, or only welcome.
    #[must_use]
    pub const fn with_required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// The combinations, as lists of credential query identifiers.
    #[must_use]
    pub fn options(&self) -> &[Vec<String>] {
        &self.options
    }

    /// Whether the set is needed.
    #[must_use]
    pub const fn required(&self) -> bool {
        self.required
    }

    fn to_value(&self) -> Value {
        let mut set = Map::new();
        set.insert("options".to_owned(), json!(self.options));
        if !self.required {
            set.insert("required".to_owned(), false.into());
        }
        Value::Object(set)
    }
}

pub(super) fn check_count(length: usize, limit: usize) -> Result<(), QueryError> {
    match length {
        0 => Err(QueryProblem::Empty.into()),
        _ if length > limit => Err(QueryProblem::TooMany { limit }.into()),
        _ => Ok(()),
    }
}

fn check_id(id: &str) -> Result<String, QueryError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if id.is_empty() {
        return Err(QueryProblem::Empty.into());
    }
    if !id.bytes().all(allowed) {
        return Err(QueryProblem::IdMalformed.into());
    }
    Ok(id.to_owned())
}

fn check_unique<'a>(ids: impl Iterator<Item = Option<&'a str>>) -> Result<(), QueryError> {
    let mut seen = BTreeSet::new();
    for (index, id) in ids.enumerate() {
        if id.is_some_and(|id| !seen.insert(id)) {
            let repeated = QueryError::new(QueryProblem::IdRepeated);
            return Err(repeated.in_member("id").in_element(index));
        }
    }
    Ok(())
}

fn check_options(options: &[Vec<String>], known: impl Fn(&str) -> bool) -> Result<(), QueryError> {
    check_count(options.len(), MAX_OPTIONS)?;
    each(options, |option| {
        check_count(option.len(), MAX_OPTION_MEMBERS)?;
        each(option, |id| if known(id) { Ok(()) } else { Err(QueryProblem::IdUnknown.into()) })
    })
}

fn each<T>(items: &[T], check: impl Fn(&T) -> Result<(), QueryError>) -> Result<(), QueryError> {
    items
        .iter()
        .enumerate()
        .try_for_each(|(index, item)| check(item).map_err(|error| error.in_element(index)))
}
