//! Values about a person, which print as nothing.

use serde_json::Value;

/// A claim value about a person. Prints as `<redacted>`; read it with [`expose`](Self::expose).
#[derive(Clone, Eq, PartialEq)]
pub struct Personal(Value);

impl Personal {
    pub(crate) const fn new(value: Value) -> Self {
        Self(value)
    }

    /// The value, for the person's own screen.
    #[must_use]
    pub const fn expose(&self) -> &Value {
        &self.0
    }
}

impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<redacted>")
    }
}
