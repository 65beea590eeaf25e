//! Three lines of thirty characters, cut where ICAO 9303-5 and INE put their fields.

use jiff::civil::Date;

use super::{IneMrz, MrzChecks, MrzFault, check::check_digit};
use crate::{Sexo, age, ascii, calendar};

/// Lines of the right length and characters; nothing else has been checked.
pub(super) struct Lines {
    one: [u8; 30],
    two: [u8; 30],
    three: [u8; 30],
}

impl Lines {
    pub(super) fn read(lines: &[&str]) -> Result<Self, MrzFault> {
        let &[one, two, three] = lines else { return Err(MrzFault::Length) };
        if ![one, two, three].iter().all(|line| ascii::has_chars(line, IneMrz::LINE_LENGTH)) {
            return Err(MrzFault::Length);
        }
        let line = |text: &str| {
            ascii::exactly::<30>(text)
                .filter(|line| line.iter().all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b'<')))
                .ok_or(MrzFault::Charset)
        };
        Ok(Self { one: line(one)?, two: line(two)?, three: line(three)? })
    }

    pub(super) fn faults(&self, as_of: Date) -> Vec<MrzFault> {
        let checks = self.checks();
        let sexo_known = self.sexo() == b'<' || Sexo::from_byte(self.sexo()).is_some();
        let found = [
            (!self.one.starts_with(b"ID"), MrzFault::DocumentCode),
            (&self.one[2..5] != b"MEX", MrzFault::Issuer),
            (&self.two[15..18] != b"MEX", MrzFault::Nationality),
            (!ascii::all_digits(self.cic()), MrzFault::CicNotNumeric),
            (&self.one[15..17] != b"<<", MrzFault::Optional1Shape),
            (!ascii::all_digits(self.ocr()), MrzFault::OcrNotNumeric),
            (!self.optional2_in_shape(), MrzFault::Optional2Shape),
            (!sexo_known, MrzFault::Sex),
            (self.birthdate(as_of).is_none(), MrzFault::BirthDate),
            (self.date_of_expiry().is_none(), MrzFault::ExpiryDate),
            (!checks.document, MrzFault::CheckDocument),
            (!checks.birth, MrzFault::CheckBirth),
            (!checks.expiry, MrzFault::CheckExpiry),
            (!checks.composite, MrzFault::CheckComposite),
        ];
        found.into_iter().filter_map(|(wrong, fault)| wrong.then_some(fault)).collect()
    }

    pub(super) fn checks(&self) -> MrzChecks {
        MrzChecks {
            document: self.one[14] == check_digit(self.cic()),
            birth: self.two[6] == check_digit(&self.two[..6]),
            expiry: self.two[14] == check_digit(&self.two[8..14]),
            composite: self.two[29] == self.expected_composite(),
        }
    }

    fn expected_composite(&self) -> u8 {
        let parts = [&self.one[5..], &self.two[..7], &self.two[8..15], &self.two[18..29]];
        check_digit(parts.into_iter().flatten())
    }

    pub(super) fn cic(&self) -> &[u8] {
        &self.one[5..14]
    }

    pub(super) fn ocr(&self) -> &[u8] {
        &self.one[17..]
    }

    pub(super) const fn sexo(&self) -> u8 {
        self.two[7]
    }

    pub(super) fn numero_emision(&self) -> &[u8] {
        &self.two[19..21]
    }

    pub(super) fn optional_tail(&self) -> &[u8] {
        &self.two[23..28]
    }

    fn optional2_in_shape(&self) -> bool {
        let fillers = [self.two[18], self.two[21], self.two[22], self.two[28]];
        fillers == *b"<<<<"
            && ascii::all_digits(self.numero_emision())
            && ascii::all_digits(self.optional_tail())
    }

    /// In 20YY if the person is then at least 17 years old on `as_of`, otherwise in 19YY.
    pub(super) fn birthdate(&self, as_of: Date) -> Option<Date> {
        const YOUNGEST: u8 = 17;
        let yymmdd = *self.two.first_chunk::<6>()?;
        calendar::in_century(2000, yymmdd)
            .filter(|&date| age::at_least(date, YOUNGEST, as_of))
            .or_else(|| calendar::in_century(1900, yymmdd))
    }

    pub(super) fn date_of_expiry(&self) -> Option<Date> {
        calendar::in_century(2000, *self.two[8..].first_chunk::<6>()?)
    }

    /// The words before and after the first `<<`.
    pub(super) fn names(&self) -> (Vec<String>, Vec<String>) {
        let line: String = self.three.iter().copied().map(char::from).collect();
        let (surnames, given_names) = line.split_once("<<").unwrap_or((&line, ""));
        let words =
            |text: &str| text.split('<').filter(|w| !w.is_empty()).map(str::to_owned).collect();
        (words(surnames), words(given_names))
    }

    pub(super) fn into_text(self) -> [String; 3] {
        [self.one, self.two, self.three].map(|line| line.into_iter().map(char::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn born(yymmdd: &str, as_of: Date) -> Option<Date> {
        let two = format!("{yymmdd:<<30}");
        let blank = "<".repeat(30);
        Lines::read(&[&blank, &two, &blank]).ok()?.birthdate(as_of)
    }

    #[test]
    fn the_century_turns_on_the_seventeenth_birthday() {
        assert_eq!(born("091121", date(2026, 11, 21)), Some(date(2009, 11, 21)));
        assert_eq!(born("091122", date(2026, 11, 21)), Some(date(1909, 11, 22)));
    }

    #[test]
    fn refuses_lines_with_wide_characters() {
        let blank = "<".repeat(30);
        let (wide, short) = ("Ñ".repeat(30), "Ñ".repeat(29));
        assert_eq!(Lines::read(&[&blank, &blank, &wide]).err(), Some(MrzFault::Charset));
        assert_eq!(Lines::read(&[&blank, &blank, &short]).err(), Some(MrzFault::Length));
    }

    #[test]
    fn a_line_without_a_separator_is_all_surnames() {
        let blank = "<".repeat(30);
        let lines = Lines::read(&[&blank, &blank, "EJEMPLO<FICTICIO<MUESTRA<ENSAY"])
            .unwrap_or_else(|_| panic!());
        let (surnames, given) = lines.names();
        assert_eq!((surnames.len(), given.len()), (4, 0));
    }
}
