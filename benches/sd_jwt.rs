//! Issue 20 claims, present 3 of them with key binding, verify that; beside it the signatures and hashes alone.
//!
//! `cargo bench` measures each with criterion and then prints, per algorithm and step, the ratio of the whole to that
//! floor, the two timed in turn so that a drifting clock rate cancels out. With `--features peers` other implementations
//! in Rust do the same work in the same run.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench stops at the first surprise")]

#[cfg(feature = "peers")]
mod peers;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use llavero_core::issue::{self, IssuerHeader};
use llavero_core::present::Held;
use llavero_core::template::Object;
use llavero_core::{
    AlgorithmSet, Challenge, ClaimPath, Format, HashAlgorithm, KeyBinding, KeyKind, Part, Policy,
    PublicKey, Random, RandomError, SdJwt, Signature, Signer, SigningKey, UnixTime,
};
use sha2::{Digest as _, Sha256};

const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);
const AUDIENCE: &str = "https://bar.example";
const NONCE: &str = "f3Kq0vYk1mXc7bTz9LdW2s";
const CLAIMS: usize = 20;

/// Steps and how many times the cost of the floor each may take.
const BOUNDS: [(&str, f64); 3] = [("issue", 1.8), ("present", 1.8), ("verify", 1.15)];

struct Fast(u64);

impl Random for Fast {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for chunk in out.chunks_mut(8) {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            chunk.copy_from_slice(self.0.to_le_bytes().get(..chunk.len()).unwrap());
        }
        Ok(())
    }
}

/// Everything the three steps need, made once.
struct Story {
    kind: KeyKind,
    issuer: SigningKey,
    issuer_public: PublicKey,
    holder: SigningKey,
    claims: Object,
    shown: Vec<ClaimPath>,
    issued: String,
    presentation: String,
}

impl Story {
    fn new(kind: KeyKind) -> Self {
        let mut random = Fast(1);
        let issuer = SigningKey::generate(kind, &mut random).unwrap();
        let holder = SigningKey::generate(kind, &mut random).unwrap();
        let mut claims = Object::new()
            .open("iss", "https://agencia.example")
            .open("vct", "urn:example:mx:ine:1")
            .open("exp", NOW.plus_secs(7 * 86_400).as_secs())
            .open("cnf", Object::new().open("jwk", holder.public_key().to_jwk()));
        for number in 0..CLAIMS {
            claims = claims.disclosable(
                format!("claim_{number:02}"),
                format!("a value of usual length {number}"),
            );
        }
        let shown = [1, 7, 13]
            .map(|number| ClaimPath::names([format!("claim_{number:02}").as_str()]).unwrap());
        let mut story = Self {
            kind,
            issuer_public: issuer.public_key(),
            issuer,
            holder,
            claims,
            shown: shown.to_vec(),
            issued: String::new(),
            presentation: String::new(),
        };
        story.issued = story.issue();
        story.presentation = story.present();
        story.verify();
        story
    }

    fn issue(&self) -> String {
        let header = IssuerHeader::sd_jwt_vc(self.kind.default_algorithm());
        let unsigned =
            issue::prepare(&self.claims, &header, HashAlgorithm::Sha256, &mut Fast(2)).unwrap();
        unsigned.sign(&self.issuer).unwrap().into_string()
    }

    /// From the text in the wallet's store to the text on the wire.
    fn present(&self) -> String {
        let held = Held::reopen(&self.issued).unwrap();
        let selection = held.select(&self.shown).unwrap();
        held.present(&selection)
            .bind(AUDIENCE, NONCE, NOW, None)
            .unwrap()
            .sign(&self.holder)
            .unwrap()
    }

    fn verify(&self) {
        let policy = Policy {
            issuer_key: &self.issuer_public,
            issuer_algorithms: AlgorithmSet::ALL,
            issuer: Some("https://agencia.example"),
            format: Format::SdJwtVc { types: None },
            binding: KeyBinding::Require(Challenge {
                audience: AUDIENCE,
                nonce: NONCE,
                max_age_secs: 300,
                algorithms: AlgorithmSet::ALL,
            }),
            required_claims: &[],
            clock_skew_secs: 0,
        };
        let verified = SdJwt::parse(&self.presentation).unwrap().verify(&policy, NOW).unwrap();
        assert_eq!(black_box(verified).disclosed().count(), 3);
    }
}

/// The same signatures and hashes over the same bytes, and nothing else.
struct Floor {
    issuer: SigningKey,
    issuer_public: PublicKey,
    holder: SigningKey,
    holder_public: PublicKey,
    disclosures: Vec<String>,
    issuer_input: String,
    issuer_signature: Signature,
    presented: String,
    binding_input: String,
    binding_signature: Signature,
}

impl Floor {
    fn of(story: &Story) -> Self {
        let again = |key: &SigningKey| {
            SigningKey::from_jwk(&serde_json::from_str(&key.to_private_jwk_text()).unwrap())
                .unwrap()
        };
        let split = |jwt: &str| jwt.rsplit_once('.').unwrap().0.to_owned();
        let issuer_input = split(story.issued.split('~').next().unwrap());
        let binding = story.presentation.rsplit('~').next().unwrap();
        let (issuer, holder) = (again(&story.issuer), again(&story.holder));
        Self {
            issuer_public: issuer.public_key(),
            holder_public: holder.public_key(),
            disclosures: story
                .issued
                .split('~')
                .skip(1)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
                .collect(),
            issuer_signature: issuer.sign(issuer_input.as_bytes()).unwrap(),
            issuer_input,
            presented: story.presentation.strip_suffix(binding).unwrap().to_owned(),
            binding_signature: holder.sign(split(binding).as_bytes()).unwrap(),
            binding_input: split(binding),
            issuer,
            holder,
        }
    }

    fn issue(&self) {
        for disclosure in &self.disclosures {
            black_box(Sha256::digest(disclosure));
        }
        black_box(self.issuer.sign(self.issuer_input.as_bytes()).unwrap());
    }

    fn present(&self) {
        black_box(Sha256::digest(&self.presented));
        black_box(self.holder.sign(self.binding_input.as_bytes()).unwrap());
    }

    fn verify(&self) {
        let check = |key: &PublicKey, input: &str, signature| {
            key.verify(input.as_bytes(), signature, Part::IssuerJwt).unwrap();
        };
        check(&self.issuer_public, &self.issuer_input, &self.issuer_signature);
        check(&self.holder_public, &self.binding_input, &self.binding_signature);
    }
}

type Work<'a> = &'a dyn Fn();

/// The fastest round of each, the two timed in turn: whatever else the machine does can only add to a round.
fn ratio(whole: Work<'_>, floor: Work<'_>) -> (f64, f64, f64) {
    const ROUNDS: usize = 400;
    const REPEATS: u32 = 10;
    let micros = |work: Work<'_>| {
        let start = Instant::now();
        (0..REPEATS).for_each(|_| work());
        start.elapsed().as_secs_f64() * 1e6 / f64::from(REPEATS)
    };
    let (mut best_whole, mut best_floor) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        best_whole = best_whole.min(micros(whole));
        best_floor = best_floor.min(micros(floor));
    }
    (best_whole, best_floor, best_whole / best_floor)
}

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let mut summary = Vec::new();
    for (name, kind) in [("EdDSA", KeyKind::Ed25519), ("ES256", KeyKind::P256)] {
        let story = Story::new(kind);
        let floor = Floor::of(&story);
        let mut group = criterion.benchmark_group(name);
        group.bench_function("issue 20", |bench| bench.iter(|| story.issue()));
        group.bench_function("issue 20, floor", |bench| bench.iter(|| floor.issue()));
        group.bench_function("present 3 of 20", |bench| bench.iter(|| story.present()));
        group.bench_function("present 3 of 20, floor", |bench| bench.iter(|| floor.present()));
        group.bench_function("verify", |bench| bench.iter(|| story.verify()));
        group.bench_function("verify, floor", |bench| bench.iter(|| floor.verify()));
        group.finish();
        #[cfg(feature = "peers")]
        peers::run(&mut criterion, name, &story.issuer, &story.holder);
        let steps: [(Work<'_>, Work<'_>); 3] = [
            (
                &|| {
                    black_box(story.issue());
                },
                &|| floor.issue(),
            ),
            (
                &|| {
                    black_box(story.present());
                },
                &|| floor.present(),
            ),
            (&|| story.verify(), &|| floor.verify()),
        ];
        for ((step, bound), (whole, floor)) in BOUNDS.into_iter().zip(steps) {
            summary.push((name, step, bound, ratio(whole, floor)));
        }
    }
    criterion.final_summary();
    println!("\n{:6} {:8} {:>9} {:>9} {:>6} {:>8}", "", "", "µs", "floor µs", "ratio", "at most");
    for (name, step, bound, (whole, floor, ratio)) in summary {
        let verdict = if ratio <= bound { "" } else { "  over" };
        println!("{name:6} {step:8} {whole:9.1} {floor:9.1} {ratio:6.2} {bound:8.2}{verdict}");
    }
}
