//! `cargo xtask test` runs every check and test of the project, installing what they need.
//!
//! It needs Rust, Python 3 and Node.js on the machine; everything else comes from crates.io, PyPI and the npm registry.

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

/// The version of `cargo-deny` that reads `deny.toml`.
const CARGO_DENY: &str = "0.20.2";

type Step = (&'static str, fn() -> Result<(), String>);

/// Fastest first, so that a slip is known soon.
const STEPS: &[Step] = &[
    ("format", || cargo(&["fmt", "--all", "--check"])),
    ("lints", || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
    // A verifier switches nothing on; an agency may take the system's generator.
    ("features: none", || {
        cargo(&["clippy", "-p", "llavero-core", "--no-default-features", "--", "-D", "warnings"])
    }),
    ("features: all", || {
        cargo(&[
            "clippy",
            "-p",
            "llavero-core",
            "--all-features",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    }),
    ("tests", || cargo(&["test", "--workspace"])),
    ("documentation", || {
        cargo_with(
            &["doc", "--workspace", "--no-deps", "--document-private-items"],
            &[("RUSTDOCFLAGS", "-D warnings")],
        )
    }),
    ("examples", examples),
    ("conformance", conformance),
    ("interoperability: lints", || {
        cargo(&[
            "clippy",
            "-p",
            "llavero-tests",
            "--features",
            "peers",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    }),
    ("interoperability", || {
        cargo(&[
            "test",
            "-p",
            "llavero-tests",
            "--features",
            "peers",
            "--test",
            "interop",
            "--",
            "--nocapture",
            "--test-threads=1",
        ])
    }),
    ("licences and sources", deny),
];

fn main() -> ExitCode {
    match env::args().nth(1).as_deref() {
        Some("test") => test(),
        Some("bench") => report("benches", cargo(&["bench", "-p", "llavero-benches"])),
        _ => {
            eprintln!("cargo xtask test    every check and test, as CI runs them");
            eprintln!("cargo xtask bench   speed beside the bare cryptography");
            ExitCode::from(2)
        }
    }
}

fn test() -> ExitCode {
    let start = Instant::now();
    for (name, step) in STEPS {
        let step_start = Instant::now();
        println!("\n== {name}");
        if let Err(error) = step() {
            return report(name, Err(error));
        }
        println!("== {name}: good, {} s", step_start.elapsed().as_secs());
    }
    println!("\nall {} steps good, {} s", STEPS.len(), start.elapsed().as_secs());
    ExitCode::SUCCESS
}

fn report(name: &str, outcome: Result<(), String>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n== {name}: FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One program per audience; each checks its own outcome and fails loudly.
fn examples() -> Result<(), String> {
    ["agency", "wallet", "verifier"].iter().try_for_each(|name| {
        cargo(&["run", "--quiet", "-p", "llavero-examples", "--example", name])
    })
}

/// The vectors through the command, as other implementers run them.
fn conformance() -> Result<(), String> {
    let mut args = vec!["run", "--quiet", "-p", "llavero-cli", "--", "conformance"];
    let files = vectors()?;
    args.extend(files.iter().map(String::as_str));
    cargo(&args)
}

fn vectors() -> Result<Vec<String>, String> {
    let mut files = Vec::new();
    for folder in ["conformance", "mx"] {
        let folder = root().join("tests/vectors").join(folder);
        let entries =
            folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.ends_with(".json") && name != "test-keys.json" {
                files.push(path.display().to_string());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn deny() -> Result<(), String> {
    let installed = Command::new("cargo-deny").arg("--version").output();
    if !installed.is_ok_and(|output| output.status.success()) {
        cargo(&["install", "--locked", "--quiet", "cargo-deny", "--version", CARGO_DENY])?;
    }
    // Advisories need a database from elsewhere: they are for `cargo deny check advisories` on a machine that has it.
    run(Command::new("cargo-deny").args(["--all-features", "check", "licenses", "bans", "sources"]))
}

fn cargo(args: &[&str]) -> Result<(), String> {
    cargo_with(args, &[])
}

fn cargo_with(args: &[&str], variables: &[(&str, &str)]) -> Result<(), String> {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(program).args(args).envs(variables.iter().copied()))
}

fn run(command: &mut Command) -> Result<(), String> {
    let status =
        command.current_dir(root()).status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}")) }
}

fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map(PathBuf::from).unwrap_or(own)
}
