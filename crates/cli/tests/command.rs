//! The command line as people and scripts use it: files in, files out, exit status.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::process::{Command, Output};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A folder with the passphrase set, in which commands run at a fixed time.
struct Room {
    folder: tempfile::TempDir,
}

const NOW: &str = "2026-11-21T15:00:00Z";

impl Room {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn at(&self, time: &str, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_llavero"))
            .current_dir(self.folder.path())
            .env("LLAVERO_PASSPHRASE", "correcto caballo batería grapa")
            .env("LANG", "C")
            .args(["--at", time])
            .args(args)
            .output()
            .unwrap()
    }

    fn run(&self, args: &[&str]) -> Output {
        self.at(NOW, args)
    }

    /// Runs a command that must succeed, and reads its JSON.
    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs a command that must be refused with exit status 1, and gives its code.
    fn refused(&self, args: &[&str]) -> String {
        self.failed(NOW, args, 1)
    }

    fn failed(&self, time: &str, args: &[&str], status: i32) -> String {
        let output = self.at(time, &[args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(status), "{args:?}: {output:?}");
        let error: Value = serde_json::from_slice(&output.stdout).unwrap();
        error["error"]["code"].as_str().unwrap().to_owned()
    }

    fn read(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.folder.path().join(name)).unwrap()).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn exists(&self, name: &str) -> bool {
        self.folder.path().join(name).exists()
    }

    /// An agency, its trust list, and a wallet with three copies of an `age` credential.
    fn with_a_credential() -> Self {
        let room = Self::new();
        room.json(&["keys", "new", "--out", "agency.jwk", "--public", "agency.pub"]);
        room.json(&[
            "trust",
            "new",
            "--iss",
            "https://agencia.example",
            "--name",
            "Agencia de Ejemplo",
            "--type",
            "age",
            "--key",
            "agency.pub",
            "--out",
            "trust.json",
        ]);
        room.json(&[
            "wallet",
            "enrol",
            "--iss",
            "https://agencia.example",
            "--nonce",
            "n-1",
            "--copies",
            "3",
            "--out",
            "proofs.json",
        ]);
        room.write("record.json", r#"{"id": "irene", "birthdate": "1990-05-17"}"#);
        room.issue("record.json");
        room.json(&["wallet", "add", "--trust", "trust.json", "batches/irene.json"]);
        room
    }

    fn issue(&self, records: &str) -> Value {
        self.json(&ISSUE.iter().copied().chain([records]).collect::<Vec<_>>())
    }

    fn ask(&self, claim: &str) {
        self.json(&[
            "request",
            "new",
            "--client-id",
            "https://bar.example",
            "--name",
            "Bar",
            "--purpose",
            "Vender alcohol",
            "--type",
            "age",
            "--claim",
            claim,
            "--out",
            "request.json",
            "--challenge",
            "challenge.json",
        ]);
    }

    fn answer(&self) -> Value {
        self.json(&["wallet", "answer", "--yes", "--out", "answer.json", "request.json"])
    }
}

const ISSUE: [&str; 14] = [
    "issue",
    "--key",
    "agency.jwk",
    "--iss",
    "https://agencia.example",
    "--type",
    "age",
    "--nonce",
    "n-1",
    "--proofs",
    "proofs.json",
    "--days",
    "7",
    "--out=batches",
];
const VERIFY: [&str; 6] =
    ["verify", "--trust", "trust.json", "--challenge", "challenge.json", "answer.json"];

#[test]
fn the_whole_way_from_a_record_to_a_verdict() {
    let room = Room::with_a_credential();
    room.ask("age_equal_or_over.18");
    let sheet = room.answer();
    assert_eq!(sheet["sheet"]["credentials"][0]["revealed"], json!(["age_equal_or_over.18"]));
    let verdict = room.json(&VERIFY);
    assert_eq!(verdict["verified"], true);
    let claims = &verdict["credentials"][0]["claims"];
    assert_eq!(claims, &json!([{ "path": ["age_equal_or_over", "18"], "values": [true] }]));
    let list = room.json(&["wallet", "list"]);
    assert_eq!(list["credentials"][0]["copies_left"], 2);
    let id = list["credentials"][0]["id"].as_str().unwrap().to_owned();
    let shown = room.json(&["wallet", "show", &id]);
    assert!(
        shown["claims"]
            .as_array()
            .unwrap()
            .iter()
            .any(|claim| claim["path"] == "age_equal_or_over.65")
    );
    let history = room.json(&["wallet", "history"]);
    assert_eq!(history["history"][0]["client_id"], "https://bar.example");
}

#[test]
fn an_answer_is_accepted_once() {
    let room = Room::with_a_credential();
    room.ask("age_equal_or_over.18");
    room.answer();
    room.json(&VERIFY);
    assert!(!room.exists("challenge.json"));
    let output = room.run(&VERIFY);
    assert_eq!(output.status.code(), Some(2));
    // Nor does it answer the next question.
    room.ask("age_equal_or_over.18");
    assert_eq!(room.refused(&VERIFY), "nonce_mismatch");
}

#[test]
fn refuses_late_answers_and_expired_copies() {
    let room = Room::with_a_credential();
    room.ask("age_equal_or_over.18");
    room.answer();
    let keep = [&VERIFY[..], &["--keep-challenge"]].concat();
    assert_eq!(room.failed("2026-11-21T15:06:00Z", &keep, 1), "challenge_closed");
    let answer = ["wallet", "answer", "--yes", "--out", "late.json", "request.json"];
    assert_eq!(room.failed("2026-11-29T00:00:00Z", &answer, 1), "credential_expired");
    assert!(!room.exists("late.json"));
}

#[test]
fn a_wallet_runs_out_of_copies_and_says_so() {
    let room = Room::with_a_credential();
    for _ in 0..3 {
        room.ask("age_equal_or_over.18");
        room.answer();
        room.json(&VERIFY);
    }
    room.ask("age_equal_or_over.18");
    let answer = ["wallet", "answer", "--yes", "--out", "answer.json", "request.json"];
    assert_eq!(room.refused(&answer), "no_copies_left");
}

#[test]
fn declining_reveals_nothing_and_spends_nothing() {
    let room = Room::with_a_credential();
    room.ask("age_equal_or_over.18");
    room.json(&["wallet", "answer", "--decline", "--out", "answer.json", "request.json"]);
    assert_eq!(room.read("answer.json"), json!({ "error": "access_denied" }));
    assert_eq!(room.json(&["wallet", "list"])["credentials"][0]["copies_left"], 3);
    // Where nobody can be asked, nothing is assumed.
    let unasked = ["wallet", "answer", "--out", "answer.json", "request.json"];
    assert_eq!(room.failed(NOW, &unasked, 2), "usage");
}

#[test]
fn refuses_an_issuer_that_is_not_on_the_list() {
    let room = Room::with_a_credential();
    room.json(&["keys", "new", "--out", "other.jwk", "--public", "other.pub"]);
    room.json(&[
        "trust",
        "new",
        "--iss",
        "https://otra.example",
        "--name",
        "Otra",
        "--type",
        "age",
        "--key",
        "other.pub",
        "--out",
        "others.json",
    ]);
    room.ask("age_equal_or_over.18");
    room.answer();
    let verify =
        ["verify", "--trust", "others.json", "--challenge", "challenge.json", "answer.json"];
    assert_eq!(room.refused(&verify), "untrusted");
}

/// `trust new` for one issuer, with more arguments.
fn trust_new<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let issuer = ["trust", "new", "--iss", "https://emisor.example", "--name", "Emisor"];
    [&issuer[..], &["--type", "age", "--out", out], more].concat()
}

/// The root of the conformance cases, in base64.
fn anchor() -> String {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/conformance/sd-jwt-vc-x5c.json");
    let cases: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    cases[0]["policy"]["trust_anchors_der_b64"][0].as_str().unwrap().to_owned()
}

#[test]
fn trusts_an_issuer_by_the_certificate_of_its_authority() {
    let room = Room::new();
    let anchor = anchor();
    let lines: Vec<&str> =
        anchor.as_bytes().chunks(64).map(|l| std::str::from_utf8(l).unwrap()).collect();
    let pem = |begin: &str| format!("{begin}\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    let pem = pem("-----BEGIN CERTIFICATE-----");
    room.write("one.pem", &pem);
    room.write("two.pem", &format!("Comentario\n{pem}{pem}"));
    let der = STANDARD.decode(&anchor).unwrap();
    std::fs::write(room.folder.path().join("one.der"), der).unwrap();
    for (file, count) in [("one.pem", 1), ("one.der", 1), ("two.pem", 2)] {
        let out = format!("{file}.json");
        room.json(&trust_new(&out, &["--anchor", file]));
        let expected = json!({ "anchors": vec![&anchor; count], "haip": true });
        assert_eq!(room.read(&out)["issuers"][0]["x5c"], expected, "{file}");
    }
    let more = ["--anchor", "one.pem", "--anchor", "one.der", "--eku", "1.2.3", "--no-haip"];
    room.json(&trust_new("loose.json", &more));
    let expected = json!({ "anchors": [anchor, anchor], "eku": "1.2.3", "haip": false });
    assert_eq!(room.read("loose.json")["issuers"][0]["x5c"], expected);

    room.write("bad.pem", "-----BEGIN CERTIFICATE-----\nñ\n-----END CERTIFICATE-----");
    room.write("open.pem", "-----BEGIN CERTIFICATE-----\nMIIB");
    room.write("bad.der", "0");
    for bad in ["bad.pem", "open.pem"] {
        assert_eq!(room.failed(NOW, &trust_new("x.json", &["--anchor", bad]), 2), "usage");
    }
    let refused = |more: &[&str]| room.refused(&trust_new("x.json", more));
    assert_eq!(refused(&["--anchor", "bad.der"]), "certificate");
    assert_eq!(refused(&["--anchor", "one.pem", "--eku", "x"]), "certificate");
    assert!(!room.exists("x.json"));
}

#[test]
fn trusts_an_issuer_by_what_it_publishes() {
    let room = Room::new();
    room.json(&["keys", "new", "--out", "agency.jwk", "--public", "agency.pub"]);
    let set = json!({ "keys": [room.read("agency.pub")] });
    let issuer = "https://emisor.example";
    room.write("here.json", &json!({ "issuer": issuer, "jwks": set }).to_string());
    let elsewhere = json!({ "issuer": issuer, "jwks_uri": "https://emisor.example/keys" });
    room.write("elsewhere.json", &elsewhere.to_string());
    room.write("set.json", &set.to_string());
    room.json(&trust_new("one.json", &["--issuer-metadata", "here.json"]));
    let more = ["--issuer-metadata", "elsewhere.json", "--jwk-set", "set.json"];
    room.json(&trust_new("two.json", &more));
    assert_eq!(room.read("one.json")["issuers"], room.read("two.json")["issuers"]);
    assert_eq!(room.read("one.json")["issuers"][0]["keys"].as_array().unwrap().len(), 1);
    let unfetched = trust_new("x.json", &["--issuer-metadata", "elsewhere.json"]);
    assert_eq!(room.failed(NOW, &unfetched, 2), "usage");
    room.write("other.json", &json!({ "issuer": "https://otro.example", "jwks": set }).to_string());
    let other = trust_new("x.json", &["--issuer-metadata", "other.json"]);
    assert_eq!(room.refused(&other), "issuer_mismatch");
    assert!(!room.exists("x.json"));
}

#[test]
fn the_keys_of_an_issuer_are_found_in_one_way() {
    let room = Room::new();
    for more in [
        &[][..],
        &["--key", "a", "--anchor", "b"],
        &["--key", "a", "--issuer-metadata", "b"],
        &["--anchor", "a", "--issuer-metadata", "b"],
        &["--key", "a", "--eku", "1.2.3"],
        &["--key", "a", "--no-haip"],
        &["--key", "a", "--jwk-set", "b"],
    ] {
        let output = room.run(&trust_new("x.json", more));
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        // By the reader of arguments, before any file is missed.
        assert!(String::from_utf8_lossy(&output.stderr).contains("Usage"), "{more:?}: {output:?}");
    }
}

#[test]
fn issues_for_many_people_from_csv() {
    let room = Room::new();
    room.json(&["keys", "new", "--kind", "ed25519", "--out", "agency.jwk"]);
    std::fs::create_dir(room.folder.path().join("proofs")).unwrap();
    for person in ["ana", "beto"] {
        let (wallet, proofs) = (format!("{person}.llavero"), format!("proofs/{person}.json"));
        room.json(&[
            "wallet",
            "enrol",
            "--wallet",
            &wallet,
            "--iss",
            "https://agencia.example",
            "--nonce",
            "n-1",
            "--copies",
            "2",
            "--out",
            &proofs,
        ]);
    }
    room.write(
        "people.csv",
        "id,given_name,primer_apellido,segundo_apellido,birthdate,sexo,entidad_nacimiento,curp,curp_tipo\n\
         ana,Irene,Ejemplo,Imaginario,2003-05-17,M,VZ,EEII030517MVZJMRA2,definitiva\n\
         beto,Telesforo,Novela,Vector,2008-10-14,M,MC,NOVT081014MMCVCLA4,definitiva\n",
    );
    let issue = |records: &str| {
        vec![
            "issue".to_owned(),
            "--key".into(),
            "agency.jwk".into(),
            "--iss".into(),
            "https://agencia.example".into(),
            "--type".into(),
            "curp".into(),
            "--nonce".into(),
            "n-1".into(),
            "--proofs".into(),
            "proofs".into(),
            "--out".into(),
            "batches".into(),
            records.into(),
        ]
    };
    let args = issue("people.csv");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    assert_eq!(room.json(&args), json!({ "out": "batches", "people": 2, "copies": 4 }));
    let inspected = room.json(&["inspect", "batches/ana.json"]);
    assert_eq!(inspected["credentials"].as_array().unwrap().len(), 2);
    assert_eq!(inspected["verified"], false);

    // One bad record, and nothing at all is written: the second CURP is the first person's.
    let bad = std::fs::read_to_string(room.folder.path().join("people.csv")).unwrap();
    room.write("bad.csv", &bad.replace("NOVT081014MMCVCLA4", "EEII030517MVZJMRA2"));
    std::fs::remove_dir_all(room.folder.path().join("batches")).unwrap();
    let args = issue("bad.csv");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let output = room.run(&args);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("beto") && !text.contains("EEII") && !text.contains("Novela"), "{text}");
    assert!(!room.exists("batches"));
}

#[test]
fn refuses_files_that_would_escape_their_folder() {
    let room = Room::with_a_credential();
    for id in ["../x", "a/b", "", "a b"] {
        room.write("record.json", &json!({ "id": id, "birthdate": "1990-05-17" }).to_string());
        let args: Vec<&str> = ISSUE.iter().copied().chain(["record.json"]).collect();
        assert_eq!(room.failed(NOW, &args, 2), "usage", "{id}");
    }
}

#[test]
fn inspects_without_claiming_anything() {
    let room = Room::with_a_credential();
    room.ask("age_equal_or_over.18");
    room.answer();
    assert_eq!(room.json(&["inspect", "request.json"])["kind"], "request");
    assert_eq!(room.json(&["inspect", "answer.json"])["verified"], false);
    let token = room.read("answer.json")["vp_token"]["credential"][0].as_str().unwrap().to_owned();
    room.write("token.txt", &token);
    let token = room.json(&["inspect", "token.txt"]);
    assert_eq!(token["kind"], "sd-jwt+kb");
    assert_eq!(token["key_binding"]["payload"]["aud"], "https://bar.example");
    let words = room.run(&["inspect", "token.txt"]);
    assert!(String::from_utf8(words.stdout).unwrap().starts_with("! None of this is verified"));
    for noise in ["noise", "{}", "[1]"] {
        room.write("noise.txt", noise);
        assert_eq!(room.refused(&["inspect", "noise.txt"]), "shape", "{noise}");
    }
}

#[test]
fn checks_and_derives_a_curp() {
    let room = Room::new();
    let good = room.json(&["curp", "check", "EEII030517MVZJMRA2"]);
    assert_eq!(
        (&good["valid"], &good["registered"]),
        (&json!(true), &json!("only RENAPO can say"))
    );
    let bad = room.run(&["curp", "check", "EEII030517MVZJMRA3", "--json"]);
    assert_eq!(bad.status.code(), Some(1));
    let bad: Value = serde_json::from_slice(&bad.stdout).unwrap();
    assert_eq!(bad["reasons"], json!(["CHECK_DIGIT"]));
    let derived = room.json(&[
        "curp",
        "derive",
        "--given-name",
        "Irene",
        "--primer-apellido",
        "Ejemplo",
        "--segundo-apellido",
        "Imaginario",
        "--birthdate",
        "2003-05-17",
        "--sexo",
        "M",
        "--entidad",
        "VZ",
    ]);
    assert_eq!(derived, json!({ "root": "EEII030517MVZJMR", "first": "EEII030517MVZJMRA2" }));
}

#[test]
fn reads_the_zone_of_an_ine_card() {
    let room = Room::new();
    room.write("card.txt", "IDMEX0453209351<<1652485169648\n7710034H3312315MEX<07<<74062<5\nHIPOTESIS<DEMOSTRADOR<<NICANOR\n");
    let card = room.json(&["ine", "mrz", "card.txt"]);
    assert_eq!((&card["valid"], &card["parsed"]["sexo"]), (&json!(true), &json!("H")));
    room.write("bad.txt", "IDMEX0453209351<<1652485169648\n7710035H3312315MEX<07<<74062<5\nHIPOTESIS<DEMOSTRADOR<<NICANOR\n");
    let bad = room.run(&["ine", "mrz", "bad.txt", "--json"]);
    assert_eq!(bad.status.code(), Some(1));
}

#[test]
fn the_demonstration_refuses_every_attack() {
    let demo = Room::new().json(&["demo"]);
    let codes: Vec<&str> = demo["attacks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attack| attack["refused"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "nonce_mismatch",
            "audience_mismatch",
            "disclosure_unreferenced",
            "key_binding_missing",
            "untrusted",
            "expired"
        ]
    );
    assert_eq!(demo["issued"].as_array().unwrap().len(), 3);
    let bank = demo["bank"]["implied"].as_array().unwrap();
    assert!(bank.iter().any(|fact| fact == "birthdate"), "{bank:?}");
}

#[test]
fn refuses_a_wrong_passphrase_and_a_missing_wallet() {
    let room = Room::with_a_credential();
    room.write("wrong.txt", "otra");
    assert_eq!(
        room.refused(&["wallet", "list", "--passphrase-file", "wrong.txt"]),
        "store_wrong_key"
    );
    assert_eq!(room.failed(NOW, &["wallet", "list", "--wallet", "none.llavero"], 2), "usage");
    assert!(!room.exists("none.llavero"));
}

#[test]
fn usage_errors_have_their_own_status() {
    let room = Room::new();
    for args in
        [&["nothing"][..], &["verify"], &["inspect", "missing.json"], &["demo", "--seed", "x"]]
    {
        assert_eq!(room.run(args).status.code(), Some(2), "{args:?}");
    }
    assert_eq!(room.run(&["--help"]).status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn private_files_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let room = Room::with_a_credential();
    room.ask("age_equal_or_over.18");
    room.answer();
    for name in
        ["agency.jwk", "challenge.json", "answer.json", "batches/irene.json", "wallet.llavero"]
    {
        let mode = std::fs::metadata(room.folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}

#[test]
fn output_that_is_no_terminal_has_no_colours() {
    let output = Room::new().run(&["curp", "check", "EEII030517MVZJMRA2"]);
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn an_agency_gets_the_documents_of_its_types_under_its_own_name() {
    let room = Room::new();
    let base = "https://agencia.example/vct/mx";
    let made = room.json(&["types", "--base", base, "--out", "types"]);
    for (entry, name) in made["types"].as_array().unwrap().iter().zip(["age", "curp", "ine"]) {
        assert_eq!(entry["type"], name);
        assert_eq!(entry["vct"], format!("{base}/{name}/1"));
        let document = room.read(&format!("types/{name}.json"));
        assert_eq!(document["vct"], entry["vct"]);
        assert_eq!(document["display"][0]["locale"], "es-MX");
    }
    let words = room.run(&["--lang", "es-MX", "types", "--base", base, "--out", "types"]);
    let words = String::from_utf8(words.stdout).unwrap();
    for entry in made["types"].as_array().unwrap() {
        assert!(words.contains(entry["vct"].as_str().unwrap()), "{words}");
        assert!(words.contains(entry["vct#integrity"].as_str().unwrap()), "{words}");
    }
    assert!(words.contains("byte por byte"), "{words}");
}

#[test]
fn the_documents_of_examples_have_the_published_hashes() {
    let room = Room::new();
    let made = room.json(&["types", "--out", "types"]);
    let published = include_str!("../../../docs/types/README.md");
    for entry in made["types"].as_array().unwrap() {
        let row = format!(
            "| `{}` | `{}` |",
            entry["vct"].as_str().unwrap(),
            entry["vct#integrity"].as_str().unwrap()
        );
        assert!(published.contains(&row), "{row}");
    }
}

#[test]
fn refuses_a_base_that_is_no_address() {
    let room = Room::new();
    for base in [
        "",
        "agencia.example/mx",
        "http://agencia.example/mx",
        "https://",
        "https://agencia.example/mx?x=1",
        "https://agencia.example/mx#x",
        "https://agencia.example/m x",
        "https://agencia.example/\"",
    ] {
        let code = room.failed(NOW, &["types", "--base", base, "--out", "types"], 2);
        assert_eq!(code, "usage", "{base}");
        assert!(!room.exists("types"), "{base}");
    }
}

#[test]
fn a_trust_list_holds_credentials_to_the_documents_of_their_types() {
    let room = Room::new();
    let base = "https://agencia.example/vct/mx";
    let vct = "https://agencia.example/vct/mx/age/1";
    room.json(&["types", "--base", base, "--out", "types"]);
    room.json(&["keys", "new", "--out", "agency.jwk", "--public", "agency.pub"]);
    let trust = |more: &[&str]| {
        let new =
            ["trust", "new", "--name", "Agencia", "--key", "agency.pub", "--out", "trust.json"];
        room.json(&[&new[..], more].concat());
    };
    let iss = "https://agencia.example";
    let document = ["--type-document", "types/age.json", "--requires-type-metadata"];
    trust(&[&["--iss", iss, "--type", vct, "--type", "age"], &document[..]].concat());
    // Another issuer is added, and the document stays, once.
    trust(&["--iss", "https://otra.example", "--type", "ine", "--type-document", "types/age.json"]);
    let list = room.read("trust.json");
    assert_eq!(list["type_documents"].as_array().unwrap().len(), 1);
    assert_eq!(list["issuers"][0]["requires_type_metadata"], true);
    assert_eq!(list["issuers"][1].get("requires_type_metadata"), None);

    let enrol = ["wallet", "enrol", "--iss", iss, "--nonce", "n-1", "--copies", "2"];
    room.json(&[&enrol[..], &["--out", "proofs.json"]].concat());
    room.write("record.json", r#"{"id": "irene", "birthdate": "1990-05-17"}"#);
    // Under a name that no document describes.
    room.issue("record.json");
    let add = ["wallet", "add", "--trust", "trust.json", "batches/irene.json"];
    assert_eq!(room.refused(&add), "type_document_missing");
    let issue = [&ISSUE[..], &["--type-document", "types/age.json", "record.json"]].concat();
    room.json(&issue);
    room.json(&add);
    let other = [&ISSUE[..], &["--type-document", "types/ine.json", "record.json"]].concat();
    assert_eq!(room.refused(&other), "type_claim_missing");

    room.json(&[
        "request",
        "new",
        "--client-id",
        "https://bar.example",
        "--purpose",
        "Vender alcohol",
        "--type",
        vct,
        "--claim",
        "age_equal_or_over.18",
        "--out",
        "request.json",
        "--challenge",
        "challenge.json",
    ]);
    room.answer();
    let verdict = room.json(&VERIFY);
    assert_eq!(verdict["credentials"][0]["vct"], vct);
}
