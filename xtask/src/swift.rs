//! The Swift package, tested on Linux: Debian 13 has Swift, and a root of it in a folder is enough to run it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Outcome, cache, root, run, target, text, watch};
use crate::tally::Tally;
use crate::{debian, folder, library};

/// What the root holds; OpenSSL is the key store of the tests. A change here makes a new root, because the list is
/// its stamp.
const PACKAGES: &str = "swiftlang,libc6-dev,libssl-dev,libstdc++-14-dev";

/// What building and testing does not need; half of the root.
const LEFT_OUT: &[&str] = &[
    "/usr/share/doc/*",
    "/usr/share/info/*",
    "/usr/share/locale/*",
    "/usr/share/man/*",
    "/usr/libexec/swift/bin/clangd",
    "/usr/libexec/swift/bin/docc",
    "/usr/libexec/swift/bin/lldb*",
    "/usr/libexec/swift/bin/sourcekit-lsp",
    "/usr/libexec/swift/lib/libLTO*",
    "/usr/libexec/swift/lib/liblldb*",
    "/usr/libexec/swift/lib/libsourcekitdInProc*",
    "/usr/libexec/swift/lib/swift/FrameworkABIBaseline/*",
    "/usr/libexec/swift/lib/swift/embedded/*",
    "/usr/libexec/swift/lib/swift_static/*",
];

/// Runs a command in a root, in namespaces of its own, so that nothing stays mounted. Swift finds its libraries by
/// way of /proc.
const ENTER: &str = r#"
mkdir -p "$1/checkout" "$1/target"
mount -t proc proc "$1/proc"
mount --bind "$2" "$1/checkout"
mount --bind "$3" "$1/target"
root=$1; shift 3
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    LIBRARY_PATH=/target/debug LD_LIBRARY_PATH=/target/debug \
    chroot "$root" sh -euc 'cd /checkout/bindings/swift; exec "$@"' sh "$@"
"#;

pub(crate) fn test() -> Outcome {
    library::debug()?;
    let swift = swift_root()?;
    format(&swift)?;
    for_apple(&swift)?;
    let (good, output) = watch(inside(&swift, &["swift", "test"])?.args(BUILD))?;
    let tally = Tally::of_swift(&output);
    // The sample fails by itself if anything is not as it says.
    for language in ["es-MX", "en"] {
        let demo = ["llavero-demo", "--lang", language];
        run(inside(&swift, &["swift", "run"])?.args(BUILD).args(demo))?;
    }
    tally.settle("swift")?;
    if good { Ok(()) } else { Err("swift test failed".to_owned()) }
}

/// What is written by hand reads as Swift's own formatter writes it.
fn format(swift: &Path) -> Outcome {
    let sources = root().join("bindings/swift/Sources/Llavero");
    let mut lint = inside(swift, &["swift", "format", "lint", "--strict", "--recursive"])?;
    lint.args(["Package.swift", "AppleStubs", "Benchmarks", "Samples", "Tests"]);
    lint.args(swift_files(&sources)?.iter().filter(|path| !path.ends_with(GENERATED)));
    run(&mut lint)
}

const GENERATED: &str = "Llavero/Llavero.swift";

/// Type-checks what only Apple's systems can run, against declarations of our own in the place of their frameworks:
/// first the declarations, then the package, then the tests and the sample that use it.
fn for_apple(swift: &Path) -> Outcome {
    let modules = "/target/apple-stubs";
    let folder = target()?.join("apple-stubs");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let compile = |module: &str, arguments: &[&str], files: &[String]| {
        let mut swiftc = inside(swift, &["swiftc", "-parse-as-library", "-module-name", module])?;
        swiftc.args(["-I", modules, "-Xcc", MODULE_MAP]).args(arguments).args(files);
        run(&mut swiftc)
    };
    for stub in ["Security", "LocalAuthentication", "CryptoKit", "SwiftUI"] {
        let output = format!("{modules}/{stub}.swiftmodule");
        let emit = ["-swift-version", "5", "-emit-module", "-o", &output];
        compile(stub, &emit, &[format!("AppleStubs/{stub}.swift")])?;
    }
    let package = root().join("bindings/swift");
    let output = format!("{modules}/Llavero.swiftmodule");
    let emit = ["-swift-version", "6", "-emit-module", "-o", &output];
    compile("Llavero", &emit, &swift_files(&package.join("Sources/Llavero"))?)?;
    let check = ["-swift-version", "6", "-typecheck", "-warnings-as-errors"];
    compile("Sample", &check, &swift_files(&package.join("Samples/iOS"))?)?;
    let check = [&check[..], &["-load-plugin-library", TESTING]].concat();
    compile("LlaveroTests", &check, &swift_files(&package.join("Tests/LlaveroTests"))?)
}

const MODULE_MAP: &str =
    "-fmodule-map-file=/checkout/bindings/swift/Sources/LlaveroFFI/include/module.modulemap";

/// The macros of Swift Testing, which the compiler does not look for by itself.
const TESTING: &str = "/usr/libexec/swift/lib/swift/host/plugins/libTestingMacros.so";

/// The sources in a folder of the package, as the root sees them.
fn swift_files(folder: &Path) -> Outcome<Vec<String>> {
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(told)? {
        let path = entry.map_err(told)?.path();
        if path.extension().is_some_and(|extension| extension == "swift") {
            let inner = path.strip_prefix(root()).map_err(|error| error.to_string())?;
            files.push(format!("/checkout/{}", inner.display()));
        }
    }
    files.sort();
    Ok(files)
}

const BUILD: &[&str] = &["--scratch-path", "/target/swift", "-Xlinker", "-L/target/debug"];

fn inside(swift: &Path, program: &[&str]) -> Outcome<Command> {
    let mut unshare = Command::new("unshare");
    unshare.args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-euc", ENTER, "sh"]);
    unshare.arg(swift).arg(root()).arg(target()?).args(program);
    Ok(unshare)
}

/// The root, made if it is not there. `LLAVERO_SWIFT_ROOT` puts it elsewhere than in the user's cache.
fn swift_root() -> Outcome<PathBuf> {
    let folder = env::var_os("LLAVERO_SWIFT_ROOT").map(PathBuf::from);
    let folder = folder.map_or_else(|| Ok(cache()?.join("swift-root")), Ok::<_, String>)?;
    let stamp = folder.join("llavero-stamp");
    let recipe = format!("trixie {PACKAGES} {}\n", LEFT_OUT.join(" "));
    if fs::read_to_string(&stamp).is_ok_and(|made_by| made_by == recipe) {
        return Ok(folder);
    }
    debian::install(&["mmdebstrap"])?;
    folder::empty(&folder)?;
    println!("making {} with Swift, once: about a minute and 1.3 GB", folder.display());
    let mut make = Command::new("mmdebstrap");
    make.args(["--quiet", "--variant=minbase", "--components=main"]);
    make.arg("--aptopt=Acquire::Retries \"3\"").arg(format!("--include={PACKAGES}"));
    make.args(LEFT_OUT.iter().map(|path| format!("--dpkgopt=path-exclude={path}")));
    run(make.arg("trixie").arg(&folder).arg(mirror()?))?;
    fs::write(&stamp, recipe).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(folder)
}

/// The mirror that this machine takes its own packages from.
fn mirror() -> Outcome<String> {
    let targets = text(Command::new("apt-get").args([
        "indextargets",
        "--format",
        "$(REPO_URI)",
        "Created-By: Packages",
    ]))?;
    let mirror = targets.lines().find(|uri| !uri.contains("security"));
    Ok(mirror.ok_or("apt knows no mirror")?.to_owned())
}
