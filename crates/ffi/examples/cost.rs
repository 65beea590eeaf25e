//! What the surface costs: the same steps on the crates below it and through it.
//!
//! ```sh
//! cargo run --release -p llavero-ffi --example cost
//! ```
//!
//! Each figure is the median of many runs. The packages time the same steps in their own languages.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops where a step fails"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use llavero_core::OsRandom;
use llavero_core::request::PresentationRequest;
use llavero_ffi::{
    Asker, Challenge, ConsentSheet, CredentialType, DcqlQuery, Issuer, KeyKind, Language, Random,
    RandomError, Record, SigningKey, TrustList, TrustedIssuer, TrustedKey, TypeName, Wallet,
    refusal,
};
use llavero_holder as holder;
use llavero_tests::world::{AGENCY, NOW};
use llavero_verifier as verifier;

/// As many as a batch has copies, but for some to warm up.
const ROUNDS: usize = 90;
const COPIES: u32 = 100;
const WARM_UP: usize = 10;
const CREDENTIALS: usize = 20;
const NONCE: &str = "agency-nonce-1";
const EN: Language = Language::En;

fn main() {
    let agency = Agency::new();
    println!("{:<42} {:>12} {:>12}", "median, in microseconds", "crates below", "surface");
    row("a call that does next to nothing", None, Some(median(|| (), |()| refusal())));
    verifying(&agency);
    listing(&agency);
    approving(&agency);
}

fn verifying(agency: &Agency) {
    let trust = agency.trust();
    let below = llavero_core::trust::TrustList::from_slice(trust.to_json().as_bytes()).unwrap();
    let answered = |wallet: &Wallet| {
        let challenge = over_18();
        let answer = sheet(wallet, &challenge).approve(wallet, NOW).unwrap();
        (challenge, answer)
    };
    let wallet = agency.wallet(1, None);
    let kept = || {
        let (challenge, answer) = answered(&wallet);
        let kept = challenge.to_json().unwrap();
        (verifier::Challenge::from_slice(kept.as_bytes()).unwrap(), answer)
    };
    let below = median(kept, |(challenge, answer)| {
        challenge.verify(answer.as_bytes(), &below, NOW).unwrap()
    });
    let wallet = agency.wallet(1, None);
    let surface = median(
        || answered(&wallet),
        |(challenge, answer)| challenge.verify(&answer, &trust, NOW).unwrap(),
    );
    row("verify a presentation", Some(below), Some(surface));
}

fn listing(agency: &Agency) {
    let below = agency.wallet_below(CREDENTIALS);
    let below = median(|| (), |()| below.credentials(EN.into()).unwrap());
    let surface = agency.wallet(CREDENTIALS, None);
    let surface = median(|| (), |()| surface.credentials(EN).unwrap());
    row("list 20 credentials of 100 copies", Some(below), Some(surface));
}

fn approving(agency: &Agency) {
    let mut wallet = agency.wallet_below(1);
    let mut sheets: Vec<holder::ConsentSheet> = (0..ROUNDS + WARM_UP)
        .map(|_| {
            let request = over_18().request().unwrap();
            let request = PresentationRequest::from_slice(request.as_bytes()).unwrap();
            wallet.consider(&request, NOW, EN.into()).unwrap().sheet().unwrap()
        })
        .collect();
    let below = median(
        || sheets.pop().unwrap(),
        |sheet| sheet.approve(&mut wallet, NOW, &mut OsRandom).unwrap().to_json().to_string(),
    );
    let through = |random: Option<Arc<dyn Random>>| {
        let wallet = agency.wallet(1, random);
        median(|| sheet(&wallet, &over_18()), |sheet| sheet.approve(&wallet, NOW).unwrap())
    };
    row("approve: spend and sign", Some(below), Some(through(None)));
    row("… with a generator of the app's own", None, Some(through(Some(Arc::new(Own)))));
}

/// A generator behind the interface for apps: what it costs is the way to it.
struct Own;

impl Random for Own {
    fn bytes(&self, count: u32) -> Result<Vec<u8>, RandomError> {
        let mut bytes = vec![0; usize::try_from(count).unwrap()];
        let filled = llavero_core::Random::fill(&mut OsRandom, &mut bytes);
        filled.map(|()| bytes).map_err(|_| RandomError::Unavailable)
    }
}

struct Agency {
    key: SigningKey,
    issuer: Issuer,
}

impl Agency {
    fn new() -> Self {
        let key = SigningKey::generate(KeyKind::P256).unwrap();
        let issuer = Issuer::new(AGENCY, &key.public_key()).unwrap();
        Self { key, issuer }
    }

    fn trust(&self) -> TrustList {
        let key =
            TrustedKey { key: self.issuer.key(), key_id: None, not_before: None, not_after: None };
        let issuer = TrustedIssuer {
            issuer: AGENCY.to_owned(),
            name: "Agencia de Ejemplo".to_owned(),
            types: vec![CredentialType::Age.default_vct()],
            keys: vec![key],
            certificates: None,
            requires_type_metadata: false,
        };
        TrustList::new(NOW, vec![issuer]).unwrap()
    }

    fn copies(&self, proofs: Vec<String>) -> Vec<String> {
        let record = Record::from_json(CredentialType::Age, r#"{"birthdate":"2000-01-01"}"#, NOW);
        let name =
            TypeName { vct: CredentialType::Age.default_vct(), integrity: None, document: None };
        let draft = self.issuer.draft(&record.unwrap(), name, 30, NOW).unwrap();
        let batch = self.issuer.prepare(&draft, proofs, NONCE, NOW, None).unwrap();
        batch.sign(&self.key).unwrap()
    }

    fn wallet(&self, credentials: usize, random: Option<Arc<dyn Random>>) -> Wallet {
        let wallet = Wallet::in_memory(None, random, 60);
        for _ in 0..credentials {
            let proofs = wallet.begin(AGENCY, NONCE, COPIES, KeyKind::P256, NOW).unwrap();
            wallet.receive(self.copies(proofs), &self.trust(), NOW, EN).unwrap();
        }
        wallet
    }

    fn wallet_below(&self, credentials: usize) -> holder::Wallet {
        let mut wallet = holder::Wallet::new(holder::MemoryStore::new(), holder::SoftwareKeys);
        let trust = self.trust().to_json();
        let trust = llavero_core::trust::TrustList::from_slice(trust.as_bytes()).unwrap();
        let (count, random) = (usize::try_from(COPIES).unwrap(), &mut OsRandom);
        for _ in 0..credentials {
            let kind = holder::KeyKind::P256;
            let offered = wallet.begin(AGENCY, NONCE, count, kind, NOW, random).unwrap();
            let copies = self.copies(offered.into_proofs());
            wallet.receive(&copies, &trust, NOW, EN.into(), random).unwrap();
        }
        wallet
    }
}

fn over_18() -> Challenge {
    let vct = vec![CredentialType::Age.default_vct()];
    let path = vec!["age_equal_or_over.18".to_owned()];
    let query = DcqlQuery::for_claims("age", vct, path).unwrap();
    let asker = Asker { client_id: "https://bar.example".to_owned(), client_name: None };
    Challenge::new(asker, "Vender una bebida", &query, 300, NOW, None).unwrap()
}

fn sheet(wallet: &Wallet, challenge: &Challenge) -> ConsentSheet {
    let request = challenge.request().unwrap();
    wallet.consider(&request, NOW, EN).unwrap().sheet().unwrap()
}

/// How long `step` takes; making its input takes no part.
fn median<I, T>(mut input: impl FnMut() -> I, mut step: impl FnMut(I) -> T) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS + WARM_UP)
        .map(|_| {
            let input = input();
            let began = Instant::now();
            let made = black_box(step(black_box(input)));
            let took = began.elapsed();
            drop(made);
            took
        })
        .skip(WARM_UP)
        .collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap()
}

fn row(what: &str, below: Option<Duration>, surface: Option<Duration>) {
    let figure = |time: Option<Duration>| {
        time.map_or_else(String::new, |time| format!("{:.1}", time.as_secs_f64() * 1e6))
    };
    println!("{what:<42} {:>12} {:>12}", figure(below), figure(surface));
}
