//! How many tests of another language ran, and how they went.

use std::collections::BTreeMap;
use std::fs;
use std::ops::AddAssign;
use std::path::Path;

use crate::process::Outcome;

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Tally {
    /// Prints the line by which one counts. No test at all is as bad as one that fails, and so is one left out.
    pub(crate) fn settle(&self, language: &str) -> Outcome {
        println!("{language}: {} passed, {} failed", self.passed, self.failed);
        match self {
            Self { failed: 0, skipped: 0, passed: 1.. } => Ok(()),
            Self { failed: 0, skipped: 0, .. } => Err("no test ran".to_owned()),
            Self { failed, skipped, .. } => {
                Err(format!("{failed} tests failed, {skipped} were left out"))
            }
        }
    }

    /// Adds up the reports of a folder, in the form that JUnit made common.
    pub(crate) fn of_reports(folder: &Path) -> Outcome<Self> {
        let mut tally = Self::default();
        let entries =
            folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.extension().is_some_and(|extension| extension == "xml") {
                let report = fs::read_to_string(&path)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                tally.add_report(&report);
            }
        }
        Ok(tally)
    }

    fn add_report(&mut self, report: &str) {
        for suite in report.split("<testsuite ").skip(1) {
            let tag = suite.split('>').next().unwrap_or_default();
            let failed = number(tag, "failures") + number(tag, "errors");
            let skipped = number(tag, "skipped");
            self.failed += failed;
            self.skipped += skipped;
            self.passed += number(tag, "tests").saturating_sub(failed + skipped);
        }
    }

    /// Reads what `swift test` prints: a line per test from XCTest, and one from Swift Testing. A test with several
    /// cases counts once for each if all passed; if one failed, it is not said how many did, and the test counts once.
    pub(crate) fn of_swift(output: &str) -> Self {
        let mut tally = Self::default();
        let mut cases: BTreeMap<&str, u32> = BTreeMap::new();
        for line in output.lines() {
            // Swift Testing, before each case: `Passing 1 argument value → 6 to name(value:)`.
            if let Some((_, name)) =
                line.split_once(" Passing ").and_then(|(_, rest)| rest.rsplit_once(" to "))
            {
                *cases.entry(name).or_default() += 1;
            }
            // XCTest: `Test Case 'Suite.test' passed (0.1 seconds)`.
            // Swift Testing: a sign, then `Test "name" with 3 test cases passed after 0.1 seconds.`
            let xctest = line.strip_prefix("Test Case '").and_then(|rest| rest.rsplit_once("' "));
            let testing = line
                .split_once(' ')
                .filter(|(sign, _)| !sign.is_ascii())
                .and_then(|(_, rest)| rest.trim_start().strip_prefix("Test "))
                .filter(|rest| !rest.starts_with("run with"));
            let outcome = match (xctest, testing) {
                (Some((_, outcome)), _) => outcome,
                (None, Some(rest)) => [" passed after ", " failed after ", " skipped"]
                    .iter()
                    .find(|outcome| rest.contains(**outcome))
                    .map_or("", |outcome| outcome.trim_start()),
                (None, None) => continue,
            };
            match outcome.split(' ').next() {
                Some("passed") => {
                    let name = testing.and_then(|rest| rest.split(' ').next()).unwrap_or_default();
                    tally.passed += cases.get(name).copied().unwrap_or(1);
                }
                Some("failed") => tally.failed += 1,
                Some("skipped") => tally.skipped += 1,
                _ => {}
            }
        }
        tally
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The number in `name="…"`.
fn number(tag: &str, name: &str) -> u32 {
    tag.split_once(&format!(" {name}=\""))
        .or_else(|| tag.strip_prefix(&format!("{name}=\"")).map(|rest| ("", rest)))
        .and_then(|(_, rest)| rest.split('"').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u32, failed: u32, skipped: u32) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn reads_the_reports_of_maven_and_of_pytest() {
        let mut maven = Tally::default();
        maven.add_report(
            "<?xml version=\"1.0\"?>\n<testsuite xmlns:xsi=\"x\" name=\"a.B\" time=\"0.1\" tests=\"9\" errors=\"1\" \
             skipped=\"2\" failures=\"3\">\n<testcase name=\"x\"/></testsuite>",
        );
        assert_eq!(maven, tally(3, 4, 2));
        let mut pytest = Tally::default();
        pytest.add_report(
            "<testsuites><testsuite name=\"pytest\" errors=\"0\" failures=\"0\" skipped=\"0\" tests=\"5\"></testsuite>\
             <testsuite tests=\"2\" failures=\"1\"></testsuite></testsuites>",
        );
        assert_eq!(pytest, tally(6, 1, 0));
    }

    #[test]
    fn reads_what_swift_prints() {
        let output = "Test Suite 'All tests' passed at 2026-01-01 00:00:00.000\n\
            Test Case 'A.testOne' started at 2026-01-01 00:00:00.000\n\
            Test Case 'A.testOne' passed (0.01 seconds)\n\
            Test Case 'A.testTwo' failed (0.01 seconds)\n\
            Test Case 'A.testThree' skipped (0.01 seconds)\n\
            \t Executed 3 tests, with 1 failure (0 unexpected) in 0.02 (0.02) seconds\n\
            ◇ Test run started.\n\
            ◇ Test one() started.\n\
            ◇ Passing 1 argument value → 1 to each(value:)\n\
            ◇ Passing 1 argument value → 2 to each(value:)\n\
            ✔ Test each(value:) passed after 0.001 seconds.\n\
            ✔ Test one() passed after 0.001 seconds.\n\
            ✔ Test \"has passed\" with 3 test cases passed after 0.001 seconds.\n\
            ✘ Test two() recorded an issue at A.swift:1:1: Expectation failed: a == b\n\
            ✘ Test two() failed after 0.001 seconds with 1 issue.\n\
            ➜ Test three() skipped.\n\
            ✔ Suite A passed after 0.001 seconds.\n\
            ✘ Test run with 3 tests failed after 0.001 seconds with 1 issue.\n";
        assert_eq!(Tally::of_swift(output), tally(5, 2, 2));
    }

    #[test]
    fn nothing_run_or_something_left_out_is_not_good() {
        assert!(tally(1, 0, 0).settle("test").is_ok());
        assert!(tally(0, 0, 0).settle("test").is_err());
        assert!(tally(1, 0, 1).settle("test").is_err());
        assert!(tally(1, 1, 0).settle("test").is_err());
    }
}
