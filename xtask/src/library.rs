//! The library that the other languages load, built for this machine.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::PathBuf;

use crate::process::{Outcome, cargo, target};

/// What the compiler calls it here: `libllavero_ffi.so`, `libllavero_ffi.dylib` or `llavero_ffi.dll`.
pub(crate) fn file_name() -> String {
    format!("{DLL_PREFIX}llavero_ffi{DLL_SUFFIX}")
}

/// Builds it for tests, by itself: beside the generator, Cargo would give it the generator's features.
pub(crate) fn debug() -> Outcome<PathBuf> {
    cargo(&["build", "--quiet", "-p", "llavero-ffi"])?;
    Ok(target()?.join("debug").join(file_name()))
}

/// Builds it as it ships, symbols included. One kind of library is named, because with an `rlib` among the kinds Cargo
/// leaves out the optimisation over all crates, and the library weighs half as much again.
pub(crate) fn mobile() -> Outcome<PathBuf> {
    let mut args = vec!["rustc", "--quiet", "-p", "llavero-ffi", "--profile", "mobile"];
    args.extend(["--crate-type", "cdylib"]);
    cargo(&args)?;
    Ok(target()?.join("mobile").join(file_name()))
}
