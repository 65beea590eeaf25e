//! `cargo xtask fuzz`: every target of `fuzz/` for half an hour, or for as long as `LLAVERO_FUZZ_SECONDS` says.
//!
//! What a run finds worth keeping lies in the target directory, so that the next one goes on from there.
//! `cargo xtask fuzz --keep` takes into `fuzz/corpus` what reaches code that nothing there does.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use crate::process::{Outcome, cargo_command, root, target, text};
use crate::tool;

/// The version of `cargo-fuzz`.
const CARGO_FUZZ: &str = "0.13.2";

/// For each target.
const SECONDS: &str = "1800";

/// Bytes of an input; longer ones are for the tests of limits.
const MAX_INPUT: &str = "-max_len=6144";

/// There is no `unsafe` code of ours for a sanitizer to watch, and dependencies are to be as they ship.
const AS_IT_SHIPS: [&str; 3] = ["--sanitizer", "none", "--no-cfg-fuzzing"];

pub(crate) fn run() -> Outcome {
    let fuzzer = Fuzzer::ready()?;
    let seconds = env::var("LLAVERO_FUZZ_SECONDS").unwrap_or_else(|_| SECONDS.to_owned());
    let waiting = Mutex::new(fuzzer.targets()?.into_iter());
    let done = Mutex::new(Vec::new());
    let work = || {
        loop {
            let Some(target) = waiting.lock().ok().and_then(|mut waiting| waiting.next()) else {
                return;
            };
            let ran = fuzzer.run(&target, &seconds);
            match &ran {
                Ok(Ran { executions, found: None }) => println!("{target:16} {executions:>12}"),
                Ok(Ran { executions, found: Some(log) }) => {
                    println!("{target:16} {executions:>12}  FOUND: {}", log.display());
                }
                Err(error) => println!("{target:16} {error}"),
            }
            if let Ok(mut done) = done.lock() {
                done.push(ran);
            }
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let ran = done.into_inner().map_err(|error| error.to_string())?;
    let ran: Vec<Ran> = ran.into_iter().collect::<Outcome<_>>()?;
    let executions: u64 = ran.iter().map(|ran| ran.executions).sum();
    let findings = ran.iter().filter(|ran| ran.found.is_some()).count();
    println!(
        "{} targets, {seconds} s each: {executions} executions, {findings} findings",
        ran.len()
    );
    match (executions, findings) {
        (0, _) => Err("nothing was executed".to_owned()),
        (_, 0) => Ok(()),
        _ => Err(format!("{findings} findings; the inputs are in fuzz/artifacts")),
    }
}

/// Takes what earlier runs found into the corpus, as far as it reaches new code.
pub(crate) fn keep() -> Outcome {
    let fuzzer = Fuzzer::ready()?;
    for target in fuzzer.targets()? {
        let (corpus, found) = (kept(&target), fuzzer.found(&target)?);
        let before = count(&corpus)?;
        let merge = ["-merge=1", "-use_counters=0", MAX_INPUT, "-rss_limit_mb=2048"];
        let ran =
            fuzzer.command("run", &target).args([&corpus, &found]).arg("--").args(merge).output();
        let ran = ran.map_err(|error| format!("{target}: {error}"))?;
        if !ran.status.success() {
            return Err(format!("{target}: {}", String::from_utf8_lossy(&ran.stderr)));
        }
        println!("{target:16} {before:>6} and {} more", count(&corpus)?.saturating_sub(before));
    }
    Ok(())
}

/// What came of a target.
struct Ran {
    executions: u64,
    /// The log, if something was found.
    found: Option<PathBuf>,
}

struct Fuzzer {
    tool: PathBuf,
    /// Where the fuzzer compiles, keeps its logs and what it has found.
    folder: PathBuf,
}

impl Fuzzer {
    /// Installed, and with every target compiled.
    fn ready() -> Outcome<Self> {
        let folder = target()?.join("fuzz");
        let fuzzer = Self { tool: tool::installed("cargo-fuzz", CARGO_FUZZ)?, folder };
        let status = fuzzer.cargo_fuzz("build").args(AS_IT_SHIPS).status();
        match status {
            Ok(status) if status.success() => Ok(fuzzer),
            Ok(status) => Err(format!("cargo fuzz build: {status}")),
            Err(error) => Err(format!("cargo fuzz build: {error}")),
        }
    }

    fn cargo_fuzz(&self, what: &str) -> Command {
        let mut command = Command::new(&self.tool);
        command.current_dir(root()).args(["fuzz", what]);
        if let Some(cargo) = cargo_command().get_program().to_str() {
            command.env("CARGO", cargo);
        }
        // It asks for flags of the nightly compiler, which the stable one knows.
        command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", self.folder.join("build"));
        command
    }

    fn command(&self, what: &str, target: &str) -> Command {
        let mut command = self.cargo_fuzz(what);
        command.args(AS_IT_SHIPS).arg(target);
        // A wallet's file is written to disk and waited for thousands of times.
        if let Some(memory) = Some(Path::new("/dev/shm")).filter(|memory| memory.is_dir()) {
            command.env("TMPDIR", memory);
        }
        command
    }

    fn targets(&self) -> Outcome<Vec<String>> {
        Ok(text(&mut self.cargo_fuzz("list"))?.lines().map(str::to_owned).collect())
    }

    /// Where runs leave the inputs that reached something new.
    fn found(&self, target: &str) -> Outcome<PathBuf> {
        let folder = self.folder.join("corpus").join(target);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }

    fn run(&self, target: &str, seconds: &str) -> Outcome<Ran> {
        let log = self.folder.join(format!("{target}.log"));
        let failed = |error: std::io::Error| format!("{}: {error}", log.display());
        let output = File::create(&log).map_err(failed)?;
        let dictionary = root().join("fuzz").join("words.dict");
        let status = self
            .command("run", target)
            .args([self.found(target)?, kept(target)])
            .args(["--", MAX_INPUT, "-rss_limit_mb=2048", "-timeout=30", "-print_final_stats=1"])
            .arg(format!("-dict={}", dictionary.display()))
            .arg(format!("-max_total_time={seconds}"))
            .stdout(output.try_clone().map_err(failed)?)
            .stderr(output)
            .status()
            .map_err(failed)?;
        let said = fs::read(&log).map_err(failed)?;
        let said = String::from_utf8_lossy(&said);
        let executions = said
            .lines()
            .filter_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
            .find_map(|number| number.trim().parse().ok())
            .unwrap_or(0);
        Ok(Ran { executions, found: (!status.success()).then_some(log) })
    }
}

/// The corpus that is kept with the sources.
fn kept(target: &str) -> PathBuf {
    root().join("fuzz").join("corpus").join(target)
}

fn count(folder: &Path) -> Outcome<usize> {
    let entries = folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.count())
}
