//! The same tokens, honest and not, put to us and to six other implementations. Verdicts and claims are compared;
//! each difference stands in `tests/divergences.json` with who is right and why, and each entry there must still show.
//!
//! `LLAVERO_DIFFERENTIAL_TOKENS` says how many; `cargo xtask differential` asks for 100,000.
#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a helper that fails fails its test"
)]

mod bytes;
mod class;
mod compare;
mod dice;
mod draft;
mod honest;
mod hunt;
mod issuer;
mod key_binding;
mod ledger;
mod shape;
mod structure;
mod vc;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::thread;
use std::time::Instant;

use llavero_core::{
    AlgorithmSet, Challenge, Format, KeyBinding, Policy, SdJwt, Signer as _, UnixTime,
};
use llavero_tests::peers::{self, Peer, PeerAnswer, Places, Verify};
use llavero_tests::seeded::{Pair, pairs};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use class::{Case, Class};
use compare::same;
use dice::Dice;
use draft::{Draft, Kind, NOW};
use ledger::{Divergence, Ledger, Said};

/// How many tokens a run without wishes has: each class comes up eighteen times.
const TOKENS: usize = 12_000;

/// How many are in memory at a time.
const CHUNK: usize = 4_000;

/// For one peer of the in-process kind that recurses.
const STACK: usize = 256 << 20;

#[test]
fn every_divergence_from_another_implementation_is_explained() {
    quiet_panics_of_peers();
    let wanted = match std::env::var("LLAVERO_DIFFERENTIAL_TOKENS") {
        Ok(number) => number.parse().unwrap(),
        Err(_) => TOKENS,
    };
    let (ledger, start) = (Ledger::open(), Instant::now());
    let mut peers = peers::verifiers(&Places::workspace()).unwrap();
    let (pairs, classes) = (pairs().unwrap(), class::all());
    let mut source = Source::new(&pairs, &classes, wanted);
    let mut tally = Tally::default();
    let mut chunk = source.chunk();
    while !chunk.is_empty() {
        let told: Vec<Verify> = chunk.iter().map(|asked| asked.command(Some(NOW))).collect();
        let untold: Vec<Verify> = chunk.iter().map(|asked| asked.command(None)).collect();
        let (here, there, next) = thread::scope(|scope| {
            let mut threads = Vec::new();
            for peer in &mut peers {
                let commands = if peer.takes_time() { &told } else { &untold };
                let thread = thread::Builder::new().name(PEER.to_owned()).stack_size(STACK);
                threads.push(thread.spawn_scoped(scope, || peer.verify_all(commands)).unwrap());
            }
            let here = scope.spawn(|| chunk.iter().map(verify_here).collect::<Vec<_>>());
            let next = source.chunk();
            let answers = threads.into_iter().map(|thread| thread.join().unwrap().unwrap());
            let there: Vec<_> = answers.collect();
            (here.join().unwrap(), there, next)
        });
        for (at, asked) in chunk.iter().enumerate() {
            tally.judge(asked, &here[at]);
            for (peer, answers) in peers.iter().zip(&there) {
                tally.compare(asked, &here[at], short(&**peer), &answers[at]);
            }
        }
        chunk = next;
    }
    let names: Vec<&str> = peers.iter().map(|peer| short(&**peer)).collect();
    println!("{}", tally.report(&names));
    println!(
        "{} tokens, {} distinct, of {} classes, in {} s",
        tally.tokens,
        source.seen.len(),
        classes.len(),
        start.elapsed().as_secs()
    );
    std::fs::write(Places::workspace().scratch.join("differential.json"), tally.record()).unwrap();
    for class in &classes {
        assert!(tally.cases.contains_key(&class.name), "too few tokens: none of {}", class.name);
    }
    let counts = tally.seen.iter().map(|(divergence, (count, _))| (divergence.clone(), *count));
    let mut failures = ledger.settle(&counts.collect());
    if failures.is_empty() {
        let (entries, rows) = (ledger.entries(), ledger.rows());
        println!("{entries} ledger entries all still diverge, {rows} times a case and a peer");
    }
    failures.extend(tally.wrong);
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
    assert!(source.seen.len() >= wanted && tally.tokens == source.seen.len());
}

/// A token and what there is to ask about it.
struct Asked<'k> {
    class: &'k Class,
    text: String,
    draft: Draft<'k>,
}

impl Asked<'_> {
    fn command(&self, now: Option<i64>) -> Verify {
        Verify {
            issuer_jwk: self.draft.pair.issuer.public.clone(),
            presentation: self.text.clone(),
            binding: self.draft.asked.clone(),
            now,
        }
    }
}

/// Tokens of all classes in turn, none twice.
struct Source<'k> {
    pairs: &'k [Pair],
    classes: &'k [Class],
    /// Of each class its own.
    dice: Vec<Dice>,
    wanted: usize,
    turn: usize,
    seen: HashSet<Vec<u8>>,
}

impl<'k> Source<'k> {
    fn new(pairs: &'k [Pair], classes: &'k [Class], wanted: usize) -> Self {
        let dice = classes.iter().map(|class| Dice::of(&class.name)).collect();
        Self { pairs, classes, dice, wanted, turn: 0, seen: HashSet::new() }
    }

    fn chunk(&mut self) -> Vec<Asked<'k>> {
        let mut chunk = Vec::new();
        while self.seen.len() < self.wanted && chunk.len() < CHUNK {
            // Every tenth is honest and like no other: what is common is where most credentials are.
            let is_common = self.seen.len().is_multiple_of(10);
            let at = if is_common { 0 } else { self.turn % self.classes.len() };
            self.turn += usize::from(!is_common);
            let class = &self.classes[at];
            let Case { text, draft } = class.token(self.pairs, &mut self.dice[at]);
            if self.seen.insert(Sha256::digest(&text).to_vec()) {
                chunk.push(Asked { class, text, draft });
            }
        }
        chunk
    }
}

fn verify_here(asked: &Asked<'_>) -> Result<Value, &'static str> {
    let draft = &asked.draft;
    let policy = Policy {
        issuer_key: &draft.pair.issuer.signing.public_key(),
        issuer_algorithms: AlgorithmSet::ALL,
        issuer: None,
        format: match draft.kind {
            Kind::SdJwt => Format::SdJwt { typ: None },
            Kind::SdJwtVc => Format::SdJwtVc { types: None },
        },
        binding: match &draft.asked {
            None => KeyBinding::Forbid,
            Some(asked) => KeyBinding::Require(Challenge {
                audience: &asked.aud,
                nonce: &asked.nonce,
                max_age_secs: 300,
                algorithms: AlgorithmSet::ALL,
            }),
        },
        required_claims: &[],
        clock_skew_secs: 5,
    };
    let verified = SdJwt::parse(&asked.text)
        .and_then(|sd_jwt| sd_jwt.verify(&policy, UnixTime::from_secs(NOW)));
    verified.map(|verified| verified.claims().clone()).map_err(|error| error.code())
}

/// What came of it all.
#[derive(Default)]
struct Tally {
    tokens: usize,
    /// By peer: answers of each kind, here and there.
    pairs: BTreeMap<(String, Said, Said), usize>,
    unsupported: BTreeMap<String, usize>,
    /// With an example, and what the peer said to it.
    seen: BTreeMap<Divergence, (usize, [String; 2])>,
    /// By case.
    cases: BTreeMap<String, usize>,
    /// Where we are wrong by the class's own account.
    wrong: Vec<String>,
}

impl Tally {
    /// Holds what we said against what the class says we must.
    fn judge(&mut self, asked: &Asked<'_>, here: &Result<Value, &'static str>) {
        self.tokens += 1;
        *self.cases.entry(asked.class.name.clone()).or_default() += 1;
        let claims = Value::Object(asked.draft.claims.clone());
        let is_right = match here {
            Ok(read) => asked.class.is_accepted && *read == claims,
            Err(_) => !asked.class.is_accepted,
        };
        if !is_right {
            let name = &asked.class.name;
            self.wrong.push(format!("here, {name}: {here:?}, not {claims}\n  {}", asked.text));
        }
    }

    fn compare(
        &mut self,
        asked: &Asked<'_>,
        here: &Result<Value, &'static str>,
        peer: &str,
        there: &PeerAnswer<Value>,
    ) {
        let (there, words) = match (there, here) {
            (PeerAnswer::Unsupported(_), _) => {
                *self.unsupported.entry(peer.to_owned()).or_default() += 1;
                return;
            }
            (PeerAnswer::Refused(words), _) => (Said::Refuse, words.clone()),
            (PeerAnswer::Ok(read), Ok(ours)) if !same(read, ours) => {
                (Said::OtherClaims, read.to_string())
            }
            (PeerAnswer::Ok(read), _) => (Said::Accept, read.to_string()),
        };
        let here = if here.is_ok() { Said::Accept } else { Said::Refuse };
        *self.pairs.entry((peer.to_owned(), here, there)).or_default() += 1;
        if here != there {
            let (case, peer) = (asked.class.name.clone(), peer.to_owned());
            let example = || (0, [asked.text.clone(), words]);
            let divergence = Divergence { case, peer, here, there };
            self.seen.entry(divergence).or_insert_with(example).0 += 1;
        }
    }

    fn report(&self, peers: &[&str]) -> String {
        use Said::{Accept, OtherClaims, Refuse};
        let columns = [
            ("both accept", Accept, Accept),
            ("both refuse", Refuse, Refuse),
            ("we refuse", Refuse, Accept),
            ("they refuse", Accept, Refuse),
            ("other claims", Accept, OtherClaims),
        ];
        let mut text = format!("\n{:24}{:>13}", "", "asked");
        for (title, ..) in columns {
            let _ = write!(text, "{title:>13}");
        }
        let _ = write!(text, "{:>13}{:>13}", "unsupported", "cases differ");
        for &peer in peers {
            let _ = write!(text, "\n{peer:24}{:>13}", self.tokens);
            for (_, here, there) in columns {
                let count = self.pairs.get(&(peer.to_owned(), here, there)).unwrap_or(&0);
                let _ = write!(text, "{count:>13}");
            }
            let unsupported = self.unsupported.get(peer).unwrap_or(&0);
            let cases = self.seen.keys().filter(|divergence| divergence.peer == peer).count();
            let _ = write!(text, "{unsupported:>13}{cases:>13}");
        }
        text
    }

    /// Everything that diverged, with an example, for whoever has to write an entry.
    fn record(&self) -> String {
        let rows: Vec<Value> = self
            .seen
            .iter()
            .map(|(divergence, (count, [token, words]))| {
                let Divergence { case, peer, here, there } = divergence;
                json!({"case": case, "peer": peer, "here": here.name(), "there": there.name(),
                    "count": count, "of": self.cases[case], "token": token, "words": words})
            })
            .collect();
        serde_json::to_string_pretty(&rows).unwrap()
    }
}

/// The name without the version, so that the ledger outlives one.
fn short(peer: &dyn Peer) -> &'static str {
    peer.name().split(' ').next().unwrap_or_default()
}

const PEER: &str = "peer";

/// A peer's panic is its answer. Thousands of them on the screen would hide ours.
fn quiet_panics_of_peers() {
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if thread::current().name() != Some(PEER) {
            loud(panic);
        }
    }));
}
