//! The CURP, in two steps: what is written like one, and what passes every check there is offline.
//!
//! | step | type | says |
//! | --- | --- | --- |
//! | `text.parse()` | [`Curp`] | 18 characters of the right classes, a real entidad, a real sex marker |
//! | [`Curp::check`] | [`ValidCurp`] | also a real date that is not in the future, no inconvenient word, the check digit, no placeholder |
//! | – | – | *registered*, or *this person's*: **only RENAPO can say**, and no type here claims it |
//!
//! Norms: Instructivo normativo, DOF 18-06-2018 as modified on 18-10-2021. The check digit is that
//! of RENAPO's web form; it finds typing mistakes and nothing else. It does not see a change of the
//! tens of the day, nor of H into M.

use core::str::FromStr;

use jiff::civil::Date;

use crate::{Entidad, Error, Sexo, redacted::redacted_debug};

mod fault;
mod layout;
mod palabras;

pub use fault::CurpFault;
use layout::Layout;
pub(crate) use layout::check_digit;
pub(crate) use palabras::is_inconveniente;

/// A well-formed CURP.
///
/// Well formed is not valid: the date may be 31 February and the check digit wrong. Use
/// [`Curp::check`] for that, and remember that only RENAPO can say whether it was ever assigned.
///
/// ```
/// # use llavero_mexico::{Curp, Entidad, Sexo};
/// let curp: Curp = "SABC560626MDFLRN01".parse()?;
/// assert_eq!(curp.sexo(), Sexo::M);
/// assert_eq!(curp.entidad(), Entidad::CiudadDeMexico);
/// assert_eq!(format!("{curp:?}"), "Curp { .. }");
/// # Ok::<(), llavero_mexico::Error>(())
/// ```
/// There is no `Display`: the text leaves only through [`Curp::expose`].
/// ```compile_fail,E0277
/// # let curp: llavero_mexico::Curp = "SABC560626MDFLRN01".parse().unwrap();
/// println!("{curp}");
/// ```
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Curp {
    text: String,
    layout: Layout,
    sexo: Sexo,
    entidad: Entidad,
}

/// A CURP that passed every check that needs no registry, on the day it was made.
///
/// It does not say that RENAPO assigned it, nor to whom.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct ValidCurp {
    curp: Curp,
    birthdate: Date,
}

redacted_debug!(Curp, ValidCurp);

/// Which characters position 17 may hold for people born in 2000 or later.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Differentiator {
    /// A to J, as the text of 2018 and 2021 says.
    AtoJ,
    /// A to Z, as the text of 2006 said and nearly every implementation accepts.
    AtoZ,
}

impl Curp {
    /// The number of characters of a CURP.
    pub const LENGTH: usize = 18;

    /// Every reason why a text is not a valid CURP on the day `today`, in the order of the checks.
    ///
    /// Nothing is normalised: the text must be exactly 18 upper-case ASCII characters. A text whose
    /// length, characters or overall structure is wrong has that one reason.
    #[must_use]
    pub fn faults_in(text: &str, today: Date, differentiator: Differentiator) -> Vec<CurpFault> {
        match Layout::read(text) {
            Err(fault) => vec![fault],
            Ok(layout) => {
                let mut faults = layout.form_faults();
                faults.extend(layout.value_faults(today, differentiator));
                faults
            }
        }
    }

    /// Every reason why this CURP is not valid on the day `today`; empty if it is.
    #[must_use]
    pub fn faults(&self, today: Date, differentiator: Differentiator) -> Vec<CurpFault> {
        self.layout.value_faults(today, differentiator)
    }

    /// Checks everything that needs no registry.
    ///
    /// # Errors
    /// [`Error::Curp`] with the first of [`Curp::faults`].
    pub fn check(self, today: Date, differentiator: Differentiator) -> Result<ValidCurp, Error> {
        if let Some(&fault) = self.faults(today, differentiator).first() {
            return Err(Error::Curp { fault });
        }
        let birthdate = self.birthdate().ok_or(Error::Curp { fault: CurpFault::Date })?;
        Ok(ValidCurp { curp: self, birthdate })
    }

    /// The 18 characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The date of birth, with the century that position 17 says; nothing if there is no such day.
    #[must_use]
    pub fn birthdate(&self) -> Option<Date> {
        self.layout.birthdate()
    }

    /// The sex marker of position 11.
    #[must_use]
    pub const fn sexo(&self) -> Sexo {
        self.sexo
    }

    /// The place of birth of positions 12 and 13.
    #[must_use]
    pub const fn entidad(&self) -> Entidad {
        self.entidad
    }

    /// Position 17. Other than 0 or A, it says that somebody shares the first 16 characters.
    #[must_use]
    pub const fn differentiator(&self) -> char {
        self.layout.differentiator as char
    }

    /// Position 18 as written.
    #[must_use]
    pub const fn check_digit(&self) -> char {
        self.layout.check as char
    }

    /// Position 18 as it ought to be.
    #[must_use]
    pub fn expected_check_digit(&self) -> char {
        char::from(self.layout.expected_check())
    }

    pub(crate) const fn layout(&self) -> &Layout {
        &self.layout
    }
}

impl FromStr for Curp {
    type Err = Error;

    /// Takes a text that is written like a CURP. Placeholders and wrong check digits still pass
    /// here; see [`Curp::check`].
    ///
    /// # Errors
    /// [`Error::Curp`] with the first of [`CurpFault::Length`], [`CurpFault::Charset`],
    /// [`CurpFault::Structure`], [`CurpFault::NameVowel`], [`CurpFault::Sex`],
    /// [`CurpFault::State`], [`CurpFault::Consonant`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |fault| Error::Curp { fault };
        let layout = Layout::read(text).map_err(refuse)?;
        if let Some(&fault) = layout.form_faults().first() {
            return Err(refuse(fault));
        }
        let sexo = layout.sexo().ok_or(refuse(CurpFault::Sex))?;
        let entidad = layout.entidad().ok_or(refuse(CurpFault::State))?;
        Ok(Self { text: text.to_owned(), layout, sexo, entidad })
    }
}

impl ValidCurp {
    /// The CURP, well formed and more.
    #[must_use]
    pub const fn as_curp(&self) -> &Curp {
        &self.curp
    }

    /// The 18 characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.curp.expose()
    }

    /// The date of birth.
    #[must_use]
    pub const fn birthdate(&self) -> Date {
        self.birthdate
    }

    /// The sex marker.
    #[must_use]
    pub const fn sexo(&self) -> Sexo {
        self.curp.sexo
    }

    /// The place of birth.
    #[must_use]
    pub const fn entidad(&self) -> Entidad {
        self.curp.entidad
    }
}

/// CURPs that systems use for "no CURP". The first passes every arithmetical check.
pub(crate) const PLACEHOLDERS: [&[u8; 18]; 3] =
    [b"XEXX010101HNEXXXA4", b"XEXX010101MNEXXXA8", b"XXXX999999XXXXXX99"];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 21);

    fn faults(text: &str) -> Vec<CurpFault> {
        Curp::faults_in(text, TODAY, Differentiator::AtoZ)
    }

    #[test]
    fn refuses_placeholders_even_with_a_right_check_digit() {
        assert_eq!(faults("XEXX010101HNEXXXA4"), [CurpFault::Placeholder]);
        let curp: Curp = "XEXX010101HNEXXXA4".parse().unwrap();
        let refused = curp.check(TODAY, Differentiator::AtoZ);
        assert_eq!(refused, Err(Error::Curp { fault: CurpFault::Placeholder }));
    }

    #[test]
    fn refuses_a_letter_after_j_only_when_asked() {
        let curp: Curp = "JINK181116HNLWKXK9".parse().unwrap();
        assert!(curp.clone().check(TODAY, Differentiator::AtoZ).is_ok());
        let refused = curp.check(TODAY, Differentiator::AtoJ);
        assert_eq!(refused, Err(Error::Curp { fault: CurpFault::Differentiator }));
    }

    #[test]
    fn refuses_lower_case_and_padding() {
        assert_eq!(faults("sabc560626mdflrn01"), [CurpFault::Charset]);
        assert_eq!(faults("SABC560626MDFLRN01 "), [CurpFault::Length]);
        assert_eq!(faults(&"A".repeat(1 << 20)), [CurpFault::Length]);
    }

    #[test]
    fn refuses_a_birth_after_today() {
        let curp: Curp = "JODQ261122MMCWNQA3".parse().unwrap();
        assert!(curp.clone().check(date(2026, 11, 22), Differentiator::AtoZ).is_ok());
        let refused = curp.check(TODAY, Differentiator::AtoZ);
        assert_eq!(refused, Err(Error::Curp { fault: CurpFault::FutureDate }));
    }

    #[test]
    fn a_valid_curp_says_what_it_holds() {
        let curp: Curp = "SABC560626MDFLRN01".parse().unwrap();
        assert_eq!((curp.differentiator(), curp.check_digit()), ('0', '1'));
        let valid = curp.check(TODAY, Differentiator::AtoJ).unwrap();
        assert_eq!(valid.birthdate(), date(1956, 6, 26));
        assert_eq!((valid.sexo(), valid.entidad()), (Sexo::M, Entidad::CiudadDeMexico));
        assert_eq!(valid.expose(), valid.as_curp().expose());
    }

    #[test]
    fn check_digit_does_not_see_sex_nor_tens_of_the_day() {
        for twin in ["QEHW850514HDFQTK83", "QEHW850514MDFQTK83", "QEHW850524HDFQTK83"] {
            assert_eq!(faults(twin), [], "a known blind spot has changed");
        }
    }
}
