//! Any text as a token, in each of its spellings: nobody gets in who does not have one of ours.

use std::collections::BTreeSet;

use llavero_core::{Format, Policy, SdJwt, Verified, inspect, jws_json};

use super::fixture::{ISSUERS, KNOWN, VCT, policy, signed_parts};
use super::{Outcome, model};
use crate::token;
use crate::world::NOW;

pub(crate) fn run(input: &[u8]) -> Outcome {
    let from_json = jws_json::to_compact(input);
    let text = std::str::from_utf8(input).ok();
    let texts = [from_json.as_deref().ok(), text].into_iter().flatten();
    let accepted = texts.filter(|text| one_spelling(text)).count();
    if let Some(Ok(said)) = text.map(inspect) {
        assert_eq!(said["verified"], false);
    }
    Outcome::accepted_if(accepted > 0)
}

/// Whether any policy accepts the text.
fn one_spelling(text: &str) -> bool {
    let Ok(parsed) = SdJwt::parse(text) else { return false };
    let _ = (parsed.untrusted_issuer(), parsed.untrusted_type());
    let _ = (parsed.untrusted_key_id(), parsed.untrusted_nonce());
    let readable = parsed.untrusted_contents().is_ok();
    for json in [jws_json::to_flattened(text), jws_json::to_general(text)] {
        let json = json.expect("a token in JSON").to_string();
        match jws_json::to_compact(json.as_bytes()) {
            Ok(back) => assert_eq!(back, text),
            // Disclosures are decoded only when they are looked at, so parsing lets more pass.
            Err(error) => assert!(!readable, "lost in JSON: {error:?}"),
        }
    }
    let mut accepted = false;
    for issuer in ISSUERS.iter() {
        for bound in [false, true] {
            let plain = policy(issuer, bound);
            let vc = Policy { format: Format::SdJwtVc { types: Some(&[VCT]) }, ..plain };
            for policy in [plain, vc] {
                let verified = SdJwt::parse(text).and_then(|text| text.verify(&policy, NOW));
                if let Ok(verified) = verified {
                    accepted = true;
                    is_ours(text, &verified, bound);
                }
            }
        }
    }
    accepted
}

/// The token is one that we issued, with some of its Disclosures, and the holder's answer is one that we made.
fn is_ours(text: &str, verified: &Verified, bound: bool) {
    let (issuer, disclosures, key_binding) = signed_parts(text);
    let known = KNOWN.iter().find(|known| signed_parts(&known.issued).0 == issuer);
    let known = known.expect("a token that nobody issued is accepted");
    let unique: BTreeSet<&String> = disclosures.iter().collect();
    assert_eq!(unique.len(), disclosures.len(), "a Disclosure counts twice");
    let issued = signed_parts(&known.issued).1;
    assert!(disclosures.iter().all(|one| issued.contains(one)), "a Disclosure nobody issued");
    assert_eq!(!key_binding.is_empty(), bound);
    if bound {
        let made = known.presentations.iter().any(|made| signed_parts(made) == signed_parts(text));
        assert!(made, "an answer that the holder never gave is accepted");
    }
    let disclosures: Vec<&str> = disclosures.iter().map(String::as_str).collect();
    let payload = issuer.split('.').nth(1).and_then(token::decode).unwrap();
    assert_eq!(model::claims(&payload, &disclosures).as_ref(), Some(verified.claims()));
    model::assert_no_trace(verified.claims());
}

#[cfg(test)]
mod tests {
    use super::super::hostile_issuer::Draft;
    use super::*;

    /// The issuer's own key stands in for a signature check that lets anything pass.
    #[test]
    #[should_panic(expected = "a token that nobody issued is accepted")]
    fn a_token_that_nobody_issued_is_noticed() {
        run(Draft::read(b"{\"alg\":\"EdDSA\"}\n{}").sign().as_bytes());
    }

    #[test]
    fn what_was_issued_is_accepted() {
        for known in KNOWN.iter() {
            for text in known.presentations.iter().chain([&known.issued]) {
                assert_eq!(run(text.as_bytes()), Outcome::Accepted);
            }
        }
    }
}
