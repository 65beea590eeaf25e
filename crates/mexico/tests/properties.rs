//! What holds for every input.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

use jiff::civil::{Date, date};
use llavero_mexico::{
    AgeRecord, ClaveElector, Curp, CurpFault, CurpRecord, CurpRoot, Differentiator, Entidad,
    IneMrz, IneRecord, Nombre, Persona, Rfc, RfcPolicy, Sexo, Synthetic, Texto, age, consistency,
    implied::{Shown, closure, smaller_proofs},
};
use proptest::prelude::*;
use serde_json::Value;

#[path = "support/random.rs"]
mod random;

const TODAY: Date = date(2026, 11, 21);

/// Strings that come close to something, next to strings that do not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,40}",
        "[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]",
        "[A-ZÑ&]{3,4}[0-9]{6}[0-9A-Z]{3}",
        "[A-Z]{6}[0-9]{8}[HMXF][0-9]{3}",
        "[A-Z0-9<]{30}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "[A-Za-zÑñÁÉÍÓÚÜ './-]{1,30}",
    ]
}

fn day() -> impl Strategy<Value = Date> {
    (1900_i16..=2099, 1_i8..=12, 1_i8..=31)
        .prop_filter_map("no such day", |(year, month, day)| Date::new(year, month, day).ok())
}

fn nombre() -> impl Strategy<Value = Nombre> {
    "[A-ZÑÁÉÍÓÚÜ]{1,8}([ '/.-][A-ZÑ]{1,8}){0,3}".prop_map(|text| text.parse().unwrap())
}

prop_compose! {
    fn persona()(
        given in nombre(),
        primer in nombre(),
        segundo in proptest::option::of(nombre()),
        birthdate in day(),
        sexo in proptest::sample::select(&Sexo::ALL[..]),
        entidad in proptest::sample::select(&Entidad::ALL[..]),
    ) -> Persona {
        Persona::new(given, primer, segundo, birthdate, sexo, entidad).unwrap()
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let fields = llavero_mexico::CredentialType::Ine.record_fields();
        let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
        let name = prop_oneof![
            4 => proptest::sample::select(names).prop_map(str::to_owned),
            1 => text(),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(name, inner, 0..20)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn parsing_never_panics_and_gives_back_the_text(text in text(), today in day()) {
        if let Ok(curp) = text.parse::<Curp>() {
            prop_assert_eq!(curp.expose(), &text);
            prop_assert_eq!(curp.faults(today, Differentiator::AtoZ), Curp::faults_in(&text, today, Differentiator::AtoZ));
        }
        let faults = Curp::faults_in(&text, today, Differentiator::AtoJ);
        let checked = text.parse::<Curp>().and_then(|curp| curp.check(today, Differentiator::AtoJ));
        prop_assert_eq!(faults.is_empty(), checked.is_ok());
        prop_assert!(faults.is_sorted());
        let strict = text.parse::<Rfc>().and_then(|rfc| rfc.check(RfcPolicy::Strict));
        prop_assert_eq!(Rfc::faults_in(&text).is_empty(), strict.is_ok());
        if let Ok(clave) = text.parse::<ClaveElector>() {
            let parts = [clave.name_letters(), clave.yymmdd(), clave.entidad_inegi(), clave.sexo().as_str(), clave.suffix()];
            prop_assert_eq!(parts.concat(), text.as_str());
        }
        let _ = (text.parse::<Nombre>(), text.parse::<Texto>(), text.parse::<llavero_mexico::Picture>());
        let _ = (text.parse::<llavero_mexico::Pais>(), text.parse::<Entidad>(), text.parse::<Sexo>());
        let _ = (text.parse::<llavero_mexico::Cic>(), text.parse::<llavero_mexico::Modelo>());
    }

    #[test]
    fn zones_never_panic(lines in proptest::collection::vec(text(), 0..5), as_of in day()) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let faults = IneMrz::faults_in(&lines, as_of);
        prop_assert_eq!(faults.is_empty(), IneMrz::parse(&lines, as_of).is_ok());
        prop_assert!(faults.is_sorted());
        let _ = IneMrz::checks_in(&lines);
    }

    #[test]
    fn records_never_panic(record in json(), today in day()) {
        let _ = CurpRecord::from_json(&record, today).map(|record| record.claims(today));
        let _ = IneRecord::from_json(&record, today).map(|record| record.claims(today));
        let _ = AgeRecord::from_json(&record, today).map(|record| record.claims(today));
    }

    #[test]
    fn what_is_derived_is_valid_and_agrees(persona in persona(), homonym in 0_u8..10) {
        let root = CurpRoot::of(&persona);
        let curp = root.with_homonym(homonym).unwrap();
        prop_assert!(curp.expose().starts_with(root.expose()));
        prop_assert_eq!(consistency(&curp, &persona), Ok(()));
        // A birth date in 2027 or later is the only thing that can be wrong.
        let faults = curp.faults(TODAY, Differentiator::AtoJ);
        prop_assert!(faults.iter().all(|fault| *fault == CurpFault::FutureDate), "{:?}", faults);
        prop_assert!(curp.check(date(2099, 12, 31), Differentiator::AtoJ).is_ok());
        prop_assert!(Rfc::of(&persona).and_then(|rfc| rfc.check(RfcPolicy::Strict)).is_ok());
    }

    #[test]
    fn a_synthetic_person_agrees_with_itself(seed in any::<u64>()) {
        let person = Synthetic::new(random::source(seed)).person(TODAY, 0..=99).unwrap();
        prop_assert_eq!(consistency(person.curp_record().curp().as_curp(), person.persona()), Ok(()));
        prop_assert!(person.rfc().faults().is_empty());
        prop_assert_eq!(person.ine().is_some(), age::at_least(person.persona().birthdate(), 18, TODAY));
        if let Some((record, mrz)) = person.ine() {
            prop_assert!(IneMrz::faults_in(&mrz.expose(), TODAY).is_empty());
            prop_assert!(mrz.ocr().expose() == record.ocr().expose());
        }
    }

    #[test]
    fn one_changed_digit_of_a_zone_is_refused(seed in any::<u64>(), at in 5_usize..30, by in 1_u8..10) {
        let person = Synthetic::new(random::source(seed)).person(TODAY, 18..=99).unwrap();
        let (_, mrz) = person.ine().unwrap();
        let [one, two, three] = mrz.expose();
        let mut changed = one.as_bytes().to_vec();
        if changed[at].is_ascii_digit() {
            changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
        } else {
            changed[at] = b'0' + by;
        }
        let changed = String::from_utf8(changed).unwrap();
        prop_assert!(!IneMrz::faults_in(&[&changed, two, three], TODAY).is_empty());
    }

    #[test]
    fn ages_only_grow(birthdate in day(), on in day(), later in day(), years in any::<u8>()) {
        if on <= later && age::at_least(birthdate, years, on) {
            prop_assert!(age::at_least(birthdate, years, later));
        }
        if years > 0 && age::at_least(birthdate, years, on) {
            prop_assert!(age::at_least(birthdate, years - 1, on));
        }
    }

    #[test]
    fn more_disclosures_never_show_less(
        credential_type in proptest::sample::select(&llavero_mexico::CredentialType::ALL[..]),
        picks in proptest::collection::vec((any::<proptest::sample::Index>(), any::<Option<bool>>()), 0..8),
        strange in text(),
    ) {
        let names: Vec<String> = credential_type.claims().iter().map(|claim| claim.name()).collect();
        let shown: Vec<Shown<'_>> = picks.iter().map(|(pick, answer)| {
            let name = pick.get(&names);
            answer.map_or(Shown::claim(name), |answer| Shown::answer(name, answer))
        }).collect();
        let disclosed: Vec<&str> = picks.iter().map(|(pick, _)| pick.get(&names).as_str()).collect();
        let all = closure(credential_type, &shown);
        prop_assert!(all.iter().all(|fact| !disclosed.contains(&fact.id())));
        if let Some((_, fewer)) = shown.split_last() {
            for fact in closure(credential_type, fewer) {
                prop_assert!(all.contains(&fact) || disclosed.contains(&fact.id()));
            }
        }
        let _ = closure(credential_type, &[Shown::answer(&strange, true)]);
        let _ = smaller_proofs(credential_type, &[&strange]);
    }
}
