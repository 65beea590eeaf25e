//! The reasons for refusing a machine-readable zone.

/// Why three lines are not the zone of an INE card. In the order of the checks.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum MrzFault {
    /// Not three lines of 30 characters.
    Length,
    /// A character other than A-Z, 0-9 and `<`.
    Charset,
    /// The first line does not begin with `ID`.
    DocumentCode,
    /// The issuer is not `MEX`.
    Issuer,
    /// The nationality is not `MEX`.
    Nationality,
    /// The CIC is not nine digits.
    CicNotNumeric,
    /// No `<<` between the check digit of the CIC and the OCR.
    Optional1Shape,
    /// The OCR is not thirteen digits.
    OcrNotNumeric,
    /// The second line's optional part is not `<nn<<ttttt<`.
    Optional2Shape,
    /// The sex is not H, M, X or `<`.
    Sex,
    /// No such day of birth.
    BirthDate,
    /// No such day of expiry.
    ExpiryDate,
    /// The check digit of the CIC is another.
    CheckDocument,
    /// The check digit of the birth date is another.
    CheckBirth,
    /// The check digit of the expiry is another.
    CheckExpiry,
    /// The composite check digit is another.
    CheckComposite,
}

impl MrzFault {
    /// The stable name of the fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "mrz_length",
            Self::Charset => "mrz_charset",
            Self::DocumentCode => "mrz_document_code",
            Self::Issuer => "mrz_issuer",
            Self::Nationality => "mrz_nationality",
            Self::CicNotNumeric => "mrz_cic_not_numeric",
            Self::Optional1Shape => "mrz_optional1_shape",
            Self::OcrNotNumeric => "mrz_ocr_not_numeric",
            Self::Optional2Shape => "mrz_optional2_shape",
            Self::Sex => "mrz_sex",
            Self::BirthDate => "mrz_birth_date",
            Self::ExpiryDate => "mrz_expiry_date",
            Self::CheckDocument => "mrz_check_document",
            Self::CheckBirth => "mrz_check_birth",
            Self::CheckExpiry => "mrz_check_expiry",
            Self::CheckComposite => "mrz_check_composite",
        }
    }

    /// The word that the published test vectors use.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Length => "LENGTH",
            Self::Charset => "CHARSET",
            Self::DocumentCode => "DOCUMENT_CODE",
            Self::Issuer => "ISSUER",
            Self::Nationality => "NATIONALITY",
            Self::CicNotNumeric => "CIC_NOT_NUMERIC",
            Self::Optional1Shape => "OPTIONAL1_SHAPE",
            Self::OcrNotNumeric => "OCR_NOT_NUMERIC",
            Self::Optional2Shape => "OPTIONAL2_SHAPE",
            Self::Sex => "SEX",
            Self::BirthDate => "BIRTH_DATE",
            Self::ExpiryDate => "EXPIRY_DATE",
            Self::CheckDocument => "CHECK_DOCUMENT",
            Self::CheckBirth => "CHECK_BIRTH",
            Self::CheckExpiry => "CHECK_EXPIRY",
            Self::CheckComposite => "CHECK_COMPOSITE",
        }
    }
}
