//! Claims to be issued, each marked where it is written as open or disclosable.
//!
//! ```
//! use llavero_core::template::{Array, Object};
//!
//! let claims = Object::new()
//!     .open("iss", "https://agencia.example")
//!     .disclosable("given_name", "Ana")
//!     .open("address", Object::new().disclosable("region", "Jalisco").min_digests(6))
//!     .open("nationalities", Array::new().disclosable("MX").min_digests(2));
//! # let _ = claims;
//! ```

use serde_json::{Map, Value};

use crate::{ClaimPath, Error, PathSegment};

/// An object of claims. Members keep their order, so that a credential type can fix its layout.
#[derive(Clone, Default)]
pub struct Object {
    pub(crate) members: Vec<(String, Mark, Node)>,
    pub(crate) min_digests: usize,
}

/// An array of claims.
#[derive(Clone, Default)]
pub struct Array {
    pub(crate) elements: Vec<(Mark, Node)>,
    pub(crate) min_digests: usize,
}

/// What stands at one place: a plain JSON value without marks inside, or a tree with marks.
#[derive(Clone)]
pub struct Node(pub(crate) Kind);

#[derive(Clone)]
pub(crate) enum Kind {
    Value(Value),
    Object(Object),
    Array(Array),
}

#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Mark {
    Open,
    Disclosable,
}

impl Object {
    /// No claims yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a claim that everybody sees.
    #[must_use]
    pub fn open(mut self, name: impl Into<String>, value: impl Into<Node>) -> Self {
        self.members.push((name.into(), Mark::Open, value.into()));
        self
    }

    /// Adds a claim that the holder may keep to themselves.
    #[must_use]
    pub fn disclosable(mut self, name: impl Into<String>, value: impl Into<Node>) -> Self {
        self.members.push((name.into(), Mark::Disclosable, value.into()));
        self
    }

    /// Fills this object's `_sd` with decoys up to `count` digests (RFC 9901 §4.2.5), so that nobody can count what is
    /// hidden in it. More claims than `count` get no decoys.
    #[must_use]
    pub const fn min_digests(mut self, count: usize) -> Self {
        self.min_digests = count;
        self
    }

    /// This object's members with those of `other` behind them, and the larger of the two digest counts.
    #[must_use]
    pub fn followed_by(mut self, other: Self) -> Self {
        self.members.extend(other.members);
        self.min_digests = self.min_digests.max(other.min_digests);
        self
    }

    /// A whole JSON object, with the claims at `disclosable` marked. A path that chooses nothing is an error: a typing
    /// mistake must not put a claim in the open.
    ///
    /// # Errors
    /// [`Error::ClaimNotFound`] with the path.
    pub fn from_json(
        claims: &Map<String, Value>,
        disclosable: &[ClaimPath],
    ) -> Result<Self, Error> {
        let mut object = unmarked_object(claims);
        for path in disclosable {
            if !mark_in_object(&mut object, path.segments()) {
                return Err(Error::ClaimNotFound { path: path.to_string() });
            }
        }
        Ok(object)
    }
}

impl Array {
    /// No elements yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an element that everybody sees.
    #[must_use]
    pub fn open(mut self, value: impl Into<Node>) -> Self {
        self.elements.push((Mark::Open, value.into()));
        self
    }

    /// Adds an element that the holder may keep to themselves.
    #[must_use]
    pub fn disclosable(mut self, value: impl Into<Node>) -> Self {
        self.elements.push((Mark::Disclosable, value.into()));
        self
    }

    /// Adds decoys behind the elements up to `count` digests (RFC 9901 §4.2.5). Behind, so that an index means the
    /// same with and without them.
    #[must_use]
    pub const fn min_digests(mut self, count: usize) -> Self {
        self.min_digests = count;
        self
    }
}

impl<V: Into<Value>> From<V> for Node {
    fn from(value: V) -> Self {
        Self(Kind::Value(value.into()))
    }
}

impl From<Object> for Node {
    fn from(object: Object) -> Self {
        Self(Kind::Object(object))
    }
}

impl From<Array> for Node {
    fn from(array: Array) -> Self {
        Self(Kind::Array(array))
    }
}

macro_rules! redacted {
    ($($kind:ident),*) => {$(
        impl std::fmt::Debug for $kind {
            // These hold a person's claims.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($kind)).finish_non_exhaustive()
            }
        }
    )*};
}
redacted!(Array, Node, Object);

fn unmarked(value: &Value) -> Node {
    match value {
        Value::Object(members) => Node(Kind::Object(unmarked_object(members))),
        Value::Array(items) => {
            let elements = items.iter().map(|item| (Mark::Open, unmarked(item))).collect();
            Node(Kind::Array(Array { elements, min_digests: 0 }))
        }
        scalar => Node(Kind::Value(scalar.clone())),
    }
}

fn unmarked_object(members: &Map<String, Value>) -> Object {
    let members = members.iter().map(|(name, value)| (name.clone(), Mark::Open, unmarked(value)));
    Object { members: members.collect(), min_digests: 0 }
}

/// Marks what `path` chooses below `object`; tells whether it chose anything.
fn mark_in_object(object: &mut Object, path: &[PathSegment]) -> bool {
    let [PathSegment::Name(wanted), rest @ ..] = path else { return false };
    let member = object.members.iter_mut().find(|(name, _, _)| name == wanted);
    member.is_some_and(|(_, mark, node)| mark_here(mark, node, rest))
}

fn mark_in_array(array: &mut Array, path: &[PathSegment]) -> bool {
    match path {
        [PathSegment::Index(index), rest @ ..] => {
            array.elements.get_mut(*index).is_some_and(|(mark, node)| mark_here(mark, node, rest))
        }
        // Every element must have the rest, or some would be issued in the open unnoticed.
        [PathSegment::Wildcard, rest @ ..] => {
            !array.elements.is_empty()
                && array.elements.iter_mut().all(|(mark, node)| mark_here(mark, node, rest))
        }
        _ => false,
    }
}

fn mark_here(mark: &mut Mark, node: &mut Node, rest: &[PathSegment]) -> bool {
    match (&mut node.0, rest) {
        (_, []) => {
            *mark = Mark::Disclosable;
            true
        }
        (Kind::Object(object), rest) => mark_in_object(object, rest),
        (Kind::Array(array), rest) => mark_in_array(array, rest),
        (Kind::Value(_), _) => false,
    }
}
