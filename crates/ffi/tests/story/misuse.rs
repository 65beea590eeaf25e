//! What no app should do, and some do.

use std::sync::Arc;

use llavero_core::UnixTime;
use llavero_ffi::{
    Asker, CalendarDate, Challenge, CredentialType, Curp, DcqlQuery, Differentiator, Issuer,
    KeyKind, Record, SyntheticPerson, TrustList, TypeName, Wallet, curp_faults, inspect,
};

use crate::support::agency::{Agency, EN, ISSUANCE, irene, over_18, sheet};
use crate::support::{AGENCY, NOW};

const AGE: CredentialType = CredentialType::Age;

/// Times at and beyond every end.
const FAR: [i64; 10] = [
    i64::MIN,
    i64::MIN + 1,
    -377_705_116_801,
    -62_167_219_201,
    -1,
    0,
    253_402_300_799,
    253_402_300_800,
    i64::MAX - 1,
    i64::MAX,
];

#[test]
fn a_second_step_is_an_error_and_not_a_crash() {
    let agency = Agency::new();
    let wallet = Arc::new(Wallet::in_memory(None, None, 60));
    agency.give(&wallet, AGE, 3, KeyKind::P256);
    let used = |error: llavero_ffi::LlaveroError| assert_eq!(error.code(), "already_used");

    let challenge = over_18();
    let choices = wallet.consider(&challenge.request().unwrap(), NOW, EN).unwrap();
    let sheet_of_one = choices.sheet().unwrap();
    used(choices.sheet().unwrap_err());
    used(choices.queries().unwrap_err());
    used(choices.credential_sets().unwrap_err());
    used(choices.choose("part", "x").unwrap_err());
    used(choices.choose_set(0, 0).unwrap_err());
    let answer = sheet_of_one.approve(&wallet, NOW).unwrap();
    used(sheet_of_one.approve(&wallet, NOW).unwrap_err());
    used(sheet_of_one.approve_unsigned(Arc::clone(&wallet), NOW).unwrap_err());
    used(sheet_of_one.decline().unwrap_err());
    assert_eq!(sheet_of_one.contents().credentials.len(), 1, "looking is never used up");
    challenge.verify(&answer, &agency.trust(), NOW).unwrap();
    used(challenge.verify(&answer, &agency.trust(), NOW).unwrap_err());
    used(challenge.request().unwrap_err());

    let proofs = wallet.begin(AGENCY, ISSUANCE, 1, KeyKind::P256, NOW).unwrap();
    let record = Record::from_json(AGE, &irene(AGE).to_string(), NOW).unwrap();
    let name = TypeName { vct: AGE.default_vct(), integrity: None, document: None };
    let draft = agency.issuer.draft(&record, name, 7, NOW).unwrap();
    let batch = agency.issuer.prepare(&draft, proofs, ISSUANCE, NOW, None).unwrap();
    batch.sign(&agency.key).unwrap();
    used(batch.sign(&agency.key).unwrap_err());
    used(batch.attach(Vec::new()).unwrap_err());
    used(batch.signing_inputs().unwrap_err());
}

#[test]
fn far_times_are_refused_or_served_and_never_a_crash() {
    let agency = Agency::new();
    let trust = agency.trust();
    for at in FAR.map(UnixTime::from_secs) {
        let wallet = Arc::new(Wallet::in_memory(None, None, 60));
        let _ = Record::from_json(CredentialType::Ine, &irene(CredentialType::Ine).to_string(), at);
        let record = Record::from_json(AGE, &irene(AGE).to_string(), NOW).unwrap();
        for days in [0, 1, 366, u16::MAX] {
            let name = TypeName { vct: AGE.default_vct(), integrity: None, document: None };
            let _ = agency.issuer.draft(&record, name, days, at);
        }
        let proofs = wallet.begin(AGENCY, ISSUANCE, 1, KeyKind::P256, at).unwrap();
        let name = TypeName { vct: AGE.default_vct(), integrity: None, document: None };
        let draft = agency.issuer.draft(&record, name, 7, NOW).unwrap();
        let _ = agency.issuer.prepare(&draft, proofs, ISSUANCE, at, None);
        agency.give(&wallet, AGE, 3, KeyKind::P256);
        let challenge = over_18();
        let request = challenge.request().unwrap();
        if let Ok(choices) = wallet.consider(&request, at, EN) {
            let _ = choices.sheet().unwrap().approve(&wallet, at);
        }
        let answer = sheet(&wallet, &challenge).approve(&wallet, NOW).unwrap();
        assert!(challenge.verify(&answer, &trust, at).is_err());
        let _ = sheet(&wallet, &over_18()).approve_unsigned(Arc::clone(&wallet), at);
        let _ = wallet.receive(vec!["x".to_owned()], &trust, at, EN);
        wallet.purge(at).unwrap();
        let list = TrustList::new(at, Vec::new()).unwrap();
        // A list of a time that not every language can hold is not read.
        let again = TrustList::from_json(&list.to_json()).map(|list| list.issued_at());
        let held = (UnixTime::from_secs(0)..=UnixTime::MAX).contains(&at);
        assert_eq!(
            again.map_err(|error| error.code()),
            if held { Ok(at) } else { Err("member_malformed".to_owned()) }
        );
        let asker = Asker { client_id: AGENCY.to_owned(), client_name: None };
        let query = DcqlQuery::for_claims("q", vec!["v".to_owned()], vec!["a".to_owned()]);
        let far = Challenge::new(asker, "x", &query.unwrap(), 86_400, at, None).unwrap();
        let again = Challenge::from_json(&far.to_json().unwrap()).unwrap();
        assert!(again.verify("{}", &trust, NOW).is_err());
        assert!(far.verify("{}", &trust, at).is_err());
    }
}

#[test]
fn far_days_are_refused() {
    for (year, month, day) in
        [(0, 0, 0), (2026, 2, 30), (2026, 13, 1), (i16::MAX, i8::MAX, i8::MAX), (i16::MIN, 1, 1)]
    {
        let date = CalendarDate { year, month, day };
        let text = "EEII030517MVZJMRA2";
        let error = Curp::parse(text, date, Differentiator::AToJ).unwrap_err();
        assert_eq!(error.code(), "argument_malformed");
        let error = curp_faults(text, date, Differentiator::AToZ).unwrap_err();
        assert_eq!(error.code(), "argument_malformed");
        assert_eq!(SyntheticPerson::new(1, 2, date).unwrap_err().code(), "argument_malformed");
    }
    for (year, month, day) in [(-9999, 1, 1), (9999, 12, 31), (1, 1, 1)] {
        let date = CalendarDate { year, month, day };
        let _ = Curp::parse("EEII030517MVZJMRA2", date, Differentiator::AToJ);
        for (youngest, oldest) in [(0, 0), (0, u8::MAX), (u8::MAX, 0), (u8::MAX, u8::MAX)] {
            let _ = SyntheticPerson::new(youngest, oldest, date);
        }
    }
}

#[test]
fn a_minor_has_no_card() {
    let today = CalendarDate { year: 2026, month: 11, day: 22 };
    let minor = SyntheticPerson::new(10, 12, today).unwrap();
    assert!(minor.mrz().is_none());
    assert_eq!(minor.record(CredentialType::Ine).unwrap_err().code(), "argument_malformed");
    assert!(minor.record(CredentialType::Curp).is_ok());
}

#[test]
fn empty_and_huge_texts_are_refused_and_never_a_crash() {
    let agency = Agency::new();
    let wallet = Wallet::in_memory(None, None, 60);
    let trust = agency.trust();
    let long = "~".repeat(2 << 20);
    let deep = "[".repeat(2 << 20);
    let nested = "{\"a\":".repeat(400_000);
    for text in ["", " ", "\0", "{}", "[]", "null", "\"", &long, &deep, &nested] {
        assert!(inspect(text).is_err());
        assert!(TrustList::from_json(text).is_err());
        assert!(DcqlQuery::from_json(text).is_err());
        assert!(Challenge::from_json(text).is_err());
        assert!(Record::from_json(AGE, text, NOW).is_err());
        assert!(wallet.consider(text, NOW, EN).is_err());
        assert!(wallet.receive(vec![text.to_owned()], &trust, NOW, EN).is_err());
        assert!(wallet.show(text, EN).is_err());
        assert!(wallet.remove(text).is_err());
        assert!(over_18().verify(text, &trust, NOW).is_err());
        assert!(llavero_ffi::SigningKey::from_jwk(text).is_err());
        assert!(llavero_ffi::PublicKey::from_jwk(text).is_err());
        assert!(llavero_ffi::Rfc::parse(text).is_err());
        assert!(llavero_ffi::ClaveElector::parse(text).is_err());
        let paths = vec![text.to_owned()];
        let _ = DcqlQuery::for_claims("q", vec!["v".to_owned()], paths);
        let asker = Asker { client_id: text.to_owned(), client_name: Some(text.to_owned()) };
        let query = DcqlQuery::for_claims("q", vec!["v".to_owned()], vec!["a".to_owned()]);
        let _ = Challenge::new(asker, text, &query.unwrap(), 1, NOW, None);
        let _ = Issuer::new(text, &agency.issuer.key());
        let _ = wallet.begin(text, text, 1, KeyKind::P256, NOW);
    }
    assert!(wallet.credentials(EN).unwrap().is_empty());
    let many = vec![String::new(); 100_000];
    assert_eq!(wallet.receive(many.clone(), &trust, NOW, EN).unwrap_err().code(), "batch_size");
    assert!(DcqlQuery::for_claims("q", many.clone(), many).is_err());
}

#[test]
fn a_sheet_of_one_wallet_spends_nothing_of_another() {
    let agency = Agency::new();
    let (one, other) = (Wallet::in_memory(None, None, 60), Wallet::in_memory(None, None, 60));
    agency.give(&one, AGE, 1, KeyKind::P256);
    agency.give(&other, AGE, 1, KeyKind::P256);
    let error = sheet(&one, &over_18()).approve(&other, NOW).unwrap_err();
    assert_eq!(error.code(), "credential_unknown");
    for wallet in [one, other] {
        assert_eq!(wallet.credentials(EN).unwrap()[0].copies_left, 1);
        assert!(wallet.history().unwrap().is_empty());
    }
}
