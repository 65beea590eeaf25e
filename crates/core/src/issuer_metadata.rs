//! What an issuer publishes of itself and its keys: JWT VC Issuer Metadata (SD-JWT VC §4).
//!
//! Nothing is fetched here. Whoever has a network opens [`well_known_url`], gives the text to [`IssuerMetadata`], and
//! puts what comes of it on a [`TrustList`](crate::trust::TrustList) with the types that this issuer may issue: that it
//! publishes keys says nothing of what to believe it.
//! ```
//! use llavero_core::issuer_metadata::{IssuerMetadata, well_known_url};
//!
//! let issuer = "https://emisor.example/oficina";
//! assert_eq!(well_known_url(issuer)?, "https://emisor.example/.well-known/jwt-vc-issuer/oficina");
//! let fetched = br#"{"issuer": "https://emisor.example/oficina", "jwks_uri": "https://emisor.example/keys"}"#;
//! let IssuerMetadata::At(address) = IssuerMetadata::from_slice(fetched, issuer)? else { panic!() };
//! assert_eq!(address.url(), "https://emisor.example/keys");
//! # Ok::<(), llavero_core::Error>(())
//! ```

use serde_json::Value;

use crate::https_url::{HttpsUrl, can_be_fetched};
use crate::json::Json;
use crate::trust::{IssuerKeys, MAX_KEYS_PER_ISSUER, TrustedIssuer, TrustedKey};
use crate::{Error, JwkFault, Limit, Part, PublicKey};

const PART: Part = Part::IssuerMetadata;

/// Bytes of a document: room for many more keys than are taken.
pub const MAX_METADATA_BYTES: usize = 65_536;

/// Where an issuer's metadata is: `/.well-known/jwt-vc-issuer` between host and path, less one slash at its end (§4.1).
///
/// # Errors
/// [`Error::MemberMalformed`] if `issuer` is not an `https` address of a host, at most with a port and a path.
pub fn well_known_url(issuer: &str) -> Result<String, Error> {
    let HttpsUrl { origin, path, .. } = HttpsUrl::parse(issuer).ok_or(malformed("issuer"))?;
    let path = path.strip_suffix('/').unwrap_or(path);
    Ok(format!("{origin}/.well-known/jwt-vc-issuer{path}"))
}

/// A document that names the issuer it was asked of, with its keys or their address.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum IssuerMetadata {
    /// The keys are elsewhere: `jwks_uri`.
    At(KeySetAddress),
    /// The keys are in it: `jwks`.
    Keys(PublishedKeys),
}

/// Where the keys of an issuer are.
#[derive(Clone, Debug)]
pub struct KeySetAddress {
    issuer: String,
    url: String,
}

/// Keys that an issuer publishes, as far as they can be used here.
#[derive(Clone, Debug)]
pub struct PublishedKeys {
    issuer: String,
    keys: Vec<TrustedKey>,
}

impl IssuerMetadata {
    /// Reads a document that was fetched for `issuer`. Members that are not known are ignored (§4.2).
    ///
    /// # Errors
    /// [`Error::IssuerMismatch`] if its `issuer` is not exactly that (§4.3); [`Error::MemberMalformed`] unless there is
    /// exactly one of `jwks` and `jwks_uri`, the latter `https`; what [`KeySetAddress::read`] finds in the keys.
    pub fn from_slice(text: &[u8], issuer: &str) -> Result<Self, Error> {
        let document = parse(text)?;
        let published = document.get("issuer").and_then(Value::as_str);
        if published.ok_or(malformed("issuer"))? != issuer {
            return Err(Error::IssuerMismatch);
        }
        let issuer = issuer.to_owned();
        match (document.get("jwks"), document.get("jwks_uri")) {
            (Some(set), None) => Ok(Self::Keys(PublishedKeys { issuer, keys: keys(set)? })),
            (None, Some(url)) => {
                let url = url.as_str().filter(|url| can_be_fetched(url));
                let url = url.ok_or(malformed("jwks_uri"))?.to_owned();
                Ok(Self::At(KeySetAddress { issuer, url }))
            }
            _ => Err(malformed("jwks")),
        }
    }
}

impl KeySetAddress {
    /// What to fetch.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Reads the JWK Set that was fetched there (RFC 7517 §5).
    ///
    /// Keys of another kind, malformed ones, and those meant for something else than signatures are left out.
    ///
    /// # Errors
    /// [`Error::Jwk`] if a private key is among them, or none that can be used; [`Error::MemberMalformed`] for a `kid`
    /// that is not text, or that two keys have; [`Error::LimitExceeded`]; [`Error::Json`].
    pub fn read(self, jwk_set: &[u8]) -> Result<PublishedKeys, Error> {
        Ok(PublishedKeys { keys: keys(&parse(jwk_set)?)?, issuer: self.issuer })
    }
}

impl PublishedKeys {
    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[TrustedKey] {
        &self.keys
    }

    /// An entry for a trust list: this issuer by these keys, under a name for people, for these values of `vct`.
    #[must_use]
    pub fn trusted_for(self, name: String, types: Vec<String>) -> TrustedIssuer {
        TrustedIssuer {
            issuer: self.issuer,
            name,
            types,
            keys: IssuerKeys::Listed(self.keys),
            requires_type_metadata: false,
        }
    }
}

fn parse(text: &[u8]) -> Result<Value, Error> {
    if text.len() > MAX_METADATA_BYTES {
        return Err(Error::LimitExceeded { limit: Limit::Length });
    }
    let members = Json::parse_object(text, PART)?;
    Ok(Value::Object(crate::json::into_map(members)))
}

const fn malformed(member: &'static str) -> Error {
    Error::MemberMalformed { part: PART, member }
}

fn keys(set: &Value) -> Result<Vec<TrustedKey>, Error> {
    let listed = set.get("keys").and_then(Value::as_array).ok_or(malformed("keys"))?;
    let mut keys: Vec<TrustedKey> = Vec::new();
    for jwk in listed {
        let key = match PublicKey::from_jwk(jwk) {
            // Whoever publishes one has lost it, and others with it.
            Err(fault @ Error::Jwk(JwkFault::Private)) => return Err(fault),
            Ok(key) if is_for_signatures(jwk) => key,
            _ => continue,
        };
        let key_id = match jwk.get("kid") {
            None => None,
            Some(key_id) => {
                let text = key_id.as_str().filter(|text| !text.is_empty());
                Some(text.ok_or(malformed("kid"))?.to_owned())
            }
        };
        if key_id.is_some() && keys.iter().any(|other| other.key_id == key_id) {
            return Err(malformed("kid"));
        }
        keys.push(TrustedKey { key_id, ..TrustedKey::new(key) });
        if keys.len() > MAX_KEYS_PER_ISSUER {
            return Err(Error::LimitExceeded { limit: Limit::Keys });
        }
    }
    if keys.is_empty() { Err(Error::Jwk(JwkFault::Unsupported)) } else { Ok(keys) }
}

/// Whether `use` and `key_ops` allow to verify with it (RFC 7517 §4.2, §4.3).
fn is_for_signatures(jwk: &Value) -> bool {
    let verifies = |operations: &Value| {
        operations.as_array().is_some_and(|all| all.iter().any(|one| one == "verify"))
    };
    jwk.get("use").is_none_or(|purpose| purpose == "sig") && jwk.get("key_ops").is_none_or(verifies)
}
