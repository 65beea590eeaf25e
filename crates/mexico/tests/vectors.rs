//! Every case of the shared Mexican vectors, with the number of cases asserted.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

use jiff::civil::{Date, date};
use llavero_mexico::{
    ClaveElector, Curp, CurpFault, CurpRoot, Differentiator, Entidad, Error, IneMrz, MrzFault,
    Persona, Rfc, RfcKind, RfcPolicy, Sexo, consistency,
};
use serde_json::{Value, json};

const AS_OF: Date = date(2026, 11, 21);

fn read(file: &str) -> Value {
    let path = format!("{}/../../tests/vectors/mx/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).expect(&path)).expect(&path)
}

/// The cases of a file, after checking the day on which their expectations hold.
fn cases(file: &str, count: usize) -> Vec<Value> {
    let json = read(file);
    assert_eq!(json["meta"]["as_of"], "2026-11-21", "{file}");
    let cases = json["cases"].as_array().unwrap().clone();
    assert_eq!(cases.len(), count, "{file}");
    cases
}

fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case[key].as_str().unwrap()
}

fn persona(
    given: &str,
    first: &str,
    second: Option<&str>,
    birth: &str,
    sexo: &str,
    entidad: &str,
) -> Persona {
    let second = second.filter(|name| !name.is_empty()).map(|name| name.parse().unwrap());
    let (given, first) = (given.parse().unwrap(), first.parse().unwrap());
    Persona::new(
        given,
        first,
        second,
        birth.parse().unwrap(),
        sexo.parse().unwrap(),
        entidad.parse().unwrap(),
    )
    .unwrap()
}

#[test]
fn curp_cases() {
    for case in cases("curp_cases.json", 446) {
        let id = text(&case, "id");
        let curp = text(&case, "curp");
        let faults = Curp::faults_in(curp, AS_OF, Differentiator::AtoZ);
        let reasons: Vec<_> = faults.iter().map(|fault| fault.reason()).collect();
        assert_eq!(json!(reasons), case["reasons"], "{id}");
        assert_eq!(json!(reasons.first()), case["reason"], "{id}");
        let strict = Curp::faults_in(curp, AS_OF, Differentiator::AtoJ);
        assert_eq!(strict.is_empty(), case["valid_strict_differentiator"], "{id}");

        let parsed = curp.parse::<Curp>();
        assert_eq!(parsed.is_ok(), case["well_formed"], "{id}");
        let checked = parsed.clone().and_then(|curp| curp.check(AS_OF, Differentiator::AtoZ));
        assert_eq!(checked.is_ok(), case["valid"], "{id}");
        match (parsed, faults.first()) {
            (Ok(curp), _) => assert_eq!(curp_fields(&curp), case["fields"], "{id}"),
            (Err(error), Some(&fault)) => assert_eq!(error, Error::Curp { fault }, "{id}"),
            (Err(_), None) => panic!("{id}: refused without a reason"),
        }
        if let Some(expected) = case["expected_check_digit"].as_str() {
            let parsed: Curp = curp.parse().unwrap();
            assert_eq!(parsed.expected_check_digit().to_string(), expected, "{id}");
        }
    }
}

fn curp_fields(curp: &Curp) -> Value {
    json!({
        "birthdate": curp.birthdate().map(|date| date.to_string()),
        "sex": curp.sexo().as_str(),
        "sex_code": curp.sexo().pid_code(),
        "entidad": curp.entidad().curp_code(),
        "entidad_iso": curp.entidad().iso_3166_2(),
        "born_abroad": curp.entidad().is_abroad(),
        "differentiator": curp.differentiator(),
        "check_digit": curp.check_digit(),
    })
}

#[test]
fn curp_derivation_cases() {
    for case in cases("curp_derivation_cases.json", 92) {
        let id = text(&case, "id");
        let persona = persona(
            text(&case, "given_names"),
            text(&case, "first_surname"),
            case["second_surname"].as_str(),
            text(&case, "birthdate"),
            text(&case, "sex"),
            text(&case, "entidad"),
        );
        let root = CurpRoot::of(&persona);
        assert_eq!(root.expose(), text(&case, "root16"), "{id}");
        let curp = root.first().unwrap();
        assert_eq!(curp.expose(), text(&case, "curp_with_first_differentiator"), "{id}");
        assert!(curp.clone().check(AS_OF, Differentiator::AtoJ).is_ok(), "{id}");
        assert_eq!(consistency(&curp, &persona), Ok(()), "{id}");
    }
}

#[test]
fn curp_consistency_cases() {
    for case in cases("curp_consistency_cases.json", 56) {
        let id = text(&case, "id");
        let claims = &case["claims"];
        let persona = persona(
            text(claims, "given_names"),
            text(claims, "first_surname"),
            claims["second_surname"].as_str(),
            text(claims, "birthdate"),
            text(claims, "sexo"),
            text(claims, "entidad_nacimiento"),
        );
        let verdict = consistency(&text(&case, "curp").parse().unwrap(), &persona);
        assert_eq!(verdict.is_ok(), case["consistent"], "{id}");
        let names: Vec<_> =
            verdict.err().unwrap_or_default().iter().map(|field| field.name()).collect();
        assert_eq!(json!(names), case["mismatching"], "{id}");
    }
}

#[test]
fn mrz_cases() {
    for case in cases("mrz_cases.json", 135) {
        let id = text(&case, "id");
        let lines: Vec<&str> =
            case["lines"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
        let faults = IneMrz::faults_in(&lines, AS_OF);
        assert_eq!(
            json!(faults.first().map(|fault: &MrzFault| fault.reason())),
            case["reason"],
            "{id}"
        );
        let checks = IneMrz::checks_in(&lines).map(|checks| {
            json!({
                "document": checks.document,
                "birth": checks.birth,
                "expiry": checks.expiry,
                "composite": checks.composite,
            })
        });
        assert_eq!(json!(checks), case["checks"], "{id}");
        let parsed = IneMrz::parse(&lines, AS_OF);
        assert_eq!(parsed.is_ok(), case["valid"], "{id}");
        match parsed {
            Ok(mrz) => assert_eq!(mrz_fields(&mrz), case["parsed"], "{id}"),
            Err(error) => assert_eq!(error, Error::Mrz { fault: faults[0] }, "{id}"),
        }
    }
}

fn mrz_fields(mrz: &IneMrz) -> Value {
    json!({
        "cic": mrz.cic().expose(),
        "ocr": mrz.ocr().expose(),
        "seccion": mrz.seccion().expose(),
        "id_ciudadano": mrz.id_ciudadano().expose(),
        "birthdate": mrz.birthdate().to_string(),
        "sexo": mrz.sexo().map_or("<", Sexo::as_str),
        "sex_code": mrz.sexo().map_or(0, Sexo::pid_code),
        "date_of_expiry": mrz.date_of_expiry().to_string(),
        "expired_at_as_of": mrz.is_expired_on(AS_OF),
        "numero_emision": mrz.numero_emision().expose(),
        "optional2_tail_unverified_meaning": mrz.optional_tail(),
        "surnames_raw": mrz.surnames(),
        "given_names_raw": mrz.given_names(),
        "names_possibly_truncated": mrz.names_may_be_cut(),
    })
}

#[test]
fn rfc_cases() {
    for case in cases("rfc_cases.json", 210) {
        let id = text(&case, "id");
        let rfc = text(&case, "rfc");
        let faults = Rfc::faults_in(rfc);
        let reasons: Vec<_> = faults.iter().map(|fault| fault.reason()).collect();
        assert_eq!(json!(reasons), case["reasons"], "{id}");
        assert_eq!(json!(reasons.first()), case["reason"], "{id}");
        let kind = Rfc::kind_of(rfc).map(|kind| match kind {
            RfcKind::Fisica => "fisica",
            RfcKind::Moral => "moral",
            other => panic!("{other:?}"),
        });
        assert_eq!(json!(kind), case["kind"], "{id}");
        let check = |policy| rfc.parse::<Rfc>().and_then(|rfc| rfc.check(policy));
        assert_eq!(check(RfcPolicy::Strict).is_ok(), case["valid"], "{id}");
        assert_eq!(check(RfcPolicy::AsInUse).is_ok(), case["valid_except_check_digit"], "{id}");
        if case["category"] == "derived_homoclave" {
            assert_eq!(derived_rfc(&case), rfc, "{id}");
        }
    }
}

/// The RFC derived from the name in the note; the vector holds the birth date only in the RFC.
fn derived_rfc(case: &Value) -> String {
    let name: Vec<&str> = text(case, "note").strip_prefix("name: ").unwrap().split(' ').collect();
    let yymmdd = &text(case, "rfc")[4..10];
    let birth = format!("19{}-{}-{}", &yymmdd[..2], &yymmdd[2..4], &yymmdd[4..]);
    let persona = persona(name[2], name[0], Some(name[1]), &birth, "X", "DF");
    Rfc::of(&persona).unwrap().expose().to_owned()
}

#[test]
fn clave_elector_cases() {
    for case in cases("clave_elector_cases.json", 41) {
        let id = text(&case, "id");
        match text(&case, "clave_elector").parse::<ClaveElector>() {
            Ok(clave) => {
                assert_eq!(case["well_formed"], true, "{id}");
                let fields = json!({
                    "name_letters": clave.name_letters(),
                    "yymmdd": clave.yymmdd(),
                    "entidad_inegi": clave.entidad_inegi(),
                    "sexo": clave.sexo().as_str(),
                    "suffix": clave.suffix(),
                });
                assert_eq!(fields, case["fields"], "{id}");
            }
            Err(Error::ClaveElector { fault }) => {
                assert_eq!(case["well_formed"], false, "{id}");
                assert_eq!(fault.reason(), text(&case, "reason"), "{id}");
            }
            Err(other) => panic!("{id}: {other}"),
        }
    }
}

#[test]
fn entidades() {
    let ours: Vec<Value> = Entidad::ALL
        .iter()
        .map(|entidad| {
            json!({
                "curp": entidad.curp_code(),
                "inegi": entidad.inegi(),
                "name": entidad.nombre(),
                "iso3166_2": entidad.iso_3166_2(),
            })
        })
        .collect();
    assert_eq!(json!(ours), read("entidades.json"));
}

/// Asks about every four letters a CURP can begin with, so that a word too many is found as well.
#[test]
fn palabras_inconvenientes() {
    let refused = |letters: &str| {
        let curp = format!("{letters}560626MDFLRN01");
        Curp::faults_in(&curp, AS_OF, Differentiator::AtoZ).contains(&CurpFault::InconvenientWord)
    };
    let mut ours = Vec::new();
    for first in 'A'..='Z' {
        for vowel in "AEIOUX".chars() {
            for third in 'A'..='Z' {
                let words = ('A'..='Z').map(|last| format!("{first}{vowel}{third}{last}"));
                ours.extend(words.filter(|word| refused(word)));
            }
        }
    }
    ours.sort();
    assert_eq!(json!(ours), read("palabras_inconvenientes.json")["words"]);
    assert_eq!(ours.len(), 81);
}
