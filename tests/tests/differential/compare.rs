//! When two readers have read the same claims.

use serde_json::{Number, Value};

/// Whether two values are the same JSON. Numbers are the same if their values are: JSON has one kind of number
/// (RFC 8259 §6), and some languages write 7 as 7.0. Nothing else is smoothed over.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => same_number(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let pair = |(name, value): (&String, &Value)| {
                other.get(name).is_some_and(|other| same(value, other))
            };
            one.len() == other.len() && one.iter().all(pair)
        }
        _ => one == other,
    }
}

fn same_number(one: &Number, other: &Number) -> bool {
    let whole = |number: &Number| number.as_i128();
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.as_f64() == other.as_f64(),
        (Some(whole), None) => is(other, whole),
        (None, Some(whole)) => is(one, whole),
    }
}

/// Whether a number with a fraction or an exponent is this whole one, to the last digit.
fn is(number: &Number, whole: i128) -> bool {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number without a fraction, far below 2^127"
    )]
    let exact = |value: f64| value.fract() == 0.0 && value.abs() < 1e30 && value as i128 == whole;
    number.as_f64().is_some_and(exact)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_its_value_and_nothing_else_is_alike() {
        assert!(same(&json!({"a": [7]}), &json!({"a": [7.0]})));
        assert!(!same(&json!(9_007_199_254_740_993_i64), &json!(9_007_199_254_740_992.0)));
        assert!(!same(&json!(1), &json!("1")) && !same(&json!(1), &json!(true)));
        assert!(!same(&json!({"a": null}), &json!({})) && !same(&json!([1, 2]), &json!([2, 1])));
    }
}
