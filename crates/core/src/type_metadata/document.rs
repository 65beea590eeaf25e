//! One Type Metadata document, read (draft -19 §5.2).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::claim::{self, ClaimMetadata};
use super::display::{self, TypeDisplay};
use super::integrity::{Digests, Integrity};
use super::{MAX_DESCRIPTION_CHARS, MAX_TYPE_CLAIMS, TypeMetadataError as Error};
use crate::limits::MAX_TOKEN_BYTES;
use crate::path::{Location, PathSegment};
use crate::request::{MAX_TEXT_CHARS, is_showable_within};
use crate::{JsonFault, Part, json};

/// What a document says by itself, before anything is inherited.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) vct: String,
    pub(super) bytes: usize,
    pub(super) digests: Digests,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) extends: Option<Extends>,
    /// `None` if the document has no such member, and what is inherited stays.
    pub(super) display: Option<Vec<TypeDisplay>>,
    pub(super) claims: Vec<ClaimMetadata>,
}

#[derive(Clone, Debug)]
pub(super) struct Extends {
    pub(super) vct: String,
    pub(super) integrity: Option<Integrity>,
}

impl Document {
    /// Reads a document, which must be of the type that it was obtained for, if it was obtained for one.
    pub(super) fn read(obtained_for: Option<&str>, octets: &[u8]) -> Result<Self, Error> {
        if octets.len() > MAX_TOKEN_BYTES {
            return Err(Error::LimitExceeded { limit: "bytes of a type document" });
        }
        // The part is named only in the error that is taken apart here.
        let json = json::from_slice(octets, Part::Trust).map_err(|error| match error {
            crate::Error::Json { fault, .. } => Error::Json(fault),
            _ => Error::Json(JsonFault::Syntax),
        })?;
        let root = At::ROOT;
        let members = json.as_object().ok_or(Error::Json(JsonFault::NotAnObject))?;
        // §5.3: or whoever answers for one name could speak for another.
        let vct = required_text(members, "vct", &root)?;
        if obtained_for.is_some_and(|name| name != vct) {
            return Err(Error::VctMismatch);
        }
        let extends = match text(members, "extends", &root)? {
            None => None,
            Some("") => return Err(root.member("extends").malformed()),
            Some(vct) => Some(Extends {
                vct: vct.to_owned(),
                integrity: text(members, "extends#integrity", &root)?.map(Integrity::new),
            }),
        };
        let display = array(members, "display", &root)?
            .map(|entries| display::read_all(entries, &root.member("display")))
            .transpose()?;
        let claims = array(members, "claims", &root)?.unwrap_or_default();
        Ok(Self {
            vct: vct.to_owned(),
            bytes: octets.len(),
            digests: Digests::of(octets),
            name: shown(text(members, "name", &root)?, MAX_TEXT_CHARS),
            description: shown(text(members, "description", &root)?, MAX_DESCRIPTION_CHARS),
            extends,
            display,
            claims: read_claims(claims, &root.member("claims"))?,
        })
    }
}

fn read_claims(entries: &[Value], at: &At<'_>) -> Result<Vec<ClaimMetadata>, Error> {
    if entries.len() > MAX_TYPE_CLAIMS {
        return Err(Error::LimitExceeded { limit: "claims of a type" });
    }
    let mut claims = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        claims.push(claim::read(entry, &at.element(index))?);
    }
    let mut paths = BTreeSet::new();
    if let Some(index) = claims.iter().position(|claim| !paths.insert(&claim.path)) {
        return Err(Error::ClaimRepeated { at: at.element(index).location() });
    }
    claim::check_svg_ids(&claims)?;
    Ok(claims)
}

/// Where in a document the reader is; written down only when something is wrong there.
pub(super) struct At<'p> {
    above: Option<&'p At<'p>>,
    step: Step,
}

#[derive(Clone, Copy)]
enum Step {
    Root,
    Member(&'static str),
    Element(usize),
}

impl<'p> At<'p> {
    const ROOT: Self = Self { above: None, step: Step::Root };

    pub(super) const fn member(&'p self, name: &'static str) -> Self {
        Self { above: Some(self), step: Step::Member(name) }
    }

    pub(super) const fn element(&'p self, index: usize) -> Self {
        Self { above: Some(self), step: Step::Element(index) }
    }

    pub(super) fn location(&self) -> Location {
        let mut location = self.above.map(Self::location).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Member(name) => location.push(PathSegment::Name(name.to_owned())),
            Step::Element(index) => location.push(PathSegment::Index(index)),
        }
        location
    }

    pub(super) fn malformed(&self) -> Error {
        Error::MemberMalformed { at: self.location() }
    }
}

pub(super) type Members = Map<String, Value>;

pub(super) fn object<'v>(value: &'v Value, at: &At<'_>) -> Result<&'v Members, Error> {
    value.as_object().ok_or_else(|| at.malformed())
}

pub(super) fn text<'v>(
    members: &'v Members,
    name: &'static str,
    at: &At<'_>,
) -> Result<Option<&'v str>, Error> {
    let read = |value: &'v Value| value.as_str().ok_or_else(|| at.member(name).malformed());
    members.get(name).map(read).transpose()
}

pub(super) fn required_text<'v>(
    members: &'v Members,
    name: &'static str,
    at: &At<'_>,
) -> Result<&'v str, Error> {
    let text = text(members, name, at)?.filter(|text| !text.is_empty());
    text.ok_or_else(|| at.member(name).malformed())
}

pub(super) fn array<'v>(
    members: &'v Members,
    name: &'static str,
    at: &At<'_>,
) -> Result<Option<&'v [Value]>, Error> {
    let read = |value: &'v Value| {
        value.as_array().map(Vec::as_slice).ok_or_else(|| at.member(name).malformed())
    };
    members.get(name).map(read).transpose()
}

/// A text that can be shown without deceiving the eye. Any other is left out, as if the document did not have it: a
/// label must not decide whether the rules beside it hold.
pub(super) fn shown(text: Option<&str>, max_chars: usize) -> Option<String> {
    text.filter(|text| is_showable_within(text, max_chars)).map(str::to_owned)
}
