//! The RFC that follows from a person's name and birth date.

use super::{Rfc, arithmetic, palabras};
use crate::{Error, Nombre, Persona, calendar, fold};

impl Rfc {
    /// Derives the RFC of a person: four letters, birth date, homoclave and check digit.
    ///
    /// The SAT assigns a different homoclave to people whose derived RFC is taken, so this is the
    /// likely RFC and not necessarily the assigned one. Unlike in a CURP, Ñ is kept, and a short or
    /// missing surname is made up for with letters of the name instead of X. The special characters
    /// `' - . /` are left out; the procedure does not mention them.
    ///
    /// # Errors
    /// Never in practice: what is derived is well formed. The type says so to stay honest.
    pub fn of(persona: &Persona) -> Result<Self, Error> {
        let [first, second, given] = names(persona);
        let mut text: String = root_letters(persona).into_iter().collect();
        text.push_str(&calendar::yymmdd(persona.birthdate()));
        let full_name: Vec<&str> = [&first, &second, &given]
            .into_iter()
            .map(String::as_str)
            .filter(|n| !n.is_empty())
            .collect();
        text.extend(arithmetic::homoclave(&full_name.join(" ")));
        text.push(arithmetic::check_digit(&text));
        text.parse()
    }
}

/// The four letters, with the last replaced if they would make a word.
fn root_letters(persona: &Persona) -> [char; 4] {
    let [first, second, given] = names(persona);
    let (first, second) = (letters_of(surname(&first)), letters_of(surname(&second)));
    let given = letters_of(given_name(&given));
    let at = |word: &[char], place: usize| word.get(place).copied().unwrap_or('X');
    let letters = if second.is_empty() {
        [at(&first, 0), at(&first, 1), at(&given, 0), at(&given, 1)]
    } else if first.len() <= 2 {
        [at(&first, 0), at(&second, 0), at(&given, 0), at(&given, 1)]
    } else {
        let vowel = first.iter().skip(1).find(|c| "AEIOU".contains(**c));
        [at(&first, 0), vowel.copied().unwrap_or('X'), at(&second, 0), at(&given, 0)]
    };
    let [a, b, c, d] = letters;
    let is_word = palabras::is_inconveniente(&letters.iter().collect::<String>());
    [a, b, c, if is_word { 'X' } else { d }]
}

/// First surname, second surname, given names: folded, without special characters.
fn names(persona: &Persona) -> [String; 3] {
    let second = persona.segundo_apellido().map(Nombre::folded).unwrap_or_default();
    [persona.primer_apellido().folded(), second, persona.given_name().folded()].map(|name| {
        let plain: String = name.chars().filter(|c| !fold::is_special(*c)).collect();
        // A dot or dash standing alone would leave two spaces behind.
        plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    })
}

fn letters_of(word: &str) -> Vec<char> {
    word.chars().collect()
}

fn surname(folded: &str) -> &str {
    significant(folded, &PARTICLES)
}

fn given_name(folded: &str) -> &str {
    let name = significant_rest(folded, &PARTICLES);
    let rest = match name.split_once(' ') {
        Some((first, rest)) if MARIA_JOSE.contains(&first) => rest,
        _ => name,
    };
    significant(rest, &PARTICLES)
}

/// The first word that is not a particle, or the last word.
fn significant<'a>(folded: &'a str, particles: &[&str]) -> &'a str {
    significant_rest(folded, particles).split(' ').next().unwrap_or_default()
}

fn significant_rest<'a>(folded: &'a str, particles: &[&str]) -> &'a str {
    let mut rest = folded;
    while let Some((first, tail)) = rest.split_once(' ') {
        if !particles.contains(&first) {
            break;
        }
        rest = tail;
    }
    rest
}

const MARIA_JOSE: [&str; 4] = ["MARIA", "MA", "JOSE", "J"];

/// The SAT's own list, shorter than the one for CURPs and with MI in it.
const PARTICLES: [&str; 11] =
    ["DE", "DEL", "LA", "LAS", "LOS", "MAC", "MC", "MI", "VAN", "VON", "Y"];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{Entidad, Sexo, rfc::RfcPolicy};

    fn rfc(given: &str, first: &str, second: &str) -> String {
        let second = (!second.is_empty()).then(|| second.parse().unwrap());
        let persona = Persona::new(
            given.parse().unwrap(),
            first.parse().unwrap(),
            second,
            date(1956, 12, 31),
            Sexo::M,
            Entidad::Jalisco,
        );
        let rfc = Rfc::of(&persona.unwrap()).unwrap();
        assert!(rfc.clone().check(RfcPolicy::Strict).is_ok());
        rfc.expose().to_owned()
    }

    #[test]
    fn the_worked_example_of_the_procedure() {
        assert_eq!(rfc("Emma", "Gómez", "Díaz"), "GODE561231GR8");
    }

    #[test]
    fn short_and_single_surnames_take_letters_of_the_name() {
        assert!(rfc("AURELIO", "EK", "PRUEBA").starts_with("EPAU561231"));
        assert!(rfc("AURELIO", "PRUEBA", "").starts_with("PRAU561231"));
        assert!(rfc("O", "O", "").starts_with("OXOX561231"));
    }

    #[test]
    fn enye_stays_and_words_lose_their_last_letter() {
        assert!(rfc("AURELIO", "ÑANDO", "PRUEBA").starts_with("ÑAPA561231"));
        assert!(rfc("OFELIA", "PEDRERO", "DOMINGUEZ").starts_with("PEDX561231"));
    }

    #[test]
    fn particles_maria_and_jose_are_passed_over() {
        assert!(
            rfc("MARIA DE LOS ANGELES", "DE LA PRUEBA", "DEL EJEMPLO").starts_with("PUEA561231")
        );
        assert!(rfc("JOSE", "PRUEBA", "EJEMPLO").starts_with("PUEJ561231"));
    }
}
