//! A country, by its two letters.

use core::str::FromStr;

use crate::Error;

/// An ISO 3166-1 alpha-2 code: two capital letters. That the code is assigned is not checked.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Pais([u8; 2]);

impl Pais {
    /// Mexico.
    pub const MEXICO: Self = Self(*b"MX");

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII capitals are ever stored, so the fallback is never taken.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Pais {
    type Err = Error;

    /// Reads two ASCII capitals.
    ///
    /// # Errors
    /// [`Error::Pais`] for anything else.
    fn from_str(text: &str) -> Result<Self, Error> {
        crate::ascii::exactly::<2>(text)
            .filter(|code| code.iter().all(u8::is_ascii_uppercase))
            .map(Self)
            .ok_or(Error::Pais { field: "country" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_not_two_capitals() {
        for text in ["", "M", "mx", "MEX", "M1", "ÑX", "Ñ"] {
            assert_eq!(text.parse::<Pais>(), Err(Error::Pais { field: "country" }), "{text}");
        }
        assert_eq!("MX".parse(), Ok(Pais::MEXICO));
        assert_eq!(Pais::MEXICO.as_str(), "MX");
    }
}
