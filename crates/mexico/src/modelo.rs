//! The model of an INE card.

use core::str::FromStr;

use crate::Error;

/// The letter of a card's model, A (1992) to J.
///
/// The letters I and J, of the model approved in 2025, rest on one source.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Modelo(char);

impl Modelo {
    /// The letter.
    #[must_use]
    pub const fn letter(self) -> char {
        self.0
    }
}

impl FromStr for Modelo {
    type Err = Error;

    /// Reads one capital from A to J.
    ///
    /// # Errors
    /// [`Error::Modelo`] for anything else.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.as_bytes() {
            [letter @ b'A'..=b'J'] => Ok(Self(char::from(*letter))),
            _ => Err(Error::Modelo),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_letters_without_a_card() {
        for text in ["", "K", "a", "AB", "Á", "1"] {
            assert_eq!(text.parse::<Modelo>(), Err(Error::Modelo), "{text}");
        }
        assert_eq!("H".parse::<Modelo>().unwrap().letter(), 'H');
    }
}
