//! The portrait in a credential.

use core::str::FromStr;

use crate::{Error, redacted::redacted_debug};

/// A portrait as a `data:` URI with a JPEG or PNG in base64.
///
/// The bytes are not decoded here. A portrait is the only likeness a credential may carry: no
/// fingerprint, iris, template or image of a signature.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Picture {
    uri: String,
}

redacted_debug!(Picture);

/// Why a portrait was refused.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum PictureFault {
    /// The data is not canonical base64.
    Base64,
    /// Longer than [`Picture::MAX_LENGTH`].
    Length,
    /// Neither a JPEG nor a PNG, or not a `data:` URI in base64.
    MediaType,
}

impl PictureFault {
    /// The stable name of the fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Base64 => "picture_base64",
            Self::Length => "picture_length",
            Self::MediaType => "picture_media_type",
        }
    }
}

impl Picture {
    /// The longest URI accepted, in bytes: a portrait of 24 KiB. Every copy of a batch carries its
    /// own, so this bounds what a wallet stores and a presentation sends.
    pub const MAX_LENGTH: usize = 32 * 1024;

    /// The whole URI.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.uri
    }
}

impl FromStr for Picture {
    type Err = Error;

    /// Takes a `data:` URI.
    ///
    /// # Errors
    /// [`Error::Picture`], with the fault.
    fn from_str(uri: &str) -> Result<Self, Error> {
        if uri.len() > Self::MAX_LENGTH {
            return Err(Error::Picture { fault: PictureFault::Length });
        }
        let data = PREFIXES.iter().find_map(|prefix| uri.strip_prefix(prefix));
        let data = data.ok_or(Error::Picture { fault: PictureFault::MediaType })?;
        if !is_base64(data) {
            return Err(Error::Picture { fault: PictureFault::Base64 });
        }
        Ok(Self { uri: uri.to_owned() })
    }
}

const PREFIXES: [&str; 2] = ["data:image/jpeg;base64,", "data:image/png;base64,"];

/// RFC 4648 §4, padded, with the unused bits of the last character at zero.
fn is_base64(data: &str) -> bool {
    let body = data.trim_end_matches('=');
    let padding = data.len() - body.len();
    let last = body.bytes().last().and_then(value);
    let unused_bits_are_zero = match (padding, last) {
        (0, Some(_)) => true,
        (1, Some(last)) => last.is_multiple_of(4),
        (2, Some(last)) => last.is_multiple_of(16),
        _ => false,
    };
    data.len().is_multiple_of(4)
        && unused_bits_are_zero
        && body.bytes().all(|byte| value(byte).is_some())
}

const fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(uri: &str) -> Option<PictureFault> {
        match uri.parse::<Picture>() {
            Err(Error::Picture { fault }) => Some(fault),
            Ok(_) => None,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn refuses_other_schemes_and_types() {
        for uri in [
            "",
            "https://example.org/a.png",
            "data:image/svg+xml;base64,AAAA",
            "data:image/png,AAAA",
        ] {
            assert_eq!(fault(uri), Some(PictureFault::MediaType), "{uri}");
        }
    }

    #[test]
    fn refuses_what_is_not_canonical_base64() {
        for data in ["", "A", "AAA", "AAA-", "AA\n=", "AB==", "AAB=", "====", "A===", "AAAA===="] {
            assert_eq!(
                fault(&format!("data:image/png;base64,{data}")),
                Some(PictureFault::Base64),
                "{data}"
            );
        }
        for data in ["AAAA", "AAA=", "AA==", "+/+/"] {
            assert_eq!(fault(&format!("data:image/png;base64,{data}")), None, "{data}");
        }
    }

    #[test]
    fn refuses_one_byte_past_the_limit() {
        let prefix = "data:image/png;base64,";
        // The longest whole number of base64 groups that fits behind the prefix.
        let groups = (Picture::MAX_LENGTH - prefix.len()) / 4;
        assert_eq!(fault(&format!("{prefix}{}", "AAAA".repeat(groups))), None);
        assert_eq!(fault(&"A".repeat(Picture::MAX_LENGTH)), Some(PictureFault::MediaType));
        assert_eq!(fault(&"A".repeat(Picture::MAX_LENGTH + 1)), Some(PictureFault::Length));
    }
}
