//! Everything this crate can refuse.

use crate::{
    ClaveElectorFault, CurpFault, MrzFault, NombreFault, PersonaField, PictureFault, RfcFault,
    TextoFault,
};

/// Why something was refused: names of fields and of rules, never a value of a person.
///
/// The text is for developers. Programs use [`Error::code`] and [`Error::field`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not one of the words a field may hold.
    #[error("field {field} holds none of the words it may hold")]
    Choice {
        /// The field.
        field: &'static str,
    },
    /// Not a clave de elector.
    #[error("not a clave de elector: {}", fault.reason())]
    ClaveElector {
        /// What is wrong with it.
        fault: ClaveElectorFault,
    },
    /// Two fields of a record contradict each other.
    #[error("field {field} contradicts field {with}")]
    Conflict {
        /// The field.
        field: &'static str,
        /// The field it contradicts.
        with: &'static str,
    },
    /// Not a CURP, or not a valid one.
    #[error("the CURP is refused: {}", fault.reason())]
    Curp {
        /// What is wrong with it.
        fault: CurpFault,
    },
    /// The CURP cannot be that of the person.
    #[error("the CURP does not agree with {}", names(fields))]
    CurpOfAnother {
        /// The facts that do not agree.
        fields: Vec<PersonaField>,
    },
    /// Not a date written as YYYY-MM-DD.
    #[error("field {field} is not a date written as YYYY-MM-DD")]
    DateFormat {
        /// The field.
        field: &'static str,
    },
    /// A date outside what the field may hold.
    #[error("field {field} is a date outside the range the field may hold")]
    DateRange {
        /// The field.
        field: &'static str,
    },
    /// Not exactly so many ASCII digits.
    #[error("field {field} is not exactly {expected} digits")]
    Digits {
        /// The field.
        field: &'static str,
        /// How many digits it has.
        expected: usize,
    },
    /// Not the code of an entidad.
    #[error("field {field} is not the code of an entidad")]
    Entidad {
        /// The field.
        field: &'static str,
    },
    /// A record lacks a field it must have.
    #[error("field {field} is missing")]
    FieldMissing {
        /// The field.
        field: &'static str,
    },
    /// A field holds another kind of JSON value.
    #[error("field {field} holds another kind of JSON value")]
    FieldType {
        /// The field.
        field: &'static str,
    },
    /// A record has a field nobody knows. Its name came with the record, so it is not repeated.
    #[error("field number {position} of the record, counted in alphabetical order, is not known")]
    FieldUnknown {
        /// Its place among the record's fields in alphabetical order, from 1.
        position: usize,
    },
    /// More people with the same CURP root than the rules foresee.
    #[error("the rules foresee ten people with the same root, counted from 0")]
    Homonym,
    /// Not the letter of a card's model.
    #[error("field modelo is not a letter from A to J")]
    Modelo,
    /// Not the machine-readable zone of an INE card.
    #[error("the machine-readable zone is refused: {}", fault.reason())]
    Mrz {
        /// What is wrong with it.
        fault: MrzFault,
    },
    /// Not a name.
    #[error("field {field} is not a name: {}", fault.code())]
    Nombre {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        fault: NombreFault,
    },
    /// A record is not a JSON object.
    #[error("a record is a JSON object")]
    NotAnObject,
    /// Not a country code.
    #[error("field {field} is not a country code of two capital letters")]
    Pais {
        /// The field.
        field: &'static str,
    },
    /// Not a portrait.
    #[error("the picture is refused: {}", fault.code())]
    Picture {
        /// What is wrong with it.
        fault: PictureFault,
    },
    /// The same value twice where each may stand once.
    #[error("field {field} holds the same value twice")]
    Repeated {
        /// The field.
        field: &'static str,
    },
    /// Not an RFC, or not a valid one.
    #[error("the RFC is refused: {}", fault.reason())]
    Rfc {
        /// What is wrong with it.
        fault: RfcFault,
    },
    /// Not a sex marker.
    #[error("field {field} is not H, M or X")]
    Sexo {
        /// The field.
        field: &'static str,
    },
    /// Not a text that is safe to show.
    #[error("field {field} is not a text that is safe to show: {}", fault.code())]
    Texto {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        fault: TextoFault,
    },
    /// More values than the credential has room for.
    #[error("field {field} holds more than {limit} values")]
    TooMany {
        /// The field.
        field: &'static str,
        /// How many it may hold.
        limit: usize,
    },
    /// A voter's card of somebody who is not an adult.
    #[error("the holder of an INE card is at least 18 years old")]
    Underage,
}

impl Error {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Choice { .. } => "choice",
            Self::ClaveElector { fault } => fault.code(),
            Self::Conflict { .. } => "conflict",
            Self::Curp { fault } => fault.code(),
            Self::CurpOfAnother { .. } => "curp_of_another",
            Self::DateFormat { .. } => "date_format",
            Self::DateRange { .. } => "date_range",
            Self::Digits { .. } => "digits",
            Self::Entidad { .. } => "entidad",
            Self::FieldMissing { .. } => "field_missing",
            Self::FieldType { .. } => "field_type",
            Self::FieldUnknown { .. } => "field_unknown",
            Self::Homonym => "homonym",
            Self::Modelo => "modelo",
            Self::Mrz { fault } => fault.code(),
            Self::Nombre { fault, .. } => fault.code(),
            Self::NotAnObject => "not_an_object",
            Self::Pais { .. } => "pais",
            Self::Picture { fault } => fault.code(),
            Self::Repeated { .. } => "repeated",
            Self::Rfc { fault } => fault.code(),
            Self::Sexo { .. } => "sexo",
            Self::Texto { fault, .. } => fault.code(),
            Self::TooMany { .. } => "too_many",
            Self::Underage => "underage",
        }
    }

    /// The field of a record that was refused, if one field can be named.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Choice { field }
            | Self::Conflict { field, .. }
            | Self::DateFormat { field }
            | Self::DateRange { field }
            | Self::Digits { field, .. }
            | Self::Entidad { field }
            | Self::FieldMissing { field }
            | Self::FieldType { field }
            | Self::Nombre { field, .. }
            | Self::Pais { field }
            | Self::Repeated { field }
            | Self::Sexo { field }
            | Self::Texto { field, .. }
            | Self::TooMany { field, .. } => Some(field),
            Self::ClaveElector { .. } => Some("clave_elector"),
            Self::Curp { .. } | Self::CurpOfAnother { .. } => Some("curp"),
            Self::Modelo => Some("modelo"),
            Self::Picture { .. } => Some("picture"),
            Self::Rfc { .. } => Some("rfc"),
            Self::Underage => Some("birthdate"),
            Self::FieldUnknown { .. } | Self::Homonym | Self::Mrz { .. } | Self::NotAnObject => {
                None
            }
        }
    }

    /// The same error about another field: a value does not know where it stands in a record.
    pub(crate) fn in_field(self, name: &'static str) -> Self {
        match self {
            Self::Choice { .. } => Self::Choice { field: name },
            Self::DateFormat { .. } => Self::DateFormat { field: name },
            Self::DateRange { .. } => Self::DateRange { field: name },
            Self::Digits { expected, .. } => Self::Digits { field: name, expected },
            Self::Entidad { .. } => Self::Entidad { field: name },
            Self::Nombre { fault, .. } => Self::Nombre { field: name, fault },
            Self::Pais { .. } => Self::Pais { field: name },
            Self::Sexo { .. } => Self::Sexo { field: name },
            Self::Texto { fault, .. } => Self::Texto { field: name, fault },
            other @ (Self::ClaveElector { .. }
            | Self::Conflict { .. }
            | Self::Curp { .. }
            | Self::CurpOfAnother { .. }
            | Self::FieldMissing { .. }
            | Self::FieldType { .. }
            | Self::FieldUnknown { .. }
            | Self::Homonym
            | Self::Modelo
            | Self::Mrz { .. }
            | Self::NotAnObject
            | Self::Picture { .. }
            | Self::Repeated { .. }
            | Self::Rfc { .. }
            | Self::TooMany { .. }
            | Self::Underage) => other,
        }
    }
}

fn names(fields: &[PersonaField]) -> String {
    fields.iter().map(|field| field.claim()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_names_fields_and_rules() {
        let error =
            Error::CurpOfAnother { fields: vec![PersonaField::Birthdate, PersonaField::Sexo] };
        assert_eq!(error.to_string(), "the CURP does not agree with birthdate, sexo");
        assert_eq!((error.code(), error.field()), ("curp_of_another", Some("curp")));
        let error = Error::Curp { fault: CurpFault::CheckDigit };
        assert_eq!((error.code(), error.field()), ("curp_check_digit", Some("curp")));
    }

    #[test]
    fn a_value_is_told_its_field() {
        let error = Error::Nombre { field: "nombre", fault: NombreFault::Empty };
        assert_eq!(error.in_field("given_name").field(), Some("given_name"));
        assert_eq!(Error::Underage.in_field("seccion"), Error::Underage);
    }
}
