//! What an issuer publishes of its keys: JWT VC Issuer Metadata (SD-JWT VC §4). The app fetches, this reads.

use llavero_core::issuer_metadata::{self, well_known_url};

use crate::LlaveroError;
use crate::error::Misuse;
use crate::trust::TrustedKey;

/// Where the metadata of an issuer is fetched (SD-JWT VC §4.1).
///
/// # Errors
/// `member_malformed` if `issuer` is not an `https` address of a host, at most with a port and a path.
#[uniffi::export]
pub fn issuer_metadata_url(issuer: &str) -> Result<String, LlaveroError> {
    Ok(well_known_url(issuer)?)
}

/// A document that names the issuer for which it was fetched, with its keys or their address. That it publishes keys
/// says nothing of what to believe it: a [`TrustedIssuer`](crate::TrustedIssuer) does.
#[derive(Debug, uniffi::Object)]
pub struct IssuerMetadata(issuer_metadata::IssuerMetadata);

#[uniffi::export]
impl IssuerMetadata {
    /// Reads the document that was fetched for `issuer`.
    ///
    /// # Errors
    /// `issuer_mismatch` if it is another's; `member_malformed` unless there is exactly one of `jwks` and `jwks_uri`, the
    /// latter `https`; what [`keys`](Self::keys) finds; `json_*`, `limit_exceeded`.
    #[uniffi::constructor]
    pub fn from_json(text: &str, issuer: &str) -> Result<Self, LlaveroError> {
        let read = issuer_metadata::IssuerMetadata::from_slice(text.as_bytes(), issuer)?;
        Ok(Self(read))
    }

    /// Where the keys are, if they are not in the document.
    #[must_use]
    pub fn jwks_uri(&self) -> Option<String> {
        match &self.0 {
            issuer_metadata::IssuerMetadata::At(address) => Some(address.url().to_owned()),
            _ => None,
        }
    }

    /// The keys, as far as they can be used. `jwk_set` is the text that was fetched at
    /// [`jwks_uri`](Self::jwks_uri), if there is one. Keys of another kind, malformed ones, and those meant for something
    /// else than signatures are left out.
    ///
    /// # Errors
    /// `jwk` if a private key is among them, or none that can be used; `member_malformed` for a `kid` that is not text, or
    /// that two keys have; `argument_malformed` for a set that is missing, or that nobody asked for; `json_*`,
    /// `limit_exceeded`.
    #[uniffi::method(default(jwk_set = None))]
    pub fn keys(&self, jwk_set: Option<String>) -> Result<Vec<TrustedKey>, LlaveroError> {
        let keys = match (&self.0, jwk_set) {
            (issuer_metadata::IssuerMetadata::At(address), Some(set)) => {
                address.clone().read(set.as_bytes())?
            }
            (issuer_metadata::IssuerMetadata::Keys(keys), None) => keys.clone(),
            _ => return Err(Misuse::Argument("jwk_set").into()),
        };
        Ok(keys.keys().iter().map(TrustedKey::from).collect())
    }
}
