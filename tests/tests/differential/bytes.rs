//! One letter, or one part, of a signed presentation changed: nothing that is signed or digested bears it.

use crate::class::{Class, rewritten};
use crate::dice::Dice;
use crate::draft::ALPHABET;

/// Where, as the part of the text between tildes and the part of that between points.
const PLACES: &[(&str, Place)] = &[
    ("the issuer's header", Place::Issuer(0)),
    ("the issuer's payload", Place::Issuer(1)),
    ("the issuer's signature", Place::Issuer(2)),
    ("a Disclosure", Place::Disclosure),
    ("the holder's header", Place::Holder(0)),
    ("the holder's payload", Place::Holder(1)),
    ("the holder's signature", Place::Holder(2)),
];

#[derive(Clone, Copy)]
enum Place {
    Issuer(usize),
    Disclosure,
    Holder(usize),
}

pub(crate) fn classes() -> Vec<Class> {
    let mut classes = vec![];
    for &(place_name, place) in PLACES {
        for (what, change) in CHANGES {
            let class = rewritten(format!("{what} {place_name}"), move |text, dice| {
                let (start, end) = span(text, place, dice)?;
                let part = change(&text[start..end], dice)?;
                Some(format!("{}{part}{}", &text[..start], &text[end..]))
            });
            classes.push(match place {
                Place::Holder(_) => class.bound(),
                // Without a KB-JWT over it, its digest is all that protects a Disclosure.
                Place::Disclosure => class.unbound(),
                Place::Issuer(_) => class,
            });
        }
    }
    classes
}

/// From where to where.
fn span(text: &str, place: Place, dice: &mut Dice) -> Option<(usize, usize)> {
    let tildes: Vec<usize> = text.match_indices('~').map(|(at, _)| at).collect();
    let (from, part) = match place {
        Place::Issuer(part) => (0..*tildes.first()?, part),
        Place::Holder(part) => (tildes.last()? + 1..text.len(), part),
        Place::Disclosure => {
            let at = dice.below(tildes.len().checked_sub(1).filter(|count| *count > 0)?);
            return Some((tildes[at] + 1, tildes[at + 1]));
        }
    };
    let mut start = from.start;
    for (at, piece) in text[from].split('.').enumerate() {
        if at == part {
            return Some((start, start + piece.len()));
        }
        start += piece.len() + 1;
    }
    None
}

/// A place between two letters. What stands at an end is a class of its own.
fn inside(text: &str, dice: &mut Dice) -> Option<usize> {
    Some(1 + dice.below(text.len().checked_sub(1).filter(|places| *places > 0)?))
}

type Change = fn(&str, &mut Dice) -> Option<String>;

const CHANGES: &[(&str, Change)] = &[
    ("one letter changed in", |text, dice| {
        // The last letter may have spare bits, which are a class of their own.
        let at = dice.below(text.len().checked_sub(1)?);
        let letter = dice.below(ALPHABET.len());
        Some(format!("{}{}{}", &text[..at], &ALPHABET[letter..=letter], &text[at + 1..]))
    }),
    ("one byte of ASCII put over one letter of", |text, dice| {
        let at = dice.below(text.len());
        let outside = |byte: &u8| !ALPHABET.as_bytes().contains(byte);
        let bytes: Vec<u8> = (1..128).filter(outside).collect();
        let byte = char::from(bytes[dice.below(bytes.len())]);
        Some(format!("{}{byte}{}", &text[..at], &text[at + 1..]))
    }),
    ("one byte of ASCII put into", |text, dice| {
        let at = inside(text, dice)?;
        let outside = |byte: &u8| !ALPHABET.as_bytes().contains(byte);
        let bytes: Vec<u8> = (1..128).filter(outside).collect();
        let byte = char::from(bytes[dice.below(bytes.len())]);
        Some(format!("{}{byte}{}", &text[..at], &text[at..]))
    }),
    ("one letter put into", |text, dice| {
        let at = dice.below(text.len() + 1);
        let letter = dice.below(ALPHABET.len());
        Some(format!("{}{}{}", &text[..at], &ALPHABET[letter..=letter], &text[at..]))
    }),
    ("one letter taken out of", |text, dice| {
        let at = dice.below(text.len());
        Some(format!("{}{}", &text[..at], &text[at + 1..]))
    }),
    ("the end cut off", |text, dice| {
        let at = inside(text, dice)?;
        Some(text[..at].to_owned())
    }),
    ("two letters swapped in", |text, dice| {
        let at = dice.below(text.len().checked_sub(2)?);
        let mut bytes = text.as_bytes().to_vec();
        bytes.swap(at, at + 1);
        String::from_utf8(bytes).ok()
    }),
    ("a letter beyond ASCII put into", |text, dice| {
        let at = dice.below(text.len() + 1);
        let letter = dice.pick(&["ñ", "Ａ", "\u{200b}", "🦀", "\u{a0}"]);
        Some(format!("{}{letter}{}", &text[..at], &text[at..]))
    }),
];
