//! Something a verifier comes to know.

use crate::{CredentialType, Language};

/// A fact that a disclosure shows: a claim by its name, or something no claim says.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Fact {
    id: &'static str,
    es: &'static str,
    en: &'static str,
}

impl Fact {
    /// The stable name. If it is that of a claim, the claim's value is known.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// What to call it.
    #[must_use]
    pub const fn label(&self, language: Language) -> &'static str {
        language.pick(self.es, self.en)
    }

    /// The fact with this name: one of those below, or the claim of any type.
    pub(super) fn from_id(id: &str) -> Option<Self> {
        if let Some(fact) = FACTS.iter().chain(ANSWERS).find(|fact| fact.id == id) {
            return Some(*fact);
        }
        let id =
            super::RULES.iter().flat_map(|rule| rule.then()).copied().find(|known| *known == id)?;
        let claim = CredentialType::ALL
            .into_iter()
            .find_map(|credential_type| credential_type.claim(id))?;
        Some(Self { id, es: claim.label(Language::EsMx), en: claim.label(Language::En) })
    }

    const fn new(id: &'static str, es: &'static str, en: &'static str) -> Self {
        Self { id, es, en }
    }
}

/// Claims that answer a question. As facts they say that the answer is known, whichever it is.
const ANSWERS: &[Fact] = &[
    Fact::new("age_equal_or_over.12", "si tiene 12 años o más", "whether 12 or older"),
    Fact::new("age_equal_or_over.15", "si tiene 15 años o más", "whether 15 or older"),
    Fact::new("age_equal_or_over.16", "si tiene 16 años o más", "whether 16 or older"),
    Fact::new("age_equal_or_over.18", "si tiene 18 años o más", "whether 18 or older"),
    Fact::new("age_equal_or_over.21", "si tiene 21 años o más", "whether 21 or older"),
    Fact::new("age_equal_or_over.60", "si tiene 60 años o más", "whether 60 or older"),
    Fact::new("age_equal_or_over.65", "si tiene 65 años o más", "whether 65 or older"),
];

/// "At least so old", in the order of the thresholds.
pub(super) const AT_LEAST: [&str; 7] = [
    "at_least.12",
    "at_least.15",
    "at_least.16",
    "at_least.18",
    "at_least.21",
    "at_least.60",
    "at_least.65",
];

/// "Not yet so old", in the order of the thresholds.
pub(super) const UNDER: [&str; 7] =
    ["under.12", "under.15", "under.16", "under.18", "under.21", "under.60", "under.65"];

/// The facts that no claim of the three types says.
const FACTS: &[Fact] = &[
    Fact::new("age_cohort", "la edad aproximada", "the approximate age"),
    Fact::new("appearance", "el aspecto de la persona", "what the person looks like"),
    Fact::new("at_least.12", "tiene al menos 12 años", "is at least 12"),
    Fact::new("at_least.15", "tiene al menos 15 años", "is at least 15"),
    Fact::new("at_least.16", "tiene al menos 16 años", "is at least 16"),
    Fact::new("at_least.18", "es mayor de edad", "is an adult"),
    Fact::new("at_least.21", "tiene al menos 21 años", "is at least 21"),
    Fact::new("at_least.60", "tiene al menos 60 años", "is at least 60"),
    Fact::new("at_least.65", "tiene al menos 65 años", "is at least 65"),
    Fact::new("card_identifier", "un identificador de la credencial", "an identifier of the card"),
    Fact::new("citizen", "tiene la ciudadanía mexicana", "is a Mexican citizen"),
    Fact::new(
        "citizenship_basis",
        "si es mexicana por nacimiento, por naturalización o extranjera",
        "whether Mexican by birth, by naturalisation, or a foreigner",
    ),
    Fact::new("elector", "se inscribió en el padrón electoral", "registered to vote"),
    Fact::new("home_area", "en qué zona vive", "the area where they live"),
    Fact::new(
        "homonym",
        "si otra persona comparte su raíz de CURP",
        "whether somebody shares their CURP root",
    ),
    Fact::new("initials", "iniciales y letras del nombre", "initials and letters of the name"),
    Fact::new(
        "issuance_period",
        "en qué años se expidió la credencial",
        "in which years the card was issued",
    ),
    Fact::new(
        "issuance_year",
        "el año en que se expidió la credencial",
        "the year the card was issued",
    ),
    Fact::new("migration_status", "la situación migratoria", "the migration status"),
    Fact::new(
        "permanent_identifier",
        "un identificador de por vida, que une todo lo que se sabe de la persona",
        "an identifier for life, which joins everything known about the person",
    ),
    Fact::new("reissues", "cuántas credenciales ha tenido", "how many cards they have had"),
    Fact::new(
        "rfc",
        "el RFC, salvo la homoclave asignada",
        "the RFC, but for an assigned homoclave",
    ),
    Fact::new(
        "roll_status",
        "su situación en la lista nominal, que cualquiera puede consultar",
        "their status on the electoral roll, which anyone can look up",
    ),
    Fact::new("under.12", "es menor de 12 años", "is under 12"),
    Fact::new("under.15", "es menor de 15 años", "is under 15"),
    Fact::new("under.16", "es menor de 16 años", "is under 16"),
    Fact::new("under.18", "es menor de edad", "is a minor"),
    Fact::new("under.21", "es menor de 21 años", "is under 21"),
    Fact::new("under.60", "es menor de 60 años", "is under 60"),
    Fact::new("under.65", "es menor de 65 años", "is under 65"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_none_is_a_claim() {
        assert!(FACTS.is_sorted_by(|a, b| a.id < b.id));
        for fact in FACTS {
            let claim = CredentialType::ALL.into_iter().find_map(|t| t.claim(fact.id));
            assert_eq!(claim, None, "{}", fact.id);
        }
    }

    #[test]
    fn an_answer_that_is_known_is_not_said_to_be_yes() {
        for fact in ANSWERS {
            assert!(CredentialType::Curp.claim(fact.id).is_some(), "{}", fact.id);
            let known = Fact::from_id(fact.id).map(|fact| fact.label(Language::EsMx));
            assert!(known.is_some_and(|label| label.starts_with("si ")), "{}", fact.id);
        }
    }

    #[test]
    fn every_fact_of_a_rule_has_labels() {
        for id in super::super::RULES.iter().flat_map(|rule| rule.then()) {
            let fact = Fact::from_id(id);
            let labels = fact.map(|fact| [fact.label(Language::EsMx), fact.label(Language::En)]);
            assert!(labels.is_some_and(|labels| !labels.contains(&"")), "{id}");
        }
        assert!(AT_LEAST.iter().chain(&UNDER).all(|id| Fact::from_id(id).is_some()));
    }
}
