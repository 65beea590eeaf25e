//! The JWS JSON serializations, flattened and general (RFC 9901 §8), as another spelling of the compact form.
//!
//! A token in JSON is turned into the compact text that `sd_hash` is defined over, and then goes the one way through
//! [`SdJwt`](crate::SdJwt). The caller says which form it expects; nothing here guesses.

use serde_json::{Map, Value, json};

use crate::limits::{MAX_DISCLOSURES, MAX_TOKEN_BYTES};
use crate::{Error, Limit, Part, json};

const PART: Part = Part::JwsJson;

/// The compact text of a token in a JSON serialization.
///
/// In the general form the first signature counts: `disclosures` and `kb_jwt` stand only there and `sd_hash` covers
/// only it (§8.2). Other members of the unprotected header decide nothing and are left out.
///
/// # Errors
/// [`Error::Json`], [`Error::MemberMalformed`] for a member that is missing, of the wrong type or where it must not
/// be, [`Error::Shape`] for a part that would not be one part of a compact token, [`Error::LimitExceeded`].
pub fn to_compact(text: &[u8]) -> Result<String, Error> {
    value_to_compact(&json::from_slice(text, PART)?)
}

fn value_to_compact(token: &Value) -> Result<String, Error> {
    let payload = part(token, "payload")?;
    let signed = match (token.get("signatures"), token.get("signature")) {
        (None, Some(_)) => token,
        (Some(signatures), None) => {
            let malformed = Error::MemberMalformed { part: PART, member: "signatures" };
            let (first, rest) =
                signatures.as_array().and_then(|all| all.split_first()).ok_or(malformed.clone())?;
            // A header beside the list would be read by some and not by others (RFC 7515 §7.2.1).
            if token.get("protected").is_some() || token.get("header").is_some() {
                return Err(malformed);
            }
            refuse_in_later_signatures(rest)?;
            first
        }
        _ => return Err(Error::MemberMalformed { part: PART, member: "signature" }),
    };
    let (protected, signature) = (part(signed, "protected")?, part(signed, "signature")?);
    let mut compact = format!("{protected}.{payload}.{signature}~");
    let header = match signed.get("header") {
        None => &Map::new(),
        Some(header) => {
            header.as_object().ok_or(Error::MemberMalformed { part: PART, member: "header" })?
        }
    };
    for disclosure in disclosures(header)? {
        compact.push_str(one_part(disclosure.as_str(), "disclosures")?);
        compact.push('~');
    }
    if let Some(kb_jwt) = header.get("kb_jwt") {
        compact.push_str(one_part(kb_jwt.as_str(), "kb_jwt")?);
    }
    Ok(compact)
}

fn disclosures(header: &Map<String, Value>) -> Result<&[Value], Error> {
    let Some(disclosures) = header.get("disclosures") else { return Ok(&[]) };
    let malformed = Error::MemberMalformed { part: PART, member: "disclosures" };
    let disclosures = disclosures.as_array().ok_or(malformed)?;
    if disclosures.len() > MAX_DISCLOSURES {
        return Err(Error::LimitExceeded { limit: Limit::Disclosures });
    }
    Ok(disclosures)
}

fn refuse_in_later_signatures(signatures: &[Value]) -> Result<(), Error> {
    for member in ["disclosures", "kb_jwt"] {
        let present = |signature: &Value| {
            signature.get("header").is_some_and(|header| header.get(member).is_some())
        };
        if signatures.iter().any(present) {
            return Err(Error::MemberMalformed { part: PART, member });
        }
    }
    Ok(())
}

fn part<'v>(object: &'v Value, member: &'static str) -> Result<&'v str, Error> {
    let text = one_part(object.get(member).and_then(Value::as_str), member)?;
    if text.contains('.') { Err(Error::Shape { part: PART }) } else { Ok(text) }
}

/// A string that stays one component when tildes are put around it.
fn one_part<'v>(text: Option<&'v str>, member: &'static str) -> Result<&'v str, Error> {
    let text = text.ok_or(Error::MemberMalformed { part: PART, member })?;
    if text.is_empty() || text.contains('~') { Err(Error::Shape { part: PART }) } else { Ok(text) }
}

/// The flattened JSON serialization of a compact token.
///
/// # Errors
/// [`Error::Shape`] if the text is not laid out as a compact token, [`Error::LimitExceeded`].
pub fn to_flattened(compact: &str) -> Result<Value, Error> {
    let pieces = Pieces::split(compact)?;
    Ok(json!({
        "payload": pieces.payload,
        "protected": pieces.protected,
        "signature": pieces.signature,
        "header": pieces.header(),
    }))
}

/// The general JSON serialization of a compact token, with its one signature.
///
/// # Errors
/// As [`to_flattened`].
pub fn to_general(compact: &str) -> Result<Value, Error> {
    let pieces = Pieces::split(compact)?;
    Ok(json!({
        "payload": pieces.payload,
        "signatures": [{
            "protected": pieces.protected,
            "signature": pieces.signature,
            "header": pieces.header(),
        }],
    }))
}

struct Pieces<'c> {
    protected: &'c str,
    payload: &'c str,
    signature: &'c str,
    disclosures: Vec<&'c str>,
    kb_jwt: &'c str,
}

impl<'c> Pieces<'c> {
    fn split(compact: &'c str) -> Result<Self, Error> {
        if compact.len() > MAX_TOKEN_BYTES {
            return Err(Error::LimitExceeded { limit: Limit::Length });
        }
        let shape = || Error::Shape { part: Part::IssuerJwt };
        // The JWT, the Disclosures and what is behind the last tilde.
        let mut components: Vec<&str> = compact.split('~').take(MAX_DISCLOSURES + 3).collect();
        if components.len() > MAX_DISCLOSURES + 2 {
            return Err(Error::LimitExceeded { limit: Limit::Disclosures });
        }
        let kb_jwt = components.pop().ok_or_else(shape)?;
        let mut components = components.into_iter();
        let mut jwt = components.next().ok_or_else(shape)?.splitn(3, '.');
        let (Some(protected), Some(payload), Some(signature)) =
            (jwt.next(), jwt.next(), jwt.next())
        else {
            return Err(shape());
        };
        Ok(Self { protected, payload, signature, disclosures: components.collect(), kb_jwt })
    }

    fn header(&self) -> Value {
        if self.kb_jwt.is_empty() {
            json!({ "disclosures": self.disclosures })
        } else {
            json!({ "disclosures": self.disclosures, "kb_jwt": self.kb_jwt })
        }
    }
}
