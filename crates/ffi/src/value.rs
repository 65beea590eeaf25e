//! Claims and their values.

use llavero_holder as holder;
use serde_json::Value;

/// The value of a claim. It prints as nothing; look at its variant.
#[derive(Clone, PartialEq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum ClaimValue {
    /// Yes or no.
    Boolean {
        /// The value.
        value: bool,
    },
    /// A whole number.
    Integer {
        /// The value.
        value: i64,
    },
    /// Any other value: an object, an array, a number with a fraction, null.
    Json {
        /// The value as JSON text.
        text: String,
    },
    /// A text.
    Text {
        /// The value.
        value: String,
    },
}

redacted!(ClaimValue);

impl From<&Value> for ClaimValue {
    fn from(value: &Value) -> Self {
        match (value, value.as_i64()) {
            (Value::Bool(value), _) => Self::Boolean { value: *value },
            (Value::String(value), _) => Self::Text { value: value.clone() },
            (_, Some(value)) => Self::Integer { value },
            (other, None) => Self::Json { text: other.to_string() },
        }
    }
}

/// One value that somebody will see, or that the person looks at themselves.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct ShownClaim {
    /// Where it stands, such as `address.region`.
    pub path: String,
    /// What to call it in front of people; the path, if nothing better is known.
    pub label: String,
    /// The value.
    pub value: ClaimValue,
}

redacted!(ShownClaim);

impl From<&holder::ShownClaim> for ShownClaim {
    fn from(claim: &holder::ShownClaim) -> Self {
        Self {
            path: claim.path(),
            label: claim.label().to_owned(),
            value: claim.value().expose().into(),
        }
    }
}
