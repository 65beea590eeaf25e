//! An issuer whose key is trusted and who signs whatever the fuzzer writes.
//!
//! ```text
//! header
//! payload
//! Disclosure 0
//! -Disclosure 1, whose digest is known and which is not sent
//! =Disclosure 2 as it stands in the token
//! ```
//! `<n>` stands for the digest of Disclosure n, in the payload and in earlier Disclosures.

use llavero_core::present::Held;
use llavero_core::{
    ClaimPath, Error, Format, JwkFault, PROTECTED_CLAIMS, PathSegment, Policy, PublicKey, SdJwt,
};
use serde_json::Value;

use super::fixture::{ISSUERS, policy};
use super::{Outcome, model};
use crate::token;
use crate::world::NOW;

/// A token as the fuzzer wrote it.
pub(crate) struct Draft {
    header: Vec<u8>,
    payload: Vec<u8>,
    disclosures: Vec<String>,
}

impl Draft {
    pub(crate) fn read(input: &[u8]) -> Self {
        let mut lines = input.split(|byte| *byte == b'\n');
        let header = lines.next().unwrap_or_default().to_vec();
        let payload = lines.next().unwrap_or_default();
        let lines: Vec<&[u8]> = lines.collect();
        let algorithm = model::object(payload);
        let algorithm = algorithm.as_ref().and_then(|payload| payload.get("_sd_alg")?.as_str());
        let mut digests = vec![String::new(); lines.len()];
        let mut disclosures = Vec::new();
        // From the last, because a Disclosure can only hold digests that are known before its own.
        for (index, line) in lines.iter().enumerate().rev() {
            let (encoded, sent) = match line {
                [b'=', raw @ ..] => (String::from_utf8_lossy(raw).into_owned(), true),
                [b'-', json @ ..] => (token::encode(fill(json, &digests)), false),
                json => (token::encode(fill(json, &digests)), true),
            };
            digests[index] = model::digest(algorithm, &encoded);
            if sent {
                disclosures.insert(0, encoded);
            }
        }
        Self { header, payload: fill(payload, &digests), disclosures }
    }

    /// The token, signed by the first of the issuers.
    pub(crate) fn sign(&self) -> String {
        let mut text = ISSUERS[0].sign(&self.header, &self.payload);
        text.push('~');
        for disclosure in &self.disclosures {
            text.push_str(disclosure);
            text.push('~');
        }
        text
    }
}

/// Puts digests where their numbers stand.
pub(crate) fn fill(line: &[u8], digests: &[String]) -> Vec<u8> {
    let mut filled = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((first, after)) = rest.split_first() {
        let end = rest.iter().take(4).position(|byte| *byte == b'>');
        let name = end.filter(|_| *first == b'<').and_then(|end| rest.get(1..end));
        let index = name.and_then(|name| std::str::from_utf8(name).ok()?.parse::<usize>().ok());
        match index.and_then(|index| digests.get(index)).zip(end) {
            Some((digest, end)) => {
                filled.extend(digest.as_bytes());
                rest = &rest[end + 1..];
            }
            None => {
                filled.push(*first);
                rest = after;
            }
        }
    }
    filled
}

/// Holder and verifier make of the token what the specification does; what is accepted keeps every rule; and whatever
/// a holder accepted it can show, each claim alone.
pub(crate) fn run(input: &[u8]) -> Outcome {
    let draft = Draft::read(input);
    let text = draft.sign();
    // A raw Disclosure may hold a separator.
    let mut sent: Vec<&str> = text.split('~').skip(1).collect();
    sent.pop();
    let expected = model::claims(&draft.payload, &sent);
    let held = Held::reopen(&text);
    match (&held, &expected) {
        (Ok(held), Some(expected)) => assert_eq!(held.claims(), expected),
        (Ok(_), None) => panic!("the wallet reads what the specification refuses"),
        (Err(Error::LimitExceeded { .. } | Error::Jwk(_)), _) | (Err(_), None) => {}
        (Err(error), Some(_)) => panic!("the wallet refuses what is sound: {error:?}"),
    }
    let issuer = &ISSUERS[0];
    let verify = |text: &str, policy: &Policy<'_>| SdJwt::parse(text)?.verify(policy, NOW);
    let plain = policy(issuer, false);
    let verified = verify(&text, &plain);
    let header = model::header(&draft.header, issuer.algorithms(), None);
    let sound = expected.as_ref().and_then(Value::as_object);
    let sound = sound.is_some_and(|claims| model::dates_allow(claims) && has_no_bad_key(claims));
    match &verified {
        Ok(verified) => {
            assert!(sound && header != Some(false), "the verifier accepts what it must refuse");
            assert_eq!(Some(verified.claims()), expected.as_ref());
            model::assert_no_trace(verified.claims());
        }
        Err(Error::LimitExceeded { .. }) => {}
        Err(error) => {
            assert!(
                !sound || header != Some(true),
                "the verifier refuses what is sound: {error:?}"
            );
        }
    }
    let vc = Policy { format: Format::SdJwtVc { types: None }, ..plain };
    if let Ok(verified) = verify(&text, &vc) {
        let raw = model::object(&draft.payload).expect("a payload");
        for name in PROTECTED_CLAIMS {
            assert_eq!(verified.claim(name), raw.get(name), "{name} was not open");
        }
        assert!(verified.credential_type().is_some_and(|vct| !vct.is_empty()));
        assert!(
            model::header(&draft.header, issuer.algorithms(), Some("dc+sd-jwt")) != Some(false)
        );
    }
    if let (Ok(held), Ok(_)) = (&held, &verified) {
        show_one(held, input.len(), &plain);
    }
    Outcome::accepted_if(verified.is_ok())
}

/// Whether `cnf` names no key, a key of another world, or a sound one.
fn has_no_bad_key(claims: &serde_json::Map<String, Value>) -> bool {
    let Some(jwk) = claims.get("cnf").and_then(|cnf| cnf.get("jwk")) else { return true };
    matches!(PublicKey::from_jwk(jwk), Ok(_) | Err(Error::Jwk(JwkFault::Unsupported)))
}

/// Shows one of the claims that can be kept back, and nothing that is not on the way to it or inside it.
fn show_one(held: &Held<'_>, pick: usize, policy: &Policy<'_>) {
    let all: Vec<&[PathSegment]> = held.disclosable().collect();
    let Some(wanted) = pick.checked_rem(all.len()).map(|index| all[index]) else { return };
    // Deeper claims than a path can name cannot be asked for.
    let Ok(path) = ClaimPath::new(wanted.to_vec()) else { return };
    let selection = held.select([&path]).expect("a claim that is there");
    let text = held.present(&selection).without_key_binding();
    let shown = SdJwt::parse(&text).unwrap().verify(policy, NOW);
    // Dates may have been among what was kept back, never the other way round.
    let shown = shown.expect("a part of what was accepted");
    assert_eq!(shown.select(&path).expect("the claim").len(), 1);
    for place in shown.disclosed() {
        assert!(place.starts_with(wanted) || wanted.starts_with(place), "too much was shown");
    }
}
