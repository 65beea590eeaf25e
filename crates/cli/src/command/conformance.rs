//! `llavero conformance`.

use std::process::ExitCode;

use crate::Context;
use crate::args::Conformance;
use crate::conformance::{Report, run_file};
use crate::failure::{Failure, REFUSED};

pub(crate) fn run(args: &Conformance, context: Context) -> Result<ExitCode, Failure> {
    let mut failed = false;
    for file in &args.files {
        let report = run_file(file).map_err(|error| {
            Failure::usage(
                format!("{}: {error}", file.display()),
                "Give a file of cases as SPEC.md describes it.",
            )
        })?;
        failed |= !report.failed.is_empty();
        context.out.json(&report.to_json());
        print(&report, context);
    }
    Ok(if failed { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS })
}

fn print(report: &Report, context: Context) {
    let out = context.out;
    let line = format!("{}: passed {} of {}", report.file, report.passed, report.total);
    let line = match report.skipped {
        0 => line,
        skipped => format!("{line} ({skipped} skipped: kind not known)"),
    };
    out.line(line);
    for failure in &report.failed {
        out.line(format_args!(
            "    {}: expected {}, got {}",
            failure.id, failure.expected, failure.got
        ));
    }
    for (id, got) in &report.either {
        out.faint(format_args!("    {id}: left open by the specification; here: {got}"));
    }
}
