//! `cargo xtask mutants`: whether the tests notice when a check is taken away or turned round.
//!
//! `.cargo/mutants.toml` lists what no test can notice, each with its reason. It takes hours, so `cargo xtask test`
//! leaves it out. `LLAVERO_MUTANTS`, a piece of a name on each line, asks only for those of such names, as
//! `core/src/trust.rs` or `replace && with || in check_places`.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process::{Outcome, root, target, text};
use crate::{folder, tool};

/// The version of `cargo-mutants` that reads `.cargo/mutants.toml`.
const CARGO_MUTANTS: &str = "27.1.0";

/// A package whose sources are changed, and what is asked to notice.
struct Subject {
    package: &'static str,
    /// Its own tests, without those of the documentation, which would be compiled one by one.
    own: &'static [&'static str],
    /// Asked about what its own tests did not notice: slower, for more is compiled.
    others: &'static [&'static str],
}

const SUBJECTS: [Subject; 2] = [
    Subject {
        package: "llavero-core",
        own: &[
            "--all-features",
            "--cargo-arg=--lib",
            "--cargo-arg=--test=*",
            // What is timed tells nothing on a machine that compiles beside it.
            "--",
            "--",
            "--skip=time_to_",
            "--skip=less_time",
            "--skip=curve_of_time",
        ],
        others: &[
            "--test-package=llavero-cli",
            "--test-package=llavero-tests",
            "--cargo-arg=--test=conformance",
            "--cargo-arg=--test=type_metadata",
        ],
    },
    Subject {
        package: "llavero-verifier",
        own: &[
            "--test-package=llavero-tests",
            "--cargo-arg=--test=verifier",
            "--cargo-arg=--test=type_metadata",
        ],
        others: &["--test-package=llavero-cli", "--cargo-arg=--test=conformance"],
    },
];

pub(crate) fn run() -> Outcome {
    let tool = tool::installed("cargo-mutants", CARGO_MUTANTS)?;
    let mut tally = Tally::default();
    let mut survivors = Vec::new();
    let wanted = env::var("LLAVERO_MUTANTS").unwrap_or_default();
    let wanted: Vec<&str> = wanted.lines().filter(|line| !line.is_empty()).collect();
    for subject in &SUBJECTS {
        let is_wanted =
            |name: &String| wanted.is_empty() || wanted.iter().any(|piece| name.contains(piece));
        let listed = |options| {
            list(&tool, subject, options)
                .map(|names| names.into_iter().filter(is_wanted).collect::<Vec<_>>())
        };
        let names = listed(&[])?;
        tally.equivalent +=
            listed(&["--no-config", "--exclude=**/testing.rs"])?.len() - names.len();
        if names.is_empty() {
            continue;
        }
        // All of them need no names, which would fill a command line.
        let names = if wanted.is_empty() { Vec::new() } else { names };
        let output = target()?.join("mutants").join(subject.package);
        folder::empty(&output)?;
        let came =
            |pass: &str, name: &str| lines(&output.join(pass).join("mutants.out").join(name));
        mutate(&tool, subject, &output.join("own"), &names, subject.own)?;
        let missed = came("own", "missed.txt")?;
        tally.killed += came("own", "caught.txt")?.len() + came("own", "timeout.txt")?.len();
        tally.unviable += came("own", "unviable.txt")?.len();
        if !missed.is_empty() {
            mutate(&tool, subject, &output.join("others"), &missed, subject.others)?;
            let left = came("others", "missed.txt")?;
            // A field left out is tried in each pass, whatever is asked for.
            let left: Vec<String> = left.into_iter().filter(|one| missed.contains(one)).collect();
            tally.killed += missed.len() - left.len();
            survivors.extend(left);
        }
    }
    for survivor in &survivors {
        println!("survived: {survivor}");
    }
    let Tally { killed, unviable, equivalent } = tally;
    let survived = survivors.len();
    println!(
        "mutants: {killed} killed, {survived} survived, {unviable} unviable, {equivalent} equivalent (listed)"
    );
    match (killed, survived) {
        (0, _) => Err("no mutant was killed".to_owned()),
        (_, 0) => Ok(()),
        _ => Err(format!("{survived} mutants survived")),
    }
}

#[derive(Default)]
struct Tally {
    killed: usize,
    unviable: usize,
    equivalent: usize,
}

/// Tries the mutants of these names, or all, and keeps what came of them in the folder.
fn mutate(
    tool: &Path,
    subject: &Subject,
    output: &Path,
    names: &[String],
    tests: &[&str],
) -> Outcome {
    fs::create_dir_all(output).map_err(|error| format!("{}: {error}", output.display()))?;
    let mut command = mutants(tool, subject);
    command.arg("--output").arg(output);
    for name in names {
        command.arg(format!("--re=^{}$", escaped(name)));
    }
    // Few cases: what random inputs alone would notice is not tested well enough.
    let status = command.args(tests).env("PROPTEST_CASES", "16").status();
    let status = status.map_err(|error| format!("{}: {error}", tool.display()))?;
    // 2: some survived, 3: some ran into the time limit, which is noticing, too.
    match status.code() {
        Some(0 | 2 | 3) => Ok(()),
        _ => Err(format!("{}: cargo mutants: {status}", subject.package)),
    }
}

/// A regular expression for exactly this text.
fn escaped(name: &str) -> String {
    let special = |c: char| r".+*?()[]{}|^$\".contains(c);
    name.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

fn list(tool: &Path, subject: &Subject, options: &[&str]) -> Outcome<Vec<String>> {
    let listed = text(mutants(tool, subject).arg("--list").args(options))?;
    Ok(listed.lines().map(str::to_owned).collect())
}

fn mutants(tool: &Path, subject: &Subject) -> Command {
    let mut command = Command::new(tool);
    command.current_dir(root()).args(["mutants", "--package", subject.package]);
    command
}

fn lines(file: &Path) -> Outcome<Vec<String>> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}
