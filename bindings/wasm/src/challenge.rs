//! One question, and the one answer to it.

use std::cell::Cell;

use js_sys::Function;
use llavero_core::dcql::DcqlQuery;
use llavero_core::{Part, Random, UnixTime, json};
use llavero_verifier::{Asker, Verdict};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::random::Source;
use crate::{Refusal, TrustList, verdict};

/// A question that is open until it is verified.
///
/// JavaScript has no moves: the first use takes the question out, and the next finds it gone.
#[wasm_bindgen]
pub struct Challenge(Cell<Option<llavero_verifier::Challenge>>);

#[wasm_bindgen]
impl Challenge {
    /// A new question.
    ///
    /// # Errors
    /// As `Challenge::new` and `DcqlQuery::from_value` in Rust.
    pub fn pose(
        client_id: &str,
        client_name: Option<String>,
        purpose: &str,
        query: &str,
        lifetime_secs: u32,
        now: i64,
        random: &Function,
    ) -> Result<Self, Refusal> {
        let asker = Asker { client_id, client_name: client_name.as_deref() };
        Self::new(&asker, purpose, query, lifetime_secs, now, &mut Source(random))
    }

    /// Reads a challenge that was kept.
    ///
    /// # Errors
    /// As `Challenge::from_slice` in Rust.
    #[wasm_bindgen(js_name = fromJson)]
    pub fn from_json(text: &str) -> Result<Self, Refusal> {
        Ok(Self::holding(llavero_verifier::Challenge::from_slice(text.as_bytes())?))
    }

    /// What to send to the wallet.
    ///
    /// # Errors
    /// `already_used`.
    pub fn request(&self) -> Result<String, Refusal> {
        self.look(|challenge| challenge.request().to_json().to_string())
    }

    /// The challenge as JSON, to be kept.
    ///
    /// # Errors
    /// `already_used`.
    #[wasm_bindgen(js_name = toJson)]
    pub fn to_json(&self) -> Result<String, Refusal> {
        self.look(|challenge| challenge.to_json().to_string())
    }

    /// Verifies the answer to this question, which is then used up, whatever comes of it.
    ///
    /// # Errors
    /// `already_used`, or as `Challenge::verify` in Rust.
    pub fn verify(
        &self,
        answer: &str,
        trust: &TrustList,
        now: i64,
        locales: Vec<String>,
    ) -> Result<JsValue, Refusal> {
        let locales: Vec<&str> = locales.iter().map(String::as_str).collect();
        self.answered(answer, trust, now).map(|verdict| verdict::verdict(&verdict, &locales))
    }
}

impl Challenge {
    fn new(
        asker: &Asker<'_>,
        purpose: &str,
        query: &str,
        lifetime_secs: u32,
        now: i64,
        random: &mut dyn Random,
    ) -> Result<Self, Refusal> {
        let query = DcqlQuery::from_value(&json::from_slice(query.as_bytes(), Part::Request)?)?;
        let now = UnixTime::from_secs(now);
        let posed =
            llavero_verifier::Challenge::new(asker, purpose, query, lifetime_secs, now, random)?;
        Ok(Self::holding(posed))
    }

    const fn holding(challenge: llavero_verifier::Challenge) -> Self {
        Self(Cell::new(Some(challenge)))
    }

    fn look<T>(&self, at: impl Fn(&llavero_verifier::Challenge) -> T) -> Result<T, Refusal> {
        let challenge = self.0.take();
        let seen = challenge.as_ref().map(at);
        self.0.set(challenge);
        seen.ok_or_else(Refusal::already_used)
    }

    fn answered(&self, answer: &str, trust: &TrustList, now: i64) -> Result<Verdict, Refusal> {
        let challenge = self.0.take().ok_or_else(Refusal::already_used)?;
        Ok(challenge.verify(answer.as_bytes(), trust.list(), UnixTime::from_secs(now))?)
    }
}

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Challenge").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use llavero_tests::seeded::Seeded;

    use super::*;

    const QUERY: &str = r#"{"credentials": [
        {"id": "age", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:example:mx:age:1"]}}
    ]}"#;

    fn pose(query: &str, lifetime_secs: u32) -> Result<Challenge, Refusal> {
        let asker = Asker { client_id: "https://bar.example", client_name: None };
        Challenge::new(&asker, "Entrar", query, lifetime_secs, 1_000, &mut Seeded::new(7))
    }

    #[test]
    fn a_challenge_is_kept_and_read_again() {
        let posed = pose(QUERY, 300).unwrap();
        let kept = posed.to_json().unwrap();
        let again = Challenge::from_json(&kept).unwrap();
        assert_eq!(again.to_json().unwrap(), kept);
        assert_eq!(again.request().unwrap(), posed.request().unwrap());
        assert!(kept.contains(&posed.request().unwrap()));
    }

    #[test]
    fn a_second_answer_finds_the_question_gone() {
        let posed = pose(QUERY, 300).unwrap();
        let trust = TrustList::from_json(r#"{"issued_at": 1000, "issuers": []}"#).unwrap();
        let answer = r#"{"vp_token": {}}"#;
        let code = || posed.answered(answer, &trust, 1_000).map_err(|refusal| refusal.code);
        assert_eq!(code().unwrap_err(), "answer_credential_missing");
        assert_eq!(code().unwrap_err(), "already_used");
        assert_eq!(posed.request().unwrap_err(), Refusal::already_used());
        assert_eq!(posed.to_json().unwrap_err(), Refusal::already_used());
    }

    #[test]
    fn refuses_what_the_verifier_refuses() {
        assert_eq!(pose("{", 300).unwrap_err().code, "json_syntax");
        assert_eq!(pose("{}", 300).unwrap_err().code, "query_missing");
        assert_eq!(pose(QUERY, 0).unwrap_err().code, "challenge_lifetime");
        assert_eq!(Challenge::from_json("{}").unwrap_err().code, "member_malformed");
    }
}
