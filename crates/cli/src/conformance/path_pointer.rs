//! Kind `path-pointer`: which values a claims path pointer selects (OpenID4VP 1.0 §7.1.1).

use llavero_core::ClaimPath;
use serde_json::Value;

use super::{Finding, Unreadable, member};

pub(super) fn run(case: &Value) -> Result<Finding, Unreadable> {
    let (credential, expect) = (member(case, "credential")?, member(case, "expect")?);
    let path = ClaimPath::from_json(member(case, "path")?);
    let selected =
        path.and_then(|path| Ok(path.select(credential)?.into_iter().cloned().collect::<Vec<_>>()));
    let got = match selected {
        Ok(values) => Value::Array(values),
        Err(_) => Value::from("error"),
    };
    Ok(if got == *expect {
        Finding::Passed
    } else {
        Finding::Failed { expected: expect.to_string(), got: got.to_string() }
    })
}
