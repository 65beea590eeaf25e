//! What follows from what, as data.

use crate::{CredentialType, Language};

/// Who knows all of `when` also knows all of `then`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Rule {
    only: Option<CredentialType>,
    when: &'static [&'static str],
    then: &'static [&'static str],
    es: &'static str,
    en: &'static str,
}

impl Rule {
    /// Claims, or facts, that must all be known.
    #[must_use]
    pub const fn when(&self) -> &'static [&'static str] {
        self.when
    }

    /// Claims and facts that are then known.
    #[must_use]
    pub const fn then(&self) -> &'static [&'static str] {
        self.then
    }

    /// Whether the rule holds for this type. Dates, for example, mean different things in each.
    #[must_use]
    pub fn applies_to(&self, credential_type: CredentialType) -> bool {
        self.only.is_none_or(|only| only == credential_type)
    }

    /// The reason, to show to a person.
    #[must_use]
    pub const fn why(&self, language: Language) -> &'static str {
        language.pick(self.es, self.en)
    }

    const fn new(
        when: &'static [&'static str],
        then: &'static [&'static str],
        es: &'static str,
        en: &'static str,
    ) -> Self {
        Self { only: None, when, then, es, en }
    }

    const fn only(self, credential_type: CredentialType) -> Self {
        Self { only: Some(credential_type), ..self }
    }

    const fn older(when: &'static [&'static str], then: &'static [&'static str]) -> Self {
        let es = "quien ya cumplió una edad cumplió las menores";
        Self::new(when, then, es, "whoever has reached an age has reached the lower ones")
    }

    const fn younger(when: &'static [&'static str], then: &'static [&'static str]) -> Self {
        let es = "quien no ha cumplido una edad no ha cumplido las mayores";
        Self::new(when, then, es, "whoever has not reached an age has not reached the higher ones")
    }

    const fn between(when: &'static [&'static str]) -> Self {
        let es = "dos límites cercanos dejan pocas edades";
        Self::new(when, &["age_cohort"], es, "two limits close together leave few ages")
    }
}

/// Every rule. Their order does not matter.
pub const RULES: &[Rule] = &[
    Rule::new(
        &["curp"],
        &["birthdate", "sexo", "entidad_nacimiento", "initials", "homonym", "permanent_identifier"],
        "la CURP se forma con letras del nombre, fecha de nacimiento, sexo y entidad",
        "a CURP is made of letters of the name, birth date, sex and place of birth",
    ),
    Rule::new(
        &["given_name", "family_name", "birthdate", "sexo", "entidad_nacimiento"],
        &["curp"],
        "con esos datos la CURP se calcula; solo la posición 17 puede variar",
        "the CURP is computed from these; only position 17 can vary",
    ),
    Rule::new(
        &["rfc"],
        &["initials", "birthdate", "permanent_identifier"],
        "el RFC empieza con letras del nombre y fecha de nacimiento",
        "an RFC begins with letters of the name and the birth date",
    ),
    Rule::new(
        &["given_name", "family_name", "birthdate"],
        &["rfc"],
        "con esos datos el RFC se calcula; la homoclave asignada puede variar",
        "the RFC is computed from these; the assigned homoclave can vary",
    ),
    Rule::new(
        &["given_name", "family_name"],
        &["initials"],
        "las iniciales están en el nombre",
        "the initials are in the name",
    ),
    Rule::new(
        &["family_name"],
        &["primer_apellido", "segundo_apellido"],
        "son los mismos apellidos",
        "they are the same surnames",
    ),
    Rule::new(
        &["primer_apellido", "segundo_apellido"],
        &["family_name"],
        "son los mismos apellidos",
        "they are the same surnames",
    ),
    Rule::new(&["sex"], &["sexo"], "es el mismo dato", "it is the same fact"),
    Rule::new(&["sexo"], &["sex"], "es el mismo dato", "it is the same fact"),
    Rule::new(
        &["place_of_birth.region"],
        &["entidad_nacimiento"],
        "es la misma entidad",
        "it is the same state",
    ),
    Rule::new(
        &["entidad_nacimiento"],
        &["place_of_birth.region", "place_of_birth.country"],
        "la entidad dice si nació en México y dónde",
        "the code says whether born in Mexico and where",
    ),
    Rule::new(
        &["clave_elector"],
        &["birthdate", "sexo", "entidad_nacimiento", "initials", "permanent_identifier"],
        "la clave de elector se forma con letras del nombre, fecha de nacimiento, entidad y sexo",
        "an elector's key is made of letters of the name, birth date, place of birth and sex",
    ),
    Rule::new(
        &["ocr"],
        &["seccion", "id_ciudadano"],
        "el OCR es la sección seguida del identificador",
        "the OCR is the section followed by the identifier",
    ),
    Rule::new(
        &["seccion", "id_ciudadano"],
        &["ocr"],
        "el OCR es la sección seguida del identificador",
        "the OCR is the section followed by the identifier",
    ),
    Rule::new(
        &["id_ciudadano"],
        &["permanent_identifier"],
        "no cambia de una credencial a otra",
        "it stays the same from card to card",
    ),
    Rule::new(&["cic"], &["card_identifier"], "numera la credencial", "it numbers the card"),
    Rule::new(
        &["cic", "id_ciudadano"],
        &["roll_status"],
        "con esos números se consulta la lista nominal",
        "these numbers look up the electoral roll",
    ),
    Rule::new(
        &["clave_elector", "numero_emision", "ocr"],
        &["roll_status"],
        "con esos números se consulta la lista nominal",
        "these numbers look up the electoral roll",
    ),
    Rule::new(
        &["birthdate"],
        &[
            "age_equal_or_over.12",
            "age_equal_or_over.15",
            "age_equal_or_over.16",
            "age_equal_or_over.18",
            "age_equal_or_over.21",
            "age_equal_or_over.60",
            "age_equal_or_over.65",
            "age_birth_year",
        ],
        "la fecha de nacimiento da la edad exacta",
        "a birth date gives the exact age",
    ),
    Rule::new(
        &["age_birth_year"],
        &["birth_year_bucket"],
        "el año está en una década",
        "the year is in a decade",
    ),
    Rule::new(
        &["birth_year_bucket"],
        &["age_cohort"],
        "la década da la edad aproximada",
        "the decade gives the approximate age",
    ),
    Rule::older(&["at_least.65"], &["at_least.60"]),
    Rule::older(&["at_least.60"], &["at_least.21"]),
    Rule::older(&["at_least.21"], &["at_least.18"]),
    Rule::older(&["at_least.18"], &["at_least.16"]),
    Rule::older(&["at_least.16"], &["at_least.15"]),
    Rule::older(&["at_least.15"], &["at_least.12"]),
    Rule::younger(&["under.12"], &["under.15"]),
    Rule::younger(&["under.15"], &["under.16"]),
    Rule::younger(&["under.16"], &["under.18"]),
    Rule::younger(&["under.18"], &["under.21"]),
    Rule::younger(&["under.21"], &["under.60"]),
    Rule::younger(&["under.60"], &["under.65"]),
    Rule::between(&["at_least.12", "under.15"]),
    Rule::between(&["at_least.15", "under.18"]),
    Rule::between(&["at_least.16", "under.21"]),
    Rule::between(&["at_least.60", "under.65"]),
    Rule::new(
        &[],
        &["at_least.18", "citizen", "elector"],
        "solo personas adultas con ciudadanía mexicana tienen credencial para votar",
        "only adult Mexican citizens have a voter's card",
    )
    .only(CredentialType::Ine),
    Rule::new(
        &["date_of_expiry"],
        &["issuance_year", "valid_in_year", "age_cohort"],
        "la credencial vale diez años",
        "the card is valid for ten years",
    )
    .only(CredentialType::Ine),
    Rule::new(
        &["date_of_issuance"],
        &["issuance_year", "date_of_expiry"],
        "la credencial vale diez años y vence un 31 de diciembre",
        "the card is valid for ten years and ends on a 31 December",
    )
    .only(CredentialType::Ine),
    Rule::new(
        &["anio_registro"],
        &["age_cohort"],
        "casi todos se registran al cumplir 18 años",
        "nearly everybody registers on turning 18",
    ),
    Rule::new(
        &["modelo"],
        &["issuance_period"],
        "cada modelo se expidió en ciertos años",
        "each model was issued in certain years",
    ),
    Rule::new(
        &["numero_emision"],
        &["reissues"],
        "cuenta las credenciales de la persona",
        "it counts the person's cards",
    ),
    Rule::new(
        &["address.postal_code"],
        &["address.locality", "address.region", "home_area"],
        "el código postal dice el municipio y el estado",
        "the postal code says the municipality and the state",
    ),
    Rule::new(
        &["address.street_address"],
        &["home_area"],
        "la calle está en esa zona",
        "the street is in that area",
    ),
    Rule::new(
        &["address.neighborhood"],
        &["home_area"],
        "la colonia es esa zona",
        "the neighbourhood is that area",
    ),
    Rule::new(
        &["seccion"],
        &["home_area"],
        "una sección son unas cuantas manzanas",
        "a section is a few blocks",
    ),
    Rule::new(
        &["address.region"],
        &["region_code", "address.country"],
        "es el mismo estado, y está en México",
        "it is the same state, and it is in Mexico",
    ),
    Rule::new(&["region_code"], &["address.region"], "es el mismo estado", "it is the same state"),
    Rule::new(
        &["curp_tipo"],
        &["migration_status"],
        "solo personas extranjeras en trámite tienen una CURP temporal",
        "only foreigners in a procedure have a temporary CURP",
    ),
    Rule::new(
        &["documento_probatorio"],
        &["citizenship_basis", "migration_status"],
        "el documento depende de la nacionalidad y la situación migratoria",
        "the document depends on nationality and migration status",
    ),
    Rule::new(
        &["date_of_expiry"],
        &["curp_tipo"],
        "solo una CURP temporal vence",
        "only a temporary CURP ends",
    )
    .only(CredentialType::Curp),
    Rule::new(
        &["picture"],
        &["appearance", "age_cohort"],
        "la fotografía muestra a la persona",
        "the portrait shows the person",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implied::Fact;

    #[test]
    fn every_premise_is_a_claim_or_a_fact() {
        for premise in RULES.iter().flat_map(|rule| rule.when()) {
            let claim = CredentialType::ALL.into_iter().find_map(|t| t.claim(premise));
            assert!(claim.is_some() || Fact::from_id(premise).is_some(), "{premise}");
        }
    }

    #[test]
    fn every_rule_says_why_and_none_is_circular_by_itself() {
        for rule in RULES {
            assert!(!rule.why(Language::EsMx).is_empty() && !rule.why(Language::En).is_empty());
            assert!(rule.then().iter().all(|fact| !rule.when().contains(fact)), "{rule:?}");
        }
    }
}
