//! Disclosures: `[salt, name, value]` for a member, `[salt, value]` for an array element (RFC 9901 §4.2).

use std::borrow::Cow;
use std::ops::Range;

use crate::json::{self, Json, Values};
use crate::limits::MAX_DISCLOSURES;
use crate::{Error, Limit, Part, base64url};

/// The Disclosures of one token as received, split and counted.
pub(crate) struct Encoded<'t>(Vec<&'t str>);

impl<'t> Encoded<'t> {
    /// Splits `D1~D2~...~Dn`, which may be empty; an empty component is refused (RFC 9901 §4, ABNF).
    pub(crate) fn split(text: &'t str) -> Result<Self, Error> {
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let mut disclosures = Vec::with_capacity(32);
        let mut start = 0;
        for end in memchr::memchr_iter(b'~', text.as_bytes()).chain([text.len()]) {
            let index = disclosures.len();
            if index == MAX_DISCLOSURES {
                return Err(Error::LimitExceeded { limit: Limit::Disclosures });
            }
            match text.get(start..end) {
                Some(disclosure) if !disclosure.is_empty() => disclosures.push(disclosure),
                _ => return Err(Error::Shape { part: Part::Disclosure(index) }),
            }
            start = end + 1;
        }
        Ok(Self(disclosures))
    }

    pub(crate) fn as_slice(&self) -> &[&'t str] {
        &self.0
    }

    /// Decodes them all into one buffer.
    pub(crate) fn decode(&self) -> Result<Decoded, Error> {
        let total: usize = self.0.iter().map(|text| text.len()).sum();
        let mut decoded =
            Decoded { bytes: Vec::with_capacity(total), ranges: Vec::with_capacity(self.0.len()) };
        for (index, text) in self.0.iter().enumerate() {
            let start = decoded.bytes.len();
            base64url::decode_onto(text, &mut decoded.bytes, Part::Disclosure(index))?;
            decoded.ranges.push(start..decoded.bytes.len());
        }
        Ok(decoded)
    }
}

/// Decoded Disclosures, still JSON text.
pub(crate) struct Decoded {
    bytes: Vec<u8>,
    ranges: Vec<Range<usize>>,
}

impl Decoded {
    /// Reads each of them as a [`Disclosure`].
    pub(crate) fn parse(&self, values: &Values) -> Result<Vec<Disclosure<'_>>, Error> {
        let mut disclosures = Vec::with_capacity(self.ranges.len());
        for (index, range) in self.ranges.iter().enumerate() {
            let text = self.bytes.get(range.clone()).unwrap_or_default();
            disclosures.push(Disclosure::parse(text, index, values)?);
        }
        Ok(disclosures)
    }
}

/// One Disclosure as JSON, before it is known whether it fits the place of its digest.
pub(crate) struct Disclosure<'d> {
    /// What hides it. Kept because a wallet judges salts; never shown.
    pub(crate) salt: Cow<'d, str>,
    /// `None` for an array element.
    pub(crate) name: Option<Cow<'d, str>>,
    pub(crate) value: Json<'d>,
}

impl<'d> Disclosure<'d> {
    fn parse(text: &'d [u8], index: usize, values: &Values) -> Result<Self, Error> {
        let elements = json::parse_elements(text, Part::Disclosure(index), values)?;
        match elements.ok_or(Error::DisclosureMalformed { index })? {
            (salt, value, None) => Ok(Self { salt, name: None, value }),
            (salt, Json::String(name), Some(value)) => Ok(Self { salt, name: Some(name), value }),
            _ => Err(Error::DisclosureMalformed { index }),
        }
    }
}
