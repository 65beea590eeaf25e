//! The record behind an `age` credential: a birth date.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{RecordField, fields::shared, reader::Reader};
use crate::{Error, Persona, age, calendar, redacted::redacted_debug};

/// A birth date, from which only the answers leave.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct AgeRecord {
    birthdate: Date,
}

redacted_debug!(AgeRecord);

impl AgeRecord {
    /// Takes the birth date of somebody who is born on the day `today`.
    ///
    /// # Errors
    /// [`Error::DateRange`] if the date is after `today` or its year outside 1900..=2099.
    pub fn new(birthdate: Date, today: Date) -> Result<Self, Error> {
        let years = calendar::FIRST_YEAR..=calendar::LAST_YEAR;
        if birthdate > today || !years.contains(&birthdate.year()) {
            return Err(Error::DateRange { field: "birthdate" });
        }
        Ok(Self { birthdate })
    }

    /// Takes the birth date of a person and forgets the rest.
    ///
    /// # Errors
    /// As [`AgeRecord::new`].
    pub fn of(persona: &Persona, today: Date) -> Result<Self, Error> {
        Self::new(persona.birthdate(), today)
    }

    /// Reads the JSON form: the one field `birthdate`.
    ///
    /// # Errors
    /// [`Error::NotAnObject`], [`Error::FieldUnknown`], [`Error::FieldMissing`],
    /// [`Error::FieldType`], [`Error::DateFormat`], and those of [`AgeRecord::new`].
    pub fn from_json(record: &Value, today: Date) -> Result<Self, Error> {
        Self::new(Reader::new(record, FIELDS)?.required_date("birthdate")?, today)
    }

    /// Every claim, as true on the day `on`: the answer to each threshold, also when it is no.
    ///
    /// A birthday turns a no into a yes and never the reverse: let the credential expire soon.
    #[must_use]
    pub fn claims(&self, on: Date) -> Map<String, Value> {
        let answers = age_answers(self.birthdate, &age::THRESHOLDS, on);
        Map::from_iter([("age_equal_or_over".to_owned(), answers)])
    }
}

/// The members of the claim `age_equal_or_over`.
pub(super) fn age_answers(birthdate: Date, thresholds: &[u8], on: Date) -> Value {
    let answer = |years: &u8| (years.to_string(), json!(age::at_least(birthdate, *years, on)));
    Value::Object(thresholds.iter().map(answer).collect())
}

pub(super) const FIELDS: &[RecordField] = &[shared::BIRTHDATE];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 21);

    #[test]
    fn answers_include_the_nos() {
        let record = AgeRecord::from_json(&json!({"birthdate": "2009-11-22"}), TODAY).unwrap();
        let expected = json!({"age_equal_or_over": {
            "12": true, "15": true, "16": true, "18": false, "21": false, "60": false, "65": false}});
        assert_eq!(Value::Object(record.claims(TODAY)), expected);
    }

    #[test]
    fn refuses_a_birth_after_today_or_before_1900() {
        for text in ["2026-11-22", "1899-12-31"] {
            let refused = AgeRecord::from_json(&json!({"birthdate": text}), TODAY);
            assert_eq!(refused, Err(Error::DateRange { field: "birthdate" }), "{text}");
        }
    }

    #[test]
    fn refuses_more_than_a_birth_date() {
        let refused = AgeRecord::from_json(&json!({"birthdate": "2000-01-01", "curp": "x"}), TODAY);
        assert_eq!(refused, Err(Error::FieldUnknown { position: 2 }));
    }
}
