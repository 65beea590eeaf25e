//! What an implementation says of one case, in this program and as a line of JSON.

use std::fmt;

use serde_json::{Map, Value};

/// What an implementation says of one case.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The input is good; with what came out of it, null if nothing does.
    Accept(Value),
    /// The input is refused; with the implementation's own code, if it has one.
    Reject(Option<String>),
    /// The implementation does not do this kind of case. Never counted as passed.
    Skip,
}

impl Answer {
    /// Accepted, or refused with this code.
    pub(super) fn of(result: Result<Value, &'static str>) -> Self {
        match result {
            Ok(value) => Self::Accept(value),
            Err(code) => Self::Reject(Some(code.to_owned())),
        }
    }

    /// One line of JSON for the case with this identifier.
    pub(super) fn to_line(&self, id: &Value) -> String {
        let mut line = Map::new();
        let mut insert = |name: &str, value: Value| line.insert(name.to_owned(), value);
        insert("id", id.clone());
        insert("verdict", self.verdict().into());
        match self {
            Self::Accept(Value::Null) | Self::Reject(None) | Self::Skip => {}
            Self::Accept(value) => {
                insert("value", value.clone());
            }
            Self::Reject(Some(code)) => {
                insert("code", code.as_str().into());
            }
        }
        Value::Object(line).to_string()
    }

    /// Reads such a line; `None` if it is no answer to the case with this identifier.
    pub(super) fn from_line(line: &[u8], id: &Value) -> Option<Self> {
        let answer: Value = serde_json::from_slice(line).ok()?;
        if answer.get("id") != Some(id) {
            return None;
        }
        match answer.get("verdict")?.as_str()? {
            "accept" => Some(Self::Accept(answer.get("value").cloned().unwrap_or_default())),
            "reject" => {
                Some(Self::Reject(answer.get("code").and_then(Value::as_str).map(str::to_owned)))
            }
            "skip" => Some(Self::Skip),
            _ => None,
        }
    }

    const fn verdict(&self) -> &'static str {
        match self {
            Self::Accept(_) => "accept",
            Self::Reject(_) => "reject",
            Self::Skip => "skip",
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reject(Some(code)) => write!(f, "reject ({code})"),
            _ => f.write_str(self.verdict()),
        }
    }
}
