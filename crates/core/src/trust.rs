//! Whom to believe, about what, and when: the list that holder and verifier carry with them.
//!
//! The list says for each issuer how its keys are found: they are in the list, or certificates under anchors in the list
//! bring them. A token's `iss` picks an entry. Of listed keys its `kid` picks at most one, and its certificates are not
//! looked at; where certificates are asked for, nothing but its `x5c` will do. So nothing in a token chooses the way,
//! and nothing in it can add a key (SD-JWT VC §2.5, §7.3).
//!
//! The list may bring documents of types, too (SD-JWT VC §5). They are resolved when the list is made. A credential whose
//! type is described is always held to the description, and an issuer may be asked for one.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::certificate::{self, Anchors, Certified, Chain, MAX_ANCHORS, X5cProfile};
use crate::json::{Json, Members, Values, member};
use crate::type_metadata::{ResolvedTypes, TypeDocuments, TypeMetadata, TypeMetadataError};
use crate::{
    AlgorithmSet, CertificateFault, Error, Format, KeyBinding, Limit, Part, Policy, PublicKey,
    SdJwt, UnixTime, Verified,
};

const PART: Part = Part::Trust;

/// Issuers of one list. A country has some dozens of agencies.
pub const MAX_ISSUERS: usize = 1_000;

/// Keys of one issuer: the one in use, its predecessors still in credentials, and the next.
pub const MAX_KEYS_PER_ISSUER: usize = 16;

/// Bytes of a list: room for every issuer with every key, or with two anchors of a usual length.
pub const MAX_LIST_BYTES: usize = 8 << 20;

/// JSON values of a list: room for every issuer with every key and some eighty types. What is read takes many times
/// the bytes of the text when values are small, so their number has a limit of its own.
pub const MAX_LIST_VALUES: usize = 1 << 18;

/// Issuers believed for some types at some times.
#[derive(Clone, Debug)]
pub struct TrustList {
    /// When the list was made; a verdict reports it.
    pub issued_at: UnixTime,
    issuers: Vec<TrustedIssuer>,
    type_documents: Vec<String>,
    types: ResolvedTypes,
}

/// One issuer of a [`TrustList`].
#[derive(Clone, Debug)]
pub struct TrustedIssuer {
    /// `iss` exactly as it stands in credentials.
    pub issuer: String,
    /// What to call it in front of people.
    pub name: String,
    /// The values of `vct` that it may issue. A type's other names (`aka_vcts`) confer no authority.
    pub types: Vec<String>,
    /// How its keys are found.
    pub keys: IssuerKeys,
    /// Whether its credentials are believed only if a document of the list describes their type.
    pub requires_type_metadata: bool,
}

/// How the keys of an issuer are found (SD-JWT VC §2.5): one way for each, whatever a token says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum IssuerKeys {
    /// Certificates in its tokens bring them, under these anchors.
    Certified(Anchors),
    /// These, and no others.
    Listed(Vec<TrustedKey>),
}

/// One key of a [`TrustedIssuer`].
#[derive(Clone, Debug)]
pub struct TrustedKey {
    /// The key.
    pub key: PublicKey,
    /// Its name in `kid` headers. Without one, the RFC 7638 thumbprint serves.
    pub key_id: Option<String>,
    /// Credentials are believed from this time on.
    pub not_before: Option<UnixTime>,
    /// Credentials are no longer believed from this time on.
    pub not_after: Option<UnixTime>,
}

/// A credential that the list vouches for.
#[derive(Debug)]
#[must_use = "verified claims are the point of verifying"]
pub struct TrustedCredential<'l> {
    /// What it says.
    pub verified: Verified,
    /// Who issued it. It may not say so itself: certificates do where it has no `iss`.
    pub issuer: &'l TrustedIssuer,
    /// The key identifiers of the authorities of its certificates, from the issuer's up, in base64url (OpenID4VP 1.0
    /// §6.1.1.1).
    pub authority_key_ids: Vec<String>,
    /// What its type is, if the list has a document of it. The credential is as this says.
    pub type_metadata: Option<Arc<TypeMetadata>>,
}

/// How much of a credential is seen, and so how strictly it can be held to its type.
#[derive(Clone, Copy)]
enum Extent {
    /// Every Disclosure is there.
    Complete,
    /// What somebody chose to show.
    Presented,
}

impl TrustList {
    /// A list of these issuers.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`], or [`Error::MemberMalformed`] if two entries have one `issuer`: it must be clear
    /// whose keys count; or for one that is empty, or has an empty name.
    pub fn new(issued_at: UnixTime, issuers: Vec<TrustedIssuer>) -> Result<Self, Error> {
        let has_too_many_keys = |issuer: &TrustedIssuer| matches!(&issuer.keys, IssuerKeys::Listed(keys) if keys.len() > MAX_KEYS_PER_ISSUER);
        if issuers.len() > MAX_ISSUERS || issuers.iter().any(has_too_many_keys) {
            return Err(Error::LimitExceeded { limit: Limit::Keys });
        }
        for issuer in &issuers {
            for (member, text) in [("iss", &issuer.issuer), ("name", &issuer.name)] {
                if text.is_empty() {
                    return Err(malformed(member));
                }
            }
        }
        let mut names: Vec<&str> = issuers.iter().map(|issuer| issuer.issuer.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(Error::MemberMalformed { part: PART, member: "iss" });
        }
        let (type_documents, types) = (Vec::new(), ResolvedTypes::default());
        Ok(Self { issued_at, issuers, type_documents, types })
    }

    /// The list with these documents of types (SD-JWT VC §5.2) in place of those it had, each the exact text that was
    /// published: the hash in `vct#integrity` is over its bytes. Several for one type are its versions.
    ///
    /// Whatever a document extends must be among them. Take documents only from whom you would believe: they decide
    /// which rules hold, and which queries a type answers.
    ///
    /// # Errors
    /// [`Error::TypeMetadata`] with what is wrong with one of them, or with what it extends.
    pub fn with_type_documents(mut self, documents: Vec<String>) -> Result<Self, Error> {
        let mut types = TypeDocuments::new();
        for document in &documents {
            types.add_self_named(document.as_bytes())?;
        }
        self.types = types.resolve_all()?;
        self.type_documents = documents;
        Ok(self)
    }

    /// Reads `{"issued_at": …, "issuers": [{"iss", "name", "types", "keys": [{"jwk", "kid", "not_before",
    /// "not_after"}]}]}`; times are NumericDates from 1970 to 9999. Instead of `keys` an issuer may have `"x5c":
    /// {"anchors", "eku", "haip"}`: certificates in base64 of DER, the key purpose they must have, and whether the rules
    /// of HAIP hold, as they do unless it is `false`. `"requires_type_metadata": true` may stand beside them, and
    /// `"type_documents": ["…"]` beside `issuers`. Unknown members are ignored.
    ///
    /// # Errors
    /// [`Error::Json`], [`Error::MemberMalformed`], [`Error::Jwk`], [`Error::Certificate`], [`Error::TypeMetadata`],
    /// [`Error::LimitExceeded`].
    pub fn from_slice(text: &[u8]) -> Result<Self, Error> {
        if text.len() > MAX_LIST_BYTES {
            return Err(Error::LimitExceeded { limit: Limit::Length });
        }
        let list = Json::parse_object_counted(text, PART, &Values::at_most(MAX_LIST_VALUES))?;
        let issuers = array(&list, "issuers")?;
        if issuers.len() > MAX_ISSUERS {
            return Err(Error::LimitExceeded { limit: Limit::Keys });
        }
        let issuers = issuers.iter().map(issuer_from_json).collect::<Result<_, _>>()?;
        let documents = match member(&list, "type_documents") {
            None => Vec::new(),
            Some(_) => texts(&list, "type_documents")?,
        };
        Self::new(time(&list, "issued_at")?.ok_or(malformed("issued_at"))?, issuers)?
            .with_type_documents(documents)
    }

    /// The list as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let issuers: Vec<Value> = self.issuers.iter().map(issuer_to_json).collect();
        let mut list = json!({ "issued_at": self.issued_at.as_secs(), "issuers": issuers });
        if let (false, Value::Object(list)) = (self.type_documents.is_empty(), &mut list) {
            list.insert("type_documents".to_owned(), json!(self.type_documents));
        }
        list
    }

    /// The issuers, in the list's order.
    #[must_use]
    pub fn issuers(&self) -> &[TrustedIssuer] {
        &self.issuers
    }

    /// The documents of types, in the list's order.
    #[must_use]
    pub fn type_documents(&self) -> &[String] {
        &self.type_documents
    }

    /// The entry for `issuer`.
    #[must_use]
    pub fn issuer(&self, issuer: &str) -> Option<&TrustedIssuer> {
        self.issuers.iter().find(|entry| entry.issuer == issuer)
    }

    /// Verifies the presentation of an SD-JWT VC under this list: its issuer must be here, with a key that signed it and
    /// is believed at `now`, and may issue its type; if a document describes the type, what is shown is as it says.
    ///
    /// Without `iss`, the issuer is the one entry with certificates to which those of the token are made out.
    ///
    /// # Errors
    /// [`Error::Untrusted`], [`Error::Certificate`], what [`SdJwt::verify`] finds, or [`Error::TypeMetadata`].
    pub fn verify(
        &self,
        sd_jwt: SdJwt<'_>,
        binding: KeyBinding<'_>,
        required_claims: &[&str],
        clock_skew_secs: u32,
        now: UnixTime,
    ) -> Result<TrustedCredential<'_>, Error> {
        let extent = Extent::Presented;
        self.verify_to(extent, sd_jwt, binding, required_claims, clock_skew_secs, now)
    }

    /// Verifies an SD-JWT VC as it came from its issuer, with every Disclosure and no key binding: as
    /// [`verify`](Self::verify), but what its type makes mandatory must be there.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify).
    pub fn verify_issued(
        &self,
        sd_jwt: SdJwt<'_>,
        clock_skew_secs: u32,
        now: UnixTime,
    ) -> Result<TrustedCredential<'_>, Error> {
        self.verify_to(Extent::Complete, sd_jwt, KeyBinding::Forbid, &[], clock_skew_secs, now)
    }

    fn verify_to(
        &self,
        extent: Extent,
        sd_jwt: SdJwt<'_>,
        binding: KeyBinding<'_>,
        required_claims: &[&str],
        clock_skew_secs: u32,
        now: UnixTime,
    ) -> Result<TrustedCredential<'_>, Error> {
        let named = sd_jwt.untrusted_issuer();
        let entry = match &named {
            Some(issuer) => self.issuer(issuer).ok_or(Error::Untrusted)?,
            None => self.certified_issuer(&sd_jwt)?,
        };
        let certified;
        let (issuer_key, authority_key_ids) = match &entry.keys {
            IssuerKeys::Listed(keys) => (key_for(keys, &sd_jwt, now)?, Vec::new()),
            IssuerKeys::Certified(anchors) => {
                let chain = sd_jwt.certificates()?;
                let chain = chain.ok_or(CertificateFault::Missing)?;
                certified = anchors.validate(&chain, &entry.issuer, now)?;
                let Certified { key, authority_key_ids } = &certified;
                (key, authority_key_ids.clone())
            }
        };
        let policy = Policy {
            issuer_key,
            issuer_algorithms: AlgorithmSet::ALL,
            issuer: named.as_deref(),
            format: Format::SdJwtVc { types: None },
            binding,
            required_claims,
            clock_skew_secs,
        };
        let verified = sd_jwt.verify(&policy, now)?;
        // An `iss` that could not be read before the signature was checked.
        if verified.issuer().is_some_and(|issuer| issuer != entry.issuer) {
            return Err(Error::IssuerMismatch);
        }
        let may_issue = verified
            .credential_type()
            .is_some_and(|vct| entry.types.iter().any(|known| known == vct));
        if !may_issue {
            return Err(Error::Untrusted);
        }
        let type_metadata = self.types.of(&verified)?.cloned();
        match (&type_metadata, extent) {
            (None, _) if entry.requires_type_metadata => {
                return Err(TypeMetadataError::DocumentMissing.into());
            }
            (None, _) => {}
            (Some(metadata), Extent::Complete) => metadata.check_complete(&verified)?,
            (Some(metadata), Extent::Presented) => metadata.check_presentation(&verified)?,
        }
        Ok(TrustedCredential { verified, issuer: entry, authority_key_ids, type_metadata })
    }

    /// The one entry with certificates to which those of a token are made out.
    fn certified_issuer(&self, sd_jwt: &SdJwt<'_>) -> Result<&TrustedIssuer, Error> {
        let certified = |entry: &&TrustedIssuer| matches!(entry.keys, IssuerKeys::Certified(_));
        let mut entries = self.issuers.iter().filter(certified).peekable();
        if entries.peek().is_none() {
            return Err(Error::Untrusted);
        }
        let chain: Chain = sd_jwt.certificates()?.ok_or(Error::Untrusted)?;
        let is_made_out_to = chain.is_made_out_to()?;
        let mut named = entries.filter(|entry| is_made_out_to(&entry.issuer));
        match (named.next(), named.next()) {
            (Some(entry), None) => Ok(entry),
            _ => Err(Error::Untrusted),
        }
    }
}

/// The one of an issuer's keys under which a token claims, or turns out, to be signed.
fn key_for<'k>(
    keys: &'k [TrustedKey],
    sd_jwt: &SdJwt<'_>,
    now: UnixTime,
) -> Result<&'k PublicKey, Error> {
    let key_id = sd_jwt.untrusted_key_id();
    let mut candidates = keys.iter().filter(|key| key.is_believed_at(now)).filter(|key| {
        key_id.as_deref().is_none_or(|wanted| match &key.key_id {
            Some(own) => own == wanted,
            None => key.key.thumbprint() == wanted,
        })
    });
    let first = candidates.next().ok_or(Error::Untrusted)?;
    let Some(second) = candidates.next() else { return Ok(&first.key) };
    // Several keys and no `kid` to tell them apart: the signature does. `verify` checks it again.
    [first, second]
        .into_iter()
        .chain(candidates)
        .find(|key| sd_jwt.is_signed_by(&key.key))
        .map(|key| &key.key)
        .ok_or(Error::Signature { part: Part::IssuerJwt })
}

impl TrustedKey {
    /// A key believed at all times, known by its thumbprint.
    #[must_use]
    pub const fn new(key: PublicKey) -> Self {
        Self { key, key_id: None, not_before: None, not_after: None }
    }

    fn is_believed_at(&self, now: UnixTime) -> bool {
        self.not_before.is_none_or(|from| now >= from)
            && self.not_after.is_none_or(|until| now < until)
    }
}

const EPOCH: UnixTime = UnixTime::from_secs(0);

const fn malformed(member: &'static str) -> Error {
    Error::MemberMalformed { part: PART, member }
}

fn object<'j, 't>(json: &'j Json<'t>, name: &'static str) -> Result<&'j Members<'t>, Error> {
    match json {
        Json::Object(members) => Ok(members),
        _ => Err(malformed(name)),
    }
}

fn array<'j, 't>(object: &'j Members<'t>, name: &'static str) -> Result<&'j [Json<'t>], Error> {
    match member(object, name) {
        Some(Json::Array(items)) => Ok(items),
        _ => Err(malformed(name)),
    }
}

fn text(object: &Members<'_>, name: &'static str) -> Result<String, Error> {
    let text = member(object, name).and_then(Json::as_str).filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or(malformed(name))
}

fn texts(object: &Members<'_>, name: &'static str) -> Result<Vec<String>, Error> {
    let texts = array(object, name)?.iter().map(|text| text.as_str().map(str::to_owned));
    texts.collect::<Option<_>>().ok_or(malformed(name))
}

fn time(object: &Members<'_>, name: &'static str) -> Result<Option<UnixTime>, Error> {
    let secs = match member(object, name) {
        None => return Ok(None),
        Some(Json::Number(secs)) => secs.as_i64(),
        Some(_) => None,
    };
    // Within the calendars of all languages that will read it.
    let time = secs.map(UnixTime::from_secs);
    let time = time.filter(|time| (EPOCH..=UnixTime::MAX).contains(time));
    time.map(Some).ok_or(malformed(name))
}

fn issuer_from_json(entry: &Json<'_>) -> Result<TrustedIssuer, Error> {
    const REQUIRED: &str = "requires_type_metadata";
    let entry = object(entry, "issuers")?;
    let requires_type_metadata = match member(entry, REQUIRED) {
        None => false,
        Some(Json::Bool(required)) => *required,
        Some(_) => return Err(malformed(REQUIRED)),
    };
    Ok(TrustedIssuer {
        issuer: text(entry, "iss")?,
        name: text(entry, "name")?,
        types: texts(entry, "types")?,
        keys: keys_from_json(entry)?,
        requires_type_metadata,
    })
}

/// `keys` or `x5c`, not both: which way applies must be clear.
fn keys_from_json(entry: &Members<'_>) -> Result<IssuerKeys, Error> {
    match member(entry, "x5c") {
        None => {
            let keys = array(entry, "keys")?;
            if keys.len() > MAX_KEYS_PER_ISSUER {
                return Err(Error::LimitExceeded { limit: Limit::Keys });
            }
            Ok(IssuerKeys::Listed(keys.iter().map(key_from_json).collect::<Result<_, _>>()?))
        }
        Some(x5c) if member(entry, "keys").is_none() => {
            Ok(IssuerKeys::Certified(anchors(object(x5c, "x5c")?)?))
        }
        Some(_) => Err(malformed("x5c")),
    }
}

fn anchors(x5c: &Members<'_>) -> Result<Anchors, Error> {
    let texts = array(x5c, "anchors")?;
    if texts.len() > MAX_ANCHORS {
        return Err(Error::LimitExceeded { limit: Limit::Certificates });
    }
    let mut certificates = Vec::new();
    for text in texts {
        let text = text.as_str().ok_or(malformed("anchors"))?;
        certificates.push(certificate::decode(text)?.ok_or(malformed("anchors"))?);
    }
    let key_purpose = member(x5c, "eku").map(|_| text(x5c, "eku")).transpose()?;
    let profile = match member(x5c, "haip") {
        None | Some(Json::Bool(true)) => X5cProfile::Haip,
        Some(Json::Bool(false)) => X5cProfile::SdJwtVc,
        Some(_) => return Err(malformed("haip")),
    };
    Anchors::new(&certificates, key_purpose.as_deref(), profile)
}

fn key_from_json(entry: &Json<'_>) -> Result<TrustedKey, Error> {
    let entry = object(entry, "keys")?;
    let key_id = member(entry, "kid").map(|_| text(entry, "kid")).transpose()?;
    Ok(TrustedKey {
        key: PublicKey::from_jwk(&shallow(member(entry, "jwk").ok_or(malformed("jwk"))?))?,
        key_id,
        not_before: time(entry, "not_before")?,
        not_after: time(entry, "not_after")?,
    })
}

/// A JWK with `null` for whatever nests in it: a key needs none of that, and it may be much.
fn shallow(jwk: &Json<'_>) -> Value {
    let Json::Object(members) = jwk else { return Value::Null };
    let flat = members.iter().map(|(name, value)| match value {
        Json::Array(_) | Json::Object(_) => (name.to_string(), Value::Null),
        scalar => (name.to_string(), scalar.clone().into_value()),
    });
    Value::Object(flat.collect())
}

fn issuer_to_json(issuer: &TrustedIssuer) -> Value {
    let mut entry = json!({ "iss": issuer.issuer, "name": issuer.name, "types": issuer.types });
    let (member, value) = match &issuer.keys {
        IssuerKeys::Certified(anchors) => ("x5c", anchors_to_json(anchors)),
        IssuerKeys::Listed(keys) => ("keys", keys.iter().map(key_to_json).collect()),
    };
    if let Some(entry) = entry.as_object_mut() {
        entry.insert(member.to_owned(), value);
        if issuer.requires_type_metadata {
            entry.insert("requires_type_metadata".to_owned(), true.into());
        }
    }
    entry
}

fn anchors_to_json(anchors: &Anchors) -> Value {
    let certificates: Vec<String> = anchors.certificates().map(certificate::encode).collect();
    let mut entry = Map::new();
    entry.insert("anchors".to_owned(), certificates.into());
    if let Some(purpose) = anchors.key_purpose() {
        entry.insert("eku".to_owned(), purpose.into());
    }
    entry.insert("haip".to_owned(), (anchors.profile() == X5cProfile::Haip).into());
    entry.into()
}

fn key_to_json(key: &TrustedKey) -> Value {
    let mut entry = Map::new();
    entry.insert("jwk".to_owned(), key.key.to_jwk());
    if let Some(key_id) = &key.key_id {
        entry.insert("kid".to_owned(), key_id.as_str().into());
    }
    for (member, time) in [("not_before", key.not_before), ("not_after", key.not_after)] {
        if let Some(time) = time {
            entry.insert(member.to_owned(), time.as_secs().into());
        }
    }
    entry.into()
}
