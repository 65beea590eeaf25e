//! The credential types `curp`, `ine` and `age`, as data.
//!
//! Every claim about a person is disclosable on its own. What is always visible is the same for
//! everybody, or random. Each level has a **constant number of digests**: the issuer puts a decoy
//! where a person lacks a claim, so that the count does not tell who has one surname, no portrait
//! or a hidden address. Containers ([`Container`]) are always there, empty or not.
//!
//! None of the types has `sub`, `jti` or `iat`: each would be a handle on the person or the issue.

use crate::{Error, Language};

mod age;
mod claim;
mod curp;
mod ine;
mod metadata;

pub use claim::{ClaimSpec, Linkage, Spread, Visibility};

/// A kind of credential.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum CredentialType {
    /// Answers "at least so old?" and holds nothing else.
    Age,
    /// What the civil registry and RENAPO know.
    Curp,
    /// What an INE card says. Holding one shows an adult Mexican citizen, disclosed or not.
    Ine,
}

/// A place in the payload that holds digests.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct DigestLevel {
    /// Where; empty for the top of the payload.
    pub path: &'static [&'static str],
    /// What is there.
    pub container: Container,
    /// How many digests it holds, decoys included, in every credential of this type.
    pub digests: usize,
    label: Option<(&'static str, &'static str)>,
}

/// What holds digests.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Container {
    /// An array whose elements are replaced by digests.
    Array,
    /// An object with an `_sd` array.
    Object,
}

impl CredentialType {
    /// Every type. Asking for `age` shows least, for `ine` most.
    pub const ALL: [Self; 3] = [Self::Age, Self::Curp, Self::Ine];

    /// The short name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Curp => "curp",
            Self::Ine => "ine",
        }
    }

    /// The `vct` of tests and examples. A deployment uses a name under its own domain; this crate
    /// is no authority and uses no name of one.
    #[must_use]
    pub const fn default_vct(self) -> &'static str {
        match self {
            Self::Age => "urn:example:mx:age:1",
            Self::Curp => "urn:example:mx:curp:1",
            Self::Ine => "urn:example:mx:ine:1",
        }
    }

    /// The `vct` of a deployment whose base is, for instance, `https://issuer.example/vct/mx`.
    #[must_use]
    pub fn vct_under(self, base: &str) -> String {
        format!("{}/{}/{}", base.trim_end_matches('/'), self.name(), Self::VERSION)
    }

    /// The type behind a `vct`: the name of tests, or one that [`vct_under`](Self::vct_under) makes
    /// for a base of `https`. It says which words to use; who may issue under the name is for a
    /// list of trusted issuers to say.
    #[must_use]
    pub fn from_vct(vct: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| {
            let under_a_base = || {
                let (rest, version) = vct.strip_prefix("https://")?.rsplit_once('/')?;
                let (base, name) = rest.rsplit_once('/')?;
                let right = name == known.name() && version == Self::VERSION.to_string();
                Some(right && !base.is_empty())
            };
            vct == known.default_vct() || under_a_base() == Some(true)
        })
    }

    /// The version of the claim tables. It changes with any claim or count.
    pub const VERSION: u32 = 1;

    /// Every claim, the always visible ones first.
    #[must_use]
    pub const fn claims(self) -> &'static [ClaimSpec] {
        match self {
            Self::Age => age::CLAIMS,
            Self::Curp => curp::CLAIMS,
            Self::Ine => ine::CLAIMS,
        }
    }

    /// Every level that holds digests, the top of the payload first.
    #[must_use]
    pub const fn levels(self) -> &'static [DigestLevel] {
        match self {
            Self::Age => age::LEVELS,
            Self::Curp => curp::LEVELS,
            Self::Ine => ine::LEVELS,
        }
    }

    /// The claim with this name: the members of its path with dots between them. The members of
    /// `valid_in_year` are found by any year of four digits.
    #[must_use]
    pub fn claim(self, name: &str) -> Option<&'static ClaimSpec> {
        self.claims().iter().find(|claim| claim.is_named(name))
    }

    /// What to call it.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Age => language.pick("Edad", "Age"),
            Self::Curp => language.pick("CURP y datos de nacimiento", "CURP and birth data"),
            Self::Ine => language.pick("Credencial para votar (INE)", "Voter card (INE)"),
        }
    }

    /// What it says and what having it tells.
    #[must_use]
    pub const fn description(self, language: Language) -> &'static str {
        match self {
            Self::Age => language.pick(
                "Dice si su titular ya cumplió ciertas edades, y nada más.",
                "Says whether its holder has reached certain ages, and nothing else.",
            ),
            Self::Curp => language.pick(
                "Nombre, nacimiento, nacionalidad y CURP, como constan en el registro civil.",
                "Name, birth, nationality and CURP, as the civil registry has them.",
            ),
            Self::Ine => language.pick(
                "Lo que dice una credencial para votar. Mostrarla sin ningún dato ya dice que su \
                 titular es mayor de edad y tiene la ciudadanía mexicana.",
                "What a voter card says. Shown without any claim, it still tells that its holder \
                 is an adult Mexican citizen.",
            ),
        }
    }

    /// The type with this short name.
    ///
    /// # Errors
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|credential_type| credential_type.name() == name);
        found.ok_or(Error::Choice { field: "credential_type" })
    }
}

impl DigestLevel {
    /// What to call the container. The top of the payload has no name; where a claim of the table stands at the same
    /// path, as `valid_in_year` does, its label serves.
    #[must_use]
    pub fn label(&self, language: Language) -> Option<&'static str> {
        self.label.map(|(es, en)| language.pick(es, en))
    }

    const fn top(digests: usize) -> Self {
        Self { path: &[], container: Container::Object, digests, label: None }
    }

    const fn object(path: &'static [&'static str], digests: usize) -> Self {
        Self { path, container: Container::Object, digests, label: None }
    }

    const fn array(path: &'static [&'static str], digests: usize) -> Self {
        Self { path, container: Container::Array, digests, label: None }
    }

    const fn called(self, es: &'static str, en: &'static str) -> Self {
        Self { label: Some((es, en)), ..self }
    }
}

/// Containers that more than one type has.
mod shared {
    use super::DigestLevel;

    pub(super) const fn ages(digests: usize) -> DigestLevel {
        DigestLevel::object(&["age_equal_or_over"], digests)
            .called("Edades cumplidas", "Ages reached")
    }
}

/// How many elements `nationalities` has room for.
pub(crate) const NATIONALITIES: usize = 3;

/// How many years `valid_in_year` answers: that of the issue and the nine after it, as long as a
/// card is valid.
pub(crate) const VALID_IN_YEARS: usize = 10;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The digests per level that the claims themselves call for.
    fn counted(credential_type: CredentialType) -> BTreeMap<Vec<&'static str>, usize> {
        let mut counts = BTreeMap::new();
        for claim in credential_type.claims() {
            if claim.visibility() == Visibility::Open {
                continue;
            }
            let (level, digests) = match (claim.spread(), claim.path().split_last()) {
                (Spread::One, Some((_, parent))) => (parent, 1),
                (Spread::EachElement, _) => (claim.path(), NATIONALITIES),
                (Spread::EachYear, _) => (claim.path(), VALID_IN_YEARS),
                (Spread::One, None) => panic!("a claim without a path"),
            };
            *counts.entry(level.to_vec()).or_default() += digests;
        }
        counts
    }

    #[test]
    fn stated_counts_are_those_of_the_claims() {
        for credential_type in CredentialType::ALL {
            let stated: BTreeMap<_, _> = credential_type
                .levels()
                .iter()
                .map(|level| (level.path.to_vec(), level.digests))
                .collect();
            let mut counted = counted(credential_type);
            // The top level of `age` holds nothing, and says so.
            counted.entry(vec![]).or_default();
            assert_eq!(stated, counted, "{credential_type:?}");
        }
    }

    #[test]
    fn a_vct_is_known_by_its_end_and_nothing_else() {
        for known in CredentialType::ALL {
            assert_eq!(CredentialType::from_vct(known.default_vct()), Some(known));
            let under = known.vct_under("https://agencia.example/vct/mx");
            assert_eq!(CredentialType::from_vct(&under), Some(known));
        }
        for vct in ["", "age", "https://age/1", "https://x/age/2", "http://x/age/1", "urn:x:age:1"]
        {
            assert_eq!(CredentialType::from_vct(vct), None, "{vct}");
        }
    }

    #[test]
    fn names_are_unique_and_found() {
        for credential_type in CredentialType::ALL {
            let names: BTreeSet<_> = credential_type.claims().iter().map(ClaimSpec::name).collect();
            assert_eq!(names.len(), credential_type.claims().len());
            for claim in credential_type.claims() {
                assert_eq!(credential_type.claim(&claim.name()), Some(claim));
                assert!(
                    !claim.label(Language::En).is_empty()
                        && !claim.label(Language::EsMx).is_empty()
                );
            }
        }
    }

    #[test]
    fn refuses_handles_on_the_person() {
        for credential_type in CredentialType::ALL {
            for handle in ["sub", "jti", "iat", "email", "fingerprint", ""] {
                assert_eq!(credential_type.claim(handle), None, "{handle}");
            }
            assert_eq!(CredentialType::from_name(credential_type.name()), Ok(credential_type));
            assert!(credential_type.default_vct().ends_with(&format!(
                "{}:{}",
                credential_type.name(),
                1
            )));
        }
        assert_eq!(
            CredentialType::from_name("INE"),
            Err(Error::Choice { field: "credential_type" })
        );
        assert_eq!(
            CredentialType::Ine.vct_under("https://a.example/vct/mx/"),
            "https://a.example/vct/mx/ine/1"
        );
    }

    #[test]
    fn permanent_identifiers_are_marked() {
        for name in ["curp", "clave_elector", "cic", "id_ciudadano", "ocr"] {
            let claim = CredentialType::Ine.claim(name).unwrap();
            assert_eq!(claim.linkage(), Linkage::High, "{name}");
            assert_eq!(claim.visibility(), Visibility::Disclosable, "{name}");
        }
    }

    #[test]
    fn years_are_found_under_valid_in_year_only() {
        assert!(CredentialType::Ine.claim("valid_in_year.2030").is_some());
        for name in [
            "valid_in_year",
            "valid_in_year.30",
            "valid_in_year.2030.1",
            "seccion.2030",
            "nationalities.0",
        ] {
            let found = CredentialType::Ine.claim(name).or(CredentialType::Curp.claim(name));
            assert_eq!(found.is_some(), name == "valid_in_year", "{name}");
        }
    }
}
