//! Every file of the JSON Parsing Test Suite against the engine's reader of untrusted JSON, with `serde_json` beside it.
//!
//! The suite lies outside the repository: see `support/published.rs`.
//!
//! Of its files, `y_` must be accepted, `n_` must be refused, and `i_` is left to the reader; the tables here say which
//! way we go, and an entry that says otherwise than the reader does fails.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/published.rs"]
mod published;

use std::collections::BTreeMap;
use std::path::PathBuf;

use llavero_core::{Part, json};
use published::{json_files, name, published};
use serde_json::Value;

/// Files that must be accepted and are not: the code, and why.
const DEVIATIONS: [(&str, &str, &str); 2] = [
    (
        "y_object_duplicated_key.json",
        "json_duplicate_name",
        "RFC 7515 §4 lets a reader refuse it; two readers that choose differently see different claims",
    ),
    ("y_object_duplicated_key_and_value.json", "json_duplicate_name", "the same"),
];

/// What the suite leaves to the reader: our code for each, and why.
const DECISIONS: [(&str, &str); 19] = [
    // Beyond what an IEEE double holds; reading it as infinity or as another number would change a claim.
    ("i_number_huge_exp.json", "json_syntax"),
    ("i_number_real_neg_overflow.json", "json_syntax"),
    // Beyond 64 bits: the nearest double is what RFC 8259 §6 lets one expect, so this one is read.
    ("i_number_very_big_negative_int.json", "accepted"),
    // A surrogate without its other half is no character, and readers disagree about what to make of it.
    ("i_string_1st_surrogate_but_2nd_missing.json", "json_syntax"),
    ("i_string_1st_valid_surrogate_2nd_invalid.json", "json_syntax"),
    ("i_string_incomplete_surrogate_and_escape_valid.json", "json_syntax"),
    ("i_string_incomplete_surrogates_escape_valid.json", "json_syntax"),
    ("i_string_invalid_surrogate.json", "json_syntax"),
    ("i_string_lone_second_surrogate.json", "json_syntax"),
    // JSON that systems exchange is UTF-8 (RFC 8259 §8.1), and this is not.
    ("i_string_UTF-16LE_with_BOM.json", "json_syntax"),
    ("i_string_UTF-8_invalid_sequence.json", "json_syntax"),
    ("i_string_invalid_utf-8.json", "json_syntax"),
    ("i_string_lone_utf8_continuation_byte.json", "json_syntax"),
    ("i_string_not_in_unicode_range.json", "json_syntax"),
    ("i_string_overlong_sequence_2_bytes.json", "json_syntax"),
    ("i_string_overlong_sequence_6_bytes.json", "json_syntax"),
    ("i_string_truncated-utf-8.json", "json_syntax"),
    ("i_string_utf16BE_no_BOM.json", "json_syntax"),
    // A byte order mark may be ignored (RFC 8259 §8.1); one spelling is safer than two.
    ("i_structure_UTF-8_BOM_empty_object.json", "json_syntax"),
];

fn files() -> Option<Vec<PathBuf>> {
    published("json-test-suite").map(|folder| json_files(&folder))
}

/// Our value, or the code of the refusal.
fn read(text: &[u8]) -> Result<Value, &'static str> {
    json::from_slice(text, Part::IssuerJwt).map_err(|error| error.code())
}

#[test]
fn every_file_is_read_as_it_must_be_or_as_decided() {
    let Some(files) = files() else { return };
    let mut counts = BTreeMap::new();
    for path in &files {
        let name = name(path);
        let text = std::fs::read(path).unwrap();
        let (got, kind) = (read(&text), &name[..2]);
        *counts.entry(kind).or_insert(0) += 1;
        let deviation = DEVIATIONS.iter().find(|(file, ..)| *file == name);
        let decision = DECISIONS.iter().find(|(file, _)| *file == name);
        match (kind, deviation, decision) {
            ("y_", None, None) => {
                // Not only read, but read as what it is.
                let plain: Value = serde_json::from_slice(&text).unwrap();
                assert_eq!(got, Ok(plain), "{name}");
            }
            ("y_", Some((_, code, why)), None) => assert_eq!(got, Err(*code), "{name}: {why}"),
            ("n_", None, None) => {
                let code = got.expect_err(name);
                assert!(["json_syntax", "json_too_deep"].contains(&code), "{name}: {code}");
            }
            ("i_", None, Some((_, "accepted"))) => assert!(got.is_ok(), "{name}: {got:?}"),
            ("i_", None, Some((_, code))) => assert_eq!(got, Err(*code), "{name}"),
            _ => panic!("{name}: no decision about it, or one that has no place"),
        }
    }
    println!("JSON test suite: {counts:?}");
    assert_eq!(counts, BTreeMap::from([("i_", 19), ("n_", 67), ("y_", 32)]));
}

#[test]
fn what_serde_json_refuses_is_refused_and_what_it_accepts_beyond_us_is_known() {
    let Some(files) = files() else { return };
    let mut stricter = Vec::new();
    for path in &files {
        let text = std::fs::read(path).unwrap();
        match (read(&text), serde_json::from_slice::<Value>(&text)) {
            (Ok(ours), Ok(plain)) => assert_eq!(ours, plain, "{}", name(path)),
            (Ok(_), Err(error)) => panic!("{}: {error}", name(path)),
            (Err(_), Ok(_)) => stricter.push(name(path)),
            (Err(_), Err(_)) => {}
        }
    }
    // Nothing but repeated names: all else that is refused, the parser below refuses.
    assert_eq!(stricter, DEVIATIONS.map(|(file, ..)| file));
}
