//! base64url as RFC 7515 §2 has it, and nothing near it: no padding, no white space, spare bits zero.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Error, Part};

/// Decodes text from `part` of a token.
pub(crate) fn decode(text: &str, part: Part) -> Result<Vec<u8>, Error> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::Base64url { part })
}

/// Decodes onto the end of `out`, so that many texts share one allocation.
pub(crate) fn decode_onto(text: &str, out: &mut Vec<u8>, part: Part) -> Result<(), Error> {
    URL_SAFE_NO_PAD.decode_vec(text, out).map_err(|_| Error::Base64url { part })
}

/// Decodes text that must be exactly `N` bytes, at most 64; `None` for anything else.
pub(crate) fn decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    // The decoder wants room for its estimate, which is up to three bytes more than the result, and looks at no text
    // that is too long for it.
    let mut room = [0; 68];
    let length = URL_SAFE_NO_PAD.decode_slice(text, &mut room).ok()?;
    room.get(..length)?.try_into().ok()
}

/// Encodes into a new string.
pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Encodes onto the end of `out`.
pub(crate) fn encode_onto(bytes: impl AsRef<[u8]>, out: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, out);
}

/// Characters that `len` bytes take.
pub(crate) const fn encoded_len(len: usize) -> usize {
    (len * 4).div_ceil(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_padding_white_space_other_alphabets_and_spare_bits() {
        for text in ["YQ==", "YQ=", "YR", "Y Q", "YQ\n", "+/8", "Y", "ñ", "YWJjZA=="] {
            assert!(decode(text, Part::IssuerJwt).is_err(), "{text}");
        }
        assert_eq!(decode("YQ", Part::IssuerJwt).unwrap(), b"a");
        assert_eq!(decode("", Part::IssuerJwt).unwrap(), b"");
    }

    #[test]
    fn refuses_an_array_of_another_length() {
        assert_eq!(decode_array::<2>("YWI"), Some(*b"ab"));
        assert_eq!(decode_array::<2>("YWJj"), None);
        assert_eq!(decode_array::<2>("YQ"), None);
        assert_eq!(decode_array::<64>(&encode([7; 64])), Some([7; 64]));
        for length in [63, 65, 68, 69, 1_000] {
            assert_eq!(decode_array::<64>(&encode(vec![7; length])), None, "{length}");
        }
        assert_eq!(decode_array::<32>(&encode([7; 32])), Some([7; 32]));
        assert_eq!(encoded_len(32), 43);
    }
}
