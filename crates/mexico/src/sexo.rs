//! The sex marker of Mexican identity documents.

use core::str::FromStr;

use crate::Error;

/// The marker H, M or X.
///
/// H and M are those of the CURP rules. X is issued, but no norm that defines it for the CURP
/// was found; INE prints it by agreement INE/CG123/2023 without changing CURP or clave de elector,
/// so the marker of an INE card and of a CURP may differ and neither is wrong.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_enums, reason = "the norms know these three")]
pub enum Sexo {
    /// Hombre.
    H,
    /// Mujer. ICAO 9303 readers take the letter M for male: map it by issuer.
    M,
    /// Neither of the two.
    X,
}

impl Sexo {
    /// Every marker, in the order of their letters.
    pub const ALL: [Self; 3] = [Self::H, Self::M, Self::X];

    /// The letter printed.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::H => 'H',
            Self::M => 'M',
            Self::X => 'X',
        }
    }

    /// The letter as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::H => "H",
            Self::M => "M",
            Self::X => "X",
        }
    }

    /// The number of the EU PID Rulebook's `sex`: 1 male, 2 female, 3 other.
    #[must_use]
    pub const fn pid_code(self) -> u8 {
        match self {
            Self::H => 1,
            Self::M => 2,
            Self::X => 3,
        }
    }

    pub(crate) const fn from_byte(letter: u8) -> Option<Self> {
        match letter {
            b'H' => Some(Self::H),
            b'M' => Some(Self::M),
            b'X' => Some(Self::X),
            _ => None,
        }
    }
}

impl FromStr for Sexo {
    type Err = Error;

    /// Reads one of the letters `H`, `M`, `X`.
    ///
    /// # Errors
    /// [`Error::Sexo`] for anything else, lower case included.
    fn from_str(text: &str) -> Result<Self, Error> {
        let [letter] = text.as_bytes() else { return Err(Error::Sexo { field: "sexo" }) };
        Self::from_byte(*letter).ok_or(Error::Sexo { field: "sexo" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_codes_agree() {
        let seen: Vec<_> =
            Sexo::ALL.iter().map(|s| (s.letter(), s.as_str(), s.pid_code())).collect();
        assert_eq!(seen, [('H', "H", 1), ('M', "M", 2), ('X', "X", 3)]);
        assert!(Sexo::ALL.iter().all(|sexo| sexo.as_str().parse() == Ok(*sexo)));
    }

    #[test]
    fn refuses_other_letters() {
        for text in ["", "h", "F", "HM", "Ｈ"] {
            assert_eq!(text.parse::<Sexo>(), Err(Error::Sexo { field: "sexo" }), "{text}");
        }
    }
}
