//! `cargo xtask test`: every check and test, in order.

use std::process::Command;
use std::time::Instant;

use crate::process::{Outcome, cargo, cargo_command, root, run};
use crate::{differential, generate, kotlin, mobile, python, size, swift, types, wasm};

/// The version of `cargo-deny` that reads `deny.toml`.
const CARGO_DENY: &str = "0.20.2";

type Step = (&'static str, fn() -> Outcome);

/// Fastest first, so that a slip is known soon.
const STEPS: &[Step] = &[
    ("format", || cargo(&["fmt", "--all", "--check"])),
    ("lints", || clippy(&["--workspace", "--all-targets"])),
    // A verifier switches nothing on; an agency may take the system's generator.
    ("features: none", || clippy(&["-p", "llavero-core", "--no-default-features"])),
    ("features: all", || clippy(&["-p", "llavero-core", "--all-features", "--all-targets"])),
    ("generated code", || generate::check().and_then(|()| types::check())),
    ("tests", || cargo(&["test", "--workspace"])),
    ("documentation", || {
        let mut doc = cargo_command();
        doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
        run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("examples", examples),
    ("conformance", conformance),
    ("python", python::test),
    ("kotlin", kotlin::test),
    ("swift", swift::test),
    ("wasm", wasm::test),
    ("interoperability: lints", || {
        clippy(&["-p", "llavero-tests", "--features", "peers", "--all-targets"])
    }),
    ("interoperability", || {
        let test = ["test", "-p", "llavero-tests", "--features", "peers", "--test", "interop"];
        run(cargo_command().args(test).args(["--", "--nocapture", "--test-threads=1"]))
    }),
    ("differences from other implementations", differential::short),
    ("mobile", mobile::check),
    ("size", size::check),
    ("licences and sources", deny),
];

pub(crate) fn test() -> Outcome {
    let start = Instant::now();
    for (name, step) in STEPS {
        let step_start = Instant::now();
        println!("\n== {name}");
        step().map_err(|error| format!("{name}: {error}"))?;
        println!("== {name}: good, {} s", step_start.elapsed().as_secs());
    }
    println!("\nall {} steps good, {} s", STEPS.len(), start.elapsed().as_secs());
    Ok(())
}

fn clippy(what: &[&str]) -> Outcome {
    run(cargo_command().arg("clippy").args(what).args(["--", "-D", "warnings"]))
}

/// One program per audience; each checks its own outcome and fails loudly.
fn examples() -> Outcome {
    ["agency", "wallet", "verifier"].iter().try_for_each(|name| {
        cargo(&["run", "--quiet", "-p", "llavero-examples", "--example", name])
    })
}

/// The vectors through the command, as other implementers run them.
fn conformance() -> Outcome {
    let mut args = vec!["run", "--quiet", "-p", "llavero-cli", "--", "conformance"];
    let files = vectors()?;
    args.extend(files.iter().map(String::as_str));
    cargo(&args)
}

fn vectors() -> Outcome<Vec<String>> {
    let mut files = Vec::new();
    for folder in ["conformance", "mx"] {
        let folder = root().join("tests/vectors").join(folder);
        let entries =
            folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.ends_with(".json") && !["schema.json", "test-keys.json"].contains(&name) {
                files.push(path.display().to_string());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn deny() -> Outcome {
    let installed = Command::new("cargo-deny").arg("--version").output();
    if !installed.is_ok_and(|output| output.status.success()) {
        cargo(&["install", "--locked", "--quiet", "cargo-deny", "--version", CARGO_DENY])?;
    }
    // Advisories need a database from elsewhere: they are for `cargo deny check advisories` on a machine that has it.
    run(Command::new("cargo-deny").args(["--all-features", "check", "licenses", "bans", "sources"]))
}
