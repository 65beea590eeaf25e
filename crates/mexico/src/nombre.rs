//! One part of a person's name: the given names, or one surname.

use core::str::FromStr;

use crate::{Error, fold, redacted::redacted_debug};

/// Given names, or one surname, as the civil registry wrote them.
///
/// One to [`Nombre::MAX_CHARS`] characters of the Latin alphabet with any accents, Ñ, single
/// spaces, and `' - . /`. The text is kept as given: upper case and accents are not changed.
///
/// ```
/// # use llavero_mexico::Nombre;
/// let nombre: Nombre = "María de los Ángeles".parse()?;
/// assert_eq!(nombre.expose(), "María de los Ángeles");
/// assert_eq!(format!("{nombre:?}"), "Nombre { .. }");
/// # Ok::<(), llavero_mexico::Error>(())
/// ```
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Nombre {
    text: String,
}

redacted_debug!(Nombre);

/// Why a name was refused.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum NombreFault {
    /// A character that no rule maps to a letter.
    Charset,
    /// No letter at all.
    Empty,
    /// More than [`Nombre::MAX_CHARS`] characters.
    Length,
    /// A space at either end, or two in a row.
    Spacing,
}

impl NombreFault {
    /// The stable name of the fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Charset => "name_charset",
            Self::Empty => "name_empty",
            Self::Length => "name_length",
            Self::Spacing => "name_spacing",
        }
    }
}

impl Nombre {
    /// Twice what the INE card has room for: enough for any real name, small enough to be safe.
    pub const MAX_CHARS: usize = 100;

    /// The name itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The name in the letters identifiers use.
    pub(crate) fn folded(&self) -> String {
        fold::fold(&self.text)
    }
}

impl FromStr for Nombre {
    type Err = Error;

    /// Takes a name as written, changing nothing.
    ///
    /// # Errors
    /// [`Error::Nombre`], with the fault and never the name.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |fault| Err(Error::Nombre { field: "nombre", fault });
        // A character is at most four bytes: longer texts need not be walked.
        if text.len() > Self::MAX_CHARS * 4 || text.chars().count() > Self::MAX_CHARS {
            return refuse(NombreFault::Length);
        }
        if !text.chars().all(fold::is_foldable) {
            return refuse(NombreFault::Charset);
        }
        if !fold::fold(text).contains(|c: char| c.is_alphabetic()) {
            return refuse(NombreFault::Empty);
        }
        if text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
            return refuse(NombreFault::Spacing);
        }
        Ok(Self { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<NombreFault> {
        match text.parse::<Nombre>() {
            Err(Error::Nombre { fault, .. }) => Some(fault),
            Ok(_) => None,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn refuses_what_is_not_a_name() {
        assert_eq!(fault(""), Some(NombreFault::Empty));
        assert_eq!(fault("- ."), Some(NombreFault::Empty));
        assert_eq!(fault("\u{301}"), Some(NombreFault::Empty));
        assert_eq!(fault("IRENE2"), Some(NombreFault::Charset));
        assert_eq!(fault("Ирина"), Some(NombreFault::Charset));
        assert_eq!(fault("IRENE\u{202E}"), Some(NombreFault::Charset));
    }

    #[test]
    fn refuses_stray_spaces() {
        for text in [" IRENE", "IRENE ", "MARIA  IRENE"] {
            assert_eq!(fault(text), Some(NombreFault::Spacing), "{text}");
        }
    }

    #[test]
    fn refuses_one_character_past_the_limit() {
        assert_eq!(fault(&"Ñ".repeat(Nombre::MAX_CHARS)), None);
        assert_eq!(fault(&"Ñ".repeat(Nombre::MAX_CHARS + 1)), Some(NombreFault::Length));
    }
}
