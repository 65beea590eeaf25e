//! Points in time. Nothing in this crate reads a clock.

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted (RFC 7519 §2, NumericDate).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The last second of the year 9999; later dates are refused as malformed.
    pub const MAX: Self = Self(253_402_300_799);

    /// A time from its count of seconds.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs)
    }

    /// The count of seconds.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// This time moved by `secs`, kept within what an `i64` holds.
    #[must_use]
    pub const fn plus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_add(secs))
    }

    /// The start of the UTC day that holds this time.
    #[must_use]
    pub const fn start_of_day(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(SECONDS_PER_DAY)))
    }
}

/// Seconds of a UTC day.
pub const SECONDS_PER_DAY: i64 = 86_400;

impl std::fmt::Display for UnixTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_down_to_the_day_before_and_after_1970() {
        assert_eq!(UnixTime::from_secs(86_399).start_of_day().as_secs(), 0);
        assert_eq!(UnixTime::from_secs(86_400).start_of_day().as_secs(), 86_400);
        assert_eq!(UnixTime::from_secs(-1).start_of_day().as_secs(), -86_400);
    }

    #[test]
    fn saturates_at_the_ends() {
        assert_eq!(UnixTime::from_secs(i64::MAX).plus_secs(1).as_secs(), i64::MAX);
        let _ = UnixTime::from_secs(i64::MIN).start_of_day();
    }
}
