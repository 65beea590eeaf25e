//! Which credentials answer a query, and with which claims (OpenID4VP 1.0 §6.4).
//!
//! Evaluation never fails: a credential that does not fit is left out, and says why to whoever asks
//! [`CredentialQuery::try_select`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    ClaimsQuery, CredentialQuery, CredentialSetQuery, DcqlQuery, SD_JWT_FORMAT, TrustedAuthority,
};
use crate::path::{ClaimPath, Location, PathSegment, Positions};

/// A credential as a query sees it: one in a wallet, or one that was presented and verified.
pub trait Candidate {
    /// The credential format identifier, [`SD_JWT_FORMAT`] for an SD-JWT VC.
    fn format(&self) -> &str;

    /// Whether the credential is of this type: by its `vct`, or by one of the other names that its
    /// issuer gave the type (SD-JWT VC §2.2.2.2).
    fn has_type(&self, vct: &str) -> bool {
        let is = |name: &Value| name.as_str() == Some(vct);
        let also = self.claims().get("aka_vcts").and_then(Value::as_array);
        self.claims().get("vct").is_some_and(is) || also.is_some_and(|names| names.iter().any(is))
    }

    /// Whether its type is known to extend this one, by Type Metadata that can be relied on (OpenID4VP 1.0 §B.3.5).
    fn extends(&self, vct: &str) -> bool {
        let _ = vct;
        false
    }

    /// Whether whoever issued it may issue credentials of this type. What a credential says of its own type, by other
    /// names or by what it extends, gives its issuer no authority (SD-JWT VC §7.7). A wallet need not know: it answers,
    /// and the verifier judges.
    fn may_be_issued_as(&self, vct: &str) -> bool {
        let _ = vct;
        true
    }

    /// Whether possession can be proved (in a wallet) or has been proved (in an answer).
    fn holder_bound(&self) -> bool;

    /// The processed claims: with everything disclosed in a wallet, with what came in an answer.
    fn claims(&self) -> &Value;

    /// Which elements of arrays in [`claims`](Self::claims) are there.
    fn positions(&self) -> &Positions;

    /// The key identifiers of the authorities in the certificate chain of the credential, as
    /// base64url without padding (§6.1.1.1).
    fn authority_key_ids(&self) -> &[String];
}

impl<C: Candidate + ?Sized> Candidate for &C {
    fn format(&self) -> &str {
        (**self).format()
    }

    fn has_type(&self, vct: &str) -> bool {
        (**self).has_type(vct)
    }

    fn extends(&self, vct: &str) -> bool {
        (**self).extends(vct)
    }

    fn may_be_issued_as(&self, vct: &str) -> bool {
        (**self).may_be_issued_as(vct)
    }

    fn holder_bound(&self) -> bool {
        (**self).holder_bound()
    }

    fn claims(&self) -> &Value {
        (**self).claims()
    }

    fn positions(&self) -> &Positions {
        (**self).positions()
    }

    fn authority_key_ids(&self) -> &[String] {
        (**self).authority_key_ids()
    }
}

/// What to disclose of one credential to answer one query.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub struct Selected {
    claim_set: Option<usize>,
    claims: Vec<SelectedClaim>,
}

impl Selected {
    /// Which of the claim sets is answered, if there are any.
    #[must_use]
    pub const fn claim_set(&self) -> Option<usize> {
        self.claim_set
    }

    /// The claims, in the order of the claim set or of the query; each path once.
    #[must_use]
    pub fn claims(&self) -> &[SelectedClaim] {
        &self.claims
    }

    /// The locations of all of them.
    pub fn locations(&self) -> impl Iterator<Item = &[PathSegment]> {
        self.claims.iter().flat_map(|claim| claim.locations.iter().map(Vec::as_slice))
    }
}

/// One claim that answers a claims query.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SelectedClaim {
    claim: usize,
    path: ClaimPath,
    locations: Vec<Location>,
}

impl SelectedClaim {
    /// Which of the query's claims.
    #[must_use]
    pub const fn claim(&self) -> usize {
        self.claim
    }

    /// The path as the query has it.
    #[must_use]
    pub const fn path(&self) -> &ClaimPath {
        &self.path
    }

    /// Where the values stand; at least one. If the query lists values, only those that match.
    #[must_use]
    pub fn locations(&self) -> &[Location] {
        &self.locations
    }
}

/// Why a credential does not answer a credential query.
///
/// For the wallet's or verifier's own use: telling a verifier would reveal what the wallet holds
/// (§15.4.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// None of the trusted authorities stands above the issuer, as far as can be told.
    #[error("the issuer is below none of the authorities asked for")]
    Authority,
    /// A claim is absent or has none of the values asked for; the two are treated alike (§6.4.1).
    #[error("claim {claim} of the query is not there")]
    ClaimAbsent {
        /// Which claim of the query.
        claim: usize,
    },
    /// No claim set can be answered.
    #[error("no claim set of the query can be answered")]
    ClaimSets,
    /// The credential has another format.
    #[error("the credential has another format")]
    Format,
    /// Possession must be proved, and cannot be or was not.
    #[error("the credential is not bound to its holder")]
    HolderBinding,
    /// The credential is of none of the types asked for.
    #[error("the credential has another type")]
    Type,
}

impl Mismatch {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Authority => "mismatch_authority",
            Self::ClaimAbsent { .. } => "mismatch_claim_absent",
            Self::ClaimSets => "mismatch_claim_sets",
            Self::Format => "mismatch_format",
            Self::HolderBinding => "mismatch_holder_binding",
            Self::Type => "mismatch_type",
        }
    }
}

impl CredentialQuery {
    /// What to disclose of this credential, if it answers the query.
    #[must_use]
    pub fn select(&self, candidate: &dyn Candidate) -> Option<Selected> {
        self.try_select(candidate).ok()
    }

    /// What to disclose of this credential, or why it does not answer the query (§6.4.1).
    ///
    /// Without `claims` nothing is selected. Of several claim sets, the first that can be answered
    /// is.
    ///
    /// # Errors
    /// Any [`Mismatch`].
    pub fn try_select(&self, candidate: &dyn Candidate) -> Result<Selected, Mismatch> {
        let found = self.find(candidate)?;
        let best = found.options().next().ok_or_else(|| found.absence())?;
        Ok(found.selected(&best))
    }

    /// Looks for every claim of the query in a credential that is otherwise what was asked for.
    pub(super) fn find(&self, candidate: &dyn Candidate) -> Result<Found<'_>, Mismatch> {
        if self.format() != SD_JWT_FORMAT || candidate.format() != SD_JWT_FORMAT {
            return Err(Mismatch::Format);
        }
        let fits = |vct: &String| {
            (candidate.has_type(vct) || candidate.extends(vct)) && candidate.may_be_issued_as(vct)
        };
        if !self.vct_values().iter().any(fits) {
            return Err(Mismatch::Type);
        }
        if self.requires_holder_binding() && !candidate.holder_bound() {
            return Err(Mismatch::HolderBinding);
        }
        if !self.trusts(candidate.authority_key_ids()) {
            return Err(Mismatch::Authority);
        }
        let claims = self.claims().iter().map(|claim| FoundClaim::in_candidate(claim, candidate));
        Ok(Found { query: self, claims: claims.collect() })
    }

    /// One match with one entry is enough (§6.1.1); types that cannot be evaluated match nothing.
    fn trusts(&self, key_ids: &[String]) -> bool {
        let listed = |entry: &TrustedAuthority| {
            entry.kind() == TrustedAuthority::AKI
                && entry.values().iter().any(|value| key_ids.contains(value))
        };
        self.trusted_authorities().is_empty() || self.trusted_authorities().iter().any(listed)
    }
}

/// The claims of a query as one credential has them.
pub(super) struct Found<'q> {
    query: &'q CredentialQuery,
    claims: Vec<Option<FoundClaim>>,
}

/// One way to answer: a claim set, or all claims if there are none.
pub(super) struct ClaimOption {
    claim_set: Option<usize>,
    claims: Vec<usize>,
}

impl Found<'_> {
    /// The ways in which the credential can answer, the preferred one first.
    pub(super) fn options(&self) -> impl Iterator<Item = ClaimOption> {
        let sets = self.query.claim_sets();
        let all = sets.is_empty().then(|| (None, (0..self.claims.len()).collect()));
        let sets = sets.iter().enumerate().map(|(index, set)| (Some(index), set.clone()));
        all.into_iter()
            .chain(sets)
            .map(|(claim_set, claims)| ClaimOption { claim_set, claims })
            .filter(|option| option.claims.iter().all(|claim| self.claim(*claim).is_some()))
    }

    fn claim(&self, claim: usize) -> Option<&FoundClaim> {
        self.claims.get(claim).and_then(Option::as_ref)
    }

    /// Why there is no option at all.
    pub(super) fn absence(&self) -> Mismatch {
        match self.claims.iter().position(Option::is_none) {
            Some(claim) if self.query.claim_sets().is_empty() => Mismatch::ClaimAbsent { claim },
            _ => Mismatch::ClaimSets,
        }
    }

    /// What answers this option; a path that the query repeats counts once (§6.1).
    pub(super) fn selected(&self, option: &ClaimOption) -> Selected {
        let mut seen = BTreeSet::new();
        let mut claims = Vec::new();
        for index in &option.claims {
            if let (Some(query), Some(found)) =
                (self.query.claims().get(*index), self.claim(*index))
                && seen.insert(query.path())
            {
                claims.push(SelectedClaim {
                    claim: *index,
                    path: query.path().clone(),
                    locations: found.matching.clone(),
                });
            }
        }
        Selected { claim_set: option.claim_set, claims }
    }

    /// Every location that the paths of this option select, whether or not its value matches.
    pub(super) fn reach<'f>(&'f self, option: &ClaimOption) -> impl Iterator<Item = &'f Location> {
        let found = option.claims.iter().filter_map(|claim| self.claim(*claim));
        found.flat_map(|found| &found.located).collect::<Vec<_>>().into_iter()
    }
}

/// Where a claim was found: at every location that its path selects, and at those whose value will
/// do. Neither is empty.
struct FoundClaim {
    located: Vec<Location>,
    matching: Vec<Location>,
}

impl FoundClaim {
    /// `None` if the path selects nothing, or no value will do (§6.3, §6.4.1).
    fn in_candidate(claim: &ClaimsQuery, candidate: &dyn Candidate) -> Option<Self> {
        let selected = claim.path().select_located(candidate.claims(), candidate.positions());
        let mut found = Self { located: Vec::new(), matching: Vec::new() };
        for (location, value) in selected.ok()? {
            if claim.accepts(value) {
                found.matching.push(location.clone());
            }
            found.located.push(location);
        }
        (!found.matching.is_empty()).then_some(found)
    }
}

impl DcqlQuery {
    /// Which of the candidates answer which credential query, and whether the whole query can be
    /// answered (§6.4.2).
    ///
    /// Where it cannot, nothing at all may be sent.
    pub fn evaluate<C: Candidate>(&self, candidates: &[C]) -> Evaluation {
        let credentials: Vec<_> =
            self.credentials().iter().map(|query| query.matches(candidates)).collect();
        let available: BTreeMap<&str, bool> = credentials
            .iter()
            .map(|query| (query.id.as_str(), !query.matches.is_empty()))
            .collect();
        let usable = |id: &str| available.get(id).is_some_and(|usable| *usable);
        let sets = self.credential_sets().iter().map(|set| set.matches(usable)).collect();
        Evaluation { credentials, sets }
    }
}

impl CredentialQuery {
    fn matches<C: Candidate>(&self, candidates: &[C]) -> CredentialMatches {
        let fit = |(candidate, credential): (usize, &C)| {
            self.select(credential).map(|selected| Match { candidate, selected })
        };
        let matches = candidates.iter().enumerate().filter_map(fit).collect();
        CredentialMatches { id: self.id().to_owned(), multiple: self.multiple(), matches }
    }
}

impl CredentialSetQuery {
    /// Which options can be answered, given which credential queries can.
    pub(super) fn matches(&self, usable: impl Fn(&str) -> bool) -> CredentialSetMatches {
        let whole = |option: &Vec<String>| option.iter().all(|id| usable(id));
        let options = self.options().iter().map(|option| (option.clone(), whole(option)));
        CredentialSetMatches { required: self.required(), options: options.collect() }
    }
}

/// What a wallet can answer: enough to show the choice to its holder.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub struct Evaluation {
    credentials: Vec<CredentialMatches>,
    sets: Vec<CredentialSetMatches>,
}

impl Evaluation {
    /// Whether everything that is not optional can be answered. If not, nothing may be sent
    /// (§6.4.2).
    #[must_use]
    pub fn is_satisfiable(&self) -> bool {
        if self.sets.is_empty() {
            return self.credentials.iter().all(|query| !query.matches.is_empty());
        }
        self.sets.iter().all(|set| !set.required || set.is_satisfiable())
    }

    /// The credential queries in the order of the query, each with the candidates that fit.
    ///
    /// Where there are credential sets, those named in none of them are not asked for.
    #[must_use]
    pub fn credentials(&self) -> &[CredentialMatches] {
        &self.credentials
    }

    /// The candidates that fit the credential query with this identifier.
    #[must_use]
    pub fn credential(&self, id: &str) -> Option<&CredentialMatches> {
        self.credentials.iter().find(|query| query.id == id)
    }

    /// The credential sets in the order of the query; empty if every credential query is needed.
    #[must_use]
    pub fn credential_sets(&self) -> &[CredentialSetMatches] {
        &self.sets
    }
}

/// The candidates that fit one credential query.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CredentialMatches {
    id: String,
    multiple: bool,
    matches: Vec<Match>,
}

impl CredentialMatches {
    /// The identifier of the credential query.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether more than one of the candidates may be sent.
    #[must_use]
    pub const fn multiple(&self) -> bool {
        self.multiple
    }

    /// The candidates that fit, in the order in which they were given.
    #[must_use]
    pub fn matches(&self) -> &[Match] {
        &self.matches
    }
}

/// A candidate that fits a credential query.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Match {
    candidate: usize,
    selected: Selected,
}

impl Match {
    /// Which of the candidates, by its position in what was given to [`DcqlQuery::evaluate`].
    #[must_use]
    pub const fn candidate(&self) -> usize {
        self.candidate
    }

    /// What to disclose of it, and no more than that (§6.4.1).
    pub const fn selected(&self) -> &Selected {
        &self.selected
    }
}

/// The combinations of one credential set, and which of them can be answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CredentialSetMatches {
    required: bool,
    options: Vec<(Vec<String>, bool)>,
}

impl CredentialSetMatches {
    /// Whether the set is needed, or only welcome.
    #[must_use]
    pub const fn required(&self) -> bool {
        self.required
    }

    /// The combinations of credential query identifiers, the preferred one first, each with whether
    /// it can be answered.
    pub fn options(&self) -> impl Iterator<Item = (&[String], bool)> {
        self.options.iter().map(|(ids, satisfiable)| (ids.as_slice(), *satisfiable))
    }

    /// Whether any combination can be answered.
    #[must_use]
    pub fn is_satisfiable(&self) -> bool {
        self.options.iter().any(|(_, satisfiable)| *satisfiable)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Clone, Debug)]
    pub(crate) struct Credential {
        pub(crate) format: String,
        pub(crate) vct: String,
        pub(crate) bound: bool,
        pub(crate) claims: Value,
        pub(crate) positions: Positions,
        pub(crate) key_ids: Vec<String>,
        pub(crate) ancestor: Option<String>,
        /// A type that its issuer may not issue.
        pub(crate) barred: Option<String>,
    }

    impl Credential {
        pub(crate) fn new(vct: &str, claims: Value) -> Self {
            Self {
                format: SD_JWT_FORMAT.to_owned(),
                vct: vct.to_owned(),
                bound: true,
                claims,
                positions: Positions::new(),
                key_ids: Vec::new(),
                ancestor: None,
                barred: None,
            }
        }
    }

    impl Candidate for Credential {
        fn format(&self) -> &str {
            &self.format
        }

        fn has_type(&self, vct: &str) -> bool {
            self.vct == vct
        }

        fn extends(&self, vct: &str) -> bool {
            self.ancestor.as_deref() == Some(vct)
        }

        fn may_be_issued_as(&self, vct: &str) -> bool {
            self.barred.as_deref() != Some(vct)
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
            &self.key_ids
        }
    }

    /// A query for one credential of type `urn:a` with these members besides.
    fn query(members: Value) -> DcqlQuery {
        let mut credential = json!({
            "id": "q", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:z", "urn:a"]}
        });
        for (name, value) in members.as_object().unwrap() {
            credential[name] = value.clone();
        }
        DcqlQuery::from_value(&json!({ "credentials": [credential] })).unwrap()
    }

    fn mismatch(members: Value, credential: &Credential) -> Mismatch {
        query(members).credentials()[0].try_select(credential).unwrap_err()
    }

    fn locations(members: Value, credential: &Credential) -> Vec<String> {
        let selected = query(members).credentials()[0].select(credential).unwrap();
        selected.locations().map(|at| crate::path::Dotted(at).to_string()).collect()
    }

    fn holder() -> Credential {
        Credential::new(
            "urn:a",
            json!({"name": "Ana", "age": 34, "list": ["MX", "ES", 5], "deep": {"a": {"b": 1}}}),
        )
    }

    #[test]
    fn leaves_out_another_format() {
        let mdoc = Credential { format: "mso_mdoc".to_owned(), ..holder() };
        assert_eq!(mismatch(json!({}), &mdoc), Mismatch::Format);
        assert_eq!(mismatch(json!({"format": "mso_mdoc"}), &mdoc), Mismatch::Format);
        assert_eq!(mismatch(json!({"format": "mso_mdoc"}), &holder()), Mismatch::Format);
    }

    #[test]
    fn leaves_out_another_type() {
        for vct in ["urn:ab", "urn:", "URN:A", ""] {
            let other = Credential { vct: vct.to_owned(), ..holder() };
            assert_eq!(mismatch(json!({}), &other), Mismatch::Type);
        }
    }

    #[test]
    fn leaves_out_a_type_that_the_issuer_may_not_issue() {
        let heir = Credential {
            vct: "urn:b".to_owned(),
            ancestor: Some("urn:a".to_owned()),
            barred: Some("urn:a".to_owned()),
            ..holder()
        };
        let named = Credential { barred: Some("urn:a".to_owned()), ..holder() };
        for credential in [heir, named] {
            assert_eq!(mismatch(json!({}), &credential), Mismatch::Type);
            let query = query(json!({}));
            let lent: &Credential = &credential;
            assert_eq!(query.credentials()[0].try_select(&lent).unwrap_err(), Mismatch::Type);
        }
    }

    #[test]
    fn leaves_out_a_credential_without_holder_binding_unless_allowed() {
        let bearer = Credential { bound: false, ..holder() };
        assert_eq!(mismatch(json!({}), &bearer), Mismatch::HolderBinding);
        let allowed = json!({"require_cryptographic_holder_binding": false});
        assert!(locations(allowed.clone(), &bearer).is_empty());
        assert!(locations(allowed, &holder()).is_empty());
    }

    #[test]
    fn leaves_out_another_authority() {
        let known = Credential { key_ids: vec!["AA".to_owned(), "BB".to_owned()], ..holder() };
        let ask = |kind: &str, values: Value| json!({"trusted_authorities": [{"type": kind, "values": values}]});
        assert!(locations(ask("aki", json!(["CC", "BB"])), &known).is_empty());
        assert_eq!(mismatch(ask("aki", json!(["CC", "B"])), &known), Mismatch::Authority);
        assert_eq!(mismatch(ask("etsi_tl", json!(["AA"])), &known), Mismatch::Authority);
        assert_eq!(mismatch(ask("aki", json!(["AA"])), &holder()), Mismatch::Authority);
        // Of several entries one that is known and matches is enough.
        let aki = |value: &str| json!({"type": "aki", "values": [value]});
        let several = |entries: Value| json!({ "trusted_authorities": entries });
        let unknown = json!({"type": "etsi_tl", "values": ["AA"]});
        assert!(locations(several(json!([unknown, aki("CC"), aki("AA")])), &known).is_empty());
        let none = several(json!([unknown, aki("CC"), aki("BB="), aki("bb")]));
        assert_eq!(mismatch(none, &known), Mismatch::Authority);
    }

    #[test]
    fn takes_another_name_of_a_type_and_no_other_kind_of_name() {
        struct Plain(Value, Positions);
        impl Candidate for Plain {
            fn format(&self) -> &str {
                SD_JWT_FORMAT
            }
            fn holder_bound(&self) -> bool {
                true
            }
            fn claims(&self) -> &Value {
                &self.0
            }
            fn positions(&self) -> &Positions {
                &self.1
            }
            fn authority_key_ids(&self) -> &[String] {
                &[]
            }
        }
        let fits =
            |claims| query(json!({})).credentials()[0].select(&Plain(claims, Positions::new()));
        assert!(fits(json!({"vct": "urn:a"})).is_some());
        assert!(fits(json!({"vct": "urn:b", "aka_vcts": ["urn:c", "urn:a"]})).is_some());
        for other in [
            json!({"vct": "urn:b", "aka_vcts": "urn:a"}),
            json!({"vct": "urn:b", "aka_vcts": [["urn:a"]]}),
            json!({"vct": ["urn:a"]}),
            json!({"aka_vcts": {"urn:a": "urn:a"}}),
            json!("urn:a"),
        ] {
            assert!(fits(other).is_none());
        }
    }

    #[test]
    fn leaves_out_a_credential_that_lacks_a_claim() {
        let absent = json!({"claims": [{"path": ["name"]}, {"path": ["rfc"]}]});
        assert_eq!(mismatch(absent, &holder()), Mismatch::ClaimAbsent { claim: 1 });
        let other = json!({"claims": [{"path": ["age"], "values": ["34", true, 35]}]});
        assert_eq!(mismatch(other, &holder()), Mismatch::ClaimAbsent { claim: 0 });
        let sets = json!({"claims": [{"id": "a", "path": ["rfc"]}], "claim_sets": [["a"]]});
        assert_eq!(mismatch(sets, &holder()), Mismatch::ClaimSets);
    }

    #[test]
    fn selects_nothing_without_claims() {
        assert!(locations(json!({}), &holder()).is_empty());
    }

    #[test]
    fn selects_only_the_elements_whose_value_matches() {
        let wildcard = json!({"claims": [{"path": ["list", null], "values": ["ES", 5, "MEX"]}]});
        assert_eq!(locations(wildcard, &holder()), ["list[1]", "list[2]"]);
    }

    #[test]
    fn selects_the_first_claim_set_that_can_be_answered() {
        let members = json!({
            "claims": [
                {"id": "x", "path": ["rfc"]},
                {"id": "n", "path": ["name"]},
                {"id": "d", "path": ["deep", "a"]}
            ],
            "claim_sets": [["n", "x"], ["d", "n", "d"], ["n"]]
        });
        assert_eq!(locations(members.clone(), &holder()), ["deep.a", "name"]);
        let selected = query(members).credentials()[0].select(&holder()).unwrap();
        assert_eq!(selected.claim_set(), Some(1));
        assert_eq!(selected.claims()[0].claim(), 2);
    }

    #[test]
    fn shows_a_claim_once_that_is_asked_for_twice() {
        let twice = json!({"claims": [{"path": ["name"]}, {"path": ["age"]}, {"path": ["name"]}]});
        assert_eq!(locations(twice, &holder()), ["name", "age"]);
        let sets = json!({
            "claims": [{"id": "a", "path": ["name"]}, {"id": "b", "path": ["name"]}],
            "claim_sets": [["a", "b", "a"]]
        });
        assert_eq!(locations(sets, &holder()), ["name"]);
        // It must fit each time.
        let values = json!({"claims": [{"path": ["age"]}, {"path": ["age"], "values": [35]}]});
        assert_eq!(mismatch(values, &holder()), Mismatch::ClaimAbsent { claim: 1 });
    }

    #[test]
    fn of_credential_sets_every_required_one_must_be_there_whole() {
        let ask = |sets: Value| {
            let part = |id: &str, vct: &str| json!({"id": id, "format": "dc+sd-jwt", "meta": {"vct_values": [vct]}});
            let credentials = [part("a", "urn:a"), part("b", "urn:b"), part("x", "urn:x")];
            let query = json!({ "credentials": credentials, "credential_sets": sets });
            let held = [holder(), Credential { vct: "urn:b".to_owned(), ..holder() }];
            let evaluation = DcqlQuery::from_value(&query).unwrap().evaluate(&held);
            let options = |set: &CredentialSetMatches| set.options().map(|(_, ok)| ok).collect();
            let options: Vec<Vec<bool>> =
                evaluation.credential_sets().iter().map(options).collect();
            (evaluation.is_satisfiable(), options)
        };
        // What no set names is not asked for; an option counts whole only.
        assert_eq!(ask(json!([{"options": [["a"]]}])), (true, vec![vec![true]]));
        let options = json!([{"options": [["a", "x"], ["x"], ["b", "a"]]}]);
        assert_eq!(ask(options), (true, vec![vec![false, false, true]]));
        assert_eq!(ask(json!([{"options": [["a", "x"]]}])), (false, vec![vec![false]]));
        let both = json!([{"options": [["a"]]}, {"options": [["x"]]}]);
        assert_eq!(ask(both), (false, vec![vec![true], vec![false]]));
        let optional = json!([{"options": [["a"]]}, {"options": [["x"]], "required": false}]);
        assert_eq!(ask(optional), (true, vec![vec![true], vec![false]]));
    }

    #[test]
    fn one_credential_that_does_not_fit_hides_no_other() {
        let broken = Credential { claims: json!([1]), ..holder() };
        let ask = query(json!({"claims": [{"path": ["name"]}]}));
        let evaluation = ask.evaluate(&[&broken, &holder(), &broken, &holder()]);
        let fits = evaluation.credential("q").unwrap().matches();
        assert_eq!(fits.iter().map(Match::candidate).collect::<Vec<_>>(), [1, 3]);
        assert!(evaluation.is_satisfiable());
    }

    #[test]
    fn leaves_out_a_borrowed_credential_for_the_same_reasons() {
        let ask = query(json!({
            "claims": [{"path": ["list", 1]}],
            "trusted_authorities": [{"type": "aki", "values": ["AA", "xyzzy", ""]}],
        }));
        let fits = |credential: Credential| ask.evaluate(&[&credential]).is_satisfiable();
        let positions = |issued: Vec<usize>| {
            let mut positions = Positions::new();
            positions.insert(vec![PathSegment::Name("list".to_owned())], issued);
            positions
        };
        let good = || Credential { key_ids: vec!["AA".to_owned()], ..holder() };
        assert!(fits(good()));
        assert!(fits(Credential { positions: positions(vec![1, 2, 3]), ..good() }));
        let heir = Credential { vct: "urn:b".to_owned(), ..good() };
        assert!(fits(Credential { ancestor: Some("urn:a".to_owned()), ..heir }));
        for bad in [
            Credential { format: "mso_mdoc".to_owned(), ..good() },
            Credential { vct: "urn:b".to_owned(), ..good() },
            Credential { bound: false, ..good() },
            Credential { claims: json!({}), ..good() },
            Credential { positions: positions(vec![0, 2, 3]), ..good() },
            Credential { key_ids: vec![], ..good() },
            Credential { key_ids: vec!["BB".to_owned()], ..good() },
        ] {
            assert!(!fits(bad.clone()), "{bad:?}");
        }
    }

    #[test]
    fn tells_what_may_be_sent_of_what_was_found() {
        let sets = |required: bool| {
            let set = CredentialSetQuery::new(vec![vec!["q".to_owned()]]).unwrap();
            vec![set.with_required(required)]
        };
        for flag in [true, false] {
            let ask = query(json!({"multiple": flag, "claims": [{"path": ["list", null]}]}));
            let ask = ask.with_credential_sets(sets(flag)).unwrap();
            let found = ask.evaluate(&[holder()]);
            assert_eq!(
                (found.credentials()[0].id(), found.credentials()[0].multiple()),
                ("q", flag)
            );
            assert_eq!(found.credential_sets()[0].required(), flag);
            let selected = found.credentials()[0].matches()[0].selected();
            assert_eq!(selected.claim_set(), None);
            let list: Vec<&[PathSegment]> = selected.locations().collect();
            assert_eq!(list.len(), 3);
            assert_eq!(selected.claims()[0].locations(), list);
        }
        let named = json!({"claims": [{"id": "n", "path": ["name"]}], "claim_sets": [["n"]]});
        assert_eq!(query(named).credentials()[0].select(&holder()).unwrap().claim_set(), Some(0));
    }

    #[test]
    fn optional_sets_alone_are_always_satisfiable() {
        let ask = query(json!({}));
        let set = CredentialSetQuery::new(vec![vec!["q".to_owned()]]).unwrap();
        let ask = ask.with_credential_sets(vec![set.clone().with_required(false)]).unwrap();
        assert!(ask.evaluate::<Credential>(&[]).is_satisfiable());
        let ask = ask.with_credential_sets(vec![set]).unwrap();
        assert!(!ask.evaluate::<Credential>(&[]).is_satisfiable());
    }

    #[test]
    fn debug_of_what_was_selected_shows_no_value() {
        let ask = query(json!({"claims": [{"path": ["name"]}, {"path": ["age"], "values": [34]}]}));
        let printed = format!("{:?} {ask:?}", ask.evaluate(&[holder()]));
        assert!(printed.contains("name") && !printed.contains("Ana") && !printed.contains("34"));
    }
}
