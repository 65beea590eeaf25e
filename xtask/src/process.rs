//! Running other programs in the checkout, and where the checkout keeps what it builds.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;

pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The checkout.
pub(crate) fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map(PathBuf::from).unwrap_or(own)
}

/// Where Cargo puts what it builds: `CARGO_TARGET_DIR`, a setting of the user's, or `target`.
pub(crate) fn target() -> Outcome<PathBuf> {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    if let Some(target) = TARGET.get() {
        return Ok(target.clone());
    }
    let metadata = text(cargo_command().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let (_, rest) =
        metadata.split_once("\"target_directory\":\"").ok_or("cargo metadata names no target")?;
    let (path, _) = rest.split_once('"').ok_or("cargo metadata is cut short")?;
    Ok(TARGET.get_or_init(|| PathBuf::from(path)).clone())
}

/// The Cargo that runs this program, in the checkout.
pub(crate) fn cargo_command() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

pub(crate) fn cargo(args: &[&str]) -> Outcome {
    run(cargo_command().args(args))
}

/// Runs to the end, in the checkout unless the command says where.
pub(crate) fn run(command: &mut Command) -> Outcome {
    settle(command);
    let status = command.status().map_err(|error| format!("{}: {error}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{}: {status}", shown(command))) }
}

/// Runs and returns what the command printed.
pub(crate) fn text(command: &mut Command) -> Outcome<String> {
    settle(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{}: {error}", shown(command)))?;
    if !output.status.success() {
        return Err(format!("{}: {}", shown(command), output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{}: {error}", shown(command)))
}

/// Runs, shows both streams as they come, and returns them together with whether all went well.
pub(crate) fn watch(command: &mut Command) -> Outcome<(bool, String)> {
    settle(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", shown(command)))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    // A thread of its own for each: a full pipe that nobody reads would stop the child.
    let errors = thread::spawn(move || stderr.map(|pipe| echo(pipe, std::io::stderr())));
    let mut seen = stdout.map(|pipe| echo(pipe, std::io::stdout())).unwrap_or_default();
    seen.push_str(&errors.join().ok().flatten().unwrap_or_default());
    let status = child.wait().map_err(|error| format!("{}: {error}", shown(command)))?;
    Ok((status.success(), seen))
}

fn echo(pipe: impl Read, mut to: impl Write) -> String {
    let mut seen = String::new();
    for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        // What cannot be shown is still counted.
        let _ = writeln!(to, "{line}");
        seen.push_str(&line);
        seen.push('\n');
    }
    seen
}

/// Whether a program of this name is on the path.
pub(crate) fn is_there(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The folder for what is worth keeping between checkouts.
pub(crate) fn cache() -> Outcome<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value: &OsString| !value.is_empty());
    let base = set("XDG_CACHE_HOME").map(PathBuf::from);
    let base = base.or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache")));
    Ok(base.ok_or("neither XDG_CACHE_HOME nor HOME is set")?.join("llavero"))
}

/// The command as one would type it, but for scripts.
fn shown(command: &Command) -> String {
    let words = iter::once(command.get_program()).chain(command.get_args());
    let word = |word: &OsStr| match word.to_string_lossy() {
        script if script.contains('\n') => "…".to_owned(),
        word => word.into_owned(),
    };
    words.map(word).collect::<Vec<_>>().join(" ")
}

/// Cargo lends its own libraries to what it runs. They are no business of other languages' programs.
fn settle(command: &mut Command) {
    // A machine that compiles everything once has no use for what would make the second time fast, and it fills gigabytes.
    if env::var_os("CI").is_some() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    if command.get_current_dir().is_none() {
        command.current_dir(root());
    }
    if !command.get_envs().any(|(name, _)| name == "LD_LIBRARY_PATH") {
        command.env_remove("LD_LIBRARY_PATH");
    }
}
