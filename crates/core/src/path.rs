//! Claims path pointers (OpenID4VP 1.0 §7): which claims of a credential are meant.
//!
//! A pointer is a list of names, array indexes and wildcards, and is never empty. A name is one
//! key, whatever it contains: dots in it separate nothing, and `"0"` is a key where `0` is an index.
//!
//! **An index counts the elements of the array as it was issued**, the hidden ones included. A
//! presentation removes hidden elements, so that the second element issued may be the first that is
//! seen; [`Positions`] records where the elements that are left come from. Holder and verifier thus
//! mean the same element by the same index.
//!
//! ```
//! use llavero_core::path::ClaimPath;
//! let credential = serde_json::json!({"address": {"region": "Jalisco"}});
//! let path = ClaimPath::names(["address", "region"])?;
//! assert_eq!(path.select(&credential)?, ["Jalisco"]);
//! assert_eq!(path.to_string(), "address.region");
//! # Ok::<(), llavero_core::path::PathError>(())
//! ```

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    str::FromStr,
};

use serde_json::Value;

/// The most segments a path may have. Real credentials nest three or four deep.
pub const MAX_PATH_SEGMENTS: usize = 32;

/// The greatest index a path may hold: the same on every processor, and beyond any array of a credential.
pub const MAX_PATH_INDEX: usize = u32::MAX as usize;

/// A concrete place in a credential: names and as-issued indexes, no wildcards; empty for the root.
pub type Location = Vec<PathSegment>;

/// A selected value and where it stands.
pub type Located<'v> = (Location, &'v Value);

/// One component of a claims path pointer (OpenID4VP 1.0 §7).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[allow(clippy::exhaustive_enums, reason = "the specification refuses any other component")]
pub enum PathSegment {
    /// The element with this index in an array as issued, counted from zero.
    Index(usize),
    /// The value of this key in an object.
    Name(String),
    /// Every element of an array; `null` in JSON.
    Wildcard,
}

impl PathSegment {
    fn from_json(component: &Value) -> Option<Self> {
        match component {
            Value::Null => Some(Self::Wildcard),
            // What does not fit here is past the limit that `ClaimPath::new` checks.
            Value::Number(number) => {
                number.as_u64().and_then(|index| usize::try_from(index).ok()).map(Self::Index)
            }
            Value::String(name) => Some(Self::Name(name.clone())),
            Value::Array(_) | Value::Bool(_) | Value::Object(_) => None,
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Index(index) => Value::from(*index),
            Self::Name(name) => Value::from(name.as_str()),
            Self::Wildcard => Value::Null,
        }
    }

    fn denotes(&self, concrete: &Self) -> bool {
        self == concrete || matches!((self, concrete), (Self::Wildcard, Self::Index(_)))
    }
}

/// A claims path pointer (OpenID4VP 1.0 §7). Never empty, never longer than [`MAX_PATH_SEGMENTS`].
///
/// `Display` and [`parse_dotted`](Self::parse_dotted) are a text form for people and command lines;
/// [`to_json`](Self::to_json) and [`from_json`](Self::from_json) are the form of the protocol.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ClaimPath(Vec<PathSegment>);

impl ClaimPath {
    /// Makes a path of these segments.
    ///
    /// # Errors
    /// [`PathError::Empty`], [`PathError::TooManySegments`], [`PathError::ComponentInvalid`] for an
    /// index over [`MAX_PATH_INDEX`].
    pub fn new(segments: Vec<PathSegment>) -> Result<Self, PathError> {
        match segments.len() {
            0 => return Err(PathError::Empty),
            length if length > MAX_PATH_SEGMENTS => return Err(PathError::TooManySegments),
            _ => {}
        }
        let too_great = |segment: &PathSegment| matches!(segment, PathSegment::Index(index) if *index > MAX_PATH_INDEX);
        match segments.iter().position(too_great) {
            Some(position) => Err(PathError::ComponentInvalid { position }),
            None => Ok(Self(segments)),
        }
    }

    /// Makes a path of object keys only.
    ///
    /// # Errors
    /// [`PathError::Empty`], [`PathError::TooManySegments`].
    pub fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, PathError> {
        let segments = names.into_iter().take(MAX_PATH_SEGMENTS + 1);
        Self::new(segments.map(|name| PathSegment::Name(name.to_owned())).collect())
    }

    /// Reads the JSON form: a non-empty array of strings, nulls and integers from 0 to
    /// [`MAX_PATH_INDEX`] (§7).
    ///
    /// # Errors
    /// [`PathError::ComponentInvalid`] for any other component, [`PathError::Empty`],
    /// [`PathError::NotAPath`] if it is no array, [`PathError::TooManySegments`].
    pub fn from_json(pointer: &Value) -> Result<Self, PathError> {
        let components = pointer.as_array().ok_or(PathError::NotAPath)?;
        if components.len() > MAX_PATH_SEGMENTS {
            return Err(PathError::TooManySegments);
        }
        let segments = components.iter().enumerate().map(|(position, component)| {
            PathSegment::from_json(component).ok_or(PathError::ComponentInvalid { position })
        });
        Self::new(segments.collect::<Result<_, _>>()?)
    }

    /// Prints the JSON form.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Array(self.0.iter().map(PathSegment::to_json).collect())
    }

    /// Reads the text form that `Display` prints: `address.region`, `nationalities[0]`,
    /// `nationalities[*]`.
    ///
    /// A name that is empty or holds a dot, bracket, quotation mark, backslash, white space or
    /// control character is written as a JSON string in brackets: `["a.b"].c`.
    ///
    /// # Errors
    /// [`PathError::Empty`], [`PathError::Syntax`], [`PathError::TooManySegments`].
    pub fn parse_dotted(text: &str) -> Result<Self, PathError> {
        let mut segments = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if segments.len() == MAX_PATH_SEGMENTS {
                return Err(PathError::TooManySegments);
            }
            let offset = text.len() - rest.len();
            let (segment, after) =
                take_segment(rest, segments.is_empty()).ok_or(PathError::Syntax { offset })?;
            segments.push(segment);
            rest = after;
        }
        Self::new(segments)
    }

    /// The components, in order; at least one.
    #[must_use]
    pub fn segments(&self) -> &[PathSegment] {
        &self.0
    }

    /// The values that this path selects in a credential with every array complete (§7.1.1).
    ///
    /// # Errors
    /// As for [`select_located`](Self::select_located).
    pub fn select<'v>(&self, root: &'v Value) -> Result<Vec<&'v Value>, PathError> {
        self.select_in(root, &Positions::new())
    }

    /// The values that this path selects where hidden array elements have been removed.
    ///
    /// # Errors
    /// As for [`select_located`](Self::select_located).
    pub fn select_in<'v>(
        &self,
        root: &'v Value,
        positions: &Positions,
    ) -> Result<Vec<&'v Value>, PathError> {
        let located = self.select_located(root, positions)?;
        Ok(located.into_iter().map(|(_, value)| value).collect())
    }

    /// The values that this path selects, each with its concrete location (§7.1.1).
    ///
    /// A name or index that an element lacks drops that element. An element of the wrong kind makes
    /// the whole path fail: nothing is returned for the others.
    ///
    /// # Errors
    /// [`PathError::ArrayExpected`], [`PathError::ObjectExpected`] if *any* selected element is of
    /// another kind; [`PathError::NothingSelected`] if none is left.
    pub fn select_located<'v>(
        &self,
        root: &'v Value,
        positions: &Positions,
    ) -> Result<Vec<Located<'v>>, PathError> {
        let mut selected = vec![(Location::new(), root)];
        for (position, segment) in self.0.iter().enumerate() {
            selected = match segment {
                PathSegment::Index(index) => select_index(selected, *index, position, positions)?,
                PathSegment::Name(name) => select_name(selected, name, position)?,
                PathSegment::Wildcard => select_every(selected, position, positions)?,
            };
        }
        if selected.is_empty() { Err(PathError::NothingSelected) } else { Ok(selected) }
    }

    /// Where a concrete location stands with respect to what this path denotes.
    #[must_use]
    pub fn relation_to(&self, location: &[PathSegment]) -> Relation {
        if !self.0.iter().zip(location).all(|(pattern, concrete)| pattern.denotes(concrete)) {
            return Relation::Unrelated;
        }
        match location.len().cmp(&self.0.len()) {
            std::cmp::Ordering::Less => Relation::Above,
            std::cmp::Ordering::Equal => Relation::At,
            std::cmp::Ordering::Greater => Relation::Below,
        }
    }
}

impl fmt::Display for ClaimPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Dotted(&self.0).fmt(f)
    }
}

impl FromStr for ClaimPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse_dotted(text)
    }
}

/// Where a location stands with respect to a path.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "two prefixes have no fifth relation")]
pub enum Relation {
    /// The location holds what the path denotes: it is needed to reach it.
    Above,
    /// The path denotes the location itself.
    At,
    /// The location is part of what the path denotes.
    Below,
    /// Neither holds the other.
    Unrelated,
}

/// Prints a location or path in the text form of [`ClaimPath::parse_dotted`].
#[derive(Clone, Copy, Debug)]
pub struct Dotted<'p>(pub &'p [PathSegment]);

impl fmt::Display for Dotted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                PathSegment::Index(index) => write!(f, "[{index}]")?,
                PathSegment::Name(name) if !is_plain(name) => write_quoted(f, name)?,
                PathSegment::Name(name) if position == 0 => f.write_str(name)?,
                PathSegment::Name(name) => write!(f, ".{name}")?,
                PathSegment::Wildcard => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// Which elements of the arrays of a presentation are there, by their position as issued.
///
/// Arrays that are not listed are complete. The locations of arrays inside arrays count as issued,
/// too.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Positions(BTreeMap<Location, Vec<usize>>);

impl Positions {
    /// No array has lost an element.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Records the issued position of every element that is left in the array at `location`.
    ///
    /// Elements beyond the end of `issued` have no position, and no path selects them.
    pub fn insert(&mut self, location: Location, issued: Vec<usize>) {
        self.0.insert(location, issued);
    }

    /// The issued positions of the elements of the array at `location`; `None` if it is complete.
    #[must_use]
    pub fn get(&self, location: &[PathSegment]) -> Option<&[usize]> {
        self.0.get(location).map(Vec::as_slice)
    }

    /// The arrays that are listed, with the issued positions of what is left in them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[PathSegment], &[usize])> {
        self.0.iter().map(|(location, issued)| (location.as_slice(), issued.as_slice()))
    }

    /// Whether every array is complete.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn issued(&self, location: &[PathSegment], present: usize) -> Option<usize> {
        match self.get(location) {
            None => Some(present),
            Some(issued) => issued.get(present).copied(),
        }
    }

    fn present(&self, location: &[PathSegment], issued: usize) -> Option<usize> {
        match self.get(location) {
            None => Some(issued),
            Some(positions) => positions.iter().position(|position| *position == issued),
        }
    }
}

/// Why a path cannot be read, or selects nothing. Positions count the components of the path.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// An index or wildcard met something that is no array.
    #[error("component {position} of the path needs an array")]
    ArrayExpected {
        /// Which component.
        position: usize,
    },
    /// A component is neither a string, nor an integer from 0 to [`MAX_PATH_INDEX`], nor null.
    #[error("component {position} of the path is no name, index or null")]
    ComponentInvalid {
        /// Which component.
        position: usize,
    },
    /// A path has at least one component.
    #[error("the path is empty")]
    Empty,
    /// The JSON form of a path is an array.
    #[error("the path is not an array")]
    NotAPath,
    /// No element is left at the end of the path.
    #[error("the path selects nothing")]
    NothingSelected,
    /// A name met something that is no object.
    #[error("component {position} of the path needs an object")]
    ObjectExpected {
        /// Which component.
        position: usize,
    },
    /// The text form is malformed.
    #[error("the path cannot be read at byte {offset}")]
    Syntax {
        /// Where the segment begins that cannot be read.
        offset: usize,
    },
    /// More than [`MAX_PATH_SEGMENTS`] components.
    #[error("the path has more than {MAX_PATH_SEGMENTS} components")]
    TooManySegments,
}

impl PathError {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ArrayExpected { .. } => "path_array_expected",
            Self::ComponentInvalid { .. } => "path_component_invalid",
            Self::Empty => "path_empty",
            Self::NotAPath => "path_not_an_array",
            Self::NothingSelected => "path_nothing_selected",
            Self::ObjectExpected { .. } => "path_object_expected",
            Self::Syntax { .. } => "path_syntax",
            Self::TooManySegments => "path_too_many_segments",
        }
    }
}

fn select_name<'v>(
    selected: Vec<Located<'v>>,
    name: &str,
    position: usize,
) -> Result<Vec<Located<'v>>, PathError> {
    let mut next = Vec::with_capacity(selected.len());
    for (mut location, value) in selected {
        let object = value.as_object().ok_or(PathError::ObjectExpected { position })?;
        if let Some(child) = object.get(name) {
            location.push(PathSegment::Name(name.to_owned()));
            next.push((location, child));
        }
    }
    Ok(next)
}

fn select_index<'v>(
    selected: Vec<Located<'v>>,
    index: usize,
    position: usize,
    positions: &Positions,
) -> Result<Vec<Located<'v>>, PathError> {
    let mut next = Vec::with_capacity(selected.len());
    for (mut location, value) in selected {
        let array = value.as_array().ok_or(PathError::ArrayExpected { position })?;
        let present = positions.present(&location, index);
        if let Some(child) = present.and_then(|present| array.get(present)) {
            location.push(PathSegment::Index(index));
            next.push((location, child));
        }
    }
    Ok(next)
}

fn select_every<'v>(
    selected: Vec<Located<'v>>,
    position: usize,
    positions: &Positions,
) -> Result<Vec<Located<'v>>, PathError> {
    let mut next = Vec::with_capacity(selected.len());
    for (location, value) in selected {
        let array = value.as_array().ok_or(PathError::ArrayExpected { position })?;
        for (present, child) in array.iter().enumerate() {
            if let Some(issued) = positions.issued(&location, present) {
                let mut below = location.clone();
                below.push(PathSegment::Index(issued));
                next.push((below, child));
            }
        }
    }
    Ok(next)
}

/// The segment at the head of the text form, and what follows it.
fn take_segment(text: &str, first: bool) -> Option<(PathSegment, &str)> {
    if let Some(inner) = text.strip_prefix('[') {
        let (segment, after) = take_bracketed(inner)?;
        return Some((segment, after.strip_prefix(']')?));
    }
    let text = if first { text } else { text.strip_prefix('.')? };
    let (name, after) = text.split_at_checked(text.find(['.', '[']).unwrap_or(text.len()))?;
    is_plain(name).then(|| (PathSegment::Name(name.to_owned()), after))
}

fn take_bracketed(inner: &str) -> Option<(PathSegment, &str)> {
    if let Some(after) = inner.strip_prefix('*') {
        return Some((PathSegment::Wildcard, after));
    }
    if inner.starts_with('"') {
        let (literal, after) = inner.split_at_checked(quoted_length(inner)?)?;
        return Some((PathSegment::Name(serde_json::from_str(literal).ok()?), after));
    }
    let (digits, after) = inner.split_at_checked(inner.find(']')?)?;
    let canonical = digits == "0" || !digits.starts_with('0');
    let index = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
    (canonical && index <= MAX_PATH_INDEX).then_some((PathSegment::Index(index), after))
}

/// The length of the JSON string at the head of `text`, both quotation marks included.
fn quoted_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (offset, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(offset + 1),
            _ => {}
        }
    }
    None
}

/// Whether a name can stand in the text form without quotation marks.
fn is_plain(name: &str) -> bool {
    let special =
        |c: char| matches!(c, '.' | '[' | ']' | '"' | '\\') || c.is_whitespace() || is_deceptive(c);
    !name.is_empty() && !name.contains(special)
}

/// Characters that change what a terminal or screen shows of the text around them: they control it, turn its direction,
/// or are not seen, letters among them that only fill space (Hangul fillers, the empty Braille pattern).
pub(crate) fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn write_quoted(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    f.write_str("[\"")?;
    for c in name.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            // As JSON writes them: past the first plane, by two halves.
            _ if is_deceptive(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(f, "\\u{unit:04x}")?;
                }
            }
            _ => f.write_char(c)?,
        }
    }
    f.write_str("\"]")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn path(pointer: &Value) -> ClaimPath {
        ClaimPath::from_json(pointer).unwrap()
    }

    fn name(name: &str) -> PathSegment {
        PathSegment::Name(name.to_owned())
    }

    fn select(pointer: &Value, root: &Value) -> Result<Value, PathError> {
        let selected = ClaimPath::from_json(pointer)?;
        Ok(selected.select(root)?.into_iter().cloned().collect())
    }

    #[test]
    fn refuses_a_path_that_is_no_array() {
        assert_eq!(ClaimPath::from_json(&json!("a")), Err(PathError::NotAPath));
        assert_eq!(ClaimPath::from_json(&json!({})), Err(PathError::NotAPath));
    }

    #[test]
    fn refuses_components_of_other_types() {
        for odd in [json!(-1), json!(0.5), json!(1.0), json!(true), json!({}), json!([])] {
            assert_eq!(
                ClaimPath::from_json(&json!(["a", odd])),
                Err(PathError::ComponentInvalid { position: 1 })
            );
        }
    }

    #[test]
    fn refuses_an_empty_path() {
        assert_eq!(ClaimPath::from_json(&json!([])), Err(PathError::Empty));
        assert_eq!(ClaimPath::new(vec![]), Err(PathError::Empty));
        assert_eq!(ClaimPath::names([]), Err(PathError::Empty));
        assert_eq!(ClaimPath::parse_dotted(""), Err(PathError::Empty));
    }

    #[test]
    fn refuses_one_segment_more_than_the_limit() {
        let at = vec!["a"; MAX_PATH_SEGMENTS];
        let past = vec!["a"; MAX_PATH_SEGMENTS + 1];
        for (names, fits) in [(at, true), (past, false)] {
            let segments = names.iter().copied().map(name).collect();
            for read in [
                ClaimPath::new(segments),
                ClaimPath::names(names.iter().copied()),
                ClaimPath::from_json(&json!(names)),
                ClaimPath::parse_dotted(&names.join(".")),
            ] {
                assert_eq!(read.is_ok(), fits);
                assert!(fits || read == Err(PathError::TooManySegments));
            }
        }
    }

    #[test]
    fn refuses_an_index_past_the_limit_on_every_processor() {
        let greatest = ClaimPath::from_json(&json!(["a", 4_294_967_295_u64])).unwrap();
        assert_eq!(greatest, ClaimPath::parse_dotted("a[4294967295]").unwrap());
        for index in [4_294_967_296_u64, u64::from(u32::MAX) + 2, i64::MAX as u64, u64::MAX] {
            let invalid = Err(PathError::ComponentInvalid { position: 1 });
            assert_eq!(ClaimPath::from_json(&json!(["a", index])), invalid);
            if let Ok(index) = usize::try_from(index) {
                assert_eq!(ClaimPath::new(vec![name("a"), PathSegment::Index(index)]), invalid);
            }
            let text = format!("a[{index}]");
            assert_eq!(ClaimPath::parse_dotted(&text), Err(PathError::Syntax { offset: 1 }));
        }
    }

    #[test]
    fn a_mixed_array_fails_as_a_whole() {
        let root = json!({"mixed": [{"a": 1}, 5]});
        assert_eq!(
            select(&json!(["mixed", null, "a"]), &root),
            Err(PathError::ObjectExpected { position: 2 })
        );
        assert_eq!(
            select(&json!(["mixed", null, 0]), &root),
            Err(PathError::ArrayExpected { position: 2 })
        );
    }

    #[test]
    fn an_element_without_the_key_is_dropped() {
        let root = json!({"list": [{"a": 1}, {"b": 2}]});
        assert_eq!(select(&json!(["list", null, "a"]), &root), Ok(json!([1])));
        assert_eq!(select(&json!(["list", null, "c"]), &root), Err(PathError::NothingSelected));
    }

    #[test]
    fn an_index_counts_hidden_elements() {
        let root = json!({"list": [["b"], ["d", "e"]]});
        let mut positions = Positions::new();
        positions.insert(vec![name("list")], vec![1, 3]);
        positions.insert(vec![name("list"), PathSegment::Index(3)], vec![0, 4]);
        let select = |pointer| path(&pointer).select_in(&root, &positions);
        assert_eq!(select(json!(["list", 1, 0])), Ok(vec![&json!("b")]));
        assert_eq!(select(json!(["list", 3, 4])), Ok(vec![&json!("e")]));
        assert_eq!(select(json!(["list", 0])), Err(PathError::NothingSelected));
        assert_eq!(select(json!(["list", 3, 1])), Err(PathError::NothingSelected));
        let located = path(&json!(["list", null, null])).select_located(&root, &positions).unwrap();
        let printed: Vec<_> = located.iter().map(|(at, _)| Dotted(at).to_string()).collect();
        assert_eq!(printed, ["list[1][0]", "list[3][0]", "list[3][4]"]);
    }

    #[test]
    fn an_element_without_a_position_is_never_selected() {
        let root = json!(["a", "b"]);
        let mut positions = Positions::new();
        positions.insert(vec![], vec![7]);
        assert_eq!(path(&json!([null])).select_in(&root, &positions), Ok(vec![&json!("a")]));
        assert!(path(&json!([1])).select_in(&root, &positions).is_err());
    }

    #[test]
    fn tells_ancestors_and_descendants_from_siblings() {
        let titles = path(&json!(["titles", null, "kind"]));
        let third = PathSegment::Index(3);
        let at = [name("titles"), third.clone(), name("kind")];
        assert_eq!(titles.relation_to(&[]), Relation::Above);
        assert_eq!(titles.relation_to(&at[..2]), Relation::Above);
        assert_eq!(titles.relation_to(&at), Relation::At);
        let below = [at.as_slice(), &[name("code")]].concat();
        assert_eq!(titles.relation_to(&below), Relation::Below);
        assert_eq!(titles.relation_to(&[name("titles"), third, name("year")]), Relation::Unrelated);
        assert_eq!(titles.relation_to(&[name("titles"), name("0")]), Relation::Unrelated);
    }

    #[test]
    fn prints_and_reads_the_text_form() {
        for (pointer, text) in [
            (json!(["address", "region"]), "address.region"),
            (json!(["nationalities", 0]), "nationalities[0]"),
            (json!(["nationalities", null, "code"]), "nationalities[*].code"),
            (json!(["a.b", "c"]), r#"["a.b"].c"#),
            (json!(["a", "", "b"]), r#"a[""].b"#),
            (json!(["0", "*", "año"]), "0.*.año"),
            (json!([r#"a"]\"#]), r#"["a\"]\\"]"#),
            (json!(["a\u{202e}b\n"]), r#"["a\u202eb\u000a"]"#),
            (json!(["a\u{61c}b\u{e0041}"]), r#"["a\u061cb\udb40\udc41"]"#),
            (json!(["\u{2800}"]), r#"["\u2800"]"#),
            (json!([null, 7]), "[*][7]"),
        ] {
            assert_eq!(path(&pointer).to_string(), text);
            assert_eq!(text.parse(), Ok(path(&pointer)));
        }
    }

    #[test]
    fn refuses_malformed_text() {
        for (text, offset) in [
            (".", 0),
            ("a.", 1),
            ("a..b", 1),
            ("a[", 1),
            ("a[]", 1),
            ("a[01]", 1),
            ("a[+1]", 1),
            ("a[-1]", 1),
            ("a[99999999999999999999999]", 1),
            ("a[**]", 1),
            ("a[0]b", 4),
            ("a]", 0),
            ("a b", 0),
            (r#"["a]"#, 0),
            (r#"["a"x]"#, 0),
            (r#"["\ud800"]"#, 0),
            (r#"a"b""#, 0),
        ] {
            assert_eq!(ClaimPath::parse_dotted(text), Err(PathError::Syntax { offset }), "{text}");
        }
    }

    fn segment() -> impl Strategy<Value = PathSegment> {
        prop_oneof![
            "[ab01.\\[\\]\"\\\\ \u{7f}\u{202e}\n*ñ]{0,4}".prop_map(PathSegment::Name),
            any::<String>().prop_map(PathSegment::Name),
            (0_usize..4).prop_map(PathSegment::Index),
            (0..=MAX_PATH_INDEX).prop_map(PathSegment::Index),
            Just(PathSegment::Wildcard),
        ]
    }

    fn any_path() -> impl Strategy<Value = ClaimPath> {
        prop::collection::vec(segment(), 1..=MAX_PATH_SEGMENTS)
            .prop_map(|segments| ClaimPath::new(segments).unwrap())
    }

    fn short_path() -> impl Strategy<Value = ClaimPath> {
        let near = prop_oneof![
            "[ab]".prop_map(PathSegment::Name),
            (0_usize..3).prop_map(PathSegment::Index),
            Just(PathSegment::Wildcard),
        ];
        prop::collection::vec(near, 1..4).prop_map(|segments| ClaimPath::new(segments).unwrap())
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from)];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[abc]", inner, 0..4)
                    .prop_map(|map| Value::from(serde_json::Map::from_iter(map))),
            ]
        })
    }

    proptest! {
        #[test]
        fn text_that_was_printed_reads_back(path in any_path()) {
            prop_assert_eq!(ClaimPath::parse_dotted(&path.to_string()), Ok(path));
        }

        #[test]
        fn json_that_was_printed_reads_back(path in any_path()) {
            prop_assert_eq!(ClaimPath::from_json(&path.to_json()), Ok(path));
        }

        #[test]
        fn reading_text_never_panics(text in "[a.\\[\\]\"\\\\*0-9ñ]{0,12}") {
            if let Ok(path) = ClaimPath::parse_dotted(&text) {
                prop_assert_eq!(ClaimPath::parse_dotted(&path.to_string()), Ok(path));
            }
        }

        #[test]
        fn selecting_never_panics_and_locates_what_it_selects(
            path in short_path(),
            root in document(),
            issued in prop::collection::vec(0_usize..4, 0..4),
        ) {
            let mut positions = Positions::new();
            positions.insert(vec![name("a")], issued);
            for positions in [Positions::new(), positions] {
                for (location, value) in path.select_located(&root, &positions).unwrap_or_default() {
                    prop_assert_eq!(path.relation_to(&location), Relation::At);
                    let again = ClaimPath::new(location).unwrap().select_in(&root, &positions);
                    prop_assert!(again.is_ok());
                    prop_assert!(!positions.is_empty() || again == Ok(vec![value]));
                }
            }
        }
    }
}
