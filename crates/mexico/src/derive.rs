//! From a person to the letters of the identifiers: what the instructions call *claves*.
//!
//! Rules: Instructivo normativo para la asignación de la CURP. What it leaves open is decided as
//! the implementations in use do: Ü becomes U; a particle that is the whole surname is kept; an
//! apostrophe counts among the special characters.

use crate::{
    Curp, Error, Persona,
    curp::{check_digit, is_inconveniente},
    redacted::redacted_debug,
};

mod word;

pub(crate) use word::{Word, given_word, surname_word};

/// The first 16 characters of a CURP: everything that follows from the person's facts.
///
/// Position 17 tells people with equal facts apart and is assigned by RENAPO, so a root leads to
/// at most ten CURPs. It identifies a person nearly as well as the CURP does.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct CurpRoot {
    text: String,
    born_after_1999: bool,
}

redacted_debug!(CurpRoot);

impl CurpRoot {
    /// How many people with the same root the rules of 2018 foresee: 0 to 9, or A to J.
    pub const HOMONYMS: u8 = 10;

    /// Derives the root.
    #[must_use]
    pub fn of(persona: &Persona) -> Self {
        let letters = CurpLetters::of(persona);
        let mut text = String::with_capacity(Curp::LENGTH);
        text.extend(letters.initials());
        text.push_str(&crate::calendar::yymmdd(persona.birthdate()));
        text.push(persona.sexo().letter());
        text.push_str(persona.entidad_nacimiento().curp_code());
        text.extend(letters.consonants);
        Self { text, born_after_1999: persona.birthdate().year() >= 2000 }
    }

    /// The 16 characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The CURP that RENAPO assigns when nobody else has this root.
    ///
    /// # Errors
    /// Never in practice; see [`CurpRoot::with_homonym`].
    pub fn first(&self) -> Result<Curp, Error> {
        self.with_homonym(0)
    }

    /// The CURP of the person who came after `homonym` others with this root.
    ///
    /// # Errors
    /// [`Error::Homonym`] unless `homonym` is less than [`CurpRoot::HOMONYMS`].
    pub fn with_homonym(&self, homonym: u8) -> Result<Curp, Error> {
        if homonym >= Self::HOMONYMS {
            return Err(Error::Homonym);
        }
        let first = if self.born_after_1999 { b'A' } else { b'0' };
        let mut text = self.text.clone();
        text.push(char::from(first + homonym));
        let check = check_digit(text.as_bytes().iter());
        text.push(char::from(check));
        text.parse()
    }
}

/// The seven letters of a CURP that come from names, before any word is replaced.
pub(crate) struct CurpLetters {
    pub(crate) first_initial: char,
    pub(crate) vowel: char,
    pub(crate) second_initial: char,
    pub(crate) given_initial: char,
    pub(crate) consonants: [char; 3],
}

impl CurpLetters {
    pub(crate) fn of(persona: &Persona) -> Self {
        let first = persona.primer_apellido().folded();
        let second = persona.segundo_apellido().map(crate::Nombre::folded).unwrap_or_default();
        let given = persona.given_name().folded();
        let (first, second, given) =
            (surname_word(&first), surname_word(&second), given_word(&given));
        Self {
            first_initial: first.initial(),
            vowel: first.internal_vowel(),
            second_initial: second.initial(),
            given_initial: given.initial(),
            consonants: [first, second, given].map(Word::internal_consonant),
        }
    }

    /// Positions 1 to 4, with the second letter replaced if they would make a word.
    fn initials(&self) -> [char; 4] {
        let word = [self.first_initial, self.vowel, self.second_initial, self.given_initial];
        let vowel = if makes_a_word(word) { 'X' } else { self.vowel };
        [self.first_initial, vowel, self.second_initial, self.given_initial]
    }
}

/// Whether four letters are one of the words the rules replace.
pub(crate) fn makes_a_word(letters: [char; 4]) -> bool {
    is_inconveniente(&letters.map(|c| u8::try_from(c).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{Entidad, Sexo};

    fn root(given: &str, first: &str, second: &str) -> String {
        let second = (!second.is_empty()).then(|| second.parse().unwrap());
        let (given, first) = (given.parse().unwrap(), first.parse().unwrap());
        let entidad = Entidad::CiudadDeMexico;
        let persona =
            Persona::new(given, first, second, date(1970, 1, 1), Sexo::H, entidad).unwrap();
        CurpRoot::of(&persona).expose().replace("700101HDF", " ")
    }

    #[test]
    fn lower_case_and_decomposed_accents_change_nothing() {
        assert_eq!(root("Alberto", "Oñate", "Rodríguez"), "OARA XDL");
        assert_eq!(root("Alberto", "On\u{303}ate", "Rodri\u{301}guez"), "OARA XDL");
    }

    #[test]
    fn a_special_character_is_x_only_where_it_intervenes() {
        assert_eq!(root("JUAN JOSE", "D/AMICO", "ALVAREZ"), "DXAJ XLN");
        assert_eq!(root("AURELIO", "PRUEBA-EJEMPLO", "MUESTRA"), "PUMA RSR");
    }

    #[test]
    fn short_names_are_filled_with_x() {
        assert_eq!(root("O", "DE LA O", ""), "OXXO XXX");
    }

    #[test]
    fn refuses_an_eleventh_homonym() {
        let persona = Persona::new(
            "IRENE".parse().unwrap(),
            "EJEMPLO".parse().unwrap(),
            None,
            date(2003, 5, 17),
            Sexo::M,
            Entidad::Veracruz,
        )
        .unwrap();
        let root = CurpRoot::of(&persona);
        assert_eq!(root.with_homonym(9).unwrap().differentiator(), 'J');
        assert_eq!(root.with_homonym(10), Err(Error::Homonym));
    }
}
