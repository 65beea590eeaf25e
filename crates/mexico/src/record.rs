//! What an agency knows about a person, checked, and the claims that follow from it.
//!
//! A record that contradicts itself does not exist: names, birth date and place are compared with
//! the CURP, the numbers of a card with each other. The check digit of a CURP would not notice.
//!
//! The JSON form is one flat object of texts, so that a row of a spreadsheet is a record too. An
//! empty text counts as absent; a field nobody knows is refused.

use crate::{CredentialType, Language};

mod age;
mod curp;
mod fields;
mod ine;
mod reader;

pub use age::AgeRecord;
pub use curp::{CurpDetails, CurpRecord, CurpTipo, DocumentoProbatorio};
pub use fields::RecordField;
pub use ine::{IneCard, IneDetails, IneRecord};

impl CredentialType {
    /// The fields of the JSON form of this type's record.
    #[must_use]
    pub const fn record_fields(self) -> &'static [RecordField] {
        match self {
            Self::Age => age::FIELDS,
            Self::Curp => curp::FIELDS,
            Self::Ine => ine::FIELDS,
        }
    }
}

impl RecordField {
    /// What to write into it.
    #[must_use]
    pub const fn help(&self, language: Language) -> &'static str {
        language.pick(self.es, self.en)
    }
}
