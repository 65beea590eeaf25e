//! What an agency knows about a person, of whichever credential type.

use jiff::civil::Date;
use llavero_core::UnixTime;
use llavero_mexico::{AgeRecord, CredentialType, CurpRecord, IneRecord};
use serde_json::{Map, Value};

use crate::Error;
use crate::validity::calendar_day;

/// A record that may be issued: it exists only if it is consistent.
#[derive(Clone)]
#[non_exhaustive]
pub enum Record {
    /// For `age`.
    Age(AgeRecord),
    /// For `curp`.
    Curp(Box<CurpRecord>),
    /// For `ine`.
    Ine(Box<IneRecord>),
}

impl Record {
    /// Reads a record of the given type; the fields are those of the record's own `from_json`.
    ///
    /// # Errors
    /// [`Error::Record`] for what is missing, unknown or inconsistent, [`Error::Time`].
    pub fn from_json(
        credential_type: CredentialType,
        record: &Value,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let today = calendar_day(now)?;
        Ok(match credential_type {
            CredentialType::Curp => Self::Curp(Box::new(CurpRecord::from_json(record, today)?)),
            CredentialType::Ine => Self::Ine(Box::new(IneRecord::from_json(record, today)?)),
            CredentialType::Age => Self::Age(AgeRecord::from_json(record, today)?),
            // The enum may grow before this crate knows the new type's record; that must not pass for another's.
            _ => return Err(llavero_mexico::Error::Choice { field: "credential_type" }.into()),
        })
    }

    /// Which credential can be made of it.
    #[must_use]
    pub const fn credential_type(&self) -> CredentialType {
        match self {
            Self::Age(_) => CredentialType::Age,
            Self::Curp(_) => CredentialType::Curp,
            Self::Ine(_) => CredentialType::Ine,
        }
    }

    /// Every claim, as true on the day `on`.
    pub(crate) fn claims(&self, on: Date) -> Map<String, Value> {
        match self {
            Self::Age(record) => record.claims(on),
            Self::Curp(record) => record.claims(on),
            Self::Ine(record) => record.claims(on),
        }
    }

    /// The last day of the document, if it has one.
    pub(crate) fn last_day(&self) -> Option<Date> {
        match self {
            Self::Age(_) => None,
            Self::Curp(record) => record.not_after(),
            Self::Ine(record) => Some(record.not_after()),
        }
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("credential_type", &self.credential_type())
            .finish_non_exhaustive()
    }
}
