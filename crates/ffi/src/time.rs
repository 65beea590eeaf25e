//! Times and days, in the types that each language has for them.

use jiff::civil::Date;
use llavero_core::UnixTime;

use crate::LlaveroError;
use crate::error::Misuse;

// Kotlin sees `java.time.Instant`, Swift `Date`, Python `datetime`: uniffi.toml says how.
uniffi::custom_type!(UnixTime, i64, {
    remote,
    try_lift: |secs| Ok(UnixTime::from_secs(secs)),
    lower: |time| time.as_secs(),
});

/// A day of the calendar, without a time. It prints as nothing: it may be the day on which somebody was born.
#[derive(Clone, Copy, Eq, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct CalendarDate {
    /// The year, such as 2026.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
    /// The day of the month, 1 to 31.
    pub day: i8,
}

redacted!(CalendarDate);

impl CalendarDate {
    pub(crate) fn to_date(self) -> Result<Date, LlaveroError> {
        Date::new(self.year, self.month, self.day).map_err(|_| Misuse::Argument("date").into())
    }
}

impl From<Date> for CalendarDate {
    fn from(date: Date) -> Self {
        Self { year: date.year(), month: date.month(), day: date.day() }
    }
}
