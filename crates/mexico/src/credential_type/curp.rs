//! The type `curp`: names, birth, and the key itself.

use super::{ClaimSpec, DigestLevel, NATIONALITIES, Spread, claim::shared, shared::ages};

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
    shared::AGE_12,
    shared::AGE_15,
    shared::AGE_16,
    shared::AGE_18,
    shared::AGE_21,
    shared::AGE_60,
    shared::AGE_65,
    ClaimSpec::hidden(&["age_birth_year"], "Año de nacimiento", "Year of birth").quasi(),
    ClaimSpec::hidden(&["birth_year_bucket"], "Década de nacimiento", "Decade of birth").quasi(),
    shared::SEX,
    shared::SEXO,
    ClaimSpec::hidden(&["place_of_birth", "country"], "País de nacimiento", "Country of birth")
        .optional(),
    ClaimSpec::hidden(&["place_of_birth", "region"], "Estado de nacimiento", "State of birth")
        .optional(),
    ClaimSpec::hidden(
        &["place_of_birth", "locality"],
        "Localidad de nacimiento",
        "Locality of birth",
    )
    .quasi()
    .optional(),
    ClaimSpec::hidden(
        &["entidad_nacimiento"],
        "Clave de la entidad de nacimiento",
        "Code of the place of birth",
    ),
    ClaimSpec::hidden(&["nationalities"], "Nacionalidad", "Nationality")
        .optional()
        .spread_over(Spread::EachElement),
    shared::CURP,
    ClaimSpec::hidden(&["curp_tipo"], "Tipo de CURP", "Kind of CURP"),
    ClaimSpec::hidden(&["documento_probatorio"], "Documento probatorio", "Supporting document")
        .optional(),
    shared::DATE_OF_ISSUANCE,
    shared::DATE_OF_EXPIRY.optional(),
    shared::ISSUING_AUTHORITY,
    shared::PICTURE,
];

pub(super) const LEVELS: &[DigestLevel] = &[
    DigestLevel::top(17),
    ages(7),
    DigestLevel::object(&["place_of_birth"], 3).called("Lugar de nacimiento", "Place of birth"),
    DigestLevel::array(&["nationalities"], NATIONALITIES).called("Nacionalidades", "Nationalities"),
];
