//! The crates that promise to work without network, clock or files do not even reach a crate that
//! could offer one, and hold no C; issuer, holder and verifier know nothing of each other.
//!
//! Read from `cargo tree`, so it holds for what Cargo would build, and for every target. Whether the
//! test can fail is a test, too.
#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a helper that fails fails its test"
)]

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The crates that promise it, and the crates of this workspace that each may build on.
const PURE: &[(&str, &[&str])] = &[
    ("llavero-core", &[]),
    ("llavero-mexico", &["llavero-core"]),
    ("llavero-issuer", &["llavero-core", "llavero-mexico", "llavero-status"]),
    ("llavero-holder", &["llavero-core", "llavero-mexico", "llavero-status"]),
    ("llavero-verifier", &["llavero-core", "llavero-mexico", "llavero-status"]),
];

/// Crates that open connections, and the runtimes and TLS libraries that come along with them.
const NETWORK: &[&str] = &[
    "actix",
    "async-io",
    "async-std",
    "attohttpc",
    "axum",
    "curl",
    "embassy-executor",
    "grpcio",
    "h2",
    "h3",
    "hickory-proto",
    "hickory-resolver",
    "hyper",
    "if-addrs",
    "if-watch",
    "ipconfig",
    "isahc",
    "libp2p",
    "mio",
    "minreq",
    "monoio",
    "native-tls",
    "oauth2",
    "octocrab",
    "openidconnect",
    "openssl",
    "polling",
    "quiche",
    "quinn",
    "reqwest",
    "resolv-conf",
    "rocket",
    "rustls",
    "s2n-quic",
    "s2n-tls",
    "schannel",
    "security-framework",
    "sentry",
    "smol",
    "smoltcp",
    "socket2",
    "surf",
    "tarpc",
    "tide",
    "tiny_http",
    "tokio",
    "tonic",
    "tower",
    "trust-dns-proto",
    "trust-dns-resolver",
    "tungstenite",
    "ureq",
    "warp",
    "web-sys",
    "webpki-roots",
    "websocket",
    "winhttp",
    "zmq",
];

/// Parts of a name that give a network crate away, between the hyphens of a longer name or inside it.
const NETWORK_LIKE: &[&str] = &["dns", "ftp", "http", "net", "smtp", "socket", "tcp", "tls", "udp"];

/// Names that hold one of [`NETWORK_LIKE`] and have nothing to do with a network; each entry needs its
/// reason beside it.
const NOT_NETWORK: &[&str] = &[
    // The types of certificates that TLS libraries share, and the validation of paths of them: bytes in,
    // a verdict out.
    "rustls-pki-types",
    "rustls-webpki",
];

/// Crates that compile or look for C, C++ or assembly, or write bindings to it.
const C_TOOLS: &[&str] = &[
    "autotools",
    "bindgen",
    "cbindgen",
    "cc",
    "cmake",
    "nasm-rs",
    "pkg-config",
    "system-deps",
    "vcpkg",
];

/// Named like bindings to C, but declarations alone: what they name is in the system's kernel.
const DECLARATIONS: &[&str] = &["linux-raw-sys"];

/// Where the bindings go, as Rust calls it. No C is compiled there: a C compiler for each would be needed.
const PHONES: &[&str] = &["aarch64-linux-android", "aarch64-apple-ios"];

/// Features that make an otherwise harmless crate read the clock, the time zone or the environment.
const CLOCKS: &[(&str, &[&str])] = &[
    ("chrono", &["clock", "iana-time-zone", "now", "std", "wasmbind"]),
    ("jiff", &["js", "std", "tz-system", "tzdb-concatenated", "tzdb-zoneinfo"]),
    ("rustls-pki-types", &["std", "web"]),
    ("rustls-webpki", &["default", "std"]),
    ("time", &["local-offset", "std", "wasm-bindgen"]),
    ("uuid", &["v1", "v6", "v7"]),
];

/// Features of the engine that a verifier leaves off: it has no private key to use.
const SIGNING: &[&str] = &["default", "os-random", "sign"];

/// What a crate's own source must not mention.
const OUTSIDE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant::now",
];

/// One line of `cargo tree`.
#[derive(Debug)]
struct Node<'t> {
    name: &'t str,
    features: Vec<&'t str>,
}

/// Something that breaks the promise.
#[derive(Debug, PartialEq, Eq)]
enum Offence {
    C { name: String },
    Clock { name: String, feature: String },
    Network { name: String },
    Room { name: String },
    Signing { feature: String },
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::C { name } => write!(f, "`{name}` brings C"),
            Self::Clock { name, feature } => {
                write!(f, "feature `{feature}` of `{name}` reads a clock or a file")
            }
            Self::Network { name } => write!(f, "`{name}` can use a network"),
            Self::Room { name } => write!(f, "`{name}` is none of its business"),
            Self::Signing { feature } => {
                write!(
                    f,
                    "feature `{feature}` of llavero-core belongs to whoever has a private key"
                )
            }
        }
    }
}

/// Reads `{p}|{f}` lines: `serde v1.0.0 (/somewhere)|derive,std`, with ` (*)` where repeated.
fn parse(tree: &str) -> Vec<Node<'_>> {
    let line = |line| {
        let (package, features): (&str, &str) = str::split_once(line, '|')?;
        let name = package.split_whitespace().next()?;
        let features = features.trim_end_matches("(*)").trim().split(',');
        Some(Node { name, features: features.filter(|feature| !feature.is_empty()).collect() })
    };
    tree.lines().filter_map(line).collect()
}

fn is_network(name: &str) -> bool {
    // `tokio-util` is as much of a sign as `tokio`, and `foo_bar` is `foo-bar`.
    let name = name.replace('_', "-");
    let family = |known: &&str| {
        let known = known.replace('_', "-");
        name.strip_prefix(&known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    NETWORK.iter().any(family) || NETWORK_LIKE.iter().any(|part| name.contains(part))
}

fn is_c(name: &str) -> bool {
    C_TOOLS.contains(&name) || name.ends_with("-sys") || name.ends_with("_sys")
}

/// Whatever in the tree needs a C compiler.
fn brings_c<'t>(tree: &[Node<'t>]) -> Vec<&'t str> {
    let names = tree.iter().map(|node| node.name);
    names.filter(|name| is_c(name) && !DECLARATIONS.contains(name)).collect()
}

/// Everything wrong with the tree below `root`.
fn offences(root: &str, allowed: &[&str], tree: &[Node<'_>]) -> Vec<Offence> {
    let mut found = Vec::new();
    for Node { name, features } in tree {
        let owned = (*name).to_owned();
        if name.starts_with("llavero-") {
            if *name != root && !allowed.contains(name) {
                found.push(Offence::Room { name: owned });
            }
            if root == "llavero-verifier" && *name == "llavero-core" {
                let signing = features.iter().filter(|feature| SIGNING.contains(feature));
                found.extend(signing.map(|f| Offence::Signing { feature: (*f).to_owned() }));
            }
            continue;
        }
        if is_network(name) && !NOT_NETWORK.contains(name) {
            found.push(Offence::Network { name: owned.clone() });
        }
        if is_c(name) {
            found.push(Offence::C { name: owned.clone() });
        }
        let clocks = CLOCKS.iter().filter(|(known, _)| known == name).flat_map(|(_, bad)| *bad);
        let clocks = clocks.filter(|feature| features.contains(feature));
        found.extend(
            clocks.map(|f| Offence::Clock { name: owned.clone(), feature: (*f).to_owned() }),
        );
    }
    found
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What Cargo would build for `root` alone, on any target.
fn cargo_tree(root: &str, more: &[&str]) -> String {
    tree_of(&[&["--package", root, "--target", "all", "--edges", "normal,build"], more].concat())
}

fn tree_of(what: &[&str]) -> String {
    let run = |offline: &[&str]| {
        Command::new(env!("CARGO"))
            .args(["tree", "--prefix", "none", "--format", "{p}|{f}", "--color", "never"])
            .args(what)
            .args(offline)
            .current_dir(workspace())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    // Crates for other systems may not have been downloaded yet: their manifests are needed.
    let mut output = run(&["--offline"]);
    if !output.status.success() {
        output = run(&[]);
    }
    assert!(output.status.success(), "{what:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn check(crates: &[(&str, &[&str])], more: &[&str], minded: impl Fn(&Offence) -> bool) {
    let mut found = Vec::new();
    for (root, allowed) in crates {
        let text = cargo_tree(root, more);
        let tree = parse(&text);
        // A tree that was not read would have nothing wrong with it.
        assert_eq!(tree.first().map(|node| node.name), Some(*root), "{text}");
        assert!(tree.iter().any(|node| node.name == "serde_json"), "{root}: {text}");
        let offences = offences(root, allowed, &tree).into_iter().filter(&minded);
        found.extend(offences.map(|offence| format!("{root}: {offence}")));
    }
    found.sort_unstable();
    found.dedup();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_pure_crates_reach_no_network_clock_or_c_and_not_each_other() {
    check(PURE, &[], |_| true);
}

#[test]
fn no_feature_of_a_pure_crate_brings_a_network() {
    // A server may switch on C by a feature. Nobody can switch on a network.
    check(PURE, &["--all-features"], |offence| matches!(offence, Offence::Network { .. }));
}

#[test]
fn the_command_and_the_store_reach_no_network_either() {
    // They have files and a clock; a connection they have no use for.
    let shipped: &[(&str, &[&str])] = &[("llavero-cli", &[]), ("llavero-store", &[])];
    check(shipped, &["--all-features"], |offence| matches!(offence, Offence::Network { .. }));
}

#[test]
fn no_c_is_compiled_for_a_phone() {
    for phone in PHONES {
        let text = tree_of(&[
            "--package",
            "llavero-ffi",
            "--target",
            phone,
            "--edges",
            "normal,build",
            "--all-features",
        ]);
        let tree = parse(&text);
        assert!(tree.iter().any(|node| node.name == "uniffi_core"), "{phone}: {text}");
        assert_eq!(brings_c(&tree), [""; 0], "{phone}");
    }
}

#[test]
fn only_the_surface_and_its_generator_name_uniffi() {
    let text = tree_of(&[
        "--workspace",
        "--invert",
        "uniffi",
        "--depth",
        "1",
        "--target",
        "all",
        "--edges",
        "normal,build,dev",
        "--all-features",
    ]);
    let mut names: Vec<_> = parse(&text).iter().map(|node| node.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, ["llavero-bindgen", "llavero-ffi", "uniffi"]);
}

#[test]
fn c_that_is_planted_for_a_phone_is_found() {
    let tree = |line: &str| format!("llavero-ffi v0.1.0 (/x)|\nlibc v0.2.0|\n{line}");
    for c in ["cc", "cmake", "bindgen", "zstd-sys", "openssl_sys", "linux-raw-sys2-sys"] {
        assert_eq!(brings_c(&parse(&tree(&format!("{c} v1.0.0|")))), [c]);
    }
    assert_eq!(brings_c(&parse(&tree("linux-raw-sys v0.12.0|ioctl (*)"))), [""; 0]);
}

#[test]
fn the_detector_finds_what_is_planted() {
    let planted = |root: &str, line: &str| {
        let allowed = PURE.iter().find(|(name, _)| *name == root).unwrap().1;
        let honest = "llavero-verifier v0.1.0 (/x)|\nllavero-core v0.1.0 (/x)|\nserde_json v1.0.154|default,std\n\
                      jiff v0.2.43|alloc\nsyn v2.0.0|default (*)\n";
        assert_eq!(offences("llavero-verifier", &["llavero-core"], &parse(honest)), []);
        let tree = honest.replace("llavero-verifier", root) + line;
        let found = offences(root, allowed, &parse(&tree));
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    for network in [
        "reqwest",
        "tokio",
        "tokio-util",
        "hyper-util",
        "rustls-native-certs",
        "socket2",
        "trust-dns-proto",
        "tiny_http",
        "async_http_range",
        "sntp-net",
    ] {
        let found = planted("llavero-holder", &format!("{network} v1.0.0|default"));
        assert_eq!(found, format!("`{network}` can use a network"));
    }
    for c in ["cc", "cmake", "bindgen", "pkg-config", "libsqlite3-sys", "zstd-sys"] {
        let found = planted("llavero-core", &format!("{c} v1.0.0| (*)"));
        assert_eq!(found, format!("`{c}` brings C"));
    }
    assert_eq!(
        planted("llavero-mexico", "jiff v0.2.43|alloc,std (*)"),
        "feature `std` of `jiff` reads a clock or a file"
    );
    assert_eq!(planted("llavero-core", "rustls-pki-types v1.15.1|alloc"), "");
    assert_eq!(
        planted("llavero-core", "rustls-pki-types v1.15.1|alloc,std"),
        "feature `std` of `rustls-pki-types` reads a clock or a file"
    );
    for (root, other) in [
        ("llavero-verifier", "llavero-issuer"),
        ("llavero-verifier", "llavero-holder"),
        ("llavero-holder", "llavero-verifier"),
        ("llavero-issuer", "llavero-holder"),
        ("llavero-mexico", "llavero-store"),
        ("llavero-core", "llavero-mexico"),
    ] {
        let found = planted(root, &format!("{other} v0.1.0 (/x)|default"));
        assert_eq!(found, format!("`{other}` is none of its business"), "{root}");
    }
    let sign = "llavero-core v0.1.0 (/x)|sign";
    let found = planted("llavero-verifier", sign);
    assert_eq!(found, "feature `sign` of llavero-core belongs to whoever has a private key");
    assert_eq!(planted("llavero-issuer", sign), "");
}

#[test]
fn the_detector_finds_a_feature_that_is_really_on() {
    // Not planted text but Cargo's own: the wallet signs, and its tree says so.
    let text = cargo_tree("llavero-holder", &[]);
    let tree = parse(&text);
    let core = tree.iter().find(|node| node.name == "llavero-core").unwrap();
    assert!(core.features.contains(&"sign"), "{core:?}");
    let found = offences("llavero-verifier", &["llavero-core", "llavero-mexico"], &tree);
    assert!(found.contains(&Offence::Signing { feature: "sign".to_owned() }), "{found:?}");
    assert!(found.contains(&Offence::Room { name: "llavero-holder".to_owned() }), "{found:?}");
}

/// Code without comments, doc tests, and modules that exist for tests only.
fn code_of(source: &str) -> String {
    let mut code = String::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("//") {
            continue;
        }
        if trimmed == "#[cfg(test)]" {
            skip_item(&mut lines);
            continue;
        }
        code.push_str(line);
        code.push('\n');
    }
    code
}

/// Leaves out the item that begins on the next line, as `rustfmt` lays it out.
fn skip_item<'s>(lines: &mut impl Iterator<Item = &'s str>) {
    let Some(first) = lines.by_ref().find(|line| !line.trim_start().starts_with('#')) else {
        return;
    };
    if !first.trim_end().ends_with('{') {
        return;
    }
    let indent = &first[..first.len() - first.trim_start().len()];
    let end = format!("{indent}}}");
    lines.by_ref().find(|line| *line == end);
}

/// Which of [`OUTSIDE`] the code mentions, also as members of a `use std::{...}`.
fn mentions(source: &str) -> Vec<&'static str> {
    let dense: String = code_of(source).split_whitespace().collect();
    let mut paths = dense.clone();
    for (start, opening) in dense.match_indices("std::{") {
        for member in members(&dense[start + opening.len()..]) {
            paths.push_str(" std::");
            paths.push_str(member);
        }
    }
    OUTSIDE.iter().copied().filter(|outside| paths.contains(outside)).collect()
}

/// The members of a group up to its closing brace; nested groups stay whole.
fn members(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut members) = (0_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' => {
                members.push(&group[start..at]);
                return members;
            }
            ',' if depth == 0 => {
                members.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    members
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_sources_of_the_pure_crates_mention_no_network_file_or_clock() {
    let mut found = Vec::new();
    for (name, _) in PURE {
        let folder = name.strip_prefix("llavero-").unwrap();
        let mut files = Vec::new();
        sources(&workspace().join("crates").join(folder).join("src"), &mut files);
        assert!(!files.is_empty(), "{name}");
        for file in files {
            for outside in mentions(&fs::read_to_string(&file).unwrap()) {
                found.push(format!("{}: {outside}", file.display()));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_source_check_finds_what_is_planted() {
    for (planted, expected) in [
        ("use std::fs;", &["std::fs"][..]),
        ("use std::{\n    collections::BTreeMap,\n    fs::{self, File},\n};", &["std::fs"]),
        ("use std::{fmt, net::TcpStream};", &["std::net"]),
        ("fn f() { let _ = ::std :: net::TcpStream::connect(\"x\"); }", &["std::net"]),
        ("let t = std::time::SystemTime::now();", &["SystemTime"]),
        ("use std::time::Instant;\nlet t = Instant::now();", &["Instant::now"]),
        ("#[cfg(test)]\nmod testing;\nuse std::fs;", &["std::fs"]),
        ("#[cfg(test)]\nmod tests {\n    use std::net;\n}\nuse std::fs;", &["std::fs"]),
        ("#[cfg(test)]\nmod tests {\n    mod inner {\n        use std::fs;\n    }\n}\n", &[]),
        ("/// `std::fs` is not used.\n//! Nor `std::net`.\nuse std::fmt;", &[]),
    ] {
        assert_eq!(mentions(planted), expected, "{planted}");
    }
}
