//! What the Mexican credential types say about a claim: its label, how well it links, what it implies.

use std::collections::BTreeSet;

use llavero_core::path::Dotted;
use llavero_core::{PathSegment, path::Location};
use llavero_mexico::implied::{Fact, Shown, Suggestion, closure, smaller_proof};
use llavero_mexico::{CredentialType, Language, Linkage};

use crate::shown::ShownClaim;

/// What to call a credential of this type.
pub(crate) fn credential(vct: &str, language: Language) -> String {
    CredentialType::from_vct(vct)
        .map_or_else(|| vct.to_owned(), |known| known.label(language).to_owned())
}

/// What to call the claim at `location`; its path, if the type is not known or does not have it.
pub(crate) fn claim(vct: &str, location: &Location, language: Language) -> String {
    let name = claim_name(location);
    let spec = CredentialType::from_vct(vct).and_then(|known| known.claim(&name));
    // A member of `valid_in_year` is told from the others by its year.
    let year = name.strip_prefix("valid_in_year.");
    match (spec, year) {
        (None, _) => Dotted(location).to_string(),
        (Some(spec), None) => spec.label(language).to_owned(),
        (Some(spec), Some(year)) => format!("{} {year}", spec.label(language)),
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
        let ine = CredentialType::Ine.default_vct();
        assert_eq!(claim(ine, &at(&["curp"]), Language::EsMx), "CURP");
        assert!(claim(ine, &at(&["valid_in_year", "2030"]), Language::En).ends_with("2030"));
        assert_eq!(claim(ine, &at(&["more", "less"]), Language::En), "more.less");
        assert_eq!(claim("urn:x", &at(&["curp"]), Language::En), "curp");
    }
}
