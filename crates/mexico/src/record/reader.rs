//! Reading the flat JSON form of a record, strictly.

use core::str::FromStr;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::RecordField;
use crate::{Error, Nombre, calendar};

/// A JSON object all of whose fields are known and whose required fields are there.
pub(super) struct Reader<'v> {
    object: &'v Map<String, Value>,
}

impl<'v> Reader<'v> {
    pub(super) fn new(record: &'v Value, fields: &[RecordField]) -> Result<Self, Error> {
        let object = record.as_object().ok_or(Error::NotAnObject)?;
        // Sorted here, because serde_json keeps or loses the order depending on a feature.
        let mut names: Vec<&String> = object.keys().collect();
        names.sort();
        for (name, position) in names.into_iter().zip(1..) {
            if !fields.iter().any(|field| field.name() == name) {
                return Err(Error::FieldUnknown { position });
            }
        }
        let reader = Self { object };
        for field in fields.iter().filter(|field| field.is_required()) {
            reader.text(field.name())?.ok_or(Error::FieldMissing { field: field.name() })?;
        }
        Ok(reader)
    }

    /// The text of a field; nothing if it is absent, null or empty.
    pub(super) fn text(&self, field: &'static str) -> Result<Option<&'v str>, Error> {
        match self.object.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                Err(Error::FieldType { field })
            }
        }
    }

    /// A value of a type that reads itself from text.
    pub(super) fn value<T: FromStr<Err = Error>>(
        &self,
        field: &'static str,
    ) -> Result<Option<T>, Error> {
        self.text(field)?
            .map(str::parse::<T>)
            .transpose()
            .map_err(|error: Error| error.in_field(field))
    }

    /// As [`Reader::value`], for a field the record must have.
    pub(super) fn required<T: FromStr<Err = Error>>(
        &self,
        field: &'static str,
    ) -> Result<T, Error> {
        self.value(field)?.ok_or(Error::FieldMissing { field })
    }

    pub(super) fn date(&self, field: &'static str) -> Result<Option<Date>, Error> {
        self.text(field)?.map(|text| calendar::iso(field, text)).transpose()
    }

    pub(super) fn required_date(&self, field: &'static str) -> Result<Date, Error> {
        self.date(field)?.ok_or(Error::FieldMissing { field })
    }

    /// Given names, first surname and second surname.
    pub(super) fn names(&self) -> Result<(Nombre, Nombre, Option<Nombre>), Error> {
        let given = self.required("given_name")?;
        Ok((given, self.required("primer_apellido")?, self.value("segundo_apellido")?))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: &[RecordField] =
        &[RecordField::required("a", "", ""), RecordField::optional("b", "", "")];

    fn refused(record: Value) -> Option<Error> {
        Reader::new(&record, FIELDS).err()
    }

    #[test]
    fn refuses_what_is_not_a_flat_object_of_texts() {
        assert_eq!(refused(json!([])), Some(Error::NotAnObject));
        assert_eq!(refused(json!({"a": 1})), Some(Error::FieldType { field: "a" }));
        assert_eq!(refused(json!({"a": {"a": "x"}})), Some(Error::FieldType { field: "a" }));
        assert_eq!(refused(json!({"a": "x"})), None);
    }

    #[test]
    fn refuses_unknown_fields_without_repeating_their_names() {
        let error = refused(json!({"a": "x", "CANARIO": "y"})).unwrap();
        assert_eq!(error, Error::FieldUnknown { position: 1 });
        assert!(!format!("{error} {error:?}").contains("CANARIO"));
    }

    #[test]
    fn refuses_missing_and_empty_required_fields() {
        for record in [json!({}), json!({"a": ""}), json!({"a": null}), json!({"b": "x"})] {
            assert_eq!(refused(record), Some(Error::FieldMissing { field: "a" }));
        }
    }
}
