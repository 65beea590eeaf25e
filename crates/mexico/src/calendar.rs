//! Dates of the proleptic Gregorian calendar, from the ways identifiers print them.

use jiff::civil::Date;

use crate::{Error, ascii};

/// The years a CURP can tell apart: position 17 says 19YY or 20YY and nothing else.
pub(crate) const FIRST_YEAR: i16 = 1900;
/// See [`FIRST_YEAR`].
pub(crate) const LAST_YEAR: i16 = 2099;

/// A date printed as YYMMDD, in the century that starts with year `century`.
pub(crate) fn in_century(century: i16, yymmdd: [u8; 6]) -> Option<Date> {
    let [y1, y2, m1, m2, d1, d2] = yymmdd;
    let year = century.checked_add(ascii::number(&[y1, y2])?)?;
    date(year, [m1, m2], [d1, d2])
}

/// Whether YYMMDD is a date in 19YY or in 20YY. Only 29 February of year 00 depends on it.
pub(crate) fn in_any_century(yymmdd: [u8; 6]) -> bool {
    in_century(1900, yymmdd).or_else(|| in_century(2000, yymmdd)).is_some()
}

/// A date printed as YYYY-MM-DD: ten characters, no other form.
pub(crate) fn iso(field: &'static str, text: &str) -> Result<Date, Error> {
    let read = || {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = ascii::exactly::<10>(text)? else {
            return None;
        };
        date(ascii::number(&[y1, y2, y3, y4])?, [m1, m2], [d1, d2])
    };
    read().ok_or(Error::DateFormat { field })
}

/// The two digits of the year, month and day.
pub(crate) fn yymmdd(date: Date) -> String {
    format!("{:02}{:02}{:02}", date.year().rem_euclid(100), date.month(), date.day())
}

fn date(year: i16, month: [u8; 2], day: [u8; 2]) -> Option<Date> {
    let month = i8::try_from(ascii::number(&month)?).ok()?;
    let day = i8::try_from(ascii::number(&day)?).ok()?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_day_of_year_00_depends_on_the_century() {
        assert_eq!(in_century(1900, *b"000229"), None);
        assert!(in_century(2000, *b"000229").is_some());
        assert!(in_any_century(*b"000229"));
        assert!(!in_any_century(*b"010229"));
    }

    #[test]
    fn refuses_other_ways_of_writing_a_date() {
        for text in [
            "2001-2-03",
            "20010203",
            "2001-02-30",
            "2001-02-03T00",
            "2001/02/03",
            "",
            "２001-02-03",
        ] {
            assert_eq!(
                iso("birthdate", text),
                Err(Error::DateFormat { field: "birthdate" }),
                "{text}"
            );
        }
        assert!(iso("birthdate", "2001-02-03").is_ok());
    }
}
