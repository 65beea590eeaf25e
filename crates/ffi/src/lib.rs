//! Llavero for Kotlin, Swift and Python: the surface that UniFFI carries over.
//!
//! This crate is shape only. It has the names of the Rust crates, no rule, no check and no default of its own; what it
//! adds is what other languages lack: steps that can be taken once ([`LlaveroError::Usage`] the second time), calls into
//! the app with a time limit, and errors with texts for people.
//!
//! | what | from |
//! |---|---|
//! | [`Wallet`], [`Choices`], [`ConsentSheet`], [`PendingAnswer`] | `llavero_holder` |
//! | [`FileStore`] | `llavero_store` |
//! | [`Challenge`], [`Verdict`], [`DcqlQuery`], [`TrustList`], [`IssuerMetadata`] | `llavero_verifier`, `llavero_core` |
//! | [`Issuer`], [`Record`], [`UnsignedBatch`] | `llavero_issuer` |
//! | [`Curp`], [`IneMrz`], [`ClaveElector`], [`Rfc`], [`CredentialType`] | `llavero_mexico` |
//! | [`HolderKeys`], [`Store`], [`Random`] | written by the app |
//!
//! The generated sources are in `bindings/`; `cargo xtask generate` renews them.

#![expect(
    clippy::result_large_err,
    reason = "an error is made once and leaves at once; its texts go with it"
)]

#[macro_use]
mod redacted;

mod callback;
mod consent;
mod credential;
mod error;
mod inspect;
mod issuer;
mod issuer_metadata;
mod keys;
mod mexico;
mod once;
mod random;
mod store;
mod text;
mod time;
mod trust;
mod value;
mod verifier;
mod wallet;

pub use consent::{
    Choice, Choices, ConsentSheet, PendingAnswer, QueryChoices, SheetContents, SheetCredential,
    Warning, refusal,
};
pub use credential::{CredentialSummary, HistoryEntry, HistoryItem, Notice};
pub use error::{LlaveroError, Reason};
pub use inspect::inspect;
pub use issuer::{Draft, Issuer, Record, TypeDocument, TypeName, UnsignedBatch, new_nonce};
pub use issuer_metadata::{IssuerMetadata, issuer_metadata_url};
pub use keys::{HolderKeys, HolderKeysError, KeyKind, NewKey, PublicKey, SigningKey, ToSign};
pub use mexico::{
    ClaimSpec, ClaveElector, CredentialType, Curp, Differentiator, Entidad, Fact, IneMrz, Language,
    Rfc, Sexo, Suggestion, SyntheticPerson, curp_faults, smaller_proof,
};
pub use random::{Random, RandomError};
pub use store::{Change, FileStore, Store, StoreError, StoredRecord};
pub use time::CalendarDate;
pub use trust::{CertificateTrust, TrustList, TrustedIssuer, TrustedKey};
pub use value::{ClaimValue, ShownClaim};
pub use verifier::{
    AskedClaim, Asker, Challenge, DcqlQuery, Revocation, Verdict, VerifiedCredential,
};
pub use wallet::{PendingEnrolment, Purged, Receipt, Wallet};

uniffi::setup_scaffolding!("llavero");
