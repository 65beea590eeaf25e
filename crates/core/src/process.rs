//! Putting Disclosures back where their digests stand (RFC 9901 §7.1, steps 3 to 6).
//!
//! One pass over the payload. Each Disclosure is used at most once, each digest is looked at once, and recursion is
//! bounded by [`MAX_DEPTH`], so time and memory are linear in the token.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::disclosure::Disclosure;
use crate::hash::{EncodedDigest, HashAlgorithm};
use crate::json::{Json, Members, member};
use crate::limits::{MAX_DEPTH, MAX_DIGESTS};
use crate::path::{PathSegment, Positions};
use crate::{Error, Limit, Part};

/// Where a Disclosure belongs in the processed payload.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Place {
    pub(crate) location: Vec<PathSegment>,
    /// The Disclosure in whose value this one's digest stands.
    pub(crate) parent: Option<usize>,
}

/// The processed payload and what was learnt on the way.
pub(crate) struct Processed {
    pub(crate) claims: Map<String, Value>,
    pub(crate) hash: HashAlgorithm,
    /// For each Disclosure, by its position in the token.
    pub(crate) places: Vec<Place>,
    pub(crate) positions: Positions,
    /// Digests seen, hidden claims and decoys included.
    pub(crate) digest_count: usize,
    pub(crate) shortest_salt: Option<usize>,
}

/// The hash that a payload declares, at its top and nowhere else (RFC 9901 §4.1.1).
fn declared_hash(payload: &Members<'_>) -> Result<HashAlgorithm, Error> {
    match member(payload, "_sd_alg") {
        None => Ok(HashAlgorithm::default()),
        Some(name) => name.as_str().and_then(HashAlgorithm::from_name).ok_or(Error::HashAlgorithm),
    }
}

/// Processes a payload whose signature has been verified.
pub(crate) fn process(
    mut payload: Members<'_>,
    encoded: &[&str],
    disclosures: Vec<Disclosure<'_>>,
) -> Result<Processed, Error> {
    let hash = declared_hash(&payload)?;
    payload.retain(|(name, _)| name != "_sd_alg");
    let digests: Vec<EncodedDigest> = encoded.iter().map(|text| hash.digest(text)).collect();
    let mut by_digest = HashMap::with_capacity(digests.len());
    for (index, digest) in digests.iter().enumerate() {
        // The same Disclosure sent twice: its second copy has no digest of its own.
        if by_digest.insert(digest.as_str(), index).is_some() {
            return Err(Error::DisclosureUnreferenced { index });
        }
    }
    let shortest_salt = disclosures.iter().map(|disclosure| disclosure.salt.len()).min();
    let mut places = Vec::new();
    places.resize_with(disclosures.len(), || None);
    let mut walk = Walk {
        by_digest,
        disclosures: disclosures.into_iter().map(Some).collect(),
        seen: HashSet::new(),
        location: Vec::new(),
        parent: None,
        places,
        positions: Positions::default(),
    };
    let claims = walk.object(payload, Part::IssuerJwt)?;
    let digest_count = walk.seen.len();
    let positions = walk.positions;
    let places = walk.places.into_iter().enumerate();
    let places = places
        .map(|(index, place)| place.ok_or(Error::DisclosureUnreferenced { index }))
        .collect::<Result<_, _>>()?;
    Ok(Processed { claims, hash, places, positions, digest_count, shortest_salt })
}

struct Walk<'d, 't> {
    by_digest: HashMap<&'d str, usize>,
    disclosures: Vec<Option<Disclosure<'t>>>,
    seen: HashSet<Cow<'t, str>>,
    /// Names and issued positions from the top down to where the walk is.
    location: Vec<Step<'t>>,
    parent: Option<usize>,
    places: Vec<Option<Place>>,
    positions: Positions,
}

#[derive(Clone)]
enum Step<'t> {
    Name(Cow<'t, str>),
    Index(usize),
}

impl Step<'_> {
    fn to_segment(&self) -> PathSegment {
        match self {
            Self::Name(name) => PathSegment::Name(name.clone().into_owned()),
            Self::Index(index) => PathSegment::Index(*index),
        }
    }
}

impl<'t> Walk<'_, 't> {
    fn value(&mut self, json: Json<'t>, part: Part) -> Result<Value, Error> {
        match json {
            Json::Object(members) => self.object(members, part).map(Value::Object),
            Json::Array(items) => self.array(items, part).map(Value::Array),
            scalar => Ok(scalar.into_value()),
        }
    }

    /// A value one level below the place the walk is at.
    fn below(&mut self, step: Step<'t>, json: Json<'t>, part: Part) -> Result<Value, Error> {
        if !matches!(json, Json::Object(_) | Json::Array(_)) {
            return Ok(json.into_value());
        }
        // The top object is the first level, so the deepest container has MAX_DEPTH - 1 steps above it.
        if self.location.len() + 1 >= MAX_DEPTH {
            return Err(Error::LimitExceeded { limit: Limit::Depth });
        }
        self.location.push(step);
        let value = self.value(json, part)?;
        self.location.pop();
        Ok(value)
    }

    fn object(&mut self, members: Members<'t>, part: Part) -> Result<Map<String, Value>, Error> {
        let reserved = Error::ReservedName { part };
        let mut digests = Vec::new();
        let mut map = Map::new();
        for (name, json) in members {
            match name.as_ref() {
                "_sd" => match json {
                    Json::Array(items) => digests = items,
                    _ => return Err(reserved),
                },
                "..." => return Err(reserved),
                "_sd_alg" => return Err(Error::HashAlgorithm),
                _ => {
                    let value = self.below(Step::Name(name.clone()), json, part)?;
                    map.insert(name.into_owned(), value);
                }
            }
        }
        for digest in digests {
            let Json::String(digest) = digest else { return Err(reserved) };
            let Some((index, disclosure)) = self.take(digest)? else { continue };
            let Some(name) = disclosure.name else { return Err(Error::DisclosureArity { index }) };
            if is_reserved(&name) || map.contains_key(name.as_ref()) {
                return Err(Error::DisclosureName { index });
            }
            let value = self.disclosed(index, Step::Name(name.clone()), disclosure.value)?;
            map.insert(name.into_owned(), value);
        }
        Ok(map)
    }

    fn array(&mut self, items: Vec<Json<'t>>, part: Part) -> Result<Vec<Value>, Error> {
        let mut values = Vec::with_capacity(items.len());
        // Filled from the first hidden element on; until then position and index agree.
        let mut issued: Option<Vec<usize>> = None;
        for (position, item) in items.into_iter().enumerate() {
            let value = match placeholder(item, part)? {
                Item::Plain(json) => Some(self.below(Step::Index(position), json, part)?),
                Item::Digest(digest) => match self.take(digest)? {
                    None => None,
                    Some((index, Disclosure { name: Some(_), .. })) => {
                        return Err(Error::DisclosureArity { index });
                    }
                    Some((index, disclosure)) => {
                        Some(self.disclosed(index, Step::Index(position), disclosure.value)?)
                    }
                },
            };
            match value {
                Some(value) => {
                    values.push(value);
                    if let Some(issued) = &mut issued {
                        issued.push(position);
                    }
                }
                None => {
                    issued.get_or_insert_with(|| (0..position).collect());
                }
            }
        }
        if let Some(issued) = issued {
            self.positions.insert(self.location.iter().map(Step::to_segment).collect(), issued);
        }
        Ok(values)
    }

    /// Notes that `digest` was seen, and gives the Disclosure it refers to, if that was sent.
    fn take(&mut self, digest: Cow<'t, str>) -> Result<Option<(usize, Disclosure<'t>)>, Error> {
        if self.seen.len() == MAX_DIGESTS {
            return Err(Error::LimitExceeded { limit: Limit::Digests });
        }
        let found = self.by_digest.get(digest.as_ref()).copied();
        if !self.seen.insert(digest) {
            return Err(Error::DigestRepeated);
        }
        let Some(index) = found else { return Ok(None) };
        let disclosure = self.disclosures.get_mut(index).and_then(Option::take);
        Ok(disclosure.map(|disclosure| (index, disclosure)))
    }

    fn disclosed(&mut self, index: usize, step: Step<'t>, json: Json<'t>) -> Result<Value, Error> {
        let mut location: Vec<PathSegment> = Vec::with_capacity(self.location.len() + 1);
        location.extend(self.location.iter().map(Step::to_segment));
        location.push(step.to_segment());
        if let Some(place) = self.places.get_mut(index) {
            *place = Some(Place { location, parent: self.parent });
        }
        let outer = self.parent.replace(index);
        let value = self.below(step, json, Part::Disclosure(index))?;
        self.parent = outer;
        Ok(value)
    }
}

/// Names that a Disclosure may not carry. `_sd_alg` counts: it would be nested, or the second one at the top.
pub(crate) fn is_reserved(name: &str) -> bool {
    matches!(name, "_sd" | "..." | "_sd_alg")
}

enum Item<'t> {
    Plain(Json<'t>),
    Digest(Cow<'t, str>),
}

/// Tells `{"...": digest}` from an ordinary element (RFC 9901 §4.2.4.2).
fn placeholder(item: Json<'_>, part: Part) -> Result<Item<'_>, Error> {
    let Json::Object(mut members) = item else { return Ok(Item::Plain(item)) };
    if member(&members, "...").is_none() {
        return Ok(Item::Plain(Json::Object(members)));
    }
    match (members.pop(), members.is_empty()) {
        (Some((_, Json::String(digest))), true) => Ok(Item::Digest(digest)),
        _ => Err(Error::ReservedName { part }),
    }
}
