//! People who do not exist, for tests and demonstrations.
//!
//! Surnames are words such as EJEMPLO and FICTICIO, so that nobody mistakes a record for real
//! data. The identifiers have the right form and check digits: by chance one may have been
//! assigned to somebody, which is one more reason never to look them up.

use core::ops::RangeInclusive;

use jiff::{Span, civil::Date};

use crate::{
    AgeRecord, ClaveElector, CurpRecord, CurpRoot, Differentiator, Domicilio, Entidad, Error,
    IneMrz, IneRecord, Nombre, NumeroEmision, Ocr, Persona, Rfc, Sexo,
    derive::{given_word, surname_word},
    mrz::MrzContent,
    record::{CurpDetails, CurpTipo, IneCard, IneDetails},
    redacted::redacted_debug,
};

mod words;

use words::{CALLES, COLONIAS, NOMBRES_H, NOMBRES_M, PALABRAS};

/// Makes people out of random bytes: the same bytes make the same people.
///
/// ```
/// use jiff::civil::date;
/// use llavero_mexico::Synthetic;
///
/// let mut seed = 7_u8;
/// let mut people = Synthetic::new(|bytes: &mut [u8]| {
///     for byte in bytes {
///         seed = seed.wrapping_mul(37).wrapping_add(11);
///         *byte = seed;
///     }
/// });
/// let person = people.person(date(2026, 11, 21), 18..=80)?;
/// assert_eq!(person.curp_record().curp().birthdate(), person.persona().birthdate());
/// assert!(person.ine().is_some());
/// # Ok::<(), llavero_mexico::Error>(())
/// ```
pub struct Synthetic<R> {
    random: R,
}

/// One person who does not exist, with everything that can be issued to them.
#[derive(Clone, Eq, PartialEq)]
pub struct SyntheticPerson {
    rfc: Rfc,
    curp_record: CurpRecord,
    age_record: AgeRecord,
    ine: Option<(IneRecord, IneMrz)>,
}

redacted_debug!(SyntheticPerson);

impl<R> core::fmt::Debug for Synthetic<R> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Synthetic").finish_non_exhaustive()
    }
}

impl SyntheticPerson {
    /// The facts about the person.
    #[must_use]
    pub const fn persona(&self) -> &Persona {
        self.curp_record.persona()
    }

    /// The record for a `curp` credential.
    #[must_use]
    pub const fn curp_record(&self) -> &CurpRecord {
        &self.curp_record
    }

    /// The record for an `age` credential.
    #[must_use]
    pub const fn age_record(&self) -> &AgeRecord {
        &self.age_record
    }

    /// The record for an `ine` credential and the zone of the card; nothing for minors.
    #[must_use]
    pub const fn ine(&self) -> Option<&(IneRecord, IneMrz)> {
        self.ine.as_ref()
    }

    /// The RFC.
    #[must_use]
    pub const fn rfc(&self) -> &Rfc {
        &self.rfc
    }
}

impl<R: FnMut(&mut [u8])> Synthetic<R> {
    /// Takes a source that fills the bytes it is given. Every call ends, whatever it fills in.
    #[must_use]
    pub const fn new(random: R) -> Self {
        Self { random }
    }

    /// Makes a person whose age in years on `today` is in `ages`.
    ///
    /// # Errors
    /// [`Error::DateRange`] if `today` is outside 2000..=2080 (cards with a zone did not exist, or
    /// would expire in another century), if somebody so old was born before 1900, or if the range
    /// is empty.
    pub fn person(
        &mut self,
        today: Date,
        ages: RangeInclusive<u8>,
    ) -> Result<SyntheticPerson, Error> {
        if !(2000..=2080).contains(&today.year()) {
            return Err(Error::DateRange { field: "today" });
        }
        let persona = self.persona(today, ages)?;
        let curp = CurpRoot::of(&persona)
            .with_homonym(self.homonym())?
            .check(today, Differentiator::AtoJ)?;
        let mut details = CurpDetails::default();
        if !persona.entidad_nacimiento().is_abroad() {
            details.nationalities = vec![crate::Pais::MEXICO];
        }
        let ine = if crate::age::at_least(persona.birthdate(), 18, today) {
            Some(self.card(&persona, curp.clone(), today)?)
        } else {
            None
        };
        Ok(SyntheticPerson {
            rfc: Rfc::of(&persona)?,
            age_record: AgeRecord::of(&persona, today)?,
            curp_record: CurpRecord::new(persona, curp, CurpTipo::Definitiva, details)?,
            ine,
        })
    }

    /// Makes only the facts about a person.
    ///
    /// # Errors
    /// [`Error::DateRange`] if somebody so old on `today` was born outside 1900..=2099, or if the
    /// range is empty.
    pub fn persona(&mut self, today: Date, ages: RangeInclusive<u8>) -> Result<Persona, Error> {
        let out_of_range = Error::DateRange { field: "birthdate" };
        let span = ages.end().checked_sub(*ages.start()).ok_or(out_of_range.clone())?;
        let age = ages
            .start()
            .saturating_add(u8::try_from(self.below(usize::from(span) + 1)).unwrap_or(0));
        let birthdate = self.birthdate(today, age).ok_or(out_of_range)?;
        // X is rare, but often enough to be met in a few hundred people.
        let sexo = match self.below(40) {
            0 => Sexo::X,
            n if n % 2 == 0 => Sexo::H,
            _ => Sexo::M,
        };
        let entidad = *self.pick(&Entidad::ALL)?;
        let given = self.given_name(sexo)?;
        let primer = self.nombre(PALABRAS)?;
        let segundo = if self.below(12) == 0 { None } else { Some(self.nombre(PALABRAS)?) };
        Persona::new(given, primer, segundo, birthdate, sexo, entidad)
    }

    /// A day on which somebody who is `age` on `today` may have been born.
    fn birthdate(&mut self, today: Date, age: u8) -> Option<Date> {
        let year = today.year().checked_sub(i16::from(age))?;
        // Somebody born on 28 February is as old on a 29th that their birth year lacks.
        let last = Date::new(year, today.month(), today.day());
        let last = last.or_else(|_| Date::new(year, 2, 28)).ok()?;
        // A year has at least 365 days, so going back 364 never reaches the birthday before.
        let days = i32::try_from(self.below(365)).ok()?;
        last.checked_sub(Span::new().days(days)).ok()
    }

    fn given_name(&mut self, sexo: Sexo) -> Result<Nombre, Error> {
        let list = match sexo {
            Sexo::H => NOMBRES_H,
            Sexo::M => NOMBRES_M,
            Sexo::X => self.pick(&[NOMBRES_H, NOMBRES_M])?,
        };
        let first = *self.pick(list)?;
        if self.below(3) > 0 {
            return first.parse();
        }
        format!("{first} {}", self.pick(list)?).parse()
    }

    fn nombre(&mut self, list: &[&str]) -> Result<Nombre, Error> {
        self.pick(list)?.parse()
    }

    /// Mostly nobody shares a root.
    fn homonym(&mut self) -> u8 {
        if self.below(20) > 0 { 0 } else { u8::try_from(self.below(10)).unwrap_or_default() }
    }

    fn card(
        &mut self,
        persona: &Persona,
        curp: crate::ValidCurp,
        today: Date,
    ) -> Result<(IneRecord, IneMrz), Error> {
        let seccion = format!("{:04}", self.below(9999) + 1).parse()?;
        let numero_emision: NumeroEmision = format!("{:02}", self.below(12)).parse()?;
        let adult_since = persona.birthdate().year() + 18;
        let issued =
            adult_since.max(today.year() - i16::try_from(self.below(10)).unwrap_or_default());
        let registered =
            adult_since.max(1990).max(issued - i16::try_from(self.below(20)).unwrap_or_default());
        let date_of_expiry = Date::new(issued + 10, 12, 31)
            .map_err(|_| Error::DateRange { field: "date_of_expiry" })?;
        let card = IneCard {
            clave_elector: self.clave_elector(persona)?,
            cic: self.digits(9).parse()?,
            id_ciudadano: self.digits(9).parse()?,
            seccion,
            numero_emision,
            anio_registro: registered.min(issued),
            date_of_expiry,
        };
        let details = IneDetails {
            curp: Some(curp),
            domicilio: self.domicilio()?,
            modelo: "H".parse().ok(),
            ..IneDetails::default()
        };
        let content = MrzContent {
            persona,
            cic: &card.cic,
            ocr: &Ocr::of(&card.seccion, &card.id_ciudadano),
            numero_emision: &card.numero_emision,
            optional_tail: u16::try_from(self.below(10_000)).unwrap_or_default(),
            date_of_expiry,
        };
        let lines = content.lines();
        let mrz = IneMrz::parse(&lines.each_ref().map(String::as_str), today)?;
        Ok((IneRecord::new(persona.clone(), card, details, today)?, mrz))
    }

    /// As descriptions of the cards have it: letters of the names, date, place, sex, three digits.
    fn clave_elector(&mut self, persona: &Persona) -> Result<ClaveElector, Error> {
        let first = persona.primer_apellido().folded();
        let second = persona.segundo_apellido().map(Nombre::folded).unwrap_or_default();
        let given = persona.given_name().folded();
        let words = [surname_word(&first), surname_word(&second), given_word(&given)];
        let letters: String =
            words.into_iter().flat_map(|w| [w.initial(), w.internal_consonant()]).collect();
        // 88 stands for birth abroad in the few published descriptions.
        let number = persona.entidad_nacimiento().inegi().unwrap_or("88");
        let date = crate::calendar::yymmdd(persona.birthdate());
        let sexo = persona.sexo().letter();
        format!("{letters}{date}{number}{sexo}{}00", self.below(10)).parse()
    }

    fn domicilio(&mut self) -> Result<Domicilio, Error> {
        if self.below(4) == 0 {
            return Ok(Domicilio::default());
        }
        let street = format!("{} {}", self.pick(CALLES)?, self.below(400) + 1);
        Ok(Domicilio {
            street_address: Some(street.parse()?),
            neighborhood: Some(self.pick(COLONIAS)?.parse()?),
            postal_code: Some(self.digits(5).parse()?),
            locality: Some("MUNICIPIO DE MUESTRA".parse()?),
            // All but the last, which is birth abroad.
            region: Entidad::ALL.get(self.below(32)).copied(),
            country: None,
        })
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or_default()))
            .collect()
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> Result<&'l T, Error> {
        // The lists are constants and none is empty.
        list.get(self.below(list.len())).ok_or(Error::Choice { field: "synthetic" })
    }

    /// A number less than `bound`. The slight preference for small numbers does not matter here,
    /// and no draw is repeated, so a poor source cannot keep this from ending.
    fn below(&mut self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        (self.random)(&mut bytes);
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(u64::from_le_bytes(bytes) % bound).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A poor but repeatable source.
    fn source(mut state: u64) -> impl FnMut(&mut [u8]) {
        move |bytes| {
            for byte in bytes {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                [*byte, ..] = (state >> 33).to_le_bytes();
            }
        }
    }

    #[test]
    fn ages_are_those_asked_for() {
        let mut people = Synthetic::new(source(1));
        for today in [date(2026, 11, 21), date(2024, 2, 29), date(2025, 3, 1), date(2000, 1, 1)] {
            for age in [0, 17, 18, 60, 99] {
                for _ in 0..50 {
                    let persona = people.persona(today, age..=age).unwrap();
                    assert_eq!(crate::age::years_on(persona.birthdate(), today), Some(age.into()));
                }
            }
        }
    }

    #[test]
    fn a_source_that_never_changes_still_ends() {
        for byte in [0, 0xFF] {
            let mut people = Synthetic::new(|bytes: &mut [u8]| bytes.fill(byte));
            assert!(people.person(date(2026, 11, 21), 0..=100).is_ok());
        }
    }

    #[test]
    fn refuses_empty_ranges_and_impossible_ages() {
        let mut people = Synthetic::new(source(2));
        let refused = Err(Error::DateRange { field: "birthdate" });
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
        let empty = 2..=1;
        assert_eq!(people.person(date(2026, 11, 21), empty), refused);
        assert_eq!(people.person(date(2026, 11, 21), 130..=130), refused);
        let refused = Err(Error::DateRange { field: "today" });
        assert_eq!(people.person(date(1999, 12, 31), 20..=30), refused);
    }

    #[test]
    fn minors_have_no_voters_card() {
        let mut people = Synthetic::new(source(3));
        assert!(people.person(date(2026, 11, 21), 17..=17).unwrap().ine().is_none());
        assert!(people.person(date(2026, 11, 21), 18..=18).unwrap().ine().is_some());
    }

    #[test]
    fn the_zone_is_that_of_the_card() {
        let mut people = Synthetic::new(source(4));
        for _ in 0..300 {
            let person = people.person(date(2026, 11, 21), 18..=100).unwrap();
            let (record, mrz) = person.ine().unwrap();
            assert!(*mrz.cic() == record.card().cic && *mrz.ocr() == record.ocr());
            assert_eq!(mrz.birthdate(), record.persona().birthdate());
            assert_eq!(mrz.sexo(), Some(record.persona().sexo()));
            assert_eq!(mrz.date_of_expiry(), record.not_after());
        }
    }

    #[test]
    fn the_same_bytes_make_the_same_person() {
        let make = || Synthetic::new(source(5)).person(date(2026, 11, 21), 0..=100).unwrap();
        assert!(make() == make());
    }
}
