//! The 18 characters, cut into the parts the rules speak of.

use jiff::civil::Date;

use super::{CurpFault, Differentiator, PLACEHOLDERS, palabras::is_inconveniente};
use crate::{Entidad, Sexo, ascii, calendar};

/// 18 characters with letters and digits in their places; nothing else has been checked.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(crate) struct Layout {
    pub(crate) letters: [u8; 4],
    pub(crate) date: [u8; 6],
    pub(crate) sexo: u8,
    pub(crate) entidad: [u8; 2],
    pub(crate) consonants: [u8; 3],
    pub(crate) differentiator: u8,
    pub(crate) check: u8,
}

impl Layout {
    pub(super) fn read(text: &str) -> Result<Self, CurpFault> {
        if !ascii::has_chars(text, super::Curp::LENGTH) {
            return Err(CurpFault::Length);
        }
        let bytes = ascii::exactly::<18>(text)
            .filter(|bytes| bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
            .ok_or(CurpFault::Charset)?;
        let [a, b, c, d, y1, y2, m1, m2, d1, d2, sexo, e1, e2, k1, k2, k3, differentiator, check] =
            bytes;
        let layout = Self {
            letters: [a, b, c, d],
            date: [y1, y2, m1, m2, d1, d2],
            sexo,
            entidad: [e1, e2],
            consonants: [k1, k2, k3],
            differentiator,
            check,
        };
        let letters = [a, b, c, d, sexo, e1, e2, k1, k2, k3];
        let in_place = letters.iter().all(u8::is_ascii_uppercase)
            && ascii::all_digits(&layout.date)
            && check.is_ascii_digit();
        in_place.then_some(layout).ok_or(CurpFault::Structure)
    }

    /// What is wrong with the classes of characters.
    pub(super) fn form_faults(&self) -> Vec<CurpFault> {
        let [_, vowel, _, _] = self.letters;
        let found = [
            (!b"AEIOUX".contains(&vowel), CurpFault::NameVowel),
            (self.sexo().is_none(), CurpFault::Sex),
            (self.entidad().is_none(), CurpFault::State),
            (self.consonants.iter().any(|c| b"AEIOU".contains(c)), CurpFault::Consonant),
        ];
        found.into_iter().filter_map(|(wrong, fault)| wrong.then_some(fault)).collect()
    }

    /// What is wrong with the values.
    pub(super) fn value_faults(&self, today: Date, allowed: Differentiator) -> Vec<CurpFault> {
        let birthdate = self.birthdate();
        let beyond_j = self.differentiator > b'J';
        let found = [
            (birthdate.is_none(), CurpFault::Date),
            (birthdate.is_some_and(|date| date > today), CurpFault::FutureDate),
            (is_inconveniente(&self.letters), CurpFault::InconvenientWord),
            (allowed == Differentiator::AtoJ && beyond_j, CurpFault::Differentiator),
            (self.check != self.expected_check(), CurpFault::CheckDigit),
            (PLACEHOLDERS.contains(&&self.bytes()), CurpFault::Placeholder),
        ];
        found.into_iter().filter_map(|(wrong, fault)| wrong.then_some(fault)).collect()
    }

    pub(super) const fn sexo(&self) -> Option<Sexo> {
        Sexo::from_byte(self.sexo)
    }

    pub(super) fn entidad(&self) -> Option<Entidad> {
        core::str::from_utf8(&self.entidad).ok().and_then(Entidad::from_curp_code)
    }

    pub(super) fn birthdate(&self) -> Option<Date> {
        let century = if self.differentiator.is_ascii_digit() { 1900 } else { 2000 };
        calendar::in_century(century, self.date)
    }

    pub(super) fn expected_check(&self) -> u8 {
        check_digit(self.bytes().iter().take(17))
    }

    fn bytes(&self) -> [u8; 18] {
        let [a, b, c, d] = self.letters;
        let [y1, y2, m1, m2, d1, d2] = self.date;
        let [e1, e2] = self.entidad;
        let [k1, k2, k3] = self.consonants;
        let (sexo, differentiator, check) = (self.sexo, self.differentiator, self.check);
        [a, b, c, d, y1, y2, m1, m2, d1, d2, sexo, e1, e2, k1, k2, k3, differentiator, check]
    }
}

/// The check digit of the first 17 characters: weights 18 down to 2, the sum brought to a
/// multiple of ten.
///
/// Ñ keeps its place 24 in the alphabet although no CURP contains it, so O is 25 and Z is 36.
pub(crate) fn check_digit<'a>(first_17: impl Iterator<Item = &'a u8>) -> u8 {
    let sum: u32 = first_17.zip((2..=18).rev()).map(|(&c, weight)| value(c) * weight).sum();
    let digit = (10 - sum % 10) % 10;
    // A number modulo ten is one digit.
    b'0' + u8::try_from(digit).unwrap_or_default()
}

fn value(c: u8) -> u32 {
    u32::from(match c {
        b'0'..=b'9' => c - b'0',
        b'A'..=b'N' => c - b'A' + 10,
        b'O'..=b'Z' => c - b'O' + 25,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digit_of_the_worked_example() {
        assert_eq!(check_digit(b"SABC560626MDFLRN0".iter()), b'1');
    }

    #[test]
    fn bytes_are_the_text() {
        let layout = Layout::read("SABC560626MDFLRN01").map_err(CurpFault::code).unwrap();
        assert_eq!(&layout.bytes(), b"SABC560626MDFLRN01");
    }
}
