//! The record behind a `curp` credential.

use core::str::FromStr;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{RecordField, age::age_answers, fields::shared, reader::Reader};
use crate::{
    Curp, Differentiator, Error, Pais, Persona, Picture, Texto, ValidCurp, age, consistency,
    credential_type::NATIONALITIES, redacted::redacted_debug,
};

/// A person, the CURP that agrees with them, and what else the registry says.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct CurpRecord {
    persona: Persona,
    curp: ValidCurp,
    tipo: CurpTipo,
    details: CurpDetails,
}

/// What a [`CurpRecord`] may also say.
#[derive(Clone, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct CurpDetails {
    /// Where somebody born abroad was born. Somebody born in a state was born in Mexico.
    pub pais_nacimiento: Option<Pais>,
    /// The municipality or town of birth.
    pub localidad_nacimiento: Option<Texto>,
    /// Up to three nationalities. A CURP is no proof of any, and `NE` is no proof against one.
    pub nationalities: Vec<Pais>,
    /// The document on which the CURP rests.
    pub documento_probatorio: Option<DocumentoProbatorio>,
    /// When the record was made.
    pub date_of_issuance: Option<Date>,
    /// The last day of a temporary CURP.
    pub date_of_expiry: Option<Date>,
    /// Who says all this.
    pub issuing_authority: Option<Texto>,
    /// The portrait.
    pub picture: Option<Picture>,
}

redacted_debug!(CurpRecord, CurpDetails);

/// Whether a CURP lasts. Nothing in the 18 characters says so.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CurpTipo {
    /// For good.
    Definitiva,
    /// For a foreigner while a procedure runs (DOF 18-10-2021).
    Temporal,
}

/// The document on which a CURP rests. It shows nationality or migration status.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum DocumentoProbatorio {
    /// Birth certificate.
    ActaNacimiento,
    /// Letter of naturalisation.
    CartaNaturalizacion,
    /// Certificate of Mexican nationality.
    CertificadoNacionalidad,
    /// Certificate that refugee status was asked for.
    ConstanciaTramiteRefugio,
    /// Migration document.
    DocumentoMigratorio,
}

impl CurpRecord {
    /// Puts a record together, if its parts agree.
    ///
    /// # Errors
    /// - [`Error::CurpOfAnother`] if the CURP does not agree with the person.
    /// - [`Error::FieldMissing`] if a temporary CURP has no last day.
    /// - [`Error::Conflict`] if a temporary CURP is of somebody born in Mexico, a lasting one has a
    ///   last day, a country of birth other than Mexico goes with a state, Mexico goes with birth
    ///   abroad, or the last day is before the first.
    /// - [`Error::DateRange`] if the date of issuance is before birth.
    /// - [`Error::TooMany`] or [`Error::Repeated`] for the nationalities.
    pub fn new(
        persona: Persona,
        curp: ValidCurp,
        tipo: CurpTipo,
        details: CurpDetails,
    ) -> Result<Self, Error> {
        consistency(curp.as_curp(), &persona).map_err(|fields| Error::CurpOfAnother { fields })?;
        check_tipo(tipo, &persona, &details)?;
        let born_abroad = persona.entidad_nacimiento().is_abroad();
        if details.pais_nacimiento.is_some_and(|pais| (pais != Pais::MEXICO) != born_abroad) {
            return Err(Error::Conflict { field: "pais_nacimiento", with: "entidad_nacimiento" });
        }
        if details.date_of_issuance.is_some_and(|date| date < persona.birthdate()) {
            return Err(Error::DateRange { field: "date_of_issuance" });
        }
        if details
            .date_of_expiry
            .zip(details.date_of_issuance)
            .is_some_and(|(last, first)| last < first)
        {
            return Err(Error::Conflict { field: "date_of_expiry", with: "date_of_issuance" });
        }
        check_nationalities(&details.nationalities)?;
        Ok(Self { persona, curp, tipo, details })
    }

    /// Reads the JSON form; its fields are those of
    /// [`CredentialType::record_fields`](crate::CredentialType::record_fields).
    ///
    /// `nationalities` is one text with a space between the codes. The CURP may have any letter at
    /// position 17, as in [`Differentiator::AtoZ`].
    ///
    /// # Errors
    /// [`Error::NotAnObject`], [`Error::FieldUnknown`], [`Error::FieldMissing`],
    /// [`Error::FieldType`], the errors of each field's type, and those of [`CurpRecord::new`].
    pub fn from_json(record: &Value, today: Date) -> Result<Self, Error> {
        let reader = Reader::new(record, FIELDS)?;
        let (given, primer, segundo) = reader.names()?;
        let birthdate = reader.required_date("birthdate")?;
        let entidad = reader.required("entidad_nacimiento")?;
        let persona =
            Persona::new(given, primer, segundo, birthdate, reader.required("sexo")?, entidad)?;
        let curp = reader.required::<Curp>("curp")?.check(today, Differentiator::AtoZ)?;
        let codes = reader.text("nationalities")?.into_iter().flat_map(|codes| codes.split(' '));
        // One more than there is room for is enough to refuse the list.
        let nationalities =
            codes.take(NATIONALITIES + 1).map(str::parse).collect::<Result<_, Error>>();
        let details = CurpDetails {
            pais_nacimiento: reader.value("pais_nacimiento")?,
            localidad_nacimiento: reader.value("localidad_nacimiento")?,
            nationalities: nationalities.map_err(|error| error.in_field("nationalities"))?,
            documento_probatorio: reader.value("documento_probatorio")?,
            date_of_issuance: reader.date("date_of_issuance")?,
            date_of_expiry: reader.date("date_of_expiry")?,
            issuing_authority: reader.value("issuing_authority")?,
            picture: reader.value("picture")?,
        };
        Self::new(persona, curp, reader.required("curp_tipo")?, details)
    }

    /// The person.
    #[must_use]
    pub const fn persona(&self) -> &Persona {
        &self.persona
    }

    /// The CURP.
    #[must_use]
    pub const fn curp(&self) -> &ValidCurp {
        &self.curp
    }

    /// The last day on which a credential of this record may be valid, if there is one.
    #[must_use]
    pub const fn not_after(&self) -> Option<Date> {
        self.details.date_of_expiry
    }

    /// Every claim, as true on the day `on`. What the person lacks is absent; the containers
    /// `place_of_birth` and `nationalities` are always there.
    #[must_use]
    pub fn claims(&self, on: Date) -> Map<String, Value> {
        let (persona, details) = (&self.persona, &self.details);
        let birthdate = persona.birthdate();
        let mut claims = persona_claims(persona);
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("age_equal_or_over", age_answers(birthdate, &age::THRESHOLDS, on));
        put("age_birth_year", json!(birthdate.year()));
        put("birth_year_bucket", json!(age::birth_year_bucket(birthdate)));
        put("place_of_birth", Value::Object(self.place_of_birth()));
        put("entidad_nacimiento", json!(persona.entidad_nacimiento().curp_code()));
        put("nationalities", details.nationalities.iter().map(Pais::as_str).collect());
        put("curp", json!(self.curp.expose()));
        put("curp_tipo", json!(self.tipo.as_str()));
        let optional = [
            ("documento_probatorio", details.documento_probatorio.map(|d| d.as_str().to_owned())),
            ("date_of_issuance", details.date_of_issuance.map(|date| date.to_string())),
            ("date_of_expiry", details.date_of_expiry.map(|date| date.to_string())),
            (
                "issuing_authority",
                details.issuing_authority.as_ref().map(|t| t.expose().to_owned()),
            ),
            ("picture", details.picture.as_ref().map(|picture| picture.expose().to_owned())),
        ];
        for (name, value) in optional {
            value.map(|value| put(name, value.into()));
        }
        claims
    }

    fn place_of_birth(&self) -> Map<String, Value> {
        let entidad = self.persona.entidad_nacimiento();
        let country =
            self.details.pais_nacimiento.or((!entidad.is_abroad()).then_some(Pais::MEXICO));
        let region = (!entidad.is_abroad()).then(|| entidad.nombre().to_owned());
        let locality =
            self.details.localidad_nacimiento.as_ref().map(|place| place.expose().to_owned());
        let country = country.map(|country| country.as_str().to_owned());
        let members = [("country", country), ("region", region), ("locality", locality)];
        let present =
            members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
        present.collect()
    }
}

/// The claims about names, birth date and sex that `curp` and `ine` have in common.
pub(super) fn persona_claims(persona: &Persona) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("given_name", json!(persona.given_name().expose()));
    put("family_name", json!(persona.family_name()));
    put("primer_apellido", json!(persona.primer_apellido().expose()));
    if let Some(segundo) = persona.segundo_apellido() {
        put("segundo_apellido", json!(segundo.expose()));
    }
    put("birthdate", json!(persona.birthdate().to_string()));
    put("sex", json!(persona.sexo().pid_code()));
    put("sexo", json!(persona.sexo().as_str()));
    claims
}

/// A foreigner's CURP is always NE, and only a temporary one ends.
fn check_tipo(tipo: CurpTipo, persona: &Persona, details: &CurpDetails) -> Result<(), Error> {
    match (tipo, details.date_of_expiry) {
        (CurpTipo::Definitiva, None) => Ok(()),
        (CurpTipo::Definitiva, Some(_)) => {
            Err(Error::Conflict { field: "date_of_expiry", with: "curp_tipo" })
        }
        (CurpTipo::Temporal, None) => Err(Error::FieldMissing { field: "date_of_expiry" }),
        (CurpTipo::Temporal, Some(_)) if persona.entidad_nacimiento().is_abroad() => Ok(()),
        (CurpTipo::Temporal, Some(_)) => {
            Err(Error::Conflict { field: "curp_tipo", with: "entidad_nacimiento" })
        }
    }
}

fn check_nationalities(nationalities: &[Pais]) -> Result<(), Error> {
    let field = "nationalities";
    if nationalities.len() > NATIONALITIES {
        return Err(Error::TooMany { field, limit: NATIONALITIES });
    }
    let mut sorted = nationalities.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() < nationalities.len() { Err(Error::Repeated { field }) } else { Ok(()) }
}

impl CurpTipo {
    /// The word in records and claims.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Definitiva => "definitiva",
            Self::Temporal => "temporal",
        }
    }
}

impl FromStr for CurpTipo {
    type Err = Error;

    /// Reads the word.
    ///
    /// # Errors
    /// [`Error::Choice`] for any other.
    fn from_str(word: &str) -> Result<Self, Error> {
        let all = [Self::Definitiva, Self::Temporal];
        let found = all.into_iter().find(|tipo| tipo.as_str() == word);
        found.ok_or(Error::Choice { field: "curp_tipo" })
    }
}

impl DocumentoProbatorio {
    /// Every document.
    pub const ALL: [Self; 5] = [
        Self::ActaNacimiento,
        Self::CartaNaturalizacion,
        Self::CertificadoNacionalidad,
        Self::ConstanciaTramiteRefugio,
        Self::DocumentoMigratorio,
    ];

    /// The word in records and claims.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ActaNacimiento => "acta_nacimiento",
            Self::CartaNaturalizacion => "carta_naturalizacion",
            Self::CertificadoNacionalidad => "certificado_nacionalidad",
            Self::ConstanciaTramiteRefugio => "constancia_tramite_refugio",
            Self::DocumentoMigratorio => "documento_migratorio",
        }
    }
}

impl FromStr for DocumentoProbatorio {
    type Err = Error;

    /// Reads the word.
    ///
    /// # Errors
    /// [`Error::Choice`] for any other.
    fn from_str(word: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|documento| documento.as_str() == word);
        found.ok_or(Error::Choice { field: "documento_probatorio" })
    }
}

pub(super) const FIELDS: &[RecordField] = &[
    shared::GIVEN_NAME,
    shared::PRIMER_APELLIDO,
    shared::SEGUNDO_APELLIDO,
    shared::BIRTHDATE,
    shared::SEXO,
    RecordField::required(
        "entidad_nacimiento",
        "clave de dos letras de la CURP, NE si nació en el extranjero",
        "two letters as in the CURP, NE if born abroad",
    ),
    shared::CURP,
    RecordField::required("curp_tipo", "definitiva o temporal", "definitiva or temporal"),
    RecordField::optional(
        "documento_probatorio",
        "acta_nacimiento, carta_naturalizacion, certificado_nacionalidad, constancia_tramite_refugio o documento_migratorio",
        "acta_nacimiento, carta_naturalizacion, certificado_nacionalidad, constancia_tramite_refugio or documento_migratorio",
    ),
    RecordField::optional(
        "pais_nacimiento",
        "país de nacimiento, dos letras",
        "country of birth, two letters",
    ),
    RecordField::optional("localidad_nacimiento", "municipio o localidad", "municipality or town"),
    RecordField::optional(
        "nationalities",
        "hasta tres países de dos letras, separados por un espacio",
        "up to three countries of two letters, with a space between them",
    ),
    shared::DATE_OF_ISSUANCE,
    RecordField::optional(
        "date_of_expiry",
        "último día de una CURP temporal, AAAA-MM-DD",
        "last day of a temporary CURP, YYYY-MM-DD",
    ),
    shared::ISSUING_AUTHORITY,
    shared::PICTURE,
];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::PersonaField;

    const TODAY: Date = date(2026, 11, 21);

    fn irene() -> Value {
        json!({
            "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
            "birthdate": "2003-05-17", "sexo": "M", "entidad_nacimiento": "VZ",
            "curp": "EEII030517MVZJMRA2", "curp_tipo": "definitiva",
            "nationalities": "MX US", "localidad_nacimiento": "Xalapa",
        })
    }

    fn with(changes: &[(&str, &str)]) -> Result<CurpRecord, Error> {
        let mut record = irene();
        for (field, value) in changes {
            record[*field] = json!(value);
        }
        CurpRecord::from_json(&record, TODAY)
    }

    #[test]
    fn claims_are_those_of_the_person() {
        let record = with(&[]).unwrap();
        let expected = json!({
            "given_name": "Irene", "family_name": "Ejemplo Imaginario",
            "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
            "birthdate": "2003-05-17", "age_birth_year": 2003, "birth_year_bucket": "2000-2009",
            "age_equal_or_over": {"12": true, "15": true, "16": true, "18": true, "21": true,
                "60": false, "65": false},
            "sex": 2, "sexo": "M", "entidad_nacimiento": "VZ",
            "place_of_birth": {"country": "MX", "region": "Veracruz de Ignacio de la Llave", "locality": "Xalapa"},
            "nationalities": ["MX", "US"], "curp": "EEII030517MVZJMRA2", "curp_tipo": "definitiva",
        });
        assert_eq!(Value::Object(record.claims(TODAY)), expected);
    }

    #[test]
    fn refuses_a_curp_of_somebody_else() {
        let refused = with(&[("sexo", "H"), ("birthdate", "2003-05-27")]);
        let fields = vec![PersonaField::Birthdate, PersonaField::Sexo];
        assert_eq!(refused, Err(Error::CurpOfAnother { fields }));
    }

    #[test]
    fn refuses_a_temporary_curp_without_end_or_born_in_mexico() {
        let missing = Err(Error::FieldMissing { field: "date_of_expiry" });
        assert_eq!(with(&[("curp_tipo", "temporal")]), missing);
        let refused = with(&[("curp_tipo", "temporal"), ("date_of_expiry", "2027-05-01")]);
        assert_eq!(
            refused,
            Err(Error::Conflict { field: "curp_tipo", with: "entidad_nacimiento" })
        );
        let refused = with(&[("date_of_expiry", "2027-05-01")]);
        assert_eq!(refused, Err(Error::Conflict { field: "date_of_expiry", with: "curp_tipo" }));
    }

    #[test]
    fn refuses_a_country_of_birth_that_contradicts_the_state() {
        let refused = with(&[("pais_nacimiento", "US")]);
        assert_eq!(
            refused,
            Err(Error::Conflict { field: "pais_nacimiento", with: "entidad_nacimiento" })
        );
        assert!(with(&[("pais_nacimiento", "MX")]).is_ok());
    }

    #[test]
    fn refuses_too_many_repeated_or_misspelt_nationalities() {
        let field = "nationalities";
        assert_eq!(with(&[(field, "MX US FR ES")]), Err(Error::TooMany { field, limit: 3 }));
        assert_eq!(with(&[(field, "MX US MX")]), Err(Error::Repeated { field }));
        assert_eq!(with(&[(field, "MX,US")]), Err(Error::Pais { field }));
        assert_eq!(with(&[(field, "MX  US")]), Err(Error::Pais { field }));
    }

    #[test]
    fn refuses_dates_out_of_order() {
        let refused = with(&[("date_of_issuance", "2003-05-16")]);
        assert_eq!(refused, Err(Error::DateRange { field: "date_of_issuance" }));
    }

    #[test]
    fn refuses_words_that_are_not_in_the_list() {
        assert_eq!(with(&[("curp_tipo", "Definitiva")]), Err(Error::Choice { field: "curp_tipo" }));
        let refused = with(&[("documento_probatorio", "pasaporte")]);
        assert_eq!(refused, Err(Error::Choice { field: "documento_probatorio" }));
        assert!(DocumentoProbatorio::ALL.iter().all(|d| d.as_str().parse() == Ok(*d)));
    }
}
