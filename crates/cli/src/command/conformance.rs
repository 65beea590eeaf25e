//! `llavero conformance`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::Context;
use crate::args::Conformance;
use crate::conformance::{Adapter, Examinee, FileError, Llavero, Report, run_file, serve};
use crate::failure::{Failure, REFUSED};

pub(crate) fn run(args: &Conformance, context: Context) -> Result<ExitCode, Failure> {
    if args.as_adapter {
        let usage = |error: std::io::Error| {
            Failure::usage(error.to_string(), "Give one case per line, as `--adapter` does.")
        };
        return serve().map(|()| ExitCode::SUCCESS).map_err(usage);
    }
    let mut examinee: Box<dyn Examinee> = match &args.adapter {
        Some(command) => Box::new(Adapter::new(command, Duration::from_secs(args.timeout))),
        None => Box::new(Llavero),
    };
    let mut failed = false;
    for file in &args.files {
        let report = run_file(file, examinee.as_mut()).map_err(|error| failure(file, &error))?;
        failed |= !report.failed.is_empty();
        context.out.json(&report.to_json());
        print(&report, context);
    }
    Ok(if failed { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS })
}

fn failure(file: &Path, error: &FileError) -> Failure {
    match error {
        FileError::Adapter(error) => Failure::usage(
            error.to_string(),
            "Check the command. Does it write a line for each line, and flush it?",
        ),
        FileError::Io(_) | FileError::Json(_) => Failure::usage(
            format!("{}: {error}", file.display()),
            "Give a file of cases as tests/vectors/conformance/README.md describes it.",
        ),
    }
}

fn print(report: &Report, context: Context) {
    let out = context.out;
    if report.total == 0 {
        out.line(format_args!("{}: no cases", report.file));
        return;
    }
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
