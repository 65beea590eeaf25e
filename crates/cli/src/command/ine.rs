//! `llavero ine`.

use std::process::ExitCode;

use llavero_mexico::IneMrz;
use serde_json::json;

use super::curp::day;
use crate::Context;
use crate::args::Ine;
use crate::conformance::mexico::mrz_fields;
use crate::failure::{Failure, REFUSED};
use crate::files;

pub(crate) fn run(args: Ine, context: Context) -> Result<ExitCode, Failure> {
    let Ine::Mrz { file } = args;
    let text = files::read_text(&file)?;
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let today = day(context.now)?;
    let out = context.out;
    match IneMrz::parse(&lines, today) {
        Ok(mrz) => {
            let fields = mrz_fields(&mrz, today);
            out.json(&json!({ "valid": true, "parsed": fields }));
            out.good(out.pick(
                "Los cuatro dígitos de control son correctos",
                "All four check digits are right",
            ));
            for (name, value) in fields.as_object().into_iter().flatten() {
                out.line(format_args!("    {name}: {value}"));
            }
            out.faint(out.pick(
                "    Esto lee la credencial; que sea auténtica sólo puede decirlo el INE.",
                "    This reads the card; whether it is genuine only INE can say.",
            ));
            Ok(ExitCode::SUCCESS)
        }
        Err(_) => {
            let faults = IneMrz::faults_in(&lines, today);
            let reasons: Vec<&str> = faults.iter().map(|fault| fault.reason()).collect();
            out.json(&json!({ "valid": false, "reasons": reasons }));
            for fault in &faults {
                out.bad(fault.reason());
            }
            Ok(ExitCode::from(REFUSED))
        }
    }
}
