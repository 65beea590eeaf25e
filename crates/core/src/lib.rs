//! The format engine of Llavero: issue, present and verify one SD-JWT (RFC 9901) or SD-JWT VC, offline.
//!
//! | specification | module |
//! |---|---|
//! | RFC 9901 §4, §5: what an issuer makes | [`issue`], [`template`] |
//! | RFC 9901 §7.2: what a holder shows | [`present`] |
//! | RFC 9901 §7.1, §7.3: what a verifier checks | [`SdJwt`], [`Policy`], [`Verified`] |
//! | RFC 9901 §8: JWS JSON serializations | [`jws_json`] |
//! | SD-JWT VC §2.2: types and protected claims | [`Format::SdJwtVc`] |
//! | SD-JWT VC §2.5, RFC 5280 §6: issuers by certificates | [`certificate`] |
//! | SD-JWT VC §4: what issuers publish of themselves | [`issuer_metadata`] |
//! | SD-JWT VC §5, §6: Type Metadata, document integrity | [`type_metadata`] |
//! | RFC 7517, RFC 7638, RFC 8037: keys | [`PublicKey`] |
//! | RFC 5480, RFC 8410, RFC 3279, SEC 1: keys and signatures of a phone's hardware | [`PublicKey::from_device`], [`Signature::from_device`] |
//! | OpenID4VP 1.0 §6, §7: queries and claim paths | [`dcql`], [`path`] |
//! | OpenID4VP 1.0 §5, §8: request and answer | [`request`] |
//! | OpenID4VCI 1.0 appendix F.1: proof of a holder's key | [`key_proof`] |
//! | none: what a text says, unverified | [`inspect()`] |
//!
//! It reads no clock, no file and no network: time, randomness, keys and trust are arguments.
//! Claims cannot be read before they are verified, and a policy has no default:
//! ```compile_fail,E0277
//! let policy: llavero_core::Policy = Default::default();
//! # fn default<T: Default>() -> T { T::default() }
//! ```

#![cfg_attr(
    not(feature = "sign"),
    allow(dead_code, reason = "a verifier leaves some helpers of issuing and presenting unused")
)]

mod base64url;
pub mod certificate;
mod dates;
pub mod dcql;
mod disclosure;
mod error;
mod hash;
mod https_url;
mod inspect;
#[cfg(feature = "sign")]
pub mod issue;
pub mod issuer_metadata;
pub mod json;
mod jws;
pub mod jws_json;
mod key;
mod key_binding;
pub mod key_proof;
pub mod limits;
pub mod path;
mod policy;
#[cfg(feature = "sign")]
pub mod present;
mod process;
mod random;
pub mod request;
mod sd_jwt;
#[cfg(feature = "sign")]
pub mod template;
#[cfg(all(test, feature = "sign"))]
mod testing;
mod time;
pub mod trust;
pub mod type_metadata;
mod vc;

pub use certificate::CertificateFault;
pub use error::{Error, JwkFault, Limit, Part, SignerError};
pub use hash::HashAlgorithm;
pub use inspect::inspect;
pub use json::JsonFault;
pub use key::{AlgorithmSet, JwsAlgorithm, KeyKind, PublicKey, Signature};
#[cfg(feature = "sign")]
pub use key::{Signer, SigningKey};
pub use key_binding::{Challenge, KeyBinding};
pub use path::{ClaimPath, PathError, PathSegment, Positions};
pub use policy::{Format, Policy};
#[cfg(feature = "os-random")]
pub use random::OsRandom;
pub use random::{Random, RandomError};
pub use sd_jwt::{SdJwt, UntrustedContents, Verified};
pub use time::{SECONDS_PER_DAY, UnixTime};
pub use vc::PROTECTED_CLAIMS;
