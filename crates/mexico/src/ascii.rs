//! Reading fixed-width ASCII. Digits are the ten of ASCII: a full-width or Arabic-Indic digit is
//! refused, because every standard this crate follows prints ASCII.

/// The text as exactly `N` ASCII bytes.
pub(crate) fn exactly<const N: usize>(text: &str) -> Option<[u8; N]> {
    if !text.is_ascii() {
        return None;
    }
    text.as_bytes().try_into().ok()
}

/// The value of a run of ASCII digits; nothing if there is another character or it overflows.
pub(crate) fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0_i16, |sum, &byte| {
        if !byte.is_ascii_digit() {
            return None;
        }
        sum.checked_mul(10)?.checked_add(i16::from(byte.wrapping_sub(b'0')))
    })
}

pub(crate) fn all_digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_digit)
}

/// Whether the text has exactly `expected` characters, without walking a text that is far longer.
pub(crate) fn has_chars(text: &str, expected: usize) -> bool {
    const LONGEST_CHAR: usize = 4;
    text.len() <= expected * LONGEST_CHAR && text.chars().count() == expected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_digits_of_other_scripts() {
        assert_eq!(number("١٢".as_bytes()), None);
        assert_eq!(exactly::<2>("١"), None);
        assert_eq!(number(b"07"), Some(7));
    }

    #[test]
    fn refuses_a_number_that_overflows() {
        assert_eq!(number(b"99999"), None);
    }

    #[test]
    fn counts_characters_not_bytes() {
        assert!(has_chars("ÑÑ", 2));
        assert!(!has_chars(&"x".repeat(1000), 2));
    }
}
