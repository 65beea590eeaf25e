//! A field of the JSON form of a record.

/// A field of a record: its name, whether it must be there, and what to write into it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct RecordField {
    name: &'static str,
    required: bool,
    pub(super) es: &'static str,
    pub(super) en: &'static str,
}

impl RecordField {
    /// The name in JSON, and of the column of a spreadsheet.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a record without it is refused.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }

    pub(super) const fn required(name: &'static str, es: &'static str, en: &'static str) -> Self {
        Self { name, required: true, es, en }
    }

    pub(super) const fn optional(name: &'static str, es: &'static str, en: &'static str) -> Self {
        Self { name, required: false, es, en }
    }
}

/// The fields that more than one record has.
pub(super) mod shared {
    use super::RecordField;

    pub(in super::super) const GIVEN_NAME: RecordField =
        RecordField::required("given_name", "nombre o nombres", "given names");
    pub(in super::super) const PRIMER_APELLIDO: RecordField =
        RecordField::required("primer_apellido", "primer apellido", "first surname");
    pub(in super::super) const SEGUNDO_APELLIDO: RecordField =
        RecordField::optional("segundo_apellido", "segundo apellido", "second surname");
    pub(in super::super) const BIRTHDATE: RecordField = RecordField::required(
        "birthdate",
        "fecha de nacimiento, AAAA-MM-DD",
        "date of birth, YYYY-MM-DD",
    );
    pub(in super::super) const SEXO: RecordField =
        RecordField::required("sexo", "H, M o X", "H, M or X");
    pub(in super::super) const CURP: RecordField =
        RecordField::required("curp", "CURP, 18 caracteres", "CURP, 18 characters");
    pub(in super::super) const ISSUING_AUTHORITY: RecordField =
        RecordField::optional("issuing_authority", "autoridad emisora", "issuing authority");
    pub(in super::super) const DATE_OF_ISSUANCE: RecordField = RecordField::optional(
        "date_of_issuance",
        "fecha de expedición, AAAA-MM-DD",
        "date of issuance, YYYY-MM-DD",
    );
    pub(in super::super) const PICTURE: RecordField = RecordField::optional(
        "picture",
        "fotografía, URI data: en base64 (JPEG o PNG)",
        "portrait, data: URI in base64 (JPEG or PNG)",
    );
}
