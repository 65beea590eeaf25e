//! A trust list from anywhere: it prints back, and no list makes anybody believe a token whose key is not on it.

use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{KeyBinding, SdJwt};

use super::fixture::{ISSUER, ISSUERS, KNOWN, VCT};
use super::{Outcome, model};
use crate::world::NOW;

pub(crate) fn run(input: &[u8]) -> Outcome {
    let Ok(list) = TrustList::from_slice(input) else { return Outcome::Refused };
    let json = list.to_json();
    let again = TrustList::from_slice(json.to_string().as_bytes());
    assert_eq!(again.expect("a list that was printed").to_json(), json);
    // Two of each issuer's tokens; the kinds of holders' keys do not matter here.
    for (issuer, known) in ISSUERS.iter().zip(KNOWN.iter().step_by(2)) {
        let token = SdJwt::parse(&known.issued).unwrap();
        let verified = list.verify(token, KeyBinding::Forbid, &[], model::SKEW_SECS, NOW);
        let entry = list.issuers().iter().find(|entry| entry.issuer == ISSUER);
        let listed = entry.is_some_and(|entry| {
            entry.types.iter().any(|vct| vct == VCT)
                && keys(entry).iter().any(|key| {
                    key.key == issuer.public
                        && key.not_before.is_none_or(|from| from <= NOW)
                        && key.not_after.is_none_or(|until| NOW < until)
                })
        });
        // These tokens name no key, so that each key of the issuer may be the one.
        assert_eq!(verified.is_ok(), listed, "{verified:?}", verified = verified.err());
    }
    Outcome::Accepted
}

/// The keys on the list. These tokens have no certificates, so those who are known by them have none.
fn keys(entry: &TrustedIssuer) -> &[TrustedKey] {
    match &entry.keys {
        IssuerKeys::Listed(keys) => keys,
        _ => &[],
    }
}
