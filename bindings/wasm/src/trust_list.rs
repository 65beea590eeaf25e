//! Whom to believe, read once and used for many answers.

use llavero_core::UnixTime;
use llavero_core::trust::{self, MAX_LIST_BYTES};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Refusal;

/// A list of trusted issuers.
#[wasm_bindgen]
#[derive(Debug)]
pub struct TrustList(trust::TrustList);

#[wasm_bindgen]
impl TrustList {
    /// Reads a list.
    ///
    /// # Errors
    /// As `TrustList::from_slice` in Rust.
    #[wasm_bindgen(js_name = fromJson)]
    pub fn from_json(text: &str) -> Result<Self, Refusal> {
        Ok(Self(trust::TrustList::from_slice(text.as_bytes())?))
    }

    /// The list as JSON.
    #[wasm_bindgen(js_name = toJson)]
    #[must_use]
    pub fn to_json(&self) -> String {
        self.0.to_json().to_string()
    }

    /// When the list was made.
    #[wasm_bindgen(js_name = issuedAt)]
    #[must_use]
    pub fn issued_at(&self) -> f64 {
        millis(self.0.issued_at)
    }
}

impl TrustList {
    pub(crate) const fn list(&self) -> &trust::TrustList {
        &self.0
    }
}

/// The length of the longest text that anything here reads. Of a longer one it is enough to hand over one more, to be
/// told that it is too long: memory that ran out could not be told.
#[wasm_bindgen(js_name = longestText)]
#[must_use]
pub fn longest_text() -> usize {
    MAX_LIST_BYTES
}

/// As the constructor of `Date` takes it.
pub(crate) fn millis(time: UnixTime) -> f64 {
    // Exact: a time that a `Date` can hold has fewer than 53 bits.
    time.as_secs() as f64 * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: &str) -> Result<TrustList, Refusal> {
        TrustList::from_json(&format!(r#"{{"issued_at": {secs}, "issuers": []}}"#))
    }

    #[test]
    fn a_list_goes_in_and_out() {
        let list = at("1767225600").unwrap();
        assert_eq!(list.to_json(), r#"{"issued_at":1767225600,"issuers":[]}"#);
        assert!((list.issued_at() - 1_767_225_600_000.0).abs() < f64::EPSILON);
    }

    #[test]
    fn refuses_a_time_outside_the_calendar() {
        for secs in ["253402300800", "-1", "9223372036854775807"] {
            assert_eq!(at(secs).unwrap_err().code, "member_malformed", "{secs}");
        }
        assert!(at("253402300799").is_ok());
    }
}
