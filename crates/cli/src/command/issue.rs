//! `llavero issue`: batches for many people at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use llavero_core::{OsRandom, Signer as _, SigningKey};
use llavero_issuer::{HolderKeys, Issuer, Record, TypeDocument, TypeName, Validity};
use llavero_mexico::CredentialType;
use serde_json::{Value, json};

use crate::Context;
use crate::args::Issue;
use crate::failure::Failure;
use crate::files;

pub(crate) fn run(args: &Issue, context: Context) -> Result<(), Failure> {
    let agency = Agency::new(args, context)?;
    let records = named(read_records(&args.records)?)?;
    // Everything is checked and signed before anything is written: a bad record must not leave half a delivery.
    let bar = progress(records.len(), context);
    let mut batches = Vec::new();
    for (id, record) in &records {
        let copies = agency.issue(id, record, context).map_err(|failure| Failure {
            message: format!("record \"{id}\": {}", failure.message),
            ..failure
        })?;
        batches.push((id, copies));
        bar.inc(1);
    }
    bar.finish_and_clear();
    std::fs::create_dir_all(&args.out).map_err(|error| Failure::file(&args.out, &error))?;
    let mut copies = 0;
    for (id, batch) in &batches {
        copies += batch.len();
        let credentials: Vec<Value> =
            batch.iter().map(|text| json!({ "credential": text })).collect();
        let document = json!({ "credential_issuer": args.iss, "credentials": credentials });
        files::write_json(&args.out.join(format!("{id}.json")), &document, true)?;
    }
    context.out.json(&json!({ "out": args.out, "people": batches.len(), "copies": copies }));
    context.out.good(format_args!(
        "{} people, {copies} copies, in {}",
        batches.len(),
        args.out.display()
    ));
    context.out.faint(
        "  Hand each file to its holder and keep none: whoever keeps copies can recognise them.",
    );
    Ok(())
}

struct Agency<'a> {
    args: &'a Issue,
    key: SigningKey,
    issuer: Issuer,
    credential_type: CredentialType,
    validity: Validity,
    type_document: Option<TypeDocument>,
    one_proof_file: bool,
}

impl<'a> Agency<'a> {
    fn new(args: &'a Issue, context: Context) -> Result<Self, Failure> {
        let key = SigningKey::from_jwk(&files::read_json(&args.key)?)?;
        let document = args.type_document.as_deref().map(files::read_exactly).transpose()?;
        Ok(Self {
            issuer: Issuer::new(&args.iss, key.public_key())?,
            key,
            credential_type: CredentialType::from_name(&args.credential_type)
                .map_err(|_| Failure::usage("no such credential type", "Give age, curp or ine."))?,
            validity: Validity::days(context.now, args.days)?,
            type_document: document.map(|text| TypeDocument::new(&text, &[])).transpose()?,
            one_proof_file: !args.proofs.is_dir(),
            args,
        })
    }

    fn issue(&self, id: &str, record: &Value, context: Context) -> Result<Vec<String>, Failure> {
        let proofs = read_proofs(&self.proofs_of(id))?;
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let policy = self.issuer.proof_policy(&self.args.nonce);
        let keys = HolderKeys::check(&proofs, &policy, context.now)?;
        let record = Record::from_json(self.credential_type, record, context.now)?;
        let vct = self.args.vct.as_deref().unwrap_or(self.credential_type.default_vct());
        let name = self.type_document.as_ref().map_or_else(|| vct.into(), TypeName::from);
        let draft = self.issuer.draft(&record, name, self.validity)?;
        let copies = self.issuer.prepare(&draft, &keys, &mut OsRandom)?.sign(&self.key)?;
        Ok(copies.into_iter().map(llavero_core::issue::IssuedSdJwt::into_string).collect())
    }

    fn proofs_of(&self, id: &str) -> PathBuf {
        if self.one_proof_file {
            self.args.proofs.clone()
        } else {
            self.args.proofs.join(format!("{id}.json"))
        }
    }
}

/// Proofs as `llavero wallet enrol` writes them.
fn read_proofs(path: &Path) -> Result<Vec<String>, Failure> {
    let document = files::read_json(path)?;
    let proofs =
        document.get("proofs").and_then(|proofs| proofs.get("jwt")).and_then(Value::as_array);
    let proofs = proofs
        .and_then(|proofs| proofs.iter().map(|proof| proof.as_str().map(str::to_owned)).collect());
    proofs.ok_or_else(|| {
        Failure::usage(
            format!("{}: no proofs", path.display()),
            "Make it with `llavero wallet enrol`.",
        )
    })
}

fn read_records(path: &Path) -> Result<Vec<Value>, Failure> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
        return read_csv(path);
    }
    Ok(match files::read_json(path)? {
        Value::Array(records) => records,
        record => vec![record],
    })
}

/// CSV with a header line. Each row is a record whose fields are texts; an empty cell counts as absent.
fn read_csv(path: &Path) -> Result<Vec<Value>, Failure> {
    let bytes = files::read(path)?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
    let malformed = |error: &csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        Failure::usage(
            format!("{}: malformed CSV at line {line}", path.display()),
            "Every line needs as many cells as the header.",
        )
    };
    let header = reader.headers().map_err(|error| malformed(&error))?.clone();
    let row = |row: csv::Result<csv::StringRecord>| {
        let row = row.map_err(|error| malformed(&error))?;
        let cells =
            header.iter().zip(row.iter()).map(|(name, cell)| (name.to_owned(), Value::from(cell)));
        Ok(Value::Object(cells.collect()))
    };
    reader.records().map(row).collect()
}

/// Each record with the name of its files: its `id`, or its number.
fn named(records: Vec<Value>) -> Result<Vec<(String, Value)>, Failure> {
    let mut seen = BTreeSet::new();
    let mut named = Vec::with_capacity(records.len());
    for (index, mut record) in records.into_iter().enumerate() {
        let id = match record.as_object_mut().and_then(|record| record.remove("id")) {
            None => (index + 1).to_string(),
            Some(id) => id.as_str().map_or_else(|| id.to_string(), str::to_owned),
        };
        let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if id.is_empty() || id.len() > 64 || !id.chars().all(safe) || !seen.insert(id.clone()) {
            return Err(Failure::usage(
                format!("record {}: \"id\" cannot name a file, or is repeated", index + 1),
                "Use up to 64 letters, digits, - and _, different for each record.",
            ));
        }
        named.push((id, record));
    }
    Ok(named)
}

fn progress(records: usize, context: Context) -> ProgressBar {
    // Drawn on standard error and only on a terminal, which indicatif looks after.
    let target =
        if context.out.json { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(records as u64), target);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} people, {per_sec}, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
