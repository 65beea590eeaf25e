//! Keys of issuers by certificates: the `x5c` of a token, and the anchors it must lead to (RFC 7515 §4.1.6, RFC 5280
//! §6, HAIP 1.0 §6.1.1).
//!
//! `webpki` builds and checks the path: names, signatures within a budget, validity, basic constraints, lengths, name
//! constraints. It refuses what it does not evaluate: a name constraint on directory names, addresses of mail or URIs,
//! and a critical extension that it does not know. What it leaves to others is checked here: key usage, key purposes,
//! critical distribution points, the anchors' own validity and length, the order of `x5c`, and whose certificate it is.
//! There is no revocation: nothing here has a network.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::oid::ObjectIdentifier;
use rustls_pki_types::{CertificateDer, TrustAnchor};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, VerifiedPath};

use crate::https_url::HttpsUrl;
use crate::json::Json;
use crate::{Error, KeyKind, Limit, PublicKey, UnixTime, base64url};

use extensions::Extensions;

mod algorithm;
mod extensions;

/// Certificates in one `x5c`: the issuer's, what stands between, and the anchor where it may come along. Real ones
/// have two or three; the paths that can be built of so many are few hundred.
pub const MAX_CERTIFICATES: usize = 6;

/// Bytes of one certificate. Those with keys of ours have fewer than 2,000.
pub const MAX_CERTIFICATE_BYTES: usize = 8_192;

/// Anchors of one issuer: the one in use, its predecessors, and the next.
pub const MAX_ANCHORS: usize = 16;

/// What is wrong with certificates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CertificateFault {
    /// The trust anchor stands in `x5c`, where HAIP 1.0 §6.1.1 forbids it.
    AnchorIncluded,
    /// Basic constraints, a length of path or name constraints forbid it (RFC 5280 §4.2.1.9, §4.2.1.10).
    Constraint,
    /// A critical extension that is not understood (RFC 5280 §4.2).
    Critical,
    /// No certificate, or `x5c` is not an array of standard base64 of DER (RFC 7515 §4.1.6).
    Malformed,
    /// The issuer is known by certificates, and there is no `x5c`.
    Missing,
    /// The certificate names another issuer, or none.
    Name,
    /// No path leads to an anchor that is believed at this time.
    Path,
    /// The key is for something else (RFC 5280 §4.2.1.3, §4.2.1.12).
    Purpose,
    /// The signing certificate is self-signed, which HAIP 1.0 §6.1.1 forbids.
    SelfSigned,
    /// A key or a signature of an algorithm that is not one of ours.
    Unsupported,
    /// A certificate is not valid at this time.
    Validity,
}

impl std::fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::AnchorIncluded => "the trust anchor must not be in \"x5c\"",
            Self::Constraint => "a constraint of a certificate is violated",
            Self::Critical => "a critical extension is not understood",
            Self::Malformed => "no certificates in strict base64 and DER",
            Self::Missing => "\"x5c\" is required and absent",
            Self::Name => "made out to another issuer",
            Self::Path => "no path to an anchor that is believed",
            Self::Purpose => "the key is for another purpose",
            Self::SelfSigned => "the signing certificate is self-signed",
            Self::Unsupported => "algorithm not supported",
            Self::Validity => "not valid at this time",
        })
    }
}

const fn fault(fault: CertificateFault) -> Error {
    Error::Certificate(fault)
}

impl From<CertificateFault> for Error {
    fn from(fault: CertificateFault) -> Self {
        Self::Certificate(fault)
    }
}

impl From<webpki::Error> for CertificateFault {
    fn from(error: webpki::Error) -> Self {
        use webpki::Error as E;
        match error {
            E::CaUsedAsEndEntity
            | E::EndEntityUsedAsCa
            | E::NameConstraintViolation
            | E::PathLenConstraintViolated => Self::Constraint,
            E::CertExpired { .. } | E::CertNotValidYet { .. } | E::InvalidCertValidity => {
                Self::Validity
            }
            E::EmptyEkuExtension => Self::Purpose,
            E::InvalidSignatureForPublicKey
            | E::MaximumNameConstraintComparisonsExceeded
            | E::MaximumPathBuildCallsExceeded
            | E::MaximumPathDepthExceeded
            | E::MaximumSignatureChecksExceeded
            | E::UnknownIssuer => Self::Path,
            E::UnsupportedCriticalExtension => Self::Critical,
            E::UnsupportedSignatureAlgorithmContext(_)
            | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => Self::Unsupported,
            _ => Self::Malformed,
        }
    }
}

/// Which rules `x5c` must keep.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum X5cProfile {
    /// HAIP 1.0 §6.1.1: nothing beyond the path, so no anchor, and no self-signed certificate of the issuer.
    Haip,
    /// SD-JWT VC §2.5: what leads beyond the anchor is ignored.
    SdJwtVc,
}

/// The authorities whose certificates are believed for one issuer. They are decoded when they are read.
#[derive(Clone)]
pub struct Anchors {
    anchors: Vec<Anchor>,
    key_purpose: Option<ObjectIdentifier>,
    profile: X5cProfile,
}

#[derive(Clone)]
struct Anchor {
    der: Vec<u8>,
    trusted: TrustAnchor<'static>,
    not_before: UnixTime,
    not_after: UnixTime,
    /// How many certificates may stand between it and an issuer's.
    max_intermediates: Option<u8>,
}

impl Anchors {
    /// The authorities with these certificates, in DER.
    ///
    /// `key_purpose` is the OBJECT IDENTIFIER, in dots, that the certificates of the issuer must have among their key
    /// purposes, and that of an authority, if it has any. Without one, a certificate whose key purposes do not include
    /// `anyExtendedKeyUsage` is refused: what it is limited to, a web server for example, is something else.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] for none, too many or too large ones; [`Error::Certificate`] for one that is no
    /// certificate of an authority or has a key that is not one of ours, or for a malformed identifier.
    pub fn new(
        certificates: &[impl AsRef<[u8]>],
        key_purpose: Option<&str>,
        profile: X5cProfile,
    ) -> Result<Self, Error> {
        if !(1..=MAX_ANCHORS).contains(&certificates.len()) {
            return Err(Error::LimitExceeded { limit: Limit::Certificates });
        }
        let key_purpose = key_purpose.map(ObjectIdentifier::new).transpose();
        Ok(Self {
            anchors: certificates
                .iter()
                .map(|certificate| Anchor::read(certificate.as_ref()))
                .collect::<Result<_, _>>()?,
            key_purpose: key_purpose.map_err(|_| fault(CertificateFault::Purpose))?,
            profile,
        })
    }

    /// The certificates, in DER.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.anchors.iter().map(|anchor| anchor.der.as_slice())
    }

    /// The key purpose that is required, in dots.
    #[must_use]
    pub fn key_purpose(&self) -> Option<String> {
        self.key_purpose.map(|purpose| purpose.to_string())
    }

    /// The rules for `x5c`.
    #[must_use]
    pub const fn profile(&self) -> X5cProfile {
        self.profile
    }

    /// Validates the path from the issuer's certificate to one of these, and that it is this issuer's.
    pub(crate) fn validate(
        &self,
        chain: &Chain,
        issuer: &str,
        now: UnixTime,
    ) -> Result<Certified, Error> {
        let (first, rest) = chain.0.split_first().ok_or(fault(CertificateFault::Malformed))?;
        let is_anchor = |one: &CertificateDer<'_>| self.certificates().any(|der| **one == *der);
        if self.profile == X5cProfile::Haip && chain.0.iter().any(is_anchor) {
            return Err(fault(CertificateFault::AnchorIncluded));
        }
        let leaf = parse(first)?;
        if self.profile == X5cProfile::Haip && leaf.issuer() == leaf.subject() {
            return Err(fault(CertificateFault::SelfSigned));
        }
        refuse_disorder(&leaf, rest)?;
        let believed: Vec<&Anchor> = self.anchors.iter().filter(|a| a.is_valid_at(now)).collect();
        let trusted: Vec<TrustAnchor<'_>> = believed.iter().map(|a| a.trusted.clone()).collect();
        let short_enough = |path: &VerifiedPath<'_>| {
            let length = path.intermediate_certificates().count();
            let ends_at =
                trusted.iter().zip(&believed).find(|(one, _)| std::ptr::eq(*one, path.anchor()));
            let max = ends_at.and_then(|(_, anchor)| anchor.max_intermediates);
            if max.is_none_or(|max| length <= usize::from(max)) {
                Ok(())
            } else {
                Err(webpki::Error::PathLenConstraintViolated)
            }
        };
        let secs = u64::try_from(now.as_secs()).map_err(|_| fault(CertificateFault::Validity))?;
        let path = leaf
            .verify_for_usage(
                &algorithm::ALL,
                &trusted,
                rest,
                rustls_pki_types::UnixTime::since_unix_epoch(Duration::from_secs(secs)),
                AnyPurpose,
                None,
                Some(&short_enough),
            )
            .map_err(CertificateFault::from)?;
        let between: Vec<_> = path.intermediate_certificates().collect();
        if self.profile == X5cProfile::Haip && between.len() != rest.len() {
            return Err(fault(CertificateFault::Path));
        }
        let own = read(first)?;
        self.check_leaf(&own)?;
        let mut constrained = path.anchor().name_constraints.is_some();
        let mut authority_key_ids: Vec<String> = own.authority_key_id().into_iter().collect();
        for certificate in between {
            let der = certificate.der();
            let authority = read(&der)?;
            self.check_authority(&authority)?;
            constrained |= authority.constrains_names;
            authority_key_ids.extend(authority.authority_key_id());
        }
        if !names(&leaf, issuer, constrained) {
            return Err(fault(CertificateFault::Name));
        }
        Ok(Certified { key: public_key(&leaf)?, authority_key_ids })
    }

    /// That the issuer's key may sign credentials.
    fn check_leaf(&self, leaf: &Extensions<'_>) -> Result<(), CertificateFault> {
        let serves = match &self.key_purpose {
            Some(purpose) => leaf.has_purpose(purpose),
            None => !leaf.is_limited(),
        };
        let signs = leaf.key_usage.is_none_or(|usage| usage.digital_signature);
        if serves && signs { Ok(()) } else { Err(CertificateFault::Purpose) }
    }

    /// That an authority below the anchor may certify such a key. Its key purposes limit those of what it certifies.
    fn check_authority(&self, authority: &Extensions<'_>) -> Result<(), CertificateFault> {
        let purpose = self.key_purpose.as_ref();
        let serves =
            !authority.is_limited() || purpose.is_some_and(|wanted| authority.has_purpose(wanted));
        let certifies = authority.key_usage.is_none_or(|usage| usage.key_cert_sign);
        if serves && certifies { Ok(()) } else { Err(CertificateFault::Purpose) }
    }
}

impl std::fmt::Debug for Anchors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Anchors")
            .field("anchors", &self.anchors.len())
            .field("key_purpose", &self.key_purpose)
            .field("profile", &self.profile)
            .finish()
    }
}

impl Anchor {
    /// An anchor is held to what it says of itself, although RFC 5280 §6.1.1 would only take its name and its key.
    fn read(der: &[u8]) -> Result<Self, Error> {
        refuse_size(der.len())?;
        let certificate = CertificateDer::from(der);
        let parsed = parse(&certificate)?;
        public_key(&parsed)?;
        let own = read(der)?;
        if !own.is_ca {
            return Err(fault(CertificateFault::Constraint));
        }
        if own.key_usage.is_some_and(|usage| !usage.key_cert_sign) {
            return Err(fault(CertificateFault::Purpose));
        }
        let (not_before, not_after) = own.validity.ok_or(fault(CertificateFault::Malformed))?;
        let trusted =
            webpki::anchor_from_trusted_cert(&certificate).map_err(CertificateFault::from)?;
        Ok(Self {
            der: der.to_vec(),
            trusted: trusted.to_owned(),
            not_before,
            not_after,
            max_intermediates: own.max_intermediates,
        })
    }

    fn is_valid_at(&self, now: UnixTime) -> bool {
        (self.not_before..=self.not_after).contains(&now)
    }
}

/// The certificates of an `x5c` header, decoded from base64 and nothing more.
pub(crate) struct Chain(Vec<CertificateDer<'static>>);

impl Chain {
    /// Reads the value of `x5c`.
    pub(crate) fn read(x5c: &Json<'_>) -> Result<Self, Error> {
        let Json::Array(items) = x5c else { return Err(fault(CertificateFault::Malformed)) };
        if items.len() > MAX_CERTIFICATES {
            return Err(Error::LimitExceeded { limit: Limit::Certificates });
        }
        if items.is_empty() {
            return Err(fault(CertificateFault::Malformed));
        }
        let decode = |item: &Json<'_>| -> Result<CertificateDer<'static>, Error> {
            let text = item.as_str().ok_or(fault(CertificateFault::Malformed))?;
            decode(text)?.map(CertificateDer::from).ok_or(fault(CertificateFault::Malformed))
        };
        items.iter().map(decode).collect::<Result<_, _>>().map(Self)
    }

    /// Tells whether the first certificate, which nobody has validated, is made out to an issuer.
    pub(crate) fn is_made_out_to(&self) -> Result<impl Fn(&str) -> bool + '_, Error> {
        let leaf = parse(self.0.first().ok_or(fault(CertificateFault::Malformed))?)?;
        Ok(move |issuer: &str| names(&leaf, issuer, false))
    }

    /// The key identifiers of the authorities (OpenID4VP 1.0 §6.1.1.1), as far as they can be read.
    pub(crate) fn authority_key_ids(&self) -> Vec<String> {
        self.0.iter().filter_map(|one| read(one).ok()?.authority_key_id()).collect()
    }
}

/// The certificates that an issuer writes into its tokens: its own first, without the anchor.
#[cfg(feature = "sign")]
#[derive(Clone, Eq, PartialEq)]
pub struct CertificateChain(Vec<Vec<u8>>);

#[cfg(feature = "sign")]
impl CertificateChain {
    /// These certificates, in DER, of `issuer`, who signs with `key`.
    ///
    /// Whether they lead to an anchor, and when, is for whoever has an anchor and a clock. What would make every holder
    /// refuse them is found here: HAIP 1.0 §6.1.1 holds.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] for none, too many or too large ones; [`Error::Certificate`] for one that is malformed,
    /// in another order than each certifying the one before, an anchor, self-signed, made out to another issuer or not
    /// for signatures; [`SignerError::KeyMismatch`](crate::SignerError::KeyMismatch) for a certificate of another key.
    pub fn new(
        certificates: &[impl AsRef<[u8]>],
        issuer: &str,
        key: &PublicKey,
    ) -> Result<Self, Error> {
        if !(1..=MAX_CERTIFICATES).contains(&certificates.len()) {
            return Err(Error::LimitExceeded { limit: Limit::Certificates });
        }
        let der = certificates.iter().map(|certificate| CertificateDer::from(certificate.as_ref()));
        let chain: Vec<CertificateDer<'_>> = der.collect();
        chain.iter().try_for_each(|certificate| refuse_size(certificate.len()))?;
        let (first, rest) = chain.split_first().ok_or(fault(CertificateFault::Malformed))?;
        let leaf = parse(first)?;
        if leaf.issuer() == leaf.subject() {
            return Err(fault(CertificateFault::SelfSigned));
        }
        refuse_disorder(&leaf, rest)?;
        for certificate in rest {
            let authority = parse(certificate)?;
            if authority.issuer() == authority.subject() {
                return Err(fault(CertificateFault::AnchorIncluded));
            }
            read(certificate)?;
        }
        if public_key(&leaf)? != *key {
            return Err(crate::SignerError::KeyMismatch.into());
        }
        if !names(&leaf, issuer, false) {
            return Err(fault(CertificateFault::Name));
        }
        if read(first)?.key_usage.is_some_and(|usage| !usage.digital_signature) {
            return Err(fault(CertificateFault::Purpose));
        }
        Ok(Self(chain.iter().map(|certificate| certificate.to_vec()).collect()))
    }

    /// The value of `x5c`.
    pub(crate) fn to_x5c(&self) -> serde_json::Value {
        self.0.iter().map(|certificate| encode(certificate)).collect()
    }
}

#[cfg(feature = "sign")]
impl std::fmt::Debug for CertificateChain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CertificateChain").field("certificates", &self.0.len()).finish()
    }
}

/// What a validated path proves.
pub(crate) struct Certified {
    pub(crate) key: PublicKey,
    pub(crate) authority_key_ids: Vec<String>,
}

/// Standard base64 with padding; `None` for any other spelling.
pub(crate) fn decode(text: &str) -> Result<Option<Vec<u8>>, Error> {
    // Before it is decoded: what comes out is no shorter.
    refuse_size((text.len() / 4 * 3).saturating_sub(PADDING))?;
    let Ok(bytes) = STANDARD.decode(text) else { return Ok(None) };
    refuse_size(bytes.len())?;
    Ok(Some(bytes))
}

/// Bytes that padding stands for at most.
const PADDING: usize = 2;

pub(crate) fn encode(der: &[u8]) -> String {
    STANDARD.encode(der)
}

const fn refuse_size(bytes: usize) -> Result<(), Error> {
    if bytes > MAX_CERTIFICATE_BYTES {
        return Err(Error::LimitExceeded { limit: Limit::Certificates });
    }
    Ok(())
}

/// A certificate of version 3 in DER, all of whose critical extensions are known.
fn parse<'c>(certificate: &'c CertificateDer<'c>) -> Result<EndEntityCert<'c>, Error> {
    EndEntityCert::try_from(certificate).map_err(|error| CertificateFault::from(error).into())
}

fn read(certificate: &[u8]) -> Result<Extensions<'_>, Error> {
    let read = Extensions::read(certificate).map_err(|_| fault(CertificateFault::Malformed))?;
    if read.unknown_critical { Err(fault(CertificateFault::Critical)) } else { Ok(read) }
}

fn public_key(certificate: &EndEntityCert<'_>) -> Result<PublicKey, Error> {
    let info = certificate.subject_public_key_info();
    let key = PublicKey::from_device(KeyKind::P256, &info)
        .or_else(|_| PublicKey::from_device(KeyKind::Ed25519, &info));
    key.map_err(|_| fault(CertificateFault::Unsupported))
}

/// "Each subsequent certificate being the one used to certify the previous one" (RFC 7515 §4.1.6).
fn refuse_disorder(leaf: &EndEntityCert<'_>, rest: &[CertificateDer<'_>]) -> Result<(), Error> {
    let mut issuer = leaf.issuer().to_vec();
    for certificate in rest {
        let next = parse(certificate)?;
        if next.subject() != issuer {
            return Err(fault(CertificateFault::Path));
        }
        issuer = next.issuer().to_vec();
    }
    Ok(())
}

/// Whether a certificate is made out to `issuer`: by a URI that is equal, or a DNS name that is the host of the address.
///
/// Constraints on DNS names do not bind URIs (RFC 5280 §4.2.1.10), so that an authority limited to some hosts could
/// make out a URI to any. Where there are constraints, only a DNS name counts.
fn names(certificate: &EndEntityCert<'_>, issuer: &str, constrained: bool) -> bool {
    let by_uri = || certificate.valid_uri_names().any(|uri| uri == issuer);
    let by_host = |host: &str| {
        let same = |name: &str| name.eq_ignore_ascii_case(host);
        certificate.valid_dns_names().any(same)
    };
    (!constrained && by_uri()) || HttpsUrl::parse(issuer).is_some_and(|url| by_host(url.host))
}

/// Key purposes are checked on the path that was found, where it is known which certificate is whose.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}

/// `anyExtendedKeyUsage`, 2.5.29.37.0 (RFC 5280 §4.2.1.12).
const ANY_PURPOSE: [u8; 4] = [0x55, 0x1d, 0x25, 0x00];

impl Extensions<'_> {
    fn has_purpose(&self, wanted: &ObjectIdentifier) -> bool {
        self.key_purposes.contains(&wanted.as_bytes())
    }

    /// Whether there are key purposes, and not all.
    fn is_limited(&self) -> bool {
        !self.key_purposes.is_empty() && !self.key_purposes.contains(&ANY_PURPOSE.as_slice())
    }

    fn authority_key_id(&self) -> Option<String> {
        self.authority_key_id.map(base64url::encode)
    }
}
