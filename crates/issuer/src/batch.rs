//! An agency and the batches it issues.

use llavero_core::certificate::CertificateChain;
use llavero_core::issue::{self, IssuedSdJwt, IssuerHeader, UnsignedSdJwt};
use llavero_core::key_proof::ProofPolicy;
use llavero_core::template::Object;
use llavero_core::{
    AlgorithmSet, HashAlgorithm, JwsAlgorithm, PublicKey, Random, Signature, Signer,
};

use crate::{Draft, Error, HolderKeys, Record, TypeName, Validity, validity};

/// An agency: its identifier and the key it signs with. The private half is needed only to sign.
#[derive(Clone, Debug)]
pub struct Issuer {
    identifier: String,
    key: PublicKey,
    header: IssuerHeader,
}

/// How old a proof of possession may be.
const PROOF_MAX_AGE_SECS: u32 = 600;

/// How far the clock of a phone may run ahead.
const CLOCK_SKEW_SECS: u32 = 60;

impl Issuer {
    /// An agency with this `iss`. Its `kid` is the key's RFC 7638 thumbprint: one for everybody it issues to.
    ///
    /// # Errors
    /// [`Error::Identifier`] if the identifier is empty.
    pub fn new(identifier: &str, key: PublicKey) -> Result<Self, Error> {
        if identifier.is_empty() {
            return Err(Error::Identifier);
        }
        let mut header = IssuerHeader::sd_jwt_vc(key.kind().default_algorithm());
        header.key_id = Some(key.thumbprint());
        Ok(Self { identifier: identifier.to_owned(), key, header })
    }

    /// Writes another name of the same algorithm into headers: `Ed25519` for `EdDSA`.
    ///
    /// # Errors
    /// [`SignerError::KeyMismatch`](llavero_core::SignerError::KeyMismatch) if the key does not go by it.
    pub fn with_algorithm_name(mut self, algorithm: JwsAlgorithm) -> Result<Self, Error> {
        if !self.key.kind().signs_as(algorithm) {
            return Err(llavero_core::Error::from(llavero_core::SignerError::KeyMismatch).into());
        }
        self.header.algorithm = algorithm;
        Ok(self)
    }

    /// Writes these certificates, in DER, into headers, in the place of a `kid`: for verifiers that know the agency by
    /// them. Its own comes first, each certifies the one before, and the anchor stays out (HAIP 1.0 §6.1.1).
    ///
    /// # Errors
    /// [`Error::Core`] with what [`CertificateChain::new`] finds, a certificate that is not made out to this `iss` or
    /// this key among it.
    pub fn with_certificates(mut self, certificates: &[impl AsRef<[u8]>]) -> Result<Self, Error> {
        let chain = CertificateChain::new(certificates, &self.identifier, &self.key)?;
        self.header.key_id = None;
        self.header.certificates = Some(chain);
        Ok(self)
    }

    /// `iss`.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// The public half of the signing key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// What this agency insists on before it binds a copy to a key. The nonce must be one that it made for this
    /// issuance, unpredictable and used once.
    #[must_use]
    pub fn proof_policy<'a>(&'a self, nonce: &'a str) -> ProofPolicy<'a> {
        ProofPolicy {
            audience: &self.identifier,
            nonce,
            max_age_secs: PROOF_MAX_AGE_SECS,
            clock_skew_secs: CLOCK_SKEW_SECS,
            algorithms: AlgorithmSet::ALL,
        }
    }

    /// The draft of a credential for `record`, with claims as true on its first day.
    ///
    /// # Errors
    /// [`Error::OutlivesDocument`], [`Error::Identifier`] for an empty `vct` or an integrity that is none, [`Error::Time`];
    /// [`Error::Core`] if the draft is not as the metadata of its type says.
    pub fn draft<'a>(
        &self,
        record: &Record,
        name: impl Into<TypeName<'a>>,
        validity: Validity,
    ) -> Result<Draft, Error> {
        if record.last_day().is_some_and(|last| !validity.ends_by(last)) {
            return Err(Error::OutlivesDocument);
        }
        let on = validity::calendar_day(validity.from())?;
        let name = name.into();
        let prefix = self.prefix(name, validity)?;
        self.check(Draft::of_type(record.credential_type(), prefix, record.claims(on))?, name)
    }

    /// The draft of a credential of a type of your own; `body` holds its claims with their marks.
    ///
    /// For unlinkable copies `body` needs what the Mexican types have: the same members for everybody and a constant
    /// number of digests at each level.
    ///
    /// # Errors
    /// [`Error::Identifier`] for an empty `vct` or an integrity that is none, [`Error::Core`] if the draft is not as the
    /// metadata of its type says.
    pub fn draft_of<'a>(
        &self,
        body: Object,
        name: impl Into<TypeName<'a>>,
        validity: Validity,
    ) -> Result<Draft, Error> {
        let name = name.into();
        self.check(Draft::of_body(self.prefix(name, validity)?, body), name)
    }

    /// Holds a draft to the metadata of its type, if there is any.
    fn check(&self, draft: Draft, name: TypeName<'_>) -> Result<Draft, Error> {
        if let Some(metadata) = name.metadata {
            // The key of no holder: it stands for what each copy has there.
            let template = draft.with_key(self.key.to_jwk());
            metadata.check_template(&template).map_err(llavero_core::Error::from)?;
        }
        Ok(draft)
    }

    fn prefix(&self, name: TypeName<'_>, validity: Validity) -> Result<Object, Error> {
        let known = |integrity: &str| {
            ["sha256-", "sha384-", "sha512-"].iter().any(|hash| integrity.starts_with(hash))
        };
        if name.vct.is_empty() || !name.integrity.is_none_or(known) {
            return Err(Error::Identifier);
        }
        Ok(Draft::prefix(&self.identifier, name, validity))
    }

    /// Makes one copy per key, each with its own salts and decoys, all still unsigned.
    ///
    /// # Errors
    /// [`Error::Core`] if a copy cannot be made; then there are none.
    pub fn prepare(
        &self,
        draft: &Draft,
        keys: &HolderKeys,
        random: &mut dyn Random,
    ) -> Result<UnsignedBatch, Error> {
        let copies = keys.as_slice().iter().map(|key| {
            let claims = draft.with_key(key.to_jwk());
            issue::prepare(&claims, &self.header, HashAlgorithm::Sha256, random)
        });
        Ok(UnsignedBatch { copies: copies.collect::<Result<_, _>>()?, key: self.key.clone() })
    }
}

/// Copies that wait for the issuer's signatures, in the order of the keys.
#[derive(Debug)]
#[must_use = "an unsigned batch is worth nothing"]
pub struct UnsignedBatch {
    copies: Vec<UnsignedSdJwt>,
    key: PublicKey,
}

impl UnsignedBatch {
    /// The bytes to sign, one item per copy: for an HSM or a service that signs many at once.
    pub fn signing_inputs(&self) -> impl Iterator<Item = &[u8]> {
        self.copies.iter().map(UnsignedSdJwt::signing_input)
    }

    /// Signs them all. If one fails, there are none.
    ///
    /// # Errors
    /// [`Error::Core`] with [`SignerError`](llavero_core::SignerError).
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<IssuedSdJwt>, Error> {
        if signer.public_key() != self.key {
            return Err(llavero_core::Error::from(llavero_core::SignerError::KeyMismatch).into());
        }
        Ok(self.copies.into_iter().map(|copy| copy.sign(signer)).collect::<Result<_, _>>()?)
    }

    /// Finishes with signatures made elsewhere, in the order of [`signing_inputs`](Self::signing_inputs); each is
    /// checked.
    ///
    /// # Errors
    /// [`Error::SignatureCount`], or [`Error::Core`] for one that is not valid.
    pub fn attach(self, signatures: &[Signature]) -> Result<Vec<IssuedSdJwt>, Error> {
        let wanted = self.copies.len();
        if signatures.len() != wanted {
            return Err(Error::SignatureCount { given: signatures.len(), wanted });
        }
        let key = self.key;
        let finished = self
            .copies
            .into_iter()
            .zip(signatures)
            .map(|(copy, signature)| copy.attach(signature, &key));
        Ok(finished.collect::<Result<_, _>>()?)
    }
}
