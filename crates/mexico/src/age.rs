//! How old a person is on a date, without ever reading a clock.
//!
//! A person born on 29 February completes a year, in a common year, on **1 March**. Neither the
//! federal civil code nor the CURP rules settle it; of the two readings this is the one that never
//! calls somebody an adult a day early.

use jiff::civil::Date;

/// The thresholds of the `curp` and `age` credentials: 12 criminal law for adolescents, 15 work,
/// 18 majority, 60 INAPAM, 65 pension, and 16 and 21 because they are asked for.
pub const THRESHOLDS: [u8; 7] = [12, 15, 16, 18, 21, 60, 65];

/// The thresholds of the `ine` credential, whose holders are all adults.
pub const INE_THRESHOLDS: [u8; 4] = [18, 21, 60, 65];

/// Completed years on a date; nothing if the person was not born yet.
#[must_use]
pub fn years_on(birthdate: Date, on: Date) -> Option<u16> {
    let before_birthday = (on.month(), on.day()) < (birthdate.month(), birthdate.day());
    // Both years lie in jiff's -9999..=9999, so the difference fits easily.
    let years = on.year() - birthdate.year() - i16::from(before_birthday);
    u16::try_from(years).ok()
}

/// Whether the person has completed this many years on a date. Somebody not yet born has not.
#[must_use]
pub fn at_least(birthdate: Date, years: u8, on: Date) -> bool {
    years_on(birthdate, on).is_some_and(|age| age >= u16::from(years))
}

/// The decade of birth, such as `1980-1989`: coarser than the year, and it never goes stale.
#[must_use]
pub fn birth_year_bucket(birthdate: Date) -> String {
    let first = birthdate.year() - birthdate.year().rem_euclid(10);
    format!("{first:04}-{:04}", first + 9)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn refuses_an_adult_a_day_before_the_birthday() {
        let birthdate = date(2008, 11, 22);
        assert!(!at_least(birthdate, 18, date(2026, 11, 21)));
        assert!(at_least(birthdate, 18, date(2026, 11, 22)));
        assert_eq!(years_on(birthdate, date(2026, 11, 21)), Some(17));
    }

    #[test]
    fn leap_day_birthdays_fall_on_the_first_of_march() {
        let birthdate = date(2004, 2, 29);
        assert!(!at_least(birthdate, 18, date(2022, 2, 28)));
        assert!(at_least(birthdate, 18, date(2022, 3, 1)));
        assert!(!at_least(birthdate, 20, date(2024, 2, 28)));
        assert!(at_least(birthdate, 20, date(2024, 2, 29)));
    }

    #[test]
    fn refuses_any_age_to_somebody_not_born_yet() {
        let birthdate = date(2026, 1, 2);
        assert_eq!(years_on(birthdate, date(2026, 1, 1)), None);
        assert!(!at_least(birthdate, 0, date(2026, 1, 1)));
        assert!(at_least(birthdate, 0, date(2026, 1, 2)));
    }

    #[test]
    fn survives_the_ends_of_the_calendar() {
        assert_eq!(years_on(Date::MIN, Date::MAX), Some(19_998));
        assert_eq!(years_on(Date::MAX, Date::MIN), None);
        assert_eq!(birth_year_bucket(Date::MAX), "9990-9999");
        let _ = birth_year_bucket(Date::MIN);
    }

    #[test]
    fn buckets_are_calendar_decades() {
        assert_eq!(birth_year_bucket(date(1980, 1, 1)), "1980-1989");
        assert_eq!(birth_year_bucket(date(1989, 12, 31)), "1980-1989");
        assert_eq!(birth_year_bucket(date(2000, 2, 29)), "2000-2009");
    }
}
