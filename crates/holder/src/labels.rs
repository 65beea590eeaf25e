//! What is known of a type beyond its name: what to call it and its claims, how well they link, what they imply.
//!
//! The tables of the Mexican types know all of it. Of other types, metadata may tell labels ([`Description`]), and
//! nothing about linkage: an issuer is not asked how well its claims link.

use std::collections::BTreeSet;

use llavero_core::path::Dotted;
use llavero_core::{PathSegment, path::Location};
use llavero_mexico::implied::{Fact, Shown, Suggestion, closure, smaller_proof};
use llavero_mexico::{CredentialType, Language, Linkage};

use crate::description::Description;
use crate::record::BatchRecord;
use crate::shown::ShownClaim;

/// Where the words for one credential come from.
#[derive(Clone, Copy)]
pub(crate) struct Words<'b> {
    vct: &'b str,
    known: Option<CredentialType>,
    description: Option<&'b Description>,
    language: Language,
}

impl<'b> Words<'b> {
    pub(crate) fn of(batch: &'b BatchRecord, language: Language) -> Self {
        let known = CredentialType::from_vct(&batch.vct);
        Self { vct: &batch.vct, known, description: batch.description.as_ref(), language }
    }

    /// What to call the credential; its `vct`, if nothing better is known.
    pub(crate) fn credential(&self) -> String {
        let told = match self.known {
            Some(known) => Some(known.label(self.language)),
            None => self.description.and_then(|texts| texts.name(self.language)),
        };
        told.unwrap_or(self.vct).to_owned()
    }

    /// What to call the claim at `location`; its path, if nothing better is known.
    pub(crate) fn claim(&self, location: &Location) -> String {
        let told = match self.known {
            Some(known) => self.known_claim(known, location),
            None => self.description.and_then(|texts| texts.claim(location, self.language)),
        };
        told.unwrap_or_else(|| Dotted(location).to_string())
    }

    fn known_claim(&self, known: CredentialType, location: &Location) -> Option<String> {
        let name = claim_name(location);
        let label = known.claim(&name)?.label(self.language);
        // A member of `valid_in_year` is told from the others by its year.
        Some(match name.strip_prefix("valid_in_year.") {
            None => label.to_owned(),
            Some(year) => format!("{label} {year}"),
        })
    }
}

/// How well the claim ties together what different verifiers have seen. Of an unknown one nothing good is assumed.
pub(crate) fn linkage(vct: &str, claim: &ShownClaim) -> Linkage {
    let spec =
        CredentialType::from_vct(vct).and_then(|known| known.claim(&claim_name(claim.location())));
    spec.map_or(Linkage::QuasiIdentifier, |spec| spec.linkage())
}

/// What these claims show besides themselves; `None` if the type is not known, so that nobody can tell.
pub(crate) fn implied(vct: &str, chosen: &[ShownClaim]) -> Option<BTreeSet<Fact>> {
    let known = CredentialType::from_vct(vct)?;
    let names: Vec<String> = chosen.iter().map(|claim| claim_name(claim.location())).collect();
    let shown = names.iter().zip(chosen).map(|(name, claim)| {
        claim.value().expose().as_bool().map_or(Shown::claim(name), |yes| Shown::answer(name, yes))
    });
    Some(closure(known, &shown.collect::<Vec<_>>()))
}

/// How many facts will be known that are not asked for. Of whoever shows an age, other ages follow; that is no news.
pub(crate) fn beyond_asked(chosen: &[ShownClaim], implied: &[Fact]) -> usize {
    let age_asked =
        chosen.iter().any(|claim| claim_name(claim.location()).starts_with("age_equal_or_over"));
    let news = |fact: &&Fact| {
        !(age_asked && (fact.id().starts_with("at_least.") || fact.id().starts_with("under.")))
    };
    implied.iter().filter(news).count()
}

/// Less that would do, if it is what the purpose needs.
pub(crate) fn smaller(vct: &str, chosen: &[ShownClaim]) -> Option<Suggestion> {
    let names: Vec<String> = chosen.iter().map(|claim| claim_name(claim.location())).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    smaller_proof(CredentialType::from_vct(vct)?, &names)
}

/// The name under which the type knows a claim: names with dots between them, positions left out.
fn claim_name(location: &[PathSegment]) -> String {
    let names = location.iter().filter_map(|segment| match segment {
        PathSegment::Name(name) => Some(name.as_str()),
        PathSegment::Index(_) | PathSegment::Wildcard => None,
    });
    names.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_type_under_its_test_name_and_under_any_base() {
        for known in CredentialType::ALL {
            assert_eq!(CredentialType::from_vct(known.default_vct()), Some(known));
            assert_eq!(
                CredentialType::from_vct(&known.vct_under("https://a.example/vct/mx")),
                Some(known)
            );
        }
        for vct in ["", "age", "/age/1", "https://age/1", "https://a.example/age/2", "urn:x:age:1"]
        {
            assert_eq!(CredentialType::from_vct(vct), None, "{vct}");
        }
    }

    #[test]
    fn labels_what_it_knows_and_names_the_path_of_the_rest() {
        let at =
            |names: &[&str]| names.iter().map(|n| PathSegment::Name((*n).to_owned())).collect();
        let words = |vct, language| Words {
            vct,
            known: CredentialType::from_vct(vct),
            description: None,
            language,
        };
        let ine = CredentialType::Ine.default_vct();
        assert_eq!(words(ine, Language::EsMx).claim(&at(&["curp"])), "CURP");
        let year = words(ine, Language::En).claim(&at(&["valid_in_year", "2030"]));
        assert_eq!(year, "Valid in the year 2030");
        assert_eq!(words(ine, Language::En).claim(&at(&["more", "less"])), "more.less");
        assert_eq!(words("urn:x", Language::En).claim(&at(&["curp"])), "curp");
        assert_eq!(words("urn:x", Language::En).credential(), "urn:x");
    }
}
