//! Nothing that the library prints by accident, and no error, says anything about a person.
//!
//! Every public step is taken with inputs full of canaries, in its good form and with each place of the input spoilt.
//! What `Debug` and `Display` make of all values and errors is then searched for the canaries, however written.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

#[path = "../../crates/core/tests/support/certificates.rs"]
mod certificates;

use std::any::type_name;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as StdError;
use std::fmt::{Debug, Write as _};
use std::path::Path;
use std::str::FromStr;
use std::sync::{LazyLock, Mutex};

use certificates::Certificate;
use jiff::civil::{Date, date};
use llavero_core::certificate::{Anchors, CertificateChain, X5cProfile};
use llavero_core::dcql::{
    Answer, Candidate, ClaimValue, ClaimsQuery, CredentialQuery, CredentialSetQuery, DcqlQuery,
    Presented, QueryProblem, TrustedAuthority,
};
use llavero_core::issue::{IssuedSdJwt, IssuerHeader, UnsignedSdJwt, prepare};
use llavero_core::issuer_metadata::IssuerMetadata;
use llavero_core::path::Dotted;
use llavero_core::present::Held;
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::template::{Array, Node, Object};
use llavero_core::trust::{IssuerKeys, TrustList, TrustedKey};
use llavero_core::type_metadata::{
    ColorScheme, Contrast, Integrity, Orientation, SelectiveDisclosure, TypeDocuments,
    TypeMetadataError,
};
use llavero_core::{
    AlgorithmSet, ClaimPath, Format, HashAlgorithm, JsonFault, JwkFault, JwsAlgorithm, KeyBinding,
    KeyKind, Limit, Part, PathSegment, Policy, Positions, PublicKey, Random, RandomError, SdJwt,
    Signature, Signer, SignerError, SigningKey, UnixTime, inspect, json as strict_json, jws_json,
    key_proof,
};
use llavero_holder::{
    Change, CredentialId, HolderKeys as _, KeyHandle, Language, LintRefusal, LintWarning,
    MemoryStore, NotProtected, Purged, Refusal, SoftwareKeys, Store, StoreError, Table, ToSign,
    Unmet, Wallet, Warning,
};
use llavero_issuer::{HolderKeys, Issuer, Record, TypeDocument, TypeName, Validity};
use llavero_mexico::implied::{self, Shown};
use llavero_mexico::{
    AgeRecord, Cic, ClaveElector, ClaveElectorFault, Container, CredentialType, Curp, CurpDetails,
    CurpRecord, CurpRoot, CurpTipo, Differentiator, DocumentoProbatorio, Domicilio, Entidad,
    IdCiudadano, IneDetails, IneMrz, IneRecord, Modelo, Nombre, NombreFault, NumeroEmision, Ocr,
    Pais, Persona, Picture, PictureFault, Rfc, RfcPolicy, Seccion, Sexo, Synthetic, Texto,
    TextoFault,
};
use llavero_store::{FileStore, StoreKey};
use llavero_tests::leaks::{Canaries, json_mutations, text_mutations};
use llavero_tests::seeded::{self, Seeded};
use llavero_tests::token::{self, Token};
use llavero_tests::world::{AGENCY, Agency, NOW, SharedStore};
use llavero_verifier::{Asker, Challenge};
use serde_json::{Value, json};

const TODAY: Date = date(2026, 11, 22);
const CANARY: &str = "Zenobiana Quetzalcanario";
const ENROLMENT_NONCE: &str = "enrolment-nonce-canary-7319";
const VERIFIER: &str = "https://cantina-canaria.example";
const PASSPHRASE: &str = "passphrase of a nervous canary";
const STORE_KEY: [u8; 32] = *b"store-key-of-the-canaries-000042";
const MRZ: [&str; 3] = [
    "IDMEX7358308428<<0137378250595",
    "5305010M3312315MEX<03<<43582<4",
    "QUETZALCANARIO<XILGUERAN<<ZENO",
];

/// What has been printed, by whom, and which errors were met.
#[derive(Default)]
struct Ear {
    heard: BTreeSet<String>,
    heard_of_questions: BTreeSet<String>,
    types: BTreeSet<String>,
    codes: BTreeSet<&'static str>,
    secrets: Canaries,
    /// Who asked what: about the other side, but nobody's to log once it is the holder's history.
    questions: Canaries,
}

/// The stable name of an error.
trait Coded: StdError {
    fn stable(&self) -> &'static str;
}

macro_rules! coded {
    ($($error:ty),* $(,)?) => {
        $(impl Coded for $error {
            fn stable(&self) -> &'static str {
                self.code()
            }
        })*
    };
}

coded!(
    llavero_core::Error,
    llavero_core::PathError,
    SignerError,
    llavero_core::dcql::AnswerError,
    llavero_core::dcql::QueryError,
    TypeMetadataError,
    StoreError,
    llavero_holder::WalletError,
    llavero_issuer::Error,
    llavero_mexico::Error,
    llavero_verifier::Error,
);

impl Ear {
    fn debug<T: Debug + ?Sized>(&mut self, value: &T) {
        self.types.extend(types_in(type_name::<T>()));
        self.heard.insert(format!("{value:?}\n{value:#?}"));
    }

    /// For what a verifier or an issuer asked, which names itself and its nonce.
    fn question<T: Debug + ?Sized>(&mut self, value: &T) {
        self.types.extend(types_in(type_name::<T>()));
        self.heard_of_questions.insert(format!("{value:?}\n{value:#?}"));
    }

    fn error<E: Coded + 'static>(&mut self, error: &E) {
        self.debug(error);
        self.codes.insert(error.stable());
        let mut text = format!("{error}\n{error:#}");
        let mut source = error.source();
        while let Some(below) = source {
            write!(text, "\n{below}\n{below:?}\n{below:#?}").unwrap();
            source = below.source();
        }
        self.heard.insert(text);
    }

    /// Listens to either outcome; a good one is only printed.
    fn either<T: Debug, E: Coded + 'static>(&mut self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => {
                self.debug(&value);
                Some(value)
            }
            Err(error) => {
                self.error(&error);
                None
            }
        }
    }

    /// Listens to an error. What a good outcome holds is not to be printed, or prints by design.
    fn fails<T, E: Coded + 'static>(&mut self, result: Result<T, E>) {
        if let Err(error) = result {
            self.error(&error);
        }
    }

    #[track_caller]
    fn refused<T, E: Coded + 'static>(&mut self, result: Result<T, E>, code: &str) {
        let error = result.err().unwrap_or_else(|| panic!("nothing was refused: {code}"));
        assert_eq!(error.stable(), code);
        self.error(&error);
    }

    fn text(&mut self, text: impl Into<String>) {
        self.heard.insert(text.into());
    }

    /// A token is a secret, and so is each thing in it that is unlike in every copy.
    fn token(&mut self, text: &str) {
        self.secrets.add("a token", text);
        let token = Token::parse(text);
        for (index, disclosure) in token.disclosures.iter().enumerate() {
            self.secrets.add("a disclosure", disclosure);
            self.secrets.add("a digest", &token::digest(disclosure));
            let salt = token.disclosure(index).unwrap()[0].as_str().unwrap().to_owned();
            self.secrets.add("a salt", &salt);
            self.secrets.add_bytes("a salt", &token::decode(&salt).unwrap());
        }
        self.public_key(&token.payload["cnf"]["jwk"]);
        let signature = text.split('~').next().unwrap().rsplit('.').next().unwrap();
        self.secrets.add_bytes("a signature", &token::decode(signature).unwrap());
    }

    fn public_key(&mut self, jwk: &Value) {
        for coordinate in ["x", "y"].iter().filter_map(|name| jwk.get(*name)?.as_str()) {
            self.secrets.add("a public key of a holder", coordinate);
            self.secrets.add_bytes("a public key of a holder", &token::decode(coordinate).unwrap());
        }
        if let Ok(key) = PublicKey::from_jwk(jwk) {
            self.secrets.add("a thumbprint of a holder's key", &key.thumbprint());
        }
    }

    fn private_key(&mut self, jwk: &str) {
        let jwk: Value = serde_json::from_str(jwk).unwrap();
        let private = jwk["d"].as_str().unwrap();
        self.secrets.add("a private key", private);
        self.secrets.add_bytes("a private key", &token::decode(private).unwrap());
    }
}

/// `llavero_core::SdJwt` of `Vec<llavero_core::sd_jwt::SdJwt>`.
fn types_in(name: &str) -> impl Iterator<Item = String> {
    let part = |letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | ':');
    name.split(part).filter_map(|path| {
        let (library, rest) = path.strip_prefix("llavero_")?.split_once("::")?;
        Some(format!("{library}::{}", rest.rsplit("::").next()?))
    })
}

/// A generator that fails, after some bytes.
struct Dry(usize);

impl Random for Dry {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        self.0 = self.0.checked_sub(out.len()).ok_or(RandomError)?;
        out.fill(0x5a);
        Ok(())
    }
}

/// A signer that has other things to do.
struct Busy<'k>(&'k SigningKey, SignerError);

impl Signer for Busy<'_> {
    fn public_key(&self) -> PublicKey {
        self.0.public_key()
    }

    fn sign(&self, _: &[u8]) -> Result<Signature, SignerError> {
        Err(self.1)
    }
}

fn persona() -> Persona {
    Persona::new(
        "Zenobiana".parse().unwrap(),
        "Quetzalcanario".parse().unwrap(),
        Some("Xilguerano".parse().unwrap()),
        date(1987, 6, 5),
        "X".parse().unwrap(),
        "JC".parse().unwrap(),
    )
    .unwrap()
}

fn curp() -> String {
    CurpRoot::of(&persona()).first().unwrap().expose().to_owned()
}

fn curp_record() -> Value {
    json!({
        "given_name": "Zenobiana", "primer_apellido": "Quetzalcanario",
        "segundo_apellido": "Xilguerano", "birthdate": "1987-06-05", "sexo": "X",
        "entidad_nacimiento": "JC", "curp": curp(), "curp_tipo": "definitiva",
        "documento_probatorio": "acta_nacimiento", "pais_nacimiento": "MX",
        "localidad_nacimiento": "Huitlacochtlan", "nationalities": "MX CA",
        "date_of_issuance": "1999-08-07", "issuing_authority": "Kestrelina Oropendola",
        "picture": "data:image/png;base64,iVBORw0KGgoCanariQ==",
    })
}

fn ine_record() -> Value {
    json!({
        "given_name": "Zenobiana", "primer_apellido": "Quetzalcanario",
        "segundo_apellido": "Xilguerano", "birthdate": "1987-06-05", "sexo": "X",
        "curp": curp(), "clave_elector": "QTXLZN87060514X777", "cic": "777424291",
        "id_ciudadano": "919194242", "seccion": "4242", "ocr": "4242919194242",
        "numero_emision": "07", "anio_registro": "2005", "date_of_expiry": "2031-12-31",
        "date_of_issuance": "2021-03-04", "modelo": "H",
        "street_address": "Calandria Roja 4471", "neighborhood": "Zopilotera Norte",
        "locality": "Tlacuachero", "region": "JC", "country": "MX", "postal_code": "91937",
        "issuing_authority": "Kestrelina Oropendola",
        "picture": "data:image/png;base64,iVBORw0KGgoCanariQ==",
    })
}

fn add_people(secrets: &mut Canaries) {
    // Codes that any field of the type may hold, and words that are names of fields, say nothing.
    let common = ["acta_nacimiento", "definitiva"];
    for record in [curp_record(), ine_record()] {
        for (field, value) in record.as_object().unwrap() {
            let value = value.as_str().unwrap();
            if !common.contains(&value) {
                secrets.add(field, value);
            }
        }
    }
    secrets.add("rfc", Rfc::of(&persona()).unwrap().expose());
    for line in MRZ {
        secrets.add("mrz", line);
    }
    secrets.add("region", "Jalisco");
    secrets.add("passphrase", PASSPHRASE);
    secrets.add_bytes("store key", &STORE_KEY);
    secrets.add("store key", std::str::from_utf8(&STORE_KEY).unwrap());
}

fn add_questions(questions: &mut Canaries) {
    questions.add("enrolment nonce", ENROLMENT_NONCE);
    questions.add("client_id", VERIFIER);
    questions.add("client_name", "Cantina La Canaria");
    questions.add("purpose", "Vender pulque curado");
}

// ---- Mexican data ----

fn parse_all<T: FromStr<Err = llavero_mexico::Error> + Debug>(ear: &mut Ear, good: &str) {
    assert!(good.parse::<T>().is_ok(), "{good}");
    for text in std::iter::once(good.to_owned()).chain(text_mutations(good, 24, CANARY)) {
        ear.either(text.parse::<T>());
    }
}

/// Names of things that are the same for many: printing one is no leak, refusing one could be.
fn parse_words<T: FromStr<Err = llavero_mexico::Error> + Debug>(ear: &mut Ear, good: &str) {
    ear.debug(&good.parse::<T>().unwrap());
    for text in text_mutations(good, 24, CANARY) {
        ear.fails(text.parse::<T>());
    }
}

fn mexican_values(ear: &mut Ear) {
    let (curp, persona) = (curp(), persona());
    parse_all::<Curp>(ear, &curp);
    parse_all::<Rfc>(ear, Rfc::of(&persona).unwrap().expose());
    parse_all::<ClaveElector>(ear, "QTXLZN87060514X777");
    parse_all::<Nombre>(ear, CANARY);
    parse_all::<Texto>(ear, "Calandria Roja 4471");
    parse_all::<Picture>(ear, "data:image/png;base64,iVBORw0KGgoCanariQ==");
    parse_all::<Cic>(ear, "777424291");
    parse_all::<IdCiudadano>(ear, "919194242");
    parse_all::<Ocr>(ear, "4242919194242");
    parse_all::<Seccion>(ear, "4242");
    parse_all::<NumeroEmision>(ear, "07");
    parse_words::<Pais>(ear, "MX");
    parse_words::<Sexo>(ear, "M");
    parse_words::<Entidad>(ear, "PL");
    parse_words::<Modelo>(ear, "H");
    parse_words::<CurpTipo>(ear, "temporal");
    parse_words::<DocumentoProbatorio>(ear, "acta_nacimiento");
    ear.fails("a".repeat(300).parse::<Nombre>());
    ear.fails("a".repeat(3_000).parse::<Texto>());
    ear.fails(format!("data:image/png;base64,{}", "AAAA".repeat(9_000)).parse::<Picture>());
    ear.fails(CredentialType::from_name(CANARY));

    for text in text_mutations(&curp, 18, CANARY) {
        ear.debug(&Curp::faults_in(&text, TODAY, Differentiator::AtoJ));
        if let Ok(curp) = text.parse::<Curp>() {
            ear.either(curp.clone().check(date(1986, 1, 1), Differentiator::AtoJ));
            ear.either(curp.clone().check(TODAY, Differentiator::AtoZ));
            ear.debug(&llavero_mexico::consistency(&curp, &persona));
        }
    }
    for text in text_mutations(Rfc::of(&persona).unwrap().expose(), 13, CANARY) {
        ear.debug(&(Rfc::faults_in(&text), Rfc::kind_of(&text)));
        if let Ok(rfc) = text.parse::<Rfc>() {
            ear.either(rfc.check(RfcPolicy::Strict));
        }
    }
    ear.either(Rfc::of(&persona).unwrap().check(RfcPolicy::Strict));
    ear.debug(&(RfcPolicy::Strict, Differentiator::AtoJ));

    for text in ["XEXX010101HNEXXXA4", "EEII030517MVZJMRZ2"] {
        let curp: Curp = text.parse().unwrap();
        ear.fails(curp.check(TODAY, Differentiator::AtoJ));
    }
    let inconvenient = &format!("BUEI{}", &curp[4..]);
    ear.fails(inconvenient.parse::<Curp>().unwrap().check(TODAY, Differentiator::AtoJ));
    for text in ["XAXX010101000", "BUEI3011156R2"] {
        ear.fails(text.parse::<Rfc>().unwrap().check(RfcPolicy::Strict));
    }
    ear.debug(&(ClaveElectorFault::Date, NombreFault::Empty, PictureFault::Base64));
    ear.debug(&(TextoFault::Empty, Container::Array));

    let root = CurpRoot::of(&persona);
    ear.debug(&(&persona, &root));
    for homonym in [0, 9, 10, 255] {
        ear.either(root.with_homonym(homonym));
    }
    let mrz = IneMrz::parse(&MRZ, TODAY).unwrap();
    ear.debug(&mrz);
    for (place, line) in MRZ.iter().enumerate() {
        for text in text_mutations(line, 30, CANARY) {
            let mut lines = MRZ;
            lines[place] = &text;
            ear.either(IneMrz::parse(&lines, TODAY));
            ear.debug(&(IneMrz::faults_in(&lines, TODAY), IneMrz::checks_in(&lines)));
        }
    }
    ear.either(IneMrz::parse(&MRZ[..2], TODAY));
    let outside = Persona::new(
        persona.given_name().clone(),
        persona.primer_apellido().clone(),
        None,
        date(1871, 1, 1),
        persona.sexo(),
        persona.entidad_nacimiento(),
    );
    ear.either(outside);

    let mut state = Seeded::new(5);
    let mut people = Synthetic::new(move |bytes: &mut [u8]| state.fill(bytes).unwrap());
    let somebody = people.person(TODAY, 30..=30).unwrap();
    ear.debug(&somebody);
    ear.types.insert("mexico::Synthetic".to_owned());
    ear.text(format!("{people:?} {people:#?}"));
    ear.secrets.add("a synthetic CURP", somebody.curp_record().curp().expose());
    let (record, mrz) = somebody.ine().unwrap();
    ear.debug(&(record, mrz));
    ear.either(people.person(date(1999, 1, 1), 30..=30));

    let mut domicilio = Domicilio::default();
    domicilio.street_address = "Calandria Roja 4471".parse().ok();
    ear.debug(&domicilio);
    let mut details = CurpDetails::default();
    details.localidad_nacimiento = "Huitlacochtlan".parse().ok();
    ear.debug(&details);
    let mut details = IneDetails::default();
    details.issuing_authority = "Kestrelina Oropendola".parse().ok();
    ear.debug(&details);
    for known in CredentialType::ALL {
        ear.debug(&known);
        ear.debug(known.claims());
        ear.debug(known.levels());
        ear.debug(known.record_fields());
        let shown = [Shown::answer("age_equal_or_over.18", true), Shown::claim("curp")];
        ear.debug(&shown);
        ear.debug(&implied::closure(known, &shown));
        ear.debug(&implied::smaller_proofs(known, &["birthdate", "curp"]));
        for claim in known.claims() {
            ear.debug(&(claim.visibility(), claim.linkage(), claim.spread()));
        }
    }
    ear.debug(implied::RULES);
    ear.debug(&Language::EsMx);
}

fn records(ear: &mut Ear) {
    for (known, good) in [
        (CredentialType::Curp, curp_record()),
        (CredentialType::Ine, ine_record()),
        (CredentialType::Age, json!({ "birthdate": "1987-06-05" })),
    ] {
        assert!(Record::from_json(known, &good, NOW).is_ok());
        let mut all = json_mutations(&good, CANARY);
        for (field, value) in good.as_object().unwrap() {
            let text = value.as_str().unwrap();
            let more = ["2031-02-30", "2099-12-31", "1802-01-01", "MX MX", "CA CA CA CA", "NE"];
            let words = text_mutations(text, 6, CANARY).into_iter();
            for word in words.chain(more.map(str::to_owned)) {
                let mut spoilt = good.clone();
                spoilt[field] = word.into();
                all.push(spoilt);
            }
        }
        let mut other = good.clone();
        other["curp"] = "EEII030517MVZJMRA2".into();
        other["curp_tipo"] = "temporal".into();
        other["date_of_expiry"] = "2027-12-31".into();
        all.extend([other, json!([CANARY]), good]);
        let mut young = ine_record();
        young["birthdate"] = "2015-06-05".into();
        all.push(young);
        for record in &all {
            ear.either(Record::from_json(known, record, NOW));
            ear.either(CurpRecord::from_json(record, TODAY));
            ear.either(IneRecord::from_json(record, TODAY));
            ear.either(AgeRecord::from_json(record, TODAY));
        }
    }
    let ine = IneRecord::from_json(&ine_record(), TODAY).unwrap();
    ear.debug(ine.card());
    ear.either(Record::from_json(CredentialType::Age, &json!({}), UnixTime::from_secs(i64::MAX)));
}

// ---- issuing ----

fn issuing(ear: &mut Ear, agency: &Agency) {
    let mut random = Seeded::new(21);
    let holder = seeded::key(KeyKind::P256, 22).unwrap();
    let other = seeded::key(KeyKind::Ed25519, 23).unwrap();
    for key in [&holder, &other, &agency.key] {
        ear.private_key(&key.to_private_jwk_text());
        ear.debug(key);
    }
    for key in [&holder, &other] {
        ear.public_key(&key.public_key().to_jwk());
        ear.debug(&(key.public_key(), key.public_key().kind()));
        for spoilt in json_mutations(&key.public_key().to_jwk(), CANARY) {
            ear.either(PublicKey::from_jwk(&spoilt));
        }
        let private: Value = serde_json::from_str(&key.to_private_jwk_text()).unwrap();
        ear.either(PublicKey::from_jwk(&private));
        for spoilt in json_mutations(&private, CANARY) {
            ear.either(SigningKey::from_jwk(&spoilt));
        }
        device_encodings(ear, key);
    }
    ear.either(SigningKey::generate(KeyKind::P256, &mut Dry(3)));
    ear.debug(&(RandomError, Seeded::new(1)));
    ear.text(format!("{RandomError}"));

    let issuer = &agency.issuer;
    ear.debug(issuer);
    ear.debug(&TypeName::from(CredentialType::Ine.default_vct()));
    let age = CredentialType::Age.type_metadata(CredentialType::Age.default_vct());
    ear.debug(&TypeDocument::new(&age, &[]).unwrap());
    ear.either(TypeDocument::new(CANARY, &[]));
    ear.either(Issuer::new("", holder.public_key()));
    ear.either(issuer.clone().with_algorithm_name(JwsAlgorithm::EdDsa));
    let policy = issuer.proof_policy(ENROLMENT_NONCE);
    ear.debug(&policy);
    let unsigned = key_proof::prepare(&holder.public_key(), AGENCY, ENROLMENT_NONCE, NOW);
    ear.debug(&unsigned);
    ear.refused(unsigned.attach(&Signature::from_bytes([7; 64])), "signature");
    ear.fails(key_proof::sign(
        &Busy(&holder, SignerError::Cancelled),
        AGENCY,
        ENROLMENT_NONCE,
        NOW,
    ));
    let proof = key_proof::sign(&holder, AGENCY, ENROLMENT_NONCE, NOW).unwrap();
    ear.secrets.add("a key proof", &proof);
    let (header, payload) = token::jwt_parts(&proof);
    let mut proofs = text_mutations(&proof, 40, CANARY);
    proofs.extend(json_mutations(&header, CANARY).iter().map(|h| token::jws(h, &payload, &holder)));
    proofs.extend(json_mutations(&payload, CANARY).iter().map(|p| token::jws(&header, p, &holder)));
    for text in &proofs {
        ear.either(HolderKeys::check(&[text.as_str()], &policy, NOW));
        ear.either(key_proof::verify(text, &policy, NOW));
    }
    ear.either(key_proof::verify(&proof, &policy, NOW.plus_secs(9_999)));
    ear.either(key_proof::verify(&proof, &policy, NOW.plus_secs(-9_999)));
    let of_other = key_proof::sign(&other, AGENCY, ENROLMENT_NONCE, NOW).unwrap();
    ear.refused(HolderKeys::check(&[&proof, &proof], &policy, NOW), "key_repeated");
    ear.refused(HolderKeys::check(&[&proof, &of_other], &policy, NOW), "key_kind_mixed");
    ear.refused(HolderKeys::check(&[], &policy, NOW), "batch_size");
    let keys = HolderKeys::check(&[&proof], &policy, NOW).unwrap();
    ear.debug(&keys);

    ear.either(Validity::days(NOW, 0));
    let validity = ear.either(Validity::days(NOW, 30)).unwrap();
    let mut record = ine_record();
    record["date_of_expiry"] = "2026-12-31".into();
    record["date_of_issuance"] = "2016-12-31".into();
    let expiring = Record::from_json(CredentialType::Ine, &record, NOW).unwrap();
    let long = Validity::days(NOW, 366).unwrap();
    ear.refused(issuer.draft(&expiring, "urn:x", long), "outlives_document");
    for (known, record) in [
        (CredentialType::Curp, curp_record()),
        (CredentialType::Ine, ine_record()),
        (CredentialType::Age, json!({ "birthdate": "1987-06-05" })),
    ] {
        let record = Record::from_json(known, &record, NOW).unwrap();
        ear.either(issuer.draft(&record, "", validity));
        let draft = ear.either(issuer.draft(&record, known.default_vct(), validity)).unwrap();
        ear.fails(issuer.prepare(&draft, &keys, &mut Dry(40)));
        let batch = || issuer.prepare(&draft, &keys, &mut Seeded::new(9)).unwrap();
        ear.debug(&batch());
        ear.either(batch().sign(&holder));
        ear.either(batch().sign(&other));
        ear.fails(batch().sign(&Busy(&agency.key, SignerError::Unavailable)));
        ear.either(batch().attach(&[]));
        ear.either(batch().attach(&[Signature::from_bytes([9; 64])]));
        let inputs = batch();
        let signature = agency.key.sign(inputs.signing_inputs().next().unwrap()).unwrap();
        ear.debug(&signature);
        let copies = inputs.attach(&[signature]).unwrap();
        ear.debug(&copies);
        ear.token(copies[0].as_str());
    }
    templates(ear, issuer, agency, &mut random);
}

/// What a phone's hardware hands over, whole, cut, and of the wrong kind.
fn device_encodings(ear: &mut Ear, key: &SigningKey) {
    let (kind, jwk) = (key.public_key().kind(), key.public_key().to_jwk());
    let coordinate = |name: &str| jwk.get(name)?.as_str().map(|text| token::decode(text).unwrap());
    let x = coordinate("x").unwrap();
    let bare = coordinate("y").map_or(x.clone(), |y| [&[4], &x[..], &y].concat());
    let read = ear.either(PublicKey::from_device(kind, &bare)).unwrap();
    assert_eq!(read, key.public_key());
    let signature = key.sign(CANARY.as_bytes()).unwrap();
    ear.secrets.add_bytes("a signature", signature.as_bytes());
    ear.either(Signature::from_device(kind, signature.as_bytes())).unwrap();
    for bytes in [&bare[2..], &[&bare[..], &[0]].concat(), CANARY.as_bytes(), &STORE_KEY[..31]] {
        ear.refused(PublicKey::from_device(kind, bytes), "key_format");
        ear.refused(Signature::from_device(kind, bytes), "key_format");
    }
}

fn templates(ear: &mut Ear, issuer: &Issuer, agency: &Agency, random: &mut Seeded) {
    let validity = Validity::days(NOW, 7).unwrap();
    let header = IssuerHeader::sd_jwt_vc(JwsAlgorithm::Es256);
    let body = || {
        Object::new()
            .open("iss", AGENCY)
            .open("vct", "urn:example:canary")
            .disclosable("nombre", CANARY)
            .disclosable("calles", Array::new().disclosable("Calandria Roja 4471"))
            .min_digests(4)
    };
    let node = Node::from(CANARY);
    ear.debug(&(body(), Array::new().open(CANARY), node));
    let claims = curp_record().as_object().unwrap().clone();
    ear.either(Object::from_json(&claims, &["curp".parse().unwrap(), "cic".parse().unwrap()]));
    ear.debug(&Object::from_json(&claims, &["curp".parse().unwrap()]).unwrap());
    ear.either(issuer.draft_of(body(), "", validity));
    ear.either(issuer.draft_of(body(), "urn:x", validity));
    let deep = (0..40).fold(json!(CANARY), |inner, _| json!([inner]));
    let bad = [
        body().disclosable("_sd", CANARY),
        body().disclosable("nombre", CANARY),
        body().disclosable("exp", CANARY),
        body().open("status", CANARY),
        body().open("cnf", CANARY),
        body().open("aka_vcts", CANARY),
        body().open("exp", CANARY),
        Object::new().open("vct", json!([CANARY])),
        body().open("deep", deep),
        body().min_digests(100_000),
        body().open("long", CANARY.repeat(100_000)),
    ];
    for claims in bad {
        ear.either(prepare(&claims, &header, HashAlgorithm::Sha256, random));
    }
    let many = (0..2_000).fold(Object::new(), |all, n| all.disclosable(format!("n{n}"), CANARY));
    ear.either(prepare(&many, &header, HashAlgorithm::Sha256, random));
    ear.either(prepare(&body(), &header, HashAlgorithm::Sha256, &mut Dry(4)));
    let unsigned = || -> UnsignedSdJwt {
        prepare(&body(), &header, HashAlgorithm::Sha256, &mut Seeded::new(3)).unwrap()
    };
    ear.debug(&(unsigned(), &header));
    ear.either(unsigned().attach(&Signature::from_bytes([1; 64]), &agency.key.public_key()));
    let issued: IssuedSdJwt = unsigned().sign(&agency.key).unwrap();
    ear.debug(&issued);
}

// ---- the format engine ----

/// A credential of the engine's own making, and everything needed to check it.
struct Engine<'a> {
    agency: &'a Agency,
    holder: SigningKey,
    token: String,
    trust: TrustList,
}

impl Engine<'_> {
    fn verify(
        &self,
        ear: &mut Ear,
        text: &str,
        binding: KeyBinding<'_>,
    ) -> Option<llavero_core::Verified> {
        let sd_jwt = ear.either(SdJwt::parse(text))?;
        ear.either(sd_jwt.untrusted_contents());
        let _ = (sd_jwt.untrusted_issuer(), sd_jwt.untrusted_type(), sd_jwt.untrusted_key_id());
        ear.either(self.trust.verify(SdJwt::parse(text).ok()?, binding, &["exp"], 0, NOW));
        let key = self.agency.key.public_key();
        let policy = Policy {
            issuer_key: &key,
            issuer_algorithms: AlgorithmSet::of(&[JwsAlgorithm::Es256]),
            issuer: Some(AGENCY),
            format: Format::SdJwtVc { types: Some(&["urn:example:mx:ine:1"]) },
            binding,
            required_claims: &[],
            clock_skew_secs: 0,
        };
        ear.debug(&(policy, policy.format));
        ear.either(sd_jwt.verify(&policy, NOW))
    }
}

fn engine(ear: &mut Ear, agency: &Agency) {
    let holder = seeded::key(KeyKind::P256, 31).unwrap();
    ear.private_key(&holder.to_private_jwk_text());
    let proof = key_proof::sign(&holder, AGENCY, ENROLMENT_NONCE, NOW).unwrap();
    let random = &mut Seeded::new(32);
    let record = (CredentialType::Ine, &ine_record());
    let token = agency.issue(record, &[proof], ENROLMENT_NONCE, NOW, random).pop().unwrap();
    ear.token(&token);
    let engine = Engine { agency, holder, token, trust: agency.trust() };
    copies_without_binding(ear, &engine);
    presentations(ear, &engine);
    paths_and_queries(ear);
    documents(ear, &engine);
    type_metadata(ear, &engine);
}

fn copies_without_binding(ear: &mut Ear, engine: &Engine<'_>) {
    let text = engine.token.as_str();
    assert!(engine.verify(ear, text, KeyBinding::Forbid).is_some());
    for spoilt in text_mutations(text, 120, CANARY) {
        engine.verify(ear, &spoilt, KeyBinding::Forbid);
        ear.either(Held::reopen(&spoilt));
        ear.fails(jws_json::to_flattened(&spoilt));
        ear.fails(jws_json::to_general(&spoilt));
        ear.fails(inspect(&spoilt));
    }
    let good = Token::parse(text);
    let mut forged = Vec::new();
    for header in json_mutations(&good.header, CANARY) {
        forged.push(Token { header, ..good.clone() });
    }
    for (name, value) in [("crit", json!([CANARY])), ("alg", json!("none")), ("b64", json!(false))]
    {
        let mut token = good.clone();
        token.header[name] = value;
        forged.push(token);
    }
    for payload in json_mutations(&good.payload, CANARY) {
        forged.push(Token { payload, ..good.clone() });
    }
    for (name, value) in [
        ("iss", json!("https://otra.example")),
        ("vct", json!("urn:example:otro")),
        ("exp", json!(1)),
        ("nbf", json!(9_999_999_999_i64)),
        ("iat", json!(CANARY)),
        ("status", json!(CANARY)),
        ("aka_vcts", json!(CANARY)),
    ] {
        let mut token = good.clone();
        token.payload[name] = value;
        forged.push(token);
    }
    for index in [0, 1, good.disclosures.len() - 1] {
        let disclosure = good.disclosure(index).unwrap();
        let mut all = json_mutations(&disclosure, CANARY);
        all.extend([
            json!([disclosure[0], "_sd", CANARY]),
            json!([disclosure[0], "iss", CANARY]),
            json!([disclosure[0], "exp", 1]),
            json!([disclosure[0], "given_name", CANARY]),
            json!([disclosure[0], CANARY]),
            json!([disclosure[0], "a", CANARY, CANARY]),
            json!([CANARY]),
        ]);
        for spoilt in all {
            let mut token = good.clone();
            token.replace_disclosure(index, &spoilt);
            forged.push(token);
        }
    }
    let repeated = good.disclosures[0].clone();
    let mut token = good.clone();
    token.disclosures.push(repeated);
    forged.push(token);
    let mut token = good.clone();
    token.disclosures.push(token::encode(json!(["salt", CANARY, CANARY]).to_string()));
    forged.push(token);
    let mut token = good.clone();
    token.disclosures.extend(vec![token::encode("[]"); 5_000]);
    forged.push(token);
    let mut token = good.clone();
    let first = token.payload["_sd"][0].clone();
    token.payload["_sd"][1] = first;
    forged.push(token);
    for token in forged {
        let text = token.sign(&engine.agency.key);
        engine.verify(ear, &text, KeyBinding::Forbid);
        ear.either(Held::reopen(&text));
    }
    engine.verify(ear, &"A".repeat(2 << 20), KeyBinding::Forbid);
    for trust in [
        TrustList::new(NOW, vec![]).unwrap(),
        TrustList::new(NOW, vec![engine.agency.entry(&["urn:example:otro"])]).unwrap(),
    ] {
        let sd_jwt = SdJwt::parse(text).unwrap();
        ear.refused(trust.verify(sd_jwt, KeyBinding::Forbid, &[], 0, NOW), "untrusted");
    }
    ear.either(engine.trust.verify(
        SdJwt::parse(text).unwrap(),
        KeyBinding::Forbid,
        &["missing"],
        0,
        NOW,
    ));
    for form in [jws_json::to_flattened(text).unwrap(), jws_json::to_general(text).unwrap()] {
        for spoilt in json_mutations(&form, CANARY) {
            ear.fails(jws_json::to_compact(spoilt.to_string().as_bytes()));
            ear.fails(inspect(&spoilt.to_string()));
        }
        for spoilt in text_mutations(&form.to_string(), 60, CANARY) {
            ear.fails(jws_json::to_compact(spoilt.as_bytes()));
        }
    }
}

fn presentations(ear: &mut Ear, engine: &Engine<'_>) {
    let nonce = "nonce-of-the-verifier-canary-01";
    ear.questions.add("nonce", nonce);
    let challenge = llavero_core::Challenge {
        audience: VERIFIER,
        nonce,
        max_age_secs: 300,
        algorithms: AlgorithmSet::ALL,
    };
    let binding = KeyBinding::Require(challenge);
    ear.debug(&(binding, challenge));
    let held = Held::reopen(&engine.token).unwrap();
    ear.debug(&held);
    let path: ClaimPath = "address.street_address".parse().unwrap();
    let selection = held.select([&path]).unwrap();
    ear.debug(&(&selection, held.positions()));
    ear.fails(held.select([&"address.nowhere".parse().unwrap()]));
    ear.debug(&held.present(&selection));
    let bare = held.present(&selection).without_key_binding();
    ear.token(&bare);
    engine.verify(ear, &bare, binding);
    let bind = |at| held.present(&selection).bind(VERIFIER, nonce, at, None);
    ear.debug(&bind(NOW).unwrap());
    ear.fails(bind(NOW).unwrap().sign(&engine.agency.key));
    ear.fails(bind(NOW).unwrap().sign(&Busy(&engine.holder, SignerError::Cancelled)));
    ear.fails(bind(NOW).unwrap().attach(&Signature::from_bytes([3; 64])));
    let shown = bind(NOW).unwrap().sign(&engine.holder).unwrap();
    ear.secrets.add("a presentation", &shown);
    let verified = engine.verify(ear, &shown, binding).unwrap();
    ear.debug(&verified.claim("address").is_some());
    ear.fails(verified.select(&"cic".parse().unwrap()));
    ear.fails(verified.select(&"address[0]".parse().unwrap()));
    engine.verify(ear, &shown, KeyBinding::Forbid);
    for at in [-9_999, 9_999] {
        let shown = bind(NOW.plus_secs(at)).unwrap().sign(&engine.holder).unwrap();
        engine.verify(ear, &shown, binding);
    }
    for spoilt in text_mutations(&shown, 60, CANARY) {
        engine.verify(ear, &spoilt, binding);
        ear.either(Held::reopen(&spoilt));
    }
    let good = Token::parse(&shown);
    let (header, payload) = token::jwt_parts(&good.key_binding);
    let mut forged: Vec<String> = Vec::new();
    for header in json_mutations(&header, CANARY) {
        forged.push(token::jws(&header, &payload, &engine.holder));
    }
    for payload in json_mutations(&payload, CANARY) {
        forged.push(token::jws(&header, &payload, &engine.holder));
    }
    for key_binding in forged {
        engine.verify(ear, &format!("{bare}{key_binding}"), binding);
    }
}

/// A credential for queries, without a signature.
struct Plain(Value, Positions, bool);

impl Candidate for Plain {
    fn format(&self) -> &str {
        llavero_core::dcql::SD_JWT_FORMAT
    }
    fn has_type(&self, vct: &str) -> bool {
        self.0["vct"] == vct
    }
    fn holder_bound(&self) -> bool {
        self.2
    }
    fn claims(&self) -> &Value {
        &self.0
    }
    fn positions(&self) -> &Positions {
        &self.1
    }
    fn authority_key_ids(&self) -> &[String] {
        &[]
    }
}

fn paths_and_queries(ear: &mut Ear) {
    let path: ClaimPath = "nacionalidades[*].codigo".parse().unwrap();
    ear.debug(&path);
    ear.text(format!("{path} {}", Dotted(path.segments())));
    ear.debug(&(Dotted(path.segments()), path.relation_to(&[PathSegment::Wildcard])));
    ear.debug(&ClaimPath::new(vec![]));
    for spoilt in text_mutations("nacionalidades[0].codigo", 30, "[[") {
        ear.fails(ClaimPath::parse_dotted(&spoilt));
    }
    for spoilt in json_mutations(&path.to_json(), CANARY) {
        ear.fails(ClaimPath::from_json(&spoilt));
    }
    ear.fails(ClaimPath::names(vec![CANARY; 1_000]));
    let claims = ine_claims();
    for text in ["cic.x", "cic[0]", "address[*]", "nothing", "address.region"] {
        ear.fails(text.parse::<ClaimPath>().unwrap().select(&claims));
    }
    let value = ClaimValue::String(CANARY.to_owned());
    let claim = |id: &str, path: &str| ClaimsQuery::new(path.parse().unwrap()).with_id(id).unwrap();
    let part = CredentialQuery::sd_jwt("ine", vec!["urn:example:mx:ine:1".to_owned()])
        .unwrap()
        .with_claims(vec![
            claim("n", "given_name").with_values(vec![value.clone()]).unwrap(),
            claim("c", "curp"),
        ])
        .unwrap()
        .with_claim_sets(&[vec!["n".to_owned()], vec!["c".to_owned()]])
        .unwrap();
    let authority = TrustedAuthority::new("aki", vec!["s9tIpP".to_owned()]).unwrap();
    let set = CredentialSetQuery::new(vec![vec!["ine".to_owned()]]).unwrap();
    ear.debug(&(&part, &value, &authority, &set, QueryProblem::Missing));
    ear.debug(part.claims());
    let query =
        DcqlQuery::new(vec![part.clone()]).unwrap().with_credential_sets(vec![set]).unwrap();
    ear.debug(&query);
    let mut queries = json_mutations(&query.to_value(), CANARY);
    let mut two = query.to_value();
    two["credentials"].as_array_mut().unwrap().push(query.to_value()["credentials"][0].clone());
    two["credentials"][1]["id"] = "ine2".into();
    queries.push(two);
    queries.push(query.to_value());
    let credential = Plain(claims, Positions::new(), true);
    ear.debug(credential.positions());
    evaluate(ear, &query, &credential);
    for spoilt in &queries {
        match DcqlQuery::from_value(spoilt) {
            Ok(query) => {
                // What it prints is what the verifier wrote; what comes of it must not be.
                for part in query.credentials() {
                    mismatch(ear, part, &credential);
                }
                answers(ear, &query, &credential);
            }
            Err(error) => ear.error(&error),
        }
    }
    let many = vec![vec!["ine".to_owned()]; 500];
    ear.fails(CredentialSetQuery::new(many));
    let authorities = part.clone().with_trusted_authorities(vec![authority]).unwrap();
    mismatch(ear, &authorities, &credential);
    mismatch(ear, &part, &Plain(credential.0.clone(), Positions::new(), false));
    mismatch(ear, &part, &Plain(json!({ "vct": "urn:example:mx:ine:1" }), Positions::new(), true));
    for bad in ["", CANARY] {
        ear.fails(CredentialQuery::sd_jwt(bad, vec![CANARY.to_owned()]));
        ear.fails(ClaimsQuery::new(path.clone()).with_id(bad));
    }
    ear.fails(CredentialSetQuery::new(vec![]));
    ear.fails(TrustedAuthority::new("", vec![]));
    ear.fails(DcqlQuery::new(vec![part.clone(), part]));
}

fn evaluate(ear: &mut Ear, query: &DcqlQuery, credential: &Plain) {
    let evaluation = query.evaluate(std::slice::from_ref(credential));
    ear.debug(&evaluation);
    for part in evaluation.credentials() {
        ear.debug(part);
        ear.debug(part.matches());
        for found in part.matches() {
            ear.debug(found.selected());
            ear.debug(found.selected().claims());
        }
    }
    ear.debug(evaluation.credential_sets());
}

fn mismatch(ear: &mut Ear, part: &CredentialQuery, credential: &Plain) {
    match part.try_select(credential) {
        Ok(selected) => ear.debug(&selected),
        Err(mismatch) => {
            ear.codes.insert(mismatch.code());
            ear.debug(&mismatch);
            ear.text(mismatch.to_string());
        }
    }
}

fn answers(ear: &mut Ear, query: &DcqlQuery, credential: &Plain) {
    let asked = [vec![PathSegment::Name("given_name".to_owned())]];
    let more = [vec![PathSegment::Name("cic".to_owned())]];
    let (good, over) = (Presented::new(credential, &asked), Presented::new(credential, &more));
    ear.debug(&good);
    let (one, two, too_much) = ([good], [good, good], [over]);
    let answers: [Vec<Answer<'_>>; 8] = [
        vec![Answer::new("ine", &one), Answer::new("ine2", &one)],
        vec![Answer::new("ine", &one)],
        vec![Answer::new("ine", &two)],
        vec![Answer::new("ine", &too_much)],
        vec![Answer::new("ine", &[])],
        vec![Answer::new(CANARY, &one)],
        vec![Answer::new("ine", &one), Answer::new("ine", &one)],
        vec![],
    ];
    // Of the others the identifier is one that nobody asked with.
    ear.debug(&answers[0]);
    for answer in answers {
        ear.either(query.check_answer(&answer));
    }
}

fn ine_claims() -> Value {
    json!({
        "vct": "urn:example:mx:ine:1", "given_name": CANARY, "curp": curp(), "cic": "777424291",
        "address": { "street_address": "Calandria Roja 4471" },
    })
}

/// An issuer by certificates, whose credential is spoilt in each place.
fn certified_issuers(ear: &mut Ear, engine: &Engine<'_>) {
    let key = &engine.agency.key;
    let root = Certificate::authority("Raiz", "Raiz", key).signed_by(key);
    let anchors = Anchors::new(&[root], None, X5cProfile::Haip).unwrap();
    ear.debug(&anchors);
    ear.debug(&anchors.profile());
    let mut entry = engine.agency.entry(&["urn:example:mx:ine:1"]);
    entry.keys = IssuerKeys::Certified(anchors);
    ear.debug(&entry.keys);
    let trust = TrustList::new(NOW, vec![entry]).unwrap();
    let leaf = Certificate::leaf("Raiz", key, &[certificates::uri(AGENCY)]).signed_by(key);
    for issuer in [AGENCY, CANARY] {
        ear.either(CertificateChain::new(std::slice::from_ref(&leaf), issuer, &key.public_key()));
    }
    let mut token = Token::parse(&engine.token);
    token.header["x5c"] = json!([certificates::base64(&leaf)]);
    let text = token.sign(key);
    let verify = |text: &str| trust.verify(SdJwt::parse(text)?, KeyBinding::Forbid, &[], 0, NOW);
    ear.debug(&verify(&text).unwrap());
    for spoilt in json_mutations(&token.header, CANARY) {
        let header = std::mem::replace(&mut token.header, spoilt);
        ear.fails(verify(&token.sign(key)));
        token.header = header;
    }
    let refused = verify(&engine.token).unwrap_err();
    let llavero_core::Error::Certificate(fault) = refused else { panic!("{refused:?}") };
    ear.debug(&fault);
    ear.refused(verify(&engine.token), "certificate");
    let text = trust.to_json();
    for spoilt in json_mutations(&text, CANARY) {
        ear.fails(TrustList::from_slice(spoilt.to_string().as_bytes()));
    }
}

/// What an issuer publishes, spoilt in each place.
fn published_keys(ear: &mut Ear, engine: &Engine<'_>) {
    let set = json!({ "keys": [engine.agency.key.public_key().to_jwk()] });
    let elsewhere = json!({ "issuer": AGENCY, "jwks_uri": "https://agencia.example/keys" });
    for document in [json!({ "issuer": AGENCY, "jwks": set }), elsewhere] {
        let read =
            |document: &Value| IssuerMetadata::from_slice(document.to_string().as_bytes(), AGENCY);
        match ear.either(read(&document)).unwrap() {
            IssuerMetadata::At(address) => {
                ear.debug(&address);
                for spoilt in json_mutations(&set, CANARY) {
                    ear.fails(address.clone().read(spoilt.to_string().as_bytes()));
                }
            }
            IssuerMetadata::Keys(keys) => ear.debug(&keys),
            _ => panic!("another way to publish keys"),
        }
        for spoilt in json_mutations(&document, CANARY) {
            ear.fails(read(&spoilt));
        }
    }
}

fn documents(ear: &mut Ear, engine: &Engine<'_>) {
    let mut entry = engine.agency.entry(&["urn:example:mx:ine:1"]);
    let key = TrustedKey {
        key_id: Some("k1".to_owned()),
        not_before: Some(UnixTime::from_secs(1)),
        not_after: Some(UnixTime::from_secs(2)),
        ..TrustedKey::new(engine.agency.key.public_key())
    };
    ear.debug(&key);
    entry.keys = IssuerKeys::Listed(vec![key]);
    ear.debug(&entry);
    let twice = TrustList::new(NOW, vec![entry.clone(), entry.clone()]);
    ear.either(twice);
    let trust = ear.either(TrustList::new(NOW, vec![entry])).unwrap();
    let text = trust.to_json();
    for spoilt in json_mutations(&text, CANARY) {
        ear.fails(TrustList::from_slice(spoilt.to_string().as_bytes()));
    }
    for spoilt in text_mutations(&text.to_string(), 60, CANARY) {
        ear.fails(TrustList::from_slice(spoilt.as_bytes()));
    }
    ear.fails(TrustList::from_slice(&vec![b' '; 9 << 20]));
    certified_issuers(ear, engine);
    published_keys(ear, engine);
    let named = format!(r#"{{"{CANARY}":1,"{CANARY}":2}}"#);
    for text in [named, "[".repeat(500), format!("{CANARY} {{"), format!(r#""{CANARY}""#)] {
        ear.fails(strict_json::from_slice(text.as_bytes(), Part::Request));
        ear.fails(PresentationAnswer::from_slice(text.as_bytes()));
        ear.fails(jws_json::to_compact(text.as_bytes()));
    }
    for part in [
        Part::Disclosure(1),
        Part::IssuerJwt,
        Part::JwsJson,
        Part::KeyBinding,
        Part::KeyProof,
        Part::Request,
        Part::Trust,
    ] {
        ear.text(format!("{part} {part:?}"));
    }
    ear.debug(&(JsonFault::Syntax, JwkFault::Point, Limit::Depth, PathSegment::Wildcard));
    ear.debug(&(Part::Trust, HashAlgorithm::Sha256, AlgorithmSet::ALL, JwsAlgorithm::Es256, NOW));
    ear.text(format!("{NOW}"));
}

/// Documents of types are public; the credentials under them are not.
fn type_metadata(ear: &mut Ear, engine: &Engine<'_>) {
    const INE: &str = "urn:example:mx:ine:1";
    const BASE: &str = "urn:example:base:1";
    let rendering = json!({
        "simple": {
            "logo": {"uri": "https://emisor.example/l.png", "uri#integrity": "sha256-AAAA"},
            "text_color": "#fff",
        },
        "svg_templates": [{
            "uri": "https://emisor.example/t.svg",
            "properties": {"orientation": "portrait", "color_scheme": "dark", "contrast": "high"},
        }],
    });
    let document = json!({
        "vct": INE,
        "extends": BASE,
        "display": [{"locale": "es", "name": "Credencial", "rendering": rendering}],
        "claims": [{
            "path": ["given_name"], "sd": "always", "mandatory": true, "svg_id": "nombre",
            "display": [{"locale": "es", "label": "Nombre"}],
        }],
    });
    let base = json!({"vct": BASE, "claims": [{"path": ["given_name"]}]});
    let resolved = |base: &Value, document: &Value| {
        let mut documents = TypeDocuments::new();
        documents.add_fetched(BASE, base.to_string().as_bytes())?;
        documents.add_own(INE, document.to_string().as_bytes())?;
        documents.resolve(INE, None)
    };
    let metadata = ear.either(resolved(&base, &document)).unwrap();
    let display = metadata.display(&["es"]).unwrap();
    ear.debug(&(display, display.logo.as_ref().unwrap(), display.text_color.unwrap()));
    ear.debug(&(&display.svg_templates[0], Orientation::Portrait, ColorScheme::Dark));
    ear.debug(&(Contrast::High, SelectiveDisclosure::Always));
    ear.debug(&(&metadata.claims()[0], &metadata.claims()[0].display[0]));
    for spoilt in json_mutations(&document, "[[") {
        ear.fails(resolved(&base, &spoilt));
    }
    let with = |members: Value| {
        let mut document = json!({ "vct": INE });
        document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        document
    };
    let rule = |members: Value| {
        let mut rule = json!({"path": ["given_name"]});
        rule.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        with(json!({"extends": BASE, "claims": [rule]}))
    };
    for (base, document, code) in [
        (json!({ "vct": INE }), with(json!({})), "type_vct_mismatch"),
        (json!({"vct": BASE, "extends": INE}), rule(json!({})), "type_circular"),
        (json!({"vct": BASE, "extends": "urn:x"}), rule(json!({})), "type_document_missing"),
        (
            json!({"vct": BASE, "claims": [{"path": ["given_name"], "sd": "never"}]}),
            rule(json!({})),
            "type_sd_changed",
        ),
        (
            json!({"vct": BASE, "claims": [{"path": ["given_name"], "mandatory": true}]}),
            rule(json!({})),
            "type_mandatory_relaxed",
        ),
        (base.clone(), rule(json!({"svg_id": "9"})), "type_svg_id"),
        (base.clone(), rule(json!({"mandatory": 1})), "type_member_malformed"),
        (
            base.clone(),
            with(json!({"claims": [{"path": ["a"]}, {"path": ["a"]}]})),
            "type_claim_repeated",
        ),
        (
            base.clone(),
            with(json!({"claims": vec![json!({"path": ["a"]}); 2_000]})),
            "type_limit_exceeded",
        ),
    ] {
        ear.refused(resolved(&base, &document), code);
    }
    let mut documents = TypeDocuments::new();
    for version in ["1", "2"] {
        let text = with(json!({ "name": version })).to_string();
        documents.add_own(INE, text.as_bytes()).unwrap();
    }
    for index in 0..9 {
        let vct = format!("urn:{index}");
        let text = json!({"vct": vct, "extends": format!("urn:{}", index + 1)}).to_string();
        documents.add_own(&vct, text.as_bytes()).unwrap();
    }
    ear.debug(&documents);
    ear.refused(documents.resolve(INE, None), "type_ambiguous");
    ear.refused(documents.resolve("urn:0", None), "type_chain_too_long");
    let integrity = Integrity::of(CANARY.as_bytes());
    ear.debug(&integrity);
    ear.refused(integrity.verify(b"other"), "type_integrity_mismatch");
    ear.refused(Integrity::new("md5-AAAA").verify(b"other"), "type_integrity_unsupported");

    let credential = engine.verify(ear, &engine.token, KeyBinding::Forbid).unwrap();
    for (rules, code) in [
        (json!([{"path": ["given_name", "x"]}]), "type_claim_kind"),
        (json!([{"path": ["given_name"], "sd": "never"}]), "type_sd_never"),
        (json!([{"path": ["iss"], "sd": "always"}]), "type_sd_always"),
        (json!([{"path": ["iss", null]}]), "type_claim_kind"),
        (json!([{"path": ["nothing"], "mandatory": true}]), "type_claim_missing"),
    ] {
        let mut documents = TypeDocuments::new();
        let text = with(json!({ "claims": rules })).to_string();
        documents.add_own(INE, text.as_bytes()).unwrap();
        let metadata = documents.resolve_for(&credential).unwrap();
        ear.refused(metadata.check_complete(&credential), code);
        ear.fails(metadata.check_presentation(&credential));
        ear.fails(
            metadata.check_template(&Object::new().open("vct", INE).open("given_name", CANARY)),
        );
    }
}

// ---- the wallet ----

struct Phone {
    store: SharedStore,
    wallet: Wallet,
    random: Seeded,
}

fn wallet(ear: &mut Ear, agency: &Agency) {
    let store = SharedStore::default();
    let wallet = Wallet::new(store.clone(), SoftwareKeys);
    let mut phone = Phone { store, wallet, random: Seeded::new(41) };
    ear.debug(&(&phone.wallet, SoftwareKeys, MemoryStore::new(), Purged::default()));
    enrolment(ear, &mut phone);
    receiving(ear, &mut phone, agency);
    showing(ear, &mut phone, agency);
    spoilt_records(ear, &mut phone);
    let id = phone.wallet.credentials(Language::EsMx).unwrap()[0].id().clone();
    phone.store.refuse_next();
    ear.fails(phone.wallet.remove(&id, &mut phone.random));
    let later = NOW.plus_secs(400 * 86_400);
    ear.either(phone.wallet.purge(later, &mut phone.random));
    ear.fails(phone.wallet.remove(&id, &mut phone.random));
    phone.store.refuse_next();
    ear.fails(phone.wallet.forget_history());
    ear.fails(phone.wallet.forget_history());
}

fn enrolment(ear: &mut Ear, phone: &mut Phone) {
    let Phone { wallet, random, store } = phone;
    for count in [0, 101] {
        let begun = wallet.begin(AGENCY, ENROLMENT_NONCE, count, KeyKind::P256, NOW, random);
        ear.refused(begun, "batch_size");
    }
    let dry = &mut Dry(40);
    ear.either(wallet.begin(AGENCY, ENROLMENT_NONCE, 2, KeyKind::P256, NOW, dry));
    store.refuse_next();
    ear.either(wallet.begin(AGENCY, ENROLMENT_NONCE, 2, KeyKind::P256, NOW, random));
    let mut begin =
        || wallet.begin_unsigned(AGENCY, ENROLMENT_NONCE, 1, KeyKind::Ed25519, NOW, random);
    let pending = begin().unwrap();
    ear.debug(&pending);
    for to_sign in pending.to_sign() {
        ear.debug(&to_sign);
        handle(ear, &to_sign);
        ear.public_key(&to_sign.public_key.to_jwk());
    }
    ear.refused(pending.finish(&[]), "signature_count");
    ear.refused(begin().unwrap().finish(&[Signature::from_bytes([5; 64])]), "signature");
    let pending = begin().unwrap();
    let signatures = sign(pending.to_sign());
    ear.debug(&pending.finish(&signatures).unwrap());
    let mut keys = SoftwareKeys;
    let new = keys.create(KeyKind::P256, 1, &mut Seeded::new(2)).unwrap();
    ear.debug(&new);
    handle_bytes(ear, &new[0].handle);
    ear.fails(keys.create(KeyKind::P256, 1, &mut Dry(0)));
    ear.fails(keys.sign(&KeyHandle::new(CANARY.into()), b"x"));
    ear.fails(keys.sign(&KeyHandle::new(format!(r#"{{"kty":"{CANARY}"}}"#).into()), b"x"));
}

fn handle(ear: &mut Ear, to_sign: &ToSign<'_>) {
    handle_bytes(ear, to_sign.key);
    ear.secrets.add_bytes("a signing input", to_sign.bytes);
}

fn handle_bytes(ear: &mut Ear, handle: &KeyHandle) {
    ear.debug(handle);
    ear.private_key(std::str::from_utf8(handle.as_bytes()).unwrap());
}

fn sign<'a>(all: impl Iterator<Item = ToSign<'a>>) -> Vec<Signature> {
    all.map(|to_sign| SoftwareKeys.sign(to_sign.key, to_sign.bytes).unwrap()).collect()
}

/// Receives a batch of each type, after many that are not to be received.
fn receiving(ear: &mut Ear, phone: &mut Phone, agency: &Agency) {
    let trust = agency.trust();
    for (known, record) in [
        (CredentialType::Curp, curp_record()),
        (CredentialType::Age, json!({ "birthdate": "1987-06-05" })),
        (CredentialType::Ine, ine_record()),
    ] {
        let Phone { wallet, random, store } = &mut *phone;
        let begun = wallet.begin(AGENCY, ENROLMENT_NONCE, 4, KeyKind::P256, NOW, random).unwrap();
        ear.debug(&begun);
        for proof in begun.proofs() {
            ear.secrets.add("a key proof", proof);
        }
        let record = (known, &record);
        let copies = agency.issue(record, begun.proofs(), ENROLMENT_NONCE, NOW, random);
        copies.iter().for_each(|copy| ear.token(copy));
        let before = store.records();
        let mut receive = |ear: &mut Ear, copies: &[String]| {
            let received = wallet.receive(copies, &trust, NOW, Language::EsMx, random);
            store.restore(&before);
            if let Some(receipt) = ear.either(received) {
                hear_warnings(ear, receipt.warnings());
            }
        };
        receive(ear, &[]);
        receive(ear, &[copies[0].clone(), copies[0].clone()]);
        for spoilt in text_mutations(&copies[1], 20, CANARY) {
            receive(ear, &[copies[0].clone(), spoilt]);
        }
        let good = Token::parse(&copies[1]);
        for change in marks() {
            let mut token = good.clone();
            change(&mut token);
            let marked = token.sign(&agency.key);
            receive(ear, std::slice::from_ref(&marked));
            receive(ear, &[copies[0].clone(), marked.clone()]);
            let mut token = Token::parse(&copies[0]);
            change(&mut token);
            receive(ear, &[token.sign(&agency.key), marked.clone()]);
            // The same mark, counted on.
            if let Some(index) = token.payload.pointer_mut("/status/status_list/idx") {
                *index = json!(5);
                receive(ear, &[token.sign(&agency.key), marked]);
            }
        }
        if known == CredentialType::Ine {
            for payload in json_mutations(&good.payload, CANARY) {
                let token = Token { payload, ..good.clone() }.sign(&agency.key);
                receive(ear, &[copies[0].clone(), token]);
            }
            let salt = Token::parse(&copies[0]).disclosure(0).unwrap()[0].clone();
            let mut token = good.clone();
            let mut disclosure = token.disclosure(0).unwrap();
            disclosure[0] = salt;
            token.replace_disclosure(0, &disclosure);
            receive(ear, &[copies[0].clone(), token.sign(&agency.key)]);
        }
        if known == CredentialType::Curp {
            // Two nationalities of three: the third digest is a decoy.
            let mut token = good.clone();
            token.payload["nationalities"][2] =
                Token::parse(&copies[0]).payload["nationalities"][2].clone();
            receive(ear, &[copies[0].clone(), token.sign(&agency.key)]);
        }
        let presentation = Held::reopen(&copies[0])
            .unwrap()
            .present(&Held::reopen(&copies[0]).unwrap().select(&[] as &[ClaimPath]).unwrap());
        receive(ear, &[presentation.without_key_binding()]);
        ear.refused(
            wallet.receive(
                &copies,
                &TrustList::new(NOW, vec![]).unwrap(),
                NOW,
                Language::EsMx,
                random,
            ),
            "untrusted",
        );
        store.refuse_next();
        ear.refused(
            wallet.receive(&copies, &trust, NOW, Language::EsMx, random),
            "store_unavailable",
        );
        let receipt = wallet.receive(&copies, &trust, NOW, Language::EsMx, random).unwrap();
        ear.debug(&receipt);
        ear.refused(
            wallet.receive(&copies, &trust, NOW, Language::EsMx, random),
            "already_received",
        );
    }
    // A key that this wallet never offered.
    let stranger = seeded::key(KeyKind::P256, 77).unwrap();
    let proof = key_proof::sign(&stranger, AGENCY, ENROLMENT_NONCE, NOW).unwrap();
    let Phone { wallet, random, .. } = phone;
    let record = (CredentialType::Ine, &ine_record());
    let copies = agency.issue(record, &[proof], ENROLMENT_NONCE, NOW, random);
    let received = wallet.receive(&copies, &trust, NOW, Language::EsMx, random);
    ear.refused(received, "key_not_offered");
}

fn hear_warnings(ear: &mut Ear, warnings: &[LintWarning]) {
    for warning in warnings {
        ear.codes.insert(warning.code());
        ear.debug(warning);
        ear.text(warning.text(Language::EsMx));
        ear.text(warning.text(Language::En));
    }
}

fn hear_warning(ear: &mut Ear, warning: &Warning) {
    ear.codes.insert(warning.code());
    ear.debug(warning);
    ear.text(warning.text(Language::EsMx) + &warning.text(Language::En));
}

/// What an issuer could do to tell holders apart.
fn marks() -> Vec<fn(&mut Token)> {
    fn status(token: &mut Token, index: u64, uri: &str) {
        token.payload["status"] = json!({ "status_list": { "idx": index, "uri": uri } });
    }
    vec![
        |token| token.header["x5u"] = CANARY.into(),
        |token| token.header["kid"] = CANARY.into(),
        |token| drop(token.header.as_object_mut().unwrap().remove("kid")),
        |token| token.payload["sub"] = CANARY.into(),
        |token| token.payload["jti"] = CANARY.into(),
        |token| token.payload["iat"] = json!(1_795_305_600),
        |token| token.payload["serie"] = CANARY.into(),
        |token| token.payload["corto"] = "si".into(),
        |token| token.payload["cnf"]["kid"] = CANARY.into(),
        |token| token.payload["exp"] = json!(1_795_305_600 + 86_401),
        |token| drop(token.payload.as_object_mut().unwrap().remove("exp")),
        |token| drop(token.payload.as_object_mut().unwrap().remove("cnf")),
        |token| token.payload["issuing_country"] = "US".into(),
        |token| drop(token.payload["_sd"].as_array_mut().map(Vec::pop)),
        |token| token.payload["status"] = json!({ "otro": CANARY }),
        |token| status(token, 4, "https://agencia.example/lista?de=canaria"),
        |token| {
            let mut disclosure = token.disclosure(0).unwrap();
            disclosure[0] = format!("{}AAAA", disclosure[0].as_str().unwrap()).into();
            token.replace_disclosure(0, &disclosure);
        },
        |token| {
            let mut disclosure = token.disclosure(0).unwrap();
            disclosure[0] = "corta".into();
            token.replace_disclosure(0, &disclosure);
        },
        |token| {
            let mut disclosure = token.disclosure(0).unwrap();
            let last = disclosure.as_array().unwrap().len() - 1;
            disclosure[last] = CANARY.into();
            token.replace_disclosure(0, &disclosure);
        },
    ]
}

fn challenge(ear: &mut Ear, query: DcqlQuery, seed: u64) -> Challenge {
    let asker = Asker { client_id: VERIFIER, client_name: Some("Cantina La Canaria") };
    ear.question(&asker);
    let purpose = "Vender pulque curado";
    let random = &mut Seeded::new(seed);
    let challenge = Challenge::new(&asker, purpose, query, 300, NOW, random).unwrap();
    ear.questions.add("nonce of a request", challenge.request().nonce());
    ear.debug(&challenge);
    ear.debug(challenge.request());
    challenge
}

fn claims(vct: &str, paths: &[&str]) -> DcqlQuery {
    DcqlQuery::for_claims("q", [vct], paths.iter().map(|path| path.parse().unwrap())).unwrap()
}

fn showing(ear: &mut Ear, phone: &mut Phone, agency: &Agency) {
    const INE: &str = "urn:example:mx:ine:1";
    let trust = agency.trust();
    let paths = ["curp", "given_name", "address", "age_equal_or_over.18"];
    let asked = challenge(ear, claims(INE, &paths), 51);
    let request = asked.request().clone();
    let Phone { wallet, random, store } = phone;
    let summaries = wallet.credentials(Language::EsMx).unwrap();
    ear.debug(&summaries);
    for summary in &summaries {
        ear.debug(summary.id());
        let shown = wallet.show(summary.id(), Language::EsMx).unwrap();
        ear.debug(&shown);
        shown.iter().for_each(|claim| ear.debug(claim.value()));
    }
    ear.refused(
        wallet.show(&CredentialId::from_text(CANARY), Language::EsMx),
        "credential_unknown",
    );

    // Requests that cannot be answered, and choices that there are not.
    let mut other = claims(INE, &["curp"]).to_value();
    other["credentials"][0]["claims"][0]["values"] = json!([CANARY]);
    let mut set = claims(INE, &["curp"]).to_value();
    set["credentials"][0]["claims"][0]["values"] = json!([CANARY]);
    set["credentials"].as_array_mut().unwrap().push(json!({
        "id": "r", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:example:otro"] },
    }));
    set["credential_sets"] = json!([{ "options": [["q", "r"]] }]);
    let mut welcome = claims(INE, &["curp"]).to_value();
    welcome["credential_sets"] = json!([{ "options": [["q"]], "required": false }]);
    for query in [
        claims(INE, &["curp", "nadie"]).to_value(),
        claims("urn:example:otro", &["curp"]).to_value(),
        other,
        set,
        welcome,
    ] {
        let asked = challenge(ear, DcqlQuery::from_value(&query).unwrap(), 52);
        let choices = wallet.consider(asked.request(), NOW, Language::EsMx);
        let Some(mut choices) = ear.either(choices) else { continue };
        ear.fails(choices.choose("nadie", &CredentialId::from_text(CANARY)));
        ear.fails(choices.choose("q", &CredentialId::from_text(CANARY)));
        ear.fails(choices.choose_set(9, 9));
        ear.fails(choices.choose_set(0, 9));
        ear.fails(choices.sheet());
    }
    let late = NOW.plus_secs(30 * 86_400);
    ear.refused(wallet.consider(&request, late, Language::EsMx), "credential_expired");

    let consider = |wallet: &Wallet| wallet.consider(&request, NOW, Language::EsMx).unwrap();
    let choices = consider(wallet);
    ear.debug(&choices);
    ear.debug(choices.queries());
    for query in choices.queries() {
        ear.debug(query.options());
    }
    let sheet = choices.sheet().unwrap();
    ear.debug(&sheet);
    for part in sheet.credentials() {
        ear.debug(part);
        ear.debug(part.implied());
    }
    sheet.warnings().iter().for_each(|warning| hear_warning(ear, warning));
    hear_warning(ear, &Warning::ImpliedUnknown { credential: "urn:x".to_owned() });
    for limit in sheet.not_protected() {
        ear.codes.insert(limit.code());
        ear.text(limit.text(Language::EsMx));
    }
    ear.debug(&(NotProtected::ALL, LintRefusal::SaltShort, Unmet::Expired { query: 0 }));
    let refusal = sheet.decline();
    ear.debug(&(refusal, Refusal::new().code()));

    ear.fails(consider(wallet).sheet().unwrap().approve(wallet, late, random));
    ear.fails(consider(wallet).sheet().unwrap().approve(wallet, NOW, &mut Dry(0)));
    store.refuse_next();
    ear.fails(consider(wallet).sheet().unwrap().approve(wallet, NOW, random));
    let unsigned = |wallet: &mut Wallet, random: &mut Seeded| {
        consider(wallet).sheet().unwrap().approve_unsigned(wallet, NOW, random).unwrap()
    };
    let pending = unsigned(wallet, random);
    ear.debug(&pending);
    for to_sign in pending.to_sign() {
        ear.debug(&to_sign);
        handle(ear, &to_sign);
    }
    ear.refused(pending.finish(wallet, &[]), "signature_count");
    let wrong = [Signature::from_bytes([5; 64])];
    ear.refused(unsigned(wallet, random).finish(wallet, &wrong), "signature");
    let answer = consider(wallet).sheet().unwrap().approve(wallet, NOW, random).unwrap();
    ear.debug(&answer);
    for text in answer.presentations().values().flatten() {
        ear.token(text);
    }
    ear.debug(&wallet.history().unwrap());
    wallet.history().unwrap().iter().for_each(|entry| ear.debug(entry.shown()));
    let taken = consider(wallet).sheet().unwrap();
    taken.warnings().iter().for_each(|warning| hear_warning(ear, warning));
    drop(unsigned(wallet, random));
    ear.fails(taken.approve(wallet, NOW, random));
    ear.refused(wallet.consider(&request, NOW, Language::EsMx), "no_copies_left");
    ear.fails(wallet.show(summaries[2].id(), Language::EsMx));
    verifying(ear, asked, &answer, &trust);
}

fn verifying(ear: &mut Ear, asked: Challenge, answer: &PresentationAnswer, trust: &TrustList) {
    let kept = asked.to_json();
    let again = || Challenge::from_slice(kept.to_string().as_bytes()).unwrap();
    let good = answer.to_json();
    let text = good.to_string();
    for spoilt in json_mutations(&kept, CANARY) {
        ear.fails(Challenge::from_slice(spoilt.to_string().as_bytes()));
    }
    for spoilt in text_mutations(&kept.to_string(), 40, CANARY) {
        ear.fails(Challenge::from_slice(spoilt.as_bytes()));
        ear.fails(PresentationRequest::from_slice(spoilt.as_bytes()));
    }
    for spoilt in json_mutations(&asked.request().to_json(), CANARY) {
        ear.fails(PresentationRequest::from_slice(spoilt.to_string().as_bytes()));
        ear.fails(inspect(&spoilt.to_string()));
    }
    let mut transaction = asked.request().to_json();
    transaction["transaction_data"] = json!([CANARY]);
    ear.fails(PresentationRequest::from_json(&transaction));
    ear.fails(PresentationRequest::from_slice(&vec![b' '; 65 * 1024]));
    let asker = Asker { client_id: CANARY, client_name: None };
    let query = || claims("urn:x", &["a"]);
    for (purpose, lifetime, dry) in [("", 300, 99), ("P", 0, 99), ("P", 300, 0)] {
        let random = &mut Dry(dry);
        ear.fails(Challenge::new(&asker, purpose, query(), lifetime, NOW, random));
        let asker = Asker { client_id: VERIFIER, client_name: None };
        ear.fails(Challenge::new(&asker, purpose, query(), lifetime, NOW, random));
    }
    for spoilt in json_mutations(&good, CANARY) {
        let spoilt = spoilt.to_string();
        ear.fails(inspect(&spoilt));
        ear.either(PresentationAnswer::from_slice(spoilt.as_bytes()));
        ear.either(again().verify(spoilt.as_bytes(), trust, NOW));
    }
    for spoilt in text_mutations(&text, 80, CANARY) {
        ear.either(again().verify(spoilt.as_bytes(), trust, NOW));
    }
    let shown = good["vp_token"]["q"][0].as_str().unwrap();
    for tokens in [
        json!({ "q": [shown, shown] }),
        json!({ "q": [shown], "otra": [shown] }),
        json!({ "q": vec![shown; 65] }),
        json!({}),
    ] {
        let answer = json!({ "vp_token": tokens }).to_string();
        ear.either(again().verify(answer.as_bytes(), trust, NOW));
    }
    for seconds in [-9_999, 9_999] {
        ear.either(again().verify(text.as_bytes(), trust, NOW.plus_secs(seconds)));
    }
    let other = challenge(ear, claims("urn:example:mx:ine:1", &["given_name"]), 53);
    ear.refused(other.verify(text.as_bytes(), trust, NOW), "nonce_mismatch");
    let verdict = asked.verify(text.as_bytes(), trust, NOW).unwrap();
    ear.debug(&verdict);
    for credential in verdict.credentials() {
        ear.debug(credential);
        ear.debug(credential.claims());
        ear.debug(&credential.revocation());
    }
}

/// Each record of the wallet spoilt in each place; every step that reads it.
fn spoilt_records(ear: &mut Ear, phone: &mut Phone) {
    let Phone { wallet, random, store } = phone;
    let before = store.records();
    let asked = challenge(ear, claims("urn:example:mx:curp:1", &["curp"]), 54);
    let id = wallet.credentials(Language::EsMx).unwrap()[0].id().clone();
    let mut seen = BTreeMap::new();
    for ((table, name), record) in &before {
        let count: &mut usize = seen.entry(*table).or_default();
        *count += 1;
        if *count > 2 {
            continue;
        }
        let value: Value = serde_json::from_slice(record).unwrap();
        let mut spoilt: Vec<Vec<u8>> =
            json_mutations(&value, CANARY).iter().map(|value| value.to_string().into()).collect();
        spoilt.extend([CANARY.into(), vec![], record[..record.len() / 2].to_vec()]);
        spoilt.push(value.to_string().replace("\"v\":1", "\"v\":9").into());
        for bytes in spoilt {
            let mut records = before.clone();
            records.insert((*table, name.clone()), bytes);
            store.restore(&records);
            // A spoilt name of an issuer is still a name that the list shows.
            match wallet.consider(asked.request(), NOW, Language::EsMx) {
                Ok(choices) => match choices.sheet() {
                    Ok(sheet) => ear.fails(sheet.approve(wallet, NOW, random)),
                    Err(error) => ear.error(&error),
                },
                Err(error) => ear.error(&error),
            }
            store.restore(&records);
            ear.fails(wallet.credentials(Language::EsMx));
            ear.either(wallet.show(&id, Language::EsMx));
            ear.either(wallet.history());
            ear.either(wallet.purge(NOW.plus_secs(400 * 86_400), random));
            store.restore(&records);
            ear.fails(wallet.remove(&id, random));
        }
    }
    store.restore(&before);
}

// ---- the store ----

fn stores(ear: &mut Ear) {
    let directory = tempfile::tempdir().unwrap();
    // Errors of the system name paths, and a path may name a person.
    let home = directory.path().join("home-of-Quetzalcanario");
    std::fs::create_dir(&home).unwrap();
    let path = home.join("wallet");
    let key = StoreKey::from_bytes(STORE_KEY);
    ear.debug(&key);
    ear.either(StoreKey::generate(&mut Dry(0)));
    ear.either(FileStore::open(&path, &key, Seeded::new(1)));
    ear.either(FileStore::create(&path, &key, Dry(8)));
    ear.either(FileStore::create(home.join("no").join("such"), &key, Seeded::new(1)));
    let mut store = FileStore::create(&path, &key, Seeded::new(2)).unwrap();
    ear.debug(&store);
    let put = |table, key: &str| Change::Put {
        table,
        key: key.to_owned(),
        value: CANARY.as_bytes().to_vec().into(),
    };
    let delete = |key: &str| Change::Delete { table: Table::Copy, key: key.to_owned() };
    ear.debug(&[put(Table::Copy, CANARY), delete(CANARY)]);
    ear.debug(&Table::ALL);
    store.commit(&[put(Table::Copy, CANARY)]).unwrap();
    let mut memory = MemoryStore::new();
    memory.commit(&[put(Table::Copy, CANARY)]).unwrap();
    ear.debug(&memory);
    for store in [&mut store as &mut dyn Store, &mut memory] {
        ear.refused(store.commit(&[delete("nothing")]), "store_conflict");
    }
    ear.either(FileStore::open(&path, &key, Seeded::new(3)));
    ear.either(FileStore::create(&path, &key, Seeded::new(3)));
    store.change_passphrase(PASSPHRASE).unwrap();
    ear.fails(store.compact());
    drop(store);
    ear.either(FileStore::open(&path, &key, Seeded::new(3)));
    ear.either(FileStore::open_with_passphrase(&path, "another canary", Seeded::new(3)));
    let store = FileStore::open_with_passphrase(&path, PASSPHRASE, Seeded::new(3)).unwrap();
    drop(store);
    spoilt_files(ear, &home, &path);
    for error in [
        StoreError::Conflict,
        StoreError::Corrupt,
        StoreError::Exists,
        StoreError::Locked,
        StoreError::Missing,
        StoreError::Random,
        StoreError::Unavailable,
        StoreError::Version,
        StoreError::WrongKey,
    ] {
        ear.error(&error);
    }
}

fn spoilt_files(ear: &mut Ear, home: &Path, path: &Path) {
    let key = StoreKey::from_bytes(STORE_KEY);
    let mut store = FileStore::open_with_passphrase(path, PASSPHRASE, Seeded::new(4)).unwrap();
    store.change_key(&key).unwrap();
    drop(store);
    let good = std::fs::read(path).unwrap();
    let spoilt = home.join("spoilt");
    for place in (0..good.len()).step_by((good.len() / 40).max(1)) {
        let mut bytes = good.clone();
        bytes[place] ^= 0x55;
        std::fs::write(&spoilt, &bytes).unwrap();
        ear.either(FileStore::open(&spoilt, &key, Seeded::new(5)));
    }
    for length in [0, 1, good.len() / 2] {
        std::fs::write(&spoilt, &good[..length]).unwrap();
        ear.either(FileStore::open(&spoilt, &key, Seeded::new(5)));
    }
    ear.either(FileStore::open(home, &key, Seeded::new(5)));
}

// ---- listening ----

static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

thread_local! {
    static DRIVING: Cell<bool> = const { Cell::new(false) };
}

/// Notes what panics would print, for the thread that drives the library.
static HOOK: LazyLock<()> = LazyLock::new(|| {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if DRIVING.get() {
            PANICS.lock().unwrap().push(panic.to_string());
        }
        usual(panic);
    }));
});

fn listen() -> Ear {
    let mut ear = Ear::default();
    add_people(&mut ear.secrets);
    add_questions(&mut ear.questions);
    let agency = Agency::new(AGENCY, KeyKind::P256, 1);
    mexican_values(&mut ear);
    records(&mut ear);
    issuing(&mut ear, &agency);
    engine(&mut ear, &agency);
    wallet(&mut ear, &agency);
    stores(&mut ear);
    ear
}

static EAR: LazyLock<Result<Ear, String>> = LazyLock::new(|| {
    LazyLock::force(&HOOK);
    DRIVING.set(true);
    let outcome = std::panic::catch_unwind(listen);
    DRIVING.set(false);
    let panics = PANICS.lock().unwrap().join("\n");
    outcome.ok().filter(|_| panics.is_empty()).ok_or(panics)
});

fn ear() -> &'static Ear {
    EAR.as_ref().unwrap_or_else(|panics| panic!("a step panicked: {panics}"))
}

#[test]
fn nothing_printed_and_no_error_holds_a_canary() {
    let ear = ear();
    assert!(ear.heard.len() > 300, "only {} texts", ear.heard.len());
    for text in ear.heard.iter().chain(&ear.heard_of_questions) {
        assert_eq!(ear.secrets.find(text), None, "in {text}");
    }
    for text in &ear.heard {
        assert_eq!(ear.questions.find(text), None, "in {text}");
    }
}

/// Stable names that nothing here brings about.
const UNHEARD_CODES: &[&str] = &[
    // A warning for types that are not Mexican, which the wallet's own tests hear; it holds no value.
    "lint_open_claim",
    // A record of a Mexican type has no claims but those of the type, and room for each.
    "claim_overflow",
    "claim_unknown",
];

#[test]
fn every_error_there_is_was_heard() {
    let mut declared = BTreeSet::new();
    each_source_line(|_, _, lines| {
        let mut inside = false;
        for line in lines {
            inside = line.contains("fn code(") || (inside && *line != "    }");
            let quoted = line.split_once("=> \"").and_then(|(_, rest)| rest.split_once('"'));
            if let (true, Some((code, _))) = (inside, quoted) {
                declared.insert(code.to_owned());
            }
        }
    });
    assert!(declared.len() > 150, "only {} codes found", declared.len());
    let heard: BTreeSet<String> =
        ear().codes.iter().chain(UNHEARD_CODES).map(|code| (*code).to_owned()).collect();
    let missing: Vec<_> = declared.difference(&heard).collect();
    assert!(missing.is_empty(), "no input brought about {missing:?}");
}

/// Public types that print nothing about anybody because they hold nothing: each with the reason.
const NOT_PRINTED: &[(&str, &str)] =
    &[("core::OsRandom", "it is the system's, and not built here")];

#[test]
fn every_public_type_was_printed() {
    let mut declared = BTreeSet::new();
    each_source_line(|library, _, lines| {
        for line in lines {
            let line = line.trim_start();
            let rest =
                ["pub struct ", "pub enum "].iter().find_map(|start| line.strip_prefix(start));
            let name = |rest: &str| {
                rest.chars().take_while(|letter| letter.is_alphanumeric()).collect::<String>()
            };
            // Types that a macro makes have no name here; those are printed in `mexican_values`.
            if let Some(name) = rest.map(name).filter(|name| !name.is_empty()) {
                declared.insert(format!("{library}::{name}"));
            }
        }
    });
    assert!(declared.len() > 150, "only {} types found", declared.len());
    let mut covered = ear().types.clone();
    covered.extend(NOT_PRINTED.iter().map(|(name, _)| (*name).to_owned()));
    let missing: Vec<_> = declared.difference(&covered).collect();
    assert!(missing.is_empty(), "print these here too: {missing:?}");
}

/// The library has no log; nothing may be written to the standard streams either.
#[test]
fn no_source_logs_or_prints() {
    each_source_line(|library, file, lines| {
        for line in lines.iter().filter(|line| !line.trim_start().starts_with("//")) {
            for word in ["println!", "print!(", "dbg!", "log::", "tracing::", "stderr", "stdout"] {
                assert!(!line.contains(word), "{library}: {file}: {line}");
            }
        }
    });
}

/// Calls back for each source file of the libraries with its lines before the unit tests.
fn each_source_line(mut look: impl FnMut(&str, &str, &[&str])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    for library in ["core", "holder", "issuer", "mexico", "store", "verifier"] {
        let mut folders = vec![root.join(library).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let lines = text.lines().take_while(|line| line.trim_end() != "mod tests {");
                let file = path.file_name().unwrap().to_string_lossy().into_owned();
                look(library, &file, &lines.collect::<Vec<_>>());
            }
        }
    }
}

/// The detector finds a leak in every form in which one could happen.
#[test]
fn a_planted_leak_is_found() {
    let mut canaries = Canaries::new();
    canaries.add("name", CANARY);
    canaries.add("token", &"abcdefghijklmnopqrstuvwxyz0123456789".repeat(3));
    canaries.add_bytes("key", &STORE_KEY);
    let name = CANARY.as_bytes();
    for leak in [
        format!("Error {{ name: {CANARY:?} }}"),
        format!("no such person: {}", CANARY.to_uppercase()),
        "only QUETZALCANARIO".to_owned(),
        format!("{name:?}"),
        format!("{name:#?}"),
        token::encode(name),
        token::encode([b"x", name].concat()),
        token::encode([b"xy", name].concat()),
        token::encode(json!(["salt", "given_name", CANARY]).to_string()),
        name.iter().fold(String::new(), |text, byte| text + &format!("{byte:02X}")),
        format!("expected a string, got {:?}", json!({ "a": [CANARY] })),
    ] {
        assert_eq!(canaries.find(&leak), Some("name"), "{leak}");
    }
    let part = "... qrstuvwxyz0123456789abcdefghijklmnopqrstuv ...";
    assert_eq!(canaries.find(part), Some("token"));
    assert_eq!(canaries.find(&format!("{STORE_KEY:?}")), Some("key"));
    assert_eq!(canaries.find("field given_name is not a name: nombre_length"), None);
}
