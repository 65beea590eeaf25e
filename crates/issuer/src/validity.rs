//! From when to when, on whole days: dates must not tell one batch from another of the same day (RFC 9901 §10.1).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use llavero_core::{SECONDS_PER_DAY, UnixTime};

use crate::Error;

/// The longest validity of a copy. Copies are many and short-lived; the document they are about lives longer.
pub const MAX_VALIDITY_DAYS: u16 = 366;

/// `nbf` and `exp`, both at the start of a UTC day.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Validity {
    from: UnixTime,
    until: UnixTime,
}

impl Validity {
    /// From the start of the UTC day of `now` for `days` days.
    ///
    /// # Errors
    /// [`Error::Validity`] for 0 days or more than [`MAX_VALIDITY_DAYS`].
    pub fn days(now: UnixTime, days: u16) -> Result<Self, Error> {
        if days == 0 || days > MAX_VALIDITY_DAYS {
            return Err(Error::Validity);
        }
        let from = now.start_of_day();
        Ok(Self { from, until: from.plus_secs(i64::from(days) * SECONDS_PER_DAY) })
    }

    /// `nbf`.
    #[must_use]
    pub const fn from(&self) -> UnixTime {
        self.from
    }

    /// `exp`.
    #[must_use]
    pub const fn until(&self) -> UnixTime {
        self.until
    }

    /// Whether it ends no later than the last moment of `day`.
    pub(crate) fn ends_by(&self, day: Date) -> bool {
        // Midnight after `day` is the first moment when neither is valid.
        let last = day.tomorrow().unwrap_or(day);
        calendar_day(self.until).is_ok_and(|until| until <= last)
    }
}

/// The UTC day of a time.
pub(crate) fn calendar_day(time: UnixTime) -> Result<Date, Error> {
    let since_1970 = SignedDuration::from_secs(time.as_secs());
    let timestamp = Timestamp::from_duration(since_1970).map_err(|_| Error::Time)?;
    Ok(timestamp.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_same_for_everybody_of_one_day() {
        let midnight = UnixTime::from_secs(1_767_225_600);
        let evening = midnight.plus_secs(SECONDS_PER_DAY - 1);
        assert_eq!(Validity::days(midnight, 7), Validity::days(evening, 7));
        assert_ne!(Validity::days(midnight, 7), Validity::days(evening.plus_secs(1), 7));
    }

    #[test]
    fn refuses_no_days_and_too_many() {
        let now = UnixTime::from_secs(0);
        assert_eq!(Validity::days(now, 0), Err(Error::Validity));
        assert!(Validity::days(now, MAX_VALIDITY_DAYS).is_ok());
        assert_eq!(Validity::days(now, MAX_VALIDITY_DAYS + 1), Err(Error::Validity));
    }

    #[test]
    fn ends_with_the_day_and_not_after() {
        let validity = Validity::days(UnixTime::from_secs(1_767_225_600), 7).unwrap();
        assert!(validity.ends_by(jiff::civil::date(2026, 1, 7)));
        assert!(!validity.ends_by(jiff::civil::date(2026, 1, 6)));
    }

    #[test]
    fn refuses_a_time_outside_the_calendar() {
        assert_eq!(calendar_day(UnixTime::from_secs(i64::MAX)), Err(Error::Time));
    }
}
