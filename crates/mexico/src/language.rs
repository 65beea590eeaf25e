//! The languages in which labels and explanations are written.

/// A language of the labels this crate carries.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Language {
    /// English.
    En,
    /// Spanish as written in Mexico.
    EsMx,
}

impl Language {
    /// The BCP 47 tag, as in the `locale` members of SD-JWT VC type metadata.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::EsMx => "es-MX",
        }
    }

    pub(crate) const fn pick(self, es: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::En => en,
            Self::EsMx => es,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_tag() {
        assert_eq!(Language::EsMx.tag(), "es-MX");
        assert_eq!(Language::En.tag(), "en");
    }
}
