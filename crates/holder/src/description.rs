//! What type metadata says about a credential, as far as a wallet has a use for it: kept with the batch when it is
//! received, because the documents are on a trust list that a wallet does not carry about.
//!
//! The texts are an issuer's. They were let through by the engine, which bounds them and refuses what deceives the eye.

use llavero_core::path::{Dotted, Location};
use llavero_core::type_metadata::{ClaimMetadata, TypeMetadata};
use llavero_core::{PathSegment, Verified};
use llavero_mexico::{CredentialType, Language};
use serde::{Deserialize, Serialize};

/// Labels of a type and its claims, and the types that it extends.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Description {
    name: Option<Texts>,
    claims: Vec<ClaimTexts>,
    extends: Vec<String>,
}

/// A text in each of the wallet's languages, or the best there was instead.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    es: String,
    en: String,
}

/// What the claims at a path are called.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ClaimTexts {
    path: Vec<Step>,
    label: Texts,
}

/// One part of a path, as JSON has it: a name, an index, or `null` for all elements.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
enum Step {
    Name(String),
    Index(usize),
    Wildcard(()),
}

impl Texts {
    /// The best text for each language, each the other's substitute before any third.
    fn new<'t>(best: impl Fn(&[&str]) -> Option<&'t str>) -> Option<Self> {
        let (es, en) = (Language::EsMx.tag(), Language::En.tag());
        Some(Self { es: best(&[es, en])?.to_owned(), en: best(&[en, es])?.to_owned() })
    }

    fn pick(&self, language: Language) -> &str {
        if language == Language::EsMx { &self.es } else { &self.en }
    }
}

impl Description {
    /// What `metadata` says of this credential; `None` if it is nothing that a wallet has a use for. The Mexican types
    /// have words of their own, which an issuer cannot change.
    pub(crate) fn new(metadata: &TypeMetadata, credential: &Verified) -> Option<Self> {
        let extends: Vec<String> =
            metadata.types().iter().skip(1).filter(|vct| metadata.is_type(vct)).cloned().collect();
        if CredentialType::from_vct(metadata.vct()).is_some() {
            let (name, claims) = (None, Vec::new());
            return (!extends.is_empty()).then_some(Self { name, claims, extends });
        }
        let name = Texts::new(|locales| Some(&metadata.display(locales)?.name));
        let there = |claim: &&ClaimMetadata| credential.select(&claim.path).is_ok();
        let claims = metadata.claims().iter().filter(there).filter_map(|claim| {
            let path = claim.path.segments();
            let label = Texts::new(|locales| Some(&metadata.claim_display(path, locales)?.label))?;
            Some(ClaimTexts { path: path.iter().map(Step::new).collect(), label })
        });
        Some(Self { name, claims: claims.collect(), extends })
    }

    /// What to call the type.
    pub(crate) fn name(&self, language: Language) -> Option<&str> {
        self.name.as_ref().map(|name| name.pick(language))
    }

    /// Whether the type extends this one, directly or not.
    pub(crate) fn extends(&self, vct: &str) -> bool {
        self.extends.iter().any(|ancestor| ancestor == vct)
    }

    /// What to call the claim at `location`. Where only something that holds it has a label: that label, and the names
    /// from there on.
    pub(crate) fn claim(&self, location: &[PathSegment], language: Language) -> Option<String> {
        let reaching = self.claims.iter().filter(|claim| claim.reaches(location));
        let nearest = reaching.max_by_key(|claim| claim.precision())?;
        let label = nearest.label.pick(language);
        let names = location.iter().skip(nearest.path.len());
        let names: Location =
            names.filter(|segment| matches!(segment, PathSegment::Name(_))).cloned().collect();
        Some(if names.is_empty() {
            label.to_owned()
        } else {
            format!("{label} › {}", Dotted(&names))
        })
    }
}

impl ClaimTexts {
    /// Whether the path leads to the location, or to what holds it.
    fn reaches(&self, location: &[PathSegment]) -> bool {
        self.path.len() <= location.len()
            && self.path.iter().zip(location).all(|(step, segment)| step.takes(segment))
    }

    /// How exactly the path says what it means: by its length, then by how much of it is not a wildcard.
    fn precision(&self) -> (usize, usize) {
        let exact = |step: &&Step| !matches!(step, Step::Wildcard(()));
        (self.path.len(), self.path.iter().filter(exact).count())
    }
}

impl Step {
    fn new(segment: &PathSegment) -> Self {
        match segment {
            PathSegment::Name(name) => Self::Name(name.clone()),
            PathSegment::Index(index) => Self::Index(*index),
            PathSegment::Wildcard => Self::Wildcard(()),
        }
    }

    fn takes(&self, segment: &PathSegment) -> bool {
        match (self, segment) {
            (Self::Name(own), PathSegment::Name(name)) => own == name,
            (Self::Index(own), PathSegment::Index(index)) => own == index,
            (Self::Wildcard(()), PathSegment::Index(_)) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description() -> Description {
        let text = r#"{
            "name": { "es": "Carnet", "en": "Card" },
            "claims": [
                { "path": ["folio"], "label": { "es": "Folio", "en": "Number" } },
                { "path": ["domicilio"], "label": { "es": "Domicilio", "en": "Address" } },
                { "path": ["idiomas", null], "label": { "es": "Idioma", "en": "Language" } },
                { "path": ["idiomas", 0], "label": { "es": "Idioma materno", "en": "First language" } }
            ],
            "extends": ["urn:example:carnet"]
        }"#;
        serde_json::from_str(text).unwrap()
    }

    fn label(path: &str, language: Language) -> Option<String> {
        let path = llavero_core::ClaimPath::parse_dotted(path).unwrap();
        description().claim(path.segments(), language)
    }

    #[test]
    fn a_claim_is_called_by_the_nearest_and_most_exact_path() {
        for (path, es) in [
            ("folio", Some("Folio")),
            ("domicilio", Some("Domicilio")),
            ("domicilio.calle", Some("Domicilio › calle")),
            ("domicilio.calle[2].número", Some("Domicilio › calle.número")),
            ("domicilio[2]", Some("Domicilio")),
            ("idiomas[0]", Some("Idioma materno")),
            ("idiomas[1]", Some("Idioma")),
            ("idiomas", None),
            ("idiomas.uno", None),
            ("otro", None),
        ] {
            assert_eq!(label(path, Language::EsMx).as_deref(), es, "{path}");
        }
        assert_eq!(label("folio", Language::En).as_deref(), Some("Number"));
        assert_eq!(description().name(Language::EsMx), Some("Carnet"));
    }

    #[test]
    fn what_is_kept_reads_back_the_same() {
        let kept = serde_json::to_value(description()).unwrap();
        let again: Description = serde_json::from_value(kept.clone()).unwrap();
        assert_eq!(serde_json::to_value(again).unwrap(), kept);
        assert_eq!(kept["claims"][2]["path"], serde_json::json!(["idiomas", null]));
    }

    #[test]
    fn a_type_extends_what_was_kept_and_nothing_else() {
        assert!(description().extends("urn:example:carnet"));
        assert!(!description().extends("urn:example:Carnet") && !description().extends(""));
    }
}
