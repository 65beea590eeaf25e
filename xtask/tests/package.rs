//! A machine without the vendors' tools is told what it lacks, before anything is built.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::process::Command;

fn refusal(system: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["package", system])
        .env("PATH", "")
        .env_remove("ANDROID_HOME")
        .env_remove("ANDROID_NDK_HOME")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn packaging_for_android_names_all_that_is_missing() {
    let refusal = refusal("android");
    for tool in [
        "cargo-ndk",
        "$ANDROID_NDK_HOME",
        "$ANDROID_HOME",
        "gradle",
        "aarch64-linux-android",
        "armv7-linux-androideabi",
        "x86_64-linux-android",
    ] {
        assert!(refusal.contains(&format!("  {tool} (")), "{tool}: {refusal}");
    }
}

#[test]
fn packaging_for_ios_names_all_that_is_missing() {
    let refusal = refusal("ios");
    for tool in ["xcodebuild", "lipo", "ditto", "swift", "aarch64-apple-ios", "x86_64-apple-ios"] {
        assert!(refusal.contains(&format!("  {tool} (")), "{tool}: {refusal}");
    }
}

#[test]
fn words_that_mean_nothing_are_answered_with_those_that_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["pakcage"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cargo xtask package ios"));
}
