//! The same input to this crate and to two others, `stdnum` and `mrz`.
//!
//! Every disagreement must have a category of the tables below, with its reason. A category that
//! no input falls into any more fails the test too: then the other crate, or this one, has changed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use llavero_mexico::{
    Curp, CurpFault, Differentiator, Entidad, IneMrz, MrzFault, Rfc, RfcFault, Synthetic,
};
use mrz::{MrzData, Sex};
use serde_json::Value;
use stdnum::{Validator, country::mx};

#[path = "support/random.rs"]
mod random;

const AS_OF: Date = date(2026, 11, 21);

/// How many values are generated for each identifier, besides the vectors.
const GENERATED: usize = 20_000;

const CURP: &[(&str, &str)] = &[
    ("NAME_VOWEL", "stdnum takes any capital at position 2"),
    ("CONSONANT", "stdnum takes vowels at positions 14 to 16"),
    ("DATE", "stdnum takes the century from the year and not from position 17"),
    ("FUTURE_DATE", "stdnum takes the century from the year, so nobody is born in the future"),
    ("PLACEHOLDER", "stdnum has no list of placeholders"),
    ("NORMALISED", "stdnum drops spaces and raises lower case before it looks"),
];

const RFC: &[(&str, &str)] = &[
    ("HOMOCLAVE_O", "stdnum takes O, which the homoclave's alphabet leaves out"),
    ("LEGACY_CHECK_DIGIT", "stdnum also takes the check digit of an alphabet without & and Ñ"),
    ("NORMALISED", "stdnum drops spaces, hyphens and underscores and raises lower case"),
    ("SHORT_FORM", "stdnum takes ten characters, without homoclave"),
];

const MRZ: &[(&str, &str)] = &[
    ("BIRTH_DATE", "mrz keeps a date that is no day"),
    ("CIC_NOT_NUMERIC", "a document number of another country may have letters"),
    ("DOCUMENT_CODE", "mrz reads every TD1 document, not only ID"),
    ("EXPIRY_DATE", "mrz keeps a date that is no day"),
    ("FILLER_FOR_CHECK_DIGIT", "mrz takes < for a check digit of 0; INE prints the digit"),
    ("ISSUER", "mrz reads the documents of every country"),
    ("NATIONALITY", "mrz reads the documents of every country"),
    ("OCR_NOT_NUMERIC", "the optional part of another country may have letters"),
    ("OPTIONAL1_SHAPE", "the optional part of another country has another shape"),
    ("OPTIONAL2_SHAPE", "the optional part of another country has another shape"),
    ("SEX", "mrz keeps a letter it does not know"),
    ("SEX_H_UNKNOWN", "ICAO 9303 has no H; on an INE card it is hombre"),
    ("SEX_M_READ_AS_MALE", "in ICAO 9303 M is male; on an INE card it is mujer"),
    ("SEX_X_UNKNOWN", "ICAO 9303 writes < and not X"),
];

/// The disagreements found, by category.
struct Tally {
    expected: &'static [(&'static str, &'static str)],
    found: BTreeMap<String, usize>,
}

impl Tally {
    fn new(expected: &'static [(&'static str, &'static str)]) -> Self {
        assert!(expected.iter().all(|(_, reason)| !reason.is_empty()));
        Self { expected, found: BTreeMap::new() }
    }

    /// Everything compared here is synthetic, so it may be printed.
    #[track_caller]
    fn disagree(&mut self, category: &str, input: &str) {
        let known = self.expected.iter().any(|(expected, _)| *expected == category);
        assert!(known, "{category} is not an expected disagreement: {input}");
        *self.found.entry(category.to_owned()).or_default() += 1;
    }

    #[track_caller]
    fn finish(self) {
        for (category, reason) in self.expected {
            assert!(self.found.contains_key(*category), "{category} no longer occurs: {reason}");
        }
    }
}

/// Random choices.
struct Dice<R>(R);

impl<R: FnMut(&mut [u8])> Dice<R> {
    fn below(&mut self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        (self.0)(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % u64::try_from(bound).unwrap()).unwrap()
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn letter(&mut self, letters: &str) -> char {
        letters.chars().nth(self.below(letters.chars().count())).unwrap()
    }

    fn letters(&mut self, letters: &str, count: usize) -> String {
        (0..count).map(|_| self.letter(letters)).collect()
    }

    /// A date that is often a day, and often the end of a month.
    fn yymmdd(&mut self) -> String {
        let day = if self.one_in(4) { 28 + self.below(5) } else { self.below(33) };
        let year = if self.one_in(8) { 0 } else { self.below(100) };
        let month = if self.one_in(4) { 2 } else { self.below(14) };
        format!("{year:02}{month:02}{day:02}")
    }
}

fn vectors(file: &str, field: &str) -> Vec<Value> {
    let path = format!("{}/../../tests/vectors/mx/{file}", env!("CARGO_MANIFEST_DIR"));
    let json: Value =
        serde_json::from_str(&std::fs::read_to_string(&path).expect(&path)).expect(&path);
    json["cases"].as_array().unwrap().iter().map(|case| case[field].clone()).collect()
}

const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const CONSONANTS: &str = "BCDFGHJKLMNPQRSTVWXYZ";

/// Something like a CURP; mostly valid, often wrong in one way or two.
fn curp(dice: &mut Dice<impl FnMut(&mut [u8])>) -> String {
    let vowels = if dice.one_in(12) { CAPITALS } else { "AEIOUX" };
    let consonants = if dice.one_in(12) { CAPITALS } else { CONSONANTS };
    let sexes = if dice.one_in(12) { CAPITALS } else { "HMX" };
    let mut text = dice.letters(CAPITALS, 1);
    text += &dice.letters(vowels, 1);
    text += &dice.letters(CAPITALS, 2);
    text += &dice.yymmdd();
    text += &dice.letters(sexes, 1);
    let entidad = Entidad::ALL[dice.below(33)].curp_code().to_owned();
    text += &if dice.one_in(12) { dice.letters(CAPITALS, 2) } else { entidad };
    text += &dice.letters(consonants, 3);
    let differentiators = if dice.one_in(2) { "0123456789" } else { CAPITALS };
    text += &dice.letters(differentiators, 1);
    let check = curp_check_digit(&text);
    text += &if dice.one_in(8) { dice.letters("0123456789", 1) } else { check };
    if dice.one_in(30) {
        text = text.to_lowercase();
    }
    if dice.one_in(30) {
        text.insert(4, ' ');
    }
    text
}

/// Written anew, so that the inputs do not depend on what is tested.
fn curp_check_digit(first_17: &str) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHIJKLMN_OPQRSTUVWXYZ";
    let sum: usize =
        first_17.chars().enumerate().map(|(i, c)| ALPHABET.find(c).unwrap_or(0) * (18 - i)).sum();
    ((10 - sum % 10) % 10).to_string()
}

#[test]
fn curp_against_stdnum() {
    let mut tally = Tally::new(CURP);
    let mut dice = Dice(random::source(1));
    let known = vectors("curp_cases.json", "curp");
    assert_eq!(known.len(), 446);
    let known = known.iter().map(|curp| curp.as_str().unwrap().to_owned());
    let generated: Vec<String> = (0..GENERATED).map(|_| curp(&mut dice)).collect();
    let mut both_accept = 0;
    for text in known.chain(generated) {
        let faults = Curp::faults_in(&text, AS_OF, Differentiator::AtoZ);
        let theirs = mx::CURP.validate(&text);
        match (faults.as_slice(), theirs) {
            ([], Ok(_)) => both_accept += 1,
            ([], Err(_)) => tally.disagree("REFUSED_BY_STDNUM_ONLY", &text),
            ([CurpFault::Length | CurpFault::Charset], Ok(valid)) if valid.compact != text => {
                tally.disagree("NORMALISED", &text);
            }
            (faults, Ok(_)) => {
                faults.iter().for_each(|fault| tally.disagree(fault.reason(), &text))
            }
            (_, Err(_)) => {}
        }
    }
    assert!(both_accept > GENERATED / 5, "{both_accept}");
    tally.finish();
}

/// Something like an RFC; mostly valid, often wrong in one way or two.
fn rfc(dice: &mut Dice<impl FnMut(&mut [u8])>) -> String {
    let letters = 3 + dice.below(2);
    let mut text = dice.letters("ABCDEFGHIJKLMNÑOPQRSTUVWXYZ&", letters);
    text += &dice.yymmdd();
    if dice.one_in(20) {
        return text;
    }
    if dice.one_in(6) {
        text += &dice.letters("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2);
    } else {
        text += &dice.letters("123456789ABCDEFGHIJKLMNPQRSTUV", 1);
        text += &dice.letters("123456789ABCDEFGHIJKLMNPQRSTUVWXYZ", 1);
    }
    let check = rfc_check_digit(&text);
    text += &if dice.one_in(5) { dice.letters("0123456789A", 1) } else { check };
    if dice.one_in(30) {
        text = text.to_lowercase();
    }
    if dice.one_in(30) {
        let after_letters: usize = text.chars().take(letters).map(char::len_utf8).sum();
        text.insert(after_letters, '-');
    }
    text
}

/// Written anew, so that the inputs do not depend on what is tested.
fn rfc_check_digit(front: &str) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ";
    let padded = format!("{front:>12}");
    let value = |c| ALPHABET.chars().position(|known| known == c).unwrap();
    let sum: usize = padded.chars().enumerate().map(|(i, c)| value(c) * (13 - i)).sum();
    match sum % 11 {
        0 => "0".to_owned(),
        1 => "A".to_owned(),
        rest => (11 - rest).to_string(),
    }
}

#[test]
fn rfc_against_stdnum() {
    let mut tally = Tally::new(RFC);
    let mut dice = Dice(random::source(2));
    let known = vectors("rfc_cases.json", "rfc");
    assert_eq!(known.len(), 210);
    let known = known.iter().map(|rfc| rfc.as_str().unwrap().to_owned());
    let generated: Vec<String> = (0..GENERATED).map(|_| rfc(&mut dice)).collect();
    let mut both_accept = 0;
    for text in known.chain(generated) {
        let faults = Rfc::faults_in(&text);
        match (faults.as_slice(), mx::RFC.validate(&text)) {
            ([], Ok(_)) => both_accept += 1,
            ([], Err(_)) => tally.disagree("REFUSED_BY_STDNUM_ONLY", &text),
            (_, Ok(valid)) if valid.compact != text => tally.disagree("NORMALISED", &text),
            ([RfcFault::Length], Ok(_)) if text.chars().count() == 10 => {
                tally.disagree("SHORT_FORM", &text)
            }
            (faults, Ok(_)) => {
                for fault in faults {
                    let homoclave_o = text.chars().rev().skip(1).take(2).any(|c| c == 'O');
                    match fault {
                        RfcFault::Homoclave if homoclave_o => tally.disagree("HOMOCLAVE_O", &text),
                        RfcFault::CheckDigit => tally.disagree("LEGACY_CHECK_DIGIT", &text),
                        other => tally.disagree(other.reason(), &text),
                    }
                }
            }
            (_, Err(_)) => {}
        }
    }
    assert!(both_accept > GENERATED / 4, "{both_accept}");
    tally.finish();
}

/// The zone of a synthetic card, often with a character changed, and then often with the check
/// digits made right again.
fn zone(
    people: &mut Synthetic<impl FnMut(&mut [u8])>,
    dice: &mut Dice<impl FnMut(&mut [u8])>,
) -> [String; 3] {
    let person = people.person(AS_OF, 18..=90).unwrap();
    let (_, mrz) = person.ine().unwrap();
    let mut lines = mrz.expose().map(|line| line.as_bytes().to_vec());
    for _ in 0..dice.below(3) {
        let (line, at) = (dice.below(2), dice.below(30));
        let c = dice.letter("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<");
        lines[line][at] = u8::try_from(c).unwrap();
    }
    if dice.one_in(10) {
        let date = dice.yymmdd();
        let at = [0, 8][dice.below(2)];
        lines[1][at..at + 6].copy_from_slice(date.as_bytes());
    }
    if dice.one_in(2) {
        let [one, two, _] = &mut lines;
        one[14] = icao_check_digit(&one[5..14]);
        two[6] = icao_check_digit(&two[..6]);
        two[14] = icao_check_digit(&two[8..14]);
        two[29] = icao_check_digit(&[&one[5..], &two[..7], &two[8..15], &two[18..29]].concat());
    }
    lines.map(|line| String::from_utf8(line).unwrap())
}

/// Written anew, so that the inputs do not depend on what is tested.
fn icao_check_digit(bytes: &[u8]) -> u8 {
    let value = |c: &u8| char::from(*c).to_digit(36).unwrap_or(0);
    let sum: u32 = bytes.iter().enumerate().map(|(i, c)| value(c) * [7, 3, 1][i % 3]).sum();
    b'0' + u8::try_from(sum % 10).unwrap()
}

#[test]
fn mrz_against_mrz() {
    let mut tally = Tally::new(MRZ);
    let mut people = Synthetic::new(random::source(3));
    let mut dice = Dice(random::source(4));
    let known = vectors("mrz_cases.json", "lines");
    assert_eq!(known.len(), 135);
    let known = known.iter().map(|lines| {
        let line = |i: usize| lines[i].as_str().unwrap_or_default().to_owned();
        [line(0), line(1), line(2)]
    });
    let generated: Vec<_> = (0..GENERATED).map(|_| zone(&mut people, &mut dice)).collect();
    let mut both_accept = 0;
    for lines in known.chain(generated) {
        both_accept += usize::from(compare_zone(&mut tally, &lines));
    }
    assert!(both_accept > GENERATED / 5, "{both_accept}");
    tally.finish();
}

/// Whether both accept the lines.
fn compare_zone(tally: &mut Tally, lines: &[String; 3]) -> bool {
    let input = lines.join("\n");
    let [one, two, three] = lines.each_ref().map(String::as_str);
    let ours = IneMrz::parse(&[one, two, three], AS_OF);
    let faults = IneMrz::faults_in(&[one, two, three], AS_OF);
    let Ok(theirs) = mrz::parse_td1(one, two, three) else {
        assert!(ours.is_err(), "REFUSED_BY_MRZ_ONLY {input}");
        return false;
    };
    compare_checks(tally, &theirs, [one, two, three], &input);
    if theirs.checks.all_valid() {
        // The check digits have been compared one by one.
        for fault in faults.iter().filter(|fault| **fault < MrzFault::CheckDocument) {
            tally.disagree(fault.reason(), &input);
        }
    }
    let Ok(ours) = ours else {
        return false;
    };
    assert!(theirs.checks.all_valid(), "{input}");
    assert_eq!(ours.cic().expose(), theirs.document_number, "{input}");
    assert_eq!(
        theirs.optional_data_1.as_deref(),
        Some(ours.ocr().expose()).map(|ocr| format!("<<{ocr}")).as_deref()
    );
    match (ours.sexo().map(|sexo| sexo.letter()), &theirs.sex) {
        (None, Sex::Unspecified) => {}
        (Some('M'), Sex::Male) => tally.disagree("SEX_M_READ_AS_MALE", &input),
        (Some('H'), Sex::NonConformant('H')) => tally.disagree("SEX_H_UNKNOWN", &input),
        (Some('X'), Sex::NonConformant('X')) => tally.disagree("SEX_X_UNKNOWN", &input),
        other => panic!("{other:?} {input}"),
    }
    true
}

/// The check digits are the same arithmetic, so they must agree, whatever else is wrong.
fn compare_checks(tally: &mut Tally, theirs: &MrzData, lines: [&str; 3], input: &str) {
    let ours = IneMrz::checks_in(&lines).unwrap_or_else(|| panic!("{input}"));
    let theirs = &theirs.checks;
    let [one, two, _] = lines.map(str::as_bytes);
    let digits = [
        (theirs.document_number, ours.document, one[14]),
        (theirs.date_of_birth, ours.birth, two[6]),
        (theirs.date_of_expiry, ours.expiry, two[14]),
        (theirs.composite, ours.composite, two[29]),
    ];
    for (theirs, ours, digit) in digits {
        if theirs == Some(ours) {
            continue;
        }
        assert!(theirs == Some(true) && digit == b'<', "{input}");
        tally.disagree("FILLER_FOR_CHECK_DIGIT", input);
    }
}
