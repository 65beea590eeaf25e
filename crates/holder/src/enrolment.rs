//! Asking an issuer for a batch: one new key for each copy, kept before anybody hears of it.

use llavero_core::key_proof::{self, UnsignedKeyProof};
use llavero_core::{Error, KeyKind, Random, Signature, SignerError, UnixTime};

use crate::keys::{KeyHandle, NewKey, ToSign};
use crate::record::{self, PendingKeyRecord};
use crate::{MAX_COPIES, Wallet, WalletError};

/// What goes to the issuer: a proof of possession for each key.
#[must_use = "the issuer waits for the proofs"]
pub struct Enrolment {
    proofs: Vec<String>,
}

impl Enrolment {
    /// The proofs, one for each copy that is asked for.
    #[must_use]
    pub fn proofs(&self) -> &[String] {
        &self.proofs
    }

    /// The proofs, to be sent.
    #[must_use]
    pub fn into_proofs(self) -> Vec<String> {
        self.proofs
    }
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolment").field("proofs", &self.proofs.len()).finish_non_exhaustive()
    }
}

/// An enrolment whose proofs are still to be signed.
#[must_use = "the proofs are not signed"]
pub struct PendingEnrolment {
    proofs: Vec<(KeyHandle, UnsignedKeyProof)>,
}

impl PendingEnrolment {
    /// What is to be signed, each with its own key, in the order in which signatures are taken back.
    pub fn to_sign(&self) -> impl Iterator<Item = ToSign<'_>> {
        self.proofs.iter().map(|(handle, proof)| ToSign {
            key: handle,
            public_key: proof.key(),
            bytes: proof.signing_input(),
        })
    }

    /// Finishes with signatures made elsewhere, after checking each.
    ///
    /// # Errors
    /// [`WalletError::SignatureCount`], or [`WalletError::Engine`] for a signature that is not by the key it should be.
    pub fn finish(self, signatures: &[Signature]) -> Result<Enrolment, WalletError> {
        if signatures.len() != self.proofs.len() {
            return Err(WalletError::SignatureCount { expected: self.proofs.len() });
        }
        let proofs = self.proofs.into_iter().zip(signatures);
        let proofs = proofs.map(|((_, proof), signature)| proof.attach(signature));
        Ok(Enrolment { proofs: proofs.collect::<Result<_, _>>()? })
    }
}

impl std::fmt::Debug for PendingEnrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingEnrolment")
            .field("count", &self.proofs.len())
            .finish_non_exhaustive()
    }
}

impl Wallet {
    /// Starts an enrolment: makes `count` keys, keeps them, and proves possession of each to the issuer.
    ///
    /// `issuer` is the issuer's identifier, which the credentials must carry as `iss`; `nonce` is the one it handed
    /// out. An enrolment that comes to nothing leaves keys behind, which [`purge`](Self::purge) removes in time.
    ///
    /// # Errors
    /// [`WalletError::BatchSize`], [`WalletError::Engine`] if keys could not be made or used, [`WalletError::Store`].
    pub fn begin(
        &mut self,
        issuer: &str,
        nonce: &str,
        count: usize,
        kind: KeyKind,
        now: UnixTime,
        random: &mut dyn Random,
    ) -> Result<Enrolment, WalletError> {
        let pending = self.begin_unsigned(issuer, nonce, count, kind, now, random)?;
        let sign = |to_sign: ToSign<'_>| self.keys.sign(to_sign.key, to_sign.bytes);
        let signatures: Result<Vec<_>, SignerError> = pending.to_sign().map(sign).collect();
        pending.finish(&signatures.map_err(Error::from)?)
    }

    /// Starts an enrolment with keys that sign elsewhere, or only after a prompt.
    ///
    /// # Errors
    /// As for [`begin`](Self::begin).
    pub fn begin_unsigned(
        &mut self,
        issuer: &str,
        nonce: &str,
        count: usize,
        kind: KeyKind,
        now: UnixTime,
        random: &mut dyn Random,
    ) -> Result<PendingEnrolment, WalletError> {
        if !(1..=MAX_COPIES).contains(&count) {
            return Err(WalletError::BatchSize { limit: MAX_COPIES });
        }
        let keys = self.keys.create(kind, count, random)?;
        let mut changes = Vec::new();
        for key in &keys {
            let record = PendingKeyRecord {
                issuer: issuer.to_owned(),
                created_at: now.as_secs(),
                key: record::encode_handle(&key.handle),
            };
            changes.push(record::put(&key.public_key.thumbprint(), &record)?);
        }
        let right = keys.len() == count && keys.iter().all(|key| key.public_key.kind() == kind);
        let committed = if right {
            self.store.commit(&changes).map_err(WalletError::from)
        } else {
            Err(Error::from(SignerError::Unavailable).into())
        };
        if let Err(error) = committed {
            // Nobody has heard of these keys. The store may have died with them half known, so this is only tidiness.
            let handles = keys.into_iter().map(|key| (key.handle, None));
            self.delete_keys(handles.collect::<Vec<(KeyHandle, Option<String>)>>());
            return Err(error);
        }
        let proof = |key: NewKey| {
            let proof = key_proof::prepare(&key.public_key, issuer, nonce, now);
            (key.handle, proof)
        };
        Ok(PendingEnrolment { proofs: keys.into_iter().map(proof).collect() })
    }
}
