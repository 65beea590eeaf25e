//! The keys to which copies will be bound, each proven to be the wallet's.

use llavero_core::key_proof::{self, ProofPolicy};
use llavero_core::{PublicKey, UnixTime};

use crate::Error;

/// Copies of one batch. Wallets hold 10 to 30; a phone's secure hardware makes keys slowly.
pub const MAX_COPIES: usize = 100;

/// Keys whose possession has been proven: distinct, of one kind, at most [`MAX_COPIES`].
#[derive(Clone, Debug)]
pub struct HolderKeys(Vec<PublicKey>);

impl HolderKeys {
    /// Checks every proof against the issuer's policy.
    ///
    /// # Errors
    /// [`Error::Proof`] with the first unsound one, [`Error::KeyRepeated`], [`Error::KeyKindMixed`],
    /// [`Error::BatchSize`].
    pub fn check(proofs: &[&str], policy: &ProofPolicy<'_>, now: UnixTime) -> Result<Self, Error> {
        if proofs.is_empty() || proofs.len() > MAX_COPIES {
            return Err(Error::BatchSize);
        }
        let mut keys: Vec<PublicKey> = Vec::with_capacity(proofs.len());
        for (index, proof) in proofs.iter().enumerate() {
            let key = key_proof::verify(proof, policy, now)
                .map_err(|error| Error::Proof { index, error })?;
            if keys.contains(&key) {
                return Err(Error::KeyRepeated { index });
            }
            if keys.first().is_some_and(|first| first.kind() != key.kind()) {
                return Err(Error::KeyKindMixed { index });
            }
            keys.push(key);
        }
        Ok(Self(keys))
    }

    /// The keys, in the order of the proofs.
    #[must_use]
    pub fn as_slice(&self) -> &[PublicKey] {
        &self.0
    }
}
