//! A holder whose key is in `cnf` and who signs whatever the fuzzer writes.
//!
//! ```text
//! kb 0 2            which Disclosures are shown, by their positions; or: proof
//! header
//! payload
//! ```
//! `<h>` in the payload stands for the right `sd_hash`; `<jwk>` in the header for the key that signs.

use llavero_core::key_proof::{self, ProofPolicy};
use llavero_core::{AlgorithmSet, SdJwt};
use serde_json::{Map, Value};

use super::fixture::{AUDIENCE, HOLDERS, ISSUERS, KNOWN, Keys, MAX_AGE_SECS, NONCE, policy};
use super::{Outcome, model};
use crate::token;
use crate::world::NOW;

pub(crate) fn run(input: &[u8]) -> Outcome {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let (first, header, payload) = (lines.next(), lines.next(), lines.next());
    let (Some(first), Some(header), Some(payload)) = (first, header, payload) else {
        return Outcome::Refused;
    };
    let accepted = if first.starts_with(b"p") {
        proof(header, payload)
    } else {
        key_binding(first, header, payload)
    };
    Outcome::accepted_if(accepted)
}

/// An answer is accepted if it keeps every rule of RFC 9901 §7.3 and the challenge, and in no other case.
fn key_binding(shown: &[u8], header: &[u8], payload: &[u8]) -> bool {
    let (issuer, holder, known) = (&ISSUERS[0], &HOLDERS[0], &KNOWN[0]);
    let parts: Vec<&str> = known.issued.split('~').collect();
    let digits = shown.iter().filter(|byte| byte.is_ascii_digit());
    let mut chosen: Vec<usize> = digits.map(|digit| usize::from(digit - b'0')).collect();
    chosen.sort_unstable();
    chosen.dedup();
    let mut text = format!("{}~", parts[0]);
    // The last part is empty, where the key binding will be.
    for part in chosen.iter().filter_map(|index| parts[1..parts.len() - 1].get(*index)) {
        text.push_str(part);
        text.push('~');
    }
    let sd_hash = token::digest(&text);
    let payload = replace(payload, "<h>", &sd_hash);
    let whole = text.clone() + &holder.sign(header, &payload);
    let verified = SdJwt::parse(&whole).and_then(|text| text.verify(&policy(issuer, true), NOW));
    // What the issuer signed is sound, if the Disclosures go without one that another stands in.
    let issued = SdJwt::parse(&text).and_then(|text| text.verify(&policy(issuer, false), NOW));
    let right = model::object(&payload).is_some_and(|payload| {
        payload.get("sd_hash").and_then(Value::as_str) == Some(&sd_hash)
            && answers_the_challenge(&payload)
    });
    check(
        verified.is_ok(),
        issued.is_ok() && right,
        model::header(header, holder.algorithms(), Some("kb+jwt")),
    );
    if let Ok(verified) = &verified {
        assert_eq!(verified.claims(), issued.expect("what was accepted").claims());
        assert_eq!(verified.holder_key(), Some(&holder.public));
        let payload = model::object(&payload).expect("a payload");
        let issued_at = verified.bound_at().map(llavero_core::UnixTime::as_secs);
        assert_eq!(payload.get("iat").and_then(model::date).map(|(down, _)| down), issued_at);
    }
    verified.is_ok()
}

/// A proof is accepted if it keeps every rule of OpenID4VCI appendix F.1 that SPEC.md §10 takes over.
fn proof(header: &[u8], payload: &[u8]) -> bool {
    let holder = &HOLDERS[0];
    let header = replace(header, "<jwk>", &holder.public.to_jwk_text());
    let text = holder.sign(&header, payload);
    let wanted = ProofPolicy {
        audience: AUDIENCE,
        nonce: NONCE,
        max_age_secs: MAX_AGE_SECS,
        clock_skew_secs: model::SKEW_SECS,
        algorithms: AlgorithmSet::ALL,
    };
    let proved = key_proof::verify(&text, &wanted, NOW);
    let members = model::object(&header).unwrap_or_default();
    let right = model::object(payload)
        .is_some_and(|payload| answers_the_challenge(&payload) && !payload.contains_key("iss"))
        && !members.contains_key("kid")
        && !members.contains_key("x5c")
        && members.get("jwk").is_some_and(|jwk| is(jwk, holder))
        && text.len() <= MAX_PROOF_BYTES;
    check(
        proved.is_ok(),
        right,
        model::header(&header, holder.algorithms(), Some("openid4vci-proof+jwt")),
    );
    assert!(proved.as_ref().is_ok_and(|key| *key == holder.public) || proved.is_err());
    proved.is_ok()
}

/// SPEC.md §8.
const MAX_PROOF_BYTES: usize = 4_096;

fn check(accepted: bool, right: bool, header: Option<bool>) {
    if accepted {
        assert!(right && header != Some(false), "accepts what it must refuse");
    } else {
        assert!(!right || header != Some(true), "refuses what is sound");
    }
}

fn answers_the_challenge(payload: &Map<String, Value>) -> bool {
    let text = |member| payload.get(member).and_then(Value::as_str);
    let now = NOW.as_secs();
    text("aud") == Some(AUDIENCE)
        && text("nonce") == Some(NONCE)
        && payload.get("iat").and_then(model::date).is_some_and(|(down, _)| {
            down <= now + i64::from(model::SKEW_SECS) && now <= down + i64::from(MAX_AGE_SECS)
        })
        && model::dates_allow(payload)
}

/// Whether a JWK is the public key of `keys`, however many other members it has.
fn is(jwk: &Value, keys: &Keys) -> bool {
    llavero_core::PublicKey::from_jwk(jwk).is_ok_and(|key| key == keys.public)
}

/// The bytes with each `name` replaced.
fn replace(bytes: &[u8], name: &str, with: &str) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.replace(name, with).into_bytes(),
        Err(_) => bytes.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::seeds;
    use super::*;

    #[test]
    fn a_sound_answer_and_a_sound_proof_are_accepted() {
        for kind in [b"kb", b"pr"] {
            let sound = seeds::of("hostile_holder").into_iter().find(|seed| seed.starts_with(kind));
            assert_eq!(run(&sound.unwrap()), Outcome::Accepted);
        }
    }
}
