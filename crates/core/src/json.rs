//! JSON read strictly: one value per name, bounded depth, nothing after the end.
//!
//! RFC 7515 §4 and RFC 7519 §4 leave a parser two ways with a repeated name, refuse it or take the last.
//! Two readers of one token that choose differently can be shown different claims, so it is refused, at every depth.
//!
//! A value of two characters takes tens of bytes once it is read, so values are counted while they are read.

use std::borrow::Cow;
use std::cell::Cell;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::limits::{MAX_DEPTH, MAX_VALUES};
use crate::{Error, Limit, Part};

/// What is wrong with a JSON text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum JsonFault {
    /// One object gives a name twice.
    DuplicateName,
    /// The text is JSON, but not an object.
    NotAnObject,
    /// The text is not JSON (RFC 8259), or not UTF-8.
    Syntax,
    /// Objects and arrays are nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl JsonFault {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::DuplicateName => "json_duplicate_name",
            Self::NotAnObject => "json_not_an_object",
            Self::Syntax => "json_syntax",
            Self::TooDeep => "json_too_deep",
        }
    }
}

impl std::fmt::Display for JsonFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::DuplicateName => "a name occurs twice in one JSON object",
            Self::NotAnObject => "not a JSON object",
            Self::Syntax => "not valid JSON",
            Self::TooDeep => "JSON nested too deeply",
        })
    }
}

/// Reads a JSON text as strictly as the payload of a token.
///
/// Integers of up to 64 bits stay exact; other numbers become IEEE doubles (RFC 8259 §6).
///
/// # Errors
/// [`Error::Json`] with what is wrong; [`Error::LimitExceeded`] for a text over
/// [`MAX_TOKEN_BYTES`](crate::limits::MAX_TOKEN_BYTES) or of more values than [`MAX_VALUES`]. `part` only says in the
/// error which document it was.
pub fn from_slice(text: &[u8], part: Part) -> Result<Value, Error> {
    if text.len() > crate::limits::MAX_TOKEN_BYTES {
        return Err(Error::LimitExceeded { limit: Limit::Length });
    }
    Ok(Json::parse(text, part)?.into_value())
}

/// A JSON value that borrows its strings from the text, with members in the text's order.
///
/// The tag is a whole word: with a byte, copies of a value read across what was just written, and the processor waits.
#[derive(Clone, PartialEq)]
#[repr(u64)]
pub(crate) enum Json<'t> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'t, str>),
    Array(Vec<Json<'t>>),
    Object(Members<'t>),
}

pub(crate) type Members<'t> = Vec<(Cow<'t, str>, Json<'t>)>;

type Reader<'t> = serde_json::Deserializer<serde_json::de::StrRead<'t>>;

/// How many values may still be read: from one text, or from several that make one token.
pub(crate) struct Values(Cell<usize>);

impl Values {
    pub(crate) const fn at_most(count: usize) -> Self {
        Self(Cell::new(count))
    }

    /// Takes `count` values off; `None` if there are fewer left.
    fn take(&self, count: usize) -> Option<()> {
        self.0.set(self.0.get().checked_sub(count)?);
        Some(())
    }
}

/// Why reading ended early, beside the reader's own reasons.
#[derive(Clone, Copy)]
enum Stop {
    Fault(JsonFault),
    Values,
}

/// Reads a whole text; `run` gets the seed for its outermost value.
fn read<'t, T>(
    text: &'t [u8],
    part: Part,
    values: &Values,
    run: impl FnOnce(Seed<'_>, &mut Reader<'t>) -> serde_json::Result<T>,
) -> Result<T, Error> {
    let syntax = Error::Json { part, fault: JsonFault::Syntax };
    let text = std::str::from_utf8(text).map_err(|_| syntax.clone())?;
    let stop = Cell::new(Stop::Fault(JsonFault::Syntax));
    let mut reader = serde_json::Deserializer::from_str(text);
    let seed = Seed { depth: 0, values, stop: &stop };
    let value = run(seed, &mut reader).map_err(|_| match stop.get() {
        Stop::Fault(fault) => Error::Json { part, fault },
        Stop::Values => Error::LimitExceeded { limit: Limit::Values },
    })?;
    reader.end().map_err(|_| syntax)?;
    Ok(value)
}

/// The elements of a Disclosure: a salt, and one or two values.
pub(crate) type Elements<'t> = (Cow<'t, str>, Json<'t>, Option<Json<'t>>);

/// Reads an array of two or three elements whose first is a string; `None` for other JSON.
pub(crate) fn parse_elements<'t>(
    text: &'t [u8],
    part: Part,
    values: &Values,
) -> Result<Option<Elements<'t>>, Error> {
    let left = values.0.get();
    match read(text, part, values, |seed, reader| ElementsSeed(seed).deserialize(reader)) {
        Ok(elements) => Ok(Some(elements)),
        // What is wrong with it is told by the reader that takes any JSON.
        Err(_) => Json::parse_counted(text, part, &Values::at_most(left)).map(|_| None),
    }
}

impl<'t> Json<'t> {
    pub(crate) fn parse(text: &'t [u8], part: Part) -> Result<Self, Error> {
        Self::parse_counted(text, part, &Values::at_most(MAX_VALUES))
    }

    pub(crate) fn parse_counted(
        text: &'t [u8],
        part: Part,
        values: &Values,
    ) -> Result<Self, Error> {
        read(text, part, values, |seed, reader| seed.deserialize(reader))
    }

    pub(crate) fn parse_object(text: &'t [u8], part: Part) -> Result<Members<'t>, Error> {
        Self::parse_object_counted(text, part, &Values::at_most(MAX_VALUES))
    }

    pub(crate) fn parse_object_counted(
        text: &'t [u8],
        part: Part,
        values: &Values,
    ) -> Result<Members<'t>, Error> {
        match Self::parse_counted(text, part, values)? {
            Self::Object(members) => Ok(members),
            _ => Err(Error::Json { part, fault: JsonFault::NotAnObject }),
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Number(value) => Value::Number(value),
            Self::String(value) => Value::String(value.into_owned()),
            Self::Array(items) => Value::Array(items.into_iter().map(Self::into_value).collect()),
            Self::Object(members) => Value::Object(into_map(members)),
        }
    }
}

pub(crate) fn into_map(members: Members<'_>) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in members {
        map.insert(name.into_owned(), value.into_value());
    }
    map
}

pub(crate) fn member<'m, 't>(members: &'m Members<'t>, name: &str) -> Option<&'m Json<'t>> {
    members.iter().find(|(candidate, _)| candidate == name).map(|(_, value)| value)
}

#[derive(Clone, Copy)]
struct Seed<'f> {
    depth: usize,
    values: &'f Values,
    stop: &'f Cell<Stop>,
}

impl Seed<'_> {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.fail(JsonFault::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn fail<E: de::Error>(self, fault: JsonFault) -> E {
        self.stop.set(Stop::Fault(fault));
        E::custom("")
    }

    fn count<E: de::Error>(self, values: usize) -> Result<(), E> {
        self.values.take(values).ok_or_else(|| {
            self.stop.set(Stop::Values);
            E::custom("")
        })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json<'de>;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        self.count(1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json<'de>, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| self.fail(JsonFault::Syntax))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json<'de>, A::Error> {
        let seed = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let seed = self.deeper()?;
        let mut members: Members<'de> = Vec::new();
        while let Some(name) = map.next_key_seed(Name)? {
            members.push((name, map.next_value_seed(seed)?));
        }
        if repeated(&members).is_some() {
            return Err(self.fail(JsonFault::DuplicateName));
        }
        Ok(Json::Object(members))
    }
}

struct ElementsSeed<'f>(Seed<'f>);

impl<'de> DeserializeSeed<'de> for ElementsSeed<'_> {
    type Value = Elements<'de>;

    fn deserialize<D: de::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ElementsSeed<'_> {
    type Value = Elements<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a salt and one or two values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let seed = self.0.deeper()?;
        // The array, and the salt, which is read as a name.
        seed.count(2)?;
        let missing = || de::Error::custom("");
        let salt = seq.next_element_seed(Name)?.ok_or_else(missing)?;
        let second = seq.next_element_seed(seed)?.ok_or_else(missing)?;
        Ok((salt, second, seq.next_element_seed(seed)?))
    }
}

/// Up to here comparing every pair costs less than sorting; beyond, pairs would be quadratic.
const FEW_MEMBERS: usize = 12;

/// The position of a member whose name another one before it has.
pub(crate) fn repeated(members: &Members<'_>) -> Option<usize> {
    if members.len() <= FEW_MEMBERS {
        return (1..members.len()).find(|position| {
            let name = members.get(*position).map(|(name, _)| name);
            members.iter().take(*position).any(|(other, _)| Some(other) == name)
        });
    }
    let mut sorted: Vec<(&str, usize)> =
        members.iter().enumerate().map(|(position, (name, _))| (name.as_ref(), position)).collect();
    sorted.sort_unstable();
    sorted.windows(2).find_map(|pair| match pair {
        [(a, _), (b, position)] if a == b => Some(*position),
        _ => None,
    })
}

struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: de::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> JsonFault {
        match Json::parse(text.as_bytes(), Part::IssuerJwt) {
            Err(Error::Json { fault, .. }) => fault,
            _ => panic!("accepted: {text}"),
        }
    }

    #[test]
    fn refuses_a_name_given_twice_at_any_depth_and_however_spelt() {
        for text in
            [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":2}"#, r#"{"x":[{"y":{"a":1,"b":2,"a":3}}]}"#]
        {
            assert_eq!(fault(text), JsonFault::DuplicateName, "{text}");
        }
        let many: Vec<String> = (0..100).map(|n| format!("\"n{n}\":{n}")).collect();
        assert!(Json::parse(format!("{{{}}}", many.join(",")).as_bytes(), Part::IssuerJwt).is_ok());
        assert_eq!(fault(&format!("{{{},\"n0\":0}}", many.join(","))), JsonFault::DuplicateName);
    }

    #[test]
    fn refuses_one_level_past_the_depth_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Json::parse(nested(MAX_DEPTH).as_bytes(), Part::IssuerJwt).is_ok());
        assert_eq!(fault(&nested(MAX_DEPTH + 1)), JsonFault::TooDeep);
        assert_eq!(fault(&nested(100_000)), JsonFault::TooDeep);
        assert_eq!(fault(&"{\"a\":".repeat(100_000)), JsonFault::TooDeep);
    }

    #[test]
    fn refuses_one_value_past_the_limit() {
        let part = Part::IssuerJwt;
        let over = Error::LimitExceeded { limit: Limit::Values };
        let array = |count: usize| format!("[{}0]", "0,".repeat(count - 2));
        assert!(Json::parse(array(MAX_VALUES).as_bytes(), part).is_ok());
        assert_eq!(Json::parse(array(MAX_VALUES + 1).as_bytes(), part).err(), Some(over.clone()));
        // Names are no values; the array and the salt of a Disclosure are two.
        for (text, count) in [(r#"["salt","a",{"b":[1,null]}]"#, 7), (r#"["salt",1]"#, 3)] {
            let elements = |count| parse_elements(text.as_bytes(), part, &Values::at_most(count));
            assert!(elements(count).is_ok_and(|elements| elements.is_some()));
            assert_eq!(elements(count - 1).err(), Some(over.clone()));
            let parsed =
                |count| Json::parse_counted(text.as_bytes(), part, &Values::at_most(count));
            assert!(parsed(count).is_ok());
            assert_eq!(parsed(count - 1).err(), Some(over.clone()));
        }
        // Of several texts that share one count, the later ones have what the earlier left.
        let values = Values::at_most(4);
        let read = || Json::parse_counted(b"[true]", part, &values).err();
        assert_eq!([read(), read(), read()], [None, None, Some(over)]);
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in
            ["", "NaN", "{\"a\":1}x", "\u{feff}{}", "'a'", "[1,]", r#""\ud800""#, "01", "\"\n\""]
        {
            assert_eq!(fault(text), JsonFault::Syntax, "{text}");
        }
        assert!(Json::parse(b"\"\xff\"", Part::IssuerJwt).is_err());
    }

    #[test]
    fn keeps_integers_of_64_bits_exact_and_strings_borrowed() {
        let text =
            r#"[18446744073709551615,-9223372036854775808,9007199254740993,"plain","\u00e1"]"#;
        let Ok(Json::Array(items)) = Json::parse(text.as_bytes(), Part::IssuerJwt) else {
            panic!("an array")
        };
        assert!(matches!(&items[0], Json::Number(n) if n.as_u64() == Some(u64::MAX)));
        assert!(matches!(&items[1], Json::Number(n) if n.as_i64() == Some(i64::MIN)));
        assert!(matches!(&items[2], Json::Number(n) if n.as_u64() == Some(9_007_199_254_740_993)));
        assert!(matches!(&items[3], Json::String(Cow::Borrowed("plain"))));
        assert!(items[4].as_str() == Some("á"));
    }
}
