//! Free text of a record: a street, a municipality, the name of an authority.

use core::str::FromStr;

use crate::{Error, redacted::redacted_debug};

/// A line of text that is safe to show.
///
/// One to [`Texto::MAX_CHARS`] characters, no control characters, none that changes the direction
/// of writing or has no width (they could rearrange what a consent screen says), and no space at
/// either end.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Texto {
    text: String,
}

redacted_debug!(Texto);

/// Why a text was refused.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum TextoFault {
    /// A control or invisible character.
    Charset,
    /// Nothing in it.
    Empty,
    /// More than [`Texto::MAX_CHARS`] characters.
    Length,
    /// A space at either end.
    Spacing,
}

impl TextoFault {
    /// The stable name of the fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Charset => "text_charset",
            Self::Empty => "text_empty",
            Self::Length => "text_length",
            Self::Spacing => "text_spacing",
        }
    }
}

impl Texto {
    /// Longer than any street name; a record is not a place for documents.
    pub const MAX_CHARS: usize = 200;

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl FromStr for Texto {
    type Err = Error;

    /// Takes a text as written, changing nothing.
    ///
    /// # Errors
    /// [`Error::Texto`], with the fault and never the text.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |fault| Err(Error::Texto { field: "text", fault });
        if text.is_empty() {
            return refuse(TextoFault::Empty);
        }
        if text.len() > Self::MAX_CHARS * 4 || text.chars().count() > Self::MAX_CHARS {
            return refuse(TextoFault::Length);
        }
        if text.chars().any(is_hidden) {
            return refuse(TextoFault::Charset);
        }
        if text.trim() != text {
            return refuse(TextoFault::Spacing);
        }
        Ok(Self { text: text.to_owned() })
    }
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<TextoFault> {
        match text.parse::<Texto>() {
            Err(Error::Texto { fault, .. }) => Some(fault),
            Ok(_) => None,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn refuses_characters_that_hide_or_reorder() {
        for c in
            ['\n', '\0', '\u{202E}', '\u{2066}', '\u{200B}', '\u{FEFF}', '\u{E0041}', '\u{3164}']
        {
            assert_eq!(fault(&format!("Calle{c}Uno")), Some(TextoFault::Charset), "{c:?}");
        }
    }

    #[test]
    fn refuses_empty_padded_and_endless_text() {
        assert_eq!(fault(""), Some(TextoFault::Empty));
        assert_eq!(fault(" Calle"), Some(TextoFault::Spacing));
        assert_eq!(fault(&"ñ".repeat(Texto::MAX_CHARS)), None);
        assert_eq!(fault(&"ñ".repeat(Texto::MAX_CHARS + 1)), Some(TextoFault::Length));
    }
}
