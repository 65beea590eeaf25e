//! The one word of a name that identifiers are made of, and the letters taken from it.

use crate::fold::is_special;

/// A folded word: capitals A-Z, Ñ, and special characters.
#[derive(Clone, Copy)]
pub(crate) struct Word<'a>(&'a str);

impl Word<'_> {
    /// The first letter; X if there is none, or it is Ñ or special.
    pub(crate) fn initial(self) -> char {
        self.0.chars().next().filter(char::is_ascii_uppercase).unwrap_or('X')
    }

    /// The first vowel after the initial; X if there is none or a special character comes before.
    pub(crate) fn internal_vowel(self) -> char {
        self.internal(|c| is_vowel(c) || is_special(c))
    }

    /// The first consonant after the initial; X if there is none, it is Ñ, or a special character
    /// comes before.
    pub(crate) fn internal_consonant(self) -> char {
        self.internal(|c| !is_vowel(c))
    }

    fn internal(self, wanted: impl Fn(char) -> bool) -> char {
        let found = self.0.chars().skip(1).find(|&c| wanted(c));
        found.filter(char::is_ascii_uppercase).unwrap_or('X')
    }
}

/// The word of a surname that counts: the first that is not a particle.
pub(crate) fn surname_word(folded: &str) -> Word<'_> {
    let words: Vec<&str> = folded.split(' ').collect();
    Word(after_particles(&words).first().copied().unwrap_or_default())
}

/// The word of the given names that counts: as for a surname, but María and José in front of
/// another name are passed over.
pub(crate) fn given_word(folded: &str) -> Word<'_> {
    let words: Vec<&str> = folded.split(' ').collect();
    let words = after_particles(&words);
    let words = match words.split_first() {
        Some((first, rest)) if !rest.is_empty() && MARIA_JOSE.contains(first) => {
            after_particles(rest)
        }
        _ => words,
    };
    Word(words.first().copied().unwrap_or_default())
}

/// Drops leading particles, but never the last word.
fn after_particles<'w, 'a>(words: &'w [&'a str]) -> &'w [&'a str] {
    let mut rest = words;
    while let Some((first, tail)) = rest.split_first() {
        if tail.is_empty() || !PARTICLES.contains(first) {
            break;
        }
        rest = tail;
    }
    rest
}

const fn is_vowel(c: char) -> bool {
    matches!(c, 'A' | 'E' | 'I' | 'O' | 'U')
}

const MARIA_JOSE: [&str; 6] = ["MARIA", "MA.", "MA", "JOSE", "J.", "J"];

const PARTICLES: [&str; 19] = [
    "DA", "DAS", "DE", "DEL", "DER", "DI", "DIE", "DD", "EL", "LA", "LOS", "LAS", "LE", "LES",
    "MAC", "MC", "VAN", "VON", "Y",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maria_and_jose_count_only_when_alone_or_second() {
        for (name, word) in [
            ("MARIA", "MARIA"),
            ("JOSE MARIA", "MARIA"),
            ("MA. DE LOS ANGELES", "ANGELES"),
            ("J. GUADALUPE", "GUADALUPE"),
            ("LUIS MARIA", "LUIS"),
        ] {
            assert_eq!(given_word(name).0, word, "{name}");
        }
    }

    #[test]
    fn a_particle_alone_is_a_surname() {
        assert_eq!(surname_word("DEL").0, "DEL");
        assert_eq!(surname_word("DE LA").0, "LA");
        assert_eq!(surname_word("").0, "");
    }

    #[test]
    fn enye_is_x_in_every_place() {
        let word = surname_word("ÑOÑO");
        assert_eq!(
            [word.initial(), word.internal_vowel(), word.internal_consonant()],
            ['X', 'O', 'X']
        );
    }
}
