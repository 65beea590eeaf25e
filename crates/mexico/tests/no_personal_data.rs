//! Nothing that is printed by accident says anything about a person.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

use std::fmt::Debug;

use jiff::civil::{Date, date};
use llavero_mexico::{
    AgeRecord, CurpRecord, CurpRoot, Differentiator, Domicilio, Error, IneMrz, IneRecord, Nombre,
    Persona, Picture, Rfc, RfcPolicy, Texto, consistency,
    implied::{Shown, closure},
};
use serde_json::{Value, json};

const TODAY: Date = date(2026, 11, 21);

/// Parts of the values below. None is part of the name of a type, a field or a rule.
const CANARIES: &[&str] = &[
    "CANARIA",
    "JILGUERO",
    "GORRION",
    "1987-06-05",
    "1987",
    "870605",
    "CAGJ",
    "4242",
    "91919",
    "777",
    "Calandria",
    "KESTREL",
    "iVBORw",
    "Jalisco",
    "JILGUERO",
];

#[track_caller]
fn assert_silent(printed: &str) {
    for canary in CANARIES {
        assert!(!printed.to_lowercase().contains(&canary.to_lowercase()), "{canary} in {printed}");
    }
}

#[track_caller]
fn assert_debug_silent(value: &impl Debug) {
    assert_silent(&format!("{value:?}"));
    assert_silent(&format!("{value:#?}"));
}

fn curp_record() -> Value {
    let persona = persona();
    let curp = CurpRoot::of(&persona).first().unwrap();
    json!({
        "given_name": "Gorrion", "primer_apellido": "Canaria", "segundo_apellido": "Jilguero",
        "birthdate": "1987-06-05", "sexo": "X", "entidad_nacimiento": "JC", "curp": curp.expose(),
        "curp_tipo": "definitiva", "localidad_nacimiento": "Calandria", "issuing_authority": "Kestrel",
        "date_of_issuance": "1987-06-06", "picture": "data:image/png;base64,iVBORw==",
    })
}

fn ine_record() -> Value {
    json!({
        "given_name": "Gorrion", "primer_apellido": "Canaria", "segundo_apellido": "Jilguero",
        "birthdate": "1987-06-05", "sexo": "X", "clave_elector": "CNJLGR87060514X777",
        "cic": "777424291", "id_ciudadano": "919194242", "seccion": "4242", "numero_emision": "07",
        "anio_registro": "2005", "date_of_expiry": "2031-12-31", "street_address": "Calandria 777",
        "region": "JC", "postal_code": "91919", "picture": "data:image/png;base64,iVBORw==",
        "issuing_authority": "Kestrel",
    })
}

fn persona() -> Persona {
    let (given, primer, segundo) = ("GORRION".parse(), "CANARIA".parse(), "JILGUERO".parse());
    let entidad = "JC".parse().unwrap();
    Persona::new(
        given.unwrap(),
        primer.unwrap(),
        segundo.ok(),
        date(1987, 6, 5),
        "X".parse().unwrap(),
        entidad,
    )
    .unwrap()
}

const MRZ: [&str; 3] = [
    "IDMEX7358308428<<0137378250595",
    "5305010M3312315MEX<03<<43582<4",
    "CANARIA<JILGUERO<<GORRION<<<<<",
];

#[test]
fn debug_of_every_type_is_silent() {
    let persona = persona();
    assert_debug_silent(&persona);
    assert_debug_silent(&persona.given_name());
    let root = CurpRoot::of(&persona);
    assert_debug_silent(&root);
    let curp = root.first().unwrap();
    assert_debug_silent(&curp);
    assert_debug_silent(&curp.check(TODAY, Differentiator::AtoJ).unwrap());
    let rfc = Rfc::of(&persona).unwrap();
    assert_debug_silent(&rfc);
    assert_debug_silent(&rfc.check(RfcPolicy::Strict).unwrap());
    let mrz = IneMrz::parse(&MRZ, TODAY).unwrap();
    assert_debug_silent(&(
        mrz.cic(),
        mrz.ocr(),
        mrz.seccion(),
        mrz.id_ciudadano(),
        mrz.numero_emision(),
    ));
    assert_debug_silent(&mrz);
    assert_debug_silent(&"Calandria 777".parse::<Texto>());
    assert_debug_silent(&"data:image/png;base64,iVBORw==".parse::<Picture>());

    let curp_record = CurpRecord::from_json(&curp_record(), TODAY).unwrap();
    assert_debug_silent(&curp_record);
    assert_debug_silent(&curp_record.curp());
    let ine_record = IneRecord::from_json(&ine_record(), TODAY).unwrap();
    assert_debug_silent(&ine_record);
    assert_debug_silent(&ine_record.card());
    assert_debug_silent(&(&ine_record.card().clave_elector, ine_record.ocr()));
    assert_debug_silent(&AgeRecord::of(&persona, TODAY));
    let mut domicilio = Domicilio::default();
    domicilio.street_address = "Calandria 777".parse().ok();
    assert_debug_silent(&domicilio);
    let mut details = llavero_mexico::CurpDetails::default();
    details.localidad_nacimiento = "Calandria".parse().ok();
    details.date_of_issuance = Some(date(1987, 6, 6));
    assert_debug_silent(&details);
    let mut details = llavero_mexico::IneDetails::default();
    details.date_of_issuance = Some(date(1987, 6, 6));
    assert_debug_silent(&details);
    let mut people = llavero_mexico::Synthetic::new(|bytes: &mut [u8]| bytes.fill(7));
    let person = people.person(TODAY, 20..=20).unwrap();
    assert!(
        !format!("{person:?} {people:?}").contains(person.persona().primer_apellido().expose())
    );
    let shown = [Shown::answer("age_equal_or_over.18", true)];
    assert!(!format!("{shown:?}").contains("true"));
    // Facts are about what is shown, not about whom.
    assert_debug_silent(&closure(llavero_mexico::CredentialType::Ine, &shown));
}

/// Spoils each field of a record in several ways and reads every error.
#[test]
fn errors_are_silent() {
    type Read = fn(&Value) -> Result<(), Error>;
    let curp: Read = |record| CurpRecord::from_json(record, TODAY).map(drop);
    let ine: Read = |record| IneRecord::from_json(record, TODAY).map(drop);
    let age: Read = |record| AgeRecord::from_json(record, TODAY).map(drop);
    let records =
        [(curp_record(), curp), (ine_record(), ine), (json!({"birthdate": "1987-06-05"}), age)];
    let mut refused = 0;
    for (record, read) in records {
        for field in record.as_object().unwrap().keys() {
            let original = record[field].as_str().unwrap();
            let longer = format!("{original}CANARIA{original}");
            for value in [
                "CANARIA 4242 <>",
                "1987-06-31",
                "2099-12-31",
                "Jilguero",
                &longer,
                " Canaria",
                "1987",
            ] {
                let mut spoilt = record.clone();
                spoilt[field] = json!(value);
                refused += check_error(read(&spoilt));
            }
            let mut spoilt = record.clone();
            spoilt[field] = json!([original]);
            refused += check_error(read(&spoilt));
        }
        let mut spoilt = record.clone();
        spoilt["CANARIA"] = json!("JILGUERO");
        refused += check_error(read(&spoilt));
    }
    assert!(refused > 150, "only {refused} refusals");
}

fn check_error(result: Result<(), Error>) -> usize {
    let Err(error) = result else { return 0 };
    assert_silent(&format!("{error} {error:?} {error:#?} {} {:?}", error.code(), error.field()));
    1
}

#[test]
fn errors_of_values_are_silent() {
    let curp = CurpRoot::of(&persona()).first().unwrap();
    let wrong = curp.expose().replace("JC", "JJ");
    let errors = [
        wrong.parse::<llavero_mexico::Curp>().map(drop),
        "CAGJ870605CANARIA".parse::<Rfc>().map(drop),
        "CNJLGR87060514F777".parse::<llavero_mexico::ClaveElector>().map(drop),
        "CANARIA4242".parse::<Nombre>().map(drop),
        "77742429".parse::<llavero_mexico::Cic>().map(drop),
        IneMrz::parse(&["CANARIA"], TODAY).map(drop),
    ];
    for error in errors {
        assert_eq!(check_error(error), 1);
    }
    let fields = consistency(&"SABC560626MDFLRN01".parse().unwrap(), &persona()).unwrap_err();
    assert_eq!(check_error(Err(Error::CurpOfAnother { fields })), 1);
}
