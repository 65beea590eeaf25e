//! What a verifier will see of a credential: found by walking the claims, not by trusting the request.

use std::collections::BTreeSet;

use llavero_core::path::{Dotted, Location};
use llavero_core::present::{Held, Selection};
use llavero_core::{ClaimPath, PathSegment};
use serde_json::Value;

use crate::labels::Words;
use crate::personal::Personal;

/// One value that somebody will see, or that the person looks at themselves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ShownClaim {
    location: Location,
    label: String,
    value: Personal,
}

impl ShownClaim {
    /// Where it stands, such as `address.region`.
    #[must_use]
    pub fn path(&self) -> String {
        Dotted(&self.location).to_string()
    }

    /// What to call it in front of people; the path, if nothing better is known.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The value. It prints as `<redacted>`.
    #[must_use]
    pub const fn value(&self) -> &Personal {
        &self.value
    }

    pub(crate) fn location(&self) -> &[PathSegment] {
        &self.location
    }

    pub(crate) const fn new(location: Location, label: String, value: Personal) -> Self {
        Self { location, label, value }
    }
}

/// What one presentation shows: the claims chosen, and those that are always seen.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Visible {
    pub(crate) chosen: Vec<ShownClaim>,
    pub(crate) open: Vec<ShownClaim>,
}

impl Visible {
    /// What a presentation of `selection` shows.
    pub(crate) fn of(held: &Held<'_>, selection: &Selection, words: Words<'_>) -> Self {
        let selected = held.selected(selection).collect();
        Self::walk(held, selected, words)
    }

    /// Everything there is, for the person's own eyes.
    pub(crate) fn whole(held: &Held<'_>, words: Words<'_>) -> Self {
        Self::walk(held, held.disclosable().collect(), words)
    }

    fn walk(held: &Held<'_>, selected: BTreeSet<&[PathSegment]>, words: Words<'_>) -> Self {
        let mut walk = Walk {
            held,
            hidden: held.disclosable().filter(|place| !selected.contains(place)).collect(),
            selected,
            words,
            seen: Self::default(),
        };
        walk.value(held.claims(), &mut Location::new(), false);
        walk.seen
    }

    /// Whether two copies show the same, apart from what is random in each.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        let random = |claim: &&ShownClaim| matches!(claim.location(), [PathSegment::Name(name)] if RANDOM.contains(&name.as_str()));
        self.chosen == other.chosen
            && self
                .open
                .iter()
                .filter(|claim| !random(claim))
                .eq(other.open.iter().filter(|claim| !random(claim)))
    }
}

/// Open claims that differ from copy to copy and are shown whole.
const RANDOM: [&str; 2] = ["cnf", "status"];

struct Walk<'h> {
    held: &'h Held<'h>,
    selected: BTreeSet<&'h [PathSegment]>,
    hidden: BTreeSet<&'h [PathSegment]>,
    words: Words<'h>,
    seen: Visible,
}

impl Walk<'_> {
    /// Depth is bounded by the limits under which the claims were read.
    fn value(&mut self, value: &Value, location: &mut Location, within_chosen: bool) {
        if self.hidden.contains(location.as_slice()) {
            return;
        }
        let chosen = within_chosen || self.selected.contains(location.as_slice());
        match value {
            Value::Object(members) if !members.is_empty() && !is_random(location) => {
                for (name, value) in members {
                    self.below(PathSegment::Name(name.clone()), value, location, chosen);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let positions = self.held.positions().get(location).map(<[usize]>::to_vec);
                for (present, item) in items.iter().enumerate() {
                    let issued =
                        positions.as_ref().map_or(Some(&present), |issued| issued.get(present));
                    let issued = issued.copied().unwrap_or(present);
                    self.below(PathSegment::Index(issued), item, location, chosen);
                }
            }
            // An open container without anything in it.
            Value::Object(_) | Value::Array(_) if !chosen && !is_random(location) => {}
            leaf => self.leaf(leaf, location, chosen),
        }
    }

    fn below(&mut self, step: PathSegment, value: &Value, location: &mut Location, chosen: bool) {
        location.push(step);
        self.value(value, location, chosen);
        location.pop();
    }

    fn leaf(&mut self, value: &Value, location: &Location, chosen: bool) {
        let label = self.words.claim(location);
        let claim = ShownClaim::new(location.clone(), label, Personal::new(value.clone()));
        if chosen { self.seen.chosen.push(claim) } else { self.seen.open.push(claim) }
    }
}

fn is_random(location: &Location) -> bool {
    matches!(location.as_slice(), [PathSegment::Name(name)] if RANDOM.contains(&name.as_str()))
}

/// The concrete paths of what a query selected. Locations come from a path, so they are neither empty nor too long.
pub(crate) fn paths<'l>(locations: impl Iterator<Item = &'l [PathSegment]>) -> Vec<ClaimPath> {
    locations.filter_map(|location| ClaimPath::new(location.to_vec()).ok()).collect()
}
