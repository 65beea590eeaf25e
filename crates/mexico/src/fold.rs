//! The letters that identifiers are made of, from the letters people's names are written with.
//!
//! Accents are dropped and Ñ is kept, as the CURP instructions say. That Ü becomes U is what every
//! implementation does; no norm that says so was found. Letters of other Latin alphabets lose
//! their marks in the same way, and Æ, Œ and ß become two letters as in ICAO 9303-3.

/// Whether a name may contain this character.
pub(crate) fn is_foldable(c: char) -> bool {
    is_mark(c) || c.to_uppercase().all(|upper| letters(upper).is_some())
}

/// The text in capitals A-Z and Ñ, with spaces and `' - . /` left in place.
///
/// Takes letters with their accent in one character or in two (NFC or NFD). Characters that
/// [`is_foldable`] refuses are left out.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c == COMBINING_TILDE && folded.ends_with('N') {
            folded.pop();
            folded.push('Ñ');
        } else if !is_mark(c) {
            folded.extend(c.to_uppercase().filter_map(letters).flat_map(str::chars));
        }
    }
    folded
}

/// Whether this folded character is one of those the instructions call special.
pub(crate) const fn is_special(c: char) -> bool {
    matches!(c, '\'' | '-' | '.' | '/')
}

const COMBINING_TILDE: char = '\u{303}';

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

const fn letters(upper: char) -> Option<&'static str> {
    Some(match upper {
        'A' | 'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'B' => "B",
        'C' | 'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'D' | 'Ð' | 'Ď' | 'Đ' => "D",
        'E' | 'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'F' => "F",
        'G' | 'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'H' | 'Ĥ' | 'Ħ' => "H",
        'I' | 'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'J' | 'Ĵ' => "J",
        'K' | 'Ķ' => "K",
        'L' | 'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "L",
        'M' => "M",
        'N' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'Ñ' => "Ñ",
        'O' | 'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'P' => "P",
        'Q' => "Q",
        'R' | 'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'S' | 'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'T' | 'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'U' | 'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'V' => "V",
        'W' | 'Ŵ' => "W",
        'X' => "X",
        'Y' | 'Ý' | 'Ŷ' | 'Ÿ' => "Y",
        'Z' | 'Ź' | 'Ż' | 'Ž' => "Z",
        'Æ' => "AE",
        'Œ' => "OE",
        ' ' => " ",
        '\'' | '\u{2019}' | '\u{2BC}' | '\u{A78B}' => "'",
        '-' => "-",
        '.' => ".",
        '/' => "/",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_accents_and_keeps_enye_in_both_normal_forms() {
        assert_eq!(fold("José Ñuño Güemes"), "JOSE ÑUÑO GUEMES");
        assert_eq!(fold("Jose\u{301} N\u{303}un\u{303}o Gu\u{308}emes"), "JOSE ÑUÑO GUEMES");
    }

    #[test]
    fn letters_of_other_latin_alphabets_lose_their_marks() {
        assert_eq!(fold("Łukasz Åse Straße Œuvre"), "LUKASZ ASE STRASSE OEUVRE");
    }

    #[test]
    fn refuses_other_alphabets_digits_and_signs() {
        for c in ['А', '山', '1', '<', '\n', '\u{200B}', '@', '&', '_'] {
            assert!(!is_foldable(c), "{c:?}");
        }
    }
}
