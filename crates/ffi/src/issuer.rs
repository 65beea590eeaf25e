//! The issuer: from a record to a batch of copies.

use std::sync::Arc;

use llavero_core::{OsRandom, Signature, UnixTime};
use llavero_issuer as issuer;

use crate::LlaveroError;
use crate::callback::{self, Caller};
use crate::keys::{PublicKey, SigningKey};
use crate::mexico::CredentialType;
use crate::once::Once;
use crate::random::{Generator, Random};

/// A record that may be issued: it exists only if it is consistent. It prints as nothing.
#[derive(Debug, uniffi::Object)]
pub struct Record(issuer::Record);

#[uniffi::export]
impl Record {
    /// Reads a record of the given type from its JSON text.
    ///
    /// # Errors
    /// The code of what is missing, unknown or inconsistent; `json_*`; `time_out_of_range`.
    #[uniffi::constructor]
    pub fn from_json(
        credential_type: CredentialType,
        text: &str,
        now: UnixTime,
    ) -> Result<Self, LlaveroError> {
        let record = llavero_core::json::from_slice(text.as_bytes(), llavero_core::Part::Request)?;
        Ok(Self(issuer::Record::from_json(credential_type.into(), &record, now)?))
    }

    /// Which credential can be made of it.
    #[must_use]
    pub fn credential_type(&self) -> Option<CredentialType> {
        CredentialType::from_known(self.0.credential_type())
    }
}

impl Record {
    pub(crate) const fn new(record: issuer::Record) -> Self {
        Self(record)
    }
}

/// A document that describes a type (SD-JWT VC §5), as an agency publishes it: its name, its hash, its rules.
#[derive(Debug, uniffi::Object)]
pub struct TypeDocument(issuer::TypeDocument);

#[uniffi::export]
impl TypeDocument {
    /// The document with exactly the text that is published, and those of all types that it extends.
    ///
    /// # Errors
    /// `type_*`, `json_*`, `path_*`.
    #[uniffi::constructor(default(extended = []))]
    pub fn new(text: &str, extended: Vec<String>) -> Result<Self, LlaveroError> {
        let extended: Vec<&str> = extended.iter().map(String::as_str).collect();
        Ok(Self(issuer::TypeDocument::new(text, &extended)?))
    }

    /// `vct`.
    #[must_use]
    pub fn vct(&self) -> String {
        self.0.vct().to_owned()
    }

    /// `vct#integrity`: the SHA-256 hash of the text.
    #[must_use]
    pub fn integrity(&self) -> String {
        self.0.integrity().to_owned()
    }

    /// The type's name with the hash and the rules of this document.
    #[must_use]
    pub fn type_name(self: Arc<Self>) -> TypeName {
        TypeName { vct: self.vct(), integrity: Some(self.integrity()), document: Some(self) }
    }
}

/// The name of a credential type, and what is published about it.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct TypeName {
    /// `vct`.
    pub vct: String,
    /// `vct#integrity`, such as `sha256-…`.
    #[uniffi(default = None)]
    pub integrity: Option<String>,
    /// What a draft must satisfy.
    #[uniffi(default = None)]
    pub document: Option<Arc<TypeDocument>>,
}

/// A credential of which copies can be made. It prints as nothing.
#[derive(Debug, uniffi::Object)]
pub struct Draft(issuer::Draft);

/// An agency: its identifier and the public half of the key it signs with.
#[derive(Debug, uniffi::Object)]
pub struct Issuer(issuer::Issuer);

#[uniffi::export]
impl Issuer {
    /// An agency with this `iss`.
    ///
    /// # Errors
    /// `identifier_malformed` if the identifier is empty.
    #[uniffi::constructor]
    pub fn new(identifier: &str, key: &PublicKey) -> Result<Self, LlaveroError> {
        Ok(Self(issuer::Issuer::new(identifier, key.0.clone())?))
    }

    /// The agency, known by these certificates, in DER. They go into its credentials in the place of the key's name. Its
    /// own comes first, each certifies the one before, and the anchor stays out (HAIP 1.0 §6.1.1).
    ///
    /// # Errors
    /// `certificate`, also for one that is not made out to this `iss` or this key; `limit_exceeded`.
    pub fn with_certificates(&self, certificates: Vec<Vec<u8>>) -> Result<Self, LlaveroError> {
        Ok(Self(self.0.clone().with_certificates(&certificates)?))
    }

    /// `iss`.
    #[must_use]
    pub fn identifier(&self) -> String {
        self.0.identifier().to_owned()
    }

    /// The public half of the signing key.
    #[must_use]
    pub fn key(&self) -> Arc<PublicKey> {
        Arc::new(PublicKey(self.0.key().clone()))
    }

    /// The draft of a credential for `record`, with claims as true on its first day, valid from the start of the UTC
    /// day of `now` for `days` days.
    ///
    /// # Errors
    /// `outlives_document`, `validity_out_of_range`, `identifier_malformed`, `time_out_of_range`; `type_*` if the draft is
    /// not as the document of its type says.
    pub fn draft(
        &self,
        record: &Record,
        name: TypeName,
        days: u16,
        now: UnixTime,
    ) -> Result<Draft, LlaveroError> {
        let validity = issuer::Validity::days(now, days)?;
        let TypeName { vct, integrity, document } = &name;
        let metadata = document.as_ref().map(|document| document.0.metadata());
        let name = issuer::TypeName { vct, integrity: integrity.as_deref(), metadata };
        Ok(Draft(self.0.draft(&record.0, name, validity)?))
    }

    /// Checks every proof of possession against `nonce`, which must be one that the agency made for this issuance, and
    /// makes one copy per key, each with its own salts and decoys, all still unsigned.
    ///
    /// # Errors
    /// `batch_size`, `key_repeated`, `key_kind_mixed`, or what is wrong with a proof, with its position; `random`,
    /// `callback_*`. There are no copies then.
    #[uniffi::method(default(random = None))]
    pub fn prepare(
        &self,
        draft: &Draft,
        proofs: Vec<String>,
        nonce: &str,
        now: UnixTime,
        random: Option<Arc<dyn Random>>,
    ) -> Result<UnsignedBatch, LlaveroError> {
        callback::refuse_reentry()?;
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let keys = issuer::HolderKeys::check(&proofs, &self.0.proof_policy(nonce), now)?;
        let caller = Caller::new(callback::LIMIT_SECS);
        let mut random = Generator::new(random, &caller);
        let batch = self.0.prepare(&draft.0, &keys, &mut random);
        let batch = batch.map_err(|error| caller.explain_or(error))?;
        Ok(UnsignedBatch { batch: Once::new(batch), key: self.0.key().clone() })
    }
}

/// A nonce of 256 bits in base64url, from the operating system's generator, for one issuance.
///
/// # Errors
/// `random`.
#[uniffi::export]
pub fn new_nonce() -> Result<String, LlaveroError> {
    Ok(llavero_core::key_proof::nonce(&mut OsRandom)?)
}

/// Copies that wait for the issuer's signatures, in the order of the proofs.
#[derive(uniffi::Object)]
pub struct UnsignedBatch {
    batch: Once<issuer::UnsignedBatch>,
    key: llavero_core::PublicKey,
}

#[uniffi::export]
impl UnsignedBatch {
    /// The bytes to sign, one item per copy: for an HSM or a service that signs many at once.
    ///
    /// # Errors
    /// `already_used`.
    pub fn signing_inputs(&self) -> Result<Vec<Vec<u8>>, LlaveroError> {
        self.batch.with(|batch| batch.signing_inputs().map(<[u8]>::to_vec).collect())
    }

    /// Signs them all with a key in software, and returns the copies. The batch is used up.
    ///
    /// # Errors
    /// `signer_key_mismatch`, `signer_unavailable`, `already_used`.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<String>, LlaveroError> {
        Ok(texts(self.batch.take()?.sign(&key.0)?))
    }

    /// Finishes with signatures made elsewhere, after checking each, and returns the copies. ECDSA signatures may be DER
    /// or 64 bytes.
    ///
    /// # Errors
    /// `key_format`, after which it can be tried again; `signature_count`, `signature`, `already_used`.
    pub fn attach(&self, signatures: Vec<Vec<u8>>) -> Result<Vec<String>, LlaveroError> {
        let read = |bytes: &Vec<u8>| Signature::from_device(self.key.kind(), bytes);
        let signatures: Vec<Signature> = signatures.iter().map(read).collect::<Result<_, _>>()?;
        Ok(texts(self.batch.take()?.attach(&signatures)?))
    }
}

impl std::fmt::Debug for UnsignedBatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnsignedBatch").finish_non_exhaustive()
    }
}

fn texts(copies: Vec<llavero_core::issue::IssuedSdJwt>) -> Vec<String> {
    copies.into_iter().map(llavero_core::issue::IssuedSdJwt::into_string).collect()
}
