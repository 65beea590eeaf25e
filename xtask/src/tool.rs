//! Programs from crates.io, each installed once per version, in the target directory.

use std::env::consts::EXE_EXTENSION;
use std::path::PathBuf;

use crate::process::{Outcome, cargo, target};

/// The program `name` of the package of the same name.
pub(crate) fn installed(name: &str, version: &str) -> Outcome<PathBuf> {
    let folder = target()?.join("tools").join(format!("{name}-{version}"));
    let tool = folder.join("bin").join(name).with_extension(EXE_EXTENSION);
    if !tool.is_file() {
        let folder = folder.display().to_string();
        let install = ["install", "--locked", "--quiet", name];
        cargo(&[&install[..], &["--version", version, "--root", &folder]].concat())?;
    }
    Ok(tool)
}
