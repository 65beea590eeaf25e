//! The clave de elector printed on an INE card. Its structure is known; its last three characters
//! are not documented, so nothing is computed from them.

use core::str::FromStr;

use crate::{Entidad, Error, Sexo, ascii, calendar, redacted::redacted_debug};

/// A well-formed clave de elector: 18 characters.
///
/// Six letters of the name, birth date, two digits for the place of birth, sex, three digits whose
/// meaning is not published. Sex X is taken by analogy with the card. Only INE can say whether it
/// was ever assigned.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct ClaveElector {
    text: String,
    entidad: Option<Entidad>,
    sexo: Sexo,
}

redacted_debug!(ClaveElector);

/// Why a text is not a clave de elector. In the order of the checks.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum ClaveElectorFault {
    /// Not 18 characters.
    Length,
    /// A character that does not belong in its place.
    Structure,
    /// No such day in 19YY nor in 20YY.
    Date,
    /// Neither 01 to 32 nor 87 or 88.
    Entity,
    /// Not H, M or X.
    Sex,
}

impl ClaveElectorFault {
    /// The stable name of the fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "clave_elector_length",
            Self::Structure => "clave_elector_structure",
            Self::Date => "clave_elector_date",
            Self::Entity => "clave_elector_entity",
            Self::Sex => "clave_elector_sex",
        }
    }

    /// The word that the published test vectors use.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Length => "LENGTH",
            Self::Structure => "STRUCTURE",
            Self::Date => "DATE",
            Self::Entity => "ENTITY",
            Self::Sex => "SEX",
        }
    }
}

impl ClaveElector {
    /// The 18 characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Initial and first internal consonant of first surname, second surname and given name.
    #[must_use]
    pub fn name_letters(&self) -> &str {
        self.part(0..6)
    }

    /// The date of birth, without a century.
    #[must_use]
    pub fn yymmdd(&self) -> &str {
        self.part(6..12)
    }

    /// The two digits of the place of birth: an INEGI number, or 87 or 88.
    #[must_use]
    pub fn entidad_inegi(&self) -> &str {
        self.part(12..14)
    }

    /// The place of birth; nothing for 87 and 88, which presumably mean born abroad or naturalised.
    #[must_use]
    pub const fn entidad(&self) -> Option<Entidad> {
        self.entidad
    }

    /// The sex marker.
    #[must_use]
    pub const fn sexo(&self) -> Sexo {
        self.sexo
    }

    /// The last three digits, opaque.
    #[must_use]
    pub fn suffix(&self) -> &str {
        self.part(15..18)
    }

    fn part(&self, range: core::ops::Range<usize>) -> &str {
        // The text is 18 ASCII characters, so every range asked for is inside it.
        self.text.get(range).unwrap_or_default()
    }
}

impl FromStr for ClaveElector {
    type Err = Error;

    /// Takes a text that has the structure; nothing is normalised.
    ///
    /// # Errors
    /// [`Error::ClaveElector`] with the first fault.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |fault| Error::ClaveElector { fault };
        if !ascii::has_chars(text, 18) {
            return Err(refuse(ClaveElectorFault::Length));
        }
        let bytes = ascii::exactly::<18>(text).ok_or(refuse(ClaveElectorFault::Structure))?;
        let [l1, l2, l3, l4, l5, l6, y1, y2, m1, m2, d1, d2, e1, e2, sexo, s1, s2, s3] = bytes;
        let digits = [y1, y2, m1, m2, d1, d2, e1, e2, s1, s2, s3];
        let letters = [l1, l2, l3, l4, l5, l6, sexo];
        if !(letters.iter().all(u8::is_ascii_uppercase) && ascii::all_digits(&digits)) {
            return Err(refuse(ClaveElectorFault::Structure));
        }
        if !calendar::in_any_century([y1, y2, m1, m2, d1, d2]) {
            return Err(refuse(ClaveElectorFault::Date));
        }
        let entidad = core::str::from_utf8(&[e1, e2]).ok().and_then(Entidad::from_inegi);
        if entidad.is_none() && !matches!([e1, e2], [b'8', b'7' | b'8']) {
            return Err(refuse(ClaveElectorFault::Entity));
        }
        let sexo = Sexo::from_byte(sexo).ok_or(refuse(ClaveElectorFault::Sex))?;
        Ok(Self { text: text.to_owned(), entidad, sexo })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<ClaveElectorFault> {
        match text.parse::<ClaveElector>() {
            Err(Error::ClaveElector { fault }) => Some(fault),
            Ok(_) => None,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn refuses_places_that_are_not_numbered() {
        for number in ["00", "33", "86", "89", "99"] {
            let text = format!("ZPXFZV421101{number}M700");
            assert_eq!(fault(&text), Some(ClaveElectorFault::Entity), "{number}");
        }
        assert_eq!(fault("ZPXFZV42110187M700"), None);
    }

    #[test]
    fn refuses_what_only_looks_like_eighteen_characters() {
        assert_eq!(fault("ZPXFZV42110102M7٠0"), Some(ClaveElectorFault::Structure));
        assert_eq!(fault("ZPXFZV42110102M7000"), Some(ClaveElectorFault::Length));
        assert_eq!(fault("ZPXFZV42110102F700"), Some(ClaveElectorFault::Sex));
        assert_eq!(fault("ZPXFZV42023002M700"), Some(ClaveElectorFault::Date));
    }
}
