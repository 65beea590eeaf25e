//! The payload of a credential, complete but for the holder's key: the fixed layout of SPEC.md.
//!
//! In front stands what is the same for everybody, then the key, then a constant number of digests. The table of the
//! credential type says which claims there are; where a person lacks one, a decoy takes its place.

use std::collections::BTreeMap;

use llavero_core::template::{Array, Object};
use llavero_core::type_metadata::TypeMetadata;
use llavero_mexico::{Container, CredentialType, DigestLevel, Visibility};
use serde_json::{Map, Value};

use crate::{Error, Validity};

/// The name of a credential type, and what is published about it.
///
/// A `&str` is the name alone. A [`&TypeDocument`](crate::TypeDocument) is the name with the hash of the document, and drafts
/// are held to it.
#[derive(Clone, Copy, Debug)]
pub struct TypeName<'a> {
    /// `vct`.
    pub vct: &'a str,
    /// `vct#integrity`: W3C Subresource Integrity metadata such as `sha256-…` (SD-JWT VC §6). The same for everybody.
    pub integrity: Option<&'a str>,
    /// What a draft must satisfy.
    pub metadata: Option<&'a TypeMetadata>,
}

impl<'a> From<&'a str> for TypeName<'a> {
    fn from(vct: &'a str) -> Self {
        Self { vct, integrity: None, metadata: None }
    }
}

/// A credential of which copies can be made.
#[derive(Clone, Debug)]
pub struct Draft {
    prefix: Object,
    body: Object,
}

impl Draft {
    /// A draft of one of the Mexican types.
    pub(crate) fn of_type(
        credential_type: CredentialType,
        prefix: Object,
        claims: Map<String, Value>,
    ) -> Result<Self, Error> {
        let prefix = prefix.open("issuing_country", "MX");
        Ok(Self { prefix, body: body(credential_type, claims)? })
    }

    /// A draft of a type of your own: `body` holds its claims with their marks.
    pub(crate) const fn of_body(prefix: Object, body: Object) -> Self {
        Self { prefix, body }
    }

    /// `iss`, `vct`, its integrity and the dates, in the order of SPEC.md.
    pub(crate) fn prefix(issuer: &str, name: TypeName<'_>, validity: Validity) -> Object {
        let mut prefix = Object::new().open("iss", issuer).open("vct", name.vct);
        if let Some(integrity) = name.integrity {
            prefix = prefix.open("vct#integrity", integrity);
        }
        prefix.open("nbf", validity.from().as_secs()).open("exp", validity.until().as_secs())
    }

    /// The payload of the copy for one key.
    pub(crate) fn with_key(&self, jwk: Value) -> Object {
        let key = Object::new().open("cnf", Object::new().open("jwk", jwk));
        self.prefix.clone().followed_by(key).followed_by(self.body.clone())
    }
}

/// Containers in the order of the type's table, then the disclosable claims of the top.
fn body(credential_type: CredentialType, mut claims: Map<String, Value>) -> Result<Object, Error> {
    let mut body = Object::new();
    for level in credential_type.levels() {
        let [name] = level.path else { continue };
        let content = claims.remove(*name);
        body = match level.container {
            Container::Array => body.open(*name, array(level, name, content)?),
            _ => body.open(*name, object(credential_type, level, name, content)?),
        };
    }
    let top = credential_type.levels().iter().find(|level| level.path.is_empty());
    let room = top.map_or(0, |level| level.digests);
    // In the order of the table, which is then the order in which a wallet sends them.
    for claim in credential_type.claims() {
        let ([name], Visibility::Disclosable) = (claim.path(), claim.visibility()) else {
            continue;
        };
        if let Some(value) = claims.remove(*name) {
            body = body.disclosable(*name, value);
        }
    }
    if let Some((name, _)) = claims.into_iter().next() {
        return Err(Error::ClaimUnknown { name });
    }
    Ok(body.min_digests(room))
}

fn object(
    credential_type: CredentialType,
    level: &DigestLevel,
    name: &str,
    content: Option<Value>,
) -> Result<Object, Error> {
    let members = match content {
        None => Map::new(),
        Some(Value::Object(members)) => members,
        Some(_) => return Err(Error::ClaimUnknown { name: name.to_owned() }),
    };
    if members.len() > level.digests {
        return Err(Error::ClaimOverflow { name: name.to_owned() });
    }
    // By name, whatever order the map is in: the order in which Disclosures are sent must not depend on the person.
    let sorted: BTreeMap<String, Value> = members.into_iter().collect();
    let mut object = Object::new();
    for (member, value) in sorted {
        let full = format!("{name}.{member}");
        if credential_type.claim(&full).is_none() {
            return Err(Error::ClaimUnknown { name: full });
        }
        object = object.disclosable(member, value);
    }
    Ok(object.min_digests(level.digests))
}

fn array(level: &DigestLevel, name: &str, content: Option<Value>) -> Result<Array, Error> {
    let elements = match content {
        None => Vec::new(),
        Some(Value::Array(elements)) => elements,
        Some(_) => return Err(Error::ClaimUnknown { name: name.to_owned() }),
    };
    if elements.len() > level.digests {
        return Err(Error::ClaimOverflow { name: name.to_owned() });
    }
    let array = elements.into_iter().fold(Array::new(), Array::disclosable);
    Ok(array.min_digests(level.digests))
}
