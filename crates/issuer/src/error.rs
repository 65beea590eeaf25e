//! Why a batch was not issued.

/// Why a batch was not issued. Names claims, fields and positions, never the value of one.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No proofs, or more than [`MAX_COPIES`](crate::MAX_COPIES).
    #[error("a batch has between 1 and {} copies", crate::MAX_COPIES)]
    BatchSize,
    /// A claim that the credential type does not have.
    #[error("the credential type has no claim \"{name}\"")]
    ClaimUnknown {
        /// The claim's name.
        name: String,
    },
    /// More values than a level of the credential type has room for.
    #[error("too many values in \"{name}\"")]
    ClaimOverflow {
        /// The container's name, empty for the top.
        name: String,
    },
    /// The engine refused.
    #[error(transparent)]
    Core(#[from] llavero_core::Error),
    /// The issuer's identifier or the type's name is empty, or the type's integrity is not of a known hash.
    #[error("an identifier is empty or malformed")]
    Identifier,
    /// Two copies would be bound to one key, and every use of one would point to the other.
    #[error("proof {index} is for a key that another proof has")]
    KeyRepeated {
        /// Its position, counted from 0.
        index: usize,
    },
    /// Keys of two kinds in one batch: copies would differ in length.
    #[error("proof {index} is for a key of another kind than the first")]
    KeyKindMixed {
        /// Its position, counted from 0.
        index: usize,
    },
    /// The credential would be valid for longer than the document it is about.
    #[error("the credential would outlive the document")]
    OutlivesDocument,
    /// A proof of possession is not sound.
    #[error("proof {index}: {error}")]
    Proof {
        /// Its position, counted from 0.
        index: usize,
        /// What is wrong with it.
        error: llavero_core::Error,
    },
    /// The record is not one that may be issued.
    #[error(transparent)]
    Record(#[from] llavero_mexico::Error),
    /// As many signatures as copies are needed.
    #[error("{given} signatures for {wanted} copies")]
    SignatureCount {
        /// How many came.
        given: usize,
        /// How many copies there are.
        wanted: usize,
    },
    /// The time is not one of a calendar that people use.
    #[error("time out of range")]
    Time,
    /// No days, or more than [`MAX_VALIDITY_DAYS`](crate::MAX_VALIDITY_DAYS).
    #[error("a credential is valid for 1 to {} days", crate::MAX_VALIDITY_DAYS)]
    Validity,
}

impl Error {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BatchSize => "batch_size",
            Self::ClaimOverflow { .. } => "claim_overflow",
            Self::ClaimUnknown { .. } => "claim_unknown",
            Self::Core(error) | Self::Proof { error, .. } => error.code(),
            Self::Identifier => "identifier_malformed",
            Self::KeyKindMixed { .. } => "key_kind_mixed",
            Self::KeyRepeated { .. } => "key_repeated",
            Self::OutlivesDocument => "outlives_document",
            Self::Record(error) => error.code(),
            Self::SignatureCount { .. } => "signature_count",
            Self::Time => "time_out_of_range",
            Self::Validity => "validity_out_of_range",
        }
    }
}
