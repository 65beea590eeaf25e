//! What a verifier insists on about the holder (RFC 9901 §4.3, §7.3).

use crate::hash::HashAlgorithm;
use crate::json::{Json, Members, member};
use crate::jws::Jws;
use crate::{AlgorithmSet, Error, Part, PublicKey, UnixTime, dates};

/// Whether the holder must prove possession of a key, and of what.
///
/// Not an `Option`: a verifier decides this before it sees a token, and silence is not a decision (RFC 9901 §9.5).
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "there is no third way, and a match on it should say so"
)]
pub enum KeyBinding<'a> {
    /// No KB-JWT may be there: what an issuer hands out, or a credential without a holder key.
    Forbid,
    /// A KB-JWT must be there, signed by the key in `cnf`, answering this challenge.
    Require(Challenge<'a>),
}

/// One question to one holder: audience and nonce travel together.
///
/// The caller must make each nonce unpredictable and accept each at most once.
#[derive(Clone, Copy)]
pub struct Challenge<'a> {
    /// Who asks: compared whole, byte for byte, with `aud`.
    pub audience: &'a str,
    /// The value that makes this question unlike any other.
    pub nonce: &'a str,
    /// How long after its `iat` an answer is accepted.
    pub max_age_secs: u32,
    /// What a holder's key may be; independent of the issuer's.
    pub algorithms: AlgorithmSet,
}

impl std::fmt::Debug for Challenge<'_> {
    // A nonce links the logs of one transaction to the answer, wherever that is seen.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Challenge")
            .field("max_age_secs", &self.max_age_secs)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

/// Checks the KB-JWT against everything in `challenge`; gives back its `iat`.
pub(crate) fn verify(
    kb: &Jws<'_>,
    key: &PublicKey,
    challenge: &Challenge<'_>,
    presented: &str,
    hash: HashAlgorithm,
    now: UnixTime,
    skew_secs: u32,
) -> Result<UnixTime, Error> {
    const PART: Part = Part::KeyBinding;
    let header = kb.header()?;
    header.expect_typ("kb+jwt")?;
    let payload = Json::parse_object(kb.payload(), PART)?;
    // The cheap comparisons come first: a replayed answer costs no signature check.
    expect_challenge(&payload, PART, challenge.audience, challenge.nonce)?;
    let sd_hash = hash.digest(presented);
    if member(&payload, "sd_hash").and_then(Json::as_str) != Some(sd_hash.as_str()) {
        return Err(Error::SdHashMismatch);
    }
    let issued_at = expect_fresh(&payload, PART, now, challenge.max_age_secs, skew_secs)?;
    dates::check_members(&payload, now, skew_secs)?;
    kb.verify(&header, key, challenge.algorithms)?;
    Ok(issued_at)
}

/// `aud` a single string and `nonce` a string, both exactly as expected.
pub(crate) fn expect_challenge(
    payload: &Members<'_>,
    part: Part,
    audience: &str,
    nonce: &str,
) -> Result<(), Error> {
    if member(payload, "aud").and_then(Json::as_str) != Some(audience) {
        return Err(Error::AudienceMismatch { part });
    }
    if member(payload, "nonce").and_then(Json::as_str) != Some(nonce) {
        return Err(Error::NonceMismatch { part });
    }
    Ok(())
}

/// `iat` present and neither too old nor in the future.
pub(crate) fn expect_fresh(
    payload: &Members<'_>,
    part: Part,
    now: UnixTime,
    max_age_secs: u32,
    skew_secs: u32,
) -> Result<UnixTime, Error> {
    let malformed = Error::DateMalformed { claim: "iat" };
    let issued_at = match member(payload, "iat") {
        Some(Json::Number(number)) => dates::seconds(number, "iat")?.0,
        _ => return Err(malformed),
    };
    if issued_at > now.plus_secs(i64::from(skew_secs)) {
        return Err(Error::KeyBindingInFuture { part, issued_at, now });
    }
    if now > issued_at.plus_secs(i64::from(max_age_secs)) {
        return Err(Error::KeyBindingExpired { part, issued_at, now });
    }
    Ok(issued_at)
}
