//! The verifier's own check that what came back is what was asked for (OpenID4VP 1.0 §8.6, §14.9).
//!
//! Nothing is believed because the wallet should have done it. Too much is refused like too little:
//! a wallet MUST NOT send selectively disclosable claims that were not selected (§6.4).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{Candidate, CredentialQuery, DcqlQuery, Mismatch, Selected, evaluate::Found};
use crate::path::{Location, PathSegment};

/// A presentation whose signatures have been verified, as the check of the answer sees it.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    credential: &'a dyn Candidate,
    disclosed: &'a [Location],
}

impl<'a> Presented<'a> {
    /// The credential with the claims that came, and where each disclosure of it put its content.
    ///
    /// Locations count array elements as issued. Claims that cannot be withheld are not listed.
    #[must_use]
    pub const fn new(credential: &'a dyn Candidate, disclosed: &'a [Location]) -> Self {
        Self { credential, disclosed }
    }
}

impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented").field("disclosed", &self.disclosed).finish_non_exhaustive()
    }
}

/// One member of `vp_token`: what came for one credential query (§8.1).
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    id: &'a str,
    presentations: &'a [Presented<'a>],
}

impl<'a> Answer<'a> {
    /// What came for the credential query with this identifier.
    #[must_use]
    pub const fn new(id: &'a str, presentations: &'a [Presented<'a>]) -> Self {
        Self { id, presentations }
    }
}

/// An answer that holds what was asked for and no more.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub struct Accepted(Vec<Vec<Selected>>);

impl Accepted {
    /// Which claims of a presentation answer its query.
    #[must_use]
    pub fn selected(&self, answer: usize, presentation: usize) -> Option<&Selected> {
        self.0.get(answer)?.get(presentation)
    }
}

/// Why an answer is refused. Positions count answers, their presentations, and parts of the query.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// A credential does not satisfy its query.
    #[error("presentation {presentation} of answer {answer}: {mismatch}")]
    CredentialMismatch {
        /// Which answer.
        answer: usize,
        /// Which of its presentations.
        presentation: usize,
        /// What is wrong with it.
        mismatch: Mismatch,
    },
    /// A credential that is needed did not come.
    #[error("credential {query} of the query was not answered")]
    CredentialMissing {
        /// Which credential query.
        query: usize,
    },
    /// No option of a credential set that is needed came whole.
    #[error("credential set {set} of the query was not answered")]
    CredentialSetMissing {
        /// Which credential set.
        set: usize,
    },
    /// An answer holds no presentation (§8.1).
    #[error("answer {answer} is empty")]
    Empty {
        /// Which answer.
        answer: usize,
    },
    /// An answer is for an identifier that the query does not have.
    #[error("answer {answer} is for no credential of the query")]
    IdUnknown {
        /// Which answer.
        answer: usize,
    },
    /// A disclosure reveals what was not selected (§6.4).
    #[error(
        "disclosure {disclosed} of presentation {presentation} of answer {answer} was not asked for"
    )]
    OverDisclosed {
        /// Which answer.
        answer: usize,
        /// Which of its presentations.
        presentation: usize,
        /// Which of the locations it discloses.
        disclosed: usize,
    },
    /// Two answers are for the same identifier.
    #[error("answer {answer} is for a credential that another answer is for")]
    Repeated {
        /// The later answer.
        answer: usize,
    },
    /// More than one presentation for a query without `multiple` (§8.1).
    #[error("answer {answer} holds more than one presentation")]
    TooManyPresentations {
        /// Which answer.
        answer: usize,
    },
    /// An answer belongs to no option of a credential set that came whole (§6.4.2).
    #[error("answer {answer} is part of no combination that was asked for")]
    Unrequested {
        /// Which answer.
        answer: usize,
    },
}

impl AnswerError {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CredentialMismatch { mismatch, .. } => mismatch.code(),
            Self::CredentialMissing { .. } => "answer_credential_missing",
            Self::CredentialSetMissing { .. } => "answer_credential_set_missing",
            Self::Empty { .. } => "answer_empty",
            Self::IdUnknown { .. } => "answer_id_unknown",
            Self::OverDisclosed { .. } => "answer_over_disclosed",
            Self::Repeated { .. } => "answer_repeated",
            Self::TooManyPresentations { .. } => "answer_too_many_presentations",
            Self::Unrequested { .. } => "answer_unrequested",
        }
    }
}

impl DcqlQuery {
    /// Checks that the answers hold what this query asks for, and no more.
    ///
    /// Signatures, key binding, dates, status and trust are checked elsewhere, and before. A wallet
    /// may have chosen any claim set that its credential satisfies. What another credential query
    /// selects of the same credential may come with it (§6.4), if that query was answered.
    ///
    /// # Errors
    /// Any [`AnswerError`].
    pub fn check_answer(&self, answers: &[Answer<'_>]) -> Result<Accepted, AnswerError> {
        let answered = self.answered(answers)?;
        self.check_combination(answers)?;
        let check = |(answer, query): (usize, &&CredentialQuery)| {
            let presentations = answers.get(answer).map_or(&[][..], |answer| answer.presentations);
            let check_one = |(presentation, presented)| {
                check_presentation(query, presented, &answered).map_err(|fault| match fault {
                    Fault::Mismatch(mismatch) => {
                        AnswerError::CredentialMismatch { answer, presentation, mismatch }
                    }
                    Fault::OverDisclosed(disclosed) => {
                        AnswerError::OverDisclosed { answer, presentation, disclosed }
                    }
                })
            };
            presentations.iter().enumerate().map(check_one).collect()
        };
        answered.iter().enumerate().map(check).collect::<Result<_, _>>().map(Accepted)
    }

    /// The credential query of each answer.
    fn answered(&self, answers: &[Answer<'_>]) -> Result<Vec<&CredentialQuery>, AnswerError> {
        let indexes = self.indexes();
        let mut seen = BTreeSet::new();
        let mut answered = Vec::new();
        for (answer, Answer { id, presentations }) in answers.iter().enumerate() {
            let index = indexes.get(id).copied();
            let query = index.and_then(|index| self.credentials().get(index));
            let query = query.ok_or(AnswerError::IdUnknown { answer })?;
            if !seen.insert(id) {
                return Err(AnswerError::Repeated { answer });
            }
            match presentations.len() {
                0 => return Err(AnswerError::Empty { answer }),
                1 => {}
                _ if query.multiple() => {}
                _ => return Err(AnswerError::TooManyPresentations { answer }),
            }
            answered.push(query);
        }
        Ok(answered)
    }

    /// Everything that is needed came, and nothing else (§6.4.2).
    fn check_combination(&self, answers: &[Answer<'_>]) -> Result<(), AnswerError> {
        let came: BTreeMap<&str, usize> =
            answers.iter().enumerate().map(|(answer, Answer { id, .. })| (*id, answer)).collect();
        if self.credential_sets().is_empty() {
            let missing =
                self.credentials().iter().position(|query| !came.contains_key(query.id()));
            return missing.map_or(Ok(()), |query| Err(AnswerError::CredentialMissing { query }));
        }
        let mut stray = came.clone();
        for (set, query) in self.credential_sets().iter().enumerate() {
            let whole =
                |option: &&Vec<String>| option.iter().all(|id| came.contains_key(id.as_str()));
            let mut options = query.options().iter().filter(whole).peekable();
            if query.required() && options.peek().is_none() {
                return Err(AnswerError::CredentialSetMissing { set });
            }
            for id in options.flatten() {
                stray.remove(id.as_str());
            }
        }
        let first = stray.into_values().min();
        first.map_or(Ok(()), |answer| Err(AnswerError::Unrequested { answer }))
    }
}

enum Fault {
    Mismatch(Mismatch),
    OverDisclosed(usize),
}

/// Finds an option of the query that the presentation answers without disclosing more.
fn check_presentation(
    query: &CredentialQuery,
    presented: &Presented<'_>,
    answered: &[&CredentialQuery],
) -> Result<Selected, Fault> {
    let found = query.find(presented.credential).map_err(Fault::Mismatch)?;
    let mut options = excess_by_option(&found, presented);
    if let Some(exact) = options.iter().position(|(_, excess)| excess.is_empty()) {
        return Ok(options.swap_remove(exact).0);
    }
    let elsewhere = selected_elsewhere(query, presented, answered);
    for (_, excess) in &mut options {
        let permitted = |location: &Location| elsewhere.permits(location);
        excess.retain(|position| !presented.disclosed.get(*position).is_some_and(permitted));
    }
    if let Some(excused) = options.iter().position(|(_, excess)| excess.is_empty()) {
        return Ok(options.swap_remove(excused).0);
    }
    let first = options.iter().find_map(|(_, excess)| excess.first());
    Err(first
        .map_or_else(|| Fault::Mismatch(found.absence()), |first| Fault::OverDisclosed(*first)))
}

/// Every option that the presentation answers, with the positions of the disclosures beyond it.
fn excess_by_option(found: &Found<'_>, presented: &Presented<'_>) -> Vec<(Selected, Vec<usize>)> {
    let excess = |option| {
        let reach = Reach::new(found.reach(&option));
        let beyond = presented.disclosed.iter().enumerate();
        let beyond = beyond.filter(|(_, location)| !reach.permits(location));
        (found.selected(&option), beyond.map(|(position, _)| position).collect())
    };
    found.options().map(excess).collect()
}

/// What the other credential queries that were answered select of the same credential.
fn selected_elsewhere(
    query: &CredentialQuery,
    presented: &Presented<'_>,
    answered: &[&CredentialQuery],
) -> Reach {
    let others = answered.iter().filter(|other| other.id() != query.id());
    let found = others.filter_map(|other| other.find(presented.credential).ok());
    let mut reach = BTreeSet::new();
    for found in found {
        for option in found.options() {
            reach.extend(found.reach(&option).cloned());
        }
    }
    Reach(reach)
}

/// Locations that were selected, and with them what holds them and what they hold.
struct Reach(BTreeSet<Location>);

impl Reach {
    fn new<'l>(locations: impl Iterator<Item = &'l Location>) -> Self {
        Self(locations.cloned().collect())
    }

    /// A disclosure is needed to reach a selected location, or is part of what was selected.
    fn permits(&self, location: &[PathSegment]) -> bool {
        self.holds_part_of(location) || self.is_held_by(location)
    }

    /// In order, what lies below a location comes right after it.
    fn is_held_by(&self, location: &[PathSegment]) -> bool {
        self.0.range(location.to_vec()..).next().is_some_and(|next| next.starts_with(location))
    }

    fn holds_part_of(&self, location: &[PathSegment]) -> bool {
        (0..=location.len())
            .any(|length| location.get(..length).is_some_and(|ancestor| self.0.contains(ancestor)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        dcql::{SD_JWT_FORMAT, evaluate::tests::Credential},
        path::{ClaimPath, Positions},
    };

    fn query(credentials: Value, sets: Option<Value>) -> DcqlQuery {
        let mut query = json!({ "credentials": credentials });
        for credential in query["credentials"].as_array_mut().unwrap() {
            credential["format"] = json!(SD_JWT_FORMAT);
            if credential.get("meta").is_none() {
                credential["meta"] = json!({"vct_values": ["urn:a"]});
            }
        }
        if let Some(sets) = sets {
            query["credential_sets"] = sets;
        }
        DcqlQuery::from_value(&query).unwrap()
    }

    fn ask(claims: &[&str]) -> DcqlQuery {
        let paths = claims.iter().map(|path| path.parse::<ClaimPath>().unwrap());
        DcqlQuery::for_claims("q", ["urn:a"], paths).unwrap()
    }

    fn at(paths: &[&str]) -> Vec<Location> {
        let location = |path: &&str| path.parse::<ClaimPath>().unwrap().segments().to_vec();
        paths.iter().map(location).collect()
    }

    fn ana() -> Credential {
        Credential::new(
            "urn:a",
            json!({"name": "Ana", "home": {"zip": "06010"}, "list": ["MX", {"deep": [1]}]}),
        )
    }

    /// The verdict on one presentation of this credential for the query `q`.
    fn verdict(query: &DcqlQuery, credential: &Credential, disclosed: &[&str]) -> &'static str {
        let disclosed = at(disclosed);
        let presented = [Presented::new(credential, &disclosed)];
        match query.check_answer(&[Answer::new("q", &presented)]) {
            Ok(_) => "accepted",
            Err(error) => error.code(),
        }
    }

    /// The verdict on an answer that holds, for each identifier, so many presentations.
    fn verdict_on(query: &DcqlQuery, came: &[(&str, usize)]) -> Result<Accepted, AnswerError> {
        let credential = ana();
        let many = [Presented::new(&credential, &[]); 2];
        let answers: Vec<_> =
            came.iter().map(|(id, count)| Answer::new(id, &many[..*count])).collect();
        query.check_answer(&answers)
    }

    #[test]
    fn accepts_what_was_asked_for() {
        assert_eq!(verdict(&ask(&["name"]), &ana(), &["name"]), "accepted");
        assert_eq!(verdict(&ask(&["home.zip"]), &ana(), &["home", "home.zip"]), "accepted");
        assert_eq!(verdict(&ask(&["home"]), &ana(), &["home", "home.zip"]), "accepted");
        assert_eq!(verdict(&ask(&["list[1]"]), &ana(), &["list[1].deep[0]", "list"]), "accepted");
        assert_eq!(verdict(&ask(&[]), &ana(), &[]), "accepted");
    }

    #[test]
    fn refuses_a_disclosure_that_was_not_asked_for() {
        for (claims, disclosed) in [
            (vec!["name"], vec!["name", "home"]),
            (vec!["home.zip"], vec!["home", "home.street"]),
            (vec!["list[0]"], vec!["list[1]"]),
            (vec!["list[*]"], vec!["list[2]"]),
            (vec![], vec!["name"]),
            (vec!["name"], vec!["nam"]),
        ] {
            assert_eq!(verdict(&ask(&claims), &ana(), &disclosed), "answer_over_disclosed");
        }
        let disclosed = at(&["name", "home"]);
        let credential = ana();
        let presented = [Presented::new(&credential, &disclosed)];
        assert_eq!(
            ask(&["name"]).check_answer(&[Answer::new("q", &presented)]),
            Err(AnswerError::OverDisclosed { answer: 0, presentation: 0, disclosed: 1 })
        );
    }

    #[test]
    fn refuses_a_holder_of_nothing_that_was_asked_for() {
        let mut credential = ana();
        credential.claims["more"] = json!([{"kind": 1}, {"year": 2}]);
        let query = ask(&["more[*].kind"]);
        assert_eq!(verdict(&query, &credential, &["more[0]"]), "accepted");
        assert_eq!(verdict(&query, &credential, &["more[1]"]), "answer_over_disclosed");
    }

    #[test]
    fn accepts_elements_beside_one_that_matches() {
        let query = query(
            json!([{"id": "q", "claims": [{"path": ["list", null], "values": ["MX"]}]}]),
            None,
        );
        assert_eq!(verdict(&query, &ana(), &["list[0]", "list[1]"]), "accepted");
    }

    #[test]
    fn refuses_a_credential_that_does_not_satisfy_its_query() {
        let query =
            query(json!([{"id": "q", "claims": [{"path": ["name"], "values": ["Ana"]}]}]), None);
        let without = Credential { claims: json!({}), ..ana() };
        let named = |name: Value| Credential { claims: json!({ "name": name }), ..ana() };
        assert_eq!(verdict(&query, &ana(), &["name"]), "accepted");
        assert_eq!(verdict(&query, &without, &[]), "mismatch_claim_absent");
        assert_eq!(verdict(&query, &named(json!("ana")), &["name"]), "mismatch_claim_absent");
        assert_eq!(verdict(&query, &named(json!(["Ana"])), &["name"]), "mismatch_claim_absent");
        let other = Credential { vct: "urn:b".to_owned(), ..ana() };
        assert_eq!(verdict(&query, &other, &["name"]), "mismatch_type");
        let other = Credential { format: "mso_mdoc".to_owned(), ..ana() };
        assert_eq!(verdict(&query, &other, &["name"]), "mismatch_format");
        let other = Credential { bound: false, ..ana() };
        assert_eq!(verdict(&query, &other, &["name"]), "mismatch_holder_binding");
    }

    #[test]
    fn refuses_an_issuer_below_another_authority() {
        let authorities = json!([{"type": "aki", "values": ["AA"]}]);
        let query = query(json!([{"id": "q", "trusted_authorities": authorities}]), None);
        assert_eq!(verdict(&query, &ana(), &[]), "mismatch_authority");
        let known = Credential { key_ids: vec!["AA".to_owned()], ..ana() };
        assert_eq!(verdict(&query, &known, &[]), "accepted");
    }

    #[test]
    fn accepts_any_one_claim_set_but_not_two_together() {
        let query = query(
            json!([{
                "id": "q",
                "claims": [{"id": "n", "path": ["name"]}, {"id": "h", "path": ["home"]}],
                "claim_sets": [["n"], ["h"]]
            }]),
            None,
        );
        let only = |claims: Value| Credential { claims, ..ana() };
        assert_eq!(verdict(&query, &only(json!({"name": "Ana"})), &["name"]), "accepted");
        assert_eq!(verdict(&query, &only(json!({"home": {}})), &["home"]), "accepted");
        assert_eq!(verdict(&query, &only(json!({})), &[]), "mismatch_claim_sets");
        assert_eq!(verdict(&query, &ana(), &["home"]), "accepted");
        assert_eq!(verdict(&query, &ana(), &["name", "home"]), "answer_over_disclosed");
    }

    #[test]
    fn accepts_what_another_query_selects_of_the_same_credential_if_it_was_answered() {
        let credentials = json!([
            {"id": "q", "claims": [{"path": ["name"]}]},
            {"id": "r", "claims": [{"path": ["home"]}]}
        ]);
        let both = query(credentials.clone(), None);
        let either = query(credentials, Some(json!([{"options": [["q"], ["q", "r"]]}])));
        let credential = ana();
        let disclosed = at(&["name", "home"]);
        let presented = [Presented::new(&credential, &disclosed)];
        let answers = [Answer::new("q", &presented), Answer::new("r", &presented)];
        let accepted = both.check_answer(&answers).unwrap();
        let claims = accepted.selected(1, 0).unwrap().claims();
        assert_eq!(claims.iter().map(|c| c.path().to_string()).collect::<Vec<_>>(), ["home"]);
        assert!(either.check_answer(&answers).is_ok());
        assert_eq!(
            either.check_answer(&answers[..1]),
            Err(AnswerError::OverDisclosed { answer: 0, presentation: 0, disclosed: 1 })
        );
    }

    #[test]
    fn refuses_an_unknown_repeated_or_empty_answer() {
        let query = query(json!([{"id": "q"}]), None);
        assert!(verdict_on(&query, &[("q", 1)]).is_ok());
        for (came, error) in [
            (vec![("q", 1), ("p", 1)], AnswerError::IdUnknown { answer: 1 }),
            (vec![("Q", 1)], AnswerError::IdUnknown { answer: 0 }),
            (vec![("q", 1), ("q", 1)], AnswerError::Repeated { answer: 1 }),
            (vec![("q", 0)], AnswerError::Empty { answer: 0 }),
            (vec![("q", 2)], AnswerError::TooManyPresentations { answer: 0 }),
            (vec![], AnswerError::CredentialMissing { query: 0 }),
        ] {
            assert_eq!(verdict_on(&query, &came), Err(error));
        }
    }

    #[test]
    fn accepts_several_presentations_only_if_asked_for_and_checks_each() {
        let query =
            query(json!([{"id": "q", "multiple": true, "claims": [{"path": ["name"]}]}]), None);
        assert!(verdict_on(&query, &[("q", 2)]).is_ok());
        let (good, bad) = (ana(), Credential::new("urn:b", json!({})));
        let presented = [Presented::new(&good, &[]), Presented::new(&bad, &[])];
        assert_eq!(
            query.check_answer(&[Answer::new("q", &presented)]),
            Err(AnswerError::CredentialMismatch {
                answer: 0,
                presentation: 1,
                mismatch: Mismatch::Type
            })
        );
    }

    #[test]
    fn refuses_combinations_that_were_not_asked_for() {
        let query = query(
            json!([{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "d"}, {"id": "e"}]),
            Some(json!([
                {"options": [["a", "b"], ["c"]]},
                {"options": [["d"]], "required": false}
            ])),
        );
        for came in [vec!["c"], vec!["b", "a"], vec!["d", "c"]] {
            let came: Vec<_> = came.into_iter().map(|id| (id, 1)).collect();
            assert!(verdict_on(&query, &came).is_ok(), "{came:?}");
        }
        for (came, error) in [
            (vec![], AnswerError::CredentialSetMissing { set: 0 }),
            (vec!["a", "d"], AnswerError::CredentialSetMissing { set: 0 }),
            (vec!["c", "a"], AnswerError::Unrequested { answer: 1 }),
            (vec!["c", "e"], AnswerError::Unrequested { answer: 1 }),
        ] {
            let came: Vec<_> = came.into_iter().map(|id| (id, 1)).collect();
            assert_eq!(verdict_on(&query, &came), Err(error), "{came:?}");
        }
    }

    #[test]
    fn errors_and_debug_show_no_value() {
        let credential = ana();
        let disclosed = at(&["name", "home"]);
        let presented = [Presented::new(&credential, &disclosed)];
        let answers = [Answer::new("q", &presented)];
        let error = ask(&["name"]).check_answer(&answers).unwrap_err();
        let printed = format!("{answers:?} {error:?} {error}");
        assert!(!printed.contains("Ana") && !printed.contains("06010"), "{printed}");
    }

    /// The part of a value that a wallet shows when everything can be withheld.
    fn prune(
        value: &Value,
        here: &Location,
        reach: &Reach,
        shown: &mut Vec<Location>,
        positions: &mut Positions,
    ) -> Value {
        let below = |segment| [here.as_slice(), &[segment]].concat();
        match value {
            Value::Array(array) => {
                let mut issued = Vec::new();
                let mut kept = Vec::new();
                for (index, child) in array.iter().enumerate() {
                    let at = below(PathSegment::Index(index));
                    if reach.permits(&at) {
                        shown.push(at.clone());
                        issued.push(index);
                        kept.push(prune(child, &at, reach, shown, positions));
                    }
                }
                positions.insert(here.clone(), issued);
                Value::Array(kept)
            }
            Value::Object(object) => {
                let mut kept = serde_json::Map::new();
                for (name, child) in object {
                    let at = below(PathSegment::Name(name.clone()));
                    if reach.permits(&at) {
                        shown.push(at.clone());
                        kept.insert(name.clone(), prune(child, &at, reach, shown, positions));
                    }
                }
                Value::Object(kept)
            }
            Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }

    fn claims() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(json!(true)), (0..3).prop_map(Value::from), Just(Value::Null)];
        let tree = leaf.prop_recursive(4, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[abc]", inner, 0..4)
                    .prop_map(|map| Value::from(serde_json::Map::from_iter(map))),
            ]
        });
        prop::collection::btree_map("[abc]", tree, 1..4)
            .prop_map(|map| Value::from(serde_json::Map::from_iter(map)))
    }

    fn asked() -> impl Strategy<Value = Value> {
        let segment = prop_oneof![
            3 => "[abc]".prop_map(Value::from),
            1 => (0..3).prop_map(Value::from),
            2 => Just(Value::Null),
        ];
        let path = ("[abc]", prop::collection::vec(segment, 0..3))
            .prop_map(|(first, rest)| [vec![json!(first)], rest].concat());
        let values = prop::option::weighted(
            0.3,
            prop::sample::subsequence(vec![json!(true), json!(0), json!(1), json!("a")], 1..4),
        );
        let claim = (path, values).prop_map(|(path, values)| match values {
            Some(values) => json!({"path": path, "values": values}),
            None => json!({ "path": path }),
        });
        prop::collection::vec(claim, 1..4).prop_map(Value::from)
    }

    proptest! {
        #![proptest_config(ProptestConfig { max_global_rejects: 200_000, ..ProptestConfig::default() })]

        #[test]
        fn a_wallet_that_shows_what_was_selected_and_no_more_is_accepted(
            claims in claims(),
            asked in asked(),
        ) {
            let query = query(json!([{"id": "q", "claims": asked}]), None);
            let held = Credential::new("urn:a", claims);
            let selected = query.credentials()[0].select(&held);
            prop_assume!(selected.is_some());
            let selected = selected.unwrap();
            let wanted: Vec<Location> = selected.locations().map(<[_]>::to_vec).collect();
            let reach = Reach::new(wanted.iter());
            let (mut shown, mut positions) = (Vec::new(), Positions::new());
            let part = prune(&held.claims, &vec![], &reach, &mut shown, &mut positions);
            let sent = Credential { claims: part, positions, ..held };
            let presented = [Presented::new(&sent, &shown)];
            let accepted = query.check_answer(&[Answer::new("q", &presented)]);
            prop_assert_eq!(accepted.as_ref().map(|a| a.selected(0, 0)), Ok(Some(&selected)));
            shown.push(at(&["never.asked"]).remove(0));
            let presented = [Presented::new(&sent, &shown)];
            let refused = query.check_answer(&[Answer::new("q", &presented)]);
            prop_assert_eq!(refused.unwrap_err().code(), "answer_over_disclosed");
        }
    }
}
