//! Digests over Disclosures and presentations (RFC 9901 §4.1.1, §4.2.3).

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::base64url;

/// A hash that `_sd_alg` may name: those whose output is not cut short (RFC 9901 §9.4).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// `sha-256`, which holds when `_sd_alg` is absent.
    #[default]
    Sha256,
    /// `sha-384`.
    Sha384,
    /// `sha-512`.
    Sha512,
}

impl HashAlgorithm {
    /// The name in the IANA registry "Named Information Hash Algorithm", case-sensitive.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    /// The algorithm of that name, or `None`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|hash| hash.name() == name)
    }

    /// The digest of `text`'s bytes, base64url-encoded, as it stands in `_sd`, `...` and `sd_hash`.
    pub(crate) fn digest(self, text: &str) -> EncodedDigest {
        match self {
            Self::Sha256 => EncodedDigest::new(&Sha256::digest(text)),
            Self::Sha384 => EncodedDigest::new(&Sha384::digest(text)),
            Self::Sha512 => EncodedDigest::new(&Sha512::digest(text)),
        }
    }
}

/// The same number for a digest somebody else wrote, which may be any text.
pub(crate) fn prefix_of(text: &str) -> u64 {
    text.as_bytes().first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

/// A base64url-encoded digest, kept in place: a token has dozens and none should cost an allocation.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct EncodedDigest {
    // Only ASCII of the base64url alphabet in front, zeros behind: the derived order is that of the text.
    text: [u8; Self::MAX],
    len: u8,
}

impl EncodedDigest {
    /// Characters of an encoded SHA-512.
    const MAX: usize = base64url::encoded_len(64);

    fn new(digest: &[u8]) -> Self {
        use base64::Engine as _;
        let mut text = [0; Self::MAX];
        // No digest here is longer than 64 bytes, so the text fits and its length fits a byte.
        let len = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .encode_slice(digest, &mut text)
            .unwrap_or_default();
        Self { text, len: u8::try_from(len).unwrap_or_default() }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The first characters as a number: nearly always enough to tell digests apart.
    pub(crate) const fn prefix(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.text;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_registered_names_and_no_other_spelling() {
        for hash in [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512] {
            assert_eq!(HashAlgorithm::from_name(hash.name()), Some(hash));
        }
        for name in ["SHA-256", "sha256", "sha-256-64", "sha-1", "", "sha-3-256"] {
            assert_eq!(HashAlgorithm::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn hashes_the_text_as_in_the_example_of_the_specification() {
        // RFC 9901 §4.2.3.
        let disclosure = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        assert_eq!(
            HashAlgorithm::Sha256.digest(disclosure).as_str(),
            "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY"
        );
        assert_eq!(HashAlgorithm::Sha384.digest("").as_str().len(), 64);
        assert_eq!(HashAlgorithm::Sha512.digest("").as_str().len(), 86);
    }
}
