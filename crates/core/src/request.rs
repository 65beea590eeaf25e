//! What a verifier asks and what a wallet answers, in the parameters of OpenID4VP 1.0 (§5, §8.1).
//!
//! The same JSON goes over a QR code, a cable or, later, that protocol. The request is not signed: whoever made it
//! could have written any name, and a wallet must say so.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::dcql::DcqlQuery;
use crate::path::is_deceptive;
use crate::{Error, Limit, Part, Random, base64url, json};

const PART: Part = Part::Request;

/// Bytes of a verifier's identifier.
pub const MAX_CLIENT_ID_BYTES: usize = 512;

/// Characters of the texts that a wallet shows for the verifier.
pub const MAX_TEXT_CHARS: usize = 300;

/// Presentations of one answer.
pub const MAX_PRESENTATIONS: usize = 64;

/// One question: who asks, for what purpose, which claims, and the nonce that makes it unlike any other.
#[derive(Clone)]
pub struct PresentationRequest {
    client_id: String,
    client_name: Option<String>,
    purpose: String,
    nonce: String,
    query: DcqlQuery,
}

impl PresentationRequest {
    /// Makes a request with a fresh nonce of 256 bits.
    ///
    /// # Errors
    /// [`Error::MemberMalformed`] for texts that a wallet would refuse to show, [`Error::LimitExceeded`] for a query that
    /// no wallet would read, [`Error::Random`].
    pub fn new(
        client_id: &str,
        client_name: Option<&str>,
        purpose: &str,
        query: DcqlQuery,
        random: &mut dyn Random,
    ) -> Result<Self, Error> {
        let mut nonce = [0; 32];
        random.fill(&mut nonce)?;
        let request =
            Self::checked(client_id, client_name, purpose, &base64url::encode(nonce), query)?;
        if request.to_json().to_string().len() > MAX_REQUEST_BYTES {
            return Err(Error::LimitExceeded { limit: Limit::Length });
        }
        Ok(request)
    }

    fn checked(
        client_id: &str,
        client_name: Option<&str>,
        purpose: &str,
        nonce: &str,
        query: DcqlQuery,
    ) -> Result<Self, Error> {
        let graphic = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if client_id.is_empty() || client_id.len() > MAX_CLIENT_ID_BYTES || !graphic(client_id) {
            return Err(malformed("client_id"));
        }
        if client_name.is_some_and(|name| !is_showable(name)) {
            return Err(malformed("client_name"));
        }
        if !is_showable(purpose) {
            return Err(malformed("purpose"));
        }
        if !(MIN_NONCE_CHARS..=MAX_CLIENT_ID_BYTES).contains(&nonce.len())
            || !nonce.bytes().all(is_unreserved)
        {
            return Err(malformed("nonce"));
        }
        Ok(Self {
            client_id: client_id.to_owned(),
            client_name: client_name.map(str::to_owned),
            purpose: purpose.to_owned(),
            nonce: nonce.to_owned(),
            query,
        })
    }

    /// Reads a request. Unknown members are ignored, except `transaction_data`, which must not be (OpenID4VP §5).
    ///
    /// # Errors
    /// [`Error::Json`], [`Error::MemberMalformed`], [`Error::LimitExceeded`].
    pub fn from_slice(text: &[u8]) -> Result<Self, Error> {
        if text.len() > MAX_REQUEST_BYTES {
            return Err(Error::LimitExceeded { limit: Limit::Length });
        }
        Self::from_json(&json::from_slice(text, PART)?)
    }

    /// Reads a request that is JSON already, however it came to be.
    ///
    /// # Errors
    /// [`Error::MemberMalformed`].
    pub fn from_json(request: &Value) -> Result<Self, Error> {
        let text = |member| request.get(member).and_then(Value::as_str).ok_or(malformed(member));
        if request.get("transaction_data").is_some() {
            return Err(malformed("transaction_data"));
        }
        if text("response_type")? != "vp_token" {
            return Err(malformed("response_type"));
        }
        let query = request.get("dcql_query").ok_or(malformed("dcql_query"))?;
        let query = DcqlQuery::from_value(query).map_err(|_| malformed("dcql_query"))?;
        let client_name =
            match request.get("client_metadata").and_then(|data| data.get("client_name")) {
                None => None,
                Some(name) => Some(name.as_str().ok_or(malformed("client_name"))?),
            };
        Self::checked(text("client_id")?, client_name, text("purpose")?, text("nonce")?, query)
    }

    /// The request as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut request = Map::new();
        request.insert("response_type".to_owned(), "vp_token".into());
        request.insert("client_id".to_owned(), self.client_id.as_str().into());
        if let Some(name) = &self.client_name {
            request.insert("client_metadata".to_owned(), json!({ "client_name": name }));
        }
        request.insert("purpose".to_owned(), self.purpose.as_str().into());
        request.insert("nonce".to_owned(), self.nonce.as_str().into());
        request.insert("dcql_query".to_owned(), self.query.to_value());
        request.into()
    }

    /// The verifier's identifier, which becomes the `aud` of the KB-JWT, whole.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The name that the verifier gives itself. Nobody vouches for it.
    #[must_use]
    pub fn client_name(&self) -> Option<&str> {
        self.client_name.as_deref()
    }

    /// What the verifier says it needs the claims for. Nobody vouches for it.
    #[must_use]
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// The nonce.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Which claims are asked for.
    #[must_use]
    pub const fn query(&self) -> &DcqlQuery {
        &self.query
    }
}

impl std::fmt::Debug for PresentationRequest {
    // In a wallet, who asked and why says where somebody has been; a nonce links two sightings of one answer.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PresentationRequest").field("query", &self.query).finish_non_exhaustive()
    }
}

/// What a wallet sends back: presentations by the id of the credential query they answer (OpenID4VP §8.1).
#[derive(Clone, Default, Eq, PartialEq)]
pub struct PresentationAnswer {
    presentations: BTreeMap<String, Vec<String>>,
}

impl PresentationAnswer {
    /// An answer with these presentations.
    #[must_use]
    pub const fn new(presentations: BTreeMap<String, Vec<String>>) -> Self {
        Self { presentations }
    }

    /// Reads `{"vp_token": {"<id>": ["<presentation>", …]}}`.
    ///
    /// # Errors
    /// [`Error::Json`], [`Error::MemberMalformed`] for anything but non-empty arrays of strings,
    /// [`Error::LimitExceeded`].
    pub fn from_slice(text: &[u8]) -> Result<Self, Error> {
        let answer = json::from_slice(text, PART)?;
        let tokens =
            answer.get("vp_token").and_then(Value::as_object).ok_or(malformed("vp_token"))?;
        let mut presentations = BTreeMap::new();
        let mut count = 0;
        for (id, token) in tokens {
            let token =
                token.as_array().filter(|token| !token.is_empty()).ok_or(malformed("vp_token"))?;
            count += token.len();
            let texts = token.iter().map(|text| text.as_str().map(str::to_owned));
            let texts = texts.collect::<Option<Vec<_>>>().ok_or(malformed("vp_token"))?;
            presentations.insert(id.clone(), texts);
        }
        if count > MAX_PRESENTATIONS {
            return Err(Error::LimitExceeded { limit: Limit::Length });
        }
        Ok(Self { presentations })
    }

    /// The answer as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "vp_token": self.presentations })
    }

    /// The presentations by credential query id.
    #[must_use]
    pub const fn presentations(&self) -> &BTreeMap<String, Vec<String>> {
        &self.presentations
    }
}

impl std::fmt::Debug for PresentationAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PresentationAnswer")
            .field("queries", &self.presentations.len())
            .finish_non_exhaustive()
    }
}

/// A request holds a query and some sentences.
const MAX_REQUEST_BYTES: usize = 64 * 1024;

/// 128 bits in base64url.
const MIN_NONCE_CHARS: usize = 22;

const fn malformed(member: &'static str) -> Error {
    Error::MemberMalformed { part: PART, member }
}

/// The characters that OpenID4VP §5.2 allows in a nonce.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Text that a consent sheet can show without being deceived by it: some words, no control characters, no marks that
/// turn the direction of what follows or take no room.
fn is_showable(text: &str) -> bool {
    is_showable_within(text, MAX_TEXT_CHARS)
}

/// The same for a text of at most `max_chars` characters.
pub(crate) fn is_showable_within(text: &str, max_chars: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max_chars && !text.chars().any(is_deceptive)
}
