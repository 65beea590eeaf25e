//! The check digits of ICAO 9303-3 §4.9.

/// Which of the four check digits of a zone are right.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct MrzChecks {
    /// That of the document number, INE's CIC.
    pub document: bool,
    /// That of the birth date.
    pub birth: bool,
    /// That of the expiry.
    pub expiry: bool,
    /// The composite one, the only one that covers the OCR and the número de emisión.
    pub composite: bool,
}

/// The check digit of some characters: weights 7, 3, 1 over and over, modulo ten.
pub(super) fn check_digit<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u8 {
    let sum: u32 =
        bytes.into_iter().zip([7, 3, 1].into_iter().cycle()).map(|(&c, w)| value(c) * w).sum();
    // A number modulo ten is one digit.
    b'0' + u8::try_from(sum % 10).unwrap_or_default()
}

fn value(c: u8) -> u32 {
    u32::from(match c {
        b'0'..=b'9' => c - b'0',
        b'A'..=b'Z' => c - b'A' + 10,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_of_the_norm() {
        // ICAO 9303-3, Appendix A: the date 520727 has check digit 3.
        assert_eq!(check_digit(b"520727"), b'3');
    }

    #[test]
    fn filler_and_zero_are_the_same() {
        assert_eq!(check_digit(b"1<3"), check_digit(b"103"));
    }
}
