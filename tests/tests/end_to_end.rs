//! Agency, wallet and verifier together, with the wallet's file closed and opened again between all steps.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

use std::collections::BTreeSet;

use llavero_core::dcql::DcqlQuery;
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::trust::TrustList;
use llavero_core::{ClaimPath, KeyKind, UnixTime, jws_json};
use llavero_holder::{
    HolderKeys as _, Language, LintWarning, PendingAnswer, SoftwareKeys, ToSign, Unmet, Wallet,
    WalletError,
};
use llavero_mexico::CredentialType;
use llavero_store::{FileStore, StoreKey};
use llavero_tests::leaks::Canaries;
use llavero_tests::seeded::Seeded;
use llavero_tests::token::{self, Token};
use llavero_tests::world::{Agency, NOW, irene};
use llavero_verifier::{Asker, Challenge, Error, Revocation, Verdict};
use serde_json::{Value, json};

const REGISTRY: &str = "https://registro.example";
const INSTITUTE: &str = "https://instituto.example";
const ES: Language = Language::EsMx;
const AGE: CredentialType = CredentialType::Age;
const CURP: CredentialType = CredentialType::Curp;
const INE: CredentialType = CredentialType::Ine;

/// Two agencies with keys of different kinds, a phone with one file, and whoever asks.
struct Story {
    registry: Agency,
    institute: Agency,
    directory: tempfile::TempDir,
    random: Seeded,
    /// Keys of every copy that was ever on its way out.
    spent: BTreeSet<String>,
}

impl Story {
    fn begin(seed: u64) -> Self {
        let story = Self {
            registry: Agency::new(REGISTRY, KeyKind::P256, seed),
            institute: Agency::new(INSTITUTE, KeyKind::Ed25519, seed + 1),
            directory: tempfile::tempdir().unwrap(),
            random: Seeded::new(seed + 2),
            spent: BTreeSet::new(),
        };
        drop(FileStore::create(story.path(), &Self::key(), Seeded::new(seed + 3)).unwrap());
        story
    }

    fn path(&self) -> std::path::PathBuf {
        self.directory.path().join("wallet")
    }

    fn key() -> StoreKey {
        StoreKey::from_bytes([0x6c; 32])
    }

    /// The wallet as after a start of the app. Only one can be open.
    fn open(&mut self) -> Wallet {
        let seed = u64::try_from(self.spent.len()).unwrap() + 1_000;
        let store = FileStore::open(self.path(), &Self::key(), Seeded::new(seed)).unwrap();
        Wallet::new(store, SoftwareKeys)
    }

    fn agency(&self, of: CredentialType) -> &Agency {
        if of == INE { &self.institute } else { &self.registry }
    }

    fn trust(&self) -> TrustList {
        let registry = self.registry.entry(&[AGE.default_vct(), CURP.default_vct()]);
        TrustList::new(NOW, vec![registry, self.institute.entry(&[INE.default_vct()])]).unwrap()
    }

    fn enrol(&mut self, of: CredentialType, kind: KeyKind, copies: usize) {
        let issuer = self.agency(of).issuer.identifier().to_owned();
        let mut wallet = self.open();
        let proofs = wallet.begin(&issuer, "nonce", copies, kind, NOW, &mut self.random).unwrap();
        drop(wallet);
        self.receive(of, proofs.proofs());
    }

    fn receive(&mut self, of: CredentialType, proofs: &[String]) {
        let mut random = self.random.clone();
        let issued = self.agency(of).issue((of, &irene(of)), proofs, "nonce", NOW, &mut random);
        self.random = random;
        let (mut wallet, trust) = (self.open(), self.trust());
        let receipt = wallet.receive(&issued, &trust, NOW, ES, &mut self.random).unwrap();
        assert_eq!(receipt.credential().copies_left(), proofs.len());
        let expected: &[LintWarning] =
            if proofs.len() == 1 { &[LintWarning::SingleCopy] } else { &[] };
        assert_eq!(receipt.warnings(), expected);
    }

    fn ask(&mut self, query: DcqlQuery) -> Challenge {
        let asker = Asker { client_id: "https://banco.example", client_name: Some("Banco") };
        Challenge::new(&asker, "Abrir una cuenta", query, 300, NOW, &mut self.random).unwrap()
    }

    /// What the wallet does with the request as text, up to the answer as text.
    fn answer(&mut self, challenge: &Challenge) -> Result<Value, WalletError> {
        let request = challenge.request().to_json().to_string();
        let request = PresentationRequest::from_slice(request.as_bytes()).unwrap();
        let mut wallet = self.open();
        let sheet = wallet.consider(&request, NOW, ES)?.sheet()?;
        let answer = sheet.approve(&mut wallet, NOW, &mut self.random)?;
        drop(wallet);
        for text in answer.presentations().values().flatten() {
            self.spend(&Token::parse(text).payload["cnf"]["jwk"]);
        }
        Ok(answer.to_json())
    }

    fn spend(&mut self, jwk: &Value) {
        assert!(self.spent.insert(jwk.to_string()), "a copy was shown twice");
    }

    fn verify(&self, challenge: Challenge, answer: &Value) -> Result<Verdict, Error> {
        challenge.verify(answer.to_string().as_bytes(), &self.trust(), NOW)
    }

    fn tell(&mut self, query: DcqlQuery) -> Verdict {
        let challenge = self.ask(query);
        let answer = self.answer(&challenge).unwrap();
        self.verify(challenge, &answer).unwrap()
    }

    fn left(&mut self, of: CredentialType) -> usize {
        let credentials = self.open().credentials(ES).unwrap();
        credentials.iter().find(|held| held.known_type() == Some(of)).unwrap().copies_left()
    }
}

fn path(text: &str) -> ClaimPath {
    text.parse().unwrap()
}

fn claims(of: CredentialType, paths: &[&str]) -> DcqlQuery {
    let paths = paths.iter().map(|text| path(text));
    DcqlQuery::for_claims(of.name(), [of.default_vct()], paths).unwrap()
}

/// Everything a verdict says about one credential, as one value.
fn said(verdict: &Verdict, of: CredentialType) -> Value {
    let credential = verdict.credential(of.name()).unwrap();
    assert_eq!(credential.credential_type(), of.default_vct());
    assert_eq!(credential.revocation(), Revocation::NotProvided);
    assert!(credential.bound_at().is_some_and(|at| at.as_secs() % 60 == 0 && at <= NOW));
    let all = credential.claims().iter();
    all.map(|claim| (claim.path().to_string(), json!(claim.values()))).collect()
}

/// A text and whatever is encoded in it.
fn every_layer(text: &str) -> Vec<String> {
    let mut layers = vec![text.to_owned()];
    for piece in text.split(['~', '.', '"', ',', ':', '[', ']', '{', '}']) {
        let inner = token::decode(piece).and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(inner) = inner.filter(|inner| inner.len() > 8) {
            layers.extend(every_layer(&inner));
        }
    }
    layers
}

/// Values of the record that an answer must not hold, given what was asked.
fn undisclosed(of: CredentialType, asked: &[&str]) -> Canaries {
    let mut canaries = Canaries::new();
    for (field, value) in irene(of).as_object().unwrap() {
        if !asked.contains(&field.as_str()) {
            canaries.add(field, value.as_str().unwrap());
        }
    }
    canaries
}

#[test]
fn each_credential_tells_exactly_what_was_asked() {
    let stories: [(CredentialType, &[&str], Value); 4] = [
        (AGE, &["age_equal_or_over.18"], json!({ "age_equal_or_over.18": [true] })),
        (AGE, &["age_equal_or_over.65"], json!({ "age_equal_or_over.65": [false] })),
        (
            CURP,
            &["curp", "entidad_nacimiento"],
            json!({ "curp": ["EEII030517MVZJMRA2"], "entidad_nacimiento": ["VZ"] }),
        ),
        (
            INE,
            &["address.street_address", "valid_in_year.2026"],
            json!({ "address.street_address": ["Calle Falsa 123"], "valid_in_year.2026": [true] }),
        ),
    ];
    for (round, kind) in [KeyKind::P256, KeyKind::Ed25519].into_iter().enumerate() {
        let mut story = Story::begin(100 * (u64::try_from(round).unwrap() + 1));
        for of in [AGE, CURP, INE] {
            story.enrol(of, kind, 2);
        }
        for (of, asked, expected) in &stories {
            let challenge = story.ask(claims(*of, asked));
            let answer = story.answer(&challenge).unwrap();
            let fields: Vec<&str> =
                asked.iter().map(|path| path.rsplit('.').next().unwrap()).collect();
            let canaries = undisclosed(*of, &fields);
            for layer in every_layer(&answer.to_string()) {
                assert_eq!(canaries.find(&layer), None, "in {layer}");
            }
            let shown = Token::parse(answer["vp_token"][of.name()][0].as_str().unwrap());
            assert_eq!(shown.disclosures.len(), asked.len());
            let verdict = story.verify(challenge, &answer).unwrap();
            assert_eq!(verdict.credentials().len(), 1);
            assert_eq!(said(&verdict, *of), *expected);
        }
        assert_eq!([AGE, CURP, INE].map(|of| story.left(of)), [0, 1, 1]);
        assert_eq!(story.open().history().unwrap().len(), stories.len());
    }
}

/// The detector above is not blind.
#[test]
fn an_undisclosed_value_would_be_found() {
    let mut story = Story::begin(300);
    story.enrol(INE, KeyKind::P256, 1);
    let challenge = story.ask(claims(INE, &["address.street_address"]));
    let answer = story.answer(&challenge).unwrap();
    let found = |asked: &[&str]| {
        let canaries = undisclosed(INE, asked);
        every_layer(&answer.to_string()).iter().any(|layer| canaries.find(layer).is_some())
    };
    assert!(found(&[]));
    assert!(!found(&["street_address"]));
}

#[test]
fn values_claim_sets_and_wildcards_choose_among_claims() {
    let mut story = Story::begin(400);
    story.enrol(CURP, KeyKind::P256, 6);
    let query = |change: &dyn Fn(&mut Value)| {
        let mut query = claims(CURP, &["sexo"]).to_value();
        change(&mut query["credentials"][0]);
        DcqlQuery::from_value(&query).unwrap()
    };

    let verdict = story.tell(query(&|part| part["claims"][0]["values"] = json!(["H", "M"])));
    assert_eq!(said(&verdict, CURP), json!({ "sexo": ["M"] }));

    let other = story.ask(query(&|part| part["claims"][0]["values"] = json!(["H"])));
    let refused = story.answer(&other).unwrap_err();
    assert!(matches!(refused, WalletError::Unmet(Unmet::Mismatch { query: 0, .. })), "{refused}");

    let verdict = story.tell(query(&|part| {
        part["claims"] = json!([
            { "id": "a", "path": ["documento_probatorio"] },
            { "id": "b", "path": ["birth_year_bucket"] },
            { "id": "c", "path": ["curp"] },
        ]);
        // The first combination cannot be had: the record names no document.
        part["claim_sets"] = json!([["a", "c"], ["b"], ["c"]]);
    }));
    assert_eq!(said(&verdict, CURP), json!({ "birth_year_bucket": ["2000-2009"] }));

    let verdict = story.tell(claims(CURP, &["nationalities[*]"]));
    assert_eq!(said(&verdict, CURP), json!({ "nationalities[*]": ["MX", "CA"] }));
    let verdict = story.tell(claims(CURP, &["nationalities[1]"]));
    assert_eq!(said(&verdict, CURP), json!({ "nationalities[1]": ["CA"] }));
    let verdict = story.tell(claims(CURP, &["place_of_birth"]));
    let place = json!({
        "country": "MX", "region": "Veracruz de Ignacio de la Llave",
        "locality": "Xalapa de Muestra",
    });
    assert_eq!(said(&verdict, CURP), json!({ "place_of_birth": [place] }));
    assert_eq!(story.left(CURP), 1);
}

#[test]
fn one_request_may_ask_for_several_credentials() {
    let mut story = Story::begin(500);
    for of in [AGE, CURP, INE] {
        story.enrol(of, KeyKind::P256, 3);
    }
    let all = |sets: Value| {
        let parts = [
            claims(AGE, &["age_equal_or_over.18"]),
            claims(CURP, &["curp"]),
            claims(INE, &["region_code"]),
        ];
        let parts = parts.map(|query| query.to_value()["credentials"][0].clone());
        DcqlQuery::from_value(&json!({ "credentials": parts, "credential_sets": sets })).unwrap()
    };
    let verdict = story.tell(all(json!([{ "options": [["age", "curp", "ine"]] }])));
    assert_eq!(verdict.credentials().len(), 3);
    assert_eq!(said(&verdict, AGE), json!({ "age_equal_or_over.18": [true] }));
    assert_eq!(said(&verdict, CURP), json!({ "curp": ["EEII030517MVZJMRA2"] }));
    assert_eq!(said(&verdict, INE), json!({ "region_code": ["MX-JAL"] }));
    assert_eq!(verdict.credential("ine").unwrap().issuer(), INSTITUTE);

    // Either will do, and the one that shows less is shown; what is only welcome is not.
    let verdict = story.tell(all(json!([
        { "options": [["curp"], ["age"]] },
        { "options": [["ine"]], "required": false },
    ])));
    let queries: Vec<&str> = verdict.credentials().iter().map(|one| one.query()).collect();
    assert_eq!(queries, ["age"]);
    assert_eq!([AGE, CURP, INE].map(|of| story.left(of)), [1, 2, 2]);
}

#[test]
fn a_spent_copy_never_comes_back() {
    let mut story = Story::begin(600);
    story.enrol(AGE, KeyKind::Ed25519, 5);
    let query = || claims(AGE, &["age_equal_or_over.21"]);
    for left in (0..5).rev() {
        assert_eq!(said(&story.tell(query()), AGE), json!({ "age_equal_or_over.21": [true] }));
        assert_eq!(story.left(AGE), left);
    }
    assert_eq!(story.spent.len(), 5);
    let challenge = story.ask(query());
    assert_eq!(story.answer(&challenge).unwrap_err().code(), "no_copies_left");
    // More come, with keys that nobody has seen.
    story.enrol(AGE, KeyKind::Ed25519, 1);
    assert_eq!(story.tell(query()).credentials().len(), 1);
    assert_eq!(story.spent.len(), 6);
}

#[test]
fn dying_between_spending_and_answering_loses_the_copy_and_discloses_nothing() {
    let mut story = Story::begin(700);
    story.enrol(CURP, KeyKind::P256, 3);
    let challenge = story.ask(claims(CURP, &["curp"]));
    let mut wallet = story.open();
    let sheet = wallet.consider(challenge.request(), NOW, ES).unwrap().sheet().unwrap();
    let pending = sheet.approve_unsigned(&mut wallet, NOW, &mut story.random).unwrap();
    let keys: Vec<Value> = pending.to_sign().map(|to_sign| to_sign.public_key.to_jwk()).collect();
    drop((pending, wallet));
    story.spend(&keys[0]);
    assert_eq!(story.left(CURP), 2);
    // The two that are left are others: `spend` compares the keys.
    for _ in 0..2 {
        assert_eq!(story.tell(claims(CURP, &["curp"])).credentials().len(), 1);
    }
    let challenge = story.ask(claims(CURP, &["curp"]));
    assert_eq!(story.answer(&challenge).unwrap_err().code(), "no_copies_left");
    assert_eq!(story.open().history().unwrap().len(), 3);
}

#[test]
fn keys_that_sign_elsewhere_take_two_steps() {
    let sign = |to_sign: ToSign<'_>| SoftwareKeys.sign(to_sign.key, to_sign.bytes).unwrap();
    for (seed, kind) in [(800, KeyKind::P256), (810, KeyKind::Ed25519)] {
        let mut story = Story::begin(seed);
        let mut wallet = story.open();
        let random = &mut story.random;
        let pending = wallet.begin_unsigned(INSTITUTE, "nonce", 2, kind, NOW, random).unwrap();
        let signatures: Vec<_> = pending.to_sign().map(sign).collect();
        let proofs = pending.finish(&signatures).unwrap().into_proofs();
        drop(wallet);
        story.receive(INE, &proofs);
        let challenge = story.ask(claims(INE, &["cic"]));
        let mut wallet = story.open();
        let sheet = wallet.consider(challenge.request(), NOW, ES).unwrap().sheet().unwrap();
        let pending: PendingAnswer =
            sheet.approve_unsigned(&mut wallet, NOW, &mut story.random).unwrap();
        let signatures: Vec<_> = pending.to_sign().map(sign).collect();
        let answer = pending.finish(&mut wallet, &signatures).unwrap().to_json();
        drop(wallet);
        let verdict = story.verify(challenge, &answer).unwrap();
        assert_eq!(said(&verdict, INE), json!({ "cic": ["735830842"] }));
        assert_eq!(story.left(INE), 1);
    }
}

#[test]
fn an_answer_that_was_changed_is_refused_wherever_it_was_changed() {
    let mut story = Story::begin(900);
    story.enrol(INE, KeyKind::P256, 1);
    let challenge = story.ask(claims(INE, &["family_name", "age_equal_or_over.18"]));
    let kept = challenge.to_json().to_string();
    let answer = story.answer(&challenge).unwrap();
    let text = answer["vp_token"]["ine"][0].as_str().unwrap();
    let verify = |text: &str| {
        let challenge = Challenge::from_slice(kept.as_bytes()).unwrap();
        story.verify(challenge, &json!({ "vp_token": { "ine": [text] } }))
    };
    assert!(verify(text).is_ok());
    for place in (0..text.len()).step_by(7) {
        let mut bytes = text.as_bytes().to_vec();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        assert!(verify(std::str::from_utf8(&bytes).unwrap()).is_err(), "byte {place}");
    }
    let token = Token::parse(text);
    for index in 0..token.disclosures.len() {
        let mut fewer = text.split('~').collect::<Vec<_>>();
        fewer.remove(index + 1);
        assert_eq!(verify(&fewer.join("~")).unwrap_err().code(), "sd_hash_mismatch");
    }
    let bare = text.rsplit_once('~').unwrap().0;
    assert_eq!(verify(&format!("{bare}~")).unwrap_err().code(), "key_binding_missing");
}

#[test]
fn an_answer_counts_once_for_one_question_and_in_time() {
    let mut story = Story::begin(1_000);
    story.enrol(AGE, KeyKind::P256, 1);
    let query = || claims(AGE, &["age_equal_or_over.18"]);
    let challenge = story.ask(query());
    let kept = challenge.to_json().to_string();
    let again = || Challenge::from_slice(kept.as_bytes()).unwrap();
    let answer = story.answer(&challenge).unwrap();
    let bytes = answer.to_string();
    let refused = |challenge: Challenge, trust: &TrustList, now: UnixTime| {
        challenge.verify(bytes.as_bytes(), trust, now).unwrap_err().code()
    };
    let trust = story.trust();
    assert_eq!(refused(story.ask(query()), &trust, NOW), "nonce_mismatch");
    let elsewhere = Asker { client_id: "https://otro.example", client_name: None };
    let random = &mut story.random;
    let other = Challenge::new(&elsewhere, "Otra cosa", query(), 300, NOW, random).unwrap();
    assert_eq!(refused(other, &trust, NOW), "audience_mismatch");
    assert_eq!(refused(again(), &trust, NOW.plus_secs(301)), "challenge_closed");
    let nobody = TrustList::new(NOW, vec![]).unwrap();
    assert_eq!(refused(again(), &nobody, NOW), "untrusted");
    let more = story.ask(claims(AGE, &["age_equal_or_over.18", "age_equal_or_over.60"]));
    assert_eq!(refused(more, &trust, NOW), "nonce_mismatch");
    assert!(again().verify(bytes.as_bytes(), &trust, NOW.plus_secs(300)).is_ok());
}

#[test]
fn what_the_wallet_made_survives_the_json_serializations() {
    for (seed, kind) in [(1_100, KeyKind::P256), (1_110, KeyKind::Ed25519)] {
        let mut story = Story::begin(seed);
        story.enrol(INE, kind, 1);
        let challenge = story.ask(claims(INE, &["given_name", "address.region"]));
        let answer = story.answer(&challenge).unwrap();
        let text = answer["vp_token"]["ine"][0].as_str().unwrap().to_owned();
        for form in [jws_json::to_flattened(&text).unwrap(), jws_json::to_general(&text).unwrap()] {
            assert_eq!(jws_json::to_compact(form.to_string().as_bytes()).unwrap(), text);
        }
        let reread = PresentationAnswer::from_slice(answer.to_string().as_bytes()).unwrap();
        assert_eq!(reread.to_json(), answer);
        let verdict = story.verify(challenge, &reread.to_json()).unwrap();
        let expected = json!({ "given_name": ["Irene"], "address.region": ["Jalisco"] });
        assert_eq!(said(&verdict, INE), expected);
    }
}
