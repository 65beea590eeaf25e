//! The reasons for refusing a CURP.

/// Why a text is not a valid CURP. In the order of the checks.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum CurpFault {
    /// Not 18 characters.
    Length,
    /// A character other than A-Z and 0-9.
    Charset,
    /// A digit where a letter belongs or the reverse.
    Structure,
    /// Position 2 is neither a vowel nor X.
    NameVowel,
    /// Position 11 is not H, M or X.
    Sex,
    /// Positions 12 and 13 are the code of no entidad.
    State,
    /// One of positions 14 to 16 is a vowel.
    Consonant,
    /// No such day in the century of position 17.
    Date,
    /// Born after today.
    FutureDate,
    /// The first four letters are one of the 81 words that the rules replace.
    InconvenientWord,
    /// Position 17 is after J, which the text of 2018 does not foresee.
    Differentiator,
    /// The check digit is another.
    CheckDigit,
    /// A value that systems write when there is no CURP.
    Placeholder,
}

impl CurpFault {
    /// The stable name of the fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "curp_length",
            Self::Charset => "curp_charset",
            Self::Structure => "curp_structure",
            Self::NameVowel => "curp_name_vowel",
            Self::Sex => "curp_sex",
            Self::State => "curp_state",
            Self::Consonant => "curp_consonant",
            Self::Date => "curp_date",
            Self::FutureDate => "curp_future_date",
            Self::InconvenientWord => "curp_inconvenient_word",
            Self::Differentiator => "curp_differentiator",
            Self::CheckDigit => "curp_check_digit",
            Self::Placeholder => "curp_placeholder",
        }
    }

    /// The word that the published test vectors use.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Length => "LENGTH",
            Self::Charset => "CHARSET",
            Self::Structure => "STRUCTURE",
            Self::NameVowel => "NAME_VOWEL",
            Self::Sex => "SEX",
            Self::State => "STATE",
            Self::Consonant => "CONSONANT",
            Self::Date => "DATE",
            Self::FutureDate => "FUTURE_DATE",
            Self::InconvenientWord => "INCONVENIENT_WORD",
            Self::Differentiator => "DIFFERENTIATOR",
            Self::CheckDigit => "CHECK_DIGIT",
            Self::Placeholder => "PLACEHOLDER",
        }
    }
}
