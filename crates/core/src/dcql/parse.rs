//! From JSON to a query: shapes and types; the rules stand with the constructors.
//!
//! Members that are not defined are ignored at every level (OpenID4VP 1.0 §6).

use serde_json::{Map, Value};

use super::{
    ClaimValue, ClaimsQuery, CredentialQuery, CredentialSetQuery, DcqlQuery, MAX_CLAIMS,
    MAX_CREDENTIAL_QUERIES, MAX_CREDENTIAL_SETS, MAX_OPTION_MEMBERS, MAX_OPTIONS,
    MAX_TRUSTED_AUTHORITIES, MAX_VALUES, QueryError, QueryProblem, SD_JWT_FORMAT, TrustedAuthority,
    query::check_count,
};
use crate::path::ClaimPath;

impl DcqlQuery {
    /// Reads a query, the value of `dcql_query`.
    ///
    /// # Errors
    /// A [`QueryError`] with the place and any [`QueryProblem`].
    pub fn from_value(query: &Value) -> Result<Self, QueryError> {
        let members = object(query)?;
        let credentials =
            required_list(members, "credentials", MAX_CREDENTIAL_QUERIES, credential)?;
        let query = Self::new(credentials)?;
        match list(members, "credential_sets", MAX_CREDENTIAL_SETS, credential_set)? {
            Some(sets) => query.with_credential_sets(sets),
            None => Ok(query),
        }
    }
}

fn credential(query: &Value) -> Result<CredentialQuery, QueryError> {
    let members = object(query)?;
    let query = typed_credential(members)?
        .with_multiple(flag(members, "multiple", false)?)
        .with_holder_binding(flag(members, "require_cryptographic_holder_binding", true)?);
    let query = match list(members, "trusted_authorities", MAX_TRUSTED_AUTHORITIES, authority)? {
        Some(authorities) => query.with_trusted_authorities(authorities)?,
        None => query,
    };
    let query = match list(members, "claims", MAX_CLAIMS, claim)? {
        Some(claims) => query.with_claims(claims)?,
        None => query,
    };
    match list(members, "claim_sets", MAX_OPTIONS, option)? {
        Some(sets) => query.with_claim_sets(&sets),
        None => Ok(query),
    }
}

/// A credential query with no more than its identifier, format and type (§6.1, §B.3.5).
fn typed_credential(members: &Map<String, Value>) -> Result<CredentialQuery, QueryError> {
    let id = required(members, "id", text)?;
    let format = required(members, "format", text)?;
    let meta = required(members, "meta", object)?;
    if format != SD_JWT_FORMAT {
        return CredentialQuery::other(id, format, meta.clone());
    }
    let vct_values = required_list(meta, "vct_values", MAX_VALUES, owned_text)
        .map_err(|error| error.in_member("meta"))?;
    CredentialQuery::sd_jwt(id, vct_values)
}

fn authority(entry: &Value) -> Result<TrustedAuthority, QueryError> {
    let members = object(entry)?;
    let kind = required(members, "type", text)?;
    TrustedAuthority::new(kind, required_list(members, "values", MAX_VALUES, owned_text)?)
}

fn claim(query: &Value) -> Result<ClaimsQuery, QueryError> {
    let members = object(query)?;
    let claim = ClaimsQuery::new(required(members, "path", path)?);
    let claim = match optional(members, "id", text)? {
        Some(id) => claim.with_id(id)?,
        None => claim,
    };
    match list(members, "values", MAX_VALUES, ClaimValue::from_value)? {
        Some(values) => claim.with_values(values),
        None => Ok(claim),
    }
}

fn path(pointer: &Value) -> Result<ClaimPath, QueryError> {
    ClaimPath::from_json(pointer).map_err(|error| QueryProblem::Path(error).into())
}

fn credential_set(set: &Value) -> Result<CredentialSetQuery, QueryError> {
    let members = object(set)?;
    let options = required_list(members, "options", MAX_OPTIONS, option)?;
    Ok(CredentialSetQuery::new(options)?.with_required(flag(members, "required", true)?))
}

fn option(ids: &Value) -> Result<Vec<String>, QueryError> {
    elements(ids, MAX_OPTION_MEMBERS, owned_text)
}

fn object(value: &Value) -> Result<&Map<String, Value>, QueryError> {
    value.as_object().ok_or(QueryProblem::WrongType.into())
}

fn text(value: &Value) -> Result<&str, QueryError> {
    value.as_str().ok_or(QueryProblem::WrongType.into())
}

fn owned_text(value: &Value) -> Result<String, QueryError> {
    text(value).map(str::to_owned)
}

fn flag(
    members: &Map<String, Value>,
    name: &'static str,
    default: bool,
) -> Result<bool, QueryError> {
    let boolean = |value: &Value| value.as_bool().ok_or(QueryProblem::WrongType.into());
    Ok(optional(members, name, boolean)?.unwrap_or(default))
}

fn optional<'v, T>(
    members: &'v Map<String, Value>,
    name: &'static str,
    read: impl FnOnce(&'v Value) -> Result<T, QueryError>,
) -> Result<Option<T>, QueryError> {
    members.get(name).map(read).transpose().map_err(|error| error.in_member(name))
}

fn required<'v, T>(
    members: &'v Map<String, Value>,
    name: &'static str,
    read: impl FnOnce(&'v Value) -> Result<T, QueryError>,
) -> Result<T, QueryError> {
    optional(members, name, read)?
        .ok_or_else(|| QueryError::new(QueryProblem::Missing).in_member(name))
}

fn list<'v, T>(
    members: &'v Map<String, Value>,
    name: &'static str,
    limit: usize,
    read: impl Fn(&'v Value) -> Result<T, QueryError>,
) -> Result<Option<Vec<T>>, QueryError> {
    optional(members, name, |array| elements(array, limit, read))
}

fn required_list<'v, T>(
    members: &'v Map<String, Value>,
    name: &'static str,
    limit: usize,
    read: impl Fn(&'v Value) -> Result<T, QueryError>,
) -> Result<Vec<T>, QueryError> {
    required(members, name, |array| elements(array, limit, read))
}

/// Reads a non-empty array, after its length and before its elements have cost anything.
fn elements<'v, T>(
    array: &'v Value,
    limit: usize,
    read: impl Fn(&'v Value) -> Result<T, QueryError>,
) -> Result<Vec<T>, QueryError> {
    let array = array.as_array().ok_or(QueryProblem::WrongType)?;
    check_count(array.len(), limit)?;
    let element = |(index, value)| read(value).map_err(|error| error.in_element(index));
    array.iter().enumerate().map(element).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::path::Dotted;

    /// A query with every member there is.
    fn full() -> Value {
        json!({
            "credentials": [
                {
                    "id": "id-1",
                    "format": "dc+sd-jwt",
                    "meta": {"vct_values": ["urn:a", "urn:b"]},
                    "multiple": true,
                    "require_cryptographic_holder_binding": false,
                    "trusted_authorities": [{"type": "aki", "values": ["x"]}],
                    "claims": [
                        {"id": "a", "path": ["a", null, 0], "values": ["x", 1, -1, true]},
                        {"id": "b", "path": ["b"]}
                    ],
                    "claim_sets": [["a", "b"], ["b"]]
                },
                {"id": "m", "format": "mso_mdoc", "meta": {"doctype_value": "mDL"}}
            ],
            "credential_sets": [{"options": [["id-1"], ["m"]], "required": false}]
        })
    }

    fn refusal(query: &Value) -> (String, &'static str) {
        let error = DcqlQuery::from_value(query).unwrap_err();
        (Dotted(error.at()).to_string(), error.code())
    }

    /// The refusal of the full query when the value at `pointer` is another.
    fn refusal_with(pointer: &str, value: Value) -> (String, &'static str) {
        let mut query = full();
        *query.pointer_mut(pointer).unwrap() = value;
        refusal(&query)
    }

    /// The refusal of the full query when the member `name` of the object at `pointer` is missing.
    fn refusal_without(pointer: &str, name: &str) -> (String, &'static str) {
        let mut query = full();
        query.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name).unwrap();
        refusal(&query)
    }

    fn at(place: &str, code: &'static str) -> (String, &'static str) {
        (place.to_owned(), code)
    }

    #[test]
    fn a_query_reads_back_as_it_was_printed() {
        let query = DcqlQuery::from_value(&full()).unwrap();
        assert_eq!(query.to_value(), full());
        assert_eq!(query.credentials()[0].claim_sets(), [vec![0, 1], vec![1]]);
        assert_eq!(query.credential("m").unwrap().format(), "mso_mdoc");
        let wanted = ["x".into(), 1.into(), (-1).into(), true.into()];
        let wanted = wanted.map(|value: Value| ClaimValue::from_value(&value).unwrap());
        assert_eq!(query.credentials()[0].claims()[0].values(), wanted);
        assert_eq!(query.credentials()[0].claims()[1].values(), []);
        assert!(query.credential("n").is_none());
    }

    #[test]
    fn ignores_what_it_does_not_know_at_every_level() {
        let mut query = full();
        for pointer in [
            "",
            "/credentials/0",
            "/credentials/0/meta",
            "/credentials/0/trusted_authorities/0",
            "/credentials/0/claims/0",
            "/credential_sets/0",
        ] {
            query.pointer_mut(pointer).unwrap()["purpose"] = json!([null]);
        }
        assert_eq!(DcqlQuery::from_value(&query), DcqlQuery::from_value(&full()));
    }

    #[test]
    fn what_is_left_out_has_the_default_of_the_specification() {
        let query = DcqlQuery::from_value(&json!({
            "credentials": [{"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:a"]}}],
            "credential_sets": [{"options": [["a"]]}]
        }));
        let query = query.unwrap();
        let [part] = query.credentials() else { panic!() };
        assert!(!part.multiple() && part.requires_holder_binding());
        assert!(part.claims().is_empty() && part.claim_sets().is_empty());
        assert!(part.trusted_authorities().is_empty());
        assert!(query.credential_sets()[0].required());
    }

    #[test]
    fn refuses_other_types_than_the_specification_says() {
        assert_eq!(refusal(&json!([])), at("", "query_wrong_type"));
        for (pointer, place) in [
            ("/credentials", "credentials"),
            ("/credentials/1", "credentials[1]"),
            ("/credentials/0/id", "credentials[0].id"),
            ("/credentials/0/format", "credentials[0].format"),
            ("/credentials/0/meta", "credentials[0].meta"),
            ("/credentials/0/meta/vct_values", "credentials[0].meta.vct_values"),
            ("/credentials/0/meta/vct_values/1", "credentials[0].meta.vct_values[1]"),
            ("/credentials/0/multiple", "credentials[0].multiple"),
            (
                "/credentials/0/require_cryptographic_holder_binding",
                "credentials[0].require_cryptographic_holder_binding",
            ),
            ("/credentials/0/trusted_authorities", "credentials[0].trusted_authorities"),
            ("/credentials/0/trusted_authorities/0", "credentials[0].trusted_authorities[0]"),
            (
                "/credentials/0/trusted_authorities/0/type",
                "credentials[0].trusted_authorities[0].type",
            ),
            (
                "/credentials/0/trusted_authorities/0/values/0",
                "credentials[0].trusted_authorities[0].values[0]",
            ),
            ("/credentials/0/claims", "credentials[0].claims"),
            ("/credentials/0/claims/0", "credentials[0].claims[0]"),
            ("/credentials/0/claims/0/id", "credentials[0].claims[0].id"),
            ("/credentials/0/claims/0/values", "credentials[0].claims[0].values"),
            ("/credentials/0/claim_sets", "credentials[0].claim_sets"),
            ("/credentials/0/claim_sets/0", "credentials[0].claim_sets[0]"),
            ("/credentials/0/claim_sets/0/1", "credentials[0].claim_sets[0][1]"),
            ("/credential_sets", "credential_sets"),
            ("/credential_sets/0", "credential_sets[0]"),
            ("/credential_sets/0/options", "credential_sets[0].options"),
            ("/credential_sets/0/options/1/0", "credential_sets[0].options[1][0]"),
            ("/credential_sets/0/required", "credential_sets[0].required"),
        ] {
            for odd in [json!(5), Value::Null] {
                assert_eq!(refusal_with(pointer, odd), at(place, "query_wrong_type"));
            }
        }
    }

    #[test]
    fn refuses_a_missing_member() {
        assert_eq!(refusal(&json!({})), at("credentials", "query_missing"));
        for (pointer, name, place) in [
            ("/credentials/0", "id", "credentials[0].id"),
            ("/credentials/0", "format", "credentials[0].format"),
            ("/credentials/0", "meta", "credentials[0].meta"),
            ("/credentials/0/meta", "vct_values", "credentials[0].meta.vct_values"),
            ("/credentials/0/claims/1", "id", "credentials[0].claims[1].id"),
            ("/credentials/0/claims/1", "path", "credentials[0].claims[1].path"),
            (
                "/credentials/0/trusted_authorities/0",
                "type",
                "credentials[0].trusted_authorities[0].type",
            ),
            (
                "/credentials/0/trusted_authorities/0",
                "values",
                "credentials[0].trusted_authorities[0].values",
            ),
            ("/credential_sets/0", "options", "credential_sets[0].options"),
        ] {
            assert_eq!(refusal_without(pointer, name), at(place, "query_missing"));
        }
    }

    #[test]
    fn refuses_an_empty_array_or_text() {
        for (pointer, place) in [
            ("/credentials", "credentials"),
            ("/credentials/0/meta/vct_values", "credentials[0].meta.vct_values"),
            ("/credentials/0/trusted_authorities", "credentials[0].trusted_authorities"),
            (
                "/credentials/0/trusted_authorities/0/values",
                "credentials[0].trusted_authorities[0].values",
            ),
            ("/credentials/0/claims", "credentials[0].claims"),
            ("/credentials/0/claims/0/values", "credentials[0].claims[0].values"),
            ("/credentials/0/claim_sets", "credentials[0].claim_sets"),
            ("/credentials/0/claim_sets/1", "credentials[0].claim_sets[1]"),
            ("/credential_sets", "credential_sets"),
            ("/credential_sets/0/options", "credential_sets[0].options"),
            ("/credential_sets/0/options/0", "credential_sets[0].options[0]"),
        ] {
            assert_eq!(refusal_with(pointer, json!([])), at(place, "query_empty"));
        }
        for (pointer, place) in [
            ("/credentials/0/id", "credentials[0].id"),
            ("/credentials/0/format", "credentials[0].format"),
            ("/credentials/0/claims/0/id", "credentials[0].claims[0].id"),
            (
                "/credentials/0/trusted_authorities/0/type",
                "credentials[0].trusted_authorities[0].type",
            ),
        ] {
            assert_eq!(refusal_with(pointer, json!("")), at(place, "query_empty"));
        }
        assert_eq!(
            refusal_with("/credentials/0/claims/0/path", json!([])),
            at("credentials[0].claims[0].path", "path_empty")
        );
    }

    #[test]
    fn refuses_malformed_repeated_and_unknown_identifiers() {
        for id in ["a b", "a.b", "ñ", "a\n"] {
            assert_eq!(
                refusal_with("/credentials/0/id", json!(id)),
                at("credentials[0].id", "query_id_malformed")
            );
            assert_eq!(
                refusal_with("/credentials/0/claims/1/id", json!(id)),
                at("credentials[0].claims[1].id", "query_id_malformed")
            );
        }
        assert_eq!(
            refusal_with("/credentials/1/id", json!("id-1")),
            at("credentials[1].id", "query_id_repeated")
        );
        assert_eq!(
            refusal_with("/credentials/0/claims/1/id", json!("a")),
            at("credentials[0].claims[1].id", "query_id_repeated")
        );
        assert_eq!(
            refusal_with("/credentials/0/claim_sets/1/0", json!("c")),
            at("credentials[0].claim_sets[1][0]", "query_id_unknown")
        );
        assert_eq!(
            refusal_with("/credential_sets/0/options/1/0", json!("c")),
            at("credential_sets[0].options[1][0]", "query_id_unknown")
        );
    }

    #[test]
    fn refuses_claim_sets_without_claims() {
        assert_eq!(
            refusal_without("/credentials/0", "claims"),
            at("credentials[0].claim_sets", "query_claim_sets_without_claims")
        );
    }

    #[test]
    fn refuses_values_of_other_types() {
        for odd in [json!(null), json!({}), json!([]), json!(1.5), json!(1.0), json!(1e300)] {
            assert_eq!(
                refusal_with("/credentials/0/claims/0/values/1", odd),
                at("credentials[0].claims[0].values[1]", "query_value_unsupported")
            );
        }
    }

    #[test]
    fn refuses_one_element_more_than_each_limit() {
        let texts = |count| json!(vec!["b"; count]);
        let grown = |count, make: &dyn Fn(usize) -> Value| (0..count).map(make).collect::<Value>();
        let credential = |index: usize| json!({"id": index.to_string(), "format": "f", "meta": {}});
        let claim = |index: usize| json!({"id": index.to_string(), "path": ["a"]});
        let repeat = |value: Value| move |_| value.clone();
        let set = repeat(json!({"options": [["m"]]}));
        let authority = repeat(json!({"type": "aki", "values": ["x"]}));
        let option = repeat(json!(["b"]));
        let id_option = repeat(json!(["m"]));
        for (pointer, limit, make) in [
            ("/credential_sets", MAX_CREDENTIAL_SETS, &set as &dyn Fn(usize) -> Value),
            ("/credential_sets/0/options", MAX_OPTIONS, &id_option),
            ("/credential_sets/0/options/0", MAX_OPTION_MEMBERS, &|_| json!("m")),
            ("/credentials/0/meta/vct_values", MAX_VALUES, &|_| json!("b")),
            ("/credentials/0/trusted_authorities", MAX_TRUSTED_AUTHORITIES, &authority),
            ("/credentials/0/trusted_authorities/0/values", MAX_VALUES, &|_| json!("b")),
            ("/credentials/0/claims/0/values", MAX_VALUES, &|_| json!("b")),
            ("/credentials/0/claim_sets", MAX_OPTIONS, &option),
            ("/credentials/0/claim_sets/0", MAX_OPTION_MEMBERS, &|_| json!("b")),
        ] {
            let mut query = full();
            *query.pointer_mut(pointer).unwrap() = grown(limit, make);
            assert!(DcqlQuery::from_value(&query).is_ok(), "{pointer}");
            assert_eq!(refusal_with(pointer, grown(limit + 1, make)).1, "query_too_many");
        }
        let alone = |credentials: Value| json!({ "credentials": credentials });
        let at_limit = alone(grown(MAX_CREDENTIAL_QUERIES, &credential));
        assert!(DcqlQuery::from_value(&at_limit).is_ok());
        let past = alone(grown(MAX_CREDENTIAL_QUERIES + 1, &credential));
        assert_eq!(refusal(&past), at("credentials", "query_too_many"));
        let with_claims = |count| {
            let meta = json!({"vct_values": texts(1)});
            let claims = grown(count, &claim);
            alone(json!([{"id": "a", "format": "dc+sd-jwt", "meta": meta, "claims": claims}]))
        };
        assert!(DcqlQuery::from_value(&with_claims(MAX_CLAIMS)).is_ok());
        let past = with_claims(MAX_CLAIMS + 1);
        assert_eq!(refusal(&past), at("credentials[0].claims", "query_too_many"));
    }

    #[test]
    fn an_error_says_where_and_never_what() {
        let error = DcqlQuery::from_value(&json!({"credentials": [{"id": "María José"}]}));
        let printed = format!("{0} {0:?}", error.unwrap_err());
        assert!(printed.contains("credentials[0].format"), "{printed}");
        assert!(!printed.contains("Mar"), "{printed}");
    }

    #[test]
    fn debug_shows_no_value_to_match() {
        let mut query = full();
        query["credentials"][0]["claims"][0]["values"] = json!(["Xóchitl", 19_900_101]);
        query["credentials"][1]["meta"]["doctype_value"] = json!("Xóchitl");
        let printed = format!("{:?}", DcqlQuery::from_value(&query).unwrap());
        assert!(printed.contains("<redacted>"), "{printed}");
        assert!(!printed.contains("chitl") && !printed.contains("19900101"), "{printed}");
    }

    #[test]
    fn refuses_an_integer_that_json_cannot_carry() {
        let ask = |value| {
            ClaimsQuery::new(ClaimPath::names(["a"]).unwrap())
                .with_values(vec![ClaimValue::Integer(value)])
        };
        for fits in [i128::from(i64::MIN), -1, 0, i128::from(u64::MAX)] {
            assert!(ask(fits).is_ok());
        }
        for past in [i128::from(i64::MIN) - 1, i128::from(u64::MAX) + 1] {
            assert_eq!(ask(past).unwrap_err().code(), "query_value_unsupported");
        }
    }

    #[test]
    fn the_short_constructor_asks_for_a_repeated_path_once() {
        let path = ClaimPath::names(["a"]).unwrap();
        let query = DcqlQuery::for_claims("q", ["urn:a"], [path.clone(), path]).unwrap();
        let expected = json!({"credentials": [{
            "id": "q",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": ["urn:a"]},
            "claims": [{"path": ["a"]}]
        }]});
        assert_eq!(query.to_value(), expected);
        assert!(DcqlQuery::for_claims("q", [], []).is_err());
        assert!(DcqlQuery::for_claims("q q", ["urn:a"], []).is_err());
    }

    /// The full query with the value somewhere in it replaced.
    fn damaged(mut query: Value, steps: &[usize], odd: Value) -> Value {
        damage(&mut query, steps, odd);
        query
    }

    fn damage(place: &mut Value, steps: &[usize], odd: Value) {
        let length = place.as_array().map(Vec::len).or(place.as_object().map(Map::len));
        match (steps.split_first(), length) {
            (Some((step, rest)), Some(1..)) => match place {
                Value::Array(array) => {
                    let index = step % array.len();
                    damage(&mut array[index], rest, odd);
                }
                Value::Object(map) => {
                    let index = step % map.len();
                    damage(map.values_mut().nth(index).unwrap(), rest, odd);
                }
                Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
            },
            _ => *place = odd,
        }
    }

    proptest! {
        #[test]
        fn reading_a_damaged_query_never_panics_and_printing_is_faithful(
            steps in prop::collection::vec(any::<usize>(), 0..7),
            odd in prop::sample::select(vec![
                json!(null), json!(true), json!(0), json!(-1), json!(0.5), json!(""), json!("a"),
                json!("a b"), json!([]), json!([[]]), json!({}), json!({"a": 1}), json!(["b"]),
            ]),
        ) {
            if let Ok(query) = DcqlQuery::from_value(&damaged(full(), &steps, odd)) {
                prop_assert_eq!(DcqlQuery::from_value(&query.to_value()), Ok(query));
            }
        }

        #[test]
        fn an_integer_matches_itself_only(wanted in any::<i64>(), other in any::<u64>()) {
            let value = ClaimValue::from_value(&json!(wanted)).unwrap();
            prop_assert!(value.equals(&json!(wanted)));
            prop_assert!(!value.equals(&json!(wanted.to_string())));
            prop_assert_eq!(value.equals(&json!(other)), i128::from(wanted) == i128::from(other));
        }
    }
}
