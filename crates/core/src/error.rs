//! What can go wrong with one SD-JWT, and where.

use crate::UnixTime;
use crate::certificate::CertificateFault;
use crate::json::JsonFault;
use crate::type_metadata::TypeMetadataError;

/// The piece of a token that an [`Error`] speaks of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Part {
    /// The Disclosure with this position, counted from 0 in the order received.
    Disclosure(usize),
    /// The Issuer-signed JWT.
    IssuerJwt,
    /// What an issuer publishes of itself and its keys.
    IssuerMetadata,
    /// A JWS in one of the JSON serializations.
    JwsJson,
    /// The KB-JWT.
    KeyBinding,
    /// The proof that a holder has the private key to which a credential will be bound.
    KeyProof,
    /// A request for a presentation, or the answer to one.
    Request,
    /// A list of trusted issuers.
    Trust,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Disclosure(index) => write!(f, "disclosure {index}"),
            Self::IssuerJwt => f.write_str("issuer-signed JWT"),
            Self::IssuerMetadata => f.write_str("issuer metadata"),
            Self::JwsJson => f.write_str("JSON serialization"),
            Self::KeyBinding => f.write_str("KB-JWT"),
            Self::KeyProof => f.write_str("key proof"),
            Self::Request => f.write_str("request"),
            Self::Trust => f.write_str("trust list"),
        }
    }
}

/// A bound on the work that a token may cause; the numbers are in [`limits`](crate::limits).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Limit {
    /// Certificates of one token or one trusted issuer, or bytes of one.
    Certificates,
    /// Nesting of objects and arrays, disclosed values included.
    Depth,
    /// Digests embedded in payload and disclosures.
    Digests,
    /// Disclosures of one token.
    Disclosures,
    /// Keys of one trusted issuer, or issuers of one list.
    Keys,
    /// Bytes of the whole input.
    Length,
    /// Objects, arrays, strings, numbers and literals of a token or JSON document.
    Values,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Certificates => "number or length of certificates",
            Self::Depth => "depth",
            Self::Digests => "number of digests",
            Self::Disclosures => "number of disclosures",
            Self::Keys => "number of keys",
            Self::Length => "length",
            Self::Values => "number of values",
        })
    }
}

/// What is wrong with a JSON Web Key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum JwkFault {
    /// The coordinates are no point of the curve, or a point that no honest key has.
    Point,
    /// Private key material where a public key belongs.
    Private,
    /// A member is missing, of the wrong type or of the wrong length.
    Shape,
    /// A key type, curve or `alg` that is not one of ours.
    Unsupported,
}

impl std::fmt::Display for JwkFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Point => "not a point of its curve",
            Self::Private => "it holds private key material",
            Self::Shape => "a member is missing or malformed",
            Self::Unsupported => "its type, curve or algorithm is not supported",
        })
    }
}

/// Why a token was not issued, not presented or not accepted.
///
/// Variants carry times, positions and claim *names*; never the value of a claim.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The `alg` header is missing, not on the allow-list, or not that of the key.
    #[error("{part}: algorithm not allowed for this key and role")]
    AlgorithmNotAllowed {
        /// Where the header stands.
        part: Part,
    },
    /// `aud` is missing, not a single string, or another audience.
    #[error("{part}: made for another audience")]
    AudienceMismatch {
        /// Where `aud` stands.
        part: Part,
    },
    /// Text that is not base64url as RFC 7515 §2 has it: no padding, no spare bits, no other character.
    #[error("{part}: not strict base64url")]
    Base64url {
        /// Where the text stands.
        part: Part,
    },
    /// The certificates of an issuer do not lead to an anchor that is believed, or are not that issuer's (RFC 5280 §6).
    #[error("certificates not accepted: {0}")]
    Certificate(CertificateFault),
    /// A claim that the policy requires is not among the verified claims.
    #[error("required claim \"{name}\" is missing")]
    ClaimMissing {
        /// The name that the policy asked for.
        name: String,
    },
    /// A path chose nothing in the credential.
    #[error("no claim at {path}")]
    ClaimNotFound {
        /// The path as it was asked for.
        path: String,
    },
    /// `cnf` is missing or holds no usable public key, though key binding is required.
    #[error("no usable holder key in \"cnf\"")]
    ConfirmationMissing,
    /// A critical header that is not understood, or a malformed `crit` (RFC 7515 §4.1.11).
    #[error("{part}: critical header not understood")]
    CriticalHeader {
        /// Where the header stands.
        part: Part,
    },
    /// A date is missing, not a number, or outside the years 0 to 9999.
    #[error("date claim \"{claim}\" is missing or malformed")]
    DateMalformed {
        /// `exp`, `nbf` or `iat`.
        claim: &'static str,
    },
    /// One digest occurs twice (RFC 9901 §7.1, step 4).
    #[error("a digest occurs more than once")]
    DigestRepeated,
    /// A Disclosure has the wrong number of elements for its place (RFC 9901 §7.1, step 3).
    #[error("disclosure {index} does not fit its place")]
    DisclosureArity {
        /// Its position, counted from 0.
        index: usize,
    },
    /// A Disclosure is not an array with a salt, a name if it has three elements, and a value.
    #[error("disclosure {index} is malformed")]
    DisclosureMalformed {
        /// Its position, counted from 0.
        index: usize,
    },
    /// A Disclosure carries a name that is reserved or that its object already has.
    #[error("disclosure {index} carries a name that is reserved or taken")]
    DisclosureName {
        /// Its position, counted from 0.
        index: usize,
    },
    /// No digest refers to a Disclosure (RFC 9901 §7.1, step 5).
    #[error("disclosure {index} is not referenced by the issuer")]
    DisclosureUnreferenced {
        /// Its position, counted from 0.
        index: usize,
    },
    /// `exp` has been reached.
    #[error("expired at {expired_at}, checked at {now}")]
    Expired {
        /// The time of the check.
        now: UnixTime,
        /// The time from which on the token is void.
        expired_at: UnixTime,
    },
    /// `_sd_alg` names a hash that is not one of ours, or stands where it must not.
    #[error("\"_sd_alg\" is unknown or misplaced")]
    HashAlgorithm,
    /// The issuer is not the one that the policy expects.
    #[error("issued by somebody else")]
    IssuerMismatch,
    /// A JSON text is not acceptable.
    #[error("{part}: {fault}")]
    Json {
        /// Where the text stands.
        part: Part,
        /// What is wrong with it.
        fault: JsonFault,
    },
    /// A JSON Web Key cannot be used.
    #[error("key not usable: {0}")]
    Jwk(JwkFault),
    /// The KB-JWT or key proof is older than the policy allows.
    #[error("{part}: made at {issued_at}, too old at {now}")]
    KeyBindingExpired {
        /// Which of the two.
        part: Part,
        /// Its `iat`.
        issued_at: UnixTime,
        /// The time of the check.
        now: UnixTime,
    },
    /// The KB-JWT or key proof comes from the future.
    #[error("{part}: made at {issued_at}, in the future at {now}")]
    KeyBindingInFuture {
        /// Which of the two.
        part: Part,
        /// Its `iat`.
        issued_at: UnixTime,
        /// The time of the check.
        now: UnixTime,
    },
    /// Key binding is required and there is no KB-JWT.
    #[error("key binding required and absent")]
    KeyBindingMissing,
    /// There is a KB-JWT where the policy allows none.
    #[error("unexpected key binding")]
    KeyBindingUnexpected,
    /// A public key or a signature from a device is in no known encoding, or its numbers are out of range.
    #[error("public key or signature in no known encoding")]
    KeyFormat,
    /// The input is larger than what is accepted.
    #[error("{limit} over the limit")]
    LimitExceeded {
        /// The bound that was passed.
        limit: Limit,
    },
    /// A member of a request, a trust list, issuer metadata, a header or a JSON serialization is missing or of the wrong
    /// type.
    #[error("{part}: member \"{member}\" is missing or malformed")]
    MemberMalformed {
        /// The document.
        part: Part,
        /// The member's name.
        member: &'static str,
    },
    /// The KB-JWT or key proof answers another challenge.
    #[error("{part}: answers another challenge")]
    NonceMismatch {
        /// Which of the two.
        part: Part,
    },
    /// `nbf` has not been reached.
    #[error("not valid before {valid_from}, checked at {now}")]
    NotYetValid {
        /// The time of the check.
        now: UnixTime,
        /// The time from which on the token is valid.
        valid_from: UnixTime,
    },
    /// A claim that must always be visible, or a part of it, came from a Disclosure (SD-JWT VC §2.2.2.3).
    #[error("claim \"{claim}\" must not be selectively disclosable")]
    ProtectedClaim {
        /// The protected claim.
        claim: &'static str,
    },
    /// The generator of random bytes failed.
    #[error("no random bytes to be had")]
    Random,
    /// A claim is named `_sd` or `...`, or these are not what they must be. Claims to be issued may not be named
    /// `_sd_alg` either; in a token that is [`Error::HashAlgorithm`].
    #[error("{part}: reserved name misused")]
    ReservedName {
        /// Where it stands.
        part: Part,
    },
    /// `sd_hash` is missing or is not the hash of what was received.
    #[error("key binding covers another presentation")]
    SdHashMismatch,
    /// The text is not laid out as its serialization requires.
    #[error("{part}: not laid out as specified")]
    Shape {
        /// What should have stood there.
        part: Part,
    },
    /// The signature does not verify. Says no more, on purpose.
    #[error("{part}: signature is not valid")]
    Signature {
        /// What was signed.
        part: Part,
    },
    /// The signing key could not be used.
    #[error("signing failed: {0}")]
    Signer(#[from] SignerError),
    /// Claims to be issued give one name twice in one object.
    #[error("a claim name is given twice")]
    TemplateName,
    /// `typ` is missing or names another kind of token.
    #[error("{part}: wrong \"typ\"")]
    Typ {
        /// Where the header stands.
        part: Part,
    },
    /// A document of a type is not acceptable, or the credential is not as its type says (SD-JWT VC §5).
    #[error(transparent)]
    TypeMetadata(#[from] TypeMetadataError),
    /// No trusted issuer has this name, or it may not issue this type, or not at this time.
    #[error("issuer is not trusted for this type at this time")]
    Untrusted,
    /// `vct` or `aka_vcts` is missing or malformed, or no accepted type is among them.
    #[error("credential type is missing, malformed or not accepted")]
    Vct,
    /// `status` or `cnf` is not an object.
    #[error("claim \"{claim}\" is malformed")]
    VcClaimMalformed {
        /// The claim.
        claim: &'static str,
    },
}

impl Error {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AlgorithmNotAllowed { .. } => "algorithm_not_allowed",
            Self::AudienceMismatch { .. } => "audience_mismatch",
            Self::Base64url { .. } => "base64url",
            Self::Certificate(_) => "certificate",
            Self::ClaimMissing { .. } => "claim_missing",
            Self::ClaimNotFound { .. } => "claim_not_found",
            Self::ConfirmationMissing => "confirmation_missing",
            Self::CriticalHeader { .. } => "critical_header",
            Self::DateMalformed { .. } => "date_malformed",
            Self::DigestRepeated => "digest_repeated",
            Self::DisclosureArity { .. } => "disclosure_arity",
            Self::DisclosureMalformed { .. } => "disclosure_malformed",
            Self::DisclosureName { .. } => "disclosure_name",
            Self::DisclosureUnreferenced { .. } => "disclosure_unreferenced",
            Self::Expired { .. } => "expired",
            Self::HashAlgorithm => "hash_algorithm",
            Self::IssuerMismatch => "issuer_mismatch",
            Self::Json { fault, .. } => fault.code(),
            Self::Jwk(_) => "jwk",
            Self::KeyBindingExpired { .. } => "key_binding_expired",
            Self::KeyBindingInFuture { .. } => "key_binding_in_future",
            Self::KeyBindingMissing => "key_binding_missing",
            Self::KeyBindingUnexpected => "key_binding_unexpected",
            Self::KeyFormat => "key_format",
            Self::LimitExceeded { .. } => "limit_exceeded",
            Self::MemberMalformed { .. } => "member_malformed",
            Self::NonceMismatch { .. } => "nonce_mismatch",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::ProtectedClaim { .. } => "protected_claim",
            Self::Random => "random",
            Self::ReservedName { .. } => "reserved_name",
            Self::SdHashMismatch => "sd_hash_mismatch",
            Self::Shape { .. } => "shape",
            Self::Signature { .. } => "signature",
            Self::Signer(error) => error.code(),
            Self::TemplateName => "template_name",
            Self::Typ { .. } => "typ",
            Self::TypeMetadata(error) => error.code(),
            Self::Untrusted => "untrusted",
            Self::Vct => "vct",
            Self::VcClaimMalformed { .. } => "vc_claim_malformed",
        }
    }
}

/// Why a signer gave no signature. It carries no text of the key store: such texts hold more than they should.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// The person did not agree.
    #[error("cancelled by the user")]
    Cancelled,
    /// The key is of another algorithm than the token was prepared for.
    #[error("the key is not the one this was prepared for")]
    KeyMismatch,
    /// The key store, HSM or service did not answer.
    #[error("the key is not available")]
    Unavailable,
}

impl SignerError {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "signer_cancelled",
            Self::KeyMismatch => "signer_key_mismatch",
            Self::Unavailable => "signer_unavailable",
        }
    }
}
