//! The documents that describe the credential types, in `docs/types`. They are written by the command as an agency writes
//! its own, and committed, so that their hashes can be looked up and a change of the claim tables is seen.

use std::fs;
use std::path::PathBuf;

use crate::folder;
use crate::process::{Outcome, cargo_command, root, target, text};

const NAMES: [&str; 3] = ["age", "curp", "ine"];

pub(crate) fn write() -> Outcome {
    let place = place();
    fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    for (name, fresh) in generate()? {
        let path = place.join(&name);
        if fs::read_to_string(&path).ok().as_ref() != Some(&fresh) {
            fs::write(&path, &fresh).map_err(|error| format!("{}: {error}", path.display()))?;
            println!("renewed docs/types/{name}");
        }
    }
    Ok(())
}

pub(crate) fn check() -> Outcome {
    let place = place();
    let fresh = generate()?;
    let stale: Vec<_> = fresh
        .iter()
        .filter(|(name, fresh)| fs::read_to_string(place.join(name)).ok().as_ref() != Some(fresh))
        .map(|(name, _)| format!("  docs/types/{name}"))
        .collect();
    if stale.is_empty() {
        println!("{} files about types are up to date", fresh.len());
        return Ok(());
    }
    Err(format!("stale; `cargo xtask types` renews them:\n{}", stale.join("\n")))
}

fn place() -> PathBuf {
    root().join("docs/types")
}

/// Each file's name and text.
fn generate() -> Outcome<Vec<(String, String)>> {
    let folder = target()?.join("types");
    folder::empty(&folder)?;
    let mut command = cargo_command();
    command.args(["run", "--quiet", "-p", "llavero-cli", "--", "--lang", "en", "types", "--out"]);
    let said = text(command.arg(&folder))?;
    let after = |word: &str| -> Vec<String> {
        let found = said.lines().filter_map(|line| line.trim().strip_prefix(word));
        found.map(|rest| rest.trim().to_owned()).collect()
    };
    let (vcts, hashes) = (after("vct "), after("vct#integrity "));
    if vcts.len() != NAMES.len() || hashes.len() != NAMES.len() {
        return Err(format!("`llavero types` no longer names three types:\n{said}"));
    }
    let mut files = Vec::new();
    let mut rows = String::new();
    for ((name, vct), hash) in NAMES.iter().zip(vcts).zip(hashes) {
        let file = format!("{name}.json");
        let path = folder.join(&file);
        let document =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        rows.push_str(&format!("| [`{file}`]({file}) | `{vct}` | `{hash}` |\n"));
        files.push((file, document));
    }
    files.push(("README.md".to_owned(), readme(&rows)));
    Ok(files)
}

fn readme(rows: &str) -> String {
    format!(
        "# Type metadata of the Mexican types

What SD-JWT VC calls type metadata: for each type its name and description, and for each claim its path, its labels in
Spanish and English, whether every credential has it (`mandatory`) and whether its holder can hide it (`sd`). They say
for programs what [SPEC.md](../../SPEC.md) §3.5 says for people; both follow the tables in
`crates/mexico/src/credential_type/`.

| document | `vct` | `vct#integrity` |
|---|---|---|
{rows}
These are under the names of tests and examples. `cargo xtask types` writes this folder, `cargo xtask types --check` says
what in it is stale.

## Your own

An agency issues under names of its own domain, so its documents differ from these in `vct`, and therefore in their hash:

```sh
llavero types --base https://agencia.example/vct/mx --out types
```

writes them and prints `vct` and `vct#integrity` for each. Publish each file at the address that is its `vct`, with
`Content-Type: application/json`, byte for byte: the hash covers the line feed at the end too. A wallet or verifier of
this project fetches nothing; it takes the documents from its trust list.

`vct#integrity` is optional in a credential. An agency that writes it writes the same in every credential of the type,
and cannot change a letter of the document afterwards without a new `vct`.
"
    )
}
