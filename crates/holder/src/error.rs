//! What can go wrong in a wallet, and what its owner can do about it.

use llavero_core::Error;
use llavero_core::dcql::Mismatch;

use crate::lint::LintRefusal;
use crate::store::StoreError;

/// Why a wallet did not do what it was asked.
///
/// Variants carry positions, table names and times; never the value of a claim, nor a key, nor who asked.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WalletError {
    /// This wallet has received this copy before.
    #[error("copy {copy} has been received before")]
    AlreadyReceived {
        /// Its position in the batch.
        copy: usize,
    },
    /// A batch or an enrolment holds nothing, or more than [`MAX_COPIES`](crate::MAX_COPIES).
    #[error("a batch has 1 to {limit} copies")]
    BatchSize {
        /// The most that is accepted.
        limit: usize,
    },
    /// There is no such choice for this request.
    #[error("there is no such choice")]
    ChoiceUnknown,
    /// A copy of a batch is not acceptable. The whole batch is refused.
    #[error("copy {copy}: {error}")]
    Copy {
        /// Its position in the batch.
        copy: usize,
        /// What is wrong with it.
        error: Error,
    },
    /// The credential has expired since the person was asked.
    #[error("the credential has expired")]
    CredentialExpired,
    /// The wallet has no such credential, or has it no longer.
    #[error("the wallet has no such credential")]
    CredentialUnknown,
    /// A step of the format engine failed. Said of an answer: its copies are spent and nothing was disclosed.
    #[error(transparent)]
    Engine(#[from] Error),
    /// A copy is bound to a key that this wallet did not offer to this issuer, or offered and used before.
    #[error("copy {copy} is bound to a key that was not offered")]
    KeyNotOffered {
        /// Its position in the batch.
        copy: usize,
    },
    /// Two copies of a batch are bound to one key.
    #[error("copy {copy} is bound to the key of another copy")]
    KeyRepeated {
        /// The later copy's position in the batch.
        copy: usize,
    },
    /// The batch could be used to recognise its holder.
    #[error("the batch is refused: {0}")]
    Lint(#[from] LintRefusal),
    /// Every copy of the credential has been used. Copies are not used twice: ask the issuer for more.
    #[error("no copies of the credential are left")]
    NoCopiesLeft,
    /// Of a request that asks only for what would be welcome, nothing was chosen.
    #[error("nothing was chosen to be shown")]
    NothingChosen,
    /// A record is not what a wallet writes.
    #[error("a record of the table {table} is damaged")]
    RecordCorrupt {
        /// The table.
        table: &'static str,
    },
    /// A record was written by a later version.
    #[error("a record of the table {table} has a format that this version does not know")]
    RecordVersion {
        /// The table.
        table: &'static str,
    },
    /// Not as many signatures came back as were asked for.
    #[error("{expected} signatures were asked for")]
    SignatureCount {
        /// How many were asked for.
        expected: usize,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The request cannot be answered. This is for the person; a verifier learns no more than from a refusal.
    #[error(transparent)]
    Unmet(#[from] Unmet),
}

impl WalletError {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AlreadyReceived { .. } => "already_received",
            Self::BatchSize { .. } => "batch_size",
            Self::ChoiceUnknown => "choice_unknown",
            Self::Copy { error, .. } | Self::Engine(error) => error.code(),
            Self::CredentialExpired => "credential_expired",
            Self::CredentialUnknown => "credential_unknown",
            Self::KeyNotOffered { .. } => "key_not_offered",
            Self::KeyRepeated { .. } => "key_repeated",
            Self::Lint(refusal) => refusal.code(),
            Self::NoCopiesLeft => "no_copies_left",
            Self::NothingChosen => "nothing_chosen",
            Self::RecordCorrupt { .. } => "record_corrupt",
            Self::RecordVersion { .. } => "record_version",
            Self::SignatureCount { .. } => "signature_count",
            Self::Store(error) => error.code(),
            Self::Unmet(unmet) => unmet.code(),
        }
    }
}

/// The part of a request that a wallet cannot answer, by its position in the query.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unmet {
    /// The credential of this type has expired.
    #[error("credential {query} of the request: it has expired")]
    Expired {
        /// Which credential query.
        query: usize,
    },
    /// A credential of this type is there, but does not hold what is asked for.
    #[error("credential {query} of the request: {mismatch}")]
    Mismatch {
        /// Which credential query.
        query: usize,
        /// What the nearest credential lacks.
        mismatch: Mismatch,
    },
    /// The wallet holds no credential of this type.
    #[error("credential {query} of the request: none of this type is there")]
    NoCredential {
        /// Which credential query.
        query: usize,
    },
    /// Every copy of the credential of this type has been used.
    #[error("credential {query} of the request: no copies are left")]
    NoCopiesLeft {
        /// Which credential query.
        query: usize,
    },
    /// No combination of a credential set can be answered.
    #[error("credential set {set} of the request: no combination can be answered")]
    Set {
        /// Which credential set.
        set: usize,
    },
}

impl Unmet {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Expired { .. } => "credential_expired",
            Self::Mismatch { mismatch, .. } => mismatch.code(),
            Self::NoCredential { .. } => "no_credential",
            Self::NoCopiesLeft { .. } => "no_copies_left",
            Self::Set { .. } => "credential_set_unmet",
        }
    }
}
