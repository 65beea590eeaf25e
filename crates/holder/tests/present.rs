//! From a request to an answer: what the person is shown, what leaves, and what is spent.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

mod support;

use std::sync::{Arc, Mutex};

use llavero_core::dcql::{ClaimsQuery, CredentialQuery, CredentialSetQuery, DcqlQuery};
use llavero_core::path::Dotted;
use llavero_core::template::Object;
use llavero_core::{ClaimPath, Error, PublicKey, Random, Signature, SignerError};
use llavero_holder::{
    ConsentSheet, CredentialId, HolderKeys, KeyHandle, KeyKind, Language, NewKey, NotProtected,
    PresentationAnswer, PresentationRequest, Refusal, SoftwareKeys, Table, Unmet, Wallet,
    WalletError, Warning,
};
use serde_json::json;
use support::{AGE, CURP, EXPIRES, Fault, INE, NOW, VERIFIER, World, age, ine};

fn sheet(world: &World, request: &PresentationRequest) -> ConsentSheet {
    world.wallet.consider(request, NOW, Language::En).unwrap().sheet().unwrap()
}

fn approve(world: &mut World, sheet: ConsentSheet) -> Result<PresentationAnswer, WalletError> {
    sheet.approve(&mut world.wallet, NOW, &mut world.random)
}

fn text<'a>(answer: &'a PresentationAnswer, id: &str) -> &'a str {
    &answer.presentations()[id][0]
}

fn codes(sheet: &ConsentSheet) -> Vec<&'static str> {
    sheet.warnings().iter().map(Warning::code).collect()
}

#[test]
fn discloses_what_the_sheet_says_and_nothing_else() {
    let mut world = World::new();
    world.hold(3, ine);
    let request = world.request(INE, &["address.region", "age_equal_or_over.18"]);
    let sheet = sheet(&world, &request);
    assert_eq!(sheet.client_id(), VERIFIER);
    assert_eq!(sheet.unverified_client_name(), Some("La Cantina"));
    assert_eq!(sheet.unverified_purpose(), "Vender bebidas");
    assert_eq!(sheet.not_protected(), NotProtected::ALL);
    let [shown] = sheet.credentials() else { panic!("one credential") };
    let mut revealed: Vec<String> = shown.revealed().iter().map(|claim| claim.path()).collect();
    let mut open: Vec<String> = shown.always_visible().iter().map(|claim| claim.path()).collect();
    open.sort();
    assert_eq!(open, ["cnf", "exp", "iss", "issuing_country", "status", "vct"]);
    let answer = approve(&mut world, sheet).unwrap();
    let verified = world.verify(text(&answer, "q"), &request).unwrap();
    let mut seen: Vec<String> = verified.disclosed().map(|at| Dotted(at).to_string()).collect();
    revealed.sort();
    seen.sort();
    assert_eq!(seen, revealed);
    assert_eq!(seen, ["address.region", "age_equal_or_over.18"]);
    assert_eq!(verified.claim("address"), Some(&json!({"region": "Jalisco"})));
    // A presentation says the minute, not the second.
    assert_eq!(verified.bound_at().unwrap().as_secs() % 60, 0);
}

#[test]
fn shows_a_whole_object_when_it_is_asked_for() {
    let mut world = World::new();
    world.hold(1, ine);
    let request = world.request(INE, &["address"]);
    let sheet = sheet(&world, &request);
    let revealed: Vec<_> = sheet.credentials()[0].revealed().iter().map(|c| c.path()).collect();
    assert_eq!(revealed, ["address.region", "address.street_address"]);
    let answer = approve(&mut world, sheet).unwrap();
    let verified = world.verify(text(&answer, "q"), &request).unwrap();
    assert_eq!(verified.disclosed().count(), 2);
}

#[test]
fn says_what_is_implied_and_offers_the_smaller_proof() {
    let mut world = World::new();
    world.hold(2, ine);
    let request = world.request(INE, &["curp", "age_equal_or_over.18"]);
    let sheet = sheet(&world, &request);
    let implied: Vec<_> = sheet.credentials()[0].implied().iter().map(|fact| fact.id()).collect();
    assert!(implied.contains(&"birthdate"), "{implied:?}");
    let warnings = codes(&sheet);
    for code in ["requester_unverified", "high_linkage", "implied_beyond_asked", "smaller_proof"] {
        assert!(warnings.contains(&code), "{code} not in {warnings:?}");
    }
    for warning in sheet.warnings() {
        assert_ne!(warning.text(Language::En), warning.text(Language::EsMx));
    }
    for limit in NotProtected::ALL {
        assert_ne!(limit.text(Language::En), limit.text(Language::EsMx));
    }
}

#[test]
fn an_age_alone_warns_of_nothing_but_the_stranger() {
    let mut world = World::new();
    world.hold(2, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    assert_eq!(codes(&sheet(&world, &request)), ["requester_unverified"]);
}

#[test]
fn warns_of_an_unknown_type_and_of_the_last_copy() {
    let mut world = World::new();
    world.hold(1, |_, key| {
        Object::new()
            .open("vct", "urn:example:other")
            .open("iss", support::ISSUER)
            .open("cnf", support::cnf(key))
            .disclosable("member", true)
    });
    let request = world.request("urn:example:other", &["member"]);
    assert_eq!(
        codes(&sheet(&world, &request)),
        ["requester_unverified", "implied_unknown", "last_copy"]
    );
}

#[test]
fn prefers_the_credential_that_shows_least() {
    let mut world = World::new();
    let ine_id = world.hold(2, ine);
    let age_id = world.hold(2, age);
    let path = || ClaimsQuery::new(ClaimPath::names(["age_equal_or_over", "18"]).unwrap());
    let either = CredentialQuery::sd_jwt("q", vec![INE.to_owned(), AGE.to_owned()]).unwrap();
    let query = DcqlQuery::new(vec![either.with_claims(vec![path()]).unwrap()]).unwrap();
    let request = world.request_for(query);
    let mut choices = world.wallet.consider(&request, NOW, Language::En).unwrap();
    let offered: Vec<CredentialId> = choices.queries()[0]
        .options()
        .iter()
        .map(|option| option.credential().id().clone())
        .collect();
    assert_eq!(offered, [age_id.clone(), ine_id.clone()]);
    assert_eq!(choices.queries()[0].chosen().unwrap().credential().id(), &age_id);
    // The person may prefer another, but only one that fits.
    choices.choose("q", &ine_id).unwrap();
    let unknown = choices.choose("q", &CredentialId::from_text("no"));
    assert_eq!(unknown, Err(WalletError::ChoiceUnknown));
    assert_eq!(choices.choose("p", &ine_id), Err(WalletError::ChoiceUnknown));
    assert_eq!(choices.sheet().unwrap().credentials()[0].credential().id(), &ine_id);
}

#[test]
fn of_a_credential_set_it_answers_the_combination_that_shows_least_and_nothing_optional() {
    let mut world = World::new();
    world.hold(4, ine);
    world.hold(4, age);
    let part = |id: &str, vct: &str, path: &str| {
        let claim = ClaimsQuery::new(ClaimPath::parse_dotted(path).unwrap());
        CredentialQuery::sd_jwt(id, vec![vct.to_owned()]).unwrap().with_claims(vec![claim]).unwrap()
    };
    let parts = vec![
        part("card", INE, "birthdate"),
        part("age", AGE, "age_equal_or_over.18"),
        part("name", INE, "given_name"),
        part("none", CURP, "curp"),
    ];
    let option = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let sets = vec![
        CredentialSetQuery::new(vec![option(&["none"]), option(&["card"]), option(&["age"])])
            .unwrap(),
        CredentialSetQuery::new(vec![option(&["name"])]).unwrap().with_required(false),
    ];
    let query = DcqlQuery::new(parts).unwrap().with_credential_sets(sets).unwrap();
    let request = world.request_for(query);
    let answered = |sheet: &ConsentSheet| {
        sheet.credentials().iter().map(|shown| shown.query_id().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(answered(&sheet(&world, &request)), ["age"]);
    let mut choices = world.wallet.consider(&request, NOW, Language::En).unwrap();
    assert_eq!(choices.set_count(), 2);
    assert_eq!(choices.set_options(0), [option(&["card"]), option(&["age"])]);
    choices.choose_set(0, 0).unwrap();
    choices.choose_set(1, 0).unwrap();
    assert_eq!(choices.choose_set(1, 1), Err(WalletError::ChoiceUnknown));
    assert_eq!(choices.choose_set(2, 0), Err(WalletError::ChoiceUnknown));
    let sheet = choices.sheet().unwrap();
    assert_eq!(answered(&sheet), ["card", "name"]);
    // Two parts of one credential take two copies.
    let answer = approve(&mut world, sheet).unwrap();
    assert_ne!(text(&answer, "card").split('~').next(), text(&answer, "name").split('~').next());
    assert!(world.verify(text(&answer, "name"), &request).is_ok());
}

#[test]
fn refuses_a_sheet_with_nothing_on_it() {
    let mut world = World::new();
    world.hold(1, age);
    let set = CredentialSetQuery::new(vec![vec!["q".to_owned()]]).unwrap().with_required(false);
    let query = CredentialQuery::sd_jwt("q", vec![AGE.to_owned()]).unwrap();
    let query = DcqlQuery::new(vec![query]).unwrap().with_credential_sets(vec![set]).unwrap();
    let request = world.request_for(query);
    let choices = world.wallet.consider(&request, NOW, Language::En).unwrap();
    assert_eq!(choices.sheet().map(|_| ()), Err(WalletError::NothingChosen));
}

#[test]
fn says_which_part_it_cannot_answer() {
    let mut world = World::new();
    world.hold(1, age);
    let consider = |world: &World, request: &PresentationRequest, now| {
        world.wallet.consider(request, now, Language::En).map(|_| ()).unwrap_err()
    };
    let request = world.request(INE, &["curp"]);
    let error = consider(&world, &request, NOW);
    assert_eq!(error, WalletError::Unmet(Unmet::NoCredential { query: 0 }));
    let request = world.request(AGE, &["age_equal_or_over.99"]);
    assert_eq!(consider(&world, &request, NOW).code(), "mismatch_claim_absent");
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let error = consider(&world, &request, EXPIRES);
    assert_eq!(error, WalletError::Unmet(Unmet::Expired { query: 0 }));
    let sheet = sheet(&world, &request);
    approve(&mut world, sheet).unwrap();
    let error = consider(&world, &request, NOW);
    assert_eq!(error, WalletError::Unmet(Unmet::NoCopiesLeft { query: 0 }));
    assert_eq!(consider(&world, &request, EXPIRES).code(), "credential_expired");
}

#[test]
fn a_declined_sheet_says_no_more_than_a_request_that_cannot_be_answered() {
    let mut world = World::new();
    let id = world.hold(2, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let before = world.disk.contents();
    let refusal = sheet(&world, &request).decline();
    assert_eq!(refusal, Refusal::new());
    assert_eq!(refusal.to_json(), json!({"error": "access_denied"}));
    assert_eq!((world.disk.contents(), world.left(&id)), (before, 2));
}

#[test]
fn spends_before_it_presents_and_writes_history_without_values() {
    let mut world = World::new();
    let id = world.hold(2, ine);
    let request = world.request(INE, &["given_name", "address.region"]);
    let commits = world.disk.commits();
    let sheet_one = sheet(&world, &request);
    let pending = sheet_one.approve_unsigned(&mut world.wallet, NOW, &mut world.random).unwrap();
    // The answer does not exist yet, and the copy is gone.
    assert_eq!(world.disk.commits(), commits + 1);
    assert_eq!(world.left(&id), 1);
    drop(pending);
    assert_eq!(world.left(&id), 1);
    let history = world.wallet.history().unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!((history[0].at(), history[0].client_id()), (NOW, VERIFIER));
    assert_eq!(history[0].unverified_purpose(), "Vender bebidas");
    assert_eq!(history[0].shown()[0].vct(), INE);
    assert_eq!(history[0].shown()[0].claims(), ["address.region", "given_name"]);
    let of_history = |(table, _, record): (Table, String, Vec<u8>)| {
        (table == Table::History).then(|| String::from_utf8(record).unwrap())
    };
    let record = world.disk.contents().into_iter().find_map(of_history).unwrap();
    assert!(!record.contains("Irene") && !record.contains("Jalisco"));
    world.wallet.forget_history().unwrap();
    assert!(world.wallet.history().unwrap().is_empty());
}

#[test]
fn nothing_of_a_spent_copy_stays() {
    let mut world = World::new();
    world.hold(1, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let sheet = sheet(&world, &request);
    let answer = approve(&mut world, sheet).unwrap();
    let presented = text(&answer, "q").to_owned();
    let verified = world.verify(&presented, &request).unwrap();
    let key = verified.holder_key().unwrap();
    let linkable = [key.thumbprint(), key.to_jwk()["x"].as_str().unwrap().to_owned()];
    let signature = presented.split('~').next().unwrap().rsplit('.').next().unwrap();
    for (table, name, record) in world.disk.contents() {
        let record = String::from_utf8(record).unwrap();
        for trace in linkable.iter().map(String::as_str).chain([signature, "\"d\""]) {
            assert!(!record.contains(trace) && !name.contains(trace), "{table:?}");
        }
    }
}

#[test]
fn a_commit_that_fails_discloses_nothing_and_spends_nothing() {
    let mut world = World::new();
    let id = world.hold(2, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let sheet = sheet(&world, &request);
    let before = world.disk.contents();
    world.disk.fail_next(Fault::Refused);
    assert_eq!(approve(&mut world, sheet).unwrap_err().code(), "store_unavailable");
    assert_eq!((world.disk.contents(), world.left(&id)), (before, 2));
}

#[test]
fn a_crash_in_the_commit_loses_the_copy_and_does_not_use_it() {
    let mut world = World::new();
    let id = world.hold(2, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let sheet = sheet(&world, &request);
    world.disk.fail_next(Fault::DiesAfter);
    assert!(approve(&mut world, sheet).is_err());
    world.wallet = world.disk.wallet();
    assert_eq!(world.left(&id), 1);
}

#[test]
fn a_sheet_takes_another_copy_when_another_sheet_was_faster() {
    let mut world = World::new();
    let id = world.hold(2, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let sheets = [(); 3].map(|()| sheet(&world, &request));
    let mut issuer_jwts = Vec::new();
    for (position, sheet) in sheets.into_iter().enumerate() {
        match approve(&mut world, sheet) {
            Ok(answer) => {
                issuer_jwts.push(text(&answer, "q").split('~').next().unwrap().to_owned())
            }
            Err(error) => {
                assert_eq!((position, error), (2, WalletError::NoCopiesLeft));
            }
        }
    }
    assert_eq!((issuer_jwts.len(), world.left(&id)), (2, 0));
    assert_ne!(issuer_jwts[0], issuer_jwts[1]);
}

#[test]
fn two_wallets_over_one_store_never_spend_one_copy_twice() {
    let mut world = World::new();
    let id = world.hold(1, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let sheets = [sheet(&world, &request), sheet(&world, &request)];
    // The second wallet reads before the first commits: its commit finds the copy gone.
    let before = world.disk.contents();
    let [first, second] = sheets;
    approve(&mut world, first).unwrap();
    let batch = before.iter().find(|(table, ..)| *table == Table::Batch).unwrap();
    world.disk.overwrite(Table::Batch, &batch.1, &batch.2);
    let error = approve(&mut world, second).unwrap_err();
    assert_eq!(error, WalletError::RecordCorrupt { table: "copy" });
    assert_eq!(world.left(&id), 1);
}

#[test]
fn refuses_an_approval_after_the_credential_expired_or_was_removed() {
    let mut world = World::new();
    let id = world.hold(2, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let late = sheet(&world, &request);
    let before = world.disk.contents();
    let error = late.approve(&mut world.wallet, EXPIRES, &mut world.random).unwrap_err();
    assert_eq!(error, WalletError::CredentialExpired);
    assert_eq!(world.disk.contents(), before);
    let late = sheet(&world, &request);
    world.wallet.remove(&id, &mut world.random).unwrap();
    assert_eq!(approve(&mut world, late).unwrap_err(), WalletError::CredentialUnknown);
    assert!(world.disk.contents().is_empty());
}

#[test]
fn refuses_one_credential_for_more_parts_than_it_has_copies() {
    let mut world = World::new();
    world.hold(1, ine);
    let part = |id: &str, name: &str| {
        let claim = ClaimsQuery::new(ClaimPath::names([name]).unwrap());
        CredentialQuery::sd_jwt(id, vec![INE.to_owned()]).unwrap().with_claims(vec![claim]).unwrap()
    };
    let query = DcqlQuery::new(vec![part("a", "given_name"), part("b", "curp")]).unwrap();
    let request = world.request_for(query);
    let choices = world.wallet.consider(&request, NOW, Language::En).unwrap();
    assert_eq!(choices.sheet().map(|_| ()), Err(WalletError::NoCopiesLeft));
}

#[test]
fn refuses_a_copy_that_does_not_say_what_the_sheet_said() {
    let copy = |world: &World| {
        world.disk.contents().into_iter().find(|(table, ..)| *table == Table::Copy).unwrap()
    };
    let named = |name: &'static str, country: &'static str| {
        move |_: usize, key: &PublicKey| {
            Object::new()
                .open("vct", "urn:example:other")
                .open("iss", support::ISSUER)
                .open("cnf", support::cnf(key))
                .open("issuing_country", country)
                .disclosable("given_name", name)
        }
    };
    // Another name, another open claim, another credential altogether; the same again is accepted.
    for (other, code) in [
        (named("Otro Nombre", "MX"), Err("record_corrupt")),
        (named("Irene Canaria", "US"), Err("record_corrupt")),
        (named("Irene Canaria", "MX"), Ok(())),
    ] {
        let mut world = World::new();
        world.hold(1, named("Irene Canaria", "MX"));
        let request = world.request("urn:example:other", &["given_name"]);
        let sheet = sheet(&world, &request);
        let mut forger = World::new();
        forger.hold(1, other);
        world.disk.overwrite(Table::Copy, &copy(&world).1, &copy(&forger).2);
        let before = world.disk.contents();
        let outcome = approve(&mut world, sheet).map(|_| ()).map_err(|error| error.code());
        assert_eq!(outcome, code);
        assert_eq!(world.disk.contents() == before, code.is_err());
    }
}

#[test]
fn refuses_records_that_somebody_else_wrote() {
    let mut world = World::new();
    let id = world.hold(1, age);
    let request = world.request(AGE, &[]);
    let contents = world.disk.contents();
    let (_, name, _) = contents.iter().find(|(table, ..)| *table == Table::Copy).unwrap();
    for forged in ["", "{}", "{\"v\":1,\"r\":{\"text\":\"a~\",\"key\":\"\"}}", "\u{0}"] {
        world.disk.overwrite(Table::Copy, name, forged.as_bytes());
        let considered = world.wallet.consider(&request, NOW, Language::En).map(|_| ());
        assert_eq!(considered.unwrap_err().code(), "record_corrupt", "{forged}");
        assert_eq!(world.wallet.show(&id, Language::En).unwrap_err().code(), "record_corrupt");
    }
    world.disk.overwrite(Table::Copy, name, b"{\"v\":9}");
    let considered = world.wallet.consider(&request, NOW, Language::En).map(|_| ());
    assert_eq!(considered.unwrap_err().code(), "record_version");
    // What cannot be read can still be removed.
    world.wallet.remove(&id, &mut world.random).unwrap();
    assert!(world.disk.contents().is_empty());
}

#[test]
fn signs_in_two_steps_and_refuses_signatures_of_other_keys() {
    let mut world = World::new();
    let id = world.hold(3, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let pending = |world: &mut World| {
        let sheet = sheet(world, &request);
        sheet.approve_unsigned(&mut world.wallet, NOW, &mut world.random).unwrap()
    };
    let first = pending(&mut world);
    let signatures: Vec<Signature> = first
        .to_sign()
        .map(|to_sign| SoftwareKeys.sign(to_sign.key, to_sign.bytes).unwrap())
        .collect();
    let answer = first.finish(&mut world.wallet, &signatures).unwrap();
    assert!(world.verify(text(&answer, "q"), &request).is_ok());
    let refused = pending(&mut world).finish(&mut world.wallet, &signatures);
    assert_eq!(refused.unwrap_err().code(), "signature");
    let refused = pending(&mut world).finish(&mut world.wallet, &[]);
    assert_eq!(refused.unwrap_err(), WalletError::SignatureCount { expected: 1 });
    assert_eq!(world.left(&id), 0);
}

/// Hardware as seen from here: keys stay inside under a number, and may refuse to sign or to go.
#[derive(Clone, Default)]
struct Hardware(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    keys: Vec<Option<KeyHandle>>,
    refuses: bool,
    keeps: bool,
}

impl Hardware {
    fn alive(&self) -> usize {
        self.0.lock().unwrap().keys.iter().flatten().count()
    }
}

impl HolderKeys for Hardware {
    fn create(
        &mut self,
        kind: KeyKind,
        count: usize,
        random: &mut dyn Random,
    ) -> Result<Vec<NewKey>, Error> {
        let keys = SoftwareKeys.create(kind, count, random)?;
        let inside = &mut self.0.lock().unwrap().keys;
        let place = |key: NewKey| {
            inside.push(Some(key.handle));
            let handle = KeyHandle::new((inside.len() - 1).to_string().into_bytes());
            NewKey { handle, public_key: key.public_key }
        };
        Ok(keys.into_iter().map(place).collect())
    }

    fn sign(&self, handle: &KeyHandle, message: &[u8]) -> Result<Signature, SignerError> {
        let inside = self.0.lock().unwrap();
        if inside.refuses {
            return Err(SignerError::Cancelled);
        }
        let number: usize = std::str::from_utf8(handle.as_bytes()).unwrap().parse().unwrap();
        SoftwareKeys.sign(inside.keys[number].as_ref().ok_or(SignerError::Unavailable)?, message)
    }

    fn delete(&mut self, handle: &KeyHandle) -> Result<(), SignerError> {
        let mut inside = self.0.lock().unwrap();
        if inside.keeps {
            return Err(SignerError::Unavailable);
        }
        let number: usize = std::str::from_utf8(handle.as_bytes()).unwrap().parse().unwrap();
        inside.keys[number] = None;
        Ok(())
    }

    fn keeps_keys(&self) -> bool {
        true
    }
}

#[test]
fn a_key_that_does_not_sign_costs_the_copy_and_discloses_nothing() {
    let mut world = World::new();
    let hardware = Hardware::default();
    world.wallet = Wallet::new(world.disk.clone(), hardware.clone());
    let id = world.hold(2, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let sheet = sheet(&world, &request);
    hardware.0.lock().unwrap().refuses = true;
    assert_eq!(approve(&mut world, sheet).unwrap_err().code(), "signer_cancelled");
    assert_eq!((world.left(&id), hardware.alive()), (1, 1));
}

#[test]
fn a_key_that_does_not_go_is_deleted_later_and_the_answer_is_not_lost() {
    let mut world = World::new();
    let hardware = Hardware::default();
    world.wallet = Wallet::new(world.disk.clone(), hardware.clone());
    world.hold(2, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let sheet_one = sheet(&world, &request);
    hardware.0.lock().unwrap().keeps = true;
    let answer = approve(&mut world, sheet_one).unwrap();
    assert!(world.verify(text(&answer, "q"), &request).is_ok());
    assert_eq!(hardware.alive(), 2);
    hardware.0.lock().unwrap().keeps = false;
    // The app died meanwhile; the store remembers which key has to go.
    world.wallet = Wallet::new(world.disk.clone(), hardware.clone());
    assert_eq!(world.wallet.purge(NOW, &mut world.random).unwrap().spent_keys, 1);
    assert_eq!(hardware.alive(), 1);
    assert_eq!(world.wallet.purge(NOW, &mut world.random).unwrap().spent_keys, 0);
    // A sheet approved and never signed: its key goes at the next purge, too.
    let sheet_two = sheet(&world, &request);
    drop(sheet_two.approve_unsigned(&mut world.wallet, NOW, &mut world.random).unwrap());
    assert_eq!(world.wallet.purge(NOW, &mut world.random).unwrap().spent_keys, 1);
    assert_eq!(hardware.alive(), 0);
}

#[test]
fn hardware_that_makes_other_keys_than_asked_for_is_refused() {
    struct Short(Hardware);
    impl HolderKeys for Short {
        fn create(
            &mut self,
            kind: KeyKind,
            count: usize,
            random: &mut dyn Random,
        ) -> Result<Vec<NewKey>, Error> {
            self.0.create(kind, count - 1, random)
        }
        fn sign(&self, handle: &KeyHandle, message: &[u8]) -> Result<Signature, SignerError> {
            self.0.sign(handle, message)
        }
        fn delete(&mut self, handle: &KeyHandle) -> Result<(), SignerError> {
            self.0.delete(handle)
        }
        fn keeps_keys(&self) -> bool {
            true
        }
    }
    let mut world = World::new();
    let hardware = Hardware::default();
    world.wallet = Wallet::new(world.disk.clone(), Short(hardware.clone()));
    let begun = world.wallet.begin("i", "n", 3, KeyKind::P256, NOW, &mut world.random);
    assert_eq!(begun.map(|_| ()).unwrap_err().code(), "signer_unavailable");
    assert_eq!((hardware.alive(), world.disk.contents().len()), (0, 0));
}

#[test]
fn which_copy_is_used_does_not_follow_the_order_of_the_batch() {
    let mut orders = std::collections::BTreeSet::new();
    for seed in 0..8 {
        let mut world = World::new();
        let keys = world.enrol(4);
        let copies = world.agency.issue_all(&keys, age);
        world.receive(&copies).unwrap();
        world.random = support::Seeded(1_000 + seed);
        let mut order = Vec::new();
        for _ in 0..4 {
            let request = world.request(AGE, &[]);
            let sheet = sheet(&world, &request);
            let answer = approve(&mut world, sheet).unwrap();
            let key = world.verify(text(&answer, "q"), &request).unwrap().holder_key().cloned();
            order.push(keys.iter().position(|of: &PublicKey| Some(of) == key.as_ref()).unwrap());
        }
        let mut all = order.clone();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3]);
        orders.insert(order);
    }
    assert!(orders.len() > 4, "{orders:?}");
}

#[test]
fn the_count_of_copies_leaves_out_every_spent_one() {
    // A wallet that counts what it was issued never asks for more, and stands there with nothing.
    let mut world = World::new();
    let id = world.hold(3, age);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    for left in [2, 1, 0] {
        let sheet = sheet(&world, &request);
        approve(&mut world, sheet).unwrap();
        assert_eq!(world.left(&id), left);
        // The same for a wallet that only just opened the store.
        let again = world.disk.wallet().credentials(Language::En).unwrap();
        assert_eq!(again.iter().map(|held| held.copies_left()).collect::<Vec<_>>(), [left]);
    }
    let error = world.wallet.consider(&request, NOW, Language::En).map(|_| ()).unwrap_err();
    assert_eq!(error, WalletError::Unmet(Unmet::NoCopiesLeft { query: 0 }));
    // A refill counts from its own copies, not on top of the spent ones.
    let refill = world.hold(2, age);
    assert_eq!(world.left(&refill), 2);
    let all: usize =
        world.wallet.credentials(Language::En).unwrap().iter().map(|held| held.copies_left()).sum();
    assert_eq!(all, 2);
}

#[test]
fn a_credential_that_does_not_fit_keeps_no_other_from_answering() {
    let mut world = World::new();
    // Of the same type, and lacking what is asked for: received first and last.
    let lacking = |_: usize, key: &PublicKey| {
        support::open(AGE, key).disclosable("age_in_years", 40).min_digests(8)
    };
    world.hold(1, lacking);
    let fit = world.hold(1, age);
    world.hold(1, lacking);
    world.hold(1, ine);
    let request = world.request(AGE, &["age_equal_or_over.18"]);
    let sheet = sheet(&world, &request);
    let answer = approve(&mut world, sheet).unwrap();
    assert!(world.verify(text(&answer, "q"), &request).is_ok());
    assert_eq!(world.left(&fit), 0);
}
