//! Whether a CURP can be that of a person. The check digit cannot tell: it sees neither the sex
//! nor the tens of the day. Whoever issues a credential compares the facts themselves.

use crate::{
    Curp, Persona, PersonaField,
    derive::{CurpLetters, makes_a_word},
};

/// Compares a CURP with the facts about a person, fact by fact.
///
/// A CURP that agrees may still belong to somebody else with the same root; only RENAPO can say.
///
/// # Errors
/// The facts that do not agree, in the order of [`PersonaField`].
pub fn consistency(curp: &Curp, persona: &Persona) -> Result<(), Vec<PersonaField>> {
    let [first, vowel, second, given] = curp.layout().letters.map(char::from);
    let [k1, k2, k3] = curp.layout().consonants.map(char::from);
    let derived = CurpLetters::of(persona);
    let [d1, d2, d3] = derived.consonants;
    // The word is judged with the other letters as the CURP has them, so that one wrong name does
    // not make another look wrong.
    let expected_vowel =
        if makes_a_word([first, derived.vowel, second, given]) { 'X' } else { derived.vowel };
    let found = [
        ((given, k3) != (derived.given_initial, d3), PersonaField::GivenNames),
        (
            (first, vowel, k1) != (derived.first_initial, expected_vowel, d1),
            PersonaField::FirstSurname,
        ),
        ((second, k2) != (derived.second_initial, d2), PersonaField::SecondSurname),
        (curp.birthdate() != Some(persona.birthdate()), PersonaField::Birthdate),
        (curp.sexo() != persona.sexo(), PersonaField::Sexo),
        (curp.entidad() != persona.entidad_nacimiento(), PersonaField::EntidadNacimiento),
    ];
    let fields: Vec<_> =
        found.into_iter().filter_map(|(wrong, field)| wrong.then_some(field)).collect();
    if fields.is_empty() { Ok(()) } else { Err(fields) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{Entidad, Sexo};

    fn persona(given: &str, first: &str, second: Option<&str>) -> Persona {
        Persona::new(
            given.parse().unwrap(),
            first.parse().unwrap(),
            second.map(|name| name.parse().unwrap()),
            date(1970, 1, 1),
            Sexo::H,
            Entidad::CiudadDeMexico,
        )
        .unwrap()
    }

    #[test]
    fn refuses_a_missing_second_surname() {
        let curp: Curp = "PXDO700101HDFDMF08".parse().unwrap();
        assert_eq!(
            consistency(&curp, &persona("OFELIA", "PEDRERO", None)),
            Err(vec![PersonaField::SecondSurname])
        );
    }

    #[test]
    fn refuses_only_the_name_that_is_wrong_when_a_word_was_replaced() {
        let curp: Curp = "PXDO700101HDFDMF08".parse().unwrap();
        let right = persona("OFELIA", "PEDRERO", Some("DOMINGUEZ"));
        assert_eq!(consistency(&curp, &right), Ok(()));
        let wrong = persona("IRENE", "PEDRERO", Some("DOMINGUEZ"));
        assert_eq!(consistency(&curp, &wrong), Err(vec![PersonaField::GivenNames]));
    }

    #[test]
    fn refuses_everything_about_somebody_else() {
        let curp: Curp = "SABC560626MDFLRN01".parse().unwrap();
        let fields = consistency(&curp, &persona("IRENE", "EJEMPLO", None)).unwrap_err();
        let names: Vec<_> = fields.iter().map(|field| field.name()).collect();
        assert_eq!(names, ["given_names", "first_surname", "second_surname", "birthdate", "sexo"]);
    }
}
