//! One shape for whatever is refused: a code for programs, a text for people, and where it was.

use llavero_core::dcql::QueryError;
use llavero_verifier::Error;
use wasm_bindgen::JsValue;

use crate::verdict::object;

/// Why something was refused. In JavaScript it is an object with these members.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The code of the Rust error, or `already_used`.
    pub code: &'static str,
    /// The text of the Rust error. It holds no value of a claim.
    pub message: String,
    /// The credential query whose presentation is not sound, and which of its presentations that is.
    pub presentation: Option<(String, usize)>,
}

impl Refusal {
    /// A challenge is answered once.
    pub(crate) fn already_used() -> Self {
        Self::new("already_used", "the challenge was answered before")
    }

    fn new(code: &'static str, message: impl std::fmt::Display) -> Self {
        Self { code, message: message.to_string(), presentation: None }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let mut refusal = Self::new(error.code(), &error);
        if let Error::Presentation { query, index, .. } = error {
            refusal.presentation = Some((query, index));
        }
        refusal
    }
}

impl From<llavero_core::Error> for Refusal {
    fn from(error: llavero_core::Error) -> Self {
        Self::new(error.code(), &error)
    }
}

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        Self::new(error.code(), &error)
    }
}

impl From<Refusal> for JsValue {
    fn from(refusal: Refusal) -> Self {
        let (query, index) = refusal.presentation.unzip();
        object([
            ("code", refusal.code.into()),
            ("message", refusal.message.into()),
            ("query", query.into()),
            ("index", index.into()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use llavero_core::Part;
    use llavero_core::dcql::DcqlQuery;
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_code_text_and_place_of_the_error() {
        let error = llavero_core::Error::Signature { part: Part::IssuerJwt };
        let text = "issuer-signed JWT: signature is not valid";
        let refusal = Refusal::from(error.clone());
        assert_eq!((refusal.code, refusal.message.as_str()), ("signature", text));
        assert_eq!(refusal.presentation, None);

        let refusal =
            Refusal::from(Error::Presentation { query: "age".to_owned(), index: 1, error });
        assert_eq!(refusal.code, "signature");
        assert_eq!(refusal.message, format!("presentation 1 for query \"age\": {text}"));
        assert_eq!(refusal.presentation, Some(("age".to_owned(), 1)));
    }

    #[test]
    fn keeps_the_code_and_the_place_of_a_query_that_is_malformed() {
        let error = DcqlQuery::from_value(&json!({ "credentials": [] })).unwrap_err();
        let refusal = Refusal::from(error);
        assert_eq!(refusal.code, "query_empty");
        assert_eq!(refusal.message, "query, credentials: must not be empty");
    }
}
