//! The paths of a type's claims as one tree, so that a credential is walked once for all of them.

use std::collections::BTreeMap;

use super::claim::ClaimMetadata;
use crate::path::PathSegment;

/// The root, where every path begins.
pub(super) const ROOT: usize = 0;

/// Nodes by number, each behind the one above it.
#[derive(Clone, Debug)]
pub(super) struct Tree(Vec<Node>);

#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The node below for each component that a path goes on with.
    pub(super) below: BTreeMap<PathSegment, usize>,
    /// The claim whose path ends here.
    pub(super) claim: Option<usize>,
    /// A claim whose path passes here or ends here, to name in errors.
    pub(super) any_claim: usize,
}

impl Tree {
    pub(super) fn new(claims: &[ClaimMetadata]) -> Self {
        let mut nodes = vec![Node { below: BTreeMap::new(), claim: None, any_claim: 0 }];
        for (claim, entry) in claims.iter().enumerate() {
            let mut here = ROOT;
            for segment in entry.path.segments() {
                let next = nodes.len();
                let Some(node) = nodes.get_mut(here) else { break };
                here = match node.below.get(segment) {
                    Some(below) => *below,
                    None => {
                        node.below.insert(segment.clone(), next);
                        nodes.push(Node { below: BTreeMap::new(), claim: None, any_claim: claim });
                        next
                    }
                };
            }
            if let Some(node) = nodes.get_mut(here) {
                node.claim = Some(claim);
            }
        }
        Self(nodes)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, node: usize) -> Option<&Node> {
        self.0.get(node)
    }

    /// The claims whose paths denote this place, the most specific first: an index before a wildcard, and where two
    /// paths differ in several components, the first of these decides.
    pub(super) fn at(&self, location: &[PathSegment]) -> Vec<usize> {
        let mut here = vec![ROOT];
        for segment in location {
            let mut next = Vec::new();
            for node in here.iter().filter_map(|node| self.get(*node)) {
                next.extend(node.below.get(segment));
                if matches!(segment, PathSegment::Index(_)) {
                    next.extend(node.below.get(&PathSegment::Wildcard));
                }
            }
            here = next;
        }
        here.into_iter().filter_map(|node| self.get(node)?.claim).collect()
    }
}
