//! The verifier for browsers and Node.js: built, packed, and tested as it was packed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian;
use crate::process::{Outcome, cargo_command, root, run, target, watch};
use crate::tally::Tally;

/// Bytes of the packed package: what a page loads, and a little more.
const BUDGET: u64 = 400 * 1024;

/// What the package brings besides what is written by hand.
const LICENCES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];

const CHROMIUM: &str = "/usr/bin/chromium";

pub(crate) fn test() -> Outcome {
    let tools = tools()?;
    let package = pack(&build(&tools)?)?;
    let stage = stage(&tools, &package)?;
    let types = tools.join("node_modules/typescript/bin/tsc");
    run(node(&stage).arg(types).args(["--project", "test/tsconfig.json"]))?;
    let mut tally = in_node(&stage)?;
    let in_browser = in_browser(&stage)?;
    tally.passed += in_browser.passed;
    tally.failed += in_browser.failed;
    tally.settle("wasm")
}

/// The library and its glue, made small: a folder that is the package but for what is packed beside it.
fn build(tools: &Path) -> Outcome<PathBuf> {
    let mut cargo = debian::rust_web()?;
    cargo.args(["build", "--quiet", "--locked", "-p", "llavero-wasm", "--lib"]);
    cargo.args(["--profile", "wasm", "--target", "wasm32-unknown-unknown"]);
    run(cargo.arg("-Zbuild-std=std,panic_abort"))?;
    let library = debian::rust_web_target()?.join("wasm32-unknown-unknown/wasm/llavero_wasm.wasm");

    let package = fresh("package")?;
    let mut glue = cargo_command();
    glue.args(["run", "--quiet", "--locked", "--release", "--target-dir"]).arg(folder("tool")?);
    glue.arg("--manifest-path").arg(source("tool/Cargo.toml")).arg("--");
    run(glue.arg(library).arg(&package).arg("llavero_wasm"))?;
    let library = package.join("llavero_wasm_bg.wasm");
    let mut small = node(tools);
    small.arg(tools.join("node_modules/binaryen/bin/wasm-opt"));
    small.args(["-Oz", "--strip-debug", "--strip-producers"]);
    run(small.arg(&library).arg("-o").arg(&library))?;

    copy(&source("package"), &package)?;
    for licence in LICENCES {
        copy_file(&root().join(licence), &package.join(licence))?;
    }
    Ok(package)
}

/// The package as npm would publish it.
fn pack(package: &Path) -> Outcome<PathBuf> {
    let packed = fresh("packed")?;
    run(npm(package).args(["pack", "--silent", "--pack-destination"]).arg(&packed))?;
    let entries = packed.read_dir().map_err(|error| format!("{}: {error}", packed.display()))?;
    let packages: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    let [package] = packages.as_slice() else {
        return Err(format!("one package was to be packed, not {packages:?}"));
    };
    let size = fs::metadata(package).map_err(|error| format!("{}: {error}", package.display()))?;
    let size = size.len();
    println!("{}: {size} bytes of at most {BUDGET}", package.display());
    if size > BUDGET {
        return Err("the package is over its budget".to_owned());
    }
    Ok(package.clone())
}

/// A folder in which the package is installed, with the tests, the demo and what they verify.
fn stage(tools: &Path, package: &Path) -> Outcome<PathBuf> {
    // Below the tools, so that the tests find them, too.
    let stage = renewed(tools.join("stage"))?;
    for name in ["demo", "test"] {
        copy(&source(name), &stage.join(name))?;
    }
    let manifest = stage.join("package.json");
    fs::write(&manifest, r#"{"private": true, "type": "module"}"#)
        .map_err(|error| format!("{}: {error}", manifest.display()))?;
    let install = ["install", "--silent", "--offline", "--ignore-scripts", "--no-audit"];
    run(npm(&stage).args(install).args(["--no-fund"]).arg(package))?;
    let mut fixtures = cargo_command();
    fixtures.args(["run", "--quiet", "-p", "llavero-wasm", "--example", "fixtures", "--"]);
    run(fixtures.arg(stage.join("fixtures.json")))?;
    Ok(stage)
}

fn in_node(stage: &Path) -> Outcome<Tally> {
    let report = stage.join("report.tap");
    let mut tests = node(stage);
    tests.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"]);
    tests
        .arg("--test-reporter=tap")
        .arg(format!("--test-reporter-destination={}", report.display()));
    let (good, _) = watch(tests.args(["test/broken.test.js", "test/node.test.js"]))?;
    let report =
        fs::read_to_string(&report).map_err(|error| format!("{}: {error}", report.display()))?;
    let tally = of_tap(&report);
    if !good && tally.failed == 0 {
        return Err("node did not end as it should".to_owned());
    }
    Ok(tally)
}

fn in_browser(stage: &Path) -> Outcome<Tally> {
    debian::install(&["chromium", "fonts-dejavu-core"])?;
    let pictures = fresh("pictures")?;
    let (good, output) = watch(node(stage).arg("test/browser.js").arg(CHROMIUM).arg(&pictures))?;
    let tally = of_browser(&output).ok_or("the browser's tests did not end")?;
    if !good && tally.failed == 0 {
        return Err("the browser's tests did not end as they should".to_owned());
    }
    Ok(tally)
}

/// Reads the last lines of what `node --test` reports: `# pass 3` and so on.
fn of_tap(report: &str) -> Tally {
    let number = |name: &str| -> u32 {
        let lines = report.lines().filter_map(|line| line.strip_prefix("# ")?.strip_prefix(name));
        // A test may print such a line, too; the report's own comes last.
        lines.filter_map(|rest| rest.trim().parse().ok()).next_back().unwrap_or_default()
    };
    Tally {
        passed: number("pass "),
        failed: number("fail ") + number("cancelled "),
        skipped: number("skipped ") + number("todo "),
    }
}

/// Reads `browser: 3 passed, 0 failed`.
fn of_browser(output: &str) -> Option<Tally> {
    let line = output.lines().rev().find_map(|line| line.strip_prefix("browser: "))?;
    let (passed, failed) = line.split_once(" passed, ")?;
    let passed = passed.parse().ok()?;
    let failed = failed.strip_suffix(" failed")?.parse().ok()?;
    Some(Tally { passed, failed, skipped: 0 })
}

/// What builds and tests the package, installed once per lock file. None of it is a dependency of the package.
fn tools() -> Outcome<PathBuf> {
    let tools = folder("tools")?;
    let read = |path: &Path| fs::read(path).ok();
    let installed = tools.join("node_modules/.package-lock.json");
    let lock = (source("package-lock.json"), tools.join("package-lock.json"));
    if installed.is_file() && read(&lock.0) == read(&lock.1) {
        return Ok(tools);
    }
    let tools = renewed(tools)?;
    for name in ["package.json", "package-lock.json"] {
        copy_file(&source(name), &tools.join(name))?;
    }
    run(npm(&tools).args(["ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    Ok(tools)
}

fn node(folder: &Path) -> Command {
    let mut node = Command::new("node");
    node.current_dir(folder);
    node
}

fn npm(folder: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder);
    npm
}

fn source(name: &str) -> PathBuf {
    root().join("bindings/wasm").join(name)
}

fn folder(name: &str) -> Outcome<PathBuf> {
    Ok(target()?.join("wasm").join(name))
}

fn fresh(name: &str) -> Outcome<PathBuf> {
    renewed(folder(name)?)
}

/// The folder, empty.
fn renewed(folder: PathBuf) -> Outcome<PathBuf> {
    crate::folder::empty(&folder)?;
    Ok(folder)
}

/// Copies the files of a folder that has no folders in it.
fn copy(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    let entries = from.read_dir().map_err(|error| format!("{}: {error}", from.display()))?;
    for entry in entries {
        let entry = entry.map_err(|error| format!("{}: {error}", from.display()))?;
        copy_file(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Outcome {
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", from.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_node_reports() {
        let report = "TAP version 13\n# pass 99\nok 1 - a\n# tests 9\n# suites 0\n# pass 3\n\
            # fail 1\n# cancelled 2\n# skipped 1\n# todo 2\n# duration_ms 12.5\n";
        assert_eq!(of_tap(report), Tally { passed: 3, failed: 3, skipped: 3 });
        assert_eq!(of_tap("TAP version 13\n"), Tally::default());
    }

    #[test]
    fn reads_what_the_browser_reports() {
        let output = "Chromium 1\nFAILED a\nbrowser: 12 passed, 1 failed\n";
        assert_eq!(of_browser(output), Some(Tally { passed: 12, failed: 1, skipped: 0 }));
        assert_eq!(of_browser("Chromium 1\n"), None);
    }
}
