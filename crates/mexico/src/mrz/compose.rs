//! Writing a zone: the reverse of reading, for synthetic cards.

use jiff::civil::Date;

use super::{IneMrz, check::check_digit};
use crate::{Cic, NumeroEmision, Ocr, Persona, calendar, fold};

/// What goes into a zone.
pub(crate) struct MrzContent<'a> {
    pub(crate) persona: &'a Persona,
    pub(crate) cic: &'a Cic,
    pub(crate) ocr: &'a Ocr,
    pub(crate) numero_emision: &'a NumeroEmision,
    /// Five digits of unknown meaning.
    pub(crate) optional_tail: u16,
    pub(crate) date_of_expiry: Date,
}

impl MrzContent<'_> {
    pub(crate) fn lines(&self) -> [String; 3] {
        let one = format!("IDMEX{}<<{}", checked(self.cic.expose()), self.ocr.expose());
        let birth = checked(&calendar::yymmdd(self.persona.birthdate()));
        let expiry = checked(&calendar::yymmdd(self.date_of_expiry));
        let optional2 = format!("<{}<<{:05}<", self.numero_emision.expose(), self.optional_tail);
        let sexo = self.persona.sexo().letter();
        let covered = one.bytes().skip("IDMEX".len()).chain(birth.bytes());
        let covered: Vec<u8> = covered.chain(expiry.bytes()).chain(optional2.bytes()).collect();
        let composite = char::from(check_digit(&covered));
        let two = format!("{birth}{sexo}{expiry}MEX{optional2}{composite}");
        [one, two, self.names()]
    }

    fn names(&self) -> String {
        let first = words(self.persona.primer_apellido().expose());
        let second = self.persona.segundo_apellido().map(|name| words(name.expose()));
        let given = words(self.persona.given_name().expose());
        let surnames = second.map_or_else(|| first.clone(), |second| format!("{first}<{second}"));
        let line = format!("{surnames}<<{given}");
        let cut: String = line.chars().take(IneMrz::LINE_LENGTH).collect();
        format!("{cut:<<width$}", width = IneMrz::LINE_LENGTH)
    }
}

/// The text and its check digit.
fn checked(text: &str) -> String {
    format!("{text}{}", char::from(check_digit(text.as_bytes())))
}

/// A name in the letters of the zone: Ñ as N, a hyphen as `<`, other signs left out.
fn words(name: &str) -> String {
    let folded = fold::fold(name);
    let letters = folded.chars().filter_map(|c| match c {
        'Ñ' => Some('N'),
        ' ' | '-' => Some('<'),
        'A'..='Z' => Some(c),
        _ => None,
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{Entidad, Sexo};

    #[test]
    fn composes_a_published_vector() {
        let persona = Persona::new(
            "IRENE".parse().unwrap(),
            "SINTÉTICO".parse().unwrap(),
            "QUIMERA".parse().ok(),
            date(1953, 5, 1),
            Sexo::M,
            Entidad::Jalisco,
        );
        let content = MrzContent {
            persona: &persona.unwrap(),
            cic: &"735830842".parse().unwrap(),
            ocr: &"0137378250595".parse().unwrap(),
            numero_emision: &"03".parse().unwrap(),
            optional_tail: 43582,
            date_of_expiry: date(2033, 12, 31),
        };
        assert_eq!(
            content.lines(),
            [
                "IDMEX7358308428<<0137378250595",
                "5305010M3312315MEX<03<<43582<4",
                "SINTETICO<QUIMERA<<IRENE<<<<<<"
            ]
        );
    }
}
