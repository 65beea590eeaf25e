//! What comes from Debian: packages, and a Rust that compiles its own standard library.
//!
//! The standard library of a phone or a browser is not on every machine, and not every machine reaches the place it
//! comes from. Debian 12 ships a recent Rust with the library's sources (`rustc-web`), and with `-Zbuild-std` Cargo
//! compiles them for any target.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{Outcome, is_there, target, text};

const RUST_WEB: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// Installs those of the packages that are missing. Needs root only if one is.
pub(crate) fn install(packages: &[&str]) -> Outcome {
    let missing: Vec<_> = packages.iter().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_there("apt-get") {
        return Err(format!("this needs packages of Debian 12: {missing:?}"));
    }
    println!("installing {missing:?}");
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-o", "Acquire::Retries=3"]);
        apt
    };
    // Of what they print, only errors are of interest.
    text(apt().arg("update"))?;
    text(apt().args(["install", "--yes", "--no-install-recommends"]).args(missing)).map(drop)
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .output()
        .is_ok_and(|query| query.stdout == b"installed")
}

/// Cargo with Debian's Rust, to be given `-Zbuild-std=…` and `--target …`.
///
/// What it builds lies in [`rust_web_target`]: two compilers in one folder would undo each other's work.
pub(crate) fn rust_web() -> Outcome<Command> {
    install(RUST_WEB)?;
    let mut cargo = Command::new("/usr/bin/cargo");
    // Ahead of rustup's programs, which would heed the toolchain that runs this one.
    cargo.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    for name in ["CARGO", "RUSTC", "RUSTC_WRAPPER", "RUSTFLAGS", "RUSTUP_TOOLCHAIN"] {
        cargo.env_remove(name);
    }
    cargo.env("RUSTC_BOOTSTRAP", "1");
    cargo.env("CARGO_TARGET_DIR", rust_web_target()?);
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
    Ok(cargo)
}

/// The target directory of [`rust_web`]: `<target>/rust-web/<triple>/<profile>/…`.
pub(crate) fn rust_web_target() -> Outcome<PathBuf> {
    Ok(target()?.join("rust-web"))
}
