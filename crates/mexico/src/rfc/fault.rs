//! The reasons for refusing an RFC.

/// Why a text is not a valid RFC. In the order of the checks.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum RfcFault {
    /// Neither 12 nor 13 characters.
    Length,
    /// A character that does not belong in its place.
    Structure,
    /// An RFC that stands for nobody in particular.
    Generic,
    /// No such day in 19YY nor in 20YY.
    Date,
    /// The first four letters are one of the 41 words that the rules replace.
    InconvenientWord,
    /// A homoclave that the procedure never gives.
    Homoclave,
    /// The check digit is another.
    CheckDigit,
}

impl RfcFault {
    /// The stable name of the fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "rfc_length",
            Self::Structure => "rfc_structure",
            Self::Generic => "rfc_generic",
            Self::Date => "rfc_date",
            Self::InconvenientWord => "rfc_inconvenient_word",
            Self::Homoclave => "rfc_homoclave",
            Self::CheckDigit => "rfc_check_digit",
        }
    }

    /// The word that the published test vectors use.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Length => "LENGTH",
            Self::Structure => "STRUCTURE",
            Self::Generic => "GENERIC",
            Self::Date => "DATE",
            Self::InconvenientWord => "INCONVENIENT_WORD",
            Self::Homoclave => "HOMOCLAVE",
            Self::CheckDigit => "CHECK_DIGIT",
        }
    }

    /// Whether RFCs with this fault are in use, so that refusing them refuses real people.
    #[must_use]
    pub const fn occurs_in_use(self) -> bool {
        matches!(self, Self::Homoclave | Self::CheckDigit)
    }
}
