//! A verdict as plain JavaScript values.

use js_sys::{Array, Date, Object};
use llavero_core::UnixTime;
use llavero_verifier::{AskedClaim, Revocation, Verdict, VerifiedCredential};
use serde_json::{Number, Value};
use wasm_bindgen::JsValue;

use crate::trust_list::millis;

/// The greatest integer that a JavaScript number holds exactly, as every smaller one (`Number.MAX_SAFE_INTEGER`).
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// With the names of types and claims for somebody who reads `locales`.
pub(crate) fn verdict(verdict: &Verdict, locales: &[&str]) -> JsValue {
    let credentials = verdict.credentials().iter().map(|one| credential(one, locales));
    object([
        ("credentials", array(credentials)),
        ("checkedAt", date(verdict.checked_at())),
        ("trustIssuedAt", date(verdict.trust_issued_at())),
    ])
}

fn credential(credential: &VerifiedCredential, locales: &[&str]) -> JsValue {
    let revocation = match credential.revocation() {
        Revocation::NotProvided => "not_provided",
        _ => "not_checked",
    };
    object([
        ("query", credential.query().into()),
        ("issuer", credential.issuer().into()),
        ("issuerName", credential.issuer_name().into()),
        ("credentialType", credential.credential_type().into()),
        ("typeName", credential.type_name(locales).map_or(JsValue::NULL, JsValue::from)),
        ("claims", array(credential.claims().iter().map(|one| claim(one, locales)))),
        ("expires", credential.expires().map_or(JsValue::NULL, date)),
        ("boundAt", credential.bound_at().map_or(JsValue::NULL, date)),
        ("revocation", revocation.into()),
    ])
}

fn claim(claim: &AskedClaim, locales: &[&str]) -> JsValue {
    object([
        ("path", value(&claim.path().to_json())),
        ("label", claim.label(locales).map_or(JsValue::NULL, JsValue::from)),
        ("values", array(claim.values().iter().map(value))),
    ])
}

fn value(json: &Value) -> JsValue {
    match json {
        Value::Null => JsValue::NULL,
        Value::Bool(truth) => (*truth).into(),
        Value::Number(number) => self::number(number),
        Value::String(text) => text.into(),
        Value::Array(items) => array(items.iter().map(value)),
        Value::Object(members) => {
            object(members.iter().map(|(name, member)| (name.as_str(), value(member))))
        }
    }
}

/// An integer that a JavaScript number would round becomes a `BigInt`: a claim must come as it was issued.
fn number(number: &Number) -> JsValue {
    match rounded(number) {
        Some(Whole::Negative(integer)) => integer.into(),
        Some(Whole::Positive(integer)) => integer.into(),
        None => number.as_f64().into(),
    }
}

#[derive(Debug, Eq, PartialEq)]
enum Whole {
    Negative(i64),
    Positive(u64),
}

/// The integer that a JavaScript number would round.
fn rounded(number: &Number) -> Option<Whole> {
    let positive = number.as_u64().filter(|integer| *integer > MAX_SAFE_INTEGER);
    let negative = number.as_i64().filter(|integer| *integer < 0);
    let negative = negative.filter(|integer| integer.unsigned_abs() > MAX_SAFE_INTEGER);
    positive.map(Whole::Positive).or(negative.map(Whole::Negative))
}

fn date(time: UnixTime) -> JsValue {
    Date::new(&millis(time).into()).into()
}

fn array(items: impl Iterator<Item = JsValue>) -> JsValue {
    items.collect::<Array>().into()
}

/// An object with these members. It is made from entries and not by assignment: to assign to `__proto__` does not add
/// a member.
pub(crate) fn object<'n>(members: impl IntoIterator<Item = (&'n str, JsValue)>) -> JsValue {
    let entries = members.into_iter().map(|(name, value)| Array::of2(&name.into(), &value));
    // Entries that are pairs cannot fail.
    Object::from_entries(&entries.collect::<Array>()).map_or(JsValue::NULL, JsValue::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Whole> {
        let Value::Number(number) = serde_json::from_str(text).unwrap() else { panic!("{text}") };
        rounded(&number)
    }

    #[test]
    fn only_integers_that_would_be_rounded_become_big() {
        for text in ["0", "-1", "1.5", "1e300", "9007199254740991", "-9007199254740991"] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(of("9007199254740992"), Some(Whole::Positive(9_007_199_254_740_992)));
        assert_eq!(of("18446744073709551615"), Some(Whole::Positive(u64::MAX)));
        assert_eq!(of("-9007199254740992"), Some(Whole::Negative(-9_007_199_254_740_992)));
        assert_eq!(of("-9223372036854775808"), Some(Whole::Negative(i64::MIN)));
    }
}
