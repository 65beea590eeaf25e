//! Randomness and keys that are the same in every run: a failure can be looked at twice.

use llavero_core::{Error, JwsAlgorithm, KeyKind, Random, RandomError, Signer as _, SigningKey};
use serde_json::Value;

/// A generator whose bytes follow from its seed. Useless for anything but tests.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// The generator with this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for byte in out {
            // SplitMix64.
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = self.0;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (word ^ (word >> 31)).to_le_bytes()[0];
        }
        Ok(())
    }
}

/// The private key with this seed.
///
/// # Errors
/// As [`SigningKey::generate`].
pub fn key(kind: KeyKind, seed: u64) -> Result<SigningKey, Error> {
    SigningKey::generate(kind, &mut Seeded::new(seed))
}

/// A private key, here and as other implementations take it.
#[derive(Debug)]
pub struct Key {
    /// What signs here.
    pub signing: SigningKey,
    /// Its JWK, with the private member.
    pub private: Value,
    /// Its JWK without.
    pub public: Value,
}

impl Key {
    fn new(kind: KeyKind, seed: u64) -> Result<Self, Error> {
        let signing = key(kind, seed)?;
        let public = signing.public_key().to_jwk();
        let private = serde_json::from_str(&signing.to_private_jwk_text());
        Ok(Self { signing, private: private.unwrap_or_default(), public })
    }

    /// The algorithm that it signs with.
    #[must_use]
    pub fn algorithm(&self) -> JwsAlgorithm {
        self.signing.public_key().kind().default_algorithm()
    }
}

/// An issuer and a holder, and somebody else with a key of each kind.
#[derive(Debug)]
pub struct Pair {
    /// Who issues.
    pub issuer: Key,
    /// Who presents.
    pub holder: Key,
    /// Who is not the issuer.
    pub other_issuer: Key,
    /// Who is not the holder.
    pub other_holder: Key,
}

impl Pair {
    /// The algorithms of issuer and holder.
    #[must_use]
    pub fn name(&self) -> String {
        [&self.issuer, &self.holder].map(|key| key.algorithm().name()).join("+")
    }
}

/// Every kind of issuer's key with every kind of holder's.
///
/// # Errors
/// As [`SigningKey::generate`].
pub fn pairs() -> Result<Vec<Pair>, Error> {
    let kinds = [KeyKind::P256, KeyKind::Ed25519];
    let pair = |(issuer, holder)| {
        Ok(Pair {
            issuer: Key::new(issuer, 1)?,
            holder: Key::new(holder, 2)?,
            other_issuer: Key::new(issuer, 3)?,
            other_holder: Key::new(holder, 4)?,
        })
    };
    kinds.into_iter().flat_map(|issuer| kinds.map(|holder| (issuer, holder))).map(pair).collect()
}
