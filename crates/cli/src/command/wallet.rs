//! `llavero wallet`.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use llavero_core::{KeyKind, OsRandom};
use llavero_holder::{
    ConsentSheet, CredentialId, PresentationAnswer, PresentationRequest, ShownClaim, SoftwareKeys,
    TrustList, Wallet,
};
use llavero_store::FileStore;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::verify::show_value;
use crate::Context;
use crate::args::{self, WalletFile};
use crate::failure::Failure;
use crate::files::{self, show_time};
use crate::output::Output;

pub(crate) fn run(args: args::Wallet, context: Context) -> Result<(), Failure> {
    match args {
        args::Wallet::Enrol { file, iss, nonce, copies, kind, out } => {
            let mut wallet = open(&file, true)?;
            let enrolment = wallet.begin(
                &iss,
                &nonce,
                copies,
                KeyKind::from(kind),
                context.now,
                &mut OsRandom,
            )?;
            let document = json!({ "proofs": { "jwt": enrolment.proofs() } });
            files::write_json(&out, &document, false)?;
            context.out.json(&json!({ "proofs": out, "copies": copies }));
            context
                .out
                .good(format_args!("{copies} keys made; give {} to the issuer", out.display()));
            Ok(())
        }
        args::Wallet::Add { file, trust, batch } => add(&file, &trust, &batch, context),
        args::Wallet::List { file } => list(&file, context),
        args::Wallet::Show { file, id } => show(&file, &id, context),
        args::Wallet::Answer { file, yes, decline, out, request } => {
            let request = PresentationRequest::from_slice(&files::read(&request)?)?;
            answer(&file, &request, Decision { yes, decline }, &out, context)
        }
        args::Wallet::History { file } => history(&file, context),
    }
}

/// Opens the wallet; `make` says that a new one is made where there is none.
fn open(file: &WalletFile, make: bool) -> Result<Wallet, Failure> {
    let exists = file.wallet.exists();
    if !exists && !make {
        return Err(Failure::usage(
            format!("{}: there is no wallet", file.wallet.display()),
            "Make one by asking an issuer for copies: `llavero wallet enrol`.",
        ));
    }
    let passphrase = passphrase(file)?;
    let store = if exists {
        FileStore::open_with_passphrase(&file.wallet, &passphrase, OsRandom)?
    } else {
        FileStore::create_with_passphrase(&file.wallet, &passphrase, OsRandom)?
    };
    Ok(Wallet::new(store, SoftwareKeys))
}

fn passphrase(file: &WalletFile) -> Result<Zeroizing<String>, Failure> {
    if let Some(path) = &file.passphrase_file {
        return Ok(Zeroizing::new(files::read_text(path)?));
    }
    if let Ok(passphrase) = std::env::var("LLAVERO_PASSPHRASE") {
        return Ok(Zeroizing::new(passphrase));
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(
            "no passphrase for the wallet",
            "Set LLAVERO_PASSPHRASE or give --passphrase-file.",
        ));
    }
    let prompt = format!("Passphrase of {}: ", file.wallet.display());
    let typed =
        rpassword::prompt_password(prompt).map_err(|error| Failure::file(&file.wallet, &error))?;
    Ok(Zeroizing::new(typed))
}

fn add(file: &WalletFile, trust: &Path, batch: &Path, context: Context) -> Result<(), Failure> {
    let trust = TrustList::from_slice(&files::read(trust)?)?;
    let document = files::read_json(batch)?;
    let entries = document.get("credentials").and_then(Value::as_array);
    let copies: Option<Vec<&str>> = entries.and_then(|entries| {
        entries.iter().map(|entry| entry.get("credential")?.as_str()).collect()
    });
    let copies = copies.ok_or_else(|| {
        Failure::usage(
            format!("{}: no batch", batch.display()),
            "Give the file that `llavero issue` wrote for you.",
        )
    })?;
    let mut wallet = open(file, false)?;
    let receipt =
        wallet.receive(&copies, &trust, context.now, context.out.language, &mut OsRandom)?;
    let credential = receipt.credential();
    let warnings: Vec<&str> =
        receipt.warnings().iter().map(llavero_holder::LintWarning::code).collect();
    context.out.json(&json!({
        "id": credential.id().as_str(),
        "vct": credential.vct(),
        "issuer": credential.issuer(),
        "copies": credential.copies_left(),
        "warnings": warnings,
    }));
    context.out.good(format_args!(
        "{}: {} {} ({})",
        credential.label(),
        credential.copies_left(),
        context.out.pick("copias, todas verificadas", "copies, every one verified"),
        credential.issuer_name(),
    ));
    for warning in receipt.warnings() {
        context.out.note(warning.text(context.out.language));
    }
    Ok(())
}

fn list(file: &WalletFile, context: Context) -> Result<(), Failure> {
    let credentials = open(file, false)?.credentials(context.out.language)?;
    let entries: Vec<Value> = credentials
        .iter()
        .map(|credential| {
            json!({
                "id": credential.id().as_str(),
                "vct": credential.vct(),
                "label": credential.label(),
                "issuer": credential.issuer(),
                "issuer_name": credential.issuer_name(),
                "copies_left": credential.copies_left(),
                "expires": credential.expires().map(llavero_core::UnixTime::as_secs),
            })
        })
        .collect();
    context.out.json(&json!({ "credentials": entries }));
    if credentials.is_empty() {
        context.out.line(context.out.pick("La cartera está vacía.", "The wallet is empty."));
    }
    for credential in &credentials {
        let expires = credential.expires().map(show_time).unwrap_or_default();
        context.out.line(format_args!(
            "{}  {}  ({})  {} {}  {} {expires}",
            credential.id().as_str(),
            credential.label(),
            credential.issuer_name(),
            credential.copies_left(),
            context.out.pick("copias", "copies"),
            context.out.pick("vence", "expires"),
        ));
    }
    Ok(())
}

fn show(file: &WalletFile, id: &str, context: Context) -> Result<(), Failure> {
    let claims = open(file, false)?.show(&CredentialId::from_text(id), context.out.language)?;
    let entries: Vec<Value> = claims
        .iter()
        .map(|claim| json!({ "path": claim.path(), "label": claim.label(), "value": claim.value().expose() }))
        .collect();
    context.out.json(&json!({ "claims": entries }));
    for claim in &claims {
        context.out.line(format_args!("{}: {}", claim.label(), show_value(claim.value().expose())));
    }
    Ok(())
}

/// What was decided before the sheet was seen.
#[derive(Clone, Copy)]
struct Decision {
    yes: bool,
    decline: bool,
}

fn answer(
    file: &WalletFile,
    request: &PresentationRequest,
    decision: Decision,
    path: &Path,
    context: Context,
) -> Result<(), Failure> {
    let mut wallet = open(file, false)?;
    let sheet = wallet.consider(request, context.now, context.out.language)?.sheet()?;
    print_sheet(&sheet, context.out);
    if decision.decline || !(decision.yes || agrees(context.out)?) {
        let refusal = sheet.decline().to_json();
        files::write_json(path, &refusal, false)?;
        context.out.json(&json!({ "answer": path, "approved": false }));
        context.out.line(context.out.pick("No se reveló nada.", "Nothing was revealed."));
        return Ok(());
    }
    let shown = sheet_json(&sheet);
    let answer: PresentationAnswer = sheet.approve(&mut wallet, context.now, &mut OsRandom)?;
    files::write_json(path, &answer.to_json(), true)?;
    context.out.json(&json!({ "answer": path, "approved": true, "sheet": shown }));
    context.out.good(format_args!("{}", path.display()));
    Ok(())
}

fn agrees(out: Output) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() || out.json {
        return Err(Failure::usage("nobody is there to agree", "Give --yes or --decline."));
    }
    anstream::print!("{} ", out.pick("¿Revelar esto? [s/N]", "Reveal this? [y/N]"));
    let mut line = String::new();
    let read =
        std::io::stdout().flush().and_then(|()| std::io::stdin().lock().read_line(&mut line));
    read.map_err(|error| Failure::file(Path::new("-"), &error))?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes" | "s" | "si" | "sí"))
}

pub(super) fn print_sheet(sheet: &ConsentSheet, out: Output) {
    let name = sheet.unverified_client_name().unwrap_or_default();
    out.line(format_args!(
        "  {} «{name}» ({}), {}",
        out.pick("Pide:", "Asked by"),
        sheet.client_id(),
        out.pick("nombre que nadie ha comprobado", "a name that nobody has checked"),
    ));
    out.line(format_args!("  {} «{}»", out.pick("Para:", "For:"), sheet.unverified_purpose()));
    for credential in sheet.credentials() {
        out.line(format_args!(
            "  {} {}",
            credential.credential().label(),
            out.pick("revela:", "reveals:"),
        ));
        for claim in credential.revealed() {
            out.line(format_args!(
                "    • {}: {}",
                claim.label(),
                show_value(claim.value().expose())
            ));
        }
        if credential.revealed().is_empty() {
            out.line(format_args!("    • {}", out.pick("ningún dato elegido", "no chosen claim")));
        }
        if !credential.implied().is_empty() {
            out.line(format_args!("  {}", out.pick("y con ello se sabe:", "and that shows:")));
        }
        for fact in credential.implied() {
            out.line(format_args!("    ◦ {}", fact.label(out.language)));
        }
    }
    for warning in sheet.warnings() {
        out.note(format_args!(" {}", warning.text(out.language)));
    }
    for credential in sheet.credentials() {
        let open: Vec<&str> = credential.always_visible().iter().map(ShownClaim::label).collect();
        out.faint(format_args!(
            "  {}: {}",
            out.pick("siempre visible", "always visible"),
            open.join(", ")
        ));
    }
    for limit in sheet.not_protected() {
        out.faint(format_args!("  {}", limit.text(out.language)));
    }
}

fn sheet_json(sheet: &ConsentSheet) -> Value {
    let credentials: Vec<Value> = sheet
        .credentials()
        .iter()
        .map(|credential| {
            json!({
                "query": credential.query_id(),
                "vct": credential.credential().vct(),
                "revealed": credential.revealed().iter().map(ShownClaim::path).collect::<Vec<_>>(),
                "implied": credential.implied().iter().map(llavero_holder::Fact::id).collect::<Vec<_>>(),
            })
        })
        .collect();
    let warnings: Vec<&str> = sheet.warnings().iter().map(llavero_holder::Warning::code).collect();
    json!({ "credentials": credentials, "warnings": warnings })
}

fn history(file: &WalletFile, context: Context) -> Result<(), Failure> {
    let entries = open(file, false)?.history()?;
    let documents: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let shown: Vec<Value> = entry
                .shown()
                .iter()
                .map(|item| json!({ "vct": item.vct(), "issuer": item.issuer(), "claims": item.claims() }))
                .collect();
            json!({ "at": entry.at().as_secs(), "client_id": entry.client_id(), "shown": shown })
        })
        .collect();
    context.out.json(&json!({ "history": documents }));
    for entry in &entries {
        context.out.line(format_args!("{}  {}", show_time(entry.at()), entry.client_id()));
        for item in entry.shown() {
            context.out.line(format_args!("    {}: {}", item.vct(), item.claims().join(", ")));
        }
    }
    Ok(())
}
