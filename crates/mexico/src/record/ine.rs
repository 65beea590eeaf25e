//! The record behind an `ine` credential.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{RecordField, age::age_answers, curp::persona_claims, fields::shared, reader::Reader};
use crate::{
    Cic, ClaveElector, Curp, Differentiator, Domicilio, Entidad, Error, IdCiudadano, Modelo,
    NumeroEmision, Ocr, Persona, PersonaField, Picture, Seccion, Texto, ValidCurp, age, ascii,
    consistency, credential_type::VALID_IN_YEARS, redacted::redacted_debug,
};

/// A person, their voter's card, and what else it says.
///
/// The sex of the card is never compared with anything: by INE/CG123/2023 and INE/CG432/2023 it may
/// differ from that of the CURP and of the clave de elector.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct IneRecord {
    persona: Persona,
    card: IneCard,
    details: IneDetails,
}

/// The numbers that every card has.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct IneCard {
    /// The clave de elector.
    pub clave_elector: ClaveElector,
    /// The number of the card.
    pub cic: Cic,
    /// The identificador del ciudadano.
    pub id_ciudadano: IdCiudadano,
    /// The electoral sección.
    pub seccion: Seccion,
    /// The número de emisión.
    pub numero_emision: NumeroEmision,
    /// The year of registration.
    pub anio_registro: i16,
    /// The last day printed, always a 31 December.
    pub date_of_expiry: Date,
}

/// What an [`IneRecord`] may also say.
#[derive(Clone, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct IneDetails {
    /// The CURP, which early models do not print.
    pub curp: Option<ValidCurp>,
    /// The address.
    pub domicilio: Domicilio,
    /// The model of the card.
    pub modelo: Option<Modelo>,
    /// When the card was issued.
    pub date_of_issuance: Option<Date>,
    /// Who says all this.
    pub issuing_authority: Option<Texto>,
    /// The portrait.
    pub picture: Option<Picture>,
}

redacted_debug!(IneRecord, IneCard, IneDetails);

/// The first voter's cards with a photograph.
const FIRST_CARDS: i16 = 1990;

impl IneRecord {
    /// Puts a record together, if its parts agree.
    ///
    /// # Errors
    /// - [`Error::Underage`] if the person is not yet 18 on `today`: holding the credential says so.
    /// - [`Error::CurpOfAnother`] if the CURP disagrees with the person about anything but the sex.
    /// - [`Error::DateRange`] if the expiry is not a 31 December, if the year of registration is
    ///   before 1990 or in the future, or if the card was issued in the future or before the year
    ///   of registration.
    /// - [`Error::Conflict`] if the card expires before it was issued or registered.
    /// - the errors of an address whose parts disagree: [`Error::Conflict`], [`Error::Entidad`],
    ///   [`Error::Digits`].
    pub fn new(
        persona: Persona,
        card: IneCard,
        details: IneDetails,
        today: Date,
    ) -> Result<Self, Error> {
        if !age::at_least(persona.birthdate(), 18, today) {
            return Err(Error::Underage);
        }
        if let Some(curp) = &details.curp {
            let mut fields = consistency(curp.as_curp(), &persona).err().unwrap_or_default();
            fields.retain(|field| *field != PersonaField::Sexo);
            if !fields.is_empty() {
                return Err(Error::CurpOfAnother { fields });
            }
        }
        check_dates(&card, &details, today)?;
        details.domicilio.check()?;
        Ok(Self { persona, card, details })
    }

    /// Reads the JSON form; its fields are those of
    /// [`CredentialType::record_fields`](crate::CredentialType::record_fields).
    ///
    /// `ocr` may be left out, as it is `seccion` and `id_ciudadano` together. `entidad_nacimiento`
    /// may be left out: then it is that of the CURP, or without one that of the clave de elector.
    ///
    /// # Errors
    /// [`Error::NotAnObject`], [`Error::FieldUnknown`], [`Error::FieldMissing`],
    /// [`Error::FieldType`], the errors of each field's type, [`Error::Conflict`] if `ocr` is not
    /// made of the other two, and those of [`IneRecord::new`].
    pub fn from_json(record: &Value, today: Date) -> Result<Self, Error> {
        let reader = Reader::new(record, FIELDS)?;
        let card = read_card(&reader)?;
        let details = read_details(&reader, today)?;
        let stated = reader.value("entidad_nacimiento")?;
        let entidad = stated.or(details.curp.as_ref().map(ValidCurp::entidad));
        let entidad = entidad.or(card.clave_elector.entidad()).unwrap_or(Entidad::Extranjero);
        let (given, primer, segundo) = reader.names()?;
        let birthdate = reader.required_date("birthdate")?;
        let persona =
            Persona::new(given, primer, segundo, birthdate, reader.required("sexo")?, entidad)?;
        Self::new(persona, card, details, today)
    }

    /// The person, with the sex of the card.
    #[must_use]
    pub const fn persona(&self) -> &Persona {
        &self.persona
    }

    /// The numbers of the card.
    #[must_use]
    pub const fn card(&self) -> &IneCard {
        &self.card
    }

    /// The OCR.
    #[must_use]
    pub fn ocr(&self) -> Ocr {
        Ocr::of(&self.card.seccion, &self.card.id_ciudadano)
    }

    /// The last day on which a credential of this record may be valid. INE sometimes extends what
    /// is printed; whoever applies that changes the record.
    #[must_use]
    pub const fn not_after(&self) -> Date {
        self.card.date_of_expiry
    }

    /// Every claim, as true on the day `on`. What the person lacks is absent; the container
    /// `address` is always there, and `valid_in_year` has the ten years from that of `on`.
    #[must_use]
    pub fn claims(&self, on: Date) -> Map<String, Value> {
        let (card, details) = (&self.card, &self.details);
        let mut claims = persona_claims(&self.persona);
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("age_equal_or_over", age_answers(self.persona.birthdate(), &age::INE_THRESHOLDS, on));
        put("address", Value::Object(details.domicilio.claim()));
        put("clave_elector", json!(card.clave_elector.expose()));
        put("cic", json!(card.cic.expose()));
        put("id_ciudadano", json!(card.id_ciudadano.expose()));
        put("ocr", json!(self.ocr().expose()));
        put("seccion", json!(card.seccion.expose()));
        put("numero_emision", json!(card.numero_emision.expose()));
        put("anio_registro", json!(card.anio_registro));
        put("date_of_expiry", json!(card.date_of_expiry.to_string()));
        put("valid_in_year", Value::Object(self.valid_in_year(on)));
        let region_code = details.domicilio.region.and_then(Entidad::iso_3166_2);
        let optional = [
            ("curp", details.curp.as_ref().map(|curp| curp.expose().to_owned())),
            ("region_code", region_code.map(str::to_owned)),
            ("modelo", details.modelo.map(|modelo| modelo.letter().to_string())),
            ("date_of_issuance", details.date_of_issuance.map(|date| date.to_string())),
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

    /// Whether the card is valid in the year of `on` and in those after it. The first years of a
    /// card issued before `on` are left out: nobody needs them, and they would show its age.
    fn valid_in_year(&self, on: Date) -> Map<String, Value> {
        let years = (on.year()..).take(VALID_IN_YEARS);
        let valid = |year: i16| json!(year <= self.card.date_of_expiry.year());
        years.map(|year| (format!("{year:04}"), valid(year))).collect()
    }
}

fn check_dates(card: &IneCard, details: &IneDetails, today: Date) -> Result<(), Error> {
    let expiry = card.date_of_expiry;
    if (expiry.month(), expiry.day()) != (12, 31) {
        return Err(Error::DateRange { field: "date_of_expiry" });
    }
    if !(FIRST_CARDS..=today.year()).contains(&card.anio_registro) {
        return Err(Error::DateRange { field: "anio_registro" });
    }
    if expiry.year() < card.anio_registro {
        return Err(Error::Conflict { field: "date_of_expiry", with: "anio_registro" });
    }
    let Some(issued) = details.date_of_issuance else { return Ok(()) };
    if issued > today || issued.year() < card.anio_registro {
        return Err(Error::DateRange { field: "date_of_issuance" });
    }
    if expiry < issued {
        return Err(Error::Conflict { field: "date_of_expiry", with: "date_of_issuance" });
    }
    Ok(())
}

fn read_card(reader: &Reader<'_>) -> Result<IneCard, Error> {
    let card = IneCard {
        clave_elector: reader.required("clave_elector")?,
        cic: reader.required("cic")?,
        id_ciudadano: reader.required("id_ciudadano")?,
        seccion: reader.required("seccion")?,
        numero_emision: reader.required("numero_emision")?,
        anio_registro: read_year(reader)?,
        date_of_expiry: reader.required_date("date_of_expiry")?,
    };
    let Some(ocr) = reader.value::<Ocr>("ocr")? else { return Ok(card) };
    if ocr.seccion() != card.seccion {
        return Err(Error::Conflict { field: "ocr", with: "seccion" });
    }
    if ocr.id_ciudadano() != card.id_ciudadano {
        return Err(Error::Conflict { field: "ocr", with: "id_ciudadano" });
    }
    Ok(card)
}

fn read_year(reader: &Reader<'_>) -> Result<i16, Error> {
    let field = "anio_registro";
    let text = reader.text(field)?.ok_or(Error::FieldMissing { field })?;
    let digits = ascii::exactly::<4>(text).ok_or(Error::Digits { field, expected: 4 })?;
    ascii::number(&digits).ok_or(Error::Digits { field, expected: 4 })
}

fn read_details(reader: &Reader<'_>, today: Date) -> Result<IneDetails, Error> {
    let curp = reader.value::<Curp>("curp")?;
    Ok(IneDetails {
        curp: curp.map(|curp| curp.check(today, Differentiator::AtoZ)).transpose()?,
        domicilio: Domicilio {
            street_address: reader.value("street_address")?,
            neighborhood: reader.value("neighborhood")?,
            postal_code: reader.value("postal_code")?,
            locality: reader.value("locality")?,
            region: reader.value("region")?,
            country: reader.value("country")?,
        },
        modelo: reader.value("modelo")?,
        date_of_issuance: reader.date("date_of_issuance")?,
        issuing_authority: reader.value("issuing_authority")?,
        picture: reader.value("picture")?,
    })
}

pub(super) const FIELDS: &[RecordField] = &[
    shared::GIVEN_NAME,
    shared::PRIMER_APELLIDO,
    shared::SEGUNDO_APELLIDO,
    shared::BIRTHDATE,
    shared::SEXO,
    RecordField::optional(
        "entidad_nacimiento",
        "clave de dos letras de la CURP; sin ella, la de la CURP o de la clave de elector",
        "two letters as in the CURP; without it, that of the CURP or clave de elector",
    ),
    RecordField::optional("curp", "CURP, 18 caracteres", "CURP, 18 characters"),
    RecordField::required(
        "clave_elector",
        "clave de elector, 18 caracteres",
        "elector's key, 18 characters",
    ),
    RecordField::required("cic", "CIC, 9 dígitos", "CIC, 9 digits"),
    RecordField::required(
        "id_ciudadano",
        "identificador del ciudadano, 9 dígitos",
        "citizen identifier, 9 digits",
    ),
    RecordField::required("seccion", "sección electoral, 4 dígitos", "electoral section, 4 digits"),
    RecordField::optional(
        "ocr",
        "OCR, 13 dígitos: sección e identificador",
        "OCR, 13 digits: section and identifier",
    ),
    RecordField::required(
        "numero_emision",
        "número de emisión, 2 dígitos",
        "issue number, 2 digits",
    ),
    RecordField::required(
        "anio_registro",
        "año de registro, 4 dígitos",
        "year of registration, 4 digits",
    ),
    RecordField::required("date_of_expiry", "vigencia, AAAA-12-31", "date of expiry, YYYY-12-31"),
    shared::DATE_OF_ISSUANCE,
    RecordField::optional("modelo", "modelo, de A a J", "model, A to J"),
    RecordField::optional("street_address", "calle y número", "street and number"),
    RecordField::optional("neighborhood", "colonia", "neighbourhood"),
    RecordField::optional("postal_code", "código postal", "postal code"),
    RecordField::optional("locality", "municipio o localidad", "municipality"),
    RecordField::optional(
        "region",
        "estado de residencia, clave de dos letras de la CURP",
        "state of residence, two letters as in the CURP",
    ),
    RecordField::optional(
        "country",
        "país de residencia, dos letras",
        "country of residence, two letters",
    ),
    shared::ISSUING_AUTHORITY,
    shared::PICTURE,
];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 21);

    fn with(changes: &[(&str, &str)]) -> Result<IneRecord, Error> {
        let mut record = json!({
            "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
            "birthdate": "2003-05-17", "sexo": "M", "curp": "EEII030517MVZJMRA2",
            "clave_elector": "EJIMIR03051730M100", "cic": "735830842",
            "id_ciudadano": "378250595", "seccion": "0137", "numero_emision": "03",
            "anio_registro": "2021", "date_of_expiry": "2031-12-31", "modelo": "H",
            "region": "VZ", "postal_code": "91000",
        });
        for (field, value) in changes {
            record[*field] = json!(value);
        }
        IneRecord::from_json(&record, TODAY)
    }

    #[test]
    fn claims_are_those_of_the_card() {
        let claims = Value::Object(with(&[]).unwrap().claims(TODAY));
        assert_eq!(claims["ocr"], "0137378250595");
        assert_eq!(claims["region_code"], "MX-VER");
        assert_eq!(claims["anio_registro"], 2021);
        assert_eq!(
            claims["age_equal_or_over"],
            json!({"18": true, "21": true, "60": false, "65": false})
        );
        let years = claims["valid_in_year"].as_object().unwrap();
        assert_eq!(years.len(), 10);
        assert_eq!(
            (&years["2026"], &years["2031"], &years["2032"]),
            (&json!(true), &json!(true), &json!(false))
        );
        assert_eq!(claims.get("entidad_nacimiento"), None);
    }

    #[test]
    fn a_sex_that_differs_from_the_curp_is_never_refused() {
        for sexo in ["H", "M", "X"] {
            assert!(with(&[("sexo", sexo)]).is_ok(), "{sexo}");
        }
    }

    #[test]
    fn refuses_a_curp_of_somebody_else() {
        let refused = with(&[("given_name", "Karen"), ("sexo", "H")]);
        assert_eq!(refused, Err(Error::CurpOfAnother { fields: vec![PersonaField::GivenNames] }));
        let refused = with(&[("entidad_nacimiento", "JC")]);
        assert_eq!(
            refused,
            Err(Error::CurpOfAnother { fields: vec![PersonaField::EntidadNacimiento] })
        );
    }

    #[test]
    fn refuses_an_ocr_not_made_of_its_parts() {
        assert!(with(&[("ocr", "0137378250595")]).is_ok());
        let refused = with(&[("ocr", "0138378250595")]);
        assert_eq!(refused, Err(Error::Conflict { field: "ocr", with: "seccion" }));
        let refused = with(&[("ocr", "0137378250596")]);
        assert_eq!(refused, Err(Error::Conflict { field: "ocr", with: "id_ciudadano" }));
    }

    #[test]
    fn refuses_an_expiry_that_is_not_the_end_of_a_year() {
        let refused = with(&[("date_of_expiry", "2031-12-30")]);
        assert_eq!(refused, Err(Error::DateRange { field: "date_of_expiry" }));
        let refused = with(&[("date_of_expiry", "2020-12-31")]);
        assert_eq!(
            refused,
            Err(Error::Conflict { field: "date_of_expiry", with: "anio_registro" })
        );
    }

    #[test]
    fn refuses_cards_issued_or_registered_at_impossible_times() {
        for (field, value) in [
            ("anio_registro", "1989"),
            ("anio_registro", "2027"),
            ("date_of_issuance", "2026-11-22"),
            ("date_of_issuance", "2020-12-31"),
        ] {
            assert_eq!(with(&[(field, value)]), Err(Error::DateRange { field }), "{value}");
        }
        assert!(with(&[("date_of_issuance", "2021-01-01")]).is_ok());
    }

    #[test]
    fn refuses_a_voter_under_eighteen() {
        let refused = with(&[("birthdate", "2008-11-22"), ("curp", "")]);
        assert_eq!(refused, Err(Error::Underage));
        assert!(with(&[("birthdate", "2008-11-21"), ("curp", "")]).is_ok());
    }

    #[test]
    fn refuses_numbers_of_the_wrong_length_by_field() {
        assert_eq!(
            with(&[("seccion", "137")]),
            Err(Error::Digits { field: "seccion", expected: 4 })
        );
        assert_eq!(
            with(&[("postal_code", "9100")]),
            Err(Error::Digits { field: "postal_code", expected: 5 })
        );
        assert_eq!(
            with(&[("anio_registro", "21")]),
            Err(Error::Digits { field: "anio_registro", expected: 4 })
        );
        assert_eq!(with(&[("region", "NE")]), Err(Error::Entidad { field: "region" }));
    }

    #[test]
    fn without_a_curp_the_clave_de_elector_says_the_place_of_birth() {
        let record = with(&[("curp", "")]).unwrap();
        assert_eq!(record.persona().entidad_nacimiento(), Entidad::Veracruz);
        let record = with(&[("curp", ""), ("clave_elector", "EJIMIR03051788M100")]).unwrap();
        assert_eq!(record.persona().entidad_nacimiento(), Entidad::Extranjero);
    }
}
