//! Issuing, presenting and verifying, here and at a peer.

use llavero_core::issue::{IssuerHeader, prepare};
use llavero_core::present::Held;
use llavero_core::template::Object;
use llavero_core::{
    AlgorithmSet, Challenge, ClaimPath, Format, HashAlgorithm, KeyBinding, Policy, SdJwt,
    Signer as _, UnixTime,
};
use llavero_tests::peers::{Binding, Issue, Peer, PeerAnswer, Present, Verify};
use llavero_tests::seeded::{Key, Pair, Seeded};
use serde_json::{Map, Value, json};

use crate::exceptions::SD_JWT_RS;
use crate::person::{TYPE, map, shown, template};

pub(crate) const AUDIENCE: &str = "https://bar.example";
pub(crate) const NONCE: &str = "n-0S6_WzA2MjRGVkYmU2ZGMwYjA";

#[expect(
    clippy::disallowed_methods,
    reason = "the peers read the clock, so their answers are of now"
)]
pub(crate) fn now() -> UnixTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap())
}

pub(crate) fn binding() -> Option<Binding> {
    Some(Binding { aud: AUDIENCE.to_owned(), nonce: NONCE.to_owned() })
}

pub(crate) fn issue_here(
    claims: &Object,
    pair: &Pair,
    key_id: Option<&str>,
    hash: HashAlgorithm,
) -> String {
    let mut header = IssuerHeader::sd_jwt_vc(pair.issuer.algorithm());
    header.key_id = key_id.map(str::to_owned);
    let unsigned = prepare(claims, &header, hash, &mut Seeded::new(9)).unwrap();
    unsigned.sign(&pair.issuer.signing).unwrap().into_string()
}

pub(crate) fn issue_person_here(pair: &Pair) -> String {
    issue_here(&template(pair), pair, Some("2026"), HashAlgorithm::Sha256)
}

pub(crate) fn present_here(
    sd_jwt: &str,
    pair: &Pair,
    paths: &[Vec<Value>],
) -> Result<String, String> {
    let text = |error: llavero_core::Error| error.to_string();
    let held = Held::reopen(sd_jwt).map_err(text)?;
    let paths: Vec<_> =
        paths.iter().map(|path| ClaimPath::from_json(&json!(path)).unwrap()).collect();
    let selection = held.select(&paths).map_err(text)?;
    let unsigned = held.present(&selection).bind(AUDIENCE, NONCE, now(), None).map_err(text)?;
    unsigned.sign(&pair.holder.signing).map_err(text)
}

/// One question to a verifier, ours or a peer's.
pub(crate) struct Attempt<'k> {
    pub(crate) presentation: String,
    pub(crate) issuer: &'k Key,
    pub(crate) binding: Binding,
}

impl<'k> Attempt<'k> {
    pub(crate) fn new(presentation: String, pair: &'k Pair) -> Self {
        Self { presentation, issuer: &pair.issuer, binding: binding().unwrap() }
    }
}

pub(crate) fn verify_here(attempt: &Attempt<'_>, format: Format<'_>) -> Result<Value, String> {
    let policy = Policy {
        issuer_key: &attempt.issuer.signing.public_key(),
        issuer_algorithms: AlgorithmSet::ALL,
        issuer: None,
        format,
        binding: KeyBinding::Require(Challenge {
            audience: &attempt.binding.aud,
            nonce: &attempt.binding.nonce,
            max_age_secs: 300,
            algorithms: AlgorithmSet::ALL,
        }),
        required_claims: &[],
        clock_skew_secs: 5,
    };
    let parsed = SdJwt::parse(&attempt.presentation);
    let verified = parsed.and_then(|sd_jwt| sd_jwt.verify(&policy, now()));
    verified.map(|verified| verified.claims().clone()).map_err(|error| error.code().to_owned())
}

pub(crate) fn verify_there(attempt: &Attempt<'_>, peer: &mut dyn Peer) -> PeerAnswer<Value> {
    let command = Verify {
        issuer_jwk: attempt.issuer.public.clone(),
        presentation: attempt.presentation.clone(),
        binding: Some(attempt.binding.clone()),
        now: None,
    };
    peer.verify(&command).unwrap()
}

/// What a peer's own credentials are checked as: `sd-jwt-rs` cannot write a `typ`.
pub(crate) fn format_of(peer: &dyn Peer) -> Format<'static> {
    if peer.name() == SD_JWT_RS {
        Format::SdJwt { typ: None }
    } else {
        Format::SdJwtVc { types: Some(&[TYPE]) }
    }
}

pub(crate) fn issue_there(
    peer: &mut dyn Peer,
    pair: &Pair,
    claims: &Map<String, Value>,
    disclosable: &[Vec<Value>],
) -> Result<String, String> {
    let header = if peer.name() == SD_JWT_RS {
        Map::new()
    } else {
        map(json!({"typ": "dc+sd-jwt", "kid": "2026"}))
    };
    let command = Issue {
        alg: pair.issuer.algorithm().name().to_owned(),
        issuer_jwk: pair.issuer.private.clone(),
        holder_jwk: Some(pair.holder.public.clone()),
        header,
        claims: claims.clone(),
        disclosable: disclosable.to_vec(),
    };
    peer.issue(&command).unwrap().accepted()
}

pub(crate) fn present_there(
    peer: &mut dyn Peer,
    pair: &Pair,
    sd_jwt: &str,
    paths: &[Vec<Value>],
) -> Result<String, String> {
    let command = Present {
        sd_jwt: sd_jwt.to_owned(),
        holder_jwk: Some(pair.holder.private.clone()),
        disclose: paths.to_vec(),
        binding: binding(),
        iat: None,
    };
    peer.present(&command).unwrap().accepted()
}

/// `cnf` is the issuer's to write, and a peer may keep `kid` or `alg` in its key.
pub(crate) fn expect_payload(
    read: Result<Value, String>,
    payload: &Map<String, Value>,
    pair: &Pair,
) -> Result<(), String> {
    let mut read = map(read?);
    let cnf = read.remove("cnf").unwrap_or_default();
    for member in ["kty", "crv", "x", "y"] {
        if cnf["jwk"].get(member) != pair.holder.public.get(member) {
            return Err(format!("cnf is {cnf}"));
        }
    }
    if read == *payload {
        return Ok(());
    }
    Err(format!("reads {} for {}", Value::Object(read), Value::Object(payload.clone())))
}

pub(crate) fn some_here(pair: &Pair) -> String {
    present_here(&issue_person_here(pair), pair, &shown()[1].paths).unwrap()
}
