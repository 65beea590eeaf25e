//! The Kotlin package, tested on a Java machine: the same sources that go to Android, what the Android module adds to
//! them, and both samples.

use std::process::Command;

use crate::process::{Outcome, is_there, root, run};
use crate::tally::Tally;
use crate::{debian, folder, library};

/// The modules of `bindings/kotlin/pom.xml` that have tests. The demonstration is run, and fails as a program does.
const TESTED: &[&str] = &["library", "android", "samples/android"];

/// What draws the screens of the sample, and the letters on them.
const DRAWING: &[&str] = &["libgl1", "libfontconfig1", "fonts-dejavu-core"];

pub(crate) fn test() -> Outcome {
    if !is_there("mvn") || !is_there("javac") {
        debian::install(&["maven", "openjdk-17-jdk-headless"])?;
    }
    debian::install(DRAWING)?;
    let library = library::debug()?;
    let native = library.parent().unwrap_or(&library);
    let package = root().join("bindings/kotlin");
    let reports =
        || TESTED.iter().map(|module| package.join(module).join("target/surefire-reports"));
    // Reports of an earlier run would be counted again.
    for reports in reports() {
        folder::remove(&reports)?;
    }
    let mut maven = Command::new("mvn");
    maven.current_dir(&package).args(["--batch-mode", "--no-transfer-progress", "--quiet"]);
    // Where JNA looks for the library; the pom hands it to the tests.
    maven.arg(format!("-Dllavero.library.path={}", native.display()));
    // Each module is tried although another one fails, so that the count is right; a failure still fails Maven.
    let outcome = run(maven.args(["--activate-profiles", "android", "--fail-at-end", "test"]));
    let mut tally = Tally::default();
    let mut missing = Ok(());
    for reports in reports() {
        match Tally::of_reports(&reports) {
            Ok(one) => tally += one,
            // A module that has not come to its tests has not passed them.
            Err(error) => missing = Err(error),
        }
    }
    outcome.and(tally.settle("kotlin")).and(missing)
}
