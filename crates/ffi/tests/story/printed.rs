//! What an app logs by accident says nothing of a person.

use std::fmt::{Debug, Display};
use std::sync::Arc;

use llavero_ffi::{
    Change, ClaveElector, CredentialType, Curp, DcqlQuery, Differentiator, IneMrz, KeyKind, NewKey,
    Record, Rfc, StoredRecord, SyntheticPerson, TypeName, Wallet,
};
use llavero_tests::leaks::Canaries;
use serde_json::Value;

use crate::support::agency::{
    ALL_TYPES, Agency, BAR, DAYS, EN, ES, ISSUANCE, irene, question, sheet,
};
use crate::support::{AGENCY, NOW};

/// Everything that was printed, with what it was.
#[derive(Default)]
struct Log(Vec<(String, String)>);

impl Log {
    fn debug(&mut self, what: &str, value: &impl Debug) {
        self.0.push((what.to_owned(), format!("{value:?} {value:#?}")));
    }

    fn both(&mut self, what: &str, value: &(impl Debug + Display)) {
        self.debug(what, value);
        self.0.push((what.to_owned(), format!("{value} {value:#}")));
    }
}

/// Irene's values, those that are long enough to be found.
fn secrets() -> Canaries {
    let mut canaries = Canaries::new();
    for of in ALL_TYPES {
        let record = irene(of);
        for (field, value) in record.as_object().unwrap() {
            let text = value.as_str().unwrap();
            // A word that also stands in names of agencies and in sentences.
            let word = ["Ejemplo", "definitiva"].contains(&text);
            if !word && text.chars().count() >= 5 {
                canaries.add(field, text);
            }
        }
    }
    canaries
}

#[test]
fn no_record_of_the_story_prints_a_value() {
    let agency = Agency::new();
    let wallet = Arc::new(Wallet::in_memory(None, None, 60));
    let mut log = Log::default();
    let mut canaries = secrets();
    for of in ALL_TYPES {
        let record = Record::from_json(of, &irene(of).to_string(), NOW).unwrap();
        log.debug("record", &record);
        let name = TypeName { vct: of.default_vct(), integrity: None, document: None };
        let draft = agency.issuer.draft(&record, name, DAYS, NOW).unwrap();
        log.debug("draft", &draft);
        let pending = wallet.begin_unsigned(AGENCY, "other-nonce", 1, KeyKind::P256, NOW).unwrap();
        for to_sign in pending.to_sign().unwrap() {
            log.both("to sign", &to_sign);
            canaries.add_bytes("the handle of a key", &to_sign.handle);
        }
        log.debug("pending enrolment", &pending);
        let proofs = wallet.begin(AGENCY, ISSUANCE, 4, KeyKind::P256, NOW).unwrap();
        let batch = agency.issuer.prepare(&draft, proofs, ISSUANCE, NOW, None).unwrap();
        log.debug("unsigned batch", &batch);
        let copies = batch.sign(&agency.key).unwrap();
        let receipt = wallet.receive(copies, &agency.trust(), NOW, EN).unwrap();
        log.debug("receipt", &receipt);
        for claim in wallet.show(&receipt.credential.id, ES).unwrap() {
            log.both("shown claim", &claim);
            log.both("claim value", &claim.value);
        }
    }
    for (of, path) in [
        (CredentialType::Curp, "curp"),
        (CredentialType::Curp, "birthdate"),
        (CredentialType::Ine, "address"),
        (CredentialType::Ine, "given_name"),
    ] {
        let challenge = question(of, path);
        log.debug("challenge", &challenge);
        let choices = wallet.consider(&challenge.request().unwrap(), NOW, ES).unwrap();
        log.debug("choices", &choices);
        for part in choices.queries().unwrap() {
            log.debug("part", &part);
        }
        let sheet = choices.sheet().unwrap();
        log.debug("sheet", &sheet);
        log.debug("contents", &sheet.contents());
        let answer = sheet.approve(&wallet, NOW).unwrap();
        log.debug("verdict", &challenge.verify(&answer, &agency.trust(), NOW).unwrap());
    }
    let pending = sheet(&wallet, &question(CredentialType::Ine, "curp"))
        .approve_unsigned(Arc::clone(&wallet), NOW)
        .unwrap();
    for to_sign in pending.to_sign().unwrap() {
        log.both("to sign", &to_sign);
        canaries.add_bytes("the handle of a key", &to_sign.handle);
    }
    log.debug("pending answer", &pending);
    log.debug("wallet", &wallet);
    log.debug("agency's key", &agency.key);
    for entry in wallet.history().unwrap() {
        log.both("history", &entry);
        for item in &entry.shown {
            log.both("item", item);
        }
    }
    let query = r#"{"credentials":[{"id":"q","format":"dc+sd-jwt","meta":{"vct_values":["v"]},
        "claims":[{"path":["curp"],"values":["EEII030517MVZJMRA2"]}]}]}"#;
    log.debug("query", &DcqlQuery::from_json(query).unwrap());
    for (what, text) in &log.0 {
        assert_eq!(canaries.find(text), None, "{what}");
    }
    assert!(log.0.len() > 100);
    // The search finds what is there.
    assert!(canaries.find("… EEII030517MVZJMRA2 …").is_some());
}

#[test]
fn where_somebody_has_been_and_what_follows_from_their_values_is_not_printed() {
    let agency = Agency::new();
    let wallet = Wallet::in_memory(None, None, 60);
    agency.give(&wallet, CredentialType::Age, 2, KeyKind::P256);
    let challenge = question(CredentialType::Age, "age_equal_or_over.21");
    let choices = wallet.consider(&challenge.request().unwrap(), NOW, EN).unwrap();
    let mut log = Log::default();
    let parts = choices.queries().unwrap();
    let implied = parts[0].options[0].implied.clone();
    assert!(!implied.is_empty(), "over 21 is over 18");
    let sheet = choices.sheet().unwrap();
    log.debug("parts", &parts);
    log.debug("contents", &sheet.contents());
    sheet.approve(&wallet, NOW).unwrap();
    log.debug("history", &wallet.history().unwrap());
    for (what, text) in &log.0 {
        for secret in [BAR, "Bar La Esquina", "Vender una bebida"] {
            assert!(!text.contains(secret), "{what}: {secret}");
        }
        for fact in &implied {
            assert!(!text.contains(&fact.id) && !text.contains(&fact.label), "{what}: {fact:?}");
        }
    }
}

#[test]
fn identifiers_and_people_print_as_nothing() {
    let today = llavero_ffi::CalendarDate { year: 2026, month: 11, day: 22 };
    let person = SyntheticPerson::new(30, 40, today).unwrap();
    let (curp, rfc, lines) = (person.curp(), person.rfc(), person.mrz().unwrap());
    let mut canaries = Canaries::new();
    for (what, secret) in [("curp", &curp), ("rfc", &rfc), ("line", &lines[0]), ("line", &lines[2])]
    {
        canaries.add(what, secret);
    }
    canaries.add("clave", "EJIMIR03051730M100");
    canaries.add_bytes("bytes", &[0xc5; 40]);
    let (text, bytes) = ("EJIMIR03051730M100".to_owned(), vec![0xc5; 40]);
    let mut log = Log::default();
    log.debug("person", &person);
    log.debug("curp", &Curp::parse(&curp, today, Differentiator::AToZ).unwrap());
    log.debug("rfc", &Rfc::parse(&rfc).unwrap());
    log.debug("mrz", &IneMrz::parse(lines, today).unwrap());
    log.debug("clave", &ClaveElector::parse(&text).unwrap());
    log.both("new key", &NewKey { handle: bytes.clone(), public_key: bytes.clone() });
    log.both("stored record", &StoredRecord { key: text.clone(), value: bytes.clone() });
    let (table, key) = (text.clone(), text.clone());
    log.both("put", &Change::Put { table: table.clone(), key: key.clone(), value: bytes });
    log.both("delete", &Change::Delete { table, key });
    for of in ALL_TYPES {
        log.debug("record", &person.record(of).unwrap());
    }
    for (what, text) in &log.0 {
        assert_eq!(canaries.find(text), None, "{what}");
    }
}

#[test]
fn no_error_about_a_record_says_what_is_in_it() {
    let canaries = secrets();
    for of in ALL_TYPES {
        let record = irene(of);
        for field in record.as_object().unwrap().keys() {
            for value in [Value::Null, "x".into(), 7.into(), "EEII030517MVZJMRA2 ".into()] {
                let mut changed = record.clone();
                changed[field] = value;
                if let Err(error) = Record::from_json(of, &changed.to_string(), NOW) {
                    let text = format!("{error} {error:?}");
                    assert_eq!(canaries.find(&text), None, "{field}: {}", error.code());
                }
            }
        }
    }
}
