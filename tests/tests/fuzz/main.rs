//! No bytes break what the functions of `llavero_tests::fuzz` assert: the fuzzer's corpus and mutations of it, replayed.
//!
//! A failure prints the input. `fuzz/README.md` says how to run the fuzzer itself.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

mod mutate;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use llavero_tests::fuzz::{Outcome, TARGETS, seeds};
use mutate::Mutator;

/// How often each target's corpus is mutated. Most where most depends on it; seldom where every input costs a file.
const MUTATIONS: [(&str, u64); 16] = [
    ("batch", 7_000),
    ("certificates", 6_000),
    ("hostile_holder", 10_000),
    ("hostile_issuer", 20_000),
    ("issuer_metadata", 6_000),
    ("json", 6_000),
    ("keys", 5_000),
    ("mexico", 6_000),
    ("query", 5_000),
    ("records", 1_500),
    ("request", 5_000),
    ("sd_jwt", 12_000),
    ("store", 500),
    ("trust", 3_000),
    ("type_metadata", 5_000),
    ("wallet", 2_000),
];

/// What is kept beside the fuzzer.
fn fuzz_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

fn run(target: &str) -> fn(&[u8]) -> Outcome {
    TARGETS.iter().find(|known| known.name == target).expect("a target of that name").run
}

/// A target's corpus, in the order of the files' names.
fn corpus(target: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = fuzz_folder().join("corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let entries = entries.map(|entry| entry.unwrap());
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

/// Tries a property; what it says if it does not hold.
fn attempt(run: fn(&[u8]) -> Outcome, input: &[u8]) -> Result<Outcome, String> {
    panic::catch_unwind(AssertUnwindSafe(|| run(input))).map_err(|fault| {
        let text = fault.downcast_ref::<String>().map(String::as_str);
        let text = text.or(fault.downcast_ref::<&str>().copied()).unwrap_or("a panic");
        format!("{text}\ninput: {}", input.escape_ascii())
    })
}

/// Tries every input of a corpus; what became of them.
fn replay(
    run: fn(&[u8]) -> Outcome,
    corpus: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<Outcome>, String> {
    let attempt = |(name, input): (&String, &Vec<u8>)| {
        attempt(run, input).map_err(|fault| format!("{name}: {fault}"))
    };
    corpus.iter().map(attempt).collect()
}

/// What is mutated: the corpus, and the inputs to begin with, more of which are sound.
fn bases(target: &str) -> BTreeMap<String, Vec<u8>> {
    let mut bases = corpus(target);
    let seeds = seeds::of(target).into_iter().enumerate();
    bases.extend(seeds.map(|(number, seed)| (format!("seed-{number:03}"), seed)));
    bases
}

/// Tries `count` mutations of a corpus. The same numbers give the same inputs.
fn replay_mutations(
    run: fn(&[u8]) -> Outcome,
    corpus: &BTreeMap<String, Vec<u8>>,
    count: u64,
) -> Result<(), String> {
    let corpus: Vec<&[u8]> = corpus.values().map(Vec::as_slice).collect();
    for seed in 0..count {
        let input = Mutator::new(seed).mutation(&corpus);
        attempt(run, &input).map_err(|fault| format!("seed {seed}: {fault}"))?;
    }
    Ok(())
}

#[test]
fn no_input_of_the_corpus_breaks_a_property() {
    for target in TARGETS {
        let outcomes = replay(target.run, &corpus(target.name));
        let outcomes = outcomes.unwrap_or_else(|fault| panic!("{}, {fault}", target.name));
        // A corpus of which nothing is accepted any more tests little: renew it.
        for outcome in [Outcome::Accepted, Outcome::Refused] {
            assert!(outcomes.contains(&outcome), "nothing in {} is {outcome:?}", target.name);
        }
    }
}

#[test]
fn no_mutation_of_the_corpus_breaks_a_property() {
    // A thread for each, because the slow ones mostly wait for files.
    std::thread::scope(|scope| {
        for (target, count) in MUTATIONS {
            scope.spawn(move || {
                let broken = replay_mutations(run(target), &bases(target), count);
                broken.unwrap_or_else(|fault| panic!("{target}, {fault}"));
            });
        }
    });
}

#[test]
fn every_target_has_its_share_of_mutations_a_corpus_and_an_entry_point() {
    let names: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names.len(), TARGETS.len());
    assert_eq!(names, MUTATIONS.iter().map(|(name, _)| *name).collect());
    assert_eq!(MUTATIONS.iter().map(|(_, count)| count).sum::<u64>(), 100_000);
    let listed = |folder: &str, ending: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(fuzz_folder().join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.map(|name| name.strip_suffix(ending).expect(ending).to_owned()).collect()
    };
    let names: BTreeSet<String> = names.into_iter().map(str::to_owned).collect();
    assert_eq!(listed("corpus", ""), names);
    assert_eq!(listed("fuzz_targets", ".rs"), names);
    let manifest = fs::read_to_string(fuzz_folder().join("Cargo.toml")).unwrap();
    for name in &names {
        let path = format!("fuzz_targets/{name}.rs");
        assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"{path}\"")), "{name}");
        let entry = fs::read_to_string(fuzz_folder().join(path)).unwrap();
        assert!(entry.contains(&format!("llavero_tests::fuzz::run(\"{name}\", input)")), "{name}");
    }
}

/// Writes them where `LLAVERO_RENEW` is set.
#[test]
fn the_inputs_to_begin_with_hold() {
    for target in TARGETS {
        let seeds = seeds::of(target.name).into_iter().enumerate();
        let seeds: BTreeMap<String, Vec<u8>> =
            seeds.map(|(number, seed)| (format!("seed-{number:03}"), seed)).collect();
        let outcomes = replay(target.run, &seeds);
        let outcomes = outcomes.unwrap_or_else(|fault| panic!("{}, {fault}", target.name));
        assert!(outcomes.contains(&Outcome::Accepted), "{} has no sound seed", target.name);
        if std::env::var_os("LLAVERO_RENEW").is_some() {
            let folder = fuzz_folder().join("corpus").join(target.name);
            fs::create_dir_all(&folder).unwrap();
            for (name, seed) in seeds {
                fs::write(folder.join(name), seed).unwrap();
            }
        }
    }
}

// What is planted is found.

/// Fails on a token that is signed and hides a claim named `_sd`.
fn planted(input: &[u8]) -> Outcome {
    let found = input.split(|byte| *byte == b'\n').skip(2).any(|line| {
        serde_json::from_slice::<serde_json::Value>(line).is_ok_and(|line| line[1] == "_sd")
    });
    assert!(!found, "planted");
    run("hostile_issuer")(input)
}

fn sound_corpus() -> BTreeMap<String, Vec<u8>> {
    let mut corpus = corpus("hostile_issuer");
    corpus.retain(|_, input| attempt(planted, input).is_ok());
    corpus
}

#[test]
fn a_planted_defect_is_found_among_the_mutations() {
    let corpus = sound_corpus();
    let find = || replay_mutations(planted, &corpus, 20_000).expect_err("a finding");
    let found = find();
    assert!(found.starts_with("seed ") && found.contains("planted\ninput: "), "{found}");
    assert_eq!(find(), found, "a seed leads to the same input each time");
}

#[test]
fn a_planted_defect_is_found_in_the_corpus() {
    let mut corpus = sound_corpus();
    assert!(replay(planted, &corpus).is_ok());
    corpus.insert("planted".to_owned(), b"{}\n{}\n[\"s\",\"_sd\",1]".to_vec());
    let found = replay(planted, &corpus).expect_err("a finding");
    assert!(found.starts_with("planted: "), "{found}");
}
