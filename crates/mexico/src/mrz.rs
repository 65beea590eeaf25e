//! The machine-readable zone of an INE card: three lines of 30, ICAO 9303-5 TD1 as INE fills it.
//!
//! ```text
//! IDMEX ccccccccc k << ssss iiiiiiiii      CIC, check, sección, identificador del ciudadano
//! yymmdd k S yymmdd k MEX <nn<<ttttt< K    birth, check, sex, expiry, check, emisión, composite
//! PRIMER<SEGUNDO<<NOMBRE<S<<<<<<<<<<<<     names, cut at 30
//! ```
//! The sex is Spanish: `M` is mujer, where ICAO readers see a male. No check digit covers the sex
//! or the names, and to a check digit `<` is `0`. A card is authentic only if INE says so.

use jiff::civil::Date;

use crate::{Cic, Error, IdCiudadano, NumeroEmision, Ocr, Seccion, Sexo, redacted::redacted_debug};

mod check;
mod compose;
mod fault;
mod lines;

pub use check::MrzChecks;
pub(crate) use compose::MrzContent;
pub use fault::MrzFault;
use lines::Lines;

/// Three lines that follow INE's layout, with real dates and right check digits.
///
/// Nothing else is known of them: the layout was learnt from published samples, and what INE
/// prints for sex X and for Ñ could not be verified.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct IneMrz {
    lines: [String; 3],
    cic: Cic,
    ocr: Ocr,
    numero_emision: NumeroEmision,
    optional_tail: String,
    birthdate: Date,
    sexo: Option<Sexo>,
    date_of_expiry: Date,
    surnames: Vec<String>,
    given_names: Vec<String>,
}

redacted_debug!(IneMrz);

impl IneMrz {
    /// The number of characters of each line.
    pub const LINE_LENGTH: usize = 30;

    /// Reads the three lines. Nothing is normalised.
    ///
    /// The zone prints two digits of the birth year: it is 20YY if that date is at least 17 years
    /// before `as_of` (nobody gets a card earlier), otherwise 19YY. An expiry is always in 20YY.
    ///
    /// # Errors
    /// [`Error::Mrz`] with the first of [`IneMrz::faults_in`].
    pub fn parse(lines: &[&str], as_of: Date) -> Result<Self, Error> {
        let refuse = |fault| Error::Mrz { fault };
        let read = Lines::read(lines).map_err(refuse)?;
        if let Some(&fault) = read.faults(as_of).first() {
            return Err(refuse(fault));
        }
        let (surnames, given_names) = read.names();
        let text = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect::<String>();
        Ok(Self {
            cic: text(read.cic()).parse()?,
            ocr: text(read.ocr()).parse()?,
            numero_emision: text(read.numero_emision()).parse()?,
            optional_tail: text(read.optional_tail()),
            birthdate: read.birthdate(as_of).ok_or(refuse(MrzFault::BirthDate))?,
            sexo: Sexo::from_byte(read.sexo()),
            date_of_expiry: read.date_of_expiry().ok_or(refuse(MrzFault::ExpiryDate))?,
            surnames,
            given_names,
            lines: read.into_text(),
        })
    }

    /// Every reason why the lines are refused, in the order of the checks; empty if they are not.
    ///
    /// Lines of a wrong number, length or character set have that one reason.
    #[must_use]
    pub fn faults_in(lines: &[&str], as_of: Date) -> Vec<MrzFault> {
        Lines::read(lines).map_or_else(|fault| vec![fault], |lines| lines.faults(as_of))
    }

    /// Which of the four check digits are right; nothing if the lines are not three times thirty
    /// characters of the right set. Says nothing about the rest of the layout.
    #[must_use]
    pub fn checks_in(lines: &[&str]) -> Option<MrzChecks> {
        Lines::read(lines).ok().map(|lines| lines.checks())
    }

    /// The three lines.
    #[must_use]
    pub fn expose(&self) -> [&str; 3] {
        self.lines.each_ref().map(String::as_str)
    }

    /// The number of the card.
    #[must_use]
    pub const fn cic(&self) -> &Cic {
        &self.cic
    }

    /// The OCR: sección and identificador del ciudadano.
    #[must_use]
    pub const fn ocr(&self) -> &Ocr {
        &self.ocr
    }

    /// The sección.
    #[must_use]
    pub fn seccion(&self) -> Seccion {
        self.ocr.seccion()
    }

    /// The identificador del ciudadano.
    #[must_use]
    pub fn id_ciudadano(&self) -> IdCiudadano {
        self.ocr.id_ciudadano()
    }

    /// The date of birth, with the century that [`IneMrz::parse`] chose.
    #[must_use]
    pub const fn birthdate(&self) -> Date {
        self.birthdate
    }

    /// The sex marker; nothing if the zone has `<`.
    #[must_use]
    pub const fn sexo(&self) -> Option<Sexo> {
        self.sexo
    }

    /// The last day printed. INE extends it by agreement now and then, so it need not be the last
    /// day of legal validity.
    #[must_use]
    pub const fn date_of_expiry(&self) -> Date {
        self.date_of_expiry
    }

    /// Whether the day printed is past on `on`.
    #[must_use]
    pub fn is_expired_on(&self, on: Date) -> bool {
        self.date_of_expiry < on
    }

    /// The número de emisión.
    #[must_use]
    pub const fn numero_emision(&self) -> &NumeroEmision {
        &self.numero_emision
    }

    /// The five digits after the número de emisión. What they mean is not known.
    #[must_use]
    pub fn optional_tail(&self) -> &str {
        &self.optional_tail
    }

    /// The words before `<<` in the third line. Where one surname ends cannot be told.
    #[must_use]
    pub fn surnames(&self) -> &[String] {
        &self.surnames
    }

    /// The words after `<<` in the third line.
    #[must_use]
    pub fn given_names(&self) -> &[String] {
        &self.given_names
    }

    /// Whether the third line is full, so that names may have been cut.
    #[must_use]
    pub fn names_may_be_cut(&self) -> bool {
        let [_, _, names] = &self.lines;
        !names.ends_with('<')
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const AS_OF: Date = date(2026, 11, 21);
    const LINES: [&str; 3] = [
        "IDMEX7358308428<<0137378250595",
        "5305010M3312315MEX<03<<43582<4",
        "SINTETICO<QUIMERA<<IRENE<<<<<<",
    ];

    #[test]
    fn a_zone_says_what_it_holds() {
        let mrz = IneMrz::parse(&LINES, AS_OF).unwrap();
        assert_eq!(mrz.expose(), LINES);
        assert_eq!((mrz.cic().expose(), mrz.ocr().expose()), ("735830842", "0137378250595"));
        assert_eq!(mrz.sexo(), Some(Sexo::M));
        assert_eq!((mrz.birthdate(), mrz.date_of_expiry()), (date(1953, 5, 1), date(2033, 12, 31)));
        assert_eq!(mrz.surnames(), ["SINTETICO", "QUIMERA"]);
        assert!(!mrz.names_may_be_cut());
        assert!(!mrz.is_expired_on(date(2033, 12, 31)) && mrz.is_expired_on(date(2034, 1, 1)));
    }

    #[test]
    fn refuses_other_numbers_of_lines() {
        let [one, two, three] = LINES;
        for lines in [&[][..], &[one], &[one, two], &[one, two, three, three]] {
            assert_eq!(IneMrz::faults_in(lines, AS_OF), [MrzFault::Length]);
            assert_eq!(IneMrz::checks_in(lines), None);
        }
    }

    #[test]
    fn refuses_a_cic_with_a_letter() {
        let mut lines = LINES;
        lines[0] = "IDMEXA35830842A<<0137378250595";
        assert!(IneMrz::faults_in(&lines, AS_OF).contains(&MrzFault::CicNotNumeric));
    }

    #[test]
    fn refuses_a_leap_day_that_the_century_takes_away() {
        let mut lines = LINES;
        lines[1] = "0002299M3312315MEX<03<<43582<4";
        let faults = |as_of| IneMrz::faults_in(&lines, as_of);
        assert!(!faults(date(2017, 3, 1)).contains(&MrzFault::BirthDate));
        assert!(faults(date(2017, 2, 28)).contains(&MrzFault::BirthDate));
    }
}
