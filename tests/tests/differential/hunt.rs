//! `tests/vectors/conformance/sd-jwt-hunt.json`: a token of each class that somebody gets wrong and that the other
//! files there have no case of, for other implementers to try.
//!
//! `LLAVERO_RENEW=1 cargo test -p llavero-tests --features peers --test differential hunt` writes it.

use std::path::Path;

use llavero_tests::seeded::pairs;
use serde_json::{Value, json};

use crate::class::{self, Class};
use crate::dice::Dice;
use crate::draft::{Draft, Kind, NOW};
use crate::ledger::Ledger;

/// Of these no case is published: another file has one, or the class is about chance. A star stands for any end.
const ELSEWHERE: &[&str] = &[
    "_sd_alg*",
    "date/exp as text",
    "date/nbf to come",
    "digest/hexadecimal",
    "digest/number",
    "digest/of the JSON",
    "digest/of a decoy at two places of an array",
    "disclosure/child without its parent",
    "disclosure/element in an object",
    "disclosure/four entries",
    "disclosure/member in an array",
    "disclosure/name is a number",
    "disclosure/name is null",
    "disclosure/named ...",
    "disclosure/named _sd",
    "disclosure/named _sd with an escape",
    "disclosure/named _sd_alg",
    "disclosure/object",
    "disclosure/sent twice",
    "disclosure/standard alphabet",
    "disclosure/takes the issuer's name",
    "disclosure/unreferenced",
    "disclosure/value has _sd_alg",
    "header/alg*",
    "header/b64 false",
    "header/crit empty",
    "header/typ JWT",
    "header/typ is a number",
    "header/typ kb+jwt",
    "header/without alg",
    "honest/element hidden in an array in an array",
    "honest/hidden name/empty",
    "honest/iss not https",
    "honest/plain*",
    "honest/sha*",
    "honest/without exp",
    "key binding/alg*",
    "key binding/aud an array of one",
    "key binding/crit*",
    "key binding/iat of 2001",
    "key binding/not asked for",
    "no JSON, hidden/NaN",
    "reserved/_sd is a text",
    "reserved/_sd is an object",
    "reserved/dots beside another member",
    "reserved/dots with a number",
    "spelling/signature padded",
    "text/no tilde at all",
    "text/two tildes at the end",
    "vc/aka_vcts*",
    "vc/iss hidden",
    "vc/jwk hidden in cnf",
    "vc/status is a text",
    "vc/status_list hidden in status",
    "vc/vct empty",
    "vc/vct hidden",
    "vc/vct is an array",
    "vc/without vct",
    "a letter*",
    "one byte*",
    "one letter*",
    "the end*",
    "two letters*",
];

fn is_elsewhere(name: &str) -> bool {
    ELSEWHERE.iter().any(|words| match words.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *words,
    })
}

fn case(class: &Class, spec: &str, reason: &str) -> Value {
    let pairs = pairs().unwrap();
    let case = class.plain_token(&pairs[..1], &mut Dice::of(&class.name));
    let Draft { kind, asked, pair, claims, .. } = &case.draft;
    let of_vc = class.name.starts_with("vc/") || class.name.contains(", hidden");
    let of_vc = of_vc
        || class.name.starts_with("header/typ")
        || class.name.starts_with("header/without typ");
    let kind = match (asked, kind) {
        (_, Kind::SdJwtVc) if of_vc => "sdjwtvc",
        (Some(_), _) => "kb",
        (None, _) => "core",
    };
    let expect = if class.is_accepted { "accept" } else { "reject" };
    let letters = |letter: char| {
        if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }
    };
    let slug: String = class.name.chars().map(letters).collect();
    let slug = slug.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    let mut policy = json!({"now": NOW, "issuer_jwk": pair.issuer.public,
        "require_key_binding": asked.is_some(), "required_claims": []});
    if let Some(asked) = asked {
        policy["expected_aud"] = json!(asked.aud);
        policy["expected_nonce"] = json!(asked.nonce);
        policy["kb_max_age_s"] = json!(300);
    }
    let mut value = json!({"id": format!("hunt-{expect}-{slug}"), "kind": kind, "spec": spec,
        "role": "verifier", "policy": policy, "input": case.text, "expect": expect,
        "reason": format!("{} (elsewhere: {reason})", class.name.replace('/', ": "))});
    if class.is_accepted {
        value["processed_payload"] = json!(claims);
    }
    value
}

fn file() -> String {
    let (ledger, mut cases) = (Ledger::open(), Vec::new());
    for class in class::all().iter().filter(|class| !is_elsewhere(&class.name)) {
        if let Some((spec, reason)) = ledger.clear(&class.name) {
            cases.push(case(class, spec, reason));
        }
    }
    serde_json::to_string_pretty(&cases).unwrap() + "\n"
}

#[test]
fn the_published_cases_of_the_hunt_are_those_of_the_classes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/conformance/sd-jwt-hunt.json");
    let made = file();
    if std::env::var_os("LLAVERO_RENEW").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap();
    assert!(published == made, "{} is stale: LLAVERO_RENEW=1 writes it", path.display());
}
