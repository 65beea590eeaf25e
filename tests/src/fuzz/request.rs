//! A request, an answer, a challenge that was kept: what is read prints back, and only the holder's own answers to a
//! challenge are accepted.

use std::sync::LazyLock;

use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_holder::Language;
use llavero_verifier::Challenge;
use serde_json::{Value, json};

use super::fixture::{AUDIENCE, FILLED, NONCE, signed_parts, wallet_over};
use super::{Outcome, model};
use crate::seeded::Seeded;
use crate::world::NOW;

pub(crate) fn run(input: &[u8]) -> Outcome {
    let mut accepted = false;
    if let Ok(request) = PresentationRequest::from_slice(input) {
        accepted = true;
        let json = request.to_json();
        let again = PresentationRequest::from_slice(json.to_string().as_bytes());
        assert_eq!(again.expect("a request that was printed").to_json(), json);
        for text in [Some(request.purpose()), request.client_name()].into_iter().flatten() {
            assert!(
                !text.chars().any(model::deceives),
                "a text that shows something else than it says"
            );
        }
    }
    if let Ok(answer) = PresentationAnswer::from_slice(input) {
        accepted = true;
        let again = PresentationAnswer::from_slice(answer.to_json().to_string().as_bytes());
        assert!(again == Ok(answer));
    }
    if let Ok(challenge) = Challenge::from_slice(input) {
        accepted = true;
        let json = challenge.to_json();
        let again = Challenge::from_slice(json.to_string().as_bytes());
        assert_eq!(again.expect("a challenge that was kept").to_json(), json);
        // Whatever it asks, no answer is no answer.
        let _ = challenge.verify(br#"{"vp_token":{}}"#, &FILLED.trust, NOW);
    }
    if let Ok(verdict) = posed().verify(input, &FILLED.trust, NOW) {
        let answer = PresentationAnswer::from_slice(input).expect("what was accepted");
        for text in answer.presentations().values().flatten() {
            let parts = signed_parts(text);
            let given = GIVEN.iter().flat_map(|answer| answer.presentations().values().flatten());
            assert!(
                given.into_iter().any(|given| signed_parts(given) == parts),
                "an answer that the holder never gave is accepted"
            );
        }
        let request = posed().request().query().clone();
        for credential in verdict.credentials() {
            let query = request.credential(credential.query()).expect("a part of the question");
            let asked: Vec<_> = query.claims().iter().map(|claim| claim.path()).collect();
            assert!(credential.claims().iter().all(|claim| asked.contains(&claim.path())));
        }
    }
    Outcome::accepted_if(accepted)
}

/// The one question.
fn posed() -> Challenge {
    Challenge::from_slice(QUESTION.to_string().as_bytes()).expect("a question")
}

pub(crate) static QUESTION: LazyLock<Value> = LazyLock::new(|| {
    let of = |vct: &str, id: &str, paths: Value| {
        json!({
            "id": id, "format": "dc+sd-jwt", "meta": {"vct_values": [vct]}, "claims": paths,
        })
    };
    let age = llavero_mexico::CredentialType::Age.default_vct();
    let ine = llavero_mexico::CredentialType::Ine.default_vct();
    let credentials = [
        of(age, "edad", json!([{"path": ["age_equal_or_over", "18"], "values": [true]}])),
        of(ine, "quien", json!([{"path": ["given_name"]}, {"path": ["address", "region"]}])),
    ];
    json!({
        "issued_at": NOW.as_secs(),
        "lifetime_secs": 300,
        "request": {
            "response_type": "vp_token", "client_id": AUDIENCE, "purpose": "Vender", "nonce": NONCE,
            "client_metadata": {"client_name": "La Cantina"},
            "dcql_query": {
                "credentials": credentials,
                "credential_sets": [
                    {"options": [["edad"]]}, {"options": [["quien"]], "required": false},
                ],
            },
        },
    })
});

/// The holder's answers to it, with and without what is only welcome.
pub(crate) static GIVEN: LazyLock<Vec<PresentationAnswer>> = LazyLock::new(|| {
    let (mut wallet, _) = wallet_over(&FILLED.records);
    let request = posed().request().clone();
    let mut answer = |welcome: bool, seed| {
        let mut choices = wallet.consider(&request, NOW, Language::EsMx).unwrap();
        if welcome {
            choices.choose_set(1, 0).unwrap();
        }
        choices.sheet().unwrap().approve(&mut wallet, NOW, &mut Seeded::new(seed)).unwrap()
    };
    vec![answer(false, 1), answer(true, 2)]
});

#[cfg(test)]
mod tests {
    use super::*;

    /// The holder's own keys stand in for a check of the holder that lets anything pass.
    #[test]
    #[should_panic(expected = "an answer that the holder never gave is accepted")]
    fn an_answer_that_was_never_given_is_noticed() {
        let (mut wallet, _) = wallet_over(&FILLED.records);
        let earlier = NOW.plus_secs(-60);
        let choices = wallet.consider(posed().request(), earlier, Language::EsMx).unwrap();
        let answer = choices.sheet().unwrap().approve(&mut wallet, earlier, &mut Seeded::new(3));
        run(answer.unwrap().to_json().to_string().as_bytes());
    }
}
