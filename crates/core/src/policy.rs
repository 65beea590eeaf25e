//! What a verifier insists on. There is no default: each field is a decision.

use crate::{AlgorithmSet, KeyBinding, PublicKey};

/// The decisions under which a token is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// The key that must have signed. Choose it by [`SdJwt::untrusted_issuer`](crate::SdJwt::untrusted_issuer) among
    /// keys trusted beforehand, never by anything else the token says.
    pub issuer_key: &'a PublicKey,
    /// The algorithms an issuer may use.
    pub issuer_algorithms: AlgorithmSet,
    /// If given, `iss` must be exactly this. A trust list passes the name under which it found the key.
    pub issuer: Option<&'a str>,
    /// Which rules of layout and type apply.
    pub format: Format<'a>,
    /// Whether the holder must prove possession.
    pub binding: KeyBinding<'a>,
    /// Top-level claims that must be there after processing (RFC 9901 §9.7).
    pub required_claims: &'a [&'a str],
    /// How far the issuer's or holder's clock may run ahead, for `nbf` and `iat`. `exp` gets no grace.
    pub clock_skew_secs: u32,
}

/// The rules that apply on top of RFC 9901.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Format<'a> {
    /// A plain SD-JWT.
    SdJwt {
        /// The `typ` it must carry, exactly; `None` takes any, for formats that set none.
        typ: Option<&'a str>,
    },
    /// An SD-JWT VC: `typ` is `dc+sd-jwt`, and protected claims are never disclosed selectively.
    SdJwtVc {
        /// Accepted values of `vct` or `aka_vcts`; `None` takes every type, and then the caller must look.
        types: Option<&'a [&'a str]>,
    },
}
