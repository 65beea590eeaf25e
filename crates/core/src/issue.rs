//! Issuing one SD-JWT (RFC 9901 §4, §5; SD-JWT VC §2.2).
//!
//! The payload is written in one pass and in a fixed order: `_sd_alg` first, then the open claims in the order of the
//! template, then, in each object, `_sd` with its digests sorted. With a template of constant shape the result has
//! constant length: that is what SPEC.md's credential layout rests on.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::certificate::CertificateChain;
use crate::hash::{EncodedDigest, HashAlgorithm};
use crate::limits::{MAX_DEPTH, MAX_DIGESTS, MAX_DISCLOSURES, MAX_TOKEN_BYTES, MAX_VALUES};
use crate::process::is_reserved;
use crate::template::{Array, Kind, Mark, Node, Object};
use crate::{
    Error, JwsAlgorithm, Limit, Part, PublicKey, Random, Signature, Signer, SignerError, base64url,
    jws, vc,
};

/// What stands in the protected header, the same for everybody who is issued under it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IssuerHeader {
    /// The name of the signature algorithm. It must be one that the signing key goes by.
    pub algorithm: JwsAlgorithm,
    /// `typ`, without `application/` (RFC 9901 §9.11).
    pub typ: String,
    /// `kid`, if verifiers need it to find the key. It must be the issuer's, never one per holder.
    pub key_id: Option<String>,
    /// `x5c`, for verifiers that know the issuer by certificates. The same for everybody, like the rest.
    pub certificates: Option<CertificateChain>,
}

impl IssuerHeader {
    /// The header of an SD-JWT VC: `typ` is `dc+sd-jwt`.
    #[must_use]
    pub fn sd_jwt_vc(algorithm: JwsAlgorithm) -> Self {
        Self { algorithm, typ: vc::TYP.to_owned(), key_id: None, certificates: None }
    }

    fn to_json(&self) -> String {
        let mut text = format!(
            r#"{{"alg":"{}","typ":{}"#,
            self.algorithm.name(),
            Value::from(self.typ.as_str())
        );
        if let Some(key_id) = &self.key_id {
            text.push_str(",\"kid\":");
            text.push_str(&Value::from(key_id.as_str()).to_string());
        }
        if let Some(certificates) = &self.certificates {
            text.push_str(",\"x5c\":");
            text.push_str(&certificates.to_x5c().to_string());
        }
        text.push('}');
        text
    }
}

/// Makes everything of an SD-JWT but the signature: salts and decoys from `random`, digests under `hash`.
///
/// # Errors
/// [`Error::ReservedName`] or [`Error::TemplateName`] for a name that may not be used or is used twice,
/// [`Error::ProtectedClaim`], [`Error::Vct`] or [`Error::VcClaimMalformed`] for an SD-JWT VC that hides a claim which
/// must be open, or has it in a form that verifiers refuse, [`Error::LimitExceeded`] for what
/// no verifier would take, [`Error::Random`].
pub fn prepare(
    claims: &Object,
    header: &IssuerHeader,
    hash: HashAlgorithm,
    random: &mut dyn Random,
) -> Result<UnsignedSdJwt, Error> {
    if header.typ == vc::TYP {
        refuse_hidden_protected_claims(claims)?;
    }
    let counts = count_object(claims, 1)?;
    if header.typ == vc::TYP {
        refuse_malformed_vc_claims(claims)?;
    }
    if counts.disclosures > MAX_DISCLOSURES {
        return Err(Error::LimitExceeded { limit: Limit::Disclosures });
    }
    if counts.digests > MAX_DIGESTS {
        return Err(Error::LimitExceeded { limit: Limit::Digests });
    }
    // `_sd_alg` stands beside the digests.
    if counts.values + usize::from(counts.digests > 0) > MAX_VALUES {
        return Err(Error::LimitExceeded { limit: Limit::Values });
    }
    // One call for all salts and decoys: a call to the operating system costs more than a signature's hash.
    let mut noise = Zeroizing::new(vec![0; counts.digests * SALT_BYTES]);
    random.fill(&mut noise)?;
    let mut writer = Writer {
        hash,
        noise: noise.chunks_exact(SALT_BYTES),
        disclosures: String::new(),
        scratch: String::new(),
    };
    let mut payload = String::with_capacity(256 + counts.digests * 48);
    payload.push('{');
    if counts.digests > 0 {
        payload.push_str("\"_sd_alg\":\"");
        payload.push_str(hash.name());
        payload.push('"');
    }
    writer.members(claims, &mut payload)?;
    payload.push('}');
    let disclosures = std::mem::take(&mut writer.disclosures);
    let signing_input = jws::signing_input(&header.to_json(), &payload);
    let unsigned = UnsignedSdJwt { algorithm: header.algorithm, signing_input, disclosures };
    if unsigned.signing_input.len() + unsigned.disclosures.len() + ROOM > MAX_TOKEN_BYTES {
        return Err(Error::LimitExceeded { limit: Limit::Length });
    }
    Ok(unsigned)
}

/// An SD-JWT that waits for the issuer's signature.
///
/// Sign it at once with [`sign`](Self::sign), or carry [`signing_input`](Self::signing_input) to an HSM or a service
/// and come back with [`attach`](Self::attach).
#[must_use = "an unsigned SD-JWT is worth nothing"]
pub struct UnsignedSdJwt {
    algorithm: JwsAlgorithm,
    signing_input: String,
    /// Each with its tilde behind.
    disclosures: String,
}

impl UnsignedSdJwt {
    /// The bytes to sign.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    /// Signs and finishes.
    ///
    /// # Errors
    /// [`Error::Signer`], with [`SignerError::KeyMismatch`] if the key does not go by the header's algorithm.
    pub fn sign(self, signer: &dyn Signer) -> Result<IssuedSdJwt, Error> {
        self.expect_kind(&signer.public_key())?;
        let signature = signer.sign(self.signing_input())?;
        Ok(self.finish(&signature))
    }

    /// Finishes with a signature made elsewhere, after checking it under `key`.
    ///
    /// # Errors
    /// [`Error::Signature`] if it is not a signature of `key` over these bytes, [`SignerError::KeyMismatch`] if `key`
    /// does not go by the header's algorithm.
    pub fn attach(self, signature: &Signature, key: &PublicKey) -> Result<IssuedSdJwt, Error> {
        self.expect_kind(key)?;
        key.verify(self.signing_input(), signature, Part::IssuerJwt)?;
        Ok(self.finish(signature))
    }

    fn expect_kind(&self, key: &PublicKey) -> Result<(), Error> {
        if key.kind().signs_as(self.algorithm) {
            Ok(())
        } else {
            Err(SignerError::KeyMismatch.into())
        }
    }

    fn finish(self, signature: &Signature) -> IssuedSdJwt {
        let mut text = self.signing_input;
        jws::append_signature(&mut text, signature);
        text.push('~');
        text.push_str(&self.disclosures);
        IssuedSdJwt(text)
    }
}

impl std::fmt::Debug for UnsignedSdJwt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnsignedSdJwt").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// A signed SD-JWT with all its Disclosures: for the holder and nobody else.
///
/// An issuer should not keep it (RFC 9901 §10.2).
#[must_use = "an issued credential belongs to its holder"]
pub struct IssuedSdJwt(String);

impl IssuedSdJwt {
    /// The compact form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The compact form, to be handed over.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::fmt::Debug for IssuedSdJwt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedSdJwt").finish_non_exhaustive()
    }
}

/// What is still to come: the signature here, and a KB-JWT with the longest identifier when it is presented whole.
const ROOM: usize = 4_096;

/// 128 bits, the least that RFC 9901 §9.3 recommends.
const SALT_BYTES: usize = 16;

#[derive(Default)]
struct Counts {
    disclosures: usize,
    digests: usize,
    /// JSON values of payload and Disclosures.
    values: usize,
}

impl Counts {
    const SCALAR: Self = Self { disclosures: 0, digests: 0, values: 1 };

    /// Counts one object or array at `depth`. Its list of digests is one level of JSON more.
    fn level(&mut self, disclosable: usize, min_digests: usize, depth: usize) -> Result<(), Error> {
        self.disclosures += disclosable;
        self.digests = self.digests.saturating_add(disclosable.max(min_digests));
        self.add_values(1);
        if self.digests > 0 && depth == MAX_DEPTH {
            return Err(Error::LimitExceeded { limit: Limit::Depth });
        }
        Ok(())
    }

    fn add(&mut self, other: &Self) {
        self.disclosures += other.disclosures;
        self.digests = self.digests.saturating_add(other.digests);
        self.add_values(other.values);
    }

    fn add_values(&mut self, count: usize) {
        self.values = self.values.saturating_add(count);
    }
}

fn count_object(object: &Object, depth: usize) -> Result<Counts, Error> {
    let disclosable =
        object.members.iter().filter(|(_, mark, _)| *mark == Mark::Disclosable).count();
    let mut counts = Counts::default();
    counts.level(disclosable, object.min_digests, depth)?;
    let digests = disclosable.max(object.min_digests);
    // The list in `_sd` and its digests; of each Disclosure the array, the salt and the name.
    counts.add_values(digests.saturating_add(usize::from(digests > 0)));
    counts.add_values(3 * disclosable);
    let mut names = std::collections::HashSet::with_capacity(object.members.len());
    for (name, _, node) in &object.members {
        if is_reserved(name) {
            return Err(Error::ReservedName { part: Part::IssuerJwt });
        }
        if !names.insert(name.as_str()) {
            return Err(Error::TemplateName);
        }
        counts.add(&count_node(node, depth)?);
    }
    Ok(counts)
}

fn count_array(array: &Array, depth: usize) -> Result<Counts, Error> {
    let disclosable = array.elements.iter().filter(|(mark, _)| *mark == Mark::Disclosable).count();
    let mut counts = Counts::default();
    counts.level(disclosable, array.min_digests, depth)?;
    // Each digest in an object of its own; of each Disclosure the array and the salt.
    counts.add_values(disclosable.max(array.min_digests).saturating_mul(2));
    counts.add_values(2 * disclosable);
    for (_, node) in &array.elements {
        counts.add(&count_node(node, depth)?);
    }
    Ok(counts)
}

/// Counts below a place at `depth` containers; a verifier would refuse deeper ones.
fn count_node(node: &Node, depth: usize) -> Result<Counts, Error> {
    let deeper = || {
        if depth == MAX_DEPTH {
            Err(Error::LimitExceeded { limit: Limit::Depth })
        } else {
            Ok(depth + 1)
        }
    };
    match &node.0 {
        Kind::Object(object) => count_object(object, deeper()?),
        Kind::Array(array) => count_array(array, deeper()?),
        Kind::Value(value) => check_plain(value, depth),
    }
}

/// A value without marks must not smuggle digests in, nor nest deeper than a verifier reads.
fn check_plain(value: &Value, depth: usize) -> Result<Counts, Error> {
    let container = value.is_object() || value.is_array();
    if container && depth == MAX_DEPTH {
        return Err(Error::LimitExceeded { limit: Limit::Depth });
    }
    let mut counts = Counts::SCALAR;
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if is_reserved(name) {
                    return Err(Error::ReservedName { part: Part::IssuerJwt });
                }
                counts.add(&check_plain(value, depth + 1)?);
            }
        }
        Value::Array(items) => {
            for item in items {
                counts.add(&check_plain(item, depth + 1)?);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    Ok(counts)
}

fn refuse_hidden_protected_claims(claims: &Object) -> Result<(), Error> {
    for (name, mark, node) in &claims.members {
        if let Some(claim) = vc::protected(name)
            && (*mark == Mark::Disclosable || count_node(node, 1)?.digests > 0)
        {
            return Err(Error::ProtectedClaim { claim });
        }
    }
    Ok(())
}

/// What a verifier of SD-JWT VC would refuse must not be issued.
fn refuse_malformed_vc_claims(claims: &Object) -> Result<(), Error> {
    let kind = |name: &str| {
        claims.members.iter().find(|(member, _, _)| member == name).map(|(_, _, node)| &node.0)
    };
    let mut plain = serde_json::Map::new();
    for name in ["aka_vcts", "iss", "vct"] {
        if let Some(Kind::Value(value)) = kind(name) {
            plain.insert(name.to_owned(), value.clone());
        }
    }
    for claim in ["cnf", "status"] {
        let is_object = |kind: &Kind| match kind {
            Kind::Object(_) => true,
            Kind::Value(value) => value.is_object(),
            Kind::Array(_) => false,
        };
        if kind(claim).is_some_and(|kind| !is_object(kind)) {
            return Err(Error::VcClaimMalformed { claim });
        }
    }
    vc::check_claims(&plain, None)
}

struct Writer<'n> {
    hash: HashAlgorithm,
    noise: std::slice::ChunksExact<'n, u8>,
    /// Encoded Disclosures, each with a tilde behind; those inside another's value come before it.
    disclosures: String,
    /// The JSON of the Disclosure at hand.
    scratch: String,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node, out: &mut String) -> Result<(), Error> {
        match &node.0 {
            Kind::Value(value) => {
                write_json(value, out);
                Ok(())
            }
            Kind::Object(object) => {
                out.push('{');
                self.members(object, out)?;
                out.push('}');
                Ok(())
            }
            Kind::Array(array) => self.array(array, out),
        }
    }

    /// Writes open members, then `_sd`. `out` ends in `{` or in an earlier member.
    fn members(&mut self, object: &Object, out: &mut String) -> Result<(), Error> {
        let disclosable = object.members.iter().filter(|(_, mark, _)| *mark == Mark::Disclosable);
        let mut digests = Vec::with_capacity(disclosable.count().max(object.min_digests));
        for (name, mark, node) in &object.members {
            match mark {
                Mark::Open => {
                    separate(out);
                    write_json_str(name, out);
                    out.push(':');
                    self.node(node, out)?;
                }
                Mark::Disclosable => digests.push(self.disclosure(Some(name), node)?),
            }
        }
        while digests.len() < object.min_digests {
            digests.push(self.decoy()?);
        }
        if !digests.is_empty() {
            // Sorted after the decoys are in: the order tells nothing (RFC 9901 §4.2.4.1).
            digests.sort_unstable();
            separate(out);
            out.push_str("\"_sd\":[");
            for digest in &digests {
                separate(out);
                push_quoted(digest, out);
            }
            out.push(']');
        }
        Ok(())
    }

    fn array(&mut self, array: &Array, out: &mut String) -> Result<(), Error> {
        out.push('[');
        let mut digests = 0;
        for (mark, node) in &array.elements {
            separate(out);
            match mark {
                Mark::Open => self.node(node, out)?,
                Mark::Disclosable => {
                    push_placeholder(&self.disclosure(None, node)?, out);
                    digests += 1;
                }
            }
        }
        for _ in digests..array.min_digests {
            separate(out);
            push_placeholder(&self.decoy()?, out);
        }
        out.push(']');
        Ok(())
    }

    fn disclosure(&mut self, name: Option<&str>, node: &Node) -> Result<EncodedDigest, Error> {
        // The buffer is taken, so a Disclosure inside this one's value writes into another, and comes first.
        let mut json = std::mem::take(&mut self.scratch);
        json.clear();
        json.push_str("[\"");
        base64url::encode_onto(self.salt()?, &mut json);
        json.push('"');
        if let Some(name) = name {
            json.push(',');
            write_json_str(name, &mut json);
        }
        json.push(',');
        self.node(node, &mut json)?;
        json.push(']');
        let start = self.disclosures.len();
        base64url::encode_onto(&json, &mut self.disclosures);
        self.scratch = json;
        let digest = self.hash.digest(self.disclosures.get(start..).unwrap_or_default());
        self.disclosures.push('~');
        Ok(digest)
    }

    /// A digest of random bytes, which no Disclosure matches.
    fn decoy(&mut self) -> Result<EncodedDigest, Error> {
        let noise = base64url::encode(self.salt()?);
        Ok(self.hash.digest(&noise))
    }

    fn salt(&mut self) -> Result<&[u8], Error> {
        // As many were drawn as digests were counted, so this does not run dry.
        self.noise.next().ok_or(Error::Random)
    }
}

fn separate(out: &mut String) {
    if !out.ends_with(['{', '[']) {
        out.push(',');
    }
}

fn push_quoted(digest: &EncodedDigest, out: &mut String) {
    out.push('"');
    out.push_str(digest.as_str());
    out.push('"');
}

fn push_placeholder(digest: &EncodedDigest, out: &mut String) {
    out.push_str("{\"...\":");
    push_quoted(digest, out);
    out.push('}');
}

fn write_json_str(text: &str, out: &mut String) {
    // Nearly every name and most values need no escape.
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => write_json_str(text, out),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        other => out.push_str(&other.to_string()),
    }
}
