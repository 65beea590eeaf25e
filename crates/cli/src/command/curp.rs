//! `llavero curp`.

use std::path::Path;
use std::process::ExitCode;

use jiff::civil::Date;
use llavero_core::UnixTime;
use llavero_mexico::{Curp, CurpRoot, Differentiator, Persona};
use serde_json::json;

use crate::Context;
use crate::args;
use crate::conformance::mexico::curp_fields;
use crate::failure::{Failure, REFUSED};
use crate::files;

pub(crate) fn run(args: args::Curp, context: Context) -> Result<ExitCode, Failure> {
    match args {
        args::Curp::Check { curp, strict } => {
            let given = if curp == "-" { files::read_text(Path::new("-"))? } else { curp };
            check(&given, strict, context)
        }
        args::Curp::Derive {
            given_name,
            primer_apellido,
            segundo_apellido,
            birthdate,
            sexo,
            entidad,
        } => {
            let second = segundo_apellido.as_deref().map(str::parse).transpose()?;
            let birthdate: Date = birthdate.parse().map_err(|_| {
                Failure::usage("the date of birth cannot be read", "Give it like 2003-05-17.")
            })?;
            let persona = Persona::new(
                given_name.parse()?,
                primer_apellido.parse()?,
                second,
                birthdate,
                sexo.parse()?,
                entidad.parse()?,
            )?;
            derive(&persona, context)
        }
    }
}

/// The UTC day of a time.
pub(super) fn day(time: UnixTime) -> Result<Date, Failure> {
    let time = jiff::Timestamp::from_second(time.as_secs());
    let time =
        time.map_err(|_| Failure::usage("time out of range", "Give a time within the calendar."))?;
    Ok(time.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn check(given: &str, strict: bool, context: Context) -> Result<ExitCode, Failure> {
    let differentiator = if strict { Differentiator::AtoJ } else { Differentiator::AtoZ };
    let out = context.out;
    let faults = Curp::faults_in(given, day(context.now)?, differentiator);
    let parsed = given.parse::<Curp>().ok();
    out.json(&json!({
        "well_formed": parsed.is_some(),
        "valid": faults.is_empty(),
        "reasons": faults.iter().map(|fault| fault.reason()).collect::<Vec<_>>(),
        "fields": parsed.as_ref().map(curp_fields),
        "registered": "only RENAPO can say",
    }));
    if faults.is_empty() {
        out.good(out.pick(
            "CURP válida en todo lo que se puede comprobar",
            "valid in all that can be checked",
        ));
    }
    for fault in &faults {
        out.bad(fault.reason());
    }
    if let Some(curp) = &parsed {
        let born = curp.birthdate().map(|date| date.to_string()).unwrap_or_default();
        out.line(format_args!("    {}: {born}", out.pick("nacimiento", "born")));
        out.line(format_args!("    {}: {}", out.pick("sexo", "sex"), curp.sexo().as_str()));
        out.line(format_args!("    {}: {}", out.pick("entidad", "place"), curp.entidad().nombre()));
    }
    out.faint(out.pick(
        "    Si está registrada, y de quién es, sólo puede decirlo RENAPO.",
        "    Whether it is registered, and whose it is, only RENAPO can say.",
    ));
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
}

fn derive(persona: &Persona, context: Context) -> Result<ExitCode, Failure> {
    let root = CurpRoot::of(persona);
    let first = root.first()?;
    let out = context.out;
    out.json(&json!({ "root": root.expose(), "first": first.expose() }));
    out.line(format_args!(
        "{}  {}",
        root.expose(),
        out.pick("los 16 primeros caracteres", "the first 16 characters")
    ));
    out.line(format_args!(
        "{}  {}",
        first.expose(),
        out.pick("si nadie más tiene los mismos", "if nobody else has the same"),
    ));
    out.faint(out.pick(
        "    El carácter 17 lo asigna RENAPO: esto no es la CURP de nadie hasta que lo haga.",
        "    RENAPO assigns character 17: this is nobody's CURP until it does.",
    ));
    Ok(ExitCode::SUCCESS)
}
