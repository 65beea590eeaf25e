//! The RFC, in two steps like the CURP: [`Rfc`] is well formed, [`ValidRfc`] passed the checks.
//!
//! Rules: the SAT's procedure for persons and companies. The RFC has no century and no registry
//! here: only the SAT can say whether it was assigned. About 1.5 % of those in use are said to
//! fail the check digit, so [`RfcPolicy`] makes the caller say whether that matters.

use core::str::FromStr;

use crate::{Error, ascii, calendar, redacted::redacted_debug};

mod arithmetic;
mod fault;
mod from_persona;
mod palabras;

pub use fault::RfcFault;

/// A well-formed RFC with its homoclave: 13 characters for a person, 12 for a company.
///
/// The first ten characters of a person's RFC show initials and birth date, like a CURP's.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Rfc {
    text: String,
    kind: RfcKind,
}

/// An RFC that passed the checks its [`RfcPolicy`] asked for.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct ValidRfc {
    rfc: Rfc,
}

redacted_debug!(Rfc, ValidRfc);

/// Whose an RFC is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum RfcKind {
    /// A `persona física`: 13 characters.
    Fisica,
    /// A `persona moral`, a company: 12 characters.
    Moral,
}

/// How strictly an RFC is checked.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum RfcPolicy {
    /// Homoclave and check digit may be wrong, as in some RFCs in use.
    AsInUse,
    /// Everything must be right.
    Strict,
}

impl Rfc {
    /// What the length of a text says it is, before anything else is looked at.
    #[must_use]
    pub fn kind_of(text: &str) -> Option<RfcKind> {
        if ascii::has_chars(text, 13) {
            Some(RfcKind::Fisica)
        } else if ascii::has_chars(text, 12) {
            Some(RfcKind::Moral)
        } else {
            None
        }
    }

    /// Every reason why a text is not a valid RFC, in the order of the checks.
    ///
    /// Nothing is normalised. A text of the wrong length or structure, or one of the generic RFCs,
    /// has that one reason.
    #[must_use]
    pub fn faults_in(text: &str) -> Vec<RfcFault> {
        match text.parse::<Self>() {
            Ok(rfc) => rfc.faults(),
            Err(Error::Rfc { fault }) => vec![fault],
            // Parsing an RFC has no other error.
            Err(_) => vec![RfcFault::Structure],
        }
    }

    /// Every reason why this RFC is not valid; empty if it is.
    #[must_use]
    pub fn faults(&self) -> Vec<RfcFault> {
        if GENERIC.contains(&self.text.as_str()) {
            return vec![RfcFault::Generic];
        }
        let found = [
            (!self.has_date(), RfcFault::Date),
            (self.has_word(), RfcFault::InconvenientWord),
            (!self.homoclave_ok(), RfcFault::Homoclave),
            (!self.check_digit_ok(), RfcFault::CheckDigit),
        ];
        found.into_iter().filter_map(|(wrong, fault)| wrong.then_some(fault)).collect()
    }

    /// Checks everything that needs no registry.
    ///
    /// # Errors
    /// [`Error::Rfc`] with the first fault that `policy` does not let pass.
    pub fn check(self, policy: RfcPolicy) -> Result<ValidRfc, Error> {
        let serious = |fault: &RfcFault| policy == RfcPolicy::Strict || !fault.occurs_in_use();
        match self.faults().into_iter().find(serious) {
            Some(fault) => Err(Error::Rfc { fault }),
            None => Ok(ValidRfc { rfc: self }),
        }
    }

    /// The 12 or 13 characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whose it is.
    #[must_use]
    pub const fn kind(&self) -> RfcKind {
        self.kind
    }

    /// Whether the two characters before the last can come out of the SAT's procedure.
    #[must_use]
    pub fn homoclave_ok(&self) -> bool {
        let mut tail = self.text.chars().rev().skip(1);
        let (second, first) = (tail.next(), tail.next());
        first.is_some_and(arithmetic::can_be_first_of_homoclave)
            && second.is_some_and(arithmetic::can_be_second_of_homoclave)
    }

    /// Whether the last character is the one the SAT's procedure gives.
    #[must_use]
    pub fn check_digit_ok(&self) -> bool {
        let mut chars = self.text.chars();
        let last = chars.next_back();
        last == Some(arithmetic::check_digit(chars.as_str()))
    }

    fn has_date(&self) -> bool {
        // Date and homoclave are ASCII, so they are the last nine bytes whatever the letters are.
        let Some([y1, y2, m1, m2, d1, d2, ..]) = self.text.as_bytes().last_chunk::<9>() else {
            return false;
        };
        calendar::in_any_century([*y1, *y2, *m1, *m2, *d1, *d2])
    }

    fn has_word(&self) -> bool {
        self.kind == RfcKind::Fisica && self.text.get(..4).is_some_and(palabras::is_inconveniente)
    }
}

impl FromStr for Rfc {
    type Err = Error;

    /// Takes a text that is written like an RFC with homoclave.
    ///
    /// # Errors
    /// [`Error::Rfc`] with [`RfcFault::Length`] or [`RfcFault::Structure`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |fault| Error::Rfc { fault };
        let kind = Self::kind_of(text).ok_or(refuse(RfcFault::Length))?;
        let letters = match kind {
            RfcKind::Fisica => 4,
            RfcKind::Moral => 3,
        };
        let in_place = text.chars().enumerate().all(|(i, c)| {
            if i < letters {
                c.is_ascii_uppercase() || matches!(c, 'Ñ' | '&')
            } else if i < letters + 6 {
                c.is_ascii_digit()
            } else {
                c.is_ascii_uppercase() || c.is_ascii_digit()
            }
        });
        if !in_place {
            return Err(refuse(RfcFault::Structure));
        }
        Ok(Self { text: text.to_owned(), kind })
    }
}

impl ValidRfc {
    /// The RFC, well formed and more.
    #[must_use]
    pub const fn as_rfc(&self) -> &Rfc {
        &self.rfc
    }

    /// The 12 or 13 characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.rfc.expose()
    }
}

/// RFCs of nobody in particular: the general public, and foreigners.
const GENERIC: [&str; 2] = ["XAXX010101000", "XEXX010101000"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_the_generic_rfcs_whatever_the_policy() {
        for text in GENERIC {
            let rfc: Rfc = text.parse().unwrap();
            let refused = rfc.check(RfcPolicy::AsInUse);
            assert_eq!(refused, Err(Error::Rfc { fault: RfcFault::Generic }));
        }
    }

    #[test]
    fn refuses_a_wrong_check_digit_only_when_asked() {
        let rfc: Rfc = "VACE460910SX6".parse().unwrap();
        assert!(rfc.clone().check(RfcPolicy::AsInUse).is_ok());
        let refused = rfc.check(RfcPolicy::Strict);
        assert_eq!(refused, Err(Error::Rfc { fault: RfcFault::CheckDigit }));
    }

    #[test]
    fn refuses_letters_the_homoclave_never_has() {
        for text in ["ZOUK700717OE3", "ZOUK700717EO3", "ZOUK7007170E3", "ZOUK700717WE3"] {
            assert!(!text.parse::<Rfc>().unwrap().homoclave_ok(), "{text}");
        }
    }

    #[test]
    fn refuses_lower_case_separators_and_the_short_form() {
        assert_eq!(Rfc::faults_in("gode561231gr8"), [RfcFault::Structure]);
        assert_eq!(Rfc::faults_in("GODE-561231-GR8"), [RfcFault::Length]);
        assert_eq!(Rfc::faults_in("GODE561231"), [RfcFault::Length]);
        assert_eq!(Rfc::faults_in(&"Ñ".repeat(1 << 20)), [RfcFault::Length]);
    }

    #[test]
    fn companies_may_have_ampersand_and_enye() {
        assert_eq!(Rfc::faults_in("ÑÑÑ0308083E5"), []);
        assert_eq!(Rfc::faults_in("&&&120315LC2"), []);
    }
}
