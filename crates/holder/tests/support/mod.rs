//! An issuer, a store that can fail, and a wallet between them. All people are invented.

#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use llavero_core::dcql::DcqlQuery;
use llavero_core::issue::{self, IssuerHeader};
use llavero_core::template::Object;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{
    AlgorithmSet, Challenge, ClaimPath, Error, HashAlgorithm, JwsAlgorithm, KeyBinding, KeyKind,
    PublicKey, Random, RandomError, SdJwt, Signer, SigningKey, UnixTime, Verified, key_proof,
};
use llavero_holder::{
    Change, CredentialId, Language, MemoryStore, PresentationRequest, Receipt, RecordBytes,
    SoftwareKeys, Store, StoreError, Table, Wallet, WalletError,
};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://agencia.example";
pub(crate) const VERIFIER: &str = "https://cantina.example";
pub(crate) const AGE: &str = "urn:example:mx:age:1";
pub(crate) const INE: &str = "urn:example:mx:ine:1";
pub(crate) const CURP: &str = "urn:example:mx:curp:1";
pub(crate) const NOW: UnixTime = UnixTime::from_secs(1_795_305_661);
pub(crate) const EXPIRES: UnixTime = UnixTime::from_secs(1_795_305_600 + 7 * 86_400);

/// Reproducible, and useless for anything else.
pub(crate) struct Seeded(pub(crate) u64);

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for byte in out {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = self.0;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (word ^ (word >> 31)).to_le_bytes()[0];
        }
        Ok(())
    }
}

/// What goes wrong with a commit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// It fails and nothing has changed.
    Refused,
    /// The process dies inside it, after everything became durable.
    DiesAfter,
}

/// A store that outlives the wallet over it, as a file does, and fails when told to.
#[derive(Clone, Default)]
pub(crate) struct Disk(Arc<Mutex<DiskState>>);

#[derive(Default)]
struct DiskState {
    records: MemoryStore,
    fault: Option<Fault>,
    commits: usize,
}

impl Disk {
    fn lock(&self) -> MutexGuard<'_, DiskState> {
        self.0.lock().unwrap()
    }

    pub(crate) fn commits(&self) -> usize {
        self.lock().commits
    }

    pub(crate) fn fail_next(&self, fault: Fault) {
        self.lock().fault = Some(fault);
    }

    pub(crate) fn wallet(&self) -> Wallet {
        Wallet::new(self.clone(), SoftwareKeys)
    }

    /// Takes back a fault that nothing has met.
    pub(crate) fn work_again(&self) {
        self.lock().fault = None;
    }

    /// Everything in it, to compare before and after.
    pub(crate) fn contents(&self) -> Vec<(Table, String, Vec<u8>)> {
        let state = self.lock();
        let mut contents = Vec::new();
        for table in Table::ALL {
            for (key, value) in state.records.list(table).unwrap() {
                contents.push((table, key, value.to_vec()));
            }
        }
        contents
    }

    pub(crate) fn overwrite(&self, table: Table, key: &str, value: &[u8]) {
        let value = RecordBytes::new(value.to_vec());
        self.lock().records.commit(&[Change::Put { table, key: key.to_owned(), value }]).unwrap();
    }
}

impl Store for Disk {
    fn get(&self, table: Table, key: &str) -> Result<Option<RecordBytes>, StoreError> {
        self.lock().records.get(table, key)
    }

    fn list(&self, table: Table) -> Result<Vec<(String, RecordBytes)>, StoreError> {
        self.lock().records.list(table)
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let mut state = self.lock();
        state.commits += 1;
        match state.fault.take() {
            Some(Fault::Refused) => Err(StoreError::Unavailable),
            Some(Fault::DiesAfter) => {
                state.records.commit(changes)?;
                Err(StoreError::Unavailable)
            }
            None => state.records.commit(changes),
        }
    }
}

/// An agency that issues whatever it is told to.
pub(crate) struct Agency {
    pub(crate) key: SigningKey,
    pub(crate) random: Seeded,
}

impl Agency {
    pub(crate) fn new() -> Self {
        let mut random = Seeded(7);
        Self { key: SigningKey::generate(KeyKind::P256, &mut random).unwrap(), random }
    }

    pub(crate) fn trust(&self) -> TrustList {
        let issuer = TrustedIssuer {
            issuer: ISSUER.to_owned(),
            name: "Agencia de ejemplo".to_owned(),
            types: [AGE, INE, CURP, "urn:example:other"].map(str::to_owned).to_vec(),
            keys: IssuerKeys::Listed(vec![TrustedKey::new(self.key.public_key())]),
            requires_type_metadata: false,
        };
        TrustList::new(NOW, vec![issuer]).unwrap()
    }

    pub(crate) fn keys(&self, proofs: &[String]) -> Vec<PublicKey> {
        let policy = key_proof::ProofPolicy {
            audience: ISSUER,
            nonce: "enrolment-nonce-1",
            max_age_secs: 60,
            clock_skew_secs: 0,
            algorithms: AlgorithmSet::ALL,
        };
        proofs.iter().map(|proof| key_proof::verify(proof, &policy, NOW).unwrap()).collect()
    }

    pub(crate) fn issue(&mut self, claims: &Object) -> String {
        let header = IssuerHeader::sd_jwt_vc(JwsAlgorithm::Es256);
        let unsigned =
            issue::prepare(claims, &header, HashAlgorithm::Sha256, &mut self.random).unwrap();
        unsigned.sign(&self.key).unwrap().into_string()
    }

    pub(crate) fn issue_all(
        &mut self,
        keys: &[PublicKey],
        claims: impl Fn(usize, &PublicKey) -> Object,
    ) -> Vec<String> {
        keys.iter().enumerate().map(|(copy, key)| self.issue(&claims(copy, key))).collect()
    }

    /// Takes a copy apart, lets `change` at header, payload and Disclosures, and signs it anew.
    pub(crate) fn reissue(
        &self,
        copy: &str,
        change: impl FnOnce(&mut Value, &mut Value, &mut Vec<Value>),
    ) -> String {
        let sd_jwt = SdJwt::parse(copy).unwrap();
        let mut contents = sd_jwt.untrusted_contents().unwrap();
        change(&mut contents.header, &mut contents.payload, &mut contents.disclosures);
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let mut text = format!("{}.{}", encode(&contents.header), encode(&contents.payload));
        let signature = self.key.sign(text.as_bytes()).unwrap();
        text.push('.');
        text.push_str(&URL_SAFE_NO_PAD.encode(signature.as_bytes()));
        text.push('~');
        // As they were written, or the digests would not fit: arrays have no names to be sorted.
        for disclosure in &contents.disclosures {
            text.push_str(&encode(disclosure));
            text.push('~');
        }
        text
    }
}

pub(crate) fn cnf(key: &PublicKey) -> Value {
    json!({ "jwk": key.to_jwk() })
}

fn status(index: usize) -> Value {
    // Far apart, and of one width.
    json!({ "status_list": { "idx": 1_000_000 + index * 7_919, "uri": "https://agencia.example/status/4" } })
}

pub(crate) fn open(vct: &str, key: &PublicKey) -> Object {
    Object::new()
        .open("vct", vct)
        .open("iss", ISSUER)
        .open("exp", EXPIRES.as_secs())
        .open("cnf", cnf(key))
        .open("issuing_country", "MX")
}

pub(crate) fn age(_: usize, key: &PublicKey) -> Object {
    let mut ages = Object::new();
    for (threshold, reached) in [("18", true), ("21", true), ("60", false)] {
        ages = ages.disclosable(threshold, reached);
    }
    open(AGE, key).open("age_equal_or_over", ages.min_digests(7))
}

pub(crate) fn ine(copy: usize, key: &PublicKey) -> Object {
    let address = Object::new()
        .disclosable("region", "Jalisco")
        .disclosable("street_address", "Calle Falsa 123");
    open(INE, key)
        .open("status", status(copy))
        .disclosable("given_name", "Irene Canaria")
        .disclosable("family_name", "Ejemplo Imaginario")
        .disclosable("birthdate", "2003-05-17")
        .disclosable("curp", "EEII030517MVZJMRA2")
        .open("age_equal_or_over", Object::new().disclosable("18", true).min_digests(4))
        .open("address", address.min_digests(6))
        .min_digests(20)
}

/// A wallet over a disk, an agency, and one generator for both.
pub(crate) struct World {
    pub(crate) agency: Agency,
    pub(crate) disk: Disk,
    pub(crate) wallet: Wallet,
    pub(crate) random: Seeded,
}

impl World {
    pub(crate) fn new() -> Self {
        let disk = Disk::default();
        Self { agency: Agency::new(), wallet: disk.wallet(), disk, random: Seeded(11) }
    }

    /// Offers keys for a batch of this many copies.
    pub(crate) fn enrol(&mut self, count: usize) -> Vec<PublicKey> {
        let nonce = "enrolment-nonce-1";
        let random = &mut self.random;
        let enrolment =
            self.wallet.begin(ISSUER, nonce, count, KeyKind::P256, NOW, random).unwrap();
        self.agency.keys(enrolment.proofs())
    }

    pub(crate) fn receive(&mut self, copies: &[String]) -> Result<Receipt, WalletError> {
        let trust = self.agency.trust();
        self.wallet.receive(copies, &trust, NOW, Language::En, &mut self.random)
    }

    /// A batch of honest copies, received.
    pub(crate) fn hold(
        &mut self,
        count: usize,
        claims: impl Fn(usize, &PublicKey) -> Object,
    ) -> CredentialId {
        let keys = self.enrol(count);
        let copies = self.agency.issue_all(&keys, claims);
        self.receive(&copies).unwrap().credential().id().clone()
    }

    pub(crate) fn left(&self, id: &CredentialId) -> usize {
        let credentials = self.wallet.credentials(Language::En).unwrap();
        credentials.iter().find(|held| held.id() == id).unwrap().copies_left()
    }

    pub(crate) fn request(&mut self, vct: &str, paths: &[&str]) -> PresentationRequest {
        let paths = paths.iter().map(|path| ClaimPath::parse_dotted(path).unwrap());
        let query = DcqlQuery::for_claims("q", [vct], paths).unwrap();
        self.request_for(query)
    }

    pub(crate) fn request_for(&mut self, query: DcqlQuery) -> PresentationRequest {
        let (name, purpose) = (Some("La Cantina"), "Vender bebidas");
        PresentationRequest::new(VERIFIER, name, purpose, query, &mut self.random).unwrap()
    }

    /// What the verifier makes of a presentation.
    pub(crate) fn verify(
        &self,
        text: &str,
        request: &PresentationRequest,
    ) -> Result<Verified, Error> {
        let challenge = Challenge {
            audience: VERIFIER,
            nonce: request.nonce(),
            max_age_secs: 300,
            algorithms: AlgorithmSet::ALL,
        };
        let binding = KeyBinding::Require(challenge);
        let trust = self.agency.trust();
        let trusted = trust.verify(SdJwt::parse(text)?, binding, &[], 60, NOW)?;
        Ok(trusted.verified)
    }
}
