//! What the surface refuses, and as what: the cases that the suites of the packages share.
//!
//! This test makes `bindings/vectors/refusals.json`, compares it with what is there, and runs every case of it.
//! `LLAVERO_RENEW=1` writes the file.

#![allow(
    clippy::result_large_err,
    reason = "an error is made once and leaves at once; its texts go with it"
)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "../../../core/tests/support/certificates.rs"]
mod certificates;
#[path = "../support/mod.rs"]
mod support;

mod cases;
mod forge;
mod run;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use llavero_ffi::LlaveroError;
use serde_json::{Value, json};
use support::NOW;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bindings/vectors/refusals.json");

/// What needs a callback, a file or a mistake of the app.
const NATIVE: [&str; 18] = [
    "already_used",
    "argument_malformed",
    "callback_failed",
    "callback_malformed",
    "callback_reentered",
    "callback_timed_out",
    "random",
    "signer_cancelled",
    "signer_unavailable",
    "store_conflict",
    "store_corrupt",
    "store_exists",
    "store_locked",
    "store_missing",
    "store_random",
    "store_unavailable",
    "store_version",
    "store_wrong_key",
];

/// What those who use the Rust crates can meet and the surface cannot give.
const UNREACHABLE: [(&str, &str); 15] = [
    (
        "answer_empty",
        "A list without presentations is refused as member_malformed when the answer is read.",
    ),
    ("answer_id_unknown", "The challenge looks for such identifiers first and says unknown_query."),
    ("answer_repeated", "An answer is a JSON object: a repeated name is json_duplicate_name."),
    ("claim_missing", "Nothing in the surface requires claims by name: a query asks for them."),
    ("claim_not_found", "A wallet shows only paths that it has found in the copy."),
    (
        "claim_overflow",
        "Records hold no more than their credential type has room for: too_many comes first.",
    ),
    ("claim_unknown", "Drafts are made of records, and those have only the claims of their type."),
    ("homonym", "The surface reads CURPs and makes none."),
    ("path_array_expected", "A path that does not fit a credential is mismatch_claim_absent."),
    ("path_nothing_selected", "A path that selects nothing is mismatch_claim_absent."),
    ("path_object_expected", "A path that does not fit a credential is mismatch_claim_absent."),
    ("rfc_check_digit", "RFCs in use have wrong check digits, so the surface lets them pass."),
    ("rfc_homoclave", "RFCs in use have such homoclaves, so the surface lets them pass."),
    ("template_name", "The names of claims come from tables without repetitions."),
    ("text_empty", "An empty field counts as one that is not there."),
];

/// The tables of SPEC.md §15 whose codes are no errors.
const WARNING_TABLES: [&str; 3] = [
    "Wallet: a batch is odd, and received",
    "Wallet: warnings on the consent sheet",
    "Wallet: what no presentation protects from",
];

/// Every code that an error can have, as the specification lists them.
fn codes() -> BTreeSet<&'static str> {
    let spec = include_str!("../../../../SPEC.md");
    let (_, section) = spec.split_once("\n## 15. Error codes\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let tables = section.split("\n### ").skip(1);
    let errors =
        tables.filter(|table| !WARNING_TABLES.iter().any(|heading| table.starts_with(heading)));
    let rows = errors.flat_map(|table| table.lines().filter_map(|row| row.strip_prefix("| `")));
    rows.map(|row| row.split_once('`').unwrap().0).collect()
}

/// The file as it should be.
fn file() -> Value {
    json!({
        "now": NOW.as_secs(),
        "codes": codes(),
        "native": NATIVE,
        "unreachable": UNREACHABLE.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "issuer_jwk": cases::issuer_jwk(),
        "issuer_certificate": cases::hex(&forge::CERTIFICATES.issuer),
        "anchor_certificate": cases::hex(&forge::CERTIFICATES.anchor),
        "cases": cases::all(),
    })
}

/// One case a line, so that a change shows what it changed.
fn printed(file: &Value) -> String {
    let mut text = String::from("{\n");
    let before = [
        "now",
        "codes",
        "native",
        "unreachable",
        "issuer_jwk",
        "issuer_certificate",
        "anchor_certificate",
    ];
    for member in before {
        writeln!(text, "  \"{member}\": {},", file[member]).unwrap();
    }
    text.push_str("  \"cases\": [\n");
    let cases: Vec<String> =
        file["cases"].as_array().unwrap().iter().map(|case| format!("    {case}")).collect();
    text.push_str(&cases.join(",\n"));
    text.push_str("\n  ]\n}\n");
    visible(&text)
}

/// Marks that nobody sees, or that turn the direction of what follows, stand as escapes.
fn visible(json: &str) -> String {
    let mut text = String::new();
    for c in json.chars() {
        if c.is_ascii() || c.is_alphabetic() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(text, "\\u{unit:04x}").unwrap();
            }
        }
    }
    text
}

const fn variant(error: &LlaveroError) -> &'static str {
    match error {
        LlaveroError::Device { .. } => "Device",
        LlaveroError::Record { .. } => "Record",
        LlaveroError::Refused { .. } => "Refused",
        LlaveroError::Unmet { .. } => "Unmet",
        LlaveroError::Usage { .. } => "Usage",
    }
}

#[test]
fn the_file_is_what_this_test_makes() {
    let made = file();
    if std::env::var_os("LLAVERO_RENEW").is_some() {
        std::fs::write(FILE, printed(&made)).unwrap();
    }
    let text = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(text.len() < 1_500_000, "{} bytes", text.len());
    let kept: Value = serde_json::from_str(&text).unwrap_or_default();
    assert!(
        made == kept,
        "bindings/vectors/refusals.json is not what this test makes: LLAVERO_RENEW=1 writes it"
    );
}

#[test]
fn every_case_gives_its_code_in_its_variant() {
    let file = file();
    let issuer_jwk = file["issuer_jwk"].as_str().unwrap();
    let mut wrong = Vec::new();
    for case in file["cases"].as_array().unwrap() {
        let outcome = std::panic::catch_unwind(|| run::run(case, issuer_jwk));
        let (code, error) = match &outcome {
            Err(_) => ("a step before the last fails".to_owned(), "panic"),
            Ok(Ok(())) => ("nothing is refused".to_owned(), "none"),
            Ok(Err(error)) => (error.code(), variant(error)),
        };
        if case["code"] != code || case["error"] != error {
            wrong.push(format!(
                "{}: {error} {code}, not {} {}",
                case["name"], case["error"], case["code"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_unique() {
    let cases = cases::all();
    let names: BTreeSet<&str> = cases.iter().map(|case| case["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), cases.len());
}

#[test]
fn every_code_has_a_case_or_is_native_or_unreachable_and_no_two_of_them() {
    let cases = cases::all();
    let raised: BTreeSet<&str> = cases.iter().map(|case| case["code"].as_str().unwrap()).collect();
    let native = BTreeSet::from(NATIVE);
    let unreachable: BTreeSet<&str> = UNREACHABLE.iter().map(|(code, _)| *code).collect();
    let all: BTreeSet<&str> =
        [&raised, &native, &unreachable].into_iter().flatten().copied().collect();
    let codes = codes();
    assert_eq!(codes.difference(&all).collect::<Vec<_>>(), [&""; 0], "without a case");
    assert_eq!(all.difference(&codes).collect::<Vec<_>>(), [&""; 0], "not in SPEC.md");
    assert_eq!(raised.len() + native.len() + unreachable.len(), all.len(), "listed twice");
}
