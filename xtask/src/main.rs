//! What the project does with itself. `cargo xtask test` runs every check and test, installing what they need.
//!
//! It needs Rust, Python 3 and Node.js on the machine; everything else comes from crates.io, PyPI, the npm registry,
//! Maven Central and Debian.

mod debian;
mod differential;
mod elf;
mod folder;
mod fuzz;
mod generate;
mod kotlin;
mod library;
mod mobile;
mod mutants;
mod package;
mod process;
mod python;
mod size;
mod steps;
mod swift;
mod tally;
mod tool;
mod types;
mod wasm;

use std::env;
use std::process::ExitCode;

use process::{Outcome, cargo};

/// What can be asked for: the words, what they do, and how.
type Command = (&'static [&'static str], &'static str, fn() -> Outcome);

const COMMANDS: &[Command] = &[
    (&["test"], "every check and test, as CI runs them", steps::test),
    (&["mutants"], "change the engine's checks one by one: do tests notice?", mutants::run),
    (&["fuzz"], "any bytes at all, half an hour for each way in", fuzz::run),
    (&["fuzz", "--keep"], "take what that found into the corpus", fuzz::keep),
    (&["bench"], "speed beside the bare cryptography", || {
        cargo(&["bench", "-p", "llavero-benches"])
    }),
    (
        &["differential"],
        "100,000 tokens to us and to six other implementations",
        differential::full,
    ),
    (&["generate"], "write the Kotlin, Swift and Python sources", generate::write),
    (&["generate", "--check"], "say which of them are stale", generate::check),
    (&["types"], "write docs/types, which describes the credential types", types::write),
    (&["types", "--check"], "say which of its files are stale", types::check),
    (&["kotlin"], "test the Kotlin package", kotlin::test),
    (&["swift"], "test the Swift package", swift::test),
    (&["python"], "test the Python wheel", python::test),
    (&["wasm"], "test the verifier in Node.js and a browser", wasm::test),
    (&["mobile"], "compile for phones", mobile::check),
    (&["size"], "weigh the library", size::check),
    (&["size", "--write"], "note the weight in docs/SIZE.md", size::write),
    (&["package", "android"], "make the Android library (AAR)", package::android),
    (&["package", "ios"], "make the framework for iOS (XCFramework)", package::ios),
];

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let Some((_, _, command)) = COMMANDS.iter().find(|(asked, _, _)| words == *asked) else {
        for (words, what, _) in COMMANDS {
            eprintln!("cargo xtask {:<18}{what}", words.join(" "));
        }
        return ExitCode::from(2);
    };
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n== FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}
