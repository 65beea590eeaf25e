//! The type metadata document of a credential type (SD-JWT VC §5).
//!
//! Written by hand, a claim on each line, and not through a map: the hash of the text stands in credentials
//! (`vct#integrity`), so neither a feature of a dependency nor its next version may move a byte.

use serde_json::Value;

use super::{ClaimSpec, CredentialType, DigestLevel, Spread, Visibility};
use crate::Language;

const LANGUAGES: [Language; 2] = [Language::EsMx, Language::En];

/// Says what a path cannot: it has no wildcard for names.
const fn about_years(language: Language) -> &'static str {
    language.pick(
        "Un dato por año, con el año de cuatro cifras por nombre; cada uno se muestra o no por \
         separado.",
        "One claim for each year, named by its four digits, each shown or not on its own.",
    )
}

impl CredentialType {
    /// The type metadata document of this type under the name `vct` (SD-JWT VC §5): what it and each of its claims is
    /// called in Spanish and English, which claims every credential has, and which its holder can hide.
    ///
    /// The text is the same, byte for byte, while [`VERSION`](Self::VERSION) is, and ends with a line feed. Publish
    /// exactly these bytes: `vct#integrity` is their hash (§6).
    ///
    /// A container stands in front of what it holds: it is in every credential and cannot be hidden, each thing in it
    /// can. The members of `valid_in_year` are named by years, which a claim path cannot name; the description of
    /// their container tells of them.
    #[must_use]
    pub fn type_metadata(self, vct: &str) -> String {
        let display = LANGUAGES.map(|language| {
            format!(
                "    {{\"locale\":{},\"name\":{},\"description\":{}}}",
                quoted(language.tag()),
                quoted(self.label(language)),
                quoted(self.description(language)),
            )
        });
        format!(
            "{{\n  \"vct\": {},\n  \"name\": {},\n  \"description\": {},\n  \"display\": [\n{}\n  \
             ],\n  \"claims\": [\n{}\n  ]\n}}\n",
            quoted(vct),
            quoted(self.label(Language::En)),
            quoted(self.description(Language::En)),
            display.join(",\n"),
            self.lines().join(",\n"),
        )
    }

    /// The claims in the order of the table, each container in front of the first thing in it.
    fn lines(self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut containers: Vec<_> = self.levels().iter().collect();
        for claim in self.claims() {
            let holds = |level: &mut &DigestLevel| {
                level.label.is_some() && claim.path().starts_with(level.path)
            };
            lines.extend(containers.extract_if(.., holds).map(container));
            lines.push(line(claim));
        }
        lines
    }
}

fn container(level: &DigestLevel) -> String {
    let display = |language| (level.label(language).unwrap_or_default(), None);
    entry(level.path, false, display, true, Visibility::Open)
}

fn line(claim: &ClaimSpec) -> String {
    let label = |language| claim.label(language);
    match claim.spread() {
        Spread::One | Spread::EachElement => entry(
            claim.path(),
            claim.each_element(),
            |language| (label(language), None),
            !claim.is_optional(),
            claim.visibility(),
        ),
        // The container, which is always there; see `about_years`.
        Spread::EachYear => entry(
            claim.path(),
            false,
            |language| (label(language), Some(about_years(language))),
            true,
            Visibility::Open,
        ),
    }
}

/// One member of `claims`; `display` gives its label and description.
fn entry(
    path: &[&str],
    each_element: bool,
    display: impl Fn(Language) -> (&'static str, Option<&'static str>),
    mandatory: bool,
    visibility: Visibility,
) -> String {
    let mut path: Vec<String> = path.iter().map(|member| quoted(member)).collect();
    if each_element {
        path.push("null".to_owned());
    }
    let display = LANGUAGES.map(|language| {
        let (label, description) = display(language);
        let description = description
            .map(|text| format!(",\"description\":{}", quoted(text)))
            .unwrap_or_default();
        let locale = quoted(language.tag());
        format!("{{\"locale\":{locale},\"label\":{}{description}}}", quoted(label))
    });
    // `allowed` would leave it open whether a claim can be hidden (§5.6.4).
    let sd = match visibility {
        Visibility::Disclosable => "always",
        Visibility::Open => "never",
    };
    format!(
        "    {{\"path\":[{}],\"display\":[{}],\"mandatory\":{mandatory},\"sd\":\"{sd}\"}}",
        path.join(","),
        display.join(","),
    )
}

/// The text as JSON.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn document(credential_type: CredentialType) -> Value {
        serde_json::from_str(&credential_type.type_metadata("urn:example:a")).unwrap()
    }

    /// The entries by path.
    fn entries(credential_type: CredentialType) -> BTreeMap<String, Value> {
        let document = document(credential_type);
        let claims = document["claims"].as_array().unwrap();
        let entries: BTreeMap<_, _> =
            claims.iter().map(|entry| (entry["path"].to_string(), entry.clone())).collect();
        assert_eq!(entries.len(), claims.len(), "a path stands there twice");
        entries
    }

    fn label(entry: &Value, locale: &str) -> String {
        let mut displays = entry["display"].as_array().unwrap().iter();
        let display = displays.find(|display| display["locale"] == locale).unwrap();
        display["label"].as_str().unwrap().to_owned()
    }

    #[test]
    fn every_claim_of_the_table_and_every_container_stands_there_once() {
        for credential_type in CredentialType::ALL {
            let mut entries = entries(credential_type);
            for claim in credential_type.claims() {
                let mut path = Value::from(claim.path());
                if claim.each_element() {
                    path.as_array_mut().unwrap().push(Value::Null);
                }
                let entry = entries.remove(&path.to_string()).unwrap();
                assert_eq!(label(&entry, "es-MX"), claim.label(Language::EsMx));
                assert_eq!(label(&entry, "en"), claim.label(Language::En));
                let of_years = claim.spread() == Spread::EachYear;
                let can_hide = claim.visibility() == Visibility::Disclosable && !of_years;
                assert_eq!(entry["sd"], if can_hide { "always" } else { "never" }, "{path}");
                assert_eq!(entry["mandatory"], !claim.is_optional(), "{path}");
            }
            for level in credential_type.levels().iter().filter(|level| level.label.is_some()) {
                let entry = entries.remove(&Value::from(level.path).to_string()).unwrap();
                assert_eq!(Some(label(&entry, "es-MX").as_str()), level.label(Language::EsMx));
                assert_eq!(Some(label(&entry, "en").as_str()), level.label(Language::En));
                assert_eq!(entry["sd"], "never");
                assert_eq!(entry["mandatory"], true);
            }
            assert!(entries.is_empty(), "{entries:?}");
        }
    }

    #[test]
    fn every_container_has_an_entry() {
        for credential_type in CredentialType::ALL {
            let entries = entries(credential_type);
            for level in credential_type.levels().iter().filter(|level| !level.path.is_empty()) {
                let entry = &entries[&Value::from(level.path).to_string()];
                assert!(!label(entry, "es-MX").is_empty() && !label(entry, "en").is_empty());
            }
        }
    }

    #[test]
    fn what_a_person_may_lack_is_not_mandatory() {
        let ine = entries(CredentialType::Ine);
        for path in [r#"["segundo_apellido"]"#, r#"["address","locality"]"#, r#"["picture"]"#] {
            assert_eq!(ine[path]["mandatory"], false, "{path}");
        }
        let curp = entries(CredentialType::Curp);
        assert_eq!(curp[r#"["nationalities",null]"#]["mandatory"], false);
        assert_eq!(curp[r#"["nationalities"]"#]["mandatory"], true);
    }

    #[test]
    fn what_an_issuer_may_leave_out_is_not_mandatory() {
        for credential_type in CredentialType::ALL {
            let entries = entries(credential_type);
            assert_eq!(entries[r#"["vct#integrity"]"#]["mandatory"], false);
            assert_eq!(entries[r#"["exp"]"#]["mandatory"], true);
        }
    }

    #[test]
    fn a_name_with_quotes_stays_a_name() {
        let text = CredentialType::Age.type_metadata("urn:example:\"\\\n");
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["vct"], "urn:example:\"\\\n");
        assert!(text.ends_with("}\n") && !text.contains('\r'));
    }
}
