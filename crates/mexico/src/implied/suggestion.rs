//! The smaller proof: what to show instead of more than is needed.

use crate::{CredentialType, Language};

/// What would do instead of what was asked.
///
/// Only whoever asks knows what for; a suggestion says what would do *if* it is enough.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Suggestion {
    credential_type: CredentialType,
    claims: Vec<&'static str>,
    es: &'static str,
    en: &'static str,
}

impl Suggestion {
    /// The type to show instead.
    #[must_use]
    pub const fn credential_type(&self) -> CredentialType {
        self.credential_type
    }

    /// The claims of that type to show; none if presenting it is enough. `valid_in_year` stands for
    /// its member of the year in question.
    #[must_use]
    pub fn claims(&self) -> &[&'static str] {
        &self.claims
    }

    /// The reason, to show to a person.
    #[must_use]
    pub const fn why(&self, language: Language) -> &'static str {
        language.pick(self.es, self.en)
    }
}

/// The first smaller proof that fits a request, if there is one.
///
/// ```
/// use llavero_mexico::{CredentialType, implied::smaller_proof};
///
/// let offer = smaller_proof(CredentialType::Curp, &["birthdate"]).unwrap();
/// assert_eq!(offer.credential_type(), CredentialType::Age);
/// assert_eq!(offer.claims(), ["age_equal_or_over.18"]);
/// assert!(smaller_proof(CredentialType::Age, &["age_equal_or_over.18"]).is_none());
/// ```
#[must_use]
pub fn smaller_proof(credential_type: CredentialType, requested: &[&str]) -> Option<Suggestion> {
    OFFERS.iter().find_map(|offer| offer.suggest(credential_type, requested))
}

/// Every smaller proof that fits a request, the one that saves most first.
#[must_use]
pub fn smaller_proofs(credential_type: CredentialType, requested: &[&str]) -> Vec<Suggestion> {
    OFFERS.iter().filter_map(|offer| offer.suggest(credential_type, requested)).collect()
}

/// A kind of request, and what would do instead.
struct Offer {
    asked: Asked,
    credential_type: CredentialType,
    claims: &'static [&'static str],
    es: &'static str,
    en: &'static str,
}

/// When an offer fits.
enum Asked {
    /// One of these is asked of any type.
    AnyOf(&'static [&'static str]),
    /// One of these is asked of this type.
    AnyOfType(CredentialType, &'static [&'static str]),
    /// Of an INE card nothing is asked: what that shows is an adult citizen.
    CardAlone,
    /// Nothing but ages is asked of a type that says more. The same ages are offered.
    OnlyAges,
}

impl Offer {
    fn suggest(&self, credential_type: CredentialType, requested: &[&str]) -> Option<Suggestion> {
        let any_of = |claims: &[&str]| requested.iter().any(|claim| claims.contains(claim));
        let fits = match self.asked {
            Asked::AnyOf(claims) => any_of(claims),
            Asked::AnyOfType(of, claims) => of == credential_type && any_of(claims),
            Asked::CardAlone => credential_type == CredentialType::Ine && requested.is_empty(),
            Asked::OnlyAges => {
                let says_more = credential_type != CredentialType::Age;
                says_more
                    && !requested.is_empty()
                    && requested.iter().all(|claim| AGES.contains(claim))
            }
        };
        let claims = match self.asked {
            Asked::OnlyAges => AGES.into_iter().filter(|age| requested.contains(age)).collect(),
            Asked::AnyOf(_) | Asked::AnyOfType(..) | Asked::CardAlone => self.claims.to_vec(),
        };
        let Self { credential_type, es, en, .. } = *self;
        fits.then_some(Suggestion { credential_type, claims, es, en })
    }
}

const AGES: [&str; 7] = [
    "age_equal_or_over.12",
    "age_equal_or_over.15",
    "age_equal_or_over.16",
    "age_equal_or_over.18",
    "age_equal_or_over.21",
    "age_equal_or_over.60",
    "age_equal_or_over.65",
];

/// Every offer, the one that saves most first.
const OFFERS: &[Offer] = &[
    Offer {
        asked: Asked::OnlyAges,
        credential_type: CredentialType::Age,
        claims: &[],
        es: "Para probar una edad basta la credencial de edad, que no dice nada más.",
        en: "To prove an age the age credential is enough, and it says nothing else.",
    },
    Offer {
        asked: Asked::CardAlone,
        credential_type: CredentialType::Age,
        claims: &["age_equal_or_over.18"],
        es: "Presentar la credencial para votar ya dice ciudadanía; si es para probar la mayoría de edad, basta la credencial de edad.",
        en: "Presenting a voter card already shows citizenship; if it is to prove majority, the age credential is enough.",
    },
    Offer {
        asked: Asked::AnyOf(&["curp", "clave_elector", "rfc", "birthdate", "age_birth_year"]),
        credential_type: CredentialType::Age,
        claims: &["age_equal_or_over.18"],
        es: "Si es para probar la mayoría de edad, basta decir que tiene 18 años o más.",
        en: "If it is to prove majority, saying 18 or older is enough.",
    },
    Offer {
        asked: Asked::AnyOf(&["birthdate", "age_birth_year"]),
        credential_type: CredentialType::Curp,
        claims: &["birth_year_bucket"],
        es: "Si es para una estadística, basta la década de nacimiento.",
        en: "If it is for statistics, the decade of birth is enough.",
    },
    Offer {
        asked: Asked::AnyOf(&[
            "curp",
            "clave_elector",
            "entidad_nacimiento",
            "place_of_birth.locality",
        ]),
        credential_type: CredentialType::Curp,
        claims: &["place_of_birth.region"],
        es: "Si es para probar dónde nació, basta el estado.",
        en: "If it is to prove where they were born, the state is enough.",
    },
    Offer {
        asked: Asked::AnyOf(&[
            "address.street_address",
            "address.neighborhood",
            "address.postal_code",
            "address.locality",
            "seccion",
            "ocr",
        ]),
        credential_type: CredentialType::Ine,
        claims: &["address.region"],
        es: "Si es para probar en qué estado vive, basta el estado.",
        en: "If it is to prove the state they live in, the state is enough.",
    },
    Offer {
        asked: Asked::AnyOf(&["cic", "ocr", "id_ciudadano", "clave_elector", "numero_emision"]),
        credential_type: CredentialType::Ine,
        claims: &[],
        es: "Si es para saber que la credencial está vigente, basta presentarla sin mostrar nada.",
        en: "If it is to know that the card is valid, presenting it without showing anything is enough.",
    },
    Offer {
        asked: Asked::AnyOfType(
            CredentialType::Ine,
            &["date_of_expiry", "date_of_issuance", "anio_registro", "modelo"],
        ),
        credential_type: CredentialType::Ine,
        claims: &["valid_in_year"],
        es: "Si es para saber si valdrá cierto año, basta responder por ese año.",
        en: "If it is to know whether it is valid in a year, the answer for that year is enough.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(
        credential_type: CredentialType,
        requested: &[&str],
    ) -> Vec<(&'static str, Vec<&'static str>)> {
        let found = smaller_proofs(credential_type, requested);
        found
            .iter()
            .map(|offer| (offer.credential_type().name(), offer.claims().to_vec()))
            .collect()
    }

    fn age_18() -> (&'static str, Vec<&'static str>) {
        ("age", vec!["age_equal_or_over.18"])
    }

    #[test]
    fn an_age_is_enough_where_more_is_asked() {
        for claim in ["birthdate", "curp", "age_birth_year", "rfc"] {
            assert_eq!(offers(CredentialType::Curp, &[claim]).first(), Some(&age_18()), "{claim}");
        }
    }

    #[test]
    fn the_age_credential_comes_before_the_others() {
        assert_eq!(offers(CredentialType::Ine, &[]), [age_18()]);
        for asked in [CredentialType::Curp, CredentialType::Ine] {
            assert_eq!(
                offers(asked, &["age_equal_or_over.60", "age_equal_or_over.21"]),
                [("age", vec!["age_equal_or_over.21", "age_equal_or_over.60"])]
            );
            assert!(offers(asked, &["given_name", "age_equal_or_over.18"]).is_empty());
        }
    }

    #[test]
    fn coarser_claims_stand_in_for_finer_ones() {
        let region = ("ine", vec!["address.region"]);
        assert!(offers(CredentialType::Ine, &["address.postal_code"]).contains(&region));
        assert!(offers(CredentialType::Ine, &["seccion"]).contains(&region));
        let year = ("ine", vec!["valid_in_year"]);
        assert!(offers(CredentialType::Ine, &["date_of_expiry"]).contains(&year));
        assert!(!offers(CredentialType::Curp, &["date_of_expiry"]).contains(&year));
        let born = ("curp", vec!["place_of_birth.region"]);
        assert!(offers(CredentialType::Curp, &["curp"]).contains(&born));
        let alone = ("ine", vec![]);
        assert!(offers(CredentialType::Ine, &["cic"]).contains(&alone));
    }

    #[test]
    fn nothing_is_smaller_than_the_smallest() {
        assert!(offers(CredentialType::Age, &["age_equal_or_over.18"]).is_empty());
        assert!(offers(CredentialType::Age, &[]).is_empty());
        assert!(offers(CredentialType::Curp, &[]).is_empty());
        assert!(offers(CredentialType::Curp, &["given_name"]).is_empty());
        assert!(offers(CredentialType::Ine, &["address.region"]).is_empty());
    }

    #[test]
    fn what_is_offered_exists_and_says_why() {
        for offer in OFFERS {
            assert!(offer.claims.iter().all(|name| offer.credential_type.claim(name).is_some()));
            assert!(!offer.es.is_empty() && !offer.en.is_empty());
        }
    }

    #[test]
    fn every_age_is_a_threshold() {
        let thresholds = crate::age::THRESHOLDS.map(|years| format!("age_equal_or_over.{years}"));
        assert_eq!(AGES.map(str::to_owned), thresholds);
    }
}
