//! What a disclosure shows besides itself.
//!
//! Showing a CURP shows birth date, sex and place of birth, whatever claims with those names stay
//! hidden; and name, birth date, sex and place together are the CURP. [`closure`] follows such
//! [`Rule`]s until nothing new appears, so that a consent screen can say all of it before.

use core::fmt;
use std::collections::BTreeSet;

use crate::{CredentialType, age};

mod fact;
mod rule;
mod suggestion;

pub use fact::Fact;
pub use rule::{RULES, Rule};
pub use suggestion::{Suggestion, smaller_proof, smaller_proofs};

/// One disclosed claim, with its answer if that is a yes or a no.
///
/// `Debug` prints the claim and never the answer.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Shown<'a> {
    claim: &'a str,
    answer: Option<bool>,
}

impl<'a> Shown<'a> {
    /// A claim, by the members of its path with dots between them.
    #[must_use]
    pub const fn claim(claim: &'a str) -> Self {
        Self { claim, answer: None }
    }

    /// A claim whose value is a yes or a no, such as `age_equal_or_over.18`.
    #[must_use]
    pub const fn answer(claim: &'a str, answer: bool) -> Self {
        Self { claim, answer: Some(answer) }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").field("claim", &self.claim).finish_non_exhaustive()
    }
}

/// Everything that a presentation of `credential_type` with these disclosures shows, besides the
/// disclosures themselves. Claims nobody knows are passed over.
///
/// ```
/// use llavero_mexico::{CredentialType, implied::{Shown, closure}};
///
/// let facts = closure(CredentialType::Curp, &[Shown::claim("curp")]);
/// assert!(facts.iter().any(|fact| fact.id() == "birthdate"));
///
/// // An INE card shown without a single disclosure still shows an adult citizen.
/// let facts = closure(CredentialType::Ine, &[]);
/// assert!(facts.iter().any(|fact| fact.id() == "at_least.18"));
/// ```
#[must_use]
pub fn closure(credential_type: CredentialType, shown: &[Shown<'_>]) -> BTreeSet<Fact> {
    let disclosed: BTreeSet<&str> = shown.iter().map(|shown| shown.claim).collect();
    let mut known: BTreeSet<&str> = disclosed.clone();
    for fact in shown.iter().filter_map(answered).chain(expiry_year(shown)) {
        known.insert(fact);
    }
    loop {
        let before = known.len();
        for rule in RULES.iter().filter(|rule| rule.applies_to(credential_type)) {
            if rule.when().iter().all(|fact| known.contains(fact)) {
                known.extend(rule.then().iter().copied());
            }
        }
        if known.len() == before {
            break;
        }
    }
    known.difference(&disclosed).filter_map(|id| Fact::from_id(id)).collect()
}

/// What an answer about an age says.
fn answered(shown: &Shown<'_>) -> Option<&'static str> {
    let threshold: u8 = shown.claim.strip_prefix("age_equal_or_over.")?.parse().ok()?;
    let at = age::THRESHOLDS.iter().position(|known| *known == threshold)?;
    let facts = if shown.answer? { fact::AT_LEAST } else { fact::UNDER };
    facts.get(at).copied()
}

/// A card valid in one year and not in the next expires at the end of the first.
fn expiry_year(shown: &[Shown<'_>]) -> Option<&'static str> {
    let year = |shown: &Shown<'_>, answer| {
        let year = shown.claim.strip_prefix("valid_in_year.")?;
        (shown.answer == Some(answer)).then(|| year.parse::<u16>().ok()).flatten()
    };
    let last_valid = shown.iter().filter_map(|shown| year(shown, true)).max()?;
    let first_invalid = shown.iter().filter_map(|shown| year(shown, false)).min()?;
    (last_valid.checked_add(1) == Some(first_invalid)).then_some("date_of_expiry")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(credential_type: CredentialType, shown: &[Shown<'_>]) -> BTreeSet<&'static str> {
        closure(credential_type, shown).iter().map(Fact::id).collect()
    }

    fn by_claims(
        credential_type: CredentialType,
        claims: &[&'static str],
    ) -> BTreeSet<&'static str> {
        let shown: Vec<_> = claims.iter().map(|claim| Shown::claim(claim)).collect();
        shows(credential_type, &shown)
    }

    #[track_caller]
    fn assert_shows(
        credential_type: CredentialType,
        claims: &[&'static str],
        facts: &[&'static str],
    ) {
        let shown = by_claims(credential_type, claims);
        for fact in facts {
            assert!(shown.contains(fact), "{claims:?} must show {fact}, shows {shown:?}");
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

    #[test]
    fn a_curp_shows_birth_sex_place_and_initials() {
        let facts = [
            "birthdate",
            "sexo",
            "sex",
            "entidad_nacimiento",
            "place_of_birth.region",
            "initials",
            "homonym",
            "permanent_identifier",
            "age_birth_year",
            "birth_year_bucket",
        ];
        assert_shows(CredentialType::Curp, &["curp"], &facts);
        assert_shows(CredentialType::Curp, &["curp"], &AGES);
        assert_shows(CredentialType::Ine, &["curp"], &["birthdate", "entidad_nacimiento"]);
    }

    #[test]
    fn name_birth_sex_and_place_show_the_curp() {
        for names in [
            &["given_name", "family_name"][..],
            &["given_name", "primer_apellido", "segundo_apellido"],
        ] {
            for sex in ["sex", "sexo"] {
                for place in ["entidad_nacimiento", "place_of_birth.region"] {
                    let claims: Vec<_> =
                        names.iter().copied().chain(["birthdate", sex, place]).collect();
                    assert_shows(CredentialType::Curp, &claims, &["curp", "permanent_identifier"]);
                    for left_out in 0..claims.len() {
                        let mut fewer = claims.clone();
                        let name = fewer.remove(left_out);
                        assert!(
                            !by_claims(CredentialType::Curp, &fewer).contains("curp"),
                            "without {name}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn an_rfc_shows_initials_and_birth_date() {
        assert_shows(
            CredentialType::Curp,
            &["rfc"],
            &["initials", "birthdate", "permanent_identifier"],
        );
        assert!(!by_claims(CredentialType::Curp, &["rfc"]).contains("sexo"));
    }

    #[test]
    fn an_ocr_is_its_two_parts() {
        assert_shows(CredentialType::Ine, &["ocr"], &["seccion", "id_ciudadano", "home_area"]);
        assert_shows(CredentialType::Ine, &["seccion", "id_ciudadano"], &["ocr"]);
    }

    #[test]
    fn a_clave_de_elector_shows_birth_sex_and_place() {
        let facts = ["birthdate", "sexo", "entidad_nacimiento", "initials", "permanent_identifier"];
        assert_shows(CredentialType::Ine, &["clave_elector"], &facts);
        assert_shows(
            CredentialType::Ine,
            &["clave_elector", "given_name", "family_name"],
            &["curp"],
        );
        assert!(!by_claims(CredentialType::Ine, &["clave_elector"]).contains("curp"));
    }

    #[test]
    fn an_expiry_shows_the_year_of_issue() {
        let facts = ["issuance_year", "valid_in_year", "age_cohort"];
        assert_shows(CredentialType::Ine, &["date_of_expiry"], &facts);
        assert_shows(
            CredentialType::Ine,
            &["date_of_issuance"],
            &["issuance_year", "date_of_expiry"],
        );
        assert!(!by_claims(CredentialType::Curp, &["date_of_expiry"]).contains("issuance_year"));
        assert_shows(CredentialType::Curp, &["date_of_expiry"], &["migration_status"]);
    }

    #[test]
    fn years_of_validity_that_meet_show_the_expiry() {
        let meet =
            [Shown::answer("valid_in_year.2030", true), Shown::answer("valid_in_year.2031", false)];
        assert!(shows(CredentialType::Ine, &meet).contains("date_of_expiry"));
        let apart =
            [Shown::answer("valid_in_year.2028", true), Shown::answer("valid_in_year.2031", false)];
        assert!(!shows(CredentialType::Ine, &apart).contains("date_of_expiry"));
        assert!(!shows(CredentialType::Ine, &meet[..1]).contains("date_of_expiry"));
    }

    #[test]
    fn a_birth_date_shows_every_age() {
        assert_shows(CredentialType::Curp, &["birthdate"], &AGES);
        assert_shows(
            CredentialType::Curp,
            &["birthdate"],
            &["age_birth_year", "birth_year_bucket", "age_cohort"],
        );
        assert_shows(
            CredentialType::Curp,
            &["age_birth_year"],
            &["birth_year_bucket", "age_cohort"],
        );
        assert_shows(CredentialType::Curp, &["birth_year_bucket"], &["age_cohort"]);
        assert!(
            !by_claims(CredentialType::Curp, &["birth_year_bucket"]).contains("age_birth_year")
        );
    }

    #[test]
    fn a_yes_shows_the_lower_thresholds_and_a_no_the_higher() {
        let yes = shows(CredentialType::Age, &[Shown::answer("age_equal_or_over.18", true)]);
        assert_eq!(
            yes,
            BTreeSet::from(["at_least.12", "at_least.15", "at_least.16", "at_least.18"])
        );
        let no = shows(CredentialType::Age, &[Shown::answer("age_equal_or_over.18", false)]);
        assert_eq!(no, BTreeSet::from(["under.18", "under.21", "under.60", "under.65"]));
        assert!(by_claims(CredentialType::Age, &["age_equal_or_over.18"]).is_empty());
    }

    #[test]
    fn a_yes_and_the_next_no_narrow_the_age() {
        let narrow = [
            Shown::answer("age_equal_or_over.16", true),
            Shown::answer("age_equal_or_over.18", false),
        ];
        assert!(shows(CredentialType::Age, &narrow).contains("age_cohort"));
        let wide = [
            Shown::answer("age_equal_or_over.21", true),
            Shown::answer("age_equal_or_over.60", false),
        ];
        assert!(!shows(CredentialType::Age, &wide).contains("age_cohort"));
    }

    #[test]
    fn an_ine_card_without_disclosures_shows_an_adult_citizen() {
        let facts =
            ["at_least.12", "at_least.15", "at_least.16", "at_least.18", "citizen", "elector"];
        assert_eq!(by_claims(CredentialType::Ine, &[]), BTreeSet::from(facts));
        assert!(by_claims(CredentialType::Age, &[]).is_empty());
        assert!(by_claims(CredentialType::Curp, &[]).is_empty());
    }

    #[test]
    fn a_postal_code_shows_the_state() {
        let facts =
            ["address.region", "region_code", "address.country", "address.locality", "home_area"];
        assert_shows(CredentialType::Ine, &["address.postal_code"], &facts);
        assert_shows(CredentialType::Ine, &["address.region"], &["region_code", "address.country"]);
        assert_shows(CredentialType::Ine, &["region_code"], &["address.region"]);
        assert_shows(CredentialType::Ine, &["address.street_address"], &["home_area"]);
        assert_shows(CredentialType::Ine, &["address.neighborhood"], &["home_area"]);
    }

    #[test]
    fn lookup_keys_show_the_status_on_the_roll() {
        for keys in [
            &["cic", "id_ciudadano"][..],
            &["cic", "ocr"],
            &["clave_elector", "numero_emision", "ocr"],
        ] {
            assert_shows(CredentialType::Ine, keys, &["roll_status"]);
        }
        assert!(!by_claims(CredentialType::Ine, &["cic"]).contains("roll_status"));
        assert_shows(CredentialType::Ine, &["cic"], &["card_identifier"]);
    }

    #[test]
    fn the_kind_of_curp_and_its_document_show_the_migration_status() {
        assert_shows(CredentialType::Curp, &["curp_tipo"], &["migration_status"]);
        assert_shows(
            CredentialType::Curp,
            &["documento_probatorio"],
            &["migration_status", "citizenship_basis"],
        );
    }

    #[test]
    fn names_are_the_same_however_they_are_cut() {
        assert_shows(
            CredentialType::Curp,
            &["family_name"],
            &["primer_apellido", "segundo_apellido"],
        );
        assert_shows(
            CredentialType::Curp,
            &["primer_apellido", "segundo_apellido"],
            &["family_name"],
        );
        assert_shows(CredentialType::Curp, &["given_name", "family_name"], &["initials"]);
    }

    #[test]
    fn a_portrait_shows_an_appearance() {
        assert_shows(CredentialType::Curp, &["picture"], &["appearance", "age_cohort"]);
    }

    #[test]
    fn the_card_says_more_than_its_numbers() {
        assert_shows(CredentialType::Ine, &["anio_registro"], &["age_cohort"]);
        assert_shows(CredentialType::Ine, &["modelo"], &["issuance_period"]);
        assert_shows(CredentialType::Ine, &["numero_emision"], &["reissues"]);
    }

    #[test]
    fn unknown_claims_show_nothing_and_disclosures_are_not_repeated() {
        assert!(
            by_claims(CredentialType::Curp, &["", "no.such.claim", "age_equal_or_over.99"])
                .is_empty()
        );
        assert!(!by_claims(CredentialType::Curp, &["curp", "birthdate"]).contains("birthdate"));
    }

    #[test]
    fn debug_of_an_answer_is_the_same_for_yes_and_no() {
        let (yes, no) = (Shown::answer("a", true), Shown::answer("a", false));
        assert_eq!(format!("{yes:?}"), format!("{no:?}"));
    }
}
