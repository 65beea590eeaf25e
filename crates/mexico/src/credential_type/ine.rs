//! The type `ine`: what the voter's card says. No fingerprint, template or signature image.

use super::{ClaimSpec, DigestLevel, Spread, VALID_IN_YEARS, claim::shared, shared::ages};

pub(super) const CLAIMS: &[ClaimSpec] = &[
    shared::VCT,
    shared::VCT_INTEGRITY,
    shared::ISS,
    shared::NBF,
    shared::EXP,
    shared::CNF,
    shared::STATUS,
    shared::ISSUING_COUNTRY,
    shared::GIVEN_NAME,
    shared::FAMILY_NAME,
    shared::PRIMER_APELLIDO,
    shared::SEGUNDO_APELLIDO,
    shared::BIRTHDATE,
    shared::AGE_18,
    shared::AGE_21,
    shared::AGE_60,
    shared::AGE_65,
    shared::SEX,
    shared::SEXO,
    shared::CURP.optional(),
    ClaimSpec::hidden(&["address", "street_address"], "Calle y número", "Street and number")
        .high()
        .optional(),
    ClaimSpec::hidden(&["address", "neighborhood"], "Colonia", "Neighbourhood").quasi().optional(),
    ClaimSpec::hidden(&["address", "postal_code"], "Código postal", "Postal code")
        .quasi()
        .optional(),
    ClaimSpec::hidden(&["address", "locality"], "Municipio o localidad", "Municipality")
        .quasi()
        .optional(),
    ClaimSpec::hidden(&["address", "region"], "Estado de residencia", "State of residence")
        .optional(),
    ClaimSpec::hidden(&["address", "country"], "País de residencia", "Country of residence")
        .optional(),
    ClaimSpec::hidden(
        &["region_code"],
        "Clave del estado de residencia",
        "Code of the state of residence",
    )
    .optional(),
    ClaimSpec::hidden(&["clave_elector"], "Clave de elector", "Elector's key").high(),
    ClaimSpec::hidden(&["cic"], "CIC (número de la credencial)", "CIC (card number)").high(),
    ClaimSpec::hidden(&["id_ciudadano"], "Identificador del ciudadano", "Citizen identifier")
        .high(),
    ClaimSpec::hidden(&["ocr"], "OCR", "OCR").high(),
    ClaimSpec::hidden(&["seccion"], "Sección electoral", "Electoral section").quasi(),
    ClaimSpec::hidden(&["numero_emision"], "Número de emisión", "Issue number").quasi(),
    ClaimSpec::hidden(&["anio_registro"], "Año de registro", "Year of registration").quasi(),
    ClaimSpec::hidden(&["modelo"], "Modelo de la credencial", "Model of the card")
        .quasi()
        .optional(),
    shared::DATE_OF_ISSUANCE,
    shared::DATE_OF_EXPIRY,
    ClaimSpec::hidden(&["valid_in_year"], "Vigente en el año", "Valid in the year")
        .spread_over(Spread::EachYear),
    shared::ISSUING_AUTHORITY,
    shared::PICTURE,
];

pub(super) const LEVELS: &[DigestLevel] = &[
    DigestLevel::top(21),
    ages(4),
    DigestLevel::object(&["address"], 6).called("Domicilio", "Address"),
    DigestLevel::object(&["valid_in_year"], VALID_IN_YEARS),
];
