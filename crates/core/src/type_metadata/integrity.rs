//! Document integrity: the "integrity metadata" of W3C Subresource Integrity (draft -19 §6).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::{MAX_INTEGRITY_BYTES, TypeMetadataError};

/// The value of a member whose name ends in `#integrity`: which octets a document or picture must have.
///
/// One or more expressions such as `sha256-<base64>`, apart by white space. The strongest algorithm among them that is
/// known here decides, weaker ones count for nothing, and one match is enough. Base64 is the standard one, padded;
/// another spelling of the same hash matches nothing. Options behind a `?` are passed over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Integrity(String);

#[derive(Clone, Copy)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

const STRONGEST_FIRST: [(&str, Algorithm); 3] =
    [("sha512", Algorithm::Sha512), ("sha384", Algorithm::Sha384), ("sha256", Algorithm::Sha256)];

impl Integrity {
    /// The string as it stands in a credential or document. What it is good for shows when something is verified.
    #[must_use]
    pub fn new(metadata: impl Into<String>) -> Self {
        Self(metadata.into())
    }

    /// The SHA-256 expression of these octets: what a publisher writes next to the name of a document.
    #[must_use]
    pub fn of(octets: &[u8]) -> Self {
        Self(format!("sha256-{}", STANDARD.encode(Sha256::digest(octets))))
    }

    /// The string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks the octets exactly as they were received (§6).
    ///
    /// # Errors
    /// [`TypeMetadataError::IntegrityMismatch`], [`TypeMetadataError::IntegrityUnsupported`] if there is no expression of
    /// a known algorithm, [`TypeMetadataError::LimitExceeded`] past [`MAX_INTEGRITY_BYTES`].
    pub fn verify(&self, octets: &[u8]) -> Result<(), TypeMetadataError> {
        self.decide(|algorithm| match algorithm {
            Algorithm::Sha256 => STANDARD.encode(Sha256::digest(octets)),
            Algorithm::Sha384 => STANDARD.encode(Sha384::digest(octets)),
            Algorithm::Sha512 => STANDARD.encode(Sha512::digest(octets)),
        })
    }

    /// The same for octets whose digests are known.
    pub(super) fn matches(&self, digests: &Digests) -> Result<(), TypeMetadataError> {
        self.decide(|algorithm| match algorithm {
            Algorithm::Sha256 => &digests.sha256,
            Algorithm::Sha384 => &digests.sha384,
            Algorithm::Sha512 => &digests.sha512,
        })
    }

    fn decide<D: AsRef<str>>(
        &self,
        digest: impl FnOnce(Algorithm) -> D,
    ) -> Result<(), TypeMetadataError> {
        if self.0.len() > MAX_INTEGRITY_BYTES {
            return Err(TypeMetadataError::LimitExceeded { limit: "bytes of an integrity string" });
        }
        for (name, algorithm) in STRONGEST_FIRST {
            let mut hashes = self.hashes(name).peekable();
            if hashes.peek().is_some() {
                let digest = digest(algorithm);
                let same = hashes.any(|hash| hash == digest.as_ref());
                return if same { Ok(()) } else { Err(TypeMetadataError::IntegrityMismatch) };
            }
        }
        Err(TypeMetadataError::IntegrityUnsupported)
    }

    /// What stands behind the hyphen in the expressions of one algorithm. A malformed hash is kept: it matches nothing,
    /// but it must not let a weaker one decide.
    fn hashes<'s>(&'s self, algorithm: &'s str) -> impl Iterator<Item = &'s str> {
        self.0.split_ascii_whitespace().filter_map(move |expression| {
            let (hash, _options) = expression.split_once('?').unwrap_or((expression, ""));
            hash.strip_prefix(algorithm)?.strip_prefix('-')
        })
    }
}

/// Each hash of one document, so that it is read once however often it is referred to.
#[derive(Clone, Debug)]
pub(super) struct Digests {
    pub(super) sha256: String,
    sha384: String,
    sha512: String,
}

impl Digests {
    pub(super) fn of(octets: &[u8]) -> Self {
        Self {
            sha256: STANDARD.encode(Sha256::digest(octets)),
            sha384: STANDARD.encode(Sha384::digest(octets)),
            sha512: STANDARD.encode(Sha512::digest(octets)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MISMATCH: Result<(), TypeMetadataError> = Err(TypeMetadataError::IntegrityMismatch);
    const UNSUPPORTED: Result<(), TypeMetadataError> = Err(TypeMetadataError::IntegrityUnsupported);

    // `printf hola | openssl dgst -sha256 -binary | base64`, and so on.
    const S256: &str = "sha256-siHZ27CDp/M0KNfCo8MZiuklYU1wIQ4ocWzKp81N23k=";
    const S384: &str = "sha384-miTlUndXJkhxWNbYlUxZ+gBU1WEZLeXWJVoes6DcX6s7P1sJ9tFw+VCBzIq+sxuR";
    const S512: &str = "sha512-6D6FNdb2iUk+WBm9YKo+X9y6lA5tERq2+1w08k+GSWvzcm4r9OxZ1tL1oq6x5PEDKD59ZOT0nAO0xHJcs2Hncw==";
    const OTHER: &str = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";

    fn verify(metadata: &str) -> Result<(), TypeMetadataError> {
        let (integrity, octets) = (Integrity::new(metadata), b"hola");
        let read = integrity.verify(octets);
        assert_eq!(integrity.matches(&Digests::of(octets)), read, "{metadata}");
        read
    }

    #[test]
    fn takes_each_of_the_three_algorithms() {
        for metadata in [S256, S384, S512] {
            assert_eq!(verify(metadata), Ok(()), "{metadata}");
        }
        assert_eq!(Integrity::of(b"hola").as_str(), S256);
    }

    #[test]
    fn refuses_other_octets() {
        for metadata in [S256, S384, S512] {
            for octets in [&b"hola "[..], b"Hola", b""] {
                assert_eq!(Integrity::new(metadata).verify(octets), MISMATCH, "{metadata}");
            }
        }
    }

    #[test]
    fn refuses_a_weaker_match_where_a_stronger_hash_does_not_match() {
        assert_eq!(verify(&format!("{S256} {OTHER}")), MISMATCH);
        assert_eq!(verify(&format!("{OTHER} {S384}")), MISMATCH);
        // Malformed ones of the strongest algorithm, too.
        assert_eq!(verify(&format!("{S256} sha512-")), MISMATCH);
        assert_eq!(verify(&format!("sha384-AAAA {S256}")), MISMATCH);
        assert_eq!(verify(&format!("{S256} {S512}")), Ok(()));
    }

    #[test]
    fn takes_any_match_among_the_strongest() {
        assert_eq!(verify(&format!("{OTHER} {S512}")), Ok(()));
        assert_eq!(verify(&format!("\t{S512}\n{OTHER}\r\n")), Ok(()));
        assert_eq!(verify(&format!("sha1-x md5-y blake3-z {S256}")), Ok(()));
    }

    #[test]
    fn refuses_a_string_without_a_known_algorithm() {
        for metadata in [
            "",
            "  ",
            "sha256",
            "md5-AAAA",
            "sha1-AAAA",
            "SHA256-AAAA",
            "sha-256-AAAA",
            "sha2567-AA",
        ] {
            assert_eq!(verify(metadata), UNSUPPORTED, "{metadata}");
        }
    }

    #[test]
    fn passes_over_options() {
        assert_eq!(verify(&format!("{S256}?ct=application/json")), Ok(()));
        assert_eq!(verify(&format!("{S256}?")), Ok(()));
        assert_eq!(verify(&format!("?{S256}")), UNSUPPORTED);
    }

    #[test]
    fn refuses_another_spelling_of_the_hash() {
        let unpadded = S256.trim_end_matches('=');
        for metadata in
            [unpadded.to_owned(), S256.replace('/', "_").replace('+', "-"), format!("{S256}=")]
        {
            assert_eq!(verify(&metadata), MISMATCH, "{metadata}");
        }
    }

    #[test]
    fn refuses_a_string_over_the_limit() {
        let fill = |bytes: usize| format!("{S256} {}", "x".repeat(bytes - S256.len() - 1));
        assert_eq!(verify(&fill(MAX_INTEGRITY_BYTES)), Ok(()));
        assert_eq!(
            verify(&fill(MAX_INTEGRITY_BYTES + 1)).map_err(|error| error.code()),
            Err("type_limit_exceeded")
        );
    }
}
