//! The same tokens to us and to other implementations.

use std::env;

use crate::debian;
use crate::process::{Outcome, cargo_command, is_there, run};

/// How many tokens a full run has.
const FULL: &str = "100000";

/// As many as a change can wait for.
pub(crate) fn short() -> Outcome {
    differential(None)
}

/// As many as `LLAVERO_DIFFERENTIAL_TOKENS` says, or [`FULL`].
pub(crate) fn full() -> Outcome {
    let wanted = env::var("LLAVERO_DIFFERENTIAL_TOKENS");
    differential(Some(wanted.as_deref().unwrap_or(FULL)))
}

fn differential(tokens: Option<&str>) -> Outcome {
    if !is_there("mvn") || !is_there("javac") {
        debian::install(&["maven", "openjdk-17-jdk-headless"])?;
    }
    let mut test = cargo_command();
    test.args(["test", "-p", "llavero-tests", "--features", "peers", "--test", "differential"]);
    if let Some(tokens) = tokens {
        test.env("LLAVERO_DIFFERENTIAL_TOKENS", tokens);
    }
    run(test.args(["--", "--nocapture"]))
}
