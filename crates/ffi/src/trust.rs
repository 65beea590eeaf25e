//! Whom to believe, about what, and when.

use std::sync::Arc;

use llavero_core::{UnixTime, trust};

use crate::LlaveroError;
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
    /// `limit_exceeded`; `member_malformed` if two entries have one `issuer`.
    #[uniffi::constructor]
    pub fn new(issued_at: UnixTime, issuers: Vec<TrustedIssuer>) -> Result<Self, LlaveroError> {
        let issuers = issuers.into_iter().map(trust::TrustedIssuer::from).collect();
        Ok(Self(trust::TrustList::new(issued_at, issuers)?))
    }

    /// Reads a list from its JSON text.
    ///
    /// # Errors
    /// `json_*`, `member_malformed`, `jwk`, `limit_exceeded`.
    #[uniffi::constructor]
    pub fn from_json(text: &str) -> Result<Self, LlaveroError> {
        Ok(Self(trust::TrustList::from_slice(text.as_bytes())?))
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
}

/// One issuer of a [`TrustList`].
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct TrustedIssuer {
    /// `iss` exactly as it stands in credentials.
    pub issuer: String,
    /// What to call it in front of people.
    pub name: String,
    /// The values of `vct` that it may issue.
    pub types: Vec<String>,
    /// Its keys. There are none where certificates bring them; such an issuer comes from the text of a list only.
    pub keys: Vec<TrustedKey>,
    /// Whether its credentials are believed only if a document of the list describes their type. Documents come from the
    /// text of a list only.
    #[uniffi(default = false)]
    pub requires_type_metadata: bool,
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

impl From<TrustedIssuer> for trust::TrustedIssuer {
    fn from(issuer: TrustedIssuer) -> Self {
        let key = |key: TrustedKey| trust::TrustedKey {
            key: key.key.0.clone(),
            key_id: key.key_id,
            not_before: key.not_before,
            not_after: key.not_after,
        };
        Self {
            issuer: issuer.issuer,
            name: issuer.name,
            types: issuer.types,
            keys: trust::IssuerKeys::Listed(issuer.keys.into_iter().map(key).collect()),
            requires_type_metadata: issuer.requires_type_metadata,
        }
    }
}

impl From<&trust::TrustedIssuer> for TrustedIssuer {
    fn from(issuer: &trust::TrustedIssuer) -> Self {
        let key = |key: &trust::TrustedKey| TrustedKey {
            key: Arc::new(PublicKey(key.key.clone())),
            key_id: key.key_id.clone(),
            not_before: key.not_before,
            not_after: key.not_after,
        };
        let listed = match &issuer.keys {
            trust::IssuerKeys::Listed(keys) => keys.as_slice(),
            _ => &[],
        };
        Self {
            issuer: issuer.issuer.clone(),
            name: issuer.name.clone(),
            types: issuer.types.clone(),
            keys: listed.iter().map(key).collect(),
            requires_type_metadata: issuer.requires_type_metadata,
        }
    }
}
