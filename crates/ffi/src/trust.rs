//! Whom to believe, about what, and when.

use std::sync::Arc;

use llavero_core::certificate::{Anchors, X5cProfile};
use llavero_core::{UnixTime, trust};

use crate::LlaveroError;
use crate::error::Misuse;
use crate::keys::PublicKey;

/// The issuers that a wallet or a verifier believes, with their keys. It is loaded while there is a network, and serves
/// without one.
#[derive(Debug, uniffi::Object)]
pub struct TrustList(pub(crate) trust::TrustList);

#[uniffi::export]
impl TrustList {
    /// A list of these issuers, made at `issued_at`.
    ///
    /// # Errors
    /// `limit_exceeded`; `member_malformed` if two entries have one `issuer`; `certificate` for an anchor that is none;
    /// `argument_malformed` for an issuer with both keys and certificates.
    #[uniffi::constructor]
    pub fn new(issued_at: UnixTime, issuers: Vec<TrustedIssuer>) -> Result<Self, LlaveroError> {
        let issuers = issuers.into_iter().map(TrustedIssuer::checked).collect::<Result<_, _>>()?;
        Ok(Self(trust::TrustList::new(issued_at, issuers)?))
    }

    /// Reads a list from its JSON text.
    ///
    /// # Errors
    /// `json_*`, `member_malformed`, `jwk`, `certificate`, `type_*`, `limit_exceeded`.
    #[uniffi::constructor]
    pub fn from_json(text: &str) -> Result<Self, LlaveroError> {
        Ok(Self(trust::TrustList::from_slice(text.as_bytes())?))
    }

    /// The list with these documents of types (SD-JWT VC §5.2) in place of those it had, each the exact text that was
    /// published. Whatever a document extends must be among them. Credentials of these types are held to them, and are
    /// called by their labels.
    ///
    /// Take documents only from whom you would believe: they decide which rules hold, and which queries a type answers.
    ///
    /// # Errors
    /// `type_*`, `json_*` or `path_*` with what is wrong with one of them, or with what it extends.
    pub fn with_type_documents(&self, documents: Vec<String>) -> Result<Self, LlaveroError> {
        Ok(Self(self.0.clone().with_type_documents(documents)?))
    }

    /// The list as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.0.to_json().to_string()
    }

    /// When the list was made.
    #[must_use]
    pub fn issued_at(&self) -> UnixTime {
        self.0.issued_at
    }

    /// The issuers, in the list's order.
    #[must_use]
    pub fn issuers(&self) -> Vec<TrustedIssuer> {
        self.0.issuers().iter().map(TrustedIssuer::from).collect()
    }

    /// The documents of types, in the list's order.
    #[must_use]
    pub fn type_documents(&self) -> Vec<String> {
        self.0.type_documents().to_vec()
    }
}

/// One issuer of a [`TrustList`]: known by its keys, or by certificates under anchors.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct TrustedIssuer {
    /// `iss` exactly as it stands in credentials.
    pub issuer: String,
    /// What to call it in front of people.
    pub name: String,
    /// The values of `vct` that it may issue.
    pub types: Vec<String>,
    /// Its keys; none where certificates bring them.
    #[uniffi(default = [])]
    pub keys: Vec<TrustedKey>,
    /// Under which authorities certificates in its credentials bring its keys.
    #[uniffi(default = None)]
    pub certificates: Option<CertificateTrust>,
    /// Whether its credentials are believed only if a document of the list describes their type.
    #[uniffi(default = false)]
    pub requires_type_metadata: bool,
}

/// The authorities whose certificates are believed for one issuer.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct CertificateTrust {
    /// The authorities' own certificates, in DER.
    pub anchors: Vec<Vec<u8>>,
    /// The OBJECT IDENTIFIER, in dots, that the issuer's certificate must have among its key purposes. Without one, a
    /// certificate that is limited to some purpose is refused.
    #[uniffi(default = None)]
    pub key_purpose: Option<String>,
    /// Whether the rules of HAIP 1.0 §6.1.1 hold: no anchor among the certificates that a credential brings, and none
    /// that is self-signed.
    #[uniffi(default = true)]
    pub haip: bool,
}

/// One key of a [`TrustedIssuer`].
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct TrustedKey {
    /// The key.
    pub key: Arc<PublicKey>,
    /// Its name in `kid` headers. Without one, the RFC 7638 thumbprint serves.
    #[uniffi(default = None)]
    pub key_id: Option<String>,
    /// Credentials are believed from this time on.
    #[uniffi(default = None)]
    pub not_before: Option<UnixTime>,
    /// Credentials are no longer believed from this time on.
    #[uniffi(default = None)]
    pub not_after: Option<UnixTime>,
}

impl TrustedIssuer {
    /// The issuer with its anchors decoded.
    fn checked(self) -> Result<trust::TrustedIssuer, LlaveroError> {
        let keys = match (self.certificates, self.keys.is_empty()) {
            (None, _) => trust::IssuerKeys::Listed(self.keys.into_iter().map(into_key).collect()),
            (Some(certificates), true) => {
                let CertificateTrust { anchors, key_purpose, haip } = certificates;
                let profile = if haip { X5cProfile::Haip } else { X5cProfile::SdJwtVc };
                let anchors = Anchors::new(&anchors, key_purpose.as_deref(), profile)?;
                trust::IssuerKeys::Certified(anchors)
            }
            // Which way applies must be clear.
            (Some(_), false) => return Err(Misuse::Argument("certificates").into()),
        };
        Ok(trust::TrustedIssuer {
            issuer: self.issuer,
            name: self.name,
            types: self.types,
            keys,
            requires_type_metadata: self.requires_type_metadata,
        })
    }
}

fn into_key(key: TrustedKey) -> trust::TrustedKey {
    let TrustedKey { key, key_id, not_before, not_after } = key;
    trust::TrustedKey { key: key.0.clone(), key_id, not_before, not_after }
}

impl From<&trust::TrustedKey> for TrustedKey {
    fn from(key: &trust::TrustedKey) -> Self {
        Self {
            key: Arc::new(PublicKey(key.key.clone())),
            key_id: key.key_id.clone(),
            not_before: key.not_before,
            not_after: key.not_after,
        }
    }
}

impl From<&Anchors> for CertificateTrust {
    fn from(anchors: &Anchors) -> Self {
        Self {
            anchors: anchors.certificates().map(<[u8]>::to_vec).collect(),
            key_purpose: anchors.key_purpose(),
            haip: anchors.profile() == X5cProfile::Haip,
        }
    }
}

impl From<&trust::TrustedIssuer> for TrustedIssuer {
    fn from(issuer: &trust::TrustedIssuer) -> Self {
        let (keys, certificates) = match &issuer.keys {
            trust::IssuerKeys::Listed(keys) => (keys.as_slice(), None),
            trust::IssuerKeys::Certified(anchors) => (&[][..], Some(anchors.into())),
            _ => (&[][..], None),
        };
        Self {
            issuer: issuer.issuer.clone(),
            name: issuer.name.clone(),
            types: issuer.types.clone(),
            keys: keys.iter().map(TrustedKey::from).collect(),
            certificates,
            requires_type_metadata: issuer.requires_type_metadata,
        }
    }
}
