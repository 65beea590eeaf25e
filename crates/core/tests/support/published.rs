//! What others have published to test with. It is not ours to carry along, so it lies outside the repository, in
//! `../shared/vectors` beside it. Without it a test that needs it says so and passes; with it the test states how many
//! cases there must be, so that it never runs on nothing.

#![allow(dead_code, reason = "each test uses some of it")]

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors");

/// A folder or file, or a notice that something was not tested.
pub(crate) fn published(name: &str) -> Option<PathBuf> {
    let path = Path::new(VECTORS).join(name);
    if path.exists() {
        return Some(path);
    }
    // Not by `eprintln!`, which the harness hides when a test passes.
    let notice = format!("NOT RUN: other people's vectors are not here ({name})\n");
    std::io::stderr().write_all(notice.as_bytes()).unwrap();
    None
}

pub(crate) fn read_text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

pub(crate) fn read_json(path: &Path) -> Value {
    serde_json::from_str(&read_text(path)).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

/// What is in a folder, by name.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The JSON files of a folder, by name.
pub(crate) fn json_files(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.extension() == Some("json".as_ref())).collect()
}

pub(crate) fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}
