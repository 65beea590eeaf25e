//! Why a type's documents, or a credential under them, are refused.

use crate::path::{ClaimPath, Dotted, Location, PathError};
use crate::{JsonFault, type_metadata as limits};

/// Why Type Metadata is not used, or a credential does not satisfy it.
///
/// Places and paths are those of the documents, never values of a credential.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TypeMetadataError {
    /// Several documents describe the type, and no integrity tells which one is meant.
    #[error("several documents describe the type")]
    Ambiguous,
    /// More than [`MAX_TYPE_CHAIN`](limits::MAX_TYPE_CHAIN) types extend each other.
    #[error("more than {} types extend each other", limits::MAX_TYPE_CHAIN)]
    ChainTooLong,
    /// A type extends itself, at once or with steps in between (§7.4).
    #[error("the type extends itself")]
    Circular,
    /// A claim's path meets something else than an object or array in the credential (§5.6.1).
    #[error("claim {path}: {fault}")]
    ClaimKind {
        /// The path of a claim that cannot be reached.
        path: ClaimPath,
        /// What stands in the way.
        fault: PathError,
    },
    /// A mandatory claim is not in the credential (§5.6.3).
    #[error("mandatory claim {path} is missing")]
    ClaimMissing {
        /// The claim's path.
        path: ClaimPath,
    },
    /// One document gives two entries for one path.
    #[error("type document, {}: the path is given twice", Dotted(at))]
    ClaimRepeated {
        /// The second entry.
        at: Location,
    },
    /// There is no document of the type, or of a type it extends.
    #[error("no document of the type, or of one it extends")]
    DocumentMissing,
    /// No document of the type has the hash that was asked for (§6).
    #[error("the document is not the one that was referred to")]
    IntegrityMismatch,
    /// An integrity string has no hash of an algorithm known here (§6).
    #[error("no known algorithm in the integrity string")]
    IntegrityUnsupported,
    /// The document is not acceptable JSON.
    #[error("type document: {0}")]
    Json(JsonFault),
    /// The document, or the work to check a credential under it, is larger than what is accepted.
    #[error("{limit} over the limit")]
    LimitExceeded {
        /// What there is too much of.
        limit: &'static str,
    },
    /// A type makes a claim optional that is mandatory in the type it extends (§5.6.5).
    #[error("claim {path} is mandatory in an extended type")]
    MandatoryRelaxed {
        /// The claim's path.
        path: ClaimPath,
    },
    /// A member is missing, of the wrong type, or has a value that the specification does not know.
    #[error("type document, {}: missing or malformed", Dotted(at))]
    MemberMalformed {
        /// Where the member stands or should stand.
        at: Location,
    },
    /// A claim's path is malformed.
    #[error("type document, {}: {fault}", Dotted(at))]
    Path {
        /// Where it stands.
        at: Location,
        /// What is wrong with it.
        fault: PathError,
    },
    /// A claim that must be selectively disclosable stands in the open (§5.6.4).
    #[error("claim {path} must be selectively disclosable")]
    SdAlways {
        /// The claim's path.
        path: ClaimPath,
    },
    /// A type changes `sd` of a claim that is `always` or `never` in the type it extends (§5.6.5).
    #[error("claim {path}: \"sd\" is settled in an extended type")]
    SdChanged {
        /// The claim's path.
        path: ClaimPath,
    },
    /// A claim that must stand in the open came from a Disclosure (§5.6.4).
    #[error("claim {path} must not be selectively disclosable")]
    SdNever {
        /// The claim's path.
        path: ClaimPath,
    },
    /// An `svg_id` is malformed, or two claims of the type have it (§5.6).
    #[error("claim {path}: \"svg_id\" is malformed or taken")]
    SvgId {
        /// The path of the claim that has it, or has it second.
        path: ClaimPath,
    },
    /// `vct` of a document or credential is another than it must be (§5.3).
    #[error("\"vct\" is another")]
    VctMismatch,
}

impl TypeMetadataError {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Ambiguous => "type_ambiguous",
            Self::ChainTooLong => "type_chain_too_long",
            Self::Circular => "type_circular",
            Self::ClaimKind { .. } => "type_claim_kind",
            Self::ClaimMissing { .. } => "type_claim_missing",
            Self::ClaimRepeated { .. } => "type_claim_repeated",
            Self::DocumentMissing => "type_document_missing",
            Self::IntegrityMismatch => "type_integrity_mismatch",
            Self::IntegrityUnsupported => "type_integrity_unsupported",
            Self::Json(fault) => fault.code(),
            Self::LimitExceeded { .. } => "type_limit_exceeded",
            Self::MandatoryRelaxed { .. } => "type_mandatory_relaxed",
            Self::MemberMalformed { .. } => "type_member_malformed",
            Self::Path { fault, .. } => fault.code(),
            Self::SdAlways { .. } => "type_sd_always",
            Self::SdChanged { .. } => "type_sd_changed",
            Self::SdNever { .. } => "type_sd_never",
            Self::SvgId { .. } => "type_svg_id",
            Self::VctMismatch => "type_vct_mismatch",
        }
    }
}
