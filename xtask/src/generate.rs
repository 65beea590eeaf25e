//! The sources that UniFFI writes from the compiled library. They are committed, so that a review shows what an app
//! will see, and so that an app needs no Rust; a step of the tests compares them.

use std::fs;
use std::path::Path;

use crate::process::{Outcome, cargo_command, root, target, text};
use crate::{library, python};

/// The name that the generator gives a file, and its place in `bindings`.
const FILES: &[(&str, &str)] = &[
    (KOTLIN_NAME, "kotlin/src/main/kotlin/org/llavero/llavero.kt"),
    ("Llavero.swift", "swift/Sources/Llavero/Llavero.swift"),
    ("LlaveroFFI.h", "swift/Sources/LlaveroFFI/include/LlaveroFFI.h"),
    (MODULE_MAP_NAME, "swift/Sources/LlaveroFFI/include/module.modulemap"),
    // Private: the package's own `__init__.py` says what is public.
    ("llavero.py", "python/llavero/_native.py"),
];

const KOTLIN_NAME: &str = "org/llavero/llavero.kt";

const MODULE_MAP_NAME: &str = "LlaveroFFI.modulemap";

/// Ours instead of the generator's, whose module uses modules that only Apple's compiler has.
const MODULE_MAP: &str = "module LlaveroFFI {\n    header \"LlaveroFFI.h\"\n    export *\n}\n";

pub(crate) fn write() -> Outcome {
    for (place, fresh) in generate()? {
        let path = root().join("bindings").join(place);
        if stale(&path, &fresh) {
            path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| error.to_string())?;
            fs::write(&path, &fresh).map_err(|error| format!("{}: {error}", path.display()))?;
            println!("renewed bindings/{place}");
        }
    }
    python::stub(&[])
}

pub(crate) fn check() -> Outcome {
    let bindings = root().join("bindings");
    let fresh = generate()?;
    let stale: Vec<_> = fresh
        .iter()
        .filter(|(place, fresh)| stale(&bindings.join(place), fresh))
        .map(|(place, _)| format!("  bindings/{place}"))
        .collect();
    if stale.is_empty() {
        println!("{} generated files are up to date", fresh.len());
        return python::stub(&["--check"]);
    }
    Err(format!("stale; `cargo xtask generate` renews them:\n{}", stale.join("\n")))
}

fn stale(path: &Path, fresh: &str) -> bool {
    fs::read_to_string(path).ok().as_deref() != Some(fresh)
}

/// Each file's place and text.
fn generate() -> Outcome<Vec<(&'static str, String)>> {
    let library = library::debug()?;
    let folder = target()?.join("generated");
    let mut generate = cargo_command();
    generate.args(["run", "--quiet", "-p", "llavero-bindgen", "--", "generate"]).arg(library);
    // A formatter that happens to be installed would make the result depend on the machine.
    generate.args(["-l", "kotlin", "-l", "swift", "-l", "python", "--no-format", "-o"]);
    text(generate.arg(&folder))?;
    let read = |(name, place): &(&'static str, &'static str)| {
        let path = folder.join(name);
        let text = match *name {
            MODULE_MAP_NAME => Ok(MODULE_MAP.to_owned()),
            _ => fs::read_to_string(&path),
        };
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        let text = if *name == KOTLIN_NAME { catching_errors(&text)? } else { text };
        // Notes of the generator's authors to themselves, which would read like tasks of ours.
        Ok((*place, text.replace("// TODO: ", "// ")))
    };
    FILES.iter().map(read).collect()
}

/// The generator's Kotlin catches only an `Exception` of a callback. An `Error`, of `TODO()` or of a machine that is out
/// of memory, would pass, and the library would take the call for one that succeeded: a commit that never happened.
fn catching_errors(kotlin: &str) -> Outcome<String> {
    const NARROW: &str = "    } catch(e: kotlin.Exception) {\n";
    match kotlin.matches(NARROW).count() {
        2 => Ok(kotlin.replace(NARROW, "    } catch(e: kotlin.Throwable) {\n")),
        count => Err(format!("the generator's Kotlin has changed: {count} places catch, not 2")),
    }
}
