//! The proof that a holder has the key to which a credential is to be bound.
//!
//! It is the JWT of OpenID4VCI 1.0 appendix F.1, so that the same bytes serve when issuance runs over that protocol.

#[cfg(feature = "sign")]
use serde_json::Value;

use crate::json::{Json, member};
use crate::jws::Jws;
use crate::{
    AlgorithmSet, Error, JwkFault, Part, PublicKey, Random, UnixTime, base64url, dates, key_binding,
};

const PART: Part = Part::KeyProof;
const TYP: &str = "openid4vci-proof+jwt";

/// What an issuer insists on before it binds a credential to a key.
#[derive(Clone, Copy)]
pub struct ProofPolicy<'a> {
    /// The issuer's own identifier: `aud` must be exactly this.
    pub audience: &'a str,
    /// The nonce that this issuer handed out for this issuance.
    pub nonce: &'a str,
    /// How old a proof may be.
    pub max_age_secs: u32,
    /// How far the holder's clock may run ahead.
    pub clock_skew_secs: u32,
    /// What a holder's key may be.
    pub algorithms: AlgorithmSet,
}

impl std::fmt::Debug for ProofPolicy<'_> {
    // Nonces stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProofPolicy")
            .field("max_age_secs", &self.max_age_secs)
            .field("clock_skew_secs", &self.clock_skew_secs)
            .finish_non_exhaustive()
    }
}

/// A nonce of 256 bits in base64url, for one issuance.
///
/// # Errors
/// [`Error::Random`].
pub fn nonce(random: &mut dyn Random) -> Result<String, Error> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(base64url::encode(bytes))
}

/// Checks a proof and gives back the key it proves possession of.
///
/// # Errors
/// The first check that failed: layout, `typ`, a `jwk` that is missing, private or not the only key reference,
/// audience, nonce, age, algorithm, signature.
pub fn verify(proof: &str, policy: &ProofPolicy<'_>, now: UnixTime) -> Result<PublicKey, Error> {
    if proof.len() > MAX_PROOF_BYTES {
        return Err(Error::LimitExceeded { limit: crate::Limit::Length });
    }
    let jws = Jws::parse(proof, PART)?;
    let header = jws.header()?;
    header.expect_typ(TYP)?;
    // Exactly one of kid, jwk and x5c (F.1); only jwk brings the key along.
    if header.member("kid").is_some() || header.member("x5c").is_some() {
        return Err(Error::Jwk(JwkFault::Unsupported));
    }
    let jwk = header.member("jwk").ok_or(Error::Jwk(JwkFault::Shape))?;
    let key = PublicKey::from_jwk(&jwk.clone().into_value())?;
    let payload = Json::parse_object(jws.payload(), PART)?;
    key_binding::expect_challenge(&payload, PART, policy.audience, policy.nonce)?;
    key_binding::expect_fresh(&payload, PART, now, policy.max_age_secs, policy.clock_skew_secs)?;
    dates::check_members(&payload, now, policy.clock_skew_secs)?;
    // Anonymous issuance: a proof that names its holder is not one of ours to keep (F.1).
    if member(&payload, "iss").is_some() {
        return Err(Error::MemberMalformed { part: PART, member: "iss" });
    }
    jws.verify(&header, &key, policy.algorithms)?;
    Ok(key)
}

/// A proof holds a key and three short claims.
const MAX_PROOF_BYTES: usize = 4_096;

/// Makes a proof for an issuer's nonce with a key that signs at once.
///
/// # Errors
/// [`Error::Signer`] if the key could not sign.
#[cfg(feature = "sign")]
pub fn sign(
    signer: &dyn crate::Signer,
    audience: &str,
    nonce: &str,
    issued_at: UnixTime,
) -> Result<String, Error> {
    let unsigned = prepare(&signer.public_key(), audience, nonce, issued_at);
    let signature = signer.sign(unsigned.signing_input())?;
    Ok(unsigned.finish(&signature))
}

/// Makes everything of a proof but the signature, for keys that sign elsewhere or after a prompt.
#[cfg(feature = "sign")]
pub fn prepare(
    key: &PublicKey,
    audience: &str,
    nonce: &str,
    issued_at: UnixTime,
) -> UnsignedKeyProof {
    let header = format!(
        r#"{{"alg":"{}","typ":"{TYP}","jwk":{}}}"#,
        key.kind().default_algorithm().name(),
        key.to_jwk_text()
    );
    let payload = format!(
        r#"{{"aud":{},"iat":{issued_at},"nonce":{}}}"#,
        Value::from(audience),
        Value::from(nonce)
    );
    UnsignedKeyProof {
        signing_input: crate::jws::signing_input(&header, &payload),
        key: key.clone(),
    }
}

/// A proof that waits for the signature of its key.
#[cfg(feature = "sign")]
#[must_use = "an unsigned proof proves nothing"]
pub struct UnsignedKeyProof {
    signing_input: String,
    key: PublicKey,
}

#[cfg(feature = "sign")]
impl UnsignedKeyProof {
    /// The bytes that the key must sign.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    /// The key that must sign them.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Finishes with a signature made elsewhere, after checking it.
    ///
    /// # Errors
    /// [`Error::Signature`] if it is not the key's signature over these bytes.
    pub fn attach(self, signature: &crate::Signature) -> Result<String, Error> {
        self.key.verify(self.signing_input(), signature, PART)?;
        Ok(self.finish(signature))
    }

    fn finish(self, signature: &crate::Signature) -> String {
        let mut text = self.signing_input;
        crate::jws::append_signature(&mut text, signature);
        text
    }
}

#[cfg(feature = "sign")]
impl std::fmt::Debug for UnsignedKeyProof {
    // The bytes hold a key that will recognise one copy of a credential.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnsignedKeyProof").field("key", &self.key).finish_non_exhaustive()
    }
}

#[cfg(feature = "sign")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Counter;
    use crate::{KeyKind, RandomError, Signer as _, SigningKey};

    struct Broken;

    impl Random for Broken {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), RandomError> {
            Err(RandomError)
        }
    }

    #[test]
    fn a_nonce_has_256_bits_and_none_comes_from_a_broken_generator() {
        let mut random = Counter::new(1);
        let (first, second) = (nonce(&mut random).unwrap(), nonce(&mut random).unwrap());
        assert_eq!(base64url::decode_array::<32>(&first).map(|bytes| bytes.len()), Some(32));
        assert_ne!(first, second);
        assert_eq!(nonce(&mut Broken), Err(Error::Random));
    }

    #[test]
    fn refuses_a_signature_over_anything_but_the_proof() {
        const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);
        let policy = ProofPolicy {
            audience: "https://emisor.example",
            nonce: "n",
            max_age_secs: 300,
            clock_skew_secs: 60,
            algorithms: AlgorithmSet::ALL,
        };
        for kind in [KeyKind::P256, KeyKind::Ed25519] {
            let key = SigningKey::generate(kind, &mut Counter::new(1)).unwrap();
            let unsigned = || prepare(&key.public_key(), policy.audience, policy.nonce, NOW);
            let signature = key.sign(unsigned().signing_input()).unwrap();
            for proof in [
                unsigned().attach(&signature).unwrap(),
                sign(&key, policy.audience, policy.nonce, NOW).unwrap(),
            ] {
                assert_eq!(verify(&proof, &policy, NOW), Ok(key.public_key()));
            }
            let other = key.sign(b"").unwrap();
            assert_eq!(unsigned().attach(&other), Err(Error::Signature { part: PART }));
        }
    }
}
