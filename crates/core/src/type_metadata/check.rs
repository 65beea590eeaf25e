//! Whether a credential is as its type says (draft -19 §5.6.1, §5.6.3, §5.6.4).
//!
//! One walk over the credential for the paths of all claims together, beside what is known of each place: whether it
//! came from a Disclosure, which elements of an array stayed hidden, whether an object has digests left over.

use std::collections::BTreeMap;

use serde_json::Value;

use super::claim::SelectiveDisclosure;
use super::resolve::TypeMetadata;
use super::tree::ROOT;
use super::{MAX_CHECK_STEPS, TypeMetadataError as Error};
use crate::Verified;
use crate::path::{PathError, PathSegment};
#[cfg(feature = "sign")]
use crate::template::{Array, Kind, Mark, Node as TemplateNode, Object};

/// How much of a credential is seen.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Seen {
    /// Every Disclosure is there; digests left over are decoys.
    All,
    /// What somebody chose to show.
    Part,
}

impl TypeMetadata {
    /// Checks a credential that came with every Disclosure: what an issuer made, or a holder received. A digest that is
    /// left over hides nothing then.
    ///
    /// # Errors
    /// [`TypeMetadataError::VctMismatch`](Error::VctMismatch) for a credential of another type;
    /// [`SdAlways`](Error::SdAlways), [`SdNever`](Error::SdNever), [`ClaimMissing`](Error::ClaimMissing);
    /// [`ClaimKind`](Error::ClaimKind) if a path meets something else than an object or array;
    /// [`LimitExceeded`](Error::LimitExceeded) past [`MAX_CHECK_STEPS`].
    pub fn check_complete(&self, credential: &Verified) -> Result<(), Error> {
        self.check_verified(credential, Seen::All)
    }

    /// Checks a presentation. A mandatory claim that is not there counts as missing only where no digest is left over
    /// that could be its own, or that of something around it (§5.6).
    ///
    /// # Errors
    /// As for [`check_complete`](Self::check_complete).
    pub fn check_presentation(&self, credential: &Verified) -> Result<(), Error> {
        self.check_verified(credential, Seen::Part)
    }

    /// Checks claims that are about to be issued, `cnf` and the like included.
    ///
    /// # Errors
    /// As for [`check_complete`](Self::check_complete).
    #[cfg(feature = "sign")]
    pub fn check_template(&self, claims: &Object) -> Result<(), Error> {
        let mut places = Places::default();
        let value = written(claims, &mut places);
        if value.get("vct").and_then(Value::as_str) != Some(self.vct()) {
            return Err(Error::VctMismatch);
        }
        self.check(&value, &places, Seen::All)
    }

    fn check_verified(&self, credential: &Verified, seen: Seen) -> Result<(), Error> {
        if credential.credential_type() != Some(self.vct()) {
            return Err(Error::VctMismatch);
        }
        self.check(credential.claims(), &Places::of(credential), seen)
    }

    fn check(&self, claims: &Value, places: &Places<'_>, seen: Seen) -> Result<(), Error> {
        let mut walk = Walk {
            metadata: self,
            steps: 0,
            found: vec![false; self.claims.len()],
            hidden: vec![false; self.tree.len()],
        };
        walk.below(ROOT, claims, Some(places), 0)?;
        if seen == Seen::Part {
            walk.excuse_hidden();
        }
        let missing =
            self.claims.iter().zip(&walk.found).find(|(claim, found)| claim.mandatory && !**found);
        match missing {
            Some((claim, _)) => Err(Error::ClaimMissing { path: claim.path.clone() }),
            None => Ok(()),
        }
    }
}

/// What is known of one place of a credential, and of the places in it.
#[derive(Default)]
struct Places<'v> {
    /// It came from a Disclosure itself.
    disclosed: bool,
    /// An object in which digests are left over.
    hides: bool,
    /// An array with hidden elements: the issued positions of those that are left, ascending.
    issued: Option<&'v [usize]>,
    below: BTreeMap<PathSegment, Places<'v>>,
}

impl<'v> Places<'v> {
    fn of(credential: &'v Verified) -> Self {
        let mut root = Self::default();
        for location in credential.disclosed() {
            root.reach(location).disclosed = true;
        }
        for location in credential.hiding() {
            root.reach(location).hides = true;
        }
        for (location, issued) in credential.positions().iter() {
            root.reach(location).issued = Some(issued);
        }
        root
    }

    fn reach(&mut self, location: &[PathSegment]) -> &mut Self {
        let mut here = self;
        for segment in location {
            here = here.below.entry(segment.clone()).or_default();
        }
        here
    }

    /// Where the element that was issued at this position is now.
    fn present(&self, index: usize) -> Option<usize> {
        self.issued.map_or(Some(index), |issued| issued.binary_search(&index).ok())
    }

    /// Where the element that is now at this position was issued.
    fn position(&self, present: usize) -> Option<usize> {
        self.issued.map_or(Some(present), |issued| issued.get(present).copied())
    }
}

struct Walk<'m> {
    metadata: &'m TypeMetadata,
    steps: usize,
    /// For each claim of the type, whether the credential has one.
    found: Vec<bool>,
    /// For each node of the tree, whether a claim there could be hidden.
    hidden: Vec<bool>,
}

impl Walk<'_> {
    /// Follows every path on from a value that it has reached. As deep as the longest path, which is bounded.
    fn below(
        &mut self,
        node: usize,
        value: &Value,
        places: Option<&Places<'_>>,
        position: usize,
    ) -> Result<(), Error> {
        let metadata = self.metadata;
        let Some(node) = metadata.tree.get(node) else { return Ok(()) };
        for (segment, child) in &node.below {
            self.step()?;
            match segment {
                PathSegment::Name(name) => {
                    let fault = PathError::ObjectExpected { position };
                    let members = value.as_object().ok_or_else(|| self.kind(*child, fault))?;
                    match members.get(name) {
                        Some(value) => self.at(*child, value, segment, places, position)?,
                        None if places.is_some_and(|places| places.hides) => self.hide(*child),
                        None => {}
                    }
                }
                PathSegment::Index(_) | PathSegment::Wildcard => {
                    let fault = PathError::ArrayExpected { position };
                    let items = value.as_array().ok_or_else(|| self.kind(*child, fault))?;
                    if let PathSegment::Index(index) = segment {
                        let present = places.map_or(Some(*index), |places| places.present(*index));
                        if let Some(value) = present.and_then(|present| items.get(present)) {
                            self.at(*child, value, segment, places, position)?;
                            continue;
                        }
                    } else {
                        for (present, value) in items.iter().enumerate() {
                            self.step()?;
                            let issued =
                                places.map_or(Some(present), |places| places.position(present));
                            if let Some(issued) = issued {
                                let segment = PathSegment::Index(issued);
                                self.at(*child, value, &segment, places, position)?;
                            }
                        }
                    }
                    if places.is_some_and(|places| places.issued.is_some()) {
                        self.hide(*child);
                    }
                }
            }
        }
        Ok(())
    }

    /// A value that the path of a node selects.
    fn at(
        &mut self,
        node: usize,
        value: &Value,
        segment: &PathSegment,
        above: Option<&Places<'_>>,
        position: usize,
    ) -> Result<(), Error> {
        let places = above.and_then(|above| above.below.get(segment));
        let index = self.metadata.tree.get(node).and_then(|node| node.claim);
        if let Some(claim) = index.and_then(|index| self.metadata.claims.get(index)) {
            let disclosed = places.is_some_and(|places| places.disclosed);
            match claim.sd {
                SelectiveDisclosure::Always if !disclosed => {
                    return Err(Error::SdAlways { path: claim.path.clone() });
                }
                SelectiveDisclosure::Never if disclosed => {
                    return Err(Error::SdNever { path: claim.path.clone() });
                }
                _ => {}
            }
        }
        if let Some(found) = index.and_then(|index| self.found.get_mut(index)) {
            *found = true;
        }
        self.below(node, value, places, position + 1)
    }

    fn step(&mut self) -> Result<(), Error> {
        self.steps += 1;
        if self.steps > MAX_CHECK_STEPS {
            return Err(Error::LimitExceeded { limit: "steps of a check" });
        }
        Ok(())
    }

    fn kind(&self, node: usize, fault: PathError) -> Error {
        let claim = self.metadata.tree.get(node).map(|node| node.any_claim);
        match claim.and_then(|claim| self.metadata.claims.get(claim)) {
            Some(claim) => Error::ClaimKind { path: claim.path.clone(), fault },
            // Every node has a claim below it.
            None => Error::VctMismatch,
        }
    }

    fn hide(&mut self, node: usize) {
        if let Some(hidden) = self.hidden.get_mut(node) {
            *hidden = true;
        }
    }

    /// Counts claims as found that could be hidden, or could stand in something that is.
    fn excuse_hidden(&mut self) {
        // A node comes behind the one above it.
        for index in 0..self.hidden.len() {
            let Some(node) = self.metadata.tree.get(index) else { return };
            if self.hidden.get(index) != Some(&true) {
                continue;
            }
            for child in node.below.values() {
                self.hide(*child);
            }
            if let Some(found) = node.claim.and_then(|claim| self.found.get_mut(claim)) {
                *found = true;
            }
        }
    }
}

/// The claims as everybody would see them with everything disclosed.
#[cfg(feature = "sign")]
fn written(object: &Object, places: &mut Places<'_>) -> Value {
    let members = object.members.iter().map(|(name, mark, node)| {
        let below = places.below.entry(PathSegment::Name(name.clone())).or_default();
        below.disclosed = *mark == Mark::Disclosable;
        (name.clone(), written_node(node, below))
    });
    Value::Object(members.collect())
}

#[cfg(feature = "sign")]
fn written_array(array: &Array, places: &mut Places<'_>) -> Value {
    let elements = array.elements.iter().enumerate().map(|(index, (mark, node))| {
        let below = places.below.entry(PathSegment::Index(index)).or_default();
        below.disclosed = *mark == Mark::Disclosable;
        written_node(node, below)
    });
    Value::Array(elements.collect())
}

#[cfg(feature = "sign")]
fn written_node(node: &TemplateNode, places: &mut Places<'_>) -> Value {
    match &node.0 {
        Kind::Value(value) => value.clone(),
        Kind::Object(object) => written(object, places),
        Kind::Array(array) => written_array(array, places),
    }
}
