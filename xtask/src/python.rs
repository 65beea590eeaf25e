//! The Python wheel: built, installed into an environment of its own, and tested as it was installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Outcome, root, run, target};
use crate::tally::Tally;
use crate::{folder, library};

const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// What builds, tests and checks the wheel. None of it is a dependency of the package.
const TOOLS: &[&str] =
    &["cryptography==50.0.2", "hatchling==1.33.0", "mypy==2.4.1", "pytest==9.2.0"];

/// Where mypy keeps nothing, so that the checkout stays clean.
const NOWHERE: &str = if cfg!(windows) { "nul" } else { "/dev/null" };

pub(crate) fn test() -> Outcome {
    let python = environment()?;
    let wheel = wheel(&python, &library::debug()?)?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall"]);
    run(install.arg(wheel))?;
    let settings = package().join("pyproject.toml");
    let mypy = ["-m", "mypy", "--cache-dir", NOWHERE, "llavero", "tools", "hatch_build.py"];
    run(Command::new(&python).current_dir(package()).args(mypy))?;
    let reports = fresh("reports")?;
    // Not in the package's folder: there, `llavero` would be the sources and not what was installed.
    let mut mypy = Command::new(&python);
    mypy.current_dir(&reports).args(["-m", "mypy", "--config-file"]).arg(&settings);
    run(mypy.args(["tests", "samples", "benchmarks"].map(|what| package().join(what))))?;
    let mut pytest = Command::new(&python);
    pytest.current_dir(&reports).args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]);
    pytest.arg("--junit-xml=pytest.xml").arg("-c").arg(&settings);
    let outcome = run(pytest.arg(package().join("tests")));
    let tally = Tally::of_reports(&reports).and_then(|tally| tally.settle("python"));
    outcome.and(tally)
}

/// Writes the types of the generated module, or compares them (`--check`).
pub(crate) fn stub(options: &[&str]) -> Outcome {
    run(Command::new(PYTHON).arg(package().join("tools/stub.py")).args(options))
}

fn package() -> PathBuf {
    root().join("bindings/python")
}

/// The interpreter of an environment with [`TOOLS`], made once per list of tools.
fn environment() -> Outcome<PathBuf> {
    let folder = target()?.join("python/environment");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = folder.join("llavero-stamp");
    let tools = TOOLS.join(" ");
    if fs::read_to_string(&stamp).is_ok_and(|made_with| made_with == tools) {
        return Ok(python);
    }
    run(Command::new(PYTHON).args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(TOOLS))?;
    fs::write(&stamp, tools).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(python)
}

/// Builds the wheel with the library in it.
fn wheel(python: &Path, library: &Path) -> Outcome<PathBuf> {
    let wheels = fresh("wheels")?;
    let mut pip = Command::new(python);
    // With the builder of [`TOOLS`], not with the newest there is.
    pip.args(["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]);
    pip.arg("--wheel-dir").arg(&wheels);
    run(pip.arg(package()).env("LLAVERO_LIBRARY", library))?;
    let entries = wheels.read_dir().map_err(|error| format!("{}: {error}", wheels.display()))?;
    let built: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    let [wheel] = built.as_slice() else {
        return Err(format!("one wheel was to be built, not {built:?}"));
    };
    // With a library in it, it fits one kind of machine, and installers must know.
    if wheel.to_string_lossy().ends_with("-any.whl") {
        return Err(format!("{} claims to fit every machine", wheel.display()));
    }
    println!("{}", wheel.display());
    Ok(wheel.clone())
}

/// An empty folder of this name.
fn fresh(name: &str) -> Outcome<PathBuf> {
    let folder = target()?.join("python").join(name);
    folder::empty(&folder)?;
    Ok(folder)
}
