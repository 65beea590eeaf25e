//! Type metadata from an agency's document to what a wallet and a verifier say, and refuse.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

use jiff::civil::Date;
use llavero_core::dcql::DcqlQuery;
use llavero_core::issue::IssuedSdJwt;
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::template::{Array, Object};
use llavero_core::trust::{TrustList, TrustedIssuer};
use llavero_core::{ClaimPath, KeyKind, Random as _};
use llavero_holder::{
    ConsentSheet, Language, LintWarning, Receipt, SoftwareKeys, Table, Wallet, WalletError,
};
use llavero_issuer::{HolderKeys, Record, TypeDocument, TypeName, Validity};
use llavero_mexico::{CredentialType, Synthetic};
use llavero_tests::seeded::Seeded;
use llavero_tests::world::{AGENCY, Agency, NOW, SharedStore};
use llavero_verifier::{Asker, Challenge, Error, Verdict};
use serde_json::{Value, json};

const CARD: &str = "https://club.example/vct/carnet/1";
const BASE: &str = "https://clubes.example/vct/socio/1";
const NONCE: &str = "una-vez";
const ES: Language = Language::EsMx;
const EN: Language = Language::En;

/// A type of which the tables of this project know nothing.
fn card() -> Value {
    let label = |es: &str, en: &str| json!([{ "locale": "en", "label": en }, { "locale": "es-MX", "label": es }]);
    json!({
        "vct": CARD,
        "display": [
            { "locale": "en", "name": "Club card" },
            { "locale": "es-MX", "name": "Carnet del club" },
        ],
        "claims": [
            { "path": ["folio"], "mandatory": true, "sd": "always", "display": label("Folio", "Number") },
            { "path": ["deportes", null], "sd": "always", "display": label("Deporte", "Sport") },
            { "path": ["domicilio"], "sd": "always", "display": label("Domicilio", "Address") },
            { "path": ["vetado"], "sd": "never", "display": label("Vetado", "Banned") },
        ],
    })
}

/// The type that clubs have in common.
fn base() -> Value {
    json!({
        "vct": BASE,
        "display": [{ "locale": "es", "name": "Carnet de socio" }],
        "claims": [{ "path": ["folio"], "mandatory": true, "sd": "always" }],
    })
}

fn extending(mut document: Value, ancestor: &Value) -> Value {
    document["extends"] = ancestor["vct"].clone();
    document
}

fn claims() -> Object {
    let sports = Array::new().disclosable("Natación").disclosable("Ajedrez").min_digests(3);
    Object::new()
        .open("deportes", sports)
        .disclosable("folio", "A-1234567")
        .disclosable("domicilio", json!({ "calle": "Calle Falsa 123" }))
        .disclosable("apodo", "La Invencible")
        .min_digests(5)
}

/// A club, a wallet, and whoever asks; all with one trust list.
struct Story {
    club: Agency,
    store: SharedStore,
    wallet: Wallet,
    random: Seeded,
    documents: Vec<String>,
    required: bool,
}

impl Story {
    fn begin(documents: &[Value]) -> Self {
        let store = SharedStore::default();
        Self {
            club: Agency::new(AGENCY, KeyKind::P256, 41),
            wallet: Wallet::new(store.clone(), SoftwareKeys),
            store,
            random: Seeded::new(43),
            documents: documents.iter().map(Value::to_string).collect(),
            required: false,
        }
    }

    /// As it reaches wallets and verifiers: as a text.
    fn trust(&self) -> TrustList {
        let types: Vec<&str> = [CARD, BASE].into_iter().chain(MEXICAN).collect();
        let entry =
            TrustedIssuer { requires_type_metadata: self.required, ..self.club.entry(&types) };
        let list = TrustList::new(NOW, vec![entry]).unwrap();
        let list = list.with_type_documents(self.documents.clone()).unwrap();
        TrustList::from_slice(list.to_json().to_string().as_bytes()).unwrap()
    }

    fn enrol(&mut self, copies: usize) -> HolderKeys {
        let random = &mut self.random;
        let pending = self.wallet.begin(AGENCY, NONCE, copies, KeyKind::P256, NOW, random).unwrap();
        let proofs: Vec<&str> = pending.proofs().iter().map(String::as_str).collect();
        HolderKeys::check(&proofs, &self.club.issuer.proof_policy(NONCE), NOW).unwrap()
    }

    /// Issues two copies without holding them to any document, and receives them.
    fn receive(&mut self, claims: Object, integrity: Option<&str>) -> Result<Receipt, WalletError> {
        let keys = self.enrol(2);
        let name = TypeName { vct: CARD, integrity, metadata: None };
        let draft =
            self.club.issuer.draft_of(claims, name, Validity::days(NOW, 7).unwrap()).unwrap();
        let batch = self.club.issuer.prepare(&draft, &keys, &mut self.random).unwrap();
        self.take(batch.sign(&self.club.key).unwrap())
    }

    fn take(&mut self, copies: Vec<IssuedSdJwt>) -> Result<Receipt, WalletError> {
        let copies: Vec<String> = copies.into_iter().map(IssuedSdJwt::into_string).collect();
        self.wallet.receive(&copies, &self.trust(), NOW, ES, &mut self.random)
    }

    fn ask(&mut self, vct: &str, paths: &[&str]) -> Challenge {
        let paths = paths.iter().map(|path| ClaimPath::parse_dotted(path).unwrap());
        let query = DcqlQuery::for_claims("q", [vct], paths).unwrap();
        let asker = Asker { client_id: "https://tienda.example", client_name: None };
        Challenge::new(&asker, "Un descuento", query, 300, NOW, &mut self.random).unwrap()
    }

    fn sheet(
        &self,
        challenge: &Challenge,
        language: Language,
    ) -> Result<ConsentSheet, WalletError> {
        let request = challenge.request().to_json().to_string();
        let request = PresentationRequest::from_slice(request.as_bytes()).unwrap();
        self.wallet.consider(&request, NOW, language)?.sheet()
    }

    fn answer(&mut self, challenge: &Challenge) -> PresentationAnswer {
        let sheet = self.sheet(challenge, ES).unwrap();
        sheet.approve(&mut self.wallet, NOW, &mut self.random).unwrap()
    }

    fn tell(&mut self, vct: &str, paths: &[&str]) -> Result<Verdict, Error> {
        let challenge = self.ask(vct, paths);
        let answer = self.answer(&challenge).to_json().to_string();
        challenge.verify(answer.as_bytes(), &self.trust(), NOW)
    }
}

const MEXICAN: [&str; 3] =
    ["urn:example:mx:age:1", "urn:example:mx:curp:1", "urn:example:mx:ine:1"];

const TODAY: Date = jiff::civil::date(2026, 11, 22);

/// Nobody who exists.
fn people() -> Synthetic<impl FnMut(&mut [u8])> {
    let mut random = Seeded::new(20_261_122);
    Synthetic::new(move |bytes: &mut [u8]| random.fill(bytes).unwrap())
}

/// The labels of what a sheet reveals.
fn labels(sheet: &ConsentSheet) -> Vec<&str> {
    sheet.credentials()[0].revealed().iter().map(|claim| claim.label()).collect()
}

fn integrity_of(document: &Value) -> String {
    TypeDocument::new(&document.to_string(), &[]).unwrap().integrity().to_owned()
}

#[test]
fn an_unknown_type_speaks_the_language_of_the_person() {
    let mut story = Story::begin(&[card()]);
    let receipt = story.receive(claims(), Some(&integrity_of(&card()))).unwrap();
    assert_eq!(receipt.credential().label(), "Carnet del club");
    assert_eq!(receipt.warnings(), []);
    assert_eq!(story.wallet.credentials(EN).unwrap()[0].label(), "Club card");
    let shown = story.wallet.show(receipt.credential().id(), ES).unwrap();
    let folio = shown.iter().find(|claim| claim.path() == "folio").unwrap();
    assert_eq!(folio.label(), "Folio");

    let paths = ["folio", "deportes[0]", "deportes[1]", "domicilio", "apodo"];
    let challenge = story.ask(CARD, &paths);
    let sheet = story.sheet(&challenge, ES).unwrap();
    assert_eq!(sheet.credentials()[0].credential().label(), "Carnet del club");
    assert_eq!(labels(&sheet), ["apodo", "Deporte", "Deporte", "Domicilio › calle", "Folio"]);
    let codes: Vec<&str> = sheet.warnings().iter().map(|warning| warning.code()).collect();
    assert_eq!(codes, ["requester_unverified", "implied_unknown"]);
    assert!(sheet.warnings()[1].text(ES).contains("Carnet del club"));
    let sheet = story.sheet(&challenge, EN).unwrap();
    assert_eq!(labels(&sheet), ["apodo", "Sport", "Sport", "Address › calle", "Number"]);

    let verdict = story.tell(CARD, &paths).unwrap();
    let credential = verdict.credential("q").unwrap();
    assert_eq!(credential.type_name(&["es"]), Some("Carnet del club"));
    assert_eq!(credential.type_name(&["en-GB"]), Some("Club card"));
    let told: Vec<_> = credential.claims().iter().map(|claim| claim.label(&["es-MX"])).collect();
    let expected = [Some("Folio"), Some("Deporte"), Some("Deporte"), Some("Domicilio"), None];
    assert_eq!(told, expected);
}

#[test]
fn without_a_document_paths_serve_as_labels() {
    let mut story = Story::begin(&[]);
    let receipt = story.receive(claims(), None).unwrap();
    assert_eq!(receipt.credential().label(), CARD);
    let challenge = story.ask(CARD, &["folio"]);
    assert_eq!(labels(&story.sheet(&challenge, ES).unwrap()), ["folio"]);
    let verdict = story.tell(CARD, &["folio"]).unwrap();
    let credential = verdict.credential("q").unwrap();
    assert_eq!(credential.type_name(&["es"]), None);
    assert_eq!(credential.claims()[0].label(&["es"]), None);
}

#[test]
fn labels_that_deceive_the_eye_are_not_shown() {
    let mut document = card();
    document["display"][1]["name"] = json!("Carnet \u{202e}bulc led");
    document["claims"][0]["display"] = json!([{ "locale": "es", "label": "Fo\u{200b}lio" }]);
    let mut story = Story::begin(&[document]);
    let receipt = story.receive(claims(), None).unwrap();
    assert_eq!(receipt.credential().label(), "Club card");
    let challenge = story.ask(CARD, &["folio"]);
    assert_eq!(labels(&story.sheet(&challenge, ES).unwrap()), ["folio"]);
}

#[test]
fn an_issuer_cannot_rename_the_claims_of_the_mexican_types() {
    let vct = CredentialType::Curp.default_vct();
    let mut document: Value =
        serde_json::from_str(&CredentialType::Curp.type_metadata(vct)).unwrap();
    for claim in document["claims"].as_array_mut().unwrap() {
        claim["display"] = json!([{ "locale": "es-MX", "label": "Nada importante" }]);
    }
    document["display"] = json!([{ "locale": "es-MX", "name": "Cupón" }]);
    let mut story = Story::begin(&[document]);
    let person = people().person(TODAY, 18..=99).unwrap();
    let record = Record::Curp(Box::new(person.curp_record().clone()));
    let keys = story.enrol(2);
    let draft = story.club.issuer.draft(&record, vct, Validity::days(NOW, 7).unwrap()).unwrap();
    let batch = story.club.issuer.prepare(&draft, &keys, &mut story.random).unwrap();
    let receipt = story.take(batch.sign(&story.club.key).unwrap()).unwrap();
    assert_eq!(receipt.credential().label(), CredentialType::Curp.label(ES));
    let challenge = story.ask(vct, &["curp"]);
    assert_eq!(labels(&story.sheet(&challenge, ES).unwrap()), ["CURP"]);
}

/// What the wallet says of copies with these claims, under these documents.
fn refused(documents: &[Value], claims: Object, integrity: Option<&str>) -> &'static str {
    let mut story = Story::begin(documents);
    let before = story.store.records();
    let error = match story.receive(claims, integrity) {
        Err(error) => error,
        Ok(_) => panic!("received"),
    };
    // Nothing has come in but the keys that were offered.
    let records = story.store.records();
    assert!(before.is_empty() && records.keys().all(|(table, _)| *table == Table::PendingKey));
    error.code()
}

#[test]
fn refuses_a_batch_that_refers_to_another_document() {
    let other = integrity_of(&base());
    assert_eq!(refused(&[card()], claims(), Some(&other)), "type_integrity_mismatch");
    let unknown = "sha256-";
    assert_eq!(refused(&[card()], claims(), Some(unknown)), "type_integrity_mismatch");
}

#[test]
fn takes_the_version_that_a_batch_refers_to() {
    let mut later = card();
    later["display"][1]["name"] = json!("Credencial del club");
    let mut story = Story::begin(&[card(), later.clone()]);
    let receipt = story.receive(claims(), Some(&integrity_of(&later))).unwrap();
    assert_eq!(receipt.credential().label(), "Credencial del club");
    assert_eq!(refused(&[card(), later], claims(), None), "type_ambiguous");
}

#[test]
fn refuses_a_hash_with_room_for_a_mark() {
    let own = integrity_of(&card());
    for marked in [format!("{own}?irene"), format!("{own} sha256-irene"), format!("{own} ")] {
        assert_eq!(refused(&[card()], claims(), Some(&marked)), "lint_open_claim_unique");
    }
    // Nobody knows what it is of.
    let mut story = Story::begin(&[]);
    let receipt = story.receive(claims(), Some(&own)).unwrap();
    assert_eq!(receipt.warnings(), [LintWarning::OpenClaim]);
}

#[test]
fn refuses_a_batch_that_is_not_as_its_type_says() {
    let without = |name: &str| {
        let all = [("folio", json!("A-1234567")), ("apodo", json!("La Invencible"))];
        let some = all.into_iter().filter(|(own, _)| *own != name);
        some.fold(Object::new(), |object, (name, value)| object.disclosable(name, value))
            .min_digests(5)
    };
    assert_eq!(refused(&[card()], without("folio"), None), "type_claim_missing");
    let banned = || claims().disclosable("vetado", false);
    assert_eq!(refused(&[card()], banned(), None), "type_sd_never");
    let open = without("folio").open("folio", "A-1");
    assert_eq!(refused(&[card()], open, None), "type_sd_always");
    let sport = || Object::new().disclosable("folio", "A-1").open("deportes", "Ajedrez");
    assert_eq!(refused(&[card()], sport(), None), "type_claim_kind");
    // Without the document all of this is the issuer's business.
    for claims in [without("folio"), banned(), without("folio").open("folio", "A-1"), sport()] {
        Story::begin(&[]).receive(claims, None).unwrap();
    }
}

#[test]
fn a_verifier_refuses_what_is_not_as_the_type_says() {
    let told = |claims: Object, integrity: Option<&str>, paths: &[&str]| {
        // The wallet knows no document; the verifier does.
        let mut story = Story::begin(&[]);
        story.receive(claims, integrity).unwrap();
        story.documents = vec![card().to_string()];
        story.tell(CARD, paths).map(|_| ()).map_err(|error| error.code())
    };
    assert_eq!(told(claims(), None, &["apodo"]), Ok(()));
    // The mandatory number is not asked for, and may well be there.
    assert_eq!(told(claims(), Some(&integrity_of(&card())), &["deportes"]), Ok(()));
    let other = integrity_of(&base());
    assert_eq!(told(claims(), Some(&other), &["apodo"]), Err("type_integrity_mismatch"));
    let open = Object::new().open("folio", "A-1").disclosable("apodo", "Irene").min_digests(5);
    assert_eq!(told(open, None, &["apodo"]), Err("type_sd_always"));
    let banned = || claims().disclosable("vetado", false);
    assert_eq!(told(banned(), None, &["vetado"]), Err("type_sd_never"));
    assert_eq!(told(banned(), None, &["apodo"]), Ok(()));
    // Nothing is hidden, so the number is not either.
    let bare = || Object::new().open("apodo", "Irene");
    assert_eq!(told(bare(), None, &["apodo"]), Err("type_claim_missing"));
}

#[test]
fn refuses_an_undescribed_type_where_a_description_is_required() {
    for documents in [&[][..], &[base()]] {
        let mut story = Story::begin(documents);
        story.required = true;
        let error = story.receive(claims(), None).unwrap_err();
        assert_eq!(error.code(), "type_document_missing");
    }
    let mut story = Story::begin(&[card()]);
    story.required = true;
    story.receive(claims(), None).unwrap();
    drop(story.tell(CARD, &["folio"]).unwrap());
    story.documents.clear();
    let error = story.tell(CARD, &["folio"]).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "type_document_missing");
}

#[test]
fn a_query_for_a_type_finds_those_that_extend_it() {
    let mut story = Story::begin(&[base(), extending(card(), &base())]);
    story.receive(claims(), None).unwrap();
    let verdict = story.tell(BASE, &["folio"]).unwrap();
    let credential = verdict.credential("q").unwrap();
    assert_eq!(credential.credential_type(), CARD);
    assert_eq!(credential.type_name(&["es"]), Some("Carnet del club"));

    // A verifier without the documents does not take the wallet's word for it.
    story.documents.clear();
    let error = story.tell(BASE, &["folio"]).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "mismatch_type");
    // What is used up is still known to be of that type.
    let challenge = story.ask(BASE, &["folio"]);
    assert_eq!(story.sheet(&challenge, ES).unwrap_err().code(), "no_copies_left");

    // Without the chain, a wallet finds nothing.
    let mut story = Story::begin(&[card(), base()]);
    story.receive(claims(), None).unwrap();
    let challenge = story.ask(BASE, &["folio"]);
    assert_eq!(story.sheet(&challenge, ES).unwrap_err().code(), "no_credential");
}

#[test]
fn refuses_a_list_whose_documents_do_not_go_together() {
    let new = |documents: &[Value]| {
        let story = Story::begin(documents);
        let list = TrustList::new(NOW, vec![story.club.entry(&[CARD])]).unwrap();
        let list = list.with_type_documents(story.documents.clone());
        list.map(|list| list.type_documents().len()).map_err(|error| error.code())
    };
    let [own, common] = [card(), base()];
    assert_eq!(new(&[own.clone(), common.clone()]), Ok(2));
    let child = extending(own.clone(), &common);
    assert_eq!(new(std::slice::from_ref(&child)), Err("type_document_missing"));
    let circle = [child.clone(), extending(common.clone(), &own)];
    assert_eq!(new(&circle), Err("type_circular"));
    let mut bound = child.clone();
    bound["extends#integrity"] = json!(integrity_of(&own));
    assert_eq!(new(&[bound.clone(), common.clone()]), Err("type_integrity_mismatch"));
    bound["extends#integrity"] = json!(integrity_of(&common));
    assert_eq!(new(&[bound, common.clone()]), Ok(2));
    let mut laxer = child;
    laxer["claims"][0]["mandatory"] = json!(false);
    assert_eq!(new(&[laxer, common]), Err("type_mandatory_relaxed"));
    assert_eq!(new(&[json!({ "name": "?" })]), Err("type_member_malformed"));
    assert_eq!(new(&[json!([])]), Err("json_not_an_object"));
}

#[test]
fn refuses_a_list_whose_members_are_of_another_kind() {
    let story = Story::begin(&[card()]);
    let mut list = story.trust().to_json();
    assert_eq!(list["type_documents"], json!([card().to_string()]));
    assert_eq!(list["issuers"][0].get("requires_type_metadata"), None);
    let read = |list: &Value| {
        let read = TrustList::from_slice(list.to_string().as_bytes());
        read.map(|_| ()).map_err(|error| error.code())
    };
    list["issuers"][0]["requires_type_metadata"] = json!("yes");
    assert_eq!(read(&list), Err("member_malformed"));
    list["issuers"][0]["requires_type_metadata"] = json!(true);
    assert_eq!(read(&list), Ok(()));
    for documents in [json!({}), json!([card()]), json!(card().to_string())] {
        list["type_documents"] = documents;
        assert_eq!(read(&list), Err("member_malformed"));
    }
}

/// Everything that this project issues is as its published documents say, and wallets and verifiers that insist on them
/// take it.
#[test]
fn what_is_issued_is_as_the_published_documents_say() {
    let mut people = people();
    let published = CredentialType::ALL.map(|of| of.type_metadata(of.default_vct()));
    let mut story = Story::begin(&[]);
    story.documents = published.to_vec();
    story.required = true;
    for round in 0..12 {
        let person = people.person(TODAY, 0..=99).unwrap();
        let mut records = vec![
            (CredentialType::Age, Record::Age(person.age_record().clone())),
            (CredentialType::Curp, Record::Curp(Box::new(person.curp_record().clone()))),
        ];
        if let Some((record, _)) = person.ine() {
            records.push((CredentialType::Ine, Record::Ine(Box::new(record.clone()))));
        }
        for (of, record) in records {
            let document = TypeDocument::new(&of.type_metadata(of.default_vct()), &[]).unwrap();
            assert_eq!(document.vct(), of.default_vct());
            let keys = story.enrol(2);
            let validity = Validity::days(NOW, 7).unwrap();
            let issuer = &story.club.issuer;
            let draft = if round % 2 == 0 {
                issuer.draft(&record, &document, validity)
            } else {
                issuer.draft(&record, document.vct(), validity)
            };
            let batch = issuer.prepare(&draft.unwrap(), &keys, &mut story.random).unwrap();
            let receipt = story.take(batch.sign(&story.club.key).unwrap()).unwrap();
            assert_eq!(receipt.warnings(), []);
            assert_eq!(receipt.credential().known_type(), Some(of));
        }
    }
    let verdict = story.tell(CredentialType::Age.default_vct(), &["age_equal_or_over.18"]).unwrap();
    let credential = verdict.credential("q").unwrap();
    assert_eq!(credential.type_name(&["es-MX"]), Some("Edad"));
    assert_eq!(credential.claims()[0].label(&["es-MX"]), Some("Tiene 18 años o más"));
    for (of, paths) in [
        (CredentialType::Curp, &["nationalities[*]", "place_of_birth"][..]),
        (CredentialType::Ine, &["valid_in_year", "address.region"]),
    ] {
        drop(story.tell(of.default_vct(), paths).unwrap());
    }
}

#[test]
fn an_agency_does_not_issue_what_its_own_document_excludes() {
    let story = Story::begin(&[]);
    let document = TypeDocument::new(&card().to_string(), &[]).unwrap();
    let validity = Validity::days(NOW, 7).unwrap();
    let draft = |claims: Object| {
        let draft = story.club.issuer.draft_of(claims, &document, validity);
        draft.map(|_| ()).map_err(|error| error.code())
    };
    assert_eq!(draft(claims()), Ok(()));
    assert_eq!(draft(Object::new().open("folio", "A-1")), Err("type_sd_always"));
    assert_eq!(draft(Object::new()), Err("type_claim_missing"));
    assert_eq!(draft(claims().disclosable("vetado", true)), Err("type_sd_never"));

    // A record under a document of another of its types.
    let of = CredentialType::Ine.type_metadata("urn:example:mx:age:1");
    let document = TypeDocument::new(&of, &[]).unwrap();
    let person = people().person(TODAY, 18..=99).unwrap();
    let record = Record::Age(person.age_record().clone());
    let error = story.club.issuer.draft(&record, &document, validity).unwrap_err();
    assert_eq!(error.code(), "type_claim_missing");

    let child = extending(card(), &base()).to_string();
    assert_eq!(TypeDocument::new(&child, &[]).unwrap_err().code(), "type_document_missing");
    TypeDocument::new(&child, &[&base().to_string()]).unwrap();
}

/// A record that was written before there were descriptions has none, and is read all the same.
#[test]
fn a_wallet_from_before_opens_its_records() {
    let mut story = Story::begin(&[card()]);
    story.receive(claims(), None).unwrap();
    let mut records = story.store.records();
    let mut stripped = 0;
    for ((table, _), bytes) in &mut records {
        if *table == Table::Batch {
            let mut record: Value = serde_json::from_slice(bytes).unwrap();
            assert!(record["r"].as_object_mut().unwrap().remove("description").is_some());
            *bytes = record.to_string().into_bytes();
            stripped += 1;
        }
    }
    assert_eq!(stripped, 1);
    story.store.restore(&records);
    assert_eq!(story.wallet.credentials(ES).unwrap()[0].label(), CARD);
    let challenge = story.ask(CARD, &["folio"]);
    assert_eq!(labels(&story.sheet(&challenge, ES).unwrap()), ["folio"]);
}
