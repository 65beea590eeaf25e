//! The two JWTs of a presentation: compact JWS with a header that is read strictly (RFC 7515 §3.1, §5.2).

use std::borrow::Cow;

use crate::json::{Json, Members, member};
use crate::{AlgorithmSet, Error, JwsAlgorithm, Part, PublicKey, Signature, base64url};

/// A compact JWS that has been taken apart. Nothing in it has been checked but its layout.
pub(crate) struct Jws<'t> {
    part: Part,
    /// `header.payload`, the bytes that were signed.
    signing_input: &'t str,
    signature: Signature,
    /// Header and payload, decoded one behind the other.
    decoded: Vec<u8>,
    header_len: usize,
}

impl<'t> Jws<'t> {
    pub(crate) fn parse(text: &'t str, part: Part) -> Result<Self, Error> {
        let shape = || Error::Shape { part };
        let (signing_input, signature) = text.rsplit_once('.').ok_or_else(shape)?;
        let (header, payload) = signing_input.split_once('.').ok_or_else(shape)?;
        let signature = base64url::decode_array(signature).map(Signature::from_bytes);
        let signature = signature.ok_or(Error::Signature { part })?;
        let mut decoded = Vec::with_capacity(signing_input.len());
        base64url::decode_onto(header, &mut decoded, part)?;
        let header_len = decoded.len();
        // A third dot left in the payload is caught here; an empty header by its JSON.
        base64url::decode_onto(payload, &mut decoded, part)?;
        Ok(Self { part, signing_input, signature, decoded, header_len })
    }

    pub(crate) fn header(&self) -> Result<Header<'_>, Error> {
        Header::parse(self.raw_header(), self.part)
    }

    pub(crate) fn raw_header(&self) -> &[u8] {
        self.decoded.get(..self.header_len).unwrap_or_default()
    }

    pub(crate) fn payload(&self) -> &[u8] {
        self.decoded.get(self.header_len..).unwrap_or_default()
    }

    /// Checks algorithm and signature under `key`.
    pub(crate) fn verify(
        &self,
        header: &Header<'_>,
        key: &PublicKey,
        allowed: AlgorithmSet,
    ) -> Result<(), Error> {
        let named = header.algorithm.and_then(JwsAlgorithm::from_name);
        if !named.is_some_and(|alg| allowed.contains(alg) && key.kind().signs_as(alg)) {
            return Err(Error::AlgorithmNotAllowed { part: self.part });
        }
        key.verify(self.signing_input.as_bytes(), &self.signature, self.part)
    }
}

/// A protected header, with what is used of it.
pub(crate) struct Header<'h> {
    algorithm: Option<&'h str>,
    members: Members<'h>,
    part: Part,
}

impl<'h> Header<'h> {
    fn parse(text: &'h [u8], part: Part) -> Result<Self, Error> {
        let members = Json::parse_object(text, part)?;
        // No extension that a header could declare critical is supported, so whatever `crit` holds is refused: an
        // unknown name, a name that is absent or registered, or an empty list. `b64` belongs to no JWT (RFC 7797 §7).
        if member(&members, "crit").is_some() || member(&members, "b64").is_some() {
            return Err(Error::CriticalHeader { part });
        }
        // It would count as absent, and a reader that takes it for a name would look for another key (RFC 7515 §4.1.4).
        if member(&members, "kid").is_some_and(|kid| kid.as_str().is_none()) {
            return Err(Error::MemberMalformed { part, member: "kid" });
        }
        let algorithm = match member(&members, "alg") {
            // An escaped spelling of an algorithm is nobody's honest output.
            Some(Json::String(Cow::Borrowed(name))) => Some(*name),
            _ => None,
        };
        Ok(Self { algorithm, members, part })
    }

    /// Checks that `typ` is exactly `expected`.
    pub(crate) fn expect_typ(&self, expected: &str) -> Result<(), Error> {
        match member(&self.members, "typ").and_then(Json::as_str) {
            Some(typ) if typ == expected => Ok(()),
            _ => Err(Error::Typ { part: self.part }),
        }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Json<'h>> {
        member(&self.members, name)
    }
}

/// The beginning of a JWS that is still to be signed.
#[cfg(feature = "sign")]
pub(crate) fn signing_input(header: &str, payload: &str) -> String {
    let length = base64url::encoded_len(header.len()) + base64url::encoded_len(payload.len()) + 1;
    let mut text = String::with_capacity(length + SIGNATURE_ROOM);
    base64url::encode_onto(header, &mut text);
    text.push('.');
    base64url::encode_onto(payload, &mut text);
    text
}

/// A dot and an encoded signature, so that appending them does not move the text.
#[cfg(feature = "sign")]
const SIGNATURE_ROOM: usize = 1 + base64url::encoded_len(64);

/// Appends the signature to a signing input.
#[cfg(feature = "sign")]
pub(crate) fn append_signature(signing_input: &mut String, signature: &Signature) {
    signing_input.push('.');
    base64url::encode_onto(signature.as_bytes(), signing_input);
}

// A JWS is not public, and the sources read no files.
#[cfg(test)]
#[path = "../tests/unit/jose_suites.rs"]
mod jose_suites;
