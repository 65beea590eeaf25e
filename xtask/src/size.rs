//! What the library weighs in an app, and which crates make the weight. `docs/SIZE.md` notes it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Outcome, root, run, text};
use crate::{library, mobile};

/// An app pays this once per processor. 2 MiB.
const BUDGET: u64 = 2 << 20;

/// How much more than noted the library for phones may weigh before somebody has to look at it.
const GROWTH_PERCENT: u64 = 5;

const BEGIN: &str = "<!-- begin: cargo xtask size --write -->\n";
const END: &str = "<!-- end -->";

/// The row of the document that [`check`] compares with.
const NOTED: &str = "| arm64 Android | ";

/// Crates lighter than this, in bytes, share a line.
const SMALL: u64 = 2_000;

/// Roots of paths in the symbols of Rust's own library and of the crates it is built on.
const STANDARD: &[&str] = &[
    "addr2line",
    "adler2",
    "alloc",
    "compiler_builtins",
    "core",
    "gimli",
    "hashbrown",
    "libc",
    "memchr",
    "miniz_oxide",
    "object",
    "panic_unwind",
    "rustc_demangle",
    "std",
    "std_detect",
    "unwind",
];

struct Weight {
    host: u64,
    phone: u64,
    crates: BTreeMap<String, u64>,
}

pub(crate) fn check() -> Outcome {
    let weight = weigh()?;
    let path = document();
    let document = fs::read_to_string(&path).map_err(|error| format!("{path:?}: {error}"))?;
    let noted = noted(&document).ok_or_else(|| format!("{path:?} notes no weight"))?;
    print!("{}", weight.table());
    weight.judge(noted)
}

pub(crate) fn write() -> Outcome {
    let weight = weigh()?;
    let path = document();
    let document = fs::read_to_string(&path).map_err(|error| format!("{path:?}: {error}"))?;
    let (before, rest) = document.split_once(BEGIN).ok_or("the table's place has no beginning")?;
    let (_, after) = rest.split_once(END).ok_or("the table's place has no end")?;
    let renewed = format!("{before}{BEGIN}\n{}\n{END}{after}", weight.table());
    fs::write(&path, renewed).map_err(|error| format!("{path:?}: {error}"))
}

fn document() -> PathBuf {
    root().join("docs/SIZE.md")
}

fn weigh() -> Outcome<Weight> {
    let phone = mobile::android()?;
    let mut nm = mobile::llvm("llvm-nm")?;
    nm.args(["--print-size", "--size-sort", "--radix=d", "--demangle"]);
    let mut crates = by_crate(&text(nm.arg(&phone))?);
    let phone = stripped(&phone)?;
    let named: u64 = crates.values().sum();
    crates.insert("without a name".to_owned(), phone.saturating_sub(named));
    Ok(Weight { host: stripped(&library::mobile()?)?, phone, crates })
}

/// The size of a copy without symbols, as it lies in an app.
fn stripped(library: &Path) -> Outcome<u64> {
    let copy = library.with_extension("stripped");
    run(mobile::llvm("llvm-strip")?.args(["--strip-unneeded", "-o"]).arg(&copy).arg(library))?;
    fs::metadata(&copy).map(|copy| copy.len()).map_err(|error| format!("{copy:?}: {error}"))
}

/// Adds up lines such as `0000000000001234 0000000000000020 t llavero_core::json::parse`.
fn by_crate(symbols: &str) -> BTreeMap<String, u64> {
    let mut crates = BTreeMap::new();
    for line in symbols.lines() {
        let mut fields = line.splitn(4, ' ');
        let size = fields.nth(1).and_then(|size| size.parse::<u64>().ok());
        // What is zero at the start (`b`) takes no room in the file.
        let (Some(size), Some(kind), Some(name)) = (size, fields.next(), fields.next()) else {
            continue;
        };
        if !kind.eq_ignore_ascii_case("b") {
            *crates.entry(owner(name).to_owned()).or_default() += size;
        }
    }
    crates
}

/// The crate that a symbol exists for: the first in its name that is not of the standard library. So
/// `core::ptr::drop_in_place<llavero_core::json::Value>` weighs on llavero_core.
fn owner(symbol: &str) -> &str {
    // What UniFFI exports has names as C has them.
    if symbol.to_ascii_lowercase().contains("llavero_ffi") && !symbol.contains("::") {
        return "llavero_ffi";
    }
    roots(symbol).find(|root| !STANDARD.contains(root)).unwrap_or("std")
}

/// The names with which a path begins, and which stand for crates.
fn roots(symbol: &str) -> impl Iterator<Item = &str> {
    symbol.match_indices("::").filter_map(|(end, _)| {
        let path = symbol.get(..end)?;
        let name = path.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
        let inside = path.strip_suffix(name)?.ends_with("::");
        (!name.is_empty() && !inside).then_some(name)
    })
}

impl Weight {
    fn judge(&self, noted: u64) -> Outcome {
        // The other number is for comparison: no phone runs it.
        let bytes = self.phone;
        if bytes > BUDGET {
            return Err(format!(
                "for arm64 phones it weighs {bytes} bytes; the budget is {BUDGET}"
            ));
        }
        if self.phone * 100 > noted * (100 + GROWTH_PERCENT) {
            return Err(format!(
                "for arm64 phones it weighs {} bytes, over {GROWTH_PERCENT} % more than the {noted} noted. If that is \
                 worth it, `cargo xtask size --write` notes it",
                self.phone
            ));
        }
        Ok(())
    }

    fn table(&self) -> String {
        let mut rows: Vec<_> = self.crates.iter().filter(|(_, bytes)| **bytes >= SMALL).collect();
        rows.sort_by_key(|(_, bytes)| Reverse(**bytes));
        let others = self.crates.values().filter(|bytes| **bytes < SMALL);
        let (others, number) = (others.clone().sum::<u64>(), others.count());
        let mut table = format!(
            "| stripped library | bytes |\n|---|---:|\n{NOTED}{} |\n| {} Linux | {} |\n\n\
             | crate, arm64 Android | bytes |\n|---|---:|\n",
            self.phone,
            env::consts::ARCH,
            self.host
        );
        for (name, bytes) in rows {
            // Writing to a string does not fail.
            let _ = writeln!(table, "| {name} | {bytes} |");
        }
        let _ = writeln!(table, "| {number} smaller ones | {others} |");
        table
    }
}

/// The weight in the document: the number after [`NOTED`].
fn noted(document: &str) -> Option<u64> {
    document.split_once(NOTED)?.1.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_weighs_on_the_crate_it_exists_for() {
        for (symbol, crate_) in [
            ("llavero_core::json::parse", "llavero_core"),
            ("core::ptr::drop_in_place<llavero_core::json::Value>", "llavero_core"),
            ("<alloc::vec::Vec<T> as core::fmt::Debug>::fmt", "std"),
            (
                "<serde_json::Value as core::convert::From<alloc::string::String>>::from",
                "serde_json",
            ),
            (
                "<llavero_mexico::curp::Curp as std::fmt::Display>::fmt::{closure#0}",
                "llavero_mexico",
            ),
            ("std::core_arch::p256::x", "std"),
            ("uniffi_llavero_ffi_fn_method_wallet_list", "llavero_ffi"),
            ("UNIFFI_META_LLAVERO_FFI_FUNC_INSPECT", "llavero_ffi"),
            ("memcpy", "std"),
        ] {
            assert_eq!(owner(symbol), crate_, "{symbol}");
        }
    }

    #[test]
    fn zeroed_memory_takes_no_room_in_the_file() {
        let crates = by_crate(
            "0000000000000100 0000000000000020 t redb::open\n\
             0000000000000100 0000000000000005 T redb::db::close(a b)\n\
             0000000000000100 0000000000009000 b redb::CACHE\n\
             0000000000000100 T no_size\n",
        );
        assert_eq!(crates, BTreeMap::from([("redb".to_owned(), 25)]));
    }

    #[test]
    fn refuses_what_is_over_the_budget_or_has_grown() {
        let weight = |phone, host| Weight { host, phone, crates: BTreeMap::new() };
        assert_eq!(weight(BUDGET, BUDGET).judge(BUDGET), Ok(()));
        assert!(weight(BUDGET + 1, BUDGET).judge(BUDGET).is_err());
        assert_eq!(weight(BUDGET, BUDGET + 1).judge(BUDGET), Ok(()), "no phone runs that one");
        assert_eq!(weight(1_050_000, 1).judge(1_000_000), Ok(()));
        assert!(weight(1_050_001, 1).judge(1_000_000).is_err());
    }

    #[test]
    fn the_table_is_read_back() {
        let weight = Weight { host: 2, phone: 1_234_567, crates: BTreeMap::new() };
        assert_eq!(noted(&weight.table()), Some(1_234_567));
    }
}
