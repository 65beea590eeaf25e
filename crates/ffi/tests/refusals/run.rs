//! Runs a case of the file as the suites of the packages do: bindings/vectors/README.md says how.

use std::sync::Arc;

use llavero_core::UnixTime;
use llavero_ffi::{
    Asker, CalendarDate, Challenge, Choices, ClaveElector, ConsentSheet, CredentialType, Curp,
    DcqlQuery, Differentiator, Draft, IneMrz, Issuer, IssuerMetadata, KeyKind, Language,
    LlaveroError, PublicKey, Record, Rfc, SigningKey, TrustList, TypeDocument, TypeName,
    UnsignedBatch, Wallet, inspect,
};
use serde_json::Value;

use crate::support::{AGENCY, Dictionary, Records};

/// What the case's call gives. A step before the last that fails is a panic.
pub(crate) fn run(case: &Value, issuer_jwk: &str) -> Result<(), LlaveroError> {
    let input = Input { value: &case["input"], issuer_jwk };
    match case["call"].as_str().unwrap() {
        "attach" => input.batch().attach(input.signatures()).map(drop),
        "challenge" => input.challenge(),
        "challenge_json" => Challenge::from_json(&input.text("text")).map(drop),
        "clave_elector" => ClaveElector::parse(&input.text("text")).map(drop),
        "curp" => Curp::parse(&input.text("text"), input.date(), Differentiator::AToJ).map(drop),
        "draft" => input.draft(&input.record().unwrap()).map(drop),
        "ine_mrz" => IneMrz::parse(input.texts("lines"), input.date()).map(drop),
        "inspect" => inspect(&input.text("text")).map(drop),
        "issuer" => Issuer::new(&input.text("identifier"), &input.issuer_key()).map(drop),
        "issuer_metadata" => {
            IssuerMetadata::from_json(&input.text("text"), &input.text("identifier")).map(drop)
        }
        "prepare" => input.prepare().map(drop),
        "public_key_device" => {
            PublicKey::from_device(input.kind(), unhex(&input.text("hex"))).map(drop)
        }
        "public_key_jwk" => PublicKey::from_jwk(&input.text("text")).map(drop),
        "query" => DcqlQuery::from_json(&input.text("text")).map(drop),
        "query_for_claims" => {
            let (types, paths) = (input.texts("vct_values"), input.texts("paths"));
            DcqlQuery::for_claims(&input.text("id"), types, paths).map(drop)
        }
        "record" => input.record().map(drop),
        "rfc" => Rfc::parse(&input.text("text")).map(drop),
        "sign" => {
            let key = SigningKey::from_jwk(&input.text("signing_jwk")).unwrap();
            input.batch().sign(&key).map(drop)
        }
        "signing_key_jwk" => SigningKey::from_jwk(&input.text("text")).map(drop),
        "trust_list" => TrustList::from_json(&input.text("text")).map(drop),
        "verify" => {
            let challenge = Challenge::from_json(&input.text("challenge")).unwrap();
            challenge.verify(&input.text("answer"), &input.trust(), input.time("now")).map(drop)
        }
        of_a_wallet => input.run_on_wallet(of_a_wallet),
    }
}

struct Input<'c> {
    value: &'c Value,
    issuer_jwk: &'c str,
}

impl Input<'_> {
    fn run_on_wallet(&self, call: &str) -> Result<(), LlaveroError> {
        let store = Dictionary::holding(self.records());
        let wallet = Arc::new(Wallet::with_store(Arc::clone(&store) as _, None, None, 60));
        match call {
            "approve" => {
                let sheet = self.sheet(&wallet);
                for record in self.value["drop"].as_array().into_iter().flatten() {
                    store.remove(&text(&record["table"]), &text(&record["key"]));
                }
                sheet.approve(&wallet, self.time("approve_now")).map(drop)
            }
            "begin" => {
                let (issuer, nonce) = (self.text("issuer"), self.text("nonce"));
                let count = self.number("count");
                wallet.begin(&issuer, &nonce, count, self.kind(), self.time("now")).map(drop)
            }
            "choose" => {
                let choices = self.consider(&wallet).unwrap();
                choices.choose(&self.text("query"), &self.text("credential"))
            }
            "choose_set" => {
                let choices = self.consider(&wallet).unwrap();
                choices.choose_set(self.number("set"), self.number("option"))
            }
            "consider" => self.consider(&wallet).map(drop),
            "credentials" => wallet.credentials(Language::EsMx).map(drop),
            "finish_answer" => {
                let sheet = self.sheet(&wallet);
                let answer = sheet.approve_unsigned(Arc::clone(&wallet), self.time("now")).unwrap();
                answer.finish(self.signatures()).map(drop)
            }
            "finish_enrolment" => {
                let (issuer, nonce) = (self.text("issuer"), self.text("nonce"));
                let (count, now) = (self.number("count"), self.time("now"));
                let pending =
                    wallet.begin_unsigned(&issuer, &nonce, count, self.kind(), now).unwrap();
                pending.finish(self.signatures()).map(drop)
            }
            "history" => wallet.history().map(drop),
            "receive" => {
                let (copies, trust) = (self.texts("copies"), self.trust());
                wallet.receive(copies, &trust, self.time("now"), Language::EsMx).map(drop)
            }
            "remove" => wallet.remove(&self.text("id")),
            "sheet" => self.consider(&wallet).unwrap().sheet().map(drop),
            "show" => wallet.show(&self.text("id"), Language::EsMx).map(drop),
            unknown => panic!("no call {unknown}"),
        }
    }

    fn consider(&self, wallet: &Wallet) -> Result<Choices, LlaveroError> {
        wallet.consider(&self.text("request"), self.time("now"), Language::EsMx)
    }

    fn sheet(&self, wallet: &Wallet) -> Arc<ConsentSheet> {
        Arc::new(self.consider(wallet).unwrap().sheet().unwrap())
    }

    fn challenge(&self) -> Result<(), LlaveroError> {
        let client_name = self.value.get("client_name").map(text);
        let asker = Asker { client_id: self.text("client_id"), client_name };
        let query = DcqlQuery::from_json(&self.text("query")).unwrap();
        let (purpose, lifetime) = (self.text("purpose"), self.number("lifetime_secs"));
        Challenge::new(asker, &purpose, &query, lifetime, self.time("now"), None).map(drop)
    }

    fn record(&self) -> Result<Record, LlaveroError> {
        let credential_type = match self.text("credential_type").as_str() {
            "Age" => CredentialType::Age,
            "Curp" => CredentialType::Curp,
            "Ine" => CredentialType::Ine,
            unknown => panic!("no type {unknown}"),
        };
        Record::from_json(credential_type, &self.text("text"), self.time("now"))
    }

    fn draft(&self, record: &Record) -> Result<Draft, LlaveroError> {
        let document = self.value.get("documents").map(|_| {
            let mut documents = self.texts("documents");
            let extended = documents.split_off(1);
            Arc::new(TypeDocument::new(&documents[0], extended).unwrap())
        });
        let integrity = self.value.get("integrity").map(text);
        let name = TypeName { vct: self.text("vct"), integrity, document };
        let days = u16::try_from(self.number("days")).unwrap();
        self.issuer().draft(record, name, days, self.time("now"))
    }

    fn prepare(&self) -> Result<UnsignedBatch, LlaveroError> {
        let draft = self.draft(&self.record().unwrap()).unwrap();
        let (proofs, nonce) = (self.texts("proofs"), self.text("nonce"));
        self.issuer().prepare(&draft, proofs, &nonce, self.time("now"), None)
    }

    fn batch(&self) -> UnsignedBatch {
        self.prepare().unwrap()
    }

    fn issuer_key(&self) -> Arc<PublicKey> {
        SigningKey::from_jwk(self.issuer_jwk).unwrap().public_key()
    }

    fn issuer(&self) -> Issuer {
        Issuer::new(AGENCY, &self.issuer_key()).unwrap()
    }

    fn trust(&self) -> TrustList {
        TrustList::from_json(&self.text("trust")).unwrap()
    }

    fn records(&self) -> Records {
        let records = self.value["store"].as_array().unwrap().iter();
        let record = |record: &Value| {
            let place = (text(&record["table"]), text(&record["key"]));
            (place, text(&record["value"]).into_bytes())
        };
        records.map(record).collect()
    }

    fn text(&self, member: &str) -> String {
        text(&self.value[member])
    }

    fn texts(&self, member: &str) -> Vec<String> {
        self.value[member].as_array().unwrap().iter().map(text).collect()
    }

    fn signatures(&self) -> Vec<Vec<u8>> {
        self.texts("signatures").iter().map(|signature| unhex(signature)).collect()
    }

    fn number(&self, member: &str) -> u32 {
        u32::try_from(self.value[member].as_u64().unwrap()).unwrap()
    }

    fn time(&self, member: &str) -> UnixTime {
        UnixTime::from_secs(self.value[member].as_i64().unwrap())
    }

    fn date(&self) -> CalendarDate {
        let part = |member: &str| self.value[member].as_i64().unwrap();
        CalendarDate {
            year: i16::try_from(part("year")).unwrap(),
            month: i8::try_from(part("month")).unwrap(),
            day: i8::try_from(part("day")).unwrap(),
        }
    }

    fn kind(&self) -> KeyKind {
        match self.text("kind").as_str() {
            "Ed25519" => KeyKind::Ed25519,
            "P256" => KeyKind::P256,
            unknown => panic!("no kind {unknown}"),
        }
    }
}

/// A text as it stands, or one that is repeated.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(
        || {
            let times = usize::try_from(value["times"].as_u64().unwrap()).unwrap();
            value["repeat"].as_str().unwrap().repeat(times)
        },
        str::to_owned,
    )
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.map(byte).collect()
}
