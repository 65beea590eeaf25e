//! CURP, INE and RFC; the credential types; what implies what.

use std::str::FromStr as _;
use std::sync::Arc;

use llavero_core::{OsRandom, Random as _};
use llavero_mexico as mexico;

use crate::LlaveroError;
use crate::error::Misuse;
use crate::issuer::Record;
use crate::time::CalendarDate;

/// The languages in which people are spoken to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum Language {
    /// Spanish of Mexico.
    EsMx,
    /// English.
    En,
}

impl From<Language> for mexico::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::EsMx => Self::EsMx,
            Language::En => Self::En,
        }
    }
}

/// The Mexican credential types.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum CredentialType {
    /// Ages reached, and nothing else.
    Age,
    /// The CURP with the facts that it is made of.
    Curp,
    /// The voter's card.
    Ine,
}

impl From<CredentialType> for mexico::CredentialType {
    fn from(credential_type: CredentialType) -> Self {
        match credential_type {
            CredentialType::Age => Self::Age,
            CredentialType::Curp => Self::Curp,
            CredentialType::Ine => Self::Ine,
        }
    }
}

impl CredentialType {
    pub(crate) const fn from_known(known: mexico::CredentialType) -> Option<Self> {
        match known {
            mexico::CredentialType::Age => Some(Self::Age),
            mexico::CredentialType::Curp => Some(Self::Curp),
            mexico::CredentialType::Ine => Some(Self::Ine),
            _ => None,
        }
    }
}

#[uniffi::export]
impl CredentialType {
    /// The `vct` for tests and examples.
    #[must_use]
    pub fn default_vct(&self) -> String {
        mexico::CredentialType::from(*self).default_vct().to_owned()
    }

    /// The `vct` under an agency's own base, such as `https://agencia.example/vct`.
    #[must_use]
    pub fn vct_under(&self, base: &str) -> String {
        mexico::CredentialType::from(*self).vct_under(base)
    }

    /// What to call it in front of people.
    #[must_use]
    pub fn label(&self, language: Language) -> String {
        mexico::CredentialType::from(*self).label(language.into()).to_owned()
    }

    /// Its claims, in the order of its table.
    #[must_use]
    pub fn claims(&self, language: Language) -> Vec<ClaimSpec> {
        let spec = |claim: &mexico::ClaimSpec| ClaimSpec {
            name: claim.name(),
            label: claim.label(language.into()).to_owned(),
        };
        mexico::CredentialType::from(*self).claims().iter().map(spec).collect()
    }
}

/// One claim of a credential type.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct ClaimSpec {
    /// Its name, with dots.
    pub name: String,
    /// What to call it in front of people.
    pub label: String,
}

/// Something that is known of whoever shows certain claims. It prints as nothing: it may say how old somebody is.
#[derive(Clone, Eq, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Fact {
    /// A name that apps may rely on.
    pub id: String,
    /// What to call it in front of people.
    pub label: String,
}

redacted!(Fact);

impl Fact {
    pub(crate) fn new(fact: &mexico::implied::Fact, language: Language) -> Self {
        Self::in_language(fact, language.into())
    }

    pub(crate) fn in_language(fact: &mexico::implied::Fact, language: mexico::Language) -> Self {
        Self { id: fact.id().to_owned(), label: fact.label(language).to_owned() }
    }
}

/// Less that would do.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Suggestion {
    /// The credential to ask for instead.
    pub credential_type: CredentialType,
    /// The claims of it.
    pub claims: Vec<String>,
    /// Why, in the language that was asked for.
    pub why: String,
}

impl Suggestion {
    pub(crate) fn in_language(
        suggestion: &mexico::implied::Suggestion,
        language: mexico::Language,
    ) -> Option<Self> {
        Some(Self {
            credential_type: CredentialType::from_known(suggestion.credential_type())?,
            claims: suggestion.claims().iter().map(|claim| (*claim).to_owned()).collect(),
            why: suggestion.why(language).to_owned(),
        })
    }
}

/// Less that would do for whoever asks for these claims, if there is such a thing.
#[must_use]
#[uniffi::export]
pub fn smaller_proof(
    credential_type: CredentialType,
    requested: Vec<String>,
    language: Language,
) -> Option<Suggestion> {
    let requested: Vec<&str> = requested.iter().map(String::as_str).collect();
    let suggestion = mexico::implied::smaller_proof(credential_type.into(), &requested)?;
    Suggestion::in_language(&suggestion, language.into())
}

/// The sex that a document states.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum Sexo {
    /// Hombre.
    H,
    /// Mujer.
    M,
    /// Persona no binaria.
    X,
}

impl Sexo {
    const fn from_known(sexo: mexico::Sexo) -> Self {
        match sexo {
            mexico::Sexo::H => Self::H,
            mexico::Sexo::M => Self::M,
            mexico::Sexo::X => Self::X,
        }
    }
}

/// One of the 32 entidades federativas, or abroad.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Entidad {
    /// The two letters in a CURP; `NE` for abroad.
    pub curp_code: String,
    /// The two digits of INEGI.
    pub inegi: Option<String>,
    /// The code of ISO 3166-2.
    pub iso_3166_2: Option<String>,
    /// Its name.
    pub nombre: String,
}

impl From<mexico::Entidad> for Entidad {
    fn from(entidad: mexico::Entidad) -> Self {
        Self {
            curp_code: entidad.curp_code().to_owned(),
            inegi: entidad.inegi().map(str::to_owned),
            iso_3166_2: entidad.iso_3166_2().map(str::to_owned),
            nombre: entidad.nombre().to_owned(),
        }
    }
}

/// Which characters may stand at position 17 of a CURP of somebody born since 2000.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum Differentiator {
    /// A to J, as the rule has it.
    AToJ,
    /// Any letter, as is also met.
    AToZ,
}

impl From<Differentiator> for mexico::Differentiator {
    fn from(differentiator: Differentiator) -> Self {
        match differentiator {
            Differentiator::AToJ => Self::AtoJ,
            Differentiator::AToZ => Self::AtoZ,
        }
    }
}

/// A CURP whose form and check digit are right. Only the registry can say that it was issued. It prints as nothing.
#[derive(Debug, uniffi::Object)]
pub struct Curp(mexico::ValidCurp);

#[uniffi::export]
impl Curp {
    /// Reads a CURP and makes every check that needs no registry, as of `today`. Nothing is normalised.
    ///
    /// # Errors
    /// `curp_*` with the first thing that is wrong; `argument_malformed` for a day that does not exist.
    #[uniffi::constructor]
    pub fn parse(
        text: &str,
        today: CalendarDate,
        differentiator: Differentiator,
    ) -> Result<Self, LlaveroError> {
        let curp = mexico::Curp::from_str(text)?;
        Ok(Self(curp.check(today.to_date()?, differentiator.into())?))
    }

    /// The 18 characters.
    #[must_use]
    pub fn expose(&self) -> String {
        self.0.expose().to_owned()
    }

    /// The date of birth.
    #[must_use]
    pub fn birthdate(&self) -> CalendarDate {
        self.0.birthdate().into()
    }

    /// The sex.
    #[must_use]
    pub fn sexo(&self) -> Sexo {
        Sexo::from_known(self.0.sexo())
    }

    /// Where the person was born.
    #[must_use]
    pub fn entidad(&self) -> Entidad {
        self.0.entidad().into()
    }
}

/// Every fault of what should be a CURP, as codes, the same way as `Curp.parse` looks; empty for a valid one.
///
/// # Errors
/// `argument_malformed` for a day that does not exist.
#[uniffi::export]
pub fn curp_faults(
    text: &str,
    today: CalendarDate,
    differentiator: Differentiator,
) -> Result<Vec<String>, LlaveroError> {
    let faults = mexico::Curp::faults_in(text, today.to_date()?, differentiator.into());
    Ok(faults.iter().map(|fault| fault.code().to_owned()).collect())
}

/// The machine-readable zone of an INE card: three lines with real dates and right check digits. It prints as nothing.
#[derive(Debug, uniffi::Object)]
pub struct IneMrz(mexico::IneMrz);

#[uniffi::export]
impl IneMrz {
    /// Reads the three lines, as of `today`. Nothing is normalised.
    ///
    /// # Errors
    /// `mrz_*` with the first thing that is wrong; `argument_malformed` for a day that does not exist.
    #[uniffi::constructor]
    pub fn parse(lines: Vec<String>, today: CalendarDate) -> Result<Self, LlaveroError> {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        Ok(Self(mexico::IneMrz::parse(&lines, today.to_date()?)?))
    }

    /// The CIC, nine digits.
    #[must_use]
    pub fn cic(&self) -> String {
        self.0.cic().expose().to_owned()
    }

    /// The OCR, thirteen digits: section and citizen number.
    #[must_use]
    pub fn ocr(&self) -> String {
        self.0.ocr().expose().to_owned()
    }

    /// The electoral section, four digits.
    #[must_use]
    pub fn seccion(&self) -> String {
        self.0.seccion().expose().to_owned()
    }

    /// The citizen number, nine digits.
    #[must_use]
    pub fn id_ciudadano(&self) -> String {
        self.0.id_ciudadano().expose().to_owned()
    }

    /// The date of birth.
    #[must_use]
    pub fn birthdate(&self) -> CalendarDate {
        self.0.birthdate().into()
    }

    /// The sex; nothing where the zone leaves it open.
    #[must_use]
    pub fn sexo(&self) -> Option<Sexo> {
        self.0.sexo().map(Sexo::from_known)
    }

    /// The last day on which the card is valid.
    #[must_use]
    pub fn date_of_expiry(&self) -> CalendarDate {
        self.0.date_of_expiry().into()
    }

    /// The surnames, as far as the zone has room.
    #[must_use]
    pub fn surnames(&self) -> Vec<String> {
        self.0.surnames().to_vec()
    }

    /// The given names, as far as the zone has room.
    #[must_use]
    pub fn given_names(&self) -> Vec<String> {
        self.0.given_names().to_vec()
    }
}

/// A clave de elector whose form is right. It prints as nothing.
#[derive(Debug, uniffi::Object)]
pub struct ClaveElector(mexico::ClaveElector);

#[uniffi::export]
impl ClaveElector {
    /// Reads the 18 characters. Nothing is normalised.
    ///
    /// # Errors
    /// `clave_elector_*`.
    #[uniffi::constructor]
    pub fn parse(text: &str) -> Result<Self, LlaveroError> {
        Ok(Self(mexico::ClaveElector::from_str(text)?))
    }

    /// The 18 characters.
    #[must_use]
    pub fn expose(&self) -> String {
        self.0.expose().to_owned()
    }

    /// The sex.
    #[must_use]
    pub fn sexo(&self) -> Sexo {
        Sexo::from_known(self.0.sexo())
    }

    /// Where the person was born, if the number is one of INEGI's.
    #[must_use]
    pub fn entidad(&self) -> Option<Entidad> {
        self.0.entidad().map(Entidad::from)
    }
}

/// An RFC that every check of `parse` lets through. It prints as nothing.
#[derive(Debug, uniffi::Object)]
pub struct Rfc(mexico::ValidRfc);

#[uniffi::export]
impl Rfc {
    /// Reads an RFC and makes every check that needs no registry, but two: a homoclave that is none and a wrong check digit
    /// are let through, because some RFCs in use have them. Nothing is normalised.
    ///
    /// # Errors
    /// `rfc_*`.
    #[uniffi::constructor]
    pub fn parse(text: &str) -> Result<Self, LlaveroError> {
        Ok(Self(mexico::Rfc::from_str(text)?.check(mexico::RfcPolicy::AsInUse)?))
    }

    /// The 12 or 13 characters.
    #[must_use]
    pub fn expose(&self) -> String {
        self.0.expose().to_owned()
    }
}

/// A person who does not exist, with everything that can be issued to them: for tests, demonstrations and screenshots.
#[derive(uniffi::Object)]
pub struct SyntheticPerson(mexico::SyntheticPerson);

#[uniffi::export]
impl SyntheticPerson {
    /// Makes a person whose age in years on `today` is between `youngest` and `oldest`.
    ///
    /// # Errors
    /// `date_range`, `random`, `argument_malformed`.
    #[uniffi::constructor]
    pub fn new(youngest: u8, oldest: u8, today: CalendarDate) -> Result<Self, LlaveroError> {
        let today = today.to_date()?;
        let mut failed = Ok(());
        let fill = |bytes: &mut [u8]| failed = failed.and(OsRandom.fill(bytes));
        let person = mexico::Synthetic::new(fill).person(today, youngest..=oldest);
        failed.map_err(llavero_core::Error::from)?;
        Ok(Self(person?))
    }

    /// The record for a credential of this type.
    ///
    /// # Errors
    /// `argument_malformed` for the INE card of a minor.
    pub fn record(&self, credential_type: CredentialType) -> Result<Arc<Record>, LlaveroError> {
        use llavero_issuer::Record as Issued;
        let record = match credential_type {
            CredentialType::Age => Issued::Age(self.0.age_record().clone()),
            CredentialType::Curp => Issued::Curp(Box::new(self.0.curp_record().clone())),
            CredentialType::Ine => {
                let (record, _) = self.0.ine().ok_or(Misuse::Argument("credential_type"))?;
                Issued::Ine(Box::new(record.clone()))
            }
        };
        Ok(Arc::new(Record::new(record)))
    }

    /// The machine-readable zone of the INE card; nothing for a minor.
    #[must_use]
    pub fn mrz(&self) -> Option<Vec<String>> {
        self.0.ine().map(|(_, mrz)| mrz.expose().map(str::to_owned).to_vec())
    }

    /// The CURP.
    #[must_use]
    pub fn curp(&self) -> String {
        self.0.curp_record().curp().expose().to_owned()
    }

    /// The RFC.
    #[must_use]
    pub fn rfc(&self) -> String {
        self.0.rfc().expose().to_owned()
    }
}

impl std::fmt::Debug for SyntheticPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyntheticPerson").finish_non_exhaustive()
    }
}
