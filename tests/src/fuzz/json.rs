//! The strict reader of JSON beside serde_json: it reads no more, and nothing differently.

use llavero_core::{Error, JsonFault, Part, json, limits};
use serde_json::Value;

use super::Outcome;

pub(crate) fn run(input: &[u8]) -> Outcome {
    let strict = json::from_slice(input, Part::Request);
    let usual = serde_json::from_slice::<Value>(input);
    match (&strict, &usual) {
        (Ok(strict), Ok(usual)) => {
            assert_eq!(strict, usual);
            assert!(depth(strict) <= limits::MAX_DEPTH);
            let again = json::from_slice(strict.to_string().as_bytes(), Part::Request);
            assert_eq!(again.as_ref(), Ok(strict), "what is printed is what was read");
        }
        (Ok(_), Err(error)) => panic!("read though it is no JSON: {error}"),
        (Err(Error::Json { fault: JsonFault::TooDeep, .. }), Ok(usual)) => {
            assert!(depth(usual) > limits::MAX_DEPTH || names(input) > members(usual));
        }
        // serde_json keeps the last of two members with one name.
        (Err(Error::Json { fault: JsonFault::DuplicateName, .. }), Ok(usual)) => {
            assert!(names(input) > members(usual), "no name occurs twice");
        }
        (Err(Error::LimitExceeded { .. }), _) => {}
        (Err(error), Ok(_)) => panic!("refused: {error:?}"),
        (Err(_), Err(_)) => {}
    }
    Outcome::accepted_if(strict.is_ok())
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Members of all objects.
fn members(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(members).sum(),
        Value::Object(object) => object.len() + object.values().map(members).sum::<usize>(),
        _ => 0,
    }
}

/// Names in the text of a JSON document: colons outside of strings.
fn names(text: &[u8]) -> usize {
    let (mut quoted, mut escaped, mut names) = (false, false, 0);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b':' if !quoted => names += 1,
            _ => {}
        }
    }
    names
}
