//! For agencies: turn a record into a batch of single-use copies of a credential.
//!
//! One call makes the batch. Each copy is bound to another key of the holder, has its own salts and decoys, and shares
//! with the others only what everybody's credential of that type has: issuer, type and dates on whole days. Nothing in
//! it says which copies belong together, and nothing needs to be kept afterwards (RFC 9901 §10.1, §10.2).
//!
//! ```
//! use llavero_core::{AlgorithmSet, KeyKind, Signer, SigningKey, UnixTime, key_proof};
//! use llavero_issuer::{HolderKeys, Issuer, Record, Validity};
//! use llavero_mexico::CredentialType;
//! # struct Noise(u8); impl llavero_core::Random for Noise {
//! #     fn fill(&mut self, out: &mut [u8]) -> Result<(), llavero_core::RandomError> {
//! #         for byte in out { self.0 = self.0.wrapping_mul(5).wrapping_add(17); *byte = self.0 } Ok(()) } }
//! # let random = &mut Noise(1);
//! let now = UnixTime::from_secs(1_767_225_600);
//! let agency_key = SigningKey::generate(KeyKind::P256, random)?; // or an HSM behind `Signer`
//! let agency = Issuer::new("https://agencia.example", agency_key.public_key())?;
//!
//! // The wallet proves that it has the keys …
//! let wallet_key = SigningKey::generate(KeyKind::P256, random)?;
//! let proof = key_proof::sign(&wallet_key, "https://agencia.example", "a-nonce-of-the-agency", now)?;
//! // … and the agency issues one copy for each.
//! let keys = HolderKeys::check(&[proof.as_str()], &agency.proof_policy("a-nonce-of-the-agency"), now)?;
//! let record = serde_json::json!({ "birthdate": "1990-05-17" });
//! let record = Record::from_json(CredentialType::Age, &record, now)?;
//! let draft = agency.draft(&record, "urn:example:mx:age:1", Validity::days(now, 7)?)?;
//! let copies = agency.prepare(&draft, &keys, random)?.sign(&agency_key)?;
//! assert_eq!(copies.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod draft;
mod error;
mod holder_keys;
mod record;
mod type_document;
mod validity;

pub use batch::{Issuer, UnsignedBatch};
pub use draft::{Draft, TypeName};
pub use error::Error;
pub use holder_keys::{HolderKeys, MAX_COPIES};
pub use record::Record;
pub use type_document::TypeDocument;
pub use validity::{MAX_VALIDITY_DAYS, Validity};
