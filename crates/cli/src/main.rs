//! The command `llavero`: issue, hold, present and verify identity credentials, offline.

mod args;
mod command;
mod conformance;
mod failure;
mod files;
mod output;

use std::process::ExitCode;

use clap::Parser as _;
use llavero_core::UnixTime;
use llavero_mexico::Language;

use args::{Cli, Command, Lang};
use failure::Failure;
use output::Output;

/// What every command gets besides its own arguments.
#[derive(Clone, Copy, Debug)]
struct Context {
    out: Output,
    now: UnixTime,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let out = Output { json: cli.json, language: language(cli.lang) };
    let context = Context { out, now: cli.at.unwrap_or_else(files::clock) };
    match run(cli.command, context) {
        Ok(status) => status,
        Err(failure) => {
            out.failure(&failure);
            ExitCode::from(failure.status)
        }
    }
}

fn run(command: Command, context: Context) -> Result<ExitCode, Failure> {
    match command {
        Command::Demo(args) => command::demo::run(&args, context)?,
        Command::Keys(args) => command::keys::run(args, context)?,
        Command::Trust(args) => command::trust::run(args, context)?,
        Command::Types(args) => command::types::run(&args, context)?,
        Command::Issue(args) => command::issue::run(&args, context)?,
        Command::Wallet(args) => command::wallet::run(args, context)?,
        Command::Request(args) => command::request::run(args, context)?,
        Command::Verify(args) => command::verify::run(&args, context)?,
        Command::Inspect(args) => command::inspect::run(&args, context)?,
        Command::Curp(args) => return command::curp::run(args, context),
        Command::Ine(args) => return command::ine::run(args, context),
        Command::Conformance(args) => return command::conformance::run(&args, context),
    }
    Ok(ExitCode::SUCCESS)
}

/// Spanish where the environment speaks it, else English.
fn language(asked: Option<Lang>) -> Language {
    match asked {
        Some(Lang::EsMx) => Language::EsMx,
        Some(Lang::En) => Language::En,
        None => {
            let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
            if named.is_some_and(|name| name.starts_with("es")) {
                Language::EsMx
            } else {
                Language::En
            }
        }
    }
}
