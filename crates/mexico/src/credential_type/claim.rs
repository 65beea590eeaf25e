//! One claim of a credential type.

use crate::Language;

/// What a credential type says about one claim.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ClaimSpec {
    path: &'static [&'static str],
    visibility: Visibility,
    optional: bool,
    spread: Spread,
    linkage: Linkage,
    es: &'static str,
    en: &'static str,
}

/// Who decides whether a claim is seen.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Visibility {
    /// The holder: SD-JWT VC type metadata `sd: always`.
    Disclosable,
    /// Nobody: it is in every presentation. `sd: never`.
    Open,
}

/// How far one line of the table reaches.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Spread {
    /// Each element of the array at the path is a claim of its own.
    EachElement,
    /// Each member of the object at the path, named by a year, is a claim of its own.
    EachYear,
    /// The claim at the path.
    One,
}

/// How well a claim ties together what different verifiers have seen.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Linkage {
    /// Shared by very many people.
    Low,
    /// Shared by few people, or together with others by nobody else.
    QuasiIdentifier,
    /// Names one person or one card for ever.
    High,
}

impl ClaimSpec {
    /// The members from the top of the payload.
    #[must_use]
    pub const fn path(&self) -> &'static [&'static str] {
        self.path
    }

    /// The path with dots between its members.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.join(".")
    }

    /// Who decides whether it is seen.
    #[must_use]
    pub const fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// Whether some credentials of the type lack it. A decoy stands in for a disclosable one; whether an open one is
    /// there depends on the issuer, not on the person.
    #[must_use]
    pub const fn is_optional(&self) -> bool {
        self.optional
    }

    /// How far this line reaches.
    #[must_use]
    pub const fn spread(&self) -> Spread {
        self.spread
    }

    /// Whether each element of an array is a claim of its own.
    #[must_use]
    pub const fn each_element(&self) -> bool {
        matches!(self.spread, Spread::EachElement)
    }

    /// How well it links.
    #[must_use]
    pub const fn linkage(&self) -> Linkage {
        self.linkage
    }

    /// What to call it.
    #[must_use]
    pub const fn label(&self, language: Language) -> &'static str {
        language.pick(self.es, self.en)
    }

    /// Whether a name with dots means this claim.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let is_path = |name: &str| name.split('.').eq(self.path.iter().copied());
        let of_a_year = || {
            let (object, year) = name.rsplit_once('.')?;
            let is_year = year.len() == 4 && crate::ascii::all_digits(year.as_bytes());
            Some(is_year && is_path(object))
        };
        is_path(name) || (self.spread == Spread::EachYear && of_a_year() == Some(true))
    }

    pub(super) const fn open(
        path: &'static [&'static str],
        es: &'static str,
        en: &'static str,
    ) -> Self {
        Self {
            path,
            visibility: Visibility::Open,
            optional: false,
            spread: Spread::One,
            linkage: Linkage::Low,
            es,
            en,
        }
    }

    pub(super) const fn hidden(
        path: &'static [&'static str],
        es: &'static str,
        en: &'static str,
    ) -> Self {
        Self { visibility: Visibility::Disclosable, ..Self::open(path, es, en) }
    }

    pub(super) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    pub(super) const fn quasi(self) -> Self {
        Self { linkage: Linkage::QuasiIdentifier, ..self }
    }

    pub(super) const fn high(self) -> Self {
        Self { linkage: Linkage::High, ..self }
    }

    pub(super) const fn spread_over(self, spread: Spread) -> Self {
        Self { spread, ..self }
    }
}

/// The claims that more than one type has.
pub(super) mod shared {
    use super::{ClaimSpec, Linkage};

    pub(in super::super) const VCT: ClaimSpec =
        ClaimSpec::open(&["vct"], "Tipo de credencial", "Credential type");
    pub(in super::super) const VCT_INTEGRITY: ClaimSpec = ClaimSpec::open(
        &["vct#integrity"],
        "Huella de la definición del tipo",
        "Digest of the type's definition",
    )
    .optional();
    pub(in super::super) const ISS: ClaimSpec =
        ClaimSpec::open(&["iss"], "Emisor", "Issuer").optional();
    pub(in super::super) const NBF: ClaimSpec =
        ClaimSpec::open(&["nbf"], "Válida desde", "Valid from");
    pub(in super::super) const EXP: ClaimSpec =
        ClaimSpec::open(&["exp"], "Válida hasta", "Valid until");
    // A key and a status position differ in every copy: they link the uses of one copy.
    pub(in super::super) const CNF: ClaimSpec = ClaimSpec {
        linkage: Linkage::QuasiIdentifier,
        ..ClaimSpec::open(&["cnf"], "Llave del titular", "Holder's key")
    };
    pub(in super::super) const STATUS: ClaimSpec = ClaimSpec {
        linkage: Linkage::QuasiIdentifier,
        ..ClaimSpec::open(
            &["status"],
            "Posición en la lista de estado",
            "Position in the status list",
        )
        .optional()
    };
    pub(in super::super) const ISSUING_COUNTRY: ClaimSpec =
        ClaimSpec::open(&["issuing_country"], "País emisor", "Issuing country");

    pub(in super::super) const GIVEN_NAME: ClaimSpec =
        ClaimSpec::hidden(&["given_name"], "Nombre(s)", "Given names").quasi();
    pub(in super::super) const FAMILY_NAME: ClaimSpec =
        ClaimSpec::hidden(&["family_name"], "Apellidos", "Surnames").quasi();
    pub(in super::super) const PRIMER_APELLIDO: ClaimSpec =
        ClaimSpec::hidden(&["primer_apellido"], "Primer apellido", "First surname").quasi();
    pub(in super::super) const SEGUNDO_APELLIDO: ClaimSpec =
        ClaimSpec::hidden(&["segundo_apellido"], "Segundo apellido", "Second surname")
            .quasi()
            .optional();
    pub(in super::super) const BIRTHDATE: ClaimSpec =
        ClaimSpec::hidden(&["birthdate"], "Fecha de nacimiento", "Date of birth").quasi();
    pub(in super::super) const SEX: ClaimSpec =
        ClaimSpec::hidden(&["sex"], "Sexo (número)", "Sex (number)");
    pub(in super::super) const SEXO: ClaimSpec = ClaimSpec::hidden(&["sexo"], "Sexo", "Sex");
    pub(in super::super) const CURP: ClaimSpec =
        ClaimSpec::hidden(&["curp"], "CURP", "CURP").high();
    pub(in super::super) const ISSUING_AUTHORITY: ClaimSpec =
        ClaimSpec::hidden(&["issuing_authority"], "Autoridad emisora", "Issuing authority")
            .optional();
    pub(in super::super) const DATE_OF_ISSUANCE: ClaimSpec =
        ClaimSpec::hidden(&["date_of_issuance"], "Fecha de expedición", "Date of issuance")
            .quasi()
            .optional();
    pub(in super::super) const DATE_OF_EXPIRY: ClaimSpec =
        ClaimSpec::hidden(&["date_of_expiry"], "Vigencia", "Date of expiry").quasi();
    // A face is found again by machines.
    pub(in super::super) const PICTURE: ClaimSpec =
        ClaimSpec::hidden(&["picture"], "Fotografía", "Portrait").high().optional();

    pub(in super::super) const AGE_12: ClaimSpec =
        ClaimSpec::hidden(&["age_equal_or_over", "12"], "Tiene 12 años o más", "Is 12 or older");
    pub(in super::super) const AGE_15: ClaimSpec =
        ClaimSpec::hidden(&["age_equal_or_over", "15"], "Tiene 15 años o más", "Is 15 or older");
    pub(in super::super) const AGE_16: ClaimSpec =
        ClaimSpec::hidden(&["age_equal_or_over", "16"], "Tiene 16 años o más", "Is 16 or older");
    pub(in super::super) const AGE_18: ClaimSpec =
        ClaimSpec::hidden(&["age_equal_or_over", "18"], "Tiene 18 años o más", "Is 18 or older");
    pub(in super::super) const AGE_21: ClaimSpec =
        ClaimSpec::hidden(&["age_equal_or_over", "21"], "Tiene 21 años o más", "Is 21 or older");
    pub(in super::super) const AGE_60: ClaimSpec =
        ClaimSpec::hidden(&["age_equal_or_over", "60"], "Tiene 60 años o más", "Is 60 or older");
    pub(in super::super) const AGE_65: ClaimSpec =
        ClaimSpec::hidden(&["age_equal_or_over", "65"], "Tiene 65 años o más", "Is 65 or older");
}
