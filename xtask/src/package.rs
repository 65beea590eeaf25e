//! The packages that an app for a phone takes in. Each needs its vendor's tools; what is missing is said before anything
//! is built.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::mobile::{ANDROID_CODE, ANDROID_LINK, rust_flags};
use crate::process::{Outcome, cargo_command, is_there, root, run, target, text};
use crate::{elf, folder};

/// A processor as Android calls it, and as Rust does.
const ANDROID: &[(&str, &str)] = &[
    ("arm64-v8a", "aarch64-linux-android"),
    ("armeabi-v7a", "armv7-linux-androideabi"),
    ("x86_64", "x86_64-linux-android"),
];

/// The oldest Android that the library runs on, by the number of its interface; the module's Gradle file says the same.
const ANDROID_API: &str = "26";

/// Apple's systems, and what is joined into one archive for each.
const APPLE: &[(&str, &[&str])] = &[
    ("ios", &["aarch64-apple-ios"]),
    ("ios-simulator", &["aarch64-apple-ios-sim", "x86_64-apple-ios"]),
    ("macos", &["aarch64-apple-darwin", "x86_64-apple-darwin"]),
];

/// Something that has to be on the machine.
struct Need {
    what: String,
    from: &'static str,
    there: bool,
}

/// Puts the libraries into the Android module and has Gradle make the AAR.
pub(crate) fn android() -> Outcome {
    let mut needs = vec![
        program("cargo-ndk", "cargo install cargo-ndk"),
        named_folder("ANDROID_NDK_HOME", "the Android NDK, r28 or newer"),
        named_folder("ANDROID_HOME", "the Android SDK"),
        program("gradle", "gradle.org"),
    ];
    needs.extend(ANDROID.iter().map(|(_, triple)| rust_for(triple)));
    all_there(&needs)?;

    let module = root().join("bindings/kotlin/android");
    let libraries = module.join("src/main/jniLibs");
    let mut ndk = cargo_command();
    ndk.args(["ndk", "--platform", ANDROID_API, "--output-dir"]).arg(&libraries);
    let link = ANDROID_LINK.map(|argument| format!("-C link-arg=-Wl,{argument}")).join(" ");
    let flags = format!("{ANDROID_CODE} {link}");
    for (processor, triple) in ANDROID {
        ndk.args(["--target", processor]);
        ndk.env(rust_flags(triple), &flags);
    }
    // One kind of library, as in `library::mobile`.
    ndk.args(["rustc", "--profile", "mobile", "-p", "llavero-ffi", "--crate-type", "cdylib"]);
    run(&mut ndk)?;
    for (processor, _) in ANDROID {
        let library = libraries.join(processor).join("libllavero_ffi.so");
        if processor.contains("64") {
            elf::check_pages(&library)?;
        }
        println!("{}", library.display());
    }
    // Gradle's plugin strips the libraries while it packs them.
    run(Command::new("gradle").current_dir(&module).arg("assembleRelease"))?;
    println!("the AAR is in {}", module.join("build/outputs/aar").display());
    Ok(())
}

/// Makes the framework that the Swift package names, and its archive for a release.
pub(crate) fn ios() -> Outcome {
    let mut needs: Vec<_> = ["ditto", "lipo", "swift", "xcodebuild"]
        .iter()
        .map(|name| program(name, "Xcode, on a Mac"))
        .collect();
    needs.extend(APPLE.iter().flat_map(|(_, triples)| *triples).map(|triple| rust_for(triple)));
    all_there(&needs)?;

    let work = target()?.join("xcframework");
    let headers = headers(&work).map_err(|error| format!("{}: {error}", work.display()))?;
    let framework = root().join("bindings/swift/LlaveroFFI.xcframework");
    folder::remove(&framework)?;
    let mut create = Command::new("xcodebuild");
    create.arg("-create-xcframework");
    for (system, triples) in APPLE {
        create.arg("-library").arg(joined(&work, system, triples)?);
        create.arg("-headers").arg(&headers);
    }
    run(create.arg("-output").arg(&framework))?;

    let archive = work.join("LlaveroFFI.xcframework.zip");
    run(Command::new("ditto").args(["-c", "-k", "--keepParent"]).arg(&framework).arg(&archive))?;
    let mut checksum = Command::new("swift");
    checksum.current_dir(root().join("bindings/swift")).args(["package", "compute-checksum"]);
    println!("{}\nchecksum {}", archive.display(), text(checksum.arg(&archive))?.trim());
    Ok(())
}

/// The headers in a folder of their own: two libraries with a `module.modulemap` each would be in each other's way.
fn headers(work: &Path) -> std::io::Result<PathBuf> {
    let folder = work.join("headers");
    fs::create_dir_all(folder.join("LlaveroFFI"))?;
    let from = root().join("bindings/swift/Sources/LlaveroFFI/include");
    for name in ["LlaveroFFI.h", "module.modulemap"] {
        fs::copy(from.join(name), folder.join("LlaveroFFI").join(name))?;
    }
    Ok(folder)
}

/// One archive that holds the code for all processors of a system.
fn joined(work: &Path, system: &str, triples: &[&str]) -> Outcome<PathBuf> {
    let folder = work.join(system);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let archive = folder.join("libllavero_ffi.a");
    let mut lipo = Command::new("lipo");
    lipo.arg("-create").arg("-output").arg(&archive);
    for triple in triples {
        let mut build = cargo_command();
        build.args(["rustc", "-p", "llavero-ffi", "--profile", "mobile"]);
        build.args(["--crate-type", "staticlib", "--target", triple]);
        // What Package.swift says.
        build.env("IPHONEOS_DEPLOYMENT_TARGET", "16.0").env("MACOSX_DEPLOYMENT_TARGET", "13.0");
        run(&mut build)?;
        lipo.arg(target()?.join(triple).join("mobile/libllavero_ffi.a"));
    }
    run(&mut lipo)?;
    Ok(archive)
}

fn program(name: &str, from: &'static str) -> Need {
    Need { what: name.to_owned(), from, there: is_there(name) }
}

fn named_folder(variable: &str, from: &'static str) -> Need {
    let there = env::var_os(variable).is_some_and(|folder| Path::new(&folder).is_dir());
    Need { what: format!("${variable}"), from, there }
}

/// Rust's standard library for a target.
fn rust_for(triple: &str) -> Need {
    let sysroot = text(Command::new("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(triple).join("lib");
    Need { what: triple.to_owned(), from: "rustup target add", there: library.is_dir() }
}

fn all_there(needs: &[Need]) -> Outcome {
    let missing = needs.iter().filter(|need| !need.there);
    let missing: Vec<_> = missing.map(|need| format!("  {} ({})", need.what, need.from)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("missing on this machine:\n{}", missing.join("\n")))
}
