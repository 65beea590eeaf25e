//! `llavero types`: the documents that an agency publishes about its types.

use llavero_core::type_metadata::Integrity;
use llavero_mexico::CredentialType;
use serde_json::{Value, json};

use crate::Context;
use crate::args::Types;
use crate::failure::Failure;
use crate::files;

pub(crate) fn run(args: &Types, context: Context) -> Result<(), Failure> {
    let out = context.out;
    let names = CredentialType::ALL.map(|known| Ok((known, vct(known, args.base.as_deref())?)));
    let names = names.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    std::fs::create_dir_all(&args.out).map_err(|error| Failure::file(&args.out, &error))?;
    let mut types = Vec::<Value>::new();
    for (known, vct) in names {
        let document = known.type_metadata(&vct);
        let integrity = Integrity::of(document.as_bytes());
        let integrity = integrity.as_str();
        let file = args.out.join(format!("{}.json", known.name()));
        files::write(&file, document.as_bytes(), false)?;
        out.good(file.display());
        out.line(format_args!("    vct            {vct}"));
        out.line(format_args!("    vct#integrity  {integrity}"));
        types.push(json!({
            "type": known.name(), "file": file, "vct": vct, "vct#integrity": integrity,
        }));
    }
    out.json(&json!({ "out": args.out, "types": types }));
    out.faint(out.pick(
        "  Publique cada archivo tal cual, byte por byte, en la dirección que es su vct.",
        "  Publish each file as it is, byte for byte, at the address that is its vct.",
    ));
    Ok(())
}

/// The name of the type under the base, which must be an address that nobody can take for another.
fn vct(known: CredentialType, base: Option<&str>) -> Result<String, Failure> {
    let Some(base) = base else { return Ok(known.default_vct().to_owned()) };
    let vct = known.vct_under(base);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:".contains(c);
    if CredentialType::from_vct(&vct) == Some(known) && vct.chars().all(plain) {
        return Ok(vct);
    }
    Err(Failure::usage(
        "--base is no address that types can be published under",
        "Give one like https://agencia.example/vct/mx, without query or fragment.",
    ))
}
