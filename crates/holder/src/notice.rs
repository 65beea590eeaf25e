//! What the person is told before they decide, besides what is shown: warnings, and what this technique cannot do.

use llavero_mexico::Language;
use llavero_mexico::implied::Suggestion;

/// A reason to think twice about a request.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// A claim is asked for that names one person or one card for ever.
    HighLinkage {
        /// What the claim is called.
        label: String,
    },
    /// More will be known than is asked for.
    ImpliedBeyondAsked {
        /// How many facts more.
        facts: usize,
    },
    /// The credential's type is not known, so nobody can say what is implied.
    ImpliedUnknown {
        /// What the type is called.
        credential: String,
    },
    /// This uses the last copy of a credential.
    LastCopy {
        /// What the credential is called.
        credential: String,
    },
    /// Nobody vouches for who asks, nor for the purpose they give.
    RequesterUnverified,
    /// Another proof shows less, if it is enough for the purpose.
    SmallerProof {
        /// What would do.
        suggestion: Suggestion,
    },
}

impl Warning {
    /// A name that apps, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::HighLinkage { .. } => "high_linkage",
            Self::ImpliedBeyondAsked { .. } => "implied_beyond_asked",
            Self::ImpliedUnknown { .. } => "implied_unknown",
            Self::LastCopy { .. } => "last_copy",
            Self::RequesterUnverified => "requester_unverified",
            Self::SmallerProof { .. } => "smaller_proof",
        }
    }

    /// A sentence to show.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let spanish = language == Language::EsMx;
        match self {
            Self::HighLinkage { label } if spanish => format!(
                "«{label}» le identifica para siempre: quienes lo reciban pueden reunir lo que sepan de usted."
            ),
            Self::HighLinkage { label } => format!(
                "“{label}” identifies you for ever: all who receive it can join what they know about you."
            ),
            Self::ImpliedBeyondAsked { facts } if spanish => {
                format!("Además de lo que se pide se sabrá más (datos en la lista: {facts}).")
            }
            Self::ImpliedBeyondAsked { facts } => {
                format!("More will be known than is asked for (facts in the list: {facts}).")
            }
            Self::ImpliedUnknown { credential } if spanish => format!(
                "No se conoce el tipo «{credential}»: no se puede decir qué más revelan sus datos."
            ),
            Self::ImpliedUnknown { credential } => format!(
                "The type “{credential}” is not known: what else its data reveal cannot be told."
            ),
            Self::LastCopy { credential } if spanish => format!(
                "Es la última copia de «{credential}». Para volver a usarla, pida más al emisor."
            ),
            Self::LastCopy { credential } => format!(
                "This is the last copy of “{credential}”. To use it again, ask the issuer for more."
            ),
            Self::RequesterUnverified if spanish => {
                "Nadie ha comprobado quién pide los datos ni para qué los usará.".to_owned()
            }
            Self::RequesterUnverified => {
                "Nobody has checked who asks for the data, nor what they will use it for."
                    .to_owned()
            }
            Self::SmallerProof { suggestion } => suggestion.why(language).to_owned(),
        }
    }
}

/// Something that a presentation does not protect from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum NotProtected {
    /// An issuer and a verifier that work together recognise the copy that one made and the other saw.
    IssuerWithVerifier,
    /// The network, the place and the time of a presentation.
    Surroundings,
    /// The values themselves: whoever receives the same ones can compare them.
    ValuesShown,
}

impl NotProtected {
    /// Everything that no presentation protects from.
    pub const ALL: [Self; 3] = [Self::IssuerWithVerifier, Self::Surroundings, Self::ValuesShown];

    /// A name that apps, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::IssuerWithVerifier => "issuer_with_verifier",
            Self::Surroundings => "surroundings",
            Self::ValuesShown => "values_shown",
        }
    }

    /// A sentence to show.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::IssuerWithVerifier, Language::EsMx) => {
                "Si el emisor y quien recibe los datos se ponen de acuerdo, pueden saber que fue usted."
            }
            (Self::IssuerWithVerifier, _) => {
                "If the issuer and the recipient work together, they can tell that it was you."
            }
            (Self::Surroundings, Language::EsMx) => {
                "La red, el lugar y la hora pueden delatarle aunque los datos no lo hagan."
            }
            (Self::Surroundings, _) => {
                "Network, place and time can give you away even where the data do not."
            }
            (Self::ValuesShown, Language::EsMx) => {
                "Quienes reciban los mismos datos pueden compararlos entre sí."
            }
            (Self::ValuesShown, _) => "All who receive the same data can compare them.",
        }
    }
}
