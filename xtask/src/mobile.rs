//! Compiling for phones on a machine that has neither the Android NDK nor Xcode.
//!
//! No C is in the library, so its code can be made without their compilers. Linking an app is another matter: what comes
//! out here shows that the code compiles, and what it weighs. It has not run on a phone.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::process::{Outcome, run, text};
use crate::{debian, elf};

/// Compiled as far as types go. The two that are built for real need no check.
const CHECKED: &[&str] =
    &["armv7-linux-androideabi", "x86_64-linux-android", "aarch64-apple-ios-sim"];

const ANDROID: &str = "aarch64-linux-android";
const IOS: &str = "aarch64-apple-ios";

/// For the linker of an Android library: pages of up to 16 KiB, as new phones have, equal functions once, and addresses to
/// be filled in listed briefly (since Android 6).
pub(crate) const ANDROID_LINK: [&str; 4] =
    ["-zmax-page-size=16384", "--icf=all", "--pack-dyn-relocs=android", "--hash-style=gnu"];

/// For the compiler of an Android library: no tables for unwinding. A panic ends the app without them, and they are a
/// sixth of the library.
pub(crate) const ANDROID_CODE: &str = "-Cforce-unwind-tables=no";

/// What UniFFI exports; the linker drops whatever none of it needs.
const EXPORTS: &str = "{ global: ffi_*; uniffi_*; UNIFFI_META_*; local: *; };\n";

pub(crate) fn check() -> Outcome {
    for triple in CHECKED {
        run(cargo("check", triple)?.args(["--profile", "mobile"]))?;
        println!("{triple}: type-checked");
    }
    let archive = archive(IOS)?;
    let headers = text(llvm("llvm-readobj")?.arg("--file-headers").arg(&archive))?;
    let mut formats = headers.lines().filter_map(|line| line.strip_prefix("Format: ")).peekable();
    if formats.peek().is_none() || formats.any(|format| format != "Mach-O arm64") {
        return Err(format!("{} holds something other than Mach-O arm64", archive.display()));
    }
    println!("{IOS}: {} is Mach-O arm64", archive.display());
    let library = android()?;
    elf::check_pages(&library)?;
    println!("{ANDROID}: {} fits pages of 16 KiB", library.display());
    Ok(())
}

/// The library for Android phones, symbols included. Rust would call the NDK's compiler to link it; LLVM's linker does
/// without, and leaves open what Android's own libraries will fill in.
pub(crate) fn android() -> Outcome<PathBuf> {
    let archive = archive(ANDROID)?;
    let exports = archive.with_extension("exports");
    fs::write(&exports, EXPORTS).map_err(|error| format!("{}: {error}", exports.display()))?;
    let library = archive.with_extension("so");
    let mut link = Command::new("ld.lld-19");
    link.args(["-shared", "--eh-frame-hdr", "--gc-sections", "-znow"]).args(ANDROID_LINK);
    link.arg("--version-script").arg(exports).arg("-o").arg(&library);
    run(link.arg("--whole-archive").arg(archive))?;
    Ok(library)
}

/// The library as an archive for an app's linker, symbols included.
fn archive(triple: &str) -> Outcome<PathBuf> {
    let mut build = cargo("rustc", triple)?;
    run(build.args(["--profile", "mobile", "--crate-type", "staticlib"]))?;
    Ok(debian::rust_web_target()?.join(triple).join("mobile/libllavero_ffi.a"))
}

fn cargo(command: &str, triple: &str) -> Outcome<Command> {
    let mut cargo = debian::rust_web()?;
    cargo.args([command, "--quiet", "-p", "llavero-ffi", "--target", triple]);
    cargo.arg("-Zbuild-std=std,panic_abort");
    if triple == ANDROID {
        cargo.env(rust_flags(triple), ANDROID_CODE);
    }
    Ok(cargo)
}

/// The environment variable in which Cargo takes the compiler's flags for a target.
pub(crate) fn rust_flags(triple: &str) -> String {
    format!("CARGO_TARGET_{}_RUSTFLAGS", triple.to_uppercase().replace('-', "_"))
}

/// A tool of LLVM, which reads what any system links.
pub(crate) fn llvm(tool: &str) -> Outcome<Command> {
    debian::install(&["llvm-19"])?;
    Ok(Command::new(format!("{tool}-19")))
}
