//! Putting Disclosures back where their digests stand (RFC 9901 §7.1, steps 3 to 6).
//!
//! One pass over the payload. Each Disclosure is used at most once, each digest is looked at once, and recursion is
//! bounded by [`MAX_DEPTH`], so time and memory are linear in the token.

use std::borrow::Cow;
use std::ops::Range;

use crate::disclosure::Disclosure;
use crate::hash::{EncodedDigest, HashAlgorithm, prefix_of};
use crate::json::{self, Json, Members, member};
use crate::limits::{MAX_DEPTH, MAX_DIGESTS, MAX_TOKEN_BYTES};
use crate::path::{Location, PathSegment, Positions};
use crate::{Error, Limit, Part, vc};

/// Where each Disclosure belongs in the processed payload, by its position in the token.
///
/// All locations lie in one list, because a wallet looks at dozens of them for every presentation.
#[derive(Default)]
pub(crate) struct Places {
    segments: Vec<PathSegment>,
    /// `None` for a Disclosure that has not been met (yet).
    entries: Vec<Option<Range<usize>>>,
}

impl Places {
    fn for_disclosures(count: usize) -> Self {
        let mut entries = Vec::new();
        entries.resize_with(count, || None);
        Self { segments: Vec::with_capacity(count), entries }
    }

    fn set(&mut self, index: usize, location: impl Iterator<Item = PathSegment>) {
        let start = self.segments.len();
        self.segments.extend(location);
        if let Some(entry) = self.entries.get_mut(index) {
            *entry = Some(start..self.segments.len());
        }
    }

    fn first_missing(&self) -> Option<usize> {
        self.entries.iter().position(Option::is_none)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn location(&self, index: usize) -> Option<&[PathSegment]> {
        self.segments.get(self.entries.get(index)?.clone()?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[PathSegment]> {
        (0..self.len()).filter_map(|index| self.location(index))
    }
}

/// The processed payload and what was learnt on the way.
pub(crate) struct Processed<'t> {
    /// Still borrowing from payload and Disclosures: a wallet that only presents makes nothing else of them.
    pub(crate) claims: Members<'t>,
    pub(crate) hash: HashAlgorithm,
    pub(crate) places: Places,
    pub(crate) positions: Positions,
    /// Objects in which digests are left over, each of a hidden claim or a decoy.
    pub(crate) hiding: Vec<Location>,
    /// Digests seen, hidden claims and decoys included.
    pub(crate) digest_count: usize,
    pub(crate) shortest_salt: Option<usize>,
    /// A protected claim inside which digests stand, whether their Disclosures were sent or not.
    pub(crate) protected_digest: Option<&'static str>,
}

/// The hash that a payload declares, at its top and nowhere else (RFC 9901 §4.1.1).
fn declared_hash(payload: &Members<'_>) -> Result<HashAlgorithm, Error> {
    match member(payload, "_sd_alg") {
        None => Ok(HashAlgorithm::default()),
        Some(name) => name.as_str().and_then(HashAlgorithm::from_name).ok_or(Error::HashAlgorithm),
    }
}

/// Processes a payload whose signature has been verified.
pub(crate) fn process<'t>(
    mut payload: Members<'t>,
    encoded: &[&str],
    disclosures: Vec<Disclosure<'t>>,
) -> Result<Processed<'t>, Error> {
    let hash = declared_hash(&payload)?;
    payload.retain(|(name, _)| name != "_sd_alg");
    let by_digest = ByDigest::new(encoded.iter().map(|text| hash.digest(text)))?;
    let shortest_salt = disclosures.iter().map(|disclosure| disclosure.salt.len()).min();
    let mut walk = Walk {
        by_digest,
        places: Places::for_disclosures(disclosures.len()),
        disclosures: disclosures.into_iter().map(Some).collect(),
        seen: Vec::with_capacity(USUAL_DIGESTS),
        location: Vec::new(),
        positions: Positions::default(),
        hiding: Vec::new(),
        budget: MAX_LOCATION_BYTES,
        protected: None,
    };
    let claims = walk.object(payload, Part::IssuerJwt)?;
    let digest_count = walk.seen.len();
    walk.seen.sort_unstable();
    if walk.seen.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(Error::DigestRepeated);
    }
    let (positions, hiding) = (walk.positions, walk.hiding);
    if let Some(index) = walk.places.first_missing() {
        return Err(Error::DisclosureUnreferenced { index });
    }
    let (places, protected_digest) = (walk.places, walk.protected);
    Ok(Processed {
        claims,
        hash,
        places,
        positions,
        hiding,
        digest_count,
        shortest_salt,
        protected_digest,
    })
}

/// Bytes of names that may be written into locations, over and over for the claims below a long name. Without a bound
/// one name of a token could be copied as often as the token has claims.
const MAX_LOCATION_BYTES: usize = 4 * MAX_TOKEN_BYTES;

/// As many digests as usual credentials have; the list of them stays below a kilobyte, where allocating is cheap.
const USUAL_DIGESTS: usize = 24;

/// Which Disclosure has which digest, sorted by the digest's first characters.
struct ByDigest {
    digests: Vec<EncodedDigest>,
    sorted: Vec<(u64, usize)>,
}

impl ByDigest {
    fn new(digests: impl Iterator<Item = EncodedDigest>) -> Result<Self, Error> {
        let digests: Vec<EncodedDigest> = digests.collect();
        let mut sorted: Vec<_> =
            digests.iter().enumerate().map(|(index, digest)| (digest.prefix(), index)).collect();
        sorted.sort_unstable();
        let table = Self { digests, sorted };
        // The same Disclosure sent twice: its second copy has no digest of its own.
        let repeated = table.sorted.windows(2).find_map(|pair| match pair {
            [(a, first), (b, second)]
                if a == b && table.digests.get(*first) == table.digests.get(*second) =>
            {
                Some(*second)
            }
            _ => None,
        });
        match repeated {
            Some(index) => Err(Error::DisclosureUnreferenced { index }),
            None => Ok(table),
        }
    }

    fn find(&self, prefix: u64, digest: &str) -> Option<usize> {
        let first = self.sorted.partition_point(|(candidate, _)| *candidate < prefix);
        let candidates =
            self.sorted.get(first..)?.iter().take_while(|(candidate, _)| *candidate == prefix);
        let same = |index: &usize| {
            self.digests.get(*index).is_some_and(|own| own.as_bytes() == digest.as_bytes())
        };
        candidates.map(|(_, index)| *index).find(same)
    }
}

struct Walk<'t> {
    by_digest: ByDigest,
    disclosures: Vec<Option<Disclosure<'t>>>,
    /// Every digest met, behind its prefix. Whether one was met twice is found at the end, by sorting.
    seen: Vec<(u64, Cow<'t, str>)>,
    /// Names and issued positions from the top down to where the walk is.
    location: Vec<Step<'t>>,
    places: Places,
    positions: Positions,
    hiding: Vec<Location>,
    /// What is left of [`MAX_LOCATION_BYTES`].
    budget: usize,
    protected: Option<&'static str>,
}

#[derive(Clone)]
enum Step<'t> {
    Name(Cow<'t, str>),
    Index(usize),
}

impl Step<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Name(name) => name.len(),
            Self::Index(_) => 0,
        }
    }

    fn to_segment(&self) -> PathSegment {
        match self {
            Self::Name(name) => PathSegment::Name(name.clone().into_owned()),
            Self::Index(index) => PathSegment::Index(*index),
        }
    }
}

impl<'t> Walk<'t> {
    /// A value one level below the place the walk is at.
    fn below(&mut self, step: Step<'t>, json: Json<'t>, part: Part) -> Result<Json<'t>, Error> {
        if !matches!(json, Json::Object(_) | Json::Array(_)) {
            return Ok(json);
        }
        // The top object is the first level, so the deepest container has MAX_DEPTH - 1 steps above it.
        if self.location.len() + 1 >= MAX_DEPTH {
            return Err(Error::LimitExceeded { limit: Limit::Depth });
        }
        self.location.push(step);
        let value = match json {
            Json::Object(members) => Json::Object(self.object(members, part)?),
            Json::Array(items) => Json::Array(self.array(items, part)?),
            scalar => scalar,
        };
        self.location.pop();
        Ok(value)
    }

    fn object(&mut self, mut kept: Members<'t>, part: Part) -> Result<Members<'t>, Error> {
        let reserved = Error::ReservedName { part };
        let mut digests = Vec::new();
        if let Some(position) = kept.iter().position(|(name, _)| name == "_sd") {
            match kept.remove(position) {
                (_, Json::Array(items)) => digests = items,
                _ => return Err(reserved),
            }
        }
        for (name, json) in &mut kept {
            match name.as_ref() {
                "..." => return Err(reserved),
                "_sd_alg" => return Err(Error::HashAlgorithm),
                // Only containers can hold more digests; the rest stays where it is.
                _ if matches!(json, Json::Object(_) | Json::Array(_)) => {
                    let container = std::mem::replace(json, Json::Null);
                    *json = self.below(Step::Name(name.clone()), container, part)?;
                }
                _ => {}
            }
        }
        let open = kept.len();
        let mut indices = Vec::new();
        let mut hides = false;
        for digest in digests {
            let Json::String(digest) = digest else { return Err(reserved) };
            let Some((index, disclosure)) = self.take(digest)? else {
                hides = true;
                continue;
            };
            let Some(name) = disclosure.name else { return Err(Error::DisclosureArity { index }) };
            if is_reserved(&name) {
                return Err(Error::DisclosureName { index });
            }
            let value = self.disclosed(index, Step::Name(name.clone()), disclosure.value)?;
            kept.push((name, value));
            indices.push(index);
        }
        if hides {
            self.spend(0)?;
            self.hiding.push(self.location.iter().map(Step::to_segment).collect());
        }
        // Open names do not repeat, so a repeated one was disclosed.
        match json::repeated(&kept).and_then(|position| indices.get(position.checked_sub(open)?)) {
            Some(index) => Err(Error::DisclosureName { index: *index }),
            None => Ok(kept),
        }
    }

    fn array(&mut self, items: Vec<Json<'t>>, part: Part) -> Result<Vec<Json<'t>>, Error> {
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
            self.spend(0)?;
            self.positions.insert(self.location.iter().map(Step::to_segment).collect(), issued);
        }
        Ok(values)
    }

    /// Notes that `digest` was seen, and gives the Disclosure it refers to, if that was sent.
    fn take(&mut self, digest: Cow<'t, str>) -> Result<Option<(usize, Disclosure<'t>)>, Error> {
        if self.seen.len() == MAX_DIGESTS {
            return Err(Error::LimitExceeded { limit: Limit::Digests });
        }
        if let Some(Step::Name(top)) = self.location.first() {
            self.protected = self.protected.or_else(|| vc::protected(top));
        }
        let prefix = prefix_of(&digest);
        let found = self.by_digest.find(prefix, &digest);
        self.seen.push((prefix, digest));
        let Some(index) = found else { return Ok(None) };
        // `None` the second time: the repetition is found at the end.
        let disclosure = self.disclosures.get_mut(index).and_then(Option::take);
        Ok(disclosure.map(|disclosure| (index, disclosure)))
    }

    /// Pays for writing down where the walk is, and `more` bytes.
    fn spend(&mut self, more: usize) -> Result<(), Error> {
        let bytes = more + self.location.iter().map(Step::len).sum::<usize>();
        let left = self.budget.checked_sub(bytes);
        self.budget = left.ok_or(Error::LimitExceeded { limit: Limit::Length })?;
        Ok(())
    }

    fn disclosed(
        &mut self,
        index: usize,
        step: Step<'t>,
        json: Json<'t>,
    ) -> Result<Json<'t>, Error> {
        self.spend(step.len())?;
        let location = self.location.iter().map(Step::to_segment).chain([step.to_segment()]);
        self.places.set(index, location);
        self.below(step, json, Part::Disclosure(index))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_one_byte_more_of_names_in_locations_than_the_limit() {
        // Four arrays with a hidden element write down a name as long as a token may be.
        let hidden = |digest: &'static str| {
            Json::Array(vec![Json::Object(vec![("...".into(), Json::String(digest.into()))])])
        };
        let arrays = Json::Array(["w", "x", "y", "z"].map(hidden).to_vec());
        let long = "n".repeat(MAX_TOKEN_BYTES);
        let read = |disclosed: &str| {
            let digest = HashAlgorithm::Sha256.digest("disclosure");
            let digest = Json::String(digest.as_str().to_owned().into());
            let payload = vec![
                (Cow::from(long.as_str()), arrays.clone()),
                ("_sd".into(), Json::Array(vec![digest])),
            ];
            let name = Some(disclosed.to_owned().into());
            let disclosure = Disclosure { salt: "salt".into(), name, value: Json::Null };
            process(payload, &["disclosure"], vec![disclosure]).map(|read| read.places.len())
        };
        assert_eq!(read(""), Ok(1));
        assert_eq!(read("a"), Err(Error::LimitExceeded { limit: Limit::Length }));
    }
}
