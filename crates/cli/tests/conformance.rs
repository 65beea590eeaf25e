//! `llavero conformance`: the published cases, other implementations as adapters, and what counts as a failure.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

const LLAVERO: &str = env!("CARGO_BIN_EXE_llavero");

fn vectors(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file)
}

fn conformance(args: &[&str]) -> Output {
    Command::new(LLAVERO).args(["conformance", "--json"]).args(args).output().unwrap()
}

/// The report on one file, whatever it says.
fn report(args: &[&str]) -> Value {
    let output = conformance(args);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(output.status.success(), report_is_good(&report), "{report}");
    report
}

fn report_is_good(report: &Value) -> bool {
    report["failed"].as_array().is_some_and(Vec::is_empty)
}

fn cases(file: &str) -> Vec<Value> {
    serde_json::from_slice(&std::fs::read(vectors(file)).unwrap()).unwrap()
}

fn ids(failed: &Value) -> Vec<&str> {
    failed.as_array().unwrap().iter().map(|failure| failure["id"].as_str().unwrap()).collect()
}

/// A folder with the files of a test.
struct Room(tempfile::TempDir);

impl Room {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.path().join(name), text).unwrap();
        self.path(name)
    }
}

/// Every file of cases: how many cases, and how many of them of a kind that this program does not do.
const FILES: [(&str, u64, u64); 17] = [
    ("conformance/claims-path-pointer.json", 36, 0),
    ("conformance/dcql.json", 190, 0),
    ("conformance/jwt-vc-issuer-metadata.json", 58, 0),
    ("conformance/sd-jwt-core.json", 104, 0),
    ("conformance/sd-jwt-hunt.json", 167, 0),
    ("conformance/sd-jwt-key-binding.json", 40, 0),
    ("conformance/sd-jwt-vc-x5c-chains.json", 34, 0),
    ("conformance/sd-jwt-vc-x5c.json", 17, 0),
    ("conformance/sd-jwt-vc.json", 28, 0),
    ("conformance/token-status-list.json", 51, 51),
    ("conformance/type-metadata.json", 156, 0),
    ("mx/clave_elector_cases.json", 41, 0),
    ("mx/curp_cases.json", 446, 0),
    ("mx/curp_consistency_cases.json", 56, 0),
    ("mx/curp_derivation_cases.json", 92, 0),
    ("mx/mrz_cases.json", 135, 0),
    ("mx/rfc_cases.json", 210, 0),
];

/// The cases that the specifications leave open, each with the way that SPEC.md §9 says is taken.
fn left_open() -> BTreeMap<String, String> {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../SPEC.md");
    let spec = std::fs::read_to_string(spec).unwrap();
    let section = spec.split("\n## ").find(|section| section.starts_with("9. ")).unwrap();
    let table = section.split("\nOther choices").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.split(" | ").collect();
        (cells[0].trim_matches(['|', ' ', '`']).to_owned(), cells[2].replace('`', ""))
    })
    .collect()
}

#[test]
fn every_case_of_a_known_kind_passes() {
    let mut either = BTreeMap::new();
    for (file, cases, skipped) in FILES {
        let report = report(&[vectors(file).to_str().unwrap()]);
        assert_eq!(report["failed"], json!([]), "{file}");
        let counts = [&report["total"], &report["passed"], &report["skipped"]];
        assert_eq!(counts, [&json!(cases), &json!(cases - skipped), &json!(skipped)], "{file}");
        for entry in report["either"].as_array().unwrap() {
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            either.insert(text("id"), text("got"));
        }
    }
    let mut expected = left_open();
    expected.retain(|_, way| way != "not run");
    assert_eq!(either, expected);
}

#[test]
fn every_file_with_cases_is_listed_and_no_identifier_is_used_twice() {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for folder in ["conformance", "mx"] {
        for entry in vectors(folder).read_dir().unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if !name.ends_with(".json") {
                continue;
            }
            let file = format!("{folder}/{name}");
            let document: Value =
                serde_json::from_slice(&std::fs::read(vectors(&file)).unwrap()).unwrap();
            let cases = document.get("cases").unwrap_or(&document).as_array();
            let ids: Vec<_> = cases.into_iter().flatten().filter_map(|c| c.get("id")).collect();
            for id in &ids {
                assert!(seen.insert(id.as_str().unwrap().to_owned()), "{file}: {id} twice");
            }
            if !ids.is_empty() {
                found.push(file);
            }
        }
    }
    found.sort();
    assert_eq!(found, FILES.map(|(file, ..)| file));
}

#[test]
fn every_file_is_as_its_schema_says() {
    let read = |file: &str| -> Value {
        serde_json::from_slice(&std::fs::read(vectors(file)).unwrap()).unwrap()
    };
    let schema = read("conformance/schema.json");
    for (file, ..) in FILES.iter().filter(|(file, ..)| file.starts_with("conformance/")) {
        let cases = read(file);
        assert_eq!(schema::fault(&cases, &schema, &schema), None, "{file}");
        // What is left out, misspelt or of another type is noticed.
        for (index, case) in cases.as_array().unwrap().iter().enumerate() {
            for name in ["id", "kind", "spec", "expect"] {
                for odd in [None, Some(json!("oddity")), Some(json!(5))] {
                    if odd == Some(json!("oddity")) && matches!(name, "id" | "spec") {
                        continue;
                    }
                    let mut case = case.clone();
                    case.as_object_mut().unwrap().remove(name);
                    if let Some(odd) = odd {
                        case[name] = odd;
                    }
                    let fault = schema::fault(&json!([case]), &schema, &schema);
                    assert!(fault.is_some(), "{file}, {index}: {name}");
                }
            }
            let mut more = case.clone();
            more["expects"] = json!("accept");
            assert!(schema::fault(&json!([more]), &schema, &schema).is_some(), "{file}");
        }
    }
}

/// As much of JSON Schema (2020-12) as the schema of the cases uses; it stops at anything else.
mod schema {
    use serde_json::Value;

    /// The first thing in `value` that is not as `schema`, a part of `root`, says.
    pub(crate) fn fault(value: &Value, schema: &Value, root: &Value) -> Option<String> {
        schema.as_object().unwrap().iter().find_map(|(keyword, rule)| {
            let good = match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" => true,
                "$ref" => {
                    let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                    return fault(value, root.pointer(pointer).unwrap(), root);
                }
                "type" => match rule {
                    Value::Array(types) => types.iter().any(|name| is(value, name)),
                    name => is(value, name),
                },
                "const" => value == rule,
                "enum" => rule.as_array().unwrap().contains(value),
                "minimum" => value.as_i64().is_none_or(|value| value >= rule.as_i64().unwrap()),
                "minLength" => value
                    .as_str()
                    .is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().unwrap()),
                "minItems" => value
                    .as_array()
                    .is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
                "required" => value.as_object().is_none_or(|object| {
                    let mut names = rule.as_array().unwrap().iter();
                    names.all(|name| object.contains_key(name.as_str().unwrap()))
                }),
                "items" => {
                    let mut items = value.as_array().into_iter().flatten();
                    return items.find_map(|item| fault(item, rule, root));
                }
                "oneOf" => {
                    let fits = |option: &&Value| fault(value, option, root).is_none();
                    rule.as_array().unwrap().iter().filter(fits).count() == 1
                }
                "properties" => {
                    let mut rules = rule.as_object().unwrap().iter();
                    return rules.find_map(|(name, rule)| fault(value.get(name)?, rule, root));
                }
                "additionalProperties" => {
                    let known = schema.get("properties");
                    let mut others = value.as_object().into_iter().flatten();
                    let unknown =
                        |name: &String| known.is_none_or(|known| known.get(name).is_none());
                    return others.find_map(|(name, value)| match rule {
                        _ if !unknown(name) => None,
                        Value::Bool(false) => Some(format!("member {name} is not known")),
                        rule => fault(value, rule, root),
                    });
                }
                other => panic!("a keyword that is not checked here: {other}"),
            };
            (!good).then(|| format!("{keyword}: {rule} of {}", value["id"]))
        })
    }

    fn is(value: &Value, name: &Value) -> bool {
        match name.as_str().unwrap() {
            "array" => value.is_array(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "null" => value.is_null(),
            "object" => value.is_object(),
            "string" => value.is_string(),
            other => panic!("a type that is not checked here: {other}"),
        }
    }
}

#[test]
fn reports_misses_and_skips_what_it_does_not_know() {
    let cases = cases("conformance/sd-jwt-core.json");
    let mut miss = cases[0].clone();
    miss["expect"] = json!("reject");
    let mut other_claims = cases[0].clone();
    other_claims["processed_payload"]["given_name"] = json!("Otra");
    let mut odd = cases[0].clone();
    odd["expect"] = json!("acept");
    let mut as_json = cases[0].clone();
    let compact = as_json["input"].as_str().unwrap().to_owned();
    as_json["input"] = llavero_core::jws_json::to_flattened(&compact).unwrap();
    let unreadable = json!({ "id": "unreadable", "kind": "core", "expect": "accept" });
    let vacuous = json!({ "id": "vacuous", "kind": "dcql-parse", "query": {}, "expect": {} });
    let unknown = json!({ "id": "unknown", "kind": "mdoc" });
    let row = json!({ "name": "a row of a table" });
    let room = Room::new();
    let file = room.write(
        "cases.json",
        &json!([miss, other_claims, odd, as_json, unreadable, vacuous, unknown, row]).to_string(),
    );
    let report = report(&[&file]);
    let counts = [&report["total"], &report["passed"], &report["skipped"]];
    assert_eq!(counts, [&json!(7), &json!(1), &json!(1)]);
    let payload = "given_name: \"Otra\"";
    assert_eq!(
        report["failed"],
        json!([
            { "id": "core-accept-all", "expected": "reject", "got": "accept" },
            { "id": "core-accept-all", "expected": payload, "got": "given_name: \"Ana María\"" },
            { "id": "core-accept-all", "expected": "a usable member \"expect\"", "got": "none" },
            { "id": "unreadable", "expected": "a usable member \"policy\"", "got": "none" },
            { "id": "vacuous", "expected": "a usable member \"query_valid\"", "got": "none" },
        ])
    );
    let words = Command::new(LLAVERO).args(["conformance", &file]).output().unwrap();
    let words = String::from_utf8(words.stdout).unwrap();
    assert!(words.contains("cases.json: passed 1 of 7 (1 skipped: kind not known)"), "{words}");
    let table = room.write("table.json", &json!([{ "name": "a row" }]).to_string());
    let words = Command::new(LLAVERO).args(["conformance", &table]).output().unwrap();
    assert!(String::from_utf8(words.stdout).unwrap().ends_with("table.json: no cases\n"));
}

#[test]
fn a_selection_of_claims_is_compared_whole_and_in_any_order() {
    let eval = |id: &str| {
        cases("conformance/dcql.json").into_iter().find(|case| case["id"] == id).unwrap()
    };
    let mut reordered = eval("eval-simple");
    reordered["expect"]["candidates"]["q1"]["ine"].as_array_mut().unwrap().reverse();
    let mut fewer = eval("eval-simple");
    fewer["expect"]["candidates"]["q1"]["ine"].as_array_mut().unwrap().pop();
    let mut satisfiable = eval("eval-simple");
    satisfiable["expect"]["satisfiable"] = json!(false);
    let mut options = eval("eval-sets-both-options");
    options["expect"]["options_satisfiable"] = json!([[true, false]]);
    let mut padded = eval("eval-aki-padded");
    padded["expect"]["satisfiable"] = json!(true);
    let room = Room::new();
    let cases = json!([reordered, fewer, satisfiable, options, padded]);
    let report = report(&[&room.write("cases.json", &cases.to_string())]);
    assert_eq!(report["passed"], 1);
    let expected = report["failed"].as_array().unwrap().iter().map(|failure| &failure["expected"]);
    assert_eq!(
        expected.collect::<Vec<_>>(),
        [
            "candidates: {\"q1\":{\"ine\":[[\"given_name\"]]}}",
            "satisfiable: false",
            "options_satisfiable: [[true,false]]",
            "satisfiable: true",
        ]
    );
}

#[test]
fn a_code_is_expected_of_this_program_and_of_no_other() {
    let mut case = cases("conformance/type-metadata.json")
        .into_iter()
        .find(|case| case["expect"] == "reject")
        .unwrap();
    let code = case["code"].as_str().unwrap().to_owned();
    case["code"] = json!("another");
    let room = Room::new();
    let file = room.write("cases.json", &json!([case]).to_string());
    let expected = json!([
        { "id": case["id"], "expected": "reject (another)", "got": format!("reject ({code})") }
    ]);
    assert_eq!(report(&[&file])["failed"], expected);
    let adapter = format!("{LLAVERO} conformance --as-adapter");
    assert_eq!(report(&["--adapter", &adapter, &file])["passed"], 1);
}

#[test]
fn this_program_as_an_adapter_scores_as_it_does_itself() {
    let adapter = format!("{LLAVERO} conformance --as-adapter");
    for (file, ..) in FILES {
        let path = vectors(file);
        let path = path.to_str().unwrap();
        assert_eq!(report(&["--adapter", &adapter, path]), report(&[path]), "{file}");
    }
}

#[test]
fn an_adapter_that_cannot_be_started_or_never_answers_is_a_mistake_in_the_command() {
    let file = vectors("conformance/sd-jwt-core.json");
    // It ends at once: `--as-adapter` takes no files.
    for adapter in ["", "no-such-program", &format!("{LLAVERO} conformance --as-adapter x.json")] {
        let output = conformance(&["--adapter", adapter, file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let error: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(error["error"]["code"], "usage");
    }
}

#[cfg(unix)]
mod shell {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::{Duration, Instant};

    use super::*;

    /// Answers each case with what `answer` prints; `$line` is the case and `$id` its identifier.
    fn adapter(room: &Room, answer: &str) -> String {
        let script = format!(
            "#!/bin/sh\nwhile IFS= read -r line; do\n  id=${{line#??id??\\\"}}; id=${{id%%\\\"*}}\n{answer}\ndone\n"
        );
        let path = room.write("adapter.sh", &script);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        path
    }

    const REJECT: &str = r#"  printf '{"id":"%s","verdict":"reject"}\n' "$id""#;

    #[test]
    fn an_adapter_that_refuses_everything_fails_exactly_what_must_be_accepted() {
        let room = Room::new();
        let adapter = adapter(&room, REJECT);
        for file in
            ["sd-jwt-core", "sd-jwt-key-binding", "sd-jwt-vc-x5c-chains", "jwt-vc-issuer-metadata"]
        {
            let file = format!("conformance/{file}.json");
            let report = report(&["--adapter", &adapter, vectors(&file).to_str().unwrap()]);
            let cases = cases(&file);
            let accepted: Vec<_> = cases
                .iter()
                .filter(|case| case["expect"] == "accept")
                .map(|case| case["id"].as_str().unwrap())
                .collect();
            assert!(!accepted.is_empty());
            assert_eq!(ids(&report["failed"]), accepted, "{file}");
            assert_eq!(report["passed"], cases.len() - accepted.len());
            assert_eq!(report["skipped"], 0);
        }
    }

    #[test]
    fn an_adapter_that_accepts_everything_fails_what_must_be_refused_or_has_a_value() {
        let room = Room::new();
        let adapter = adapter(&room, r#"  printf '{"id":"%s","verdict":"accept"}\n' "$id""#);
        for (file, ..) in FILES {
            let report = report(&["--adapter", &adapter, vectors(file).to_str().unwrap()]);
            let passed = report["passed"].as_u64().unwrap();
            let either = report["either"].as_array().unwrap().len() as u64;
            // Accepted without a value: where the case expects none, which those of a wallet and of Mexico never do.
            let plain = match file {
                "conformance/dcql.json" => count(file, |case| {
                    case["kind"] == "dcql-parse" && case["expect"]["query_valid"] == true
                }),
                "conformance/jwt-vc-issuer-metadata.json" => count(file, |case| {
                    case["kind"] == "issuer-metadata-doc" && case["expect"] == "accept"
                }),
                "conformance/type-metadata.json" => {
                    count(file, |case| case["expect"] == "accept" && case.get("resolved").is_none())
                }
                _ => 0,
            };
            assert_eq!(passed, either + plain, "{file}");
        }
    }

    fn count(file: &str, wanted: impl Fn(&Value) -> bool) -> u64 {
        cases(file).iter().filter(|case| wanted(case)).count() as u64
    }

    #[test]
    fn an_adapter_sees_no_expectation() {
        let room = Room::new();
        let answer = format!("  printf '%s\\n' \"$line\" >> {}\n{REJECT}", room.path("seen"));
        let adapter = adapter(&room, &answer);
        let files: Vec<_> = FILES.map(|(file, ..)| vectors(file)).into_iter().collect();
        let files = files.iter().map(|file| file.to_str().unwrap());
        conformance(&["--adapter", &adapter].into_iter().chain(files).collect::<Vec<_>>());
        let seen = std::fs::read_to_string(room.path("seen")).unwrap();
        let mut members = BTreeMap::new();
        for line in seen.lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let kind = case["kind"].as_str().unwrap().to_owned();
            let names = case.as_object().unwrap().keys().cloned();
            members.entry(kind).or_insert_with(BTreeSet::new).extend(names);
        }
        let cases: u64 = FILES.iter().map(|(_, cases, _)| cases).sum();
        assert_eq!(seen.lines().count() as u64, cases);
        let members: Vec<String> = members
            .into_iter()
            .map(|(kind, names)| {
                let names = names.into_iter().filter(|name| name != "id" && name != "kind");
                format!("{kind}: {}", names.collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(
            members,
            [
                "clave-elector: clave_elector",
                "core: input policy role",
                "curp: as_of curp",
                "curp-consistency: claims curp",
                "curp-derivation: birthdate entidad first_surname given_names second_surname sex",
                "dcql-eval: credentials query",
                "dcql-parse: query",
                "issuer-metadata-doc: iss jwk_set kid metadata",
                "issuer-metadata-url: iss",
                "kb: input policy role",
                "mrz: as_of lines",
                "path-pointer: credential path",
                "rfc: rfc",
                "sdjwtvc: input policy role",
                "sri: metadata octets",
                "statuslist: policy status_claim status_list_token",
                "type-metadata-check: documents input policy situation",
                "type-metadata-resolve: ask documents integrity vct",
                "x5c: input policy role",
            ]
        );
    }

    #[test]
    fn a_case_without_an_answer_has_failed_and_the_next_is_asked_all_the_same() {
        let room = Room::new();
        let answer = format!(
            "  case $id in
    *-reject-alg-none) exit 1;;
    *-reject-alg-missing) exec sleep 60;;
    *-reject-sig-flipped) echo 'not JSON'; continue;;
    *-reject-sig-empty) echo '{{\"id\":\"another\",\"verdict\":\"reject\"}}'; continue;;
    *-reject-wrong-key) printf '{{\"id\":\"%s\",\"verdict\":\"maybe\"}}\\n' \"$id\"; continue;;
    *-reject-typ*) printf '{{\"id\":\"%s\",\"verdict\":\"skip\"}}\\n' \"$id\"; continue;;
  esac
{REJECT}"
        );
        let adapter = adapter(&room, &answer);
        let names: Vec<String> = ["fine", "alg-none", "alg-missing", "sig-flipped", "sig-empty"]
            .into_iter()
            .chain(["wrong-key", "typ", "last"])
            .map(|name| format!("x-reject-{name}"))
            .collect();
        let case = |id: &String| json!({ "id": id, "kind": "core", "input": "", "policy": {}, "expect": "reject" });
        let cases: Value = names.iter().map(case).collect();
        let file = room.write("cases.json", &cases.to_string());
        let started = Instant::now();
        let report = report(&["--adapter", &adapter, "--timeout", "1", &file]);
        assert!(started.elapsed() < Duration::from_secs(30));
        assert_eq!(report["passed"], 2, "{report}");
        assert_eq!(report["skipped"], 1);
        let got = report["failed"].as_array().unwrap().iter().map(|failure| &failure["got"]);
        let odd = "an answer that is not one, or is for another case";
        assert_eq!(
            got.collect::<Vec<_>>(),
            ["the adapter ended", "no answer within 1 s", odd, odd, odd]
        );
        assert_eq!(ids(&report["failed"]), names[1..6]);
    }

    #[test]
    fn an_adapter_that_keeps_silent_is_given_up_after_three_cases() {
        let room = Room::new();
        let adapter = adapter(&room, "  :");
        let file = vectors("conformance/sd-jwt-core.json");
        let started = Instant::now();
        let output =
            conformance(&["--adapter", &adapter, "--timeout", "1", file.to_str().unwrap()]);
        assert!(started.elapsed() < Duration::from_secs(30));
        assert_eq!(output.status.code(), Some(2));
        let error: Value = serde_json::from_slice(&output.stdout).unwrap();
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains("first 3 cases: no answer within 1 s"), "{message}");
    }
}
